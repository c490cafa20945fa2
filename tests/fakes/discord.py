"""A local Discord on 127.0.0.1: REST, gateway and members, for tests with the real client library."""

from __future__ import annotations

from collections import Counter
from types import TracebackType

from aiohttp import web

from tests.fakes import discord_spec
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_member import Answer, DiscordMember
from tests.fakes.discord_rest import API, Call, Fault, Rest
from tests.fakes.discord_shown import NotPossible, Shown, ShownModal
from tests.fakes.discord_world import MANAGE_GUILD, Channel, Guild, Role, World
from tests.fakes.rates import busiest

__all__ = [
    "MANAGE_GUILD",
    "Answer",
    "Channel",
    "DiscordMember",
    "FakeDiscord",
    "Fault",
    "Guild",
    "NotPossible",
    "Shown",
    "ShownModal",
]

LARGEST_BODY = 26 * 1024 * 1024


class FakeDiscord:
    """The platform; `async with FakeDiscord() as fake` serves it on a free port.

    `check=False` leaves out the OpenAPI check of every body, for measurements.
    """

    token = "a-token-of-the-fake"

    def __init__(self, *, check: bool = True) -> None:
        self.world = World()
        self.gateway = Gateway(self.world, self.token)
        self.rest = Rest(self.world, self.token, check=check)
        self.unchecked_because = discord_spec.absent()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> FakeDiscord:
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_get("/gateway/", self.gateway.serve)
        app.router.add_route("*", API + "/{path:.*}", self.rest.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.rest.address = f"http://{host}:{port}"
        self.gateway.address = self.rest.gateway_address = f"ws://{host}:{port}/gateway/"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gateway.cut()
        if self._runner:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """What DISCORD_API_URL is set to."""
        return self.rest.address + API

    @property
    def guild(self) -> Guild:
        """The first server; made at first use."""
        return next(iter(self.world.guilds.values()), None) or self.world.add_guild()

    def member(
        self,
        name: str = "Ada",
        *,
        guild: Guild | None = None,
        uid: int | None = None,
        locale: str = "en-US",
        permissions: int = 0,
        roles: tuple[int, ...] = (),
    ) -> DiscordMember:
        return DiscordMember(self, guild or self.guild, uid, name, locale, permissions, roles)

    def order(self, route: str, fault: Fault, times: int = 1) -> None:
        """The next `times` calls of a route (a name of discord_rest.ROUTES) meet `fault`."""
        self.rest.order(route, fault, times)

    def calls(self, *routes: str) -> list[Call]:
        """The calls that came in, all of them or those of some routes."""
        return [call for call in self.rest.calls if not routes or call.route in routes]

    def busiest(self, *routes: str, channel: int | None = None, seconds: float = 1.0) -> int:
        """The most calls (of some routes, to a channel) that arrived within any such stretch of real time."""
        calls = self.calls(*routes)
        return busiest((c.at for c in calls if channel is None or f"/channels/{channel}/" in c.path), seconds)

    def appeared(self) -> Counter[tuple[int, str]]:
        """How often each text was posted for all to see in each channel, taken back or not."""
        messages = (m for channel in self.world.channels.values() for m in channel.messages.values())
        ours = (m for m in messages if m.author is self.world.bot and m.seen_by is None)
        return Counter((m.channel.id, Shown(m).text) for m in ours)

    @property
    def breaches(self) -> list[str]:
        """Every request that Discord would have refused, with its reason."""
        return self.rest.breaches

    @property
    def pings(self) -> list[str]:
        """Every mention in a sent message that would have notified somebody."""
        return self.rest.pings

    async def remove_bot(self, guild: Guild) -> None:
        """The server puts the bot out; one that is not connected does not hear of it."""
        self.world.guilds.pop(guild.id)
        for channel in guild.channels.values():
            channel.refuses = 50001
        await self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)})

    async def invite_bot(self, guild: Guild) -> None:
        """The server takes the bot in, for the first time or again."""
        self.world.guilds[guild.id] = guild
        for channel in guild.channels.values():
            channel.refuses = None
        await self.gateway.dispatch("GUILD_CREATE", guild.payload())

    async def lose_server(self, guild: Guild) -> None:
        """An outage of Discord's: the server is not there for a while, and the bot still in it."""
        await self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id), "unavailable": True})

    async def add_role(self, guild: Guild, name: str, permissions: int) -> Role:
        """A new role of the server's, of which the bot hears."""
        role = self.world.add_role(guild, name, permissions)
        await self.gateway.dispatch("GUILD_ROLE_CREATE", {"guild_id": str(guild.id), "role": role.payload()})
        return role

    async def change_role(self, guild: Guild, role: Role, permissions: int) -> None:
        """A role of the server gets other permissions."""
        role.permissions = permissions
        await self.gateway.dispatch("GUILD_ROLE_UPDATE", {"guild_id": str(guild.id), "role": role.payload()})

    def pass_time(self, seconds: float) -> None:
        """Let time go by for callbacks (3 s), tokens (15 min) and nonces (5 min)."""
        self.world.pass_time(seconds)

    def forget_old_interactions(self, kept: int = 512) -> None:
        """Drop old interactions and messages, so that a long measurement measures the bot."""
        interactions = self.world.interactions
        while len(interactions) > kept:
            interactions.pop(next(iter(interactions)))
        for channel in self.world.channels.values():
            while len(channel.messages) > kept:
                channel.messages.pop(next(iter(channel.messages)))
        for session in self.gateway.sessions.values():
            while len(session.sent) > kept:
                session.sent.popleft()
