"""The line between the bot and PostgreSQL: cut, dead without a word, and back."""

from __future__ import annotations

import asyncio

from tests.faults.audit import Report
from tests.faults.ground import Ground, ended
from tests.faults.proxy import Wire, wire
from tests.faults.server import server
from tests.faults.writers import Writers

FORMS = ("cut", "dead", "dead and forgotten")
REFUSED_WITHIN = 40.0  # seconds; the store gives a unit ten


async def cut(ground: Ground) -> Report:
    """One process behind the line, another that has its own: what the first left open must not stop it for good."""
    report = Report("network cut")
    with server() as own:
        async with (
            wire(own.port) as line,
            ground.writers(own.at(line.port)) as behind,
            ground.writers(own.url) as other,
        ):
            for number in ground.times():
                await asyncio.gather(behind.more(), other.more())
                await asyncio.sleep(ground.moment(0.2))
                report.seconds.append(await _cut(FORMS[number % len(FORMS)], line, behind, other))
                report.faults += 1
            await asyncio.gather(behind.stop(), other.stop())
        return await ended(own.url, report, behind, other)


async def _cut(form: str, line: Wire, behind: Writers, other: Writers) -> float:
    """The seconds until the process behind the line goes on after it is back."""
    if form == "cut":
        line.cut()
    else:
        line.die()
    await behind.refusal("PostgreSQL server", REFUSED_WITHIN)
    await other.more()
    line.come_back(forgetting=form == "dead and forgotten")
    return await behind.more()
