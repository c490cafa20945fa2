"""The fake Discord's REST: routes, the order of faults, and what each call does."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from aiohttp import BodyPartReader, web

from tests.fakes import discord_rules as rules
from tests.fakes import discord_spec
from tests.fakes.discord_rules import Breach
from tests.fakes.discord_world import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    Channel,
    Guild,
    Interaction,
    Json,
    Message,
    Modal,
    World,
)

API = "/api/v10"
CALLBACK_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0
NONCE_SECONDS = 5 * 60.0
NONCE_MAX = 25
BROKEN = 599  # no answer at all
Known = TypeVar("Known")
COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
CALLBACKS = {COMMAND: {4, 5, 9}, COMPONENT: {4, 5, 6, 7, 9}, AUTOCOMPLETE: {8}, MODAL_SUBMIT: {4, 5, 6, 7}}

ROUTES = tuple(
    (name, method, re.compile("^" + re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path) + "$"))
    for name, method, path in (
        ("me", "GET", "/users/@me"),
        ("user", "GET", "/users/{user}"),
        ("application", "GET", "/applications/@me"),
        ("application", "GET", "/oauth2/applications/@me"),
        ("gateway", "GET", "/gateway"),
        ("gateway.bot", "GET", "/gateway/bot"),
        ("commands.list", "GET", "/applications/{application}/commands"),
        ("commands.put", "PUT", "/applications/{application}/commands"),
        ("guild_commands.list", "GET", "/applications/{application}/guilds/{guild}/commands"),
        ("guild_commands.put", "PUT", "/applications/{application}/guilds/{guild}/commands"),
        ("callback", "POST", "/interactions/{interaction}/{token}/callback"),
        ("followup", "POST", "/webhooks/{application}/{token}"),
        ("original.get", "GET", "/webhooks/{application}/{token}/messages/@original"),
        ("original.edit", "PATCH", "/webhooks/{application}/{token}/messages/@original"),
        ("original.delete", "DELETE", "/webhooks/{application}/{token}/messages/@original"),
        ("followup.get", "GET", "/webhooks/{application}/{token}/messages/{message}"),
        ("followup.edit", "PATCH", "/webhooks/{application}/{token}/messages/{message}"),
        ("followup.delete", "DELETE", "/webhooks/{application}/{token}/messages/{message}"),
        ("send", "POST", "/channels/{channel}/messages"),
        ("message.get", "GET", "/channels/{channel}/messages/{message}"),
        ("message.edit", "PATCH", "/channels/{channel}/messages/{message}"),
        ("message.delete", "DELETE", "/channels/{channel}/messages/{message}"),
        ("channel", "GET", "/channels/{channel}"),
        ("dm", "POST", "/users/@me/channels"),
        ("guild", "GET", "/guilds/{guild}"),
        ("channels", "GET", "/guilds/{guild}/channels"),
        ("roles", "GET", "/guilds/{guild}/roles"),
        ("member", "GET", "/guilds/{guild}/members/{user}"),
    )
)
WITHOUT_TOKEN = ("callback", "followup", "original", "gateway")


@dataclass(frozen=True, slots=True)
class Fault:
    """What the next call of a route meets; an `applied` call takes effect in spite of its answer.

    `broken`: the connection breaks instead of an answer.
    """

    status: int
    code: int = 0
    message: str = "ordered by a test"
    late: float = 0.0
    retry_after: float | None = None
    via: bool = True
    applied: bool = False
    broken: bool = False

    @classmethod
    def breaking(cls, *, applied: bool = False) -> Fault:
        return cls(BROKEN, applied=applied, broken=True)

    @classmethod
    def rate_limited(cls, retry_after: float = 0.05, *, via: bool = True) -> Fault:
        return cls(429, message="You are being rate limited.", retry_after=retry_after, via=via)

    @classmethod
    def failing(cls, status: int = 500, *, applied: bool = False) -> Fault:
        return cls(status, message="Internal Server Error", applied=applied)

    @classmethod
    def refusing(cls, status: int, code: int) -> Fault:
        return cls(status, code)

    @classmethod
    def slow(cls, seconds: float) -> Fault:
        """Answered rightly, but so much later."""
        return cls(200, late=seconds)


@dataclass(slots=True)
class Call:
    """One request that came in, and how it was answered."""

    route: str
    method: str
    path: str
    body: Any
    at: float
    status: int = 0
    code: int = 0
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class Asked:
    """A request, taken apart."""

    names: dict[str, str]
    query: dict[str, str]
    body: Any
    files: dict[str, bytes]

    def id(self, name: str) -> int:
        return int(self.names[name]) if self.names[name].isdigit() else 0


class Rest:
    """Answers every call under /api/v10."""

    def __init__(self, world: World, token: str, *, check: bool) -> None:
        self.world = world
        self.token = token
        self.check = check
        self.address = ""
        self.gateway_address = ""
        self.starts: Callable[[], Json] = dict[str, Any]
        self.calls: list[Call] = []
        self.breaches: list[str] = []
        self.pings: list[str] = []
        self.keep_calls = True
        self.answer_within = CALLBACK_SECONDS
        self.nonce_seconds = NONCE_SECONDS
        self.channel_bucket: tuple[int, float] | None = None
        self._faults: dict[str, deque[Fault]] = {}
        self._sends: dict[int, deque[float]] = {}
        self._drops: dict[str, tuple[float, float, random.Random]] = {}

    def order(self, route: str, fault: Fault, times: int = 1) -> None:
        """The next `times` calls of a route meet `fault`."""
        self._faults.setdefault(route, deque()).extend([fault] * times)

    def forget_faults(self) -> None:
        """What was ordered and not met yet is not met."""
        self._faults.clear()

    def drop_some(self, route: str, share: float, seed: int = 1, *, late: float = 0.0) -> None:
        """From now on this share of a route's calls takes effect, and the answer is dropped.

        Each call takes effect up to `late` seconds after it came, whoever sent it may have died meanwhile.
        """
        self._drops[route] = (share, late, random.Random(seed))

    async def serve(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix(API)
        route, names = _route(request.method, path)
        body, files = await _body(request)
        call = Call(route, request.method, path, body, time.monotonic(), files=files)
        if self.keep_calls:
            self.calls.append(call)
        response = await self._answer(request, call, Asked(names, dict(request.query), body, files))
        if response.status == BROKEN and request.transport:
            request.transport.abort()
        call.status = response.status
        self.world.change()
        return response

    async def _answer(self, request: web.Request, call: Call, asked: Asked) -> web.Response:
        fault = self._next_fault(call.route)
        if fault and fault.late:
            self.world.change()
            await asyncio.sleep(fault.late)
        if fault and fault.status != 200 and not fault.applied:
            call.code = fault.code
            return _faulty(fault)
        try:
            self._check_token(request, call.route)
            if self.check:
                rules.refuse(discord_spec.errors(call.route, call.body))
            answer = self._perform(call.route, asked)
        except Breach as breach:
            call.code = breach.code
            if call.route != "member":  # whether somebody is there may be asked of anybody
                self.breaches.append(f"{call.method} {call.path}: {breach.code} {breach.message} {breach.errors}")
            return _json(breach.body(), status=breach.status)
        if fault and fault.status != 200:
            return _faulty(fault)
        if isinstance(answer, web.Response):
            return answer
        return web.Response(status=204) if answer is None else _json(answer)

    def _next_fault(self, route: str) -> Fault | None:
        waiting = self._faults.get(route)
        if waiting:
            return waiting.popleft()
        if route not in self._drops:
            return None
        share, late, chance = self._drops[route]
        fault = Fault.breaking(applied=True) if chance.random() < share else Fault.slow(0.0)
        return replace(fault, late=chance.uniform(0.0, late))

    def _check_token(self, request: web.Request, route: str) -> None:
        if not route.startswith(WITHOUT_TOKEN) and request.headers.get("Authorization") != f"Bot {self.token}":
            raise Breach(401, 0, "401: Unauthorized")

    def _perform(self, route: str, asked: Asked) -> Any:
        if route == "unknown":
            raise Breach(404, 0, "404: Not Found")
        return getattr(self, "do_" + route.replace(".", "_"))(asked)

    # who and where

    def do_me(self, asked: Asked) -> Json:
        return self.world.bot.payload() | {
            "verified": True,
            "mfa_enabled": False,
            "flags": 0,
            "locale": "en-US",
        }

    def do_user(self, asked: Asked) -> Json:
        return _known(self.world.users.get(asked.id("user")), 10013, "Unknown User").payload()

    def do_application(self, asked: Asked) -> Json:
        return {
            "id": str(self.world.application_id),
            "name": "pmpath",
            "description": "",
            "icon": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": 0,
            "owner": self.world.bot.payload(),
            "team": None,
            "summary": "",
            **self.world.application,
        }

    def do_gateway(self, asked: Asked) -> Json:
        return {"url": self.gateway_address}

    def do_gateway_bot(self, asked: Asked) -> Json:
        return {"url": self.gateway_address} | self.starts()

    def do_guild(self, asked: Asked) -> Json:
        return self._guild(asked).payload()

    def do_channels(self, asked: Asked) -> list[Json]:
        return [channel.payload() for channel in self._guild(asked).channels.values()]

    def do_roles(self, asked: Asked) -> list[Json]:
        return [role.payload() for role in self._guild(asked).roles.values()]

    def do_member(self, asked: Asked) -> Json:
        member = self._guild(asked).members.get(asked.id("user"))
        _known(member or self.world.users.get(asked.id("user")), 10013, "Unknown User")
        return _known(member, 10007, "Unknown Member").payload()

    def do_channel(self, asked: Asked) -> Json:
        channel = self._channel(asked)
        if channel.refuses == 50001:
            raise Breach(403, 50001, "Missing Access")
        return channel.payload()

    def do_dm(self, asked: Asked) -> Json:
        user = _known(self.world.users.get(int(asked.body["recipient_id"])), 10013, "Unknown User")
        if user is self.world.bot:
            raise Breach(400, 50007, "Cannot send messages to this user")
        return self.world.direct_channel(user).payload()

    def _guild(self, asked: Asked) -> Guild:
        return _known(self.world.guilds.get(asked.id("guild")), 10004, "Unknown Guild")

    def _channel(self, asked: Asked) -> Channel:
        return _known(self.world.channels.get(asked.id("channel")), 10003, "Unknown Channel")

    # commands

    def do_commands_list(self, asked: Asked) -> list[Json]:
        self._check_application(asked)
        return self.world.commands.get(None, [])

    def do_commands_put(self, asked: Asked) -> list[Json]:
        return self._put(asked, None)

    def do_guild_commands_list(self, asked: Asked) -> list[Json]:
        self._check_application(asked)
        return self.world.commands.get(asked.id("guild"), [])

    def do_guild_commands_put(self, asked: Asked) -> list[Json]:
        return self._put(asked, self._guild(asked).id)

    def _check_application(self, asked: Asked) -> None:
        if asked.id("application") != self.world.application_id:
            raise Breach(403, 20012, "You are not authorized to perform this action on this application")

    def _put(self, asked: Asked, guild: int | None) -> list[Json]:
        self._check_application(asked)
        rules.check_commands(asked.body)
        kept = {command["name"]: command["id"] for command in self.world.commands.get(guild, [])}
        self.world.commands[guild] = [
            {
                "type": 1,
                "application_id": str(self.world.application_id),
                "version": str(self.world.new_id()),
                "guild_id": str(guild) if guild else None,
                "options": [],
                "nsfw": False,
                "dm_permission": True,
                "contexts": None,
                "integration_types": [0],
                "default_member_permissions": None,
                **{key: value for key, value in command.items() if value is not None},
                "id": kept.get(command["name"], str(self.world.new_id())),
            }
            for command in asked.body
        ]
        return self.world.commands[guild]

    # interactions

    def do_callback(self, asked: Asked) -> Json | None:
        interaction = self._interaction(asked, 10062, "Unknown interaction")
        after = self.world.now() - interaction.began
        late = after > self.answer_within
        if asked.id("interaction") != interaction.id or late or interaction.ended:
            raise Breach(404, 10062, "Unknown interaction")
        if interaction.callback is not None:
            raise Breach(400, 40060, "Interaction has already been acknowledged.")
        kind, data = asked.body["type"], asked.body.get("data") or {}
        if kind not in CALLBACKS[interaction.kind] or (kind in {6, 7} and interaction.source is None):
            rules.refuse([(["type"], f"a callback of type {kind} does not answer this interaction")])
        self._first_answer(interaction, kind, data, asked.files)
        interaction.callback = kind
        interaction.answered_after = after
        if interaction.settled:
            interaction.card_after = interaction.answered_after
        if asked.query.get("with_response") not in {"1", "true", "True"}:
            return None
        return _callback_response(interaction)

    def _first_answer(self, interaction: Interaction, kind: int, data: Json, files: dict[str, bytes]) -> None:
        flags = data.get("flags") or 0
        match kind:
            case 4 | 5:
                rules.check_flags(flags, EPHEMERAL)
                deferred = LOADING if kind == 5 else 0
                interaction.awaits_card = kind == 5
                body = data if kind == 4 else {"components": [], "content": "…"}
                message = self._written(interaction.channel, body, files, flags | deferred, interaction)
                if kind == 5:
                    message.content = ""
                interaction.original = message
            case 6:
                interaction.original, interaction.awaits_card = interaction.source, True
            case 7:
                assert interaction.source
                self._rewrite(interaction.source, data, files)
                interaction.original = interaction.source
            case 8:
                choices = data.get("choices") or []
                if len(choices) > 25:
                    rules.refuse([(["data", "choices"], "Must be 25 or fewer in length.")])
                interaction.choices = choices
            case 9:
                rules.check_modal(data)
                interaction.modal = _opened(data, interaction)

    def _interaction(self, asked: Asked, code: int, message: str) -> Interaction:
        interaction = self.world.interactions.get(asked.names["token"])
        if interaction is None:
            raise Breach(404, code, message)
        return interaction

    def _webhook(self, asked: Asked) -> Interaction:
        interaction = self._interaction(asked, 10015, "Unknown Webhook")
        if asked.id("application") != self.world.application_id or interaction.callback is None:
            raise Breach(404, 10015, "Unknown Webhook")
        if self.world.now() - interaction.began > TOKEN_SECONDS:
            raise Breach(401, 50027, "Invalid Webhook Token")
        return interaction

    def do_followup(self, asked: Asked) -> Json:
        interaction = self._webhook(asked)
        loading = interaction.original
        if loading and loading.loading and not loading.deleted:
            self._fill(loading, asked)
            self._card_came(interaction)
            return loading.payload()
        flags = asked.body.get("flags") or 0
        rules.check_flags(flags, EPHEMERAL)
        message = self._written(interaction.channel, asked.body, asked.files, flags, interaction)
        interaction.followups.append(message)
        return message.payload()

    def do_original_get(self, asked: Asked) -> Json:
        return self._original(asked).payload()

    def do_original_edit(self, asked: Asked) -> Json:
        message = self._original(asked)
        self._fill(message, asked)
        self._card_came(self._webhook(asked))
        return message.payload()

    def do_original_delete(self, asked: Asked) -> None:
        message = self._original(asked)
        message.deleted = True
        self._card_came(self._webhook(asked))

    def _original(self, asked: Asked) -> Message:
        original = self._webhook(asked).original
        if original is None or original.deleted:
            raise Breach(404, 10008, "Unknown Message")
        return original

    def _fill(self, message: Message, asked: Asked) -> None:
        was_loading = message.loading
        flags = message.flags & ~LOADING | ((asked.body.get("flags") or 0) & COMPONENTS_V2)
        rules.check_message(asked.body, flags=flags, uploaded=set(asked.files), update=not was_loading)
        message.flags &= ~LOADING
        self._rewrite(message, asked.body, asked.files)

    def _card_came(self, interaction: Interaction) -> None:
        if interaction.awaits_card:
            interaction.awaits_card = False
            interaction.card_after = self.world.now() - interaction.began

    def do_followup_get(self, asked: Asked) -> Json:
        return self._followup(asked).payload()

    def do_followup_edit(self, asked: Asked) -> Json:
        message = self._followup(asked)
        self._rewrite(message, asked.body, asked.files)
        if message is self._webhook(asked).original:
            self._card_came(self._webhook(asked))
        return message.payload()

    def do_followup_delete(self, asked: Asked) -> None:
        self._followup(asked).deleted = True

    def _followup(self, asked: Asked) -> Message:
        interaction = self._webhook(asked)
        own = [*interaction.followups, *([interaction.original] if interaction.original else [])]
        message = next((m for m in own if m.id == asked.id("message") and not m.deleted), None)
        return _known(message, 10008, "Unknown Message")

    # messages

    def do_send(self, asked: Asked) -> Any:
        channel = self._channel(asked)
        self._check_rights(channel)
        nonce = asked.body.get("nonce")
        if nonce is not None and len(str(nonce)) > NONCE_MAX:
            rules.refuse([(["nonce"], "Must be 25 or fewer in length.")])
        before = self._same_nonce(channel, nonce) if asked.body.get("enforce_nonce") else None
        if before:
            return before.payload()
        limited = self._spend(channel)
        if limited is not None:
            return _faulty(Fault.rate_limited(limited))
        flags = asked.body.get("flags") or 0
        rules.check_flags(flags, 0)
        message = self._written(channel, asked.body, asked.files, flags, None)
        message.nonce = None if nonce is None else str(nonce)
        return _json(message.payload(), headers=self._bucket_headers(channel))

    def _check_rights(self, channel: Channel) -> None:
        texts = {
            50001: (403, "Missing Access"),
            50013: (403, "Missing Permissions"),
            50007: (403, "Cannot send messages to this user"),
            10003: (404, "Unknown Channel"),
        }
        if channel.refuses is not None:
            status, text = texts[channel.refuses]
            raise Breach(status, channel.refuses, text)

    def _same_nonce(self, channel: Channel, nonce: Any) -> Message | None:
        recent = [m for m in channel.messages.values() if self.world.now() - m.sent_at <= self.nonce_seconds]
        return next((m for m in recent if m.nonce == str(nonce) and not m.deleted), None)

    def _spend(self, channel: Channel) -> float | None:
        """Seconds to wait where the channel's bucket is empty."""
        if self.channel_bucket is None:
            return None
        most, seconds = self.channel_bucket
        sends = self._sends.setdefault(channel.id, deque())
        now = time.monotonic()
        while sends and now - sends[0] > seconds:
            sends.popleft()
        if len(sends) >= most:
            return seconds - (now - sends[0])
        sends.append(now)
        return None

    def _bucket_headers(self, channel: Channel) -> dict[str, str]:
        if self.channel_bucket is None:
            return {}
        most, seconds = self.channel_bucket
        sends = self._sends[channel.id]
        left = seconds - (time.monotonic() - sends[0])
        return {
            "X-RateLimit-Bucket": "channel-messages",
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(most - len(sends)),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
        }

    def do_message_get(self, asked: Asked) -> Json:
        return self._message(asked).payload()

    def do_message_edit(self, asked: Asked) -> Json:
        message = self._message(asked)
        if message.author is not self.world.bot:
            raise Breach(403, 50005, "Cannot edit a message authored by another user")
        self._rewrite(message, asked.body, asked.files)
        return message.payload()

    def do_message_delete(self, asked: Asked) -> None:
        """One's own goes without any right but to see the channel; another's needs Manage Messages."""
        channel = self._channel(asked)
        if channel.refuses in {50001, 10003}:
            self._check_rights(channel)
        message = self._message(asked)
        if message.author is not self.world.bot:
            raise Breach(403, 50013, "Missing Permissions")
        message.deleted = True

    def _message(self, asked: Asked) -> Message:
        message = self._channel(asked).messages.get(asked.id("message"))
        if message is None or message.deleted or message.seen_by is not None:
            raise Breach(404, 10008, "Unknown Message")
        return message

    def _written(
        self, channel: Channel, body: Json, files: dict[str, bytes], flags: int, by: Interaction | None
    ) -> Message:
        """A new message of the bot's, once its body has passed the rules."""
        rules.check_message(body, flags=flags, uploaded=set(files), update=False)
        message = Message(self.world.new_id(), channel, self.world.bot, flags, sent_at=self.world.now())
        if by:
            message.interaction = by.id
            message.seen_by = by.user.id if flags & EPHEMERAL else None
        self._put_in(message, body, files)
        channel.messages[message.id] = message
        return message

    def _rewrite(self, message: Message, body: Json, files: dict[str, bytes]) -> None:
        if message.deleted:
            raise Breach(404, 10008, "Unknown Message")
        flags = message.flags | ((body.get("flags") or 0) & COMPONENTS_V2)
        kept = {a["filename"] for a in message.attachments} if "attachments" not in body else set()
        rules.check_message(body, flags=flags, uploaded=set(files) | kept, update=True)
        message.flags = flags
        message.edits += 1
        self._put_in(message, body, files)

    def _put_in(self, message: Message, body: Json, files: dict[str, bytes]) -> None:
        self.pings += rules.pings(body, body.get("components") or [], body.get("content"))
        message.content = (body["content"] or "") if "content" in body else message.content
        message.embeds = (body["embeds"] or []) if "embeds" in body else message.embeds
        self._attach(message, body, files)
        if "components" in body:
            numbers = iter(range(1, 1000))
            message.components = [self._shown(part, message, numbers) for part in body["components"] or []]

    def _attach(self, message: Message, body: Json, files: dict[str, bytes]) -> None:
        described = body.get("attachments")
        if described is not None:
            kept_ids = {str(a.get("id")) for a in described}
            message.attachments = [a for a in message.attachments if a["id"] in kept_ids]
        words = {a.get("filename"): a.get("description") for a in described or []}
        for name, content in files.items():
            message.files[name] = content
            attachment = self.world.new_id()
            address = f"{self.address}/attachments/{message.id}/{name}"
            message.attachments.append(
                {
                    "id": str(attachment),
                    "filename": name,
                    "size": len(content),
                    "url": address,
                    "proxy_url": address,
                    "description": words.get(name),
                    "content_type": "application/octet-stream",
                }
            )

    def _shown(self, part: Json, message: Message, numbers: Any) -> Json:
        """A component as Discord gives it back: numbered, and with real addresses."""
        shown = {"id": part.get("id") or next(numbers)} | part
        if "components" in shown:
            shown["components"] = [self._shown(inner, message, numbers) for inner in shown["components"]]
        if "items" in shown:
            items = shown["items"]
            shown["items"] = [item | {"media": self._media(item["media"], message)} for item in items]
        for key in ("accessory", "component"):
            if isinstance(shown.get(key), dict):
                shown[key] = self._shown(shown[key], message, numbers)
        for key in ("media", "file"):
            if key in shown:
                shown[key] = self._media(shown[key], message)
        return shown

    def _media(self, media: Json, message: Message) -> Json:
        name = media["url"].removeprefix("attachment://")
        attachment = next((a for a in message.attachments if a["filename"] == name), None)
        url = attachment["url"] if attachment and name != media["url"] else media["url"]
        return {
            "url": url,
            "proxy_url": url,
            "height": None,
            "width": None,
            "content_type": "application/octet-stream",
            "loading_state": 2,
            "attachment_id": attachment["id"] if attachment else None,
        }


def _opened(data: Json, interaction: Interaction) -> Modal:
    """The form that a callback opens."""
    return Modal(data["custom_id"], data["title"], data["components"], interaction.source, interaction.channel)


def _callback_response(interaction: Interaction) -> Json:
    original = interaction.original
    about: Json = {
        "id": str(interaction.id),
        "type": interaction.kind,
        "response_message_id": str(original.id) if original else None,
        "response_message_loading": bool(original and original.loading),
        "response_message_ephemeral": bool(original and original.seen_by),
        "channel_id": str(interaction.channel.id),
        "guild_id": str(interaction.channel.guild.id) if interaction.channel.guild else None,
    }
    answer: Json = {"interaction": about}
    if original and interaction.callback in {4, 5, 7}:
        answer["resource"] = {"type": interaction.callback, "message": original.payload()}
    elif interaction.callback is not None:
        answer["resource"] = {"type": interaction.callback}
    return answer


def _route(method: str, path: str) -> tuple[str, dict[str, str]]:
    for name, wanted, pattern in ROUTES:
        found = pattern.match(path)
        if found and wanted == method:
            return name, found.groupdict()
    return "unknown", {}


async def _body(request: web.Request) -> tuple[Any, dict[str, bytes]]:
    """The JSON of a request, and the files beside it."""
    if not request.content_type.startswith("multipart/"):
        text = await request.text()
        return (json.loads(text) if text else {}), {}
    body: Any = {}
    raw: dict[str, tuple[str, bytes]] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        content = bytes(await part.read())
        if part.name == "payload_json":
            body = json.loads(content)
        else:
            raw[part.name or ""] = (part.filename or "", content)
    return body, dict(raw.values())


def _json(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """As Discord writes it: the content type names no character set."""
    body = json.dumps(data, ensure_ascii=False).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def _faulty(fault: Fault) -> web.Response:
    headers = {"Via": "1.1 fake"} if fault.via else {}
    body: Json = {"code": fault.code, "message": fault.message}
    if fault.retry_after is not None:
        headers["Retry-After"] = str(fault.retry_after)
        body |= {"retry_after": fault.retry_after, "global": False}
    return _json(body, status=fault.status, headers=headers)


def _known(thing: Known | None, code: int, message: str) -> Known:
    if thing is None:
        raise Breach(404, code, message)
    return thing
