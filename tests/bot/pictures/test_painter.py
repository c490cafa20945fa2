"""What a picture is: its size, its words' contrast, its marks; for every outcome and every name."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import combinations

import pytest
from PIL import Image

from bot.pictures.painter import HEIGHT, SMALLEST, WIDTH, Painter
from bot.pictures.palette import ACCENTS, GROUND, PLATE, SOFT, WORDS, Colour, contrast
from commands.kit.drawing import Drawing, DrawnOutcome
from content.outcomes import Outcome
from content.text import Language
from tests.bot.pictures.names import NAMES

BYTES_MOST = 150 * 1024
SLACK_WIDTH, READABLE = 360, 11
LINES = ("Experience points to Technical, choices lean to Business.", "Close behind: Hybrid.")


def drawing(*outcomes: Outcome, person: str = "Ada Lovelace") -> Drawing:
    drawn = tuple(DrawnOutcome(each, each.value.title(), "tools for developers") for each in outcomes)
    return Drawing(Language.EN, person, "Leans towards", drawn, LINES, "Not for hiring")


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter()


def look(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGBA")


def colours(png: bytes) -> dict[tuple[int, ...], int]:
    """How often each colour stands in a picture."""
    picture = look(png)
    return {colour: count for count, colour in picture.getcolors(picture.width * picture.height) or []}  # type: ignore[misc]  # RGBA is a tuple


def is_near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return max(abs(a - b) for a, b in zip(one[:3], other[:3], strict=True)) <= 3


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_drawn_within_the_size(painter: Painter, name: str) -> None:
    png = painter.png(drawing(Outcome.PLATFORM, person=NAMES[name]))

    assert look(png).size == (WIDTH, HEIGHT)
    assert len(png) < BYTES_MOST


@pytest.mark.parametrize("name", ["nothing", "blanks"])
def test_without_a_name_none_stands_there(painter: Painter, name: str) -> None:
    nameless = painter.png(drawing(Outcome.PLATFORM, person=""))

    assert painter.png(drawing(Outcome.PLATFORM, person=NAMES[name])) == nameless
    assert nameless != painter.png(drawing(Outcome.PLATFORM))


def test_equal_drawings_are_equal_bytes_whoever_draws(painter: Painter) -> None:
    painter.png(drawing(Outcome.HYBRID, person=NAMES["joined emoji"]))

    assert painter.png(drawing(Outcome.TECHNICAL)) == Painter().png(drawing(Outcome.TECHNICAL))


def test_each_outcome_and_each_pair_looks_its_own(painter: Painter) -> None:
    drawn = [painter.png(drawing(each)) for each in Outcome]
    drawn += [painter.png(drawing(*pair)) for pair in combinations(Outcome, 2)]

    assert len(set(drawn)) == 4 + 6


def test_marks_differ_in_shape_not_in_colour_alone(painter: Painter) -> None:
    grey = {each: painter.tile(each, 64).getchannel("R").point(lambda value: 255 * (value > 99)) for each in Outcome}

    for one, other in combinations(Outcome, 2):
        differing = sum(a != b for a, b in zip(grey[one].tobytes(), grey[other].tobytes(), strict=True))
        assert differing > 64 * 64 * 0.1, (one, other)


@pytest.mark.parametrize("colour", [WORDS, SOFT, *ACCENTS.values()])
def test_words_have_the_contrast_that_small_text_needs(colour: Colour) -> None:
    assert contrast(colour, GROUND) >= 4.5


@pytest.mark.parametrize("outcome", list(Outcome))
def test_marks_stand_out_of_their_tile(outcome: Outcome) -> None:
    assert contrast(ACCENTS[outcome], PLATE) >= 4.5


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_picture_has_these_colours_on_a_ground_of_its_own(painter: Painter, outcome: Outcome) -> None:
    seen = colours(painter.png(drawing(outcome)))
    ground = max(seen, key=lambda colour: seen[colour])

    assert (ground[:3], ground[3]) == (GROUND, 255)
    for colour in (WORDS, SOFT, ACCENTS[outcome], PLATE):
        assert any(is_near(each, colour) and each[3] == 255 for each in seen), colour
    assert any(each[3] == 0 for each in seen), "the corners are not round"


def test_the_smallest_words_are_readable_where_slack_shows_the_picture_small() -> None:
    assert SMALLEST * SLACK_WIDTH / WIDTH >= READABLE


def test_the_longest_lines_are_not_cut(painter: Painter) -> None:
    one = painter.png(drawing(Outcome.BUSINESS))
    longer = replace(drawing(Outcome.BUSINESS), lines=(LINES[0] + " ", LINES[1]))

    assert painter.png(longer) == one
    room = WIDTH - 2 * 76
    assert painter.fonts.set(LINES[0], SMALLEST, 400).width <= room
