"""Row 5: answers and finishes a second at 64 tasks, on SQLite and PostgreSQL, against both floors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.bench.figures import Bar, Row, milliseconds, number
from tests.bench.postgres import server_or_none
from tests.bench.processes import Hold, Process
from tests.bench.talking import held

OVER_NAIVE, OF_RAW, OF_RAW_FINISHES = Bar(8, at_least=True), Bar(0.3, at_least=True), Bar(0.25, at_least=True)
MEASURE_SECONDS = 300.0


async def rows(folder: Path, rounds: int, seconds: float) -> list[Row]:
    with server_or_none() as server:
        told = await _told(folder, rounds, seconds, server)
    found = [
        *_against(told, "ours", "naive", "SQLAlchemy on aiosqlite with a lock", (OVER_NAIVE, OVER_NAIVE)),
        *_against(told, "ours", "raw", "raw group commit", (OF_RAW, OF_RAW_FINISHES)),
        _row(told, "deciding", "raw", "answers", "Store: answers with the next question chosen in the unit, of raw"),
    ]
    if server is None:
        return [*found, _held(told)]
    postgres = _against(told, "postgres", "postgres raw", "asyncpg alone", (None, None))
    return [*found, *postgres, _held(told)]


async def _told(folder: Path, rounds: int, seconds: float, server: str | None) -> dict[str, Any]:
    arguments = ["--folder", str(folder), "--rounds", str(rounds), "--seconds", str(seconds)]
    arguments += ["--server", server] if server else []
    process = Process("tests.bench.store_process", *arguments, settings={}, folder=folder, first=MEASURE_SECONDS)
    async with process:
        return process.first


def _against(
    told: Mapping[str, Any], ours: str, floor: str, called: str, bars: tuple[Bar | None, Bar | None]
) -> list[Row]:
    where = "PostgreSQL" if ours == "postgres" else "Store"
    return [
        _row(told, ours, floor, what, f"{where}: {what}, over {called}", bar)
        for what, bar in zip(("answers", "finishes"), bars, strict=True)
    ]


def _row(told: Mapping[str, Any], ours: str, floor: str, what: str, name: str, bar: Bar | None = None) -> Row:
    mine, theirs = told[ours][what], told[floor][what]
    figures = [one / other for one, other in zip(mine, theirs, strict=True)]
    beside = f"{number(sorted(mine)[len(mine) // 2])}/s against {number(sorted(theirs)[len(theirs) // 2])}/s"
    if what == "answers":
        beside += f"; p50 {milliseconds(told[ours]['p50'])}, p99 {milliseconds(told[ours]['p99'])}"
    return Row(name, figures, bar=bar, beside=beside)


def _held(told: Mapping[str, Any]) -> Row:
    ours, raw = (Hold(told[name]["held"], told[name]["worked"], told[name]["wall"]) for name in ("ours", "raw"))
    return held("Store, 64 tasks", ours, raw)
