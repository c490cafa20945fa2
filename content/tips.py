"""The library of weekly tips: for each outcome a year of them, in the order in which they go out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from content.outcomes import Outcome
from content.source import Place
from content.text import Language, Text

TITLE = {Language.EN: 50, Language.ZH: 20}
TEXT = {Language.EN: 900, Language.ZH: 260}  # in characters, blanks included: what a card has room for
LENGTH = {Language.EN: (60, 110), Language.ZH: (110, 190)}
UNIT = {Language.EN: "words", Language.ZH: "characters without blanks"}
SKILLS_MAX = 2
ADDRESS = re.compile(r"://|\bwww\.|\b[a-z0-9-]+\.(?:ai|cn|com|dev|edu|gov|io|net|org)\b", re.IGNORECASE | re.ASCII)
END_OF_SENTENCE = re.compile(r"[.!?:;](?=\s|$)|[。！？：；]")


@dataclass(frozen=True, slots=True)
class Tip:
    """A tip. Its first sentence says what to do. `resource` and `resource_zh` are its one link in each language."""

    id: str
    outcome: Outcome
    title: Text
    text: Text
    skills: tuple[str, ...]
    resource: str | None
    resource_zh: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """A tip and where it stands, since some faults show only beside all others."""

    tip: Tip
    place: Place
    titles: Mapping[Language, Place]
    texts: Mapping[Language, Place]


def read_tips(english: Place, chinese: Place, outcome: Outcome) -> dict[str, Found]:
    """The tips of one pair of files by id, in order; faults are noted at their places."""
    words = chinese.entries()
    tips = {}
    for tip_id, place in english.entries().items():
        place.ledger.begin(f"tip {tip_id}")
        place.proper_id(tip_id)
        if tip_id.isdecimal():
            place.expected(f"an id with a letter in it: “{tip_id}” would be a community's own tip")
        if tip_id not in words:
            place.expected(f"Chinese words for the tip “{tip_id}” in {chinese.file}")
        tips[tip_id] = _found(tip_id, outcome, place, words.get(tip_id))
    for tip_id, place in words.items():
        if tip_id not in tips:
            place.expected(f"the tip “{tip_id}” to be in {english.file} too")
    _note_another_order([each for each in tips if each in words], words, english.file)
    return tips


def note_alike(tips: Iterable[Found]) -> None:
    """A fault for each tip whose title or first sentence an earlier one has already, whatever the outcome."""
    titles: dict[str, str] = {}
    openings: dict[str, str] = {}
    for found in tips:
        tip_id = found.tip.id
        for language, place in found.titles.items():
            other = titles.setdefault(_bare(_in(found.tip.title, language)), tip_id)
            if other != tip_id:
                place.expected(f"another title: “{other}” has this one already")
        for language, place in found.texts.items():
            opening = END_OF_SENTENCE.split(_in(found.tip.text, language), maxsplit=1)[0]
            other = openings.setdefault(_bare(opening), tip_id)
            if other != tip_id:
                place.expected(f"another first sentence: “{other}” begins with this one already")


def _note_another_order(ids: list[str], words: Mapping[str, Place], english: str) -> None:
    for tip_id, other in zip(ids, [each for each in words if each in ids], strict=True):
        if tip_id != other:
            words[other].expected(f"the tip “{tip_id}” here, in the order of {english}")
            return


def _found(tip_id: str, outcome: Outcome, english: Place, chinese: Place | None) -> Found:
    keys = english.fields(("title", "text", "skills"), ("resource",))
    words = chinese.fields(("title", "text"), ("resource",)) if chinese else {}
    skills = keys["skills"].refers_to_several("skill", at_least=1)
    if len(skills) > SKILLS_MAX:
        keys["skills"].expected(f"at most {SKILLS_MAX} skills, the most fitting first; these are {len(skills)}")
    titles, texts = _both(keys, words, "title"), _both(keys, words, "text")
    tip = Tip(
        id=tip_id,
        outcome=outcome,
        title=_title(titles),
        text=_text(texts),
        skills=skills,
        resource=keys["resource"].refers("resource") if "resource" in keys else None,
        resource_zh=words["resource"].refers("resource") if "resource" in words else None,
    )
    return Found(tip, english, titles, texts)


def _both(keys: Mapping[str, Place], words: Mapping[str, Place], name: str) -> dict[Language, Place]:
    """The places of a text; without the Chinese one where the tip has no Chinese words, which was told."""
    places = {Language.EN: keys[name], Language.ZH: words.get(name)}
    return {language: place for language, place in places.items() if place is not None}


def _title(places: Mapping[Language, Place]) -> Text:
    said = {language: place.one_line(TITLE[language]) for language, place in places.items()}
    return Text(said[Language.EN], zh=said.get(Language.ZH, ""))


def _text(places: Mapping[Language, Place]) -> Text:
    said = {language: _in_one_language(place, language) for language, place in places.items()}
    return Text(said[Language.EN], zh=said.get(Language.ZH, ""))


def _in_one_language(place: Place, language: Language) -> str:
    text = place.one_line(TEXT[language])
    least, most = LENGTH[language]
    count = len(text.split()) if language is Language.EN else len("".join(text.split()))
    if text and not least <= count <= most:
        place.expected(f"{least} to {most} {UNIT[language]}; these are {count}")
    if ADDRESS.search(text):
        place.expected("a text without an address: the one link of a tip is its “resource”")
    return text


def _in(text: Text, language: Language) -> str:
    return text.en if language is Language.EN else text.zh or ""


def _bare(words: str) -> str:
    """Letters and digits alone, in one case: a comma makes no other sentence."""
    return "".join(filter(str.isalnum, words)).casefold()
