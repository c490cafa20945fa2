"""The week's limit on points, as a member meets it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import bindparam, select

from content.boards import Season
from content.points import Deed, Points
from storage import members, seasons
from storage.members import Me
from storage.tables import allowance, award
from storage.unit import Unit

_USED = select(allowance.c.used, allowance.c.most).where(
    allowance.c.member_id == members.my_id(), allowance.c.week == bindparam("in_week")
)
_GIVEN = select(award.c.deed).where(
    award.c.member_id == members.my_id(),
    award.c.key == bindparam("of"),
    award.c.deed.in_(bindparam("deeds", expanding=True)),
)


def this_week(unit: Unit, me: Me, zone: str) -> tuple[int, int] | None:
    """How many of this week's limited points I have had, and how many it began with; None before the first."""
    week = seasons.window(Season.WEEK, seasons.local_day(zone, unit.now))
    row = unit.execute(_USED, {**members.mine(me), "in_week": week}).first()
    return None if row is None else (row.used, row.most)


def reached(
    unit: Unit, me: Me, zone: str, points: Points, key: str, deeds: Collection[Deed], *, won: bool
) -> int | None:
    """This week's limit, where it is used up and these deeds have `won` the last of it, or one came away empty."""
    found = this_week(unit, me, zone)
    if found is None or found[0] < (most := min(found[1], points.week_most)):
        return None
    given = unit.execute(_GIVEN, {**members.mine(me), "of": key, "deeds": [*deeds]}).scalars()
    return most if won or not {*deeds} <= {Deed(each) for each in given} else None
