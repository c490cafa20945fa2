"""Which tip would go out first where nothing is scheduled yet."""

from __future__ import annotations

from content.outcomes import Outcome
from storage import library, tips
from storage.library import Library
from storage.tips import Tip
from storage.unit import Unit


def first(unit: Unit, community_id: int, ids: Library) -> Tip | str | None:
    """The community's own that waits first, else the library's next by its id, the outcomes taking turns."""
    own = tips.next_ready(unit, community_id, None)
    if own is not None:
        return own
    found = (library.next_of(unit, community_id, ids.get(outcome, ())) for outcome in Outcome)
    return next((each for each in found if each is not None), None)
