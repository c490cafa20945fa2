"""What a member takes away of mentoring is their own side: never the other's, nor what was said of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, insert, select, update

from content.mentoring import Concern
from storage import export, members, mentor_reports, mentor_times, mentorships, not_with, requests, sessions, wishes
from storage.export import Row
from storage.members import Kept, Me
from storage.mentor_leaving import GONE
from storage.mentor_states import RequestState
from storage.requests import Asked
from storage.store import Store
from storage.tables import (
    mentor_invitation,
    mentor_report,
    mentor_request,
    mentor_round,
    mentorship,
    outbox,
    round_pair,
)
from storage.unit import Unit
from tests.storage.mentoring import mentee, mentor, open_reports, person

MENTORING = ("mentor_offer", "mentor_ask", "mentor_request", "mentorship", "not_with", "mentor_report", "round_pair")


_DAY = select(func.max(mentor_round.c.id)).scalar_subquery()


async def taken_away(store: Store, me: Me) -> dict[str, tuple[Row, ...]]:
    found = await store.read(export.of_me, me)
    assert found is not None
    return {name: found.rows[name] for name in (*MENTORING, "mentor_invitation")}


async def asked(store: Store, me: Me, offer: int) -> int:
    made = await store.write(requests.ask, me, offer, ["kubernetes"])
    assert isinstance(made, Asked)
    return made.request


async def told(store: Store, member_id: int) -> list[str]:
    def notices(unit: Unit) -> list[str]:
        return list(unit.execute(select(outbox.c.notice).where(outbox.c.member_id == member_id)).scalars())

    return await store.read(notices)


async def test_of_a_match_each_takes_away_their_own_side(store: Store, me: Me, somebody: Me) -> None:
    offer = await mentor(store, somebody)
    await mentee(store, me)
    request = await asked(store, me, offer.id)
    match = await store.write(requests.accept, somebody, request)
    assert isinstance(match, int)
    await store.write(sessions.thumb, me, match, up=False)

    theirs, mine = await taken_away(store, somebody), await taken_away(store, me)
    assert (mine["mentor_request"][0]["side"], theirs["mentor_request"][0]["side"]) == ("mentee", "mentor")
    assert mine["mentor_request"][0]["gaps"] == ["kubernetes"]
    assert not {"gaps", "place", "wished_at"} & theirs["mentor_request"][0].keys()
    hers, his = mine["mentorship"][0], theirs["mentorship"][0]
    kits: tuple[Any, Any] = hers["kit"], his["kit"]
    assert (kits[0].keys(), kits[1].keys()) == (
        {"track", "gaps", "seniority", "hours", "rounds"},
        {"skills", "seniority", "hours"},
    )
    assert hers["thumb_mentee"] == -1
    assert not {"thumb_mentee", "met_mentee"} & his.keys()
    assert not {"thumb_mentor", "met_mentor"} & hers.keys()
    assert [len(mine[name]) for name in MENTORING] == [0, 1, 1, 1, 0, 0, 0]
    assert [len(theirs[name]) for name in MENTORING] == [1, 0, 1, 1, 0, 0, 0]


async def test_a_wish_that_waits_its_turn_and_why_a_mentor_is_gone_are_not_the_others(store: Store, me: Me) -> None:
    one, second = await mentor(store, person(me, "Bo")), await mentor(store, person(me, "Cy"))
    await mentee(store, me)
    for offer in (one, second):
        await asked(store, me, offer.id)

    assert (await taken_away(store, person(me, "Cy")))["mentor_request"] == ()
    assert (await store.read(members.kept, person(me, "Cy"))).requests == 0
    await store.write(wishes.pass_all, me.community, one.member)
    mine = (await taken_away(store, me))["mentor_request"]
    assert [each["state"] for each in mine] == [RequestState.DECLINED, RequestState.OPEN]
    assert len((await taken_away(store, person(me, "Cy")))["mentor_request"]) == 1


async def test_who_keeps_apart_and_who_reports_is_told_of_nobody_else(store: Store, me: Me, somebody: Me) -> None:
    ids = [await store.write(members.ensure, each) for each in (me, somebody)]
    await store.write(not_with.keep_apart, *ids)
    for words in ("They never came", "Twice"):
        await store.write(mentor_reports.add, me, ids[1], Concern.RUDE if words == "Twice" else Concern.ABSENT, words)

    mine, theirs = await taken_away(store, me), await taken_away(store, somebody)
    assert not any(theirs.values())
    assert (await store.read(members.kept, somebody)) == Kept(known=True)
    assert mine["not_with"][0].keys() == {"at"}
    assert [each["words"] for each in mine["mentor_report"]] == ["They never came", "Twice"]
    assert not {"about_id", "reporter_id"} & mine["mentor_report"][0].keys()

    report = (await store.read(open_reports, me.community))[0]
    await store.write(mentor_reports.close, me.community, report.id)
    await store.write(members.forget, me)
    left = await store.read(open_reports, me.community)
    assert [each.words for each in left] == ["Twice"]  # still to be seen to, by nobody's word
    assert await store.read(lambda unit: unit.execute(select(mentor_report.c.reporter_id)).scalars().all()) == [None]
    await store.write(members.forget, somebody)
    assert await store.read(lambda unit: unit.execute(select(mentor_report)).all()) == []


async def test_a_pair_that_a_matching_day_only_proposed_is_nobodys_yet(store: Store, me: Me, somebody: Me) -> None:
    offer, mentee_id = await mentor(store, somebody), await mentee(store, me)

    def proposed(unit: Unit) -> None:
        day = {"community_id": me.community, "state": "ready", "scheduled": 0, "seed": 1, "progress": 1000, "at": 1}
        made = unit.execute(insert(mentor_round).values(day)).inserted_primary_key
        assert made is not None
        pair = {"round_id": made[0], "mentee_id": mentee_id, "mentor_id": offer.member, "score": 72, "parts": "[1]"}
        unit.execute(insert(round_pair).values({**pair, "state": "any"}))

    await store.write(proposed)
    assert (await taken_away(store, me))["round_pair"] == (await taken_away(store, somebody))["round_pair"] == ()

    match = await store.write(requests.accept, somebody, await asked(store, me, offer.id))
    await store.write(lambda unit: unit.execute(update(mentorship).values(round_id=_DAY)))
    assert isinstance(match, int)
    (mine,) = (await taken_away(store, me))["round_pair"]
    assert (mine["side"], mine["score"], mine["parts"]) == ("mentee", 72, [1])


async def test_who_was_invited_and_never_spoke_can_take_that_away_and_erase_it(store: Store, me: Me) -> None:
    def invited(unit: Unit) -> None:
        row = {"community_id": me.community, "uid": me.uid, "fields": '{"capacity":2}', "at": unit.now_us}
        unit.execute(insert(mentor_invitation).values(row))

    await store.write(invited)
    (mine,) = (await taken_away(store, me))["mentor_invitation"]
    assert mine["fields"] == {"capacity": 2}
    assert (await store.write(members.forget, me)).invitations == 1
    assert await store.read(export.of_me, me) is None


async def test_a_mentor_who_erases_everything_leaves_nobody_waiting(store: Store, me: Me) -> None:
    gone, stays = person(me, "Bo"), person(me, "Cy")
    offers = [await mentor(store, each) for each in (gone, stays)]
    mentee_id = await mentee(store, me)
    for offer in offers:
        await asked(store, me, offer.id)

    await store.write(members.forget, gone)
    assert await told(store, mentee_id) == [GONE]
    await store.write(mentor_times.work_off)
    (wish,) = await store.read(wishes.live, mentee_id)
    assert (wish.mentor, wish.state) == (offers[1].member, RequestState.OPEN)

    await store.write(requests.accept, stays, wish.id)
    await store.write(members.forget, stays)
    assert (await told(store, mentee_id)).count(GONE) == 2
    assert await store.read(mentorships.mine, me) == []
    left = await store.read(lambda unit: unit.execute(select(mentor_request)).all())
    assert left == []
