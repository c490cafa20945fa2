"""docs/server/nginx.conf before the whole program: Slack's signed requests and the page, over real HTTPS."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.access import COOKIE
from tests.bot.test_server import nginx_with
from tests.fakes.slack import FakeSlack, SlackMember
from tests.program import ROOT, Program, free_port

NAME = "pm.example.org"
KEY = "an-access-key-of-the-test"


class Here(AbstractResolver):
    """Every name is this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        pass


def certificate(folder: Path) -> None:
    """A certificate for the name that no authority has signed."""
    if shutil.which("openssl") is None:
        reason = "openssl is not installed"
        if os.environ.get("PMPATH_TEST_NO_SKIPS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}",
         "-out", folder / "fullchain.pem", "-keyout", folder / "privkey.pem"],
        check=True, capture_output=True,
    )  # fmt: skip


def of_the_docs(folder: Path, backend: int, plain: int, https: int) -> str:
    """The operator's file, with ports and places of this test."""
    conf = (ROOT / "docs" / "server" / "nginx.conf").read_text("utf-8")
    for old, new in {
        "listen [::]:80;": "",
        "listen [::]:443 ssl;": "",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl;": f"listen 127.0.0.1:{https} ssl;",
        f"/etc/letsencrypt/live/{NAME}": str(folder),
        "http://127.0.0.1:8080;": f"http://127.0.0.1:{backend};",
    }.items():
        assert old in conf
        conf = conf.replace(old, new)
    return conf


@asynccontextmanager
async def from_outside(folder: Path) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser elsewhere that trusts the test's certificate."""
    trusted = ssl.create_default_context(cafile=folder / "fullchain.pem")
    connector = aiohttp.TCPConnector(ssl=trusted, resolver=Here())
    async with aiohttp.ClientSession(connector=connector) as browser:
        yield browser


async def slack_gets_through(fake: FakeSlack, ada: SlackMember, browser: aiohttp.ClientSession, outside: str) -> None:
    fake.http.session, fake.events_url = browser, f"{outside}/slack/events"
    card = await ada.command("/pmpath help", channel="general")
    assert card.title == "All commands"
    assert await fake.knock("slash_commands", fake.template("slash_command"), "forged") == 401


async def the_page_opens_with_the_key(browser: aiohttp.ClientSession, outside: str) -> None:
    async with browser.get(outside) as asked:
        assert asked.status == 401
        assert asked.headers["Strict-Transport-Security"] == "max-age=31536000"
    async with browser.post(
        f"{outside}/key", data={"key": KEY}, headers={"Origin": outside}, allow_redirects=False
    ) as opened:
        assert opened.status == 303
        cookie = opened.cookies[COOKIE]
    assert cookie["secure"]
    carried = {"Cookie": f"{COOKIE}={cookie.value}"}
    async with browser.get(outside, headers=carried) as page:
        assert "<title>pmpath" in await page.text()
    async with browser.ws_connect(f"{outside}/chat?session=a", headers={**carried, "Origin": outside}) as chat:
        await chat.send_json({"kind": "hello"})
        assert (await chat.receive_json(timeout=20))["kind"]
    async with browser.get(f"{outside}/healthz") as well:
        assert await well.text() == "ok\n"


async def test_through_the_nginx_of_the_docs_slack_and_the_page_work_over_https(tmp_path: Path) -> None:
    certificate(tmp_path)
    plain, https = free_port(), free_port()
    async with FakeSlack() as fake:
        fake.patience = fake.reply_patience = 30.0  # what is looked at is the way, not the time
        team = fake.install()
        settings = {
            "SLACK_BOT_TOKEN": team.bot_token,
            "SLACK_SIGNING_SECRET": fake.signing_secret,
            "SLACK_API_URL": fake.api_url,
            "PMPATH_WEB": "on",
            "PMPATH_ACCESS_KEY": KEY,
        }
        async with (
            Program(tmp_path, settings) as program,
            nginx_with(tmp_path, of_the_docs(tmp_path, program.port, plain, https), https),
            from_outside(tmp_path) as browser,
        ):
            await slack_gets_through(fake, SlackMember(fake, team, "U0ADA0001"), browser, f"https://{NAME}:{https}")
            await the_page_opens_with_the_key(browser, f"https://{NAME}:{https}")
            async with browser.get(f"http://{NAME}:{plain}/slack/events?a=1", allow_redirects=False) as sent_on:
                assert (sent_on.status, sent_on.headers["Location"]) == (301, f"https://{NAME}/slack/events?a=1")
            assert "Traceback" not in program.log
