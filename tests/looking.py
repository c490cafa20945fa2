"""Everything that somebody can look at, word for word and press for press, in a place that looking does not change."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, TypeVar

from commands.kit.dispatch import Dispatcher, Reply
from commands.kit.element import Bold, Buttons, ChannelSelect, Link, PeopleSelect, Picture, Run, Section, Select, lower
from commands.kit.request import Call, Named, Pressed
from commands.kit.view import Button, Card, Element, File, Form, Line, LinkButton
from content.text import Text
from storage.store import Busy, Store, Traces
from storage.unit import Unit
from tests.crawl import name_of, presses
from tests.drivers.direct import DirectDriver

P = ParamSpec("P")
T = TypeVar("T")
Key = TypeVar("Key")
Drawn = tuple[str, ...]
"""A view: its words, its presses as they are sent, the ids of its options, and whom it names."""
NATIVE: frozenset[type[Element]] = frozenset({Picture})
VIEWS_MOST = 900


class Looking(Store):
    """A store in which nothing can be changed: whatever wants to is told to come again."""

    def __init__(self, under: Store) -> None:
        super().__init__()
        self._under = under

    @property
    def traces(self) -> Traces:
        return self._under.traces

    async def read(self, work: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._under.read(work, *args, **kwargs)

    async def write(self, work: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        raise Busy


@contextmanager
def untouched(dispatcher: Dispatcher) -> Iterator[None]:
    """Meanwhile nothing is written by anybody's presses."""
    store, dispatcher.store = dispatcher.store, Looking(dispatcher.store)
    try:
        yield
    finally:
        dispatcher.store = store


async def seen_by(
    chat: DirectDriver, calls: Sequence[Call], apart: Collection[str], follows: Collection[str] | None = None
) -> dict[str, Drawn]:
    """What this member sees from these calls as far as pressing leads, by what they called or pressed.

    Of presses that differ in numbers and skills alone one is pressed, unless their action is to be told `apart`. Only
    actions that it `follows` are pressed, where it says which.
    """
    found: dict[str, Drawn] = {}
    waits: deque[Call] = deque(calls)
    known: set[tuple[str, ...]] = {(call.wire,) for call in calls if isinstance(call, Pressed)}
    skills = chat.dispatcher.content.skills
    with untouched(chat.dispatcher):
        while waits and len(found) < VIEWS_MOST:
            call = waits.popleft()
            await chat.call(call)
            assert chat.reply is not None
            found[call.wire if isinstance(call, Pressed) else str(call)] = drawn(chat, chat.reply)
            for press in presses(chat.reply):
                name = (chat.wire(press),) if press.action in apart else name_of(press, skills)
                if name not in known and (follows is None or press.action in follows):
                    known.add(name)
                    waits.append(Pressed(chat.wire(press)))
    return found


def every_command(chat: DirectDriver) -> list[Call]:
    """Each that needs nothing said with it."""
    return [
        Named(command.root, command.path)
        for command in chat.dispatcher.registry.commands.values()
        if all(parameter.optional for parameter in command.action.parameters)
    ]


def drawn(chat: DirectDriver, reply: Reply | None) -> Drawn:
    """All that is sent of a view."""
    assert reply is not None

    def say(text: Text) -> str:
        return chat.dispatcher.content.catalogue.say(text, reply.language)

    view = reply.view
    if isinstance(view, Form):
        return (say(view.title), *(repr(field) for field in view.fields), view.press.wire(reply.community))
    assert isinstance(view, Card)
    lines = [line for element in lower(view.elements, NATIVE) for line in _lines(element, say, reply.community)]
    return (say(view.title), *lines, *(f"names {uid}" for uid in view.named))


def _lines(element: Element, say: Callable[[Text], str], here: int) -> Iterator[str]:
    match element:
        case Text():
            yield say(element)
        case Line(runs):
            yield "".join(_run(run, say) for run in runs)
        case Buttons(buttons):
            yield from (_button(each, say, here) for each in buttons)
        case Section(text, button):
            yield from (*_lines(text, say, here), _button(button, say, here))
        case Select():
            options = [(option.value, say(option.label)) for option in element.options]
            yield f"{element.name} {say(element.label)} {options} {element.chosen} {element.press.wire(here)}"
        case PeopleSelect() | ChannelSelect():
            yield f"{element.name} {say(element.label)} {element.chosen} {element.press.wire(here)}"
        case Picture():
            yield f"{element.name} {say(element.alt)} {hashlib.sha256(element.png).hexdigest()}"
        case File():
            yield f"{element.name} {say(element.description)} {hashlib.sha256(element.content).hexdigest()}"


def _run(run: Run, say: Callable[[Text], str]) -> str:
    if isinstance(run, Link):
        return f"{say(run.text)} <{run.url}>"
    return say(run.text if isinstance(run, Bold) else run)


def _button(button: Button | LinkButton, say: Callable[[Text], str], here: int) -> str:
    leads = button.url if isinstance(button, LinkButton) else button.press.wire(here)
    return f"[{say(button.label)}] {leads}"


def different(before: Mapping[Key, Drawn], after: Mapping[Key, Drawn]) -> dict[Key, tuple[Drawn, Drawn]]:
    """The views that are not the same in both, or only in one."""
    both = {key: (before.get(key, ()), after.get(key, ())) for key in (*before, *after)}
    return {key: pair for key, pair in both.items() if pair[0] != pair[1]}
