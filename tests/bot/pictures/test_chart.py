"""Charts: their size, and that neither colour nor length is needed to read them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image

from bot.pictures import chart as charts
from bot.pictures.painter import GUTTER, HEIGHT, MARGIN, REGULAR, ROOM, SMALLEST, WIDTH, Painter
from bot.pictures.palette import SOFT
from commands.kit.drawing import Bar, Chart
from content.outcomes import Outcome
from content.text import Language
from tests.bot.pictures.test_painter import BYTES_MOST, look

UPPER = tuple(Bar(each.name.title(), "123,455", 123_455, each) for each in Outcome)
LOWER = tuple(Bar(name, "1,234,565", 1_234_565) for name in ("Started", "Finished", "With a plan"))
WHOLE = Chart(
    Language.EN, "How this community splits", UPPER, LOWER, "Rounded down to fives; groups under five left out"
)


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter()


@pytest.mark.parametrize(
    "chart", [WHOLE, replace(WHOLE, upper=UPPER[:1], lower=()), replace(WHOLE, upper=(), lower=())]
)
def test_every_chart_has_the_size_of_a_picture_and_equal_ones_are_equal_bytes(painter: Painter, chart: Chart) -> None:
    png = charts.png(painter, chart)

    assert look(png).size == (WIDTH, HEIGHT)
    assert len(png) < BYTES_MOST
    assert charts.png(Painter(), chart) == png


def test_each_word_each_number_and_each_mark_stands_on_it(painter: Painter) -> None:
    first, *others = UPPER
    changed = (
        replace(first, name="Other"),
        replace(first, said="5"),
        replace(first, mark=Outcome.HYBRID),
        replace(first, length=5),
    )
    drawn = {charts.png(painter, replace(WHOLE, upper=(each, *others))) for each in (first, *changed)}

    assert len(drawn) == 5


def test_a_bar_is_as_long_as_its_number_and_none_leaves_the_picture(painter: Painter) -> None:
    halves = (Bar("a", "10", 10), Bar("b", "5", 5), Bar("c", "0", 0))
    picture = look(charts.png(painter, replace(WHOLE, upper=halves, lower=())))

    long, short, none = (
        _length(picture, charts.TOP + place * charts.LEADING + charts.TALL // 2 - 4) for place in range(3)
    )
    assert short == pytest.approx(long / 2, abs=4)
    assert none == 0
    assert charts.NAMES + charts.FULL + charts.NUMBERS + GUTTER <= ROOM


def test_our_own_words_are_not_cut(painter: Painter) -> None:
    for words in (WHOLE.note, "按 5 向下取整，不足 5 人的不显示"):
        assert painter.fonts.set(words, SMALLEST, REGULAR).width <= ROOM
    for words in ("With a plan", "1,234,565", "Technical", "开始测评"):
        assert painter.fonts.set(words, SMALLEST, REGULAR).width <= charts.NAMES - charts.ICON - charts.BESIDE


def _length(picture: Image.Image, y: int) -> int:
    """How many pixels of a bar stand at this height."""
    start = MARGIN + charts.NAMES
    row = [picture.getpixel((x, y)) for x in range(start, WIDTH - MARGIN)]
    return sum(max(abs(a - b) for a, b in zip(each[:3], SOFT, strict=True)) <= 6 for each in row)  # type: ignore[index]  # RGBA is a tuple
