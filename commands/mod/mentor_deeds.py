"""What moderators did with mentors, and what undoing it does, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from commands.kit.request import Context
from commands.kit.wording import person
from content.text import Text, _, plural
from storage.audit import Deed, Line
from storage.mentor_states import Approval, Paused, answer_hours
from storage.snapshots import Change

APPROVAL, HOURS = "settings.mentor-approval", "settings.mentor-hours"


def _who(line: Line) -> Text:
    return _("a mentor no longer here") if line.mentor is None else person(line.mentor)


def hours_said(hours: int) -> Text:
    return plural("{count} hour", "{count} hours", hours)


def looked_at(*, on: bool) -> Text:
    """Whether moderators look at an offer first."""
    return _("Mentors need approval: on.") if on else _("Mentors need approval: off.")


def waits(hours: object) -> Text:
    """How long a request waits; what is no number is what nobody set."""
    return _("A request waits: {hours}.", hours=hours_said(answer_hours(hours)))


WORDS: Mapping[str, Callable[[Context, Line], Text]] = {
    Deed.MENTOR_APPROVED: lambda _ctx, line: _("Agreed to the offer of {name} as a mentor.", name=_who(line)),
    Deed.MENTOR_REMOVED: lambda _ctx, line: _("Took down the offer of {name} as a mentor.", name=_who(line)),
    Deed.MENTOR_PAUSED: lambda _ctx, line: _("Paused {name} as a mentor.", name=_who(line)),
    Deed.MENTOR_RESUMED: lambda _ctx, line: _("Took up {name} as a mentor again.", name=_who(line)),
    Deed.MENTORS_LOOKED_AT: lambda _ctx, line: looked_at(on=bool(line.ids["on"])),
    Deed.MENTOR_HOURS: lambda _ctx, line: waits(line.ids["hours"]),
    Deed.REPORT_SEEN_TO: lambda _ctx, _line: _("Saw to a report."),
}


def offer_effect(line: Line, change: Change) -> Text | None:
    """Where the offer stands once that is undone."""
    before, name = change.before or {}, _who(line)
    if "approval" in change.touched:
        return _APPROVALS[Approval(str(before["approval"]))](name)
    if before["paused"] is None:
        return _("{name} is no longer paused as a mentor.", name=name)
    if before["paused"] == Paused.MODERATORS:
        return _("{name} is paused as a mentor again, by you.", name=name)
    return _("{name} is paused as a mentor as before, but not by you.", name=name)


_APPROVALS: Mapping[Approval, Callable[[Text], Text]] = {
    Approval.WAITING: lambda name: _(
        "The offer of {name} waits for your decision again. Requests to it go on to the next wish.", name=name
    ),
    Approval.APPROVED: lambda name: _(
        "The offer of {name} is agreed to again. Requests that went on to the next wish stay there.", name=name
    ),
    Approval.REMOVED: lambda name: _(
        "The offer of {name} is taken down again. Requests to it go on to the next wish.", name=name
    ),
}


def report_effect(change: Change) -> Text:
    if (change.before or {}).get("closed_at") is None:
        return _("The report waits for you again.")
    return _("The report is seen to again.")


def setting_effect(change: Change) -> Text | None:
    """What a setting of mentoring is again."""
    before = change.before or {}
    if APPROVAL in change.touched:
        return looked_at(on=before.get(APPROVAL) is not False)
    if HOURS in change.touched:
        return waits(before.get(HOURS))
    return None
