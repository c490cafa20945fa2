"""`/pmpath community`: how this community splits over the outcomes, what it commonly misses, how it goes on."""

from __future__ import annotations

from commands import community_card
from commands.kit.command import command
from commands.kit.request import Context
from commands.kit.view import View
from content import gaps
from content.load import Content
from content.outcomes import Outcome
from content.text import _
from storage import community_counts, community_figures, mentor_figures
from storage.common_gaps import Proof
from storage.community_figures import Published


@command(
    _("How this community splits over the tracks, and what it commonly misses"),
    example="/pmpath community",
    aliases=("split", "社区"),
    costly=True,
)
async def community(ctx: Context) -> View:
    standing = await figures(ctx)
    if standing is None or not standing.figures.outcomes:
        raise community_card.too_few()
    return await community_card.card(ctx, standing)


async def figures(ctx: Context) -> Published | None:
    """What may be shown of this community. May be the handler's one write; what others see is the same."""
    here = ctx.community
    standing = await ctx.store.read(community_figures.published, here.id)
    if not community_figures.due(standing, ctx.now):
        return standing
    shown = standing is not None and bool(standing.figures.outcomes)
    asked = here.id, here.zone, _wanted(ctx.content), _proofs(ctx.content), standing.at if standing else None
    counted = await ctx.store.read(community_counts.count, *asked, shown=shown)
    new = (community_figures.rounded(counted), counted.at) if counted else None
    if new is None and not shown:
        return standing
    mentoring = await ctx.store.read(mentor_figures.count, here.id)
    return await ctx.store.write(community_figures.publish, here.id, new, mentoring)


def _wanted(content: Content) -> dict[Outcome, frozenset[str]]:
    """What each outcome wants of everybody: a rule of one industry or region is nobody's common gap."""
    return {outcome: frozenset(gaps.wanted_skills(content, outcome, None, ())) for outcome in Outcome}


def _proofs(content: Content) -> list[Proof]:
    return [
        Proof(version, item.id, option.id, skill)
        for version, bank in content.questionnaires.items()
        for item in bank.items
        for option in item.options
        for skill in option.skills
    ]
