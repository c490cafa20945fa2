"""A matching day that was worked out, looked at and held on every surface: equal words, and within its limits."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from storage.members import Me
from storage.store import Store
from tests.commands.mod.round.conftest import Eve, eve_of
from tests.drivers.seen import Driver, Seen
from tests.test_parity import Parts, common, parts

__all__ = ["parts"]


async def held(driver: Driver, store: Store) -> list[Seen]:
    await driver.run("/pmpath home")
    eve: Eve = await eve_of(store, Me(1, "u-mod", "Mo"))
    await driver.run("/pmpath-mod round preview")
    made = await eve.work_out()
    labels = ("Look again", "The pairs", "Leave this pair out", "Put back", "Back to the matching day")
    seen = [await driver.press(label) for label in (*labels, "Report as CSV", "Back to the matching day")]
    seen += [await driver.press(label) for label in ("Who could help", "Look at the post", "Post")]
    seen += [await driver.run("/pmpath-mod round run"), await driver.press("Make 3 matches")]
    await eve.run_out(made)
    seen += [await driver.press("Look again"), await driver.press("Earlier matching days")]
    return [*seen, await driver.run("/pmpath-mod audit")]


def undated(seen: Seen) -> Seen:
    """Moments are in each platform's own form."""
    found = common(seen)
    return replace(found, lines=[re.sub("^Held on .*|^.*(?=: 3 of 5)", "then", line) for line in found.lines])


@pytest.mark.parametrize("surface", ["discord", "slack-http", "web"])
async def test_it_is_the_same_everywhere(
    parts: Parts, surface: str, sqlite_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with parts.direct(f"sqlite:///{tmp_path_factory.mktemp('direct')}/direct.sqlite3", surface) as direct:
        expected = [undated(each) for each in await held(direct, direct.dispatcher.store)]
    async with parts.on(surface, sqlite_url) as (driver, store, _running):
        assert [undated(each) for each in await held(driver, store)] == expected
