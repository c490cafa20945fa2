"""What goes out next besides the slots that have their tip: the head of the queue, or the library's next."""

from __future__ import annotations

from content.outcomes import Outcome
from storage import firing, library, proposals, schedules, tips
from storage.firing import Choice
from storage.library import Library
from storage.members import Me
from storage.schedules import ON
from storage.unit import Unit


def now(unit: Unit, community_id: int, outcome: Outcome | None, ids: Library) -> Choice | None:
    """What a moderator would post now, of one outcome or of whichever is due."""
    own = tips.next_ready(unit, community_id, outcome)
    return from_library(unit, community_id, outcome, ids) if own is None else Choice(own.outcome, own.word)


def from_library(unit: Unit, community_id: int, outcome: Outcome | None, ids: Library) -> Choice | None:
    """The library's next: of one outcome, else of the schedule whose slot comes first."""
    if outcome is None:
        running = [each for each in schedules.of_community(unit, community_id) if each.state == ON]
        if running:
            return firing.from_library(unit, min(running, key=lambda each: each.next_at), ids)
    for each in Outcome if outcome is None else (outcome,):
        tip = library.next_of(unit, community_id, ids.get(each, ()))
        if tip is not None:
            return Choice(each, tip)
    return None


def pass_over(unit: Unit, me: Me, tip: str, ids: Library) -> bool:
    """The library's next lets its turn pass; False where it is not the next any more."""
    choice = from_library(unit, me.community, None, ids)
    if choice is None or choice.tip != tip:
        return False
    proposals.pass_over(unit, me, tip)
    return True
