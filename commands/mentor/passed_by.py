"""What somebody who waits reads of the last matching day, where it passed them by."""

from __future__ import annotations

from commands.kit.request import Context
from content.text import At, DateStyle, Text, _
from storage import round_pairs


async def said(ctx: Context) -> Text | None:
    """When it was, why, and that the wait counts; None where there is nothing to say."""
    found = await ctx.store.read(round_pairs.last_for, ctx.me)
    if found is None:
        return None
    moment = At(found.at, DateStyle.DATE, ctx.zone or ctx.community.zone)
    return _(
        "The matching day of {moment} passed you by. {why} In the next one you come before who has waited less.",
        moment=moment,
        why=found.why.to_them,
    )
