"""An offer that is being written: its parts, where their first values come from, and what is missing."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from commands.kit.request import Context
from commands.mod import zones
from commands.standing import held, outcomes
from content.load import Content
from content.mentoring import Hours, Seniority, Spoken
from content.outcomes import Outcome
from content.text import Language, Text, _
from storage import shelf
from storage.offering import Desk
from storage.offers import Terms
from storage.shelf import Shelf

CAPACITY_MOST = 10
NOTE_MOST = 300
Fields = Mapping[str, Sequence[str]]


class Part(StrEnum):
    """A part that is chosen on a card of its own; the value is stable: it stands in presses and is its draft's field.

    Hours have two fields besides, and their zone.
    """

    TRACKS = "tracks"
    SKILLS = "skills"
    SENIORITY = "seniority"
    HOURS = "hours"
    LANGUAGES = "languages"
    CAPACITY = "capacity"

    @property
    def label(self) -> Text:
        """Its name on buttons and before what is said of it."""
        return _PARTS[self]


_PARTS = {
    Part.TRACKS: _("Tracks"),
    Part.SKILLS: _("Skills"),
    Part.SENIORITY: _("Experience with AI products"),
    Part.HOURS: _("Hours"),
    Part.LANGUAGES: _("Languages"),
    Part.CAPACITY: _("Mentees at a time"),
}
SPOKEN = {Language.EN: Spoken.ENGLISH, Language.ZH: Spoken.CHINESE}


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is said so far; `seniority` is None, and the rest empty, where it is not said yet."""

    tracks: tuple[Outcome, ...]
    skills: tuple[str, ...]
    seniority: Seniority | None
    hours: Hours
    languages: tuple[Spoken, ...]
    capacity: int
    words: str | None
    in_rounds: bool

    @property
    def missing(self) -> tuple[Part, ...]:
        """The parts that are not said yet, in their order."""
        said = {
            Part.TRACKS: self.tracks,
            Part.SKILLS: self.skills,
            Part.SENIORITY: self.seniority,
            Part.HOURS: self.hours.weekday | self.hours.weekend,
            Part.LANGUAGES: self.languages,
            Part.CAPACITY: self.capacity,
        }
        return tuple(part for part, value in said.items() if not value)

    @property
    def terms(self) -> Terms | None:
        """The offer, once all is said."""
        if self.seniority is None or self.missing:
            return None
        parts = (self.tracks, self.skills, self.seniority, self.hours, self.languages)
        return Terms(*parts, self.capacity, self.words, self.in_rounds)

    @property
    def mark(self) -> int:
        """Another for every change: what a card was drawn from."""
        return zlib.crc32(repr(self).encode())


EMPTY = Sketch((), (), None, Hours(0, 0, "UTC"), (), 0, None, in_rounds=True)


async def sketch(ctx: Context, desk: Desk) -> Sketch:
    """What is drafted, over my offer, or else over what my moderators filled in and what my result says."""
    if desk.offer is not None:
        base = _of_terms(desk.offer.terms)
    else:
        base = _defaults(ctx, await ctx.store.read(shelf.read, ctx.me))
    if desk.invitation is not None:
        base = overlaid(ctx.content, base, desk.invitation.fields)
    return overlaid(ctx.content, base, desk.drafted)


def own_zone(ctx: Context) -> str:
    """The person's time zone, as far as it can be guessed; else the community's."""
    return zones.suggested(ctx.zone, ctx.locale) or ctx.community.zone


def overlaid(content: Content, base: Sketch, fields: Fields) -> Sketch:
    """The sketch with these fields of a draft in place of its own."""
    tracks, skills, languages = fields.get("tracks"), fields.get("skills"), fields.get("languages")
    return Sketch(
        base.tracks if tracks is None else tuple(each for each in Outcome if each.value in tracks),
        base.skills if skills is None else tuple(each for each in content.skills if each in skills),
        Seniority(int(fields["seniority"][0])) if fields.get("seniority") else base.seniority,
        _hours(base.hours, fields),
        base.languages if languages is None else tuple(each for each in Spoken if each.value in languages),
        int(fields["capacity"][0]) if fields.get("capacity") else base.capacity,
        next(iter(fields["words"]), None) if "words" in fields else base.words,
        "1" in fields["in_rounds"] if "in_rounds" in fields else base.in_rounds,
    )


def _hours(base: Hours, fields: Fields) -> Hours:
    weekday, weekend = (
        int(fields[name][0]) if fields.get(name) else mask
        for name, mask in (("weekday", base.weekday), ("weekend", base.weekend))
    )
    return Hours(weekday, weekend, fields["zone"][0] if fields.get("zone") else base.zone)


def _of_terms(terms: Terms) -> Sketch:
    parts = (terms.tracks, terms.skills, terms.seniority, terms.hours, terms.languages)
    return Sketch(*parts, terms.capacity, terms.words, terms.in_rounds)


def _defaults(ctx: Context, here: Shelf) -> Sketch:
    mine = held(ctx.content, here)
    skills = tuple(skill for skill in ctx.content.skills if skill in mine)
    hours = Hours(0, 0, own_zone(ctx))
    return Sketch(outcomes(here), skills, None, hours, (SPOKEN[ctx.language],), 1, None, in_rounds=True)
