"""What must be so of mentoring whatever happens, looked for in the rows themselves, without any module of it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text

from storage.store import Store
from storage.tables import award, member, mentor_ask, mentor_offer, mentor_request, mentorship, not_with, outbox
from storage.unit import Unit

LIVE = ("wished", "open")
ONE_WORD_EACH = {"declined": "mentor.declined", "passed": "mentor.declined", "cancelled": "mentor.found-another"}
"""What is told of a request that was open and became this."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All rows of a community at a moment; `told` counts messages by notice and the id they are about."""

    names: dict[int, str]
    offers: dict[int, Any]
    asks: dict[int, Any]
    requests: dict[int, Any]
    matches: dict[int, Any]
    apart: frozenset[frozenset[int]]
    told: Counter[tuple[str, int]]
    messages: dict[int, tuple[str, str]]
    awards: tuple[tuple[int, str], ...]

    def taken(self) -> Counter[int]:
        """Places that matches and open requests take, by mentor."""
        on = Counter(each.mentor_id for each in self.matches.values() if each.state == "on")
        return on + Counter(each.mentor_id for each in self.requests.values() if each.state == "open")


def look(unit: Unit, community_id: int) -> Snapshot:
    names = {row.id: row.name for row in unit.execute(select(member).where(member.c.community_id == community_id))}
    told: Counter[tuple[str, int]] = Counter()
    messages = {}
    rows = unit.execute(select(outbox.c.id, outbox.c.member_id, outbox.c.notice, outbox.c.ids)).all()
    for row in rows:
        if row.member_id in names:
            ids = json.loads(row.ids)
            told[row.notice, ids.get("request", ids.get("match", 0))] += 1
            messages[row.id] = (names[row.member_id], row.notice)
    awards = unit.execute(select(award.c.member_id, award.c.key).where(award.c.deed == "session")).all()
    return Snapshot(
        names,
        {row.member_id: row for row in unit.execute(select(mentor_offer)) if row.member_id in names},
        {row.member_id: row for row in unit.execute(select(mentor_ask)) if row.member_id in names},
        {row.id: row for row in unit.execute(select(mentor_request)) if row.mentee_id in names},
        {row.id: row for row in unit.execute(select(mentorship)) if row.mentee_id in names},
        frozenset(frozenset((row.member_id, row.other_id)) for row in unit.execute(select(not_with))),
        told,
        messages,
        tuple((row.member_id, row.key) for row in awards if row.member_id in names),
    )


def faults(now: Snapshot, before: Snapshot, most: dict[int, int]) -> list[str]:
    """What is not as it must be; `most` is the largest capacity of each mentor since `before`."""
    return [*_places(now, before, most), *_people(now), *_kept_apart(now, before), *_words(now)]


def _places(now: Snapshot, before: Snapshot, most: dict[int, int]) -> Iterator[str]:
    was, new_ones = before.taken(), {each for each in now.matches.values() if each.id not in before.matches}
    for mentor, count in now.taken().items():
        if count > max(was[mentor], most.get(mentor, 0)):
            yield f"{count} places of {mentor} are taken: {was[mentor]} were, and {most.get(mentor)} are the most"
    on = Counter(each.mentor_id for each in now.matches.values() if each.state == "on")
    for mentor in {each.mentor_id for each in new_ones if each.state == "on"}:
        if on[mentor] > most.get(mentor, 0):
            yield f"a match of {mentor} beyond capacity: {on[mentor]} of {most.get(mentor)}"
    opened = Counter(each.mentor_id for each in now.requests.values() if each.state == "open")
    yield from (f"{count} are open before {mentor}" for mentor, count in opened.items() if count > 2)


def _people(now: Snapshot) -> Iterator[str]:
    live, opened = defaultdict(set), Counter[int]()
    for each in now.requests.values():
        if each.state in LIVE:
            live[each.mentee_id].add(each.mentor_id)
            opened[each.mentee_id] += each.state == "open"
    matched = Counter(each.mentee_id for each in now.matches.values() if each.state == "on")
    yield from (f"{name} has {count} open" for name, count in opened.items() if count > 1)
    yield from (f"{name} has {count} matches" for name, count in matched.items() if count > 1)
    yield from (f"{name} wishes {of}" for name, of in live.items() if len(of) > 3 or name in of or name in matched)
    yield from (f"{one} twice" for one, count in Counter(now.awards).items() if count > 1)


def _kept_apart(now: Snapshot, before: Snapshot) -> Iterator[str]:
    for each in now.matches.values():
        if each.id not in before.matches and frozenset((each.mentor_id, each.mentee_id)) in before.apart:
            yield f"{each.mentor_id} and {each.mentee_id} are matched, who are kept apart"
    for each in now.requests.values():
        was = before.requests.get(each.id)
        is_new = each.opened_at is not None and (was is None or was.opened_at is None)
        if is_new and frozenset((each.mentor_id, each.mentee_id)) in before.apart:
            yield f"{each.mentee_id} asks {each.mentor_id}, who are kept apart"


def _words(now: Snapshot) -> Iterator[str]:
    """Who ought to be told is, once."""
    made = {(each.mentor_id, each.mentee_id, each.at) for each in now.matches.values()}
    matched_then = Counter((mentee, at) for _mentor, mentee, at in made)
    for each in now.requests.values():
        was_open = each.opened_at is not None
        expected = Counter({"mentor.asked": int(was_open), ONE_WORD_EACH.get(each.state, ""): int(was_open)})
        if each.state == "cancelled" and (each.mentor_id, each.mentee_id, each.ended_at) in made:  # by a matching day
            of_one = (
                matched_then[each.mentee_id, each.ended_at] == 1
            )  # of several in one moment, either may have ended it
            expected["mentor.found-another"] = 0 if of_one else now.told["mentor.found-another", each.id]
        for notice in ("mentor.asked", "mentor.declined", "mentor.found-another"):
            if now.told[notice, each.id] != expected[notice]:
                yield f"request {each.id}, {each.state}: {notice} {now.told[notice, each.id]} times"
        ends = now.told["mentor.next-asked", each.id] + now.told["mentor.none-left", each.id]
        if each.state == "expired" and ends != 1:
            yield f"request {each.id} expired, which was told {ends} times"
    for each in now.matches.values():
        if now.told["mentor.kit", each.id] != 2 or now.told["mentor.ended", each.id] != (each.state != "on"):
            yield f"match {each.id}, {each.state}: not told as it must be"


def left_waiting(now: Snapshot, now_us: int) -> list[str]:
    """Who waits for nothing, once all that was due is done."""
    on = Counter(each.mentor_id for each in now.matches.values() if each.state == "on")
    has_open = {each.mentee_id for each in now.requests.values() if each.state == "open"}
    found = []
    for each in now.requests.values():
        offer = now.offers.get(each.mentor_id)
        cannot = offer is None or offer.approval == "removed" or on[each.mentor_id] >= offer.capacity
        if each.state == "open" and (each.due_at <= now_us or cannot):
            found.append(f"{each.mentee_id} waits for {each.mentor_id}, who cannot answer")
        if each.state == "wished" and each.mentee_id not in has_open:
            found.append(f"{each.mentee_id} wishes for {each.mentor_id}, and it is nobody's turn")
    return found


async def deadlocks(store: Store) -> int:
    """How many the PostgreSQL server has ended in this database."""
    await asyncio.sleep(1.1)  # it counts at most once a second
    statement = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return await store.read(lambda unit: int(unit.execute(statement).scalar_one()))
