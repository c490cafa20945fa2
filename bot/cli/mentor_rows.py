"""A table of mentors as people keep it: each row read into the fields of an offer's draft, each fault by its place."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import babel

from commands import skill_names
from commands.kit.request import Platform
from commands.mentor.offer_parts import SENIORITIES, wrong_note
from commands.mentor.sketch import CAPACITY_MOST
from commands.mod import zones
from commands.mod.weekdays import DAY_MINUTES, read_clock
from content.load import Content
from content.mentoring import Spoken
from content.outcomes import Outcome
from content.text import BABEL_LOCALES, Language
from storage.invitations import Named

COLUMNS = (
    "uid", "tracks", "skills", "seniority", "languages", "weekday hours", "weekend hours", "zone", "capacity", "note",
)  # fmt: skip
DELIMITERS = ",;\t"
SEVERAL = re.compile(r"[;,；，、|\n]")
FROM_TO = re.compile(r"\s*(?:-|–|—|~|～|至|到|\bto\b)\s*")
HALF_HOUR = 30
UIDS = {
    Platform.DISCORD: (re.compile(r"[0-9]{15,20}"), "a Discord user id of 15 to 20 digits"),
    Platform.SLACK: (re.compile(r"[UW][A-Z0-9]{5,20}"), "a Slack member id, like U012ABCDEF"),
    Platform.WEB: (re.compile(r"[!-~]{1,40}"), "the id of somebody on the page"),
}
Fields = dict[str, tuple[str, ...]]


class Wrong(ValueError):
    """What is the matter with a cell, in words that follow its place."""


@dataclass(frozen=True, slots=True)
class Table:
    """Who is named, what is wrong (`line 3, zone: …`), and which columns nobody asked for."""

    named: tuple[Named, ...]
    faults: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells by our names, and the line that it begins in."""

    line: int
    cells: Mapping[str, str]


def read(content: Content, platform: Platform, words: str, theirs: Mapping[str, str]) -> Table:
    """The table in these words; `theirs` are the headings of columns that are called otherwise there."""
    head, rows, faults = _rows(words)
    wanted = {ours: " ".join(theirs.get(ours, ours).casefold().split()) for ours in COLUMNS}
    places = {ours: head.index(heading) for ours, heading in wanted.items() if heading in head}
    if head:
        faults += [f"line 1: there is no column “{theirs[ours]}”" for ours in theirs if ours not in places]
        faults += [] if "uid" in places or "uid" in theirs else ["line 1: there is no column “uid”"]
    if head and "uid" not in places:
        return Table((), tuple(faults), ())
    named: list[Named] = []
    lines: dict[str, int] = {}
    for line, cells in rows:
        row = Row(line, {ours: cells[place].strip() for ours, place in places.items() if place < len(cells)})
        faults += _too_long(line, cells, head)
        uid, fields, wrong = _row(content, platform, row)
        if uid and uid in lines:
            wrong.append(f"line {line}, uid: {uid} stands in line {lines[uid]} already")
        lines.setdefault(uid, line)
        faults += wrong
        named.append(Named(uid, fields))
    known = set(places.values())
    left_out = tuple(heading for place, heading in enumerate(head) if place not in known and heading)
    return Table(tuple(named), tuple(faults), left_out)


def _rows(words: str) -> tuple[list[str], list[tuple[int, list[str]]], list[str]]:
    """The headings, the rows that have anything in them with the lines they begin in, and what ended the reading."""
    first = words.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(words, newline=""), delimiter=max(DELIMITERS, key=first.count), strict=True)
    rows: list[tuple[int, list[str]]] = []
    line, faults = 1, []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        faults.append(f"line {line}: this is no row of a table ({error})")
    if not rows:
        return [], [], faults or ["line 1: the table is empty"]
    return [" ".join(cell.casefold().split()) for cell in rows[0][1]], rows[1:], faults


def _too_long(line: int, cells: list[str], head: list[str]) -> list[str]:
    if len(cells) <= len(head):
        return []
    return [f"line {line}: it has {len(cells)} cells, the first line {len(head)}; quote cells that have a separator"]


def _row(content: Content, platform: Platform, row: Row) -> tuple[str, Fields, list[str]]:
    """Whose row it is, its fields, and what is wrong with its cells."""
    uid = row.cells.get("uid", "")
    fields: Fields = {}
    wrong: list[str] = []
    pattern, expected = UIDS[platform]
    if not pattern.fullmatch(uid):
        wrong.append(f"line {row.line}, uid: “{uid}” is not {expected}")
    for name, reader in READERS.items():
        if not (cell := row.cells.get(name, "")):
            continue
        try:
            fields |= reader(content, cell)
        except Wrong as error:
            wrong.append(f"line {row.line}, {name}: {error}")
    if not row.cells.get("zone") and (row.cells.get("weekday hours") or row.cells.get("weekend hours")):
        wrong.append(f"line {row.line}, zone: hours need a time zone; write a city in it, like Berlin")
    return uid, fields, wrong


def _parts(cell: str) -> Iterator[str]:
    return (part.strip() for part in SEVERAL.split(cell) if part.strip())


def _tracks(content: Content, cell: str) -> Fields:
    say = content.catalogue.say
    names = {each.value: each.value for each in Outcome}
    for language in Language:
        names |= {say(each.name_only, language).casefold(): each.value for each in Outcome}
    return {"tracks": tuple(_one_of(part, names, f"expected {', '.join(Outcome)}") for part in _parts(cell))}


def _skills(content: Content, cell: str) -> Fields:
    return {"skills": tuple(_skill(content, part) for part in _parts(cell))}


def _skill(content: Content, written: str) -> str:
    """The skill of that very name: a mentor is not to be given one that only sounds like it."""
    found, near = skill_names.find(content, written)
    if found is not None:
        skill = content.skills[found]
        names = {found, *(content.catalogue.say(skill.name, language).casefold() for language in Language)}
        if written.casefold() in names:
            return found
    meant = [content.skills[each].name.en for each in ([found] if found else near)]
    hint = f"; did you mean {' or '.join(meant)}?" if meant else "; write it as /pmpath plan does"
    raise Wrong(f"there is no skill “{written}”{hint}")


def _seniority(_content: Content, cell: str) -> Fields:
    names = {str(int(each)): str(int(each)) for each in SENIORITIES}
    names |= {each.name.casefold(): str(int(each)) for each in SENIORITIES}
    expected = ", ".join(f"{int(each)} ({each.label.en})" for each in SENIORITIES)
    return {"seniority": (_one_of(cell, names, f"expected {expected}"),)}


def _languages(_content: Content, cell: str) -> Fields:
    names = {each.label.en.casefold(): each.value for each in Spoken} | {each.value: each.value for each in Spoken}
    for locale in BABEL_LOCALES.values():
        known = babel.Locale.parse(locale).languages
        names |= {known[each.value].casefold(): each.value for each in Spoken if each.value in known}
    expected = f"expected {', '.join(Spoken)}, or a language's name"
    return {"languages": tuple(_one_of(part, names, expected) for part in _parts(cell))}


def _hours(name: str) -> Callable[[Content, str], Fields]:
    def read_hours(_content: Content, cell: str) -> Fields:
        mask = 0
        for part in _parts(cell):
            mask |= _window(part)
        return {name: (str(mask),)}

    return read_hours


def _window(written: str) -> int:
    """The half-hours of “18:00-21:00”; what ends before it begins goes on after midnight."""
    ends = FROM_TO.split(written)
    start, end = (_minute(each) for each in ends) if len(ends) == 2 else (None, None)
    if start is None or end is None or start in {end, DAY_MINUTES}:
        raise Wrong(f"“{written}” is no stretch of a day; write it like 18:00-21:00")
    if start % HALF_HOUR or end % HALF_HOUR:
        raise Wrong(f"“{written}” does not begin and end on the hour or half past")
    places = range(start // HALF_HOUR, (end if end > start else end + DAY_MINUTES) // HALF_HOUR)
    return sum(1 << place % (DAY_MINUTES // HALF_HOUR) for place in places)


def _minute(written: str) -> int | None:
    return DAY_MINUTES if written in {"24", "24:00"} else read_clock(written)


def _zone(_content: Content, cell: str) -> Fields:
    found, near = zones.find_zone(cell)
    if found is None:
        meant = f"did you mean {zones.city(near).en}?" if near else "write a large city in it, like Shanghai"
        raise Wrong(f"there is no time zone “{cell}”; {meant}")
    return {"zone": (found,)}


def _capacity(_content: Content, cell: str) -> Fields:
    known = {str(count): str(count) for count in range(1, CAPACITY_MOST + 1)}
    return {"capacity": (_one_of(cell, known, f"expected 1 to {CAPACITY_MOST}, how many mentees at a time"),)}


def _note(content: Content, cell: str) -> Fields:
    words = " ".join(cell.split())
    if wrong := wrong_note(words):
        raise Wrong(content.catalogue.say(wrong, Language.EN))
    return {"words": (words,)}


def _one_of(written: str, names: Mapping[str, str], expected: str) -> str:
    found = names.get(written.casefold())
    if found is None:
        raise Wrong(f"“{written}” is not known; {expected}")
    return found


READERS: Mapping[str, Callable[[Content, str], Fields]] = {
    "tracks": _tracks,
    "skills": _skills,
    "seniority": _seniority,
    "languages": _languages,
    "weekday hours": _hours("weekday"),
    "weekend hours": _hours("weekend"),
    "zone": _zone,
    "capacity": _capacity,
    "note": _note,
}
