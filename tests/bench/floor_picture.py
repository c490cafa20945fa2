"""The floor for pictures: the same card drawn with matplotlib, which many bots use for it."""

from __future__ import annotations

import io
from importlib.resources import files

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, FancyBboxPatch

from bot.pictures.palette import ACCENTS, EDGE, GROUND, PLATE, SOFT, WORDS, Colour
from commands.kit.drawing import Drawing

WIDTH, HEIGHT, DPI = 1200, 675, 100
FONT = str(files("manimgx_fonts") / "NotoSans[wght].ttf")
CHINESE = str(files("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc")


class Plotter:
    """Draws cards as a caller who keeps their fonts would."""

    def __init__(self) -> None:
        self._fonts = {size: FontProperties(fname=FONT, size=size * 72 / DPI) for size in (38, 42, 48, 104)}

    def png(self, drawing: Drawing) -> bytes:
        figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor="none")
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(HEIGHT, 0)
        axes.axis("off")
        outcome = drawing.outcomes[0]
        axes.add_patch(_box(2, 2, WIDTH - 4, HEIGHT - 4, 36, GROUND, EDGE))
        axes.add_patch(_box(836, 76, 288, 288, 56, PLATE, PLATE))
        for radius, colour in ((84, ACCENTS[outcome.mark]), (68, PLATE), (52, ACCENTS[outcome.mark]), (35, PLATE)):
            axes.add_patch(Circle((980, 220), radius, color=_colour(colour)))
        words = [
            (drawing.person, 120, 48, WORDS),
            (drawing.says, 190, 42, SOFT),
            (outcome.name, 302, 104, ACCENTS[outcome.mark]),
            (outcome.about, 370, 42, WORDS),
            *((line, 484 + 57 * place, 42, WORDS) for place, line in enumerate(drawing.lines)),
            (drawing.note, 620, 38, SOFT),
        ]
        for said, baseline, size, colour in words:
            axes.text(76, baseline, said, fontproperties=self._fonts[size], color=_colour(colour), va="baseline")
        axes.plot([76, WIDTH - 76], [420, 420], color=_colour(EDGE), linewidth=1.5)
        held = io.BytesIO()
        figure.savefig(held, format="png", dpi=DPI)
        return held.getvalue()


def _colour(colour: Colour) -> tuple[float, float, float]:
    red, green, blue = (channel / 255 for channel in colour)
    return red, green, blue


def _box(x: int, y: int, wide: int, high: int, corner: int, fill: Colour, edge: Colour) -> FancyBboxPatch:
    style = f"round,pad=0,rounding_size={corner}"
    return FancyBboxPatch((x, y), wide, high, boxstyle=style, facecolor=_colour(fill), edgecolor=_colour(edge))
