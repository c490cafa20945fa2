"""The app of many workspaces, as one process of it runs, and a browser in which somebody installs it."""

from __future__ import annotations

import asyncio
import contextlib
import html
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from bot.settings import OAuthAccess, SlackAccess
from bot.slack.client import SlackSurface
from bot.surface import Message
from bot.web.plain import Plain
from commands.kit.dispatch import Dispatcher
from commands.kit.view import Card
from content.text import Language, verbatim
from storage.slack_installations import Installation, everything
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_oauth import Organisation
from tests.fakes.slack_world import Team

KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
NEW_KEY = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
BUTTON = re.compile(r'class="button primary" href="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser shows."""

    status: int
    text: str

    @property
    def title(self) -> str:
        found = re.search(r"<h1>(.*?)</h1>", self.text)
        return html.unescape(found[1]) if found else ""

    @property
    def button(self) -> str:
        """Where its button leads."""
        found = BUTTON.search(self.text)
        assert found, self.text
        return html.unescape(found[1])


@dataclass(slots=True)
class Process:
    """One process of the app, and what a browser reaches of it."""

    fake: FakeSlack
    surface: SlackSurface
    dispatcher: Dispatcher
    address: str

    @contextlib.asynccontextmanager
    async def browser(self) -> AsyncIterator[aiohttp.ClientSession]:
        """A browser of its own, with its own cookies."""
        async with aiohttp.ClientSession(self.address, cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            yield session

    async def install(self, of: Team | Organisation, *, app: str = "") -> Page:
        """Somebody installs it from the first page to the last."""
        async with self.browser() as browser:
            asks = await visit(browser, "/slack/install")
            return await visit(browser, self.fake.oauth.agree(asks.button, of, app=app))

    async def stored(self) -> list[Installation]:
        return await self.dispatcher.store.read(everything)

    async def post(self, team: Team, words: str = "News") -> str:
        """Posts into the workspace's channel, as a delivery does."""
        return await self.surface.post(self.message(team, self.fake.channel(team, "general").id, words))

    def message(self, team: Team, place: str, words: str = "News") -> Message:
        return Message(place, Card(verbatim(words)), Language.EN, 1, team.id, "key", again=False)


async def visit(browser: aiohttp.ClientSession, address: str, language: str = "en") -> Page:
    headers = {"Accept": "text/html", "Accept-Language": language}
    async with browser.get(address, headers=headers, allow_redirects=False) as answer:
        return Page(answer.status, await answer.text())


def many(fake: FakeSlack, public_url: str, *, socket: bool, keys: Sequence[str] = (KEY,)) -> SlackAccess:
    """The settings' Slack part."""
    sealing = tuple(map(SecretStr, keys))
    oauth = OAuthAccess(fake.oauth.client_id, SecretStr(fake.oauth.client_secret), sealing, public_url)
    app, signing = SecretStr(fake.app_token), SecretStr(fake.signing_secret)
    return SlackAccess(None, app if socket else None, None if socket else signing, fake.api_url, oauth)


@contextlib.asynccontextmanager
async def process(
    fake: FakeSlack, dispatcher: Dispatcher, *, socket: bool = False, keys: Sequence[str] = (KEY,)
) -> AsyncIterator[Process]:
    """It runs, until the test is over. Without `socket` Slack calls the process that was started last."""
    server = web.Application()
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.2)
    handlers: dict[str, SlackSurface] = {}

    async def begin(request: web.Request) -> web.Response:
        pages = handlers["slack"].pages
        assert pages is not None
        return await pages.begin(request)

    async def finish(request: web.Request) -> web.Response:
        pages = handlers["slack"].pages
        assert pages is not None
        return await pages.finish(request)

    async def events(request: web.Request) -> web.Response:
        return await handlers["slack"].events(request)

    server.router.add_post("/slack/events", events)
    server.router.add_get("/slack/install", begin)
    server.router.add_get("/slack/oauth_redirect", finish)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    draw = Plain(dispatcher.content.catalogue).draw
    surface = handlers["slack"] = SlackSurface(many(fake, address, socket=socket, keys=keys), dispatcher, draw=draw)
    running = asyncio.get_running_loop().create_task(surface.run())
    if not socket:
        fake.events_url = f"{address}/slack/events"
    async with asyncio.timeout(30):
        while surface.missing() and not running.done():  # noqa: ASYNC110 - the surface has no event for it
            await asyncio.sleep(0.005)
    try:
        yield Process(fake, surface, dispatcher, address)
    finally:
        await surface.close()
        await runner.cleanup()
        await running


@contextlib.asynccontextmanager
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack; what the app does wrongly by its rules fails the test, a call with a withdrawn token too."""
    async with FakeSlack() as fake:
        yield fake
    assert fake.breaches == []
    assert fake.pings == []
