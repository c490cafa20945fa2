"""What deeds are worth, and how much of them counts in one week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from content.source import Place, once

MOST = 1000  # points for one deed, or in one week


class Deed(StrEnum):
    """What points are given for; the value is stable and stored.

    Those `with line` are what a line or link adds: the difference to the same deed without one.
    """

    ASSESSMENT = "assessment"
    STEP = "step"
    STEP_WITH_LINE = "step-with-line"
    RESOURCE = "resource"
    RESOURCE_WITH_LINE = "resource-with-line"
    TIP = "tip"
    SUGGESTION = "suggestion"
    SESSION = "session"


NEWER = frozenset({Deed.SESSION})
"""A file written before there was such a deed says nothing of it: it then gives no points."""
WITHOUT_LINE = {Deed.STEP_WITH_LINE: Deed.STEP, Deed.RESOURCE_WITH_LINE: Deed.RESOURCE}


@dataclass(frozen=True, slots=True)
class Points:
    """`worth` is the whole of a deed, as members read it; `limited` deeds give at most `week_most` in one week."""

    worth: Mapping[Deed, int]
    limited: frozenset[Deed]
    week_most: int

    def adds(self, deed: Deed) -> int:
        """What one award of this deed comes to, beside that of the same deed without a line."""
        without = WITHOUT_LINE.get(deed)
        return self.worth[deed] - (self.worth[without] if without else 0)


def read_points(place: Place) -> Points:
    """The points of one file; faults are noted at their places."""
    parts = place.fields(("deeds", "week"))
    deeds = parts["deeds"].fields(tuple(deed for deed in Deed if deed not in NEWER), NEWER)
    worth = {deed: deeds[deed].whole(1, MOST) if deed in deeds else 0 for deed in Deed}
    for deed, without in WITHOUT_LINE.items():
        if worth[deed] <= worth[without]:
            deeds[deed].expected(f"more than the {worth[without]} of “{without}”")
    week = parts["week"].fields(("most", "deeds"))
    named = [(each.one_of(tuple(Deed), "a deed of this file"), each) for each in week["deeds"].sequence()]
    return Points(
        MappingProxyType(worth),
        frozenset(Deed(each) for each in once(named) if each in tuple(Deed)),
        week["most"].whole(1, MOST),
    )
