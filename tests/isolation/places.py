"""Four communities on two platforms, and in each of them people of the same ids and names."""

from __future__ import annotations

from dataclasses import dataclass, field

from commands.kit.request import CommunityKey, Platform
from tests.fakes.discord import MANAGE_GUILD, DiscordMember, FakeDiscord, Guild
from tests.fakes.slack import FakeSlack, SlackMember
from tests.fakes.slack_world import Team
from tests.isolation.hands import Hand, in_discord, in_slack

PEOPLE = {"1001": "Ada", "1002": "Max", "1003": "Ned", "1004": "Mo", "1005": "Bea"}
ADA, MAX, NED, MO, BEA = PEOPLE
"""Everywhere the same people; Mo moderates, and Bea has another name in each place."""
MARKS = ("Qalpha", "Qbeta", "Qgamma", "Qdelta")
"""What all free words of a community carry; the first two are in Slack."""


@dataclass(slots=True)
class Place:
    """A community. `alone` is somebody who is in no other; `id` is our row of it."""

    mark: str
    key: CommunityKey
    home: Team | Guild
    channel: str
    alone: str
    people: dict[str, Hand] = field(default_factory=dict)
    id: int = 0

    @property
    def moderator(self) -> Hand:
        return self.people[MO]


def name_of(uid: str, mark: str) -> str:
    return PEOPLE[uid] if uid in PEOPLE and uid != BEA else f"{PEOPLE.get(uid, 'Uma')} {mark}"


def workspace(slack: FakeSlack, mark: str, number: int) -> Place:
    team = slack.workspace(mark.lower())
    key = CommunityKey(Platform.SLACK, team.id, team.domain)
    place = Place(mark, key, team, slack.channel(team, "general").id, str(2001 + number))
    for uid in (*PEOPLE, place.alone):
        member = SlackMember(slack, team, uid, name_of(uid, mark), is_admin=uid == MO)
        place.people[uid] = in_slack(member)
    return place


def server(discord: FakeDiscord, mark: str, number: int, shard: int) -> Place:
    """On that shard of two."""
    guild = discord.world.add_guild(f"{mark} server", guild_id=((900_000 + 2 * number + shard) << 22) + number)
    key = CommunityKey(Platform.DISCORD, str(guild.id), guild.name)
    place = Place(mark, key, guild, str(next(iter(guild.channels))), str(2001 + number))
    for uid in (*PEOPLE, place.alone):
        rights = MANAGE_GUILD if uid == MO else 0
        member = DiscordMember(discord, guild, int(uid), PEOPLE.get(uid, "Uma"), permissions=rights)
        member.member.nick = name_of(uid, mark)
        place.people[uid] = in_discord(member)
    return place
