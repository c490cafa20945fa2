"""How the Slack surface starts, stays connected, stops and comes back."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import aiohttp
import pytest
from pydantic import SecretStr

from bot.slack.client import SlackSurface
from bot.surface import CannotStart
from commands.kit.dispatch import Dispatcher
from storage import communities, runs
from storage.members import Me
from tests.bot.slack.conftest import Workspace, access, served
from tests.bot.slack.rehearsal import Rehearsal
from tests.conftest import Faults
from tests.fakes.slack import FakeSlack, Message, PlatformFailed, SlackMember
from tests.fakes.slack_http import Wrong

WRONGS: tuple[Wrong, ...] = ("forged", "stale", "missing", "changed")


@pytest.fixture
def oauth_in_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "secret")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-somebody-else")


@pytest.mark.parametrize("socket", [True, False])
async def test_the_given_bot_token_is_used_whatever_the_environment_says(
    oauth_in_environment: None, dispatcher: Dispatcher, faults: Faults, *, socket: bool
) -> None:
    async with FakeSlack() as fake:
        team = fake.install()
        ada = SlackMember(fake, team, "U0ADA0001")
        surface = SlackSurface(access(fake, team, socket=socket), dispatcher)
        async with served(fake, surface, socket=socket):
            for _ in range(3):
                assert (await ada.command("/pmpath")).title == "pmpath"

        assert len(fake.called("auth.test")) == 1


@pytest.mark.parametrize("wrong", WRONGS)
async def test_a_forged_stale_unsigned_or_changed_request_changes_nothing(
    dispatcher: Dispatcher, rehearsal: Rehearsal, faults: Faults, wrong: Wrong
) -> None:
    async with FakeSlack() as fake:
        team = fake.install()
        rehearsal.gate.set()
        surface = SlackSurface(access(fake, team, socket=False), dispatcher)
        async with served(fake, surface, socket=False):
            payload = fake.template("slash_command") | {"team_id": team.id, "text": "slow"}
            assert await fake.knock("slash_commands", payload, wrong) == 401
            assert rehearsal.runs == 0
            assert await fake.knock("slash_commands", payload, None) == 200
            assert rehearsal.runs == 1


async def test_a_body_that_is_none_of_slacks_is_a_bad_request(dispatcher: Dispatcher, faults: Faults) -> None:
    headers = {"X-Slack-Request-Timestamp": "x", "X-Slack-Signature": "v0=é"}
    async with FakeSlack() as fake, aiohttp.ClientSession() as client:
        surface = SlackSurface(access(fake, fake.install(), socket=False), dispatcher)
        async with served(fake, surface, socket=False):
            assert fake.events_url is not None
            for body, content_type in (
                (b"\xff\xfe", "application/json"),
                (b"[]", "application/json"),
                (b"payload=[]", "application/x-www-form-urlencoded"),
                (b"payload={", "application/x-www-form-urlencoded"),
                (b"{}", "application/json; charset=nope"),
            ):
                sent = {**headers, "Content-Type": content_type}
                async with client.post(fake.events_url, data=body, headers=sent) as answer:
                    assert 400 <= answer.status < 500, body


async def test_over_the_socket_nothing_is_taken_by_http(dispatcher: Dispatcher, faults: Faults) -> None:
    async with FakeSlack() as fake:
        team = fake.install()
        surface = SlackSurface(access(fake, team, socket=True), dispatcher)
        async with served(fake, surface, socket=False):
            assert await fake.knock("slash_commands", fake.template("slash_command"), None) == 404


@pytest.mark.parametrize("which", ["bot_token", "app_token"])
async def test_a_wrong_token_is_a_sentence_at_the_start(dispatcher: Dispatcher, which: str) -> None:
    async with FakeSlack() as fake:
        given = access(fake, fake.install(), socket=True)
        if which == "bot_token":
            given = replace(given, bot_token=SecretStr("xoxb-wrong"))
        else:
            given = replace(given, app_token=SecretStr("xapp-wrong"))
        surface = SlackSurface(given, dispatcher)

        with pytest.raises(CannotStart, match=r"Slack refuses our token: invalid_auth\. See `pmpath doctor`\."):
            await surface.run()
        await surface.close()


async def test_a_slack_that_is_unwell_at_the_start_is_waited_for(dispatcher: Dispatcher, faults: Faults) -> None:
    async with FakeSlack() as fake:
        fake.fail_next("auth.test", 3, status=500)
        surface = SlackSurface(access(fake, fake.install(), socket=True), dispatcher)
        assert surface.missing() == "Slack has not answered yet"
        async with served(fake, surface, socket=True):
            assert surface.missing() is None


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
async def test_an_answer_at_the_start_that_is_no_json_is_asked_for_again(
    dispatcher: Dispatcher, faults: Faults, method: str
) -> None:
    async with FakeSlack() as fake:
        fake.fail_next(method, garbled=True)
        surface = SlackSurface(access(fake, fake.install(), socket=True), dispatcher)
        async with served(fake, surface, socket=True):
            assert surface.missing() is None


async def test_stopping_while_slack_is_not_there_does_not_wait_for_it(dispatcher: Dispatcher) -> None:
    async with FakeSlack() as fake:
        fake.fail_next("auth.test", 99, status=500)
        surface = SlackSurface(access(fake, fake.install(), socket=True), dispatcher)
        running = asyncio.create_task(surface.run())
        await fake.until(lambda: fake.called("auth.test"))
        await surface.close()
        await asyncio.wait_for(running, 30)


@pytest.mark.parametrize("cut", ["refresh", "drop"])
async def test_a_cut_socket_is_said_and_comes_back(dispatcher: Dispatcher, faults: Faults, cut: str) -> None:
    async with FakeSlack() as fake:
        team = fake.install()
        ada = SlackMember(fake, team, "U0ADA0001")
        surface = SlackSurface(access(fake, team, socket=True), dispatcher)
        async with served(fake, surface, socket=True):
            card = await ada.command("/pmpath")
            opened = fake.socket.opened
            if cut == "refresh":
                await fake.socket.refresh()
            else:
                fake.socket.drop()
            await fake.until(lambda: fake.socket.opened > opened)

            await ada.press(card, "Privacy")
            assert card.title != "pmpath"
            assert surface.missing() is None


@pytest.mark.parametrize("socket", [True, False])
async def test_an_old_button_works_after_a_restart(dispatcher: Dispatcher, faults: Faults, *, socket: bool) -> None:
    async with FakeSlack() as fake:
        team = fake.install()
        ada = SlackMember(fake, team, "U0ADA0001")
        async with served(fake, SlackSurface(access(fake, team, socket=socket), dispatcher), socket=socket):
            card = await ada.command("/pmpath start")
        async with served(fake, SlackSurface(access(fake, team, socket=socket), dispatcher), socket=socket):
            before = card.lines
            await ada.press(card, "Skip")
            assert card.lines != before


async def test_one_press_made_many_times_at_once_counts_once(workspace: Workspace) -> None:
    ada, fake = workspace.ada, workspace.fake
    card = await ada.command("/pmpath start")
    assert isinstance(card, Message)
    while "A" not in card.labels:
        await ada.press(card, "Skip")
    old = card.snapshot()
    await asyncio.gather(*(ada.press(old, "A") for _ in range(16)))

    community = await dispatcher_community(workspace)
    run = await workspace.dispatcher.store.read(runs.open_run, Me(community, ada.uid, ""))
    assert run is not None
    answered = [choice for choice in run.answers.values() if isinstance(choice, str)]
    assert len(answered) == 1
    assert fake.breaches == []


async def dispatcher_community(workspace: Workspace) -> int:
    """Our id of the workspace."""
    found = await workspace.dispatcher.store.read(communities.find, "slack", workspace.team.id)
    assert found is not None
    return found.id


async def test_somebody_elses_press_is_refused_and_changes_nothing(workspace: Workspace) -> None:
    eve = SlackMember(workspace.fake, workspace.team, "U0EVE0001", "Eve")
    card = await workspace.ada.command("/pmpath start")
    assert isinstance(card, Message)
    stolen = replace(card.snapshot(), only_for=eve.uid, ts="1.000001")
    before = list(card.lines)
    no = await eve.press(stolen, "Skip")

    assert "This card isn't yours" in "".join(no.lines)
    assert "Ada" not in "".join(no.lines)
    assert card.lines == before


async def test_sixty_four_members_at_once_all_see_their_card(workspace: Workspace) -> None:
    everybody = [SlackMember(workspace.fake, workspace.team, f"U0M{n:06d}", f"M{n}") for n in range(64)]
    cards = await asyncio.gather(*(member.command("/pmpath start") for member in everybody))
    await asyncio.gather(*(member.press(card, "Skip") for member, card in zip(everybody, cards, strict=True)))

    assert len({id(card) for card in cards}) == 64
    assert all(len(member.messages) == 1 for member in everybody)


async def test_nobody_connected_is_slacks_own_error(dispatcher: Dispatcher) -> None:
    async with FakeSlack() as fake:
        ada = SlackMember(fake, fake.install(), "U0ADA0001")
        with pytest.raises(PlatformFailed, match="dispatch_failed"):
            await ada.command("/pmpath")
