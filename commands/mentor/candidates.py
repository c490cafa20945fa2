"""The mentors of a community as memory has them, and the best of them for one member."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial

import numpy as np

from commands.kit.request import Context
from commands.mentor.matching import pair
from commands.mentor.matching.instance import SKILLS_MOST, Instance, MenteeRow, MentorRow, bits, instance_of, place_of
from commands.mentor.matching.pair import HALF_HOURS_LEAST, Parts
from commands.mentor.meeting import hours
from storage import candidates
from storage.asks import Wanted
from storage.candidates import Candidate, Seeker

SHOWN = 5
PAGE = 1000  # what the loop does of it at once, on a database that is read in the loop, stays far below 50 ms


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Who can be asked on one day, as columns; `offers` are the ids of their offers, in the same order."""

    instance: Instance
    offers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Suits:
    """A mentor who suits, by the id of the offer, and what the score is made of."""

    offer: int
    parts: Parts


class Lack(Enum):
    """What would have to be otherwise for somebody to suit; the first that fails for all."""

    MENTORS = auto()
    LANGUAGE = auto()
    HOURS = auto()
    EXPERIENCE = auto()
    ALL_AT_ONCE = auto()


async def of_community(ctx: Context, revision: int) -> Pool:
    """Who can be asked in this community now, from memory where that is of this revision and this day."""
    day = ctx.now.astimezone(dt.UTC).date()
    return await ctx.remembered.get(("mentors", ctx.community.id), (revision, day), partial(_read, ctx, day))


def best(pool: Pool, seeker: Seeker, mentee: MenteeRow) -> list[Suits]:
    """The five who suit best, the best first."""
    found = pair.best(pool.instance, mentee, excluded=seeker.never, previous=seeker.met, count=SHOWN)
    return [Suits(pool.offers[each.mentor], each.parts) for each in found]


def lack(pool: Pool, seeker: Seeker, mentee: MenteeRow) -> Lack:
    """Why nobody suits. Who is not there for this member does not count, for whatever reason."""
    mentors = pool.instance.mentors
    there = np.ones(len(mentors), dtype=np.bool_)
    there[[at for one in (*seeker.never, mentee.id) if (at := place_of(mentors.ids, one)) is not None]] = False
    speak = mentors.languages & np.uint16(bits(mentee.languages, pool.instance.languages)) != 0
    weekday = np.bitwise_count(mentors.weekday & np.uint64(mentee.weekday))
    weekend = np.bitwise_count(mentors.weekend & np.uint64(mentee.weekend))
    meet = np.maximum(weekday, weekend) >= HALF_HOURS_LEAST
    ahead = mentors.seniority > mentee.seniority
    if not there.any():
        return Lack.MENTORS
    for fits, what in ((speak, Lack.LANGUAGE), (meet, Lack.HOURS), (ahead, Lack.EXPERIENCE)):
        if not (there & fits).any():
            return what
    return Lack.ALL_AT_ONCE


def mentee_of(member: int, wanted: Wanted, gaps: Collection[str], day: dt.date) -> MenteeRow:
    """A member as one half of a pair, on this day."""
    weekday, weekend = hours.utc(wanted.hours, day)
    return MenteeRow(member, wanted.track, gaps, weekday, weekend, wanted.languages, wanted.seniority)


def pool_of(found: Iterable[Candidate], skills: Collection[str], day: dt.date) -> Pool:
    """The columns of these. Of the `skills` that there are a pair counts the first sixty-four by id."""
    counted = frozenset(sorted(skills)[:SKILLS_MOST])
    rows = sorted(found, key=lambda each: each.member)
    return Pool(instance_of((_mentor(each, counted, day) for each in rows), ()), tuple(each.offer for each in rows))


def _mentor(one: Candidate, counted: frozenset[str], day: dt.date) -> MentorRow:
    weekday, weekend = hours.utc(one.hours, day)
    skills = counted.intersection(one.skills)
    return MentorRow(one.member, one.tracks, skills, weekday, weekend, one.languages, one.seniority, one.free)


async def _read(ctx: Context, day: dt.date) -> Pool:
    found: list[Candidate] = []
    after: int | None = 0
    while after is not None:
        some, after = await ctx.store.read(candidates.page, ctx.community.id, after, PAGE)
        found += some
    return await asyncio.to_thread(pool_of, found, ctx.content.skills.keys(), day)
