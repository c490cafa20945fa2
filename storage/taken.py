"""A tip of the library that moderators take into their own queue."""

from __future__ import annotations

from storage import library, proposals, tips
from storage.members import Me
from storage.tips import Refused, Written
from storage.unit import Unit


def take(unit: Unit, me: Me, tip: str, written: Written) -> int | Refused | None:
    """Its copy's number at the end of the queue; None where this one has gone out or been taken already."""
    tips.lock(unit, me.community)
    if tip in library.used(unit, me.community):
        return None
    made = tips.add(unit, me, written)
    if isinstance(made, int):
        library.use(unit, me.community, tip)
        proposals.withdraw(unit, me.community, tip)
    return made
