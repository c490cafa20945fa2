"""Communities and who moderates them."""

from __future__ import annotations

import asyncio

from content.text import Language
from storage import communities
from storage.communities import Community
from storage.members import Me
from storage.store import Changed, Store


async def test_a_new_community_takes_the_platforms_language_and_no_moderators(store: Store) -> None:
    made = await store.write(communities.seen, "slack", "T1", "Makers 🛠", Language.ZH)

    assert made == Community(made.id, "slack", "T1", "Makers 🛠", Language.ZH, "UTC", {}, frozenset(), frozenset())
    assert await store.read(communities.find, "slack", "T1") == made
    assert await store.read(communities.by_id, made.id) == made


async def test_a_known_community_keeps_its_language_and_takes_its_new_name(store: Store, here: Community) -> None:
    again = await store.write(communities.seen, here.platform, here.ext_id, "Renamed", Language.ZH)

    assert (again.id, again.name, again.language) == (here.id, "Renamed", Language.EN)
    assert await store.read(communities.by_id, here.id) == again


async def test_meeting_a_community_many_times_at_once_makes_one(store: Store) -> None:
    met = await asyncio.gather(
        *(store.write(communities.seen, "slack", "T1", "Makers", Language.EN) for _ in range(32))
    )

    assert len({one.id for one in met}) == 1


async def test_the_same_id_on_another_platform_is_another_community(store: Store, here: Community) -> None:
    other = await store.write(communities.seen, "slack", here.ext_id, here.name, Language.EN)

    assert other.id != here.id


async def test_memory_is_told_of_a_community_that_is_new_or_renamed_and_not_of_a_known_one(store: Store) -> None:
    heard: list[Changed] = []
    store.listen(heard.append)

    made = await store.write(communities.seen, "slack", "T1", "Makers", Language.EN)
    await store.write(communities.seen, "slack", "T1", "Makers", Language.EN)
    assert heard == [Changed(made.id, None)]

    await store.write(communities.seen, "slack", "T1", "Renamed", Language.EN)
    assert heard == [Changed(made.id, None)] * 2


async def test_an_unknown_community_is_not_found(store: Store) -> None:
    assert await store.read(communities.find, "slack", "T1") is None
    assert await store.read(communities.by_id, 12345) is None


async def test_what_moderators_set_stays_and_is_told_to_memory(store: Store, here: Community) -> None:
    heard: list[Changed] = []
    store.listen(heard.append)

    await store.write(communities.set_language, here.id, Language.ZH)
    await store.write(communities.set_zone, here.id, "Asia/Shanghai")
    await store.write(communities.set_setting, here.id, "tips", value=True)
    await store.write(communities.set_setting, here.id, "channel", "C1")
    await store.write(communities.set_setting, here.id, "tips", value=None)

    found = await store.read(communities.by_id, here.id)
    assert found is not None
    assert (found.language, found.zone, found.settings) == (Language.ZH, "Asia/Shanghai", {"channel": "C1"})
    assert heard == [Changed(here.id, None)] * 5


async def test_settings_set_at_once_are_all_kept(store: Store, here: Community) -> None:
    await asyncio.gather(*(store.write(communities.set_setting, here.id, f"s{number}", number) for number in range(12)))

    found = await store.read(communities.by_id, here.id)
    assert found is not None
    assert found.settings == {f"s{number}": number for number in range(12)}


async def test_moderators_are_exactly_those_named_last(store: Store, here: Community, me: Me) -> None:
    await store.write(communities.set_moderators, here.id, [me.uid, me.uid], ["r1", "r2"])
    await store.write(communities.set_moderators, here.id, ["u-bob"], ["r2"])

    found = await store.read(communities.by_id, here.id)
    assert found is not None
    assert (found.people, found.roles) == (frozenset({"u-bob"}), frozenset({"r2"}))

    await store.write(communities.set_moderators, here.id, [], [])
    found = await store.read(communities.by_id, here.id)
    assert found is not None
    assert (found.people, found.roles) == (frozenset(), frozenset())
