"""The page's own connection under the access rule, alone and through nginx."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from bot.access import COOKIE, Access
from tests.bot.test_server import USUAL, nginx
from tests.bot.web.conftest import Room

KEY = "a long random word"


@pytest.fixture
def access() -> Access:
    return Access(KEY, always=False)


async def connect(address: str, **headers: str) -> int:
    """The status that an attempt to open the chat gets; 101 is open."""
    async with aiohttp.ClientSession() as client:
        try:
            socket = await client.ws_connect(f"{address}/chat?session=a", headers=headers)
        except aiohttp.WSServerHandshakeError as refused:
            return refused.status
        await socket.close()
        return 101


async def test_our_own_page_may_connect(room: Room) -> None:
    assert await connect(room.address, Origin=room.address) == 101


@pytest.mark.parametrize("origin", ["http://evil.test", "http://127.0.0.1:1", "null", "https://localhost"])
async def test_another_sites_page_may_not_connect(room: Room, origin: str) -> None:
    assert await connect(room.address, Origin=origin) == 403


async def test_without_an_origin_nobody_may_connect(room: Room) -> None:
    assert await connect(room.address) == 403


async def test_a_rebound_name_may_not_connect(room: Room) -> None:
    host = f"evil.test:{room.port}"

    assert await connect(room.address, Origin=f"http://{host}", Host=host) == 401


async def test_from_elsewhere_the_cookie_connects(room: Room) -> None:
    away = {"Origin": "https://pm.example.org", "Host": "pm.example.org"}
    async with (
        aiohttp.ClientSession() as browser,
        browser.post(f"{room.address}/key", data={"key": KEY}, headers=away, allow_redirects=False) as opened,
    ):
        cookie = opened.cookies[COOKIE].value

    assert await connect(room.address, **away) == 401
    assert await connect(room.address, **away, Cookie=f"{COOKIE}={cookie}") == 101
    assert await connect(room.address, **{**away, "Origin": "https://evil.test"}, Cookie=f"{COOKIE}={cookie}") == 403


async def test_through_nginx_the_whole_page_works_with_the_key(room: Room, tmp_path: Path) -> None:
    async with nginx(tmp_path, room.address.removeprefix("http://"), USUAL) as outside:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            async with browser.post(f"{outside}/key", data={"key": KEY}, headers={"Origin": outside}) as opened:
                assert "<title>pmpath</title>" in await opened.text()
            cookie = next(each.value for each in browser.cookie_jar if each.key == COOKIE)
        page = await room.page(connected=False)
        page.address = outside
        page.headers = {"Cookie": f"{COOKIE}={cookie}"}
        async with page:
            assert (await page.run("counted")).title == "Counted 1 for Kim O’Hara-Lindqvist"


async def test_a_stopping_program_takes_no_new_page(room: Room) -> None:
    await room.surface.close()

    assert await connect(room.address, Origin=room.address) == 503
