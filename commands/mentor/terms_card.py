"""What a mentor offers, word for word as others read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from commands.kit.view import Bold, Element, line
from commands.kit.wording import joined
from commands.mentor.meeting import hours
from commands.mentor.sketch import Part, Sketch
from commands.mod import zones
from content.load import Content
from content.mentoring import Hours
from content.text import Text, _, quoted, verbatim
from storage.offers import Terms

SKILLS_SHOWN = 12


def lines(content: Content, terms: Terms | Sketch, day: dt.date) -> tuple[Element, ...]:
    """A line for each part that is said."""
    said = {
        Part.TRACKS: [each.name_only for each in terms.tracks],
        Part.SKILLS: [content.skills[each].name for each in terms.skills if each in content.skills],
        Part.SENIORITY: [terms.seniority.label] if terms.seniority else [],
        Part.HOURS: [when(terms.hours, day)] if terms.hours.weekday | terms.hours.weekend else [],
        Part.LANGUAGES: [each.label for each in terms.languages],
        Part.CAPACITY: [verbatim(str(terms.capacity))],
    }
    note = () if terms.words is None else (line(Bold(_("Note")), _(": {note}", note=quoted(terms.words))),)
    return (*(_line(part.label, texts) for part, texts in said.items() if texts), *note)


def when(mine: Hours, day: dt.date) -> Text:
    """Somebody's hours on their own clock, with the city it stands in."""
    return _("{hours} (the clock of {city})", hours=hours.say(mine, day), city=zones.city(mine.zone))


def _line(name: Text, texts: Sequence[Text]) -> Element:
    return line(Bold(name), _(": {value}", value=joined(texts, SKILLS_SHOWN)))
