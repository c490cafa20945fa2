"""The fault runs in short: nothing acknowledged is lost, doubled or torn, and what would be is caught.

Full disks, and lines that are cut, are in `test_told`; the rest, and each in full, in `python -m tests.faults`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import clocks, ends, power
from tests.faults.audit import Report
from tests.faults.ground import Ground


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground("sqlite", tmp_path, seconds=0.0, least=1)


@pytest.mark.slow
async def test_a_kill_loses_nothing_of_a_file(ground: Ground) -> None:
    report = await ends.killed(ground)

    assert report.found == []
    assert report.acknowledged > 50


@pytest.mark.slow
async def test_sigterm_and_a_second_process_lose_nothing_of_a_file(ground: Ground) -> None:
    shared = await ends.shared(ground)  # which ends by SIGTERM

    assert shared.found == []
    assert [sentence for sentence in shared.refused if "Stop that one first" in sentence]


@pytest.mark.parametrize("control", [False, True])
async def test_a_power_cut_loses_nothing_that_was_flushed(ground: Ground, *, control: bool) -> None:
    """By apsw, which is there without a compiler."""
    ground.control = control
    steps, base = await power.replayed(ground)
    report = await power.cuts(ground, steps, base, Report("power cut"), trials=6)

    assert bool(report.found) is control
    assert report.faults == 12


@pytest.mark.slow
async def test_a_writer_that_acknowledges_before_its_commit_is_caught(ground: Ground) -> None:
    ground.control, ground.least = True, 3

    assert (await ends.killed(ground)).lost


@pytest.mark.slow
async def test_a_clock_that_jumps_loses_no_tip_and_erases_nobody_too_early(ground: Ground) -> None:
    report = await clocks.clock(ground)

    assert report.found == []
    assert report.faults > 5


@pytest.mark.slow
async def test_a_server_that_is_killed_loses_nothing_and_is_found_again(ground: Ground) -> None:
    report = await ends.server_killed(ground)

    assert report.found == []
    assert (report.faults, len(report.seconds)) == (1, 1)
