"""`pmpath run` for tests that kill it: its times for tips shortened alike, and one token good for every workspace.

`python -m tests.hurried_run 10` takes a tenth of the times. `--control` breaks what keeps a post from being there
twice, or not at all, to show that the test would find it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import typer

from bot import delivery, fence, handover, program
from bot.cli.run import run
from bot.clock import Stop
from bot.discord import client as discord_client
from bot.discord import overlap
from bot.discord.client import DiscordSurface
from bot.slack import client as slack_client
from bot.slack.client import SlackSurface
from bot.slack.one import OneWorkspace
from bot.slack.workspaces import Workspace
from bot.surface import Message, Surface
from storage import firing, outbox, schedules
from storage.due import Due


class EveryWorkspace(SlackSurface):
    """Takes the token for good in every workspace: these runs are about posts, not about whose tokens they go by."""

    async def _to(self, community_ext: str) -> Workspace:
        assert isinstance(self._workspaces, OneWorkspace)
        known = self._workspaces.known
        return await super()._to(known.community.ext_id if known else community_ext)


class Repeats(delivery.Delivery):
    """Sends again what may have arrived, as if it were new."""

    async def _send(self, surface: Surface, due: Due, message: Message) -> None:
        await super()._send(surface, replace(due, unsure_since=None), replace(message, key=uuid4().hex))

    async def _unsure(self, due: Due, error: Exception) -> None:
        await self._store.write(outbox.again, due, repr(error), timedelta())


class MarksFirst(delivery.Delivery):
    """Keeps that it was sent, then sends it."""

    async def _send(self, surface: Surface, due: Due, message: Message) -> None:
        await self._store.write(outbox.sent, due, "")
        await super()._send(surface, due, message)


class Unfenced(delivery.Delivery):
    """Sends whenever it comes to it, with a lease or without."""

    async def _claimed(self, line: delivery.Line, stop: Stop, may_go_on: Callable[[], bool]) -> int:
        put(fence, BEGINS=1000.0, ENDS=1000.0)
        return await super()._claimed(line, stop, may_go_on)


CONTROLS = {"unfenced": Unfenced, "repeats": Repeats, "marks-first": MarksFirst}


def hurry(times: float) -> None:
    """All times that keep a tip from going out twice are so much shorter, in the same proportion."""
    lead = {platform: span / times for platform, span in schedules.LEAD.items()}
    put(schedules, LEAD=lead)
    put(firing, LEAD=lead)
    put(delivery, LEASE=delivery.LEASE / times, KNOWN_AGAIN=delivery.KNOWN_AGAIN / times)
    put(overlap, SIGN_SECONDS=overlap.SIGN_SECONDS / times)
    put(handover, LOOK_AFTER=handover.LOOK_AFTER / times, TOO_NEAR=handover.TOO_NEAR / times)

    class Hurried(DiscordSurface):
        remembers = DiscordSurface.remembers / times

    put(discord_client, DiscordSurface=Hurried)
    put(slack_client, SlackSurface=EveryWorkspace)


def put(module: Any, **names: Callable[..., Any] | timedelta | float | dict[str, timedelta]) -> None:
    """Another value for a name of the product's, in this process alone."""
    missing = names.keys() - vars(module).keys()
    assert not missing, f"{module.__name__} has no {missing}"
    vars(module).update(names)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("times", type=float)
    parser.add_argument("--control", choices=sorted(CONTROLS))
    chosen = parser.parse_args()
    hurry(chosen.times)
    if chosen.control:
        put(program, Delivery=CONTROLS[chosen.control])
    try:
        run()
    except typer.Exit as end:
        raise SystemExit(end.exit_code) from end


if __name__ == "__main__":
    main()
