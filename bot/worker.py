"""What a process that works beside the bot needs: its keeper's ear, its keeper's end, and the last turn at the core."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

NICE = 10  # members are answered first
Say = Callable[[dict[str, Any]], None]


def job() -> dict[str, Any]:
    """The one line of JSON on standard input; from here on the process ends when its keeper goes."""
    given: dict[str, Any] = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_keeper, daemon=True).start()
    os.nice(NICE)
    return given


def speaker() -> Say:
    """Says lines to the keeper alone: whatever else is printed goes where faults go."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def say(line: dict[str, Any]) -> None:
        out.write(json.dumps(line, separators=(",", ":")) + "\n")
        out.flush()

    return say


def _end_with_keeper() -> None:
    sys.stdin.buffer.read()
    os._exit(1)
