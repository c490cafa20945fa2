"""The fake Slack's Web API, uploads and response addresses: every body checked, every rule held."""

from __future__ import annotations

import asyncio
import json
import urllib.parse
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

from aiohttp import web

from tests.fakes.slack_blocks import (
    TEXT_MAX,
    UPDATE_TEXT_MAX,
    Breach,
    check_blocks,
    check_plain_links,
    check_view,
    live_mentions,
)
from tests.fakes.slack_oauth import OAuth
from tests.fakes.slack_schedule import Scheduling
from tests.fakes.slack_world import (
    Call,
    Channel,
    Fault,
    Interaction,
    Json,
    Message,
    Refused,
    ResponseUrl,
    Team,
    Upload,
    View,
    World,
    fresh,
)

SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.scheduleMessage": "chat:write",
    "chat.deleteScheduledMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "conversations.open": "im:write",
    "conversations.info": "channels:read",
    "users.info": "users:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "files.info": "files:read",
}
URL_USES, URL_LIFE = 5, 30 * 60
STACK_MAX = 3


class WebApi:
    """Answers `/api/<method>`, `/upload/<file>`, `/respond/<token>`."""

    def __init__(self, world: World, app_token: str, socket_url: Callable[[], str]) -> None:
        self.world = world
        self.app_token = app_token
        self.socket_url = socket_url
        self.socket_mode = True
        self.oauth = OAuth(world, lambda: socket_url().replace("ws://", "http://").split("/link")[0])
        self.scheduling = Scheduling(
            world, lambda team, channel: self.channel(team, channel, posting=True), self.check_message
        )

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/api/{method}", self.answer),
            web.post("/upload/{file}", self.upload),
            web.post("/respond/{token}", self.respond),
        ]

    # the way in

    async def answer(self, request: web.Request) -> web.Response:
        """One call of the Web API: faults first, then token and scope, then the method."""
        method = request.match_info["method"]
        body = await read_body(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip() or str(body.get("token", ""))
        call = Call(method, body, self.world.now(), token)
        self.world.calls.append(call)
        fault = self.world.fault(method)
        failed = await self.faulty(request, fault)
        if failed is not None and not (fault and fault.applied):
            return failed
        try:
            call.answer = {"ok": True, **self.method(method, body, request.headers.get("Authorization", ""))}
        except Refused as refused:
            call.answer = {"ok": False, "error": str(refused)}
        except Breach as breach:
            self.world.breaches.append(f"{method}: {breach}")
            call.answer = {
                "ok": False,
                "error": breach.error,
                "response_metadata": {"messages": [breach.message]},
            }
        self.world.stir()
        date = {"Date": formatdate(self.world.now(), usegmt=True)}
        return web.json_response(call.answer, headers=date) if failed is None else failed

    async def faulty(self, request: web.Request, fault: Fault | None) -> web.Response | None:
        """The ordered fault's answer; None where there is none, or where it is only late."""
        if fault is None:
            return None
        await asyncio.sleep(fault.late)
        self.world.stir()
        if fault.broken:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        if fault.garbled:
            return web.Response(status=fault.status, text="<html>", content_type="application/json")
        if fault.status == 429:
            return web.json_response(
                {"ok": False, "error": "ratelimited"},
                status=429,
                headers={"Retry-After": str(int(fault.retry_after))},
            )
        if fault.status != 200:
            return web.Response(status=fault.status, text="upstream error")
        return web.json_response({"ok": False, "error": fault.error}) if fault.error else None

    def method(self, method: str, body: Json, authorization: str) -> Json:
        if method == "oauth.v2.access":
            return self.oauth.access(body, authorization)
        name = method.replace(".", "_")
        handler = getattr(self, name, None) or getattr(self.scheduling, name, None)
        if handler is None:
            raise Refused("unknown_method")
        token = authorization.removeprefix("Bearer ").strip() or body.pop("token", "")
        if not token:
            raise Refused("not_authed")
        if method == "apps.connections.open":
            if token != self.app_token:
                raise Refused("not_allowed_token_type" if token.startswith("xoxb") else "invalid_auth")
            return dict(handler())
        team = self.oauth.team_of(token, body)
        team = team or next((team for team in self.world.teams.values() if team.bot_token == token), None)
        if team is None:
            raise Refused("invalid_auth")
        if method in SCOPES and SCOPES[method] not in team.scopes:
            raise Refused("missing_scope")
        check_plain_links(body)
        self.note_mentions(method, body)
        return dict(handler(team, body))

    def note_mentions(self, method: str, body: Json) -> None:
        self.world.pings += [f"{method}: {words}" for words in live_mentions(body)]

    # auth and connections

    def apps_connections_open(self) -> Json:
        if not self.socket_mode:
            raise Refused("socket_mode_not_enabled")
        return {"url": self.socket_url()}

    def auth_test(self, team: Team, body: Json) -> Json:
        return {
            "url": f"https://{team.domain}.slack.com/",
            "team": team.domain,
            "user": "pmpath",
            "team_id": team.id,
            "user_id": team.bot_user,
            "bot_id": team.bot_id,
            "is_enterprise_install": False,
        }

    def users_info(self, team: Team, body: Json) -> Json:
        person = team.people.get(str(body.get("user")))
        if person is None:
            raise Refused("user_not_found")
        user = {
            "id": person.uid,
            "team_id": team.id,
            "name": person.name.lower().replace(" ", "."),
            "deleted": person.gone,
            "profile": {"real_name": person.name, "display_name": person.name},
            "is_bot": False,
            "updated": 1795000000,
        }
        if person.gone:  # of who was deactivated Slack says no more
            return {"user": user}
        user |= {
            "real_name": person.name,
            "tz": person.tz,
            "is_admin": person.is_admin,
            "is_owner": person.is_owner,
            "is_primary_owner": False,
            "is_restricted": person.guest,
            "is_ultra_restricted": False,
        }
        if str(body.get("include_locale", "")).lower() in {"1", "true"}:
            user["locale"] = person.locale
        return {"user": user}

    # messages

    def chat_postMessage(self, team: Team, body: Json) -> Json:
        channel = self.channel(team, str(body.get("channel", "")), posting=True)
        self.check_message("chat.postMessage", body)
        message = Message(team=team.id, channel=channel.id, ts=self.world.ts(), text=body.get("text", ""))
        message.put(body.get("blocks") or [])
        self.world.put_message(message)
        shown = message.payload(team.bot_user, self.world.app_id)
        return {"channel": channel.id, "ts": message.ts, "message": shown}

    def chat_postEphemeral(self, team: Team, body: Json) -> Json:
        channel = self.channel(team, str(body.get("channel", "")), posting=True)
        if body.get("user") not in team.people:
            raise Refused("user_not_in_channel")
        self.check_message("chat.postEphemeral", body)
        message = Message(
            team=team.id,
            channel=channel.id,
            ts=self.world.ts(),
            text=body.get("text", ""),
            only_for=body["user"],
        )
        message.put(body.get("blocks") or [])
        self.world.put_message(message)
        return {"message_ts": message.ts}

    def chat_update(self, team: Team, body: Json) -> Json:
        message = self.own_message(team, body)
        self.check_message("chat.update", body)
        if len(body.get("text", "")) > UPDATE_TEXT_MAX:
            raise Breach("msg_too_long", "chat.update takes 4,000 characters of text")
        self.change(message, body)
        return {"channel": message.channel, "ts": message.ts, "text": message.text}

    def chat_delete(self, team: Team, body: Json) -> Json:
        self.channel(team, str(body.get("channel")), posting=False)
        message = self.own_message(team, body)
        message.deleted = True
        return {"channel": message.channel, "ts": message.ts}

    def own_message(self, team: Team, body: Json) -> Message:
        message = self.world.find_message(team.id, str(body.get("channel")), str(body.get("ts")))
        if message is None or message.ephemeral:
            raise Refused("message_not_found")
        return message

    def change(self, message: Message, body: Json) -> None:
        """A message's new face; a text without blocks takes the blocks away."""
        message.text = body.get("text", "")
        message.put(body.get("blocks") or [])
        self.world.show(message, self.world.reader(message))

    def channel(self, team: Team, channel: str, *, posting: bool) -> Channel:
        """The channel that an id names; a person's id is their DM. Raises Refused."""
        if channel in team.people:
            person = team.people[channel]
            if person.gone:
                raise Refused("channel_not_found")
            if person.deaf:
                raise Refused("cannot_dm_bot")
            return team.direct(channel)
        found = team.channels.get(channel)
        if found is None or (found.private and not found.bot_in):
            raise Refused("channel_not_found")
        if posting and found.person and team.people[found.person].deaf:
            raise Refused("cannot_dm_bot")
        if posting and found.archived:
            raise Refused("is_archived")
        if posting and not found.bot_in and "chat:write.public" not in team.scopes:
            raise Refused("not_in_channel")
        return found

    def check_message(self, where: str, body: Json) -> None:
        """Raises Breach: no words at all, words too long, blocks that Slack refuses or that nobody could
        hear read out (blocks without top-level text)."""
        text, blocks = body.get("text") or "", body.get("blocks")
        if not text and not blocks:
            raise Breach("no_text", "neither text nor blocks")
        if len(text) > TEXT_MAX:
            raise Breach("msg_too_long", f"{len(text)} characters")
        if blocks:
            if not text:
                self.world.breaches.append(f"{where}: blocks without top-level text")
            check_blocks(blocks, "message", self.file_ready)

    # conversations

    def conversations_open(self, team: Team, body: Json) -> Json:
        users = str(body.get("users", "")).split(",")
        if len(users) != 1 or users[0] not in team.people:
            raise Refused("user_not_found")
        return {"channel": {"id": self.channel(team, users[0], posting=True).id}}

    def conversations_info(self, team: Team, body: Json) -> Json:
        channel = self.channel(team, str(body.get("channel")), posting=False)
        return {"channel": {"id": channel.id, "name": channel.name, "is_member": channel.bot_in}}

    # views

    def views_open(self, team: Team, body: Json) -> Json:
        interaction = self.spend(body)
        view = self.modal(team, interaction, body, previous=None)
        self.world.stacks[team.id, interaction.person] = [view]
        return self.shown(team, view, interaction.trigger)

    def views_push(self, team: Team, body: Json) -> Json:
        interaction = self.spend(body)
        stack = self.world.stacks.get((team.id, interaction.person), [])
        if len(stack) >= STACK_MAX:
            raise Refused("push_limit_reached")
        view = self.modal(team, interaction, body, previous=stack[-1] if stack else None)
        stack.append(view)
        self.world.stacks[team.id, interaction.person] = stack
        return self.shown(team, view, interaction.trigger)

    def spend(self, body: Json) -> Interaction:
        try:
            return self.world.spend(str(body.get("trigger_id", "")))
        except KeyError as error:
            raise Refused(error.args[0]) from error

    def modal(self, team: Team, interaction: Interaction, body: Json, previous: View | None) -> View:
        check_view(body.get("view"), "modal", self.file_ready)
        view = View(id=fresh("V"), team=team.id, person=interaction.person)
        view.root = previous.root if previous else view.id
        view.previous = previous.id if previous else None
        view.fill(body["view"])
        self.world.views[view.id] = view
        return view

    def shown(self, team: Team, view: View, token: str | None = None) -> Json:
        self.world.show(view, view.person, token)
        return {"view": view.payload(self.world.app_id, team.bot_id)}

    def views_update(self, team: Team, body: Json) -> Json:
        view = self.world.views.get(str(body.get("view_id")))
        if view is None or view.team != team.id or not view.open:
            raise Refused("not_found")
        if body.get("hash") and body["hash"] != view.hash:
            raise Refused("hash_conflict")
        check_view(body.get("view"), view.kind, self.file_ready)
        view.fill(body["view"])
        return self.shown(team, view)

    def views_publish(self, team: Team, body: Json) -> Json:
        person = str(body.get("user_id"))
        if person not in team.people:
            raise Refused("user_not_found")
        check_view(body.get("view"), "home", self.file_ready)
        home = self.world.homes.get((team.id, person))
        if home is None:
            home = View(id=fresh("V"), team=team.id, person=person)
            home.root = home.id
            self.world.homes[team.id, person] = self.world.views[home.id] = home
        elif body.get("hash") and body["hash"] != home.hash:
            raise Refused("hash_conflict")
        home.fill(body["view"])
        return self.shown(team, home)

    # files

    def files_getUploadURLExternal(self, team: Team, body: Json) -> Json:
        length = int(body.get("length") or 0)
        if length <= 0 or not body.get("filename"):
            raise Refused("invalid_arguments")
        upload = Upload(
            fresh("F"), body["filename"], length, body.get("alt_txt") or "", polls_left=self.world.file_polls
        )
        self.world.uploads[upload.id] = upload
        base = self.socket_url().replace("ws://", "http://").split("/link")[0]
        return {"upload_url": f"{base}/upload/{upload.id}", "file_id": upload.id}

    async def upload(self, request: web.Request) -> web.Response:
        """The bytes of a file; their number must be the one that was said."""
        if (failed := await self.faulty(request, self.world.fault("upload"))) is not None:
            return failed
        upload = self.world.uploads[request.match_info["file"]]
        upload.content = await read_upload(request)
        if len(upload.content) != upload.length:
            return web.Response(status=400, text="length differs")
        return web.Response(text=f"OK - {upload.length}")

    def files_completeUploadExternal(self, team: Team, body: Json) -> Json:
        files = body.get("files") or []
        channel_id = body.get("channel_id") or body.get("channels")
        channel = None
        if channel_id:
            if channel_id in team.people:
                raise Refused("channel_not_found")
            channel = self.channel(team, str(channel_id), posting=True)
        completed = []
        for entry in files:
            upload = self.world.uploads.get(entry["id"])
            if upload is None or not upload.content:
                raise Refused("file_not_found")
            upload.completed, upload.title = True, entry.get("title", "")
            completed.append(upload)
        if channel is not None:
            self.share(team, channel, completed, body.get("initial_comment") or "")
        return {"files": [{"id": upload.id, "title": upload.title} for upload in completed]}

    def share(self, team: Team, channel: Channel, uploads: list[Upload], comment: str) -> None:
        for upload in uploads:
            upload.channel = channel.id
        message = Message(team=team.id, channel=channel.id, ts=self.world.ts(), text=comment, files=list(uploads))
        self.world.messages.append(message)
        self.world.stir()

    def files_info(self, team: Team, body: Json) -> Json:
        upload = self.world.uploads.get(str(body.get("file")))
        if upload is None:
            raise Refused("file_not_found")
        info: Json = {"id": upload.id, "name": upload.name, "title": upload.title, "size": upload.length}
        if upload.ready:
            info |= {"mimetype": "image/png", "filetype": "png"}
        upload.polls_left -= 1
        return {"file": info}

    def file_ready(self, file_id: str) -> bool:
        upload = self.world.uploads.get(file_id)
        return upload is not None and upload.ready

    # response addresses

    async def respond(self, request: web.Request) -> web.Response:
        """One use of a response_url; refusals are 404 with a JSON error."""
        arrived, url = self.world.now(), self.world.urls.get(request.match_info["token"])
        body = await request.json()
        for interaction in self.world.interactions:
            if url is not None and interaction.url is url:
                interaction.sent(arrived)
        self.world.calls.append(Call("response_url", body, self.world.now(), team=url.team if url else ""))
        if (failed := await self.faulty(request, self.world.fault("response_url"))) is not None:
            return failed
        try:
            self.use(url, body)
        except Refused as refused:
            return web.json_response({"ok": False, "error": str(refused)}, status=404)
        except Breach as breach:
            self.world.breaches.append(f"response_url: {breach}")
            return web.json_response({"ok": False, "error": breach.error}, status=404)
        return web.json_response({"ok": True})

    def use(self, url: ResponseUrl | None, body: Json) -> None:
        if url is None:
            raise Refused("invalid_url")
        if self.world.now() - url.born > URL_LIFE:
            raise Refused("expired_url")
        if url.uses >= URL_USES:
            raise Refused("used_url")
        url.uses += 1
        self.note_mentions("response_url", body)
        if truthy(body.get("delete_original")):
            self.delete_original(url)
            return
        check_plain_links(body)
        self.check_message("response_url", body)
        if truthy(body.get("replace_original")) and url.message is not None:
            message = url.message
            message.deleted = False
            message.text = body.get("text", "")
            message.put(body.get("blocks") or [])
            self.world.show(message, url.person, url.token)
            return
        self.answer_by_url(url, body)

    def delete_original(self, url: ResponseUrl) -> None:
        if url.message is None:
            raise Refused("no_original")
        url.message.deleted = True
        self.world.show(url.message, url.person, url.token)

    def answer_by_url(self, url: ResponseUrl, body: Json) -> Message:
        """A new message where the interaction happened, private unless it says otherwise."""
        private = body.get("response_type", "ephemeral") != "in_channel"
        message = Message(
            team=url.team,
            channel=url.channel,
            ts=self.world.ts(),
            text=body.get("text", ""),
            only_for=url.person if private else None,
        )
        message.put(body.get("blocks") or [])
        return self.world.put_message(message, url.token)


def truthy(value: Any) -> bool:
    return value is True or str(value).lower() == "true"


async def read_body(request: web.Request) -> Json:
    """A call's arguments from query, form or JSON; JSON words in a form are read."""
    body: Json = dict(request.query)
    if request.content_type == "application/json":
        body |= await request.json()
    elif request.content_type == "application/x-www-form-urlencoded":
        body |= dict(urllib.parse.parse_qsl(await request.text(), keep_blank_values=True))
    for key in ("blocks", "view", "files", "attachments", "metadata"):
        if isinstance(body.get(key), str):
            body[key] = json.loads(body[key])
    return body


async def read_upload(request: web.Request) -> bytes:
    """An upload's bytes, raw or in a multipart form."""
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    part = await (await request.multipart()).next()
    if part is None or not hasattr(part, "read"):
        return b""
    return bytes(await part.read())
