"""The colours of pictures: one quiet card that reads alike on dark and light surroundings."""

from __future__ import annotations

from content.outcomes import Outcome

Colour = tuple[int, int, int]

GROUND: Colour = (30, 39, 51)
PLATE: Colour = (42, 54, 70)
EDGE: Colour = (62, 77, 96)
WORDS: Colour = (245, 247, 250)
SOFT: Colour = (197, 207, 219)
ACCENTS: dict[Outcome, Colour] = {
    Outcome.BUSINESS: (246, 196, 118),
    Outcome.PLATFORM: (140, 193, 250),
    Outcome.TECHNICAL: (132, 214, 176),
    Outcome.HYBRID: (221, 177, 245),
}


def contrast(one: Colour, other: Colour) -> float:
    """The contrast of two colours by WCAG's formula, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
