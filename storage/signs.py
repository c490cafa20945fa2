"""Signs of life: which processes do the same work on one database, by what each of them said lately."""

from __future__ import annotations

import datetime as dt

from storage import notes
from storage.moments import length, micros
from storage.unit import Unit

LASTS = dt.timedelta(seconds=10)  # five signs; who was silent for so long is gone, or stands still


def give(unit: Unit, work: str, owner: str, *, real_now: dt.datetime) -> bool:
    """This one does it; whether others do too."""
    prefix, now = f"process.{work}:", micros(real_now)
    notes.keep(unit, prefix + owner, str(now))
    others = {name: int(at) for name, at in notes.begun(unit, prefix).items() if name != prefix + owner}
    for name, at in others.items():
        if abs(now - at) > length(LASTS):
            notes.forget(unit, name)
    return any(abs(now - at) <= length(LASTS) for at in others.values())


def withdraw(unit: Unit, work: str, owner: str) -> None:
    """This one does it no more."""
    notes.forget(unit, f"process.{work}:{owner}")
