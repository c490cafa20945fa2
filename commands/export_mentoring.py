"""The parts of a member's page that are about mentoring: their own side of it."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from commands.mentor import terms_card
from commands.mentor.meeting import hours
from content.mentoring import Concern, Hours, Seniority, Spoken, WhyNot
from content.outcomes import Outcome
from content.text import Text, _, verbatim
from storage.export import Row, Value
from storage.mentor_states import Approval, MatchState, Paused, Reach, RequestState, Side

if TYPE_CHECKING:
    from commands.export_page import Pen

TICKS = 72  # a point of a match
TOLD = frozenset(
    {"mentor_offer", "mentor_ask", "mentor_request", "mentorship", "round_pair", "not_with", "mentor_report"}
    | {"mentor_invitation"}
)
STATES: Mapping[str, Text] = {
    RequestState.WISHED: _("waits its turn"),
    RequestState.OPEN: _("before the mentor"),
    RequestState.ACCEPTED: _("accepted"),
    RequestState.DECLINED: _("declined"),
    RequestState.EXPIRED: _("not answered"),
    RequestState.WITHDRAWN: _("withdrawn"),
    RequestState.CANCELLED: _("cancelled by another match"),
    RequestState.PASSED: _("passed over"),
    MatchState.ON: _("going on"),
    MatchState.ENDED: _("ended"),
    MatchState.RELEASED: _("let go of within its first days"),
    Approval.WAITING: _("waits for the moderators"),
    Approval.APPROVED: _("agreed to by the moderators"),
    Approval.REMOVED: _("not listed, as the moderators decided"),
    Paused.SELF: _("by me"),
    Paused.SILENCE: _("by itself, after two unanswered requests"),
    Paused.MODERATORS: _("by the moderators"),
    Side.MENTOR: _("mentor"),
    Side.MENTEE: _("mentee"),
}
REQUEST = (_("I am the"), _("How it stands"), _("Gaps that the mentor sees"), _("Why not"), _("Asked"), _("Over"))
PAIR = (_("I am the"), _("Points of the match"), _("Its parts"))
REPORT = (_("What it is about"), _("What I wrote"), _("When"), _("Seen to"))


def parts(pen: Pen) -> Iterable[str]:
    """What I offer and ask, what became of it, and what I said that nobody else reads."""
    for title, table, said in (
        (_("My offer as a mentor"), "mentor_offer", _offer),
        (_("What I ask of a mentor"), "mentor_ask", _ask),
        (_("An invitation to be a mentor"), "mentor_invitation", _invitation),
    ):
        yield pen.part(title, "".join(pen.facts(said(pen, row)) for row in pen.rows(table)))
    yield pen.part(
        _("Requests of mentoring"), pen.table(REQUEST, [_request(pen, row) for row in pen.rows("mentor_request")])
    )
    matches = "".join(pen.facts(_match(pen, row)) for row in pen.rows("mentorship"))
    yield pen.part(_("Matches of mentor and mentee"), matches)
    days = [(_of(STATES, row["side"]), _points(row["score"]), row["parts"]) for row in pen.rows("round_pair")]
    yield pen.part(_("Mentor matching days"), pen.table(PAIR, days))
    apart = [(row["at"],) for row in pen.rows("not_with")]
    yield pen.part(_("Whom I keep apart from"), pen.table((_("Since"),), apart))
    told = [(_concern(row["concern"]), row["words"], row["at"], row["closed_at"]) for row in pen.rows("mentor_report")]
    yield pen.part(_("What I told the moderators of others"), pen.table(REPORT, told))


def _offer(pen: Pen, row: Row) -> tuple[tuple[Text, Value | Text], ...]:
    return (
        (_("Tracks"), _tracks(pen, row["tracks"])),
        (_("Skills"), _skills(pen, row["skills"])),
        *_of_both(pen, row),
        (_("Places for mentees"), row["capacity"]),
        (_("Note"), row["words"]),
        (_("Takes part in mentor matching days"), row["in_rounds"]),
        (_("Moderators"), _of(STATES, row["approval"])),
        (_("Direct messages"), _REACHES.get(str(row["reach"]), row["reach"])),
        (_("Paused"), None if row["paused"] is None else _of(STATES, row["paused"])),
        (_("Paused until"), row["paused_until"]),
        (_("A request last had no answer"), row["silent_at"]),
        (_("Last touched"), row["at"]),
    )


def _ask(pen: Pen, row: Row) -> tuple[tuple[Text, Value | Text], ...]:
    return (
        (_("Track"), _tracks(pen, row["track"])),
        (_("Gaps"), _skills(pen, row["gaps"])),
        *_of_both(pen, row),
        (_("Waiting for a matching day since"), row["waiting_since"]),
        (_("Matching days without a mentor"), row["rounds"]),
        (_("Last touched"), row["at"]),
    )


def _of_both(pen: Pen, row: Row) -> tuple[tuple[Text, Value | Text], ...]:
    return (
        (_("AI product work"), _level(row["seniority"])),
        (_("Time"), _hours([row["weekday"], row["weekend"], row["zone"]], row["at"])),
        (_("Languages"), _listed(pen, [_SPOKEN.get(each, verbatim(each)) for each in str(row["languages"]).split()])),
    )


def _invitation(pen: Pen, row: Row) -> tuple[tuple[Text, Value | Text], ...]:
    return ((_("What stands in it"), drafted(pen, row)), (_("Since"), row["at"]))


def drafted(pen: Pen, row: Row) -> Value | Text:
    """The fields of an offer that is being written."""
    fields, at = row["fields"], row["at"]
    day = at.date() if isinstance(at, dt.datetime) else dt.date.min
    return terms_card.of_draft(pen.content, fields, day) if isinstance(fields, dict) else fields


def _request(pen: Pen, row: Row) -> tuple[Value | Text, ...]:
    why = None if row["why"] is None else next((each.label for each in WhyNot if each.value == row["why"]), row["why"])
    gaps = _skills(pen, row["gaps"]) if "gaps" in row else None
    return _of(STATES, row["side"]), _of(STATES, row["state"]), gaps, why, row["opened_at"], row["ended_at"]


def _match(pen: Pen, row: Row) -> tuple[tuple[Text, Value | Text], ...]:
    side = str(row["side"])
    kit = row["kit"] if isinstance(row["kit"], dict) else {}
    thumb = row[f"thumb_{side}"]
    return (
        (_("I am the"), _of(STATES, side)),
        (_("How it stands"), _of(STATES, row["state"])),
        (_("Since"), row["at"]),
        (_("Over"), row["ended_at"]),
        (_("Meetings that both confirmed"), row["sessions"]),
        (_("The last one in week"), row["met_week"]),
        (_("I said that we met"), row[f"met_{side}"]),
        (_("How I found it"), {1: _("helpful"), -1: _("not helpful")}.get(thumb) if isinstance(thumb, int) else None),
        *(((_("Track"), _tracks(pen, kit["track"])), (_("Gaps"), _skills(pen, kit["gaps"]))) if "gaps" in kit else ()),
        *(((_("Skills"), _skills(pen, kit["skills"])),) if "skills" in kit else ()),
        *(
            ((_("AI product work"), _level(kit["seniority"])), (_("Time"), _hours(kit["hours"], row["at"])))
            if kit
            else ()
        ),
    )


_REACHES = {
    Reach.ASKED.value: _("being tried"),
    Reach.OPEN.value: _("they arrive"),
    Reach.CLOSED.value: _("they do not arrive"),
}
_SPOKEN = {each.value: each.label for each in Spoken}


def _of(words: Mapping[str, Text], stored: Value) -> Value | Text:
    return words.get(str(stored), stored)


def _concern(stored: Value) -> Value | Text:
    return next((each.label for each in Concern if each.value == stored), stored)


def _level(stored: Value) -> Value | Text:
    return next((each.label for each in Seniority if each == stored), stored)


def _points(ticks: Value) -> Value:
    return f"{ticks / TICKS:.1f}" if isinstance(ticks, int) else ticks


def _tracks(pen: Pen, stored: Value) -> Value | Text:
    known = {each.value: each.name_only for each in Outcome}
    return _listed(pen, [known.get(each, verbatim(each)) for each in str(stored).split()])


def _skills(pen: Pen, stored: Value) -> Value | Text:
    if not isinstance(stored, list):
        return stored
    known = pen.content.skills
    return _listed(pen, [known[each].name if each in known else verbatim(str(each)) for each in stored])


def _listed(pen: Pen, texts: list[Text]) -> Value:
    """Plain words, since the page writes them where values stand."""
    return [pen.content.catalogue.say(each, pen.language) for each in texts]


def _hours(stored: Value, at: Value) -> Value | Text:
    match stored:
        case [int(weekday), int(weekend), str(zone)] if zone in zoneinfo.available_timezones():
            day = at.date() if isinstance(at, dt.datetime) else dt.date.min
            return _("{hours} ({zone})", hours=hours.say(Hours(weekday, weekend, zone), day), zone=zone)
    return stored
