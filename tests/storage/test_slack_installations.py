"""Slack's installations: which one serves a workspace, who may renew it, and what a removal said too late does."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from content.text import Language
from storage import communities, departures, slack_installations, slack_states, upkeep
from storage.slack_installations import Installation, Tokens
from storage.store import Store
from tests.storage.conftest import Clock

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
LEASE = dt.timedelta(seconds=60)


def granted(place: str, *, at: dt.datetime = NOW, token: str = "sealed") -> Installation:
    tokens = Tokens(token, "again", NOW + dt.timedelta(hours=12))
    return Installation(place, "E1", place.lower(), "U1", "B1", "commands", tokens, at)


async def found(store: Store, team: str, enterprise: str | None = None) -> Installation:
    installation = await store.read(slack_installations.find, team, enterprise)
    assert installation is not None
    return installation


async def test_a_workspace_is_served_by_its_own_installation_else_by_its_organisations(store: Store) -> None:
    for place in ("E1", "T1", "E2"):
        await store.write(slack_installations.install, granted(place))
    await store.write(slack_installations.belongs, "T2", "E1")
    await store.write(slack_installations.belongs, "T3", "E2")

    assert (await found(store, "T1", "E1")).place == "T1"
    assert [(await found(store, team)).place for team in ("T2", "T3")] == ["E1", "E2"]
    assert (await found(store, "T4", "E2")).place == "E2"
    assert await store.read(slack_installations.find, "T4") is None
    assert await store.read(slack_installations.teams_of, "E1") == ["T2"]
    assert (await found(store, "T1")).tokens == granted("T1").tokens


async def test_a_removal_that_was_said_before_the_installation_changes_nothing(store: Store) -> None:
    await store.write(slack_installations.install, granted("T1"))
    first = await found(store, "T1")
    await store.write(slack_installations.install, granted("T1", at=NOW + SECOND, token="new"))

    assert not await store.write(slack_installations.remove, "T1", NOW)
    again = await found(store, "T1")
    assert (again.tokens.token, again.version) == ("new", (first.id, first.rev + 1))
    assert await store.write(slack_installations.remove, "T1", NOW + SECOND)
    assert await store.write(slack_installations.remove, "T1", NOW + SECOND)  # said twice
    await store.write(slack_installations.install, granted("T1"))
    assert (await found(store, "T1")).id > again.id  # never the same version for another token
    assert not await store.write(slack_installations.lose, again)


async def test_one_owner_renews_and_who_lost_its_lease_may_still_store_what_it_got(store: Store) -> None:
    await store.write(slack_installations.install, granted("T1"))
    known = await found(store, "T1")
    claim = slack_installations.claim

    assert await store.write(claim, known, "a", LEASE, NOW)
    assert not await store.write(claim, known, "b", LEASE, NOW + LEASE - SECOND)
    assert await store.write(claim, known, "b", LEASE, NOW + LEASE)
    await store.write(slack_installations.release, known, "a")
    assert not await store.write(claim, known, "c", LEASE, NOW + LEASE)
    assert await store.write(slack_installations.renew, known, Tokens("new", "newer", NOW))  # by "a" or "b"
    assert not await store.write(slack_installations.renew, known, Tokens("another"))
    renewed = await found(store, "T1")
    assert (renewed.tokens, renewed.rev) == (Tokens("new", "newer", NOW), known.rev + 1)
    assert not await store.write(claim, known, "c", LEASE, NOW + LEASE)
    await store.write(slack_installations.reseal, known, Tokens("of before"))
    await store.write(slack_installations.reseal, renewed, Tokens("anew", "too"))
    assert await found(store, "T1") == replace(renewed, tokens=Tokens("anew", "too", NOW))


async def test_a_renewal_leased_by_a_clock_that_was_ahead_is_free(store: Store) -> None:
    await store.write(slack_installations.install, granted("T1"))
    known = await found(store, "T1")
    claim = slack_installations.claim

    assert await store.write(claim, known, "a", LEASE, NOW + dt.timedelta(minutes=9))
    assert not await store.write(claim, known, "b", LEASE, NOW)
    assert await store.write(claim, known, "b", LEASE, NOW + dt.timedelta(days=40))
    assert await store.write(claim, known, "c", LEASE, NOW)


async def test_nothing_of_slack_outlives_its_community(store: Store, clock: Clock) -> None:
    for team in ("T1", "T2"):
        await store.write(communities.seen, "slack", team, team, Language.EN)
        await store.write(slack_installations.install, granted(team))
        await store.write(slack_installations.belongs, team, "E1")
    await store.write(departures.left, "slack", "T1")
    clock.move(departures.KEPT_FOR)
    while await store.write(departures.erase):
        pass

    assert [each.place for each in await store.read(slack_installations.everything)] == ["T2"]
    assert await store.read(slack_installations.teams_of, "E1") == ["T2"]
    assert [each.place for each in await store.read(slack_installations.page, 0, 1)] == ["T2"]


async def test_what_was_begun_is_good_once_and_for_ten_minutes(store: Store, clock: Clock) -> None:
    assert [await store.write(slack_states.begin, digest) for digest in ("a", "b", "c")] == [True] * 3
    clock.move(slack_states.GOOD_FOR - SECOND)

    assert [await store.write(slack_states.take, digest) for digest in ("a", "a", "x")] == [True, False, False]
    clock.move(SECOND)
    assert not await store.write(slack_states.take, "b")
    while await store.write(upkeep.prune):
        pass
    assert await store.read(lambda unit: unit.connection.exec_driver_sql("SELECT * FROM slack_state").all()) == []
