"""`/pmpath-mod setup`."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from commands.kit.request import Place, Pressed, Request
from content.text import Language
from storage import audit, communities, members, outbox
from storage.audit import Deed
from storage.communities import Community
from storage.members import Me
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import claimed


async def community(driver: DirectDriver) -> Community:
    assert driver.reply is not None
    found = await driver.dispatcher.store.read(communities.by_id, driver.reply.community)
    assert found is not None
    return found


async def test_members_are_told_no(chat: DirectDriver) -> None:
    assert (await chat.run("/pmpath-mod setup")).lines == ["Only moderators of this community can do that."]


async def test_every_step_can_wait_and_nothing_is_posted(moderator: DirectDriver) -> None:
    card = await moderator.run("/pmpath-mod")
    titles = [card.title]
    while "Later" in card.buttons:
        card = await moderator.press("Later")
        titles.append(card.title)

    assert [title.split(":")[0] for title in titles[:-1]] == [f"Setup, {n} of 7" for n in (1, 2, 3, 4, 5, 7)]
    assert titles[-1] == "Setup is done"
    assert moderator.reply is not None
    assert moderator.reply.public is False


async def test_the_communitys_language_is_set(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath-mod setup")
    await moderator.press("中文")

    assert (await community(moderator)).language is Language.ZH


async def test_a_chosen_person_moderates_at_once_and_no_longer_when_taken_out(
    chat: DirectDriver, moderator: DirectDriver
) -> None:
    await moderator.run("/pmpath-mod setup")
    await moderator.press("Later")
    await moderator.choose("moderators", "u1")
    await moderator.press("Save")
    assert (await chat.run("/pmpath-mod setup")).title.startswith("Setup")

    await moderator.run("/pmpath-mod setup")
    await moderator.press("Later")
    await moderator.choose("moderators")
    await moderator.press("Save")

    assert (await chat.run("/pmpath-mod setup")).title == "Not this time"


async def test_a_role_moderates(chat: DirectDriver, moderator: DirectDriver) -> None:
    await moderator.run("/pmpath-mod setup")
    await moderator.press("Later")
    await moderator.choose("moderators", "role:77")
    await moderator.press("Save")

    assert (await community(moderator)).roles == {"77"}


async def test_a_city_sets_the_time_zone(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath-mod setup")
    await moderator.press("Later")
    await moderator.press("Later")
    await moderator.press("Another city")

    await moderator.fill(zone="new york")

    assert (await community(moderator)).zone == "America/New_York"


async def test_the_next_step_says_nothing_of_a_zone_that_is_no_more(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath-mod setup")
    await moderator.press("Later")
    await moderator.press("Later")
    await moderator.press("Another city")

    card = await moderator.fill(zone="Shanghai")

    assert any(line.startswith("Now: Shanghai") for line in card.lines)


async def test_a_mistyped_city_is_told_and_what_was_written_is_kept(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath-mod setup")
    await moderator.press("Later")
    await moderator.press("Later")
    await moderator.press("Another city")

    card = await moderator.fill(zone="Shangai")
    assert card.lines == ["I know no time zone “Shangai”. Did you mean Shanghai?"]

    form = await moderator.press("Correct it")
    assert form.fields == {"zone": "Shangai"}
    await moderator.fill(zone="Shanghai")
    assert (await community(moderator)).zone == "Asia/Shanghai"


async def test_tell_me_here_is_switched_on_with_a_first_message(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath-mod setup")
    for _ in range(3):
        await moderator.press("Later")
    await moderator.press("Tell me here")

    me = Me((await community(moderator)).id, "mod", "Mo")
    member = await moderator.dispatcher.store.read(members.find, me)
    assert member is not None
    assert member.tell_here


async def test_tell_me_here_pressed_twice_sends_one_message(moderator: DirectDriver, clock: SetClock) -> None:
    await moderator.run("/pmpath-mod setup")
    for _ in range(3):
        await moderator.press("Later")
    reply = moderator.reply
    for _ in range(2):
        moderator.reply = reply
        await moderator.press("Tell me here")

    lease = dt.timedelta(seconds=9)
    dues = await moderator.dispatcher.store.write(outbox.claim, "me", 9, lease, real_now=clock.now())
    assert [due.notice for due in dues] == ["setup.reachable"]


async def test_a_moderator_taken_out_by_another_does_not_come_back_by_an_old_choice(
    chat: DirectDriver, moderator: DirectDriver
) -> None:
    await moderator.run("/pmpath-mod setup")
    await moderator.press("Later")
    wire = moderator.wire(moderator.button("Save").press)
    call = Pressed(wire, keeps=True)
    request = Request(chat.community, "mod", "Mo", call, 0.0, chat.platform, values={"moderators": ("u1",)})
    await moderator.dispatcher.perform(moderator.dispatcher.decide(replace(request, moderator=True)))
    await moderator.call(Pressed(wire))
    assert (await community(moderator)).people == {"u1"}
    await moderator.dispatcher.store.write(communities.set_moderators, (await community(moderator)).id, (), ())

    await moderator.run("/pmpath-mod setup")
    await moderator.press("Later")
    assert moderator.select("moderators").chosen == ()
    await moderator.press("Save")

    assert (await community(moderator)).people == frozenset()


async def test_the_welcome_post_is_seen_before_and_posted_once_however_often_it_is_pressed(
    moderator: DirectDriver, clock: SetClock
) -> None:
    await moderator.run("/pmpath-mod setup")
    for _ in range(5):
        await moderator.press("Later")
    card = await moderator.press("Preview")
    assert "Which kind of AI product manager are you?" in card.lines
    reply = moderator.reply
    for _ in range(3):
        moderator.reply = reply
        await moderator.press("Post")

    assert [(due.notice, due.channel) for due in await claimed(moderator, clock)] == [("setup.welcome", "general")]


async def test_the_preview_is_in_the_language_of_those_who_will_read_it(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath language zh")
    await moderator.run("/pmpath-mod setup")
    for _ in range(5):
        await moderator.press("以后再说")

    card = await moderator.press("预览")

    assert card.title == "发给所有人？"
    assert "Which kind of AI product manager are you?" in card.lines
    assert card.lines[-1:] == ["带按钮：Start the assessment · What can you do?"]


async def test_without_a_channel_the_way_to_one_is_named(moderator: DirectDriver) -> None:
    at_home = moderator.other(channel=None)
    await at_home.run("/pmpath-mod setup")
    for _ in range(5):
        await at_home.press("Later")

    card = await at_home.press("Preview")
    assert card.lines == ["Run /pmpath-mod setup in the channel where the welcome post should stand."]


async def test_ones_own_zone_is_one_press_away_and_a_large_city_one_choice(moderator: DirectDriver) -> None:
    kim = moderator.other(zone="Europe/Stockholm")
    await kim.run("/pmpath-mod setup")
    await kim.press("Later")
    await kim.press("Later")
    await kim.press("Use Stockholm")
    assert (await community(kim)).zone == "Europe/Stockholm"

    await kim.run("/pmpath-mod setup")
    await kim.press("Later")
    card = await kim.press("Later")
    assert "Use Stockholm" not in card.buttons
    await kim.choose("city", "Tokyo")
    assert (await community(kim)).zone == "Asia/Tokyo"


async def test_the_language_of_the_app_suggests_a_zone_where_the_platform_says_none(moderator: DirectDriver) -> None:
    chinese = moderator.other(locale="zh-CN")
    await chinese.run("/pmpath-mod setup")
    await chinese.press("以后再说")
    await chinese.press("以后再说")
    await chinese.press("用上海")

    assert (await community(chinese)).zone == "Asia/Shanghai"


async def test_every_change_of_the_setup_is_in_the_audit(moderator: DirectDriver) -> None:
    english = moderator.other(locale="en-US")
    await english.run("/pmpath-mod setup")
    await english.press("中文")
    await english.choose("moderators", "u1")
    await english.press("Save")
    await english.choose("city", "Tokyo")

    page = await moderator.dispatcher.store.read(audit.of_community, (await community(english)).id, 0, 9)
    assert [line.deed for line in page.lines] == [Deed.ZONE, Deed.MODERATORS, Deed.LANGUAGE]


async def test_the_welcome_post_goes_to_the_channel_of_the_tip(moderator: DirectDriver, clock: SetClock) -> None:
    at_home = moderator.other(channel=None, place=Place.HOME)
    await at_home.run("/pmpath-mod setup")
    for _ in range(4):
        await at_home.press("Later")
    await at_home.choose("channel", "C7")
    await at_home.press("Switch on")
    await at_home.press("Preview")
    await at_home.press("Post")

    assert [(due.notice, due.channel) for due in await claimed(moderator, clock)] == [("setup.welcome", "C7")]


async def test_a_welcome_button_of_an_earlier_version_still_posts_where_it_stands(
    moderator: DirectDriver, clock: SetClock
) -> None:
    await moderator.run("/pmpath-mod setup")
    await moderator.call(Pressed(f"1|{(await community(moderator)).id}|setup.post"))

    assert [(due.notice, due.channel) for due in await claimed(moderator, clock)] == [("setup.welcome", "general")]
