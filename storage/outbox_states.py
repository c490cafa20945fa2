"""What a row of the outbox can be; `storage/outbox.py` says how one becomes another."""

from __future__ import annotations

WAITING = "waiting"
CLAIMED = "claimed"
SENT = "sent"
CLOSED = "closed"
SHOWN = "shown"
DEAD = "dead"
UNCERTAIN = "uncertain"
HANDED = "handed"
