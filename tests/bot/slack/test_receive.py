"""What Slack's payloads become; the shapes are those of `tests/payloads/slack`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.slack import receive
from bot.slack.receive import Kind
from commands.kit.request import CommunityKey, Place, Platform, Pressed, Profile, Words

Json = dict[str, Any]
PAYLOADS = Path(__file__).parents[2] / "payloads" / "slack"
TEAM = CommunityKey(Platform.SLACK, "T0WORKSPACE", "workspace")


def payload(name: str, **changes: Any) -> Json:
    body: Json = json.loads((PAYLOADS / f"{name}.json").read_text())
    return body | changes


async def nobody(_workspace: str) -> Profile:
    return Profile()


def pressed(**changes: Any) -> receive.Call:
    button = {"type": "button", "action_id": "press0", "block_id": "b", "value": "1|1|home"}
    call = receive.press(payload("block_actions", **{"actions": [button], **changes}), TEAM, 1.0, nobody)
    assert call is not None
    return call


def test_a_command_keeps_its_root_and_its_words() -> None:
    call = receive.command(payload("slash_command", text="track &lt;b&gt;"), TEAM, 1.0, nobody)

    assert call.request.call == Words("pmpath", "track <b>")
    assert (call.request.place, call.spot.kind) == (Place.CHANNEL, Kind.COMMAND)


@pytest.mark.parametrize(
    ("container", "kind", "place"),
    [
        ({"type": "message", "channel_id": "C1", "is_ephemeral": True}, Kind.PRIVATE, Place.CHANNEL),
        ({"type": "message", "channel_id": "D1", "is_ephemeral": False}, Kind.PRIVATE, Place.DIRECT),
        ({"type": "message", "channel_id": "C1", "is_ephemeral": False}, Kind.PUBLIC, Place.PUBLIC),
    ],
)
def test_where_a_card_stands_says_how_it_is_answered(container: Json, kind: Kind, place: Place) -> None:
    call = pressed(container=container)

    assert (call.spot.kind, call.request.place) == (kind, place)
    assert call.request.call == Pressed("1|1|home")


@pytest.mark.parametrize(("view", "kind"), [("home", Kind.HOME), ("modal", Kind.MODAL)])
def test_views_are_answered_by_their_id(view: str, kind: Kind) -> None:
    shown = {"type": view, "id": "V1", "state": {"values": {}}}
    call = pressed(container={"type": "view", "view_id": "V1"}, view=shown, response_url=None)

    assert (call.spot.kind, call.spot.view, call.spot.url) == (kind, "V1", None)


def test_selects_come_by_name_and_what_is_not_ours_is_left() -> None:
    state = {
        "0|skills": {"0|w": {"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]}},
        "1|years": {"1|w": {"type": "static_select", "selected_option": None}},
        "2|people": {"2|w": {"type": "multi_users_select", "selected_users": ["U1"]}},
        "foreign": {"x": {"type": "plain_text_input", "value": "y"}},
    }

    assert pressed(state={"values": state}).request.values == {"skills": ("a", "b"), "years": (), "people": ("U1",)}


def test_an_opened_link_means_nothing_to_us() -> None:
    link = {"type": "button", "action_id": "link0", "block_id": "b", "text": {}}

    assert receive.press(payload("block_actions", actions=[link]), TEAM, 1.0, nobody) is None


def test_a_sent_form_carries_its_press_and_place() -> None:
    metadata = {"press": "1|1|sent", "kind": "private", "url": "https://x", "view": None, "channel": "C1"}
    values = {
        "why": {"why": {"type": "plain_text_input", "value": "because"}},
        "empty": {"empty": {"type": "plain_text_input", "value": None}},
        "kind": {"kind": {"type": "static_select", "selected_option": {"value": "b"}}},
    }
    view = {"id": "V1", "private_metadata": json.dumps(metadata), "state": {"values": values}}
    call = receive.submission(payload("view_submission", view=view), TEAM, 1.0, nobody)

    assert call is not None
    assert call.request.call == Pressed("1|1|sent", form=True)
    assert call.request.values == {"why": ("because",), "empty": (), "kind": ("b",)}
    assert (call.spot.kind, call.spot.url, call.request.channel) == (Kind.PRIVATE, "https://x", "C1")


def test_a_modal_that_is_only_read_asks_for_nothing() -> None:
    view = {"id": "V1", "private_metadata": "", "state": {"values": {}}}

    assert receive.submission(payload("view_submission", view=view), TEAM, 1.0, nobody) is None
