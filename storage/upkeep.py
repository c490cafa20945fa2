"""What is erased because its time is over; `privacy` names the same times."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, delete, select, update

from storage import audit, drafts, invitations, old_windows, outbox, paces, runs, seen_events, slack_states
from storage.moments import length
from storage.tables import BI, answer, run
from storage.unit import Unit

PRUNED_AT_ONCE = 500  # a unit must not hold the writer for long

# The index is on the start: one on the last touch would be written anew with every answer.
_UNTOUCHED = and_(run.c.started_at < bindparam("before", type_=BI), run.c.updated_at < bindparam("before", type_=BI))
_END_RUNS = (
    update(run)
    .where(run.c.id.in_(select(run.c.id).where(run.c.status == runs.OPEN, _UNTOUCHED).limit(PRUNED_AT_ONCE)))
    .values(status=runs.ENDED)
)
_ERASE_ANSWERS = delete(answer).where(
    answer.c.run_id.in_(
        select(run.c.id)
        .where(run.c.status == runs.ENDED, _UNTOUCHED)
        .where(run.c.id.in_(select(answer.c.run_id)))
        .limit(PRUNED_AT_ONCE)
    )
)


def prune(unit: Unit) -> bool:
    """Erase a part of what is past its time; whether there may be more, for the next unit to do.

    Of a run left open for 90 days the answers go; that there was one stays, for its old buttons to say so.
    """
    before = {"before": unit.now_us - length(runs.OPEN_FOR)}
    paces.prune(unit)
    more = [
        drafts.prune(unit),
        seen_events.prune(unit),
        outbox.prune(unit),
        audit.prune(unit),
        old_windows.prune(unit),
        invitations.prune(unit),
        slack_states.prune(unit),
        unit.execute(_END_RUNS, before).rowcount == PRUNED_AT_ONCE,
        unit.execute(_ERASE_ANSWERS, before).rowcount > 0,
    ]
    return any(more)
