"""*Correct it*."""

from __future__ import annotations

import pytest

from commands.kit.request import Pressed
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver


@pytest.fixture
async def refused(chat: DirectDriver) -> DirectDriver:
    """A moderator whose time zone was refused, before the card with *Correct it*."""
    moderator = chat.other(uid="mod", moderator=True)
    await moderator.run("/pmpath-mod setup")
    for label in ("Later", "Later", "Another city"):
        await moderator.press(label)
    await moderator.fill(zone="Bejing")
    return moderator


async def test_the_form_opens_with_what_was_written(refused: DirectDriver) -> None:
    assert (await refused.press("Correct it")).fields == {"zone": "Bejing"}


async def test_after_a_day_it_says_that_it_is_no_longer_kept(refused: DirectDriver, clock: SetClock) -> None:
    clock.move(hours=25)

    assert "24 hours" in (await refused.press("Correct it")).lines[0]


async def test_it_opens_nothing_for_who_is_no_longer_a_moderator(refused: DirectDriver) -> None:
    refused.moderator = False

    assert (await refused.press("Correct it")).lines == ["Only moderators of this community can do that."]


async def test_nobody_elses_draft_opens(refused: DirectDriver) -> None:
    wire = Pressed(refused.wire(refused.button("Correct it").press))

    assert (await refused.other(uid="eve", moderator=True).call(wire)).title == "Not this time"
