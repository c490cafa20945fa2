"""What somebody else is told: a name with ids in the outbox, turned into a card when it is delivered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from commands.kit.view import Card

Teller = Callable[..., Awaitable[Card | None]]


@dataclass(frozen=True, slots=True, eq=False)
class Notice:
    """A message by its released name. The handler gets the reader's context and the ids that were stored."""

    name: str
    handler: Teller


def notice(name: str) -> Callable[[Teller], Notice]:
    """Declares the handler as the notice `name`; it returns None when what it would tell is no longer true."""

    def declare(handler: Teller) -> Notice:
        return Notice(name, handler)

    return declare
