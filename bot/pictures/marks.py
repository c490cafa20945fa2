"""The outcomes' marks: each a shape of its own, so that nobody has to tell colours apart."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot

from PIL import Image, ImageDraw

from content.outcomes import Outcome

FINER = 4  # drawn so much larger, then made small: smooth edges
WHITE, BLACK = 255, 0
Pen = ImageDraw.ImageDraw


def mark(outcome: Outcome, size: int) -> Image.Image:
    """A mark as a mask of `size` pixels each way."""
    large = size * FINER
    mask = Image.new("L", (large, large), BLACK)
    SHAPES[outcome](ImageDraw.Draw(mask), large)
    return mask.resize((size, size), Image.Resampling.BOX)


def _depth(pen: Pen, size: int) -> None:
    """Business: rings around one point, deep in one industry."""
    for radius, colour in ((0.46, WHITE), (0.37, BLACK), (0.28, WHITE), (0.19, BLACK), (0.11, WHITE)):
        _disc(pen, size, 0.5, 0.5, radius, colour)


def _layers(pen: Pen, size: int) -> None:
    """Platform: layers that carry one another."""
    for middle in (0.68, 0.5, 0.32):
        for grow, colour in ((0.055, BLACK), (0.0, WHITE)):
            wide, high = 0.46 + 2 * grow, 0.22 + grow
            corners = ((0.5, middle - high), (0.5 + wide, middle), (0.5, middle + high), (0.5 - wide, middle))
            pen.polygon([(x * size, y * size) for x, y in corners], fill=colour)


def _network(pen: Pen, size: int) -> None:
    """Technical: points and what joins them."""
    points = ((0.5, 0.16), (0.14, 0.8), (0.86, 0.8), (0.5, 0.57))
    for start, end in ((0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)):
        _bar(pen, size, points[start], points[end], 0.045)
    for x, y in points:
        _disc(pen, size, x, y, 0.155, BLACK)
        _disc(pen, size, x, y, 0.115, WHITE)


def _overlap(pen: Pen, size: int) -> None:
    """Hybrid: two circles that share a part."""
    circles = (0.36, 0.64)
    for x in circles:
        _disc(pen, size, x, 0.5, 0.33, WHITE)
    both = Image.new("L", (size, size), BLACK)
    part = ImageDraw.Draw(both)
    _disc(part, size, circles[0], 0.5, 0.265, WHITE)
    other = Image.new("L", (size, size), BLACK)
    _disc(ImageDraw.Draw(other), size, circles[1], 0.5, 0.265, WHITE)
    for x in circles:
        _disc(pen, size, x, 0.5, 0.265, BLACK)
    lens = Image.new("L", (size, size), BLACK)
    lens.paste(both, mask=other)
    pen.bitmap((0, 0), lens, fill=WHITE)


def _disc(pen: Pen, size: int, x: float, y: float, radius: float, colour: int) -> None:
    pen.ellipse([(c - radius) * size for c in (x, y)] + [(c + radius) * size for c in (x, y)], fill=colour)


def _bar(pen: Pen, size: int, start: tuple[float, float], end: tuple[float, float], wide: float) -> None:
    (x1, y1), (x2, y2) = start, end
    length = hypot(x2 - x1, y2 - y1)
    across, along = (y1 - y2) / length * wide / 2, (x2 - x1) / length * wide / 2
    corners = (
        (x1 + across, y1 + along),
        (x2 + across, y2 + along),
        (x2 - across, y2 - along),
        (x1 - across, y1 - along),
    )
    pen.polygon([(x * size, y * size) for x, y in corners], fill=WHITE)


SHAPES: dict[Outcome, Callable[[Pen, int], None]] = {
    Outcome.BUSINESS: _depth,
    Outcome.PLATFORM: _layers,
    Outcome.TECHNICAL: _network,
    Outcome.HYBRID: _overlap,
}
