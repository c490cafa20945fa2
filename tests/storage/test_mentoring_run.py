"""All acts of mentoring at random, in short; the script takes as many as one likes."""

from __future__ import annotations

import os

import pytest

from tests.storage import mentoring_run


@pytest.mark.parametrize(("at_once", "acts"), [(False, 120), (True, 400)], ids=["one by one", "at once"])
async def test_no_order_of_acts_breaks_what_must_hold(database_url: str, acts: int, *, at_once: bool) -> None:
    often = int(os.environ.get("PMPATH_TEST_ACTS", acts))
    processes = 1 if database_url.startswith("sqlite") or not at_once else 2

    made = await mentoring_run.run(database_url, often, at_once=at_once, processes=processes)

    assert made.faults == []
    assert made.done.total() >= often
