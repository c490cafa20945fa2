"""`/pmpath tips suggest`: a member proposes a tip to the moderators."""

from __future__ import annotations

import re

from commands import home
from commands.kit.command import action, command
from commands.kit.errors import Invalid, Refusal
from commands.kit.notice import notice
from commands.kit.press import Press
from commands.kit.request import Context
from commands.kit.view import (
    Bold,
    Button,
    Card,
    ChoiceField,
    Element,
    Form,
    Option,
    Style,
    TextField,
    View,
    line,
    quiet,
)
from commands.mod.resources.addresses import read_address
from commands.tips import tip_card, week
from content.outcomes import Outcome
from content.points import Deed
from content.resources import ADDRESS_MAX
from content.text import Language, Text, _, plural, quoted
from content.tips import ADDRESS, TEXT, TITLE
from storage import awards, postings, tips
from storage.tip_states import SUGGESTED
from storage.tips import SUGGESTED_MAX, SUGGESTION, YOURS_IS_OUT, Refused, Tip, Written

WORDS = (20, 110)  # an English text
CHARACTERS = (30, 190)  # a Chinese one, blanks aside
HAN = re.compile("[\u3400-\u9fff]")
MOSTLY = 4  # of so many characters one that is Chinese makes a Chinese text: there are Latin names in it


@command(
    _("Suggest a tip to the moderators, for everybody here"),
    example="/pmpath tips suggest",
    aliases=("推荐",),
    opens_form=True,
)
async def suggest(ctx: Context) -> View:
    tracks = tuple(Option(each.value, each.label) for each in Outcome)
    fields = (
        ChoiceField("outcome", _("Track"), tracks),
        TextField("title", _("Title"), hint=_("What to do, in a few words: at most 50 characters"), most=100),
        TextField("text", _("Text"), hint=_("One thing to do this week: 20 to 110 words"), long=True, most=1500),
        TextField("link", _("Link"), hint=_("One at most; it begins with https://"), required=False, most=ADDRESS_MAX),
    )
    return Form(_("Suggest a tip"), fields, sent(), _("Suggest it"))


@action("tips.suggest-sent")
async def sent(ctx: Context) -> View:
    written, wrong = read(ctx)
    if wrong or written is None:
        raise Invalid(wrong, again=suggest())
    made = await ctx.store.write(tips.suggest, ctx.me, written)
    if made is Refused.FULL:
        raise Refusal(
            _(
                "{most} tips of yours wait for the moderators already. When they have decided on one, there is room.",
                most=SUGGESTED_MAX,
            ),
            (Button(_("Weekly tips"), week.page(None, 0)), Button(_("Home"), home.home())),
        )
    title, text = next(iter(written.said.values()))
    body: tuple[Element, ...] = (
        _("Thank you. The moderators read it and decide; nothing is posted before that."),
        line(Bold(quoted(title))),
        quoted(text),
        quiet(_("If it goes out, I tell you so once. Only the moderators see that it is from you.")),
    )
    ways = (Button(_("Weekly tips"), week.page(None, 0), Style.PRIMARY), Button(_("Suggest another"), suggest()))
    return Card(_("Suggested"), body, (*ways, Button(_("Home"), home.home())))


@notice(SUGGESTION)
async def suggested(ctx: Context, tip: int) -> Card | None:
    """To the moderators, until they have decided."""
    found = await ctx.store.read(tips.find, ctx.community.id, tip)
    if found is None or found.state != SUGGESTED:
        return None
    words = tip_card.said(ctx.content, found.word, found, ctx.language)
    if words is None:
        return None
    body = (_from(found), line(Bold(words.title)), *tip_card.body(words))
    ways = (Button(_("Look"), Press("tips.suggestions"), Style.PRIMARY), Button(_("Home"), home.home()))
    return Card(_("A member suggests a tip"), body, ways)


@notice(YOURS_IS_OUT)
async def yours_is_out(ctx: Context, posting: int) -> Card | None:
    """To the member who suggested it."""
    found = await ctx.store.read(postings.find, ctx.community.id, posting)
    own = await ctx.store.read(tips.find, ctx.community.id, int(found.tip)) if found and found.tip.isdecimal() else None
    words = None if own is None else tip_card.said(ctx.content, own.word, own, ctx.language)
    if words is None:
        return None
    points = await ctx.store.read(awards.won, ctx.me, Deed.SUGGESTION, found.tip) if found else 0
    body = (
        _("Everybody here can read it now: {title}", title=words.title),
        *((quiet(plural("+{count} point", "+{count} points", points)),) if points else ()),
        quiet(_("You get this message once, since you suggested the tip. There is nothing to switch off.")),
    )
    return Card(
        _("Your tip went out"), body, (Button(_("Weekly tips"), week.page(None, 0)), Button(_("Home"), home.home()))
    )


def read(ctx: Context) -> tuple[Written | None, dict[str, Text]]:
    """What was written as it is stored, and a sentence for each field that is wrong."""
    title, text = " ".join((ctx.value("title") or "").split()), ctx.value("text") or ""
    outcome = next((each for each in Outcome if each.value == ctx.value("outcome")), None)
    language = language_of(text)
    wrong = {} if outcome is not None else {"outcome": _("Choose the track that it is for.")}
    if not 0 < len(title) <= TITLE[language]:
        wrong["title"] = _("A title has 1 to {most} characters.", most=TITLE[language])
    wrong |= {name: words for name, words in (("text", _wrong_text(text, language)),) if words is not None}
    link, wrong_link = read_address(ctx.value("link") or "") if ctx.value("link") else (None, None)
    wrong |= {} if wrong_link is None else {"link": wrong_link}
    return (None if outcome is None else Written(outcome, {language: (title, text)}, link)), wrong


def language_of(text: str) -> Language:
    """The language that a text is written in, whatever the app of who wrote it speaks."""
    return Language.ZH if len(HAN.findall(text)) * MOSTLY > len("".join(text.split())) else Language.EN


def _wrong_text(text: str, language: Language) -> Text | None:
    if ADDRESS.search(text):
        return _("A tip has one link at most. Please put the address into the field for it.")
    if len(text) > TEXT[language]:
        return _("A tip has at most {most} characters; this one has {count}.", most=TEXT[language], count=len(text))
    if language is Language.ZH:
        count, (least, most) = len("".join(text.split())), CHARACTERS
        words = _(
            "A tip in Chinese has {least} to {most} characters; this one has {count}.",
            least=least,
            most=most,
            count=count,
        )
    else:
        count, (least, most) = len(text.split()), WORDS
        words = _("A tip has {least} to {most} words; this one has {count}.", least=least, most=most, count=count)
    return None if least <= count <= most else words


def _from(tip: Tip) -> Text:
    """Who suggests it, and for which track."""
    if tip.by is None:
        return _("For the track {outcome}:", outcome=tip.outcome.name_only)
    return _("From {name}, for the track {outcome}:", name=tip.by, outcome=tip.outcome.name_only)
