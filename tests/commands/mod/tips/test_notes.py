"""What moderators are told of the weekly tip."""

from __future__ import annotations

import pytest

from content.outcomes import Outcome
from content.text import Language
from storage import library, members, outbox, postings
from storage.postings import TROUBLE
from tests.commands.mod.tips.switched import drawn, only, sent, slots, switch_on, to_next_slot
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen
from tests.drivers.stored import LEASE, claimed
from tests.spoken import texts


async def notes(moderator: DirectDriver) -> Seen:
    """What Home leads to."""
    card = await moderator.run("/pmpath home")
    if "Read the notes" not in card.buttons:
        return Seen("none")
    seen = await moderator.press("Read the notes")
    drawn(moderator)
    return seen


async def unpressed(moderator: DirectDriver, clock: SetClock, times: int) -> None:
    """So many weeks in which nobody presses a button."""
    for _week in range(times):
        await to_next_slot(moderator, clock)
        await sent(moderator, clock)


async def test_missed_tips_are_told_with_how_many_and_the_way_on(moderator: DirectDriver, clock: SetClock) -> None:
    await switch_on(moderator)
    clock.move(weeks=4, days=3)
    await slots(moderator, clock)
    card = await notes(moderator)

    assert "Weekly tips were missed" in card.lines
    assert any(line.startswith("4 weekly tips were not posted") for line in card.lines)
    assert (await moderator.press("Post one now")).title == "Post this tip now?"


async def test_a_slot_without_a_tip_is_told(moderator: DirectDriver, clock: SetClock) -> None:
    await switch_on(moderator)
    me, store = await moderator.me(), moderator.dispatcher.store
    for tip in moderator.dispatcher.content.tips:
        await store.write(library.use, me.community, tip)
    await to_next_slot(moderator, clock)
    card = await notes(moderator)

    assert "No tip went out" in card.lines
    assert "The queue was empty, and each tip of the library has had its turn within the last 50 weeks." in card.lines


async def test_at_eight_left_the_library_says_so_once(moderator: DirectDriver, clock: SetClock) -> None:
    await switch_on(moderator, Outcome.PLATFORM)
    me, store = await moderator.me(), moderator.dispatcher.store
    for tip in moderator.dispatcher.content.tips_by_outcome[Outcome.PLATFORM][:-9]:
        await store.write(library.use, me.community, tip)
    assert (await notes(moderator)).title == "none"
    await to_next_slot(moderator, clock)

    assert "8 tips of the library for Platform have not gone out yet." in (await notes(moderator)).lines


@pytest.mark.parametrize(
    ("label", "said", "state", "weeks"),
    [
        ("Go on", "It goes on as it is. I ask again only after four more.", "on", 1),
        ("Every second week", "From the next one on it goes out every second week.", "on", 2),
        ("Pause", "Paused. It goes out again when you resume it.", "paused", 1),
    ],
)
async def test_after_four_tips_that_nobody_pressed_moderators_decide_and_the_note_is_gone(
    moderator: DirectDriver, clock: SetClock, label: str, said: str, state: str, weeks: int
) -> None:
    await switch_on(moderator)
    await unpressed(moderator, clock, 4)
    assert (await notes(moderator)).title == "none"
    await unpressed(moderator, clock, 1)
    card = await notes(moderator)
    assert "Nobody has pressed a button on the last 4 weekly tips." in card.lines

    assert said in (await moderator.press(label)).lines
    found = await only(moderator)
    assert (found.state, found.plan.weekly.weeks) == (state, weeks)
    assert (await notes(moderator)).title == "none"


async def test_a_note_about_quiet_tips_is_gone_once_somebody_presses(moderator: DirectDriver, clock: SetClock) -> None:
    await switch_on(moderator)
    await unpressed(moderator, clock, 5)
    (last, *_others), _total = await moderator.dispatcher.store.read(
        postings.out, (await moderator.me()).community, None, 0, 9
    )
    await moderator.dispatcher.store.write(postings.press, (await moderator.me()).community, last.id)

    assert "Nobody has pressed" not in (await notes(moderator)).text


@pytest.mark.parametrize(("state", "title"), [("dead", "A tip did not come"), ("uncertain", "Is the tip there?")])
async def test_a_tip_in_trouble_is_told_in_words_with_the_way_to_stop_being_told(
    moderator: DirectDriver, clock: SetClock, state: str, title: str
) -> None:
    await switch_on(moderator)
    await to_next_slot(moderator, clock)
    store = moderator.dispatcher.store
    await store.write(members.set_tell_here, await moderator.me(), on=True)
    (due,) = await store.write(outbox.claim, "o", 9, LEASE, real_now=clock.now())
    if state == "dead":
        await store.write(outbox.dead, due, "archived")
    else:
        await store.write(outbox.uncertain, due)
    (direct,) = [each for each in await claimed(moderator, clock) if each.notice == TROUBLE]
    composed = await moderator.dispatcher.compose(direct)
    assert composed is not None
    card = composed[0]

    words = [moderator.dispatcher.content.catalogue.say(each, Language.EN) for each in texts(card)]
    assert words[0] == title
    assert any("#general" in each for each in words)
    assert "Stop telling me here" in words
