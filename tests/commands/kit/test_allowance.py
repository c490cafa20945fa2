"""What one member and one community may ask of a process: refused from memory, at once, with a way on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import MappingProxyType

import pytest
from structlog.testing import capture_logs

from bot.pictures.studio import Pictures
from commands.kit.allowance import AT_ONCE, COSTLY_AT_ONCE, Allowance
from commands.kit.command import Action
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher, Reply
from commands.kit.press import Press
from commands.kit.request import CommunityKey, Context, Platform, Pressed, Request, Values, Words
from commands.kit.view import Card, View
from content.load import Content
from content.text import Language, _
from storage.store import Store
from tests.conftest import Faults, SetClock

HERE = CommunityKey(Platform.SLACK, "T1", "Here")
THERE = CommunityKey(Platform.SLACK, "T2", "There")
LIMIT_SECONDS = 30.0
NONE: Values = MappingProxyType({})


class Rehearsal:
    """A dispatcher whose `waits` action ends when `goes_on` is set; `running` are those inside."""

    def __init__(self, store: Store, content: Content, clock: SetClock, pictures: Pictures) -> None:
        self.goes_on = asyncio.Event()
        self.running, self.most = 0, 0
        self.arrived = asyncio.Condition()
        self.seconds = 0.0
        self.actions = {
            "t.waits": Action("t.waits", self._waits),
            "t.costly": Action("t.costly", self._waits, costly=True),
            "home": Action("home", self._home),
        }
        self.allowance = Allowance(under_way=6, share=3)
        self.dispatcher = Dispatcher(
            store, content, Registry({}, self.actions, {}), now=clock.now, draw=pictures.draw, allowance=self.allowance
        )

    async def _waits(self, ctx: Context) -> View:
        self.running += 1
        self.most = max(self.most, self.running)
        async with self.arrived:
            self.arrived.notify_all()
        await self.goes_on.wait()
        self.running -= 1
        return Card(_("Home"))

    async def _home(self, ctx: Context) -> View:
        return Card(_("Home"))

    async def ask(
        self,
        action: str = "home",
        uid: str = "u1",
        place: CommunityKey = HERE,
        values: Values = NONE,
        sitting: str = "",
    ) -> Reply:
        wire = Press(action).wire((await self.dispatcher.known.community(place, None)).id)
        call = Pressed(wire, form=bool(values))
        request = Request(place, uid, uid, call, self.seconds, Platform.SLACK, values=values, sitting=sitting)
        return await self.dispatcher.perform(self.dispatcher.decide(request))

    async def until(self, running: int) -> None:
        async with asyncio.timeout(LIMIT_SECONDS), self.arrived:
            await self.arrived.wait_for(lambda: self.running >= running)


@pytest.fixture
def rehearsal(store: Store, content: Content, clock: SetClock, pictures: Pictures, faults: Faults) -> Rehearsal:
    return Rehearsal(store, content, clock, pictures)


def title(reply: Reply) -> str:
    assert isinstance(reply.view, Card)
    return reply.view.title.en


async def test_who_presses_as_no_person_can_is_told_to_wait_and_nobody_else_is(rehearsal: Rehearsal) -> None:
    with capture_logs() as logged:
        said = [await rehearsal.ask() for _ in range(AT_ONCE + 20)]

    assert [title(reply) for reply in said] == ["Home"] * AT_ONCE + ["Not this time"] * 20
    assert [(line["event"], line["member"]) for line in logged] == [("limits.refused", 1)], "once a minute, not twenty"
    assert isinstance(said[-1].view, Card)
    assert [button.label.en for button in said[-1].view.buttons] == ["Home"], "a way on, by what memory knows"
    assert title(await rehearsal.ask(uid="u2")) == "Home"
    assert title(await rehearsal.ask(place=THERE)) == "Home", "the same id elsewhere is somebody else"
    sent = await rehearsal.ask(values={"words": ("written long",)})
    assert set(sent.fields) == {"words"}, "a form that can stay open keeps what was written"
    rehearsal.seconds += 1.0
    assert [title(await rehearsal.ask()) for _ in range(3)] == ["Home", "Home", "Not this time"], "two a second"


async def test_who_sits_as_the_same_member_is_told_apart(rehearsal: Rehearsal) -> None:
    said = [await rehearsal.ask(sitting=f"page-{n % 2}") for n in range(2 * AT_ONCE + 2)]

    assert [title(reply) for reply in said] == ["Home"] * 2 * AT_ONCE + ["Not this time"] * 2


async def test_a_refused_call_reads_nothing(rehearsal: Rehearsal) -> None:
    for _each in range(AT_ONCE):
        await rehearsal.ask(uid="u9", place=THERE)
    await rehearsal.dispatcher.store.close()

    refused = await rehearsal.ask(uid="u9", place=THERE)

    assert title(refused) == "Not this time"
    assert refused.language is Language.EN


async def test_one_community_leaves_room_for_the_others(rehearsal: Rehearsal) -> None:
    held = [asyncio.ensure_future(rehearsal.ask("t.waits", f"u{each}")) for each in range(3)]
    await rehearsal.until(3)

    assert title(await rehearsal.ask(uid="another")) == "Not this time"
    assert title(await rehearsal.ask(uid="another", place=THERE)) == "Home"
    rehearsal.goes_on.set()
    assert [title(reply) for reply in await asyncio.gather(*held)] == ["Home"] * 3
    assert title(await rehearsal.ask(uid="another")) == "Home", "what has ended makes room"


async def test_what_is_costly_is_made_one_at_a_time_for_a_member(rehearsal: Rehearsal) -> None:
    asked = [asyncio.ensure_future(rehearsal.ask("t.costly")) for _ in range(3)]
    done, waiting = await asyncio.wait(asked, timeout=LIMIT_SECONDS, return_when=asyncio.FIRST_COMPLETED)

    assert [title(each.result()) for each in done] == ["Not this time"]
    await rehearsal.until(1)
    rehearsal.goes_on.set()
    assert [title(each) for each in await asyncio.gather(*waiting)] == ["Home"] * 2, "a second press is taken as well"
    assert rehearsal.most == 1


async def test_what_is_costly_is_made_for_a_few_at_once(
    store: Store, content: Content, clock: SetClock, pictures: Pictures, faults: Faults
) -> None:
    rehearsal = Rehearsal(store, content, clock, pictures)
    rehearsal.dispatcher.allowance = Allowance()
    asked = [asyncio.ensure_future(rehearsal.ask("t.costly", f"u{each}")) for each in range(COSTLY_AT_ONCE + 3)]
    await rehearsal.until(COSTLY_AT_ONCE)

    assert title(await rehearsal.ask(uid="another")) == "Home", "what is quick does not wait for it"
    rehearsal.goes_on.set()
    await asyncio.gather(*asked)
    assert rehearsal.most == COSTLY_AT_ONCE


NUL, HALF = "\x00", "\ud800"


@pytest.mark.parametrize("sign", [NUL, HALF, f"{HALF}{NUL}"], ids=["nul", "half", "both"])
async def test_what_no_database_keeps_is_left_out_on_both_alike(rehearsal: Rehearsal, sign: str) -> None:
    kept: list[tuple[str, Values]] = []

    async def keeps(ctx: Context) -> View:
        kept.append((ctx.me.name, ctx.values))
        return Card(_("Home"))

    dispatcher = rehearsal.dispatcher
    rehearsal.actions["t.keeps"] = Action("t.keeps", keeps)
    place = replace(HERE, name=f"He{sign}re")
    call = Pressed(Press("t.keeps").wire(1), form=True)
    values = {f"wo{sign}rds": (f"a{sign}b 😀",)}
    asked = Request(place, "u1", f"A{sign}da" + "x" * 500, call, 0.0, Platform.SLACK, values=values)
    reply = await dispatcher.perform(dispatcher.decide(asked))

    assert title(reply) == "Home"
    assert kept == [("Ada" + "x" * 97, {"words": ("ab 😀",)})]
    typed = Request(place, "u1", "Ada", Words("pmpath", f"no{sign}where"), 0.0, Platform.SLACK)
    assert title(await dispatcher.perform(dispatcher.decide(typed))) == "Not this time"


@pytest.mark.parametrize(
    "values",
    [
        {"words": ("x" * 4_001,)},
        {"words": ("x" * 1_000_000,)},
        {"x" * 5_000: ("words",)},
        {str(each): ("x",) for each in range(31)},
        {"people": tuple(map(str, range(101)))},
    ],
    ids=["long", "huge", "name", "fields", "chosen"],
)
async def test_more_than_could_be_written_is_refused_before_anything_is_kept(
    rehearsal: Rehearsal, values: Values
) -> None:
    reply = await rehearsal.ask("t.waits", values=values)

    assert title(reply) == "Not this time"
    assert rehearsal.most == 0
