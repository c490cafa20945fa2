"""Posts that need a moderator's look."""

from __future__ import annotations

import pytest

from storage import outbox
from storage.due import Due
from storage.unit import Unit
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import claimed


@pytest.fixture
async def moderator(chat: DirectDriver) -> DirectDriver:
    """A moderator of a community with one welcome post promised."""
    driver = chat.other(uid="mod", moderator=True)
    await driver.run("/pmpath home")
    return driver


async def promised(driver: DirectDriver, clock: SetClock) -> Due:
    assert driver.reply is not None
    community = driver.reply.community

    def post(unit: Unit) -> None:
        unit.post(community, "general", "setup.welcome", key="once")

    await driver.dispatcher.store.write(post)
    (due,) = await claimed(driver, clock)
    return due


async def test_home_says_nothing_of_posts_that_arrived(moderator: DirectDriver, clock: SetClock) -> None:
    due = await promised(moderator, clock)
    await moderator.dispatcher.store.write(outbox.sent, due, "m1")

    assert "Look at them" not in (await moderator.run("/pmpath home")).buttons


async def test_a_post_in_doubt_is_settled_by_a_moderator_who_looked(moderator: DirectDriver, clock: SetClock) -> None:
    due = await promised(moderator, clock)
    await moderator.dispatcher.store.write(outbox.uncertain, due)

    assert "1 post of mine needs a look." in (await moderator.run("/pmpath home")).lines
    card = await moderator.press("Look at them")
    assert card.lines[0] == "I don't know whether my post in the channel #general arrived."
    assert (await moderator.press("It is there")).lines == ["None: every post is where it should be."]
    assert await claimed(moderator, clock) == []


async def test_a_post_that_is_not_there_is_posted_once_however_often_it_is_pressed(
    moderator: DirectDriver, clock: SetClock
) -> None:
    due = await promised(moderator, clock)
    await moderator.dispatcher.store.write(outbox.uncertain, due)
    await moderator.run("/pmpath home")
    await moderator.press("Look at them")
    reply = moderator.reply

    for _ in range(2):
        moderator.reply = reply
        await moderator.press("Post it")

    assert [each.id for each in await claimed(moderator, clock)] == [due.id]


async def test_a_refused_post_can_be_posted_again_once_the_rights_are_there(
    moderator: DirectDriver, clock: SetClock
) -> None:
    due = await promised(moderator, clock)
    await moderator.dispatcher.store.write(outbox.dead, due, "50001")
    await moderator.run("/pmpath home")

    card = await moderator.press("Look at them")
    assert card.lines[0] == "I was not allowed to post in the channel #general."
    await moderator.press("Post it")

    assert len(await claimed(moderator, clock)) == 1


async def test_the_same_promise_after_a_refusal_is_a_new_try(moderator: DirectDriver, clock: SetClock) -> None:
    due = await promised(moderator, clock)
    await moderator.dispatcher.store.write(outbox.dead, due, "50001")

    assert (await promised(moderator, clock)).attempt == 1


async def test_members_and_other_communities_see_none_of_it(
    moderator: DirectDriver, chat: DirectDriver, clock: SetClock
) -> None:
    due = await promised(moderator, clock)
    await moderator.dispatcher.store.write(outbox.uncertain, due)

    assert "Look at them" not in (await chat.run("/pmpath home")).buttons
