"""How each kind of setting is read from its words; a ValueError never holds a secret."""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

PORT_MAX = 65535
STOP_WAIT_MAX = 60
ACCESS_KEY_MIN = 12
SECRET_KEY_BYTES = 32  # what Fernet wants
DATABASES = ("sqlite", "postgres", "postgresql")
PLATFORMS = ("discord", "slack")


class LogLevel(StrEnum):
    """How much the log says."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Switch(StrEnum):
    """On or off, where unset means something third."""

    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Moderator:
    """A person whom the operator made a moderator of one community, in the platform's own ids."""

    platform: str
    community: str
    uid: str


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards `first` to `last` of `count` that share out a bot's Discord servers."""

    first: int
    last: int
    count: int

    def __str__(self) -> str:
        if self.first == self.last:
            return f"shard {self.first} of {self.count}"
        return f"shards {self.first} to {self.last} of {self.count}"

    @property
    def ids(self) -> range:
        return range(self.first, self.last + 1)


def token(words: str) -> SecretStr:
    """A token as the platform shows it: one word."""
    if len(words.split()) != 1:
        raise ValueError("holds spaces; a token is one word")
    return SecretStr(words)


def word(words: str) -> str:
    return token(words).get_secret_value()


def access_key(words: str) -> SecretStr:
    """What nobody guesses; and the log takes it out wherever it stands, which may cut no common word."""
    if len(words) < ACCESS_KEY_MIN:
        raise ValueError(f"is shorter than {ACCESS_KEY_MIN} characters, so it could be guessed")
    return token(words)


def slack_bot_token(words: str) -> SecretStr:
    if not words.startswith("xoxb-"):
        raise ValueError("does not begin with xoxb-, as a Slack bot token does")
    return token(words)


def slack_app_token(words: str) -> SecretStr:
    if not words.startswith("xapp-"):
        raise ValueError("does not begin with xapp-, as a Slack app-level token does")
    return token(words)


def secret_keys(words: str) -> SecretStr:
    """Keys of 32 bytes in URL-safe base64 with commas between; the first encrypts."""
    keys = [key.strip() for key in words.split(",")]
    if not all(map(_is_key, keys)):
        several = " (one of the keys between the commas)" if len(keys) > 1 else ""
        raise ValueError(f"is not {SECRET_KEY_BYTES} bytes in URL-safe base64{several}")
    return SecretStr(",".join(keys))


def _is_key(words: str) -> bool:
    try:
        return len(base64.b64decode(words, altchars=b"-_", validate=True)) == SECRET_KEY_BYTES
    except ValueError:
        return False


def public_address(words: str) -> str:
    """The address by which browsers reach this program: https, unless it is on this machine."""
    found = address(words)
    parts = urlsplit(found)
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ValueError("does not begin with https://, as Slack's redirect needs it")
    if parts.path or parts.query or parts.fragment:
        raise ValueError("holds more than a host: pmpath answers at the root of one")
    return found


def address(words: str) -> str:
    """An http(s) address without its last slash."""
    parts = urlsplit(words)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("is not an http:// or https:// address")
    return words.rstrip("/")


def database(words: str) -> SecretStr:
    """A database's address, secret since it may hold a password."""
    scheme, separator, rest = words.partition("://")
    if not separator or not rest or scheme.partition("+")[0] not in DATABASES:
        raise ValueError("is not an address that begins with sqlite:/// or postgresql://")
    return SecretStr(words)


def port(words: str) -> int:
    if not words.isascii() or not words.isdigit() or int(words) > PORT_MAX:
        raise ValueError(f"is {words!r}, not a number from 0 to {PORT_MAX}")
    return int(words)


def stop_wait(words: str) -> int:
    if not words.isascii() or not words.isdigit() or int(words) > STOP_WAIT_MAX:
        raise ValueError(f"is {words!r}, not a number of seconds from 0 to {STOP_WAIT_MAX}")
    return int(words)


def host(words: str) -> str:
    if len(words.split()) != 1 or "/" in words:
        raise ValueError(f"is {words!r}, not a host's name or address")
    return words


def shards(words: str) -> Shards:
    """`0-3/16`, or `5/16` for one of them; they are counted from 0."""
    found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?/(\d{1,5})", words, re.ASCII)
    if found is None:
        raise ValueError(f"is {words!r}, not FIRST-LAST/COUNT")
    first, last, count = int(found[1]), int(found[2] or found[1]), int(found[3])
    if not first <= last < count:
        raise ValueError(f"is {words!r}: of {count} shards the first is 0 and the last {max(count - 1, 0)}")
    return Shards(first, last, count)


def switch(words: str) -> Switch:
    if words.lower() not in {*Switch}:
        raise ValueError(f"is {words!r}, neither on nor off")
    return Switch(words.lower())


def log_level(words: str) -> LogLevel:
    if words.lower() not in {*LogLevel}:
        raise ValueError(f"is {words!r}, none of {', '.join(LogLevel)}")
    return LogLevel(words.lower())


def folder(words: str) -> Path:
    """A folder that is there."""
    path = os.path.expanduser(words)
    if not os.path.isdir(path):  # unlike Path.is_dir, silent where a folder above may not be read
        raise ValueError(f"is {words!r}, which is not a folder")
    return Path(path)


def folder_to_be(words: str) -> Path:
    """A folder that is there, or will be made."""
    path = os.path.expanduser(words)
    if os.path.exists(path) and not os.path.isdir(path):
        raise ValueError(f"is {words!r}, which is a file, not a folder")
    return Path(path)


def moderators(words: str) -> frozenset[Moderator]:
    """`discord:GUILD:USER,slack:TEAM:USER`, with or without spaces around the commas."""
    return frozenset(_moderator(entry.strip()) for entry in words.split(",") if entry.strip())


def _moderator(entry: str) -> Moderator:
    parts = entry.split(":")
    if len(parts) != len(Moderator.__slots__) or not all(parts) or parts[0] not in PLATFORMS:
        raise ValueError(f"holds {entry!r}, which is not platform:community:person")
    return Moderator(*parts)
