"""What members ask for in a mentor, and who waits for the next matching day."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, case, select, update

from content.mentoring import Hours, Seniority, Spoken
from content.outcomes import Outcome
from storage import members
from storage.members import Me
from storage.mentor_states import WAITS_FOR
from storage.moments import length, moment
from storage.tables import BI, member, mentor_ask
from storage.unit import Unit, upsert


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for. `gaps` are those that a mentor may see."""

    track: Outcome
    gaps: tuple[str, ...]
    seniority: Seniority
    hours: Hours
    languages: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """An ask as stored; `waiting_since` is None for who does not wait, `rounds` how many days have left them over."""

    member: int
    uid: str
    name: str
    wanted: Wanted
    waiting_since: dt.datetime | None
    rounds: int


_ROWS = select(mentor_ask, member.c.uid, member.c.name).join(member, member.c.id == mentor_ask.c.member_id)
_MINE = _ROWS.where(mentor_ask.c.member_id == members.my_id())
_OF = _ROWS.where(mentor_ask.c.member_id == bindparam("mentee", type_=BI))
_WORDS = ("track", "gaps", "seniority", "weekday", "weekend", "zone", "languages", "at")
_SAVE = upsert(
    mentor_ask,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["member_id"], set_={name: insert.excluded[name] for name in _WORDS}
    ),
)
_SET = update(mentor_ask).where(mentor_ask.c.member_id == bindparam("mentee", type_=BI))
_STILL = mentor_ask.c.waiting_since > bindparam("after", type_=BI)
_WAIT = _SET.values(waiting_since=bindparam("now", type_=BI), rounds=case((_STILL, mentor_ask.c.rounds), else_=0))
_STOP = _SET.values(waiting_since=None, rounds=0)
_LEFT_OVER = (
    update(mentor_ask)
    .where(mentor_ask.c.member_id.in_(bindparam("them", expanding=True)), mentor_ask.c.waiting_since.is_not(None))
    .values(rounds=mentor_ask.c.rounds + 1)
)
_BACK = _SET.values(waiting_since=bindparam("now", type_=BI), rounds=bindparam("so_many", type_=BI))


def mine(unit: Unit, me: Me) -> Ask | None:
    """What I ask for."""
    row = unit.execute(_MINE, members.mine(me)).first()
    return None if row is None else _read(row, unit.now_us)


def of_member(unit: Unit, member_id: int) -> Ask | None:
    """What this member asks for."""
    row = unit.execute(_OF, {"mentee": member_id}).first()
    return None if row is None else _read(row, unit.now_us)


def save(unit: Unit, me: Me, wanted: Wanted) -> int:
    """I ask for this from now on; whether I wait stays as it was. My member's id."""
    member_id = members.ensure(unit, me)
    row = {
        "member_id": member_id,
        "community_id": me.community,
        "track": wanted.track,
        "gaps": json.dumps(wanted.gaps),
        "seniority": int(wanted.seniority),
        "weekday": wanted.hours.weekday,
        "weekend": wanted.hours.weekend,
        "zone": wanted.hours.zone,
        "languages": " ".join(wanted.languages),
        "rounds": 0,
        "at": unit.now_us,
    }
    unit.execute(_SAVE, row)
    return member_id


def wait(unit: Unit, me: Me) -> bool:
    """I wait for the next matching day, for sixty days from now on; False without an ask.

    How often I was left over counts as long as I wait without a gap.
    """
    asked = mine(unit, me)
    if asked is None:
        return False
    values = {"mentee": asked.member, "now": unit.now_us, "after": unit.now_us - length(WAITS_FOR)}
    return unit.execute(_WAIT, values).rowcount > 0


def stop(unit: Unit, member_id: int) -> None:
    """This member waits no more."""
    unit.execute(_STOP, {"mentee": member_id})


def left_over(unit: Unit, *member_ids: int) -> None:
    """A matching day passed these members by; who waits no more is not counted."""
    unit.execute(_LEFT_OVER, {"them": member_ids})


def give_back(unit: Unit, member_id: int, rounds: int) -> None:
    """This member waits again, with the priority of before."""
    unit.execute(_BACK, {"mentee": member_id, "now": unit.now_us, "so_many": rounds})


def _read(row: Row[*tuple[Any, ...]], now_us: int) -> Ask:
    wanted = Wanted(
        Outcome(row.track),
        tuple(json.loads(row.gaps)),
        Seniority(row.seniority),
        Hours(row.weekday, row.weekend, row.zone),
        tuple(Spoken(each) for each in row.languages.split()),
    )
    waits = row.waiting_since is not None and row.waiting_since > now_us - length(WAITS_FOR)
    return Ask(row.member_id, row.uid, row.name, wanted, moment(row.waiting_since) if waits else None, row.rounds)
