"""The short reference of one interaction: on each of its lines in the log, and on the card should it fail."""

from __future__ import annotations

import secrets

import structlog

NAME = "reference"


def begin() -> None:
    """All that this task logs from here on, and the tasks it starts, belongs to a new interaction."""
    structlog.contextvars.bind_contextvars(**{NAME: secrets.token_hex(3)})


def current() -> str:
    """This interaction's reference."""
    return str(structlog.contextvars.get_contextvars().get(NAME) or secrets.token_hex(3))
