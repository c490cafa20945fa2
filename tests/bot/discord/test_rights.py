"""A press in Discord's direct messages carries no rights: they are asked for, and kept for five minutes."""

from __future__ import annotations

import asyncio

import pytest

from bot.surface import Message
from commands.kit import known
from commands.kit.view import Button, Card
from commands.mod import setup
from content.text import Language, verbatim
from storage import communities, members
from storage.members import Me
from tests.bot.discord.conftest import PATIENCE, Scene, told
from tests.fakes.discord import MANAGE_GUILD, Answer, DiscordMember, Fault

ADMINISTRATOR = 1 << 3
NO = "Only moderators of this community can do that."
UNKNOWN = "I could not check your rights just now. Please try again."


async def set_up(scene: Scene, person: DiscordMember) -> Answer:
    """*Set up*, pressed in the direct messages."""
    return await person.press(await told(scene, person), "Set up")


def asked(scene: Scene) -> int:
    return len(scene.fake.calls("member"))


async def test_who_has_no_role_is_refused(scene: Scene) -> None:
    assert (await set_up(scene, scene.ada)).lines[-1] == NO
    assert asked(scene) == 1


@pytest.mark.parametrize("permissions", [MANAGE_GUILD, ADMINISTRATOR])
async def test_a_role_that_manages_the_server_or_all_of_it_moderates(scene: Scene, permissions: int) -> None:
    guild = scene.fake.guild
    role = await scene.fake.add_role(guild, "Hosts", permissions)
    host = scene.fake.member("Host", roles=(role.id,))

    assert (await set_up(scene, host)).lines[0].startswith("Setup")


async def test_the_owner_moderates_without_any_role(scene: Scene) -> None:
    root = scene.fake.member("Root")
    scene.fake.guild.owner = root.uid
    await scene.fake.gateway.dispatch("GUILD_UPDATE", scene.fake.guild.payload())

    assert (await set_up(scene, root)).lines[0].startswith("Setup")


async def test_what_everyone_may_counts_too(scene: Scene) -> None:
    guild = scene.fake.guild
    await scene.fake.change_role(guild, guild.roles[guild.id], MANAGE_GUILD)

    assert (await set_up(scene, scene.ada)).lines[0].startswith("Setup")


async def test_a_role_named_in_the_settings_moderates(scene: Scene) -> None:
    role = await scene.fake.add_role(scene.fake.guild, "Mentors", 0)
    host = scene.fake.member("Host", roles=(role.id,))
    card = await told(scene, host)
    await scene.dispatcher.store.write(communities.set_moderators, (await scene.community()).id, (), (str(role.id),))

    assert (await host.press(card, "Set up")).lines[0].startswith("Setup")
    assert (await set_up(scene, scene.ada)).lines[-1] == NO


async def test_rights_are_asked_for_once_and_a_lost_role_counts_after_that(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = await scene.fake.add_role(scene.fake.guild, "Hosts", MANAGE_GUILD)
    host = scene.fake.member("Host", roles=(role.id,))
    for _ in range(3):
        assert (await set_up(scene, host)).lines[0].startswith("Setup")
    host.member.roles = ()
    assert (await set_up(scene, host)).lines[0].startswith("Setup")
    assert asked(scene) == 1

    # the five minutes are over; tests/commands/kit counts them
    monkeypatch.setattr(known, "DIRECT_SECONDS", 0.0)
    assert (await set_up(scene, host)).lines[-1] == NO
    assert asked(scene) == 2


async def test_who_has_left_the_server_has_no_rights_there(scene: Scene) -> None:
    role = await scene.fake.add_role(scene.fake.guild, "Hosts", MANAGE_GUILD)
    host = scene.fake.member("Host", roles=(role.id,))
    card = await told(scene, host)
    host.leave()

    assert (await host.press(card, "Set up")).lines[-1] == NO


@pytest.mark.parametrize("fault", [Fault.refusing(403, 50001), Fault.failing(500), Fault.rate_limited(60)])
async def test_rights_that_cannot_be_asked_for_are_none_and_it_says_so(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    # the two seconds that a member waits would be this test's own
    monkeypatch.setattr(known, "LOOK_UP_SECONDS", 0.2)
    role = await scene.fake.add_role(scene.fake.guild, "Hosts", MANAGE_GUILD)
    host = scene.fake.member("Host", roles=(role.id,))
    card = await told(scene, host)
    scene.fake.order("member", fault)

    assert (await host.press(card, "Set up")).lines[-1] == UNKNOWN
    scene.fake.rest.forget_faults()
    if fault.retry_after is None:  # the library keeps what Discord asked of it
        assert (await set_up(scene, host)).lines[0].startswith("Setup")


async def test_an_answer_that_is_late_is_waited_for_and_then_shown(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a busy machine may take its two seconds; the test above shows that they end
    monkeypatch.setattr(known, "LOOK_UP_SECONDS", 30.0)
    role = await scene.fake.add_role(scene.fake.guild, "Hosts", MANAGE_GUILD)
    host = scene.fake.member("Host", roles=(role.id,))
    card = await told(scene, host)
    scene.hurry()
    scene.fake.order("member", Fault.slow(PATIENCE * 2))

    answer = await host.press(card, "Set up")

    assert answer.deferred
    assert card.lines[0].startswith("Setup")


async def test_a_server_that_the_connection_has_not_brought_yet_is_asked_for(scene: Scene) -> None:
    guild = scene.fake.world.add_guild("Elsewhere")  # after the connection: no GUILD_CREATE comes
    role = scene.fake.world.add_role(guild, "Hosts", MANAGE_GUILD)
    host = scene.fake.member("Host", guild=guild, roles=(role.id,))
    other = scene.fake.member("Other", guild=guild)
    await host.command("/pmpath home")
    number = (await scene.community(guild)).id
    for person in (host, other):
        await scene.dispatcher.store.write(members.ensure, Me(number, str(person.uid), "x"))
    card = Card(verbatim("You are told"), (), (Button(verbatim("Set up"), setup.setup()),))
    for person in (host, other):
        await scene.surface.tell(Message(str(person.uid), card, Language.EN, number, "", str(person.uid), again=False))

    assert (await host.press(host.direct_messages[-1], "Set up")).lines[0].startswith("Setup")
    assert (await other.press(other.direct_messages[-1], "Set up")).lines[-1] == NO


async def test_what_everybody_may_do_asks_for_nothing(scene: Scene) -> None:
    card = await told(scene, scene.ada)
    await scene.ada.press(card, "Go home")

    assert "Moderator tools" not in card.labels
    assert asked(scene) == 0


async def test_home_knows_who_is_told_what_moderators_are_told(scene: Scene) -> None:
    role = await scene.fake.add_role(scene.fake.guild, "Hosts", MANAGE_GUILD)
    host = scene.fake.member("Host", roles=(role.id,))
    card = await told(scene, host)
    me = Me((await scene.community()).id, str(host.uid), "Host")

    await scene.dispatcher.store.write(members.set_tell_here, me, on=True)
    await host.press(card, "Go home")

    assert "Moderator tools" in card.labels
    assert asked(scene) == 1


async def test_a_crowd_of_presses_by_one_person_is_answered(scene: Scene) -> None:
    card = await told(scene, scene.ada)
    answers = await asyncio.gather(*(scene.ada.press(card, "Set up") for _ in range(8)))

    assert not any(answer.failed for answer in answers)
