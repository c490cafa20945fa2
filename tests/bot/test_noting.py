"""Who only reads is seen too, beside the answer and once a day; Home tells who was away for years."""

from __future__ import annotations

import asyncio
import datetime as dt
from contextlib import AsyncExitStack

from bot.clock import Stop, real_now
from bot.metrics.measures import Measures
from bot.noting import note_seen
from bot.pictures.studio import SAMPLE, Pictures
from bot.program import Builder
from bot.settings import Settings
from commands.kit.discover import Registry
from commands.kit.press import Press
from commands.kit.request import Pressed
from content.load import Content
from content.text import Language
from storage import communities, fading, members
from storage.fading import KEPT_UNSEEN, NOTICE
from storage.members import Me
from storage.moments import micros
from storage.store import Store
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver


async def noted(chat: DirectDriver) -> dt.timedelta | None:
    """How long ago they were seen last, once everything that waits to be noted is."""
    store, seen, stop = chat.dispatcher.store, chat.dispatcher.seen, Stop()
    noting = asyncio.create_task(note_seen(store, seen, stop))
    for _turn in range(1000):
        if not seen.waits:
            break
        await asyncio.sleep(0.01)
    stop.tell()
    await asyncio.wait_for(noting, 20)
    found = await store.read(members.find, await chat.me())
    now = micros(chat.dispatcher.now())
    return None if found is None else dt.timedelta(microseconds=now - found.seen_at)


async def test_who_only_reads_is_noted_beside_the_answer_once_a_day(chat: DirectDriver, clock: SetClock) -> None:
    await chat.run("/pmpath help")
    assert not chat.dispatcher.seen.waits
    assert await noted(chat) is None  # nobody is stored for a look

    await chat.dispatcher.store.write(members.set_language, await chat.me(), Language.EN)
    clock.move(hours=23)
    await chat.run("/pmpath help")
    assert not chat.dispatcher.seen.waits
    clock.move(hours=2)
    waits = [(await chat.run("/pmpath track platform"), chat.dispatcher.seen.waits)[1] for _again in range(3)]
    assert waits == [1, 1, 1]
    assert await noted(chat) == dt.timedelta()
    clock.move(hours=1)
    await chat.run("/pmpath help")
    assert not chat.dispatcher.seen.waits
    await chat.dispatcher.store.write(members.forget, await chat.me())
    clock.move(days=2)
    await chat.run("/pmpath help")
    assert await noted(chat) is None


async def test_home_says_once_what_would_have_been_to_who_comes_back(
    chat: DirectDriver, store: Store, clock: SetClock
) -> None:
    me = await chat.me()
    await store.write(members.ensure, me)
    await chat.run("/pmpath help")  # so that they are in memory
    clock.move(days=KEPT_UNSEEN.days)
    while await store.write(fading.mark):
        pass
    clock.move(days=NOTICE.days - 1)

    assert "away" not in (await chat.run("/pmpath help")).lines[0]
    await noted(chat)
    await chat.run("/pmpath language")
    home = await chat.run("/pmpath home")
    assert home.lines[0].startswith("You were away for 24 months. Everything about you would have been erased on ")
    assert "away" not in (await chat.run("/pmpath home")).lines[0]

    clock.move(days=NOTICE.days)
    assert not await store.write(fading.erase)
    assert await store.read(members.find, me) is not None


async def test_the_quiet_button_leaves_the_notice_for_the_next_home(
    chat: DirectDriver, store: Store, clock: SetClock
) -> None:
    await chat.run("/pmpath home")
    speak = chat.wire(Press("home.speak", (Language.ZH,)))
    await store.write(members.ensure, await chat.me())
    clock.move(days=KEPT_UNSEEN.days)
    while await store.write(fading.mark):
        pass

    assert "24 个月" not in (await chat.call(Pressed(speak))).lines[0]
    assert "24 个月" in (await chat.run("/pmpath home")).lines[0]


async def test_the_program_draws_no_picture_from_memory_once_somebody_is_erased(
    sqlite_url: str, content: Content, registry: Registry
) -> None:
    async with AsyncExitStack() as stack:
        pictures = Pictures()
        stack.callback(pictures.close)
        builder = Builder(Settings.read({}, None), content, registry, pictures, Measures(registry), stack)
        store = (await builder.dispatcher("main", sqlite_url, real_now)).store
        here = await store.write(communities.seen, "discord", "guild-1", "Makers", Language.EN)
        me = Me(here.id, "u1", "Ada")
        for step, drawn in ((members.ensure, 1), (members.forget, 2)):
            await store.write(step, me)
            await pictures.draw(SAMPLE)
            assert pictures.drawn == drawn
