"""How a board is drawn: its lines, what of it is mine, and the ways on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from commands import appearance, help, home, leaderboard, my_points, plan
from commands.kit.paging import pages
from commands.kit.view import (
    Bold,
    Button,
    Buttons,
    Card,
    Element,
    Line,
    Option,
    Select,
    Tab,
    Tabs,
    heading,
    line,
    quiet,
)
from commands.kit.wording import person
from commands.tips import week
from content.boards import Board, Season
from content.text import Text, _, plural
from storage.boards import FIRST, Row
from storage.my_place import MyPlace

STREAK_LEAST = 2  # weeks that are a row


def card(board: Board, season: Season, place: MyPlace, note: Sequence[Element] = ()) -> Card:
    """The first card: me with my neighbours, the top ten, and how many stand there. `note` says what was just done."""
    page = place.page
    body: list[Element] = [*note, *_about(board)]
    if page.around:
        body += _of_mine(place)
    else:
        body += _not_there(board, season, place)
        body += [heading(_("Top ten")), *lines(page.top)] if page.top else []
    body += [quiet(_how_many(place)), *pages(partial(leaderboard.page, board, season), 0, FIRST, page.total)]
    body += choices(board, season)
    return Card(title(board, season), tuple(body), _ways(place), others((*page.around, *page.top)))


def later(board: Board, season: Season, rows: Sequence[Row], where: Sequence[Element]) -> Card:
    """A page after the first."""
    ways = (Button(_("Me"), leaderboard.leaderboard(board, season)), Button(_("Home"), home.home()))
    return Card(title(board, season), (*lines(rows), *where, *choices(board, season)), ways, others(rows))


def title(board: Board, season: Season) -> Text:
    return _("{board} · {season}", board=board.label, season=season.label)


def lines(rows: Iterable[Row]) -> list[Line]:
    """A line each; mine stands out and says so."""
    return [line(Bold(mine(row.rank, row.points))) if row.me else line(seen(row)) for row in rows]


def seen(row: Row) -> Text:
    """A member's line as everybody else sees it."""
    name = person(row.name)
    return plural(
        "{rank}. {name}, {count} point", "{rank}. {name}, {count} points", row.points, rank=row.rank, name=name
    )


def mine(rank: int, points: int) -> Text:
    return plural("{rank}. You, {count} point", "{rank}. You, {count} points", points, rank=rank)


def others(rows: Iterable[Row]) -> tuple[str, ...]:
    """Whose names stand there, without me."""
    return tuple(dict.fromkeys(row.uid for row in rows if not row.me))


def choices(board: Board, season: Season) -> tuple[Element, ...]:
    """The other seasons and boards."""
    tabs = tuple(Tab(each.label, leaderboard.leaderboard(board, each)) for each in Season)
    options = tuple(Option(each.value, each.label) for each in Board)
    select = Select("board", _("Another board"), options, leaderboard.other(season), chosen=(board.value,))
    return Tabs(tabs, list(Season).index(season)), select


def _about(board: Board) -> tuple[Element, ...]:
    if board is Board.ALL:
        return ()
    about = _("Points of deeds that belong to {outcome}. They say nothing of anybody's result.", outcome=board.label)
    return (quiet(about),)


def _of_mine(place: MyPlace) -> list[Element]:
    """Me with my neighbours and the top ten: one list where they touch, so that nobody stands there twice."""
    page = place.page
    first = {row.uid for row in page.top}
    streak = _("Your streak: {count} weeks in a row. Only you see it.", count=place.streak)
    told = [quiet(streak)] if place.streak >= STREAK_LEAST else []
    if first.isdisjoint(row.uid for row in page.around):
        return [
            heading(_("You and your neighbours")),
            *lines(page.around),
            *told,
            heading(_("Top ten")),
            *lines(page.top),
        ]
    return [*lines((*page.top, *(row for row in page.around if row.uid not in first))), *told]


def _not_there(board: Board, season: Season, place: MyPlace) -> list[Element]:
    """What of mine would count here, and why nobody sees it."""
    stands = place.appearance
    body: list[Element] = [_none(season) if place.points <= 0 else _have(season, place.points)]
    if stands.left_out:
        body.append(_("The moderators have left you out of the boards here. Your points stay yours."))
    elif stands.shown:
        body.append(_("With your first points here you stand on this board."))
    else:
        would = _("With them you would stand at place {rank}.", rank=place.would_be)
        body += [would] if place.points > 0 else []
        body.append(appearance.NOT_YET if stands.shown is None else appearance.HIDDEN)
    if place.points <= 0:
        ways = (Button(_("My plan"), plan.plan(None)), Button(_("Weekly tips"), week.week(None)))
        body += [_deeds(board), Buttons(ways)]
    return body


def _deeds(board: Board) -> Text:
    if board is Board.ALL:
        return _("Points come from deeds: the assessment, a step of your plan, a resource, a tip.")
    return _("Points here come from deeds of this track: a step of a plan, a resource, a tip.")


def _none(season: Season) -> Text:
    return {
        Season.WEEK: _("You have no points on this board this week."),
        Season.MONTH: _("You have no points on this board this month."),
        Season.EVER: _("You have no points on this board yet."),
    }[season]


def _have(season: Season, count: int) -> Text:
    week, month, ever = (
        plural(
            "On this board you have {count} point this week.", "On this board you have {count} points this week.", count
        ),
        plural(
            "On this board you have {count} point this month.",
            "On this board you have {count} points this month.",
            count,
        ),
        plural("On this board you have {count} point.", "On this board you have {count} points.", count),
    )
    return {Season.WEEK: week, Season.MONTH: month, Season.EVER: ever}[season]


def _how_many(place: MyPlace) -> Text:
    if place.page.total == 1 and place.page.around:
        return _("Nobody but you stands on this board yet.")
    if not place.page.total:
        return _("Nobody stands on this board yet.")
    return plural("{count} member stands on this board.", "{count} members stand on this board.", place.page.total)


def _ways(place: MyPlace) -> tuple[Button, ...]:
    own = Button(_("My points"), my_points.points(0))
    gives = Button(_("What gives points"), help.help(help.POINTS))
    return own, gives, *appearance.way(place.appearance), Button(_("Home"), home.home())
