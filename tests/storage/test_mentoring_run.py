"""All acts of mentoring at random, at once and with kills, in short; the scripts take as many as one likes."""

from __future__ import annotations

import os

import pytest

from tests.storage import mentoring_crowd, mentoring_kill, mentoring_run


@pytest.mark.parametrize(("at_once", "acts"), [(False, 120), (True, 400)], ids=["one by one", "at once"])
async def test_no_order_of_acts_breaks_what_must_hold(database_url: str, acts: int, *, at_once: bool) -> None:
    often = int(os.environ.get("PMPATH_TEST_ACTS", acts))
    processes = 1 if database_url.startswith("sqlite") or not at_once else 2

    made = await mentoring_run.run(database_url, often, at_once=at_once, processes=processes)

    assert made.faults == []
    assert made.done.total() >= often


@pytest.mark.slow
async def test_a_killed_writer_loses_no_match_and_leaves_nobody_waiting(database_url: str) -> None:
    kills = int(os.environ.get("PMPATH_TEST_KILLS", "2"))

    report = await mentoring_kill.kill_often(database_url, kills)

    assert (report.kills, report.faults) == (kills, [])


def test_one_place_goes_to_one_of_64_who_ask_from_two_processes(postgres_url: str) -> None:
    found = mentoring_crowd.crowd_in_two(postgres_url, ("ask", "accept"))

    assert found.faults == []
    assert found.answers["ask"] == {"Asked": 1, "Busy": 63}
    assert found.answers["accept"]["int"] == 3  # Ada's one place and Bo's two
