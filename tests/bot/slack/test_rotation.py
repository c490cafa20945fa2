"""Tokens that expire: renewed in time by one process, good for all of them, and the end of it where Slack says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.clock import real_now
from bot.slack import rotation, stored_token
from bot.surface import TryLater
from bot.vault import Vault
from commands.kit.dispatch import Dispatcher
from storage import communities, slack_installations
from storage.slack_installations import Installation, Tokens
from storage.store import Unit
from tests.bot.slack.many import KEY, Process, process, slack
from tests.conftest import Faults, SetClock
from tests.fakes.slack import FakeSlack, SlackMember
from tests.fakes.slack_world import Team

HOURS = 10.5  # of the twelve; less than two are left


@pytest.fixture
async def fake(clock: SetClock) -> AsyncIterator[FakeSlack]:
    """A Slack whose tokens expire, by the same clock as ours."""
    async with slack() as opened:
        opened.clock = lambda: clock.now().timestamp()
        opened.oauth.rotates = True
        yield opened


@pytest.fixture
async def app(fake: FakeSlack, dispatcher: Dispatcher, faults: Faults) -> AsyncIterator[Process]:
    async with process(fake, dispatcher) as running:
        yield running


@pytest.fixture
async def team(app: Process) -> Team:
    """A workspace where somebody has spoken."""
    team = app.fake.workspace("alpha")
    await app.install(team)
    await SlackMember(app.fake, team, "U0ADA0001").command("/pmpath")
    return team


async def test_what_is_sent_goes_by_a_token_that_was_renewed_in_time(app: Process, team: Team, clock: SetClock) -> None:
    for hours in (1.0, HOURS, HOURS, 40.0):
        clock.move(hours=hours)
        await app.post(team)
    await SlackMember(app.fake, team, "U0NEW0001").open_home()

    assert len(app.fake.oauth.renewals) == 3
    (stored,) = await app.stored()
    assert stored.rev == 4


async def test_of_two_processes_and_many_calls_one_renews(
    app: Process, team: Team, another: Dispatcher, clock: SetClock
) -> None:
    async with process(app.fake, another) as second:
        await second.post(team)
        clock.move(hours=13)  # the old token is good no more, so that all wait for the new one
        app.fake.fail_next("oauth.v2.access", late=0.4)
        await asyncio.gather(*(each.post(team) for each in (app, second) for _ in range(5)))

        assert len(app.fake.oauth.renewals) == 1
        assert len(app.fake.public_messages(team)) == 11


async def test_who_need_not_wait_for_the_new_token_does_not(app: Process, team: Team, clock: SetClock) -> None:
    clock.move(hours=HOURS)
    app.fake.fail_next("oauth.v2.access", status=500)  # a try that fails, and is let rest
    for _ in range(3):
        await app.post(team)

    assert app.fake.oauth.renewals == []
    assert len(app.fake.called("oauth.v2.access")) == 2  # the installation's, and the one
    clock.move(hours=2)
    app.fake.fail_next("oauth.v2.access", broken=True)
    with pytest.raises(TryLater):
        await app.post(team)
    await app.post(team)
    assert len(app.fake.oauth.renewals) == 1


async def test_who_gives_up_waiting_does_not_end_the_renewal(app: Process, team: Team, clock: SetClock) -> None:
    clock.move(hours=13)
    app.fake.fail_next("oauth.v2.access", late=0.3)
    asking = asyncio.create_task(app.surface.has(team.id, "U0ADA0001"))
    await app.fake.until(lambda: len(app.fake.called("oauth.v2.access")) == 2)
    asking.cancel()
    await app.post(team)

    assert len(app.fake.oauth.renewals) == 1


@pytest.mark.parametrize("word", ["invalid_refresh_token", "account_inactive"])
async def test_a_renewal_that_slack_refuses_stops_the_workspace_at_its_tokens_end_and_says_so(
    app: Process, team: Team, clock: SetClock, faults: Faults, word: str
) -> None:
    clock.move(hours=HOURS)
    app.fake.fail_next("oauth.v2.access", 2, error=word)
    for _ in range(2):  # the second lets it rest
        await app.post(team)
    (said,) = faults.entries
    assert (said["event"], said["said"]) == ("slack.refresh_token_spent", word)
    faults.entries.clear()
    clock.move(hours=2)
    for _ in range(2):
        with pytest.raises(TryLater, match="not installed"):
            await app.post(team)

    assert await app.stored() == []
    found = await app.dispatcher.store.read(communities.find, "slack", team.id)
    assert found is not None
    assert found.left
    (said,) = faults.entries
    assert (said["event"], said["said"]) == ("slack.installation_lost", word)
    faults.entries.clear()
    await app.install(team)
    await app.post(team)


async def test_settings_that_slack_refuses_lose_no_workspace(app: Process, team: Team, clock: SetClock) -> None:
    clock.move(hours=13)
    app.fake.oauth.client_secret, right = "another", app.fake.oauth.client_secret
    with pytest.raises(TryLater, match="bad_client_secret"):
        await app.post(team)
    app.fake.oauth.client_secret = right
    await app.post(team)

    assert len(await app.stored()) == 1


async def test_a_process_that_died_over_a_renewal_holds_up_nobody_for_long(
    app: Process, team: Team, clock: SetClock
) -> None:
    (stored,) = await app.stored()
    dead = "a process that is gone"
    past = real_now() - rotation.LEASE
    assert await app.dispatcher.store.write(slack_installations.claim, stored, dead, rotation.LEASE, past)
    clock.move(hours=13)
    await app.post(team)

    assert len(app.fake.oauth.renewals) == 1


async def test_tokens_that_cannot_be_stored_are_used_and_stored_once_they_can(
    app: Process, team: Team, clock: SetClock, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    renew, serves = slack_installations.renew, asyncio.Event()

    def failing(unit: Unit, known: Installation, *others: Tokens) -> bool:
        if not serves.is_set():
            raise OSError("the disk")
        return renew(unit, known, *others)

    # a database fails only when it fails
    monkeypatch.setattr(slack_installations, "renew", failing)
    clock.move(hours=13)
    for _ in range(2):
        await app.post(team)
    assert {said["event"] for said in faults.entries} == {"slack.tokens_not_kept"}
    faults.entries.clear()
    serves.set()
    async with asyncio.timeout(30):
        while (await app.stored())[0].rev == 1:  # noqa: ASYNC110 - the database has no event for it
            await asyncio.sleep(0.01)
    clock.move(hours=HOURS)
    await app.post(team)

    assert len(app.fake.oauth.renewals) == 2


async def test_what_slack_granted_is_stored_also_after_the_lease(app: Process, team: Team, clock: SetClock) -> None:
    (stored,) = await app.stored()
    app.fake.fail_next("oauth.v2.access", late=4.0)
    clock.move(hours=13)
    posting = asyncio.create_task(app.post(team))
    await app.fake.until(lambda: len(app.fake.called("oauth.v2.access")) == 2)
    later = real_now() + 2 * rotation.LEASE
    claim = slack_installations.claim
    assert await app.dispatcher.store.write(claim, stored, "another", rotation.LEASE, later)
    await posting

    assert [each.rev for each in await app.stored()] == [2]


async def test_who_finds_it_spent_takes_what_another_has_stored(app: Process, team: Team, clock: SetClock) -> None:
    (stored,) = await app.stored()
    app.fake.fail_next("oauth.v2.access", error="invalid_refresh_token", late=4.0)
    clock.move(hours=13)
    posting = asyncio.create_task(app.post(team))
    await app.fake.until(lambda: len(app.fake.called("oauth.v2.access")) == 2)
    vault, oauth = Vault([KEY]), app.fake.oauth
    answer = oauth.renewed(vault.open(stored.tokens.refresh_token or ""))
    tokens = rotation.sealed(vault, rotation.granted(answer, clock.now()))
    await app.dispatcher.store.write(slack_installations.renew, stored, tokens)
    await posting

    assert [each.rev for each in await app.stored()] == [2]


async def test_an_answer_that_is_lost_loses_the_workspace_only_when_its_token_ends(
    app: Process, team: Team, clock: SetClock, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a minute that nobody waits for here
    monkeypatch.setattr(stored_token, "REST_SECONDS", 0.0)
    clock.move(hours=HOURS)
    app.fake.fail_next("oauth.v2.access", broken=True, applied=True)
    for _ in range(3):
        await app.post(team)

    assert len(app.fake.oauth.renewals) == 1
    assert {said["event"] for said in faults.entries} == {"slack.refresh_token_spent"}
    clock.move(hours=2)
    with pytest.raises(TryLater, match="not installed"):
        await app.post(team)
    assert await app.stored() == []
    faults.entries.clear()
