"""Views as HTML. Whatever is not our own markup is escaped: by the spelling in texts, by Jinja elsewhere."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup, escape

from bot.web import chrome
from bot.web.limits import RADIOS_MAX
from commands.kit.request import Place
from commands.kit.view import Bold, Card, Element, Form, Line, Link, Pages, Tabs, Tone
from content.text import PLAIN, At, Catalogue, Channel, Language, Text, _

SCHEMES = frozenset({"http", "https", "mailto"})


class HtmlSpelling:
    """Words for HTML: escaped, and moments as `<time>`."""

    def plain(self, words: str) -> str:
        return str(escape(words))

    def moment(self, at: At, language: Language) -> str:
        moment = at.moment.astimezone(dt.UTC).isoformat()
        return str(Markup('<time datetime="{}">{}</time>').format(moment, PLAIN.moment(at, language)))

    def channel(self, channel: Channel) -> str:
        return self.plain(PLAIN.channel(channel))


HTML = HtmlSpelling()


@dataclass(frozen=True, slots=True)
class Voice:
    """One language's words: `html` for the text of elements, `plain` for attributes."""

    catalogue: Catalogue
    language: Language

    @property
    def tag(self) -> str:
        """The language as HTML names it."""
        return chrome.LANGUAGE_TAGS[self.language]

    def html(self, text: Text) -> Markup:
        return Markup(self.catalogue.say(text, self.language, HTML))

    def plain(self, text: Text) -> str:
        return self.catalogue.say(text, self.language)


@dataclass(frozen=True, slots=True)
class PageWords:
    """What is said around a long list."""

    back: Text
    on: Text
    where: Text


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person whom a PeopleSelect offers."""

    uid: str
    name: str


class Renderer:
    """Draws cards, forms and whole pages. `people` and `channels` are those that can be chosen in this community."""

    def __init__(self, catalogue: Catalogue, people: Sequence[Somebody] = (), channels: Sequence[str] = ()) -> None:
        self.catalogue = catalogue
        self._people = tuple(people)
        self._channels = tuple(channels)
        self._labels = {language: chrome.said(catalogue, language) for language in Language}
        self._templates = jinja2.Environment(
            loader=jinja2.PackageLoader("bot.web", "page"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["data_url"] = _data_url
        self._templates.tests["safe_address"] = _is_safe
        self._templates.tests["option"] = lambda line: option_letter(line) is not None

    def card(self, card: Card, language: Language, community: int, place: Place, *, key: str | None = None) -> str:
        """A card. `key` names a public post, so that a press on it can change it."""
        before, tabs, after = _around_tabs(card.body)
        return self._draw(
            "card.html",
            language,
            card=card,
            before=before,
            tabs=tabs,
            after=after,
            letters=_letters(card),
            community=community,
            place=place.value,
            key=key,
            people=self._people,
            channels=self._channels,
        )

    def form(self, form: Form, language: Language, community: int) -> str:
        """A form as a dialog."""
        return self._draw("form.html", language, form=form, community=community)

    def page(self, template: str, language: Language, **values: object) -> str:
        """A whole page."""
        return self._draw(template, language, **values)

    def fields(self, fields: Mapping[str, Text], language: Language) -> dict[str, str]:
        """The sentences for the wrong fields of a form, as plain text."""
        voice = Voice(self.catalogue, language)
        return {name: voice.plain(text) for name, text in fields.items()}

    def _draw(self, template: str, language: Language, **values: object) -> str:
        return self._templates.get_template(template).render(
            voice=Voice(self.catalogue, language),
            label=self._labels[language],
            id=f"x{secrets.token_hex(4)}",
            radios_max=RADIOS_MAX,
            words_of=words_of,
            up_to=up_to,
            heading_words=heading_words,
            **values,
        )


def _around_tabs(body: Sequence[Element]) -> tuple[list[Element], Tabs | None, list[Element]]:
    """The elements before the tabs, the tabs, and those that the chosen tab shows."""
    for place, element in enumerate(body):
        if isinstance(element, Tabs):
            return list(body[:place]), element, list(body[place + 1 :])
    return list(body), None, []


def words_of(pages: Pages) -> PageWords:
    """A list's place and the labels of its two buttons: as its fall-back says them, so that all surfaces agree."""
    return PageWords(
        _("Back"),
        _("More"),
        _("{first}-{last} of {total}", first=pages.first, last=pages.last, total=pages.total),
    )


def up_to(most: int) -> Text:
    """How many options may be ticked."""
    return _("Up to {count}", count=most)


def heading_words(voice: Voice, element: Element) -> str:
    """The words of a heading, by which listeners know what the select below it asks; of others none."""
    if not isinstance(element, Line) or element.tone is not Tone.HEADING:
        return ""
    return "".join(voice.plain(run.text if isinstance(run, Bold | Link) else run) for run in element.runs)


def _letters(card: Card) -> frozenset[str]:
    found = (option_letter(element) for element in card.body if isinstance(element, Line))
    return frozenset(letter for letter in found if letter is not None)


def option_letter(line: Line) -> str | None:
    """The letter that a line of a question gives its answer, which a button below it bears too."""
    first = line.runs[0] if line.runs else None
    if isinstance(first, Bold) and len(first.text.en) == 1 and first.text.en.isupper():
        return first.text.en
    return None


def _data_url(content: bytes, mime: str) -> str:
    """Bytes as an address: a card stays whole when the program starts anew, and nobody else can fetch it."""
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"


def _is_safe(link: Link | str) -> bool:
    try:
        return urlsplit(link.url if isinstance(link, Link) else link).scheme.lower() in SCHEMES
    except ValueError:
        return False
