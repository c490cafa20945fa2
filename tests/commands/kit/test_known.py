"""What is kept in memory is never older than what was committed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from commands.kit.known import PROFILE_SECONDS, Known
from commands.kit.request import CommunityKey, Platform, Profile, Request, Words
from content.text import Language
from storage import communities, members
from storage.members import Me
from storage.store import Store

KEY = CommunityKey(Platform.WEB, "sandbox", "Room")


class LateReads:
    """The store, whose reads arrive only when the test lets them: as they may over a real connection."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.arrive = asyncio.Event()
        self.done = asyncio.Event()

    async def read(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        found = await self._store.read(work, *args, **kwargs)
        self.done.set()
        await self.arrive.wait()
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


async def test_a_read_that_a_change_overtook_is_not_kept(store: Store) -> None:
    late = LateReads(store)
    known = Known(late)  # type: ignore[arg-type]  # has all of a store that is used here
    me = Me((await known.community(KEY, None)).id, "u1", "Ada")

    reading = asyncio.create_task(known.member(me))
    await late.done.wait()
    await store.write(members.set_language, me, Language.ZH)
    late.arrive.set()
    await reading

    found = await known.member(me)
    assert found is not None
    assert found.language is Language.ZH


async def test_moderators_who_were_taken_out_are_out_at_once(store: Store) -> None:
    known = Known(store)
    community = await known.community(KEY, None)
    community = await known.community(KEY, None)
    await store.write(communities.set_moderators, community.id, ("u9",), ())
    assert (await known.community(KEY, None)).people == {"u9"}

    await asyncio.gather(
        known.community(KEY, None),
        store.write(communities.set_moderators, community.id, (), ()),
        known.community(KEY, None),
    )

    assert (await known.community(KEY, None)).people == frozenset()


async def test_members_are_read_once(store: Store) -> None:
    reads = []

    class Counting(LateReads):
        async def read(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            reads.append(work)
            return await store.read(work, *args, **kwargs)

    known = Known(Counting(store))  # type: ignore[arg-type]  # as above
    me = Me((await known.community(KEY, None)).id, "u1", "Ada")
    for _ in range(3):
        await known.member(me)

    assert reads == [members.find]


async def test_what_another_process_changed_is_read_after_forgetting(store: Store) -> None:
    known, other = Known(store), Known(store)
    me = Me((await known.community(KEY, None)).id, "u1", "Ada")
    assert await known.member(me) is None
    other.forget_all()

    await store.write(members.ensure, me)

    assert await other.member(me) is not None


async def test_what_a_platform_said_of_somebody_is_forgotten_with_them_and_after_a_day(store: Store) -> None:
    asked: list[str] = []

    async def look_up(_community: str) -> Profile:
        asked.append("asked")
        return Profile("Ada", "en", "Europe/Berlin")

    def speaks(uid: str, at: float) -> Request:
        return Request(KEY, uid, "Ada", Words("pmpath", ""), at, Platform.SLACK, look_up=look_up)

    known = Known(store)
    here = await known.community(KEY, None)
    for at in (0.0, 1.0):
        await known.profile(here, speaks("u1", at), checks=False)
    assert len(asked) == 1
    await store.write(members.ensure, Me(here.id, "u1", "Ada"))
    await store.write(members.forget, Me(here.id, "u1", "Ada"))
    await known.profile(here, speaks("u1", 2.0), checks=False)
    assert len(asked) == 2

    await known.profile(here, speaks("u2", PROFILE_SECONDS + 3.0), checks=False)
    assert [uid for _community, uid in known._profiles] == ["u2"]  # noqa: SLF001 - memory shows in no other way
