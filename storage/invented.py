"""Invented members for the rehearsal room, many at a time, as if they had been there for long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, bindparam, delete, func, insert, select

from content.outcomes import Outcome
from content.points import Deed
from content.text import Language
from storage import board_mend, postings, runs
from storage.learning import SkillState
from storage.moments import micros
from storage.postings import Done
from storage.runs import Choice, Judged
from storage.tables import (
    BI,
    allowance,
    answer,
    appearance,
    award,
    community_view,
    library_use,
    member,
    resource_state,
    result,
    run,
    skill_state,
    tip_deed,
)
from storage.tip_states import OUT
from storage.unit import Unit, upsert


@dataclass(frozen=True, slots=True)
class Sitting:
    """A run through the questionnaire: each answer with the card it was given on. Without `judged` it is not done."""

    bank_version: str
    answers: tuple[tuple[str, Choice, int], ...]
    began: dt.datetime
    ended: dt.datetime
    judged: Judged | None


@dataclass(frozen=True, slots=True)
class Deeds:
    """What a member did: skills, resources (each with what came of it) and tips, with the points of all that.

    `day` is the community's. `used` says how many of a week's limited points that took.
    """

    skills: tuple[tuple[str, str, dt.datetime], ...] = ()
    resources: tuple[tuple[str, str, dt.datetime], ...] = ()
    tips: tuple[tuple[str, dt.datetime], ...] = ()
    awards: tuple[tuple[Deed, str, Outcome | None, int, dt.date, dt.datetime], ...] = ()
    used: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Invented:
    """A member with their past. `shown`: what they said about boards, None if they were not asked yet."""

    uid: str
    name: str
    app_language: Language | None
    joined: dt.datetime
    seen: dt.datetime
    sitting: Sitting | None
    deeds: Deeds
    shown: bool | None


@dataclass(frozen=True, slots=True)
class WentOut:
    """A tip that went out."""

    tip: str
    outcome: Outcome
    at: dt.datetime


_MEMBERS = insert(member).returning(member.c.id, member.c.uid)
_RUNS = insert(run).returning(run.c.id, run.c.member_id)
_HERE = member.c.community_id == bindparam("community", type_=BI)
_LAST_OF = select(func.max(member.c.uid)).where(_HERE, member.c.uid.startswith(bindparam("prefix")))
_KNOWN = select(member.c.uid).where(_HERE, member.c.uid.in_(bindparam("uids", expanding=True)))
_COUNT_ANEW = delete(community_view).where(community_view.c.community_id == bindparam("community", type_=BI))
"""What they did lies in the past, where the community's card looks for nothing new."""
_USE = upsert(library_use, lambda insert: insert.on_conflict_do_nothing())


def last_of(unit: Unit, community_id: int, prefix: str) -> str | None:
    """The last of the members there whose id begins with this."""
    found: str | None = unit.execute(_LAST_OF, {"community": community_id, "prefix": prefix}).scalar_one()
    return found


def known(unit: Unit, community_id: int, uids: Collection[str]) -> set[str]:
    """Those of these who are members there."""
    return set(unit.execute(_KNOWN, {"community": community_id, "uids": sorted(uids)}).scalars())


def went_out(unit: Unit, community_id: int, channel: str, tips: Sequence[WentOut], most: int) -> list[WentOut]:
    """The newest tips that went out there, the oldest first; these ones, if none had so far."""
    if not postings.out(unit, community_id, None, 0, 1)[1]:
        for each in tips:
            slot = f"invented:{community_id}:{each.at.date().isoformat()}"
            at = micros(each.at)
            postings.insert(
                unit,
                community_id,
                slot,
                schedule_id=None,
                outcome=each.outcome,
                tip=each.tip,
                channel=channel,
                post_at=at,
                state=OUT,
            )
            unit.execute(_USE, {"community_id": community_id, "tip": each.tip, "at": at})
    found, _total = postings.out(unit, community_id, None, 0, most)
    return [WentOut(each.tip, each.outcome, each.post_at) for each in reversed(found)]


def settle_in(unit: Unit, community_id: int, people: Sequence[Invented], week_most: int) -> None:
    """These members are there, with all they did and where boards show them."""
    ids = _members(unit, community_id, people)
    _sittings(unit, ids, people)
    add = _Adding(unit, ids, people)
    add.rows(skill_state, lambda each: (_skill(*done) for done in each.deeds.skills))
    add.rows(resource_state, lambda each: (_resource(*done) for done in each.deeds.resources))
    add.rows(tip_deed, lambda each: (_tip(*done) for done in each.deeds.tips))
    add.rows(award, lambda each: (_award(*won) for won in each.deeds.awards))
    add.rows(
        allowance,
        lambda each: (
            {"week": week, "used": used, "most": week_most} for week, used in (each.deeds.used or {}).items()
        ),
    )
    add.rows(appearance, lambda each: () if each.shown is None else ({**_NOT_GONE, **_shown(each)},))
    board_mend.stand(unit, min(ids.values()), max(ids.values()))
    unit.execute(_COUNT_ANEW, {"community": community_id})


@dataclass(frozen=True, slots=True)
class _Adding:
    """Rows that belong to members, for all of them at once."""

    unit: Unit
    ids: Mapping[str, int]
    people: Sequence[Invented]

    def rows(self, table: Table, of: Callable[[Invented], Any]) -> None:
        made = [{"member_id": self.ids[each.uid], **row} for each in self.people for row in of(each)]
        if made:
            self.unit.execute(insert(table), made)


def _members(unit: Unit, community_id: int, people: Sequence[Invented]) -> dict[str, int]:
    rows = [
        {
            "community_id": community_id,
            "uid": each.uid,
            "name": each.name,
            "app_language": each.app_language and each.app_language.value,
            "tell_here": 0,
            "created_at": micros(each.joined),
            "seen_at": micros(each.seen),
        }
        for each in people
    ]
    return {row.uid: row.id for row in unit.execute(_MEMBERS, rows)}


def _sittings(unit: Unit, ids: Mapping[str, int], people: Sequence[Invented]) -> None:
    """Runs with their answers and results; of one that was left too long ago the answers are gone."""
    sat = {ids[each.uid]: each.sitting for each in people if each.sitting is not None}
    if not sat:
        return
    stale = unit.now - runs.OPEN_FOR
    made = unit.execute(_RUNS, [_run(member_id, sitting, stale) for member_id, sitting in sat.items()])
    answers, results = [], []
    for run_id, member_id in made.all():
        sitting = sat[member_id]
        if sitting.judged is not None:
            results.append(_result(member_id, run_id, sitting, sitting.judged))
        if sitting.judged is not None or sitting.ended >= stale:
            at = micros(sitting.ended)
            answers += [
                {"run_id": run_id, "item": item, "choice": runs.encode_choice(choice), "place": place, "at": at}
                for item, choice, place in sitting.answers
            ]
    for table, rows in ((answer, answers), (result, results)):
        if rows:
            unit.execute(insert(table), rows)


def _run(member_id: int, sitting: Sitting, stale: dt.datetime) -> dict[str, Any]:
    status = runs.OPEN if sitting.ended >= stale else runs.ENDED
    return {
        "member_id": member_id,
        "bank_version": sitting.bank_version,
        "rev": sitting.answers[-1][2],
        "status": status if sitting.judged is None else runs.FINISHED,
        "started_at": micros(sitting.began),
        "updated_at": micros(sitting.ended),
    }


def _result(member_id: int, run_id: int, sitting: Sitting, judged: Judged) -> dict[str, Any]:
    return {
        "member_id": member_id,
        "run_id": run_id,
        "bank_version": sitting.bank_version,
        "outcome": judged.outcome.value,
        "summary": judged.summary,
        "texts_hash": judged.texts_hash,
        "at": micros(sitting.ended),
    }


_NOT_GONE: dict[str, Any] = {"left_out": 0, "away_at": None, "looked_at": None}


def _shown(each: Invented) -> dict[str, Any]:
    return {"shown": int(bool(each.shown)), "at": micros(each.joined)}


def _skill(skill: str, said: str, at: dt.datetime) -> dict[str, Any]:
    return {"skill": skill, "state": SkillState.DONE.value, "said": said or None, "at": micros(at)}


def _resource(resource: str, said: str, at: dt.datetime) -> dict[str, Any]:
    return {"resource": resource, "said": said or None, "at": micros(at)}


def _tip(tip: str, at: dt.datetime) -> dict[str, Any]:
    return {"tip": tip, "deed": Done.DONE.value, "at": micros(at)}


def _award(deed: Deed, key: str, outcome: Outcome | None, points: int, day: dt.date, at: dt.datetime) -> dict[str, Any]:
    row = {"deed": deed.value, "key": key, "outcome": outcome and outcome.value, "points": points, "reason": None}
    return {**row, "day": day.toordinal(), "at": micros(at)}
