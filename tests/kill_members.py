"""Kills the whole program again and again under sixteen members in Slack; nothing that they saw may be lost.

`python -m tests.kill_members --kills 200` starts `pmpath run`, lets sixteen members take the assessment through
Socket Mode, and sends SIGKILL at a random moment. An answer counts as acknowledged when its member has seen
the next card. Afterwards every acknowledged answer must be in the database, each run must hold as many revisions
as its answers' places say, and at most one result.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes.slack import FakeSlack, SlackMember
from tests.program import Program

MEMBERS = 16
SEED = 20261123
ANSWERS = (40, 200)  # from so many to so many that are seen taken before a kill
Seen = dict[tuple[str, str], str]
TORN = """
    SELECT id FROM run WHERE rev < (SELECT max(place) FROM answer WHERE run_id = run.id)
    UNION ALL SELECT run_id FROM result GROUP BY run_id HAVING count(*) > 1
    UNION ALL SELECT id FROM run WHERE status = 'finished' AND id NOT IN (SELECT run_id FROM result)
"""


@dataclass(slots=True)
class Report:
    """What was found: answers by (run, item, option) that members saw taken, and those not there afterwards."""

    kills: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.kills} kills, {self.acknowledged} acknowledged, {len(self.lost)} lost, {len(self.torn)} torn"


async def kill_often(folder: Path, kills: int) -> Report:
    """Starts, lets members answer, kills; then looks what is left."""
    report, chance = Report(), random.Random(SEED)
    async with FakeSlack() as slack:
        team = slack.install()
        settings = {
            "SLACK_BOT_TOKEN": team.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
        }
        program = Program(folder, settings, module=("tests.unpaced_bot",))
        people = [SlackMember(slack, team, f"U0MEMBER{number:02}") for number in range(MEMBERS)]
        for _kill in range(kills):
            await program.start()
            seen = await answers_until_killed(program, people, chance)
            report.kills += 1
            report.acknowledged += len(seen)
            look(folder / "data" / "pmpath.sqlite3", seen, report)
    return report


async def answers_until_killed(program: Program, people: list[SlackMember], chance: random.Random) -> Seen:
    """What the members saw taken before the kill, by run and revision."""
    seen: Seen = {}
    members = [asyncio.create_task(answer_on(person, seen, chance)) for person in people]
    many = chance.randrange(*ANSWERS)
    async with asyncio.timeout(120):
        while len(seen) < many:  # noqa: ASYNC110 - the members only note it
            await asyncio.sleep(0.005)
    await asyncio.sleep(chance.uniform(0, 0.05))
    await program.kill()
    for member in members:
        member.cancel()
    await asyncio.gather(*members, return_exceptions=True)
    return seen


async def answer_on(person: SlackMember, seen: Seen, chance: random.Random) -> None:
    """One member who answers at random until the platform has nobody to ask."""
    while True:
        card = await person.command("/pmpath start")
        while answers := [button for button in card.buttons if button.label in {"A", "B", "C", "D", "Skip"}]:
            button = chance.choice(answers)
            card = await person.press(card, button.label)
            note(button.value or "", seen)


def note(wire: str, seen: Seen) -> None:
    """An answer whose next card was seen; a skipped card of the opening has no item in its press."""
    _version, _community, action, run, revision, *arguments = wire.split("|")
    if action == "start.answer":
        seen[run, revision] = arguments[0]


def look(database: Path, seen: Seen, report: Report) -> None:
    """Whether every acknowledged answer is there, and every run whole."""
    with sqlite3.connect(database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = {(str(run), item) for run, item in connection.execute("SELECT run_id, item FROM answer")}
        report.lost += [f"{run}: {item}" for (run, _revision), item in seen.items() if (run, item) not in kept]
        report.torn += [str(row[0]) for row in connection.execute(TORN)]


def main() -> None:
    """The script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    with tempfile.TemporaryDirectory() as folder:
        report = asyncio.run(kill_often(Path(folder), parser.parse_args().kills))
    print(report)  # noqa: T201 - the script's result
    raise SystemExit(bool(report.lost or report.torn))


if __name__ == "__main__":
    main()
