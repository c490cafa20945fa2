"""Typed commands, forged presses and sent forms, straight to the dispatcher; each answer drawn for every surface."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from hypothesis import strategies as st

from commands.kit.command import Parameter
from commands.kit.press import SEPARATOR
from commands.kit.request import Call, Named, Place, Platform, Pressed, Request, Words
from content.text import Language
from tests.drivers.direct import SANDBOX
from tests.fuzz import odd
from tests.fuzz.ground import KEPT_AT_A_REFUSAL, Crash, Ground, Ours, changed, is_refused
from tests.test_every_view import DRAWS

ERASES = "privacy.delete"
HOME = "7007007"
"""In the place of our id of a community that is not there yet when this is invented."""
FIELDS = (
    "address", "below", "board", "capacity", "channel", "city", "concern", "day", "dead", "done", "gaps", "hour",
    "language", "languages", "learned", "left_out", "level", "link", "moderators", "outcome", "person", "points",
    "reason", "said", "seniority", "skill", "skills", "text", "time", "title", "track", "tracks", "until", "weekday",
    "weekend", "weeks", "words", "zone",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One interaction of one person."""

    uid: str
    call: Call
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    moderator: bool = False
    locale: str | None = None
    channel: str | None = "general"
    place: Place = Place.CHANNEL


def argument(ours: Ours, parameter: Parameter) -> st.SearchStrategy[str]:
    """One argument of a wire: right, nearly right, or nothing of ours."""
    junk = st.one_of(odd.words, st.from_regex(r"[A-Za-z0-9_.-]{0,20}", fullmatch=True), odd.numbers.map(str))
    if issubclass(parameter.kind, Enum):
        right = st.sampled_from([str(each.value) for each in parameter.kind])
    elif parameter.kind is bool:
        right = st.sampled_from(("0", "1"))
    elif parameter.kind is int:
        right = odd.numbers.map(str)
    else:
        items = [each.id for each in ours.content.questionnaire.items]
        options = [option.id for each in ours.content.questionnaire.items for option in each.options]
        known = [
            *ours.content.skills,
            *ours.content.resources,
            *ours.content.tips,
            *items,
            *options,
            "home",
            "tips",
            "mentor",
        ]
        right = st.sampled_from([*known, "general", "1", "2", "all", "Europe/Berlin"])
    if parameter.optional:
        right = st.one_of(right, st.just(""))
    return odd.mostly(right, junk)


@st.composite
def wire(draw: st.DrawFn, ours: Ours, home: str = "1") -> str:
    """A press of an action that there is, or of none; now and then cut or of another community."""
    action = ours.registry.actions[draw(st.sampled_from(sorted(ours.registry.actions)))]
    parts = [draw(argument(ours, parameter)) for parameter in action.parameters]
    community = draw(odd.mostly(st.just(home), st.sampled_from(("1", "2", "3", "0", "-1", "９", "")), 20))
    whole = SEPARATOR.join(("1", community, action.name, *parts))
    cut = st.integers(0, len(whole)).map(lambda end: whole[:end])
    return draw(odd.mostly(st.just(whole), st.one_of(cut, odd.words.map(whole.__add__), odd.words), 20))


def filled(ours: Ours) -> st.SearchStrategy[dict[str, tuple[str, ...]]]:
    """What a card's selects and a form's fields hold, by names that some of ours have."""
    chosen = st.one_of(odd.words, st.sampled_from([*ours.content.skills, "platform", "business", "1", "2", "3"]))
    names = st.one_of(st.sampled_from(FIELDS), st.sampled_from(FIELDS), odd.words)
    return st.dictionaries(names, st.lists(chosen, max_size=4).map(tuple), max_size=6)


@st.composite
def said(draw: st.DrawFn, ours: Ours) -> Said:
    """An interaction of one of four people, one of whom is nobody yet."""
    kind = draw(st.sampled_from((_words, _named, _pressed, _pressed, _pressed, _pressed)))
    return Said(
        draw(st.sampled_from(("u1", "u1", "u2", "u3", "u4"))),
        draw(kind(ours)),
        values=draw(filled(ours)),
        moderator=draw(st.sampled_from((True, True, False))),
        locale=draw(st.sampled_from((None, "en-US", "zh-CN", "xx", "", "zh_TW.UTF-8"))),
        channel=draw(st.sampled_from(("general", None))),
        place=draw(st.sampled_from(Place)),
    )


def typed(ours: Ours) -> st.SearchStrategy[str]:
    """What stands after a root: a command or an alias, with anything behind it."""
    paths = st.sampled_from([" ".join(command.path) for command in ours.registry.commands.values()])
    begun = st.one_of(paths, st.sampled_from(_known_words(ours)), odd.words)
    rest = st.lists(st.one_of(st.sampled_from(_known_words(ours)), odd.words), max_size=4).map(" ".join)
    return st.builds("{} {}".format, begun, rest)


def _words(ours: Ours) -> st.SearchStrategy[Call]:
    return st.builds(Words, st.sampled_from(("pmpath", "pmpath-mod", "other")), typed(ours))


def _named(ours: Ours) -> st.SearchStrategy[Call]:
    right = st.sampled_from([(each.root, each.path) for each in ours.registry.commands.values()])
    wrong: st.SearchStrategy[tuple[str, tuple[str, ...]]] = st.sampled_from((("pmpath", ()), ("x", ("home",))))
    names = sorted({each.name for command in ours.registry.commands.values() for each in command.action.parameters})
    given = st.dictionaries(st.sampled_from([*names, "x"]), odd.words, max_size=3)
    return st.builds(lambda path, options: Named(path[0], path[1], options), odd.mostly(right, wrong), given)


def _pressed(ours: Ours) -> st.SearchStrategy[Call]:
    keeps = odd.mostly(st.just(False), st.just(True), 20)
    return st.builds(Pressed, wire(ours), form=st.booleans(), keeps=keeps)


def _known_words(ours: Ours) -> list[str]:
    paths = {word for command in ours.registry.commands.values() for word in (*command.path, *command.aliases)}
    return sorted(paths | {"platfrom", "busines", "技术", "week", "mine", "fnid", "week zh", "sql"})


async def answered(ground: Ground, one: Said) -> None:
    """No fault of ours, an answer that every platform takes, and nothing changed where it says no. Raises Crash."""
    if ERASES in str(one.call):
        one = Said("u9", one.call)
    before = await ground.rows()
    request = Request(
        SANDBOX, one.uid, one.uid, one.call, time.monotonic(), Platform.WEB, values=one.values, locale=one.locale,
        channel=one.channel, place=one.place, moderator=one.moderator,
    )  # fmt: skip
    reply = await ground.dispatcher.perform(ground.dispatcher.decide(request))
    ground.raise_faults()
    keeps = isinstance(one.call, Pressed) and one.call.keeps
    if reply.view is None and not keeps:
        raise Crash(f"nothing is answered to {one}")
    for view in (reply.view, *reply.also):
        for surface, draw in DRAWS.items() if view is not None else ():
            _drawn(ground, surface, draw, view, reply.language)
    ground.done += 1
    if is_refused(ground.ours.content, reply):
        ground.refused += 1
        if touched := changed(before, await ground.rows()) - KEPT_AT_A_REFUSAL:
            raise Crash(f"refused, and {touched} changed: {one}")


def _drawn(ground: Ground, surface: str, draw: Any, view: Any, language: Language) -> None:
    try:
        draw(ground.ours.content.catalogue, view, language)
    except ValueError as error:
        raise Crash(f"{surface} would not take it: {error}") from error
