"""`/pmpath-mod tips queue`."""

from __future__ import annotations

from commands.kit.press import Press
from commands.kit.request import CommunityKey, Platform, Pressed
from content.outcomes import Outcome
from content.text import Language
from storage import tips
from storage.tips import Written
from tests.commands.mod.tips.switched import drawn, postings_of, switch_on, to_next_slot
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen
from tests.drivers.stored import claimed


async def add(driver: DirectDriver, *titles: str, outcome: Outcome = Outcome.PLATFORM) -> list[int]:
    """Tips of these titles, in the queue."""
    me, store = await driver.me(), driver.dispatcher.store
    made = [await store.write(tips.add, me, Written(outcome, {Language.EN: (each, "Do it.")})) for each in titles]
    return [each for each in made if isinstance(each, int)]


async def suggest(driver: DirectDriver, title: str) -> None:
    written = Written(Outcome.HYBRID, {Language.EN: (title, "Do this.")})
    assert isinstance(await driver.dispatcher.store.write(tips.suggest, await driver.me(), written), int)


async def titles(driver: DirectDriver) -> list[str]:
    waiting = await driver.dispatcher.store.read(tips.queue, (await driver.me()).community)
    return [each.said[Language.EN][0] for each in waiting]


async def opened(driver: DirectDriver, tip: int) -> Seen:
    await driver.run("/pmpath-mod tips queue")
    return await driver.call(Pressed(driver.wire(Press("tip-queue.open", (tip,)))))


async def test_members_are_told_no(chat: DirectDriver, moderator: DirectDriver) -> None:
    (tip,) = await add(moderator, "One")
    no = ["Only moderators of this community can do that."]
    refused = await chat.run("/pmpath-mod tips queue")
    assert (refused.lines, refused.buttons) == (no, ["Home"])
    for press in (Press("tip-queue.open", (tip,)), Press("tip-queue.drop", (tip, 0)), Press("tips.suggestions")):
        assert (await chat.call(Pressed(chat.wire(press)))).lines == no


async def test_an_empty_queue_says_what_goes_out_then(moderator: DirectDriver) -> None:
    card = await moderator.run("/pmpath-mod tips queue")
    first = moderator.dispatcher.content.tips_by_outcome[Outcome.BUSINESS][0]
    title = moderator.dispatcher.content.tips[first].title.en

    assert card.lines[1:] == [f"No tip goes out by itself now. The library's next would be: {title}"]
    await switch_on(moderator)
    card = await moderator.run("/pmpath-mod tips queue")
    assert card.lines == ["The queue is empty.", f"The library's next goes out: {title}"]
    await moderator.run("/pmpath-mod tips schedule")
    await moderator.press("Ask before the library")
    card = await moderator.run("/pmpath-mod tips queue")
    assert card.lines[1:] == [f"When the queue is empty I ask you before the library's next goes out: {title}"]


async def test_the_librarys_next_is_skipped_once_however_often_it_is_pressed(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath-mod tips queue")
    ids = moderator.dispatcher.content.tips_by_outcome[Outcome.BUSINESS]
    wire = moderator.wire(moderator.button("Skip the library's next").press)
    card = await moderator.call(Pressed(wire))
    assert card.lines[0] == "Skipped: it has had its turn."
    card = await moderator.call(Pressed(wire))

    assert card.lines[0] == "That one is not the next any more; this is how it is now."
    assert card.lines[-1].endswith(moderator.dispatcher.content.tips[ids[1]].title.en)
    await moderator.run("/pmpath-mod audit")
    await moderator.press("Undo")
    await moderator.press("Undo")
    card = await moderator.run("/pmpath-mod tips queue")
    assert card.lines[-1].endswith(moderator.dispatcher.content.tips[ids[0]].title.en)


async def test_tips_stand_in_order_by_pages_of_five(moderator: DirectDriver) -> None:
    await add(moderator, *(f"Tip {number}" for number in range(1, 8)))
    card = await moderator.run("/pmpath-mod tips queue")
    assert card.lines[:5] == [f"{number}. Tip {number} (Platform)" for number in range(1, 6)]
    assert "1-5 of 7" in card.lines

    card = await moderator.press("More")
    assert card.lines[:2] == ["6. Tip 6 (Platform)", "7. Tip 7 (Platform)"]


async def test_earlier_later_and_to_the_end(moderator: DirectDriver) -> None:
    _one, two, _three = await add(moderator, "One", "Two", "Three")
    await opened(moderator, two)
    await moderator.press("Earlier")
    assert await titles(moderator) == ["Two", "One", "Three"]
    await moderator.press("Later on")
    await moderator.press("Later on")
    assert await titles(moderator) == ["One", "Three", "Two"]

    await opened(moderator, two)
    await moderator.press("Earlier")
    await moderator.press("To the end")
    assert await titles(moderator) == ["One", "Three", "Two"]


async def test_at_its_end_of_the_queue_no_move_is_claimed(moderator: DirectDriver) -> None:
    (tip,) = await add(moderator, "One")
    await opened(moderator, tip)
    for way in ("Earlier", "Later on"):
        card = await moderator.press(way)
        assert card.lines[0] == "Nothing changed: it stands at that end of the queue already."


async def test_a_decided_suggestion_is_no_note_any_more(chat: DirectDriver, moderator: DirectDriver) -> None:
    await suggest(chat, "From a member")
    assert "1 note for moderators." in (await moderator.run("/pmpath home")).lines
    await moderator.run("/pmpath-mod tips queue")
    await moderator.press("Decide")
    await moderator.press("Into the queue")
    home = await moderator.run("/pmpath home")
    assert "Read the notes" not in home.buttons


async def test_two_moderators_move_at_once_one_effect_and_a_clear_state(moderator: DirectDriver) -> None:
    _one, two, three = await add(moderator, "One", "Two", "Three")
    other = moderator.other(uid="mod2", name="Di")
    await opened(moderator, three)
    await opened(other, three)
    await moderator.press("Earlier")
    card = await other.press("Earlier")

    assert card.lines[0] == "Somebody changed this tip meanwhile, so nothing was done. This is how it is now."
    assert await titles(moderator) == ["One", "Three", "Two"]
    await other.press("Earlier")
    assert await titles(moderator) == ["Three", "One", "Two"]
    assert two


async def test_a_paused_tip_keeps_its_place_and_lets_the_others_pass(moderator: DirectDriver, clock: SetClock) -> None:
    one, two = await add(moderator, "One", "Two")
    await switch_on(moderator)
    await opened(moderator, one)
    await moderator.press("Pause")
    assert (await moderator.run("/pmpath-mod tips queue")).lines[0] == "1. One (Platform, paused)"
    await to_next_slot(moderator, clock)
    assert await postings_of(moderator) == [(str(two), "general", "due")]

    await opened(moderator, one)
    assert "Paused: it keeps its place." in moderator.seen.lines
    await moderator.press("Resume")
    assert "It waits in the queue." in moderator.seen.lines


async def test_deleting_asks_first_and_can_be_undone(moderator: DirectDriver) -> None:
    one, _two = await add(moderator, "One", "Two")
    await opened(moderator, one)
    card = await moderator.press("Delete")
    assert (card.title, card.lines[0]) == ("Delete this tip?", "One")
    assert (await moderator.press("Delete")).lines[0] == "Deleted."
    assert await titles(moderator) == ["Two"]

    await moderator.run("/pmpath-mod audit")
    await moderator.press("Undo")
    await moderator.press("Undo")
    assert await titles(moderator) == ["One", "Two"]


async def test_an_edit_is_kept_part_by_part(moderator: DirectDriver) -> None:
    (tip,) = await add(moderator, "One")
    await opened(moderator, tip)
    await moderator.press("Edit")
    await moderator.choose("outcome", "Business (one industry)")
    await moderator.press("In Chinese")
    await moderator.fill(title="一件事", text="做这件事。")
    await moderator.press("Link")
    card = await moderator.fill(link="https://example.org/")
    assert "In Chinese: 一件事 (5 characters)" in card.lines

    found = await moderator.dispatcher.store.read(tips.find, (await moderator.me()).community, tip)
    assert found is not None
    assert (found.outcome, found.link) == (Outcome.BUSINESS, "https://example.org/")
    assert found.said == {Language.EN: ("One", "Do it."), Language.ZH: ("一件事", "做这件事。")}
    await moderator.press("In Chinese")
    await moderator.fill(title="", text="")
    await moderator.press("In English")
    card = await moderator.fill(title="", text="")
    assert card.lines == ["A tip needs words in one language at least. To take it out, delete it."]


async def test_an_edit_over_somebody_elses_is_asked_for_and_loses_no_word(moderator: DirectDriver) -> None:
    (tip,) = await add(moderator, "One")
    other = moderator.other(uid="mod2", name="Di")
    for each in (moderator, other):
        await opened(each, tip)
        await each.press("Edit")
        await each.press("In English")
    await moderator.fill(title="Mo's", text="Mo's words.")
    card = await other.fill(title="Di's", text="Di's words.")
    assert card.lines == ["Somebody changed this tip meanwhile. Sent again, your words replace theirs."]
    assert await titles(moderator) == ["Mo's"]

    assert (await other.press("Correct it")).fields == {"title": "Di's", "text": "Di's words."}
    await other.fill(title="Di's", text="Di's words.")
    assert await titles(moderator) == ["Di's"]


async def test_a_tip_that_goes_out_meanwhile_is_changed_no_more(moderator: DirectDriver, clock: SetClock) -> None:
    (tip,) = await add(moderator, "One")
    await switch_on(moderator)
    await opened(moderator, tip)
    presses = [moderator.wire(moderator.button(label).press) for label in ("Earlier", "To the end", "Pause", "Edit")]
    await moderator.press("Edit")
    await moderator.press("In English")
    await to_next_slot(moderator, clock)

    gone = "This tip is no longer in the queue: it goes out now, is out already, or somebody deleted it."
    assert (await moderator.fill(title="New", text="New words.")).lines == [gone]
    for wire in presses:
        assert gone in (await moderator.call(Pressed(wire))).lines
    assert await postings_of(moderator) == [(str(tip), "general", "due")]


async def test_what_has_its_slot_can_be_stopped_and_says_what_happened(
    moderator: DirectDriver, clock: SetClock
) -> None:
    await add(moderator, "One")
    await switch_on(moderator)
    await to_next_slot(moderator, clock)
    card = await moderator.run("/pmpath-mod tips queue")
    assert card.lines[0].startswith("Goes out on ")
    assert card.lines[0].endswith(": One")

    card = await moderator.press("Stop it")
    assert card.lines[:2] == [
        "Stopped: it does not go out. It waits in the queue, paused.",
        "1. One (Platform, paused)",
    ]
    assert await claimed(moderator, clock) == []


async def test_what_is_out_already_cannot_be_stopped(moderator: DirectDriver, clock: SetClock) -> None:
    await add(moderator, "One")
    await switch_on(moderator)
    await to_next_slot(moderator, clock)
    await moderator.run("/pmpath-mod tips queue")
    await claimed(moderator, clock)

    assert (await moderator.press("Stop it")).lines[0] == "Too late: it is out, or goes out within a minute."


async def test_a_suggestion_is_read_and_joins_the_queue_once(chat: DirectDriver, moderator: DirectDriver) -> None:
    await suggest(chat, "From a member")
    await add(moderator, "One")
    card = await moderator.run("/pmpath-mod tips queue")
    assert card.lines[0] == "1 suggestion waits for you."

    card = await moderator.press("Decide")
    assert card.lines == ["From a member (Hybrid, from Ada)"]
    yes = moderator.wire(moderator.button("Into the queue").press)
    card = await moderator.press("Read it")
    assert {"From a member", "Do this.", "Suggested by Ada"} <= set(card.lines)
    await moderator.call(Pressed(yes))
    await moderator.call(Pressed(yes))
    assert await titles(moderator) == ["One", "From a member"]


async def test_a_suggestion_is_declined_after_asking(chat: DirectDriver, moderator: DirectDriver) -> None:
    await suggest(chat, "From a member")
    await moderator.run("/pmpath-mod tips queue")
    await moderator.press("Decide")
    card = await moderator.press("Decline")
    assert (card.title, card.lines[0]) == ("Decline this tip?", "From a member")

    assert (await moderator.press("Decline")).lines == ["Declined.", "None waits for you."]
    assert await titles(moderator) == []


async def test_a_tip_is_previewed_and_sent_to_oneself_exactly_as_posted(
    moderator: DirectDriver, clock: SetClock
) -> None:
    (tip,) = await add(moderator, "One")
    await opened(moderator, tip)
    card = await moderator.press("Preview")
    assert card.lines[:3] == ["Posted like this:", "Weekly tip · Platform · 23 November 2026: One", "Do it."]
    assert "With the buttons: Done · Add to my plan · Earlier tips" in card.lines

    await moderator.press("Send it to me")
    (due,) = await claimed(moderator, clock)
    composed = await moderator.dispatcher.compose(due)
    assert composed is not None
    assert moderator.say(composed[0].title) == "Weekly tip · Platform · 23 November 2026: One"


async def test_another_communitys_tips_cannot_be_opened(moderator: DirectDriver) -> None:
    (tip,) = await add(moderator, "One")
    elsewhere = moderator.other(community=CommunityKey(Platform.WEB, "elsewhere", "Elsewhere"))
    for name, more in (
        ("tip-queue.open", ()),
        ("tip-queue.edit", ()),
        ("tip-queue.drop", (0,)),
        ("tip-queue.skip", (0,)),
    ):
        await elsewhere.run("/pmpath-mod tips queue")
        assert "One" not in (await elsewhere.call(Pressed(elsewhere.wire(Press(name, (tip, *more)))))).text
    assert await titles(moderator) == ["One"]


async def test_the_fullest_queue_fits_on_every_surface(
    chat: DirectDriver, moderator: DirectDriver, clock: SetClock
) -> None:
    await add(moderator, *(f"{number} {'long ' * 19}" for number in range(17)), outcome=Outcome.TECHNICAL)
    for number in range(5):
        await suggest(chat, f"{number} {'long ' * 19}")
    for _week in range(3):
        await switch_on(moderator)
        await to_next_slot(moderator, clock)
    await moderator.run("/pmpath-mod tips queue")
    card = await moderator.press("Skip the library's next")
    assert {"Decide", "Stop it", "Open", "More"} <= set(card.buttons)
    drawn(moderator)
    await moderator.press("More")
    drawn(moderator)
    await moderator.run("/pmpath-mod tips queue")
    await moderator.press("Decide")
    drawn(moderator)
