"""The invitation as two parsers read it: the same instants, and nobody's data but the other's name."""

from __future__ import annotations

import datetime as dt
import itertools

import icalendar
import pytest
from ical.calendar_stream import IcsCalendarStream

from commands.mentor.meeting import agenda, invite
from commands.mentor.meeting.slots import Slot, propose
from content.load import Content
from content.outcomes import Outcome
from content.text import Language
from tests.commands.mentor.meeting.pairs import pairs

MATCHED = dt.datetime(2027, 3, 20, 23, 59, 58, 123456, tzinfo=dt.UTC)
START = dt.datetime(2027, 3, 27, 18, 15, tzinfo=dt.UTC)
SLOTS = (
    Slot(START, START + dt.timedelta(hours=1)),
    Slot(START + dt.timedelta(days=1), START + dt.timedelta(days=1, minutes=30)),
)


def file(
    content: Content, slots: tuple[Slot, ...], other: str = "Ada", language: Language = Language.EN, match: int = 7
) -> bytes | None:
    lines = agenda.agenda(content.skills, ["mlops"], ["mlops"], Outcome.PLATFORM, 0)
    return invite.write(
        content.catalogue, language, match=match, matched=MATCHED, other=other, slots=slots, agenda=lines
    )


def events(written: bytes | None) -> list[icalendar.Event]:
    assert written is not None
    calendar = icalendar.Calendar.from_ical(written)
    assert isinstance(calendar, icalendar.Calendar)
    assert "method" not in calendar
    return list(calendar.events)


def test_two_parsers_read_the_slots_of_pairs_everywhere_to_the_same_instants(content: Content) -> None:
    read = 0
    for pair in itertools.islice(pairs(1000), 0, None, 20):
        slots = propose(pair.mentor, pair.mentee, pair.now)
        written = file(content, slots)
        assert (written is None) == (not slots)
        if written is None:
            continue
        ours = [(event.start, event.end) for event in events(written)]
        theirs = [(each.dtstart, each.dtend) for each in IcsCalendarStream.calendar_from_ics(written.decode()).events]
        assert ours == theirs == [(slot.start, slot.end) for slot in slots]
        assert all(isinstance(end, dt.datetime) and end.utcoffset() == dt.timedelta() for each in ours for end in each)
        read += len(slots)
    assert read > 50


@pytest.mark.parametrize(
    "name",
    [
        "Ada, the first; of\\n her: kind",
        "Ada\r\nATTENDEE:mailto:ada@example.org\r\nEND:VEVENT",
        "A\x00d\x07a\x7f",
        "阿达" * 40,
        "👩🏽\u200d💻" * 12,
        "עדה",
        "",
    ],
)
def test_a_name_is_only_a_name(content: Content, name: str) -> None:
    written = file(content, SLOTS, name)
    assert written is not None
    (first, second) = events(written)
    (same, _also) = IcsCalendarStream.calendar_from_ics(written.decode()).events

    assert {*first} == {"SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "DESCRIPTION", "STATUS", "CLASS"}
    assert str(first["SUMMARY"]) == str(second["SUMMARY"]) == same.summary
    assert str(first["SUMMARY"]).startswith("First meeting with ")
    assert str(first["SUMMARY"]).endswith(" (proposed)")
    assert len(str(first["SUMMARY"])) < 100
    assert "  " not in str(first["SUMMARY"])
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [
        (Language.EN, "First meeting with Ada (proposed)", "One of two proposed times: settle on one"),
        (Language.ZH, "与 Ada 的第一次见面（待定）", "这是两个建议时间之一："),
    ],
)
def test_the_description_is_the_agenda(content: Content, language: Language, title: str, words: str) -> None:
    first, second = events(file(content, SLOTS, language=language))
    description = str(first["DESCRIPTION"])

    assert (first["SUMMARY"], first["STATUS"], first["CLASS"]) == (title, "TENTATIVE", "PRIVATE")
    assert description.startswith(words)
    assert [line[:2] for line in description.splitlines()[-3:]] == ["1.", "2.", "3."]
    assert str(second["DESCRIPTION"]) == description
    alone = str(events(file(content, SLOTS[:1], language=language))[0]["DESCRIPTION"])
    assert alone.splitlines()[1:] == description.splitlines()[1:]
    assert alone.splitlines()[0] != description.splitlines()[0]


def test_asked_for_again_it_is_the_same_file_and_no_other_match_has_its_events(content: Content) -> None:
    assert file(content, SLOTS) == file(content, SLOTS)
    found = [str(event["UID"]) for match in (7, 8) for event in events(file(content, SLOTS, match=match))]
    assert found[0] == "7.20270320T235958.1@meeting.pmpath.invalid"
    assert len({*found}) == 4
