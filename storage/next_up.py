"""What goes out next besides the slots that have their tip: the head of the queue, or the library's next."""

from __future__ import annotations

from content.outcomes import Outcome
from storage import firing, library, proposals, schedules, tips
from storage.firing import Choice
from storage.library import Library
from storage.members import Me
from storage.schedules import ON, Schedule
from storage.unit import Unit


def now(unit: Unit, community_id: int, outcome: Outcome | None, ids: Library) -> Choice | None:
    """What a moderator would post now, of one outcome or of whichever is due."""
    own = tips.next_ready(unit, community_id, outcome)
    return from_library(unit, community_id, outcome, ids) if own is None else Choice(own.outcome, own.word)


def schedule(unit: Unit, community_id: int) -> Schedule | None:
    """The one that is on and whose slot comes first."""
    running = [each for each in schedules.of_community(unit, community_id) if each.state == ON]
    return min(running, key=lambda each: each.next_at, default=None)


def from_library(unit: Unit, community_id: int, outcome: Outcome | None, ids: Library) -> Choice | None:
    """The library's next: of one outcome, else of the schedule whose slot comes first."""
    first = None if outcome is not None else schedule(unit, community_id)
    if first is not None:
        return firing.from_library(unit, first, ids)
    for each in Outcome if outcome is None else (outcome,):
        tip = library.next_of(unit, community_id, ids.get(each, ()))
        if tip is not None:
            return Choice(each, tip)
    return None


def pass_over(unit: Unit, me: Me, tip: str, ids: Library) -> bool:
    """The library's next lets its turn pass; False where it is not the next any more."""
    tips.lock(unit, me.community)
    choice = from_library(unit, me.community, None, ids)
    if choice is None or choice.tip != tip:
        return False
    proposals.pass_over(unit, me, tip)
    proposals.withdraw(unit, me.community, tip)
    return True
