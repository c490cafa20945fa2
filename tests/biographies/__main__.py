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
from pathlib import Path

from tests.biographies.people import biographies
from tests.biographies.sitting import Impossible, Sitting, Step, sitting

HOW = """
How to answer: press a button with `press {id} "LABEL" --state DIR`. Tick a select with
`choose {id} NUMBER "LABEL" "LABEL" --state DIR`: NUMBER is the <number> before it; say all options that are to be
ticked, in their words or by their number; then press the button that goes on. At the result, press its button about
what is missing, tick what is true there, go on to the plan, and end with `finish {id} --state DIR`.
"""


async def begin(sat: Sitting) -> str:
    sat.keep()
    head = "\n\n".join((sat.person.text.strip(), "=" * 40, sat.screen))
    return head + "\n" + HOW.replace("{id}", sat.person.id)


async def press(sat: Sitting, *labels: str) -> str:
    for label in labels:
        await sat.take(Step(press=label))
    sat.keep()
    return sat.screen


async def choose(sat: Sitting, select: str, *labels: str) -> str:
    if not select.isdecimal():
        raise Impossible(f"{select!r} is not a select's number")
    await sat.take(Step(select=int(select), labels=labels))
    sat.keep()
    return sat.screen


async def finish(sat: Sitting) -> str:
    if not sat.result:
        return "Not finished: there is no result yet."
    on = sat.plan or not sat.offers_plan
    return "Thank you, that is all." if on else "Not finished: go from the result over what is missing to the plan."


DEEDS = {"begin": begin, "press": press, "choose": choose, "finish": finish}


async def act(deed: str, person: str, words: list[str], state: Path) -> str:
    """What the reader is shown then."""
    everybody = biographies()
    if person not in everybody:
        return f"There is nobody of that id; there are {', '.join(everybody)}"
    async with sitting(everybody[person], state) as sat:
        try:
            return await DEEDS[deed](sat, *words)
        except Impossible as why:
            return f"{why}\n\n{sat.screen}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("deed", choices=[*DEEDS])
    parser.add_argument("person")
    parser.add_argument("words", nargs="*")
    parser.add_argument("--state", type=Path, required=True)
    given = parser.parse_intermixed_args()
    sys.stdout.write(asyncio.run(act(given.deed, given.person, given.words, given.state)) + "\n")


if __name__ == "__main__":
    main()
