"""What is known of a matching day as a whole, as it is stored with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from content.left_over import LeftOver


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of a round: scores in ticks, `pace` in seconds between two messages.

    `floor` is the score below which moderators left out what they did not keep; `tries` counts the workers.
    `made` and `gone` are there once it is done.
    """

    matched: int = 0
    waiting: int = 0
    mentors: int = 0
    places: int = 0
    score: int = 0
    bound: int = 0
    gap: float = 0.0
    worst: int = 0
    proven: bool = False
    left: Mapping[LeftOver, int] = field(default_factory=dict)
    pace: float = 0.0
    floor: int = 0
    tries: int = 0
    made: int = 0
    gone: int = 0


def encoded(figures: Figures) -> str:
    """The stored form."""
    return json.dumps(asdict(figures))


def decoded(stored: str | None) -> Figures:
    """None is a round of which nothing is known yet."""
    found = json.loads(stored) if stored else {}
    left = {LeftOver(why): count for why, count in found.pop("left", {}).items()}
    return Figures(left=left, **found)
