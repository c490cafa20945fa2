"""The assessment as a conversation in a terminal: the same engine, questions and words as in the chat."""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text as Styled

from commands import question, verdict_card
from commands.kit.view import Bold, Card, Line, Link, Tone, lower
from content.load import Content
from content.questionnaire import Answers, Choice, Item
from content.scoring import Ask, Verdict, next_step
from content.source import NONE_OF_THESE
from content.text import Language, Text, _
from storage.results import Stored

NONE, BACK, RESULT = "0", "<", "!"
STYLES = {Tone.PLAIN: "", Tone.HEADING: "bold", Tone.QUIET: "dim"}


class NotUnderstood(ValueError):
    """What was typed is no answer to the item."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where it is asked and shown, and in which language."""

    content: Content
    language: Language
    console: Console
    read: Callable[[], str] = input

    def say(self, text: Text, style: str = "") -> None:
        self.console.print(self.styled(text, style))

    def styled(self, text: Text, style: str = "") -> Styled:
        """The words with nothing in them that the terminal would act on."""
        return Styled(self.content.catalogue.say(text, self.language), style)


def ask_all(terminal: Terminal) -> dict[str, Choice]:
    """Asks until the engine has enough, and gives the answers."""
    bank, answers = terminal.content.questionnaire, dict[str, Choice]()
    signs = _("A letter for an answer, several where you may tick. {none}: none of these. Enter: skip.", none=NONE)
    terminal.say(signs, "dim")
    while isinstance(step := next_step(bank, answers), Ask):
        item = next(item for item in step.items if item.id not in answers)
        typed = _ask(terminal, item, step)
        if typed == RESULT and step.may_finish:
            break
        if typed == BACK:
            if answers:
                answers.popitem()
            continue
        try:
            answers[item.id] = choice_of(item, typed)
        except NotUnderstood:
            terminal.say(
                _(
                    "I did not understand “{typed}”. Type the letters that stand before the answers.",
                    typed=typed,
                )
            )
    return answers


def choice_of(item: Item, typed: str) -> Choice:
    """What was typed, as an answer to the item. Raises NotUnderstood."""
    if typed in {"", NONE}:
        return NONE_OF_THESE if typed else None
    letters = [letter for letter in typed.upper() if letter not in " ,、，"]
    by_letter = dict(zip(string.ascii_uppercase, item.options, strict=False))
    if not all(letter in by_letter for letter in letters):
        raise NotUnderstood(typed)
    picked = tuple(sorted({by_letter[letter].id for letter in letters}))
    choice = picked if item.kind == "many" else picked[0]
    if not item.takes(choice) or (item.kind == "one" and len(picked) > 1):
        raise NotUnderstood(typed)
    return choice


def show(terminal: Terminal, answers: Answers, verdict: Verdict) -> None:
    """The result's card, without the buttons that a terminal has no use for."""
    stored = Stored(
        id=0,
        run_id=0,
        outcome=verdict.outcome,
        bank_version=verdict.version,
        summary=verdict.to_json().decode(),
        texts_hash=verdict.texts_hash,
        at=dt.datetime.now(dt.UTC),
        answers=dict(answers),
        times={},
    )
    draw(terminal, verdict_card.card(terminal.content, stored, "UTC"))


def draw(terminal: Terminal, card: Card) -> None:
    """The lines of a card."""
    terminal.say(card.title, "bold")
    for element in lower(tuple(card.body), frozenset()):
        match element:
            case Text():
                terminal.say(element)
            case Line():
                terminal.console.print(_line(terminal, element))


def _ask(terminal: Terminal, item: Item, step: Ask) -> str:
    terminal.console.print()
    terminal.say(item.text, "bold")
    for letter, option in zip(string.ascii_uppercase, item.options, strict=False):
        terminal.console.print(Styled(f"  {letter}  ") + terminal.styled(option.text))
    more = question.how_many_more(step.about_more)
    ways = [more, *([_("{sign}: back", sign=BACK)] if step.asked else [])]
    if step.may_finish:
        ways.append(_("{sign}: show my result now", sign=RESULT))
    terminal.console.print(Styled(" · ", "dim").join(terminal.styled(way, "dim") for way in ways))
    terminal.console.print("> ", end="")
    return terminal.read().strip()


def _line(terminal: Terminal, line: Line) -> Styled:
    words = Styled(style=STYLES[line.tone])
    for run in line.runs:
        match run:
            case Bold():
                words += terminal.styled(run.text, "bold")
            case Link():
                words += terminal.styled(run.text) + Styled(f" ({run.url})")
            case Text():
                words += terminal.styled(run)
    return words
