"""The invented people of docs/biographies: what a reader is told, and apart from it what is expected of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from content.text import Language

DOCS = Path(__file__).parents[2] / "docs"
FOLDER = DOCS / "biographies"
NOT_ENOUGH = "not-enough"


@dataclass(frozen=True, slots=True)
class Biography:
    """What a reader is told of a person."""

    id: str
    who: str
    language: Language
    text: str


@dataclass(frozen=True, slots=True)
class Expected:
    """Where the experience rule and common sense put a person, and the skills that the biography says they have.

    `outcomes` are the acceptable ones by id, `not-enough` among them where little is said. Where the experience rule
    and the wish `differ`, the result must say so.
    """

    outcomes: frozenset[str]
    where: str
    held: frozenset[str]
    why: str
    differ: bool = False


def biographies() -> Mapping[str, Biography]:
    """Everybody, by id."""
    return {
        person: Biography(person, told["who"], Language(told["language"]), told["text"])
        for person, told in _read("people.yaml").items()
    }


def expected() -> Mapping[str, Expected]:
    """What is expected of each, by the same ids. Never shown to a reader."""
    return {
        person: Expected(
            frozenset(of["outcomes"]), of["where"], frozenset(of["held"]), of["why"], of.get("differ", False)
        )
        for person, of in _read("expected.yaml").items()
    }


def remarks() -> Mapping[str, str]:
    """What was wrong and why, by the person where it showed; written by hand after the readings."""
    return _read("remarks.yaml") or {}


def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text("utf-8"))
    return read
