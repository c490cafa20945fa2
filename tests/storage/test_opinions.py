"""What members say of their results."""

from __future__ import annotations

import asyncio

from content.outcomes import Outcome
from content.text import Language
from storage import communities, opinions
from storage.members import Me
from storage.opinions import Fits, Job, Labelled, Opinion
from storage.store import Store
from tests.storage.test_results import have_result


async def test_what_was_said_first_stays(store: Store, me: Me) -> None:
    result = await have_result(store, me, Outcome.HYBRID)

    await asyncio.gather(*(store.write(opinions.record, me, result, Fits.PARTLY) for _press in range(4)))
    await store.write(opinions.record, me, result, Fits.NO)

    assert await store.read(opinions.find, me, result) == Opinion(Fits.PARTLY, None)
    assert await store.read(opinions.count) == 1


async def test_the_job_is_kept_beside_it_once(store: Store, me: Me) -> None:
    result = await have_result(store, me, Outcome.HYBRID)
    await store.write(opinions.set_job, me, result, Job.PLATFORM)
    assert await store.read(opinions.find, me, result) is None

    await store.write(opinions.record, me, result, Fits.YES)
    await store.write(opinions.set_job, me, result, Job.UNSAID)
    await store.write(opinions.set_job, me, result, Job.PLATFORM)

    assert await store.read(opinions.find, me, result) == Opinion(Fits.YES, Job.UNSAID)


async def test_nobody_says_anything_of_anothers_result(store: Store, me: Me, somebody: Me) -> None:
    result = await have_result(store, me, Outcome.HYBRID)
    await have_result(store, somebody, Outcome.HYBRID)

    await store.write(opinions.record, somebody, result, Fits.NO)
    assert await store.read(opinions.count) == 0

    await store.write(opinions.record, me, result, Fits.YES)
    await store.write(opinions.set_job, somebody, result, Job.OTHER)
    assert await store.read(opinions.find, me, result) == Opinion(Fits.YES, None)
    assert await store.read(opinions.find, somebody, result) is None


async def test_maintainers_read_the_answers_of_all_communities_and_not_whose_they_are(store: Store, me: Me) -> None:
    elsewhere = await store.write(communities.seen, "slack", "T1", "Others", Language.EN)
    there = Me(elsewhere.id, "U1", "Una")
    first = await have_result(store, me, Outcome.HYBRID, {"q1": "a", "q2": ("b", "c"), "q3": None})
    await have_result(store, me, Outcome.PLATFORM)
    second = await have_result(store, there, Outcome.BUSINESS, {"q1": "d"})
    await store.write(opinions.record, me, first, Fits.NO)
    await store.write(opinions.record, there, second, Fits.YES)
    await store.write(opinions.set_job, me, first, Job.TECHNICAL)
    await store.write(opinions.set_job, there, second, Job.UNSAID)

    assert await store.read(opinions.labelled) == [
        Labelled("bank-1", {"q1": "a", "q2": ("b", "c"), "q3": None}, Outcome.HYBRID, Fits.NO, Job.TECHNICAL),
        Labelled("bank-1", {"q1": "d"}, Outcome.BUSINESS, Fits.YES, None),
    ]
