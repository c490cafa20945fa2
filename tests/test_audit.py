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
SMALL = f"aiohttp==3.0.0 \\\n    {HASH}\n"
WEAK = {"vulns": [{
    "id": "PYSEC-2000-1", "summary": "It is weak.",
    "affected": [{"package": {"name": "aiohttp", "ecosystem": "PyPI"},
                  "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.0.1"}]}]}],
}]}  # fmt: skip


@asynccontextmanager
async def osv(weak: str | None) -> AsyncIterator[tuple[str, list[str]]]:
    """Its address, and whom it was asked about."""
    asked: list[str] = []

    async def query(request: web.Request) -> web.Response:
        asked.append(json.loads(await request.read())["package"]["name"])
        return web.json_response(WEAK if asked[-1] == weak else {})

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


@pytest.mark.slow
async def test_every_locked_package_is_asked_about_and_a_weakness_named_with_what_mends_it() -> None:
    """Also what is locked for another Python or system than this one."""
    lock = LOCK.read_text("utf-8")
    async with osv("aiohttp") as (service, asked):
        outcome = await of(lock, service)

    assert len(asked) == len(PIN.findall(lock)) > len(set(asked)) > 20
    assert outcome.code == SOME
    assert outcome.lines[0].startswith("aiohttp ")
    assert outcome.lines[0].endswith(": PYSEC-2000-1, mended in 3.0.1")
    assert len(outcome.lines) == 2


@pytest.mark.slow
async def test_good_news_is_only_what_was_answered() -> None:
    async with osv(None) as (service, _asked):
        assert (await of(SMALL, service)).code == NONE
    unheard = await of(SMALL, "http://127.0.0.1:9/v1/query")

    assert unheard.code == NOT_LEARNT
    assert unheard.lines[-1].startswith("Nothing was audited: osv.dev could not be asked.")
