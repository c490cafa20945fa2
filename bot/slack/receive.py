"""What Slack sends, as requests: commands, presses, sent forms, the Home tab."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.slack.spelling import unescaped
from commands.kit.request import CommunityKey, Place, Platform, Pressed, Profile, Request, Values, Words

Json = dict[str, Any]
LookUp = Callable[[str], Awaitable[Profile]]


class Kind(StrEnum):
    """Where an answer goes, and so how it is sent."""

    COMMAND = "command"
    PRIVATE = "private"
    PUBLIC = "public"
    HOME = "home"
    MODAL = "modal"


@dataclass(frozen=True, slots=True)
class Spot:
    """The place of an interaction: whose, and the address or view through which its card can change."""

    kind: Kind
    person: str
    url: str | None = None
    view: str | None = None
    channel: str | None = None

    @property
    def direct(self) -> bool:
        """Whether the card stands in the direct messages."""
        return self.channel is None or self.channel.startswith("D")

    def carried(self) -> Json:
        """As a form carries it in its metadata."""
        return {"kind": self.kind.value, "url": self.url, "view": self.view}


@dataclass(frozen=True, slots=True)
class Call:
    """An interaction: what is asked, where it stands, and the trigger that may open a modal."""

    request: Request
    spot: Spot
    trigger: str = ""
    inputs: frozenset[str] = frozenset()
    """The fields of the form that was sent."""


def command(body: Json, community: CommunityKey, received: float, look_up: LookUp) -> Call:
    """A typed command. Its text arrives escaped and is unescaped once, here."""
    direct = body["channel_id"].startswith("D")
    request = Request(
        community=community,
        uid=body["user_id"],
        name=body.get("user_name", ""),
        call=Words(body["command"].lstrip("/"), unescaped(body.get("text", ""))),
        received=received,
        platform=Platform.SLACK,
        channel=body["channel_id"],
        place=Place.DIRECT if direct else Place.CHANNEL,
        look_up=look_up,
    )
    return Call(
        request,
        Spot(Kind.COMMAND, body["user_id"], body["response_url"], channel=body["channel_id"]),
        body["trigger_id"],
    )


def press(body: Json, community: CommunityKey, received: float, look_up: LookUp) -> Call | None:
    """A button or a select that presses at once; None where it means nothing to us (an opened link)."""
    action = body["actions"][0]
    wire = wire_of(action)
    if wire is None:
        return None
    view, container = body.get("view"), body["container"]
    state = (view or body).get("state") or {}
    values = {**values_of(state.get("values") or {}), **_pressed_value(action)}
    spot = _spot(body, container)
    channel = container.get("channel_id")
    request = _request(body, community, received, look_up, Pressed(wire), values, _place(spot, channel), channel)
    return Call(request, spot, body["trigger_id"])


def submission(body: Json, community: CommunityKey, received: float, look_up: LookUp) -> Call | None:
    """A sent form; None for a modal that was only read."""
    view, along = body["view"], carried(body["view"])
    if "press" not in along:
        return None
    values = {
        block: tuple(filter(None, (_value(state) for state in states.values())))
        for block, states in view["state"]["values"].items()
    }
    channel = along.get("channel")
    spot = Spot(Kind(along["kind"]), body["user"]["id"], along["url"], along["view"], channel)
    call = Pressed(along["press"], form=True)
    request = _request(body, community, received, look_up, call, values, _place(spot, channel), channel)
    return Call(request, spot, body["trigger_id"], inputs=frozenset(values))


def carried(view: Json) -> Json:
    """What a form carries through its metadata; nothing where a modal is no form of ours."""
    return dict(json.loads(view.get("private_metadata") or "{}"))


def home(event: Json, community: CommunityKey, received: float, look_up: LookUp) -> Call:
    """The Home tab was opened: the Home card is asked for."""
    person = event["user"]
    request = Request(
        community=community,
        uid=person,
        name="",
        call=Words("pmpath", "home"),
        received=received,
        platform=Platform.SLACK,
        place=Place.HOME,
        look_up=look_up,
    )
    return Call(request, Spot(Kind.HOME, person))


def wire_of(action: Json) -> str | None:
    """The press that an action carries: a button's value, a select's action_id."""
    if action["type"] == "button":
        return action.get("value")
    _number, bar, wire = action["action_id"].partition("|")
    return wire if bar else None


def values_of(state: Json) -> dict[str, tuple[str, ...]]:
    """What a card's selects hold, by the names that their blocks carry."""
    values: dict[str, tuple[str, ...]] = {}
    for block, states in state.items():
        _number, bar, name = block.partition("|")
        if bar:
            values[name] = tuple(choice for held in states.values() for choice in _choices(held))
    return values


def _pressed_value(action: Json) -> dict[str, tuple[str, ...]]:
    _number, bar, name = action.get("block_id", "").partition("|")
    return {name: _choices(action)} if bar and action["type"] != "button" else {}


def _choices(held: Json) -> tuple[str, ...]:
    if one := held.get("selected_option"):
        return (one["value"],)
    if many := held.get("selected_options"):
        return tuple(option["value"] for option in many)
    if conversation := held.get("selected_conversation"):
        return (conversation,)
    return tuple(held.get("selected_users") or ())


def _value(state: Json) -> str:
    return str(state.get("value") or "") or next(iter(_choices(state)), "")


def _spot(body: Json, container: Json) -> Spot:
    person, view = body["user"]["id"], body.get("view")
    if view is not None:
        return Spot(Kind.HOME if view["type"] == "home" else Kind.MODAL, person, view=view["id"])
    private = container.get("is_ephemeral") or container["channel_id"].startswith("D")
    kind = Kind.PRIVATE if private else Kind.PUBLIC
    return Spot(kind, person, body.get("response_url"), channel=container["channel_id"])


def _place(spot: Spot, channel: str | None) -> Place:
    if spot.kind is Kind.HOME:
        return Place.HOME
    if spot.kind is Kind.PUBLIC:
        return Place.PUBLIC
    return Place.DIRECT if channel is None or channel.startswith("D") else Place.CHANNEL


def _request(
    body: Json,
    community: CommunityKey,
    received: float,
    look_up: LookUp,
    call: Pressed,
    values: Values,
    place: Place,
    channel: str | None,
) -> Request:
    user = body["user"]
    return Request(
        community=community,
        uid=user["id"],
        name=user.get("name") or user.get("username", ""),
        call=call,
        received=received,
        platform=Platform.SLACK,
        values=values,
        channel=channel,
        place=place,
        look_up=look_up,
    )
