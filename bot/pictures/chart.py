"""How a chart becomes a PNG: bars one below the other, each with its name before it and its number after it."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import ImageDraw

from bot.pictures.painter import (
    BOLD,
    FOOT,
    GUTTER,
    MARGIN,
    MEDIUM,
    MIDDLE,
    REGULAR,
    ROOM,
    SMALLEST,
    WIDTH,
    Painter,
    Sheet,
    saved,
)
from bot.pictures.palette import ACCENTS, EDGE, SOFT, WORDS, Colour
from commands.kit.drawing import Bar, Chart

SAYS, TOP, LEADING, GAP = 108, 168, 58, 26  # baselines; the gap is between the two parts
TALL, CORNER, LEAST = 34, 8, 8  # the least that is drawn of a number that is not none
ICON, BESIDE = 44, 18
NAMES = 330  # what the names may take, marks included
NUMBERS = 210
FULL = ROOM - NAMES - NUMBERS - GUTTER


def png(painter: Painter, chart: Chart) -> bytes:
    """The picture; the same bytes for an equal chart."""
    canvas = painter.ground().copy()
    sheet = Sheet(painter, canvas, "")
    sheet.write(MARGIN, SAYS, sheet.fit(chart.says, MIDDLE, BOLD, ROOM), WORDS)
    longest = max((bar.length for bar in (*chart.upper, *chart.lower)), default=0)
    rows = Rows(sheet, longest or 1)
    for place, bar in enumerate(chart.upper):
        rows.bar(bar, TOP + place * LEADING)
    between = TOP + len(chart.upper) * LEADING - LEADING // 2 + GAP // 2
    ImageDraw.Draw(canvas).line((MARGIN, between, WIDTH - MARGIN, between), fill=(*EDGE, 255), width=2)
    for place, bar in enumerate(chart.lower):
        rows.bar(bar, TOP + GAP + (len(chart.upper) + place) * LEADING)
    sheet.write(MARGIN, FOOT + 14, sheet.fit(chart.note, range(SMALLEST, SMALLEST - 1, -1), REGULAR, ROOM), SOFT)
    return saved(canvas)


@dataclass(slots=True)
class Rows:
    """The bars of one picture, all to the same scale."""

    sheet: Sheet
    longest: int

    def bar(self, bar: Bar, middle: int) -> None:
        """A bar around this height: a mark where it has one, the name, the bar, the number."""
        left, baseline = MARGIN, middle + 13
        if bar.mark is not None:
            self.sheet.canvas.alpha_composite(self.sheet.painter.tile(bar.mark, ICON), (left, middle - ICON // 2))
            left += ICON + BESIDE
        room = MARGIN + NAMES - left
        self.sheet.write(left, baseline, self.sheet.fit(bar.name, MIDDLE, REGULAR, room), WORDS)
        start = MARGIN + NAMES + GUTTER // 2
        end = start + max(round(FULL * bar.length / self.longest), LEAST * (bar.length > 0))
        colour: Colour = SOFT if bar.mark is None else ACCENTS[bar.mark]
        if end > start:
            box = (start, middle - TALL // 2, end, middle + TALL // 2)
            ImageDraw.Draw(self.sheet.canvas).rounded_rectangle(box, CORNER, fill=(*colour, 255))
        self.sheet.write(end + GUTTER // 2, baseline, self.sheet.fit(bar.said, MIDDLE, MEDIUM, NUMBERS), WORDS)
