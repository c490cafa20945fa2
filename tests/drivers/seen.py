"""What a member sees of one answer, whatever the surface, markup aside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Seen:
    """A card (or a form, with `fields`) as words. `selects` are the options by the select's name."""

    title: str
    lines: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    selects: dict[str, list[str]] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All of its words, for looking something up."""
        return "\n".join((self.title, *self.lines))


class Driver(Protocol):
    """A member at one surface. Each call answers with what the member then sees."""

    async def run(self, typed: str) -> Seen:
        """Sends a command."""

    async def press(self, label: str, place: int = 0) -> Seen:
        """Presses the button of that label on the card last seen; of several, the one at that place."""

    async def choose(self, select: str, *labels: str) -> Seen:
        """Chooses options by their labels; of a select that waits, the card stays."""

    async def fill(self, **values: str) -> Seen:
        """Fills in and sends the form that is open."""
