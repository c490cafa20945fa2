"""A killed writer, in short; the script takes as many kills as one likes."""

from __future__ import annotations

import os
from pathlib import Path

from tests.storage.kill_run import kill_often


def test_a_killed_writer_loses_and_doubles_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    kills = int(os.environ.get("PMPATH_TEST_KILLS", "8"))

    report = kill_often(tmp_path / "p.sqlite3", kills)

    assert (report.kills, report.lost, report.torn) == (kills, [], [])
    assert report.acknowledged > kills * 100


def test_a_writer_that_acknowledges_before_its_commit_is_caught(tmp_path: Path) -> None:
    report = kill_often(tmp_path / "p.sqlite3", 8, control=True)

    assert report.lost
