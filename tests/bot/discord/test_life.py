"""How the Discord surface starts, stays connected, sends unasked, stops and comes back."""

from __future__ import annotations

import asyncio
import datetime as dt
import gc
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from pydantic import SecretStr

from bot import fence
from bot.clock import Stop
from bot.delivery import Delivery
from bot.discord.chat import Chat
from bot.discord.client import nonce_of
from bot.discord.restraint import Restraint
from bot.discord.starts import Starts
from bot.fence import Lease
from bot.settings import DiscordAccess
from bot.surface import CannotStart, Message, Perhaps, Refused, TryLater, Uncertain, can_send
from commands.kit.dispatch import Dispatcher
from commands.kit.request import Place
from commands.kit.view import Button, Card
from content.text import Language, verbatim
from storage import communities, members
from storage.members import Me
from storage.unit import Unit
from tests.bot.discord.conftest import Scene, connected, new_surface
from tests.bot.discord.rehearsal import NASTY
from tests.conftest import Faults
from tests.fakes.discord import MANAGE_GUILD, FakeDiscord, Fault

SILENT = 1 << 12


# connections


async def test_an_old_button_and_an_open_form_work_after_a_restart(dispatcher: Dispatcher, faults: Faults) -> None:
    async with FakeDiscord() as fake:
        ada = fake.member()
        async with connected(fake, new_surface(fake, dispatcher)):
            card = (await ada.command("/pmpath try waits")).card
            form = await ada.press(card, "opened")
            choosing = (await ada.command("/pmpath try here")).card
        async with connected(fake, new_surface(fake, dispatcher)):
            await ada.submit(form, {"Why": "later"})
            await ada.press(choosing, "Here")

        assert card.lines == ["Saved: later (talk)"]
        assert choosing.lines == ["Here 2"]
        assert fake.breaches == []


async def disturbed_by_op_7(fake: FakeDiscord) -> None:
    await fake.gateway.ask_reconnect()


async def disturbed_by_op_9(fake: FakeDiscord) -> None:
    await fake.gateway.invalidate(resumable=True)


async def disturbed_by_a_cut(fake: FakeDiscord) -> None:
    fake.gateway.cut()


@pytest.mark.parametrize("disturb", [disturbed_by_op_7, disturbed_by_op_9, disturbed_by_a_cut])
async def test_a_disturbed_connection_is_said_and_comes_back(
    scene: Scene, disturb: Callable[[FakeDiscord], Awaitable[None]]
) -> None:
    card = (await scene.ada.command("/pmpath try here")).card
    assert scene.surface.missing() is None
    gone = asyncio.create_task(scene.fake.world.until(lambda: scene.surface.missing() is not None, 30))
    await asyncio.sleep(0)
    await disturb(scene.fake)
    assert await gone
    await scene.fake.gateway.until_connected()

    await scene.ada.press(card, "Here")
    assert card.lines == ["Here 2"]
    assert scene.surface.missing() is None
    assert scene.fake.gateway.identified + scene.fake.gateway.resumed == 2


async def test_a_session_that_is_gone_is_begun_anew(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath try here")).card
    scene.fake.gateway.forget_sessions()
    assert await scene.fake.world.until(lambda: scene.fake.gateway.identified == 2, 30)

    await scene.ada.press(card, "Here")
    assert card.lines == ["Here 2"]
    assert scene.surface.missing() is None


async def test_an_address_that_no_longer_answers_is_left_for_the_first_one(
    dispatcher: Dispatcher, faults: Faults
) -> None:
    async with FakeDiscord() as fake:
        ada = fake.member()
        fake.gateway.address = "ws://127.0.0.1:1/"  # where the session is to be resumed
        async with connected(fake, new_surface(fake, dispatcher, back_off=(0.01, 60))):
            card = (await ada.command("/pmpath try here")).card
            for _ in range(2):  # the second time it does not wait longer, since it was connected in between
                fake.gateway.cut()
                await ada.press(card, "Here")

        assert card.lines == ["Here 3"]
        assert (fake.gateway.identified, fake.gateway.resumed) == (1, 2)


async def test_what_was_pressed_while_the_connection_was_cut_is_answered(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath try here")).card
    scene.fake.gateway.cut()
    await scene.ada.press(card, "Here")

    assert card.lines == ["Here 2"]


async def test_before_it_is_connected_it_says_what_is_missing(dispatcher: Dispatcher) -> None:
    async with FakeDiscord() as fake:
        assert new_surface(fake, dispatcher).missing() == "the connection to Discord's gateway"


async def test_a_wrong_token_is_a_sentence_at_the_start(dispatcher: Dispatcher) -> None:
    async with FakeDiscord() as fake:
        surface = new_surface(fake, dispatcher, token="wrong")
        with pytest.raises(CannotStart, match="does not know DISCORD_TOKEN"):
            await surface.run()
        await surface.close()


async def test_a_token_refused_by_the_first_call_is_the_same_sentence(dispatcher: Dispatcher) -> None:
    async with FakeDiscord() as fake:
        fake.order("gateway.bot", Fault.refusing(401, 0))
        with pytest.raises(CannotStart, match="does not know DISCORD_TOKEN"):
            await new_surface(fake, dispatcher).run()


async def test_a_token_that_is_withdrawn_ends_it_with_the_sentence(dispatcher: Dispatcher, faults: Faults) -> None:
    async with FakeDiscord() as fake:
        surface = new_surface(fake, dispatcher)
        running = asyncio.create_task(surface.run())
        await fake.gateway.until_connected()
        await fake.gateway.close(4004)

        with pytest.raises(CannotStart, match="does not know DISCORD_TOKEN"):
            await running
        assert surface.missing() is not None


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (4010, "refuses the shard"),
        (4011, "asks for more shards"),
        (4012, "no longer speaks the version"),
        (4013, "does not know the intents"),
        (4014, "forbids an intent"),
    ],
)
async def test_a_connection_that_discord_closes_for_good_ends_with_a_sentence(
    dispatcher: Dispatcher, faults: Faults, code: int, says: str
) -> None:
    async with FakeDiscord() as fake:
        running = asyncio.create_task(new_surface(fake, dispatcher).run())
        await fake.gateway.until_connected()
        await fake.gateway.close(code)

        with pytest.raises(CannotStart, match=f"{says}.*{code}"):
            await running


@pytest.mark.parametrize("route", ["gateway.bot", "me"])
@pytest.mark.parametrize("fault", [Fault.failing(503), Fault.breaking(), Fault.rate_limited(60)])
async def test_a_discord_that_is_unwell_at_the_start_is_waited_for(
    dispatcher: Dispatcher, faults: Faults, route: str, fault: Fault
) -> None:
    async with FakeDiscord() as fake:
        fake.order(route, fault, times=2)
        async with connected(fake, new_surface(fake, dispatcher)):
            assert (await fake.member().command("/pmpath home")).lines[0] == "pmpath"


async def test_stopping_while_discord_is_not_there_does_not_wait_for_it(dispatcher: Dispatcher) -> None:
    async with FakeDiscord() as fake:
        fake.order("gateway.bot", Fault.failing(503), times=99)
        surface = new_surface(fake, dispatcher)
        running = asyncio.create_task(surface.run())
        assert await fake.world.until(lambda: bool(fake.calls("gateway.bot")), 30)
        await asyncio.sleep(0.05)
        await surface.close()
        await asyncio.wait_for(running, 30)

        assert len(fake.calls("gateway.bot")) == 1


@pytest.mark.parametrize("route", ["gateway.bot", "me", "commands.put"])
async def test_stopping_while_it_connects_ends_it(dispatcher: Dispatcher, faults: Faults, route: str) -> None:
    async with FakeDiscord() as fake:
        fake.order(route, Fault.slow(0.2))
        surface = new_surface(fake, dispatcher)
        running = asyncio.create_task(surface.run())
        assert await fake.world.until(lambda: bool(fake.calls(route)), 30)
        await surface.close()
        await asyncio.wait_for(running, 30)
        gc.collect()  # a session left open is warned of here

        assert not fake.gateway.connected
        faults.entries.clear()


# stopping


async def test_what_the_library_says_after_the_end_is_heard_by_nobody(dispatcher: Dispatcher) -> None:
    async with FakeDiscord() as fake:
        access = DiscordAccess(SecretStr(fake.token), fake.api_url)
        async with Chat(new_surface(fake, dispatcher), Starts(access), Restraint()) as client:
            pass

        client.dispatch("ready")


async def test_what_is_under_way_is_answered_before_the_connection_closes(scene: Scene) -> None:
    scene.hurry()
    asking = asyncio.create_task(scene.ada.command("/pmpath try slow"))
    interactions = scene.fake.world.interactions
    assert await scene.fake.world.until(lambda: any(each.callback for each in interactions.values()), 30)
    closing = asyncio.create_task(scene.surface.close())
    await asyncio.sleep(0.05)
    assert not closing.done()
    assert scene.fake.gateway.connected
    scene.rehearsal.gate.set()

    assert (await asking).lines == ["At last"]
    await closing
    await scene.running
    assert scene.surface.missing() is not None


async def test_what_comes_in_while_it_stops_is_answered_for_a_moment_and_then_not_taken(scene: Scene) -> None:
    scene.hurry()
    asking = asyncio.create_task(scene.ada.command("/pmpath try slow"))
    assert await scene.fake.world.until(lambda: scene.rehearsal.runs == 1 or bool(scene.fake.calls("callback")), 30)
    closing = asyncio.create_task(scene.surface.close())
    await asyncio.sleep(0)
    assert not (await scene.fake.member("Bob").command("/pmpath try here")).failed
    taken, refused = len(scene.rehearsal.places), False
    async with asyncio.timeout(20):
        while not refused:  # something is under way all the while, so that no moment is a good one
            scene.fake.rest.answer_within = 2.0
            refused = (await scene.fake.member("Bob").command("/pmpath try here")).failed
            taken += not refused
    scene.rehearsal.gate.set()
    await asyncio.gather(asking, closing)

    assert len(scene.rehearsal.places) == taken


async def test_sixty_four_members_at_once_all_see_their_card(scene: Scene) -> None:
    everybody = [scene.fake.member(f"M{number}") for number in range(64)]
    answers = await asyncio.gather(*(member.command("/pmpath start") for member in everybody))
    await asyncio.gather(*(member.press(a, "Skip") for member, a in zip(everybody, answers, strict=True)))

    assert all(len(member.messages()) == 1 for member in everybody)


# who speaks


async def test_who_may_manage_the_server_moderates_it_and_others_do_not(scene: Scene) -> None:
    root = scene.fake.member("Root", permissions=MANAGE_GUILD)
    setup = await root.command("/pmpath-mod setup")
    assert setup.lines[0].startswith("Setup")

    mine = await scene.ada.command("/pmpath home")
    number = (await scene.community()).id
    answer = await scene.ada.forge(mine, f"1|{number}|mod.setup")
    assert "Only moderators" in answer.text


async def test_a_role_moderates_even_where_the_server_has_not_been_received_yet(scene: Scene) -> None:
    guild = scene.fake.world.add_guild("Elsewhere")  # after the connection: no GUILD_CREATE comes
    role = scene.fake.world.add_role(guild, "Hosts")
    host = scene.fake.member("Host", guild=guild, roles=(role.id,))
    other = scene.fake.member("Other", guild=guild)
    card = await host.command("/pmpath home")
    number = (await scene.community(guild)).id
    await scene.dispatcher.store.write(communities.set_moderators, number, (), (str(role.id),))

    assert (await host.forge(card, f"1|{number}|mod.setup")).lines[0].startswith("Setup")
    theirs = await other.command("/pmpath home")
    assert "Only moderators" in (await other.forge(theirs, f"1|{number}|mod.setup")).text


async def test_a_server_whose_name_does_not_come_along_keeps_the_one_it_had(scene: Scene) -> None:
    guild = scene.fake.world.add_guild("Elsewhere")
    await scene.dispatcher.store.write(communities.seen, "discord", str(guild.id), "Elsewhere", Language.EN)
    await scene.fake.member("Host", guild=guild).command("/pmpath home")

    assert (await scene.community(guild)).name == "Elsewhere"
    await scene.ada.command("/pmpath home")
    assert (await scene.community()).name == "PM Talk"


async def test_a_display_name_is_kept_as_it_is(scene: Scene) -> None:
    nasty = scene.fake.member(NASTY)
    scene.fake.guild.members[nasty.uid].nick = NASTY[:32]
    form = await nasty.command("/pmpath try opened")
    await nasty.submit(form, {"Why": "x"})
    me = Me((await scene.community()).id, str(nasty.uid), "")
    found = await scene.dispatcher.store.read(members.find, me)

    assert found is not None
    assert found.name == NASTY[:32]


# what is sent unasked


def told(scene: Scene, *, key: str = "key", place: str = "", community: int = 1) -> Message:
    buttons = (Button(verbatim("Here"), scene.rehearsal.button("here", "x").press),)
    form = Button(verbatim("Form"), scene.rehearsal.button("opened", "x").press)
    card = Card(verbatim("You are told"), (), (*buttons, form))
    server = str(scene.fake.guild.id)
    return Message(place or str(scene.ada.uid), card, Language.EN, community, server, key, again=False)


async def test_what_a_stalled_process_sends_after_its_lease_does_not_reach_discord(scene: Scene) -> None:
    lease = Lease.of(dt.timedelta(seconds=60))
    with fence.held(replace(lease, begun=lease.begun - 60)):
        with pytest.raises(TryLater):
            await scene.surface.tell(told(scene))
        with pytest.raises(TryLater):
            await scene.surface.post(told(scene, place=str(scene.ada.channel.id)))
    assert [*scene.ada.direct_messages, *scene.ada.messages()] == []


async def test_what_a_member_asked_for_reaches_their_direct_messages(scene: Scene) -> None:
    sent = await scene.surface.tell(told(scene))

    (message,) = scene.ada.direct_messages
    assert message.lines == ["You are told"]
    assert sent == str(message.message.id)


async def test_a_button_in_a_direct_message_changes_it_and_belongs_to_its_community(scene: Scene) -> None:
    form = await scene.ada.command("/pmpath try opened")  # stores her: a stranger has no community in a direct message
    await scene.ada.submit(form, {"Why": "x"})
    await scene.surface.tell(told(scene, community=(await scene.community()).id))
    (message,) = scene.ada.direct_messages
    await scene.ada.press(message, "Here")
    assert message.lines == ["Here 1"]
    assert scene.rehearsal.places == [Place.DIRECT]

    form = await scene.ada.press(message, "Form")
    await scene.ada.submit(form, {"Why": "from here"})
    assert message.lines == ["Saved: from here (talk)"]
    assert len(scene.ada.direct_messages) == 1


async def test_a_strangers_press_in_a_direct_message_is_out_of_date(scene: Scene) -> None:
    await scene.ada.command("/pmpath home")
    await scene.surface.tell(told(scene, community=(await scene.community()).id))
    (message,) = scene.ada.direct_messages
    await scene.ada.press(message, "Here")

    assert scene.rehearsal.places == []
    assert message.lines[0] == "Not this time"


@pytest.mark.parametrize("again", ["at once", "after a restart"])
async def test_a_message_tried_twice_is_there_once(scene: Scene, again: str) -> None:
    channel = scene.ada.channel
    second = scene.surface
    if again == "after a restart":
        await scene.surface.close()
        second = new_surface(scene.fake, scene.dispatcher)
    else:
        await scene.surface.tell(told(scene))
        await scene.surface.post(told(scene, place=str(channel.id)))
    async with connected(scene.fake, second) if second is not scene.surface else asyncio.timeout(30):
        for _ in range(2):
            await second.tell(told(scene))
            await second.post(told(scene, place=str(channel.id)))
        assert len(scene.ada.direct_messages) == 1
        assert len(scene.ada.messages()) == 1
        await second.tell(told(scene, key="another"))
        assert len(scene.ada.direct_messages) == 2


def test_a_nonce_fits_and_depends_on_the_key_alone() -> None:
    assert nonce_of("tell:1") == nonce_of("tell:1") != nonce_of("tell:2")
    assert len(nonce_of("x" * 500)) <= 25


async def test_a_post_is_silent_and_seen_by_all(scene: Scene) -> None:
    sent = await scene.surface.post(told(scene, place=str(scene.ada.channel.id)))

    (shown,) = scene.fake.member("Bob").messages()
    assert (str(shown.message.id), shown.lines) == (sent, ["You are told"])
    assert shown.message.flags & SILENT


async def test_nothing_is_posted_into_another_servers_channel_nor_into_direct_messages(scene: Scene) -> None:
    met, unmet = (scene.fake.world.add_guild(name) for name in ("Met", "Unmet"))
    await scene.fake.invite_bot(met)  # the connection does not bring the other one, as where another process serves it
    foreign = [next(iter(guild.channels.values())) for guild in (met, unmet)]
    direct = scene.fake.world.direct_channel(scene.ada.user)
    for channel in (*foreign, direct):
        for _try in range(2):
            with pytest.raises(Refused, match="another server's"):
                await scene.surface.post(told(scene, place=str(channel.id)))

    assert not any(channel.messages for channel in (*foreign, direct))
    assert len(scene.fake.calls("channel")) <= 3  # which server a channel is of is asked once
    scene.fake.order("channel", Fault.breaking(), 2)
    with pytest.raises(TryLater):  # and not in doubt: nothing has been sent
        await scene.surface.post(told(scene, place=str(scene.fake.world.add_channel(unmet, "new").id)))


async def test_a_post_of_ours_is_taken_back_and_one_that_is_gone_already_is_fine(scene: Scene) -> None:
    place = str(scene.ada.channel.id)
    sent = await scene.surface.post(told(scene, place=place))
    other = await scene.surface.post(told(scene, place=place, key="other"))

    for _press in range(2):
        await scene.surface.take_back("", place, sent)
    assert [str(shown.message.id) for shown in scene.ada.messages()] == [other]
    await scene.surface.take_back("", "404", sent)
    scene.fake.breaches.clear()


async def test_a_deletion_that_discord_forbids_is_refused_and_one_it_fumbles_is_tried_later(scene: Scene) -> None:
    channel = scene.ada.channel
    sent = await scene.surface.post(told(scene, place=str(channel.id)))
    channel.refuses = 50001
    with pytest.raises(Refused, match="50001"):
        await scene.surface.take_back("", str(channel.id), sent)
    channel.refuses = None
    for fault, times in ((Fault.failing(503), 1), (Fault.breaking(), 2)):  # a broken deletion is repeated once
        scene.fake.order("message.delete", fault, times)
        with pytest.raises(TryLater):
            await scene.surface.take_back("", str(channel.id), sent)
    scene.fake.order("message.delete", Fault.rate_limited(60))
    with pytest.raises(TryLater) as limited:
        await scene.surface.take_back("", str(channel.id), sent)

    assert limited.value.after == 60
    await scene.surface.take_back("", str(channel.id), sent)
    assert scene.ada.messages() == []
    scene.fake.breaches.clear()


async def test_closed_direct_messages_are_refused(scene: Scene) -> None:
    scene.ada.close_direct_messages()
    with pytest.raises(Refused, match="50007"):
        await scene.surface.tell(told(scene))

    with pytest.raises(Refused, match="10013"):
        await scene.surface.tell(told(scene, place="1"))
    assert scene.ada.direct_messages == []
    scene.fake.breaches.clear()


@pytest.mark.parametrize(
    ("status", "code", "why"),
    [
        (403, 50001, "no-right"),
        (403, 50013, "no-right"),
        (404, 10003, "no-channel"),
        (404, 10004, "no-channel"),
        (400, 50083, "archived"),
        (403, 20016, "other"),
    ],
)
async def test_a_dead_channel_is_refused_and_says_why(scene: Scene, status: int, code: int, why: str) -> None:
    channel = scene.ada.channel
    scene.fake.order("send", Fault.refusing(status, code))
    with pytest.raises(Refused, match=str(code)) as refused:
        await scene.surface.post(told(scene, place=str(channel.id)))

    assert refused.value.why == why
    assert scene.ada.messages() == []
    scene.fake.breaches.clear()


async def test_a_channel_that_is_gone_is_refused(scene: Scene) -> None:
    with pytest.raises(Refused, match="10003"):
        await scene.surface.post(told(scene, place="404"))
    scene.fake.breaches.clear()


async def test_a_limited_and_a_failed_message_are_tried_later(scene: Scene) -> None:
    posted = told(scene, place=str(scene.ada.channel.id))
    for send, message in ((scene.surface.tell, told(scene)), (scene.surface.post, posted)):
        scene.fake.order("send", Fault.rate_limited(60))
        with pytest.raises(TryLater) as limited:
            await send(message)
        assert limited.value.after == 60
        scene.fake.order("send", Fault.failing(503))
        with pytest.raises(TryLater):
            await send(message)
        await send(message)

    assert (len(scene.ada.direct_messages), len(scene.ada.messages())) == (1, 1)


async def test_a_ban_holds_back_what_nobody_waits_for_as_long_as_it_says(scene: Scene, faults: Faults) -> None:
    posted = told(scene, place=str(scene.ada.channel.id))
    scene.fake.order("send", Fault.rate_limited(1, via=False))  # not by Discord itself: by what stands before it
    with pytest.raises(TryLater) as banned:
        await scene.surface.post(posted)
    assert banned.value.after == 1
    assert not can_send(scene.surface)
    assert scene.surface.missing() is None
    assert (await scene.ada.command("/pmpath try here")).lines == ["Here 1"]
    async with asyncio.timeout(20):
        while not can_send(scene.surface):  # noqa: ASYNC110 - time alone ends it
            await asyncio.sleep(0.05)

    await scene.surface.post(posted)
    assert [entry["event"] for entry in faults.entries] == ["discord.banned"]
    faults.entries.clear()


async def test_many_refusals_hold_back_what_nobody_waits_for(dispatcher: Dispatcher, faults: Faults) -> None:
    async with FakeDiscord() as fake:
        surface = new_surface(fake, dispatcher, restraint=Restraint(most=3))
        channel = fake.member().channel
        channel.refuses = 50001
        server = str(fake.guild.id)
        message = Message(str(channel.id), Card(verbatim("Tip")), Language.EN, 1, server, "key", again=False)
        async with connected(fake, surface):
            for _ in range(3):
                assert can_send(surface)
                with pytest.raises(Refused):
                    await surface.post(message)
            assert not can_send(surface)

    assert [entry["event"] for entry in faults.entries] == ["discord.refuses_much"]
    faults.entries.clear()


async def test_a_short_limit_is_waited_for(scene: Scene) -> None:
    scene.fake.order("send", Fault.rate_limited(0.05))
    await scene.surface.tell(told(scene))

    assert len(scene.ada.direct_messages) == 1


async def test_a_post_whose_end_nobody_saw_is_uncertain_and_a_direct_message_is_tried_again(scene: Scene) -> None:
    scene.fake.order("send", Fault.breaking(applied=True))
    with pytest.raises(Uncertain):
        await scene.surface.post(told(scene, place=str(scene.ada.channel.id)))
    scene.fake.order("send", Fault.breaking(applied=True))
    with pytest.raises(TryLater):
        await scene.surface.tell(told(scene))
    await scene.surface.tell(told(scene))

    assert (len(scene.ada.direct_messages), len(scene.ada.messages())) == (1, 1)


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_a_post_that_a_gateway_saw_no_end_of_may_be_there(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    # the library tries five times by itself, and waits for 25 seconds in between
    monkeypatch.setattr(asyncio, "sleep", _at_once)
    scene.fake.order("send", Fault.failing(status, applied=True), times=5)
    with pytest.raises(Perhaps):
        await scene.surface.post(told(scene, place=str(scene.ada.channel.id)))
    await scene.surface.post(told(scene, place=str(scene.ada.channel.id)))

    assert len(scene.ada.messages()) == 1


_sleep = asyncio.sleep


async def _at_once(_seconds: float, result: None = None) -> None:
    await _sleep(0)


async def closed_notice(scene: Scene) -> None:
    """Something that Ada's closed direct messages have refused."""
    form = await scene.ada.command("/pmpath try opened")
    await scene.ada.submit(form, {"Why": "x"})
    me = Me((await scene.community()).id, str(scene.ada.uid), "Ada")

    def tell(unit: Unit) -> None:
        unit.tell(members.ensure(unit, me), "try.told")

    scene.surface.pace = 0.0
    scene.ada.close_direct_messages()
    await scene.dispatcher.store.write(tell)
    await Delivery(scene.dispatcher, {"discord": scene.surface}).once(Stop())
    assert "50007" in scene.fake.breaches.pop()


async def test_what_a_closed_direct_message_refused_comes_with_the_next_private_answer(scene: Scene) -> None:
    await closed_notice(scene)
    answer = await scene.ada.command("/pmpath try here")
    assert await scene.fake.world.until(lambda: bool(answer.followups), 30)

    assert answer.lines == ["Here 1"]
    assert [(shown.lines, shown.private) for shown in answer.followups] == [(["You are told"], True)]
    assert (await scene.ada.command("/pmpath try here")).followups == []


async def test_where_that_fails_the_answer_stands_and_the_fault_is_logged(scene: Scene) -> None:
    await closed_notice(scene)
    scene.fake.order("followup", Fault.refusing(403, 50013))
    answer = await scene.ada.command("/pmpath try here")
    await scene.surface.close()

    assert answer.lines == ["Here 1"]
    assert [entry["event"] for entry in scene.faults.entries] == ["answer.failed"]
    scene.faults.entries.clear()
