"""A Slack on 127.0.0.1 and its members: real sockets, the real client library on the other end.

`FakeSlack` is the platform (Web API, Socket Mode or signed HTTP), `SlackMember` somebody who types, clicks
and reads. What the app does wrongly is kept in `fake.breaches`, whom it pinged in `fake.pings`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import aiohttp
from aiohttp import web

from tests.fakes import slack_reading as reading
from tests.fakes.slack_api import WebApi
from tests.fakes.slack_blocks import Breach, check_view
from tests.fakes.slack_http import SignedHttp, Wrong
from tests.fakes.slack_oauth import OAuth, Organisation
from tests.fakes.slack_socket import PAYLOADS, NobodyListens, SocketMode
from tests.fakes.slack_world import (
    ALL_SCOPES,
    Channel,
    Interaction,
    Json,
    Message,
    Person,
    ResponseUrl,
    Team,
    View,
    World,
    fresh,
)

__all__ = ["FakeSlack", "Message", "PlatformFailed", "SlackMember", "View"]

Thing = Message | View


class PlatformFailed(AssertionError):
    """What a member reads when the app fails them: operation_timeout, dispatch_failed, nothing at all…"""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class FakeSlack(World):
    """One app on one Slack. Without `events_url` payloads go by Socket Mode, else by signed HTTP."""

    def __init__(self) -> None:
        super().__init__()
        self.app_token = "xapp-1-fake"
        self.signing_secret = "5ecret0f7he5igning"
        self.events_url: str | None = None
        self.patience = 3.0
        self.reply_patience = 10.0
        self.undelivered: list[Json] = []
        self.host = ""
        self.socket = SocketMode(self)
        self.http = SignedHttp(self.signing_secret)
        self.api = WebApi(self, self.app_token, lambda: self.socket.url(self.host))
        self._runner: web.AppRunner | None = None

    # life

    async def start(self) -> FakeSlack:
        app = web.Application(client_max_size=2**24)
        app.add_routes([*self.api.routes(), web.get("/link/", self.socket.link)])
        app.on_response_prepare.append(self._says_scopes)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.host = f"127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def _says_scopes(self, request: web.Request, response: web.StreamResponse) -> None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        for team in (team for team in self.teams.values() if team.bot_token == token):
            response.headers["X-OAuth-Scopes"] = ",".join(sorted(team.scopes))

    async def stop(self) -> None:
        await self.socket.close()
        await self.http.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> FakeSlack:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"http://{self.host}/api/"

    async def connected(self, timeout: float = 30) -> None:
        """Until the app's socket is open."""
        await self.until(lambda: self.socket.connections, timeout)

    # who is there

    def install(self, domain: str = "workspace", scopes: Iterable[str] = ALL_SCOPES) -> Team:
        """A workspace that has the app by hand, and the token to show for it."""
        team = self.workspace(domain, scopes)
        team.bot_token = f"xoxb-{fresh('')}"
        return team

    def organisation(self, name: str, *domains: str) -> Organisation:
        """An organisation with these workspaces."""
        of = Organisation(fresh("E"), name)
        of.teams = [self.workspace(domain, enterprise=of.id) for domain in domains]
        return of

    def workspace(self, domain: str, scopes: Iterable[str] = ALL_SCOPES, *, enterprise: str | None = None) -> Team:
        """A workspace with a channel `general` where the app is, once installed, and `lounge` where it is not."""
        bot = fresh("U0BOT"), fresh("B")
        team = Team(fresh("T"), domain, "", *bot, scopes=frozenset(scopes), enterprise=enterprise)
        self.teams[team.id] = team
        for name, bot_in in (("general", True), ("lounge", False)):
            channel = Channel(fresh("C"), name, bot_in=bot_in)
            team.channels[channel.id] = channel
        secret = Channel(fresh("G"), "secret", private=True)
        team.channels[secret.id] = secret
        return team

    def channel(self, team: Team, name: str) -> Channel:
        return next(channel for channel in team.channels.values() if channel.name == name)

    def public_messages(self, team: Team, channel: str = "general") -> list[Message]:
        """What stands in a channel for everybody."""
        found = self.channel(team, channel).id
        return [m for m in self.messages if m.channel == found and not m.ephemeral and not m.deleted]

    def deliver_due(self) -> list[Message]:
        """Lets Slack post what was scheduled and has come due by its clock."""
        return self.api.scheduling.deliver_due()

    # the wire

    def template(self, name: str) -> Json:
        """A real-shaped payload to fill in."""
        body: Json = json.loads((PAYLOADS / f"{name}.json").read_text())
        return {**body, "api_app_id": self.app_id}

    async def deliver(self, kind: str, payload: Json, *, retry: int = 0) -> Any:
        """Sends a payload the way that is on. Raises PlatformFailed as the member would read it."""
        try:
            if self.events_url is None:
                extra = {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
                extra = extra if kind == "events_api" else {}
                return await self.socket.send(kind, payload, self.patience, **extra)
            status, answer = await self.http.post(self.events_url, kind, payload, self.patience, retry=retry)
        except TimeoutError as error:
            raise PlatformFailed("operation_timeout") from error
        except (NobodyListens, aiohttp.ClientConnectionError) as error:
            raise PlatformFailed("dispatch_failed") from error
        if status != 200:
            raise PlatformFailed(f"http_error {status}")
        return answer

    async def knock(self, kind: str, payload: Json, wrong: Wrong | None) -> int:
        """The status with which the app meets a request that is `wrong` in its signature (None: right)."""
        assert self.events_url is not None
        status, _answer = await self.http.post(self.events_url, kind, payload, self.patience, wrong=wrong)
        return status

    @property
    def oauth(self) -> OAuth:
        """Who may install the app, and what became of it."""
        return self.api.oauth

    async def uninstall(self, of: Team | Organisation, *events: str, event_time: int | None = None) -> None:
        """The app is removed: its tokens are good no more, and Slack says so by these events, one after another."""
        gone = self.oauth.revoke(of)
        for event in events or ("tokens_revoked", "app_uninstalled"):
            await self.removal(of, event, event_time=event_time)
            for each in gone:
                each.told = True

    async def removal(self, of: Team | Organisation, event: str, *, event_time: int | None = None) -> None:
        """One of those events alone; so it comes late, or twice."""
        team = of.teams[0] if isinstance(of, Organisation) else of
        body: Json = {"type": event}
        if event == "tokens_revoked":
            body["tokens"] = {"oauth": [], "bot": [team.bot_user]}
        await self.event(team, body, event_time=event_time)

    async def event(
        self, team: Team, event: Json, *, event_id: str | None = None, retry: int = 0, event_time: int | None = None
    ) -> str:
        """Delivers an event; one that is not acknowledged is sent once more at once, as Slack does."""
        payload = self.template("event_callback") | {"team_id": team.id, "context_team_id": team.id}
        payload["event"] = {"event_ts": self.ts(), **event}
        payload["event_id"] = event_id or fresh("Ev")
        payload["event_time"] = int(self.now()) if event_time is None else event_time
        whose = {"team_id": None if team.whole else team.id, "user_id": team.bot_user}
        payload["authorizations"][0] |= whose | {"enterprise_id": team.enterprise, "is_enterprise_install": team.whole}
        try:
            await self.deliver("events_api", payload, retry=retry)
        except PlatformFailed:
            self.undelivered.append(payload)
            if retry >= 1:
                raise
            again = payload["event_time"]
            await self.event(team, event, event_id=payload["event_id"], retry=retry + 1, event_time=again)
        return str(payload["event_id"])


@dataclass(slots=True)
class SlackMember:
    """A person of a workspace: what they do, and what they then see."""

    fake: FakeSlack
    team: Team
    uid: str
    name: str = "Ada"
    locale: str = "en-US"
    tz: str = "Europe/London"
    is_admin: bool = False
    is_owner: bool = False
    home_team: str = ""
    """Their own workspace, where a shared channel has brought them here."""

    def __post_init__(self) -> None:
        self.team.people[self.uid] = Person(self.uid, self.name, self.locale, self.tz, self.is_admin, self.is_owner)

    # what they see

    @property
    def person(self) -> Person:
        return self.team.people[self.uid]

    @property
    def messages(self) -> list[Message]:
        """Everything of the app's that this member can read now, in order."""
        return [message for message in self.fake.messages if self._reads(message)]

    def _reads(self, message: Message) -> bool:
        if message.team != self.team.id or message.deleted or message.only_for not in (None, self.uid):
            return False
        channel = self.team.channels[message.channel]
        return channel.person in (None, self.uid)

    @property
    def dms(self) -> list[Message]:
        """What stands in the DM with the app."""
        direct = self.team.direct(self.uid).id
        return [message for message in self.messages if message.channel == direct]

    @property
    def home(self) -> View:
        """The Home tab as it stands. Raises KeyError where nothing was ever published."""
        return self.fake.homes[self.team.id, self.uid]

    @property
    def modal(self) -> View | None:
        """The modal on top, if one is open."""
        stack = self.fake.stacks.get((self.team.id, self.uid), [])
        return stack[-1] if stack else None

    def reload(self) -> None:
        """Restarts their client: private messages in channels vanish."""
        for message in self.messages:
            message.deleted = message.deleted or message.only_for == self.uid

    async def receives(self, count: int = 1, timeout: float = 30) -> Message:
        """The newest DM, once there are `count` of them."""
        await self.fake.until(lambda: len(self.dms) >= count, timeout)
        return self.dms[-1]

    # what they do

    async def command(self, line: str, *, channel: str = "general", follows: bool = True) -> Thing:
        """Types a command; what they see of it. `channel` is a name, or `dm`."""
        root, _space, text = line.partition(" ")
        where = self.team.direct(self.uid) if channel == "dm" else self.fake.channel(self.team, channel)
        interaction = self.begin("command")
        url = self.response_url_for(interaction, where.id, None)
        payload = self.fake.template("slash_command") | self._who_form() | {
            "channel_id": where.id,
            "channel_name": where.name,
            "command": root,
            "text": self._escaped(text),
            "response_url": url,
            "trigger_id": self.fake.trigger(interaction),
        }  # fmt: skip
        return await self._outcome(interaction, "slash_commands", payload, follows=follows)

    async def press(self, thing: Thing, label: str, place: int = 0, *, follows: bool = True) -> Thing:
        """Presses the button of this label (of several, the one at that place)."""
        found = [
            (block, element)
            for block, element in reading.elements(thing.blocks)
            if element["type"] == "button" and reading.text(element["text"]) == label
        ]
        if place < len(found):
            return await self.act(thing, *found[place], {}, follows=follows)
        raise PlatformFailed(f"no button {label!r} among {thing.labels}")

    async def choose(self, thing: Thing, label: str, values: str | Iterable[str], *, follows: bool = True) -> Thing:
        """Chooses options by their words (people by id) in the select of this label or block id. Selects in
        input blocks only keep it; any other tells the app at once."""
        wanted = [values] if isinstance(values, str) else list(values)
        block, element = self._select(thing, label)
        state = chosen(element, wanted)
        thing.state(self.uid)[block["block_id"]][element["action_id"]] = state
        if block["type"] == "input" and not block.get("dispatch_action"):
            return thing
        return await self.act(thing, block, element, state, follows=follows)

    def write(self, thing: Thing, label: str, words: str) -> None:
        """Writes into the field of this label."""
        for block, element in reading.elements(thing.blocks):
            if "input" in element["type"] and label in (reading.label(block, element), block["block_id"]):
                if len(words) > element.get("max_length", 3000):
                    raise PlatformFailed("too long to type")
                state = {"type": element["type"], "value": words or None}
                thing.state(self.uid)[block["block_id"]][element["action_id"]] = state
                return
        raise PlatformFailed(f"no field {label!r}")

    async def submit(
        self, modal: View, values: dict[str, str | list[str]] | None = None, *, follows: bool = True
    ) -> Thing:
        """Fills in fields and selects by label, and sends the modal; the modal itself where it stays open
        with errors or a new face, else what follows."""
        for label, wanted in (values or {}).items():
            if any(label in (field.label, field.block_id) for field in modal.inputs(self.uid)):
                self.write(modal, label, str(wanted))
            else:
                await self.choose(modal, label, wanted)
        if missing := self._missing(modal):
            raise PlatformFailed(f"please fill in {missing}")
        interaction = self.begin("submission")
        payload = self.fake.template("view_submission") | self._who() | {
            "trigger_id": self.fake.trigger(interaction),
            "view": modal.payload(self.fake.app_id, self.team.bot_id),
        }  # fmt: skip
        return await self._outcome(interaction, "interactive", payload, modal=modal, follows=follows)

    async def open_home(self, *, event_id: str | None = None) -> View:
        """Opens the app's Home tab; the Home as it stands after the app has answered."""
        interaction = self.begin("home")
        event = {"type": "app_home_opened", "user": self.uid, "channel": self.team.direct(self.uid).id}
        try:
            await self.fake.event(self.team, event | {"tab": "home"}, event_id=event_id)
            await self._arrival(interaction)
        finally:
            self.fake.interactions.remove(interaction)
        return self.home

    async def act(self, thing: Thing, block: Json, element: Json, state: Json, *, follows: bool = True) -> Thing:
        """Sends the block_actions of an element, with what this member has entered around it."""
        interaction = self.begin("action")
        action: Json = {key: element[key] for key in ("type", "action_id", "text", "value") if key in element}
        action |= state | {"block_id": block["block_id"], "action_ts": self.fake.ts()}
        payload = self.fake.template("block_actions") | self._who() | {
            "trigger_id": self.fake.trigger(interaction), "actions": [action]
        }  # fmt: skip
        payload |= self._container(thing, interaction)
        gone = [] if not isinstance(thing, View) else ["channel", "response_url", "state"]
        payload = {key: value for key, value in payload.items() if key not in gone}
        return await self._outcome(interaction, "interactive", payload, follows=follows)

    # how it goes over the wire

    def _container(self, thing: Thing, interaction: Interaction) -> Json:
        if isinstance(thing, View):
            shown = thing.payload(self.fake.app_id, self.team.bot_id)
            return {"container": {"type": "view", "view_id": thing.id}, "view": shown}
        channel = self.team.channels[thing.channel]
        live = self.fake.find_message(thing.team, thing.channel, thing.ts)
        container = {
            "type": "message",
            "message_ts": thing.ts,
            "channel_id": thing.channel,
            "is_ephemeral": thing.ephemeral,
        }
        about: Json = {
            "container": container,
            "channel": {"id": channel.id, "name": channel.name},
            "state": {"values": thing.state(self.uid)},
            "response_url": self.response_url_for(interaction, channel.id, live or thing),
        }
        if not thing.ephemeral:
            about["message"] = thing.payload(self.team.bot_user, self.fake.app_id)
        return about

    def begin(self, kind: str) -> Interaction:
        interaction = Interaction(self.uid, self.team.id, kind, self.fake.now())
        self.fake.interactions.append(interaction)
        return interaction

    def response_url_for(self, interaction: Interaction, channel: str, message: Message | None) -> str:
        token = fresh("url")
        url = ResponseUrl(token, self.team.id, self.uid, channel, message, self.fake.now())
        self.fake.urls[token] = interaction.url = url
        return f"http://{self.fake.host}/respond/{token}"

    def _who(self) -> Json:
        name = self.name.lower().replace(" ", ".")
        org = {"id": self.team.enterprise, "name": "Org"} if self.team.enterprise else None
        return {
            "team": None if self.team.whole else {"id": self.team.id, "domain": self.team.domain},
            "user": {"id": self.uid, "username": name, "name": name, "team_id": self.home_team or self.team.id},
            "enterprise": org,
            "is_enterprise_install": self.team.whole,
        }

    def _who_form(self) -> Json:
        name = self.name.lower().replace(" ", ".")
        team: Json = {"team_id": self.team.id, "team_domain": self.team.domain}
        if self.team.enterprise:
            whole = str(self.team.whole).lower()
            team |= {"enterprise_id": self.team.enterprise, "is_enterprise_install": whole}
        return {**team, "user_id": self.uid, "user_name": name}

    def _escaped(self, text: str) -> str:
        """Command text as Slack hands it over: escaped, and people it knows as `<@U…|name>`."""
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        for person in self.team.people.values():
            name = person.name.lower().replace(" ", ".")
            text = text.replace(f"@{name}", f"<@{person.uid}|{name}>")
        return text

    def _select(self, thing: Thing, label: str) -> tuple[Json, Json]:
        for block, element in reading.elements(thing.blocks):
            names = (reading.label(block, element), block["block_id"], element["action_id"])
            if element["type"] != "button" and "input" not in element["type"] and label in names:
                return block, element
        raise PlatformFailed(f"no select {label!r}")

    def _missing(self, modal: View) -> list[str]:
        """Fields that Slack asks to be filled before it sends a modal."""
        missing = []
        for block, element in reading.elements(modal.blocks):
            if block["type"] == "input" and not block.get("optional"):
                state = modal.state(self.uid)[block["block_id"]][element["action_id"]]
                if not any(value for key, value in state.items() if key != "type"):
                    missing.append(reading.label(block, element))
        return missing

    async def _outcome(
        self, interaction: Interaction, kind: str, payload: Json, *, modal: View | None = None, follows: bool
    ) -> Thing:
        """Delivers, takes the acknowledgement, and waits for what the member sees of it."""
        fake = self.fake
        try:
            answer = await fake.deliver(kind, payload)
            interaction.acked_after = fake.now() - interaction.started
            if kind == "slash_commands" and answer:
                interaction.sent(fake.now())
            fake.stir()
            if modal is not None:
                stays = self._take_view_answer(modal, answer)
                if stays is not None:
                    return stays
            elif kind == "slash_commands" and answer:
                self._take_command_answer(interaction, answer)
            elif answer:
                fake.breaches.append(f"{interaction.kind}: an acknowledgement with a body: {answer}")
            if not follows:
                return interaction.seen[0] if interaction.seen else modal or Message(team=self.team.id)
            await self._arrival(interaction)
            return interaction.seen[0]
        finally:
            fake.interactions.remove(interaction)
            if interaction.card_after is not None:
                fake.latencies.append(interaction.card_after)

    async def _arrival(self, interaction: Interaction) -> None:
        try:
            await self.fake.until(lambda: interaction.seen, self.fake.reply_patience)
        except TimeoutError as error:
            raise PlatformFailed("nothing followed") from error

    def _take_command_answer(self, interaction: Interaction, answer: Any) -> None:
        """The reply that came with the acknowledgement, checked as a message."""
        body = {"text": answer} if isinstance(answer, str) else answer
        api, url = self.fake.api, interaction.url
        assert url is not None
        api.note_mentions("command answer", body)
        try:
            api.check_message("command answer", body)
        except Breach as breach:
            self.fake.breaches.append(f"command answer: {breach}")
            raise PlatformFailed("invalid_command_response") from breach
        api.answer_by_url(url, body)

    def _take_view_answer(self, modal: View, answer: Any) -> View | None:
        """What a modal does after it was sent; the view that stays open, or None where it closed."""
        stack = self.fake.stacks.get((self.team.id, self.uid), [])
        action = (answer or {}).get("response_action") if isinstance(answer, dict) or not answer else "words"
        try:
            match action:
                case None:
                    self._close(stack, 1)
                    return None
                case "clear":
                    self._close(stack, len(stack))
                    return None
                case "errors":
                    known = {block["block_id"] for block in modal.blocks if block["type"] == "input"}
                    if not answer["errors"] or not set(answer["errors"]) <= known:
                        raise Breach("invalid_errors", f"{sorted(answer['errors'])} are no input blocks")
                    modal.errors = dict(answer["errors"])
                    return modal
                case "update" | "push":
                    return self._next_view(modal, stack, answer)
            raise Breach("invalid_response_action", str(answer))
        except Breach as breach:
            self.fake.breaches.append(f"view_submission: {breach}")
            raise PlatformFailed("We had some trouble connecting. Try again?") from breach

    def _next_view(self, modal: View, stack: list[View], answer: Json) -> View:
        check_view(answer["view"], "modal", self.fake.api.file_ready)
        self.fake.api.note_mentions("view answer", answer["view"])
        if answer["response_action"] == "update":
            modal.fill(answer["view"])
            return modal
        view = View(id=fresh("V"), team=self.team.id, person=self.uid, root=modal.root, previous=modal.id)
        view.fill(answer["view"])
        self.fake.views[view.id] = view
        stack.append(view)
        return view

    def _close(self, stack: list[View], count: int) -> None:
        for _ in range(min(count, len(stack))):
            stack.pop().open = False
        self.fake.stir()


def chosen(element: Json, wanted: list[str]) -> Json:
    """The state of a select after a choice by words. Raises PlatformFailed where an option is not there."""
    kind = element["type"]
    if "users" in kind:
        key = "selected_users" if kind.startswith("multi") else "selected_user"
        return {"type": kind, key: wanted if kind.startswith("multi") else wanted[0]}
    if kind in {"channels_select", "conversations_select"}:
        return {"type": kind, f"selected_{kind.removesuffix('s_select')}": wanted[0]}
    options = {reading.text(option["text"]): option for option in element["options"]}
    by_value = {option["value"]: option for option in element["options"]}
    found = [options.get(words) or by_value.get(words) for words in wanted]
    if None in found:
        raise PlatformFailed(f"no option {wanted} among {list(options)}")
    if len(found) > element.get("max_selected_items", 100):
        raise PlatformFailed("no more can be chosen")
    if kind in {"multi_static_select", "checkboxes"}:
        return {"type": kind, "selected_options": found}
    return {"type": kind, "selected_option": found[0]}
