"""How far one must be to learn from a resource."""

from __future__ import annotations

from enum import StrEnum

from content.text import Text, _


class Level(StrEnum):
    """The value is the resource's own level, one sign in a press."""

    BEGINNER = "1"
    PRACTITIONER = "2"
    ADVANCED = "3"

    @property
    def label(self) -> Text:
        return _LABELS[self]


_LABELS = {
    Level.BEGINNER: _("beginner"),
    Level.PRACTITIONER: _("practitioner"),
    Level.ADVANCED: _("advanced"),
}
