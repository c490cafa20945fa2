"""Runs and answers: repeated, stale, foreign and concurrent presses."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from content.outcomes import Outcome
from content.text import Language
from storage import communities, members, results, runs
from storage.communities import Community
from storage.members import Me
from storage.runs import Choice, Finished, Judged, NotYours, Saved, Stale
from storage.store import Store, Unit
from storage.tables import run as run_table
from tests.storage.conftest import Clock

JUDGED = Judged(Outcome.PLATFORM, '{"verdict":"clear"}', "texts-1")


def not_yet(_bank_version: str, _answers: Mapping[str, Choice]) -> None:
    return None


def done(_bank_version: str, _answers: Mapping[str, Choice]) -> Judged:
    return JUDGED


async def test_starting_twice_is_the_same_run(store: Store, me: Me) -> None:
    first = await store.write(runs.start, me, "bank-1")
    await store.write(runs.answer, me, first.id, 0, {"industry": "finance"}, not_yet)

    again = await store.write(runs.start, me, "bank-2")

    assert (again.id, again.bank_version, again.revision) == (first.id, "bank-1", 1)
    assert again.answers == {"industry": "finance"}


async def test_sixty_four_starts_at_once_are_one_run(store: Store, me: Me) -> None:
    begun = await asyncio.gather(*(store.write(runs.start, me, "bank-1") for _ in range(64)))

    assert len({run.id for run in begun}) == 1


async def test_an_answer_is_stored_with_its_time_before_it_is_acknowledged(store: Store, me: Me, clock: Clock) -> None:
    run = await store.write(runs.start, me, "bank-1")
    clock.move(dt.timedelta(seconds=7))

    answered = await store.write(
        runs.answer, me, run.id, 0, {"facts": ("a", "b"), "industry": "金融", "years": None}, not_yet
    )

    found = await store.read(runs.find, me, run.id)
    assert isinstance(answered, Saved)
    assert found == answered.run
    assert found is not None
    assert found.answers == {"facts": ("a", "b"), "industry": "金融", "years": None}
    assert set(found.times.values()) == {clock.moment}


async def test_going_back_replaces_an_answer(store: Store, me: Me) -> None:
    run = await store.write(runs.start, me, "bank-1")
    await store.write(runs.answer, me, run.id, 0, {"q1": "a", "q2": "b"}, not_yet)

    answered = await store.write(runs.answer, me, run.id, 1, {"q1": ("c",)}, not_yet)

    assert isinstance(answered, Saved)
    assert answered.run.answers == {"q1": ("c",), "q2": "b"}


async def test_a_press_on_an_older_card_changes_nothing(store: Store, me: Me) -> None:
    run = await store.write(runs.start, me, "bank-1")
    await store.write(runs.answer, me, run.id, 0, {"q1": "a"}, not_yet)

    stale = await store.write(runs.answer, me, run.id, 0, {"q1": "z"}, done)

    assert isinstance(stale, Stale)
    assert (stale.run.answers, stale.run.revision, stale.run.status) == ({"q1": "a"}, 1, runs.OPEN)
    assert await store.read(results.latest, me) is None


async def test_a_press_sixty_four_times_at_once_counts_once(store: Store, me: Me) -> None:
    run = await store.write(runs.start, me, "bank-1")

    presses = [store.write(runs.answer, me, run.id, 0, {"q1": "a"}, done) for _ in range(64)]
    answered = await asyncio.gather(*presses)

    assert sorted(type(one).__name__ for one in answered) == ["Finished"] + ["Stale"] * 63
    assert len(await store.read(results.history, me, 10)) == 1


async def test_the_judge_sees_all_answers_and_the_banks_version_and_ends_the_run(store: Store, me: Me) -> None:
    run = await store.write(runs.start, me, "bank-1")
    await store.write(runs.answer, me, run.id, 0, {"q1": "a"}, not_yet)
    seen: list[tuple[str, dict[str, Choice]]] = []

    def judge(bank_version: str, answers: Mapping[str, Choice]) -> Judged:
        seen.append((bank_version, dict(answers)))
        return JUDGED

    finished = await store.write(runs.answer, me, run.id, 1, {"q2": None}, judge)

    assert isinstance(finished, Finished)
    assert seen == [("bank-1", {"q1": "a", "q2": None})]
    assert finished.run.status == runs.FINISHED
    stored = await store.read(results.latest, me)
    assert stored is not None
    assert (stored.id, stored.run_id, stored.outcome) == (finished.result_id, run.id, Outcome.PLATFORM)
    assert (stored.summary, stored.texts_hash, stored.bank_version) == (JUDGED.summary, "texts-1", "bank-1")
    assert stored.answers == {"q1": "a", "q2": None}
    assert await store.read(runs.open_run, me) is None


async def test_a_judge_that_fails_leaves_the_run_as_it_was(store: Store, me: Me) -> None:
    run = await store.write(runs.start, me, "bank-1")

    def broken(_bank_version: str, _answers: Mapping[str, Choice]) -> Judged:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.write(runs.answer, me, run.id, 0, {"q1": "a"}, broken)

    assert await store.read(runs.find, me, run.id) == run


async def test_an_answer_to_an_ended_run_says_how_it_ended(store: Store, me: Me) -> None:
    run = await store.write(runs.start, me, "bank-1")
    await store.write(runs.answer, me, run.id, 0, {"q1": "a"}, done)

    stale = await store.write(runs.answer, me, run.id, 1, {"q1": "b"}, done)

    assert isinstance(stale, Stale)
    assert (stale.run.status, stale.run.answers) == (runs.FINISHED, {"q1": "a"})


async def test_another_members_run_is_not_to_be_seen_answered_or_ended(store: Store, me: Me, somebody: Me) -> None:
    run = await store.write(runs.start, me, "bank-1")
    await store.write(members.ensure, somebody)

    assert await store.read(runs.find, somebody, run.id) is None
    assert await store.write(runs.answer, somebody, run.id, 0, {"q1": "a"}, done) == NotYours()
    await store.write(runs.end, somebody, run.id)

    assert await store.read(runs.find, me, run.id) == run


async def test_the_same_person_in_another_community_is_somebody_else(store: Store, me: Me) -> None:
    elsewhere = await store.write(communities.seen, "discord", "guild-2", "Others", Language.EN)
    run = await store.write(runs.start, me, "bank-1")

    there = Me(elsewhere.id, me.uid, me.name)

    assert await store.write(runs.answer, there, run.id, 0, {"q1": "a"}, done) == NotYours()
    assert await store.read(runs.open_run, there) is None


async def test_a_member_cannot_have_two_open_runs(store: Store, me: Me) -> None:
    run = await store.write(runs.start, me, "bank-1")

    def force(unit: Unit) -> None:
        member = members.ensure(unit, me)
        values = {"member_id": member, "bank_version": "b", "rev": 0, "started_at": 0, "updated_at": 0}
        unit.execute(insert(run_table), {**values, "status": "ended"})
        unit.execute(insert(run_table), {**values, "status": "open"})

    with pytest.raises(IntegrityError):
        await store.write(force)

    assert await store.read(runs.open_run, me) == run


async def test_starting_anew_gives_up_the_run_and_its_buttons(store: Store, me: Me) -> None:
    old = await store.write(runs.start, me, "bank-1")

    new = await store.write(runs.start_anew, me, old.id, "bank-2")

    assert (new.bank_version, new.revision) == ("bank-2", 0)
    assert new.id != old.id
    stale = await store.write(runs.answer, me, old.id, 0, {"q1": "a"}, done)
    assert isinstance(stale, Stale)
    assert stale.run.status == runs.ENDED


async def test_pressing_start_anew_twice_keeps_the_new_run(store: Store, me: Me) -> None:
    old = await store.write(runs.start, me, "bank-1")

    begun = [await store.write(runs.start_anew, me, old.id, "bank-1") for _ in range(2)]

    assert begun[0] == begun[1]


async def test_a_run_that_lay_untouched_for_over_90_days_makes_room_for_a_new_one(
    store: Store, me: Me, clock: Clock
) -> None:
    old = await store.write(runs.start, me, "bank-1")
    clock.move(dt.timedelta(days=90))
    assert (await store.write(runs.start, me, "bank-1")).id == old.id
    clock.move(dt.timedelta(seconds=1))

    new = await store.write(runs.start, me, "bank-1")

    assert new.id != old.id


async def test_an_erased_runs_id_is_never_given_again(store: Store, me: Me, here: Community) -> None:
    run = await store.write(runs.start, me, "bank-1")
    await store.write(members.forget, me)

    again = await store.write(runs.start, me, "bank-1")

    assert again.id > run.id
    assert await store.write(runs.answer, me, run.id, 0, {"q1": "a"}, done) == NotYours()
