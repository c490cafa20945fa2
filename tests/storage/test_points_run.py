"""Random deeds and all that moves boards, in short; the script takes as many as one likes."""

from __future__ import annotations

import os

import pytest

from tests.storage import points_run
from tests.storage.points_run import SEED


async def test_standings_and_histogram_are_the_ledgers_sums_whatever_happens(database_url: str) -> None:
    often = int(os.environ.get("PMPATH_TEST_DEEDS", "1500" if database_url.startswith("sqlite") else "400"))

    made = await points_run.run(database_url, often)

    assert made.faults == []
    assert made.done.total() >= often


@pytest.mark.parametrize("seed", [SEED, SEED + 1])
async def test_a_member_who_is_hidden_but_still_stands_is_caught(sqlite_url: str, seed: int) -> None:
    made = await points_run.run(sqlite_url, 1000, seed=seed, control=True)

    assert made.faults
