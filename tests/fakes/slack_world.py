"""The state of the fake Slack: workspaces, people, channels, messages, views, interactions under way."""

from __future__ import annotations

import asyncio
import copy
import itertools
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from tests.fakes import slack_reading as reading
from tests.fakes.rates import busiest

if TYPE_CHECKING:
    from tests.fakes.slack_schedule import Scheduled

T = TypeVar("T")
Json = dict[str, Any]
_numbers = itertools.count(1)

ALL_SCOPES = frozenset(
    {"commands", "chat:write", "chat:write.public", "im:write", "users:read", "files:write", "files:read"}
)


class Refused(Exception):
    """An `ok: false` answer."""


def fresh(prefix: str) -> str:
    """An id that Slack could have given."""
    return f"{prefix}{next(_numbers):09d}"


@dataclass(slots=True)
class Person:
    """A person as Slack knows them. `gone`: deactivated; `guest`: of some channels; `deaf`: refuses DMs of apps."""

    uid: str
    name: str
    locale: str = "en-US"
    tz: str = "Europe/London"
    is_admin: bool = False
    is_owner: bool = False
    gone: bool = False
    guest: bool = False
    deaf: bool = False


@dataclass(slots=True)
class Channel:
    """A channel or a DM (`person`). `bot_in`: the app was invited."""

    id: str
    name: str
    private: bool = False
    bot_in: bool = False
    person: str | None = None
    archived: bool = False


@dataclass(slots=True)
class Upload:
    """A file on its way: asked for, its bytes there, completed; `polls_left` until Slack has looked at it."""

    id: str
    name: str
    length: int
    alt: str
    content: bytes = b""
    title: str = ""
    completed: bool = False
    polls_left: int = 1
    channel: str | None = None

    @property
    def ready(self) -> bool:
        return self.completed and self.polls_left <= 0


@dataclass(slots=True)
class Surface:
    """What holds blocks and what members entered into them, by person."""

    blocks: list[Json] = field(default_factory=list)
    entered: dict[str, dict[str, dict[str, Json]]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return reading.title(self.blocks)

    @property
    def buttons(self) -> list[reading.SeenButton]:
        return reading.buttons(self.blocks)

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]

    @property
    def pictures(self) -> list[str]:
        return reading.pictures(self.blocks)

    def put(self, blocks: list[Json]) -> None:
        """New blocks: ids where they lack, and what was entered stays where both ids are the same."""
        blocks = copy.deepcopy(blocks)
        for block in blocks:
            block.setdefault("block_id", fresh("b"))
            for _block, element in reading.elements([block]):
                element.setdefault("action_id", fresh("a"))
        self.blocks = blocks
        for person, state in self.entered.items():
            self.entered[person] = initial_state(blocks, state)

    def state(self, person: str) -> dict[str, dict[str, Json]]:
        """What this person has entered, initial values included."""
        if person not in self.entered:
            self.entered[person] = initial_state(self.blocks, {})
        return self.entered[person]

    def selects(self, person: str) -> list[reading.SeenSelect]:
        return reading.selects(self.blocks, self.state(person))

    def inputs(self, person: str) -> list[reading.SeenInput]:
        return reading.inputs(self.blocks, self.state(person))


@dataclass(slots=True)
class Message(Surface):
    """A message as it stands now; it changes in place when the app changes it."""

    team: str = ""
    channel: str = ""
    ts: str = ""
    text: str = ""
    only_for: str | None = None
    deleted: bool = False
    files: list[Upload] = field(default_factory=list)

    @property
    def ephemeral(self) -> bool:
        return self.only_for is not None

    @property
    def lines(self) -> list[str]:
        """The words a member reads; without blocks these are the text's."""
        if self.blocks:
            return reading.lines(self.blocks)
        return [words for words in reading.mrkdwn(self.text).split("\n") if words.strip()]

    def snapshot(self) -> Message:
        """The message as it stands now, for a press on it after it has changed."""
        return copy.deepcopy(self)

    def payload(self, bot_user: str, app_id: str) -> Json:
        return {
            "type": "message",
            "user": bot_user,
            "ts": self.ts,
            "app_id": app_id,
            "text": self.text,
            "team": self.team,
            "blocks": self.blocks,
        }


@dataclass(slots=True)
class View(Surface):
    """A modal or a Home tab. `open` until closed, submitted or cleared."""

    id: str = ""
    team: str = ""
    person: str = ""
    body: Json = field(default_factory=dict)
    hash: str = ""
    root: str = ""
    previous: str | None = None
    open: bool = True
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return str(self.body["type"])

    @property
    def heading(self) -> str:
        """A modal's title bar."""
        return reading.text(self.body["title"]) if "title" in self.body else ""

    @property
    def lines(self) -> list[str]:
        return reading.lines(self.blocks)

    def fill(self, body: Json) -> None:
        """A new body in the same view; what was entered stays where block and action are the same."""
        self.put(body["blocks"])
        self.body = {**body, "blocks": self.blocks}
        self.hash = f"{time.time():.3f}.{fresh('h')}"
        self.errors = {}

    def payload(self, app_id: str, bot_id: str) -> Json:
        return {
            "callback_id": "",
            "private_metadata": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "title": None,
            "submit": None,
            "close": None,
            **self.body,
            "id": self.id,
            "team_id": self.team,
            "hash": self.hash,
            "state": {"values": self.state(self.person)},
            "root_view_id": self.root,
            "previous_view_id": self.previous,
            "app_id": app_id,
            "bot_id": bot_id,
            "app_installed_team_id": self.team,
        }


@dataclass(slots=True)
class ResponseUrl:
    """Where an interaction may be answered later: five times, for thirty minutes."""

    token: str
    team: str
    person: str
    channel: str
    message: Message | None
    born: float
    uses: int = 0


@dataclass(slots=True)
class Interaction:
    """Something a member did, and what they saw of it. `ack` is Slack's: what the app answered in time."""

    person: str
    team: str
    kind: str
    started: float
    url: ResponseUrl | None = None
    trigger: str = ""
    seen: list[Message | View] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    acked_after: float | None = None
    """Seconds until the acknowledgement was there."""
    card_after: float | None = None
    """Seconds until the app had sent what the member sees next; the fake's own work is not in it."""

    def sent(self, moment: float) -> None:
        """The app sent the next card now."""
        if self.card_after is None:
            self.card_after = moment - self.started

    def sees(self, thing: Message | View) -> None:
        self.seen.append(thing)
        self.arrived.set()


@dataclass(slots=True)
class Team:
    """A workspace. `bot_token` is one that it gave by hand; `whole`: the app is installed for its `enterprise`."""

    id: str
    domain: str
    bot_token: str
    bot_user: str
    bot_id: str
    scopes: frozenset[str] = ALL_SCOPES
    enterprise: str | None = None
    whole: bool = False
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)

    def direct(self, uid: str) -> Channel:
        """The DM between the app and a person, opened where it is not."""
        for channel in self.channels.values():
            if channel.person == uid:
                return channel
        channel = Channel(fresh("D"), "directmessage", private=True, bot_in=True, person=uid)
        self.channels[channel.id] = channel
        return channel


def initial_state(blocks: list[Json], kept: dict[str, dict[str, Json]]) -> dict[str, dict[str, Json]]:
    """`state.values` as Slack fills it: what was kept where both ids are the same, else initial values."""
    values: dict[str, dict[str, Json]] = {}
    for block, element in reading.elements(blocks):
        if element["type"] in {"button", "overflow"}:
            continue
        old = kept.get(block["block_id"], {}).get(element["action_id"])
        state = old if old and old["type"] == element["type"] else _initial(element)
        values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def _initial(element: Json) -> Json:
    kind = element["type"]
    match kind:
        case "static_select" | "radio_buttons":
            return {"type": kind, "selected_option": element.get("initial_option")}
        case "multi_static_select" | "checkboxes":
            return {"type": kind, "selected_options": element.get("initial_options", [])}
        case "users_select":
            return {"type": kind, "selected_user": element.get("initial_user")}
        case "multi_users_select":
            return {"type": kind, "selected_users": element.get("initial_users", [])}
        case "conversations_select":
            return {"type": kind, "selected_conversation": element.get("initial_conversation")}
        case "channels_select":
            return {"type": kind, "selected_channel": element.get("initial_channel")}
        case "datepicker":
            return {"type": kind, "selected_date": element.get("initial_date")}
        case "timepicker":
            return {"type": kind, "selected_time": element.get("initial_time")}
    return {"type": kind, "value": element.get("initial_value")}


@dataclass(slots=True)
class Fault:
    """The next `left` calls of a method answer wrongly, or late.

    An `applied` call takes effect in spite of its answer; `broken`: the connection breaks instead of an answer;
    `garbled`: the answer says that it is JSON and is none.
    """

    left: int
    status: int = 200
    error: str = ""
    retry_after: float = 1
    late: float = 0
    applied: bool = False
    broken: bool = False
    garbled: bool = False


@dataclass(slots=True)
class Call:
    """A call that the app made: its method, what it sent, when (also really), and what it was answered.

    `token` is the one that came with it, `team` the workspace whose response address it was.
    """

    method: str
    body: Json
    at: float
    token: str = ""
    team: str = ""
    arrived: float = field(default_factory=time.monotonic)
    answer: Json = field(default_factory=dict)


class World:
    """Everything that is so in the fake Slack, and who waits for what."""

    def __init__(self) -> None:
        self.app_id = fresh("A")
        self.teams: dict[str, Team] = {}
        self.messages: list[Message] = []
        self.views: dict[str, View] = {}
        self.homes: dict[tuple[str, str], View] = {}
        self.stacks: dict[tuple[str, str], list[View]] = {}
        self.uploads: dict[str, Upload] = {}
        self.urls: dict[str, ResponseUrl] = {}
        self.triggers: dict[str, tuple[float, Interaction]] = {}
        self.spent_triggers: set[str] = set()
        self.interactions: list[Interaction] = []
        self.latencies: list[float] = []
        self.faults: dict[str, list[Fault]] = {}
        self.calls: list[Call] = []
        self.breaches: list[str] = []
        self.pings: list[str] = []
        self.skipped = 0.0
        self.clock: Callable[[], float] = time.time
        self.scheduled: list[Scheduled] = []
        self.unposted: list[Scheduled] = []
        self.scheduled_page = 100
        self.ghosts = False
        self.trigger_life = 3.0
        self.file_polls = 1
        self._waiting: dict[Callable[[], Any], asyncio.Future[None]] = {}
        self._clock = time.time()
        self._drops: dict[str, tuple[float, float, random.Random]] = {}

    # time and waiting

    def now(self) -> float:
        return self.clock() + self.skipped

    def skip(self, seconds: float) -> None:
        """Moves Slack's clock on: response addresses and triggers age."""
        self.skipped += seconds

    def ts(self) -> str:
        """A message's time stamp: unique and rising."""
        self._clock = max(self._clock + 0.000001, self.now())
        return f"{self._clock:.6f}"

    def stir(self) -> None:
        """Lets those go on for whom it came true. Asked here, so that a crowd that waits costs little."""
        for predicate, waiter in list(self._waiting.items()):
            if not waiter.done() and predicate():
                waiter.set_result(None)

    async def until(self, predicate: Callable[[], T], timeout: float = 30) -> T:
        """What the predicate says once it says something true. Raises TimeoutError."""
        if found := predicate():
            return found
        waiter = self._waiting[predicate] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(timeout):
                await waiter
        finally:
            del self._waiting[predicate]
        return predicate()

    # faults and records

    def fail_next(
        self,
        method: str,
        times: int = 1,
        *,
        status: int = 200,
        error: str = "",
        retry_after: float = 1,
        late: float = 0,
        applied: bool = False,
        broken: bool = False,
        garbled: bool = False,
    ) -> None:
        """Orders the next calls of a method (or `response_url`, `upload`) to fail: by HTTP status, by an
        `ok: false` error, by a broken connection, by what is no JSON, or merely late; `applied` ones
        take effect all the same."""
        fault = Fault(times, status, error, retry_after, late, applied, broken, garbled)
        self.faults.setdefault(method, []).append(fault)

    def drop_some(self, method: str, share: float, seed: int = 1, *, late: float = 0.0) -> None:
        """From now on this share of a method's calls takes effect, and the answer is dropped.

        Each call takes effect up to `late` seconds after it came, whoever sent it may have died meanwhile.
        """
        self._drops[method] = (share, late, random.Random(seed))

    def fault(self, method: str) -> Fault | None:
        """The fault that this call meets."""
        waiting = self.faults.get(method, [])
        if not waiting:
            return self._by_chance(method)
        waiting[0].left -= 1
        return waiting[0] if waiting[0].left > 0 else waiting.pop(0)

    def _by_chance(self, method: str) -> Fault | None:
        if method not in self._drops:
            return None
        share, late, chance = self._drops[method]
        dropped = chance.random() < share
        return Fault(1, late=chance.uniform(0.0, late), applied=dropped, broken=dropped)

    def called(self, method: str) -> list[Call]:
        """The calls of a method so far."""
        return [call for call in self.calls if call.method == method]

    def busiest(self, method: str | None = None, *, channel: str | None = None, seconds: float = 1.0) -> int:
        """The most calls (of a method, to a channel) that arrived within any such stretch of real time."""
        calls = self.called(method) if method else self.calls
        return busiest((c.arrived for c in calls if channel in (None, c.body.get("channel"))), seconds)

    def appeared(self) -> Counter[tuple[str, str]]:
        """How often each text was posted for all to see in each channel, taken back or not."""
        return Counter((m.channel, m.text) for m in self.messages if not m.ephemeral)

    # what members see

    def put_message(self, message: Message, token: str | None = None) -> Message:
        """A new message; whoever waits for it sees it."""
        self.messages.append(message)
        self.show(message, self.reader(message), token)
        return message

    def reader(self, message: Message) -> str | None:
        """The one person whom the message reaches, or None for a channel's."""
        if message.only_for:
            return message.only_for
        channel = self.teams[message.team].channels.get(message.channel)
        return channel.person if channel else None

    def show(self, thing: Message | View, person: str | None, token: str | None = None) -> None:
        """Tells the interactions that wait: the one with this token or trigger, else all of this person's."""
        waiting = [one for one in self.interactions if thing.team == one.team]
        exact = [one for one in waiting if token and token in (one.trigger, one.url and one.url.token)]
        for interaction in exact or [one for one in waiting if person and one.person == person]:
            interaction.sees(thing)
        self.stir()

    def trigger(self, interaction: Interaction) -> str:
        """A trigger_id for this interaction."""
        interaction.trigger = f"{fresh('')}.{fresh('')}.{fresh('t')}"
        self.triggers[interaction.trigger] = (self.now(), interaction)
        return interaction.trigger

    def spend(self, trigger: str) -> Interaction:
        """The interaction that the trigger came with; works once, for three seconds. Raises KeyError."""
        if trigger in self.spent_triggers:
            raise KeyError("exchanged_trigger_id")
        born, interaction = self.triggers.get(trigger) or (0.0, None)
        if interaction is None:
            raise KeyError("invalid_trigger_id")
        if self.now() - born > self.trigger_life:
            raise KeyError("expired_trigger_id")
        self.spent_triggers.add(trigger)
        return interaction

    def find_message(self, team: str, channel: str, ts: str) -> Message | None:
        for message in self.messages:
            if (message.team, message.channel, message.ts) == (team, channel, ts):
                return None if message.deleted else message
        return None
