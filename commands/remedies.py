"""What a skill is learned from, the best first for its reader, and how that is said."""

from __future__ import annotations

from commands import entries, standing
from commands.entries import Entry
from commands.kit.view import Element, Line, Link, line, quiet
from commands.kit.wording import dotted
from content.load import Content
from content.skills import Skill
from content.text import Language, Text, _
from storage.shelf import Shelf


def in_order(content: Content, shelf: Shelf, skill: Skill, language: Language) -> list[Entry]:
    """What opens where the users are first, then the reader's language; then in the pack's order, and behind it
    what the community has added."""
    pack = (content.resources[each] for each in skill.resources if each in content.resources)
    found = [entries.of_pack(each, shelf.done) for each in pack]
    found += [entries.of_community(content, link, shelf.done) for link in shelf.own if link.skill == skill.id]

    def place(entry: Entry) -> tuple[bool, bool]:
        return closed(shelf, entry), entry.language is not language

    return sorted((entry for entry in found if entry.id not in shelf.hidden), key=place)


def best(found: list[Entry]) -> Entry | None:
    """The first one that is not done; where all are, the first."""
    return next((entry for entry in found if entry.done is None), found[0] if found else None)


def closed(shelf: Shelf, entry: Entry) -> bool:
    """Whether my users may not be able to open it."""
    return entry.unreachable and standing.in_china(shelf)


def in_short(shelf: Shelf, entry: Entry, language: Language) -> Line:
    """A resource on one line, with what its reader must know before opening it."""
    own = [_("added by your moderators")] if entry.own else []
    return quiet(Link(entry.title, entry.address), *dotted([*own, *_warnings(shelf, entry, language)]))


def in_full(shelf: Shelf, entry: Entry, language: Language) -> tuple[Element, ...]:
    """A resource with its link, and below it what must be known of it."""
    first, *rest = about(shelf, entry, language)
    return line(Link(entry.title, entry.address)), quiet(first, *dotted(rest))


def about(shelf: Shelf, entry: Entry, language: Language) -> list[Text]:
    """Where it is from, what its reader must know, when its address was looked up, whether it is done."""
    done = [] if entry.done is None else [_("done")]
    return [*entries.origin(entry), *_warnings(shelf, entry, language), *entries.checks(entry), *done]


def _warnings(shelf: Shelf, entry: Entry, language: Language) -> list[Text]:
    foreign = [] if entry.language is language else [entries.IN_LANGUAGE[entry.language]]
    return [*foreign, *([entries.CLOSED] if closed(shelf, entry) else [])]
