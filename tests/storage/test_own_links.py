"""A community's own links and what it has hidden: once, bounded, never another community's."""

from __future__ import annotations

import asyncio

from content.text import Language
from storage import communities, own_links
from storage.communities import Community
from storage.own_links import OWN_MAX, Added, Already, Full
from storage.store import Store
from storage.unit import Unit

GUIDE = ("Guide", "https://example.org/guide", "sql", Language.EN)


async def another(store: Store) -> Community:
    return await store.write(communities.seen, "discord", "guild-2", "Others", Language.EN)


async def test_one_address_for_one_skill_is_there_once_also_when_added_at_the_same_moment(
    store: Store, here: Community
) -> None:
    added = await asyncio.gather(*(store.write(own_links.add, here.id, *GUIDE) for _ in range(8)))

    assert sorted(type(each).__name__ for each in added) == ["Added", *["Already"] * 7]
    other_skill = await store.write(own_links.add, here.id, *GUIDE[:2], "python", Language.ZH)
    assert isinstance(other_skill, Added)
    assert [link.skill for link in await store.read(own_links.of_community, here.id)] == ["sql", "python"]


async def test_what_is_there_already_says_as_what(store: Store, here: Community) -> None:
    await store.write(own_links.add, here.id, *GUIDE)

    again = await store.write(own_links.add, here.id, "Other title", *GUIDE[1:])
    assert isinstance(again, Already)
    assert again.link.title == "Guide"


async def test_there_is_an_end_to_how_many(store: Store, here: Community) -> None:
    def fill(unit: Unit) -> None:
        for number in range(OWN_MAX):
            own_links.add(unit, here.id, "x", f"https://example.org/{number}", "sql", Language.EN)

    await store.write(fill)
    assert isinstance(await store.write(own_links.add, here.id, *GUIDE), Full)


async def test_a_removed_links_id_never_comes_to_mean_another(store: Store, here: Community) -> None:
    first = await store.write(own_links.add, here.id, *GUIDE)
    assert isinstance(first, Added)
    assert await store.write(own_links.remove, here.id, first.link.id) == first.link
    assert await store.write(own_links.remove, here.id, first.link.id) is None

    second = await store.write(own_links.add, here.id, *GUIDE)
    assert isinstance(second, Added)
    assert second.link.id > first.link.id
    assert second.link.resource == f"own-{second.link.id}"


async def test_hidden_is_hidden_once_and_shown_again(store: Store, here: Community) -> None:
    for _ in range(2):
        await store.write(own_links.hide, here.id, "peft")
    assert await store.read(own_links.hidden, here.id) == ["peft"]

    for _ in range(2):
        await store.write(own_links.show, here.id, "peft")
    assert await store.read(own_links.hidden, here.id) == []


async def test_nothing_crosses_to_another_community(store: Store, here: Community) -> None:
    there = await another(store)
    added = await store.write(own_links.add, here.id, *GUIDE)
    assert isinstance(added, Added)
    await store.write(own_links.hide, here.id, "peft")

    assert await store.read(own_links.of_community, there.id) == []
    assert await store.read(own_links.hidden, there.id) == []
    assert await store.write(own_links.remove, there.id, added.link.id) is None
    await store.write(own_links.show, there.id, "peft")
    assert await store.read(own_links.hidden, here.id) == ["peft"]
    assert isinstance(await store.write(own_links.add, there.id, *GUIDE), Added)
