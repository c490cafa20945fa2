"""What there is to be fuzzed: for each target what is invented, and what must be true of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from bot.access import Access
from tests.conftest import Faults
from tests.fuzz import files, gateway, http, page, talk
from tests.fuzz.ground import Ground, Ours


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a target runs."""

    url: str
    folder: Path
    ours: Ours
    faults: Faults


@dataclass(slots=True)
class Check:
    """What is done with each example; how many there were, and how many were refused."""

    take: Callable[[Any], bool | None]
    done: int = 0
    refused: int = 0

    def __call__(self, example: Any) -> None:
        self.done += 1
        self.refused += bool(self.take(example))


Open = Callable[[Setting], contextlib.AbstractContextManager[Check]]


@dataclass(frozen=True, slots=True)
class Target:
    """`kept` examples run in the suite: as many as find what was found once, in a second or two."""

    invented: Callable[[Ours], SearchStrategy[Any]]
    open: Open
    kept: int


def _on_ground(
    begin: Callable[[Ground], Coroutine[Any, Any, tuple[Any, Callable[[Any], Coroutine[Any, Any, None]]]]],
) -> Open:
    """With a settled community; what `begin` opens beside it is closed first."""

    @contextlib.contextmanager
    def open_ground(setting: Setting) -> Iterator[Check]:
        ground = Ground(setting.url, setting.ours, setting.faults)
        with asyncio.Runner() as runner:
            runner.run(ground.open())
            runner.run(ground.settle())
            beside, answers = runner.run(begin(ground))

            def take(example: Any) -> bool:
                before = ground.refused
                runner.run(answers(example))
                return ground.refused > before

            try:
                yield Check(take)
            finally:
                if beside is not None:
                    runner.run(beside.close())
                runner.run(ground.close())

    return open_ground


async def _talk(ground: Ground) -> tuple[None, Callable[[talk.Said], Coroutine[Any, Any, None]]]:
    return None, lambda one: talk.answered(ground, one)


async def _page(ground: Ground) -> tuple[page.Page, Callable[[str], Coroutine[Any, Any, None]]]:
    opened_page = page.Page(ground)
    await opened_page.open(Access(None, always=False))
    return opened_page, opened_page.framed


async def _port(ground: Ground) -> tuple[http.Port, Callable[[http.Asked], Coroutine[Any, Any, None]]]:
    port = http.Port(ground)
    await port.open()
    return port, port.answers


async def _gateway(ground: Ground) -> tuple[gateway.Connection, Callable[[gateway.Sent], Coroutine[Any, Any, None]]]:
    connection = gateway.Connection(ground)
    await connection.open()
    return connection, connection.answers


def _on_files(work: Callable[[Setting, Any], bool]) -> Open:
    @contextlib.contextmanager
    def open_files(setting: Setting) -> Iterator[Check]:
        yield Check(lambda example: work(setting, example))

    return open_files


TARGETS = {
    "talk": Target(talk.said, _on_ground(_talk), 60),
    "page": Target(page.frame, _on_ground(_page), 40),
    "http": Target(http.asked, _on_ground(_port), 60),
    "slack": Target(http.from_slack, _on_ground(_port), 30),
    "discord": Target(gateway.sent, _on_ground(_gateway), 40),
    "pack": Target(files.pack, _on_files(lambda at, one: files.packed(at.folder, one)), 6),
    "table": Target(files.table, _on_files(lambda at, one: files.tabled(at.ours, at.folder / "given", one)), 60),
    "answers": Target(
        files.lines_of(files.ANSWERS), _on_files(lambda at, one: files.answers(at.ours, at.folder / "given", one)), 60
    ),
    "sheets": Target(
        files.lines_of(files.SHEET), _on_files(lambda at, one: files.sheets(at.ours, at.folder / "given", one)), 60
    ),
    "round": Target(
        files.lines_of(files.ROUND),
        _on_files(lambda at, one: files.round_solved(at.ours, at.folder / "given", one)),
        60,
    ),
}


@contextlib.contextmanager
def opened(setting: Setting, name: str) -> Iterator[Check]:
    """The target, ready to be given examples."""
    with TARGETS[name].open(setting) as check:
        yield check


def found_by(
    target: Target, setting: Setting, check: Check, profile: settings, seed: int | None = None
) -> Callable[[], None]:
    """A run of the target's examples. One that fails is not made smaller: what went before has changed the database."""

    @settings(profile, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(target.invented(setting.ours))
    def run(example: Any) -> None:
        check(example)

    return hypothesis.seed(seed)(run) if seed is not None else run
