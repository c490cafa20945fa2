"""Ends of processes: kill -9 of the bot, kill -9 of the database server, SIGTERM, and two that share a database."""

from __future__ import annotations

import asyncio
import time

from tests.faults.audit import Report
from tests.faults.ground import Ground, ended
from tests.faults.server import server
from tests.faults.writers import MORE, Writers

LIFE = 0.25  # seconds, at most, that a writer lives once it has begun to write


async def killed(ground: Ground) -> Report:
    """The bot, at a random moment; then it starts again on what is there."""
    report = Report("kill -9 of the bot")
    with ground.database() as url:
        writers = ground.writers(url)
        await writers.start()
        for _kill in ground.times():
            await writers.more(1)
            await asyncio.sleep(ground.moment(LIFE))
            await writers.kill()
            report.faults += 1
            began = time.monotonic()
            await ended(url, report, writers)
            if report.faulty:
                return report
            await writers.start()
            await writers.more(1)
            report.seconds.append(time.monotonic() - began)
        await writers.kill()
        return await ended(url, report, writers)


async def server_killed(ground: Ground) -> Report:
    """The server with all of its own; the bot lives on, and finds the next one by itself."""
    report = Report("kill -9 of the database server")
    with server() as own:
        async with ground.writers(own.url) as writers:
            for _kill in ground.times():
                await writers.more()
                await asyncio.sleep(ground.moment(LIFE))
                own.kill()
                report.faults += 1
                await writers.refusal("PostgreSQL server")
                await asyncio.to_thread(own.start)
                report.seconds.append(await writers.more())
            await writers.stop()
        return await ended(own.url, report, writers)


async def drained(ground: Ground) -> Report:
    """What was taken is done; the process ends by itself and leaves a tidy file."""
    report = Report("SIGTERM")
    with ground.database() as url:
        writers = ground.writers(url)
        for _stop in ground.times():
            await writers.start()
            await writers.more(MORE)
            await asyncio.sleep(ground.moment(LIFE))
            began = time.monotonic()
            await _stopped(writers, ground, report)
            report.seconds.append(time.monotonic() - began)
            report.faults += 1
            await ended(url, report, writers)
        return report


async def shared(ground: Ground) -> Report:
    """A second process: on a file it is refused, on a server both write for the same members and one is killed."""
    report = Report("two processes")
    with ground.database() as url:
        async with ground.writers(url) as writers:
            other = ground.writers(url)
            for _process in ground.times():
                await writers.more()
                try:
                    await other.start()
                except RuntimeError as refused:
                    report.refused[str(refused)] += 1
                    report.unsaid += [str(refused)] if "already using" not in str(refused) else []
                else:
                    report.unsaid += ["a file is shared"] if ground.kind == "sqlite" else []
                    await other.more()
                    await asyncio.sleep(ground.moment(LIFE))
                    await other.kill()
                report.faults += 1
            await _stopped(writers, ground, report)
        return await ended(url, report, writers, other)


async def _stopped(writers: Writers, ground: Ground, report: Report) -> None:
    code = await writers.stop()
    report.unsaid += [f"exit code {code}: {writers.said}"] if code or writers.said else []
    report.torn += [f"{each.name} is left" for each in ground.folder.glob("*-wal")]
