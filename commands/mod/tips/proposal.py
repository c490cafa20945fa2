"""The tip of the library that closes what a community is most commonly missing, and why it is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from commands import community, home
from commands.kit.command import action
from commands.kit.errors import Refusal
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, Style, View, line, quiet
from commands.mod.tips import one, queue, sample
from commands.tips import tip_card
from content.outcomes import Outcome
from content.text import Language, Text, _
from content.tips import Tip
from storage import library, schedules, taken
from storage.community_figures import STEP
from storage.tips import QUEUE_MAX, Refused, Written
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Proposal:
    """A tip, the skill that it is about, and for how many members that is open at the least."""

    tip: Tip
    skill: str
    count: int


@action("tip-queue.propose", moderators=True)
async def propose(ctx: Context) -> View:
    """What fits this community now."""
    standing = await community.figures(ctx)
    common = standing.figures.missing if standing else {}
    unused = await ctx.store.read(_unused, ctx.community.id, tuple(ctx.content.tips))
    outcomes = await ctx.store.read(_going_out, ctx.community.id)
    fitting = [each for each in ctx.content.tips.values() if each.id in unused and each.outcome in outcomes]
    found = choose(common, fitting)
    back = (Button(_("The queue"), queue.page(0)), Button(_("Home"), home.home()))
    if found is None:
        return Card(_("What fits us now?"), (_nothing(common),), back)
    words = sample.Meant(found.tip.id, found.tip.outcome, None).said(ctx, ctx.language)
    body: tuple[Element, ...] = (
        _why(ctx, found),
        line(Bold(words.title)),
        *tip_card.body(words),
        quiet(_("A tip for {outcome}", outcome=found.tip.outcome.name_only)),
    )
    yes = Button(_("Put it in the queue"), take(found.tip.id), Style.PRIMARY)
    look = Button(_("Preview"), sample.shown(found.tip.id))
    return Card(_("What fits us now?"), body, (yes, look, *back))


@action("tip-queue.take", moderators=True)
async def take(ctx: Context, tip: str) -> View:
    """A tip of the library is copied into the queue, in both languages."""
    found = ctx.content.tips.get(tip)
    if found is None:
        raise sample.gone()
    made = await ctx.store.write(taken.take, ctx.me, tip, _written(ctx, found))
    if made is None:
        return await queue.show(ctx, 0, (_("It is in the queue already, or has gone out."),))
    if made is Refused.FULL:
        raise Refusal(
            _("{most} tips wait in the queue already. Delete one, or let some go out first.", most=QUEUE_MAX),
            (Button(_("The queue"), queue.page(0)), Button(_("Home"), home.home())),
        )
    return await one.show(ctx, int(made), (_("It stands at the end of the queue. Move it earlier if you like."),))


def choose(common: Mapping[str, int], unused: list[Tip]) -> Proposal | None:
    """An unused tip for the commonest gap that there is one for, rather one that names the skill first."""
    for skill, count in common.items():
        about = [each for each in unused if skill in each.skills]
        if about:
            return Proposal(min(about, key=lambda each: each.skills.index(skill)), skill, count)
    return None


def _why(ctx: Context, found: Proposal) -> Text:
    name = ctx.content.skills[found.skill].name
    return _("{skill} is open for at least {count} members here. This tip is about it:", skill=name, count=found.count)


def _nothing(common: Mapping[str, int]) -> Text:
    if not common:
        return _(
            "I can't say yet what is commonly missing here: groups under {least} members are never shown.",
            least=STEP,
        )
    return _("No tip that has not gone out yet is about what members here are missing.")


def _unused(unit: Unit, community_id: int, ids: tuple[str, ...]) -> frozenset[str]:
    return frozenset(ids) - library.used(unit, community_id).keys()


def _going_out(unit: Unit, community_id: int) -> frozenset[Outcome]:
    """The outcomes that a schedule here posts; all of them where none is on."""
    found = schedules.of_community(unit, community_id)
    if not found or any(each.outcome is None for each in found):
        return frozenset(Outcome)
    return frozenset(each.outcome for each in found if each.outcome is not None)


def _written(ctx: Context, tip: Tip) -> Written:
    """Its words in both languages, and the link of the community's language."""
    chinese = ctx.community.language is Language.ZH
    resource = ctx.content.resources.get(((tip.resource_zh if chinese else None) or tip.resource) or "")
    said = {Language.EN: (tip.title.en, tip.text.en), Language.ZH: (tip.title.zh or "", tip.text.zh or "")}
    return Written(tip.outcome, said, resource.address if resource else None)
