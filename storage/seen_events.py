"""Events that a platform sent already: it repeats those it thinks we missed."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import bindparam, delete, select, tuple_

from storage.moments import length
from storage.tables import seen_event
from storage.unit import Unit, upsert

KEPT_FOR = dt.timedelta(days=1)  # Slack repeats for about an hour
PRUNED_AT_ONCE = 500  # a unit must not hold the writer for long

_SEE = upsert(seen_event, lambda insert: insert.on_conflict_do_nothing().returning(seen_event.c.at))
_KEY = tuple_(seen_event.c.platform, seen_event.c.event_id)
_OLD = select(seen_event.c.platform, seen_event.c.event_id).where(seen_event.c.at <= bindparam("until"))
_PRUNE = delete(seen_event).where(_KEY.in_(_OLD.limit(PRUNED_AT_ONCE)))


def first_time(unit: Unit, platform: str, event_id: str) -> bool:
    """Whether this event is new; it is known from now on."""
    return unit.execute(_SEE, {"platform": platform, "event_id": event_id, "at": unit.now_us}).first() is not None


def prune(unit: Unit) -> bool:
    """Forget events too old to be repeated, a part at a time; whether there may be more."""
    return unit.execute(_PRUNE, {"until": unit.now_us - length(KEPT_FOR)}).rowcount == PRUNED_AT_ONCE
