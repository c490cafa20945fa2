"""Moments as the database keeps them: whole microseconds since 1970, UTC."""

from __future__ import annotations

import datetime as dt

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def micros(moment: dt.datetime) -> int:
    """The stored form of an aware moment, exact."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(stored: int) -> dt.datetime:
    """The aware moment, UTC, of its stored form."""
    return _EPOCH + dt.timedelta(microseconds=stored)


def length(span: dt.timedelta) -> int:
    """A span of time in the stored unit."""
    return span // _MICROSECOND
