"""The fake Slack's scheduled messages: what waits, by Slack's rules, and what then becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.fakes.slack_blocks import Breach
from tests.fakes.slack_world import Channel, Json, Message, Refused, Team, fresh

if TYPE_CHECKING:
    from tests.fakes.slack_world import World

FARTHEST = 120 * 24 * 3600
WINDOW, WINDOW_MOST = 5 * 60, 30
DELETION_CLOSES = 60
GHOSTS = 5 * 60


@dataclass(slots=True)
class Scheduled:
    """A message that waits. `ghost`: deleted so late that Slack posts it all the same (bolt-js#1000)."""

    id: str
    team: str
    channel: str
    post_at: int
    body: Json
    created: int
    ghost: bool = False

    def payload(self) -> Json:
        return {
            "id": self.id,
            "channel_id": self.channel,
            "post_at": self.post_at,
            "date_created": self.created,
            "text": self.body.get("text", ""),
        }


class Scheduling:
    """chat.scheduleMessage, chat.scheduledMessages.list, chat.deleteScheduledMessage."""

    def __init__(
        self,
        world: World,
        place: Callable[[Team, str], Channel],
        check: Callable[[str, Json], None],
    ) -> None:
        self.world = world
        self.place = place
        self.check = check

    def waiting(self, team: Team) -> list[Scheduled]:
        """What Slack says is pending, the soonest first."""
        mine = (one for one in self.world.scheduled if one.team == team.id and not one.ghost)
        return sorted(mine, key=lambda one: one.post_at)

    def chat_scheduleMessage(self, team: Team, body: Json) -> Json:
        channel = self.place(team, str(body.get("channel", "")))
        post_at = self._moment(body.get("post_at"))
        if body.get("metadata"):
            raise Breach("invalid_arguments", "a scheduled message with metadata is never posted")
        self.check("chat.scheduleMessage", body)
        near = [one for one in self.waiting(team) if one.channel == channel.id and abs(one.post_at - post_at) < WINDOW]
        if len(near) >= WINDOW_MOST:
            raise Refused("restricted_too_many")
        one = Scheduled(fresh("Q"), team.id, channel.id, post_at, body, int(self.world.now()))
        self.world.scheduled.append(one)
        shown = {"text": body.get("text", ""), "bot_id": team.bot_id, "type": "delayed_message"}
        return {"channel": channel.id, "scheduled_message_id": one.id, "post_at": str(post_at), "message": shown}

    def _moment(self, said: object) -> int:
        if not str(said).isdigit():
            raise Refused("invalid_time")
        post_at = int(str(said))
        if post_at <= self.world.now():
            raise Refused("time_in_past")
        if post_at > self.world.now() + FARTHEST:
            raise Refused("time_too_far")
        return post_at

    def chat_scheduledMessages_list(self, team: Team, body: Json) -> Json:
        found = self.waiting(team)
        if wanted := body.get("channel"):
            if wanted not in team.channels and wanted not in team.people:
                raise Refused("invalid_channel")
            found = [one for one in found if one.channel == wanted]
        oldest, latest = float(body.get("oldest") or 0), float(body.get("latest") or "inf")
        if oldest >= latest:
            raise Refused("invalid_arguments")
        found = [one for one in found if oldest <= one.post_at <= latest]
        if cursor := body.get("cursor"):
            at = next((at for at, one in enumerate(found) if f"after:{one.id}" == cursor), None)
            if at is None:
                raise Refused("invalid_cursor")
            found = found[at + 1 :]
        page = found[: min(int(body.get("limit") or 100), self.world.scheduled_page)]
        more = f"after:{page[-1].id}" if len(found) > len(page) else ""
        return {
            "scheduled_messages": [one.payload() for one in page],
            "response_metadata": {"next_cursor": more},
        }

    def chat_deleteScheduledMessage(self, team: Team, body: Json) -> Json:
        channel = body.get("channel")
        if channel not in team.channels and channel not in team.people:
            raise Refused("channel_not_found")
        wanted = (body.get("scheduled_message_id"), channel)
        one = next((one for one in self.waiting(team) if (one.id, one.channel) == wanted), None)
        if one is None or one.post_at - self.world.now() < DELETION_CLOSES:
            raise Refused("invalid_scheduled_message_id")
        if self.world.ghosts and one.post_at - self.world.now() < GHOSTS:
            one.ghost = True
        else:
            self.world.scheduled.remove(one)
        return {}

    def deliver_due(self) -> list[Message]:
        """Posts what has come due; what can't be posted any more is told to nobody and kept in `unposted`."""
        due = sorted((one for one in self.world.scheduled if one.post_at <= self.world.now()), key=lambda o: o.post_at)
        self.world.scheduled = [one for one in self.world.scheduled if one not in due]
        return [message for one in due if (message := self._post(one)) is not None]

    def _post(self, one: Scheduled) -> Message | None:
        try:
            channel = self.place(self.world.teams[one.team], one.channel)
        except (Refused, KeyError):
            self.world.unposted.append(one)
            return None
        text = one.body.get("text", "")
        message = Message(team=one.team, channel=channel.id, ts=self.world.ts(), text=text)
        message.put(one.body.get("blocks") or [])
        return self.world.put_message(message)
