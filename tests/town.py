"""A small community in which everything has happened once: deeds of two months, ties, posts, moderators' work."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from content.boards import Board, Season
from content.outcomes import Outcome
from content.points import Deed
from content.text import Language
from storage import adjusting, appearances, awards, digests, firing, learning, members, results, shares, tips
from storage.due import DUE, Due, read_due
from storage.learning import SkillState
from storage.members import Me
from storage.outbox_states import WAITING
from storage.seasons import windows
from storage.tables import award, member, outbox
from storage.tips import Written
from storage.unit import Unit
from tests.conftest import SetClock
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import tip_out
from tests.storage.test_common_gaps import finish

STAND = ("ann", "bob", "cid", "dan", "eve", "fay", "gus", "hal", "ida", "joe", "kim", "lea", "mo")
TARGET = "gus"
OTHERS = ("hid", "lot", "nev")  # hidden, left out, and one who never chose
DAYS = (dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), dt.datetime(2026, 11, 30, 6, tzinfo=dt.UTC))
NOW = dt.datetime(2026, 12, 1, 5, tzinfo=dt.UTC)  # a week has closed, and a month
SEASONS = {Season.WEEK: "2026-W49", Season.MONTH: "2026-12", Season.EVER: "ever"}
LAST = {Season.WEEK: "2026-W48", Season.MONTH: "2026-11"}
GIVEN = {"ann": 90, "bob": 60, "cid": 60, "dan": 40, "eve": 40, "hal": 12, "ida": 12, "hid": 25, "nev": 45}
SEED = 8


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody on a board."""

    name: str
    uid: str
    points: int


async def settle(chat: DirectDriver, clock: SetClock, *, suggests: bool = True) -> None:
    """Everybody moves in and does what they do; it is the first of December then."""
    store = chat.dispatcher.store
    here = (await chat.me()).community
    people = {uid: Me(here, uid, uid.title()) for uid in (*STAND, *OTHERS)}
    chance = random.Random(SEED)
    for day in (*DAYS, NOW):
        clock.moment = day
        await store.write(_live, people, chance)
        if day == DAYS[0]:
            await store.write(digests.switch_on, people["mo"], "UTC", Season.WEEK, "general")
    await store.write(_choose, people)
    for uid in (TARGET, "fay"):
        await answer_all(chat.other(uid=uid, name=uid.title()), {"background": [3]}, letter="A")
    for number in range(7):
        other = await finish(store, here, f"r{number}", Outcome(await _outcome(chat)))
        await store.write(learning.set_skill, other, "sql", SkillState.DOING)
    await _moderate(chat, people)
    await _tell(chat, people[TARGET], suggests=suggests)
    assert await store.write(firing.fire, chat.dispatcher.content.tips_by_outcome) == 0
    assert await store.write(digests.fire) == 1


def _live(unit: Unit, people: dict[str, Me], chance: random.Random) -> None:
    """Each does a few deeds; eleven do one of the technical track on each day."""
    for place, me in enumerate(people.values()):
        mine = members.ensure(unit, me)
        if place < 11:
            awards.give(unit, mine, Outcome.TECHNICAL, (Deed.TIP, f"t {unit.now_us}"))
        outcome = chance.choice([None, *Outcome])
        awards.give(unit, mine, outcome, *((Deed.TIP, f"{n} {unit.now_us}") for n in range(chance.randint(0, 2))))
        if unit.now == NOW and me.uid in GIVEN:
            awards.adjust(unit, mine, GIVEN[me.uid], "for the test")


def _choose(unit: Unit, people: dict[str, Me]) -> None:
    for uid, me in people.items():
        if uid != "nev":
            appearances.show(unit, me)
    appearances.hide(unit, people["hid"])
    adjusting.leave_out(unit, people["mo"], ["lot"])


async def _outcome(chat: DirectDriver) -> str:
    found = await chat.dispatcher.store.read(results.latest, await chat.other(uid=TARGET, name="Gus").me())
    assert found is not None
    return found.outcome.value


async def _moderate(chat: DirectDriver, people: dict[str, Me]) -> None:
    """Points given to two, with a reason."""
    store = chat.dispatcher.store
    for uid in (TARGET, "ida"):
        await store.write(adjusting.choose, people["mo"], uid)
        planned = await store.write(adjusting.say, people["mo"], 6, f"{uid} helped")
        assert planned is not None
        await store.write(adjusting.adjust, people["mo"], planned.drawn)


async def _tell(chat: DirectDriver, target: Me, *, suggests: bool) -> None:
    """What the target has done that others may have heard of: a result shared, a tip done, one suggested."""
    store = chat.dispatcher.store
    latest = await store.read(results.latest, target)
    assert latest is not None
    await tip_out(chat, "p-one-page")
    await store.write(shares.post, target, latest.id, "general", 1)
    if suggests:
        await store.write(tips.suggest, target, Written(Outcome.HYBRID, {Language.EN: ("Ask", "Ask one.")}, None))
    await store.write(learning.set_skill, target, "sql", SkillState.DONE, "a query", of=Outcome.TECHNICAL)
    gus = chat.other(uid=TARGET, name="Gus")
    await gus.run("/pmpath tips week")
    await gus.press("Done")


async def waiting(chat: DirectDriver) -> list[Due]:
    """The posts that are about to go out."""
    return await chat.dispatcher.store.read(
        lambda unit: [
            read_due(row) for row in unit.execute(DUE.where(outbox.c.state == WAITING, outbox.c.channel.is_not(None)))
        ]
    )


def standings(unit: Unit, board: Board, window: str, uids: Collection[str]) -> list[Standing]:
    """How these stand to each other on a board, by the ledger alone."""
    sums: Counter[tuple[int, str, str]] = Counter()
    for row in unit.execute(select(award, member.c.uid, member.c.name).join(member).where(member.c.uid.in_(uids))):
        if window in windows(dt.date.fromordinal(row.day)) and board.value in {"all", row.outcome}:
            sums[row.member_id, row.uid, row.name] += row.points
    order = sorted(((points, *key) for key, points in sums.items() if points > 0), reverse=True)
    return [Standing(name, uid, points) for points, _id, uid, name in order]
