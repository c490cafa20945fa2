"""Why a matching day left somebody over, in words for that person; nothing in them tells of anybody else."""

from __future__ import annotations

from enum import StrEnum

from content.text import Text, _


class LeftOver(StrEnum):
    """The value is stable and stored."""

    NO_MENTORS = "no-mentors"
    LANGUAGE = "language"
    HOURS = "hours"
    EXPERIENCE = "experience"
    PLACES = "places"
    UNMADE = "unmade"

    @property
    def label(self) -> Text:
        """In the reports of moderators."""
        return _LABELS[self]

    @property
    def to_them(self) -> Text:
        """What that person reads, with what could help."""
        return _TO_THEM[self]


_LABELS = {
    LeftOver.NO_MENTORS: _("no mentor had a free place"),
    LeftOver.LANGUAGE: _("no common language"),
    LeftOver.HOURS: _("no common hours"),
    LeftOver.EXPERIENCE: _("no mentor with more experience"),
    LeftOver.PLACES: _("no place left with anybody who fits"),
    LeftOver.UNMADE: _("the pair was left out, or could no longer be made"),
}
_TO_THEM = {
    LeftOver.NO_MENTORS: _("No mentor who takes part had a free place."),
    LeftOver.LANGUAGE: _(
        "No mentor with a free place speaks one of your languages. Add one in which you can talk, if there is any."
    ),
    LeftOver.HOURS: _("No mentor with a free place has an hour in common with yours. More hours help most."),
    LeftOver.EXPERIENCE: _("No mentor with a free place whom you can talk to has more experience than you."),
    LeftOver.PLACES: _("There were mentors who suit you, but not enough places. Who has waited longest goes first."),
    LeftOver.UNMADE: _("A pair had been worked out for you, but it could not be made in the end. You keep your turn."),
}
