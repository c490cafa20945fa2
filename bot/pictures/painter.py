"""How a drawing becomes a PNG: one card with a clear order of sizes, readable at a third of its width."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from PIL import Image, ImageDraw

from bot.pictures.lettering import Fonts, Setting, cleaned
from bot.pictures.marks import FINER, mark
from bot.pictures.palette import ACCENTS, EDGE, GROUND, PLATE, SOFT, WORDS, Colour
from commands.kit.drawing import Drawing, DrawnOutcome
from content.outcomes import Outcome

WIDTH, HEIGHT = 1200, 675
MARGIN = 76
ROOM = WIDTH - 2 * MARGIN
CORNER, BORDER = 36, 3
SMALLEST = 38  # 11 pixels where Slack shows the picture 360 wide
LARGE = range(48, SMALLEST - 1, -1)
MIDDLE = range(42, SMALLEST - 1, -1)
REGULAR, MEDIUM, BOLD = 400, 500, 700
TILE, TILE_SMALL, GUTTER = 288, 112, 40
COLOURS = 128  # flat colours and their smooth edges: a third of the bytes, and quicker to write
BRAND = "pmpath"

# baselines, from the top
PERSON, SAYS, HERO, ABOUT, FOOT = 120, 190, 302, 370, 620
RULE, FIRST_LINE, LEADING = 420, 484, 57
WITHOUT_PERSON = -30  # by how much the words move up where no name stands above them


@dataclass(slots=True)
class Painter:
    """Draws; keeps its fonts and marks. For one thread."""

    fonts: Fonts = field(default_factory=Fonts)
    tiles: dict[tuple[Outcome, int], Image.Image] = field(default_factory=dict)
    card: Image.Image | None = None

    def png(self, drawing: Drawing) -> bytes:
        """The picture; the same bytes for an equal drawing."""
        canvas = self.ground().copy()
        sheet = Sheet(self, canvas, cleaned(drawing.person))
        sheet.head(drawing)
        sheet.foot(drawing)
        return saved(canvas)

    def ground(self) -> Image.Image:
        """The empty card."""
        if self.card is None:
            card = _rounded((WIDTH, HEIGHT), CORNER, EDGE)
            inner = _rounded((WIDTH - 2 * BORDER, HEIGHT - 2 * BORDER), CORNER - BORDER, GROUND)
            card.alpha_composite(inner, (BORDER, BORDER))
            self.card = card
        return self.card

    def tile(self, outcome: Outcome, size: int) -> Image.Image:
        """An outcome's mark in its colour on a tile."""
        key = (outcome, size)
        if key not in self.tiles:
            tile = _rounded((size, size), size // 5, PLATE)
            inner = round(size * 0.64)
            edge = (size - inner) // 2
            tile.paste((*ACCENTS[outcome], 255), (edge, edge, edge + inner, edge + inner), mark(outcome, inner))
            self.tiles[key] = tile
        return self.tiles[key]


def saved(canvas: Image.Image) -> bytes:
    """A finished picture's PNG."""
    held = io.BytesIO()
    few = canvas.quantize(COLOURS, method=Image.Quantize.FASTOCTREE)
    few.save(held, "PNG")
    return held.getvalue()


def _rounded(size: tuple[int, int], corner: int, colour: Colour) -> Image.Image:
    """A filled rectangle with round corners and smooth edges."""
    wide, high = size[0] * FINER, size[1] * FINER
    mask = Image.new("L", (wide, high), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, wide - 1, high - 1), corner * FINER, fill=255)
    drawn = Image.new("RGBA", size, (*colour, 255))
    drawn.putalpha(mask.resize(size, Image.Resampling.BOX))
    return drawn


@dataclass(slots=True)
class Sheet:
    """One picture being drawn."""

    painter: Painter
    canvas: Image.Image
    person: str

    def head(self, drawing: Drawing) -> None:
        """Whose it is, what is said of them, and the outcomes: the largest words there are."""
        two = len(drawing.outcomes) > 1
        room = ROOM if two else ROOM - TILE - GUTTER
        if self.person:
            self.write(MARGIN, PERSON, self.fit(self.person, LARGE, MEDIUM, room), WORDS)
        self.write(MARGIN, self.placed(SAYS), self.fit(drawing.says, MIDDLE, REGULAR, room), SOFT)
        if two:
            self.side_by_side(drawing.outcomes)
        else:
            self.alone(drawing.outcomes[0], room)

    def alone(self, outcome: DrawnOutcome, room: int) -> None:
        """The outcome in large letters, its mark at the other side."""
        self.canvas.alpha_composite(self.painter.tile(outcome.mark, TILE), (WIDTH - MARGIN - TILE, MARGIN))
        name = self.fit(outcome.name, range(104, 60, -4), BOLD, room)
        self.write(MARGIN, self.placed(HERO), name, ACCENTS[outcome.mark])
        self.write(MARGIN, self.placed(ABOUT), self.fit(outcome.about, MIDDLE, REGULAR, room), WORDS)

    def side_by_side(self, outcomes: tuple[DrawnOutcome, ...]) -> None:
        """Two outcomes, each as large as the other."""
        room = (ROOM - GUTTER) // 2
        beside = TILE_SMALL + 28
        top = self.placed(218)
        for column, outcome in enumerate(outcomes):
            left = MARGIN + column * (room + GUTTER)
            self.canvas.alpha_composite(self.painter.tile(outcome.mark, TILE_SMALL), (left, top))
            name = self.fit(outcome.name, range(68, 46, -2), BOLD, room - beside)
            self.write(left + beside, top + 80, name, ACCENTS[outcome.mark])
            self.write(left, top + 160, self.fit(outcome.about, MIDDLE, REGULAR, room), WORDS)

    def foot(self, drawing: Drawing) -> None:
        """What supports it, and last of all what it is not for."""
        ImageDraw.Draw(self.canvas).line((MARGIN, RULE, WIDTH - MARGIN, RULE), fill=(*EDGE, 255), width=2)
        for place, line in enumerate(drawing.lines):
            self.write(MARGIN, FIRST_LINE + place * LEADING, self.fit(line, MIDDLE, REGULAR, ROOM), WORDS)
        brand = self.painter.fonts.set(BRAND, SMALLEST, BOLD)
        self.write(WIDTH - MARGIN - brand.width, FOOT, brand, SOFT)
        note = self.fit(drawing.note, range(SMALLEST, SMALLEST - 1, -1), REGULAR, ROOM - brand.width - GUTTER)
        self.write(MARGIN, FOOT, note, SOFT)

    def placed(self, baseline: int) -> int:
        """The baseline, moved up where nobody is named."""
        return baseline if self.person else baseline + WITHOUT_PERSON

    def fit(self, words: str, sizes: range, weight: int, room: float) -> Setting:
        return self.painter.fonts.fit(cleaned(words), sizes, weight, room)

    def write(self, x: float, baseline: int, setting: Setting, colour: Colour) -> None:
        pen = ImageDraw.Draw(self.canvas)
        for run in setting.runs:
            pen.text((x, baseline), run.words, fill=(*colour, 255), font=run.font, anchor="ls", direction=run.direction)
            x += run.width
