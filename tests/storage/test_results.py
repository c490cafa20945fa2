"""Results as they are read again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from content.outcomes import Outcome
from storage import results, runs
from storage.members import Me
from storage.runs import Choice, Finished, Judged
from storage.store import Store
from tests.storage.conftest import Clock


async def have_result(store: Store, me: Me, outcome: Outcome, answers: Mapping[str, Choice] | None = None) -> int:
    run = await store.write(runs.start, me, "bank-1")
    judged = Judged(outcome, f'{{"of":"{outcome}"}}', "texts-1")
    finished = await store.write(runs.answer, me, run.id, 0, answers or {"q1": "a"}, lambda *_: judged)
    assert isinstance(finished, Finished)
    return finished.result_id


async def test_nobody_has_a_result_before_the_first(store: Store, me: Me) -> None:
    assert await store.read(results.latest, me) is None
    assert await store.read(results.history, me, 10) == []


async def test_the_history_is_newest_first_each_with_its_own_answers(store: Store, me: Me, clock: Clock) -> None:
    times = []
    for answers in ({"q1": "a"}, {"q1": ("b", "c"), "q2": None}, {"q3": "d"}):
        clock.move(dt.timedelta(days=1))
        times.append(clock.moment)
        await have_result(store, me, Outcome.BUSINESS, answers)

    history = await store.read(results.history, me, 2)

    assert [one.answers for one in history] == [{"q3": "d"}, {"q1": ("b", "c"), "q2": None}]
    assert [one.at for one in history] == [times[2], times[1]]
    assert history[1].times == {"q1": times[1], "q2": times[1]}
    assert await store.read(results.latest, me) == history[0]


async def test_results_of_the_same_moment_are_told_apart_by_their_order(store: Store, me: Me) -> None:
    first = await have_result(store, me, Outcome.BUSINESS)
    second = await have_result(store, me, Outcome.HYBRID)

    assert [one.id for one in await store.read(results.history, me, 10)] == [second, first]


async def test_nobody_sees_anothers_results(store: Store, me: Me, somebody: Me) -> None:
    await have_result(store, me, Outcome.BUSINESS)

    assert await store.read(results.latest, somebody) is None


async def test_a_result_is_found_by_its_owner_alone_with_the_one_before_it(
    store: Store, me: Me, somebody: Me, clock: Clock
) -> None:
    first = await have_result(store, me, Outcome.BUSINESS, {"q1": "a"})
    second = await have_result(store, me, Outcome.HYBRID, {"q1": "b"})
    await have_result(store, somebody, Outcome.PLATFORM)
    clock.move(dt.timedelta(days=1))
    third = await have_result(store, me, Outcome.TECHNICAL)

    found = await store.read(results.find, me, second)
    assert found is not None
    assert (found.outcome, found.answers) == (Outcome.HYBRID, {"q1": "b"})
    assert await store.read(results.find, somebody, second) is None
    earlier = [await store.read(results.before, me, each) for each in (first, second, third)]
    assert [each.id if each else None for each in earlier] == [None, first, second]
    assert await store.read(results.before, somebody, third) is None
    assert await store.read(results.count, me) == 3
    assert [each.id for each in await store.read(results.history, me, 2, skip=1)] == [second, first]
