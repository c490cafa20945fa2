"""Pages that do not read, send what no page sends, or are too many: each is bounded, and the others go on."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.web.limits import AT_ONCE_MAX, MESSAGE_BYTES_MAX, SOCKETS_MAX
from bot.web.sessions import Session, Sessions
from tests.bot.web.conftest import Room

LIMIT_SECONDS = 30.0
FRAMES = (
    "[" * 100_000,
    '{"a":' * 40_000,
    "9" * 5_000,
    "NaN",
    "[]",
    '{"kind": ["run"], "id": "a", "person": "kim"}',
    '{"kind": "run", "id": "a", "person": "kim", "place": {}}',
    '{"kind": "run", "id": "a", "person": "kim", "post": 1}',
    '{"kind": "run", "id": "__proto__\\n", "person": "kim"}',
    '{"kind": "run", "id": "a", "person": "nobody"}',
    json.dumps({"kind": "press", "id": "a", "person": "kim", "words": "x" * 101}),
    '{"kind": "clock", "id": "a", "person": "kim", "words": "day 99999999999999999999x"}',
    json.dumps({"kind": "form", "id": "a", "person": "kim", "values": {"words": ["x" * 8_001]}}),
    '{"kind": "form", "id": "a", "person": "kim", "values": {"words": "secret"}}',
    json.dumps({"kind": "form", "id": "a", "person": "kim", "values": {str(each): [] for each in range(31)}}),
)


async def test_what_no_page_sends_is_refused_in_words_and_the_page_goes_on(room: Room) -> None:
    page = await room.page()
    with capture_logs() as logged:
        async with aiohttp.ClientSession(headers={"Origin": room.address}) as client:
            chat = await client.ws_connect(f"{room.address}/chat?session=odd")
            for frame in FRAMES:
                await chat.send_str(frame)
                assert await chat.receive_json(timeout=LIMIT_SECONDS) == {"kind": "unreadable"}, frame[:80]
            await chat.send_str("x" * (MESSAGE_BYTES_MAX + 1))
            assert (await chat.receive(timeout=LIMIT_SECONDS)).type is aiohttp.WSMsgType.CLOSE
            assert chat.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG

    assert (await page.run("counted")).title.startswith("Counted 1")
    assert [line["event"] for line in logged if line["log_level"] != "info"] == ["page.unreadable"], "once a minute"
    assert "secret" not in str(logged)


@pytest.mark.parametrize("sign", ["\x00", "\ud800"], ids=["nul", "half"])
async def test_what_no_database_keeps_comes_to_nothing_worse_than_a_no(room: Room, sign: str) -> None:
    async with aiohttp.ClientSession(headers={"Origin": room.address}) as client:
        chat = await client.ws_connect(f"{room.address}/chat?session=odd")
        await chat.send_json({"kind": "run", "id": "a", "person": "kim", "words": f"no{sign}where"})
        assert "no command" in (await chat.receive_json(timeout=LIMIT_SECONDS))["html"]


async def test_a_page_is_answered_so_much_at_once_and_the_rest_waits_where_it_comes_from(room: Room) -> None:
    frames = 4 * AT_ONCE_MAX
    await room.stop()
    room.patience = LIMIT_SECONDS  # what is answered with a "wait" has been answered
    await room.start()
    async with aiohttp.ClientSession(headers={"Origin": room.address}) as client:
        chat = await client.ws_connect(f"{room.address}/chat?session=floods")
        for number in range(frames):
            await chat.send_json({"kind": "run", "id": f"r{number}", "person": "kim", "words": "slow"})
        async with asyncio.timeout(LIMIT_SECONDS):
            await room.samples.begun.wait()
        await (await room.page("ada")).run("counted")
        assert room.samples.runs <= AT_ONCE_MAX + 1
        room.samples.gate.set()
        answers = 0
        while answers < frames:
            answers += (await chat.receive_json(timeout=LIMIT_SECONDS))["kind"] == "answer"


async def test_a_page_that_does_not_read_is_cut_off_and_the_others_do_not_wait_for_it() -> None:
    sessions = Sessions()
    deaf, heard = Session("deaf", send_seconds=0.2), sessions.of("heard")
    sessions._sessions["deaf"] = deaf  # noqa: SLF001 - one that gives up sooner
    cut = asyncio.Event()

    async def chat(request: web.Request) -> web.WebSocketResponse:
        answer = web.WebSocketResponse()
        await answer.prepare(request)
        (deaf if "deaf" in request.query else heard).connect(answer, request.transport)
        await answer.receive()
        if "deaf" in request.query:
            cut.set()
        return answer

    application = web.Application()
    application.router.add_get("/chat", chat)
    runner = web.AppRunner(application, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    try:
        async with aiohttp.ClientSession() as client, asyncio.timeout(LIMIT_SECONDS):
            reads_nothing = await client.ws_connect(f"http://{host}:{port}/chat?deaf=1", max_msg_size=0)
            hears = await client.ws_connect(f"http://{host}:{port}/chat", max_msg_size=0)
            while not cut.is_set():
                sending = asyncio.ensure_future(sessions.send_all({"html": "x" * 1_000_000}))
                await hears.receive()
                await sending
            assert not deaf.is_open
            assert not reads_nothing.closed, "it was not its own doing"
    finally:
        await runner.cleanup()


async def test_pages_are_so_many_and_then_it_is_said_that_there_are_too_many(room: Room) -> None:
    async with AsyncExitStack() as stack:
        connector = aiohttp.TCPConnector(limit=0)
        client = await stack.enter_async_context(
            aiohttp.ClientSession(headers={"Origin": room.address}, connector=connector)
        )
        address = f"{room.address}/chat?session=one"
        pages = [await client.ws_connect(address) for _ in range(SOCKETS_MAX)]
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await client.ws_connect(address)
        assert refused.value.status == 503
        await pages[0].close()
        assert await _finds_room(client, address)


async def _finds_room(client: aiohttp.ClientSession, address: str) -> bool:
    async with asyncio.timeout(LIMIT_SECONDS):
        while True:
            try:
                await client.ws_connect(address)
            except aiohttp.WSServerHandshakeError:
                await asyncio.sleep(0.01)
            else:
                return True
