"""What a member has learned: each skill's state, whatever the track, each resource's; and where their users are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import bindparam, delete, select

from content.outcomes import Outcome
from content.points import Deed
from storage import awards, members
from storage.members import Me
from storage.moments import moment
from storage.tables import member_region, resource_state, skill_state
from storage.unit import Unit, upsert


class SkillState(StrEnum):
    """How a member stands to a skill; one without a state is simply not held."""

    HAD = "had"
    DOING = "doing"
    DONE = "done"
    SKIPPED = "skipped"

    @property
    def held(self) -> bool:
        """Whether it is no gap any more."""
        return self in {SkillState.HAD, SkillState.DONE}


@dataclass(frozen=True, slots=True)
class Learned:
    """A skill's or a resource's state; `said` is the line or link of what came out of it."""

    state: SkillState
    said: str | None
    at: dt.datetime


_SKILLS = select(skill_state).where(skill_state.c.member_id == members.my_id()).order_by(skill_state.c.skill)
_SET_SKILL = upsert(
    skill_state,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["member_id", "skill"],
        set_={"state": insert.excluded.state, "said": insert.excluded.said, "at": insert.excluded.at},
    ),
)
_SET_HAD = upsert(skill_state, lambda insert: insert.on_conflict_do_nothing())
_CLEAR_SKILLS = delete(skill_state).where(
    skill_state.c.member_id == bindparam("member"),
    skill_state.c.skill.in_(bindparam("skills", expanding=True)),
    skill_state.c.state.in_(bindparam("states", expanding=True)),
)
_RESOURCES = (
    select(resource_state).where(resource_state.c.member_id == members.my_id()).order_by(resource_state.c.resource)
)
_SET_RESOURCE = upsert(
    resource_state,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["member_id", "resource"], set_={"said": insert.excluded.said, "at": insert.excluded.at}
    ),
)
_MARK_RESOURCE = upsert(resource_state, lambda insert: insert.on_conflict_do_nothing())
_CLEAR_RESOURCE = delete(resource_state).where(
    resource_state.c.member_id == members.my_id(), resource_state.c.resource == bindparam("resource")
)
_REGIONS = select(member_region.c.region).where(member_region.c.member_id == members.my_id())
_CLEAR_REGIONS = delete(member_region).where(member_region.c.member_id == bindparam("member"))
_ADD_REGION = upsert(member_region, lambda insert: insert.on_conflict_do_nothing())


def skills(unit: Unit, me: Me) -> dict[str, Learned]:
    """My skills that have a state, by id."""
    rows = unit.execute(_SKILLS, members.mine(me))
    return {row.skill: Learned(SkillState(row.state), row.said, moment(row.at)) for row in rows}


def set_skill(
    unit: Unit,
    me: Me,
    skill: str,
    state: SkillState | None,
    said: str | None = None,
    *,
    of: Outcome | None = None,
) -> int:
    """The state of one skill of mine; None takes it back to "not held". `of` is the track that it belongs to.

    Answers the points that it came to.
    """
    member_id = members.ensure(unit, me)
    if state is None:
        unit.execute(_CLEAR_SKILLS, {"member": member_id, "skills": [skill], "states": [*SkillState]})
        return 0
    unit.execute(
        _SET_SKILL, {"member_id": member_id, "skill": skill, "state": state.value, "said": said, "at": unit.now_us}
    )
    if state is not SkillState.DONE:
        return 0
    return awards.give(unit, member_id, of, (Deed.STEP, skill), *((Deed.STEP_WITH_LINE, skill),) * bool(said))


def move_skill(unit: Unit, me: Me, skill: str, was: SkillState | None, now: SkillState | None) -> bool:
    """From one state to another, if it still stands there; whether it did. What was said of it stays with the state."""
    members.ensure(unit, me)  # also keeps another unit of mine from moving it at the same time
    found = skills(unit, me).get(skill)
    if (found.state if found else None) is not was or now is was:
        return False
    set_skill(unit, me, skill, now, found.said if found else None)
    return True


def set_had(unit: Unit, me: Me, asked: Iterable[str], had: Collection[str], regions: Collection[str]) -> None:
    """Of the skills asked about I have had exactly these, and my users are in these regions.

    What was done, skipped or begun in the plan stays as it is, but for what I have had all along.
    """
    member_id = members.ensure(unit, me)
    asked = list(asked)
    stale = [SkillState.HAD.value]
    unit.execute(_CLEAR_SKILLS, {"member": member_id, "skills": asked, "states": stale})
    begun = [SkillState.DOING.value, SkillState.SKIPPED.value]
    unit.execute(_CLEAR_SKILLS, {"member": member_id, "skills": list(had), "states": begun})
    for skill in sorted(set(had) & set(asked)):
        row = {"member_id": member_id, "skill": skill, "state": SkillState.HAD.value, "said": None}
        unit.execute(_SET_HAD, {**row, "at": unit.now_us})
    unit.execute(_CLEAR_REGIONS, {"member": member_id})
    for region in sorted(set(regions)):
        unit.execute(_ADD_REGION, {"member_id": member_id, "region": region})


def resources(unit: Unit, me: Me) -> dict[str, Learned]:
    """The resources that I have done, by id; `own-7` is a link of the community's own."""
    rows = unit.execute(_RESOURCES, members.mine(me))
    return {row.resource: Learned(SkillState.DONE, row.said or None, moment(row.at)) for row in rows}


def set_resource(
    unit: Unit, me: Me, resource: str, *, done: bool, said: str | None = None, of: Outcome | None = None
) -> int:
    """Whether I have done a resource. What came out of it is replaced where it is said, by "" too.

    `of` is the track that it belongs to. Answers the points that it came to.
    """
    member_id = members.ensure(unit, me)
    if not done:
        unit.execute(_CLEAR_RESOURCE, {**members.mine(me), "resource": resource})
        return 0
    row = {"member_id": member_id, "resource": resource, "said": said, "at": unit.now_us}
    unit.execute(_MARK_RESOURCE if said is None else _SET_RESOURCE, row)
    with_line = ((Deed.RESOURCE_WITH_LINE, resource),) * bool(said)
    return awards.give(unit, member_id, of, (Deed.RESOURCE, resource), *with_line)


def regions(unit: Unit, me: Me) -> frozenset[str]:
    """Where my users are; empty where I have not said."""
    return frozenset(unit.execute(_REGIONS, members.mine(me)).scalars())
