"""What is wrong with settings, together and one by one, in sentences for the operator."""

from __future__ import annotations

import difflib
import ipaddress
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from pydantic import ValidationError

from bot.settings_values import Switch

OURS = "PMPATH_"
TESTS = "PMPATH_TEST_"  # what the test suite reads; no setting of the program
NEAR = 0.85  # how alike two names are that mean the same
OAUTH = frozenset({"SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"})
OAUTH_NEEDS = {
    "PMPATH_SECRET_KEY": (
        "the workspaces' tokens are stored, and never in clear",
        "Set it to 32 random bytes in URL-safe base64: openssl rand -base64 32 | tr +/ -_",
    ),
    "PMPATH_PUBLIC_URL": (
        "Slack sends a browser back to it after an installation",
        "Set it to the https:// address of this program, for example PMPATH_PUBLIC_URL=https://pmpath.example.org",
    ),
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """One variable that is wrong: what is wrong with it, and what would be right."""

    variable: str
    problem: str
    right: str

    @property
    def sentence(self) -> str:
        return f"{self.variable} {self.problem}. {self.right}"


class SettingsError(Exception):
    """All wrong settings together, in sentences for the operator; no secret is in them."""

    def __init__(self, wrong: tuple[Wrong, ...]) -> None:
        super().__init__("\n".join(one.sentence for one in wrong))
        self.wrong = wrong


def alone(error: ValidationError, variables: Mapping[str, tuple[str, str]]) -> Iterator[Wrong]:
    for one in error.errors(include_url=False, include_input=False):
        name = str(one["loc"][0])
        problem = str(one.get("ctx", {}).get("error", one["msg"]))
        yield Wrong(name, problem, f"For example {name}={variables[name][1]}")


def misspelt(names: Set[str], variables: Mapping[str, tuple[str, str]]) -> Iterator[Wrong]:
    """Names of ours but for a slip of the pen: a setting that would silently not hold."""
    for name in sorted(names):
        if name.startswith(OURS) and not name.startswith(TESTS):
            for nearest in difflib.get_close_matches(name, variables, n=1, cutoff=NEAR):
                yield Wrong(name, "is not a setting", f"Did you mean {nearest}?")


def together(given: Set[str], host: str, web: Switch | None) -> Iterator[Wrong]:
    """What only goes together. `given` holds the wrong ones too, so that nothing is reported twice."""
    yield from _slack_together(given)
    platform = bool({"DISCORD_TOKEN", "SLACK_BOT_TOKEN", *OAUTH} & given)
    page = web is Switch.ON or (web is None and not platform)
    if web is Switch.OFF and not platform:
        yield Wrong("PMPATH_WEB", "is off and no platform is on, so nothing would run", "Leave it unset.")
    if page and "PMPATH_ACCESS_KEY" not in given:
        key = "Set it to a long random word; the page asks for it."
        if platform:
            yield Wrong("PMPATH_ACCESS_KEY", "is missing: PMPATH_WEB=on beside a platform needs it", key)
        elif not is_loopback(host):
            yield Wrong("PMPATH_ACCESS_KEY", f"is missing: PMPATH_HOST={host} is not loopback", key)


def _slack_together(given: Set[str]) -> Iterator[Wrong]:
    ways = {"SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"} & given
    oauth = OAUTH & given
    on = {"SLACK_BOT_TOKEN", *OAUTH} & given
    if on and not ways:
        yield Wrong(
            min(on),
            "is set, but not how Slack reaches us",
            "Set SLACK_APP_TOKEN=xapp-… (Socket Mode) or SLACK_SIGNING_SECRET (signed HTTP) too.",
        )
    if ways and not on:
        others = " and ".join(sorted(ways))
        right = "Set SLACK_BOT_TOKEN=xoxb-…, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET for many workspaces, or none."
        yield Wrong("SLACK_BOT_TOKEN", f"is missing beside {others}", right)
    yield from _oauth_together(given, oauth)


def _oauth_together(given: Set[str], oauth: Set[str]) -> Iterator[Wrong]:
    if len(oauth) == 1:
        yield Wrong(next(iter(OAUTH - oauth)), f"is missing beside {next(iter(oauth))}", "Set both, or neither.")
    if oauth and "SLACK_BOT_TOKEN" in given:
        yield Wrong(
            "SLACK_BOT_TOKEN",
            "is set beside SLACK_CLIENT_ID: one workspace by its token, or many that install the app, not both",
            "Take SLACK_BOT_TOKEN away to serve many (its workspace then installs the app as well), "
            "or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET to serve one.",
        )
        return
    for name, why in OAUTH_NEEDS.items():
        if oauth and name not in given:
            yield Wrong(name, f"is missing beside SLACK_CLIENT_ID: {why[0]}", why[1])


def is_loopback(host: str) -> bool:
    """Whether a host's name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback
