"""Fixtures for all tests; `chat` is a member who talks to pmpath without a platform in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterator, MutableMapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import pytest
import structlog

import commands
from bot.pictures.studio import Pictures
from commands.kit.discover import Registry, discover
from commands.kit.dispatch import Dispatcher
from content.load import Content, read_content
from storage.store import Store
from tests.drivers.direct import DirectDriver

pytest_plugins = ["tests.databases"]


@dataclass(slots=True)
class SetClock:
    """A clock that tests set."""

    moment: dt.datetime = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)

    def now(self) -> dt.datetime:
        return self.moment

    def move(self, **by: float) -> None:
        self.moment += dt.timedelta(**by)


@dataclass(slots=True)
class Faults:
    """What was logged as an error of ours."""

    entries: list[MutableMapping[str, Any]] = field(default_factory=list)

    def __call__(self, logger: object, method: str, event: MutableMapping[str, Any]) -> NoReturn:
        if method in {"error", "critical", "exception"}:
            self.entries.append(event)
        raise structlog.DropEvent


@pytest.fixture
def faults() -> Iterator[Faults]:
    """Errors of ours fail the test that caused them, unless it clears `faults.entries` because it meant them."""
    seen = Faults()
    before = structlog.get_config()
    structlog.configure(processors=[structlog.processors.format_exc_info, seen], cache_logger_on_first_use=False)
    yield seen
    structlog.configure(**before)
    assert not seen.entries, "\n".join(str(entry.get("exception", entry)) for entry in seen.entries)


@pytest.fixture(scope="session")
def content() -> Content:
    """Our own content, read once."""
    return read_content()


@pytest.fixture(scope="session")
def registry() -> Registry:
    """Everything that members can do."""
    return discover(commands)


@pytest.fixture(scope="session")
def pictures() -> Iterator[Pictures]:
    """The real drawing, with its fonts opened once."""
    opened = Pictures()
    yield opened
    opened.close()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def store(database_url: str, clock: SetClock, content: Content) -> AsyncIterator[Store]:
    """A store on a database of its own; each test runs on SQLite and on PostgreSQL."""
    opened = await Store.open(database_url, now=clock.now, points=content.points)
    yield opened
    await opened.close()


@pytest.fixture
async def chat(
    store: Store, clock: SetClock, content: Content, registry: Registry, pictures: Pictures, faults: Faults
) -> DirectDriver:
    """A member of the sandbox community."""
    return DirectDriver(Dispatcher(store, content, registry, now=clock.now, draw=pictures.draw))
