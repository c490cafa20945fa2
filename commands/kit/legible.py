"""What arrives, made fit to be kept: without what no database takes, and never longer than a platform lets write.

Platforms hold to their own limits; what was not written through them need not.
"""

from __future__ import annotations

import re
from dataclasses import replace

from commands.kit.errors import Refusal
from commands.kit.press import Press
from commands.kit.request import Call, CommunityKey, Named, Request, Values, Words
from commands.kit.view import Button
from content.text import _

UNKEPT = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL takes no NUL, neither database half a character
NAME_MAX = 100  # Discord's names have 32 characters at most, Slack's 80
PLACE_MAX = 200  # a server's or workspace's name
TEXT_MAX = 4_000  # a field of Discord's forms; Slack's have 3,000
TYPED_MAX = 4_000  # a typed command; longer ones Slack does not send
VALUES_MAX = 30  # the selects and fields of one card or form
CHOSEN_MAX = 100  # of one select; Slack's, of people, has no limit of its own


def legible(request: Request) -> Request:
    """The request without what can't be kept; a name ends where it is longer than any."""
    if _is_legible(request):
        return request
    place = request.community and CommunityKey(
        request.community.platform, request.community.ext_id, kept(request.community.name)[:PLACE_MAX]
    )
    values = {kept(name): tuple(map(kept, chosen)) for name, chosen in request.values.items()}
    name, call = kept(request.name)[:NAME_MAX], _call(request.call)
    return replace(request, community=place, name=name, call=call, values=values)


def kept(words: str) -> str:
    """Words without the characters that no database keeps; no keyboard writes them."""
    return UNKEPT.sub("", words)


def too_much(request: Request) -> Refusal | None:
    """Why it is not taken, where it holds more than could have been written."""
    texts = [text for chosen in request.values.values() for text in chosen]
    if isinstance(request.call, Words) and len(request.call.text) > TYPED_MAX:
        return _too_long(TYPED_MAX)
    if isinstance(request.call, Named) and any(len(text) > TYPED_MAX for text in request.call.arguments.values()):
        return _too_long(TYPED_MAX)
    if any(len(text) > TEXT_MAX for text in (*texts, *request.values)):
        return _too_long(TEXT_MAX)
    if len(request.values) > VALUES_MAX or any(len(chosen) > CHOSEN_MAX for chosen in request.values.values()):
        return Refusal(_("That is more than fits at once: at most {most} choices.", most=CHOSEN_MAX), (_home(),))
    return None


def _is_legible(request: Request) -> bool:
    """As nearly all are, so that these cost no copy."""
    place = request.community.name if request.community else ""
    if len(request.name) > NAME_MAX or len(place) > PLACE_MAX:
        return False
    return not any(map(UNKEPT.search, (place, request.name, *_words(request.call), *_said(request.values))))


def _words(call: Call) -> tuple[str, ...]:
    match call:
        case Words():
            return (call.text,)
        case Named():
            return tuple(call.arguments.values())
    return ()


def _said(values: Values) -> list[str]:
    return [*values, *(text for chosen in values.values() for text in chosen)]


def _call(call: Call) -> Call:
    match call:
        case Words():
            return replace(call, text=kept(call.text))
        case Named():
            return replace(call, arguments={name: kept(text) for name, text in call.arguments.items()})
    return call


def _too_long(most: int) -> Refusal:
    return Refusal(_("That is longer than fits: at most {most} characters. Nothing was kept.", most=most), (_home(),))


def _home() -> Button:
    return Button(_("Home"), Press("home"))
