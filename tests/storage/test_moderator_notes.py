"""What moderators are told: a note for all of them, once, and a message to those who want one."""

from __future__ import annotations

import asyncio

from storage import moderator_notes
from storage.members import Me
from storage.store import Store
from tests.storage import weekly


async def tell(store: Store, me: Me, key: str = "k", **ids: int | str) -> bool:
    return await store.write(lambda unit: moderator_notes.tell(unit, me.community, "t.note", key=key, **ids))


async def messages(store: Store) -> list[str]:
    return [due.member.uid for due in await weekly.claim(store) if due.member is not None]


async def test_a_note_stands_until_it_is_settled(store: Store, me: Me) -> None:
    assert await tell(store, me, "a", posting=1) is True
    assert await tell(store, me, "b", posting=2) is True
    newer, older = await store.read(moderator_notes.of_community, me.community)
    assert (newer.ids, older.ids, older.notice) == ({"posting": 2}, {"posting": 1}, "t.note")

    assert await store.write(moderator_notes.settle, me.community, older.id) is True
    assert await store.write(moderator_notes.settle, me.community, older.id) is False

    assert await store.read(moderator_notes.of_community, me.community) == [newer]
    assert await store.read(moderator_notes.count, me.community) == 1


async def test_the_same_is_told_once_however_many_find_it_and_not_again_once_settled(store: Store, me: Me) -> None:
    said = await asyncio.gather(*(tell(store, me) for _process in range(4)))
    assert sorted(said) == [False, False, False, True]
    (note,) = await store.read(moderator_notes.of_community, me.community)
    await store.write(moderator_notes.settle, me.community, note.id)

    assert await tell(store, me) is False
    assert await store.read(moderator_notes.of_community, me.community) == []


async def test_only_those_who_want_messages_get_one_and_only_the_first_time(store: Store, me: Me, somebody: Me) -> None:
    await weekly.add(store, me, "One")
    await weekly.add(store, somebody, "Two")
    await weekly.wants_messages(store, me)
    await tell(store, me)
    await tell(store, me)

    assert await messages(store) == [me.uid]


async def test_a_message_alone_leaves_no_note(store: Store, me: Me) -> None:
    await weekly.add(store, me, "One")
    await weekly.wants_messages(store, me)
    await store.write(lambda unit: moderator_notes.message(unit, me.community, "t.trouble", posting=1))

    (due,) = await weekly.claim(store)
    assert (due.notice, due.ids) == ("t.trouble", {"posting": 1})
    assert await store.read(moderator_notes.count, me.community) == 0


async def test_another_communitys_moderators_learn_nothing(store: Store, me: Me) -> None:
    una = await weekly.elsewhere(store)
    await weekly.add(store, una, "Hers")
    await weekly.wants_messages(store, una)
    await tell(store, me)
    (note,) = await store.read(moderator_notes.of_community, me.community)

    assert await store.read(moderator_notes.of_community, una.community) == []
    assert await store.write(moderator_notes.settle, una.community, note.id) is False
    assert await messages(store) == []
    assert await store.write(lambda unit: moderator_notes.tell(unit, una.community, "t.note", key="k")) is True
