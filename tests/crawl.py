"""Every card that can be reached by pressing, from every command, as a member and as a moderator."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Sequence

from commands.kit.dispatch import Reply
from commands.kit.element import Buttons, PeopleSelect, Section, Select, lower
from commands.kit.press import Press, read_wire
from commands.kit.request import Named, Pressed
from commands.kit.view import Button, Card, Form
from content.text import Language
from tests.drivers.direct import DirectDriver

CARDS_MOST = 600


async def every_view(chat: DirectDriver, language: Language) -> AsyncIterator[Reply]:
    """The replies, each once, told apart by the press without its numbers. What is pressed changes the state."""
    await chat.run(f"/pmpath language {language.value}")
    waits: deque[Press | Named] = deque(
        Named(command.root, command.path)
        for command in chat.dispatcher.registry.commands.values()
        if all(parameter.optional for parameter in command.action.parameters)
    )
    known: set[tuple[str, ...]] = set()
    while waits and len(known) < CARDS_MOST:
        call = waits.popleft()
        if isinstance(call, Press):
            await chat.call(Pressed(chat.wire(call)))
        else:
            await chat.call(call)
        assert chat.reply is not None
        yield chat.reply
        for press in presses(chat.reply):
            if (name := _name(press)) not in known:
                known.add(name)
                waits.append(press)


def presses(reply: Reply) -> list[Press]:
    """All that can be pressed on a view."""
    if isinstance(reply.view, Form):
        return [reply.view.press]
    found: list[Press] = []
    for element in lower(reply.view.elements, frozenset()) if isinstance(reply.view, Card) else ():
        match element:
            case Buttons():
                found += _of(element.buttons)
            case Section():
                found += _of([element.button])
            case Select() | PeopleSelect():
                found.append(element.press)
            case _:
                continue
    return found


def _of(buttons: Sequence[object]) -> list[Press]:
    return [button.press for button in buttons if isinstance(button, Button) and not button.disabled]


def _name(press: Press) -> tuple[str, ...]:
    """A press without its numbers: the run's id and revision would make each one new."""
    wire = read_wire(press.wire(1))
    return (wire.action, *(words for words in wire.arguments if not words.isdigit()))
