"""The digest of a closed week or month: switched on, posted once, taken back."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from sqlalchemy import select

from bot.clock import Stop
from bot.delivery import Delivery
from bot.pictures.studio import Pictures
from bot.timekeeper import Timekeeper, catch_up
from commands import mod
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from commands.kit.request import Platform
from content.boards import Season
from content.load import Content
from content.outcomes import Outcome
from content.points import Deed
from storage import (
    adjusting, appearances, awards, communities, departures, digests, firing, members, moderating, upkeep,
)  # fmt: skip
from storage.audit import of_community
from storage.members import Me
from storage.store import Store
from storage.tables import digest_line, outbox
from storage.taking_back import TAKE_BACK
from storage.unit import Unit
from tests.bot.tip_office import LIBRARY, Place
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver

MONDAY = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)  # a week after the clock of tests begins
PARIS_WEEK = dt.datetime(2026, 10, 21, 10, tzinfo=dt.UTC)  # of the week whose Sunday has 25 hours there


class Channel(Place):
    """A platform that notes what it was given to post, and to delete."""

    def __init__(self, clock: SetClock, dispatcher: Dispatcher) -> None:
        super().__init__(Platform.WEB, clock.now)
        self.cards: list[list[str]] = []
        self.deleted: list[str] = []
        self.say = dispatcher.content.catalogue.say
        self.titles: list[str] = []

    async def post(self, message: object) -> str:
        remote = await super().post(message)  # type: ignore[arg-type]  # a Message, as the surface gets it
        card, language = message.card, message.language  # type: ignore[attr-defined]  # likewise
        self.titles.append(self.say(card.title, language))
        self.cards.append([self.say(each, language) for each in card.body[:-1]])
        return remote

    async def take_back(self, channel: str, remote: str) -> None:
        self.deleted.append(remote)
