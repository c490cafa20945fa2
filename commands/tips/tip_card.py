"""How a tip is said: to everybody as the weekly post, and to one member with what they did with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from commands.kit.notice import notice
from commands.kit.request import Context
from commands.kit.view import Button, Card, Element, Link, Style, line, quiet
from commands.tips import doing, week
from content.load import Content
from content.outcomes import Outcome
from content.text import PLAIN, At, Language, Text, _, quoted, verbatim
from storage import postings, tips
from storage.postings import WEEKLY, Done
from storage.tip_shelf import Seen
from storage.tip_states import SKIPPED, STOPPED
from storage.tips import Tip

GONE = _("A tip that is no longer here")
TITLE_MAX = 80  # of a longer one its beginning: Slack's header takes 150, with the track and the day before it


@dataclass(frozen=True, slots=True)
class Said:
    """A tip's words in one language, and the languages that it has words in."""

    title: Text
    text: Text
    link: Link | None
    language: Language
    languages: frozenset[Language]

    @property
    def other(self) -> Language | None:
        """The language that it can be read in too."""
        return next((each for each in Language if each in self.languages and each is not self.language), None)


def said(content: Content, tip: str, own: Tip | None, language: Language) -> Said | None:
    """The tip known by this word, in this language or in the only one it has.

    None for one that the library no longer has. What a person wrote is never markup.
    """
    if tip.isdecimal():
        return None if own is None or not own.said else _own(own, language)
    found = content.tips.get(tip)
    if found is None:
        return None
    chinese = language is Language.ZH
    title, text = ((each.zh or each.en) if chinese else each.en for each in (found.title, found.text))
    named = (found.resource_zh or found.resource) if chinese else found.resource
    resource = content.resources.get(named or "")
    link = None if resource is None else Link(verbatim(resource.title), resource.address)
    return Said(verbatim(title), verbatim(text), link, language, frozenset(Language))


def of(ctx: Context, seen: Seen, language: Language | None = None) -> Said | None:
    """The words of a tip that went out, in the reader's language unless another is named."""
    return said(ctx.content, seen.posting.tip, seen.own, language or ctx.language)


def named(ctx: Context, seen: Seen) -> Text:
    """Its title; where it has no words any more, that."""
    words = of(ctx, seen)
    return GONE if words is None else words.title


def title(ctx: Context, outcome: Outcome, at: dt.datetime, words: Said, language: Language) -> Text:
    """What heads it, different from slot to slot: Slack finds a post that it holds by its words."""
    day = PLAIN.moment(At(at, zone=ctx.community.zone), language)
    return _("Weekly tip · {outcome} · {day}: {title}", outcome=outcome.name_only, day=day, title=words.title)


def public(ctx: Context, outcome: Outcome, at: dt.datetime, words: Said, posting: int = 0) -> Card:
    """The post, in the community's language; without a posting for a preview, whose buttons nobody presses."""
    buttons = [
        Button(_("Done"), doing.done(posting), Style.PRIMARY),
        Button(_("Add to my plan"), doing.put_aside(posting)),
    ]
    if words.other is not None:
        buttons.append(Button(verbatim(words.other.label), doing.other(posting, words.other)))
    buttons.append(Button(_("Earlier tips"), doing.earlier(posting)))
    return Card(title(ctx, outcome, at, words, ctx.community.language), body(words), buttons)


@notice(WEEKLY)
async def weekly(ctx: Context, posting: int) -> Card | None:
    """The post of a slot; nothing where it was called off. A tip that is gone is our fault, and fails aloud."""
    found = await ctx.store.read(postings.find, ctx.community.id, posting)
    if found is None or found.state in {STOPPED, SKIPPED}:
        return None
    number = int(found.tip) if found.tip.isdecimal() else None
    own = None if number is None else await ctx.store.read(tips.find, ctx.community.id, number)
    words = said(ctx.content, found.tip, own, ctx.community.language)
    if words is None:
        raise LookupError(f"no words for the tip {found.tip}")
    return public(ctx, found.outcome, found.post_at, words, found.id)


def private(ctx: Context, seen: Seen, words: Said, language: Language, back: Sequence[Button] = ()) -> Card:
    """The whole tip for one member, headed in this language; `back` leads to where they came from."""
    head = title(ctx, seen.posting.outcome, seen.posting.post_at, words, language)
    head = head if language is ctx.language else quoted(ctx.content.catalogue.say(head, language))
    return Card(head, (*body(words), *marks(seen)), (*ways(seen, words), *back, *week.home_and_plan()))


def body(words: Said) -> tuple[Element, ...]:
    """Its text, and its one link."""
    return (words.text, *(() if words.link is None else (line(words.link),)))


def marks(seen: Seen) -> tuple[Element, ...]:
    """What I did with it."""
    if Done.DONE in seen.deeds:
        return (quiet(_("✓ You have done this one.")),)
    return (quiet(_("It is in your plan.")),) if Done.PLANNED in seen.deeds else ()


def ways(seen: Seen, words: Said | None) -> tuple[Button, ...]:
    """What I can do with it."""
    posting = seen.posting.id
    if Done.DONE in seen.deeds:
        buttons = [Button(_("I have not done it"), doing.undo(posting, Done.DONE))]
    else:
        planned = Done.PLANNED in seen.deeds
        out = Button(_("Take it out of my plan"), doing.undo(posting, Done.PLANNED))
        add = Button(_("Add to my plan"), doing.put_aside(posting))
        buttons = [Button(_("Done"), doing.done(posting), Style.PRIMARY), out if planned else add]
    if words is not None and words.other is not None:
        buttons.append(Button(verbatim(words.other.label), doing.other(posting, words.other)))
    return tuple(buttons)


def _own(own: Tip, language: Language) -> Said:
    language = language if language in own.said else next(iter(own.said))
    title, text = own.said[language]
    title = title if len(title) <= TITLE_MAX else f"{title[: TITLE_MAX - 1].rstrip()}…"
    link = None
    if own.link:
        link = Link(_("Read on: {site}", site=urlsplit(own.link).hostname or own.link), own.link)
    return Said(quoted(title), quoted(text), link, language, frozenset(own.said))
