"""The fake Slack's installations: consent, codes, tokens that expire, are renewed and withdrawn, organisations."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.fakes.slack_world import Json, Refused, Team, World, fresh

GOOD_FOR = 12 * 3600


@dataclass(slots=True)
class Organisation:
    """Workspaces under one roof, for all of which the app can be installed at once."""

    id: str
    name: str
    teams: list[Team] = field(default_factory=list)


@dataclass(slots=True)
class Issued:
    """A token that Slack gave. `told`: the app has acknowledged that it was withdrawn."""

    token: str
    of: Team | Organisation
    refresh: str = ""
    ends: float | None = None
    revoked: bool = False
    told: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """What Slack's page sends the browser back with."""

    of: Team | Organisation
    redirect: str
    app: str


class OAuth:
    """oauth.v2.access and what stands behind it."""

    def __init__(self, world: World, site: Callable[[], str]) -> None:
        self.world = world
        self.site = site
        self.client_id = "1111.2222"
        self.client_secret = "c1ientsecret"
        self.rotates = False
        self.codes: dict[str, Code] = {}
        self.used: set[str] = set()
        self.issued: dict[str, Issued] = {}
        self.renewals: list[str] = []

    # in the browser

    def agree(self, address: str, of: Team | Organisation, *, app: str = "") -> str:
        """Somebody agrees on Slack's page: where their browser goes next."""
        redirect, state = self._asked(address)
        code = fresh("code")
        self.codes[code] = Code(of, redirect, app or self.world.app_id)
        return f"{redirect}?{urlencode({'code': code, 'state': state})}"

    def deny(self, address: str) -> str:
        """Somebody does not."""
        redirect, state = self._asked(address)
        return f"{redirect}?{urlencode({'error': 'access_denied', 'state': state})}"

    def _asked(self, address: str) -> tuple[str, str]:
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.site()}/oauth/v2/authorize"
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert asked["client_id"] == self.client_id
        assert "commands" in asked["scope"].split(",")
        return asked["redirect_uri"], asked["state"]

    # from the app

    def access(self, body: Json, authorization: str) -> Json:
        """oauth.v2.access: a code or a refresh token, each good once, for a bot token."""
        self._knows(authorization)
        if body.get("grant_type") == "refresh_token":
            return self.renewed(str(body.get("refresh_token")))
        code = self.codes.get(str(body.get("code")))
        if body.get("code") in self.used:
            raise Refused("code_already_used")
        if code is None:
            raise Refused("invalid_code")
        if body.get("redirect_uri") != code.redirect:
            raise Refused("bad_redirect_uri")
        self.used.add(str(body["code"]))
        return self._grant(code.of) | {"app_id": code.app}

    def _knows(self, authorization: str) -> None:
        words = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        client, _colon, secret = words.partition(":")
        if client != self.client_id:
            raise Refused("invalid_client_id")
        if secret != self.client_secret:
            raise Refused("bad_client_secret")

    def renewed(self, refresh: str) -> Json:
        old = next((each for each in self.issued.values() if each.refresh == refresh), None)
        if old is None or old.revoked:
            raise Refused("invalid_refresh_token")
        old.refresh = ""
        self.renewals.append(refresh)
        return self._grant(old.of)

    def _grant(self, of: Team | Organisation) -> Json:
        whole = isinstance(of, Organisation)
        bot = of.teams[0] if isinstance(of, Organisation) else of
        for team in of.teams if isinstance(of, Organisation) else ():
            team.whole = True
        issued = Issued(f"xoxb-{fresh('')}-granted", of)
        answer: Json = {
            "access_token": issued.token,
            "token_type": "bot",
            "scope": ",".join(sorted(bot.scopes)),
            "bot_user_id": bot.bot_user,
            "app_id": self.world.app_id,
            "team": None if whole else {"id": bot.id, "name": bot.domain},
            "enterprise": {"id": bot.enterprise, "name": f"Org {bot.enterprise}"} if bot.enterprise else None,
            "is_enterprise_install": whole,
            "authed_user": {"id": "U0INSTALLER"},
        }
        if self.rotates:
            issued.token = issued.token.replace("xoxb-", "xoxe.xoxb-1-")
            issued.refresh, issued.ends = f"xoxe-1-{fresh('')}", self.world.now() + GOOD_FOR
            answer |= {"access_token": issued.token, "refresh_token": issued.refresh, "expires_in": GOOD_FOR}
        self.issued[issued.token] = issued
        return answer

    # by token

    def team_of(self, token: str, body: Json) -> Team | None:
        """Whose call it is. A call by a token that the app knows to be withdrawn is a breach."""
        issued = self.issued.get(token)
        if issued is None:
            return None
        if issued.revoked:
            if issued.told:
                self.world.breaches.append("a call with a withdrawn token")
            raise Refused("account_inactive")
        if issued.ends is not None and issued.ends <= self.world.now():
            raise Refused("token_expired")
        return self._within(issued.of, body) if isinstance(issued.of, Organisation) else issued.of

    def _within(self, of: Organisation, body: Json) -> Team:
        """The workspace of an organisation that a call means: by the person, channel, view or trigger in it."""
        named = {str(body.get(name)) for name in ("channel", "user", "user_id", "users", "channel_id")}
        trigger, view = self.world.triggers.get(str(body.get("trigger_id"))), body.get("view_id")
        teams = {trigger[1].team} if trigger else set()
        teams |= {self.world.views[view].team} if view in self.world.views else set()
        found = (each for each in of.teams if each.id in teams or named & (each.people.keys() | each.channels.keys()))
        return next(found, of.teams[0])

    def revoke(self, of: Team | Organisation) -> list[Issued]:
        """Slack takes its tokens back."""
        gone = [each for each in self.issued.values() if each.of is of and not each.revoked]
        for each in gone:
            each.revoked = True
        return gone
