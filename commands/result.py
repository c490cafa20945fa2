"""`/pmpath result`: my latest result and the answers that decided it; the others by their id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from commands import home, start, verdict_card
from commands.kit.command import action, command
from commands.kit.errors import Refusal, not_yours
from commands.kit.request import Context
from commands.kit.view import Button, Element, Style, View
from content.text import _
from storage import opinions, results, shares
from storage.members import Me
from storage.results import Stored
from storage.unit import Unit


@command(
    _("Your latest result, what decided it, and what would change it"),
    example="/pmpath result",
    aliases=("me", "结果"),
)
async def result(ctx: Context) -> View:
    latest = await ctx.store.read(results.latest, ctx.me)
    if latest is None:
        raise none_yet()
    return await draw(ctx, latest)


@action("result.show")
async def show(ctx: Context, result_id: int) -> View:
    """One of mine, however old, with the questions that it was answered to."""
    return await draw(ctx, await mine(ctx, result_id))


async def draw(ctx: Context, stored: Stored, points: Sequence[Element] = ()) -> View:
    """A result's card as it stands now; the points that it has just come to are its last line."""
    beside = await ctx.store.read(look_beside, ctx.me, stored)
    card = verdict_card.card(ctx.content, stored, ctx.community.zone, beside)
    return replace(card, body=(*card.body, *points))


async def mine(ctx: Context, result_id: int) -> Stored:
    """This result. Raises Refusal where it is not mine."""
    found = await ctx.store.read(results.find, ctx.me, result_id)
    if found is None:
        raise not_yours()
    return found


def look_beside(unit: Unit, me: Me, stored: Stored) -> verdict_card.Beside:
    """What is kept beside a result."""
    latest = results.latest(unit, me)
    return verdict_card.Beside(
        opinion=opinions.find(unit, me, stored.id),
        shares=tuple(shares.of_result(unit, me, stored.id)),
        latest=latest is not None and latest.id == stored.id,
        earlier=results.before(unit, me, stored.id) is not None,
        several=results.count(unit, me) > 1,
    )


def none_yet() -> Refusal:
    """The answer to who was not assessed yet."""
    return Refusal(
        _("You have no result yet. Run /pmpath start; it takes two minutes."),
        (Button(_("Start the assessment"), start.start(), Style.PRIMARY), Button(_("Home"), home.home())),
    )
