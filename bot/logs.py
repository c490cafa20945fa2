"""The log: lines for a person at a terminal, JSON otherwise; never an id or a token in clear."""

from __future__ import annotations

import hashlib
import logging
import re
import sys
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

import structlog

from bot.settings_values import LogLevel
from commands.kit import reference

HASH_BYTES = 4  # enough to follow one member through a log, too few to be an id
PEOPLE = frozenset({"member", "member_name", "uid", "user", "user_id"})
HIDDEN = "(hidden)"
SECRETS = re.compile(
    r"\bx(?:ox[a-z]|app)-[\w-]+"  # Slack's tokens
    r"|\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"  # Discord's bot token
    r"|(?<=/webhooks/)\d+/[\w-]+|(?<=/interactions/)\d+/[\w-]+"  # an interaction's token
    r"|(?<=hooks\.slack\.com/)[\w/-]+|(?<=/commands/)T\w+/[\w/-]+"  # a response_url
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"  # user and password of an address
    r"|(?<=[?&\s'\"])(?:access_token|client_secret|code|key|password|refresh_token|state|ticket|token)=[^&\s'\"]+"
    r"|\b(?:Bearer|Bot|Basic) [\w.~+/=-]{8,}"  # a header
    r"|(?<=DETAIL:  )[^\n]+|(?<=\[parameters: )[^\n]+"  # PostgreSQL's and SQLAlchemy's, with a row's values
)
IDS = re.compile(r"\b(?:\d{17,20}|[UWTECDG](?=[A-Z]*\d)[A-Z0-9]{8,11})\b")  # a snowflake; Slack's person, team, channel
LEVELS = {
    LogLevel.DEBUG: logging.DEBUG,
    LogLevel.INFO: logging.INFO,
    LogLevel.WARNING: logging.WARNING,
    LogLevel.ERROR: logging.ERROR,
}
OURS = ("bot", "commands", "content", "storage")
TALKATIVE = ("discord", "slack_bolt", "slack_sdk", "aiohttp.access", "aiosqlite", "alembic", "asyncio")


@dataclass(frozen=True, slots=True)
class Discreet:
    """A processor that turns people and ids into short keyed hashes and takes tokens out of every value."""

    key: bytes
    secrets: tuple[str, ...] = ()

    def __call__(self, _logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        return {name: self._person(value) if name in PEOPLE else self._clean(value) for name, value in event.items()}

    def _person(self, value: object) -> str:
        return "#" + hashlib.blake2s(str(value).encode(), key=self.key, digest_size=HASH_BYTES).hexdigest()

    def _clean(self, value: Any) -> Any:
        match value:
            case bool() | float() | None:
                return value
            case int():
                return self._person(value) if IDS.fullmatch(str(value)) else value
            case str():
                return self._words(value)
            case Mapping():
                return {str(name): self._clean(inner) for name, inner in value.items()}
            case Sequence():
                return [self._clean(inner) for inner in value]
            case _:
                return self._words(str(value))

    def _words(self, words: str) -> str:
        for secret in self.secrets:
            words = words.replace(secret, HIDDEN)
        return IDS.sub(lambda found: self._person(found.group()), SECRETS.sub(HIDDEN, words))


def set_up(level: LogLevel, *, key: bytes, secrets: Sequence[str] = (), stream: TextIO | None = None) -> None:
    """Send our log and the libraries' through the same processors to `stream` (standard error)."""
    stream = stream or sys.stderr
    first: list[structlog.typing.Processor] = [
        reference.on_each_line,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if stream.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=first,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                Discreet(key[:32], tuple(secret for secret in secrets if secret)),
                last,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    _set_levels(LEVELS[level])
    structlog.configure(
        processors=[*first, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _set_levels(level: int) -> None:
    """Ours say what they are set to. Libraries never say more than INFO: at DEBUG they write what they send and get,
    names, words and tokens of members in forms that nobody could take out again.
    """
    logging.getLogger().setLevel(max(level, logging.INFO))
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.WARNING if level > logging.DEBUG else logging.INFO))
