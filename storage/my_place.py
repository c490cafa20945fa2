"""A board as one member sees it, and their own lines of the ledger: each read at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from content.boards import Board, Season
from content.points import Deed
from storage import allowances, appearances, awards, boards, members, own_links, seasons, tips
from storage.appearances import Appearance
from storage.awards import Award
from storage.boards import Page
from storage.members import Me
from storage.own_links import OwnLink
from storage.tables import award
from storage.tips import Tip
from storage.unit import Unit, at_once, in_one_hop


@dataclass(frozen=True, slots=True)
class MyPlace:
    """A board, and what of me belongs to it: `points` are mine there, wherever `would_be` is the rank they would give.

    `streak` is the number of weeks in a row.
    """

    page: Page
    appearance: Appearance
    points: int
    would_be: int
    streak: int


@dataclass(frozen=True, slots=True)
class MyPoints:
    """A page of my lines, how many there are, my sums, and how much of this week's limited points I have `used`.

    `most` is what the week began with, None before its first of them. `own` and `tips` are the community's own
    links and tips that the lines name.
    """

    lines: tuple[Award, ...]
    total: int
    sums: Mapping[Season, int]
    used: int
    most: int | None
    own: tuple[OwnLink, ...]
    tips: Mapping[str, Tip]


_COUNT = select(func.count()).select_from(award).where(award.c.member_id == members.my_id())


@at_once
def read(unit: Unit, me: Me, zone: str, board: Board, season: Season) -> MyPlace:
    """How it stands for me."""
    page = boards.page(unit, me, zone, board, season)
    here = next((row for row in page.around if row.me), None)
    points = boards.earned(unit, me, zone, board, season) if here is None else here.points
    would_be = boards.rank_of(unit, me, zone, board, season, points) if here is None else here.rank
    streak = awards.streak(unit, me, seasons.local_day(zone, unit.now))
    return MyPlace(page, appearances.mine(unit, me), points, would_be, streak)


@in_one_hop
def ledger(unit: Unit, me: Me, zone: str, first: int, size: int) -> MyPoints:
    """My lines from this place on, the newest first."""
    lines = tuple(awards.mine(unit, me, first, size))
    total = int(unit.execute(_COUNT, members.mine(me)).scalar_one())
    sums = {season: boards.earned(unit, me, zone, Board.ALL, season) for season in Season}
    used, most = allowances.this_week(unit, me, zone) or (0, None)
    named = {each.key for each in lines if each.deed in {Deed.TIP, Deed.SUGGESTION} and each.key.isdecimal()}
    found = {word: tips.find(unit, me.community, int(word)) for word in named}
    own = tuple(own_links.of_community(unit, me.community))
    return MyPoints(lines, total, sums, used, most, own, {word: tip for word, tip in found.items() if tip is not None})
