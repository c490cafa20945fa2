"""Words in fonts that have them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures.lettering import Fonts, cleaned, clusters
from tests.bot.pictures.names import NAMES

FACES = {
    "latin": "NotoSans[wght]",
    "arabic": "NotoSansArabic",
    "hebrew": "NotoSansHebrew",
    "devanagari": "NotoSansDevanagari",
    "bengali": "NotoSansBengali",
    "tamil": "NotoSansTamil",
    "thai": "NotoSansThai",
    "lao": "NotoSansLao",
    "khmer": "NotoSansKhmer",
    "burmese": "NotoSansMyanmar",
    "sinhala": "NotoSansSinhala",
    "georgian": "NotoSansGeorgian",
    "armenian": "NotoSansArmenian",
    "amharic": "NotoSansEthiopic",
    "korean": "NotoSansCJK",
    "japanese": "NotoSansCJK",
    "simplified": "NotoSansCJK",
    "traditional": "NotoSansCJK",
}


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return Fonts()


def faces(fonts: Fonts, words: str) -> list[str]:
    """The files in which the words are set, from left to right."""
    return [str(run.font.path).rsplit("/", 1)[-1] for run in fonts.set(cleaned(words), 40, 400).runs]


@pytest.mark.parametrize("script", FACES)
def test_each_script_is_set_in_a_font_that_has_it(fonts: Fonts, script: str) -> None:
    assert all(face.startswith(FACES[script]) for face in faces(fonts, NAMES[script]))


def test_characters_have_the_forms_of_the_language_beside_them(fonts: Fonts) -> None:
    styles = [fonts.set(words, 40, 400).runs[0].font.getname()[0] for words in ("直", "直さくら", "直 김")]

    assert styles == ["Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR"]


def test_a_weight_is_the_one_asked_for(fonts: Fonts) -> None:
    thin, bold = (fonts.set("王小明 Wang", 40, weight).width for weight in (400, 700))

    assert thin < bold


@pytest.mark.parametrize("name", ["👩\u200d👩\u200d👧\u200d👦", "👍🏽", "🏳️\u200d🌈", "🇨🇳", "1️⃣", "❤️"])
def test_a_sign_of_several_characters_is_one_sign(fonts: Fonts, name: str) -> None:
    assert list(clusters(name)) == [name]
    assert faces(fonts, name) == ["NotoEmoji[wght].ttf"]
    assert fonts.set(name, 40, 400).width == pytest.approx(fonts.set("🎉", 40, 400).width, rel=0.2)


def test_blanks_and_signs_stay_in_the_font_beside_them(fonts: Fonts) -> None:
    assert len(faces(fonts, "王，小 明。")) == 1
    assert len(faces(fonts, "نور، حداد")) == 1
    assert faces(fonts, "🎉 🎉") == ["NotoEmoji[wght].ttf", "NotoSans[wght].ttf", "NotoEmoji[wght].ttf"]


def test_what_no_font_has_gets_a_sign_of_its_own(fonts: Fonts) -> None:
    setting = fonts.set("\ue000", 40, 400)

    assert setting.width > 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("room", [700, 120])
def test_every_name_fits_into_its_room(fonts: Fonts, name: str, room: int) -> None:
    assert fonts.fit(cleaned(NAMES[name]), range(48, 37, -1), 500, room).width <= room


def test_a_name_is_made_smaller_before_it_is_cut(fonts: Fonts) -> None:
    whole = fonts.set("Ada Lovelace", 48, 500).width
    smaller = fonts.fit("Ada Lovelace", range(48, 37, -1), 500, whole * 0.9)
    cut = fonts.fit("Ada Lovelace", range(48, 37, -1), 500, whole * 0.5)

    assert [run.words for run in smaller.runs] == ["Ada Lovelace"]
    assert cut.runs[0].words.endswith("…")


def test_cutting_never_parts_a_letter_from_its_marks(fonts: Fonts) -> None:
    name = "e\u0323\u0308" * 60
    cut = fonts.fit(name, range(38, 37, -1), 500, 300)
    words = "".join(run.words for run in cut.runs).removesuffix("…")

    assert len(words) % 3 == 0


def test_right_to_left_words_are_drawn_from_the_right(fonts: Fonts) -> None:
    runs = fonts.set(cleaned(NAMES["both directions"]), 40, 400).runs

    assert [run.words.strip(" ()") for run in runs if run.words.strip(" ()")] == ["42", "Mo", "محمد"]
    assert runs[-1].right_to_left


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("  Ada \t\n Lovelace ", "Ada Lovelace"),
        ("A\u202ed\x00a\ud83d", "Ada"),
        ("e\u0301", "é"),
        ("A" + "\u0301" * 9, "Á\u0301\u0301\u0301\u0301"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("x" * 500, "x" * 200),
    ],
)
def test_words_are_cleaned_of_what_has_no_shape(words: str, expected: str) -> None:
    assert cleaned(words) == expected


def test_long_words_are_cut_shorter_the_less_room_there_is(fonts: Fonts) -> None:
    widths = [fonts.fit("W" * 100, range(38, 37, -1), 500, room).width for room in (800, 400, 200)]

    assert all(wider > narrower for wider, narrower in pairwise(widths))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=100))
def test_whatever_is_written_is_set(words: str) -> None:
    shown = cleaned(words)
    setting = ANY.fit(shown, range(40, 37, -1), 500, 700)

    assert setting.width <= 700
    assert "".join(clusters(shown)) == shown


ANY = Fonts()
