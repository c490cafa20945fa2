"""Members: who is one, what they chose, what is kept about them, and forgetting it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, bindparam, delete, func, or_, select, update

from content.text import Language
from storage import (
    community_figures,
    digest_lines,
    erasures,
    mentor_leaving,
    pool,
    standings,
    taking_back,
    unnaming,
)
from storage.moderator_kinds import PERSON
from storage.outbox_states import CLOSED
from storage.tables import (
    BI,
    appearance,
    audit,
    award,
    digest_line,
    draft,
    member,
    member_region,
    mentor_ask,
    mentor_invitation,
    mentor_offer,
    mentor_report,
    mentor_request,
    mentorship,
    moderator,
    not_with,
    opinion,
    outbox,
    resource_state,
    result,
    run,
    share,
    skill_state,
    tip,
    tip_deed,
)
from storage.tables import answer as answer_table
from storage.tip_states import SUGGESTED
from storage.unit import Changed, Unit, upsert


@dataclass(frozen=True, slots=True)
class Me:
    """The person a unit works for, as the platform names them in this community."""

    community: int
    uid: str
    name: str
    app_language: Language | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A member as stored. `language` is the chosen one; `app_language` is what their app spoke last.

    `waiting` counts the messages that a closed DM refused (`storage/outbox.py`). `fading_at` is when they had been
    away for so long that they are erased soon (`storage/fading.py`).
    """

    id: int
    uid: str
    name: str
    language: Language | None
    app_language: Language | None
    zone: str | None
    tell_here: bool
    waiting: int
    seen_at: int = field(default=0, compare=False)
    fading_at: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """How much is kept about a member, by kind; `known` is the member's own row: id, name, language."""

    known: bool = False
    runs: int = 0
    answers: int = 0
    results: int = 0
    drafts: int = 0
    messages: int = 0
    skills: int = 0
    resources: int = 0
    regions: int = 0
    moderator: bool = False
    opinions: int = 0
    shares: int = 0
    tip_deeds: int = 0
    suggestions: int = 0
    audit_lines: int = 0
    awards: int = 0
    appearances: int = 0
    digests: int = 0
    offers: int = 0
    asks: int = 0
    requests: int = 0
    matches: int = 0
    kept_apart: int = 0
    reports: int = 0
    invitations: int = 0


def my_id() -> ScalarSelect[int]:
    """The id of the member named by the parameters `community` and `uid`: guards every unit of theirs."""
    return select(member.c.id).where(MINE).scalar_subquery()


def mine(me: Me) -> dict[str, Any]:
    """The parameters that `my_id` stands on."""
    return {"community": me.community, "uid": me.uid}


COMMUNITY = bindparam("community", type_=BI)
MINE = (member.c.community_id == COMMUNITY) & (member.c.uid == bindparam("uid"))
_WAITING = (
    select(func.count())
    .select_from(outbox)
    .where(outbox.c.member_id == member.c.id, outbox.c.state == CLOSED)
    .scalar_subquery()
)
_FIND = select(
    member.c.id,
    member.c.uid,
    member.c.name,
    member.c.language,
    member.c.app_language,
    member.c.zone,
    member.c.tell_here,
    _WAITING.label("waiting"),
    member.c.seen_at,
    member.c.fading_at,
).where(MINE)
_ENSURE = upsert(
    member,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["community_id", "uid"],
        set_={
            "name": insert.excluded.name,
            "seen_at": insert.excluded.seen_at,
            "app_language": func.coalesce(insert.excluded.app_language, member.c.app_language),
        },
    ).returning(member.c.id, member.c.created_at),
)
_SET_LANGUAGE = update(member).where(member.c.id == bindparam("id_", type_=BI)).values(language=bindparam("chosen"))
_SET_TELL_HERE = (
    update(member)
    .where(member.c.id == bindparam("id_", type_=BI), member.c.tell_here != bindparam("chosen", type_=BI))
    .values(tell_here=bindparam("chosen", type_=BI))
)
_MODERATES = (
    (moderator.c.community_id == bindparam("community", type_=BI))
    & (moderator.c.kind == PERSON)
    & (moderator.c.ext_id == bindparam("uid"))
)
_OF_MINE = {
    "runs": run,
    "results": result,
    "drafts": draft,
    "messages": outbox,
    "skills": skill_state,
    "resources": resource_state,
    "regions": member_region,
    "tip_deeds": tip_deed,
    "audit_lines": audit,
    "awards": award,
    "appearances": appearance,
    "digests": digest_line,
    "offers": mentor_offer,
    "asks": mentor_ask,
    "kept_apart": not_with,
}


def _count(source: FromClause, of_mine: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(source).where(of_mine).scalar_subquery()


# A wish for me that was never put before me is not mine to know.
MY_REQUESTS = or_(
    mentor_request.c.mentee_id == my_id(),
    (mentor_request.c.mentor_id == my_id()) & mentor_request.c.opened_at.is_not(None),
)
MY_MATCHES = or_(mentorship.c.mentor_id == my_id(), mentorship.c.mentee_id == my_id())
INVITED = (mentor_invitation.c.community_id == COMMUNITY) & (mentor_invitation.c.uid == bindparam("uid"))
KEPT = select(
    _count(member, MINE).label("known"),
    _count(answer_table.join(run), run.c.member_id == my_id()).label("answers"),
    *(_count(table, table.c.member_id == my_id()).label(name) for name, table in _OF_MINE.items()),
    _count(opinion.join(result), result.c.member_id == my_id()).label("opinions"),
    _count(share.join(result), result.c.member_id == my_id()).label("shares"),
    _count(tip, tip.c.suggested_by == my_id()).label("suggestions"),
    _count(mentor_request, MY_REQUESTS).label("requests"),
    _count(mentorship, MY_MATCHES).label("matches"),
    _count(mentor_report, mentor_report.c.reporter_id == my_id()).label("reports"),
    _count(mentor_invitation, INVITED).label("invitations"),
    _count(moderator, _MODERATES).label("moderator"),
)
_LOCK = select(member.c.id).where(MINE).with_for_update()
_POSTS = select(share.c.outbox_id).select_from(share.join(result)).where(result.c.member_id == my_id())
_UNDECIDED = delete(tip).where(tip.c.suggested_by == my_id(), tip.c.state == SUGGESTED)
_SEEN_TO = delete(mentor_report).where(mentor_report.c.reporter_id == my_id(), mentor_report.c.closed_at.is_not(None))
_UNINVITE = delete(mentor_invitation).where(INVITED)
_FORGET = delete(member).where(MINE)
_STEP_DOWN = delete(moderator).where(_MODERATES)


def find(unit: Unit, me: Me) -> Member | None:
    """What is stored about me, if anything."""
    row = unit.execute(_FIND, mine(me)).first()
    if row is None:
        return None
    language = None if row.language is None else Language(row.language)
    app = None if row.app_language is None else Language(row.app_language)
    moments = {"seen_at": row.seen_at, "fading_at": row.fading_at}
    return Member(row.id, row.uid, row.name, language, app, row.zone, bool(row.tell_here), row.waiting, **moments)


def ensure(unit: Unit, me: Me) -> int:
    """My id; I am stored from now on, with the name and the moment I was last seen."""
    app = None if me.app_language is None else me.app_language.value
    values = {"community_id": me.community, "uid": me.uid, "name": me.name, "tell_here": 0, "app_language": app}
    moments = {"created_at": unit.now_us, "seen_at": unit.now_us}
    member_id, created_at = unit.execute(_ENSURE, {**values, **moments}).one()
    if created_at == unit.now_us:
        unit.changed(Changed(me.community, me.uid))
    return int(member_id)


def set_language(unit: Unit, me: Me, language: Language | None) -> None:
    """The language of my private replies; None is that of my app."""
    unit.execute(_SET_LANGUAGE, {"id_": ensure(unit, me), "chosen": None if language is None else language.value})
    unit.changed(Changed(me.community, me.uid))


def set_tell_here(unit: Unit, me: Me, *, on: bool) -> bool:
    """Whether a moderator is told by DM what moderators are told; answers whether this was a change."""
    changed = unit.execute(_SET_TELL_HERE, {"id_": ensure(unit, me), "chosen": int(on)}).rowcount > 0
    unit.changed(Changed(me.community, me.uid))
    return changed


def kept(unit: Unit, me: Me) -> Kept:
    """How much is kept about me."""
    row = unit.execute(KEPT, mine(me)).one()
    counts = {name: count for name, count in row._mapping.items() if name not in {"known", "moderator"}}  # noqa: SLF001 - SQLAlchemy's public way to a row by names
    return Kept(known=bool(row.known), moderator=bool(row.moderator), **counts)


def forget(unit: Unit, me: Me) -> Kept:
    """Erase all of it and say how much it was. `Store.scrub` then takes it out of the file's log as well.

    What I shared is taken back: of that, the channel and the post's id there stay in the outbox until it is done.
    A tip I suggested goes too while moderators have not taken it over; taken over, it is the community's, without me.
    What moderators changed and where I am named in it can then no longer be undone; whom else they left off the boards
    along with me can. A report of mine that nobody has seen to stays, without me.
    """
    names = mine(me)
    my_row = unit.execute(_LOCK, names).scalar_one_or_none()  # from here on nothing more of mine is shared
    unnaming.unname(unit, me.community, me.uid, my_row)
    erased = kept(unit, me)
    posts = unit.execute(_POSTS, names).scalars().all()
    taking_back.take_back(unit, posts)
    taking_back.erase_ended(unit, posts)
    if my_row is not None:
        unnaming.unlist(unit, me.community, my_row)
        mentor_leaving.leave(unit, my_row)
        standings.leave(unit, my_row)
        community_figures.erased_one(unit, me.community)
        digest_lines.move_up(unit, my_row)
        digest_lines.take_back(unit, my_row)
        erasures.bury(unit, erasures.MEMBER, my_row)
    for each in (_UNDECIDED, _SEEN_TO, _FORGET, _STEP_DOWN, _UNINVITE):
        unit.execute(each, names)
    if my_row is not None:
        pool.moved(unit, me.community)  # last, as everywhere: whoever else holds it waits for nobody
    unit.changed(Changed(me.community, me.uid, erased=True))
    if erased.moderator:
        unit.changed(Changed(me.community, None))
    return erased
