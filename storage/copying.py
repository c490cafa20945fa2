"""A whole database copied into an empty one of either kind: in pages, so that it can be gone on with, then compared."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from storage import address, copy_postgres, faults
from storage.copy_ends import Source, SqliteEnd, State, Target
from storage.errors import StoreError
from storage.lock import FileLock
from storage.shapes import SHAPES, Key, Shape

Told = Callable[[float], None]
SOURCE = "source"
COPYING = 0.7  # what of the way the rows are; the rest is comparing


@dataclass(frozen=True, slots=True)
class Table:
    """One table as it is on both sides."""

    name: str
    rows: int
    digest: str


async def between(source_url: str, target_url: str, told: Told) -> list[Table]:
    """Copies one database into another, both stopped. Goes on where an earlier call was cut off. Raises StoreError."""
    if address.parse(source_url) == address.parse(target_url):
        raise StoreError("A database cannot be copied into itself. Name another one.")
    async with _to_read(source_url) as source, _to_write(target_url) as target:
        return await copy(source, target, told)


async def check_empty(url: str) -> None:
    """Raises StoreError unless a copy can go there."""
    async with _to_write(url):
        pass


async def copy(source: Source, target: Target, told: Told) -> list[Table]:
    """Every row of the source, written and then compared table by table; the target can be used after that."""
    counts, last_ids = await source.counts(), await source.last_ids()
    state = await _begun(target, json.dumps([source.name, counts, last_ids]))
    total = max(1, sum(counts.values()))
    done = sum((await target.counts()).values())
    told(COPYING * done / total)
    for shape in SHAPES:
        async for rows in _pages(source, target, shape, state.get(shape.name)):
            done += rows
            told(COPYING * done / total)
    await target.give_on(last_ids)
    tables = await _compared(source, target, counts, told)
    await target.finish()
    return tables


async def _begun(target: Target, what: str) -> State:
    state = await target.state()
    if state is None:
        state = {SOURCE: what}
        await target.begin(state)
    if state[SOURCE] != what:
        raise StoreError(
            f"{target.name} holds an unfinished copy of something else, or of what this was before it changed. "
            "Delete that file or drop that database, then copy into a new one."
        )
    return state


async def _pages(source: Source, target: Target, shape: Shape, stands: str | None) -> AsyncIterator[int]:
    """How many rows came over, page by page: the next one is read while this one is written."""
    after: Key | None = json.loads(stands) if stands else None
    rows = await source.page(shape, after)
    while rows:
        after = shape.key_of(rows[-1])
        following = asyncio.ensure_future(source.page(shape, after))
        try:
            await target.take(shape, rows, json.dumps(after))
        finally:
            await asyncio.wait([following])
        yield len(rows)
        rows = following.result()


async def _compared(source: Source, target: Target, counts: Mapping[str, int], told: Told) -> list[Table]:
    """Raises StoreError where the two sides differ."""
    total, done, tables = max(1, sum(counts.values())), 0, []
    arrived = await target.counts()
    for shape in SHAPES:
        ours, theirs = await asyncio.gather(source.digest(shape), target.digest(shape))
        if ours != theirs or counts[shape.name] != arrived[shape.name]:
            raise StoreError(
                f"{shape.name} differs after the copy ({counts[shape.name]:,} rows, {arrived[shape.name]:,} arrived). "
                f"Nothing uses {target.name} so; copy again into an empty one."
            )
        tables.append(Table(shape.name, counts[shape.name], ours))
        done += counts[shape.name]
        told(COPYING + (1 - COPYING) * done / total)
    return tables


@asynccontextmanager
async def _to_read(url: str) -> AsyncIterator[Source]:
    match address.parse(url):
        case address.SqliteFile(path):
            faults.check_there(path)
            with FileLock.held(path):
                async with SqliteEnd.to_read(path) as end:
                    yield end
        case address.PostgresServer(server):
            async with copy_postgres.to_read(server, stopped=True) as server_end:
                yield server_end


@asynccontextmanager
async def _to_write(url: str) -> AsyncIterator[Target]:
    match address.parse(url):
        case address.SqliteFile(path):
            faults.check_folder(path)
            with FileLock.held(path):
                async with SqliteEnd.to_write(path) as end:
                    yield end
        case address.PostgresServer(server):
            async with copy_postgres.to_write(server) as server_end:
                yield server_end
