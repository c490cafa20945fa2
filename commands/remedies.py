"""What a skill is learned from, the best first for its reader, and how that is said."""

from __future__ import annotations

from collections.abc import Collection

from commands import resources
from commands.kit.view import Element, Line, Link, line, quiet
from content.load import Content
from content.resources import Resource
from content.skills import Skill
from content.text import Language, Text, _, verbatim

CHINA = "cn"
FOREIGN = {Language.EN: _("in English"), Language.ZH: _("in Chinese")}


def in_order(content: Content, skill: Skill, language: Language, regions: Collection[str]) -> list[Resource]:
    """A skill's resources: what opens where the users are first, then the reader's language, then the pack's order."""

    def place(resource: Resource) -> tuple[bool, bool]:
        return unreachable(resource, regions), resource.language is not language

    return sorted((content.resources[each] for each in skill.resources if each in content.resources), key=place)


def best(found: list[Resource], done: Collection[str]) -> Resource | None:
    """The first one that is not done; where all are, the first."""
    return next((each for each in found if each.id not in done), found[0] if found else None)


def unreachable(resource: Resource, regions: Collection[str]) -> bool:
    """Whether a member with users in mainland China may not be able to open it."""
    return CHINA in regions and resource.reachable_cn == "no"


def in_short(resource: Resource, language: Language, regions: Collection[str]) -> Line:
    """A resource on one line, with what its reader must know before opening it."""
    return quiet(Link(verbatim(resource.title), resource.address), *_said(_warnings(resource, language, regions)))


def in_full(resource: Resource, language: Language, regions: Collection[str], *, done: bool) -> tuple[Element, ...]:
    """A resource with its link, and below it what must be known of it."""
    return (
        line(Link(verbatim(resource.title), resource.address)),
        quiet(about(resource, language, regions, done=done)),
    )


def about(resource: Resource, language: Language, regions: Collection[str], *, done: bool) -> Text:
    """Who made it, how hard it is, what its reader must know, and when its address was looked up."""
    marks = [verbatim(resource.by), resources.LEVELS[resource.level]]
    if resource.hours is not None:
        marks.append(_("about {hours} h", hours=resource.hours))
    marks += _warnings(resource, language, regions)
    marks.append(_("checked {day}", day=resource.checked_on.isoformat()))
    marks += [_("address not verified")] if resource.seen != "exact" else []
    return resources.joined([*marks, *((_("done"),) if done else ())])


def _warnings(resource: Resource, language: Language, regions: Collection[str]) -> list[Text]:
    foreign = [] if resource.language is language else [FOREIGN[resource.language]]
    closed = [_("may not open directly in mainland China")] if unreachable(resource, regions) else []
    return [*foreign, *closed]


def _said(texts: list[Text]) -> tuple[Text, ...]:
    return (_(" · {marks}", marks=resources.joined(texts)),) if texts else ()
