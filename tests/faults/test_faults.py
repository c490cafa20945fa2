"""The fault runs in short: nothing acknowledged is lost, doubled or torn, and each control is caught.

What needs a disk of its own, gcc or minutes is for `python -m tests.faults`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import clocks, disks, ends, lines, power
from tests.faults.audit import Report
from tests.faults.ground import Ground


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground("sqlite", tmp_path, seconds=0.0, least=1)


async def test_a_kill_loses_nothing_of_a_file(ground: Ground) -> None:
    report = await ends.killed(ground)

    assert report.found == []
    assert report.acknowledged > 50


async def test_sigterm_and_a_second_process_lose_nothing_of_a_file(ground: Ground) -> None:
    stopped, shared = await ends.drained(ground), await ends.shared(ground)

    assert stopped.found + shared.found == []
    assert [sentence for sentence in shared.refused if "Stop that one first" in sentence]


async def test_a_file_that_may_grow_no_more_goes_on_once_it_may(ground: Ground) -> None:
    report = await disks.limited(ground)

    assert report.found == []
    assert len(report.seconds) == 1


@pytest.mark.parametrize("control", [False, True])
async def test_a_power_cut_loses_nothing_that_was_flushed(ground: Ground, *, control: bool) -> None:
    """By apsw, which is there without a compiler."""
    ground.control = control
    steps, base = await power.replayed(ground)
    report = await power.cuts(ground, steps, base, Report("power cut"), trials=6)

    assert bool(report.found) is control
    assert report.faults == 12


async def test_a_writer_that_acknowledges_before_its_commit_is_caught(ground: Ground) -> None:
    ground.control, ground.least = True, 3

    assert (await ends.killed(ground)).lost


@pytest.mark.parametrize("control", [False, True])
async def test_a_clock_that_jumps_loses_no_tip_and_erases_nobody_too_early(ground: Ground, *, control: bool) -> None:
    ground.control = control
    report = await clocks.clock(ground)

    assert bool(report.found) is control
    assert report.faults > 5


async def test_a_server_killed_and_a_line_cut_are_lived_through(ground: Ground) -> None:
    killed = await ends.server_killed(ground)
    cut = await lines.cut(ground)

    assert killed.found + cut.found == []
    assert (killed.faults, cut.faults) == (1, 1)
