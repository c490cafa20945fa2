"""The process that meets a fault: sixteen members answer without a pause, and it says what the store acknowledged.

Each acknowledged answer becomes a line on standard output as soon as the store has said so. What the store refuses
becomes a line with its sentence, and the member goes on from what is stored. `--control` says an answer before it is
committed, to show that the audit finds it.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import signal
import sys
from collections.abc import Callable, Mapping

from content.load import read_content
from content.outcomes import Outcome
from content.text import Language
from storage import communities, pragmas, runs
from storage.members import Me, ensure
from storage.runs import Answered, Choice, Finished, Judged, Saved
from storage.store import STOPPING, Busy, Store, StoreError, Unit
from tests.faults.audit import TOLD

MEMBERS = 16
ANSWERS = 10  # then the run is finished and another begins
REST = 0.05  # seconds after a refusal, as somebody takes to press again
GUILD = "guild-1"


async def write(url: str, *, control: bool, loose: bool) -> None:
    """Until SIGTERM: then the store does what it has taken, and closes."""
    if loose:
        loosely = tuple("synchronous=OFF" if each == "synchronous=FULL" else each for each in pragmas.WRITER)
        setattr(pragmas, "WRITER", loosely)  # noqa: B010 - a plain assignment would be one of another length
    store = await Store.open(url, now=lambda: dt.datetime.now(dt.UTC), points=read_content().points)
    community = await store.write(communities.seen, "discord", GUILD, "Makers", Language.EN)
    people = [Me(community.id, f"u{number}", f"Member {number}") for number in range(MEMBERS)]
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    acknowledge("ready")
    members = [asyncio.create_task(assess_for_ever(store, me, acknowledge, control=control)) for me in people]
    ends = asyncio.create_task(told.wait())
    done, _going_on = await asyncio.wait([ends, *members], return_when=asyncio.FIRST_COMPLETED)
    for each in done:
        each.result()  # a member whose end is none of the store's sentences ends it all
    await store.close()
    await asyncio.gather(*members)


async def assess_for_ever(store: Store, me: Me, say: Callable[[str], None], *, control: bool) -> None:
    """One member, until the store has closed."""
    number = 0
    while True:
        try:
            number = await assess(store, me, number, say, control=control)
        except (StoreError, Busy) as error:
            if str(error) == STOPPING:
                return
            say(f"refused {str(error) or 'busy'}")
            await asyncio.sleep(REST)


async def assess(store: Store, me: Me, number: int, say: Callable[[str], None], *, control: bool) -> int:
    """The run that the member is in, to its end or to somebody else's answer to it."""
    run = await store.write(runs.start, me, "bank-1")
    for revision in range(run.revision, ANSWERS):
        number += 1
        choice = f"{os.getpid()}-{number}"
        line = f"answer {run.id} q{revision} {choice}"
        if control:
            say(line)
        answered = await store.write(answer, me, run.id, revision, choice)
        if not isinstance(answered, Saved | Finished):
            break
        if not control:
            say(line)
    return number


def answer(unit: Unit, me: Me, run_id: int, revision: int, choice: str) -> Answered:
    """An answer; with the last one the result, its points and a word to the member, all or nothing."""
    answered = runs.answer(unit, me, run_id, revision, {f"q{revision}": choice}, judge)
    if isinstance(answered, Finished):
        unit.tell(ensure(unit, me), TOLD, run=run_id)
    return answered


def judge(_bank_version: str, answers: Mapping[str, Choice]) -> Judged | None:
    return Judged(Outcome.HYBRID, "{}", "texts-1") if len(answers) == ANSWERS else None


def acknowledge(line: str) -> None:
    os.write(sys.stdout.fileno(), f"{line}\n".encode())  # in the pipe at once, where the kill cannot reach it


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--control", action="store_true")
    parser.add_argument("--loose", action="store_true", help="flush nothing: the control of the power cut")
    chosen = parser.parse_args()
    try:
        asyncio.run(write(chosen.url, control=chosen.control, loose=chosen.loose))
    except StoreError as error:
        sys.exit(error.sentence)


if __name__ == "__main__":
    main()
