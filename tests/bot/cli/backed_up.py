"""A database that an operator backs up: members with a row in every table of theirs, one of whom is erased later."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

from sqlalchemy import delete, select, update

from bot.clock import real_now
from content.text import Language
from storage import communities, erasures, members, tables
from storage.members import Me
from storage.store import Store, Unit
from tests.storage import whole_member

ANN, BOB = Me(1, "u-ann-7f31", "Ann"), Me(1, "u-bob-52ce", "Bob")
ELSEWHERE = ("slack", "T-left-9a")


def two_members(unit: Unit) -> None:
    """Two of one community, and another community with one member."""
    communities.seen(unit, "discord", "guild-1", "Makers", Language.EN)
    gone = communities.seen(unit, *ELSEWHERE, "Elsewhere", Language.EN)
    for each in (ANN, BOB, Me(gone.id, "u-cleo-11", "Cleo")):
        members.ensure(unit, each)
        whole_member.fill(unit, each)
    unit.execute(delete(tables.standing))  # its boards are called by members' ids, and boards outlast members
    unit.post(ANN.community, "C1", "test.posted", key="waits")


def erase_bob(unit: Unit) -> None:
    """As `privacy` does it."""
    members.forget(unit, BOB)


def third_erased(unit: Unit) -> None:
    """In a database of its own: three of one community, and the last is erased."""
    here = communities.seen(unit, "discord", "guild-1", "Makers", Language.EN)
    for uid in ("u-gus", "u-hal", "u-ida"):
        members.ensure(unit, Me(here.id, uid, uid))
    members.forget(unit, Me(here.id, "u-ida", "Ida"))


def much_of_bob(unit: Unit) -> None:
    """More than SQLite keeps in its memory while it is erased."""
    unit.execute(update(tables.run).values(bank_version="x" * 30_000_000))


def bury_elsewhere(unit: Unit) -> None:
    """The other community is erased, as far as the list of erasures is concerned."""
    erasures.bury(unit, erasures.COMMUNITY, 2)


def someone_new(unit: Unit) -> int:
    """The id of a member who comes later."""
    return members.ensure(unit, Me(ANN.community, "u-eve", "Eve"))


def someone_later(unit: Unit) -> int:
    """And of one after that."""
    return members.ensure(unit, Me(ANN.community, "u-finn", "Finn"))


def who_is_there(unit: Unit) -> set[str]:
    return set(unit.execute(select(tables.member.c.uid)).scalars())


def waiting_posts(unit: Unit) -> list[bool]:
    """Of each post that waits, whether it may have gone out already."""
    waits = tables.outbox.c.member_id.is_(None) & (tables.outbox.c.state == "waiting")
    return [each is not None for each in unit.execute(select(tables.outbox.c.unsure_since).where(waits)).scalars()]


def long_ago(unit: Unit) -> None:
    """The other community removed the bot more than 30 days before, and nobody has erased it yet."""
    then = unit.now - dt.timedelta(days=40)
    at = int(then.timestamp() * 1_000_000)
    unit.execute(update(tables.community).where(tables.community.c.id == 2).values(left_at=at))


def damage_revision(path: Path) -> None:
    """The page that says which revision the file is at."""
    driver = sqlite3.connect(path)
    (page,) = driver.execute("SELECT rootpage FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    (size,) = driver.execute("PRAGMA page_size").fetchone()
    driver.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\x07" * size)


async def opened(url: str) -> Store:
    return await Store.open(url, now=real_now)


def holding(folder: Path, words: str) -> set[str]:
    """The files below the folder that have these bytes anywhere."""
    return {each.name for each in folder.rglob("*") if each.is_file() and words.encode() in each.read_bytes()}
