"""Whether I stand on the boards: the line that others will see, shown before I say so, and hiding again."""

from __future__ import annotations

from commands import board_card, home, leaderboard
from commands.kit.command import action
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Buttons, Card, Element, Style, View, line, quiet
from content.boards import Board, Season
from content.text import Text, _
from storage import appearances, my_place
from storage.appearances import Appearance
from storage.boards import Row

NOT_YET = _("You stand on no board: others see you there only if you want it.")
HIDDEN = _("You are hidden from the boards: nobody else sees your points.")


@action("leaderboard.appear")
async def ask(ctx: Context) -> View:
    """The question, with what either answer does."""
    for season in (Season.MONTH, Season.EVER):
        place = await ctx.store.read(my_place.read, ctx.me, ctx.community.zone, Board.ALL, season)
        if place.points > 0:
            break
    back = leaderboard.leaderboard(None, None)
    if place.appearance.shown:
        ways = (Button(_("Hide me"), hide(), Style.DANGER), Button(_("Keep it as it is"), back))
        return Card(_("You on the boards"), _hiding(), (*ways, Button(_("Home"), home.home())))
    if place.appearance.left_out:
        return await leaderboard.show(ctx, Board.ALL, Season.MONTH)
    row = Row(place.would_be, ctx.me.name, place.points, ctx.me.uid)
    ways = (Button(_("Show me"), show(), Style.PRIMARY), Button(_("Not now"), back))
    return Card(_("You on the boards"), _showing(season, row), (*ways, Button(_("Home"), home.home())))


@action("leaderboard.show-me")
async def show(ctx: Context) -> View:
    now = await ctx.store.write(appearances.show, ctx.me)
    said = (_("You stand on the boards now."),) if now.on_boards else ()
    return await leaderboard.show(ctx, Board.ALL, Season.MONTH, said)


@action("leaderboard.hide-me")
async def hide(ctx: Context) -> View:
    await ctx.store.write(appearances.hide, ctx.me)
    gone = _("You are gone from every board. Where a post named you, it is being taken back.")
    return await leaderboard.show(ctx, Board.ALL, Season.MONTH, (gone, Buttons((Button(_("Show me again"), show()),))))


def way(stands: Appearance) -> tuple[Button, ...]:
    """The button to the question; none for whom moderators have left out and who did not want to stand there."""
    if stands.shown:
        return (Button(_("Hide me"), ask()),)
    return () if stands.left_out else (Button(_("Show me on the boards"), ask(), Style.PRIMARY),)


def _showing(season: Season, row: Row) -> tuple[Element, ...]:
    """What everybody will see, to the letter."""
    where = board_card.title(Board.ALL, season)
    exact: tuple[Element, ...] = (
        _("This is what others will see of you, at “{board}”:", board=where),
        line(Bold(board_card.seen(row))),
    )
    later = _("You have no points yet. With the first ones others will see your place, your name and your points.")
    return (
        *(exact if row.points > 0 else (later,)),
        _("Your name and the points of your deeds here stand on the boards, each deed also on that of its track."),
        _("Never your result, an answer, or what you wrote."),
        _("Moderators may post the first ten of a week or month that is over to a channel."),
        quiet(_("You can change this at any time.")),
    )


def _hiding() -> tuple[Text, ...]:
    return (
        _("Hidden, you are gone from every board at once, and who stood below moves up. Your points stay yours."),
        _("A post that names you is taken back; people may have seen it. You can show yourself again at any time."),
    )
