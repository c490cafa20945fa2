"""From the database of every released version to this one and back: nothing of then is lost or changed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from commands.kit.drawing import Sketch
from content.load import Content
from storage import results
from storage.going_back import go_back
from storage.members import Me
from storage.store import Store, StoreError
from tests.conftest import Faults
from tests.drivers.direct import DirectDriver
from tests.storage.released import EARLIER, HEAD, RELEASES, as_then, at, filled, given, rows_of, schema_of, stored

NOW = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)
COMMANDS = (
    "home", "result", "plan", "resources", "leaderboard", "community", "tips week", "mentor mine", "mentor find",
    "privacy",
)  # fmt: skip


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


@pytest.mark.parametrize(
    ("empty_url", "release"),
    [*(("sqlite", each) for each in RELEASES), ("postgres", "0001"), ("postgres", "0005")],
    indirect=["empty_url"],
)
async def test_what_a_release_left_is_understood(
    empty_url: str, release: str, tmp_path: Path, content: Content, registry: Registry, faults: Faults
) -> None:
    then = await filled(empty_url, release, tmp_path)
    store = await at(empty_url, HEAD, tmp_path)
    assert as_then(await store.read(rows_of), then) == then

    for uid, name in (("u1", "Ada"), ("u2", "Ben"), ("new", "New")):
        chat = DirectDriver(Dispatcher(store, content, registry, now=lambda: NOW, draw=no_picture), uid=uid, name=name)
        cards = [await chat.run(f"/pmpath {command}") for command in COMMANDS]
        assert all(card.buttons for card in cards), cards
    latest = await store.read(results.latest, Me(1, "u1", "Ada"))
    await store.close()
    assert latest is not None
    assert latest.outcome in {row[4] for row in stored(release)["tables"]["result"]["rows"]}


async def test_what_an_earlier_version_cannot_keep_is_named_and_erased_only_when_asked(
    empty_url: str, tmp_path: Path
) -> None:
    then = await filled(empty_url, "0005", tmp_path)
    await (await at(empty_url, HEAD, tmp_path)).close()

    with pytest.raises(StoreError, match=r"2 of mentor_request.*Nothing has changed.*--erase"):
        await go_back(empty_url, "0003", erase=False)
    assert await go_back(empty_url, "0005", erase=False) == {}
    store = await at(empty_url, "0005", tmp_path)
    assert await store.read(rows_of) == then
    await store.close()
    assert copies_of(tmp_path) == ([f"before-{HEAD}"] if empty_url.startswith("sqlite") else [])

    gone = await go_back(empty_url, "0003", erase=True)
    store = await at(empty_url, "0003", tmp_path)
    left = await store.read(rows_of)
    await store.close()
    assert (gone["mentor_request"], gone["standing"]) == (2, 10)
    assert {name: len(then[name]) - len(rows) for name, rows in left.items() if len(then[name]) != len(rows)} == {
        name: gone[name] for name in gone if name in left
    }
    assert [row for row in left["outbox"] if row["notice"].startswith(("mentor", "rounds.", "boards."))] == []
    assert [row for row in left["audit"] if row["deed"].startswith(("mentor", "round.", "points.", "boards."))] == []
    assert copies_of(tmp_path)[:1] == (["before-0003"] if empty_url.startswith("sqlite") else [])


async def test_beside_a_running_pmpath_nothing_is_taken_back(empty_url: str, tmp_path: Path) -> None:
    store = await at(empty_url, HEAD, tmp_path)
    try:
        with pytest.raises(StoreError, match=r"Stop (it|that one) first"):
            await go_back(empty_url, "0005", erase=True)
    finally:
        await store.close()

    await (await at(empty_url, HEAD, tmp_path)).close()


async def test_only_an_earlier_revision_is_gone_back_to(empty_url: str, tmp_path: Path) -> None:
    await (await at(empty_url, HEAD, tmp_path)).close()

    for revision in (HEAD, "9999", "base", "-1"):
        with pytest.raises(StoreError, match=f"can go back to {', '.join(EARLIER)}; {revision} is none of these"):
            await go_back(empty_url, revision, erase=True)


def test_the_changelog_says_which_revision_a_version_has() -> None:
    changes = Path(__file__).parent.parent.parent / "CHANGELOG.md"
    newest = changes.read_text(encoding="utf-8").split("\n## ")[1]
    assert f"Database revision: {HEAD}." in newest


def copies_of(folder: Path) -> list[str]:
    return sorted(copy.name.split(".")[-1][: len("before-0000")] for copy in folder.glob("*.before-*"))


async def no_picture(_sketch: Sketch) -> bytes:
    return b""
