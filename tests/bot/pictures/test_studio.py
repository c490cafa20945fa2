"""Pictures beside the event loop: one worker, each once, the latest kept."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from bot.pictures import lettering
from bot.pictures.studio import Pictures
from commands.kit.drawing import Drawing, DrawnOutcome
from content.outcomes import Outcome
from content.text import Language


def named(person: str) -> Drawing:
    outcomes = (DrawnOutcome(Outcome.PLATFORM, "Platform", "tools"),)
    return Drawing(Language.EN, person, "Track", outcomes, (), "Not for hiring")


@pytest.fixture
def studio() -> Iterator[Pictures]:
    opened = Pictures()
    yield opened
    opened.close()


def hold_worker(studio: Pictures) -> threading.Event:
    """Keeps the worker busy until the event is set."""
    gate = threading.Event()
    studio._worker.submit(gate.wait)  # noqa: SLF001 - there is no other way to keep it busy
    return gate


async def test_many_who_want_the_same_at_once_get_one_drawing(studio: Pictures) -> None:
    drawn = await asyncio.gather(*(studio.draw(named("Ada")) for _ in range(64)))

    assert len(set(drawn)) == 1
    assert studio.drawn == 1


async def test_what_was_drawn_is_kept(studio: Pictures) -> None:
    first = await studio.draw(named("Ada"))

    assert await studio.draw(named("Ada")) is first
    assert await studio.draw(named("Bob")) != first
    assert studio.drawn == 2


async def test_no_more_is_kept_than_the_bytes_allow_and_the_oldest_goes_first() -> None:
    studio = Pictures(kept_bytes=60_000)
    for person in ("Ada", "Bob", "Cyd", "Ada", "Dan", "Eve"):
        await studio.draw(named(person))
    drawn = studio.drawn

    await studio.draw(named("Eve"))
    assert studio.drawn == drawn
    await studio.draw(named("Bob"))
    assert studio.drawn == drawn + 1
    studio.close()


async def test_the_loop_goes_on_while_a_picture_waits_to_be_drawn(studio: Pictures) -> None:
    gate = hold_worker(studio)
    waiting = asyncio.create_task(studio.draw(named("Ada")))
    turns = 0
    while turns < 100:
        await asyncio.sleep(0)
        turns += 1

    assert not waiting.done()
    gate.set()
    assert (await waiting).startswith(b"\x89PNG")


async def test_who_gives_up_takes_the_picture_from_nobody_else(studio: Pictures) -> None:
    gate = hold_worker(studio)
    one, other = (asyncio.create_task(studio.draw(named("Ada"))) for _ in range(2))
    await asyncio.sleep(0)
    one.cancel()
    await asyncio.wait({one})
    gate.set()

    assert (await other).startswith(b"\x89PNG")
    assert studio.drawn == 1


async def test_a_drawing_that_fails_is_told_and_tried_again_next_time(studio: Pictures) -> None:
    broken = Drawing(Language.EN, "Ada", "Track", (), (), "")
    for _time in range(2):
        with pytest.raises(IndexError):
            await studio.draw(broken)

    assert studio.drawn == 2
    assert (await studio.draw(named("Ada"))).startswith(b"\x89PNG")


def test_warming_up_draws_in_the_worker_and_returns_at_once() -> None:
    studio = Pictures()
    gate = hold_worker(studio)
    studio.warm_up()
    assert studio.drawn == 0
    gate.set()
    studio._worker.shutdown()  # noqa: SLF001 - what was asked for is done, unlike after `close`

    assert studio.drawn == 1


def test_that_nothing_can_be_drawn_is_logged_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(lettering.PACKAGES, "sans", "no_such_fonts")
    studio = Pictures()

    with capture_logs() as logs:
        studio.warm_up()
        studio._worker.shutdown()  # noqa: SLF001 - as above

    assert [entry["event"] for entry in logs] == ["pictures.cannot_be_drawn"]


def test_importing_it_opens_no_font_and_no_library() -> None:
    code = "import sys, bot.pictures.studio; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_what_is_forgotten_is_drawn_anew(studio: Pictures) -> None:
    await studio.draw(named("Ada"))
    studio.forget()
    await studio.draw(named("Ada"))

    assert studio.drawn == 2
