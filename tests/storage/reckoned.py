"""What standings, histogram and boards must say, reckoned in plain Python from the ledger alone."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from content.boards import Board, Season
from storage.awards import TAKEN_BACK
from storage.boards import Page, Row
from storage.members import Me
from storage.tables import allowance, appearance, award, community, histogram, member, standing
from storage.unit import Unit

LIMITED = ("step", "step-with-line", "resource", "resource-with-line")
DAY = dt.timedelta(days=1)
FORMS = {Season.WEEK: "%G-W%V", Season.MONTH: "%Y-%m", Season.EVER: "ever"}

_PEOPLE = select(member.c.id, member.c.uid, member.c.name, member.c.community_id, community.c.zone, appearance).join(
    community
)


@dataclass(frozen=True, slots=True)
class Person:
    """A member, the day it is in their community, and whether boards may show them."""

    id: int
    uid: str
    name: str
    community: int
    today: dt.date
    visible: bool


def windows(day: dt.date) -> set[str]:
    return {day.strftime(form) for form in FORMS.values()}


def kept(today: dt.date) -> set[str]:
    last_week, last_month = today - 7 * DAY, today.replace(day=1) - DAY
    return windows(today) | {last_week.strftime("%G-W%V"), last_month.strftime("%Y-%m")}


def people(unit: Unit) -> dict[int, Person]:
    found = {}
    for row in unit.execute(_PEOPLE.outerjoin(appearance, appearance.c.member_id == member.c.id)):
        today = unit.now.astimezone(zoneinfo.ZoneInfo(row.zone)).date()
        visible = row.shown == 1 and row.left_out == 0 and row.away_at is None
        found[row.id] = Person(row.id, row.uid, row.name, row.community_id, today, visible)
    return found


def faults(unit: Unit) -> list[str]:
    """Wherever the tables say something else than the ledger."""
    everybody = people(unit)
    lines = unit.execute(select(award)).all()
    return [*_in_ledger(unit, lines), *_in_standings(unit, everybody, lines), *_in_histogram(unit, everybody)]


def _in_ledger(unit: Unit, lines: Sequence[Any]) -> list[str]:
    by_id = {line.id: line for line in lines}
    found = [f"double: {key}" for key, n in Counter((x.member_id, x.deed, x.key) for x in lines).items() if n > 1]
    used: Counter[tuple[int, str]] = Counter()
    for line in lines:
        if line.deed in LIMITED:
            used[line.member_id, dt.date.fromordinal(line.day).strftime("%G-W%V")] += line.points
        if line.deed == TAKEN_BACK:
            of = by_id[int(line.key)]
            if (line.points, line.day, line.outcome) != (-of.points, of.day, of.outcome):
                found.append(f"taken back otherwise: {line}")
    stored = {(row.member_id, row.week): row.used for row in unit.execute(select(allowance))}
    return [*found, *_differences("allowance", used, stored), *(f"too much: {x}" for x in used.items() if x[1] > 25)]


def _in_standings(unit: Unit, everybody: dict[int, Person], lines: Sequence[Any]) -> list[str]:
    sums: Counter[tuple[int, str, str]] = Counter()
    for line in lines:
        person = everybody[line.member_id]
        if person.visible:
            for window in windows(dt.date.fromordinal(line.day)) & kept(person.today):
                for board in {"all", line.outcome or "all"}:
                    sums[person.id, board, window] += line.points
    found, stored = [], {}
    for row in unit.execute(select(standing)):
        person = everybody[row.member_id]
        if not person.visible or row.community_id != person.community:
            found.append(f"stands where nobody should be: {row}")
        elif row.season in kept(person.today):
            stored[row.member_id, row.board, row.season] = row.points
    return found + _differences("standing", sums, stored)


def _in_histogram(unit: Unit, everybody: dict[int, Person]) -> list[str]:
    counts: Counter[tuple[int, str, str, int, int]] = Counter()
    for row in unit.execute(select(standing).where(standing.c.points > 0)):
        here = everybody[row.member_id].community
        counts[here, row.board, row.season, 0, row.points] += 1
        counts[here, row.board, row.season, 1, row.points // 256] += 1
    stored = {
        (x.community_id, x.board, x.season, x.level, x.points): x.members for x in unit.execute(select(histogram))
    }
    return _differences("histogram", counts, stored)


def _differences(of: str, right: dict[Any, int], stored: dict[Any, int]) -> list[str]:
    pairs = ((key, right.get(key, 0), stored.get(key, 0)) for key in right.keys() | stored.keys())
    return [f"{of} {key}: {must} by the ledger, {says} stored" for key, must, says in pairs if must != says]


def board(unit: Unit, community_id: int, which: Board, season: Season) -> list[Row]:
    """All lines of a board: who has most first, of those with as many whoever came last."""
    sums: defaultdict[Person, int] = defaultdict(int)
    everybody = people(unit)
    for line in unit.execute(select(award)):
        person = everybody[line.member_id]
        if not person.visible or person.community != community_id or which.value not in {"all", line.outcome}:
            continue
        form = FORMS[season]
        if dt.date.fromordinal(line.day).strftime(form) == person.today.strftime(form):
            sums[person] += line.points
    counted = sorted((points, person.id, person) for person, points in sums.items() if points > 0)
    return [
        Row(1 + sum(other > points for other, _, _ in counted), person.name, points, person.uid)
        for points, _, person in reversed(counted)
    ]


def page(lines: list[Row], me: Me) -> Page:
    """What I must see of these lines."""
    seen = [replace(line, me=line.uid == me.uid) for line in lines]
    mine = [place for place, line in enumerate(seen) if line.me]
    around = seen[max(0, mine[0] - 2) : mine[0] + 3] if mine else []
    return Page(tuple(around), tuple(seen[:10]), len(seen))
