"""The times of a first meeting as a file for calendars (RFC 5545): each an event that may still be moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import icalendar

from commands.kit.wording import person
from commands.mentor.meeting.slots import Slot
from content.text import Catalogue, Language, Text, _


def write(
    catalogue: Catalogue,
    language: Language,
    *,
    match: int,
    matched: dt.datetime,
    other: str,
    slots: Sequence[Slot],
    agenda: Sequence[Text],
) -> bytes | None:
    """The file for one of the two, which knows nothing of anybody but the other's name; None without a slot.

    Asked for again it is the same file, and its events the same events: their names are made of the match, by its id
    and the moment it was made, and the slot's place.
    """
    if not slots:
        return None
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//pmpath//meeting//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    title = catalogue.say(_("First meeting with {name} (proposed)", name=person(_printable(other))), language)
    description = _description(catalogue, language, len(slots), agenda)
    for number, slot in enumerate(slots, 1):
        event = _event(slot, title, description)
        event.add("uid", f"{match}.{matched.astimezone(dt.UTC):%Y%m%dT%H%M%S}.{number}@meeting.pmpath.invalid")
        event.add("dtstamp", matched.astimezone(dt.UTC))
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _event(slot: Slot, title: str, description: str) -> icalendar.Event:
    event = icalendar.Event()
    event.add("dtstart", slot.start)
    event.add("dtend", slot.end)
    event.add("summary", title)
    event.add("description", description)
    event.add("status", "TENTATIVE")
    event.add("class", "PRIVATE")  # who reads a shared calendar need not read the name
    return event


def _description(catalogue: Catalogue, language: Language, slots: int, agenda: Sequence[Text]) -> str:
    said = [catalogue.say(line, language) for line in agenda]
    one_of = _("One of two proposed times: settle on one together and delete the other.")
    what = one_of if slots > 1 else _("A proposed time: ask each other whether it suits you both.")
    about = catalogue.say(_("What to talk about:"), language)
    return "\n".join((catalogue.say(what, language), "", about, *(f"{n}. {line}" for n, line in enumerate(said, 1))))


def _printable(name: str) -> str:
    """A name without the control characters that no calendar file may hold."""
    return "".join(" " if ord(char) < ord(" ") or char == "\x7f" else char for char in name)
