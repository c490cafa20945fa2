"""`make audit` against an osv.dev on 127.0.0.1: what is known is told, and silence is never taken for good news."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from tests.audit import LOCK, NONE, NOT_LEARNT, PIN, SOME, Outcome, audit

HASH = "--hash=sha256:" + "0" * 64
SMALL = f"aiohttp==3.0.0 \\\n    {HASH}\nonly-elsewhere==1.0 ; python_full_version < '3' \\\n    {HASH}\n    # via aiohttp\n"
WEAK = {"vulns": [{
    "id": "PYSEC-2000-1", "summary": "It is weak.",
    "affected": [{"package": {"name": "aiohttp", "ecosystem": "PyPI"},
                  "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.0.1"}]}]}],
}]}  # fmt: skip


@asynccontextmanager
async def osv(weak: str | None, *, status: int = 200) -> AsyncIterator[tuple[str, list[str]]]:
    """Its address, and whom it was asked about."""
    asked: list[str] = []

    async def query(request: web.Request) -> web.Response:
        asked.append(json.loads(await request.read())["package"]["name"])
        return web.json_response(WEAK if asked[-1] == weak else {}, status=status)

    app = web.Application()
    app.router.add_post("/v1/query", query)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1/query", asked
    finally:
        await runner.cleanup()


async def of(lock: str, service: str) -> Outcome:
    return await asyncio.to_thread(audit, lock, service=service)


async def test_a_weakness_is_named_with_the_version_that_mends_it() -> None:
    async with osv("aiohttp") as (service, _asked):
        outcome = await of(SMALL, service)

    assert outcome.code == SOME
    assert outcome.lines[0] == "aiohttp 3.0.0: PYSEC-2000-1, mended in 3.0.1"


async def test_every_locked_package_is_asked_about_for_whichever_python_it_is() -> None:
    lock = LOCK.read_text("utf-8")
    async with osv(None) as (service, asked):
        outcome = await of(lock, service)

    assert outcome.code == NONE
    assert len(asked) == len(PIN.findall(lock)) > len(set(asked)) > 20


@pytest.mark.parametrize("status", [None, 500], ids=["nobody there", "ill"])
async def test_without_an_answer_it_says_that_nothing_was_audited(status: int | None) -> None:
    async with osv(None, status=status or 200) as (service, _asked):
        outcome = await of(SMALL, service if status else "http://127.0.0.1:9/v1/query")

    assert outcome.code == NOT_LEARNT
    assert outcome.lines[-1].startswith("Nothing was audited: osv.dev could not be asked.")
