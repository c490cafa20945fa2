"""Rounds are worked out in a process of their own, and run, whatever becomes of that process or of this one."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from bot.clock import Stop, real_now
from bot.round_keeper import WORKER, RoundKeeper
from content.left_over import LeftOver
from content.text import Language
from storage import communities, mentorships, round_pairs, rounds
from storage.members import Me
from storage.round_states import Failure, RoundState
from storage.rounds import Round
from storage.store import Store
from tests.conftest import Faults, SetClock
from tests.storage.matching import offers, waits
from tests.storage.mentoring import person, waiting

Keeper = Callable[[str], RoundKeeper]
PACES = {"discord": 5.0}


@pytest.fixture
async def me(store: Store) -> Me:
    here = await store.write(communities.seen, "discord", "guild-1", "Makers", Language.EN)
    return Me(here.id, "u-ann", "Ann")


@pytest.fixture
def keeper(store: Store, database_url: str, clock: SetClock, faults: Faults) -> Keeper:
    return lambda worker: RoundKeeper(store, database_url, clock.now, PACES, worker)


async def latest(store: Store, me: Me) -> Round:
    found = await store.read(rounds.latest, me.community)
    assert found is not None
    return found


async def until(store: Store, me: Me, so: Callable[[Round], bool]) -> Round:
    for _look in range(1200):
        if so(found := await latest(store, me)):
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(found)


async def test_what_is_ordered_is_worked_out_and_run_to_the_end(store: Store, me: Me, keeper: Keeper) -> None:
    for number in range(2):
        await offers(store, me, f"Mentor {number}", 2)
    rows = [await waits(store, me, f"Bo {number}") for number in range(5)]
    await store.write(rounds.order, me.community)

    works = keeper(WORKER)
    assert await works.once(Stop()) == 1
    found = await latest(store, me)
    figures = found.figures
    assert (found.state, figures.matched, figures.waiting, figures.mentors, figures.places) == (
        RoundState.READY, 4, 5, 2, 4,
    )  # fmt: skip
    assert (figures.left, figures.pace, figures.proven) == ({LeftOver.PLACES: 1}, 5.0, True)
    pairs = await store.read(round_pairs.weakest, found.id, 0, 0, 9)
    assert sum(each.score for each in pairs) == figures.score == sum(sum(each.parts) for each in pairs)
    assert min(each.score for each in pairs) == figures.worst

    await store.write(rounds.order, me.community, scheduled=True)
    assert await works.once(Stop()) == 2
    assert await works.once(Stop()) == 0
    found = await latest(store, me)
    assert (found.state, found.figures.made) == (RoundState.DONE, 4)
    assert len(await store.read(mentorships.mine, person(me, "Mentor 0"))) == 2
    (left,) = await store.read(waiting, me.community)
    assert (left.member, left.rounds) == (rows[4], 1)


async def test_a_killed_worker_is_said_and_a_dropped_round_ends_its_worker(
    store: Store, me: Me, keeper: Keeper
) -> None:
    await store.write(rounds.order, me.community)
    assert await keeper("tests.bot.rounds.dying").once(Stop()) == 1
    found = await latest(store, me)
    assert (found.state, found.failure) == (RoundState.FAILED, Failure.CRASHED)

    await store.write(rounds.order_anew, me, found.id)
    works = asyncio.create_task(keeper("tests.bot.rounds.waiting").once(Stop()))
    found = await until(store, me, lambda each: each.progress == 500)
    await store.write(rounds.drop, me, found.id)
    assert await works == 1
    assert (await latest(store, me)).state is RoundState.DROPPED


async def test_a_round_that_three_workers_died_of_is_said_and_given_up(store: Store, me: Me, keeper: Keeper) -> None:
    await store.write(rounds.order, me.community)
    for ends_ago in (3, 2, 1):
        await store.write(rounds.claim, "dead", real_now() - dt.timedelta(minutes=ends_ago), dt.timedelta(minutes=1))
    with capture_logs() as logs:
        assert await keeper("tests.bot.rounds.waiting").once(Stop()) == 1

    found = await latest(store, me)
    assert (found.state, found.failure) == (RoundState.FAILED, Failure.CRASHED)
    assert [entry["event"] for entry in logs] == ["rounds.not_solved"]


async def test_who_works_a_round_out_stands_behind_the_bot(store: Store, me: Me, keeper: Keeper) -> None:
    await store.write(rounds.order, me.community)
    assert await keeper("tests.bot.rounds.behind").once(Stop()) == 1
    assert (await latest(store, me)).state is RoundState.READY


async def test_a_stop_gives_the_round_to_the_next_process(store: Store, me: Me, keeper: Keeper) -> None:
    await store.write(rounds.order, me.community)
    stop = Stop()
    works = asyncio.create_task(keeper("tests.bot.rounds.waiting").run(stop))
    await until(store, me, lambda each: each.state is RoundState.SOLVING)
    assert await keeper("tests.bot.rounds.greedy").once(Stop()) == 0

    stop.tell()
    await works

    assert (await latest(store, me)).state is RoundState.ORDERED
    assert await keeper("tests.bot.rounds.greedy").once(Stop()) == 1
    found = await latest(store, me)
    assert (found.state, found.figures.matched) == (RoundState.READY, 0)
