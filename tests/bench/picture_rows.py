"""Row 8: one result as a picture, beside the same card by matplotlib, and how the loop is held by 64 at once."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from tests.bench.figures import Bar, Row, milliseconds, percentile
from tests.bench.processes import Hold, Process
from tests.bench.talking import held

PICTURE_BAR, RATIO_BAR = Bar(30.0), Bar(1.0)
MEASURE_SECONDS = 300.0


async def rows(folder: Path, rounds: int, count: int) -> list[Row]:
    arguments = ("--rounds", str(rounds), "--count", str(count))
    process = Process("tests.bench.picture_process", *arguments, settings={}, folder=folder, first=MEASURE_SECONDS)
    async with process:
        told = process.first
    ours, floor = ([median(each) for each in told[name]] for name in ("ours", "floor"))
    tail = percentile([each for one in told["ours"] for each in one], 0.99)
    scripts = told["scripts"]
    beside = f"p99 {milliseconds(tail)}; any script: {milliseconds(median(scripts))}, most {milliseconds(max(scripts))}"
    cold = Hold(**told["cold_held"])
    return [
        Row("Picture: one", [each * 1000 for each in ours], " ms", PICTURE_BAR, beside),
        Row(
            "Picture: one, against matplotlib",
            [mine / theirs for mine, theirs in zip(ours, floor, strict=True)],
            bar=RATIO_BAR,
            beside=f"{milliseconds(median(ours))} against {milliseconds(median(floor))}",
        ),
        Row(
            "Picture: the first of a process, fonts and imports included",
            [told["cold"] * 1000],
            " ms",
            beside=f"meanwhile the loop was held for {milliseconds(cold.held)} at most",
        ),
        held("Picture, 64 at once", Hold(**told["held"]), Hold(**told["floor_held"])),
    ]
