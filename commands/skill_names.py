"""Which skill somebody means who types its name, in either language."""

from __future__ import annotations

from collections.abc import Sequence

import rapidfuzz.process
import rapidfuzz.utils

from commands.kit.element import OPTIONS_MAX, Option
from content.load import Content
from content.text import Language

NEAR = 75  # rapidfuzz's score, of 100, from which a name is taken for a mistyped one
PERHAPS = 65  # and from which it is named as what may have been meant
NAMED_MOST = 3
BEHIND = 10.0  # how much less near than the nearest one may be to be named beside it


def find(content: Content, written: str) -> tuple[str | None, Sequence[str]]:
    """The id of the skill that is meant, or None and the ids of those that may be, the nearest first."""
    names = _names(content)
    wanted = written.strip().casefold()
    if wanted in names:
        return names[wanted], ()
    begin = {skill for name, skill in names.items() if wanted and name.startswith(wanted)}
    if len(begin) == 1:
        return begin.pop(), ()
    found = rapidfuzz.process.extract(
        wanted, list(names), processor=rapidfuzz.utils.default_process, score_cutoff=PERHAPS, limit=NAMED_MOST * 3
    )
    nearest = found[0][1] if found else 0.0
    like = (names[name] for name, score, _place in found if score >= nearest - BEHIND)
    near = list(dict.fromkeys([*sorted(begin), *like]))
    if not begin and found and found[0][1] >= NEAR and (len(near) == 1 or found[0][1] > _second(found, names)):
        return near[0], ()
    return None, near[:NAMED_MOST]


def suggest(content: Content, language: Language, typed: str) -> Sequence[Option]:
    """What the message box offers while one types: the skills that begin so, then those that have it inside."""
    wanted = typed.strip().casefold()
    places: dict[str, int] = {}
    for name, skill in _names(content).items():
        if wanted in name:
            places[skill] = min(places.get(skill, 1), int(not name.startswith(wanted)))
    ids = sorted(places, key=lambda skill: places[skill])[:OPTIONS_MAX]
    return [Option(skill, content.skills[skill].name) for skill in ids]


def _names(content: Content) -> dict[str, str]:
    """Every skill by all that it is called: its id, its name in each language."""
    names = {skill.id.casefold(): skill.id for skill in content.skills.values()}
    for skill in content.skills.values():
        for language in Language:
            names.setdefault(content.catalogue.say(skill.name, language).casefold(), skill.id)
    return names


def _second(found: Sequence[tuple[str, float, int]], names: dict[str, str]) -> float:
    """How near the next other skill is."""
    first = names[found[0][0]]
    return max((score for name, score, _place in found if names[name] != first), default=0.0)
