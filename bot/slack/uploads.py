"""Pictures on their way into Slack: each uploaded once for a person, and shown only when Slack has looked at it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack.blocks import key_of
from bot.slack.refusals import said
from bot.slack.sending import Sender
from bot.surface import TryLater
from commands.kit.view import Picture

LOG = structlog.get_logger()
KEPT = 1_000
WAITS = (0.0, 0.1, 0.2, 0.4, 0.8, 1.0, 1.0)
"""Seconds before each look whether Slack is done; a picture that takes longer stays words."""


class Uploads:
    """The pictures of one workspace. Each goes to the direct messages of whom it is for: a file that was put
    nowhere is seen by the bot alone."""

    def __init__(self, sender: Sender, waits: Sequence[float] = WAITS) -> None:
        self._sender = sender
        self._waits = waits
        self._files: OrderedDict[tuple[str, str], asyncio.Task[str]] = OrderedDict()

    async def ready(self, person: str, pictures: Sequence[tuple[Picture, str]], title: str) -> Mapping[str, str]:
        """The files of the pictures (each with its words) that Slack can show this person now. Never raises."""
        found = {}
        for picture, words in pictures:
            try:
                file_id = await self._file(person, picture, title, words)
                if await self._done(file_id):
                    found[key_of(picture)] = file_id
                else:
                    LOG.warning("slack.picture.not_shown", why="not processed in time")
            except (SlackClientError, LookupError, aiohttp.ClientError, TimeoutError, TryLater) as error:
                why = said(error) if isinstance(error, SlackApiError) else repr(error)
                LOG.warning("slack.picture.not_shown", why=why)
        return found

    def forget(self, person: str, pictures: Sequence[Picture]) -> None:
        """Slack did not show them, so they are uploaded anew when they are wanted again."""
        for picture in pictures:
            self._files.pop((person, key_of(picture)), None)

    async def _file(self, person: str, picture: Picture, title: str, words: str) -> str:
        key = (person, key_of(picture))
        task = self._files.get(key)
        if task is None:
            sending = self._sender.file(person, picture.name, picture.png, title, words)
            task = self._files[key] = asyncio.get_running_loop().create_task(sending)
            while len(self._files) > KEPT:
                self._files.popitem(last=False)
        try:
            return await asyncio.shield(task)
        except BaseException:
            self._files.pop(key, None)
            raise

    async def _done(self, file_id: str) -> bool:
        for wait in self._waits:
            await asyncio.sleep(wait)
            if await self._sender.is_processed(file_id):
                return True
        return False
