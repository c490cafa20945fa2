"""Row 7: how much our process grows over many interactions, help and presses, once it is warm."""

from __future__ import annotations

from tests.bench import crowd
from tests.bench.crowd import Side
from tests.bench.figures import Bar, Row, number

GROWTH_BAR = Bar(1.0)
QUARTERS = 4


async def row(where: str, side: Side, interactions: int) -> Row:
    """What the process holds more for each, after half as many to warm up."""
    await _busy(side, interactions // 2)
    before, done = side.process.memory, side.done
    quarters = [await _busy(side, interactions // QUARTERS) for _quarter in range(QUARTERS)]
    grown = (side.process.memory - before) / (side.done - done) / 1024
    beside = f"over {side.done - done}, from {number(before / 2**20)} MiB on; by quarters " + ", ".join(
        map(number, quarters)
    )
    return Row(f"{where}: memory, growth an interaction", [grown], " KiB", GROWTH_BAR, beside)


async def _busy(side: Side, interactions: int) -> float:
    """So many at least, help and presses; the growth for each in KiB."""
    before, done = side.process.memory, side.done
    while side.done - done < interactions:
        await crowd.helps_at_once(side, 16)
        await crowd.answers_at_once(side, crowd.AHEAD)
    return (side.process.memory - before) / (side.done - done) / 1024
