"""Whether any byte of a word is left in a database's files: its log, its lock, its copies and its pages alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path


def traces(database: Path, *words: str) -> dict[str, int]:
    """How often any of the words stands in each of the database's files, in whatever form it is written there."""
    forms = {form for word in words for form in _forms(word)}
    return {file.name: _count(file.read_bytes(), forms) for file in database.parent.glob(database.name + "*")}


def left(database: Path, *words: str) -> int:
    """In all of its files."""
    return sum(traces(database, *words).values())


def _forms(word: str) -> Iterator[bytes]:
    """As text, and as JSON writes it; each by its halves: an overflow page ends anywhere, but in one of them only."""
    for written in {word, json.dumps(word)[1:-1]}:
        whole = written.encode()
        assert len(whole) >= 10, f"halves of {word!r} may stand in any file"
        yield whole[: len(whole) // 2]
        yield whole[len(whole) // 2 :]


def _count(content: bytes, forms: set[bytes]) -> int:
    return sum(content.count(form) for form in forms)
