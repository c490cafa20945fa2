"""The one list of skills that all outcomes share, each with its remedy: resources and a first task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from content.outcomes import Outcome
from content.source import Place
from content.text import Text

ALL = "all"
INDUSTRIES = ("healthcare", "finance")
REGIONS = ("cn", "eu", "us")
NAME = (40, 20)  # English, Chinese
SENTENCE = (140, 70)


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill. `track` is None where it belongs to all; `ours` marks those that the article does not name.

    Where `industries` or `regions` are given, it is a gap only for members of such an industry and region.
    """

    id: str
    track: Outcome | None
    also: tuple[Outcome, ...]
    name: Text
    meaning: Text
    task: Text
    resources: tuple[str, ...]
    ours: bool
    industries: tuple[str, ...]
    regions: tuple[str, ...]


def read_skills(english: Place, chinese: Place) -> dict[str, Skill]:
    """The skills of one pair of files by id; faults are noted at their places."""
    words = chinese.entries()
    skills = {}
    for skill_id, place in english.entries().items():
        place.proper_id(skill_id)
        if skill_id not in words:
            place.expected(f"Chinese words for the skill “{skill_id}” in {chinese.file}")
        skills[skill_id] = _skill(skill_id, place, words.get(skill_id))
    for skill_id, place in words.items():
        if skill_id not in skills:
            place.expected(f"the skill “{skill_id}” to be in {english.file} too")
    return skills


def _skill(skill_id: str, english: Place, chinese: Place | None) -> Skill:
    texts = ("name", "meaning", "task")
    keys = english.fields(("track", *texts, "resources"), ("also", "ours", "industries", "regions"))
    words = chinese.fields(texts) if chinese else {}
    track = keys["track"].one_of((ALL, *Outcome), "an outcome or “all”") if "track" in keys else ALL
    return Skill(
        id=skill_id,
        track=Outcome(track) if track in tuple(Outcome) else None,
        also=tuple(Outcome(each) for each in _several(keys, "also", tuple(Outcome)) if each in tuple(Outcome)),
        name=_text(keys, words, "name", NAME),
        meaning=_text(keys, words, "meaning", SENTENCE),
        task=_text(keys, words, "task", SENTENCE),
        resources=tuple(each.refers("resource") for each in keys["resources"].sequence(at_least=1))
        if "resources" in keys
        else (),
        ours="ours" in keys and keys["ours"].flag(),
        industries=_several(keys, "industries", INDUSTRIES),
        regions=_several(keys, "regions", REGIONS),
    )


def _several(keys: Mapping[str, Place], name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    if name not in keys:
        return ()
    return tuple(each.one_of(known, f"one of {', '.join(known)}") for each in keys[name].sequence(at_least=1))


def _text(keys: Mapping[str, Place], words: Mapping[str, Place], name: str, most: tuple[int, int]) -> Text:
    return Text(
        en=keys[name].words(most[0]) if name in keys else "",
        zh=words[name].words(most[1]) if name in words else "",
    )
