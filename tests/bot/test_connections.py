"""Clients that are slow, many or malformed: each ends in time, and others are served meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from bot.access import Access
from bot.connections import Bounds, Connections
from bot.peers import ASKED_AT_ONCE, WRONG_AT_ONCE, unless_often, unless_often_wrong
from bot.server import BODY_MAX, Route, Server
from bot.web.door import Door
from content.load import Content

HURRIED = Bounds(idle=0.3, kept=0.3, body=0.3)
USUAL = Bounds(idle=60.0, body=60.0)
LIMIT_SECONDS = 30.0
KEPT = "GET /healthz HTTP/1.1\r\nHost: pm.example.org\r\n\r\n"  # and then no more
HEAD = "POST /slack/events HTTP/1.1\r\nHost: pm.example.org\r\n"


async def says_no(request: web.Request) -> web.Response:
    if await request.read():
        raise web.HTTPUnauthorized
    return web.Response()


async def inside(_request: web.Request) -> web.Response:
    return web.Response(text="inside")


@asynccontextmanager
async def serving(content: Content, bounds: Bounds) -> AsyncIterator[tuple[str, int]]:
    door = Door(Access(None, always=False), content.catalogue)
    routes = (
        *door.routes,
        Route("GET", "/", inside),
        Route("GET", "/install", inside, guarded=False, limit=unless_often),
        Route("POST", "/slack/events", says_no, guarded=False, limit=unless_often_wrong),
    )

    async def ready(*_about: object) -> str | None:
        return None

    server = Server("127.0.0.1", 0, gate=door.gate, routes=routes, missing=ready, bounds=bounds)
    await server.start()
    parts = urlsplit(server.address)
    try:
        yield str(parts.hostname), int(parts.port or 0)
    finally:
        await server.close()


async def said(address: tuple[str, int], words: str | bytes) -> bytes:
    """All that the server says until it closes the connection."""
    reader, writer = await asyncio.open_connection(*address)
    writer.write(words if isinstance(words, bytes) else words.encode("latin-1"))
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def status(address: tuple[str, int], words: str | bytes) -> int:
    """The status that one request gets, on a connection of its own."""
    answer = await said(address, words)
    return int(answer.split(b" ", 2)[1]) if answer else 0


async def until(address: tuple[str, int], words: str, expected: int) -> bool:
    """Whether it is answered so in the end, however quick the machine is."""
    async with asyncio.timeout(LIMIT_SECONDS):
        while await status(address, words) != expected:
            pass
    return True


def asks(line: str = "GET / HTTP/1.1", *headers: str) -> str:
    return "\r\n".join((line, "Host: 127.0.0.1", "Connection: close", *headers, "", ""))


@pytest.mark.parametrize("sends", ["", "GET / HTT", HEAD + "X-Slow: ", f"{HEAD}Content-Length: 9\r\n\r\nabc", KEPT])
async def test_who_never_comes_to_an_end_is_cut_off(content: Content, sends: str) -> None:
    async with serving(content, HURRIED) as address:
        answer = await said(address, sends)

    assert not answer or b" 408 " in answer or answer.endswith(b"ok\n")


async def test_one_too_many_is_told_so_and_the_next_finds_room(content: Content) -> None:
    bounds = replace(USUAL, altogether=4)
    async with serving(content, bounds) as address:
        held = [await asyncio.open_connection(*address) for _ in range(4)]
        assert await status(address, "") == 503
        for _reader, writer in held:
            writer.close()
        assert await until(address, asks(), 200)


async def test_an_address_of_the_internet_has_a_part_of_the_connections_and_a_proxy_all() -> None:
    connections = Connections(Bounds(altogether=10, one_peer=2))

    assert [connections.enter("8.8.8.8") for _ in range(3)] == [True, True, False]
    assert [connections.enter("127.0.0.1") for _ in range(3)] == [True, True, True]
    assert [connections.enter("2a00:1450:4001:81b::/64") for _ in range(3)] == [True, True, False]
    connections.leave("8.8.8.8")
    connections.leave("8.8.8.8")
    assert connections.enter("8.8.8.8")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (asks("TRACE / HTTP/1.1"), 405),
        (asks("DELETE /healthz HTTP/1.1"), 405),
        (asks("GET /page/..%2f..%2fserver.py HTTP/1.1"), 404),
        (asks("GET /page/../../etc/passwd HTTP/1.1"), 404),
        (asks("GET /page/page.css HTTP/1.1", "Range: bytes=0-1,5-2,-9999999999"), 200),
        (asks("GET /page/page.css HTTP/1.1", 'If-None-Match: ",,,\x80'), 200),
        (asks("GET / HTTP/1.1", "X-Long: " + "x" * 9_000), 400),
        (asks("GET / HTTP/1.1", *(f"X-{each}: x" for each in range(200))), 400),
        (asks("GET / HTTP/1.1", "Transfer-Encoding: chunked", "Content-Length: 5"), 400),
        (asks(f"GET /{'x' * 9_000} HTTP/1.1"), 400),
        (asks("GET / HTTP/1.1", "X: \x00"), 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (asks("POST /slack/events HTTP/1.1", f"Content-Length: {BODY_MAX + 9}") + "x" * (BODY_MAX + 9), 413),
        (asks("POST /key HTTP/1.1", "Content-Length: 9", "Content-Encoding: gzip") + "\x00" * 9, 401),
    ],
)
async def test_what_no_browser_sends_is_refused_plainly(content: Content, words: str | bytes, expected: int) -> None:
    async with serving(content, USUAL) as address:
        answer = await said(address, words)

    assert int(answer.split(b" ", 2)[1]) == expected, answer[:300]
    assert b"Traceback" not in answer


async def test_who_is_often_wrong_is_no_longer_looked_at_and_others_are(content: Content) -> None:
    def events(words: str, *headers: str) -> str:
        return asks("POST /slack/events HTTP/1.1", f"Content-Length: {len(words)}", *headers) + words

    async with serving(content, USUAL) as address:
        there = "X-Forwarded-For: 9.9.9.9, 8.8.8.8"
        assert [await status(address, events("forged", there)) for _ in range(WRONG_AT_ONCE)] == [401] * WRONG_AT_ONCE
        assert await until(address, events("forged", there), 429)
        assert await until(address, events("forged", "X-Forwarded-For: 1.2.3.4, 8.8.8.8"), 429), (
            "what it says of itself"
        )
        assert await status(address, events("", "X-Forwarded-For: 9.9.9.9")) == 200, "nor does that hurt others"
        assert await status(address, events("", "X-Forwarded-For: 8.8.8.8, 9.9.9.9")) == 200, "the proxy's word counts"
        assert await status(address, events("")) == 200


async def test_a_page_that_anybody_may_open_is_opened_as_often_as_people_do(content: Content) -> None:
    async with serving(content, USUAL) as address:
        asked = asks("GET /install HTTP/1.1")
        assert [await status(address, asked) for _ in range(ASKED_AT_ONCE)] == [200] * ASKED_AT_ONCE
        assert await until(address, asked, 429)
