"""The Slack surface: slack_bolt's AsyncApp over Socket Mode or signed HTTP, with our own held task."""

from __future__ import annotations

import asyncio
import time

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.named import Named
from bot.plain_page import DrawPage
from bot.settings import SlackAccess
from bot.slack import render
from bot.slack.answer import guarded
from bot.slack.install import InstallPages
from bot.slack.installed import Installed
from bot.slack.listeners import Listeners
from bot.slack.one import OneWorkspace
from bot.slack.receive import Kind, Spot
from bot.slack.refusals import said
from bot.slack.render import Drawn
from bot.slack.sending import Connection, socket_address
from bot.slack.signed import expect_signature
from bot.slack.ticket import Withdrawn
from bot.slack.workspaces import Workspace, Workspaces
from bot.surface import PATIENCE, CannotStart, Interactions, Message, Refused
from commands.kit.dispatch import Dispatcher, Reply
from commands.kit.request import Platform

LOG = structlog.get_logger()
PING_SECONDS = 3  # at the library's 10 a cut line leaves us deaf for about 7 s


class SlackSurface:
    """One workspace by its bot token, or all that install the app. `events` answers `/slack/events` of the
    program's own server, `pages` what people install it by, where they can."""

    platform = Platform.SLACK
    remembers = 0.0  # Slack has no nonce
    native = render.NATIVE
    pace = 1.0
    post_pace = 0.05  # each workspace has limits of its own; these are the posts of all
    look_pace = 1.0  # of the hundred questions a minute that Slack allows, which members' requests need too
    paced_apart = True

    def __init__(
        self, access: SlackAccess, dispatcher: Dispatcher, *, patience: float = PATIENCE, draw: DrawPage | None = None
    ) -> None:
        self._access = access
        self._interactions = Interactions(dispatcher, patience=patience)
        self._connection = Connection(access.api_url)
        self.pages: InstallPages | None = None
        self._workspaces = self._served(dispatcher, draw)
        self._handler: AsyncSocketModeHandler | None = None
        self._closing = asyncio.Event()
        self._started = False
        self._app = Listeners(dispatcher, self._interactions, self._workspaces).app(access)

    def _served(self, dispatcher: Dispatcher, draw: DrawPage | None) -> Workspaces:
        hold, oauth = self._interactions.hold, self._access.oauth
        if oauth is None:
            assert self._access.bot_token is not None
            return OneWorkspace(self._access.bot_token.get_secret_value(), self._connection, dispatcher, hold)
        installed = Installed(oauth, self._connection, dispatcher, hold)
        if draw is not None:
            self.pages = InstallPages(self._access, oauth, self._connection, dispatcher.store, installed, draw)
        return installed

    async def run(self) -> None:
        """Connects and serves until `close`. Raises CannotStart for a wrong token."""
        starting = asyncio.ensure_future(self._start())
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait({starting, closing}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
            await closing
        finally:
            starting.cancel()
            closing.cancel()

    async def _start(self) -> None:
        """Connects, however long it takes. Raises CannotStart."""
        self._connection.open()
        mode = "Socket Mode" if self._access.socket else "signed HTTP at /slack/events"
        try:
            await self._workspaces.start()
            if self._access.app_token is not None:
                await self._connect(self._access.app_token.get_secret_value())
        except SlackApiError as error:
            await self._connection.close()
            raise CannotStart(f"Slack refuses our token: {said(error)}. See `pmpath doctor`.") from error
        self._started = True
        LOG.info("slack.ready", mode=mode, tokens="stored, by OAuth" if self._access.oauth else "one given, no OAuth")

    async def _connect(self, app_token: str) -> None:
        """The first address is asked for here, so that a wrong app token is said and not tried for ever."""
        opened = await socket_address(self._connection, app_token)
        handler = AsyncSocketModeHandler(self._app, app_token, ping_interval=PING_SECONDS)

        async def envelope(_client: object, request: SocketModeRequest) -> None:
            if not self._closing.is_set():
                await self._interactions.hold(handler.handle(handler.client, request))

        handler.client.socket_mode_request_listeners = [envelope]
        handler.client.wss_uri = opened
        self._handler = handler
        await self._handler.connect_async()  # type: ignore[no-untyped-call]  # bolt leaves it untyped

    async def close(self) -> None:
        """Takes no more, lets what is under way be acknowledged and end."""
        await self._interactions.rest()
        self._closing.set()
        await self._interactions.drain()
        if self._handler is not None:
            await self._handler.close_async()  # type: ignore[no-untyped-call]  # bolt leaves it untyped
        await self._connection.close()

    def missing(self) -> str | None:
        """What is not connected, in words; None when ready."""
        missing = self._workspaces.missing()
        if missing is None and not self._started and self._access.oauth:
            return "Slack has not answered yet"
        if missing is None and self._access.socket and not self._listens():
            return "Slack's socket is not connected"
        return missing

    def forget(self) -> None:
        """Reads anew what another process may have changed."""
        self._workspaces.forget()

    def _listens(self) -> bool:
        """Whether the socket is open and the last ping came back lately."""
        client = self._handler.client if self._handler else None
        if client is None or client.closed or client.stale or client.current_session is None:
            return False
        last = client.last_ping_pong_time
        return (last is None or time.time() - last < 4 * PING_SECONDS) and not client.current_session.closed

    async def events(self, request: web.Request) -> web.Response:
        """`/slack/events`, signed; not there where Socket Mode is on."""
        if self._access.socket:
            raise web.HTTPNotFound
        if not self._started or self._closing.is_set():
            raise web.HTTPServiceUnavailable
        await expect_signature(request, self._access.signing_secret)
        asked = await to_bolt_request(request)
        return await to_aiohttp_response(await self._interactions.hold(self._app.async_dispatch(asked)))

    async def tell(self, message: Message) -> str:
        """To a person's direct messages, where pictures follow. Raises Refused, TryLater, Uncertain."""
        at = await self._to(message.community_ext)
        remote = await at.sender.direct(message.place, _drawn(at, message))
        spot, reply = Spot(Kind.COMMAND, message.place), _reply(message)
        self._interactions.hold(guarded(at.replies.pictures(spot, reply, message.card, replaces=False)))
        return remote

    async def post(self, message: Message) -> str:
        """To a channel. Raises Refused, TryLater, Uncertain."""
        at = await self._to(message.community_ext)
        return await at.sender.direct(message.place, _drawn(at, message))

    async def hand_over(self, message: Message) -> str:
        """Lets Slack post it at its time. Raises Refused, TryLater, Uncertain."""
        at = await self._to(message.community_ext)
        return await at.sender.schedule(message.place, _moment(message), _drawn(at, message))

    async def handed(self, message: Message) -> str | None:
        """What of ours waits in that channel for that time with that text. Raises Refused, TryLater."""
        at = await self._to(message.community_ext)
        return await at.sender.scheduled(message.place, _moment(message), _drawn(at, message).text)

    async def call_off(self, community_ext: str, channel: str, remote: str) -> None:
        """Deletes what waits; from a minute before its time it is refused. Raises Refused, TryLater."""
        await (await self._to(community_ext)).sender.unschedule(channel, remote)

    async def take_back(self, community_ext: str, channel: str, remote: str) -> None:
        """Deletes a message of ours. Raises Refused, TryLater."""
        await (await self._to(community_ext)).sender.take_back(remote)

    async def has(self, community_ext: str, uid: str) -> bool:
        """Whether they are in the workspace, deactivated ones not. Raises Refused, TryLater."""
        try:
            return await (await self._to(community_ext)).sender.has(uid)
        except Withdrawn as withdrawn:
            raise Refused(str(withdrawn)) from withdrawn  # nobody else waits for a workspace that is gone

    async def _to(self, community_ext: str) -> Workspace:
        """The workspace that something goes to. Raises Refused, TryLater."""
        return await self._workspaces.sending(community_ext)

    @property
    def named(self) -> Named:
        return self._interactions.named


def _reply(message: Message) -> Reply:
    return Reply(message.card, message.language, message.community)


def _drawn(at: Workspace, message: Message) -> Drawn:
    """The message in Slack's form, in words alone."""
    return at.replies.message(_reply(message), message.card)


def _moment(message: Message) -> int:
    assert message.post_at is not None
    return int(message.post_at.timestamp())
