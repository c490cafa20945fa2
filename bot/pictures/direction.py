"""In which order the parts of a line stand from left to right, whatever scripts meet in it.

The Unicode bidirectional algorithm as far as one short line needs it: without embeddings, which `cleaned` takes
out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby

RIGHT = frozenset({"R", "AL"})
NUMBERS = frozenset({"EN", "AN"})
PAIRS = {"(": ")", "[": "]", "{": "}", "（": "）", "［": "］", "「": "」", "『": "』", "《": "》", "【": "】"}
CONTROLS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def is_control(char: str) -> bool:
    """Whether it only turns the direction of what follows, beyond its own line if it is let."""
    return unicodedata.bidirectional(char) in CONTROLS or char in "\u200e\u200f\u061c"


def levels(words: str) -> list[int]:
    """Each character's level: even ones read from left to right, odd ones from right to left."""
    kinds = [_kind(char) for char in words]
    base = next((kind for kind in kinds if kind in "LR"), "L")
    kinds = _numbers(kinds, base)
    kinds = _neutrals(_brackets(words, kinds, base), base)
    if base == "R":
        return [1 if kind == "R" else 2 for kind in kinds]
    return [{"L": 0, "R": 1, "N": 2}[kind] for kind in kinds]


def visual(parts: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Parts of one level each as they stand from left to right; within a part the words keep their order."""
    order = list(parts)
    for level in range(max((each for each, _words in parts), default=0), 0, -1):
        turned: list[tuple[int, str]] = []
        for at_least, group in groupby(order, partial(_reaches, level)):
            together = list(group)
            turned += reversed(together) if at_least else together
        order = turned
    return order


def _reaches(level: int, part: tuple[int, str]) -> bool:
    return part[0] >= level


def _kind(char: str) -> str:
    """L, R, N for a number, M for a mark that goes with what it stands on, or a blank for what is neutral."""
    kind = unicodedata.bidirectional(char)
    if kind in RIGHT:
        return "R"
    if kind in NUMBERS:
        return "N"
    return {"L": "L", "NSM": "M", "BN": "M"}.get(kind, " ")


def _numbers(kinds: list[str], base: str) -> list[str]:
    """Marks as what they stand on; a number after left-to-right words is one of them."""
    settled: list[str] = []
    strong = base
    for kind in kinds:
        each = (settled[-1] if settled else base) if kind == "M" else kind
        each = "L" if each == "N" and strong == "L" else each
        strong = each if each in "LR" else strong
        settled.append(each)
    return settled


def _brackets(words: str, kinds: list[str], base: str) -> list[str]:
    """A pair of brackets takes the line's direction if that is within it, else what it holds agrees with before it."""
    settled = list(kinds)
    opened: list[tuple[str, int]] = []
    for place, char in enumerate(words):
        if char in PAIRS:
            opened.append((PAIRS[char], place))
        for depth in reversed(range(len(opened))):
            closes, start = opened[depth]
            if char == closes:
                del opened[depth:]
                within = {_strong(kind) for kind in kinds[start + 1 : place]} - {" "}
                before = next((_strong(kind) for kind in reversed(kinds[:start]) if kind != " "), base)
                if within:
                    settled[start] = settled[place] = base if base in within else min(within & {before}, default=base)
                break
    return settled


def _strong(kind: str) -> str:
    """Numbers count as right-to-left."""
    return "R" if kind == "N" else kind


def _neutrals(kinds: list[str], base: str) -> list[str]:
    """What stands between two of one direction takes it, all else the line's."""
    settled: list[str] = []
    groups = [(kind, len(list(group))) for kind, group in groupby(kinds)]
    for place, (kind, count) in enumerate(groups):
        if kind == " ":
            before, after = _side(groups, place - 1, base), _side(groups, place + 1, base)
            kind = before if before == after else base
        settled += [kind] * count
    return settled


def _side(groups: Sequence[tuple[str, int]], place: int, base: str) -> str:
    """What a neutral sees beside it; numbers count as right-to-left."""
    if not 0 <= place < len(groups):
        return base
    return _strong(groups[place][0])


def parts(words: str) -> Iterator[tuple[int, str]]:
    """The words cut where the level changes, in reading order."""
    found = levels(words)
    for level, group in groupby(range(len(words)), found.__getitem__):
        yield level, "".join(words[place] for place in group)
