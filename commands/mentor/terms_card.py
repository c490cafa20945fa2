"""What a mentor offers, word for word as others read it; and what of it is drafted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from commands.kit.view import Bold, Element, line
from commands.kit.wording import joined
from commands.mentor.meeting import hours
from commands.mentor.sketch import EMPTY, Fields, Part, Sketch, overlaid
from commands.mod import zones
from content.load import Content
from content.mentoring import Hours
from content.text import Text, _, quoted, verbatim
from storage.offers import Terms

SKILLS_SHOWN = 12


def lines(content: Content, terms: Terms | Sketch, day: dt.date) -> tuple[Element, ...]:
    """A line for each part that is said."""
    return tuple(line(Bold(name), _(": {value}", value=value)) for name, value in _parts(content, terms, day))


def of_draft(content: Content, fields: Fields, day: dt.date) -> Text:
    """What stands in a draft, for who wants to know what is kept of them."""
    said = overlaid(content, EMPTY, fields)
    texts = [_("{part}: {value}", part=part, value=value) for part, value in _parts(content, said, day)]
    texts += [_("Time zone: {zone}", zone=zones.city(said.hours.zone))] if "zone" in fields else []
    texts += [in_rounds(said)] if "in_rounds" in fields else []
    return joined(texts) if texts else _("Nothing.")


def in_rounds(terms: Terms | Sketch) -> Text:
    """Whether matching days are taken part in, to the mentor."""
    if terms.in_rounds:
        return _("You take part in mentor matching days.")
    return _("You are left out of mentor matching days.")


def _parts(content: Content, terms: Terms | Sketch, day: dt.date) -> Iterator[tuple[Text, Text]]:
    said = {
        Part.TRACKS: [each.name_only for each in terms.tracks],
        Part.SKILLS: [content.skills[each].name for each in terms.skills if each in content.skills],
        Part.SENIORITY: [terms.seniority.label] if terms.seniority else [],
        Part.HOURS: [when(terms.hours, day)] if terms.hours.weekday | terms.hours.weekend else [],
        Part.LANGUAGES: [each.label for each in terms.languages],
        Part.CAPACITY: [verbatim(str(terms.capacity))] if terms.capacity else [],
    }
    yield from ((part.label, joined(texts, SKILLS_SHOWN)) for part, texts in said.items() if texts)
    if terms.words is not None:
        yield _("Note"), quoted(terms.words)


def when(mine: Hours, day: dt.date) -> Text:
    """Somebody's hours on their own clock, with the city it stands in."""
    return _("{hours} (the clock of {city})", hours=hours.say(mine, day), city=zones.city(mine.zone))
