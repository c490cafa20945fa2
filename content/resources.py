"""What to learn from: addresses with their language, level and when somebody last looked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import urlsplit

from content.source import Place
from content.text import Language

Seen = Literal["exact", "nearby", "memory"]
Reachable = Literal["yes", "no", "unknown"]
TITLE_MAX = 80
ADDRESS_MAX = 300
HOURS_MAX = 400


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource. Its title stands in its own language. Level 1 beginner, 2 practitioner, 3 advanced.

    `seen` says how the address was checked on `checked_on`: the exact one in public documents, one nearby on
    the same path, or from memory. `reachable_cn`: whether it opens in mainland China.
    """

    id: str
    title: str
    address: str
    by: str
    language: Language
    level: int
    hours: int | None
    skills: tuple[str, ...]
    seen: Seen
    checked_on: dt.date
    reachable_cn: Reachable


def read_resources(place: Place) -> dict[str, Resource]:
    """The resources of one file by id; faults are noted at their places."""
    return {resource_id: _resource(resource_id, each) for resource_id, each in place.entries().items()}


def _resource(resource_id: str, place: Place) -> Resource:
    place.proper_id(resource_id)
    required = ("title", "address", "by", "language", "level", "skills", "seen", "checked_on", "reachable_cn")
    keys = place.fields(required, ("hours",))
    if len(keys) < len(required):
        return Resource(resource_id, "", "", "", Language.EN, 1, None, (), "memory", dt.date.min, "unknown")
    language = keys["language"].one_of(tuple(Language), "a language")
    return Resource(
        id=resource_id,
        title=keys["title"].words(TITLE_MAX),
        address=_address(keys["address"]),
        by=keys["by"].words(TITLE_MAX),
        language=Language(language) if language in tuple(Language) else Language.EN,
        level=keys["level"].whole(1, 3),
        hours=keys["hours"].whole(1, HOURS_MAX) if "hours" in keys else None,
        skills=tuple(each.refers("skill") for each in keys["skills"].sequence(at_least=1)),
        seen=cast(Seen, keys["seen"].one_of(("exact", "nearby", "memory"), "exact, nearby or memory")),
        checked_on=_date(keys["checked_on"]),
        reachable_cn=cast(Reachable, keys["reachable_cn"].one_of(("yes", "no", "unknown"), "yes, no or unknown")),
    )


def _address(place: Place) -> str:
    address = place.words(ADDRESS_MAX)
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in address:
        place.expected("an address that begins with https:// or http://")
    return address


def _date(place: Place) -> dt.date:
    try:
        return dt.date.fromisoformat(place.plain())
    except ValueError:
        place.expected("a date such as 2026-11-22")
        return dt.date.min
