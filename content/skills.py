"""The one list of skills that all outcomes share, each with its remedy: resources and a first task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from content.outcomes import Outcome
from content.source import Place, once
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
        place.ledger.begin(f"skill {skill_id}")
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
    track = keys["track"].one_of((ALL, *Outcome), "an outcome or “all”")
    also = _several(keys, "also", tuple(Outcome))
    if track == ALL and also:
        keys["also"].expected("no key “also” where the track is “all”")
    elif track in also:
        keys["also"].expected(f"other outcomes than “{track}”, which is the track itself")
    return Skill(
        id=skill_id,
        track=Outcome(track) if track in tuple(Outcome) else None,
        also=tuple(Outcome(each) for each in also if each in tuple(Outcome)),
        name=_text(keys, words, "name", NAME),
        meaning=_text(keys, words, "meaning", SENTENCE),
        task=_text(keys, words, "task", SENTENCE),
        resources=keys["resources"].refers_to_several("resource", at_least=1),
        ours="ours" in keys and keys["ours"].flag(),
        industries=_several(keys, "industries", INDUSTRIES),
        regions=_several(keys, "regions", REGIONS),
    )


def _several(keys: Mapping[str, Place], name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    if name not in keys:
        return ()
    places = keys[name].sequence(at_least=1)
    return once([(each.one_of(known, f"one of {', '.join(known)}"), each) for each in places])


def _text(keys: Mapping[str, Place], words: Mapping[str, Place], name: str, most: tuple[int, int]) -> Text:
    return Text(
        en=keys[name].one_line(most[0]),
        zh=words[name].one_line(most[1]) if name in words else "",
    )
