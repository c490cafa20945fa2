"""Several people of one community at one surface, each of whom reads one language and presses what they read."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.delivery import Delivery
from content.load import Content
from content.text import Language, Text
from storage.store import Store
from tests.drivers import markup
from tests.drivers.discord import DiscordDriver
from tests.drivers.seen import Driver, Seen
from tests.drivers.slack import SlackDriver
from tests.drivers.web import WebDriver
from tests.fakes.discord import MANAGE_GUILD
from tests.fakes.slack import SlackMember
from tests.test_parity import Parts

NAMES = {
    "ada": "Ada Okafor",
    "kim": "Kim O’Hara-Lindqvist",
    "xiaoyu": "林晓雨",
    "jose": "José Álvarez Núñez",
    "zoya": "Зоя Климова",
    "nur": "نور حداد",
}  # as the rehearsal room has them, where Ada moderates
ZONES = {"ada": "Africa/Lagos", "kim": "Europe/Stockholm", "xiaoyu": "Asia/Shanghai", "jose": "America/Mexico_City"}


@dataclass(slots=True)
class Person:
    """One of them, with their hands and eyes. `seen` is what they saw last."""

    uid: str
    driver: Driver
    content: Content
    language: Language
    seen: Seen

    @property
    def name(self) -> str:
        return NAMES[self.uid]

    def say(self, words: str | Text) -> str:
        """A text of ours, or one by its English words with nothing filled in, as they read it."""
        if isinstance(words, Text):
            return self.content.catalogue.say(words, self.language)
        return words if self.language is Language.EN else self.content.catalogue.zh[words]

    async def run(self, typed: str) -> Seen:
        self.seen = await self.driver.run(typed)
        return self.seen

    async def press(self, *labels: str | Text) -> Seen:
        for label in labels:
            self.seen = await self.driver.press(self.say(label))
        return self.seen

    async def press_beside(self, name: str, label: str) -> Seen:
        """The button of that label which stands beside the line that begins with this name."""
        names = [line for line in self.seen.lines if line.startswith(tuple(NAMES.values()))]
        place = next(place for place, line in enumerate(names) if line.startswith(name))
        self.seen = await self.driver.press(self.say(label), place)
        return self.seen

    async def pick(self, select: str, *places: int) -> Seen:
        """The options at these places of a select."""
        return await self.choose(select, *(self.seen.selects[select][place] for place in places))

    async def choose(self, select: str, *labels: str) -> Seen:
        self.seen = await self.driver.choose(select, *labels)
        return self.seen

    def reads(self, words: str | Text) -> bool:
        """Whether this, up to what is not filled in, stands on the card last seen."""
        return self.say(words).partition("{")[0] in self.seen.text

    @property
    def place(self) -> str:
        """Their name in links of the platform."""
        match self.driver:
            case DiscordDriver(member=member):
                return str(member.uid)
            case SlackDriver(member=member):
                return member.uid
        return self.uid

    def messages(self) -> list[Seen]:
        """All direct messages that they have."""
        match self.driver:
            case DiscordDriver(member=member):
                return [Seen(shown.heard[0], shown.heard[1:], shown.labels) for shown in member.direct_messages]
            case SlackDriver(member=member):
                return [Seen(each.lines[0], each.lines[1:], each.labels) for each in member.dms if each.blocks]
            case WebDriver(told=told):
                return list(told)
        raise TypeError(self.driver)

    def open_message(self, english: str) -> Seen:
        """The last direct message with this title, to be pressed from now on."""
        title = self.say(english).rpartition("}")[2]
        driver = self.driver
        match driver:
            case DiscordDriver(member=member):
                driver.shown = next(m for m in reversed(member.direct_messages) if m.heard[0].endswith(title))
                self.seen = Seen(driver.shown.heard[0], driver.shown.heard[1:], driver.shown.labels)
            case SlackDriver(member=member):
                driver.thing = next(m for m in reversed(member.dms) if m.blocks and m.lines[0].endswith(title))
                self.seen = driver.seen
            case WebDriver(heard=heard):
                told = [markup.parse(each["html"]) for each in heard if each["kind"] == "tell"]
                driver.node = next(each for each in reversed(told) if each.find("h3")[0].text.endswith(title))
                self.seen = driver.card
        return self.seen

    async def file(self) -> bytes:
        """The file of the card last seen: in Slack it is the last in the direct messages."""
        match self.driver:
            case DiscordDriver(shown=shown):
                assert shown is not None
                (content,) = shown.files.values()
                return content
            case SlackDriver(member=member):
                await member.fake.until(lambda: any(each.files for each in member.dms))
                return [each for each in member.dms if each.files][-1].files[0].content
            case WebDriver(node=node):
                (link,) = [each for each in node.find("a") if each.has("download")]
                return base64.b64decode(link.attributes["href"].partition(";base64,")[2])
        raise TypeError(self.driver)

    @property
    def links(self) -> list[str]:
        """Where the buttons lead that leave pmpath."""
        match self.driver:
            case DiscordDriver(shown=shown):
                return [button.url for button in shown.buttons if button.url] if shown else []
            case SlackDriver(thing=thing):
                elements = [each for block in thing.blocks for each in block.get("elements", ())] if thing else []
                return [each["url"] for each in elements if "url" in each]
        return []


@dataclass(frozen=True, slots=True)
class Town:
    """One community at one surface: its people by `uid`, and what runs behind them."""

    people: dict[str, Person]
    store: Store
    delivery: Delivery

    def __getitem__(self, uid: str) -> Person:
        return self.people[uid]


@asynccontextmanager
async def town(parts: Parts, surface: str, url: str, languages: dict[str, Language]) -> AsyncIterator[Town]:
    """Ada, who moderates, and the others who are named."""
    async with AsyncExitStack() as stack:
        ada, store, delivery = await stack.enter_async_context(parts.on(surface, url))
        people = {}
        for uid, language in languages.items():
            driver = await _driver(stack, ada, uid)
            seen = await driver.run(f"/pmpath language {language.value}")
            people[uid] = Person(uid, driver, parts.content, language, seen)
        yield Town(people, store, delivery)


async def _driver(stack: AsyncExitStack, ada: Driver, uid: str) -> Driver:
    name = NAMES[uid]
    match ada:
        case DiscordDriver(member=member):
            return DiscordDriver(member.fake.member(name, permissions=MANAGE_GUILD if uid == "ada" else 0))
        case SlackDriver(member=member):
            zone = ZONES.get(uid, "Europe/London")
            other = SlackMember(member.fake, member.team, f"U0{uid.upper()}", name, tz=zone, is_admin=uid == "ada")
            return SlackDriver(other)
        case WebDriver(address=address):
            return await stack.enter_async_context(WebDriver(address, uid, session=uid))
    raise TypeError(ada)
