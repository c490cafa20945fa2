"""HTTP as bytes: the page behind its key, what Slack calls, health; rightly signed or not."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from hypothesis import strategies as st
from pydantic import SecretStr

from bot.access import Access
from bot.server import BOUNDS, Route, Server
from bot.settings import SlackAccess
from bot.slack.client import SlackSurface
from bot.slack.declare import INSTALL_PATH, REDIRECT_PATH, SCOPES
from bot.surface import Interactions
from bot.web.client import WebSurface
from bot.web.door import Door
from bot.web.plain import Plain
from bot.web.sandbox import SandboxClock
from tests.bot.slack.many import many
from tests.fakes.slack import FakeSlack, SlackMember
from tests.fakes.slack_http import encode
from tests.fakes.slack_world import Interaction, Team
from tests.fuzz import odd, talk
from tests.fuzz.ground import Crash, Ground, Ours, changed
from tests.fuzz.page import SECONDS, nothing_missing, shows_no_trace

PAYLOADS = Path(__file__).parents[1] / "payloads" / "slack"
KINDS: dict[str, Literal["slash_commands", "interactive", "events_api"]] = {
    "slash_command": "slash_commands",
    "block_actions": "interactive",
    "view_submission": "interactive",
    "event_callback": "events_api",
}
TEAM, TRIGGER = "T0FUZZ", "1.2.x"
"""In the payloads, in the place of the workspace's id and of what Slack gives with each interaction."""
SHORT = replace(BOUNDS, body=0.5, idle=0.5)  # who says more than they send is waited for, here not long
STATE = "THE-STATE"
"""In a path: one that an installation in this browser has just begun with."""
SLACK_REFUSES = 502  # the page says Slack's own word
SPENT = frozenset({"slack_state"})  # it is good once, whatever comes of it
PATHS = (
    "/slack/install",
    f"/slack/oauth_redirect?state={STATE}&code=x",
    f"/slack/oauth_redirect?state={STATE}&code=%ff%00%F0%9F",
    f"/slack/oauth_redirect?state={STATE}&error=%3Cb%3E",
    f"/slack/oauth_redirect?state={STATE}&state=&code={'9' * 5000}",
    "/slack/oauth_redirect?state=%ff&code=x",
    "/slack/oauth_redirect?code[]=x&state",
    "/",
    "/slack/events",
    "/slack/events",
    "/key",
    "/chat?session=a",
    "/key",
    "/page/chat.js",
    "/page/../key",
    "/page/%00",
    "/healthz",
    "/readyz",
    "/slack/events",
    "/metrics",
    "/?you=%ff",
    "/chat",
    "//",
    "*",
    "/%",
    "/readyz?platform=%F0%9F",
    "http://[::1/",
)
METHODS = ("GET", "GET", "POST", "POST", "HEAD", "OPTIONS", "PUT", "TRACE", "CONNECT", "get", "G\x00T")
HEADERS = (
    "Cookie: pmpath_slack_install=x; pmpath_slack_install=\xff",
    "Cookie: pmpath_slack_install=" + "y" * 43,
    "Accept-Language: \xff",
    "Cookie: pmpath_key=1.x",
    "Cookie: pmpath_key=99999999999.é",
    "Cookie: \xff",
    "Authorization: Bearer é",
    "Authorization: Bearer",
    "Origin: http://[",
    "Origin: null",
    "Host: [",
    "Host: a:99999999",
    "X-Forwarded-Host: [::",
    "Accept-Language: zh-CN;q=x,*",
    "Accept: text/html",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 99",
    "Sec-WebSocket-Key: x",
    "Authorization: Bearer \xff",
    "Content-Type: multipart/form-data",
    "Content-Type: multipart/form-data; boundary=x",
    "Content-Type: application/x-www-form-urlencoded; charset=nope",
    "Content-Type: application/json; charset=utf-7",
    "Content-Type: application/json",
    "Content-Encoding: gzip",
    "Content-Encoding: br",
    "Transfer-Encoding: chunked",
    "X-Slack-Signature: v0=\xe9",
    "X-Slack-Request-Timestamp: x",
    "X-Slack-Request-Timestamp: 99999999999999999999",
    "Range: bytes=5-1,-",
    "If-Modified-Since: x",
    "Expect: 100-continue",
    "Content-Length: -1",
)
BODIES = (
    b"",
    b"key=x",
    b"key=%ff",
    b"\xff\xfe",
    b"--x\r\n\r\n",
    b"payload={",
    b"payload=[]",
    b"null",
    b"{}",
    b"ssl_check=1",
    b"payload=%7B%22type%22%3A1%7D",
    b'{"type":"url_verification"}',
    b"[" * 50_000,
    b"9" * 5000,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as bytes; `signed` where Slack's own signature is put to it."""

    method: str
    path: str
    headers: tuple[str, ...]
    body: bytes
    signed: bool = False


@st.composite
def asked(draw: st.DrawFn, _ours: Ours) -> Asked:
    """Anything at any of our addresses."""
    body = draw(st.one_of(st.sampled_from(BODIES), st.binary(max_size=60)))
    headers = tuple(draw(st.lists(st.sampled_from(HEADERS), max_size=4, unique=True)))
    return Asked(draw(st.sampled_from(METHODS)), draw(st.sampled_from(PATHS)), headers, body)


@st.composite
def from_slack(draw: st.DrawFn, ours: Ours) -> Asked:
    """What Slack sends of a member, signed; their words, and what they can forge on the way, are anything."""
    name = draw(st.sampled_from(sorted(KINDS)))
    sent: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text("utf-8").replace("T0WORKSPACE", TEAM))
    wire, words = talk.wire(ours, talk.HOME), odd.words
    match name:
        case "slash_command":
            sent |= {"command": draw(st.sampled_from(("/pmpath", "/pmpath-mod"))), "text": draw(talk.typed(ours))}
        case "block_actions":
            sent["actions"][0] |= {"value": draw(wire), "action_id": draw(words), "block_id": draw(words)}
            sent["state"]["values"] = {
                f"0|{one}": {"a": {"selected_option": {"value": draw(words)}}}
                for one in draw(st.lists(words, max_size=2))
            }
        case "view_submission":
            along = {"press": draw(wire), "kind": "command", "url": None, "view": None}
            sent["view"] = {"type": "modal", "callback_id": "form", "id": "V1", "private_metadata": json.dumps(along)}
            blocks = draw(talk.filled(ours)).items()
            sent["view"]["state"] = {"values": {block: {"a": {"value": "".join(chosen)}} for block, chosen in blocks}}
    body, content_type = encode(KINDS[name], sent)
    return Asked("POST", "/slack/events", (f"Content-Type: {content_type}",), body.encode(), signed=True)


@dataclass(slots=True)
class Port:
    """The program's port, with a page that asks for its key and a workspace."""

    ground: Ground
    fake: FakeSlack = field(default_factory=FakeSlack)
    server: Server = field(init=False)
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)
    _slack: SlackSurface = field(init=False)
    _installs: SlackSurface = field(init=False)
    _team: Team = field(init=False)
    _home: str = ""
    member: SlackMember = field(init=False)

    async def open(self) -> None:
        ground = self.ground
        await self._open.enter_async_context(self.fake)
        self.fake.patience = self.fake.reply_patience = self.fake.trigger_life = SECONDS
        self._team = self.fake.install(scopes=SCOPES)
        self.member = SlackMember(self.fake, self._team, "U0MEMBER00", "Ada")
        token, secret = SecretStr(self._team.bot_token), SecretStr(self.fake.signing_secret)
        self._slack = SlackSurface(
            SlackAccess(token, None, secret, self.fake.api_url), ground.dispatcher, patience=SECONDS
        )
        running = asyncio.get_running_loop().create_task(self._slack.run())
        async with asyncio.timeout(SECONDS):
            while self._slack.missing():  # noqa: ASYNC110 - the surface has no event for it
                await asyncio.sleep(0.01)
        access = Access("the key", always=True)
        door = Door(access, ground.ours.content.catalogue)
        page = WebSurface(Interactions(ground.dispatcher), SandboxClock(ground.clock.now), access)
        self._installs = SlackSurface(
            many(self.fake, "http://127.0.0.1:1", socket=False),
            ground.dispatcher,
            draw=Plain(ground.ours.content.catalogue).draw,
        )
        installing = asyncio.get_running_loop().create_task(self._installs.run())
        assert self._installs.pages is not None
        routes = (
            *door.routes,
            *page.routes,
            Route("POST", "/slack/events", self._slack.events, guarded=False),
            Route("GET", INSTALL_PATH, self._installs.pages.begin, guarded=False),
            Route("GET", REDIRECT_PATH, self._installs.pages.finish, guarded=False),
        )
        self.server = Server("127.0.0.1", 0, gate=door.gate, routes=routes, missing=nothing_missing, bounds=SHORT)
        await self.server.start()
        self.fake.events_url = f"{self.server.address}/slack/events"
        await self.member.command("/pmpath start")
        self._home = await ground.id_of("slack", self._team.id)
        self._open.push_async_callback(_ended, running)
        self._open.push_async_callback(self._slack.close)
        self._open.push_async_callback(_ended, installing)
        self._open.push_async_callback(self._installs.close)
        self._open.push_async_callback(page.close)
        self._open.push_async_callback(self.server.close)

    async def close(self) -> None:
        await self._open.aclose()

    async def answers(self, one: Asked) -> None:
        """A status under 500, or a reference; no trace; nothing changed where it is refused. Raises Crash."""
        before = await self.ground.rows()
        status, said = await self._asked(await self._begun(one) if STATE in one.path else one)
        self.ground.raise_faults()
        self.ground.done += 1
        shows_no_trace(said)
        if status >= 500 and "Reference" not in said and not (status == SLACK_REFUSES and STATE in one.path):
            raise Crash(f"{status}: {said[-300:]} to {one}")
        if status >= 400:
            self.ground.refused += 1
            if touched := changed(before, await self.ground.rows()) - SPENT:
                raise Crash(f"{status}, and {touched} changed: {one}")

    async def _begun(self, one: Asked) -> Asked:
        """With the state and the cookie of an installation that has begun."""
        _status, said = await self._asked(Asked("GET", INSTALL_PATH, ("Accept: text/html",), b""))
        state, cookie = re.search(r"state=([\w-]{43})", said), re.search(r"(?i)set-cookie: ([^;]+)", said)
        if state is None or cookie is None:
            raise Crash(f"no installation begins: {said[:300]}")
        return replace(one, path=one.path.replace(STATE, state[1]), headers=(*one.headers, f"Cookie: {cookie[1]}"))

    async def _asked(self, one: Asked) -> tuple[int, str]:
        """The status, 0 where the line is cut, and all that came."""
        host, port = self.server.address.removeprefix("http://").split(":")
        body = one.body.replace(TEAM.encode(), self._team.id.encode()).replace(talk.HOME.encode(), self._home.encode())
        if one.signed:
            trigger = self.fake.trigger(Interaction(self.member.uid, self._team.id, "press", self.fake.now()))
            body = body.replace(TRIGGER.encode(), trigger.encode())
        if len(body) != len(one.body) or TEAM.encode() in one.body:
            hooks = quote(f"http://{self.fake.host}/", safe="").encode()
            body = body.replace(quote("https://hooks.slack.com/", safe="").encode(), hooks)
        headers = [f"Host: {host}:{port}", "Connection: close", f"Content-Length: {len(body)}", *one.headers]
        if one.signed:
            words = body.decode("utf-8", "replace")
            headers += [f"{name}: {value}" for name, value in self.fake.http.headers(words, None).items()]
        head = "\r\n".join((f"{one.method} {one.path} HTTP/1.1", *headers)).encode("latin-1", "replace")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(head + b"\r\n\r\n" + body)
        await writer.drain()
        came = b""
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(SECONDS):
                came = await reader.read()
        writer.close()
        said = came.decode("utf-8", "replace")
        return int(said.split(" ", 2)[1]) if said.startswith("HTTP/") else 0, said


async def _ended(running: asyncio.Task[None]) -> None:
    await running
