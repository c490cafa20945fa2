"""What the log says, and what it never says."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped

from bot import logs
from bot.settings_values import LogLevel

SNOWFLAKE = "284102345871466496"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """The process's logging, given back after each test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.TALKATIVE}
    yield
    root.handlers[:], root.level = handlers, level
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)
    structlog.reset_defaults()


def said(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_member_is_the_same_short_hash_throughout_one_log_and_another_in_the_next() -> None:
    first, second = io.StringIO(), io.StringIO()
    for stream, key in ((first, b"one"), (second, b"two")):
        logs.set_up(LogLevel.INFO, key=key, stream=stream)
        structlog.get_logger("t").info("asked", member=SNOWFLAKE)
        structlog.get_logger("t").info("answered", member=SNOWFLAKE)

    members = [line["member"] for line in said(first) + said(second)]
    assert members[0] == members[1] != members[2] == members[3]
    assert SNOWFLAKE not in first.getvalue() + second.getvalue()


@pytest.mark.parametrize(
    "words",
    [
        "xoxb-1234-5678-abcDEF",
        "xapp-1-A0123-456-abc",
        "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "/webhooks/123/aW50ZXJhY3Rpb24",
        "/interactions/123/aW50ZXJhY3Rpb24/callback",
        "https://hooks.slack.com/commands/T1/2/3",
        "postgresql://pmpath:aW50@localhost/pmpath",
        "the key is our-own-secret",
        f"guild {SNOWFLAKE}",
        "user U0123ABCD",
    ],
)
def test_tokens_and_ids_are_hidden_wherever_they_stand(words: str) -> None:
    stream = io.StringIO()
    logs.set_up(LogLevel.INFO, key=b"k", secrets=["our-own-secret"], stream=stream)

    structlog.get_logger("t").info(words, url=words, inner=[{"deep": words}])
    logging.getLogger("discord.http").warning("We said %s", words)
    try:
        raise ValueError(words)
    except ValueError:
        structlog.get_logger("t").exception("failed")

    log = stream.getvalue()
    assert len(said(stream)) == 3
    for secret in (words, "aW50", "our-own-secret", SNOWFLAKE, "U0123ABCD", "T1/2/3", "abcDEF", "A0123"):
        assert secret not in log


def test_counts_and_words_in_capitals_stay_readable() -> None:
    stream = io.StringIO()
    logs.set_up(LogLevel.INFO, key=b"k", stream=stream)

    structlog.get_logger("t").info("TRUNCATED", sent=312, took=0.25, late=True)

    line = said(stream)[0]
    assert (line["event"], line["sent"], line["took"], line["late"]) == ("TRUNCATED", 312, 0.25, True)


def test_a_terminal_gets_lines_for_a_person() -> None:
    stream = Terminal()
    logs.set_up(LogLevel.INFO, key=b"k", stream=stream)

    structlog.get_logger("t").info("ready", port=8080)

    assert "ready" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_the_level_holds_for_us_and_libraries_are_quieter() -> None:
    stream = io.StringIO()
    logs.set_up(LogLevel.WARNING, key=b"k", stream=stream)
    structlog.get_logger("t").info("not this")
    logs.set_up(LogLevel.INFO, key=b"k", stream=stream)
    structlog.get_logger("t").info("this")
    logging.getLogger("discord").info("nor this")

    assert [line["event"] for line in said(stream)] == ["this"]


def test_bolts_warning_of_a_token_that_it_found_by_itself_is_left_out() -> None:
    stream = io.StringIO()
    logs.set_up(LogLevel.INFO, key=b"k", stream=stream)

    logging.getLogger("slack_bolt.AsyncApp").warning(warning_client_prioritized_and_token_skipped())

    assert said(stream) == []
