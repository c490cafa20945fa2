"""Workspaces that remove the app, organisations that install it for all, strangers, and several processes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from bot.surface import Refused, TryLater
from commands.kit.dispatch import Dispatcher
from storage import communities, departures, slack_installations
from storage.slack_installations import Installation
from storage.store import Unit
from tests.bot.slack.many import KEY, NEW_KEY, Process, process, slack
from tests.conftest import Faults, SetClock
from tests.fakes.slack import Message, SlackMember, View
from tests.fakes.slack_world import Team

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BOTH = ("tokens_revoked", "app_uninstalled")


async def has_left(app: Process, team: Team) -> bool:
    found = await app.dispatcher.store.read(communities.find, "slack", team.id)
    assert found is not None
    return found.left


async def put(app: Process, team: Team, key: str) -> None:
    """A post for the workspace's channel, in the outbox."""
    found = await app.dispatcher.store.read(communities.find, "slack", team.id)
    assert found is not None
    community, channel = found.id, app.fake.channel(team, "general").id

    def posting(unit: Unit) -> None:
        unit.post(community, channel, "try.told", key=key)

    await app.dispatcher.store.write(posting)


async def waits(app: Process) -> int:
    def count(unit: Unit) -> int:
        return int(unit.connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE state = 'waiting'").scalar_one())

    return await app.dispatcher.store.read(count)


@contextlib.asynccontextmanager
async def two(dispatcher: Dispatcher, *, socket: bool = False) -> AsyncIterator[tuple[Process, Team, Team]]:
    """Two workspaces that have it, in each of which somebody has spoken."""
    async with slack() as fake, process(fake, dispatcher, socket=socket) as app:
        teams = [fake.workspace(domain) for domain in ("alpha", "beta")]
        for team in teams:
            await app.install(team)
            await SlackMember(fake, team, "U0SAME001", "Ada").command("/pmpath")
        yield app, teams[0], teams[1]


@pytest.mark.parametrize(("events", "socket"), [(BOTH, True), (BOTH[::-1], False), (BOTH[:1], False), (BOTH[1:], True)])
async def test_one_removes_it_and_the_other_is_untouched(
    dispatcher: Dispatcher, faults: Faults, events: Sequence[str], *, socket: bool
) -> None:
    async with two(dispatcher, socket=socket) as (app, gone, stays):
        await put(app, gone, "a")
        await put(app, stays, "b")
        await app.fake.uninstall(gone, *events)

        assert [each.place for each in await app.stored()] == [stays.id]
        assert (await has_left(app, gone), await has_left(app, stays)) == (True, False)
        assert await waits(app) == 1
        with pytest.raises(TryLater, match="not installed"):
            await app.post(gone)
        with pytest.raises(Refused, match="not installed"):
            await app.surface.has(gone.id, "U0SAME001")
        card = await SlackMember(app.fake, gone, "U0SAME001", "Ada").command("/pmpath")
        assert isinstance(card, Message)
        assert "not installed" in card.text
        assert await has_left(app, gone)  # who speaks there does not bring it back, as long as it is not installed
        await app.post(stays)
        assert [m.text for m in app.fake.public_messages(stays)] == ["News"]
        for event in events:  # once more, as Slack does where it thinks that we missed it
            await app.fake.removal(gone, event)
        assert app.surface.missing() is None


@pytest.mark.parametrize("days", [29, 31])
async def test_who_installs_it_again_finds_everything_for_thirty_days(
    dispatcher: Dispatcher, faults: Faults, clock: SetClock, days: int
) -> None:
    async with two(dispatcher) as (app, gone, _stays):
        before = await dispatcher.store.read(communities.find, "slack", gone.id)
        await app.fake.uninstall(gone)
        said_at = int(app.fake.now()) - 1
        clock.move(days=days)
        while await dispatcher.store.write(departures.erase):
            pass
        await app.install(gone)
        for event in BOTH:  # of the removal, long after it
            await app.fake.removal(gone, event, event_time=said_at)

        assert (await dispatcher.store.read(communities.find, "slack", gone.id) == before) is (days == 29)
        assert len(await app.stored()) == 2
        await app.post(gone)
        assert len(app.fake.public_messages(gone)) == 1


async def test_a_token_that_slack_no_longer_takes_stops_its_workspace_alone(
    dispatcher: Dispatcher, faults: Faults
) -> None:
    async with two(dispatcher) as (app, gone, stays):
        app.fake.oauth.revoke(gone)  # and no event says so
        with pytest.raises(TryLater):
            await app.post(gone)

        assert (await has_left(app, gone), await has_left(app, stays)) == (True, False)
        assert [each.place for each in await app.stored()] == [stays.id]
        (lost,) = faults.entries
        assert lost["event"] == "slack.installation_lost"
        faults.entries.clear()


@on_sqlite
async def test_a_database_that_fails_before_anything_is_sent_leaves_no_post_in_doubt(
    dispatcher: Dispatcher, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(unit: Unit, team: str, enterprise: str | None = None) -> Installation | None:
        raise OSError("the disk")

    async with two(dispatcher) as (app, team, _other):
        # a database fails only when it fails
        monkeypatch.setattr(slack_installations, "find", failing)
        with pytest.raises(TryLater, match="the disk"):
            await app.post(team)


async def test_what_answers_invalid_auth_to_everything_erases_nothing(dispatcher: Dispatcher, faults: Faults) -> None:
    async with two(dispatcher) as (app, team, _other):
        app.fake.fail_next("chat.postMessage", error="invalid_auth")
        with pytest.raises(TryLater):
            await app.post(team)

        assert len(await app.stored()) == 2
        await app.post(team)


@on_sqlite
async def test_a_call_that_waits_for_a_limit_is_not_made_after_the_removal(
    dispatcher: Dispatcher, faults: Faults
) -> None:
    async with two(dispatcher) as (app, gone, _stays):
        app.fake.fail_next("users.info", status=429, retry_after=1)
        ada = SlackMember(app.fake, gone, "U0NEW0001", "Ada")
        asking = asyncio.create_task(ada.command("/pmpath", follows=False))
        await app.fake.until(lambda: any(call.body.get("user") == ada.uid for call in app.fake.called("users.info")))
        await app.fake.uninstall(gone)
        await asking
        await asyncio.sleep(2.2)  # Slack's second, and up to one more that the library adds

        assert len([call for call in app.fake.called("users.info") if call.body.get("user") == ada.uid]) == 1


async def test_what_one_process_hears_the_other_sends_nothing_after(
    dispatcher: Dispatcher, another: Dispatcher, faults: Faults
) -> None:
    async with slack() as fake, process(fake, another) as second, process(fake, dispatcher) as first:
        team = fake.workspace("alpha")
        with pytest.raises(TryLater):
            await second.post(team)  # it remembers now that nobody is there
        await first.install(team)
        await second.post(team)
        await fake.uninstall(team)
        with pytest.raises(TryLater, match="not installed"):
            await second.post(team)
        await first.install(team)
        await second.post(team)
        second.surface.forget()
        await second.post(team)

        assert len(fake.public_messages(team)) == 3


async def test_an_organisation_installs_it_once_for_all_its_workspaces(dispatcher: Dispatcher, faults: Faults) -> None:
    async with slack() as fake, process(fake, dispatcher) as app:
        org = fake.organisation("Org", "north", "south")
        north, south = org.teams
        await app.install(org)
        cards = []
        for team in org.teams:
            member = SlackMember(fake, team, f"U0{team.domain.upper()}", "Ada")
            cards.append(await member.command("/pmpath start"))
            await member.open_home()
            await member.press(cards[-1], "Skip")
            await app.post(team)

        assert [each.place for each in await app.stored()] == [org.id]
        met = [await dispatcher.store.read(communities.find, "slack", team.id) for team in org.teams]
        assert len({each.id for each in met if each}) == 2
        assert [len(fake.public_messages(team)) for team in org.teams] == [1, 1]

        await app.install(south)  # one of them installs it by itself as well
        south.whole = False
        await fake.uninstall(org, "app_uninstalled")
        assert [each.place for each in await app.stored()] == [south.id]
        assert (await has_left(app, north), await has_left(app, south)) == (True, False)
        await app.post(south)
        await app.install(org)
        assert not await has_left(app, north)


async def test_an_organisation_takes_it_from_one_of_its_workspaces_and_gives_it_back(
    dispatcher: Dispatcher, faults: Faults
) -> None:
    async with slack() as fake, process(fake, dispatcher) as app:
        org = fake.organisation("Org", "north", "south")
        north, south = org.teams
        await app.install(org)
        for team in org.teams:
            await SlackMember(fake, team, f"U0{team.domain.upper()}", "Ada").command("/pmpath")
        await fake.event(south, {"type": "team_access_revoked", "team_ids": [north.id]})

        assert (await has_left(app, north), await has_left(app, south)) == (True, False)
        with pytest.raises(TryLater, match="not installed"):
            await app.post(north)
        await app.post(south)
        await fake.event(south, {"type": "team_access_granted", "team_ids": [north.id]})
        assert not await has_left(app, north)
        await app.post(north)


@on_sqlite
async def test_a_crowd_from_a_workspace_that_nobody_knows_costs_one_read(
    dispatcher: Dispatcher, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    find, reads = slack_installations.find, list[str]()

    def counted(unit: Unit, team: str, enterprise: str | None = None) -> Installation | None:
        reads.append(team)
        return find(unit, team, enterprise)

    # how often the database is asked shows nowhere else
    monkeypatch.setattr(slack_installations, "find", counted)
    async with two(dispatcher) as (app, known, _other):
        unknown = app.fake.workspace("gamma")
        reads.clear()
        for team in (unknown, known):
            crowd = [SlackMember(app.fake, team, f"U0M{n:06d}", f"M{n}") for n in range(8)]
            await asyncio.gather(*(each.command("/pmpath") for each in crowd))
            await crowd[0].command("/pmpath")

        assert reads == [unknown.id, known.id]  # of one that is installed too, after the last installation


@pytest.mark.parametrize("elsewhere", ["T0ELSEWHERE", "E0ELSEWHERE"])
async def test_somebody_of_a_connected_workspace_is_not_served_as_a_member(
    dispatcher: Dispatcher, faults: Faults, elsewhere: str
) -> None:
    async with two(dispatcher) as (app, team, _other):
        ada = SlackMember(app.fake, team, "U0SAME001", "Ada")
        shown = await ada.command("/pmpath shown")
        assert isinstance(shown, Message)
        eve = SlackMember(app.fake, team, "U0EVE0001", "Eve", home_team=elsewhere)
        said = await eve.press(shown, "On")

        assert isinstance(said, Message)
        assert said.only_for == eve.uid
        assert "another workspace" in said.text
        modal = await ada.press(await ada.command("/pmpath waits"), "opened")
        assert isinstance(modal, View)
        await replace(ada, home_team=elsewhere).submit(modal, {"Why": "because"})
        assert "another workspace" in " ".join(modal.lines)


async def test_a_new_key_seals_what_the_old_one_did_and_a_lost_key_loses_no_community(
    dispatcher: Dispatcher, faults: Faults
) -> None:
    async with slack() as fake:
        team = fake.workspace("alpha")
        async with process(fake, dispatcher, keys=[KEY]) as app:
            await app.install(team)
            await SlackMember(fake, team, "U0ADA0001").command("/pmpath")
        for keys in ([NEW_KEY, KEY], [NEW_KEY]):
            async with process(fake, dispatcher, keys=keys) as app:
                await app.post(team)
        async with process(fake, dispatcher, keys=[KEY]) as app:
            with pytest.raises(TryLater):
                await app.post(team)
            assert {entry["event"] for entry in faults.entries} == {"slack.token_not_opened"}
            assert all("PMPATH_SECRET_KEY" in entry["what"] for entry in faults.entries)
            faults.entries.clear()
            assert not await has_left(app, team)
            await app.install(team)
            await app.post(team)

        assert len(fake.public_messages(team)) == 3
