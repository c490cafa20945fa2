"""Writing a tip in parts, each a form of its own: the fields, what is wrong with them, and what is only unusual."""

from __future__ import annotations

import re

from commands.kit.press import Press
from commands.kit.request import Context
from commands.kit.view import Form, Option, Select, TextField
from commands.mod.resources.addresses import read_address
from commands.tips.tip_card import TITLE_MAX
from content.outcomes import Outcome
from content.resources import ADDRESS_MAX
from content.text import Language, Text, _
from content.tips import LENGTH, TITLE

TEXT_MAX = 1_500
ADDRESS = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
Pair = tuple[str, str]


def words_form(language: Language, title: str, text: str, press: Press) -> Form:
    """The title and the text in one language; both empty takes that language out."""
    if language is Language.ZH:
        name, hint = _("In Chinese"), _("What to do this week, and how: 110 to 190 characters")
        short = _("Up to 20 characters read well")
    else:
        name, hint = _("In English"), _("What to do this week, and how: 60 to 110 words")
        short = _("Up to 50 characters read well")
    fields = (
        TextField("title", _("Title"), hint=short, value=title, required=False, most=TITLE_MAX),
        TextField("text", _("Text"), hint=hint, value=text, required=False, long=True, most=TEXT_MAX),
    )
    return Form(name, fields, press)


def link_form(link: str, press: Press) -> Form:
    """The one link that a tip may have."""
    hint = _("It begins with https://; leave it empty for none")
    return Form(
        _("Link"), (TextField("link", _("Address"), hint=hint, value=link, required=False, most=ADDRESS_MAX),), press
    )


def track_select(chosen: Outcome | None, press: Press) -> Select:
    """Which track it is for."""
    options = tuple(Option(each.value, each.label) for each in Outcome)
    return Select("outcome", _("Track"), options, press, chosen=() if chosen is None else (chosen.value,))


def read_words(ctx: Context) -> tuple[Pair | None, dict[str, Text]]:
    """What the form holds (None: nothing), and a sentence for each wrong field."""
    title, text = " ".join((ctx.value("title") or "").split()), ctx.value("text") or ""
    if not title and not text:
        return None, {}
    wrong = {} if title else {"title": _("A tip needs a title too; leave both empty to take the language out.")}
    if len(title) > TITLE_MAX:
        wrong["title"] = _("A title has at most {most} characters.", most=TITLE_MAX)
    if not text:
        wrong["text"] = _("A tip needs a text too; leave both empty to take the language out.")
    elif len(text) > TEXT_MAX:
        wrong["text"] = _("At most {most} characters; these are {count}.", most=TEXT_MAX, count=len(text))
    elif ADDRESS.search(text) or ADDRESS.search(title):
        wrong["text"] = _("A tip has one link at most: put the address under Link, not into the text.")
    return (title, text), wrong


def read_link(ctx: Context) -> tuple[str, dict[str, Text]]:
    """The address, empty for none, and what is wrong with it."""
    written = ctx.value("link") or ""
    if not written:
        return "", {}
    address, wrong = read_address(written)
    return address, {} if wrong is None else {"link": wrong}


def picked(ctx: Context) -> Outcome | None:
    """The track that was chosen."""
    return next((each for each in Outcome if each.value == ctx.value("outcome")), None)


def summary(language: Language, pair: Pair | None) -> Text:
    """A language's part as it stands: its title and how long the text is."""
    if pair is None:
        return _("In Chinese: nothing yet") if language is Language.ZH else _("In English: nothing yet")
    title, text = pair
    if language is Language.ZH:
        return _("In Chinese: {title} ({count} characters)", title=title, count=_count(language, text))
    return _("In English: {title} ({count} words)", title=title, count=_count(language, text))


def unusual(language: Language, pair: Pair | None) -> list[Text]:
    """What a reader may find too long or too short; nothing that stops it."""
    if pair is None:
        return []
    title, text = pair
    least, most = LENGTH[language]
    count = _count(language, text)
    said: list[Text] = []
    if len(title) > TITLE[language]:
        said.append(
            _("The title {title} is long: up to {most} characters read well.", title=title, most=TITLE[language])
        )
    if not least <= count <= most:
        said.append(
            _(
                "In Chinese {least} to {most} characters read well; these are {count}.",
                least=least,
                most=most,
                count=count,
            )
            if language is Language.ZH
            else _(
                "In English {least} to {most} words read well; these are {count}.", least=least, most=most, count=count
            )
        )
    return said


def _count(language: Language, text: str) -> int:
    return len("".join(text.split())) if language is Language.ZH else len(text.split())
