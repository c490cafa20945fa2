"""The digest of a closed week or month: when it is told to a channel, and whom it names."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as SqlRow
from sqlalchemy import bindparam, delete, func, insert, select, update

from content.boards import Board, Season
from storage import audit, seasons
from storage.appearances import ON_BOARDS
from storage.audit import Deed
from storage.boards import FIRST, Row
from storage.members import Me
from storage.moments import micros, moment
from storage.tables import BI, appearance, community, digest, digest_line, member, outbox, standing
from storage.unit import Unit, upsert

NOTICE = "boards.digest"
"""The notice that becomes the post."""
AT = dt.time(9)  # on the first day after the week or month, by the community's clocks
GRACE = dt.timedelta(hours=24)  # how late a missed one is still posted
AT_ONCE = 10  # communities in one unit, which must not hold the writer for long


@dataclass(frozen=True, slots=True)
class Digest:
    """What moderators switched on: a week or a month, to which channel, and when next."""

    season: Season
    channel: str
    next_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed window as everybody may read it: the first ten."""

    window: str
    rows: tuple[Row, ...]


_NOW = bindparam("now", type_=BI)
_COMMUNITY = bindparam("community", type_=BI)
_STAYS = community.c.left_at.is_(None)
_KNOWN = digest.c.season.in_([Season.WEEK.value, Season.MONTH.value])  # what a later version tells is let be
_FIND = select(digest, community.c.zone).join(community).where(digest.c.community_id == _COMMUNITY, _KNOWN)
_DUE = (
    select(digest, community.c.zone)
    .join(community)
    .where(digest.c.next_at <= _NOW, _STAYS, _KNOWN)
    .order_by(digest.c.next_at, digest.c.community_id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True, of=digest)
)
_IS_DUE = select(digest.c.community_id).join(community).where(digest.c.next_at <= _NOW, _STAYS, _KNOWN).limit(1)
_NEXT = select(func.min(digest.c.next_at)).join(community).where(digest.c.next_at > _NOW, _STAYS, _KNOWN)
_PUT = upsert(
    digest,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["community_id"],
        set_={name: insert.excluded[name] for name in ("season", "channel", "next_at", "at")},
    ),
)
_OFF = delete(digest).where(digest.c.community_id == _COMMUNITY)
_SET_NEXT = update(digest).where(digest.c.community_id == _COMMUNITY).values(next_at=bindparam("new_next_at", type_=BI))
_LINE = (member.c.id.label("member_id"), member.c.name, member.c.uid)
_FIRST = (
    select(*_LINE, standing.c.points)
    .select_from(standing.join(member, member.c.id == standing.c.member_id))
    .where(
        standing.c.community_id == _COMMUNITY,
        standing.c.board == Board.ALL.value,
        standing.c.season == bindparam("in_season"),
        standing.c.points > 0,
    )
    .order_by(standing.c.points.desc(), standing.c.member_id.desc())
    .limit(FIRST)
)
_NAMED = (
    select(*_LINE, digest_line.c.points)
    .select_from(digest_line.join(member).join(appearance, appearance.c.member_id == member.c.id))
    .join(outbox, outbox.c.id == digest_line.c.outbox_id)
    .where(outbox.c.key == bindparam("key"), outbox.c.community_id == _COMMUNITY, ON_BOARDS)
    .order_by(digest_line.c.points.desc(), digest_line.c.member_id.desc())
    .limit(FIRST)
)
_FORGET = delete(digest_line).where(digest_line.c.outbox_id == bindparam("post", type_=BI))
_NAME = insert(digest_line)


def of_community(unit: Unit, community_id: int) -> Digest | None:
    """What is switched on there."""
    row = unit.execute(_FIND, {"community": community_id}).first()
    return None if row is None else Digest(Season(row.season), row.channel, moment(row.next_at))


def switch_on(unit: Unit, me: Me, zone: str, season: Season, channel: str) -> None:
    """This one from now on, for the first time with the season that closes next."""
    found = of_community(unit, me.community)
    if found is not None and (found.season, found.channel) == (season, channel):
        return

    def work() -> None:
        next_at = tell_at(_coming(season, zone, unit.now), zone)
        row = {"community_id": me.community, "season": season.value, "channel": channel}
        unit.execute(_PUT, {**row, "next_at": micros(next_at), "at": unit.now_us})

    _recorded(unit, me, Deed.DIGEST_SET, work, season=season.value, channel=channel)


def switch_off(unit: Unit, me: Me) -> None:
    """None goes out any more."""
    _recorded(unit, me, Deed.DIGEST_OFF, lambda: unit.execute(_OFF, {"community": me.community}))


def anything(unit: Unit) -> bool:
    """Whether `fire` has something to do now."""
    return unit.execute(_IS_DUE, {"now": unit.now_us}).first() is not None


def next_moment(unit: Unit) -> int | None:
    """When one is due next after now, as it is stored."""
    found: int | None = unit.execute(_NEXT, {"now": unit.now_us}).scalar_one()
    return found


def fire(unit: Unit) -> int:
    """Put out what is due, at most 10; answers how many communities that were. What nobody stands on is not told."""
    rows = unit.execute(_DUE, {"now": unit.now_us}).all()
    for row in rows:
        _fire(unit, row)
    return len(rows)


def move(unit: Unit, community_id: int) -> None:
    """The community's clocks are others now: the season that would be told next is told by those."""
    row = unit.execute(_FIND, {"community": community_id}).first()
    if row is not None:
        told = _told_at(Season(row.season), moment(row.next_at))
        _set_next(unit, community_id, tell_at(told, row.zone))


def settle_next(unit: Unit, community_id: int) -> None:
    """After an undo or a return nothing past is made up for."""
    row = unit.execute(_FIND, {"community": community_id}).first()
    if row is not None:
        _set_next(unit, community_id, tell_at(_coming(Season(row.season), row.zone, unit.now), row.zone))


def tell_at(window: str, zone: str) -> dt.datetime:
    """When a window is told there, once it has closed."""
    day = seasons.days(window)[1] + dt.timedelta(days=1)
    return dt.datetime.combine(day, AT, zoneinfo.ZoneInfo(zone)).astimezone(dt.UTC)


def latest(unit: Unit, community_id: int, zone: str, season: Season) -> Closed:
    """The season that closed last there, as it would be told."""
    window = seasons.before(seasons.window(season, seasons.local_day(zone, unit.now)))
    found = unit.execute(_FIRST, {"community": community_id, "in_season": window}).all()
    return Closed(window, _ranked(found))


def told(unit: Unit, community_id: int, window: str) -> Closed | None:
    """What a post tells: of those whom it names, the first ten who still stand on boards; None if that is nobody."""
    found = unit.execute(_NAMED, {"community": community_id, "key": f"post:{_key(community_id, window)}"}).all()
    return Closed(window, _ranked(found)) if found else None


def _fire(unit: Unit, row: SqlRow[*tuple[Any, ...]]) -> None:
    """Of several that were missed only the last counts, and not if that is more than a day ago."""
    coming = _coming(Season(row.season), row.zone, unit.now)
    _set_next(unit, row.community_id, tell_at(coming, row.zone))
    window = seasons.before(coming)
    at = tell_at(window, row.zone)
    first = unit.execute(_FIRST, {"community": row.community_id, "in_season": window}).all()
    if not first or unit.now > at + GRACE:
        return
    key = _key(row.community_id, window)
    post = unit.post_for(micros(at), row.community_id, row.channel, NOTICE, key, {"window": window})
    if post is not None:
        unit.execute(_FORGET, {"post": post})
        lines = [
            {"outbox_id": post, "member_id": each.member_id, "rank": place.rank, "points": each.points}
            for each, place in zip(first, _ranked(first), strict=True)
        ]
        unit.execute(_NAME, lines)


def _ranked(found: Any) -> tuple[Row, ...]:
    """Lines that follow each other from the first on; ties share a rank."""
    lines: list[Row] = []
    for place, each in enumerate(found, 1):
        tied = lines and lines[-1].points == each.points
        lines.append(Row(lines[-1].rank if tied else place, each.name, each.points, each.uid))
    return tuple(lines)


def _coming(season: Season, zone: str, now: dt.datetime) -> str:
    """The window that is told next: this one, or the last while that is still to be told."""
    this = seasons.window(season, seasons.local_day(zone, now))
    last = seasons.before(this)
    return last if tell_at(last, zone) > now else this


def _told_at(season: Season, next_at: dt.datetime) -> str:
    """The window that is told at this moment, whatever zone that was worked out in."""
    return seasons.before(seasons.window(season, (next_at + dt.timedelta(days=2)).date()))


def _set_next(unit: Unit, community_id: int, next_at: dt.datetime) -> None:
    unit.execute(_SET_NEXT, {"community": community_id, "new_next_at": micros(next_at)})


def _key(community_id: int, window: str) -> str:
    return f"digest:{community_id}:{window}"


def _recorded(unit: Unit, me: Me, deed: Deed, work: Any, **ids: int | str) -> None:
    audit.recorded(unit, me, deed, digest, {"community_id": me.community}, work, also=(), **ids)
