"""Notes for moderators: on Home, and by direct message for those who asked for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands import home, track
from commands.kit.discover import Registry
from commands.kit.notice import Notice
from commands.kit.request import CommunityKey, Context, Platform, Pressed
from commands.kit.view import Button, Card, heading
from content.text import _, quoted
from storage import members, moderator_notes, outbox
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import claimed


async def told(_ctx: Context, number: int) -> Card | None:
    """A notice for these tests; of odd numbers it is no longer true."""
    if number % 2:
        return None
    ways = (Button(_("The tracks"), track.track(None)), Button(_("Home"), home.home()))
    return Card(quoted(f"Note {number}"), (heading(quoted("What it says.")),), ways)


@pytest.fixture
def registry(registry: Registry) -> Registry:
    return replace(registry, notices={**registry.notices, "test.told": Notice("test.told", told)})


async def tell(moderator: DirectDriver, *numbers: int) -> None:
    me = await moderator.me()
    for number in numbers:
        await moderator.dispatcher.store.write(
            moderator_notes.tell, me.community, "test.told", key=f"k{number}", number=number
        )


async def test_home_says_how_many_there_are_and_leads_to_them(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath home")
    assert "Read the notes" not in moderator.seen.buttons
    await tell(moderator, 2, 4)

    assert "2 notes for moderators." in (await moderator.run("/pmpath home")).lines
    card = await moderator.press("Read the notes")
    assert [line for line in card.lines if line.startswith("Note")] == ["Note 4", "Note 2"]
    assert card.buttons == ["The tracks", "Seen to", "The tracks", "Seen to", "Home"]


async def test_seen_to_settles_one_for_everybody_however_often_it_is_pressed(moderator: DirectDriver) -> None:
    await tell(moderator, 2, 4)
    await moderator.run("/pmpath home")
    await moderator.press("Read the notes")
    reply = moderator.reply
    for _number in range(2):
        moderator.reply = reply
        card = await moderator.press("Seen to")

    assert [line for line in card.lines if line.startswith("Note")] == ["Note 2"]
    assert "1 note for moderators." in (await moderator.other(uid="m2").run("/pmpath home")).lines
    await moderator.press("Seen to")
    assert moderator.seen.lines == ["None: nothing waits for you."]


async def test_one_that_is_no_longer_true_is_settled_without_a_word(moderator: DirectDriver) -> None:
    await tell(moderator, 1, 2)
    await moderator.run("/pmpath home")
    card = await moderator.press("Read the notes")

    assert [line for line in card.lines if line.startswith("Note")] == ["Note 2"]
    assert "1 note for moderators." in (await moderator.run("/pmpath home")).lines


async def test_a_notice_that_this_version_does_not_know_stands_until_it_is_seen_to(moderator: DirectDriver) -> None:
    me = await moderator.me()
    await moderator.dispatcher.store.write(moderator_notes.tell, me.community, "no.such", key="x")
    await tell(moderator, 2)
    await moderator.run("/pmpath home")

    card = await moderator.press("Read the notes")
    assert "Note 2" in card.lines
    assert "Something that this version no longer knows." in card.lines
    assert "2 notes for moderators." in (await moderator.run("/pmpath home")).lines


async def test_many_come_a_page_at_a_time_and_what_is_not_shown_is_counted(moderator: DirectDriver) -> None:
    await tell(moderator, *range(0, 24, 2))
    await moderator.run("/pmpath home")
    card = await moderator.press("Read the notes")

    assert [line for line in card.lines if line.startswith("Note")] == ["Note 22", "Note 20", "Note 18"]
    assert "There are 12; the newest 10 are here." in card.lines
    assert "1-3 of 10" in card.lines
    assert "Note 16" in (await moderator.press("More")).lines


async def test_who_asked_for_it_gets_a_message_that_names_how_to_stop(moderator: DirectDriver, clock: SetClock) -> None:
    me = await moderator.me()
    await moderator.dispatcher.store.write(members.set_tell_here, me, on=True)
    await tell(moderator, 2)

    (due,) = await claimed(moderator, clock)
    composed = await moderator.dispatcher.compose(due)
    assert composed is not None
    card, language = composed
    say = moderator.dispatcher.content.catalogue.say
    assert say(card.title, language) == "Note 2"
    assert [say(button.label, language) for button in card.buttons] == ["The tracks", "Seen to", "Stop telling me here"]


async def test_what_somebody_has_seen_to_meanwhile_is_not_sent(moderator: DirectDriver, clock: SetClock) -> None:
    me = await moderator.me()
    await moderator.dispatcher.store.write(members.set_tell_here, me, on=True)
    await tell(moderator, 2)
    await moderator.run("/pmpath home")
    await moderator.press("Read the notes")
    await moderator.press("Seen to")

    (due,) = await claimed(moderator, clock)
    assert await moderator.dispatcher.compose(due) is None


async def test_after_stop_nothing_more_is_sent(moderator: DirectDriver, clock: SetClock) -> None:
    me = await moderator.me()
    await moderator.dispatcher.store.write(members.set_tell_here, me, on=True)
    await tell(moderator, 2)
    (due,) = await claimed(moderator, clock)
    await moderator.dispatcher.store.write(outbox.refused, due)  # then it comes with the next private answer
    await moderator.run("/pmpath home")
    assert moderator.reply is not None
    (card,) = moderator.reply.also
    moderator.reply = replace(moderator.reply, view=card)
    await moderator.press("Stop telling me here")
    await tell(moderator, 4)

    assert await claimed(moderator, clock) == []


async def test_members_and_other_communities_see_and_settle_none(moderator: DirectDriver, chat: DirectDriver) -> None:
    await tell(moderator, 2)
    await moderator.run("/pmpath home")
    await moderator.press("Read the notes")
    seen_to = moderator.button("Seen to").press

    assert "Read the notes" not in (await chat.run("/pmpath home")).buttons
    chat.reply = moderator.reply
    assert (await chat.press("Seen to")).title == "Not this time"
    elsewhere = moderator.other(community=CommunityKey(Platform.WEB, "elsewhere", "Elsewhere"))
    assert "Read the notes" not in (await elsewhere.run("/pmpath home")).buttons
    await elsewhere.call(Pressed(elsewhere.wire(seen_to)))
    assert "1 note for moderators." in (await moderator.run("/pmpath home")).lines
