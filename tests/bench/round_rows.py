"""Rounds of 210,000 members in three regimes beside OR-tools' flow at 20,000, and `find` at 20,000 mentors.

Times are of the processor; each runs in one thread of a process of its own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.figures import Bar, Row, milliseconds, number
from tests.bench.processes import Process

MEASURE_SECONDS = 1_800.0
MENTORS, FLOOR_MENTORS = 21_038, 2_000
OVER, FLOOR_MENTEES = 190_069, 18_000
GAP_BAR, MEMORY_BAR, NUMPY_BAR, FIND_BAR = Bar(0.05), Bar(1024.0), Bar(15.0), Bar(5.0)


@dataclass(frozen=True, slots=True)
class Regime:
    """How many ask, and how many times OR-tools' time at 20,000 members a round may take."""

    name: str
    mentees: int
    times: float


REGIMES = (Regime("over-subscribed", OVER, 1.0), Regime("opt-in", 48_319, 1.0), Regime("balanced", 64_347, 3.0))


async def rows(folder: Path, part: int, rounds: int) -> AsyncIterator[Row]:
    """`part`: one of so many mentors and mentees, for a quick look."""
    floor = [await _told(folder, "flow", FLOOR_MENTORS // part, FLOOR_MENTEES // part) for _ in range(rounds)]
    seconds = [each["seconds"] for each in floor]
    own = [each["own"] for each in floor]
    yield Row(
        "Rounds: OR-tools at 20,000 members, from the same columns",
        seconds,
        " s",
        beside=f"{number(own[0])} s of it the flow alone; its memory {number(floor[0]['mebibytes'])} MiB",
    )
    for regime in REGIMES:
        mentors, mentees = MENTORS // part, regime.mentees // part
        told = [await _told(folder, "compiled", mentors, mentees) for _ in range(rounds)]
        plain = await _told(folder, "numpy", mentors, mentees)
        for row in _of(regime, told, plain, seconds, own):
            yield row
    found = await _told(folder, "find", 20_000 // part, 2_000 // part)
    yield Row(
        "Rounds: find at 20,000 mentors, p99",
        [found["p99"] * 1000],
        " ms",
        FIND_BAR,
        f"p50 {milliseconds(found['p50'])}",
    )


def _of(
    regime: Regime, told: list[dict[str, Any]], plain: dict[str, Any], floor: list[float], flow: list[float]
) -> list[Row]:
    first, name = told[0], f"Rounds, {regime.name}"
    took = [each["seconds"] for each in told]
    proven = "proven" if all(each["proven"] for each in (*told, plain)) else "NOT PROVEN"
    same = "the same pairs" if len({each["pairs"] for each in (*told, plain)}) == 1 else "OTHER PAIRS"
    matched = f"{first['matched']:,} of {regime.mentees:,} mentees, {first['places']:,} places, {proven}"
    return [
        Row(
            f"{name}: time, against OR-tools at 20,000",
            [mine / theirs for mine, theirs in zip(took, floor, strict=True)],
            bar=Bar(regime.times),
            beside=f"{number(took[0])} s, {number(first['clock'])} by the clock; to compile, {number(first['load'])} s",
        ),
        Row(
            f"{name}: time, against the flow alone at 20,000",
            [mine / theirs for mine, theirs in zip(took, flow, strict=True)],
        ),
        Row(f"{name}: certified gap", [first["gap"] * 100], " %", GAP_BAR, matched),
        Row(f"{name}: peak memory", [each["mebibytes"] for each in told], " MiB", MEMORY_BAR),
        Row(
            f"{name}: numpy alone, against compiled",
            [plain["seconds"] / took[0]],
            bar=NUMPY_BAR,
            beside=f"{number(plain['seconds'])} s, {number(plain['mebibytes'])} MiB, {same}",
        ),
    ]


async def _told(folder: Path, what: str, mentors: int, mentees: int) -> dict[str, Any]:
    arguments = (what, "--mentors", str(max(1, mentors)), "--mentees", str(max(1, mentees)))
    async with Process(
        "tests.bench.round_process", *arguments, settings={}, folder=folder, first=MEASURE_SECONDS
    ) as process:
        return process.first
