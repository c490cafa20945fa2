"""A few seconds of `tests.load_run`; the hour, and how long anything may take, are for a quiet machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.load.report import Plan
from tests.load_run import run

PLAN = Plan(
    seconds=5, rate=20, tips=40, mentors=20, mentees=60, floor_seconds=2, patience=60,
    shares={"Discord": 1, "Slack": 1, "Page": 1},
)  # fmt: skip

pytestmark = pytest.mark.slow


async def test_everybody_is_answered_while_tips_and_a_matching_day_come_due(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()

    report = await run(PLAN, tmp_path, f"sqlite:///{tmp_path / 'data' / 'pmpath.sqlite3'}", {})

    assert report.faults == [], report
    assert report.matched, report
    assert {kind.partition(" ")[0] for kind in report.ours.kinds} == {"Discord", "Slack", "Page"}
    assert len(report.ours) == report.ours.begun
    assert len(report.floor) == report.floor.begun > 0
