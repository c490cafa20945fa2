"""What is past its time is erased, a part at a time."""

from __future__ import annotations

import datetime as dt

from content.outcomes import Outcome
from storage import drafts, members, results, runs, seen_events, upkeep
from storage.members import Me
from storage.runs import Judged, Stale
from storage.store import Store, Unit
from storage.tables import draft
from tests.storage.conftest import Clock


async def test_a_run_left_open_for_90_days_loses_its_answers_and_says_that_it_ended(
    store: Store, me: Me, clock: Clock
) -> None:
    run = await store.write(runs.start, me, "bank-1")
    clock.move(dt.timedelta(days=10))
    await store.write(runs.answer, me, run.id, 0, {"q1": "a"}, lambda *_: None)
    clock.move(dt.timedelta(days=90))
    await store.write(upkeep.prune)
    assert (await store.read(members.kept, me)).answers == 1
    clock.move(dt.timedelta(seconds=1))

    await store.write(upkeep.prune)

    assert (await store.read(members.kept, me)).answers == 0
    assert await store.read(runs.open_run, me) is None
    stale = await store.write(runs.answer, me, run.id, 1, {"q1": "a"}, lambda *_: None)
    assert isinstance(stale, Stale)
    assert stale.run.status == runs.ENDED


async def test_the_answers_of_a_run_that_was_given_up_go_after_90_days(store: Store, me: Me, clock: Clock) -> None:
    run = await store.write(runs.start, me, "bank-1")
    await store.write(runs.answer, me, run.id, 0, {"q1": "a"}, lambda *_: None)
    await store.write(runs.end, me, run.id)
    clock.move(dt.timedelta(days=91))

    await store.write(upkeep.prune)

    assert (await store.read(members.kept, me)).answers == 0


async def test_results_and_their_answers_stay(store: Store, me: Me, clock: Clock) -> None:
    run = await store.write(runs.start, me, "bank-1")
    judged = Judged(Outcome.HYBRID, "{}", "h")
    await store.write(runs.answer, me, run.id, 0, {"q1": "a"}, lambda *_: judged)
    clock.move(dt.timedelta(days=2_000))

    await store.write(upkeep.prune)

    latest = await store.read(results.latest, me)
    assert latest is not None
    assert latest.answers == {"q1": "a"}


async def test_drafts_and_events_of_yesterday_are_erased(store: Store, me: Me, clock: Clock) -> None:
    await store.write(drafts.keep, me, "old", {"f": ("x",)})
    await store.write(seen_events.first_time, "slack", "old")
    clock.move(dt.timedelta(hours=12))
    await store.write(drafts.keep, me, "new", {"f": ("y",)})
    clock.move(dt.timedelta(hours=12))

    assert await store.write(upkeep.prune) is False

    def names(unit: Unit) -> list[str]:
        return list(unit.execute(draft.select().with_only_columns(draft.c.name)).scalars())

    assert await store.read(names) == ["new"]
    assert await store.write(seen_events.first_time, "slack", "old") is True


async def test_much_to_erase_is_erased_in_parts(store: Store, me: Me, clock: Clock) -> None:
    def post_many(unit: Unit) -> None:
        for number in range(upkeep.PRUNED_AT_ONCE + 20):
            unit.post(me.community, "C1", "n", key=f"{number}")

    def end_all(unit: Unit) -> None:
        unit.connection.exec_driver_sql("UPDATE outbox SET state = 'sent'")

    await store.write(post_many)
    await store.write(end_all)
    clock.move(dt.timedelta(days=7))

    assert [await store.write(upkeep.prune), await store.write(upkeep.prune)] == [True, False]
