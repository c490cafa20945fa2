"""Words as they are set: cleaned, each character in a font that has it, cut to the room there is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import groupby

from PIL import ImageFont

from bot.pictures import direction

SANS, EMOJI, SYMBOLS = "NotoSans[wght].ttf", "NotoEmoji[wght].ttf", "NotoSansSymbols[wght].ttf"
CHINESE, JAPANESE, KOREAN = ("cjk", 2), ("cjk", 0), ("cjk", 1)  # faces of one collection
PACKAGES = {"sans": "manimgx_fonts", "cjk": "manimgx_fonts_cjk"}
COLLECTION = "NotoSansCJK-VF.otf.ttc"
MISSING = "\U0010ffff"  # never a character, so that every font shows its sign for what it lacks
PROBE_SIZE = 24
CHARACTERS_MOST = 200
MARKS_MOST = 4  # above or below one letter; more would run into the next lines
ELLIPSIS = "…"
JOINER = "\u200d"
Face = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one font and one direction."""

    words: str
    font: ImageFont.FreeTypeFont
    right_to_left: bool
    width: float

    @property
    def direction(self) -> str:
        return "rtl" if self.right_to_left else "ltr"


@dataclass(frozen=True, slots=True)
class Setting:
    """A line of words ready to be drawn, from left to right."""

    runs: tuple[Run, ...]

    @property
    def width(self) -> float:
        return sum(run.width for run in self.runs)


@dataclass(slots=True)
class Fonts:
    """The fonts of our packages, opened as they are needed. For one thread: the library's objects are not shared."""

    opened: dict[tuple[Face, int, int], ImageFont.FreeTypeFont] = field(default_factory=dict)
    covers: dict[tuple[Face, str], bool] = field(default_factory=dict)
    probes: dict[Face, tuple[ImageFont.FreeTypeFont, bytes]] = field(default_factory=dict)

    def font(self, face: Face, size: int, weight: int) -> ImageFont.FreeTypeFont:
        """A face in a size and weight."""
        key = (face, size, weight)
        if key not in self.opened:
            font = ImageFont.truetype(_file(face), size, index=_index(face))
            (axis,) = font.get_variation_axes()
            font.set_variation_by_axes([min(max(weight, axis["minimum"] or 0), axis["maximum"] or weight)])
            self.opened[key] = font
        return self.opened[key]

    def has(self, face: Face, char: str) -> bool:
        """Whether the face has a sign for this character. What it lacks looks like what no font can have."""
        key = (face, char)
        if key not in self.covers:
            font, missing = self._probe(face)
            self.covers[key] = _look(font, char) != missing
        return self.covers[key]

    def set(self, words: str, size: int, weight: int) -> Setting:
        """A line of cleaned words."""
        pieces: list[Run] = []
        for level, part in direction.visual(list(direction.parts(words))):
            right_to_left = level % 2 == 1
            runs = [
                self._run(said, self.font(face, size, weight), right_to_left=right_to_left)
                for face, said in self._by_face(part, words)
            ]
            pieces += reversed(runs) if right_to_left else runs
        return Setting(tuple(pieces))

    def fit(self, words: str, sizes: range, weight: int, room: float) -> Setting:
        """The words in the largest size in which they fit; in the smallest one cut, if it must be."""
        for size in sizes:
            setting = self.set(words, size, weight)
            if setting.width <= room:
                return setting
        letters = list(clusters(words))
        low, high = 0, len(letters)
        while low < high:
            middle = (low + high + 1) // 2
            cut = self.set(_cut(letters, middle), sizes[-1], weight)
            low, high = (middle, high) if cut.width <= room else (low, middle - 1)
        return self.set(_cut(letters, low), sizes[-1], weight)

    def _run(self, words: str, font: ImageFont.FreeTypeFont, *, right_to_left: bool) -> Run:
        return Run(words, font, right_to_left, font.getlength(words, direction="rtl" if right_to_left else "ltr"))

    def _by_face(self, part: str, whole: str) -> Iterator[tuple[Face, str]]:
        """The part cut where the face changes. Blanks and signs stay with what stands before them."""
        chosen: list[tuple[Face, str]] = []
        for letter in clusters(part):
            neutral = chosen and chosen[-1][0] != (EMOJI, 0) and unicodedata.category(letter[0])[0] in "ZPN"
            if neutral and self._has_all(chosen[-1][0], letter):
                chosen.append((chosen[-1][0], letter))
            else:
                chosen.append((self._face(letter, whole), letter))
        for face, group in groupby(chosen, lambda each: each[0]):
            yield face, "".join(letter for _face, letter in group)

    def _face(self, letter: str, whole: str) -> Face:
        whole_letter = next((face for face in _order(letter, whole) if self._has_all(face, letter)), None)
        if whole_letter is not None:
            return whole_letter
        return next((face for face in _order(letter, whole) if self.has(face, letter[0])), (SANS, 0))

    def _has_all(self, face: Face, letter: str) -> bool:
        return all(self.has(face, char) for char in letter if not _is_invisible(char))

    def _probe(self, face: Face) -> tuple[ImageFont.FreeTypeFont, bytes]:
        if face not in self.probes:
            font = ImageFont.truetype(_file(face), PROBE_SIZE, index=_index(face), layout_engine=ImageFont.Layout.BASIC)
            self.probes[face] = (font, _look(font, MISSING))
        return self.probes[face]


def cleaned(words: str) -> str:
    """The words without what has no shape or would reach beyond its own line; the same for the same name."""
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", words):
        kind = unicodedata.category(char)
        char = " " if kind.startswith("Z") or char in "\t\n\r" else char
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        shapeless = kind in {"Cc", "Cs"} or direction.is_control(char)
        if char == " " or not (shapeless or marks > MARKS_MOST):
            kept.append(char)
    return " ".join("".join(kept).split())[:CHARACTERS_MOST]


def clusters(words: str) -> Iterator[str]:
    """The words letter by letter, each with the marks, joiners and modifiers that belong to it."""
    letter = ""
    for char in words:
        joined = letter and (letter[-1] == JOINER or _goes_with(char) or _is_flag(letter, char))
        if letter and not joined:
            yield letter
            letter = ""
        letter += char
    if letter:
        yield letter


def _goes_with(char: str) -> bool:
    return unicodedata.category(char).startswith("M") or _is_invisible(char) or "\U0001f3fb" <= char <= "\U0001f3ff"


def _is_flag(letter: str, char: str) -> bool:
    """Two regional indicators are one flag."""
    return len(letter) == 1 and all("\U0001f1e6" <= each <= "\U0001f1ff" for each in (letter, char))


def _is_invisible(char: str) -> bool:
    """Joiners, variation selectors and tags: they change a neighbour and need no sign of their own."""
    return unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _cut(letters: list[str], count: int) -> str:
    return "".join(letters[:count]).rstrip() + ELLIPSIS


def _order(letter: str, whole: str) -> Iterator[Face]:
    """The faces in the order in which they are asked for a letter; signs in the emoji's first."""
    yield (SANS, 0)
    if unicodedata.category(letter[0]) in {"So", "Sk"} or "\ufe0f" in letter:
        yield (EMOJI, 0)
    yield _cjk(whole)
    yield from ((name, 0) for name in _others())
    yield (EMOJI, 0)


def _cjk(words: str) -> Face:
    """Whose forms the characters have: Japanese beside kana, Korean beside hangul, else Chinese."""
    if any("\u3041" <= char <= "\u30ff" for char in words):
        return JAPANESE
    return KOREAN if any("\uac00" <= char <= "\ud7a3" or "\u1100" <= char <= "\u11ff" for char in words) else CHINESE


@cache
def _others() -> tuple[str, ...]:
    names = sorted(each.name for each in files(PACKAGES["sans"]).iterdir() if each.name.startswith("NotoSans"))
    scripts = [name for name in names if name not in {SANS, SYMBOLS} and "Italic" not in name and name.endswith("ttf")]
    return (*scripts, SYMBOLS)


def _file(face: Face) -> str:
    name = face[0]
    return str(files(PACKAGES["cjk"]) / COLLECTION) if name == "cjk" else str(files(PACKAGES["sans"]) / name)


def _index(face: Face) -> int:
    return face[1]


def _look(font: ImageFont.FreeTypeFont, char: str) -> bytes:
    mask = font.getmask(char)
    return bytes(mask) + repr(mask.size).encode()
