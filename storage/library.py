"""Which tips of the library have gone out in a community, and which is next.

The library itself is content: here it is the ids of each outcome, in the order in which they go out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, delete, select

from content.outcomes import Outcome
from storage.moments import length
from storage.tables import BI, library_use
from storage.unit import Unit, upsert

Library = Mapping[Outcome, Sequence[str]]

NEVER_WITHIN = dt.timedelta(weeks=50)
FEW = 8  # unused ones at which the moderators are told

_HERE = library_use.c.community_id == bindparam("community", type_=BI)
_USED = select(library_use.c.tip, library_use.c.at).where(_HERE)
_USE = upsert(
    library_use,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["community_id", "tip"], set_={"at": insert.excluded.at}
    ),
)
_RETURN = delete(library_use).where(_HERE, library_use.c.tip == bindparam("tip"))


def used(unit: Unit, community_id: int) -> dict[str, int]:
    """When each was last used or passed over, in stored moments."""
    return {row.tip: row.at for row in unit.execute(_USED, {"community": community_id})}


def next_of(unit: Unit, community_id: int, ids: Sequence[str]) -> str | None:
    """The next unused of these; used up, the one whose turn is longest ago, never within 50 weeks."""
    times = used(unit, community_id)
    fresh = next((each for each in ids if each not in times), None)
    if fresh is not None or not ids:
        return fresh
    oldest = min(ids, key=lambda each: times[each])
    return None if _rests(unit, times[oldest]) else oldest


def rests(unit: Unit, community_id: int, tip: str) -> bool:
    """Whether it went out, or was passed over, too lately to go out again."""
    at = used(unit, community_id).get(tip)
    return at is not None and _rests(unit, at)


def unused(unit: Unit, community_id: int, ids: Sequence[str]) -> int:
    """How many of these have never gone out here."""
    times = used(unit, community_id)
    return sum(each not in times for each in ids)


def use(unit: Unit, community_id: int, tip: str) -> None:
    """It goes out now, or is passed over: its turn is over."""
    unit.execute(_USE, {"community_id": community_id, "tip": tip, "at": unit.now_us})


def give_back(unit: Unit, community_id: int, tip: str) -> None:
    """It did not go out after all."""
    unit.execute(_RETURN, {"community": community_id, "tip": tip})


def _rests(unit: Unit, at: int) -> bool:
    return at > unit.now_us - length(NEVER_WITHIN)
