"""Every bench still runs and prints its rows; no time is asserted, the machine may be busy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import redis_server
from tests.bench.__main__ import BENCHES
from tests.bench.processes import ROOT

ROWS = {
    "discord": ("help, latency", "one answer, latency", "one answer, throughput", "memory", "longest hold"),
    "slack": ("Socket Mode: help, latency", "signed HTTP: one answer, latency", "memory", "longest hold"),
    "web": ("help, latency", "one answer, latency"),
    "store": ("answers, over SQLAlchemy", "answers, over raw group commit", "finishes", "longest hold"),
    "start": ("first", "again"),
    "picture": ("one, against matplotlib", "the first of a process", "longest hold"),
    "tips": ("SQLite: 200 slots", "claim of 100", "busiest second", "the program: longest hold", "Slack: calls"),
    "boards": ("2,000: page, p50", "2,000: award", "2,000, 64 pages at once: longest hold", "the whole command"),
    "rounds": (
        "over-subscribed: time",
        "opt-in: certified gap",
        "balanced: peak memory",
        "numpy alone",
        "find at",
        "solving: longest hold",
        "peak memory of",
    ),
    "find": ("1,000 mentors: the search, p99", "from memory", "longest hold"),
}


@pytest.mark.slow
@pytest.mark.parametrize("bench", BENCHES)
def test_a_quick_run_of_each_bench_prints_its_rows(bench: str) -> None:
    command = [sys.executable, "-m", "tests.bench", "--quick", bench]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert [row for row in ROWS[bench] if row not in done.stdout] == []


@pytest.mark.slow
def test_without_redis_the_boards_are_measured_all_the_same(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.bench", "--quick", "boards"]

    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert redis_server.MISSING in done.stdout
    assert [row for row in ROWS["boards"] if row not in done.stdout] == []
    assert "met" not in done.stdout.partition("page, p50")[2].partition("\n")[0]


def test_every_bench_is_tried() -> None:
    assert ROWS.keys() == BENCHES.keys()
