"""What a matching day of 85,000 who take part costs the members who ask for help meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from tests.bench.figures import Bar, Row, milliseconds, number
from tests.bench.processes import Process
from tests.bench.round_rows import MEASURE_SECONDS, MENTORS, REGIMES

HELD_BAR = Bar(50.0)


async def rows(folder: Path, part: int, seconds: float) -> AsyncIterator[Row]:
    """`part`: one of so many; `seconds` of making matches are watched."""
    sizes = ("--mentors", str(max(1, MENTORS // part)), "--mentees", str(max(1, REGIMES[-1].mentees // part)))
    arguments = (*sizes, "--seconds", str(seconds))
    async with Process(
        "tests.bench.keeper_process", *arguments, settings={}, folder=folder, first=MEASURE_SECONDS
    ) as process:
        told = process.first
    for name, helped in (("solving", "help"), ("running", "help_running")):
        seen, asked = told[name], told[helped]
        yield Row(
            f"Matching day, {name}: longest hold",
            [seen["held"] * 1000],
            " ms",
            HELD_BAR,
            f"help p50 {milliseconds(asked['p50'])}, at most {milliseconds(asked['most'])}, {asked['count']} times",
        )
    rate = f"{told['made']} made, {told['gone']} gone"
    yield Row("Matching day, running: matches a second", [told["rate"]], "", beside=rate)
    yield Row(
        "Matching day: peak memory of the worker",
        [told["mebibytes"]],
        " MiB",
        Bar(1024.0),
        f"{number(told['seconds'])} s from the order to the last pair",
    )
