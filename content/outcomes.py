"""The four outcomes: three tracks and hybrid."""

from __future__ import annotations

from enum import StrEnum

from content.text import Text, _


class Outcome(StrEnum):
    """A track or hybrid; the value is stable and stored. The order here is no ranking."""

    BUSINESS = "business"
    PLATFORM = "platform"
    TECHNICAL = "technical"
    HYBRID = "hybrid"

    @property
    def label(self) -> Text:
        """Its name on screen, with the words that explain it."""
        return _LABELS[self]

    @property
    def name_only(self) -> Text:
        """Its name alone, for sentences and short buttons."""
        return _NAMES[self]


_LABELS = {
    Outcome.BUSINESS: _("Business (one industry)"),
    Outcome.PLATFORM: _("Platform (tools for developers)"),
    Outcome.TECHNICAL: _("Technical (data and models)"),
    Outcome.HYBRID: _("Hybrid (user experience)"),
}
_NAMES = {
    Outcome.BUSINESS: _("Business"),
    Outcome.PLATFORM: _("Platform"),
    Outcome.TECHNICAL: _("Technical"),
    Outcome.HYBRID: _("Hybrid"),
}
