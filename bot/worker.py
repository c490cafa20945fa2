"""What a process that works beside the bot needs: its keeper's ear, its keeper's end, and the last turn at the core."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

NICE = 19  # members are answered first
Say = Callable[[dict[str, Any]], None]


def job() -> dict[str, Any]:
    """The one line of JSON on standard input; from here on the process ends when its keeper goes."""
    given: dict[str, Any] = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_keeper, daemon=True).start()
    _behind_all()
    return given


def speaker() -> Say:
    """Says lines to the keeper alone: whatever else is printed goes where faults go."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def say(line: dict[str, Any]) -> None:
        out.write(json.dumps(line, separators=(",", ":")) + "\n")
        out.flush()

    return say


def _behind_all() -> None:
    with suppress(PermissionError):  # a sandbox may refuse it, and the work is done all the same
        os.nice(NICE)
        if sys.platform == "linux":  # to whoever wakes up, a core that does idle work alone is free
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _end_with_keeper() -> None:
    sys.stdin.buffer.read()
    os._exit(1)
