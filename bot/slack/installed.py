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
from commands.kit.allowance import Tally
from commands.kit.dispatch import Dispatcher
from commands.kit.request import CommunityKey, Platform
from storage import notes, slack_installations
from storage.slack_installations import Installation, Tokens

LOG = structlog.get_logger()
REMEMBERED = 20_000  # workspaces, also those that have not installed it
AT_ONCE = 50  # installations that are looked through in one unit
LOOK_SECONDS = 0.25  # for what another process may have changed, before what was known of a workspace serves on


@dataclass(frozen=True, slots=True)
class Home:
    """What was found of a workspace at this one of our looks: whose token serves it, or that none does."""

    look: int
    token: StoredToken | None = None
    workspace: Workspace | None = None


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
        self._look = self._removals = 0
        self._not_read = Tally("slack.installation_not_read")

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
        """The next look at each home is another one; until then it serves on, with what it knows of cards."""
        self._look += 1

    def _forget_gone(self, parted: Sequence[str] = ()) -> None:
        """Whoever was removed, and these, are served no more from here on."""
        self.forget()
        self._removals += 1
        kept = {team: home for team, home in self._homes.items() if home.token and not home.token.gone}
        self._homes = {team: home for team, home in kept.items() if team not in parted}

    async def here(self, team: str | None, enterprise: str | None) -> Workspace | None:
        """One that is known is served whatever becomes of the database."""
        if team is None:
            return None
        home = self._homes.get(team)
        if home is not None and home.look == self._look:
            return home.workspace
        asking = self._asking.get(team) or self._asks(team, enterprise)
        if home is None or home.token is None or home.token.gone:
            return await asyncio.shield(asking)
        await asyncio.wait({asking}, timeout=LOOK_SECONDS)
        return asking.result() if asking.done() and asking.exception() is None else home.workspace

    def _asks(self, team: str, enterprise: str | None) -> asyncio.Task[Workspace | None]:
        asking = self._asking[team] = asyncio.get_running_loop().create_task(self._ask(team, enterprise))
        asking.add_done_callback(self._asked)
        return asking

    def _asked(self, asking: asyncio.Task[Workspace | None]) -> None:
        if not asking.cancelled() and (error := asking.exception()):
            self._not_read.count(type(error).__name__)

    async def _ask(self, team: str, enterprise: str | None) -> Workspace | None:
        before = self._look, self._removals
        try:
            stored = await self._store.read(slack_installations.find, team, enterprise)
            home = self._found(team, stored, *before)
            if stored is not None and stored.place != team:
                await self._belongs(team, stored.place)
        finally:
            del self._asking[team]
        return home.workspace

    async def _belongs(self, team: str, enterprise: str) -> None:
        """Keeps that it is part of the organisation; what can't be kept now is at the next look."""
        try:
            if await self._store.read(notes.find, slack_installations.ORGANISATION + team) != enterprise:
                await self._store.write(slack_installations.belongs, team, enterprise)
        except Exception as error:  # noqa: BLE001 -- whoever speaks there is served all the same
            LOG.warning("slack.organisation_not_kept", error=repr(error))

    async def sending(self, team: str) -> Workspace:
        """By the version that is stored at this moment, whichever process has changed it."""
        before = self._look, self._removals
        try:
            stored = await self._store.read(slack_installations.find, team)
            if stored is None:
                await self._ended(team)
        except Exception as error:  # nothing has been sent yet
            raise TryLater(repr(error)) from error
        home = self._found(team, stored, *before)
        if home.workspace is None:
            raise Withdrawn
        return home.workspace

    async def _ended(self, team: str) -> None:
        """Another process was told that what served it was removed; an organisation's may serve its others yet."""
        for token in self._of(team):
            token.gone = True
        home = self._homes.get(team)
        if home is None or home.token is None or home.token.gone:
            return
        stored = await self._store.read(slack_installations.find, home.token.place)
        if stored is None or self._tokens.get(stored.id) is not home.token:
            home.token.gone = True

    def _found(self, team: str, stored: Installation | None, look: int, removals: int) -> Home:
        """What it comes to, remembered unless somebody was removed since it was asked for."""
        token = None if stored is None else self._opened(stored)
        home = Home(look)
        if stored is not None and token is not None:
            home = Home(look, token, self._workspace(team, stored, token))
        if removals == self._removals:
            if team not in self._homes and len(self._homes) >= REMEMBERED:
                self._homes.clear()
            self._homes[team] = home
        return home

    def _workspace(self, team: str, stored: Installation, token: StoredToken) -> Workspace:
        """With the ways into it that were there, while its token is the same."""
        community = CommunityKey(Platform.SLACK, team, stored.name if stored.place == team else "")
        authorized = AuthorizeResult(
            enterprise_id=stored.enterprise_id, team_id=team, bot_user_id=stored.bot_user_id, bot_id=stored.bot_id
        )
        known = self._homes.get(team)
        if known is not None and known.workspace is not None and known.token is token:
            return replace(known.workspace, community=community, authorized=authorized)
        return built(community, authorized, Sender(self._connection, token), self._catalogue, self._hold)

    def _opened(self, stored: Installation) -> StoredToken | None:
        """Its token, brought to this version; None where no key opens it."""
        token = self._tokens.get(stored.id)
        try:
            if token is None:
                token = self._tokens[stored.id] = StoredToken(stored, self._rotation, self._hold, self._lost)
            else:
                token.take(stored)
        except WrongKey as error:
            LOG.error("slack.token_not_opened", count=1, what=error.sentence)  # noqa: TRY400 -- no fault of ours
            return None
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
            self._forget_gone()  # or what was ended above stays so until the next look
            LOG.warning("slack.removal_is_old", why=removal.why)
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
        self._forget_gone(teams)

    async def _lost(self, known: Installation, word: str) -> None:
        """Slack does not take its token any more, and no event has told us."""
        lost = await self._store.write(slack_installations.lose, known)
        if not lost and await self._store.read(slack_installations.find, known.place) is not None:
            self._forget_gone()  # it was installed again, or renewed, by another process
            LOG.warning("slack.loss_is_old", place=known.place, said=word)
            return
        LOG.error("slack.installation_lost", place=known.place, said=word, what="The workspace must install it again.")
        if lost:
            await self._left(known.place, word)

    async def _left(self, place: str, why: str) -> None:
        self._forget_gone()
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
