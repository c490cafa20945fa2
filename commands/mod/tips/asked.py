"""The library's tip that is proposed two days before its slot, for moderators who want to be asked."""

from __future__ import annotations

from commands import home
from commands.kit.command import action
from commands.kit.notice import notice
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Style, View, line
from commands.mod.tips import queue, sample
from commands.tips import tip_card
from content.text import At, Channel, DateStyle, Text, _
from storage import proposals, tips
from storage.firing import ASK
from storage.schedules import Schedule

SIGN, DOT = ":", "."  # of the one in a slot's key a press carries the other


@notice(ASK)
async def ask(ctx: Context, schedule: int, slot: str) -> Card | None:
    """Nothing any more once it is answered, or a tip of the community's own waits for the slot."""
    found = await ctx.store.read(proposals.waiting, ctx.community.id, schedule, slot)
    if found is None or found.proposed is None:
        return None
    if await ctx.store.read(tips.next_ready, ctx.community.id, found.outcome) is not None:
        return None
    return await _card(ctx, found, found.proposed, slot)


@action("tip-ask.yes", moderators=True)
async def yes(ctx: Context, schedule: int, slot: str, tip: str) -> View:
    done = await ctx.store.write(proposals.agree, ctx.me, schedule, _key(slot), tip)
    return await _after(ctx, schedule, slot, _("It goes out at its time.") if done else None)


@action("tip-ask.another", moderators=True)
async def another(ctx: Context, schedule: int, slot: str, tip: str) -> View:
    ids = ctx.content.tips_by_outcome
    done = await ctx.store.write(proposals.another, ctx.me, schedule, _key(slot), tip, ids)
    return await _after(ctx, schedule, slot, _("Skipped: it has had its turn. The next one:") if done else None)


@action("tip-ask.no", moderators=True)
async def no(ctx: Context, schedule: int, slot: str, tip: str) -> View:
    done = await ctx.store.write(proposals.refuse, ctx.me, schedule, _key(slot), tip)
    said = _("Nothing of the library goes out this time; a tip that you put into the queue still does.")
    return await _after(ctx, schedule, slot, said if done else None)


async def _card(ctx: Context, found: Schedule, tip: str, slot: str, told: Text | None = None) -> Card:
    meant = await sample.find(ctx, tip)
    words = meant.said(ctx, ctx.language)
    at = At(found.next_at, DateStyle.BOTH, found.plan.weekly.zone)
    asked = _(
        "The queue is empty. On {moment} this tip of the library can go out in {channel}:",
        moment=at,
        channel=Channel(found.plan.channel),
    )
    told_first = () if told is None else (told,)
    body = (*told_first, asked, line(Bold(words.title)), *tip_card.body(words))
    on = (found.id, slot.replace(SIGN, DOT), tip)
    ways = (
        Button(_("Let it go out"), yes(*on), Style.PRIMARY),
        Button(_("Another one"), another(*on)),
        Button(_("Not this week"), no(*on)),
        Button(_("Preview"), sample.shown(tip)),
        Button(_("Home"), home.home()),
    )
    return Card(_("Shall this tip go out?"), body, ways)


async def _after(ctx: Context, schedule: int, slot: str, done: Text | None) -> Card:
    """What is so now: the next proposal, or the decision that stands."""
    key = _key(slot)
    found = await ctx.store.read(proposals.waiting, ctx.community.id, schedule, key)
    if found is not None and found.proposed is not None:
        said = done or _("Nothing was changed: something else is proposed now, or there is no other.")
        return await _card(ctx, found, found.proposed, key, said)
    said = done or _("That is decided already, or its time has passed.")
    return await queue.show(ctx, 0, (said,))


def _key(slot: str) -> str:
    """A slot's key as it is stored."""
    return slot.replace(DOT, SIGN)
