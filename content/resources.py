"""What to learn from: addresses with their language, level and when somebody last looked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, cast
from urllib.parse import urlsplit

from content.source import Place, Problem
from content.text import Language

Seen = Literal["exact", "nearby", "memory"]
Reachable = Literal["yes", "no", "unknown"]
TITLE_MAX = 80
ADDRESS_MAX = 300
SEEN_IN_MAX = 300
HOURS_MAX = 400
SEEN_IN_SINCE = dt.date(2026, 11, 25)  # an exact address looked up from this day on says where it stands
REMOVED = "removed"  # instead of an entry: the resource of ours that an operator does without
REQUIRED = ("title", "address", "by", "language", "level", "skills", "seen", "checked_on", "reachable_cn")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource. Its title stands in its own language. Level 1 beginner, 2 practitioner, 3 advanced.

    `seen` says how the address was checked on `checked_on`: the exact one in public documents, one nearby on
    the same path, or from memory; `seen_in` names the document. `reachable_cn`: whether it opens in mainland China.
    `file` and `line` are where its address is written.
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
    seen_in: str = ""
    file: str = field(default="", compare=False)
    line: int = field(default=1, compare=False)


def read_resources(place: Place) -> dict[str, Resource | None]:
    """The resources of one file by id, None for a removed one; faults are noted at their places."""
    found: dict[str, Resource | None] = {}
    for resource_id, each in place.entries().items():
        each.ledger.begin(f"resource {resource_id}")
        found[resource_id] = None if each.plain() == REMOVED else _resource(resource_id, each)
    return found


def same_address(resources: Iterable[Resource]) -> Iterator[Problem]:
    """A fault for each resource whose address an earlier one in the same language has already."""
    first: dict[tuple[str, Language], Resource] = {}
    for resource in resources:
        key = _plain_address(resource.address), resource.language
        other = first.setdefault(key, resource)
        if resource.address and other is not resource:
            what = f"another address: “{other.id}” has this one already, in the same language"
            yield Problem(resource.file, resource.line, what)


def _resource(resource_id: str, place: Place) -> Resource:
    place.proper_id(resource_id)
    keys = place.fields(REQUIRED, ("hours", "seen_in"))
    language = keys["language"].one_of(tuple(Language), "a language")
    resource = Resource(
        id=resource_id,
        title=keys["title"].one_line(TITLE_MAX),
        address=_address(keys["address"]),
        by=keys["by"].one_line(TITLE_MAX),
        language=Language(language) if language in tuple(Language) else Language.EN,
        level=keys["level"].whole(1, 3),
        hours=keys["hours"].whole(1, HOURS_MAX) if "hours" in keys else None,
        skills=keys["skills"].refers_to_several("skill", at_least=1),
        seen=cast(Seen, keys["seen"].one_of(("exact", "nearby", "memory"), "exact, nearby or memory")),
        checked_on=_date(keys["checked_on"]),
        reachable_cn=cast(Reachable, keys["reachable_cn"].one_of(("yes", "no", "unknown"), "yes, no or unknown")),
        seen_in=keys["seen_in"].one_line(SEEN_IN_MAX) if "seen_in" in keys else "",
        file=keys["address"].file,
        line=keys["address"].line,
    )
    _where_seen(resource, keys)
    return resource


def _where_seen(resource: Resource, keys: dict[str, Place]) -> None:
    if resource.seen == "memory" and "seen_in" in keys:
        keys["seen_in"].expected("“seen: exact” or “seen: nearby” beside it, since it was seen somewhere")
    if resource.seen == "exact" and resource.checked_on >= SEEN_IN_SINCE and "seen_in" not in keys:
        keys["seen"].expected(
            "the key “seen_in” beside it: where this exact address stands, a repository and path or a page "
            f"(for addresses looked up from {SEEN_IN_SINCE} on)"
        )


def _address(place: Place) -> str:
    address = place.words(ADDRESS_MAX)
    try:
        parts = urlsplit(address)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets that do not close, a port that is no number
        sound = False
    else:
        if parts.username is not None:
            place.expected("an address without a name or password in it")
    if not sound:
        place.expected("an address that begins with https:// or http://")
    elif " " in address or not address.isprintable():
        place.expected("an address without spaces")
    return address


def _plain_address(address: str) -> str:
    """What makes it the same page: not the scheme, the case of the host, a slash at the end or a place on the page."""
    rest = address.partition("://")[2]
    rest = (rest if "#/" in rest else rest.partition("#")[0]).rstrip("/")
    host, slash, path = rest.partition("/")
    return host.lower() + slash + path


def _date(place: Place) -> dt.date:
    written = place.plain()
    try:
        if DAY.fullmatch(written):
            return dt.date.fromisoformat(written)
    except ValueError:
        pass
    place.expected("a date such as 2026-11-22")
    return dt.date.min
