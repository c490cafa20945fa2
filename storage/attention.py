"""What waits for moderators on Home, read at one moment."""

from __future__ import annotations

from dataclasses import dataclass

from storage import doubts, moderator_notes
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Attention:
    """How many posts need a look, and how many notes nobody has seen to."""

    posts: int = 0
    notes: int = 0


def of_community(unit: Unit, community_id: int) -> Attention:
    """Both counts."""
    return Attention(len(doubts.of_community(unit, community_id)), moderator_notes.count(unit, community_id))
