"""`/pmpath leaderboard`: me and my neighbours first, the top ten second, and the pages after them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from commands import board_card
from commands.kit.command import action, command
from commands.kit.paging import page_start, pages
from commands.kit.request import Context
from commands.kit.view import Card, Element, View
from content.boards import Board, Season
from content.text import _
from storage import appearances, boards, my_place
from storage.boards import FIRST


@command(
    _("Points for deeds: you and your neighbours, then the top ten"),
    example="/pmpath leaderboard technical month",
    aliases=("top", "rank", "排行榜"),
)
async def leaderboard(
    ctx: Context,
    board: Annotated[Board | None, _("Which board")] = None,
    season: Annotated[Season | None, _("Of which time")] = None,
) -> View:
    return await show(ctx, board or Board.ALL, season or Season.MONTH)


@action("leaderboard.board")
async def other(ctx: Context, season: Season) -> View:
    """The board that was chosen."""
    return await show(ctx, next((each for each in Board if each.value == ctx.value("board")), Board.ALL), season)


@action("leaderboard.page")
async def page(ctx: Context, board: Board, season: Season, first: int) -> View:
    """Ten lines at this place; the first ten are on the first card, with me."""
    first = max(first - first % FIRST, 0)
    zone = ctx.community.zone
    rows, total = await ctx.store.read(boards.rows, ctx.me, zone, board, season, first, FIRST)
    if not rows and first:
        first = page_start(first, FIRST, total)
        rows, total = await ctx.store.read(boards.rows, ctx.me, zone, board, season, first, FIRST)
    if not first:
        return await show(ctx, board, season)
    return board_card.later(board, season, rows, pages(partial(page, board, season), first, FIRST, total))


async def show(ctx: Context, board: Board, season: Season, note: Sequence[Element] = ()) -> Card:
    """The first card of a board. Who looks at it is here, whatever was thought of them."""
    place = await ctx.store.read(my_place.read, ctx.me, ctx.community.zone, board, season)
    if place.appearance.shown and place.appearance.away:
        await ctx.store.write(appearances.return_to, ctx.me)
        place = await ctx.store.read(my_place.read, ctx.me, ctx.community.zone, board, season)
    return board_card.card(board, season, place, note)
