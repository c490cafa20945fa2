"""The four outcomes' cards: what the work is, who is hired, how to move in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from content.outcomes import Outcome
from content.source import Place, once
from content.text import Text

TABS = ("does", "skills", "day", "examples", "hired", "ways")
LINE = (240, 110)  # English, Chinese: a line of a card stays readable on a phone


@dataclass(frozen=True, slots=True)
class TrackCard:
    """One outcome in words. `ours` names the tabs that are our own sketch and must be marked as such."""

    outcome: Outcome
    summary: Text
    starter: Text
    tabs: Mapping[str, tuple[Text, ...]] = field(hash=False)
    ours: frozenset[str]
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrackFile:
    """What one pair of track files holds; the outlook is the same for all outcomes."""

    outlook: Text | None
    tracks: Mapping[Outcome, TrackCard] = field(hash=False)


def read_tracks(english: Place, chinese: Place) -> TrackFile:
    """The cards of one pair of files; faults are noted at their places."""
    keys = english.fields((), ("outlook", "tracks"))
    words = chinese.fields((), ("outlook", "tracks"))
    chinese_tracks = words["tracks"].fields((), tuple(Outcome)) if "tracks" in words else {}
    tracks = {}
    for name, place in (keys["tracks"].fields((), tuple(Outcome)) if "tracks" in keys else {}).items():
        if name not in chinese_tracks:
            place.expected(f"Chinese words for “{name}” in {chinese.file}")
        tracks[Outcome(name)] = _track(Outcome(name), place, chinese_tracks.get(name))
    for name, place in chinese_tracks.items():
        if Outcome(name) not in tracks:
            place.expected(f"“{name}” to be in {english.file} too")
    if ("outlook" in keys) != ("outlook" in words):
        english.expected("the outlook in both languages")
    outlook = _line(keys["outlook"], words["outlook"]) if "outlook" in keys and "outlook" in words else None
    return TrackFile(outlook, tracks)


def _track(outcome: Outcome, english: Place, chinese: Place | None) -> TrackCard:
    english.ledger.begin(f"track {outcome}")
    keys = english.fields(("summary", "starter", *TABS, "core"), ("ours",))
    words = chinese.fields(("summary", "starter", *TABS)) if chinese else {}
    tabs = {tab: _lines(keys.get(tab), words.get(tab)) for tab in TABS}
    ours = keys["ours"].sequence() if "ours" in keys else []
    return TrackCard(
        outcome=outcome,
        summary=_line(keys.get("summary"), words.get("summary")),
        starter=_line(keys.get("starter"), words.get("starter")),
        tabs=MappingProxyType(tabs),
        ours=frozenset(once([(each.one_of(TABS, "the name of a tab"), each) for each in ours])),
        skills=keys["core"].refers_to_several("skill", at_least=1),
    )


def _lines(english: Place | None, chinese: Place | None) -> tuple[Text, ...]:
    lines = english.sequence(at_least=1) if english else []
    words = chinese.sequence(at_least=1) if chinese else []
    if chinese and len(lines) != len(words):
        chinese.expected(f"{len(lines)} lines, as many as in English; these are {len(words)}")
    return tuple(_line(line, word) for line, word in zip(lines, words, strict=False))


def _line(english: Place | None, chinese: Place | None) -> Text:
    return Text(
        en=english.one_line(LINE[0]) if english else "",
        zh=chinese.one_line(LINE[1]) if chinese else "",
    )
