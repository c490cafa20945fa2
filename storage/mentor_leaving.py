"""A mentor or mentee who erases everything: whoever asked them or was matched with them is told, without a name."""

from __future__ import annotations

from sqlalchemy import bindparam, or_, select

from storage.mentor_states import MatchState, RequestState
from storage.tables import BI, mentor_request, mentorship
from storage.unit import Unit

GONE = "mentor.gone"
"""The notice; its ids are none, since nothing is left that it could name."""

_ME = bindparam("leaver", type_=BI)
_ASKED = select(mentor_request.c.mentee_id).where(
    mentor_request.c.mentor_id == _ME, mentor_request.c.state == RequestState.OPEN
)
_MATCHED = select(mentorship.c.mentor_id, mentorship.c.mentee_id).where(
    or_(mentorship.c.mentor_id == _ME, mentorship.c.mentee_id == _ME), mentorship.c.state == MatchState.ON
)


def leave(unit: Unit, member_id: int) -> None:
    """Before the rows go. A wish that waits its turn behind theirs is asked by itself (`mentor_times`)."""
    others = set(unit.execute(_ASKED, {"leaver": member_id}).scalars())
    others |= {each for pair in unit.execute(_MATCHED, {"leaver": member_id}) for each in pair}
    for each in sorted(others - {member_id}):
        unit.tell(each, GONE)
