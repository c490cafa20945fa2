"""What a page sends, read strictly; and the request that it means."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass, field
from typing import Any

from bot.web.limits import CHOSEN_MAX, ID_MAX, TEXT_MAX, VALUE_MAX, VALUES_MAX
from bot.web.sandbox import CHANNEL, ROOM, STEPS, DemoPerson
from commands.kit.press import WIRE_MAX
from commands.kit.request import Call, Place, Platform, Pressed, Request, Values, Words

TYPED = re.compile(r"/?(pmpath-mod|pmpath)(?:\s+|$)", re.IGNORECASE)
ID = re.compile(rf"[A-Za-z0-9_-]{{1,{ID_MAX}}}")
KINDS = frozenset({"hello", "run", "press", "form", "clock", "seen"})


class Unreadable(ValueError):
    """Not a message of our page's script: by which part of it, never what stood there."""


@dataclass(frozen=True, slots=True)
class PageMessage:
    """One message of a page. `words` is what its kind needs: the typed text, a wire, a step of the clock.

    `id` is the same when it is sent again; `post` names the public card that a press came from.
    """

    kind: str
    id: str
    person: str
    words: str = ""
    values: Values = field(default_factory=dict)
    place: Place = Place.CHANNEL
    post: str | None = None
    language: str | None = None


def read(frame: str) -> PageMessage:
    """The message that a frame holds. Raises Unreadable."""
    try:
        sent = json.loads(frame)
    except (ValueError, RecursionError) as error:
        raise Unreadable("frame") from error
    if not isinstance(sent, dict):
        raise Unreadable("frame")
    kind, post = sent.get("kind"), sent.get("post")
    if not isinstance(kind, str) or kind not in KINDS or not isinstance(post, str | None):
        raise Unreadable("kind")
    place = sent.get("place", Place.CHANNEL.value)
    if not isinstance(place, str) or place not in set(Place):
        raise Unreadable("place")
    return PageMessage(
        kind,
        _word(sent, "id", ID),
        _word(sent, "person", ID),
        _text(sent.get("words", ""), WIRE_MAX if kind in {"press", "form"} else TEXT_MAX),
        _values(sent.get("values", {})),
        Place(place),
        post,
        _text(sent.get("language") or "", ID_MAX) or None,
    )


def request(message: PageMessage, person: DemoPerson, received: float, sitting: str) -> Request:
    """The interaction that a message of kind run, press or form asks for; `sitting` is the page's session."""
    return Request(
        ROOM,
        person.uid,
        person.name,
        _call(message),
        received,
        Platform.WEB,
        values=message.values,
        locale=person.locale or message.language,
        zone=person.zone,
        channel=CHANNEL,
        place=Place.PUBLIC if message.post else message.place,
        moderator=person.moderator,
        sitting=sitting,
    )


def step(words: str) -> tuple[dt.timedelta, int]:
    """By what the clock is to be moved, and the offset that the page saw. Raises Unreadable.

    The offset makes it safe to send this again: it is another one once the clock was moved.
    """
    name, _space, seconds = words.partition(" ")
    if name not in STEPS or not (seconds.isascii() and seconds.isdigit()):
        raise Unreadable("step")
    return STEPS[name], int(seconds)


def _call(message: PageMessage) -> Call:
    if message.kind == "run":
        return typed(message.words)
    return Pressed(message.words, form=message.kind == "form")


def typed(text: str) -> Words:
    """A command as written in the message box; the root may be left out."""
    text = text.strip()
    found = TYPED.match(text)
    if found:
        return Words(found[1].lower(), text[found.end() :].strip())
    return Words("pmpath", text.removeprefix("/"))


def _word(sent: dict[str, Any], name: str, shape: re.Pattern[str]) -> str:
    word = sent.get(name)
    if not isinstance(word, str) or not shape.fullmatch(word):
        raise Unreadable(name)
    return word


def _text(words: object, most: int) -> str:
    if not isinstance(words, str) or len(words) > most:
        raise Unreadable("words")
    return words


def _values(sent: object) -> Values:
    if not isinstance(sent, dict) or len(sent) > VALUES_MAX:
        raise Unreadable("values")
    return {_text(name, ID_MAX): _chosen(chosen) for name, chosen in sent.items()}


def _chosen(chosen: object) -> tuple[str, ...]:
    if not isinstance(chosen, list) or len(chosen) > CHOSEN_MAX:
        raise Unreadable("values")
    return tuple(_text(value, VALUE_MAX) for value in chosen)
