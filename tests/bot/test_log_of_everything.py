"""Every command on every surface, faults included, at the loudest level: the log names nobody, gives nothing away."""

from __future__ import annotations

import io
import json
import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import structlog
from sqlalchemy.exc import IntegrityError

from bot import logs
from bot.cli.run import set_up_log
from bot.settings_values import LogLevel
from commands.kit.discover import Registry
from storage import tables
from storage.store import Store
from storage.unit import Unit
from tests.bot.everywhere import Everywhere, everywhere
from tests.bot.metrics.test_scrape import one, read
from tests.drivers.discord import DiscordDriver
from tests.drivers.seen import Seen
from tests.drivers.slack import SlackDriver
from tests.drivers.web import WebDriver
from tests.fakes.discord_rest import Fault

NAME = "Zaphod Qwertz"
WORDS = "what-only-this-member-wrote"
REFERENCE = re.compile(r"(?<!\w)([0-9a-f]{6})(?!\w)")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """The process's own logging, given back after each test."""
    loggers = [logging.getLogger(name) for name in ("", *logs.OURS, *logs.TALKATIVE)]
    before, handlers = [each.level for each in loggers], loggers[0].handlers[:]
    yield
    loggers[0].handlers[:] = handlers
    for each, level in zip(loggers, before, strict=True):
        each.setLevel(level)
    structlog.reset_defaults()


async def say_everything(at: Everywhere, registry: Registry) -> list[Seen]:
    """Each member says each command."""
    typed = [each.example if " " in each.example else each.typed for each in registry.commands.values()]
    return [await driver.run(each) for driver in at.drivers.values() for each in typed]


async def meet_faults(at: Everywhere) -> list[Seen]:
    """The platforms do not answer, then a table is missing: whoever asks for a result sees a reference."""
    at.slack.fail_next("users.info", 4, error="internal_error")
    at.slack.fail_next("response_url", 2, status=500)
    assert isinstance(at.drivers["discord"], DiscordDriver)
    assert isinstance(at.drivers["slack"], SlackDriver)
    at.drivers["slack"].form = None  # its last command opened one
    patient, at.discord.rest.answer_within = at.discord.rest.answer_within, 1.0
    at.drivers["discord"].member.patience = 0.2
    at.discord.order("callback", Fault(404, code=10062))
    for driver in at.drivers.values():
        with suppress(AssertionError):  # Discord takes no answer any more
            await driver.run(f"/pmpath resources business {WORDS}")
    at.drivers["discord"].member.patience, at.discord.rest.answer_within = 20.0, patient
    for file in ("pmpath", "sandbox"):
        with sqlite3.connect(at.settings.data_dir / f"{file}.sqlite3", timeout=30) as other:
            other.execute("ALTER TABLE outbox RENAME TO elsewhere")
            other.execute("ALTER TABLE result RENAME TO gone")
    return [await driver.run("/pmpath result") for driver in at.drivers.values()]


def given_away(at: Everywhere) -> set[str]:
    """Ids, names, words and everything that works like a key."""
    said = {NAME, NAME.split()[1], WORDS, "Ada Okafor", at.discord.token, at.slack.app_token, "ticket="}
    for driver in at.drivers.values():
        match driver:
            case DiscordDriver(member):
                said |= {str(member.uid), str(member.channel.id), str(at.discord.guild.id)}
            case SlackDriver(member):
                said |= {member.uid, member.team.id, member.team.bot_token}
            case WebDriver():
                said.add(at.settings.access_key.get_secret_value() if at.settings.access_key else "")
    return (said | set(at.slack.urls) | set(at.discord.world.interactions)) - {""}


async def test_the_log_of_everything_gives_nothing_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], registry: Registry
) -> None:
    async with everywhere(tmp_path, NAME, set_up_log, PMPATH_LOG="debug") as at:
        structlog.get_logger("bot.test").debug("it is loud")
        await say_everything(at, registry)
        said = await meet_faults(at)
        hidden = given_away(at)
        samples = read(await at.metrics())
    log = capsys.readouterr().err
    lines = [json.loads(line) for line in log.splitlines()]
    references = {found[1] for each in said if (found := REFERENCE.search(each.text))}

    assert "it is loud" in {line["event"] for line in lines}
    assert len(references) == 3, [each.text for each in said]
    for reference in references:
        failed = [line for line in lines if line["event"] == "interaction.failed" and line["reference"] == reference]
        assert len(failed) == 1
        assert "no such table" in failed[0]["exception"]
    assert len({line["reference"] for line in lines if line["event"] == "interaction.failed"}) == 3
    assert one(samples, "pmpath_interactions_total", command="result", outcome="failed") == 3
    assert one(samples, "pmpath_log_events_total", level="error", event="interaction.failed") == 3
    for secret in hidden:
        assert secret not in log, [line for line in lines if secret in str(line)][:3]


def twice(unit: Unit) -> None:
    """A row whose name is the member's, once more."""
    for _ in range(2):
        row = {"platform": "discord", "ext_id": NAME, "name": WORDS, "language": "en", "zone": "UTC", "settings": "{}"}
        unit.execute(tables.community.insert(), row)


async def test_a_rows_values_stand_in_no_fault(store: Store) -> None:
    log = io.StringIO()
    logs.set_up(LogLevel.DEBUG, key=b"k", stream=log)
    try:
        await store.write(twice)
    except IntegrityError:
        structlog.get_logger("bot").exception("failed")
    logging.getLogger("sqlalchemy.engine").info("INSERT %s", NAME)

    assert "IntegrityError" in log.getvalue()
    assert NAME not in log.getvalue()
    assert WORDS not in log.getvalue()
