"""The questionnaire: items, options and what each says for an outcome; read from YAML in two languages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from content.outcomes import Outcome
from content.source import NONE_OF_THESE, Place
from content.text import Text

Choice = str | tuple[str, ...] | None
Answers = Mapping[str, Choice]
Kind = Literal["one", "many"]

WEIGHT_MAX = 3
ITEM_WORDS = (200, 90)  # English, Chinese
OPTION_WORDS = {"one": (70, 34), "many": (50, 25)}
OPTIONS_MAX = {"one": 10, "many": 16}  # a list of deeds has four for each outcome
CHANGE_WORDS = (400, 200)


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer. Weights 0..3 say how well it fits an outcome; `skills` are those it shows as had."""

    id: str
    text: Text
    weights: Mapping[Outcome, int] = field(hash=False)
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One question. Every item also takes `None` (skipped) and “none of these”, which are no options.

    `was` are the items of earlier versions that are this one now.
    """

    id: str
    kind: Kind
    fact: bool
    scenario: bool
    text: Text
    options: tuple[Option, ...]
    most: int | None = None
    was: tuple[str, ...] = ()

    def takes(self, choice: Choice) -> bool:
        """Whether this is an answer to this item; none of these is `"none"`, of a multi-select also `()`."""
        known = {option.id for option in self.options}
        if choice is None or choice == NONE_OF_THESE:
            return True
        if isinstance(choice, str):
            return self.kind == "one" and choice in known
        ticked = set(choice)
        fits = self.most is None or len(choice) <= self.most
        return self.kind == "many" and ticked <= known and len(ticked) == len(choice) and fits


@dataclass(frozen=True, slots=True)
class Experience:
    """Where the experience rule finds its facts: item ids, and option ids by what they prove."""

    background: str
    industry: str
    years: str
    software: tuple[str, ...]
    many_years: tuple[str, ...]
    technical_past: tuple[str, ...]
    backgrounds: Mapping[Outcome, tuple[str, ...]] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Change:
    """What this version changed against the one before; `affects` if the same person may now come out differently."""

    affects: bool
    text: Text


@dataclass(frozen=True, slots=True, eq=False)
class Questionnaire:
    """One version of the bank. Compared by identity, so that tables computed from it can hang on it."""

    version: str
    items: tuple[Item, ...]
    opening: tuple[tuple[str, ...], ...]
    experience: Experience
    texts_hash: str
    changes: Change | None = None

    def item(self, item_id: str) -> Item:
        """The item with this id."""
        return next(item for item in self.items if item.id == item_id)


def read_questionnaire(english: Place, chinese: Place, *, first: bool = False) -> Questionnaire:
    """One version from its two files; faults are noted at their places. All but the first say what they changed."""
    known = ("version", "experience", "opening", "items")
    keys = english.fields(known, ("changes",)) if first else english.fields((*known, "changes"))
    chinese_keys = chinese.fields(("items",), ("changes",))
    chinese_items = chinese_keys["items"].entries() if "items" in chinese_keys else {}
    places = keys["items"].sequence(at_least=1) if "items" in keys else []
    items = tuple(_item(place, chinese_items) for place in places)
    _unique([item.id for item in items], places, "item")
    _nothing_more(chinese_items, {item.id for item in items})
    by_id = {item.id: item for item in items}
    return Questionnaire(
        version=keys["version"].identifier() if "version" in keys else "",
        items=items,
        opening=_opening(keys["opening"], by_id) if "opening" in keys else (),
        experience=_experience(keys.get("experience"), by_id),
        texts_hash=_texts_hash(items),
        changes=_changes(keys.get("changes"), chinese_keys.get("changes"), chinese),
    )


def _changes(english: Place | None, chinese: Place | None, chinese_file: Place) -> Change | None:
    if english is None:
        if chinese is not None:
            chinese.expected("no words about changes, or the key “changes” in the English file too")
        return None
    if chinese is None:
        chinese_file.expected("the key “changes” here, as in the English file")
    keys = english.fields(("affects", "text"))
    return Change(
        affects="affects" in keys and keys["affects"].flag(),
        text=_both(keys.get("text"), chinese, CHANGE_WORDS),
    )


def _item(place: Place, chinese: Mapping[str, Place]) -> Item:
    keys = place.fields(("id", "kind", "text", "options"), ("fact", "scenario", "most", "was"))
    item_id = keys["id"].identifier() if "id" in keys else ""
    kind: Kind = "one"
    if "kind" in keys and keys["kind"].one_of(("one", "many"), "“one” or “many”") == "many":
        kind = "many"
    words = _chinese_item(chinese.get(item_id), place, item_id)
    chinese_options = words["options"].entries() if "options" in words else {}
    places = keys["options"].sequence(at_least=2) if "options" in keys else []
    if len(places) > OPTIONS_MAX[kind]:
        keys["options"].expected(f"at most {OPTIONS_MAX[kind]} options")
    options = tuple(_option(option, kind, chinese_options, words) for option in places)
    _unique([option.id for option in options], places, "option")
    _nothing_more(chinese_options, {option.id for option in options})
    return Item(
        id=item_id,
        kind=kind,
        fact="fact" in keys and keys["fact"].flag(),
        scenario="scenario" in keys and keys["scenario"].flag(),
        text=_both(keys.get("text"), words.get("text"), ITEM_WORDS),
        options=options,
        most=keys["most"].whole(1, OPTIONS_MAX[kind]) if "most" in keys else None,
        was=tuple(each.identifier() for each in keys["was"].sequence(1)) if "was" in keys else (),
    )


def _option(place: Place, kind: Kind, chinese: Mapping[str, Place], chinese_item: Mapping[str, Place]) -> Option:
    keys = place.fields(("id", "text", "weights"), ("skills",))
    option_id = keys["id"].identifier() if "id" in keys else ""
    if option_id == NONE_OF_THESE:
        place.expected(f"another id: “{NONE_OF_THESE}” is the answer “none of these” of every item")
    if option_id not in chinese and "options" in chinese_item:
        chinese_item["options"].expected(f"Chinese words for the option “{option_id}”")
    return Option(
        id=option_id,
        text=_both(keys.get("text"), chinese.get(option_id), OPTION_WORDS[kind]),
        weights=_weights(keys.get("weights")),
        skills=tuple(each.refers("skill") for each in keys["skills"].sequence()) if "skills" in keys else (),
    )


def _weights(place: Place | None) -> Mapping[Outcome, int]:
    weights = dict.fromkeys(Outcome, 0)
    if place is not None:
        for name, weight in place.fields((), tuple(Outcome)).items():
            weights[Outcome(name)] = weight.whole(0, WEIGHT_MAX)
    return MappingProxyType(weights)


def _both(english: Place | None, chinese: Place | None, most: tuple[int, int]) -> Text:
    return Text(
        en=english.words(most[0]) if english else "",
        zh=chinese.words(most[1]) if chinese else "",
    )


def _chinese_item(place: Place | None, english: Place, item_id: str) -> Mapping[str, Place]:
    if place is None:
        english.expected(f"the item “{item_id}” to have its Chinese words in the .zh file")
        return {}
    return place.fields(("text", "options"))


def _unique(ids: Collection[str], places: Collection[Place], what: str) -> None:
    seen: set[str] = set()
    for identifier, place in zip(ids, places, strict=True):
        if identifier in seen:
            place.expected(f"another {what} id: “{identifier}” is taken")
        seen.add(identifier)


def _nothing_more(chinese: Mapping[str, Place], known: Collection[str]) -> None:
    for identifier, place in chinese.items():
        if identifier not in known:
            place.expected(f"an id that the English file has; “{identifier}” is not there")


def _opening(place: Place, items: Mapping[str, Item]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(each.one_of(items, "the id of an item") for each in card.sequence(at_least=1))
        for card in place.sequence(at_least=1)
    )


def _experience(place: Place | None, items: Mapping[str, Item]) -> Experience:
    names = ("background", "industry", "years")
    lists = ("software", "many-years", "technical-past", "platform", "technical", "hybrid")
    keys = place.fields((*names, *lists)) if place else {}
    found = {name: keys[name].one_of(items, "the id of an item") if name in keys else "" for name in names}
    home = {"software": "industry", "many-years": "years"}

    def options(name: str) -> tuple[str, ...]:
        item = items.get(found[home.get(name, "background")])
        known = [option.id for option in item.options] if item else []
        what = f"an option of “{item.id if item else '?'}”"
        return tuple(each.one_of(known, what) for each in keys[name].sequence()) if name in keys else ()

    return Experience(
        background=found["background"],
        industry=found["industry"],
        years=found["years"],
        software=options("software"),
        many_years=options("many-years"),
        technical_past=options("technical-past"),
        backgrounds=MappingProxyType({each: options(each.value) for each in Outcome if each is not Outcome.BUSINESS}),
    )


def _texts_hash(items: tuple[Item, ...]) -> str:
    """One fingerprint of the words in both languages: what a result was answered to."""
    words = [
        [item.id, item.text.en, item.text.zh, [[each.id, each.text.en, each.text.zh] for each in item.options]]
        for item in items
    ]
    return hashlib.sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()
