"""The Slack surface: slack_bolt's AsyncApp over Socket Mode or signed HTTP, with our own held task."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.named import Named
from bot.settings import SlackAccess
from bot.slack import identity, receive, render
from bot.slack.answer import Ack, CommandAnswer, FormAnswer, PressAnswer, Replies, guarded, open_form
from bot.slack.receive import Call, Kind, Spot
from bot.slack.refusals import said
from bot.slack.render import Drawn
from bot.slack.sending import Sender
from bot.slack.signed import STRANGER, expect_signature
from bot.slack.standing import Standing
from bot.slack.uploads import Uploads
from bot.surface import PATIENCE, CannotStart, Interactions, Message, Refused, TryLater
from commands.kit.dispatch import Decision, Dispatcher, Reply
from commands.kit.request import CommunityKey, Platform
from content.text import Language
from storage import seen_events

Json = dict[str, Any]
LOG = structlog.get_logger()
PING_SECONDS = 3  # at the library's 10 a cut line leaves us deaf for about 7 s (SLACK.md)
FORM_SECONDS = 2.0  # Slack's trigger lives for 3
ANY = re.compile(".*")


class SlackSurface:
    """One workspace, by its bot token. `events` answers `/slack/events` of the program's own server.

    In each listener `ack` is called once, and nothing after it raises: bolt would take the answer back.
    """

    platform = Platform.SLACK
    remembers = 0.0  # Slack has no nonce
    native = render.NATIVE
    pace = 1.0
    post_pace = 0.05  # each workspace has limits of its own; these are the posts of all
    look_pace = 1.0  # of the hundred questions a minute that Slack allows, which members' requests need too

    def __init__(self, access: SlackAccess, dispatcher: Dispatcher, *, patience: float = PATIENCE) -> None:
        self._access = access
        self._dispatcher = dispatcher
        self._interactions = Interactions(dispatcher, patience=patience)
        self._sender = Sender(access.bot_token.get_secret_value(), access.api_url)
        catalogue = dispatcher.content.catalogue
        self._replies = Replies(self._sender, catalogue, self._interactions.hold, Uploads(self._sender))
        self._self: identity.Self | None = None
        self._handler: AsyncSocketModeHandler | None = None
        self._closing = asyncio.Event()
        self._standing = Standing(dispatcher.store, self._sender, access.bot_token.get_secret_value())
        self._app = self._build()

    def _build(self) -> AsyncApp:
        """bolt with our own authorization, so that it neither asks Slack at each request nor switches to
        OAuth by itself where SLACK_CLIENT_ID is in the environment."""
        secret = self._access.signing_secret
        app = AsyncApp(
            name="pmpath",
            client=AsyncWebClient(base_url=self._access.api_url),
            signing_secret=secret.get_secret_value() if secret else "",
            authorize=self._authorize(),
            process_before_response=True,
            user_facing_authorize_error_message=STRANGER,
        )
        for root in ("/pmpath", "/pmpath-mod"):
            app.command(root)(self._command)
        app.action(ANY)(self._press)
        app.view(ANY)(self._form)
        app.event("app_home_opened")(self._home)
        app.event("app_uninstalled")(self._gone)
        app.event("tokens_revoked")(self._gone)
        app.event(ANY)(_nothing)
        return app

    def _authorize(self) -> Any:
        async def authorize(team_id: str | None) -> AuthorizeResult | None:
            known = self._self
            if known is None or team_id not in {None, known.community.ext_id}:
                return None
            return known.authorized

        return authorize

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
        self._sender.open()
        mode = "Socket Mode" if self._access.socket else "signed HTTP at /slack/events"
        try:
            self._self = identity.of(await self._standing.ask(), self._access)
            if self._access.app_token is not None:
                await self._connect(self._access.app_token.get_secret_value())
        except SlackApiError as error:
            await self._sender.close()
            raise CannotStart(f"Slack refuses our token: {said(error)}. See `pmpath doctor`.") from error
        LOG.info("slack.ready", mode=mode, tokens="bot token given, no OAuth")

    async def _connect(self, app_token: str) -> None:
        """The first address is asked for here, so that a wrong app token is said and not tried for ever."""
        opened = await self._sender.socket_address(app_token)
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
        self._closing.set()
        await self._interactions.drain()
        if self._handler is not None:
            await self._handler.close_async()  # type: ignore[no-untyped-call]  # bolt leaves it untyped
        await self._sender.close()

    def missing(self) -> str | None:
        """What is not connected, in words; None when ready."""
        if self._standing.gone:
            return "Slack has withdrawn the bot token; install the app again"
        if self._self is None:
            return "Slack has not answered yet"
        if self._access.socket and not self._listens():
            return "Slack's socket is not connected"
        return None

    def _listens(self) -> bool:
        """Whether the socket is open and the last ping came back lately."""
        client = self._handler.client if self._handler else None
        if client is None or client.closed or client.stale or client.current_session is None:
            return False
        last = client.last_ping_pong_time
        lately = last is None or time.time() - last < 4 * PING_SECONDS
        return lately and not client.current_session.closed

    async def events(self, request: web.Request) -> web.Response:
        """`/slack/events`, signed; not there where Socket Mode is on."""
        if self._access.socket:
            raise web.HTTPNotFound
        if self._self is None or self._closing.is_set():
            raise web.HTTPServiceUnavailable
        await expect_signature(request, self._access.signing_secret)
        asked = await to_bolt_request(request)
        return await to_aiohttp_response(await self._interactions.hold(self._app.async_dispatch(asked)))

    async def tell(self, message: Message) -> str:
        """To a person's direct messages, where pictures follow. Raises Refused, TryLater, Uncertain."""
        remote = await self.post(message)
        spot, reply = Spot(Kind.COMMAND, message.place), Reply(message.card, message.language, message.community)
        self._interactions.hold(guarded(self._replies.pictures(spot, reply, message.card, replaces=False)))
        return remote

    async def post(self, message: Message) -> str:
        """To a channel. Raises Refused, TryLater, Uncertain."""
        return await self._sender.direct(message.place, self._drawn(message))

    async def hand_over(self, message: Message) -> str:
        """Lets Slack post it at its time. Raises Refused, TryLater, Uncertain."""
        assert message.post_at is not None
        return await self._sender.schedule(message.place, int(message.post_at.timestamp()), self._drawn(message))

    async def handed(self, message: Message) -> str | None:
        """What of ours waits in that channel for that time with that text. Raises Refused, TryLater."""
        assert message.post_at is not None
        text = self._drawn(message).text
        return await self._sender.scheduled(message.place, int(message.post_at.timestamp()), text)

    async def call_off(self, channel: str, remote: str) -> None:
        """Deletes what waits; from a minute before its time it is refused. Raises Refused, TryLater."""
        if self._self is None:
            raise TryLater("not connected yet")
        await self._sender.unschedule(channel, remote)

    def _drawn(self, message: Message) -> Drawn:
        """The message in Slack's form, in words alone. Raises TryLater or Refused where it can't go by this token."""
        self._check_ours(message.community_ext)
        return self._replies.message(Reply(message.card, message.language, message.community), message.card)

    def _check_ours(self, community_ext: str) -> None:
        if self._self is None:
            raise TryLater("not connected yet")
        if community_ext != self._self.community.ext_id:
            raise Refused("another workspace than the token's")

    @property
    def named(self) -> Named:
        return self._interactions.named

    async def has(self, community_ext: str, uid: str) -> bool:
        """Whether they are in the workspace, deactivated ones not. Raises Refused, TryLater."""
        self._check_ours(community_ext)
        return await self._sender.has(uid)

    async def take_back(self, channel: str, remote: str) -> None:
        """Deletes a message of ours. Raises Refused, TryLater."""
        if self._self is None:
            raise TryLater("not connected yet")
        await self._sender.take_back(remote)

    async def _command(self, ack: Ack, body: Json) -> None:
        call = receive.command(body, *self._about(body["user_id"]))
        decision = self._dispatcher.decide(call.request)
        if decision.opens_form and decision.parsed.refusal is None:
            await self._form_opens(call, decision, ack)
            return
        await self._interactions.answer(decision, CommandAnswer(self._replies, call.spot, ack))

    async def _press(self, ack: Ack, body: Json) -> None:
        call = receive.press(body, *self._about(body["user"]["id"]))
        if call is None:
            await ack()
            return
        decision = self._dispatcher.decide(call.request)
        if decision.opens_form:
            await self._form_opens(call, decision, ack)
            return
        answer = PressAnswer(self._replies, call.spot, ack, decision.updates_card)
        await self._interactions.answer(decision, answer)

    async def _form(self, ack: Ack, body: Json) -> None:
        call = receive.submission(body, *self._about(body["user"]["id"]))
        if call is None:
            await ack()
            return
        language = Language(receive.carried(body["view"]).get("language", Language.EN))
        answer = FormAnswer(self._replies, call, ack, body["view"]["id"], language)
        await self._interactions.answer(self._dispatcher.decide(call.request), answer)

    async def _home(self, body: Json, event: Json) -> None:
        if event.get("tab", "home") == "home":
            call = receive.home(event, *self._about(event["user"]))
            self._interactions.hold(guarded(self._open_home(call, body.get("event_id", ""))))

    async def _gone(self, event: Json) -> None:
        """The whole app was removed, or its bot token withdrawn; a person's own token is none of ours."""
        if event["type"] == "app_uninstalled" or event.get("tokens", {}).get("bot"):
            assert self._self is not None
            await self._standing.left(self._self.community, event["type"])

    def _about(self, person: str) -> tuple[CommunityKey, float, receive.LookUp]:
        assert self._self is not None
        if self._standing.gone:
            self._interactions.hold(guarded(self._standing.spoken_to(self._self.community)))
        arrived = asyncio.get_running_loop().time()
        return self._self.community, arrived, lambda _workspace: self._sender.profile(person)

    async def _open_home(self, call: Call, event_id: str) -> None:
        """Events come at least once; what was seen before is not drawn again."""
        taken = self._dispatcher.allowance.may_press(call.request)
        if not (taken and await self._dispatcher.store.write(seen_events.first_time, self.platform.value, event_id)):
            return
        reply = await self._dispatcher.perform(self._dispatcher.decide(call.request))
        await self._replies.show(call.spot, reply, replaces=True)

    async def _form_opens(self, call: Call, decision: Decision, ack: Ack) -> None:
        self._interactions.hold(guarded(self._form_opened(call, decision)))
        await ack()

    async def _form_opened(self, call: Call, decision: Decision) -> None:
        task = self._interactions.hold(self._dispatcher.perform(decision))
        elapsed = asyncio.get_running_loop().time() - call.request.received
        done, _pending = await asyncio.wait({task}, timeout=max(0.0, FORM_SECONDS - elapsed))
        reply = task.result() if done else None
        await open_form(self._replies, call, decision, reply, self._dispatcher.spoken(decision))


async def _nothing() -> None:
    """An event that the operator subscribed to and we do not use: taken, so that Slack is content."""
