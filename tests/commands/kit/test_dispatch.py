"""From a request to a reply: rights, language, refusals, faults."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace

import pytest

from bot.pictures.studio import Pictures
from commands.kit import known
from commands.kit.command import Action, Command
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from commands.kit.notice import Notice
from commands.kit.press import Press
from commands.kit.request import CommunityKey, Context, Named, Platform, Pressed, Profile, Request, SecondWrite, Words
from commands.kit.view import Button, Card, Form, TextField, View
from content.load import Content
from content.text import Language, _
from storage import communities, departures, members, outbox
from storage.members import Me
from storage.store import Busy, Store
from storage.unit import Unit
from tests.conftest import Faults, SetClock
from tests.drivers.direct import SANDBOX, DirectDriver

GUILD = CommunityKey(Platform.DISCORD, "guild-1", "Makers")


async def _public(ctx: Context) -> View:
    return Card(_("Home"), (), (Button(_("Home"), Press("t.public")),))


async def _private(ctx: Context) -> View:
    return Card(_("Home"))


async def _fails(ctx: Context) -> View:
    raise RuntimeError("the secret inside")


async def _writes_twice(ctx: Context) -> View:
    await ctx.store.write(members.ensure, ctx.me)
    await ctx.store.write(members.ensure, ctx.me)
    return Card(_("Home"))


async def _form_unannounced(ctx: Context) -> View:
    return Form(_("Time zone"), (TextField("a", _("Home")),), Press("t.public"))


async def _is_busy(ctx: Context) -> View:
    raise Busy


async def _told(ctx: Context, **ids: int | str) -> Card | None:
    return Card(_("This reaches you")) if ids["true"] else None


ACTIONS = [
    Action("t.public", _public, public=True),
    Action("t.private", _private),
    Action("t.fails", _fails),
    Action("t.twice", _writes_twice),
    Action("t.form", _form_unannounced),
    Action("t.opens", _form_unannounced, opens_form=True),
    Action("t.busy", _is_busy),
    Action("t.moderators", _public, moderators=True),
]


@pytest.fixture
def chat(store: Store, content: Content, clock: SetClock, pictures: Pictures, faults: Faults) -> DirectDriver:
    commands: dict[tuple[str, tuple[str, ...]], Command[...]] = {
        ("pmpath", (action.name.removeprefix("t."),)): Command(
            action, _("Home"), "", (), "pmpath", (action.name.removeprefix("t."),)
        )
        for action in ACTIONS
    }
    registry = Registry(commands, {action.name: action for action in ACTIONS}, {"t.told": Notice("t.told", _told)})
    return DirectDriver(Dispatcher(store, content, registry, now=clock.now, draw=pictures.draw))


async def test_a_fault_of_ours_is_logged_once_and_answered_with_the_same_reference(
    chat: DirectDriver, faults: Faults
) -> None:
    card = await chat.run("/pmpath fails")

    (entry,) = faults.entries
    faults.entries.clear()
    assert card.title == "Something went wrong on our side"
    assert card.lines[1] == f"Reference {entry['reference']}"
    assert "the secret inside" in entry["exception"]
    assert "secret" not in card.text
    assert card.buttons == ["Try again", "Home"]


async def test_a_handler_that_writes_twice_is_a_fault(chat: DirectDriver, faults: Faults) -> None:
    await chat.run("/pmpath twice")

    assert SecondWrite.__name__ in faults.entries[0]["exception"]
    faults.entries.clear()


async def test_a_form_that_was_not_declared_is_a_fault(chat: DirectDriver, faults: Faults) -> None:
    await chat.run("/pmpath form")

    assert "without saying so" in faults.entries[0]["exception"]
    faults.entries.clear()


async def test_a_full_queue_is_said_as_busy(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath busy")

    assert "try again" in card.lines[0]
    assert card.buttons == ["Try again", "Home"]


async def test_visibility_is_known_before_the_handler_runs(chat: DirectDriver) -> None:
    decision = chat.dispatcher.decide(_request(Words("pmpath", "public")))

    assert decision.public


async def test_a_public_answer_is_in_the_communitys_language(chat: DirectDriver) -> None:
    await chat.run("/pmpath public")

    reader = chat.other(locale="zh-CN")
    await reader.run("/pmpath public")

    assert reader.reply is not None
    assert reader.reply.language is Language.EN
    assert reader.reply.public


async def test_a_refusal_to_a_public_command_is_private(chat: DirectDriver) -> None:
    await chat.run("/pmpath moderators")

    assert chat.reply is not None
    assert not chat.reply.public


async def test_no_is_said_in_the_members_language_before_anything_else_is_known(chat: DirectDriver) -> None:
    await chat.other(locale="zh-CN").run("/pmpath public")

    async def look_up(_community: str) -> Profile:
        raise TimeoutError

    request = replace(_request(Words("pmpath", "moderators")), look_up=look_up, moderator=None)
    reply = await chat.dispatcher.perform(chat.dispatcher.decide(request))

    assert reply.language is Language.ZH


async def test_a_slow_look_up_keeps_nobody_waiting_and_is_not_asked_again_at_once(
    chat: DirectDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the two seconds that a member waits would be this test's own
    monkeypatch.setattr(known, "LOOK_UP_SECONDS", 0.05)
    asked = []

    async def look_up(_community: str) -> Profile:
        asked.append(1)
        await asyncio.sleep(60)
        return Profile()

    for after in (0.0, 30.0, 61.0):
        request = _request(Words("pmpath", "public"))
        request = replace(request, look_up=look_up, moderator=None, received=request.received + after)
        reply = await chat.dispatcher.perform(chat.dispatcher.decide(request))
        assert isinstance(reply.view, Card)
        assert reply.view.title == _("Home")

    assert len(asked) == 2


async def test_a_notice_that_fails_locks_nobody_out(chat: DirectDriver, clock: SetClock, faults: Faults) -> None:
    await chat.run("/pmpath public")
    assert chat.reply is not None
    me = Me(chat.reply.community, chat.uid, chat.name)
    await _refuse_one(chat, me, clock, notice="t.no-such-notice")
    await _refuse_one(chat, me, clock)

    assert (await chat.run("/pmpath private")).title == "Home"
    assert [card.title.en for card in chat.reply.also] == ["This reaches you"]
    assert [entry["event"] for entry in faults.entries] == ["notice.failed"]
    faults.entries.clear()


async def test_a_press_that_opens_a_form_takes_no_notice_with_it(chat: DirectDriver, clock: SetClock) -> None:
    await chat.run("/pmpath public")
    assert chat.reply is not None
    await _refuse_one(chat, Me(chat.reply.community, chat.uid, chat.name), clock)

    await chat.call(Pressed(Press("t.opens").wire(chat.reply.community)))
    assert chat.reply.also == ()
    await chat.run("/pmpath private")

    assert len(chat.reply.also) == 1


@pytest.mark.parametrize("wire", ["nonsense", "1|1|no.such.action", "1|1|t.public|surplus", "0|1|t.public"])
async def test_unknown_and_old_buttons_are_out_of_date(chat: DirectDriver, wire: str) -> None:
    await chat.run("/pmpath public")

    assert (await chat.call(Pressed(wire))).lines == ["This card is out of date. Open a new one with /pmpath."]


async def test_a_sent_form_opens_no_form(chat: DirectDriver) -> None:
    await chat.run("/pmpath public")
    assert chat.reply is not None
    wire = Press("t.opens").wire(chat.reply.community)

    await chat.call(Pressed(wire))
    assert isinstance(chat.reply.view, Form)
    card = await chat.call(Pressed(wire, form=True))

    assert card.lines == ["This card is out of date. Open a new one with /pmpath."]


async def test_a_press_from_a_direct_message_into_a_community_one_is_not_known_in_is_out_of_date(
    chat: DirectDriver,
) -> None:
    await chat.run("/pmpath public")
    assert chat.reply is not None
    wire = Press("t.public").wire(chat.reply.community)

    stranger = chat.other(uid="stranger", community=None)
    card = await stranger.call(Pressed(wire))

    assert card.lines == ["This card is out of date. Open a new one with /pmpath."]
    assert card.buttons == []  # one of that community would answer the same


async def test_a_platform_never_reaches_anothers_community_through_a_direct_message(chat: DirectDriver) -> None:
    await chat.run("/pmpath public")
    assert chat.reply is not None
    await chat.dispatcher.store.write(members.ensure, Me(chat.reply.community, chat.uid, chat.name))
    wire = Press("t.public").wire(chat.reply.community)

    other = chat.other(community=None, platform=Platform.DISCORD)

    assert (await other.call(Pressed(wire))).title == "Not this time"


async def test_people_of_the_settings_moderate_their_community_only(
    chat: DirectDriver, clock: SetClock, pictures: Pictures
) -> None:
    named = frozenset({("web", "sandbox", "u1")})
    given = chat.dispatcher
    dispatcher = Dispatcher(
        given.store, given.content, given.registry, now=clock.now, draw=pictures.draw, moderators=named
    )
    here = chat.other(dispatcher=dispatcher)
    there = chat.other(dispatcher=dispatcher, community=CommunityKey(Platform.WEB, "elsewhere", ""))

    assert (await here.run("/pmpath moderators")).title == "Home"
    assert (await there.run("/pmpath moderators")).title == "Not this time"


async def test_rights_are_looked_up_where_the_platform_does_not_say_and_kept_for_ten_minutes(
    chat: DirectDriver,
) -> None:
    asked = []

    async def look_up(_community: str) -> Profile:
        asked.append(1)
        return Profile("Mo", "en-US", "UTC", moderator=True)

    request = _request(Words("pmpath", "moderators"))
    for after in (0.0, 599.0, 601.0):
        later = replace(request, look_up=look_up, moderator=None, received=request.received + after)
        reply = await chat.dispatcher.perform(chat.dispatcher.decide(later))
        assert isinstance(reply.view, Card)
        assert reply.view.title == _("Home")

    assert len(asked) == 2


async def test_rights_asked_for_in_discords_direct_messages_are_kept_for_five_minutes(chat: DirectDriver) -> None:
    """There, what is not for moderators asks for nothing, and sees what was asked."""
    asked = []

    async def look_up(community: str) -> Profile:
        asked.append(community)
        return Profile(roles=frozenset({"r1"}))

    community = (await chat.dispatcher.known.community(GUILD, None)).id
    await chat.dispatcher.store.write(members.ensure, Me(community, "u1", "Ada"))
    await chat.dispatcher.store.write(communities.set_moderators, community, (), ("r1",))
    for action, after, title, times in (
        ("t.public", 0.0, "Home", 0),
        ("t.moderators", 0.0, "Home", 1),
        ("t.moderators", 299.0, "Home", 1),
        ("t.moderators", 301.0, "Home", 2),
        ("t.public", 700.0, "Home", 2),
    ):
        request = _request(Pressed(Press(action).wire(community)))
        request = replace(request, community=None, platform=Platform.DISCORD, look_up=look_up, moderator=None)
        request = replace(request, received=request.received + after)
        reply = await chat.dispatcher.perform(chat.dispatcher.decide(request))
        assert isinstance(reply.view, Card)
        assert (reply.view.title.en, len(asked)) == (title, times)

    assert set(asked) == {GUILD.ext_id}


async def test_a_community_that_is_renamed_or_back_is_known_so_at_the_next_call(chat: DirectDriver) -> None:
    await chat.run("/pmpath public")
    store, known_now = chat.dispatcher.store, chat.dispatcher.known
    gone = await store.write(departures.left, SANDBOX.platform.value, SANDBOX.ext_id)
    away = await known_now.community_of(gone or 0)  # as a press in a direct message asks for it
    assert away is not None
    assert away.left
    assert (await chat.run("/pmpath public")).title == "Home"
    assert not (await known_now.community(SANDBOX, None)).left

    assert (await known_now.community(replace(SANDBOX, name="Renamed"), None)).name == "Renamed"
    assert (await known_now.community(replace(SANDBOX, name=""), None)).name == "Renamed"


async def test_a_failed_look_up_gives_no_rights_and_a_sentence(chat: DirectDriver) -> None:
    async def look_up(_community: str) -> Profile:
        raise TimeoutError

    for words, title in (("moderators", "Not this time"), ("public", "Home")):
        request = replace(_request(Words("pmpath", words)), look_up=look_up, moderator=None)
        reply = await chat.dispatcher.perform(chat.dispatcher.decide(request))
        assert isinstance(reply.view, Card)
        assert reply.view.title.en == title


async def test_a_message_that_a_closed_dm_refused_comes_once_with_the_next_private_answer(
    chat: DirectDriver, clock: SetClock
) -> None:
    await chat.run("/pmpath public")
    assert chat.reply is not None
    await _refuse_one(chat, Me(chat.reply.community, chat.uid, chat.name), clock)

    also = []
    for command in ("/pmpath public", "/pmpath private", "/pmpath private"):
        await chat.run(command)
        also.append([card.title.en for card in chat.reply.also])

    assert also == [[], ["This reaches you"], []]


async def _refuse_one(chat: DirectDriver, me: Me, clock: SetClock, notice: str = "t.told") -> None:
    store = chat.dispatcher.store

    def tell(unit: Unit) -> None:
        unit.tell(members.ensure(unit, me), notice, true=1)

    await store.write(tell)
    (due,) = await store.write(outbox.claim, "o", 5, lease=dt.timedelta(seconds=1), real_now=clock.now())
    await store.write(outbox.refused, due)


def _request(call: Words | Named | Pressed) -> Request:
    return Request(
        community=SANDBOX,
        uid="u1",
        name="Ada",
        call=call,
        received=1000.0,
        platform=Platform.WEB,
    )
