"""The one HTTP server: the access rule over real connections, nginx among them, and what it says of itself."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.access import COOKIE, Access
from bot.peers import WRONG_AT_ONCE
from bot.server import HEADERS, Route, Server
from bot.web.door import Door
from content.load import Content
from tests.conftest import Faults
from tests.program import free_port

KEY = "a long random word"
PAGE = {"Accept": "text/html"}
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


async def inside(_request: web.Request) -> web.Response:
    return web.Response(text="inside")


async def breaks(_request: web.Request) -> web.Response:
    raise RuntimeError("broken on purpose")


@asynccontextmanager
async def serving(
    content: Content, access: Access, *, page: bool = True, missing: str | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[Server]:
    door = Door(access, content.catalogue)

    async def says(_platform: str | None) -> str | None:
        return missing

    routes = (
        *door.routes,
        *((Route("GET", "/", inside),) if page else door.off),
        Route("GET", "/metrics", inside),
        Route("GET", "/breaks", breaks),
        Route("POST", "/slack/events", inside, guarded=False),
    )
    server = Server(host, 0, gate=door.gate, routes=routes, missing=says)
    await server.start()
    try:
        yield server
    finally:
        await server.close()


async def get(address: str, path: str = "/", **headers: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as client, client.get(address + path, headers=headers) as answer:
        return answer.status, await answer.text()


async def test_on_this_machine_the_page_is_open(content: Content) -> None:
    async with serving(content, Access(None, always=False)) as server:
        assert await get(server.address) == (200, "inside")


async def test_another_host_name_finds_the_page_closed_with_a_sentence(content: Content) -> None:
    async with serving(content, Access(None, always=False)) as server:
        status, html = await get(server.address, **PAGE, Host="pm.example.org")

    assert status == 403
    assert "PMPATH_ACCESS_KEY opens it to others." in html


async def test_the_sentence_is_in_the_browsers_language(content: Content) -> None:
    async with serving(content, Access(None, always=False)) as server:
        _status, html = await get(
            server.address, **PAGE, Host="pm.example.org", **{"Accept-Language": "fr, zh-CN;q=0.8, en;q=0.5"}
        )

    assert '<html lang="zh-Hans">' in html


async def test_another_address_needs_the_key_once(content: Content) -> None:
    async with serving(content, Access(KEY, always=False)) as server, aiohttp.ClientSession() as browser:
        away = {"Host": "pm.example.org", **PAGE}
        async with browser.get(server.address, headers=away) as asked:
            assert asked.status == 401
            assert 'type="password"' in await asked.text()
        async with browser.post(
            f"{server.address}/key", data={"key": KEY}, headers=away, allow_redirects=False
        ) as opened:
            assert (opened.status, opened.headers["Location"]) == (303, "/")
            cookie = opened.cookies[COOKIE]
        carried = {**away, "Cookie": f"{COOKIE}={cookie.value}"}
        async with browser.get(server.address, headers=carried) as answer:
            assert await answer.text() == "inside"

    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert KEY not in cookie.value


async def test_the_cookie_stays_on_encrypted_connections_where_there_is_one(content: Content) -> None:
    async with serving(content, Access(KEY, always=False)) as server, aiohttp.ClientSession() as browser:
        headers = {"Host": "pm.example.org", "X-Forwarded-Proto": "https"}
        async with browser.post(
            f"{server.address}/key", data={"key": KEY}, headers=headers, allow_redirects=False
        ) as opened:
            assert opened.cookies[COOKIE]["secure"]


async def test_a_wrong_key_is_said_to_be_wrong_and_many_are_slowed_down(content: Content) -> None:
    statuses = []
    async with serving(content, Access(KEY, always=False)) as server, aiohttp.ClientSession() as browser:
        for _ in range(31):
            async with browser.post(f"{server.address}/key", data={"key": "wrong"}, headers=PAGE) as answer:
                statuses.append(answer.status)
                said = await answer.text()

    assert statuses == [401] * 30 + [429]
    assert "Too many wrong keys." in said


async def test_keys_guessed_in_a_header_are_slowed_down_and_a_browser_is_still_asked(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    # two seconds are short
    monkeypatch.setattr("bot.peers.WRONG_A_SECOND", 1e-6)

    def away(from_: str, **headers: str) -> dict[str, str]:
        return {"Host": "pm.example.org", "X-Forwarded-For": from_, **headers}

    async with serving(content, Access(KEY, always=False)) as server, aiohttp.ClientSession() as client:

        async def status(headers: dict[str, str], path: str = "/") -> int:
            async with client.get(server.address + path, headers=headers) as answer:
                return answer.status

        wrong = [await status(away("8.8.8.8", Authorization=f"Bearer {n}")) for n in range(WRONG_AT_ONCE + 9)]
        right = {"Authorization": f"Bearer {KEY}"}

        assert (wrong[0], wrong[-1]) == (401, 429)
        assert await status(away("8.8.8.8", **right)) == 429
        assert await status(away("8.8.8.8", **right), "/metrics") == 429
        assert await status(away("8.8.8.8")) == 401
        assert await status(away("9.9.9.9", **right)) == 200


@pytest.mark.parametrize("says", [{"Origin": "https://evil.test"}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}])
async def test_another_sites_form_cant_send_a_key(content: Content, says: dict[str, str]) -> None:
    async with serving(content, Access(KEY, always=False)) as server, aiohttp.ClientSession() as browser:
        headers = {"Host": "pm.example.org", **says}
        async with browser.post(f"{server.address}/key", data={"key": KEY}, headers=headers) as answer:
            assert answer.status == 403


async def test_beside_a_platform_the_key_is_always_asked_for(content: Content) -> None:
    async with serving(content, Access(KEY, always=True)) as server:
        assert (await get(server.address))[0] == 401
        assert await get(server.address, Authorization=f"Bearer {KEY}") == (200, "inside")


async def test_a_page_that_is_off_says_how_to_bring_it_back(content: Content) -> None:
    async with serving(content, Access(None, always=True), page=False) as server:
        status, said = await get(server.address)

    assert status == 404
    assert "PMPATH_WEB=on brings the page back." in said


async def test_metrics_follow_the_pages_rule(content: Content) -> None:
    async with serving(content, Access(KEY, always=True), page=False) as server:
        assert (await get(server.address, "/metrics"))[0] == 401
        assert (await get(server.address, "/metrics", Authorization=f"Bearer {KEY}"))[0] == 200


async def test_what_platforms_and_monitors_call_needs_no_key(content: Content) -> None:
    async with serving(content, Access(None, always=True), page=False) as server, aiohttp.ClientSession() as client:
        async with client.post(f"{server.address}/slack/events", headers={"Host": "pm.example.org"}) as answer:
            assert answer.status == 200
        assert await get(server.address, "/healthz", Host="pm.example.org") == (200, "ok\n")
        assert await get(server.address, "/readyz", Host="pm.example.org") == (200, "ready\n")


@pytest.mark.parametrize(
    "header",
    [b"Authorization: Bearer \xff", b"Cookie: pmpath_key=99999999999.\xc3\xa9", b"Cookie: pmpath_key=99999999999.\xff"],
)
async def test_a_key_that_is_no_text_is_a_wrong_one(content: Content, header: bytes) -> None:
    async with serving(content, Access(KEY, always=True)) as server:
        assert await sent(server, b"GET / HTTP/1.1\r\n" + header) == 401


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Type: application/x-www-form-urlencoded; charset=nope",
        b"Content-Type: application/x-www-form-urlencoded; charset=utf-8",
        b"Content-Type: multipart/form-data",
        b"Content-Type: multipart/form-data; boundary=x",
    ],
)
async def test_a_form_that_cannot_be_read_has_a_wrong_key(content: Content, header: bytes) -> None:
    async with serving(content, Access(KEY, always=True)) as server:
        assert await sent(server, b"POST /key HTTP/1.1\r\n" + header, b"key=\xff") == 401


async def sent(server: Server, head: bytes, body: bytes = b"") -> int:
    """The status of a request that no browser and no library would send."""
    host, port = server.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head += f"\r\nHost: {host}:{port}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    writer.write(head + body)
    answer = await reader.read()
    writer.close()
    return int(answer.split(b" ", 2)[1])


async def test_a_fault_of_ours_is_logged_with_the_reference_that_is_answered(content: Content, faults: Faults) -> None:
    async with serving(content, Access(None, always=False)) as server:
        status, said = await get(server.address, "/breaks")

    entry = faults.entries.pop()
    assert status == 500
    assert f"Reference {entry['reference']}" in said
    assert f"编号 {entry['reference']}" in said
    assert "broken on purpose" in entry["exception"]
    assert "broken on purpose" not in said


async def test_readyz_names_what_is_missing(content: Content) -> None:
    async with serving(content, Access(None, always=False), missing="Discord's gateway") as server:
        assert await get(server.address, "/readyz") == (503, "not ready: Discord's gateway\n")
        assert (await get(server.address, "/healthz"))[0] == 200


@pytest.mark.parametrize("path", ["/", "/healthz", "/page/page.css", "/nothing"])
async def test_every_answer_carries_the_protecting_headers(content: Content, path: str) -> None:
    async with (
        serving(content, Access(None, always=False)) as server,
        aiohttp.ClientSession() as client,
        client.get(server.address + path) as answer,
    ):
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


async def test_an_asset_the_browser_has_is_not_sent_again(content: Content) -> None:
    async with serving(content, Access(None, always=True)) as server, aiohttp.ClientSession() as client:
        async with client.get(f"{server.address}/page/page.js") as first:
            assert first.content_type == "text/javascript"
        async with client.get(
            f"{server.address}/page/page.js", headers={"If-None-Match": first.headers["ETag"]}
        ) as second:
            assert second.status == 304


@pytest.mark.parametrize("name", ["page.html", "..%2fclient.py", "%2e%2e/render.py", "page.css/x", ""])
async def test_only_assets_are_served(content: Content, name: str) -> None:
    async with serving(content, Access(None, always=False)) as server:
        assert (await get(server.address, f"/page/{name}"))[0] == 404


async def test_a_port_in_use_is_an_error_at_start(content: Content) -> None:
    async with serving(content, Access(None, always=False)) as server:
        port = int(server.address.rpartition(":")[2])
        door = Door(Access(None, always=False), content.catalogue)
        second = Server("127.0.0.1", port, gate=door.gate, routes=(), missing=_nothing)
        with pytest.raises(OSError, match="address already in use"):
            await second.start()


async def _nothing(_platform: str | None) -> str | None:
    return None


BARE = 'proxy_pass http://{backend}; proxy_http_version 1.0; proxy_set_header Connection "close";'  # 1.29.6's default
USUAL = """
    proxy_pass http://{backend}; proxy_http_version 1.1;
    proxy_set_header Host $host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";
"""
CONFIG = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  {servers}
}}
"""


@asynccontextmanager
async def nginx(folder: Path, backend: str, proxy: str) -> AsyncIterator[str]:
    """Debian's nginx before the server; its address."""
    port = free_port()
    server = f"server {{ listen 127.0.0.1:{port}; location / {{ {proxy.format(backend=backend)} }} }}"
    async with nginx_with(folder, server, port):
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def nginx_with(folder: Path, servers: str, port: int) -> AsyncIterator[None]:
    """Debian's nginx with these server blocks, once it listens at the port."""
    if NGINX is None:
        reason = "nginx is not installed (Debian's nginx-light)"
        if os.environ.get("PMPATH_TEST_NO_SKIPS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    (folder / "nginx.conf").write_text(CONFIG.format(folder=folder, servers=servers), "utf-8")
    arguments = ["-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    process = await asyncio.create_subprocess_exec(NGINX, *arguments)
    try:
        await listening(port)
        yield
    finally:
        process.terminate()
        await process.wait()


async def listening(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            writer.close()
            await writer.wait_closed()
            return


@pytest.mark.parametrize("proxy", [BARE, USUAL], ids=["bare", "usual"])
async def test_through_nginx_the_page_is_closed_without_a_key(content: Content, tmp_path: Path, proxy: str) -> None:
    async with (
        serving(content, Access(None, always=False)) as server,
        nginx(tmp_path, server.address.removeprefix("http://"), proxy) as outside,
    ):
        assert (await get(server.address))[0] == 200
        assert (await get(outside))[0] == 403
        assert (await get(outside, "/healthz"))[0] == 200


@pytest.mark.parametrize("proxy", [BARE, USUAL], ids=["bare", "usual"])
async def test_through_nginx_the_key_opens_the_page(content: Content, tmp_path: Path, proxy: str) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    async with (
        serving(content, Access(KEY, always=False)) as server,
        nginx(tmp_path, server.address.removeprefix("http://"), proxy) as outside,
        aiohttp.ClientSession(cookie_jar=jar) as browser,
    ):
        async with browser.get(outside) as asked:
            assert asked.status == 401
        async with browser.post(f"{outside}/key", data={"key": KEY}) as opened:
            assert await opened.text() == "inside"


async def test_readiness_may_be_asked_of_one_platform_alone(content: Content) -> None:
    async def says(platform: str | None) -> str | None:
        return None if platform == "slack" else "Discord's gateway"

    door = Door(Access(None, always=False), content.catalogue)
    server = Server("127.0.0.1", 0, gate=door.gate, routes=(), missing=says)
    await server.start()
    try:
        assert await get(server.address, "/readyz") == (503, "not ready: Discord's gateway\n")
        assert await get(server.address, "/readyz?platform=slack") == (200, "ready\n")
    finally:
        await server.close()
