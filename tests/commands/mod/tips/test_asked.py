"""The tip of the library that is proposed two days before its slot."""

from __future__ import annotations

from commands.kit.request import Pressed
from content.outcomes import Outcome
from content.text import Language
from storage import tips
from storage.tips import Written
from tests.commands.mod.tips.switched import only, postings_of, slots, switch_on, to_next_slot
from tests.commands.mod.tips.test_notes import notes
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver


def title(moderator: DirectDriver, place: int) -> str:
    """Of the library's business tips the title of this one."""
    content = moderator.dispatcher.content
    return content.tips[content.tips_by_outcome[Outcome.BUSINESS][place]].title.en


async def proposed(moderator: DirectDriver, clock: SetClock) -> None:
    await switch_on(moderator, asks=True)
    await to_next_slot(moderator, clock, days=-2)


async def test_a_proposal_says_what_when_and_where_and_goes_out_after_a_yes(
    moderator: DirectDriver, clock: SetClock
) -> None:
    await proposed(moderator, clock)
    card = await notes(moderator)
    assert title(moderator, 0) in card.lines
    agreed = await moderator.press("Let it go out")
    assert agreed.lines[0] == "It goes out at its time."
    assert agreed.lines[-1] == f"The library's next goes out: {title(moderator, 0)}"
    assert (await notes(moderator)).title == "none"

    await to_next_slot(moderator, clock)
    first = moderator.dispatcher.content.tips_by_outcome[Outcome.BUSINESS][0]
    assert await postings_of(moderator) == [(first, "general", "due")]


async def test_another_one_is_proposed_once_for_each_press(moderator: DirectDriver, clock: SetClock) -> None:
    await proposed(moderator, clock)
    await notes(moderator)
    wire = moderator.wire(moderator.button("Another one").press)
    assert title(moderator, 1) in (await moderator.call(Pressed(wire))).lines
    card = await moderator.call(Pressed(wire))

    assert card.lines[0] == "Nothing was changed: something else is proposed now, or there is no other."
    assert title(moderator, 1) in card.lines
    assert title(moderator, 1) in (await notes(moderator)).lines


async def test_a_yes_to_what_was_passed_over_agrees_to_nothing(moderator: DirectDriver, clock: SetClock) -> None:
    await proposed(moderator, clock)
    await notes(moderator)
    presses = [moderator.wire(moderator.button(label).press) for label in ("Let it go out", "Not this week")]
    await moderator.press("Another one")
    for wire in presses:
        card = await moderator.call(Pressed(wire))
        assert card.lines[0] == "Nothing was changed: something else is proposed now, or there is no other."

    assert (await only(moderator)).agreed is None


async def test_not_this_week_posts_nothing_and_asks_no_more(moderator: DirectDriver, clock: SetClock) -> None:
    await proposed(moderator, clock)
    await notes(moderator)
    yes = moderator.wire(moderator.button("Let it go out").press)
    await moderator.press("Not this week")
    late = await moderator.call(Pressed(yes))
    assert late.lines[0] == "That is decided already, or its time has passed."
    await to_next_slot(moderator, clock)

    assert [state for _tip, _channel, state in await postings_of(moderator)] == ["skipped"]
    assert (await notes(moderator)).title == "none"


async def test_without_an_answer_nothing_goes_out_and_that_is_told(moderator: DirectDriver, clock: SetClock) -> None:
    await proposed(moderator, clock)
    await to_next_slot(moderator, clock)
    card = await notes(moderator)

    assert "The queue was empty, and nobody had said yes to the tip of the library that I proposed." in card.lines
    assert "Shall this tip go out?" not in card.lines


async def test_a_tip_in_the_queue_makes_the_question_needless(moderator: DirectDriver, clock: SetClock) -> None:
    await proposed(moderator, clock)
    written = Written(Outcome.HYBRID, {Language.EN: ("Ours", "Do it.")})
    made = await moderator.dispatcher.store.write(tips.add, await moderator.me(), written)
    assert "Read the notes" not in (await moderator.run("/pmpath home")).buttons
    await to_next_slot(moderator, clock)

    assert await postings_of(moderator) == [(str(made), "general", "due")]


async def test_a_changed_time_makes_the_proposal_one_of_the_past(moderator: DirectDriver, clock: SetClock) -> None:
    await proposed(moderator, clock)
    await notes(moderator)
    yes = moderator.wire(moderator.button("Let it go out").press)
    await moderator.run("/pmpath-mod tips schedule")
    await moderator.choose("day", "Friday")
    late = await moderator.call(Pressed(yes))

    assert late.lines[0] == "That is decided already, or its time has passed."
    assert (await only(moderator)).agreed is None
    await slots(moderator, clock)


async def test_a_question_whose_schedule_is_off_or_whose_time_is_past_waits_for_nobody(
    moderator: DirectDriver, clock: SetClock
) -> None:
    await proposed(moderator, clock)
    await notes(moderator)
    yes = moderator.wire(moderator.button("Let it go out").press)
    clock.move(days=3)
    assert (await notes(moderator)).title == "none"
    late = await moderator.call(Pressed(yes))
    assert late.lines[0] == "That is decided already, or its time has passed."

    clock.move(days=-3)
    await moderator.run("/pmpath-mod tips schedule")
    await moderator.press("Switch off")
    await moderator.press("Switch off")
    assert (await notes(moderator)).title == "none"
    off = await moderator.call(Pressed(yes))
    assert off.lines[0] == "That is decided already, or its time has passed."


async def test_in_chinese_the_yes_is_no_second_post(moderator: DirectDriver, clock: SetClock) -> None:
    await proposed(moderator, clock)
    chinese = moderator.other(locale="zh-CN")
    await chinese.run("/pmpath home")
    assert "同意发" in (await chinese.press("看消息")).buttons


async def test_what_was_agreed_to_and_then_posted_by_hand_is_followed_by_a_new_question(
    moderator: DirectDriver, clock: SetClock
) -> None:
    await proposed(moderator, clock)
    await notes(moderator)
    await moderator.press("Let it go out")
    await moderator.run("/pmpath-mod tips post")
    await moderator.press("Post in this channel")
    await slots(moderator, clock)

    card = await notes(moderator)
    asked = (await only(moderator)).proposed
    assert asked is not None
    assert asked != moderator.dispatcher.content.tips_by_outcome[Outcome.BUSINESS][0]
    assert moderator.dispatcher.content.tips[asked].title.en in card.lines
    await moderator.press("Let it go out")
    await to_next_slot(moderator, clock)
    assert (asked, "general", "due") in await postings_of(moderator)
