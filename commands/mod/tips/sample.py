"""A tip exactly as it will be posted: in a private card, or sent to the moderator who asks for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from commands import home
from commands.kit.command import action
from commands.kit.errors import Refusal
from commands.kit.notice import notice
from commands.kit.preview import preview
from commands.kit.request import Context
from commands.kit.view import Button, Card, Element, View, quiet
from commands.mod.tips import one, queue
from commands.tips import tip_card
from commands.tips.tip_card import Said
from content.outcomes import Outcome
from content.text import Language, Text, _
from storage import members, tips
from storage.members import Me
from storage.tips import Tip, Written
from storage.unit import Unit

NOTICE = "tips.sample"
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Meant:
    """A tip by its word; `own` is the community's own, which one of the library is not."""

    word: str
    outcome: Outcome
    own: Tip | None

    def said(self, ctx: Context, language: Language) -> Said:
        """Its words in this language, or in the one it has."""
        words = tip_card.said(ctx.content, self.word, self.own, language)
        if words is None:
            raise gone()
        return words


@action("tip-queue.preview", moderators=True)
async def shown(ctx: Context, tip: str) -> View:
    meant = await find(ctx, tip)
    ways = (Button(_("Send it to me"), send(tip)), *back(meant), Button(_("Home"), home.home()))
    return Card(_("Preview"), as_posted(ctx, meant), ways)


@action("tip-queue.send-me", moderators=True)
async def send(ctx: Context, tip: str) -> View:
    meant = await find(ctx, tip)
    await ctx.store.write(_tell, ctx.me, tip)
    body = (_("It is on its way to your direct messages, as everybody would see it."),)
    return Card(_("Sent to you"), body, (*back(meant), Button(_("Home"), home.home())))


@notice(NOTICE)
async def sample(ctx: Context, tip: str) -> Card | None:
    """The sample itself; nothing where the tip is no more."""
    meant = await read(ctx, tip)
    if meant is None:
        return None
    card = tip_card.public(ctx, meant.outcome, ctx.now, meant.said(ctx, ctx.community.language))
    only = quiet(_("Only you see this: a sample that you asked for once in {community}.", community=ctx.community.name))
    return Card(card.title, (*card.body, only), (*back(meant), Button(_("Home"), home.home())))


def as_posted(ctx: Context, meant: Meant) -> tuple[Element, ...]:
    """Word for word as everybody will read it; then in the other language where it has words in that."""
    ours = ctx.community.language
    first = meant.said(ctx, ours)
    elements = [quiet(_("Posted like this:")), *_in(ctx, meant, first, ours)]
    if first.other is not None:
        elements.append(quiet(_("With the button {language}, to one reader alone:", language=first.other.label)))
        elements += _in(ctx, meant, meant.said(ctx, first.other), first.other)
    return tuple(elements)


async def find(ctx: Context, tip: str) -> Meant:
    """Raises Refusal where there is none of this word."""
    meant = await read(ctx, tip)
    if meant is None:
        raise gone()
    return meant


async def read(ctx: Context, tip: str) -> Meant | None:
    """A tip of this community's or of the library, if it is there and has words."""
    if tip.isdecimal():
        own = await ctx.store.read(tips.find, ctx.community.id, int(tip))
        return Meant(tip, own.outcome, own) if own and own.said else None
    known = ctx.content.tips.get(tip)
    return None if known is None else Meant(tip, known.outcome, None)


def unposted(written: Written) -> Meant:
    """One that is not in the queue yet."""
    return Meant("0", written.outcome, Tip(0, written.outcome, written.said, written.link, "", 0, 0, EPOCH, None))


def gone() -> Refusal:
    """The answer where there is no such tip."""
    ways = (Button(_("The queue"), queue.page(0)), Button(_("Home"), home.home()))
    return Refusal(_("This tip is no longer here."), ways)


def back(meant: Meant) -> tuple[Button, ...]:
    """To where the tip is looked after."""
    own = () if meant.own is None else (Button(_("Back to the tip"), one.opened(meant.own.id)),)
    return (*own, Button(_("The queue"), queue.page(0)))


def titled(ctx: Context, meant: Meant) -> Text:
    """Its title in the reader's language, where it has one there."""
    return meant.said(ctx, ctx.language).title


def _in(ctx: Context, meant: Meant, words: Said, language: Language) -> tuple[Element, ...]:
    there = replace(ctx, community=replace(ctx.community, language=language), language=language)
    card = tip_card.public(there, meant.outcome, ctx.now, words)
    shown = card if language is ctx.community.language else replace(card, buttons=())
    return preview(shown, language, ctx.content.catalogue)


def _tell(unit: Unit, me: Me, tip: str) -> None:
    unit.tell(members.ensure(unit, me), NOTICE, tip=tip)
