"""The parts of a member's page that are about weekly tips, and about moderating."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from content.outcomes import Outcome
from content.text import Text, _, verbatim
from storage.audit import Deed
from storage.export import Row, Value
from storage.postings import Done
from storage.tip_states import DROPPED, PAUSED, POSTED, READY, SUGGESTED

if TYPE_CHECKING:
    from commands.export_page import Pen

DONE: Mapping[str, Text] = {Done.DONE.value: _("done"), Done.PLANNED.value: _("put aside")}
STATES = {
    SUGGESTED: _("waits for the moderators"),
    READY: _("in the queue"),
    PAUSED: _("in the queue"),
    POSTED: _("gone out"),
    DROPPED: _("not taken"),
}
DEEDS: Mapping[str, Text] = {
    Deed.LANGUAGE: _("changed the language for everybody"),
    Deed.ZONE: _("changed the time zone"),
    Deed.MODERATORS: _("named moderators"),
    Deed.LINK_ADDED: _("added a link"),
    Deed.LINK_REMOVED: _("removed a link"),
    Deed.HIDDEN: _("hid a resource"),
    Deed.SHOWN: _("showed a resource again"),
    Deed.WELCOME: _("posted the welcome"),
    Deed.TEST: _("posted a test"),
    Deed.TIP_ADDED: _("added a tip"),
    Deed.TIP_EDITED: _("changed a tip"),
    Deed.TIP_APPROVED: _("took a suggested tip"),
    Deed.TIP_DELETED: _("deleted or declined a tip"),
    Deed.TIP_PAUSED: _("paused a tip"),
    Deed.TIP_RESUMED: _("resumed a tip"),
    Deed.TIP_SKIPPED: _("skipped a tip"),
    Deed.TIP_MOVED: _("moved a tip in the queue"),
    Deed.TIP_STOPPED: _("stopped a tip before it went out"),
    Deed.TIP_POSTED: _("posted a tip"),
    Deed.TIP_AGREED: _("agreed to a tip of the library"),
    Deed.TIP_REFUSED: _("declined a tip of the library"),
    Deed.TIP_PASSED_OVER: _("skipped a tip of the library"),
    Deed.SCHEDULE_SET: _("set when tips go out"),
    Deed.SCHEDULE_OFF: _("switched the weekly tips off"),
    Deed.SCHEDULE_PAUSED: _("paused the weekly tips"),
    Deed.SCHEDULE_RESUMED: _("resumed the weekly tips"),
    Deed.POINTS: _("gave or took points"),
    Deed.LEFT_OUT: _("changed who is left off the boards"),
    Deed.DIGEST_SET: _("set the digest of the boards"),
    Deed.DIGEST_OFF: _("switched the digest off"),
    Deed.MENTOR_APPROVED: _("agreed to a mentor's offer"),
    Deed.MENTOR_REMOVED: _("took down a mentor's offer"),
    Deed.MENTOR_PAUSED: _("paused a mentor"),
    Deed.MENTOR_RESUMED: _("took up a mentor again"),
    Deed.MENTORS_LOOKED_AT: _("set whether mentors need approval"),
    Deed.MENTOR_HOURS: _("set how long a request to a mentor waits"),
    Deed.REPORT_SEEN_TO: _("saw to a report"),
    Deed.ROUND_RUN: _("held a mentor matching day"),
    Deed.ROUND_DROPPED: _("dropped a mentor matching day"),
    Deed.MATCHING_SET: _("set when mentor matching days are held"),
    Deed.MATCHING_OFF: _("switched the mentor matching days off"),
    Deed.COMPASS: _("posted which mentors are wanted"),
    Deed.MEMBER_ERASED: _("erased a member"),
    Deed.UNDONE: _("took something back"),
    Deed.REDONE: _("did again what was taken back"),
}


def parts(pen: Pen) -> Iterable[str]:
    """What I did with tips, those that I suggested, and what I did as a moderator."""
    done = [
        (pen.tip(str(row["tip"])), DONE.get(str(row["deed"]), row["deed"]), row["at"]) for row in pen.rows("tip_deed")
    ]
    yield pen.part(_("Weekly tips"), pen.table((_("Tip"), _("What I did"), _("Since")), done))
    heads = (_("Track"), _("Tip"), _("Link"), _("How it stands"), _("Since"))
    yield pen.part(_("Tips I suggested"), pen.table(heads, map(_suggested, pen.rows("tip"))))
    deeds = [
        (DEEDS.get(str(row["deed"]), _("something else")), row["at"], row["undone_at"]) for row in pen.rows("audit")
    ]
    yield pen.part(_("What I did as a moderator"), pen.table((_("What I did"), _("When"), _("Taken back")), deeds))


def _suggested(row: Row) -> tuple[Value | Text, ...]:
    written = [row[f"{part}_{language}"] for language in ("en", "zh") for part in ("title", "text")]
    track = next((each.name_only for each in Outcome if each == row["outcome"]), row["outcome"])
    state = STATES.get(str(row["state"]), verbatim(str(row["state"])))
    return track, ": ".join(str(each) for each in written if each is not None), row["link"], state, row["at"]
