"""Days of the week, and times of day as people write them."""

from __future__ import annotations

import re

from content.text import _

DAY_MINUTES = 24 * 60
DAYS = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip
WRITTEN = re.compile(
    r"\s*(上午|早上|中午|下午|晚上)?\s*(\d{1,2})(?:\s*[:：.h点時时]\s*(半|\d{2})?(?:分)?)?\s*(am|pm)?\s*",
    re.IGNORECASE,
)
AFTERNOON = frozenset(("中午", "下午", "晚上", "pm"))


def clock(minute: int) -> str:
    """A minute of the day as a clock shows it."""
    return f"{minute // 60:02}:{minute % 60:02}"


def read_clock(written: str) -> int | None:
    """The minute of the day that was written; None where it is no time."""
    found = WRITTEN.fullmatch(written)
    if found is None:
        return None
    part, hour = found[1] or (found[4] or "").lower(), int(found[2])
    minute = 30 if found[3] == "半" else int(found[3] or 0)
    if part in AFTERNOON and 0 < hour < 12 and not (part == "中午" and hour > 2):
        hour += 12
    elif part and part not in AFTERNOON and hour == 12:
        hour = 0
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def read_day(chosen: str | None) -> int:
    """The day that was chosen, Monday being 0; Monday where it is none."""
    return int(chosen) if chosen in {str(place) for place in range(len(DAYS))} else 0
