"""All workspaces that have installed the app, each by its stored token, remembered until somebody removes it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog
from slack_bolt.authorization import AuthorizeResult

from bot import presence
from bot.settings import OAuthAccess
from bot.slack.rotation import Rotation, sealed
from bot.slack.sending import Connection, Sender
from bot.slack.stored_token import Hold, StoredToken
from bot.slack.ticket import Withdrawn
from bot.slack.workspaces import Removal, Workspace, built
from bot.surface import TryLater
from bot.vault import Vault, WrongKey
from commands.kit.dispatch import Dispatcher
from commands.kit.request import CommunityKey, Platform
from storage import slack_installations
from storage.slack_installations import Installation, Tokens

LOG = structlog.get_logger()
REMEMBERED = 20_000  # workspaces, also those that have not installed it
AT_ONCE = 50  # installations that are looked through in one unit


@dataclass(frozen=True, slots=True)
class Home:
    """What was found of a workspace: which installation serves it, or that none does."""

    installation: int
    workspace: Workspace | None


NOWHERE = Home(0, None)


class Installed:
    """Asks the database once for a workspace that it does not know, and Slack never."""

    def __init__(self, oauth: OAuthAccess, connection: Connection, dispatcher: Dispatcher, hold: Hold) -> None:
        self.now = dispatcher.now
        self._store = dispatcher.store
        self._catalogue = dispatcher.content.catalogue
        self._connection = connection
        self._hold = hold
        self._vault = Vault([key.get_secret_value() for key in oauth.keys])
        self._rotation = Rotation(oauth, connection, dispatcher.store, self._vault, dispatcher.now)
        self._homes: dict[str, Home] = {}
        self._tokens: dict[int, StoredToken] = {}
        self._asking: dict[str, asyncio.Task[Workspace | None]] = {}
        self._changes = 0

    async def start(self) -> None:
        """What earlier keys sealed is sealed by the first one; what none opens is said."""
        after, closed, count = 0, 0, 0
        while page := await self._store.read(slack_installations.page, after, AT_ONCE):
            for each in page:
                closed += not await self._reseal(each)
            after, count = page[-1].id, count + len(page)
        LOG.info("slack.installations", count=count)
        if closed:
            LOG.error("slack.token_not_opened", count=closed, what=WrongKey.sentence)

    async def _reseal(self, each: Installation) -> bool:
        tokens = each.tokens
        parts = (tokens.token, tokens.refresh_token or tokens.token)
        if all(map(self._vault.is_current, parts)):
            return True
        try:
            clear, refresh = map(self._vault.open, parts)
        except WrongKey:
            return False
        again = sealed(self._vault, Tokens(clear, refresh if tokens.refresh_token else None, tokens.expires_at))
        await self._store.write(slack_installations.reseal, each, again)
        return True

    def missing(self) -> str | None:
        """Nothing: that nobody has installed it yet, or one has removed it, keeps no other from being served."""
        return None

    def forget(self) -> None:
        self._changes += 1
        self._homes.clear()

    async def here(self, team: str | None, enterprise: str | None) -> Workspace | None:
        if team is None:
            return None
        found = self._homes.get(team)
        if found is not None:
            return found.workspace
        asking = self._asking.get(team)
        if asking is None:
            asking = self._asking[team] = asyncio.get_running_loop().create_task(self._ask(team, enterprise))
        return await asyncio.shield(asking)

    async def _ask(self, team: str, enterprise: str | None) -> Workspace | None:
        before = self._changes
        try:
            stored = await self._store.read(slack_installations.find, team, enterprise)
            if stored is not None and stored.place != team:
                await self._store.write(slack_installations.belongs, team, stored.place)
        finally:
            del self._asking[team]
        home = self._found(team, stored)
        if before == self._changes:
            self._remember(team, home)
        return home.workspace

    async def sending(self, team: str) -> Workspace:
        """By the version that is stored at this moment, whichever process has changed it."""
        try:
            stored = await self._store.read(slack_installations.find, team)
        except Exception as error:  # nothing has been sent yet
            raise TryLater(repr(error)) from error
        if stored is None:
            for token in self._of(team):  # another process was told that it was removed
                token.gone = True
        known = self._homes.get(team, NOWHERE)
        if stored is None or known.installation != stored.id or not self._is_current(stored):
            known = self._found(team, stored)
            self._remember(team, known)
        if known.workspace is None:
            raise Withdrawn
        return known.workspace

    def _is_current(self, stored: Installation) -> bool:
        """Whether its token is brought to this version, which a key that is missing may prevent."""
        try:
            return not self._token(stored).gone
        except WrongKey:
            return False

    def _remember(self, team: str, home: Home) -> None:
        if len(self._homes) >= REMEMBERED:
            self._homes.clear()
        self._homes[team] = home

    def _found(self, team: str, stored: Installation | None) -> Home:
        if stored is None:
            return NOWHERE
        try:
            token = self._token(stored)
        except WrongKey as error:
            LOG.error("slack.token_not_opened", count=1, what=error.sentence)  # noqa: TRY400 -- no fault of ours
            return NOWHERE
        community = CommunityKey(Platform.SLACK, team, stored.name if stored.place == team else "")
        authorized = AuthorizeResult(
            enterprise_id=stored.enterprise_id, team_id=team, bot_user_id=stored.bot_user_id, bot_id=stored.bot_id
        )
        sender = Sender(self._connection, token)
        return Home(stored.id, built(community, authorized, sender, self._catalogue, self._hold))

    def _token(self, stored: Installation) -> StoredToken:
        """Its token, brought to this version. Raises WrongKey."""
        token = self._tokens.get(stored.id)
        if token is None:
            token = self._tokens[stored.id] = StoredToken(stored, self._rotation, self._hold, self._lost)
        else:
            token.take(stored)
        return token

    async def install(self, new: Installation) -> None:
        """Slack has granted it. A workspace that had removed the app finds everything as it was, within 30 days."""
        await self._store.write(slack_installations.install, replace(new, tokens=sealed(self._vault, new.tokens)))
        self.forget()
        for team in await self._teams(new.place):
            await presence.arrive(self._store, Platform.SLACK, team, new.name if team == new.place else "")
        LOG.info("slack.installed", place=new.place, rotates=new.tokens.expires_at is not None)

    async def removed(self, removal: Removal) -> None:
        """Nothing is sent by its token from here on, and its tokens are erased; one granted since stays."""
        place = removal.place
        if place is None:
            return
        for token in self._of(place):
            token.end(removal.at)
        if not await self._store.write(slack_installations.remove, place, removal.at):
            LOG.info("slack.removal_is_old", why=removal.why)
            return
        await self._left(place, removal.why)

    async def access(self, teams: Sequence[str], enterprise: str, *, granted: bool) -> None:
        for team in teams:
            if granted:
                await self._store.write(slack_installations.belongs, team, enterprise)
                await presence.arrive(self._store, Platform.SLACK, team, "")
            else:
                await self._store.write(slack_installations.parts, team)
                await self._leave(team)
        self.forget()

    async def _lost(self, known: Installation, word: str) -> None:
        """Slack does not take its token any more, and no event has told us."""
        LOG.error("slack.installation_lost", place=known.place, said=word, what="The workspace must install it again.")
        if await self._store.write(slack_installations.lose, known):
            await self._left(known.place, word)

    async def _left(self, place: str, why: str) -> None:
        self.forget()
        self._tokens = {row: token for row, token in self._tokens.items() if not token.gone}
        LOG.warning("slack.gone", why=why)
        for team in await self._teams(place):
            await self._leave(team)

    async def _leave(self, team: str) -> None:
        """It has no app any more, unless another installation serves it."""
        if await self._store.read(slack_installations.find, team) is None:
            await presence.leave(self._store, Platform.SLACK, team)

    async def _teams(self, place: str) -> list[str]:
        """The workspaces that an installation serves, as far as we have met them."""
        if not place.startswith("E"):
            return [place]
        return await self._store.read(slack_installations.teams_of, place)

    def _of(self, place: str) -> list[StoredToken]:
        return [token for token in self._tokens.values() if token.place == place]
