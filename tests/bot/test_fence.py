"""Leases before the wire: what begins too late does not go out, and no answer is waited for past the end."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import aiohttp
import pytest
from aiohttp import web

from bot import fence
from bot.clock import real_now
from bot.fence import Lease, TooLate
from bot.surface import Uncertain

LENGTH = dt.timedelta(seconds=60)


@dataclass(slots=True)
class Platform:
    """Notes what reached it; answers once it may."""

    session: aiohttp.ClientSession
    address: str = ""
    reached: list[str] = field(default_factory=list)
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        self.reached.append(request.path)
        await self.answers.wait()
        return web.Response()

    async def send(self, path: str) -> None:
        async with self.session.post(self.address + path):
            pass


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    async with aiohttp.ClientSession(trace_configs=[fence.trace()]) as session:
        made = Platform(session)
        made.answers.set()
        app = web.Application()
        app.router.add_post("/{path:.*}", made.take)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        made.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield made
        made.answers.set()
    await runner.cleanup()


async def test_what_a_stalled_holder_sends_once_its_lease_is_over_does_not_go_out(platform: Platform) -> None:
    lease, minutes = Lease.of(LENGTH), dt.timedelta(minutes=2)
    stood = replace(lease, begun=lease.begun - minutes.total_seconds())
    slept = replace(lease, really_begun=real_now() - minutes)  # as a machine that slept: the loop's clock stood too

    for gone in (stood, slept):
        with fence.held(gone), pytest.raises(TooLate):
            await platform.send("/on-a-new-connection")
    with fence.held(lease):
        await platform.send("/in-time")
    for gone in (stood, slept):
        with fence.held(gone), pytest.raises(TooLate):
            await platform.send("/on-an-old-connection")
    await platform.send("/an-answer-to-a-member")

    assert platform.reached == ["/in-time", "/an-answer-to-a-member"]


async def test_no_answer_by_the_end_of_the_lease_leaves_it_uncertain(platform: Platform) -> None:
    platform.answers.clear()
    lease = Lease.of(dt.timedelta(seconds=0.3))

    with fence.held(lease), pytest.raises(Uncertain):
        await fence.in_time(platform.send("/hangs"))

    assert not lease.may_begin
