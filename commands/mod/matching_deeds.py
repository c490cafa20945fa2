"""What moderators did with mentor matching days, and what undoing it does, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from commands.kit.request import Context
from commands.mod import matching
from content.text import Channel, Text, _, plural
from storage.audit import Deed, Line
from storage.snapshots import Change
from storage.timetable import Weekly


def effect(change: Change) -> Text:
    """What is so again once a change of the schedule is undone."""
    before = change.before
    if before is None:
        return _("No mentor matching day is held by itself.")
    weekday, minute, weeks = (int(before[name] or 0) for name in ("weekday", "minute", "weeks"))
    weekly = Weekly(weekday, minute, str(before["zone"]), weeks)
    return _("Mentor matching days are held again: {what}", what=matching.say(weekly))


WORDS: Mapping[str, Callable[[Context, Line], Text]] = {
    Deed.ROUND_RUN: lambda _ctx, line: plural(
        "Held a mentor matching day with {count} pair.",
        "Held a mentor matching day with {count} pairs.",
        int(line.ids["pairs"]),
    ),
    Deed.ROUND_DROPPED: lambda _ctx, _line: _("Dropped a mentor matching day before it was held."),
    Deed.MATCHING_SET: lambda _ctx, line: plural(
        "Set mentor matching days: every {count} week.",
        "Set mentor matching days: every {count} weeks.",
        int(line.ids["weeks"]),
    ),
    Deed.MATCHING_OFF: lambda _ctx, _line: _("Switched the mentor matching days off."),
    Deed.COMPASS: lambda _ctx, line: _(
        "Posted which mentors are wanted, in {channel}.", channel=Channel(str(line.ids["channel"]))
    ),
}
