"""`python -m tests.biographies`: a reader answers for an invented person, seeing the screens only.

begin p01 --state DIR                       the biography and the first screen
choose p01 1 "LABEL" "LABEL" --state DIR    ticks options of the select <1> (all that are to be ticked)
press p01 "LABEL" --state DIR               presses a button
finish p01 --state DIR                      whether all is done
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.biographies import table
from tests.biographies.people import biographies
from tests.biographies.sitting import Impossible, Sitting, Step, sitting

HOW = """
How to answer: press a button with `press {id} "LABEL" --state DIR`. Tick a select with
`choose {id} NUMBER "LABEL" "LABEL" --state DIR`: NUMBER is the <number> before it; say all options that are to be
ticked, in their words or by their number; then press the button that goes on. At the result, press its button about
what is missing, tick what is true there, go on to the plan, and end with `finish {id} --state DIR`.
"""


async def begin(sat: Sitting, _words: Sequence[str]) -> str:
    head = "\n\n".join((sat.person.text.strip(), "=" * 40, sat.screen))
    return head + "\n" + HOW.replace("{id}", sat.person.id)


async def press(sat: Sitting, labels: Sequence[str]) -> str:
    for label in labels:
        await sat.take(Step(press=label))
    return sat.screen


async def choose(sat: Sitting, words: Sequence[str]) -> str:
    if not words or not words[0].isdecimal():
        raise Impossible("First the select's number, then the options to be ticked")
    await sat.take(Step(select=int(words[0]), labels=tuple(words[1:])))
    return sat.screen


async def finish(sat: Sitting, _words: Sequence[str]) -> str:
    if not sat.result:
        return "Not finished: there is no result yet."
    on = sat.plan or not sat.offers_plan
    return "Thank you, that is all." if on else "Not finished: go from the result over what is missing to the plan."


DEEDS = {"begin": begin, "press": press, "choose": choose, "finish": finish}


async def act(deed: str, person: str, words: Sequence[str], state: Path) -> str:
    """What the reader is shown then."""
    everybody = biographies()
    if person not in everybody:
        return f"There is nobody of that id; there are {', '.join(everybody)}"
    async with sitting(everybody[person], state) as sat:
        try:
            return await DEEDS[deed](sat, words)
        except Impossible as why:
            return f"{why}\n\n{sat.screen}"
        finally:
            sat.keep()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("deed", choices=[*DEEDS, "table"])
    parser.add_argument("words", nargs="*")
    parser.add_argument("--state", type=Path, required=True)
    given = parser.parse_intermixed_args()
    if given.deed == "table":
        sys.stdout.write(asyncio.run(table.write(given.state)))
    elif given.words:
        sys.stdout.write(asyncio.run(act(given.deed, given.words[0], given.words[1:], given.state)) + "\n")
    else:
        parser.error("for whom?")


if __name__ == "__main__":
    main()
