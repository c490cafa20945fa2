"""Installations that somebody began: of what Slack must bring back, the digest, good once and for ten minutes."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import bindparam, delete, func, insert, select

from storage.moments import length
from storage.running_tables import slack_state
from storage.tables import BI
from storage.unit import Unit

GOOD_FOR = dt.timedelta(minutes=10)
MOST = 5_000
"""Begun at a time; more is nobody's wish to install."""
PRUNED_AT_ONCE = 500

_COUNT = select(func.count()).select_from(slack_state)
_BEGIN = insert(slack_state)
_TAKE = delete(slack_state).where(slack_state.c.digest == bindparam("of")).returning(slack_state.c.at)
_OLD = select(slack_state.c.digest).where(slack_state.c.at <= bindparam("until", type_=BI)).limit(PRUNED_AT_ONCE)
_PRUNE = delete(slack_state).where(slack_state.c.digest.in_(_OLD))


def begin(unit: Unit, digest: str) -> bool:
    """An installation is begun; False where too many are already."""
    prune(unit)
    if unit.execute(_COUNT).scalar_one() >= MOST:
        return False
    unit.execute(_BEGIN, {"digest": digest, "at": unit.now_us})
    return True


def take(unit: Unit, digest: str) -> bool:
    """Whether that was begun less than ten minutes ago; it is known no more from now on."""
    at = unit.execute(_TAKE, {"of": digest}).scalar_one_or_none()
    return at is not None and at > unit.now_us - length(GOOD_FOR)


def prune(unit: Unit) -> bool:
    """Forget those that came to nothing, a part at a time; whether there may be more."""
    return unit.execute(_PRUNE, {"until": unit.now_us - length(GOOD_FOR)}).rowcount == PRUNED_AT_ONCE
