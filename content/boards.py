"""Which boards there are, and over which spans of time."""

from __future__ import annotations

from enum import StrEnum

from content.outcomes import Outcome
from content.text import Text, _


class Board(StrEnum):
    """All points, or those of the deeds that belong to one outcome, whatever the member's result."""

    ALL = "all"
    BUSINESS = Outcome.BUSINESS.value
    PLATFORM = Outcome.PLATFORM.value
    TECHNICAL = Outcome.TECHNICAL.value
    HYBRID = Outcome.HYBRID.value

    @property
    def label(self) -> Text:
        """Its name on screen."""
        return _("All points") if self is Board.ALL else Outcome(self.value).name_only


class Season(StrEnum):
    """A span of the community's time: what counts is when it was there."""

    WEEK = "week"
    MONTH = "month"
    EVER = "ever"

    @property
    def label(self) -> Text:
        """Its name on screen."""
        return _SEASONS[self]


_SEASONS = {Season.WEEK: _("This week"), Season.MONTH: _("This month"), Season.EVER: _("Ever")}
