"""Counts what the log warns of: each fault has its line there, and so needs no counter of its own."""

from __future__ import annotations

import logging
import re

from prometheus_client import Counter

OURS = re.compile(r"[a-z][a-z_.]{1,60}")  # a sentence, a library's message and an id are none
OTHER = "other"


class LogEvents(logging.Handler):
    """Stands beside the handler that writes; counts warnings and errors."""

    def __init__(self, counter: Counter) -> None:
        super().__init__(logging.WARNING)
        self._counter = counter

    def emit(self, record: logging.LogRecord) -> None:
        self._counter.labels(record.levelname.lower(), _name(record)).inc()


def _name(record: logging.LogRecord) -> str:
    if not isinstance(record.msg, dict):
        return record.name.partition(".")[0]
    event = str(record.msg.get("event"))
    return event if OURS.fullmatch(event) else OTHER
