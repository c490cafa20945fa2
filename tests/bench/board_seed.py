"""A community whose members all stand on boards, put straight into the tables: a million in about a minute."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import BigInteger, Text, TextClause, bindparam, text

from content.outcomes import Outcome
from content.text import Language
from storage import communities, seasons
from storage.awards import ADJUSTED
from storage.standings import BUCKET, COARSE, FINE
from storage.tables import standing
from storage.unit import Unit

FIRST_UID = 1184207365000000000
LONG_AGO = 200  # days
PARTS = 1_300  # points are spread over as many numbers, most members at few of them
ONE_IN = 5  # has points of this week too

_NUMBERED = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
_OUTCOME = "CASE id % 4 " + " ".join(f"WHEN {at} THEN '{outcome.value}'" for at, outcome in enumerate(Outcome)) + " END"
_POINTS = (
    f"1 + {PARTS} * (CAST(id AS BIGINT) * 48271 % 1009) * (CAST(id AS BIGINT) * 69621 / 7 % 1013) / 1009 "
    "* (CAST(id AS BIGINT) * 40692 / 13 % 1019) / 1013 / 1019"
)
_LINES = "INSERT INTO award (member_id, deed, key, outcome, points, day, at) SELECT id, :deed, "
_STATEMENTS = (
    f"{_NUMBERED} INSERT INTO member (community_id, uid, name, tell_here, created_at, seen_at) "
    "SELECT :community, CAST(:first + i AS TEXT), 'Member ' || i, 0, :now, :now FROM n ORDER BY i",
    "INSERT INTO appearance (member_id, shown, left_out, at) SELECT id, 1, 0, :now FROM member ORDER BY id",
    f"{_LINES} 'before', {_OUTCOME}, {_POINTS}, :today - {LONG_AGO}, :now FROM member ORDER BY id",
    f"{_LINES} 'now', {_OUTCOME}, 1 + id / {ONE_IN} * 7 % 25, :today, :now FROM member "
    f"WHERE id % {ONE_IN} = 0 ORDER BY id",
    "WITH here(season, since) AS (SELECT :ever, 0 UNION ALL SELECT :month, :today UNION ALL SELECT :week, :today), "
    "line(member_id, board, day, points) AS (SELECT member_id, 'all', day, points FROM award "
    "UNION ALL SELECT member_id, outcome, day, points FROM award) "
    "INSERT INTO standing (member_id, board, season, community_id, points) "
    "SELECT member_id, board, season, :community, SUM(points) FROM line JOIN here ON day >= since "
    "GROUP BY member_id, board, season ORDER BY member_id, board, season",
    *(
        "INSERT INTO histogram (community_id, board, season, level, points, members) "
        f"SELECT community_id, board, season, {level}, {points}, COUNT(*) FROM standing "
        f"GROUP BY community_id, board, season, {points}"
        for level, points in ((FINE, "points"), (COARSE, f"points >> {BUCKET}"))
    ),
)


def fill(unit: Unit, count: int, platform: str, ext_id: str) -> int:
    """The community's id, with so many members; the tables were empty. Their uids are `uid(1)` to `uid(count)`."""
    community_id = communities.seen(unit, platform, ext_id, "PM Talk", Language.EN).id
    today = seasons.local_day("UTC", unit.now)
    week, month, ever = seasons.windows(today)
    values: dict[str, int | str] = {
        "count": count,
        "community": community_id,
        "first": FIRST_UID,
        "now": unit.now_us,
        "today": today.toordinal(),
        "deed": ADJUSTED,
        "week": week,
        "month": month,
        "ever": ever,
    }
    index = next(iter(standing.indexes))
    index.drop(unit.connection)  # built at the end, in order
    for statement in _STATEMENTS:
        unit.execute(_typed(statement, values))
    index.create(unit.connection)
    return community_id


def _typed(statement: str, values: Mapping[str, int | str]) -> TextClause:
    """With the values that it names, in the column types that PostgreSQL wants to be told."""
    asked = text(statement)
    named = {name: values[name] for name in asked.compile().params}
    return asked.bindparams(
        *(bindparam(name, value, type_=Text if isinstance(value, str) else BigInteger) for name, value in named.items())
    )


def uid(number: int) -> str:
    return str(FIRST_UID + number)
