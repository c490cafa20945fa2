"""One reader's sitting for one person: the real dispatcher and store, played again from the log in each process."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import commands
from commands.kit.discover import discover
from commands.kit.dispatch import Dispatcher
from commands.kit.drawing import Sketch
from commands.kit.element import Button, Buttons
from content.load import Content, read_content
from content.text import Language
from storage import results
from storage.members import Me
from storage.results import Stored
from storage.store import Store
from tests.biographies.people import Biography
from tests.biographies.screen import screen, selects
from tests.drivers.direct import DirectDriver

LOCALES = {Language.EN: "en-US", Language.ZH: "zh-CN"}
BEGUN = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
READING = dt.timedelta(seconds=20)  # what an answer takes in this clock, so that a sitting plays again the same
GAP_CARD = frozenset({"missing", "missing.next"})
AFTER_GAP_CARD = frozenset({"missing.next", "plan"})
NO_PICTURE = bytes.fromhex("89504e470d0a1a0a")


class Impossible(Exception):
    """What the reader asked for is not on the screen; a sentence for them."""


@dataclass(frozen=True, slots=True)
class Step:
    """What the reader did: pressed the button of a label, or chose options by labels in a numbered select."""

    press: str | None = None
    select: int = 0
    labels: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"[{self.press}]" if self.press is not None else f"<{self.select}> " + "; ".join(self.labels)


@dataclass(slots=True)
class Reading:
    """A clock that moves by one step at a time."""

    moment: dt.datetime = BEGUN

    def now(self) -> dt.datetime:
        return self.moment


@dataclass(slots=True)
class Sitting:
    """What a reader sees and does. `result` and `plan` are those cards, once they were reached."""

    person: Biography
    folder: Path
    driver: DirectDriver
    clock: Reading
    steps: list[Step] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    result: str = ""
    plan: str = ""

    @property
    def screen(self) -> str:
        return screen(self.driver)

    @property
    def offers_plan(self) -> bool:
        """Whether the card's buttons lead to what is missing; they don't where too little was said."""
        buttons = (each for element in self.driver.elements if isinstance(element, Buttons) for each in element.buttons)
        return any(isinstance(each, Button) and each.press.action in GAP_CARD for each in buttons)

    async def begin(self) -> None:
        await self.driver.run("/pmpath start")
        self.told = [self.person.text.strip(), self.screen]

    async def take(self, step: Step) -> None:
        """One step further. Raises Impossible, with nothing changed."""
        self.clock.moment = BEGUN + READING * (len(self.steps) + 1)
        if step.press is not None:
            await self._press(step.press)
        else:
            await self._choose(step.select, step.labels)
        self.steps.append(step)
        self.told += [f"> {step}", self.screen]

    def keep(self) -> None:
        """Writes the log and the transcript."""
        log = [{"press": each.press, "select": each.select, "labels": each.labels} for each in self.steps]
        lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in log)
        (self.folder / "steps.jsonl").write_text(lines, "utf-8")
        (self.folder.parent / f"{self.person.id}.md").write_text("\n\n\n".join(self.told) + "\n", "utf-8")

    async def _press(self, label: str) -> None:
        if label not in self.driver.seen.buttons:
            raise Impossible(f"There is no button {label!r}; there are {self.driver.seen.buttons}")
        pressed = self.driver.button(label)
        if pressed.disabled:
            raise Impossible(f"{label!r} is where you are")
        await self.driver.press(label)
        if not self.result and await self.stored() is not None:
            self.result = self.screen
        if self.result and pressed.press.action in AFTER_GAP_CARD:
            self.plan = self.screen

    async def stored(self) -> Stored | None:
        """The result, once there is one."""
        assert self.driver.reply is not None
        me = Me(self.driver.reply.community, self.driver.uid, self.driver.name)
        return await self.driver.dispatcher.store.read(results.latest, me)

    async def _choose(self, number: int, labels: tuple[str, ...]) -> None:
        found = selects(self.driver)
        if not 1 <= number <= len(found):
            raise Impossible(f"There is no select {number}; there are {len(found)}")
        select = found[number - 1]
        every = [self.driver.say(option.label) for option in select.options]
        labels = tuple(_in_words(label, every) for label in labels)
        strange = [label for label in labels if label not in every]
        if strange:
            raise Impossible(f"No option {strange} in select {number}; there are {every}")
        most = (select.most or len(every)) if select.many else 1
        if len(labels) > most:
            raise Impossible(f"Select {number} takes at most {most}")
        await self.driver.choose(select.name, *labels)


@asynccontextmanager
async def sitting(person: Biography, state: Path, content: Content | None = None) -> AsyncIterator[Sitting]:
    """A person's sitting as far as its log goes, on a new database in its folder."""
    folder = state / person.id
    shutil.rmtree(folder / "store", ignore_errors=True)
    (folder / "store").mkdir(parents=True)
    clock = Reading()
    store = await Store.open(f"sqlite:///{folder / 'store' / 'pmpath.sqlite3'}", now=clock.now)
    try:
        dispatcher = Dispatcher(store, content or read_content(), discover(commands), now=clock.now, draw=_draw)
        driver = DirectDriver(dispatcher, name="Ada", uid=person.id, locale=LOCALES[person.language])
        here = Sitting(person, folder, driver, clock)
        await here.begin()
        for step in log_of(folder):
            await here.take(step)
        yield here
    finally:
        await store.close()


def log_of(folder: Path) -> list[Step]:
    """The steps that were taken so far."""
    log = folder / "steps.jsonl"
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    read = [json.loads(line) for line in lines]
    return [Step(each["press"], each["select"], tuple(each["labels"])) for each in read]


def _in_words(said: str, every: Sequence[str]) -> str:
    """An option that was named by its number."""
    by_number = said not in every and said.isdecimal() and 1 <= int(said) <= len(every)
    return every[int(said) - 1] if by_number else said


async def _draw(_drawing: Sketch) -> bytes:
    return NO_PICTURE
