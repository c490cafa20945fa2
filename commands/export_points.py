"""The parts of a member's page that are about points, and about standing on boards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from content.boards import Board, Season
from content.outcomes import Outcome
from content.points import Deed
from content.text import Text, _, verbatim
from storage import awards
from storage.export import Row, Value

if TYPE_CHECKING:
    from commands.export_page import Pen

DEEDS: dict[str, Text] = {
    Deed.ASSESSMENT: _("a first assessment finished"),
    Deed.STEP: _("a step of the plan done"),
    Deed.STEP_WITH_LINE: _("what came of a step"),
    Deed.RESOURCE: _("a resource done"),
    Deed.RESOURCE_WITH_LINE: _("what came of a resource"),
    Deed.TIP: _("a weekly tip done"),
    Deed.SUGGESTION: _("a suggested tip that was posted"),
    Deed.SESSION: _("a meeting of mentor and mentee"),
    awards.ADJUSTED: _("corrected by moderators"),
    awards.TAKEN_BACK: _("a correction that was undone"),
}


def parts(pen: Pen) -> Iterable[str]:
    """Each line of the ledger, the week's limit, whether boards show me, where I stand there, and who was told."""
    heads = (_("Counts for the day"), _("What for"), _("Which"), _("Track"), _("Points"), _("Reason"), _("When"))
    yield pen.part(_("Points"), pen.table(heads, [_award(pen, each) for each in pen.rows("award")]))
    weeks = [(each["week"], each["used"], each["most"]) for each in pen.rows("allowance")]
    yield pen.part(_("Points with a weekly limit"), pen.table((_("Week"), _("Points"), _("At most")), weeks))
    yield pen.part(_("Whether the boards show me"), "".join(map(pen.facts, map(_appearance, pen.rows("appearance")))))
    places = [(_board(each["board"]), _season(each["season"]), each["points"]) for each in pen.rows("standing")]
    yield pen.part(_("Where I stand on the boards"), pen.table((_("Board"), _("Span of time"), _("Points")), places))
    posts = [(each["points"],) for each in pen.rows("digest_line")]
    yield pen.part(_("Posts of the boards that name me"), pen.table((_("Points"),), posts))


def _award(pen: Pen, row: Row) -> tuple[Value | Text, ...]:
    track = next((each.name_only for each in Outcome if each == row["outcome"]), row["outcome"])
    deed = DEEDS.get(str(row["deed"]), row["deed"])
    return (
        row["day"],
        deed,
        _which(pen, str(row["deed"]), str(row["key"])),
        track,
        row["points"],
        row["reason"],
        row["at"],
    )


def _which(pen: Pen, deed: str, key: str) -> Value | Text:
    """What the deed was done with, by its name; nothing for what is done with nothing."""
    match deed:
        case Deed.STEP | Deed.STEP_WITH_LINE:
            return pen.content.skills[key].name if key in pen.content.skills else key
        case Deed.RESOURCE | Deed.RESOURCE_WITH_LINE:
            return verbatim(pen.content.resources[key].title) if key in pen.content.resources else key
        case Deed.TIP | Deed.SUGGESTION:
            return pen.tip(key)
    return None


def _appearance(row: Row) -> tuple[tuple[Text, Value | Text], ...]:
    chosen = _("not chosen yet") if row["shown"] is None else _("shown") if row["shown"] else _("hidden")
    return (
        (_("What I chose"), chosen),
        (_("Left out by moderators"), row["left_out"]),
        (_("No longer found here"), row["away_at"]),
        (_("Looked for last"), row["looked_at"]),
        (_("Last touched"), row["at"]),
    )


def _board(stored: Value) -> Value | Text:
    return next((each.label for each in Board if each.value == stored), stored)


def _season(stored: Value) -> Value | Text:
    return Season.EVER.label if stored == Season.EVER.value else stored
