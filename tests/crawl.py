"""Every card that can be reached by pressing, from every command, as a member and as a moderator."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Collection, Sequence

from commands.kit.dispatch import Reply
from commands.kit.element import Buttons, ChannelSelect, PeopleSelect, Section, Select, lower
from commands.kit.press import Press, read_wire
from commands.kit.request import Named, Pressed
from commands.kit.view import Button, Card, Form
from content.text import Language
from storage import postings
from storage.postings import Done
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import own_tip, tip_out

CARDS_MOST = 600
ERASES = "privacy.delete"
OPENING = frozenset({"start.ticked", "start.passed"})
TIPS = ("p-one-page", "p-three-developers", "p-first-call", "p-three-nines", "p-error-budget", "p-retry-safe")
OTHER_LANGUAGE = "tips.other"  # what it answers has the other language's words on purpose
SPEAKS = frozenset(
    {
        "language",
        "language.as-in-app",
        "home.speak",
        "start.speak",
        "setup.language",
        "settings.language",
        "audit.undo",
        ERASES,
    }
)


async def every_view(chat: DirectDriver, language: Language) -> AsyncIterator[Reply]:
    """The replies, each once, told apart by the press without its numbers and skills. What is pressed changes the
    state: first a newcomer's, then that of a member with results. The language stays, also of what is for everybody.
    """
    await chat.run("/pmpath language en")
    await _speak(chat, language)
    async for reply in _round(chat, language):
        yield reply
    await chat.run("/pmpath language en")
    await answer_all(chat, {"background": [3, 7]}, letter="B")
    await answer_all(chat, {"background": [0]}, letter="A")
    await _tips(chat)
    await _speak(chat, language)
    async for reply in _round(chat, language):
        yield reply


async def _tips(chat: DirectDriver) -> None:
    """A few tips that have gone out, of the library and of the community's own; two of them put aside."""
    own = await own_tip(chat, en=("Ask first", "Ask one person today."), zh=("先问一句", "今天先问一个人。"))
    for weeks, tip in enumerate((own, *TIPS)):
        posting = await tip_out(chat, tip, days_ago=7 * weeks)
        if weeks in {0, 2}:
            await chat.dispatcher.store.write(postings.do, await chat.me(), posting, Done.PLANNED)


async def _speak(chat: DirectDriver, language: Language) -> None:
    """In this language, to the member and to everybody."""
    await chat.other(uid="moderator", moderator=True).run(f"/pmpath language {language.value}")
    await chat.other(uid="moderator", moderator=True).call(Pressed(chat.wire(Press("setup.language", (language,)))))
    await chat.run(f"/pmpath language {language.value}")


async def _round(chat: DirectDriver, language: Language) -> AsyncIterator[Reply]:
    """From every command as far as pressing leads; what erases the member comes last."""
    waits: deque[Press | Named] = deque(
        Named(command.root, command.path)
        for command in chat.dispatcher.registry.commands.values()
        if all(parameter.optional for parameter in command.action.parameters)
    )
    last: deque[Press | Named] = deque()
    known: set[tuple[str, ...]] = set()
    while (waits or last) and len(known) < CARDS_MOST:
        call = waits.popleft() if waits else last.popleft()
        if isinstance(call, Press):
            await chat.call(Pressed(chat.wire(call)))
        else:
            await chat.call(call)
        reply = chat.reply
        assert reply is not None
        yield reply
        if isinstance(call, Press) and call.action in SPEAKS:
            await _speak(chat, language)
        for press in presses(reply):
            if press.action == OTHER_LANGUAGE:
                continue
            if (name := name_of(press, chat.dispatcher.content.skills)) not in known:
                known.add(name)
                (last if press.action == ERASES else waits).append(press)


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
            case Select() | PeopleSelect() | ChannelSelect():
                found.append(element.press)
            case _:
                continue
    return found


def _of(buttons: Sequence[object]) -> list[Press]:
    return [button.press for button in buttons if isinstance(button, Button) and not button.disabled]


def name_of(press: Press, skills: Collection[str]) -> tuple[str, ...]:
    """A press without its numbers and skills: the run's id and revision would make each one new.

    Of the opening's presses the card stays, so that all four are passed.
    """
    wire = read_wire(press.wire(1))
    names = [words for words in wire.arguments if not words.isdigit() and words not in skills]
    card = wire.arguments[2:3] if wire.action in OPENING else ()
    return (wire.action, *names, *card)
