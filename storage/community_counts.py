"""Counting a community for its card: reads alone, so that the writer is never held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, case, exists, func, or_, select

from content.boards import Season
from content.outcomes import Outcome
from storage import common_gaps, seasons
from storage.common_gaps import Proof
from storage.community_figures import STEP, Counted, Group
from storage.learning import SkillState
from storage.moments import micros
from storage.postings import Done
from storage.tables import BI, member, result, run, skill_state, tip_deed
from storage.unit import Unit

MONTHS = 6
_ENDS = [f"end_{place}" for place in range(MONTHS)]
_HERE = member.c.community_id == bindparam("community", type_=BI)
_OF_MEMBER = result.alias("of_member")
_LATEST = (
    select(_OF_MEMBER.c.id)
    .where(_OF_MEMBER.c.member_id == member.c.id)
    .order_by(_OF_MEMBER.c.at.desc(), _OF_MEMBER.c.id.desc())
    .limit(1)
    .scalar_subquery()
)


def _mine(table: Table, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the member has a row like this."""
    return exists().where(table.c.member_id == member.c.id, *conditions)


_BEGUN_PLAN = skill_state.c.state.in_([SkillState.DOING.value, SkillState.DONE.value])
_WITH_PLAN = or_(_mine(skill_state, _BEGUN_PLAN), _mine(tip_deed, tip_deed.c.deed == Done.PLANNED.value))
_GROUPS = (
    select(
        result.c.outcome,
        func.count().label("members"),
        func.sum(case((_WITH_PLAN, 1), else_=0)).label("with_plan"),
    )
    .select_from(member.join(result, result.c.id == _LATEST))
    .where(_HERE, result.c.summary.not_like(common_gaps.SAYS_TOO_LITTLE))
    .group_by(result.c.outcome)
)


def _so_far(table: Table, moment: ColumnElement[int], *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """How many members had their first row by the end of each month."""
    first = (
        select(func.min(moment).label("at"))
        .select_from(table.join(member, member.c.id == table.c.member_id))
        .where(_HERE, *conditions)
        .group_by(table.c.member_id)
        .subquery()
    )
    ends = [func.count(case((first.c.at < bindparam(end, type_=BI), 1))).label(end) for end in _ENDS]
    return select(*ends).select_from(first)


_BEGUN = _so_far(run, run.c.started_at)
_TIPS = _so_far(tip_deed, tip_deed.c.at, tip_deed.c.deed == Done.DONE.value)


def _news(table: Table, moment: ColumnElement[int]) -> Select[Any]:
    """How many members, counted up to five, did something new of this kind."""
    since = _mine(table, and_(moment > bindparam("since", type_=BI)))
    some = select(member.c.id).where(_HERE, since).limit(STEP).subquery()
    return select(func.count()).select_from(some)


_NEWS = (
    _news(result, result.c.at),
    _news(skill_state, skill_state.c.at),
    _news(tip_deed, tip_deed.c.at),
    _news(run, run.c.started_at),
)


def count(
    unit: Unit,
    community_id: int,
    zone: str,
    wanted: Mapping[Outcome, Collection[str]],
    proofs: Sequence[Proof],
    since: dt.datetime | None,
    *,
    shown: bool = True,
) -> Counted | None:
    """What is so now; None where too little is new since then for two views to differ in safety.

    Enough is new where five members or more did something of one kind, and of no kind only one to four did: a
    difference between two views is then never about fewer than five. Where no group was `shown` before, only results
    are looked at.
    """
    here: dict[str, Any] = {"community": community_id}
    if since is not None and not _enough(unit, _NEWS if shown else _NEWS[:1], {**here, "since": micros(since)}):
        return None
    months = _months(zone, unit.now)
    ends = {end: micros(seasons.ends_at(month, zone)) for end, month in zip(_ENDS, months, strict=True)}
    missing = common_gaps.missing(unit, community_id, wanted, proofs)
    groups = {
        Outcome(row.outcome): Group(row.members, row.with_plan, missing.get(Outcome(row.outcome), {}))
        for row in unit.execute(_GROUPS, here)
    }
    begun, tips = (_row(unit, statement, {**here, **ends}) for statement in (_BEGUN, _TIPS))
    return Counted(groups, months, begun, tips, unit.now)


def _enough(unit: Unit, kinds: Sequence[Select[Any]], parameters: Mapping[str, int]) -> bool:
    news = {int(unit.execute(statement, parameters).scalar_one()) for statement in kinds}
    return STEP in news and news <= {0, STEP}


def _months(zone: str, now: dt.datetime) -> tuple[str, ...]:
    """The last six, this one included, the earliest first."""
    months = [seasons.window(Season.MONTH, seasons.local_day(zone, now))]
    while len(months) < MONTHS:
        months.append(seasons.before(months[-1]))
    return tuple(reversed(months))


def _row(unit: Unit, statement: Select[*tuple[Any, ...]], parameters: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(int(each) for each in unit.execute(statement, parameters).one())
