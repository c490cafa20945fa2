"""How the communities are, for the operator: what did not go out, and why; read only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from content.text import Language
from storage.mentor_states import Approval
from storage.outbox_states import CLOSED, DEAD, UNCERTAIN
from storage.schedules import OFF, ON, PAUSED
from storage.tables import community, member, mentor_offer, moderator, moderator_note, outbox, schedule
from storage.unit import Unit

AILING_MOST = 20  # told one by one


@dataclass(frozen=True, slots=True)
class Counts:
    """All communities of one platform."""

    platform: str
    here: int
    left: int
    tips_on: int
    tips_paused: int


@dataclass(frozen=True, slots=True)
class Ailing:
    """A community that something did not reach. `trouble` is why the last tip did not come, with its channel."""

    platform: str
    name: str
    language: Language
    trouble: tuple[tuple[str, str], ...]
    given_up: tuple[tuple[str, int], ...]
    uncertain: int
    notes: int
    told: int
    named: int


@dataclass(frozen=True, slots=True)
class Wellbeing:
    """`more` are those that ail and are not among `ailing`."""

    counts: tuple[Counts, ...]
    ailing: tuple[Ailing, ...]
    more: int
    closed: int
    offers_waiting: int


_STATE = {
    state: func.count(func.distinct(schedule.c.community_id)).filter(
        schedule.c.state == state, community.c.left_at.is_(None)
    )
    for state in (ON, PAUSED)
}
_COUNTS = (
    select(
        community.c.platform,
        func.count(func.distinct(community.c.id)).filter(community.c.left_at.is_(None)).label("here"),
        func.count(func.distinct(community.c.id)).filter(community.c.left_at.is_not(None)).label("gone"),
        _STATE[ON].label("tips_on"),
        _STATE[PAUSED].label("tips_paused"),
    )
    .select_from(community.outerjoin(schedule, schedule.c.community_id == community.c.id))
    .group_by(community.c.platform)
    .order_by(community.c.platform)
)
_TROUBLED = and_(schedule.c.trouble.is_not(None), schedule.c.state != OFF)
_POSTS = and_(outbox.c.member_id.is_(None), outbox.c.state.in_([DEAD, UNCERTAIN]))
_AILS = and_(
    community.c.left_at.is_(None),
    or_(
        exists().where(schedule.c.community_id == community.c.id, _TROUBLED),
        community.c.id.in_(select(outbox.c.community_id).where(_POSTS)),
    ),
)
_AILING = select(community).where(_AILS).order_by(community.c.id).limit(AILING_MOST)
_AILING_COUNT = select(func.count()).select_from(community).where(_AILS)
_CLOSED = select(func.count()).select_from(outbox).where(outbox.c.member_id.is_not(None), outbox.c.state == CLOSED)
_OFFERS = select(func.count()).select_from(mentor_offer).where(mentor_offer.c.approval == Approval.WAITING)


def look(unit: Unit) -> Wellbeing:
    """All of it; at most a handful of reads for each community that ails."""
    ailing = tuple(_ailing(unit))
    return Wellbeing(
        counts=tuple(Counts(*row) for row in unit.execute(_COUNTS)),
        ailing=ailing,
        more=unit.execute(_AILING_COUNT).scalar_one() - len(ailing),
        closed=unit.execute(_CLOSED).scalar_one(),
        offers_waiting=unit.execute(_OFFERS).scalar_one(),
    )


def _ailing(unit: Unit) -> Iterator[Ailing]:
    for row in unit.execute(_AILING).all():
        here = outbox.c.community_id == row.id
        posts = select(outbox.c.error, func.count()).where(here, _POSTS, outbox.c.state == DEAD)
        given_up = unit.execute(posts.group_by(outbox.c.error).order_by(outbox.c.error)).all()
        troubled = select(schedule.c.trouble, schedule.c.channel).where(schedule.c.community_id == row.id, _TROUBLED)
        open_notes = and_(moderator_note.c.community_id == row.id, moderator_note.c.settled_at.is_(None))
        yield Ailing(
            platform=row.platform,
            name=row.name,
            language=Language(row.language),
            trouble=tuple((why, channel) for why, channel in unit.execute(troubled)),
            given_up=tuple((error or "", count) for error, count in given_up),
            uncertain=_count(unit, here, _POSTS, outbox.c.state == UNCERTAIN),
            notes=_count(unit, open_notes),
            told=_count(unit, member.c.community_id == row.id, member.c.tell_here == 1),
            named=_count(unit, moderator.c.community_id == row.id),
        )


def _count(unit: Unit, *conditions: ColumnElement[bool]) -> int:
    return int(unit.execute(select(func.count()).where(*conditions)).scalar_one())
