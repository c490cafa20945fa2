"""What may be shown of a community: counts rounded down to fives, so that no small group can be told from them.

The rules, each held by tests/storage/test_community_figures.py:
a count is rounded down to fives, and below five it is left out; who finished is the sum of the groups that are shown,
never a count of its own; what is counted within a group never exceeds what is shown of it; the course of time is told
by sums so far, since months of their own could be subtracted from who finished; the order tells no more than the
numbers; and figures stay until five members or none have done something new of each kind (`community_counts.count`).
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Row, bindparam, or_, select, update

from content.outcomes import Outcome
from storage.moments import length, micros, moment
from storage.tables import BI, community_view
from storage.unit import Unit, upsert

Name = TypeVar("Name", bound=str)

STEP = 5  # counts are rounded down to it, and a smaller group could point at a person
LOOKED_AFTER = dt.timedelta(days=1)
"""How long figures stay before it is looked again whether enough has changed."""
NOBODY = '%"outcomes":{}%'
"""Figures that show no group: kept so that the first group is not shown the moment that its fifth member finished."""


@dataclass(frozen=True, slots=True)
class Group:
    """The members of one outcome: how many, how many of them with a plan, for how many each skill is missing."""

    members: int
    with_plan: int = 0
    missing: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counted:
    """What is so at a moment, to the member. `begun` and `tips` say for each of `months` how many had by its end."""

    groups: Mapping[Outcome, Group]
    months: tuple[str, ...]
    begun: tuple[int, ...]
    tips: tuple[int, ...]
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """What is shown; nothing in it is below five but 0, which stands for what is left out."""

    outcomes: Mapping[Outcome, int]
    with_plan: int
    missing: Mapping[str, int]
    months: tuple[str, ...]
    begun: tuple[int, ...]
    tips: tuple[int, ...]

    @property
    def finished(self) -> int:
        """The sum of the groups that are shown."""
        return sum(self.outcomes.values())

    @property
    def started(self) -> int:
        return self.begun[-1]


@dataclass(frozen=True, slots=True)
class Published:
    """Figures that stand, of when they are, and when it was looked last whether they still may."""

    figures: Figures
    at: dt.datetime
    looked_at: dt.datetime


_PUBLISHED = select(community_view).where(community_view.c.community_id == bindparam("community", type_=BI))
_PUBLISH = upsert(
    community_view,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["community_id"],
        set_={"figures": insert.excluded.figures, "at": insert.excluded.at},
        where=or_(
            community_view.c.at <= insert.excluded.at - length(LOOKED_AFTER), community_view.c.figures.like(NOBODY)
        ),
    ),
)
_LOOKED = (
    update(community_view)
    .where(community_view.c.community_id == bindparam("community", type_=BI))
    .values(at=bindparam("now", type_=BI))
)


def rounded(counted: Counted) -> Figures:
    """What may be shown of it."""
    members = {outcome: _fives(counted.groups[outcome].members) for outcome in Outcome if outcome in counted.groups}
    shown = {outcome: count for outcome, count in members.items() if count}
    missing: Counter[str] = Counter()
    for outcome, most in shown.items():
        missing.update({each: _fives(min(n, most)) for each, n in counted.groups[outcome].missing.items()})
    return Figures(
        outcomes=_largest_first(shown),
        with_plan=sum(_fives(min(counted.groups[outcome].with_plan, most)) for outcome, most in shown.items()),
        missing=_largest_first({skill: missing[skill] for skill in sorted(missing) if missing[skill]}),
        months=counted.months,
        begun=tuple(map(_fives, counted.begun)),
        tips=tuple(map(_fives, counted.tips)),
    )


def published(unit: Unit, community_id: int) -> Published | None:
    """What the community's card shows, if it shows anything yet."""
    row = unit.execute(_PUBLISHED, {"community": community_id}).first()
    return None if row is None else _read(row)


def publish(unit: Unit, community_id: int, new: tuple[Figures, dt.datetime] | None) -> Published | None:
    """These figures as of when they were counted, or with None that the old ones still stand; what stands now.

    Who comes second, having counted at the same time, changes nothing: two views an instant apart tell too much.
    """
    if new is None:
        unit.execute(_LOOKED, {"community": community_id, "now": unit.now_us})
    else:
        row = {"community_id": community_id, "figures": _stored(*new), "at": unit.now_us}
        unit.execute(_PUBLISH, row)
    return published(unit, community_id)


def due(standing: Published | None, now: dt.datetime) -> bool:
    """Whether it is time to count. Where no group is shown yet it always is, and five new results are waited for."""
    return standing is None or not standing.figures.outcomes or standing.looked_at <= now - LOOKED_AFTER


def _fives(count: int) -> int:
    return count - count % STEP


def _largest_first(counts: Mapping[Name, int]) -> dict[Name, int]:
    """The largest first, then by the order they stand in, which is the same whatever was counted."""
    return dict(sorted(counts.items(), key=lambda each: -each[1]))


def _stored(figures: Figures, at: dt.datetime) -> str:
    return json.dumps({**asdict(figures), "at": micros(at)}, ensure_ascii=False, separators=(",", ":"))


def _read(row: Row[*tuple[Any, ...]]) -> Published:
    plain = json.loads(row.figures)
    figures = Figures(
        outcomes={Outcome(name): count for name, count in plain["outcomes"].items()},
        with_plan=plain["with_plan"],
        missing=plain["missing"],
        months=tuple(plain["months"]),
        begun=tuple(plain["begun"]),
        tips=tuple(plain["tips"]),
    )
    return Published(figures, moment(plain["at"]), moment(row.at))
