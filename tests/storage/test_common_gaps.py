"""What a community is commonly missing."""

from __future__ import annotations

import json

from sqlalchemy import insert

from content.outcomes import Outcome
from content.text import Language
from storage import common_gaps, communities, learning, members, tables
from storage.common_gaps import Proof
from storage.learning import SkillState
from storage.members import Me
from storage.store import Store
from storage.unit import Unit

WANTED = {Outcome.PLATFORM: {"kubernetes", "sql"}, Outcome.TECHNICAL: {"python", "sql"}}
PROOFS = [
    Proof("2", "skills-1", "k8s", "kubernetes"),
    Proof("2", "skills-1", "py", "python"),
    Proof("1", "s", "q", "sql"),
]


async def community(store: Store, name: str = "here") -> int:
    return (await store.write(communities.seen, "web", name, name, Language.EN)).id


async def finish(
    store: Store, here: int, uid: str, outcome: Outcome, *ticked: str, words: str = "clear", version: str = "2"
) -> Me:
    """A member with one more result."""
    me = Me(here, uid, uid)

    def unit_of_work(unit: Unit) -> None:
        member = members.ensure(unit, me)
        at = unit.now_us
        run = {"member_id": member, "bank_version": version, "rev": 1, "status": "done", "started_at": at}
        run_id = unit.execute(insert(tables.run).returning(tables.run.c.id), {**run, "updated_at": at}).scalar_one()
        answer = {"run_id": run_id, "item": "skills-1", "choice": json.dumps(list(ticked)), "place": 1, "at": at}
        unit.execute(insert(tables.answer), answer)
        result = {"member_id": member, "run_id": run_id, "bank_version": version, "outcome": outcome.value}
        summary = json.dumps({"words": words}, separators=(",", ":"))
        unit.execute(insert(tables.result), {**result, "summary": summary, "texts_hash": "x", "at": at})

    await store.write(unit_of_work)
    return me


async def found(store: Store, here: int) -> dict[Outcome, dict[str, int]]:
    return await store.read(common_gaps.missing, here, WANTED, PROOFS)


async def test_what_the_answers_show_or_a_member_ticked_off_is_not_missing(store: Store) -> None:
    here = await community(store)
    everybody = [await finish(store, here, f"p{number}", Outcome.PLATFORM) for number in range(7)]
    await finish(store, here, "t", Outcome.TECHNICAL)
    technical = {"python": 1, "sql": 1}
    assert await found(store, here) == {
        Outcome.PLATFORM: {"kubernetes": 7, "sql": 7},
        Outcome.TECHNICAL: technical,
    }

    await finish(store, here, "p0", Outcome.PLATFORM, "k8s", "py")
    await store.write(learning.set_skill, everybody[0], "kubernetes", SkillState.DONE)
    await store.write(learning.set_skill, everybody[1], "kubernetes", SkillState.HAD)
    await store.write(learning.set_skill, everybody[2], "sql", SkillState.SKIPPED)
    await store.write(learning.set_skill, everybody[3], "sql", SkillState.DOING)
    assert await found(store, here) == {Outcome.PLATFORM: {"kubernetes": 5, "sql": 6}, Outcome.TECHNICAL: technical}


async def test_only_the_latest_result_of_a_member_counts(store: Store) -> None:
    here = await community(store)
    for number in range(2):
        await finish(store, here, f"p{number}", Outcome.TECHNICAL)
        await finish(store, here, f"p{number}", Outcome.PLATFORM)

    assert await found(store, here) == {Outcome.PLATFORM: {"kubernetes": 2, "sql": 2}}


async def test_what_says_too_little_or_is_of_another_version_or_community_counts_for_nothing(store: Store) -> None:
    here, there = await community(store), await community(store, "there")
    await finish(store, here, "p1", Outcome.PLATFORM, words="not-enough")
    await finish(store, there, "p2", Outcome.PLATFORM)
    assert await found(store, here) == {}

    await finish(store, here, "p3", Outcome.PLATFORM, "k8s", version="1")
    assert await found(store, here) == {Outcome.PLATFORM: {"kubernetes": 1, "sql": 1}}
