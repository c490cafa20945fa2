"""*Correct it*."""

from __future__ import annotations

import pytest

from commands.kit.press import Press
from commands.kit.request import CommunityKey, Platform, Pressed, Profile, Request
from commands.kit.view import Card, Form
from storage import drafts, members
from storage.members import Me
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


async def test_in_discords_direct_messages_the_rights_of_who_corrects_are_asked_for(chat: DirectDriver) -> None:
    answers = [Profile(moderator=True), Profile()]

    async def look_up(_community: str) -> Profile:
        return answers.pop(0)

    guild = CommunityKey(Platform.DISCORD, "guild-1", "Makers")
    me = Me((await chat.dispatcher.known.community(guild, None)).id, "u1", "Ada")
    await chat.dispatcher.store.write(members.ensure, me)
    kept = {"zone": ("Bejing",), "": (Press("setup.zone-form").wire(me.community),)}
    await chat.dispatcher.store.write(drafts.keep, me, "form.setup.zone-form", kept)
    press = Pressed(Press("form.correct", ("setup.zone-form",)).wire(me.community))
    for received, shown in ((1000.0, Form), (1301.0, Card)):
        request = Request(None, me.uid, me.name, press, received, Platform.DISCORD, look_up=look_up)
        reply = await chat.dispatcher.perform(chat.dispatcher.decide(request))
        assert isinstance(reply.view, shown)


@pytest.mark.parametrize("sign", ["\x00", "\ud800"])
async def test_signs_that_no_database_holds_are_left_out_of_what_is_kept(chat: DirectDriver, sign: str) -> None:
    words = f"Ask one person{sign} whom you do not know what they did today, and write down the words that they use."
    form = Pressed("1|1|tips.suggest-sent", form=True)
    await chat.run("/pmpath home")

    card = await chat.call(form, {"outcome": ("platform",), "title": (f"Ask{sign} first",), "text": (words,)})
    not_saved = await chat.call(form, {"title": (sign,)})

    assert card.lines[1:3] == ["Ask first", words.replace(sign, "")]
    assert not_saved.title == "Not saved yet"
    assert (await chat.press("Correct it")).fields["title"] == ""
