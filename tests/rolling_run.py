"""Two processes on one PostgreSQL, restarted in turn under load: nobody notices, and nothing is done twice.

`python -m tests.rolling_run --seconds 120` lets members of Discord and Slack (signed HTTP, behind a small balancer)
take the assessment, some twenty to fifty interactions a second, while one process after the other is told to stop and
started again. Both processes have a session of the same Discord shard, so that every interaction comes to both.
Afterwards each answer whose next card was seen must be in the database, every run whole, and everything once.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

from storage import look
from storage.unit import Unit
from tests.balancer import Balancer
from tests.fakes.discord import DiscordMember, FakeDiscord
from tests.fakes.discord_shown import Shown
from tests.fakes.slack import FakeSlack, Message, PlatformFailed, SlackMember, View
from tests.kill_tips import database, faults_in
from tests.program import Program, free_port

SEED = 20261126
MEMBERS = 8  # of each platform
WRONG = ("Something went wrong", "Not this time", "This assessment has ended", "Saving", "That took too long")
RUN = ("bot", "run")
LETTERS = frozenset({"A", "B", "C", "D", "Skip"})
TORN = """
    SELECT id FROM run WHERE rev < (SELECT max(place) FROM answer WHERE run_id = run.id)
    UNION ALL SELECT run_id FROM result GROUP BY run_id HAVING count(*) > 1
    UNION ALL SELECT id FROM run WHERE status = 'finished' AND id NOT IN (SELECT run_id FROM result)
"""


@dataclass(slots=True)
class Report:
    """What members met: `failed` by the platform, `odd` cards that they had no reason to see, what was `lost`."""

    restarts: int = 0
    interactions: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    finished: int = 0
    seen: set[tuple[str, str]] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    passed_on: int = 0

    @property
    def faulty(self) -> bool:
        return bool(self.failed or self.odd or self.lost or self.torn or self.faults)

    def __str__(self) -> str:
        pace = self.interactions / max(self.seconds, 0.001)
        return (
            f"{self.restarts} restarts, {self.interactions} interactions ({pace:.0f} a second, the slowest "
            f"{self.slowest:.2f} s), {len(self.seen)} answers seen and {self.finished} assessments ended; "
            f"{self.passed_on} calls went to the other process; failed: {self.failed[:5]}, odd: {self.odd[:5]}, "
            f"lost: {self.lost[:5]}, torn: {self.torn[:5]}, logged: {self.faults[:5]}"
        )


@dataclass(slots=True)
class Hands:
    """A member of whichever platform: a command, a press, and what is on the card then."""

    run: Callable[[str], Awaitable[Shown | Message | View]]
    press: Callable[[Shown | Message | View, str], Awaitable[Shown | Message | View]]


def in_discord(member: DiscordMember) -> Hands:
    async def run(typed: str) -> Shown:
        answer = await member.command(typed)
        if answer.failed or answer.stuck:
            raise PlatformFailed("Discord: this interaction failed")
        return answer.card

    async def press(card: Shown | Message | View, label: str) -> Shown:
        assert isinstance(card, Shown)
        answer = await member.press(card, label)
        if answer.failed or answer.stuck:
            raise PlatformFailed("Discord: this interaction failed")
        return answer.card

    return Hands(run, press)


def in_slack(member: SlackMember) -> Hands:
    async def press(card: Shown | Message | View, label: str) -> Message | View:
        assert not isinstance(card, Shown)
        return await member.press(card, label)

    return Hands(member.command, press)


async def answer_on(hands: Hands, report: Report, chance: random.Random, rest: float, until: asyncio.Event) -> None:
    """One member who takes the assessment again and again, without hurry."""

    async def timed(doing: Awaitable[Shown | Message | View]) -> Shown | Message | View:
        began = time.monotonic()
        try:
            card = await doing
        finally:
            report.slowest = max(report.slowest, time.monotonic() - began)
            report.interactions += 1
        report.odd += [line for line in card.lines[:1] if line.startswith(WRONG)]
        await asyncio.sleep(chance.uniform(0, 2 * rest))
        return card

    while not until.is_set():
        try:
            card = await timed(hands.run("/pmpath start"))
            while not until.is_set() and (labels := sorted(LETTERS & set(card.labels))):
                label = chance.choice(labels)
                wire = _wire(card, label)
                card = await timed(hands.press(card, label))
                _note(wire, report)
            report.finished += not LETTERS & set(card.labels)
        except PlatformFailed as failed:
            report.failed.append(f"{failed.reason} at {time.monotonic():.1f}")


def _wire(card: Shown | Message | View, label: str) -> str:
    button = next(each for each in card.buttons if each.label == label)
    return (getattr(button, "custom_id", None) or getattr(button, "value", None) or "").partition("#")[0]


def _note(wire: str, report: Report) -> None:
    """An answer whose next card was seen; a skipped card of the opening has no item in its press."""
    _version, _community, action, run, _revision, *arguments = wire.split("|")
    if action == "start.answer":
        report.seen.add((run, arguments[0]))


async def restart_in_turn(
    folder: Path,
    url: str,
    *,
    seconds: float,
    rest: float,
    restarts: int | None = None,
    module: Sequence[str] = RUN,
    patience: float | None = None,
) -> Report:
    """Starts both, lets members act, restarts one after the other; then looks what is there.

    With `patience` the platforms wait so long for an answer, and not only as long as the real ones.
    """
    report, chance = Report(), random.Random(SEED)
    async with FakeDiscord(check=False) as discord, FakeSlack() as slack, Balancer() as balancer:
        team, _server = slack.install(), discord.guild  # there before the first process looks
        if patience is not None:
            discord.rest.answer_within = slack.patience = slack.reply_patience = patience
        settings = {
            "DATABASE_URL": url,
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_URL": discord.api_url,
            "SLACK_BOT_TOKEN": team.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
        }
        balancer.ports = [free_port(), free_port()]
        programs = [Program(folder / str(port), settings, port, module) for port in balancer.ports]
        for program in programs:
            program.folder.mkdir()
        slack.events_url = f"{balancer.address}/slack/events"
        await asyncio.gather(*(program.start() for program in programs))
        async with _acting(discord, slack, report, chance, rest):
            began = time.monotonic()
            while time.monotonic() < began + seconds and report.restarts != restarts:
                program = programs[report.restarts % 2]
                assert await program.stop() == 0, program.log
                await program.start()
                report.restarts += 1
            report.seconds = time.monotonic() - began
        await asyncio.gather(*(program.stop() for program in programs))
        report.passed_on = balancer.passed_on
    report.faults = [fault for program in programs for fault in faults_in(program.log)]
    await look.read(url, lambda unit: _look(unit, report))
    return report


@contextlib.asynccontextmanager
async def _acting(
    discord: FakeDiscord, slack: FakeSlack, report: Report, chance: random.Random, rest: float
) -> AsyncIterator[None]:
    """Members act all the while; each ends with a card before them."""
    until, team = asyncio.Event(), next(iter(slack.teams.values()))
    adas = [discord.member(f"Ada {number}") for number in range(MEMBERS)]
    for ada in adas:
        ada.patience = max(ada.patience, discord.rest.answer_within)
    people = [in_discord(ada) for ada in adas]
    people += [in_slack(SlackMember(slack, team, f"U0MEMBER{number:02}")) for number in range(MEMBERS)]
    acting = [
        asyncio.create_task(answer_on(each, report, random.Random(chance.random()), rest, until)) for each in people
    ]
    try:
        yield
    finally:
        until.set()
        await asyncio.gather(*acting)


def _look(unit: Unit, report: Report) -> None:
    """Whether every answer whose next card was seen is there, and every run whole."""
    kept = {(str(row.run_id), row.item) for row in unit.execute(text("SELECT run_id, item FROM answer"))}
    report.lost += [f"{run}: {item}" for run, item in report.seen if (run, item) not in kept]
    report.torn += [str(row[0]) for row in unit.execute(text(TORN))]


def main() -> None:
    """The script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rest", type=float, default=0.4, help="seconds that a member waits before the next press")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, database("postgres", Path(folder)) as url:
        running = restart_in_turn(Path(folder), url, seconds=chosen.seconds, rest=chosen.rest)
        report = asyncio.run(running)
    print(report)  # noqa: T201 - the script's result
    raise SystemExit(report.faulty)


if __name__ == "__main__":
    main()
