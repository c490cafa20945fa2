"""Two Slack workspaces and two Discord servers on two processes and one PostgreSQL: nothing crosses.

`python -m tests.isolation_run --steps 2000 --seed 1` installs the app in both workspaces, fills all four communities
with people of the same ids and names, lets them run commands, press what they see, and send what no card offers: every
action with the rows, people and channels of another community. After each step nothing of the others may have
changed; all that is sent anywhere is read for words of another community. Then one workspace and one server remove
the app in the middle of their traffic.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import aiohttp

from tests.fakes.slack import PlatformFailed
from tests.isolation import forging, removal
from tests.isolation.forging import Forged
from tests.isolation.ground import Ground, ground
from tests.isolation.hands import Hand
from tests.isolation.places import MARKS, Place
from tests.isolation.removal import Removed
from tests.isolation.rows import Rows
from tests.kill_tips import database, faults_in

SEED = 20261127
RUN = ("bot", "run")
SEVERAL = 0.1
"""How many of the forged presses are sent as forms, or carry the whole wire of another community."""
TRIES, FORGETS, MANY = 3, 3.0, 3


@dataclass(frozen=True, slots=True)
class How:
    """`share` of the forged presses, which are most of it; rows are compared after each `stretch` of steps.

    `later` are the seconds for which a removed community must be left alone.
    """

    steps: int = 2000
    seed: int = SEED
    share: float = 1.0
    stretch: int = 1
    later: float = removal.LATER_SECONDS
    module: Sequence[str] = RUN


@dataclass(slots=True)
class Report:
    """What was done, and whatever crossed: `changed` rows of others, `crossings` that were seen, rows `astride`.

    `told_apart` are ids of others' rows that were answered otherwise than ids that nobody has.
    """

    steps: Counter[str] = field(default_factory=Counter)
    changed: list[str] = field(default_factory=list)
    crossings: list[str] = field(default_factory=list)
    astride: list[str] = field(default_factory=list)
    told_apart: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    read: int = 0
    marked: int = 0
    seconds: float = 0.0

    @property
    def faulty(self) -> bool:
        later = any(each.later for each in self.removed)
        return later or any((self.changed, self.crossings, self.astride, self.told_apart, self.failed, self.logged))

    def __str__(self) -> str:
        wrong = {
            name: getattr(self, name) for name in ("changed", "crossings", "astride", "told_apart", "failed", "logged")
        }
        return (
            f"{dict(self.steps)} in {self.seconds:.0f} s; {self.read} calls and answers read, {self.marked} with "
            f"somebody's words; removed: {', '.join(map(str, self.removed))}; "
            + "; ".join(f"{name}: {len(each)} {each[:6]}" for name, each in wrong.items())
        )


async def run(folder: Path, url: str, how: How) -> Report:
    """All of it."""
    report, chance = Report(), random.Random(how.seed)
    async with ground(folder, url, how.module) as here:
        began = time.monotonic()
        await walk(here, report, chance, how)
        for place, other in itertools.permutations(here.places, 2):
            await intrude(here, report, chance, place, other, how.share)
        for platform in chance.sample([here.places[:2], here.places[2:]], 2):
            await part(here, report, chance, chance.choice(platform), how.later)
        report.seconds = time.monotonic() - began
        await look_at_the_rest(here, report)
    return report


async def walk(here: Ground, report: Report, chance: random.Random, how: How) -> None:
    """Members and moderators of all four do what they can; after each stretch the other three are as before."""
    before = await here.quiet()
    for _stretch in range(how.steps // how.stretch):
        place = chance.choice(here.places)
        for _step in range(how.stretch):
            hand = place.people[chance.choice(list(place.people))]
            other = chance.choice([each for each in here.places if each is not place])
            await tried(here, report, place, "walked", partial(stroll, here, chance, before, hand, place, other))
        before = await compared(here, report, before, place, "walking")


async def stroll(here: Ground, chance: random.Random, known: Rows, hand: Hand, place: Place, other: Place) -> str:
    """A command, something on the card before them, or any action with a channel or a person of another community."""
    typed = [command.typed for command in here.registry.commands.values()]
    way = chance.random()
    if way < 0.3:
        return await hand.command(chance.choice(typed))
    if way < 0.5:
        press = forging.overreach(here.registry, known, place, other, chance)
        return await hand.forge(press.press.wire(place.id), press.values)
    return await hand.wander(chance, chance.choice([f"{place.mark} says", f"https://example.org/{place.mark}", "7"]))


async def tried(here: Ground, report: Report, place: Place, kind: str, doing: Callable[[], Awaitable[str]]) -> str:
    """What is answered; that is read, and so is all that was sent meanwhile."""
    report.steps[kind] += 1
    try:
        said = await doing()
    except (PlatformFailed, AssertionError) as failed:
        report.failed.append(f"{kind} in {place.mark}: {failed} {getattr(doing, 'args', '')}"[:300])
        return ""
    here.watch.check(f"what was {kind}", said, place)
    here.watch.look()
    return said


async def compared(here: Ground, report: Report, before: Rows, actor: Place, what: str) -> Rows:
    """All rows now; nothing of anybody but the actor's community is another one."""
    after = await here.quiet()
    for place in here.places:
        if place is not actor:
            wrong = before.lines[place.id] ^ after.lines[place.id]
            report.changed += [f"{what} in {actor.mark} changed {place.mark}: {line[:300]}" for line in sorted(wrong)]
    report.astride += after.astride
    return after


async def intrude(
    here: Ground, report: Report, chance: random.Random, place: Place, other: Place, share: float
) -> None:
    """Every action with the rows of another community: by Mo, who moderates both, and by somebody who is in both."""
    before = await here.quiet()
    for forged in forging.every_action(here.registry, before, other, chance):
        if chance.random() < share:
            await _intrudes(here, report, chance, forged, place, other)
    await compared(here, report, before, place, f"forging {other.mark}'s")


async def _intrudes(
    here: Ground, report: Report, chance: random.Random, forged: Forged, place: Place, other: Place
) -> None:
    wire, chosen = forged.press.wire(place.id), forged.values
    if chance.random() < SEVERAL:
        alone, foreign, direct = place.people[place.alone], forged.press.wire(other.id), chance.random() < 0.5
        await tried(here, report, place, "pressed as theirs", partial(alone.forge, foreign, {}, direct=direct))
        return
    hand = place.moderator if chance.random() < 0.7 else place.people[chance.choice(list(place.people))]
    if chance.random() < SEVERAL and not here.registry.actions[forged.press.action].opens_form:
        values = {"words": f"{place.mark} forged", "reason": place.mark, **chosen}
        await tried(here, report, place, "sent as a form", partial(hand.send, wire, values))
        return
    for _try in range(TRIES if len(report.told_apart) < MANY else 1):
        said = await tried(here, report, place, "forged", partial(hand.forge, wire, chosen))
        if forged.row is None:
            return
        nobodys = partial(hand.forge, forged.nobodys.wire(place.id), chosen)
        plain = await tried(here, report, place, "forged with nobody's", nobodys)
        one, another = bare(said, forged.row), bare(plain, forged.row)
        if one == another:
            return
        await asyncio.sleep(FORGETS)  # what one process was told of a member the other reads anew by then
    report.told_apart.append(f"{wire} {chosen}: {difference(one, another)}")


def difference(one: str, other: str) -> str:
    """Where two answers part."""
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"…{one[max(0, same - 60) : same + 60]} / …{other[max(0, same - 20) : same + 60]}"


def bare(said: str, row: int) -> str:
    """An answer without the numbers that were asked for, and without what a platform numbers."""
    said = re.sub(rf"\|({row}|{forging.NOBODYS})(?!\d)", "|#", said)
    return re.sub(r'"(block_id|action_id|id)": ("[^"]*"|\d+)', r'"\1"', said)


async def part(here: Ground, report: Report, chance: random.Random, place: Place, later: float) -> None:
    """One removes the app; the other three are as before, and are served as before."""
    before = await here.quiet()
    report.removed.append(await removal.remove(here, place, chance, later))
    here.watch.look()
    await compared(here, report, before, place, "leaving")
    for other in here.places:
        if not any(each.place == other.mark for each in report.removed):
            await tried(here, report, other, "served after", partial(other.moderator.command, "/pmpath home"))


async def look_at_the_rest(here: Ground, report: Report) -> None:
    """What was posted by its keys, files, metrics, logs."""
    here.watch.finish()
    after = await here.quiet()
    keys = [(row["key"], place.id) for place in here.places for row in after.by_table[place.id, "outbox"]]
    here.watch.posts(keys)
    async with aiohttp.ClientSession() as client:
        for program in here.programs:
            async with client.get(f"{program.address}/metrics") as answer:
                said = f"{await answer.text()} {program.log}".lower()
            here.watch.crossings += [f"{mark} in a log or the metrics" for mark in MARKS if mark.lower() in said]
            report.logged += faults_in(program.log)
    report.crossings, report.read, report.marked = here.watch.crossings, here.watch.read, here.watch.marked
    report.failed += [f"Discord: {each}" for each in here.discord.breaches if not removal.expected(each, here)]
    report.failed += [f"Slack: {each}" for each in here.slack.breaches if not removal.expected(each, here)]


def main() -> None:
    """The script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=2000, help="of members and moderators who do what they can")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--share", type=float, default=1.0, help="of the forged presses")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, database("postgres", Path(folder)) as url:
        report = asyncio.run(run(Path(folder), url, How(chosen.steps, chosen.seed, chosen.share)))
    print(report)  # noqa: T201 - the script's result
    raise SystemExit(report.faulty)


if __name__ == "__main__":
    main()
