"""A moderator's month on each surface, in both languages: set up, write, approve, and see what the channel gets."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from bot.clock import Stop
from bot.delivery import Delivery
from bot.pictures.studio import Pictures
from bot.timekeeper import Timekeeper, catch_up
from commands.kit.discover import Registry
from content.load import Content
from content.outcomes import Outcome
from content.text import Language
from storage import tables, tips
from storage.members import Me
from storage.store import Store
from storage.tips import Written
from tests.conftest import Faults, SetClock
from tests.drivers.seen import Driver, Seen
from tests.drivers.slack import SlackDriver
from tests.test_parity import Parts, a_channel, in_channel

START = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
OWN = {"title": "Count twice", "text": "Count what you counted, again."}
SUGGESTED = ("数两遍", "把数过的东西再数一遍。")


@dataclass(frozen=True, slots=True)
class Moderator:
    """Somebody who reads one language and presses what they read."""

    driver: Driver
    content: Content
    language: Language

    def say(self, english: str) -> str:
        return english if self.language is Language.EN else self.content.catalogue.zh[english]

    async def press(self, *labels: str) -> Seen:
        for label in labels:
            seen = await self.driver.press(self.say(label))
        return seen

    async def set_up(self) -> None:
        """To the switched-on tip, every Monday at nine in London."""
        await self.driver.run(f"/pmpath language {self.language}")
        await self.driver.run("/pmpath-mod setup")
        await self.driver.press(self.language.label)
        await self.press("Later")
        await self.driver.choose("city", {Language.EN: "London", Language.ZH: "伦敦"}[self.language])
        await self.press("Later")
        await self.driver.choose("channel", a_channel(self.driver))
        await self.press("Switch on")

    async def write(self) -> None:
        """A tip of their own, in English, into the queue."""
        await self.driver.run("/pmpath-mod tips add")
        await self.driver.choose("outcome", self.say("Technical (data and models)"))
        await self.press("In English")
        await self.driver.fill(**OWN)
        await self.press("Preview", "Into the queue")

    async def approve(self, store: Store) -> None:
        """What somebody suggested, in Chinese."""
        (uid,) = await store.read(lambda unit: list(unit.execute(select(tables.member.c.uid)).scalars()))
        await store.write(tips.suggest, Me(1, uid, "Ada"), Written(Outcome.HYBRID, {Language.ZH: SUGGESTED}))
        await self.driver.run("/pmpath-mod tips queue")
        await self.press("Decide", "Into the queue")


async def live(
    clock: SetClock, driver: Driver, keeper: Timekeeper, delivery: Delivery, store: Store, until: dt.datetime
) -> None:
    """The clock goes from one thing that is due to the next; Slack posts by itself what it was handed."""
    while (due := await catch_up(keeper, delivery, store)) is not None and due <= until:
        clock.moment = due
        if isinstance(driver, SlackDriver):
            driver.member.fake.deliver_due()
    clock.moment = until


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("surface", ["discord", "slack-socket", "web"])
async def test_four_weeks_go_out_by_themselves(
    surface: str,
    language: Language,
    database_url: str,
    content: Content,
    registry: Registry,
    clock: SetClock,
    pictures: Pictures,
    faults: Faults,
) -> None:
    clock.moment = START
    parts = Parts(content, registry, clock, pictures)
    async with parts.on(surface, database_url) as (driver, store, delivery):
        if isinstance(driver, SlackDriver):
            driver.member.fake.clock = lambda: clock.now().timestamp()
        moderator = Moderator(driver, content, language)
        await moderator.set_up()
        await moderator.write()
        await moderator.approve(store)
        keeper = Timekeeper(store, content.tips_by_outcome)
        await live(clock, driver, keeper, delivery, store, START + dt.timedelta(weeks=4, hours=1))
        posted = in_channel(driver)
        seen = await driver.run("/pmpath tips week")
        left = await delivery.once(Stop())

    first, second = content.tips["b-stopwatch"].title, content.tips["p-one-page"].title
    days = [START + dt.timedelta(weeks=week) for week in (1, 2, 3, 4)]
    titles = [OWN["title"], SUGGESTED[0], *(content.catalogue.say(each, language) for each in (first, second))]
    assert len(posted) == 4, posted
    for line, title, day in zip(posted, titles, days, strict=True):
        assert title in line
        assert str(day.day) in line
    assert seen.lines[0] == posted[-1]
    assert left == 0
