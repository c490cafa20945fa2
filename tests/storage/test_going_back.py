"""From the database of every released version to this one and back: nothing of then is lost or changed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from content.load import Content
from storage import results
from storage.going_back import go_back
from storage.members import Me
from storage.store import Store, StoreError
from tests.bot.cli.conftest import Shell
from tests.conftest import Faults
from tests.drivers.direct import DirectDriver
from tests.storage.released import RELEASES, as_then, at, filled, given, rows_of, schema_of, stored

HEAD = "0006"
COMMANDS = ("home", "result", "plan", "resources", "leaderboard", "community", "tips week", "mentor mine", "mentor find",
            "privacy")  # fmt: skip


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/pmpath.sqlite3"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


async def told(store: Store) -> tuple[object, ...]:
    """How it is made, and the last ids given; then it is closed."""
    found = await store.read(schema_of), await store.read(given)
    await store.close()
    return found


async def test_step_by_step_up_and_down_each_revision_is_as_when_it_was_new(empty_url: str, tmp_path: Path) -> None:
    then = await filled(empty_url, "0001", tmp_path)
    seen = {}
    for revision in (*RELEASES, HEAD):
        store = await at(empty_url, revision, tmp_path)
        assert as_then(await store.read(rows_of), then) == then
        seen[revision] = await told(store)

    for revision in reversed(RELEASES):
        assert await go_back(empty_url, revision, erase=False) == {}
        store = await at(empty_url, revision, tmp_path)
        assert as_then(await store.read(rows_of), then) == then
        schema, ids = await told(store)
        assert (revision, schema) == (revision, seen[revision][0])
        assert ids == seen[revision][1]

    store = await at(empty_url, HEAD, tmp_path)
    assert as_then(await store.read(rows_of), then) == then
    assert await told(store) == seen[HEAD]


@pytest.mark.parametrize("release", RELEASES)
async def test_what_a_release_left_is_read_by_this_program_and_again_by_that_one(
    empty_url: str, release: str, tmp_path: Path, content: Content, registry: Registry, faults: Faults
) -> None:
    then = await filled(empty_url, release, tmp_path)
    store = await at(empty_url, HEAD, tmp_path)
    assert as_then(await store.read(rows_of), then) == then
    await store.close()
    assert await go_back(empty_url, release, erase=False) == {}
    store = await at(empty_url, release, tmp_path)
    assert await store.read(rows_of) == then
    await store.close()

    store = await at(empty_url, HEAD, tmp_path)
    now = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)
    chat = DirectDriver(Dispatcher(store, content, registry, now=lambda: now, draw=lambda *_: b""))
    cards = {command: await chat.run(f"/pmpath {command}") for command in COMMANDS}
    latest = await store.read(results.latest, Me(1, "u1", "Ada"))
    await store.close()
    assert latest is not None
    assert latest.outcome in {row[4] for row in stored(release)["tables"]["result"]["rows"]}
    assert all(card.buttons for card in cards.values())
