"""What there is to learn from here, the pack's and the community's own, and what is said of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from content.levels import Level
from content.load import Content
from content.outcomes import Outcome
from content.resources import Resource
from content.text import Language, Text, _, quoted, verbatim
from storage.learning import Learned
from storage.own_links import OwnLink
from storage.shelf import Shelf

IN_LANGUAGE = {Language.EN: _("in English"), Language.ZH: _("in Chinese")}
CLOSED = _("may not open directly in mainland China")


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource: of the pack, or with `own` a link that this community's moderators added."""

    id: str
    title: Text
    address: str
    language: Language
    skills: tuple[str, ...]
    own: bool = False
    by: str = ""
    level: Level | None = None
    hours: int | None = None
    checked_on: dt.date | None = None
    verified: bool = True
    unreachable: bool = False
    done: Learned | None = None


def every(content: Content, shelf: Shelf) -> list[Entry]:
    """Everything there is for this community, what it has hidden included."""
    pack = [of_pack(resource, shelf.done) for resource in content.resources.values()]
    return [*pack, *(of_community(content, link, shelf.done) for link in shelf.own)]


def seen(content: Content, shelf: Shelf) -> list[Entry]:
    """What members see of it."""
    return [entry for entry in every(content, shelf) if entry.id not in shelf.hidden]


def track(content: Content, entry: Entry) -> Outcome | None:
    """The track that its first skill belongs to; None where that is all of them."""
    found = content.skills.get(entry.skills[0]) if entry.skills else None
    return found.track if found else None


def of_pack(resource: Resource, done: Mapping[str, Learned]) -> Entry:
    return Entry(
        resource.id,
        verbatim(resource.title),
        resource.address,
        resource.language,
        resource.skills,
        by=resource.by,
        level=Level(str(resource.level)),
        hours=resource.hours,
        checked_on=resource.checked_on,
        verified=resource.seen == "exact",
        unreachable=resource.reachable_cn == "no",
        done=done.get(resource.id),
    )


def of_community(content: Content, link: OwnLink, done: Mapping[str, Learned]) -> Entry:
    skills = (link.skill,) if link.skill in content.skills else ()
    title = quoted(link.title)
    return Entry(link.resource, title, link.address, link.language, skills, own=True, done=done.get(link.resource))


def origin(entry: Entry) -> list[Text]:
    """Who made it or added it here, how hard it is and how long it takes, as far as that is known."""
    marks = [_("added by your moderators") if entry.own else verbatim(entry.by)]
    marks += [] if entry.level is None else [entry.level.label]
    return marks + ([] if entry.hours is None else [_("about {hours} h", hours=entry.hours)])


def checks(entry: Entry) -> list[Text]:
    """When its address was looked up, and whether it was found as it stands here."""
    day = entry.checked_on
    marks = [] if day is None else [_("checked {day}", day=day.isoformat())]
    return marks + ([] if entry.verified else [_("address not verified")])
