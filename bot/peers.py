"""Who is at the other end of a request, proxies seen through; and how often such a one may be wrong."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from commands.kit.allowance import Tally
from commands.kit.bucket import Buckets

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
WRONG_AT_ONCE, WRONG_A_SECOND = 60, 0.5  # a secret that was mistyped is still heard of; a guesser is not served
ASKED_AT_ONCE, ASKED_A_SECOND = 30, 0.5  # a company's people behind one address, on the day of an announcement
PEERS_MAX = 10_000
TOO_OFTEN = "Too many requests from your address. Wait a minute. 来自你的地址的请求太多了，请等一分钟再试。\n"


def peer_of(request: web.BaseRequest) -> str:
    """The address that a request comes from, as a network.

    X-Forwarded-For is believed only of a proxy of our own, which is one with a private address, and of it only
    the last entry that is none of ours: what stands before that, the caller may have written.
    """
    peer = request.transport.get_extra_info("peername") if request.transport else None
    seen = str(peer[0]) if isinstance(peer, tuple) else ""
    said = [entry.strip() for line in request.headers.getall("X-Forwarded-For", ()) for entry in line.split(",")]
    while said and _is_ours(seen):
        seen = said.pop()
    return network_of(seen)


def network_of(address: str) -> str:
    """What one subscriber has: an address, of IPv6 its /64. As it is where it is no address."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def unless_often_wrong(handler: Handler, wrong: Buckets[str] | None = None) -> Handler:
    """The handler, until an address has been told too often that it may not; then it is told so unread.

    `wrong` is what several handlers count together.
    """
    wrong = wrongs() if wrong is None else wrong
    refused = Tally("route.refused")

    async def sparing(request: web.Request) -> web.StreamResponse:
        peer, now = peer_of(request), asyncio.get_running_loop().time()
        if not wrong.has(peer, now):
            refused.count("often_wrong")
            return _too_often()
        try:
            answer = await handler(request)
        except (web.HTTPUnauthorized, web.HTTPForbidden):
            wrong.take(peer, now)
            raise
        if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            wrong.take(peer, now)
        return answer

    return sparing


def wrongs() -> Buckets[str]:
    """How often an address may be wrong."""
    return Buckets[str](WRONG_AT_ONCE, WRONG_A_SECOND, PEERS_MAX)


def unless_guessed(handler: Handler, wrong: Buckets[str]) -> Handler:
    """As `unless_often_wrong`, of those who bring a key in a header; a browser without one is only asked for it."""
    sparing = unless_often_wrong(handler, wrong)

    async def chosen(request: web.Request) -> web.StreamResponse:
        return await (sparing if "Authorization" in request.headers else handler)(request)

    return chosen


def unless_often(handler: Handler) -> Handler:
    """The handler for so many requests of an address as people send; for pages that anybody may open."""
    asked = Buckets[str](ASKED_AT_ONCE, ASKED_A_SECOND, PEERS_MAX)
    refused = Tally("route.refused")

    async def sparing(request: web.Request) -> web.StreamResponse:
        if asked.take(peer_of(request), asyncio.get_running_loop().time()):
            return await handler(request)
        refused.count("often")
        return _too_often()

    return sparing


def _too_often() -> web.Response:
    return web.Response(status=HTTPStatus.TOO_MANY_REQUESTS, text=TOO_OFTEN, headers={"Retry-After": "60"})


def _is_ours(address: str) -> bool:
    try:
        return not ipaddress.ip_address(address.partition("%")[0]).is_global
    except ValueError:
        return False
