"""What a member has learned: one state a skill, safe to repeat, nobody else's."""

from __future__ import annotations

import asyncio

from content.text import Language
from storage import communities, learning, members
from storage.learning import SkillState
from storage.members import Me
from storage.store import Store


async def two(store: Store) -> tuple[Me, Me]:
    community = await store.write(communities.seen, "web", "room", "Room", Language.EN)
    return Me(community.id, "ann", "Ann"), Me(community.id, "bob", "Bob")


async def states(store: Store, me: Me) -> dict[str, SkillState]:
    return {skill: learned.state for skill, learned in (await store.read(learning.skills, me)).items()}


async def test_a_skill_has_one_state_and_what_was_said_of_it(store: Store) -> None:
    ann, bob = await two(store)
    await store.write(learning.set_skill, ann, "sql", SkillState.DOING)
    await store.write(learning.set_skill, ann, "sql", SkillState.DONE, "a query")
    await store.write(learning.set_skill, ann, "sql", SkillState.DONE, "a query")

    found = await store.read(learning.skills, ann)

    assert [(found["sql"].state, found["sql"].said)] == [(SkillState.DONE, "a query")]
    assert await states(store, bob) == {}


async def test_a_state_can_be_taken_back(store: Store) -> None:
    ann, _bob = await two(store)
    await store.write(learning.set_skill, ann, "sql", SkillState.SKIPPED)
    await store.write(learning.set_skill, ann, "sql", None)

    assert await states(store, ann) == {}


async def test_what_was_had_is_exactly_what_is_ticked_now_and_the_plan_stays(store: Store) -> None:
    ann, _bob = await two(store)
    await store.write(learning.set_skill, ann, "python", SkillState.DONE, "a script")
    await store.write(learning.set_skill, ann, "lora", SkillState.DOING)
    await store.write(learning.set_had, ann, ["sql", "python", "lora"], ["sql"], ["cn"])
    await store.write(learning.set_had, ann, ["sql", "python", "lora"], ["python", "lora", "made-up"], ["eu", "us"])

    assert await states(store, ann) == {"python": SkillState.DONE, "lora": SkillState.HAD}
    assert await store.read(learning.regions, ann) == {"eu", "us"}


async def test_a_resource_is_done_or_not(store: Store) -> None:
    ann, bob = await two(store)
    await store.write(learning.set_resource, ann, "peft", done=True, said="notes")
    await store.write(learning.set_resource, ann, "own-3", done=True)
    await store.write(learning.set_resource, bob, "peft", done=True)
    await store.write(learning.set_resource, bob, "peft", done=False)

    found = await store.read(learning.resources, ann)
    assert {resource: learned.said for resource, learned in found.items()} == {"peft": "notes", "own-3": None}
    assert await store.read(learning.resources, bob) == {}


async def test_all_of_it_goes_with_the_member(store: Store) -> None:
    ann, _bob = await two(store)
    await store.write(learning.set_had, ann, ["sql"], ["sql"], ["cn"])
    await store.write(learning.set_resource, ann, "peft", done=True)
    await store.write(members.forget, ann)

    assert await states(store, ann) == {}
    assert await store.read(learning.resources, ann) == {}
    assert await store.read(learning.regions, ann) == frozenset()


async def test_a_skill_is_moved_only_from_the_state_it_is_in_and_keeps_what_was_said(store: Store) -> None:
    ann, bob = await two(store)
    assert await store.write(learning.move_skill, ann, "sql", None, SkillState.DOING)
    assert not await store.write(learning.move_skill, ann, "sql", None, SkillState.SKIPPED)
    await store.write(learning.set_skill, ann, "sql", SkillState.DONE, "a query")
    assert not await store.write(learning.move_skill, ann, "sql", SkillState.DOING, None)
    assert await store.write(learning.move_skill, ann, "sql", SkillState.DONE, SkillState.DOING)

    found = await store.read(learning.skills, ann)
    assert [(found["sql"].state, found["sql"].said)] == [(SkillState.DOING, "a query")]
    assert await states(store, bob) == {}


async def test_of_many_moves_at_once_one_happens(store: Store) -> None:
    ann, _bob = await two(store)

    moved = await asyncio.gather(
        *(store.write(learning.move_skill, ann, "sql", None, SkillState.SKIPPED) for _ in range(16))
    )

    assert sum(moved) == 1
