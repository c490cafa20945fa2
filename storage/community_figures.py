"""What may be shown of a community: counts rounded down to fives, so that no small group can be told from them.

The rules, each held by tests/storage/test_community_figures.py:
a count is rounded down to fives, and below five it is left out; who finished is the sum of the groups that are shown,
never a count of its own; what is counted within a group never exceeds what is shown of it; the course of time is told
by sums so far, since months of their own could be subtracted from who finished; the order tells no more than the
numbers; figures stay until five members or none have done something new of each kind (`community_counts.count`);
and until five members have erased themselves since, none of them falls.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, TypeVar

from sqlalchemy import Row, bindparam, or_, select, update

from content.outcomes import Outcome
from storage import mentor_figures
from storage.mentor_figures import Mentoring
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
    """Figures that stand, of when they are, and when it was looked last whether they still may.

    `erased` members have gone since without a figure falling for it. `mentoring` has a rule of its own.
    """

    figures: Figures
    at: dt.datetime
    looked_at: dt.datetime
    erased: int = 0
    mentoring: Mentoring | None = None


_PUBLISHED = select(community_view).where(community_view.c.community_id == bindparam("community", type_=BI))
_LOCKED = _PUBLISHED.with_for_update()
_STORE = (
    update(community_view)
    .where(community_view.c.community_id == bindparam("community", type_=BI))
    .values(figures=bindparam("new_figures"))
)
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


def publish(
    unit: Unit, community_id: int, new: tuple[Figures, dt.datetime] | None, mentoring: Mentoring | None = None
) -> Published | None:
    """These figures as of when they were counted, or with None that the old ones still stand; what stands now.

    `mentoring` as it was counted; it stands as far as enough of it has changed. Who comes second, having counted at
    the same time, changes nothing: two views an instant apart tell too much.
    """
    row = unit.execute(_LOCKED, {"community": community_id}).first()
    standing = None if row is None else _read(row)
    before = None if standing is None else standing.mentoring
    shown = before if mentoring is None else mentor_figures.moved(before, mentoring)
    if new is None:
        if standing is not None and shown != before:
            kept = _stored(replace(standing, mentoring=shown))
            unit.execute(_STORE, {"community": community_id, "new_figures": kept})
        unit.execute(_LOOKED, {"community": community_id, "now": unit.now_us})
    else:
        figures, at = new
        erased = 0 if standing is None or standing.erased >= STEP else standing.erased
        if standing is not None and erased:
            figures = no_less(figures, standing.figures)
        stored = _stored(Published(figures, at, unit.now, erased, shown))
        unit.execute(_PUBLISH, {"community_id": community_id, "figures": stored, "at": unit.now_us})
    return published(unit, community_id)


def erased_one(unit: Unit, community_id: int) -> None:
    """A member has erased what the figures were counted from."""
    row = unit.execute(_LOCKED, {"community": community_id}).first()
    if row is not None:
        standing = _read(row)
        one_more = replace(standing, erased=standing.erased + 1)
        unit.execute(_STORE, {"community": community_id, "new_figures": _stored(one_more)})


def no_less(new: Figures, standing: Figures) -> Figures:
    """The new figures, of which none is below what stands."""
    begun, tips = (dict(zip(standing.months, getattr(standing, name), strict=True)) for name in ("begun", "tips"))
    return Figures(
        outcomes=_largest_first(_larger(new.outcomes, standing.outcomes, list(Outcome))),
        with_plan=max(new.with_plan, standing.with_plan),
        missing=_largest_first(_larger(new.missing, standing.missing, sorted({*new.missing, *standing.missing}))),
        months=new.months,
        begun=tuple(max(n, begun.get(month, 0)) for month, n in zip(new.months, new.begun, strict=True)),
        tips=tuple(max(n, tips.get(month, 0)) for month, n in zip(new.months, new.tips, strict=True)),
    )


def due(standing: Published | None, now: dt.datetime) -> bool:
    """Whether it is time to count. Where no group is shown yet it always is, and five new results are waited for."""
    return standing is None or not standing.figures.outcomes or standing.looked_at <= now - LOOKED_AFTER


def _larger(one: Mapping[Name, int], other: Mapping[Name, int], names: Iterable[Name]) -> dict[Name, int]:
    """The larger of both by name, in this order, without those that neither shows."""
    both = {name: max(one.get(name, 0), other.get(name, 0)) for name in names}
    return {name: count for name, count in both.items() if count}


def _fives(count: int) -> int:
    return count - count % STEP


def _largest_first(counts: Mapping[Name, int]) -> dict[Name, int]:
    """The largest first, then by the order they stand in, which is the same whatever was counted."""
    return dict(sorted(counts.items(), key=lambda each: -each[1]))


def _stored(published: Published) -> str:
    mentoring = mentor_figures.stored(published.mentoring)
    plain = {
        **asdict(published.figures),
        "at": micros(published.at),
        "erased": published.erased,
        "mentoring": mentoring,
    }
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


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
    mentoring = mentor_figures.read(plain.get("mentoring"))
    return Published(figures, moment(plain["at"]), moment(row.at), plain["erased"], mentoring)
