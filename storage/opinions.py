"""What members say of their results, for better questions: asked once a result, counted, shown to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import bindparam, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from content.outcomes import Outcome
from storage import members
from storage.members import Me
from storage.runs import Choice, decode_choice
from storage.tables import BI, answer, community, member, opinion, result
from storage.unit import AnyInsert, Unit, upsert

REHEARSAL = "web"  # whose members are invented


class Fits(StrEnum):
    """Whether a result sounds like its member."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Job(StrEnum):
    """A member's job today: one of the outcomes, something else, or not said."""

    BUSINESS = "business"
    PLATFORM = "platform"
    TECHNICAL = "technical"
    HYBRID = "hybrid"
    OTHER = "other"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What was said of a result; `job` is None until that was answered."""

    fits: Fits
    job: Job | None


@dataclass(frozen=True, slots=True)
class Labelled:
    """A result's answers with what its member says of it. Nothing tells whose it is."""

    bank_version: str
    answers: dict[str, Choice]
    outcome: Outcome
    fits: Fits
    job: Job | None


def _record(empty: AnyInsert) -> sqlite.Insert | postgresql.Insert:
    mine = select(
        result.c.id, bindparam("fits", type_=opinion.c.fits.type), literal(None), bindparam("now", type_=BI)
    ).where(result.c.id == bindparam("result", type_=BI), result.c.member_id == members.my_id())
    return empty.from_select(["result_id", "fits", "job", "at"], mine).on_conflict_do_nothing()


_RECORD = upsert(opinion, _record)
_SET_JOB = (
    update(opinion)
    .where(
        opinion.c.job.is_(None),
        opinion.c.result_id.in_(
            select(result.c.id).where(
                result.c.id == bindparam("result", type_=BI), result.c.member_id == members.my_id()
            )
        ),
    )
    .values(job=bindparam("new_job"))
)
_FIND = (
    select(opinion.c.fits, opinion.c.job)
    .select_from(opinion.join(result))
    .where(opinion.c.result_id == bindparam("result"), result.c.member_id == members.my_id())
)
_COUNT = select(func.count()).select_from(opinion)
_LABELLED = (
    select(result.c.member_id, result.c.run_id, result.c.bank_version, result.c.outcome, opinion.c.fits, opinion.c.job)
    .select_from(opinion.join(result).join(member).join(community))
    .where(community.c.platform != REHEARSAL)
    .order_by(result.c.at, opinion.c.result_id)
)
_ANSWERS = (
    select(answer.c.run_id, answer.c.item, answer.c.choice)
    .select_from(answer.join(result, result.c.run_id == answer.c.run_id).join(opinion))
    .order_by(answer.c.run_id, answer.c.place, answer.c.item)
)


def record(unit: Unit, me: Me, result_id: int, fits: Fits) -> None:
    """Keep what I say of this result of mine; what I said first stays."""
    unit.execute(_RECORD, {**members.mine(me), "result": result_id, "fits": fits.value, "now": unit.now_us})


def set_job(unit: Unit, me: Me, result_id: int, job: Job) -> None:
    """Keep my job beside what I said of this result; what I said first stays."""
    unit.execute(_SET_JOB, {**members.mine(me), "result": result_id, "new_job": job.value})


def find(unit: Unit, me: Me, result_id: int) -> Opinion | None:
    """What I said of this result of mine."""
    row = unit.execute(_FIND, {**members.mine(me), "result": result_id}).first()
    return None if row is None else Opinion(Fits(row.fits), None if row.job is None else Job(row.job))


def count(unit: Unit) -> int:
    """How many results, in all communities, have something said of them."""
    return int(unit.execute(_COUNT).scalar_one())


def labelled(unit: Unit) -> list[Labelled]:
    """The newest of each member's, in all communities but the rehearsal room; a job that was not said is None."""
    answers: dict[int, dict[str, Choice]] = {}
    for row in unit.execute(_ANSWERS):
        answers.setdefault(row.run_id, {})[row.item] = decode_choice(row.choice)
    newest = {row.member_id: row for row in unit.execute(_LABELLED)}
    return [
        Labelled(row.bank_version, answers.get(row.run_id, {}), Outcome(row.outcome), Fits(row.fits), _job(row.job))
        for row in newest.values()
    ]


def _job(stored: str | None) -> Job | None:
    return None if stored in {None, Job.UNSAID.value} else Job(stored)
