"""A community's own tips: the queue they wait in, and what moderators and members do with them.

A tip is known everywhere by a word: its number, or for one of the library its id, which is never a number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from content.outcomes import Outcome
from content.text import Language
from storage import audit, members, moderator_notes
from storage.audit import Deed
from storage.members import Me
from storage.moments import moment
from storage.tables import BI, member, tip
from storage.tip_states import DROPPED, PAUSED, POSTED, READY, SUGGESTED
from storage.unit import Unit

QUEUE_MAX = 200  # what a community may have waiting
SUGGESTED_MAX = 5  # what one member may have waiting for the moderators

SUGGESTION, YOURS_IS_OUT = "tips.suggested", "tips.yours-is-out"
"""The notices that moderators get of a suggestion, and its member when it went out."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a tip says: title and text by language, one of them at least, and perhaps an address."""

    outcome: Outcome
    said: Mapping[Language, tuple[str, str]]
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Tip:
    """A tip of the community's own. `by` is the name of the member who suggested it, while they are here."""

    id: int
    outcome: Outcome
    said: Mapping[Language, tuple[str, str]]
    link: str | None
    state: str
    place: int
    rev: int
    at: dt.datetime
    by: str | None

    @property
    def word(self) -> str:
        """What it is known by among all tips."""
        return str(self.id)


class Change(Enum):
    """How a change of a tip ended."""

    DONE = "done"
    SAME = "same"  # there was nothing to change
    STALE = "stale"
    GONE = "gone"


class Refused(Enum):
    """Why a tip is not taken."""

    FULL = "full"


_HERE = tip.c.community_id == bindparam("community", type_=BI)
_ONE = tip.c.id == bindparam("tip", type_=BI)
_TIPS = select(tip, member.c.name.label("by")).select_from(tip.outerjoin(member, member.c.id == tip.c.suggested_by))
_QUEUE = (
    _TIPS.where(_HERE, tip.c.state.in_([READY, PAUSED]))
    .order_by(tip.c.place, tip.c.id)
    .limit(bindparam("size"))
    .offset(bindparam("first"))
)
_SUGGESTIONS = _TIPS.where(_HERE, tip.c.state == SUGGESTED).order_by(tip.c.at, tip.c.id).limit(bindparam("size"))
_FIND = _TIPS.where(_HERE, _ONE)
_COUNT = select(func.count()).select_from(tip).where(_HERE, tip.c.state.in_(bindparam("states", expanding=True)))
_MINE = select(tip).where(tip.c.suggested_by == members.my_id(), tip.c.state == SUGGESTED)
_LAST_PLACE = select(func.max(tip.c.place)).where(_HERE)
_INSERT = insert(tip).returning(tip.c.id)
_SET = update(tip).where(_HERE, _ONE)
_SET_WORDS = _SET.values(
    outcome=bindparam("new_outcome"),
    title_en=bindparam("new_title_en"),
    text_en=bindparam("new_text_en"),
    title_zh=bindparam("new_title_zh"),
    text_zh=bindparam("new_text_zh"),
    link=bindparam("new_link"),
    rev=tip.c.rev + 1,
)
_SET_STATE = _SET.values(state=bindparam("new_state"), rev=tip.c.rev + 1)
_SET_PLACE = _SET.values(place=bindparam("new_place", type_=BI), rev=tip.c.rev + 1)
_NEIGHBOURS = select(tip.c.id, tip.c.place).where(_HERE, tip.c.state.in_([READY, PAUSED]))
_ABOVE = (
    _NEIGHBOURS.where(tip.c.place < bindparam("than", type_=BI)).order_by(tip.c.place.desc(), tip.c.id.desc()).limit(1)
)
_BELOW = _NEIGHBOURS.where(tip.c.place > bindparam("than", type_=BI)).order_by(tip.c.place, tip.c.id).limit(1)
_NEXT = _TIPS.where(_HERE, tip.c.state == READY).order_by(tip.c.place, tip.c.id).limit(1)
_NEXT_OF = (
    _TIPS.where(_HERE, tip.c.state == READY, tip.c.outcome == bindparam("wanted"))
    .order_by(tip.c.place, tip.c.id)
    .limit(1)
)
WAITING = (READY, PAUSED)


def queue(unit: Unit, community_id: int, first: int = 0, size: int = 10) -> list[Tip]:
    """What waits to go out, the next first; paused ones stand in their place."""
    rows = unit.execute(_QUEUE, {"community": community_id, "first": first, "size": size})
    return [_tip(row) for row in rows]


def suggestions(unit: Unit, community_id: int, size: int = 10) -> list[Tip]:
    """What members have suggested and moderators have not decided on, the oldest first."""
    return [_tip(row) for row in unit.execute(_SUGGESTIONS, {"community": community_id, "size": size})]


def count(unit: Unit, community_id: int, *states: str) -> int:
    """How many are in one of these states."""
    return int(unit.execute(_COUNT, {"community": community_id, "states": states}).scalar_one())


def find(unit: Unit, community_id: int, tip_id: int) -> Tip | None:
    """One of this community's tips, whatever its state."""
    row = unit.execute(_FIND, {"community": community_id, "tip": tip_id}).first()
    return None if row is None else _tip(row)


def next_ready(unit: Unit, community_id: int, outcome: Outcome | None) -> Tip | None:
    """The one that goes out next; of one outcome, or of whichever."""
    if outcome is None:
        row = unit.execute(_NEXT, {"community": community_id}).first()
    else:
        row = unit.execute(_NEXT_OF, {"community": community_id, "wanted": outcome.value}).first()
    return None if row is None else _tip(row)


def add(unit: Unit, me: Me, written: Written) -> int | Refused:
    """A moderator's own tip, at the end of the queue; answers its number."""
    lock(unit, me.community)
    if count(unit, me.community, *WAITING) >= QUEUE_MAX:
        return Refused.FULL
    made = _insert(unit, me.community, written, READY, None)
    audit.noted(unit, me, Deed.TIP_ADDED, tip=made, **titles_of(written))
    return made


def suggest(unit: Unit, me: Me, written: Written) -> int | Refused:
    """A member's tip, for the moderators to decide on, who are told; answers its number. The same again is that one."""
    my_id = members.ensure(unit, me)
    lock(unit, me.community)
    words = {name.removeprefix("new_"): value for name, value in _words(written).items()}
    waiting = unit.execute(_MINE, members.mine(me)).all()
    for row in waiting:
        if words.items() <= row._mapping.items():  # noqa: SLF001 - SQLAlchemy's public way to a row by names
            return int(row.id)
    if len(waiting) >= SUGGESTED_MAX:
        return Refused.FULL
    made = _insert(unit, me.community, written, SUGGESTED, my_id)
    moderator_notes.tell(unit, me.community, SUGGESTION, key=f"{SUGGESTION}:{made}", tip=made)
    return made


def edit(unit: Unit, me: Me, tip_id: int, rev: int, written: Written) -> Change:
    """New words for one that has not gone out."""
    return _change(unit, me, tip_id, rev, Deed.TIP_EDITED, _SET_WORDS, _words(written))


def approve(unit: Unit, me: Me, tip_id: int, rev: int) -> Change:
    """A suggestion joins the queue, at its end."""
    lock(unit, me.community)
    found = find(unit, me.community, tip_id)
    if found is not None and found.state == READY:
        return Change.DONE
    if found is not None and found.state == SUGGESTED:
        unit.execute(_SET_PLACE, {"community": me.community, "tip": tip_id, "new_place": _end(unit, me.community)})
        rev += 1 if found.rev == rev else 0
    return _change(unit, me, tip_id, rev, Deed.TIP_APPROVED, _SET_STATE, {"new_state": READY})


def drop(unit: Unit, me: Me, tip_id: int, rev: int) -> Change:
    """It is declined or deleted; undone in the audit, it waits again."""
    return _change(unit, me, tip_id, rev, Deed.TIP_DELETED, _SET_STATE, {"new_state": DROPPED})


def pause(unit: Unit, me: Me, tip_id: int, rev: int, *, on: bool) -> Change:
    """It keeps its place and does not go out until it is wanted again."""
    state = PAUSED if on else READY
    found = find(unit, me.community, tip_id)
    if found is not None and found.state == state:
        return Change.DONE
    return _change(unit, me, tip_id, rev, Deed.TIP_PAUSED if on else Deed.TIP_RESUMED, _SET_STATE, {"new_state": state})


def skip(unit: Unit, me: Me, tip_id: int, rev: int) -> Change:
    """Not this time: it goes to the end of the queue."""
    lock(unit, me.community)
    place = _end(unit, me.community)
    return _change(unit, me, tip_id, rev, Deed.TIP_SKIPPED, _SET_PLACE, {"new_place": place})


def move(unit: Unit, me: Me, tip_id: int, rev: int, *, up: bool) -> Change:
    """One place earlier or later; at the end of the queue nothing changes."""
    lock(unit, me.community)
    found = find(unit, me.community, tip_id)
    if found is None or found.state not in WAITING:
        return Change.GONE
    if found.rev != rev:
        return Change.STALE
    other = unit.execute(_ABOVE if up else _BELOW, {"community": me.community, "than": found.place}).first()
    if other is None:
        return Change.SAME
    for each, place in ((tip_id, other.place), (other.id, found.place)):
        unit.execute(_SET_PLACE, {"community": me.community, "tip": each, "new_place": place})
    audit.noted(unit, me, Deed.TIP_MOVED, tip=tip_id, **titles_of(found))
    return Change.DONE


def lock(unit: Unit, community_id: int) -> None:
    """Until the unit ends nobody else changes the queue, or takes a tip of it or of the library."""
    unit.lock_community(community_id)


def titles_of(tip: Written | Tip) -> dict[str, str]:
    """What it is called in each of its languages, under the names of the columns."""
    return {f"title_{language}": title for language, (title, _text) in tip.said.items()}


def goes_out(unit: Unit, community_id: int, tip_id: int) -> None:
    """It has its slot and can be changed no more."""
    unit.execute(_SET_STATE, {"community": community_id, "tip": tip_id, "new_state": POSTED})


def comes_back(unit: Unit, community_id: int, tip_id: int, *, paused: bool) -> None:
    """It did not go out after all: it waits in its old place."""
    state = PAUSED if paused else READY
    unit.execute(_SET_STATE, {"community": community_id, "tip": tip_id, "new_state": state})


def _change(unit: Unit, me: Me, tip_id: int, rev: int, deed: Deed, statement: Any, values: Mapping[str, Any]) -> Change:
    lock(unit, me.community)
    found = find(unit, me.community, tip_id)
    if found is None or found.state in {POSTED, DROPPED}:
        return Change.GONE
    if found.rev != rev:
        return Change.STALE

    def work() -> None:
        unit.execute(statement, {"community": me.community, "tip": tip_id, **values})

    audit.recorded(unit, me, deed, tip, {"id": tip_id, "community_id": me.community}, work, tip=tip_id)
    return Change.DONE


def _insert(unit: Unit, community_id: int, written: Written, state: str, by: int | None) -> int:
    row = {
        "community_id": community_id,
        **{name.removeprefix("new_"): value for name, value in _words(written).items()},
        "state": state,
        "place": _end(unit, community_id),
        "rev": 0,
        "suggested_by": by,
        "at": unit.now_us,
    }
    return int(unit.execute(_INSERT, row).scalar_one())


def _words(written: Written) -> dict[str, Any]:
    english, chinese = (written.said.get(language, (None, None)) for language in (Language.EN, Language.ZH))
    return {
        "new_outcome": written.outcome.value,
        "new_title_en": english[0],
        "new_text_en": english[1],
        "new_title_zh": chinese[0],
        "new_text_zh": chinese[1],
        "new_link": written.link,
    }


def _end(unit: Unit, community_id: int) -> int:
    return int(unit.execute(_LAST_PLACE, {"community": community_id}).scalar_one() or 0) + 1


def _tip(row: Row[*tuple[Any, ...]]) -> Tip:
    pairs = {Language.EN: (row.title_en, row.text_en), Language.ZH: (row.title_zh, row.text_zh)}
    said = {language: (title, text) for language, (title, text) in pairs.items() if title and text}
    outcome, at = Outcome(row.outcome), moment(row.at)
    return Tip(row.id, outcome, said, row.link, row.state, row.place, row.rev, at, row.by)
