"""`/pmpath-mod settings`."""

from __future__ import annotations

from commands.kit.request import Pressed
from content.outcomes import Outcome
from storage import audit, communities, members, schedules
from storage.audit import Deed
from storage.communities import Community
from storage.schedules import Plan
from storage.timetable import Weekly
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import claimed

MONDAYS = Plan("C1", Weekly(0, 540, "Asia/Tokyo"))


async def community(driver: DirectDriver) -> Community:
    found = await driver.dispatcher.store.read(communities.by_id, (await driver.me()).community)
    assert found is not None
    return found


async def deeds(driver: DirectDriver) -> list[str]:
    page = await driver.dispatcher.store.read(audit.of_community, (await driver.me()).community, 0, 99)
    return [line.deed for line in page.lines]


async def switch_on(driver: DirectDriver, *outcomes: Outcome) -> None:
    plans = dict.fromkeys(outcomes or (None,), MONDAYS)
    await driver.dispatcher.store.write(schedules.switch_on, await driver.me(), plans)


async def test_members_are_told_no(chat: DirectDriver) -> None:
    assert (await chat.run("/pmpath-mod settings")).lines == ["Only moderators of this community can do that."]


async def test_one_card_says_all_that_is_set_and_lists_nobodys_rights(moderator: DirectDriver) -> None:
    card = await moderator.run("/pmpath-mod settings")

    parts = ["Language", "Time zone", "Moderators", "Weekly tip", "Messages to you"]
    assert [line for line in card.lines if line in parts] == parts
    assert "Posts for everybody are in English." in card.lines
    assert "It is switched off." in card.lines
    assert "You find on Home what concerns moderators; no direct message is sent to you." in card.lines
    assert card.selects["moderators"] == []


async def test_the_language_is_one_press(moderator: DirectDriver) -> None:
    english = moderator.other(locale="en-US")
    await english.run("/pmpath-mod settings")
    card = await english.press("中文")

    assert card.lines[0] == "Saved."
    assert "Posts for everybody are in 中文." in card.lines
    assert "English" in card.buttons
    assert await deeds(english) == [Deed.LANGUAGE]


async def test_the_time_zone_is_one_choice_or_a_city_that_is_written(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath-mod settings")
    card = await moderator.choose("city", "Tokyo")
    assert (await community(moderator)).zone == "Asia/Tokyo"
    assert any(line.startswith("Now: Tokyo") for line in card.lines)

    form = await moderator.press("Another city")
    assert form.fields == {"zone": "Tokyo"}
    await moderator.fill(zone="斯德哥尔摩")
    assert (await community(moderator)).zone == "Europe/Stockholm"
    assert await deeds(moderator) == [Deed.ZONE, Deed.ZONE]


async def test_moderators_are_chosen_and_saved(moderator: DirectDriver, chat: DirectDriver) -> None:
    await moderator.run("/pmpath-mod settings")
    await moderator.choose("moderators", "u1", "role:7")
    await moderator.press("Save")

    found = await community(moderator)
    assert found.people == {"u1"}
    assert found.roles == {"7"}
    assert (await chat.run("/pmpath-mod settings")).title == "Settings"
    assert await deeds(moderator) == [Deed.MODERATORS]


async def test_tell_me_here_is_ones_own_switch(moderator: DirectDriver, clock: SetClock) -> None:
    await moderator.run("/pmpath-mod settings")
    card = await moderator.press("Tell me here")
    assert "You are told in a direct message what concerns moderators." in card.lines
    assert [due.notice for due in await claimed(moderator, clock)] == ["setup.reachable"]

    await moderator.press("Stop telling me here")
    found = await moderator.dispatcher.store.read(members.find, await moderator.me())
    assert found is not None
    assert not found.tell_here
    assert await deeds(moderator) == []


async def test_what_goes_out_is_said_with_whether_the_library_waits(moderator: DirectDriver) -> None:
    await switch_on(moderator)
    card = await moderator.run("/pmpath-mod settings")
    assert "Every Monday at 09:00 (Tokyo) in #C1" in card.lines
    assert "Tips of pmpath's library go out by themselves." in card.lines

    card = await moderator.press("Ask first")
    assert "Tips of pmpath's library wait for a moderator's yes, asked two days before." in card.lines
    (found,) = await moderator.dispatcher.store.read(schedules.of_community, (await moderator.me()).community)
    assert found.plan.asks

    reply = moderator.reply
    for _number in range(2):
        moderator.reply = reply
        await moderator.press("Let them go out by themselves")
    assert await deeds(moderator) == [Deed.SCHEDULE_SET] * 3


async def test_a_schedule_for_each_track_is_named_by_it_and_a_paused_one_said(moderator: DirectDriver) -> None:
    await switch_on(moderator, Outcome.BUSINESS, Outcome.HYBRID)
    store, me = moderator.dispatcher.store, await moderator.me()
    _first, second = await store.read(schedules.of_community, me.community)
    await store.write(schedules.pause, me, second.id, on=True)

    lines = (await moderator.run("/pmpath-mod settings")).lines
    told = [line for line in lines if "Every Monday" in line]
    assert len(told) == 2
    assert told[0].endswith("in #C1")
    assert told[1].endswith("in #C1, paused")


async def test_without_a_schedule_the_way_to_one_is_the_setups(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath-mod settings")

    assert (await moderator.press("Switch it on")).title == "Setup, 5 of 7: tip channel"


async def test_a_test_post_goes_to_the_tips_channel(moderator: DirectDriver, clock: SetClock) -> None:
    await switch_on(moderator)
    await moderator.run("/pmpath-mod settings")
    for _number in range(2):
        card = await moderator.press("Post a test")

    assert card.lines[0] == "A test is on its way to #C1."
    assert [(due.notice, due.channel) for due in await claimed(moderator, clock)] == [("setup.test", "C1")]
    assert await deeds(moderator) == [Deed.TEST, Deed.SCHEDULE_SET]


async def test_a_zone_that_is_none_is_out_of_date(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath-mod settings")
    assert moderator.reply is not None
    wire = f"1|{moderator.reply.community}|settings.zone"

    assert (await moderator.call(Pressed(wire), {"city": ("Nowhere.At_All",)})).title == "Not this time"
    assert (await community(moderator)).zone == "UTC"
