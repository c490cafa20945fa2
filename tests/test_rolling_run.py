"""A short round of `tests.rolling_run`; the long ones are run by hand, as its first lines say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rolling_run import restart_in_turn

pytestmark = pytest.mark.slow
PATIENCE = 60.0  # seconds; a busy machine may well need more than the three that members would wait
HURRIED = ("tests.hurried_run", "10")


async def test_members_notice_nothing_of_a_restart_of_one_of_two_processes(tmp_path: Path, postgres_url: str) -> None:
    report = await restart_in_turn(
        tmp_path, postgres_url, seconds=60, rest=0.4, restarts=1, module=HURRIED, patience=PATIENCE
    )

    assert not report.faulty, report
    assert report.seen, report
