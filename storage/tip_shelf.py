"""Tips as a member meets them: those that went out, with their words and what I did with each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, select

from content.outcomes import Outcome
from storage import members, postings, schedules, tips
from storage.members import Me
from storage.moments import length
from storage.postings import Done, Posting
from storage.tables import BI, posting, tip_deed
from storage.tip_states import DUE, HANDED, SKIPPED, STOPPED
from storage.tips import Tip
from storage.unit import Unit, in_one_hop

AHEAD = dt.timedelta(minutes=1)  # how far a platform's clock may be before ours when it posts a tip


@dataclass(frozen=True, slots=True)
class Seen:
    """A tip in its slot; `own` has the words of one of the community's own, `deeds` is what I did with it."""

    posting: Posting
    own: Tip | None
    deeds: frozenset[Done]


@dataclass(frozen=True, slots=True)
class Week:
    """The newest tip, a page of the earlier ones, how many of these there are, and when the next comes.

    `paused` says that nothing comes because moderators let it rest.
    """

    newest: Seen | None
    earlier: tuple[Seen, ...]
    total: int
    next_at: dt.datetime | None
    paused: bool


@dataclass(frozen=True, slots=True)
class Aside:
    """Some of the tips that I put aside and have not done, the last one first, and how many there are."""

    tips: tuple[Seen, ...]
    total: int


_MINE = tip_deed.c.member_id == members.my_id()
_DEEDS = select(tip_deed.c.tip, tip_deed.c.deed).where(_MINE)
_DONE = select(tip_deed.c.tip).where(_MINE, tip_deed.c.deed == Done.DONE.value)
_ASIDE = (
    select(func.max(posting.c.id).label("posting"))
    .join(tip_deed, tip_deed.c.tip == posting.c.tip)
    .where(posting.c.community_id == bindparam("community", type_=BI), _MINE)
    .where(posting.c.post_at <= bindparam("until", type_=BI))
    .where(tip_deed.c.deed == Done.PLANNED.value, tip_deed.c.tip.not_in(_DONE))
    .group_by(posting.c.tip)
    .order_by(func.min(tip_deed.c.at).desc(), func.max(posting.c.id).desc())
)
_COUNT_ASIDE = select(func.count()).select_from(_ASIDE.order_by(None).subquery())
_UNDO = delete(tip_deed).where(_MINE, tip_deed.c.tip == bindparam("known_by"), tip_deed.c.deed == bindparam("was"))


def deeds(unit: Unit, me: Me) -> set[tuple[str, Done]]:
    """What I did with which tips."""
    return {(row.tip, Done(row.deed)) for row in unit.execute(_DEEDS, members.mine(me))}


def find(unit: Unit, me: Me, posting_id: int) -> Seen | None:
    """One that members can have seen; None for what is still to come or was called off."""
    found = postings.find(unit, me.community, posting_id)
    if found is None or found.state in {STOPPED, SKIPPED} or found.post_at > unit.now + AHEAD:
        return None
    return next(iter(_seen(unit, me, [found])))


@in_one_hop
def week(unit: Unit, me: Me, outcome: Outcome | None, first: int, size: int) -> Week:
    """The newest of an outcome or of all, and the earlier ones from the place `first` among them on."""
    newest, total = postings.out(unit, me.community, outcome, 0, 1)
    earlier, _total = postings.out(unit, me.community, outcome, first + 1, size)
    seen = list(_seen(unit, me, [*newest, *earlier]))
    running = [
        each for each in schedules.of_community(unit, me.community) if each.outcome in {None, outcome or each.outcome}
    ]
    times = [each.next_at for each in running if each.state == schedules.ON]
    times += [each.post_at for each in postings.coming(unit, me.community) if _comes(unit, each, outcome)]
    return Week(
        seen[0] if seen else None,
        tuple(seen[1:]),
        max(total - 1, 0),
        min(times, default=None),
        paused=bool(running) and not times,
    )


@in_one_hop
def aside(unit: Unit, me: Me, first: int, size: int) -> Aside:
    """What I put into my plan and have not done."""
    mine = {**members.mine(me), "until": unit.now_us + length(AHEAD)}
    total = int(unit.execute(_COUNT_ASIDE, mine).scalar_one())
    if not total:
        return Aside((), 0)
    ids = unit.execute(_ASIDE.limit(size).offset(first), mine).scalars().all()
    found = [each for each in (postings.find(unit, me.community, one) for one in ids) if each is not None]
    return Aside(tuple(_seen(unit, me, found)), total)


def undo(unit: Unit, me: Me, posting_id: int, deed: Done) -> None:
    """I did not do it after all, or it leaves my plan."""
    found = postings.find(unit, me.community, posting_id)
    if found is not None:
        unit.execute(_UNDO, {**members.mine(me), "known_by": found.tip, "was": deed.value})


def _comes(unit: Unit, found: Posting, outcome: Outcome | None) -> bool:
    """Whether it has its slot and is still to come."""
    return found.state in {DUE, HANDED} and found.post_at > unit.now and outcome in {None, found.outcome}


def _seen(unit: Unit, me: Me, found: Iterable[Posting]) -> Iterable[Seen]:
    mine = deeds(unit, me)
    for each in found:
        own = tips.find(unit, me.community, int(each.tip)) if each.tip.isdecimal() else None
        yield Seen(each, own, frozenset(deed for tip, deed in mine if tip == each.tip))
