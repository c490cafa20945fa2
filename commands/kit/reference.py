"""The short reference of one interaction: on each of its lines in the log, and on the card should it fail.

Most interactions log nothing, so that it is made up when it is first needed.
"""

from __future__ import annotations

import secrets
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any

NAME = "reference"
_INTERACTION: ContextVar[list[str]] = ContextVar("interaction")


def begin() -> None:
    """What this task, and those it starts, do from here on belongs to a new interaction."""
    _INTERACTION.set([])


def current() -> str:
    """This interaction's reference; outside of any, a new one."""
    said = _INTERACTION.get([])
    if not said:
        said.append(secrets.token_hex(3))
    return said[0]


def on_each_line(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor of the log: lines of an interaction carry its reference."""
    if _INTERACTION.get(None) is not None:
        event.setdefault(NAME, current())
    return event
