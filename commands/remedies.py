"""What a skill is learned from, the best first for its reader, and how that is said."""

from __future__ import annotations

from collections.abc import Collection

from commands.kit.view import Element, Line, Link, Run, line, quiet
from commands.standing import Standing
from content.load import Content
from content.resources import Resource
from content.skills import Skill
from content.text import Language, Text, _, verbatim

CHINA = "cn"
LEVELS = {1: _("beginner"), 2: _("practitioner"), 3: _("advanced")}
FOREIGN = {Language.EN: _("in English"), Language.ZH: _("in Chinese")}


def in_order(content: Content, here: Standing, skill: Skill, language: Language) -> list[Resource]:
    """A skill's resources: what opens where the users are first, then the reader's language, then the pack's order."""
    known = (each for each in skill.resources if each in content.resources and each not in here.hidden)

    def place(resource: Resource) -> tuple[bool, bool]:
        return unreachable(resource, here.regions), resource.language is not language

    return sorted((content.resources[each] for each in known), key=place)


def best(found: list[Resource], done: Collection[str]) -> Resource | None:
    """The first one that is not done; where all are, the first."""
    return next((each for each in found if each.id not in done), found[0] if found else None)


def unreachable(resource: Resource, regions: Collection[str]) -> bool:
    """Whether a member with users in mainland China may not be able to open it."""
    return CHINA in regions and resource.reachable_cn == "no"


def in_short(here: Standing, resource: Resource, language: Language) -> Line:
    """A resource on one line, with what its reader must know before opening it."""
    marks = (_dotted(each) for each in _warnings(here, resource, language))
    return quiet(Link(verbatim(resource.title), resource.address), *(run for each in marks for run in each))


def in_full(here: Standing, resource: Resource, language: Language) -> tuple[Element, ...]:
    """A resource with its link, and below it what must be known of it."""
    first, *rest = about(here, resource, language)
    marks = (run for each in rest for run in _dotted(each))
    return line(Link(verbatim(resource.title), resource.address)), quiet(first, *marks)


def about(here: Standing, resource: Resource, language: Language) -> list[Text]:
    """Who made it, how hard it is, what its reader must know, when its address was looked up, whether it is done."""
    marks = [verbatim(resource.by), LEVELS[resource.level]]
    if resource.hours is not None:
        marks.append(_("about {hours} h", hours=resource.hours))
    marks += _warnings(here, resource, language)
    marks.append(_("checked {day}", day=resource.checked_on.isoformat()))
    marks += [_("address not verified")] if resource.seen != "exact" else []
    return [*marks, *((_("done"),) if resource.id in here.resources else ())]


def _warnings(here: Standing, resource: Resource, language: Language) -> list[Text]:
    foreign = [] if resource.language is language else [FOREIGN[resource.language]]
    closed = [_("may not open directly in mainland China")] if unreachable(resource, here.regions) else []
    return [*foreign, *closed]


def _dotted(text: Text) -> tuple[Run, Run]:
    return verbatim(" · "), text
