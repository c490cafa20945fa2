"""Disks: full and free again, and not to be written."""

from __future__ import annotations

import resource
import shutil
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from storage import address
from tests.faults import recorder
from tests.faults.audit import Report
from tests.faults.ground import Ground, disk, ended, fill, make_room, may_mount
from tests.faults.server import Server, server

LARGE = 1 << 40


async def full(ground: Ground) -> Report:
    """Full while they write; once there is room again they go on by themselves."""
    if ground.kind == "sqlite":
        return await (_full_disk(ground) if may_mount() else limited(ground))
    with disk() as place, server(place, wal=ground.folder) as own:
        return await _filled(ground, own.url, place, Report("full disk under the server's tables"))


async def _full_disk(ground: Ground) -> Report:
    with disk() as place:
        return await _filled(ground, ground.file(place), place, Report("full disk"))


async def _filled(ground: Ground, url: str, place: Path, report: Report) -> Report:
    async with ground.writers(url) as writers:
        for _time in ground.times():
            await writers.more()
            fill(place)
            await writers.refusal("is full. Make room")
            report.faults += 1
            make_room(place)
            report.seconds.append(await writers.more())
        report.unsaid += [f"exit: {writers.said}"] if await writers.stop() else []
    return await ended(url, report, writers)


async def full_log(ground: Ground) -> Report:
    """The server's own log as well: then the server ends, and comes back when it is started where there is room."""
    report = Report("full disk under the server's log")
    with disk() as place, server(place) as own:
        async with ground.writers(own.url) as writers:
            for _time in ground.times():
                await writers.more()
                fill(place)
                await writers.refusal("PostgreSQL server")
                report.faults += 1
                own.end()
                make_room(place)
                own.start()
                report.seconds.append(await writers.more())
            await writers.stop()
        return await ended(own.url, report, writers)


async def limited(ground: Ground) -> Report:
    """The file may grow no more, as with a quota; needs no right to mount."""
    report, url = Report("a limit on the file's size"), ground.file(ground.folder)
    async with ground.writers(url) as writers:
        for _time in ground.times():
            await writers.more()
            process = writers.process.pid
            largest = max(each.stat().st_size for each in ground.folder.glob("p.sqlite3*"))
            resource.prlimit(process, resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
            await writers.refusal("no more room")
            report.faults += 1
            resource.prlimit(process, resource.RLIMIT_FSIZE, (LARGE, resource.RLIM_INFINITY))
            report.seconds.append(await writers.more())
        await writers.stop()
    return await ended(url, report, writers)


async def read_only(ground: Ground) -> Report:
    """Not to be written from one moment to the next, and again."""
    report = Report("read only")
    if ground.kind == "postgres":
        return await _read_only_server(ground, report)
    if may_mount():
        await _read_only_from_the_start(ground, report)
    if shutil.which("gcc") is None:
        report.refused["(a disk that becomes read only meanwhile is not tried: there is no gcc here)"] += 1
        return report
    url, shim = ground.file(ground.folder), recorder.built(ground.folder)
    async with ground.writers(url, environment=shim.environment()) as writers:
        for _time in ground.times():
            await writers.more()
            shim.refuse("EROFS")
            await writers.refusal("reports a fault")
            report.faults += 1
            shim.refuse(None)
            report.seconds.append(await writers.more())
        await writers.stop()
    return await ended(url, report, writers)


async def _read_only_from_the_start(ground: Ground, report: Report) -> None:
    with disk("ro") as place:
        try:
            await ground.writers(ground.file(place)).start()
        except RuntimeError as refused:
            report.refused[str(refused)] += 1
            report.unsaid += [str(refused)] if "only be read" not in str(refused) else []


async def _read_only_server(ground: Ground, report: Report) -> Report:
    with server() as own:
        async with ground.writers(own.url) as writers:
            for _time in ground.times():
                await writers.more()
                await set_to(own, "default_transaction_read_only", "on")
                await writers.refusal("may only be read")
                report.faults += 1
                await set_to(own, "default_transaction_read_only", "off")
                report.seconds.append(await writers.more())
            await writers.stop()
        return await ended(own.url, report, writers)


async def set_to(own: Server, name: str, value: str) -> None:
    """A setting of the server's, at once."""
    place = address.parse(own.url)
    assert isinstance(place, address.PostgresServer)
    engine = create_async_engine(place.url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("SET default_transaction_read_only = off"))
        await connection.execute(text(f"ALTER SYSTEM SET {name} = '{value}'"))
        await connection.execute(text("SELECT pg_reload_conf()"))
    await engine.dispose()
