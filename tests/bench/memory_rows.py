"""Row 7: how much our process grows over many interactions, help and presses, once it is warm."""

from __future__ import annotations

import gc
from collections.abc import Sequence

from tests.bench import crowd
from tests.bench.crowd import Side, Somebody
from tests.bench.figures import Bar, Row, number

GROWTH_BAR = Bar(1.0)
PARTS = 4


async def row(where: str, side: Side, interactions: int) -> Row:
    """Bytes an interaction, after as many again to warm up."""
    await _busy(side, interactions // 2)
    before = side.process.memory
    grown = []
    for _part in range(PARTS):
        start = side.process.memory
        await _busy(side, interactions // PARTS)
        grown.append((side.process.memory - start) / (interactions // PARTS) / 1024)
    whole = (side.process.memory - before) / interactions / 1024
    parts = ", ".join(number(each) for each in grown)
    beside = f"{interactions} interactions, {number(before / 2**20)} MiB before; by quarters {parts}"
    return Row(f"{where}: memory, growth an interaction", [whole], " KiB", GROWTH_BAR, beside)
