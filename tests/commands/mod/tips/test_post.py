"""`/pmpath-mod tips post`."""

from __future__ import annotations

from dataclasses import replace

from commands.kit.request import Place, Pressed
from content.outcomes import Outcome
from content.text import Language
from storage import schedules, tips
from storage.tips import Written
from tests.commands.mod.tips.switched import MONDAY_NINE, postings_of, switch_on, to_next_slot
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import claimed


async def add(driver: DirectDriver, title: str, outcome: Outcome) -> str:
    written = Written(outcome, {Language.EN: (title, "Do it.")})
    return str(await driver.dispatcher.store.write(tips.add, await driver.me(), written))


async def test_members_are_told_no(chat: DirectDriver) -> None:
    assert (await chat.run("/pmpath-mod tips post")).lines == ["Only moderators of this community can do that."]


async def test_the_head_of_the_queue_goes_out_once_however_often_it_is_pressed(
    moderator: DirectDriver, clock: SetClock
) -> None:
    tip = await add(moderator, "One", Outcome.PLATFORM)
    card = await moderator.run("/pmpath-mod tips post")
    assert "Weekly tip · Platform · 23 November 2026: One" in card.lines
    wire = moderator.wire(moderator.button("Post in this channel").press)
    assert (await moderator.press("Post in this channel")).lines == ["It is on its way to #general."]
    again = await moderator.call(Pressed(wire))

    assert again.lines == ["You have posted it already, in #general; nothing was posted a second time."]
    assert await postings_of(moderator) == [(tip, "general", "due")]
    (due,) = await claimed(moderator, clock)
    composed = await moderator.dispatcher.compose(due)
    assert composed is not None
    assert moderator.say(composed[0].title) == "Weekly tip · Platform · 23 November 2026: One"
    assert "Posted the tip “One” at once." in (await moderator.run("/pmpath-mod audit")).text


async def test_two_moderators_with_a_card_each_post_one_tip_once(moderator: DirectDriver, clock: SetClock) -> None:
    await add(moderator, "One", Outcome.PLATFORM)
    other = moderator.other(uid="mod2", name="Di")
    await moderator.run("/pmpath-mod tips post")
    clock.move(seconds=30)
    await other.run("/pmpath-mod tips post")
    await moderator.press("Post in this channel")
    card = await other.press("Post in this channel")

    assert card.lines == ["It has gone out meanwhile, or somebody deleted it. Nothing was posted."]
    assert len(await postings_of(moderator)) == 1


async def test_of_the_library_too_a_tip_goes_out_once_from_two_cards(moderator: DirectDriver, clock: SetClock) -> None:
    other = moderator.other(uid="mod2", name="Di")
    await moderator.run("/pmpath-mod tips post")
    clock.move(seconds=30)
    await other.run("/pmpath-mod tips post")
    await moderator.press("Post in this channel")
    first = moderator.dispatcher.content.tips_by_outcome[Outcome.BUSINESS][0]
    clock.move(seconds=30)
    card = await other.press("Post in this channel")

    assert card.lines == ["It has gone out meanwhile, or somebody deleted it. Nothing was posted."]
    assert await postings_of(moderator) == [(first, "general", "due")]
    await moderator.run("/pmpath-mod tips post")
    await moderator.press("Post in this channel")
    assert len({tip for tip, _channel, _state in await postings_of(moderator)}) == 2


async def test_a_track_is_chosen(moderator: DirectDriver) -> None:
    await add(moderator, "One", Outcome.PLATFORM)
    await moderator.run("/pmpath-mod tips post")
    card = await moderator.choose("outcome", "Technical (data and models)")
    first = moderator.dispatcher.content.tips[
        moderator.dispatcher.content.tips_by_outcome[Outcome.TECHNICAL][0]
    ].title.en

    assert f"Weekly tip · Technical · 23 November 2026: {first}" in card.lines


async def test_it_goes_where_the_weekly_tip_goes_even_from_a_place_that_nobody_sees(moderator: DirectDriver) -> None:
    tip = await add(moderator, "One", Outcome.PLATFORM)
    me = await moderator.me()
    await moderator.dispatcher.store.write(schedules.switch_on, me, {None: replace(MONDAY_NINE, channel="weekly")})
    private = moderator.other(channel="d1", place=Place.DIRECT)
    card = await private.run("/pmpath-mod tips post")
    assert "Post in this channel" not in card.buttons
    assert (await private.press("Post where the weekly tip goes")).lines == ["It is on its way to #weekly."]

    assert await postings_of(moderator) == [(tip, "weekly", "due")]


async def test_a_card_carried_to_a_place_that_nobody_sees_posts_nothing(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath-mod tips post")
    wire = moderator.wire(moderator.button("Post in this channel").press)
    private = moderator.other(channel="d1", place=Place.DIRECT)

    assert "Nobody else can see this place" in (await private.call(Pressed(wire))).text
    assert await postings_of(moderator) == []


async def test_what_was_posted_by_hand_does_not_come_again_in_its_slot(
    moderator: DirectDriver, clock: SetClock
) -> None:
    one, two = await add(moderator, "One", Outcome.PLATFORM), await add(moderator, "Two", Outcome.PLATFORM)
    await switch_on(moderator)
    await moderator.run("/pmpath-mod tips post")
    await moderator.press("Post in this channel")
    await to_next_slot(moderator, clock)

    assert [tip for tip, _channel, _state in await postings_of(moderator)] == [one, two]
