"""Workspaces that remove the app, and take it back."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from pydantic import SecretStr

from bot.clock import Stop, real_now
from bot.delivery import Delivery
from bot.slack.client import SlackSurface
from bot.surface import CannotStart
from commands.kit.dispatch import Dispatcher
from storage import communities, departures, members
from storage.communities import Community
from storage.members import Me
from storage.store import Unit
from tests.bot.slack.conftest import Workspace, access, served
from tests.conftest import Faults, SetClock
from tests.fakes.slack import FakeSlack, SlackMember
from tests.fakes.slack_world import Json, Team

UNINSTALLED: Json = {"type": "app_uninstalled"}
REVOKED: Json = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0BOT"]}}
NOT_OURS: Json = {"type": "tokens_revoked", "tokens": {"oauth": ["U0ADA0001"], "bot": []}}


async def row(dispatcher: Dispatcher, team: Team) -> Community:
    found = await dispatcher.store.read(communities.find, "slack", team.id)
    assert found is not None
    return found


async def until_row(workspace: Workspace, *, left: bool) -> None:
    async with asyncio.timeout(30):
        while bool((await row(workspace.dispatcher, workspace.team)).left) is not left:  # noqa: ASYNC110 - the database has no event for it
            await asyncio.sleep(0.01)


async def post(workspace: Workspace, key: str) -> None:
    """A post for the workspace's channel, put into the outbox."""
    community = (await row(workspace.dispatcher, workspace.team)).id
    channel = next(iter(workspace.team.channels))

    def posting(unit: Unit) -> None:
        unit.post(community, channel, "try.told", key=key)

    await workspace.dispatcher.store.write(posting)


async def deliver(workspace: Workspace) -> None:
    await Delivery(workspace.dispatcher, {"slack": workspace.surface}).once(Stop())


@pytest.mark.parametrize("events", [[UNINSTALLED], [REVOKED], [REVOKED, UNINSTALLED], [UNINSTALLED, REVOKED]])
async def test_posting_stops_at_once_where_the_app_is_removed(workspace: Workspace, events: list[Json]) -> None:
    await workspace.ada.command("/pmpath")
    await post(workspace, "before")
    for event in events:
        await workspace.fake.event(workspace.team, event)

    assert (await row(workspace.dispatcher, workspace.team)).left
    assert workspace.surface.missing() is not None
    await post(workspace, "after")
    await deliver(workspace)
    assert workspace.fake.public_messages(workspace.team) == []


@pytest.mark.parametrize("event", [UNINSTALLED, REVOKED])
async def test_a_removal_from_before_the_token_answered_is_of_another_installation(
    workspace: Workspace, event: Json
) -> None:
    await workspace.ada.command("/pmpath")
    await workspace.fake.event(workspace.team, event, event_time=int(real_now().timestamp()) - 60)
    await post(workspace, "after")
    await deliver(workspace)

    assert not (await row(workspace.dispatcher, workspace.team)).left
    assert workspace.surface.missing() is None
    assert len(workspace.fake.public_messages(workspace.team)) == 1


async def test_a_persons_own_token_that_is_withdrawn_is_no_removal(workspace: Workspace) -> None:
    await workspace.ada.command("/pmpath")
    await workspace.fake.event(workspace.team, NOT_OURS)

    assert not (await row(workspace.dispatcher, workspace.team)).left
    assert workspace.surface.missing() is None


async def test_who_speaks_to_us_after_it_says_that_the_app_is_back(workspace: Workspace, clock: SetClock) -> None:
    await workspace.ada.command("/pmpath")
    await post(workspace, "before")
    await workspace.fake.event(workspace.team, UNINSTALLED)
    clock.move(minutes=1)
    await workspace.ada.command("/pmpath")
    await workspace.fake.until(lambda: workspace.surface.missing() is None)

    await until_row(workspace, left=False)
    await post(workspace, "after")
    await deliver(workspace)
    assert len(workspace.fake.public_messages(workspace.team)) == 1  # what waited when it was removed does not come


async def test_while_the_token_stays_withdrawn_readiness_says_so(workspace: Workspace) -> None:
    await workspace.ada.command("/pmpath")
    await workspace.fake.event(workspace.team, REVOKED)
    workspace.fake.fail_next("auth.test", 9, error="token_revoked")
    before = len(workspace.fake.called("auth.test"))
    await workspace.ada.command("/pmpath")
    await workspace.fake.until(lambda: len(workspace.fake.called("auth.test")) > before)
    await asyncio.sleep(0.05)

    assert "withdrawn" in (workspace.surface.missing() or "")


@pytest.mark.parametrize("days", [29, 31])
@pytest.mark.parametrize("socket", [True, False])
async def test_a_return_by_a_new_start(
    dispatcher: Dispatcher, faults: Faults, clock: SetClock, *, socket: bool, days: int
) -> None:
    """After 29 days all is there, after 31 nothing."""
    async with FakeSlack() as fake:
        team = fake.install()
        ada = SlackMember(fake, team, "U0ADA0001", "Ada Lovelace")
        async with served(fake, SlackSurface(access(fake, team, socket=socket), dispatcher), socket=socket):
            await ada.command("/pmpath start")
            before = await row(dispatcher, team)
            me = Me(before.id, ada.uid, "Ada")
            await dispatcher.store.write(members.ensure, me)
            await fake.event(team, UNINSTALLED)
        clock.move(days=days)
        while await dispatcher.store.write(departures.erase):
            pass

        async with served(fake, SlackSurface(access(fake, team, socket=socket), dispatcher), socket=socket):
            found = await dispatcher.store.read(communities.find, "slack", team.id)
            assert (found == before) is (days == 29)  # before anybody speaks
            await ada.command("/pmpath")

    assert not (await row(dispatcher, team)).left
    assert (await dispatcher.store.read(members.find, me) is not None) is (days == 29)


async def test_a_removal_that_cannot_be_kept_is_told_again_by_slack(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    await workspace.ada.command("/pmpath")
    left, failures = departures.left, [OSError("the disk")]

    def failing(unit: Unit, platform: str, ext_id: str) -> int | None:
        if failures:
            raise failures.pop()
        return left(unit, platform, ext_id)

    # a database fails only when it fails
    monkeypatch.setattr(departures, "left", failing)
    workspace.fake.patience = 0.5  # over the socket no acknowledgement comes at all
    await workspace.fake.event(workspace.team, UNINSTALLED)

    await until_row(workspace, left=True)
    workspace.faults.entries.clear()


@pytest.mark.parametrize("word", ["account_inactive", "token_revoked", "invalid_auth"])
async def test_a_removal_while_we_were_stopped_is_seen_by_the_token_that_worked_before(
    dispatcher: Dispatcher, faults: Faults, word: str
) -> None:
    async with FakeSlack() as fake:
        team = fake.install()
        ada = SlackMember(fake, team, "U0ADA0001", "Ada Lovelace")
        async with served(fake, SlackSurface(access(fake, team, socket=True), dispatcher), socket=True):
            await ada.command("/pmpath")
        for token, gone in (("xoxb-of-another", False), (team.bot_token, True)):
            given = replace(access(fake, team, socket=True), bot_token=SecretStr(token))
            fake.fail_next("auth.test", error=word)
            with pytest.raises(CannotStart):
                await SlackSurface(given, dispatcher).run()
            assert (await row(dispatcher, team)).left is gone

        async with served(fake, SlackSurface(access(fake, team, socket=True), dispatcher), socket=True):
            assert not (await row(dispatcher, team)).left


async def test_a_token_that_lacks_a_right_is_no_removal(dispatcher: Dispatcher, faults: Faults) -> None:
    async with FakeSlack() as fake:
        team = fake.install()
        async with served(fake, SlackSurface(access(fake, team, socket=True), dispatcher), socket=True):
            await SlackMember(fake, team, "U0ADA0001", "Ada Lovelace").command("/pmpath")
        fake.fail_next("auth.test", error="missing_scope")
        with pytest.raises(CannotStart):
            await SlackSurface(access(fake, team, socket=True), dispatcher).run()

        assert not (await row(dispatcher, team)).left
