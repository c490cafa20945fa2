"""Taking back what a moderator did, and what follows from it."""

from __future__ import annotations

from storage import audit, schedules
from storage.audit import Already, ChangedSince, TooLate, Undone
from storage.members import Me
from storage.tables import schedule
from storage.unit import Unit


def undo(unit: Unit, me: Me, line: int) -> Undone | ChangedSince | TooLate | Already:
    """As `audit.undo`; a schedule that is back goes on from now, and makes up for nothing."""
    done = audit.undo(unit, me, line)
    if isinstance(done, Undone):
        changed = [int(str(change.key["id"])) for change in done.line.changes if change.table is schedule]
        schedules.settle_next(unit, me.community, changed)
    return done
