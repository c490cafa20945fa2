"""An open store, a clock that the test moves, and people."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from content.load import Content
from content.text import Language
from storage import communities
from storage.communities import Community
from storage.members import Me
from storage.store import Store


class Clock:
    """The moment it is, until the test moves it."""

    def __init__(self) -> None:
        self.moment = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.moment

    def move(self, span: dt.timedelta) -> None:
        self.moment += span


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(database_url: str, clock: Clock, content: Content) -> AsyncIterator[Store]:
    """A store on each kind of database."""
    opened = await Store.open(database_url, now=clock, points=content.points)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_store(sqlite_url: str, clock: Clock) -> AsyncIterator[Store]:
    """A store on SQLite alone, for what only a file has."""
    opened = await Store.open(sqlite_url, now=clock)
    yield opened
    await opened.close()


@pytest.fixture
def sqlite_path(sqlite_url: str) -> Path:
    return Path(sqlite_url.removeprefix("sqlite:///"))


@pytest.fixture
async def here(store: Store) -> Community:
    """A community on each kind of database."""
    return await store.write(communities.seen, "discord", "guild-1", "Makers", Language.EN)


@pytest.fixture
def me(here: Community) -> Me:
    return Me(here.id, "u-ann", "Ann")


@pytest.fixture
def somebody(here: Community) -> Me:
    """Another member of the same community."""
    return Me(here.id, "u-bob", "Bob")
