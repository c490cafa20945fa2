"""What members of a community do with pmpath, and how often: one interaction after the other."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.load.records import Step

ASSESSMENT = "assessment"
NEXT = frozenset({"Next", "下一步"})
"""The button below what was chosen, in either language."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A command, and the buttons that are then pressed on its card, in half of all times that there is one."""

    name: str
    weight: int
    lines: Sequence[str]
    presses: frozenset[str] = frozenset()


def _deed(name: str, weight: int, *lines: str, presses: Sequence[str] = ()) -> Deed:
    return Deed(name, weight, lines or (name,), frozenset(presses))


OUTCOMES = ("business", "platform", "technical", "hybrid")
DEEDS = (
    _deed(ASSESSMENT, 40, "start"),
    _deed("home", 11),
    _deed("help", 5),
    _deed("result", 7, presses=("Why", "History", "Sounds like me", "Partly")),
    _deed("track", 7, *(f"track {outcome}" for outcome in OUTCOMES)),
    _deed("compare", 2, "compare business platform", "compare technical hybrid"),
    _deed("resources", 6, "resources", "resources platform", presses=("Next", "Done")),
    _deed("plan", 7, presses=("Done", "Next", "I have it", "Doing it")),
    _deed("leaderboard", 5, presses=("This week", "Ever", "Show me on the board")),
    _deed("community", 2),
    _deed("tips week", 4, "tips week", "tips week platform", presses=("Add to my plan", "Done", "Earlier")),
    _deed("mentor find", 2),
    _deed("mentor mine", 1),
    _deed("privacy", 1),
)


class Somebody(Protocol):
    """A member before a bot, on one surface. Each of these is one interaction. Raises Unanswered."""

    surface: str
    shown: Any
    """The card before them; another one can be put there."""

    async def run(self, line: str) -> Step:
        """Types a command, without its `/pmpath`."""

    async def press(self, label: str) -> Step:
        """A button of the card."""

    async def fill_in(self, chance: random.Random) -> Step:
        """The next thing that a card with selects asks for."""

    def labels(self) -> list[str]:
        """The card's buttons that can be pressed."""

    def asks(self) -> bool:
        """Whether the card has selects to choose in."""


class Unanswered(Exception):
    """The member sees that it failed, or sees nothing."""


def next_of(labels: Sequence[str]) -> str:
    """The label of that button. Raises Unanswered where a late answer has changed the card meanwhile."""
    found = next((label for label in labels if label in NEXT), None)
    if found is None:
        raise Unanswered(f"no way on, but {', '.join(labels)}")
    return found


@dataclass(slots=True)
class Life:
    """A member and what they are at."""

    somebody: Somebody
    chance: random.Random
    cards: dict[str, Any] = field(default_factory=dict)

    async def go_on(self) -> tuple[str, Step]:
        """The next interaction; of which kind it was."""
        deed = self.chance.choices(DEEDS, [each.weight for each in DEEDS])[0]
        kind = f"{self.somebody.surface} {deed.name}"
        try:
            step = await (self._assess(deed) if deed.name == ASSESSMENT else self._look(deed))
        except Unanswered as error:
            self.cards.pop(deed.name, None)
            raise Unanswered(f"{kind}: {error}") from error
        self.cards[deed.name] = self.somebody.shown
        return kind, step

    async def reach_question(self) -> Any:
        """The card of a question with options to press."""
        while not self._letters():
            try:
                await self._assess(DEEDS[0])
                self.cards[ASSESSMENT] = self.somebody.shown
            except Unanswered:
                self.cards.pop(ASSESSMENT, None)
        return self.cards[ASSESSMENT]

    def _letters(self) -> list[str]:
        """The options of the question where they are."""
        if (card := self.cards.get(ASSESSMENT)) is None:
            return []
        self.somebody.shown = card
        return [] if self.somebody.asks() else [label for label in self.somebody.labels() if len(label) == 1]

    async def _assess(self, deed: Deed) -> Step:
        """One card further in the assessment, or a new one."""
        if letters := self._letters():
            return await self.somebody.press(self.chance.choice(letters))
        if deed.name in self.cards and self.somebody.asks():
            return await self.somebody.fill_in(self.chance)
        return await self.somebody.run(deed.lines[0])

    async def _look(self, deed: Deed) -> Step:
        if deed.presses and (card := self.cards.get(deed.name)) is not None:
            self.somebody.shown = card
            pressed = [label for label in self.somebody.labels() if label in deed.presses]
            if pressed and self.chance.random() < 0.5:
                return await self.somebody.press(self.chance.choice(pressed))
        return await self.somebody.run(self.chance.choice(deed.lines))
