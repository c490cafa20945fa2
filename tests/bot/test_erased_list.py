"""The lists of erasures: beside the database and with its backups, soon after the commit, without a name."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.clock import Stop
from bot.erased_list import ErasedList
from content.text import Language
from storage import communities, erasures, members, restoring
from storage.erasures import Erasure
from storage.members import Me
from storage.store import Store, StoreError, Unit

BOB = Me(1, "u-bob", "Bob")


def erase_bob(unit: Unit) -> None:
    communities.seen(unit, "discord", "guild-1", "Makers", Language.EN)
    members.ensure(unit, BOB)
    members.forget(unit, BOB)


async def test_an_erasure_is_listed_soon_and_what_a_list_lacks_is_made_up_for(store: Store, tmp_path: Path) -> None:
    lists = (tmp_path / "a.erased", tmp_path / "backups" / "a.erased")
    stop = Stop()
    running = asyncio.create_task(ErasedList(store, lists).run(stop))
    await store.write(erase_bob)
    async with asyncio.timeout(30):
        while not lists[0].exists() or not lists[0].read_text():  # noqa: ASYNC110 -- a file says nothing when it is written
            await asyncio.sleep(0.01)
    stop.tell()
    await running
    assert lists[0].read_text().startswith("member 1 ")
    assert lists[0].stat().st_mode & 0o077 == 0
    assert not lists[1].exists()  # nobody has made a backup yet

    lists[1].parent.mkdir()
    lists[0].write_text("member 77 1700000000000000 2023-11-14\nmember 1 17")  # the end was cut off by a fault of power
    await ErasedList(store, lists).once()

    assert lists[1].read_text().count("\n") == 1
    assert erasures.read(lists[0]) == erasures.read(lists[1]) | {Erasure("member", 77, 1700000000000000)}
    assert BOB.uid not in lists[0].read_text()


async def test_a_list_that_cannot_be_written_is_told_once_and_made_up_for(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.erased"
    path.mkdir()
    erased = ErasedList(store, [path])
    await store.write(erase_bob)
    with capture_logs() as logs:
        for _look in range(2):
            await erased.look()
        path.rmdir()
        await erased.look()

    assert [(entry["event"], entry.get("sentence", "")[: len(str(path))]) for entry in logs] == [
        ("erasures.not_listed", str(path)),
        ("erasures.goes_on", ""),
    ]
    assert path.read_text().startswith("member 1 ")


async def test_of_however_many_all_are_listed(store: Store, tmp_path: Path) -> None:
    many = [Erasure(erasures.MEMBER, number, 5) for number in range(erasures.AT_ONCE)]
    await store.write(erasures.keep, [*many, Erasure(erasures.COMMUNITY, 3, 5)])

    await ErasedList(store, [tmp_path / "a.erased"]).once()

    assert (tmp_path / "a.erased").read_text().count("\n") == len(many) + 1


def test_what_is_no_list_is_refused_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("member 1 5 1970-01-01\nbuy milk\n")

    with pytest.raises(StoreError, match="notes, line 2: expected a kind, a number and a moment"):
        erasures.read(tmp_path / "notes")


def test_what_was_made_after_the_erasure_is_somebody_elses() -> None:
    both = erasures.latest([Erasure("community", 1, 5), Erasure("member", 9, 3), Erasure("member", 9, 7)])

    assert both == [Erasure("member", 9, 7), Erasure("community", 1, 5)]


async def test_of_a_row_made_after_the_erasure_nothing_is_erased(store: Store) -> None:
    def try_again(unit: Unit) -> list[bool]:
        communities.seen(unit, "discord", "guild-1", "Makers", Language.EN)
        row_id = members.ensure(unit, BOB)
        moments = (unit.now_us, unit.now_us + 1)
        return [
            restoring.again(unit, Erasure(kind, id_, at))
            for at in moments
            for kind, id_ in (("community", BOB.community), ("member", row_id))
        ]

    assert await store.write(try_again) == [False, False, True, True]
