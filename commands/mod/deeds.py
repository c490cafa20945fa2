"""What moderators did, and what undoing it does, in plain words: one entry for each deed and each table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from commands.kit.request import Context
from commands.mod import digest, first_tip, matching_deeds, mentor_deeds, zones
from content.boards import Season
from content.text import Channel, Language, Text, _, plural, quoted, verbatim
from storage.audit import Deed, Line
from storage.schedules import Plan
from storage.snapshots import Change
from storage.timetable import Weekly
from storage.tip_states import DROPPED, PAUSED, POSTED, READY, SUGGESTED

Words = Callable[[Context, Line], Text]
Effect = Callable[[Context, Line, Change], Text | None]


def said(ctx: Context, line: Line) -> Text:
    """What was done."""
    words = WORDS.get(line.deed)
    return _("Something that this version no longer knows.") if words is None else words(ctx, line)


def effects(ctx: Context, line: Line) -> list[Text]:
    """What is so again once the line is undone, one sentence for each; the same sentence once."""
    if line.points is not None:
        return [_points_effect(line)]
    found = [EFFECTS[each.table.name](ctx, line, each) for each in line.changes if each.table.name in EFFECTS]
    texts = list(dict.fromkeys(text for text in found if text is not None))
    return texts or [_("What was changed then is put back as it was before.")]


def _title(ctx: Context, line: Line) -> Text:
    """A link's title: the community's own as it was written, or that of our list."""
    known = ctx.content.resources.get(str(line.ids.get("resource", "")))
    return quoted(known.title if known else str(line.ids.get("title") or line.ids.get("resource", "")))


def _language(value: object) -> Text:
    return next((verbatim(each.label) for each in Language if each.value == value), verbatim(str(value)))


def _of_earlier(ctx: Context, line: Line) -> Text:
    """The deed that was undone, from an undo's own line."""
    words = WORDS.get(str(line.ids.get("was", "")))
    return _("Something that this version no longer knows.") if words is None else words(ctx, line)


def _moderators(_ctx: Context, line: Line) -> Text:
    return _(
        "Named as moderators: {people}, {roles}.",
        people=plural("{count} person", "{count} people", int(line.ids["people"])),
        roles=plural("{count} role", "{count} roles", int(line.ids["roles"])),
    )


def _community(_ctx: Context, _line: Line, change: Change) -> Text | None:
    before = change.before or {}
    if "language" in change.touched:
        return _("Posts for everybody are in {language} again.", language=_language(before["language"]))
    if "zone" in change.touched:
        return _("The time zone is {city} again.", city=zones.city(str(before["zone"])))
    return mentor_deeds.setting_effect(change)


def _moderator(_ctx: Context, _line: Line, change: Change) -> Text:
    role = (change.before or change.after or {})["kind"] == "role"
    if change.before is not None:
        return _("A role moderates again.") if role else _("A person moderates again.")
    return _("A role no longer moderates.") if role else _("A person no longer moderates.")


def _own_link(_ctx: Context, _line: Line, change: Change) -> Text:
    title = str((change.before or change.after or {})["title"])
    if change.before is None:
        return _("“{title}” is deleted from this community's lists.", title=title)
    return _("“{title}” stands in this community's lists again.", title=title)


def _hidden(ctx: Context, line: Line, change: Change) -> Text:
    if change.before is None:
        return _("“{title}” is seen in the lists again.", title=_title(ctx, line))
    return _("“{title}” is hidden again.", title=_title(ctx, line))


def _tip(ctx: Context, line: Line) -> Text:
    """The title of the tip that a line is about, in the reader's language if it has one in it."""
    row = next((change.before or change.after or {} for change in line.changes), {})
    first, second = ("title_zh", "title_en") if ctx.language is Language.ZH else ("title_en", "title_zh")
    title = row.get(first) or row.get(second) or line.ids.get(first) or line.ids.get(second)
    known = ctx.content.tips.get(str(line.ids.get("tip", "")))
    if title or known:
        return _("“{title}”", title=str(title) if title else known.title if known else "")
    return _("number {tip}", tip=str(line.ids.get("tip", "")))


def _dropped(ctx: Context, line: Line) -> Text:
    """A suggestion is declined, any other tip deleted."""
    states = {str(row["state"]) for change in line.changes for row in (change.before, change.after) if row}
    if SUGGESTED in states:
        return _("Declined the suggested tip {title}.", title=_tip(ctx, line))
    return _("Deleted the tip {title}.", title=_tip(ctx, line))


def _tip_effect(ctx: Context, line: Line, change: Change) -> Text:
    title = _tip(ctx, line)
    if change.before is None:
        return _("The tip {title} is deleted.", title=title)
    if change.touched & {"title_en", "text_en", "title_zh", "text_zh", "link", "outcome"}:
        return _("The tip {title} says what it said before.", title=title)
    if "state" in change.touched:
        return _("The tip {title} is {state} again.", title=title, state=STATES[str(change.before["state"])])
    return _("The tip {title} is back in its place in the queue.", title=title)


def _schedule_effect(_ctx: Context, _line: Line, change: Change) -> Text:
    before = change.before
    if before is None or before["state"] == "off":
        return _("The weekly tip is switched off.")
    plan = Plan(
        str(before["channel"]),
        Weekly(int(before["weekday"] or 0), int(before["minute"] or 0), str(before["zone"]), int(before["weeks"] or 1)),
    )
    told = _("The weekly tip goes out again: {what}.", what=first_tip.summary(plan))
    return _("{what} It is paused.", what=told) if before["state"] == "paused" else told


def _points(_ctx: Context, line: Line) -> Text:
    points = _signed(int(line.ids["points"]))
    if line.points is None:
        return _("Changed the points of somebody no longer here by {points}.", points=points)
    name, reason = line.points.name, line.points.reason
    return _("Changed the points of {name} by {points}: {reason}", name=name, points=points, reason=reason)


def _points_effect(line: Line) -> Text:
    points = int(line.ids["points"])
    again = points if line.deed == Deed.UNDONE else -points
    name = "" if line.points is None else line.points.name
    return _("The points of {name} change by {points}.", name=name, points=_signed(again))


def _signed(points: int) -> str:
    return f"{points:+}".replace("-", "\N{MINUS SIGN}")


def _left_out(_ctx: Context, line: Line) -> Text:
    count = int(line.ids["people"])
    if not count:
        return _("Left nobody off the boards any more.")
    return plural("Left {count} person off the boards.", "Left {count} people off the boards.", count)


def _appearance(_ctx: Context, line: Line, change: Change) -> Text:
    """How many in all are left off again, or no longer."""
    left = bool((change.before or {}).get("left_out"))
    count = sum(bool((each.before or {}).get("left_out")) is left for each in line.changes)
    if left:
        return plural(
            "{count} person is left off the boards again.", "{count} people are left off the boards again.", count
        )
    return plural("{count} person can stand on boards again.", "{count} people can stand on boards again.", count)


def _digest(_ctx: Context, line: Line) -> Text:
    channel = Channel(str(line.ids["channel"]))
    if line.ids["season"] == Season.MONTH:
        return _("Switched on the digest of each month, in {channel}.", channel=channel)
    return _("Switched on the digest of each week, in {channel}.", channel=channel)


def _digest_effect(ctx: Context, _line: Line, change: Change) -> Text:
    if change.before is None:
        return _("The digest is switched off.")
    season, channel = Season(str(change.before["season"])), str(change.before["channel"])
    return _("The digest goes out again: {what}.", what=digest.summary(season, channel, ctx.community.zone))


STATES: Mapping[str, Text] = {
    SUGGESTED: _("waiting for a decision"),
    READY: _("in the queue"),
    PAUSED: _("paused"),
    POSTED: _("posted"),
    DROPPED: _("deleted"),
}
WORDS: Mapping[str, Words] = {
    Deed.LANGUAGE: lambda _ctx, line: _(
        "The language for everybody: {language}.", language=_language(line.ids["language"])
    ),
    Deed.ZONE: lambda _ctx, line: _("The time zone: {city}.", city=zones.city(str(line.ids["zone"]))),
    Deed.MODERATORS: _moderators,
    Deed.LINK_ADDED: lambda _ctx, line: _("Added the link “{title}”.", title=str(line.ids["title"])),
    Deed.LINK_REMOVED: lambda _ctx, line: _("Removed the link “{title}”.", title=str(line.ids["title"])),
    Deed.HIDDEN: lambda ctx, line: _("Hid “{title}” from the lists.", title=_title(ctx, line)),
    Deed.SHOWN: lambda ctx, line: _("Showed “{title}” in the lists again.", title=_title(ctx, line)),
    Deed.WELCOME: lambda _ctx, line: _("Posted the welcome in {channel}.", channel=Channel(str(line.ids["channel"]))),
    Deed.TEST: lambda _ctx, line: _("Posted a test in {channel}.", channel=Channel(str(line.ids["channel"]))),
    Deed.TIP_ADDED: lambda ctx, line: _("Wrote the tip {title}.", title=_tip(ctx, line)),
    Deed.TIP_EDITED: lambda ctx, line: _("Edited the tip {title}.", title=_tip(ctx, line)),
    Deed.TIP_APPROVED: lambda ctx, line: _("Took the tip {title} into the queue.", title=_tip(ctx, line)),
    Deed.TIP_DELETED: lambda ctx, line: _dropped(ctx, line),
    Deed.TIP_PAUSED: lambda ctx, line: _("Paused the tip {title}.", title=_tip(ctx, line)),
    Deed.TIP_RESUMED: lambda ctx, line: _("Took up the tip {title} again.", title=_tip(ctx, line)),
    Deed.TIP_SKIPPED: lambda ctx, line: _("Moved the tip {title} to the end of the queue.", title=_tip(ctx, line)),
    Deed.TIP_MOVED: lambda ctx, line: _("Moved the tip {title} in the queue.", title=_tip(ctx, line)),
    Deed.TIP_STOPPED: lambda ctx, line: _("Stopped the tip {title} before it went out.", title=_tip(ctx, line)),
    Deed.TIP_POSTED: lambda ctx, line: _("Posted the tip {title} at once.", title=_tip(ctx, line)),
    Deed.TIP_AGREED: lambda ctx, line: _("Said yes to the tip {title}.", title=_tip(ctx, line)),
    Deed.TIP_REFUSED: lambda ctx, line: _("Said no to the tip {title} for one week.", title=_tip(ctx, line)),
    Deed.TIP_PASSED_OVER: lambda ctx, line: _("Skipped the library's tip {title}.", title=_tip(ctx, line)),
    Deed.SCHEDULE_SET: lambda _ctx, _line: _("Set when and where the weekly tip goes out."),
    Deed.SCHEDULE_OFF: lambda _ctx, _line: _("Switched the weekly tip off."),
    Deed.SCHEDULE_PAUSED: lambda _ctx, _line: _("Paused the weekly tip."),
    Deed.SCHEDULE_RESUMED: lambda _ctx, _line: _("Took up the weekly tip again."),
    Deed.POINTS: _points,
    Deed.LEFT_OUT: _left_out,
    Deed.DIGEST_SET: _digest,
    Deed.DIGEST_OFF: lambda _ctx, _line: _("Switched the digest off."),
    Deed.MEMBER_ERASED: lambda _ctx, _line: _("Erased what was stored about a member who had asked for it."),
    **mentor_deeds.WORDS,
    **matching_deeds.WORDS,
    Deed.UNDONE: lambda ctx, line: _("Undid: {what}", what=_of_earlier(ctx, line)),
    Deed.REDONE: lambda ctx, line: _("Did again: {what}", what=_of_earlier(ctx, line)),
}
EFFECTS: Mapping[str, Effect] = {
    "community": _community,
    "moderator": _moderator,
    "own_link": _own_link,
    "hidden_resource": _hidden,
    "tip": _tip_effect,
    "schedule": _schedule_effect,
    "appearance": _appearance,
    "digest": _digest_effect,
    "matching_day": lambda _ctx, _line, change: matching_deeds.effect(change),
    "mentor_offer": lambda _ctx, line, change: mentor_deeds.offer_effect(line, change),
    "mentor_report": lambda _ctx, _line, change: mentor_deeds.report_effect(change),
    "library_use": lambda ctx, line, _change: _("The library's tip {title} has its turn again.", title=_tip(ctx, line)),
}
