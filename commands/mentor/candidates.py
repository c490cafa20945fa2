"""The mentors of a community as memory has them, and the best of them for one member."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commands.kit.request import Context
from commands.mentor.matching import pair
from commands.mentor.matching.instance import (
    SKILLS_MOST,
    Instance,
    MenteeRow,
    Mentors,
    bits,
    instance_of,
    place_of,
    track_bits,
)
from commands.mentor.matching.pair import HALF_HOURS_LEAST, Parts
from commands.mentor.meeting import hours
from content.mentoring import Spoken
from storage import candidates
from storage.asks import Wanted
from storage.candidates import Candidate, Seeker

SHOWN = 5
PAGE = 1000  # what the loop does of it at once, on a database that is read in the loop, stays far below 50 ms

LANGUAGES = tuple(sorted(each.value for each in Spoken))
NONE = np.empty((0, 2), dtype=np.int64)

Columns = tuple[NDArray[Any], ...]
"""Of some mentors: members, offers, and what `Mentors` has behind its ids."""


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


def columns(part: Sequence[Candidate], known: Sequence[str], day: dt.date) -> Columns:
    """Some mentors as arrays; a pair counts the `known` skills."""

    def column(values: Iterable[int], kind: type[np.generic]) -> NDArray[Any]:
        return np.fromiter(values, kind, len(part))

    masks = [hours.utc(each.hours, day) for each in part]
    return (
        column((each.member for each in part), np.int64),
        column((each.offer for each in part), np.int64),
        column((track_bits(each.tracks) for each in part), np.uint8),
        column((bits(each.skills, known) for each in part), np.uint64),
        column((weekday for weekday, _weekend in masks), np.uint64),
        column((weekend for _weekday, weekend in masks), np.uint64),
        column((bits(each.languages, LANGUAGES) for each in part), np.uint16),
        column((each.seniority for each in part), np.int16),
        column((each.free for each in part), np.int32),
    )


def joined(parts: Sequence[Columns], known: tuple[str, ...]) -> Pool:
    """All of them, in the order of the mentors' ids, as an instance wants it."""
    whole = [np.concatenate(column) for column in zip(*parts, strict=True)]
    in_order = np.argsort(whole[0])
    members, offers, *rest = (column[in_order] for column in whole)
    mentors = Mentors(tuple(members.tolist()), *rest)
    nobody = instance_of((), ())
    return Pool(Instance(mentors, nobody.mentees, NONE, NONE, known, LANGUAGES), tuple(offers.tolist()))


async def _read(ctx: Context, day: dt.date) -> Pool:
    """A part at a time: what lies about as objects until the end is all looked through by the garbage collector,
    while nobody else goes on."""
    known = tuple(sorted(ctx.content.skills)[:SKILLS_MOST])  # a bit each; there are 51
    parts: list[Columns] = []
    after: int | None = 0
    while after is not None:
        some, after = await ctx.store.read(candidates.page, ctx.community.id, after, PAGE)
        parts.append(await asyncio.to_thread(columns, some, known, day))
    return await asyncio.to_thread(joined, parts, known)
