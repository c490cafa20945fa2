"""Reads all that the program sends to either platform, and finds what it says of one community in another."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.discord.client import nonce_of
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_rest import Call as Request
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_world import Call
from tests.isolation.places import Place

WIRE = re.compile(r"(?<![\w|])1\|(\d+)\|[a-z]")
TOKEN = re.compile(r"/(?:interactions/\d+|webhooks/\d+)/(token\d+)")
CHANNEL = re.compile(r"/channels/(\d+)/")


@dataclass(slots=True)
class Watch:
    """`crossings` is what it found; `read` how many calls and answers it has read, `marked` how many had a mark."""

    places: list[Place]
    slack: FakeSlack
    discord: FakeDiscord
    crossings: list[str] = field(default_factory=list)
    read: int = 0
    marked: int = 0
    _calls: int = 0
    _requests: int = 0

    def look(self) -> None:
        """At what was sent since the last look."""
        calls, requests = self.slack.calls[self._calls :], self.discord.rest.calls[self._requests :]
        self._calls, self._requests = len(self.slack.calls), len(self.discord.rest.calls)
        for call in calls:
            where = f"Slack {call.method}"
            self.check(where, json.dumps(call.body, ensure_ascii=False), self._team(call))
        for request in requests:
            if request.route != "commands.put":
                self.check(f"Discord {request.route}", _said(request), self._server(request))

    def finish(self) -> None:
        """The files that Slack holds, and the last of what was sent."""
        self.look()
        for upload in self.slack.uploads.values():
            whose = next((p for p in self.places if upload.channel in getattr(p.home, "channels", {})), None)
            self.check("Slack upload", upload.content.decode(errors="ignore"), whose)

    def check(self, where: str, said: str, place: Place | None) -> None:
        """What is for one community has nothing of another. A direct message on Discord says itself whose it is."""
        self.read += 1
        marks, wires = set(self.of_mark(said)), set(map(int, WIRE.findall(said)))
        self.marked += bool(marks)
        of_wires = {p.mark if p.id in wires else "" for p in self.places} - {""}
        foreign = wires - {p.id for p in self.places}
        whose = marks | of_wires
        if foreign or len(whose) > 1 or (place is not None and whose - {place.mark}):
            to = place.mark if place else "a direct message"
            self.crossings.append(f"{where} to {to}: {sorted(whose)} {sorted(foreign)} in {said[:400]}")

    def of_mark(self, said: str) -> Iterator[str]:
        low = said.lower()
        return (place.mark for place in self.places if place.mark.lower() in low)

    def posts(self, keys: Iterable[tuple[str, int]]) -> None:
        """By the nonces of what the outbox holds: nothing stands in a channel of another server."""
        by_nonce = {nonce_of(key): community for key, community in keys}
        channels = {int(p.channel): p for p in self.places if p.channel.isdigit()}
        for request in self.discord.calls("send"):
            place = channels.get(int(request.path.split("/")[2]))
            community = by_nonce.get(str((request.body or {}).get("nonce")))
            if place is not None and community is not None and community != place.id:
                self.crossings.append(f"Discord: community {community} posts into {place.mark}'s channel")

    def _team(self, call: Call) -> Place | None:
        issued = self.slack.oauth.issued.get(call.token)
        team = call.team or (issued.of.id if issued else "")
        return next((place for place in self.places if place.key.ext_id == team), None)

    def _server(self, request: Request) -> Place | None:
        world = self.discord.world
        if found := TOKEN.search(request.path):
            guild = world.interactions[found[1]].channel.guild
        elif found := CHANNEL.search(request.path):
            channel = world.channels.get(int(found[1]))
            guild = channel.guild if channel else None
        else:
            return None
        return next((place for place in self.places if guild and place.key.ext_id == str(guild.id)), None)


def _said(request: Request) -> str:
    files = [content.decode(errors="ignore") for name, content in request.files.items() if not name.endswith(".png")]
    return json.dumps([request.body, files], ensure_ascii=False)
