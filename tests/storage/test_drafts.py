"""Drafts: kept for a day, merged, dropped with their answer."""

from __future__ import annotations

import asyncio
import datetime as dt

from storage import drafts
from storage.members import Me
from storage.store import Store
from tests.storage.conftest import Clock


async def test_a_draft_gathers_its_fields(store: Store, me: Me) -> None:
    await store.write(drafts.keep, me, "offer", {"hours": ("2",), "about": ("一二 ' \" <b>",)})
    await store.write(drafts.keep, me, "offer", {"hours": ("3", "4"), "languages": ()})

    assert await store.read(drafts.find, me, "offer") == {
        "about": ("一二 ' \" <b>",),
        "hours": ("3", "4"),
        "languages": (),
    }


async def test_fields_kept_at_once_are_all_kept(store: Store, me: Me) -> None:
    await asyncio.gather(*(store.write(drafts.keep, me, "offer", {f"f{n}": (str(n),)}) for n in range(12)))

    assert await store.read(drafts.find, me, "offer") == {f"f{n}": (str(n),) for n in range(12)}


async def test_a_draft_is_mine_alone_and_of_one_form(store: Store, me: Me, somebody: Me) -> None:
    await store.write(drafts.keep, me, "offer", {"hours": ("2",)})

    assert await store.read(drafts.find, somebody, "offer") == {}
    assert await store.read(drafts.find, me, "request") == {}


async def test_a_draft_is_gone_after_a_day_and_its_old_fields_do_not_come_back(
    store: Store, me: Me, clock: Clock
) -> None:
    await store.write(drafts.keep, me, "offer", {"hours": ("2",)})
    clock.move(dt.timedelta(hours=24) - dt.timedelta(microseconds=1))
    assert await store.read(drafts.find, me, "offer") == {"hours": ("2",)}
    clock.move(dt.timedelta(microseconds=1))
    assert await store.read(drafts.find, me, "offer") == {}

    await store.write(drafts.keep, me, "offer", {"about": ("x",)})

    assert await store.read(drafts.find, me, "offer") == {"about": ("x",)}
