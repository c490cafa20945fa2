"""What is told of a member's mentoring: of a request or a match their own side, of reports those that they made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Label, Table, and_, case, or_, select

from storage import members
from storage.mentor_states import RequestState, Side
from storage.tables import mentor_invitation, mentor_report, mentor_request, mentorship, not_with, round_pair

# Another's side, or what only the moderators or nobody shall know: whom I am kept apart from at another's wish, what
# was reported of me, pairs that a matching day proposed and nobody was told of. A name is never mine to take away.
_MADE = (
    select(mentorship.c.id)
    .where(
        mentorship.c.round_id == round_pair.c.round_id,
        mentorship.c.mentor_id == round_pair.c.mentor_id,
        mentorship.c.mentee_id == round_pair.c.mentee_id,
    )
    .exists()
)
_EITHER = or_(round_pair.c.mentor_id == members.my_id(), round_pair.c.mentee_id == members.my_id())
MINE: Mapping[Table, ColumnElement[bool]] = {
    mentor_request: members.MY_REQUESTS,
    mentorship: members.MY_MATCHES,
    not_with: not_with.c.member_id == members.my_id(),
    mentor_report: mentor_report.c.reporter_id == members.my_id(),
    round_pair: and_(_EITHER, _MADE),
    mentor_invitation: members.INVITED,
}
LEFT_OUT: Mapping[Table, frozenset[str]] = {
    mentor_request: frozenset({"mentee_id", "mentor_id"}),
    mentorship: frozenset({"mentee_id", "mentor_id", "request_id", "check_at", "checks"}),
    not_with: frozenset({"other_id"}),
    mentor_report: frozenset({"community_id", "about_id", "reporter_id"}),
    round_pair: frozenset({"mentee_id", "mentor_id", "state"}),
    mentor_invitation: frozenset({"community_id", "uid"}),
}
JSON = frozenset({mentor_request.c.gaps, mentorship.c.kit, round_pair.c.parts, mentor_invitation.c.fields})
MOMENTS = frozenset({mentorship.c.met_mentor, mentorship.c.met_mentee})
_OTHERS: Mapping[tuple[str, str | None], frozenset[str]] = {
    (mentor_request.name, Side.MENTOR): frozenset({"place", "gaps", "wished_at"}),
    (mentorship.name, Side.MENTOR): frozenset({"met_mentee", "thumb_mentee"}),
    (mentorship.name, Side.MENTEE): frozenset({"met_mentor", "thumb_mentor"}),
}


def side(table: Table) -> tuple[Label[str], ...]:
    """Which of the two I am, where a row is of two."""
    if "mentor_id" not in table.c:
        return ()
    return (case((table.c.mentor_id == members.my_id(), Side.MENTOR.value), else_=Side.MENTEE.value).label("side"),)


def own_side(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """The row without what is the other's."""
    others = _OTHERS.get((table.name, row.get("side")), frozenset())
    mine = {name: value for name, value in row.items() if name not in others}
    if table is mentorship and isinstance(mine["kit"], dict):
        mine["kit"] = _kit(mine["kit"], Side(mine["side"]))
    if table is mentor_request and mine["opened_at"] is not None and mine["state"] == RequestState.PASSED:
        mine["state"] = RequestState.DECLINED.value  # as it was told
    return mine


def _kit(kit: dict[str, Any], side: Side) -> dict[str, Any]:
    """My part of what the first meeting was made from."""
    if side is Side.MENTOR:
        return {"skills": kit["skills"], "seniority": kit["seniority"][0], "hours": kit["hours"][0]}
    own = {name: kit[name] for name in ("track", "gaps", "rounds")}
    return own | {"seniority": kit["seniority"][1], "hours": kit["hours"][1]}
