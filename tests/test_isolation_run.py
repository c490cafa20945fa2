"""A short round of `tests.isolation_run`; the long ones are run by hand, as its first lines say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.isolation_run import How, run

pytestmark = pytest.mark.slow


async def test_nothing_crosses_between_communities_of_the_same_people(tmp_path: Path, postgres_url: str) -> None:
    report = await run(tmp_path, postgres_url, How(steps=40, seed=7, share=0.02, stretch=5, later=1.0))

    assert not report.faulty, report
    assert report.marked, report
