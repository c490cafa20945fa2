"""Reads the content pack: ours, and an operator's folder laid over it; all faults are told at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

from content.outcomes import Outcome
from content.points import Points, read_points
from content.questionnaire import Questionnaire, read_questionnaire
from content.resources import Resource, read_resources, same_address
from content.skills import Skill, read_skills
from content.source import ContentError, Ledger, Place, Problem, read_yaml
from content.text import Catalogue, Text
from content.tips import Found, Tip, note_alike, read_tips
from content.tracks import TrackCard, read_tracks

__all__ = ["Content", "ContentError", "Problem", "read_content"]

VALUE = re.compile(r"\{(\w+)\}")
SUFFIX = ".yaml"
CHINESE = ".zh.yaml"
OURS = "content/data"
FILES = ("points.yaml", "resources.yaml", "skills.yaml", "skills.zh.yaml", "tracks.yaml", "tracks.zh.yaml", "zh.yaml")
TIPS = "tips"
TIP_FILES = tuple(f"{TIPS}/{outcome}{suffix}" for outcome in Outcome for suffix in (SUFFIX, CHINESE))


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """All that pmpath says, checked. Old versions of the questionnaire stay, for the results that used them."""

    catalogue: Catalogue
    questionnaires: Mapping[str, Questionnaire]
    questionnaire: Questionnaire
    tracks: Mapping[Outcome, TrackCard]
    outlook: Text
    skills: Mapping[str, Skill]
    resources: Mapping[str, Resource]
    tips: Mapping[str, Tip]
    tips_by_outcome: Mapping[Outcome, tuple[str, ...]]
    points: Points


@dataclass(frozen=True, slots=True)
class Layer:
    """One folder of a pack, and how its files are called in a problem."""

    folder: Traversable
    label: str
    ledger: Ledger

    def has(self, name: str) -> bool:
        return self.folder.joinpath(*name.split("/")).is_file()

    def read(self, name: str) -> Place:
        return read_yaml(self.folder.joinpath(*name.split("/")), f"{self.label}/{name}", self.ledger)

    def pair(self, name: str) -> tuple[Place, Place] | None:
        """A file and its Chinese words, or None where the layer has neither."""
        if not self.has(name + SUFFIX) and not self.has(name + CHINESE):
            return None
        return self.read(name + SUFFIX), self.read(name + CHINESE)


@dataclass(slots=True)
class Draft:
    """A pack while its layers are read."""

    words: dict[str, str]
    questionnaires: dict[str, Questionnaire]
    current: Questionnaire | None
    tracks: dict[Outcome, TrackCard]
    outlook: Text | None
    skills: dict[str, Skill]
    resources: dict[str, Resource]
    removed: set[str]
    tips: dict[str, Found]
    points: Points | None = None


def read_content(folder: Path | None = None) -> Content:
    """The pack in use: ours, with the entries of an operator's folder over it. Raises ContentError."""
    ledger = Ledger()
    draft = Draft({}, {}, None, {}, None, {}, {}, set(), {})
    layers = [Layer(resources.files("content") / "data", OURS, ledger)]
    if folder is not None:
        if not folder.is_dir():
            raise ContentError([Problem(str(folder), 1, "a folder with content files")])
        layers.append(Layer(folder, str(folder), ledger))
    for layer in layers:
        _read_layer(layer, draft)
    for outcome in Outcome:
        if outcome not in draft.tracks:
            ledger.problems.append(Problem(f"{OURS}/tracks.yaml", 1, f"a card for “{outcome}”"))
    ours_first = sorted(draft.resources.values(), key=lambda each: not each.file.startswith(f"{OURS}/"))
    ledger.problems.extend(same_address(ours_first))
    note_alike(sorted(draft.tips.values(), key=lambda each: not each.place.file.startswith(f"{OURS}/")))
    tips = _tips(draft, ledger)
    ledger.settle({"skill": draft.skills, "resource": draft.resources})
    if draft.current is None or draft.outlook is None or draft.points is None:
        raise ContentError([Problem(OURS, 1, "a questionnaire, an outlook and points")])
    return Content(
        catalogue=Catalogue(MappingProxyType(draft.words)),
        questionnaires=MappingProxyType(draft.questionnaires),
        questionnaire=draft.current,
        tracks=MappingProxyType({outcome: draft.tracks[outcome] for outcome in Outcome}),
        outlook=draft.outlook,
        skills=MappingProxyType(draft.skills),
        resources=MappingProxyType(draft.resources),
        tips=MappingProxyType(tips),
        tips_by_outcome=MappingProxyType(
            {outcome: tuple(each.id for each in tips.values() if each.outcome is outcome) for outcome in Outcome}
        ),
        points=draft.points,
    )


def _read_layer(layer: Layer, draft: Draft) -> None:
    _note_strangers(layer)
    _read_questionnaires(layer, draft)
    if tracks := layer.pair("tracks"):
        found = read_tracks(*tracks)
        draft.tracks |= found.tracks
        draft.outlook = found.outlook or draft.outlook
    if skills := layer.pair("skills"):
        draft.skills |= read_skills(*skills)
    if layer.has("points.yaml"):
        draft.points = read_points(layer.read("points.yaml"))
    if layer.has("resources.yaml"):
        _lay_over(draft, read_resources(layer.read("resources.yaml")))
    for outcome in Outcome:
        if tips := layer.pair(f"{TIPS}/{outcome}"):
            _lay_tips_over(draft, read_tips(*tips, outcome))
    if layer.has("zh.yaml"):
        draft.words |= _read_words(layer.read("zh.yaml"))


def _note_strangers(layer: Layer) -> None:
    """A YAML file that nobody reads is a slip of its name, and its author would wait for it in vain."""
    tips = layer.folder / TIPS
    names = [each.name for each in layer.folder.iterdir() if each.is_file()]
    names += [f"{TIPS}/{each.name}" for each in (tips.iterdir() if tips.is_dir() else ()) if each.is_file()]
    for name in sorted(names):
        known = (*FILES, *TIP_FILES)
        if name.endswith((".yaml", ".yml")) and name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0)[0]
            what = f"the name of a file of the pack; the nearest to “{name}” is “{near}”"
            layer.ledger.problems.append(Problem(f"{layer.label}/{name}", 1, what))


def _lay_over(draft: Draft, over: Mapping[str, Resource | None]) -> None:
    for resource_id, resource in over.items():
        if resource is None:
            draft.resources.pop(resource_id, None)
            draft.removed.add(resource_id)
        else:
            draft.resources[resource_id] = resource


def _lay_tips_over(draft: Draft, over: Mapping[str, Found]) -> None:
    """A tip keeps its turn when it is replaced; a new one follows after the others of its outcome."""
    for tip_id, found in over.items():
        other = draft.tips.get(tip_id)
        if other and other.tip.outcome is not found.tip.outcome:
            found.place.expected(f"another id: “{tip_id}” is a tip of “{other.tip.outcome}” already")
        else:
            draft.tips[tip_id] = found


def _tips(draft: Draft, ledger: Ledger) -> dict[str, Tip]:
    """The tips, outcome by outcome; one whose resource the operator does without goes out without that link."""
    gone = draft.removed - draft.resources.keys()
    tips = {}
    for found in sorted(draft.tips.values(), key=lambda each: tuple(Outcome).index(each.tip.outcome)):
        tip = found.tip
        ledger.forgive(f"tip {tip.id}", "resource", gone)
        tips[tip.id] = replace(
            tip,
            resource=None if tip.resource in gone else tip.resource,
            resource_zh=None if tip.resource_zh in gone else tip.resource_zh,
        )
    return tips


def _read_questionnaires(layer: Layer, draft: Draft) -> None:
    """All versions in the layer; the last one, counted as numbers where they are, becomes the current."""
    folder = layer.folder / "questionnaires"
    names = {each.name for each in folder.iterdir()} if folder.is_dir() else set()
    stems = {name.removesuffix(CHINESE).removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)}
    for stem in sorted(stems, key=lambda stem: (stem.isdecimal(), int(stem) if stem.isdecimal() else 0, stem)):
        pair = layer.pair(f"questionnaires/{stem}")
        if pair is None:
            continue
        layer.ledger.begin(f"questionnaire {stem}")
        bank = read_questionnaire(*pair, first=not draft.questionnaires)
        if bank.version != stem:
            pair[0].expected(f"the version “{stem}”, as the file is called")
        if bank.version in draft.questionnaires:
            pair[0].expected(f"a version of its own: “{bank.version}” is taken, and results refer to it")
        draft.questionnaires[bank.version] = bank
        draft.current = bank


def _read_words(place: Place) -> dict[str, str]:
    """English words to Chinese ones; both must name the same values."""
    words = {}
    for english, chinese in place.entries().items():
        said = chinese.plain()
        if not said.strip():
            chinese.expected("Chinese words")
        elif set(VALUE.findall(english)) != set(VALUE.findall(said)):
            chinese.expected(f"the same values in braces as in “{english}”")
        words[english] = said
    return words
