"""A short round of `tests.kill_tips`; the long ones are run by hand, as its first lines say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kill_tips import Fire, kill_often

pytestmark = pytest.mark.slow


async def test_one_process_on_sqlite_that_is_killed_posts_every_tip_once_or_tells(
    tmp_path: Path, sqlite_url: str
) -> None:
    report = await kill_often(
        tmp_path, sqlite_url, Fire(1, kills=2, deliveries=64, seconds=8, times=60, late=0.3, life=1.0)
    )

    assert (report.kills, report.slots, report.faulty) == (2, 64, False), report
    assert report.appeared + report.uncertain.total() >= 64, report
    assert report.handed > 0, report


async def test_of_two_processes_one_is_killed_and_one_stands_still_and_every_tip_is_there_once_or_told(
    tmp_path: Path, postgres_url: str
) -> None:
    report = await kill_often(
        tmp_path, postgres_url, Fire(2, kills=1, deliveries=64, seconds=8, times=60, late=0.3, life=1.0, stalls=2.0)
    )

    assert (report.kills, report.slots, report.faulty) == (2, 64, False), report
    assert report.appeared + report.uncertain.total() >= 64, report


async def test_without_its_protection_a_tip_would_be_there_twice_and_be_found(tmp_path: Path, sqlite_url: str) -> None:
    fire = Fire(1, kills=0, deliveries=24, seconds=5, times=60, dropped=0.3, late=0.1, control="repeats")
    report = await kill_often(tmp_path, sqlite_url, fire)

    assert report.twice, report
