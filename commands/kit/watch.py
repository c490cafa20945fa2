"""Whoever counts interactions: told of each reply, so that nothing here knows of figures."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from commands.kit.request import Request

if TYPE_CHECKING:
    from commands.kit.command import Action


class End(StrEnum):
    """What an interaction came to."""

    ANSWERED = "answered"
    REFUSED = "refused"
    """A plain no, or a form to be corrected."""
    FAILED = "failed"
    """A fault of ours, with a reference."""


class Watch(Protocol):
    """Nothing of it raises or takes long."""

    def replied(self, request: Request, action: Action[...] | None, end: End) -> None:
        """The reply is ready."""

    def acknowledged(self, request: Request) -> None:
        """The platform has its first answer."""


class Nobody:
    """Counts nothing."""

    def replied(self, request: Request, action: Action[...] | None, end: End) -> None: ...
    def acknowledged(self, request: Request) -> None: ...
