"""A community on a real database, whose every row is compared where something was refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from sqlalchemy import select

from bot.pictures.studio import Pictures
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher, Reply
from commands.kit.view import Card
from content.load import Content
from content.text import Language
from storage import communities, invitations
from storage.invitations import Named
from storage.store import Store
from storage.tables import metadata
from storage.unit import Unit
from tests.conftest import Faults, SetClock
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import own_tip, tip_out
from tests.storage.mentoring import mentee, mentor

REFUSALS = frozenset({"Not this time", "Not saved yet", "Something went wrong on our side"})
KEPT_AT_A_REFUSAL = frozenset({"draft", "member", "community_view"})
"""What somebody wrote, with whose it is, for *Correct it*; and that a community was counted."""
Rows = dict[str, list[tuple[Any, ...]]]


class Crash(AssertionError):
    """A fault of ours that invented input has found."""


@dataclass(frozen=True, slots=True, repr=False)
class Ours:
    """What there is to be named rightly. Hypothesis says what it is given, so this has few words for itself."""

    content: Content
    registry: Registry
    pictures: Pictures


@dataclass(slots=True)
class Ground:
    """What invented input falls upon."""

    url: str
    ours: Ours
    faults: Faults
    clock: SetClock = field(default_factory=SetClock)
    store: Store = field(init=False)
    dispatcher: Dispatcher = field(init=False)
    ada: DirectDriver = field(init=False)
    refused: int = 0
    done: int = 0

    async def open(self) -> Self:
        self.store = await Store.open(self.url, now=self.clock.now, points=self.ours.content.points)
        ours, now = self.ours, self.clock.now
        self.dispatcher = Dispatcher(self.store, ours.content, ours.registry, now=now, draw=ours.pictures.draw)
        self.ada = DirectDriver(self.dispatcher)
        return self

    async def close(self) -> None:
        await self.store.close()

    async def settle(self) -> None:
        """Somebody with a result, a mentor, an ask, tips; so that the low numbers are rows that there are."""
        ada, bo, mo = (self.ada.other(uid=uid, name=uid) for uid in ("u1", "u2", "u3"))
        for person in (ada, bo):
            await answer_all(person, {"background": [0]}, letter="B")
        tip = await own_tip(ada, en=("Ask first", "Ask one person today."), zh=("先问一句", "今天先问一个人。"))
        for weeks, each in enumerate((tip, "p-one-page")):
            await tip_out(ada, each, days_ago=7 * weeks)
        await own_tip(ada, en=("Ask second", "Ask two people today."))
        await mentor(self.store, await mo.me())
        await mentee(self.store, await ada.me())
        await self.store.write(invitations.invite, (await ada.me()).community, [Named("u4", {})])

    async def id_of(self, platform: str, ext_id: str) -> str:
        """Ours, of a community that has been seen."""
        found = await self.store.read(communities.find, platform, ext_id)
        assert found is not None
        return str(found.id)

    async def rows(self) -> Rows:
        """All that the database holds."""
        return await self.store.read(_rows)

    def raise_faults(self) -> None:
        """What was logged as an error of ours ends the run."""
        if self.faults.entries:
            told = "\n".join(str(entry.get("exception", entry)) for entry in self.faults.entries)
            self.faults.entries.clear()
            raise Crash(told)


def _rows(unit: Unit) -> Rows:
    return {
        table.name: sorted(map(tuple, unit.execute(select(table)).all()), key=repr) for table in metadata.sorted_tables
    }


def changed(before: Rows, after: Rows) -> set[str]:
    """The tables that are not as they were."""
    return {name for name, rows in before.items() if rows != after[name]}


def is_refused(content: Content, reply: Reply) -> bool:
    """Whether a reply says no."""
    view = reply.view
    return isinstance(view, Card) and content.catalogue.say(view.title, Language.EN) in REFUSALS
