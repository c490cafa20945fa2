"""`/pmpath-mod audit`."""

from __future__ import annotations

from sqlalchemy import update

from commands.kit.request import CommunityKey, Platform, Pressed
from commands.mod.deeds import EFFECTS, WORDS
from content.outcomes import Outcome
from content.text import Language
from storage import communities, members, moderating, own_links, schedules, tables, tips
from storage.audit import Deed
from storage.members import Me
from storage.schedules import Plan
from storage.timetable import Weekly
from storage.tips import Written
from storage.unit import Unit
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver


async def zone_of(moderator: DirectDriver) -> str:
    found = await moderator.dispatcher.store.read(communities.by_id, (await moderator.me()).community)
    assert found is not None
    return found.zone


async def set_zone(moderator: DirectDriver, zone: str = "Asia/Tokyo") -> None:
    await moderator.dispatcher.store.write(moderating.set_zone, await moderator.me(), zone)


async def test_members_are_told_no(chat: DirectDriver) -> None:
    assert (await chat.run("/pmpath-mod audit")).lines == ["Only moderators of this community can do that."]


async def test_at_first_it_says_that_nothing_stands_there_yet(moderator: DirectDriver) -> None:
    card = await moderator.run("/pmpath-mod audit")

    assert card.lines == ["Nothing yet: what moderators change from now on stands here."]


async def test_who_did_what_and_when_the_newest_first(moderator: DirectDriver, clock: SetClock) -> None:
    await set_zone(moderator)
    clock.move(hours=1)
    await moderator.dispatcher.store.write(moderating.set_language, await moderator.me(), Language.ZH)

    card = await moderator.other(locale="en-US").run("/pmpath-mod audit")

    assert card.lines == [
        "Mo: The language for everybody: 中文.",
        "Monday, 23 November 2026, 19:00",
        "Mo: The time zone: Tokyo.",
        "Monday, 23 November 2026, 18:00",
    ]


async def test_undo_shows_its_exact_effect_first_and_then_has_it(moderator: DirectDriver) -> None:
    await set_zone(moderator)
    await moderator.run("/pmpath-mod audit")

    card = await moderator.press("Undo")
    assert card.title == "Undo this?"
    assert card.lines[-1] == "The time zone is UTC again."
    assert await zone_of(moderator) == "Asia/Tokyo"

    card = await moderator.press("Undo")
    assert card.lines[:2] == ["Undone.", "Mo: Undid: The time zone: Tokyo."]
    assert card.lines[4].endswith("· undone since")
    assert await zone_of(moderator) == "UTC"


async def test_kept_it_stays_as_it_is(moderator: DirectDriver) -> None:
    await set_zone(moderator)
    await moderator.run("/pmpath-mod audit")
    await moderator.press("Undo")
    await moderator.press("Keep it")

    assert await zone_of(moderator) == "Asia/Tokyo"


async def test_pressed_twice_it_is_undone_once(moderator: DirectDriver) -> None:
    await set_zone(moderator)
    await moderator.run("/pmpath-mod audit")
    await moderator.press("Undo")
    reply = moderator.reply
    await moderator.press("Undo")
    moderator.reply = reply
    card = await moderator.press("Undo")

    assert card.lines[0] == "This was undone before."
    assert await zone_of(moderator) == "UTC"


async def test_what_was_changed_since_is_said_and_left(moderator: DirectDriver) -> None:
    await set_zone(moderator)
    await moderator.run("/pmpath-mod audit")
    await moderator.press("Undo")
    await set_zone(moderator, "Europe/Berlin")

    card = await moderator.press("Undo")
    assert card.lines == ["Somebody changed the same thing since. Undo that first, or set it by hand."]
    assert "What moderators did" in card.buttons
    assert await zone_of(moderator) == "Europe/Berlin"


async def test_after_thirty_days_no_undo_is_offered_and_an_old_button_says_so(
    moderator: DirectDriver, clock: SetClock
) -> None:
    await set_zone(moderator)
    await moderator.run("/pmpath-mod audit")
    reply = moderator.reply
    clock.move(days=30)

    assert "Undo" not in (await moderator.run("/pmpath-mod audit")).buttons
    moderator.reply = reply
    assert (await moderator.press("Undo")).lines == ["This can no longer be undone."]


async def test_who_is_no_longer_here_is_not_named(moderator: DirectDriver) -> None:
    await set_zone(moderator)
    await moderator.dispatcher.store.write(members.forget, await moderator.me())

    card = await moderator.other(uid="other", name="Other").run("/pmpath-mod audit")
    assert card.lines[0] == "Somebody no longer here: The time zone: Tokyo."


async def test_a_long_list_comes_a_page_at_a_time(moderator: DirectDriver, clock: SetClock) -> None:
    for number in range(10):
        clock.move(hours=1)
        await set_zone(moderator, ("Asia/Tokyo", "Europe/Berlin")[number % 2])

    card = await moderator.run("/pmpath-mod audit")
    assert len([line for line in card.lines if line.startswith("Mo: ")]) == 8
    assert "1-8 of 10" in card.lines
    card = await moderator.press("More")
    assert len([line for line in card.lines if line.startswith("Mo: ")]) == 2


async def test_a_line_of_a_later_version_hides_none_of_the_others(moderator: DirectDriver) -> None:
    def later(unit: Unit, me: Me) -> None:
        unit.execute(update(tables.audit).values(deed="something.new"))

    await set_zone(moderator)
    await moderator.dispatcher.store.write(later, await moderator.me())

    assert (await moderator.run("/pmpath-mod audit")).lines[0] == "Mo: Something that this version no longer knows."


async def test_another_communitys_deeds_are_neither_shown_nor_undone(moderator: DirectDriver) -> None:
    await set_zone(moderator)
    elsewhere = moderator.other(community=CommunityKey(Platform.WEB, "elsewhere", "Elsewhere"))

    assert "Mo: " not in (await elsewhere.run("/pmpath-mod audit")).text
    assert elsewhere.reply is not None
    card = await elsewhere.call(Pressed(f"1|{elsewhere.reply.community}|audit.undo|1|0"))
    assert card.lines == ["This can no longer be undone."]
    assert await zone_of(moderator) == "Asia/Tokyo"


async def test_links_and_hidden_resources_go_through_it(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath-mod resources add")
    await moderator.fill(title="Guide", address="https://wiki.example.org/", skill="sql", language="en")
    await moderator.press("This community's own links")
    await moderator.press("Remove")
    await moderator.press("Remove it")

    card = await moderator.run("/pmpath-mod audit")
    assert [line for line in card.lines if line.startswith("Mo: ")] == [
        "Mo: Removed the link “Guide”.",
        "Mo: Added the link “Guide”.",
    ]
    card = await moderator.press("Undo")
    assert card.lines[-1] == "“Guide” stands in this community's lists again."
    await moderator.press("Undo")
    me = await moderator.me()
    found = await moderator.dispatcher.store.read(own_links.of_community, me.community)
    assert [link.title for link in found] == ["Guide"]


async def test_hiding_is_named_by_title_and_undone(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath-mod resources hide")
    title = moderator.seen.selects["link"][0]
    await moderator.choose("link", title)
    await moderator.press("Hide it")

    card = await moderator.run("/pmpath-mod audit")
    assert card.lines[0].startswith("Mo: Hid “")
    card = await moderator.press("Undo")
    assert card.lines[-1].endswith("” is seen in the lists again.")
    await moderator.press("Undo")
    assert await moderator.dispatcher.store.read(own_links.hidden, (await moderator.me()).community) == []


async def test_a_schedule_comes_back_without_what_is_past(moderator: DirectDriver, clock: SetClock) -> None:
    store, me = moderator.dispatcher.store, await moderator.me()
    await store.write(schedules.switch_on, me, {None: Plan("C1", Weekly(0, 540, "UTC"))})
    await store.write(schedules.switch_off, me)
    clock.move(days=20)
    await moderator.run("/pmpath-mod audit")
    card = await moderator.press("Undo")
    assert card.lines[-1] == "The weekly tip goes out again: Every Monday at 09:00 (UTC) in #C1."
    await moderator.press("Undo")

    (found,) = await store.read(schedules.of_community, me.community)
    assert found.next_at > clock.now()


async def test_a_tip_is_named_by_its_title_and_its_effect_said(moderator: DirectDriver) -> None:
    store, me = moderator.dispatcher.store, await moderator.me()
    made = await store.write(tips.add, me, Written(Outcome.HYBRID, {Language.EN: ("Our own", "Do this.")}))
    assert isinstance(made, int)
    await store.write(tips.drop, me, made, 0)

    card = await moderator.run("/pmpath-mod audit")
    assert card.lines[0] == "Mo: Deleted the tip “Our own”."
    card = await moderator.press("Undo")
    assert card.lines[-1] == "The tip “Our own” is in the queue again."


async def test_a_suggestion_is_declined_in_words_and_not_deleted(moderator: DirectDriver) -> None:
    store, me = moderator.dispatcher.store, await moderator.me()
    made = await store.write(tips.suggest, me, Written(Outcome.HYBRID, {Language.EN: ("Our own", "Do this.")}))
    assert isinstance(made, int)
    await store.write(tips.drop, me, made, 0)

    card = await moderator.run("/pmpath-mod audit")
    assert card.lines[0] == "Mo: Declined the suggested tip “Our own”."
    await moderator.press("Undo")
    card = await moderator.press("Undo")
    assert "Mo: Undid: Declined the suggested tip “Our own”." in card.lines


async def test_moderators_named_are_counted_and_who_leaves_by_the_undo_is_said(moderator: DirectDriver) -> None:
    await moderator.dispatcher.store.write(moderating.set_moderators, await moderator.me(), {"u1", "u2"}, {"7"})

    card = await moderator.run("/pmpath-mod audit")
    assert card.lines[0] == "Mo: Named as moderators: 2 people, 1 role."
    card = await moderator.press("Undo")
    assert card.lines[2:] == ["A person no longer moderates.", "A role no longer moderates."]


def test_every_deed_and_every_table_that_is_changed_has_its_words() -> None:
    assert set(WORDS) == set(Deed)
    tables = {"community", "moderator", "own_link", "hidden_resource", "tip", "schedule", "library_use"}
    assert set(EFFECTS) == tables | {"appearance", "digest", "matching_day", "mentor_offer", "mentor_report"}
