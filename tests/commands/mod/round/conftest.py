"""A community on the eve of a matching day, and what a worker would have found."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from commands.mentor.matching.pair import TICKS
from content.left_over import LeftOver
from storage import round_pairs, round_running, rounds
from storage.members import Me
from storage.round_figures import Figures
from storage.store import Store
from tests.drivers.direct import DirectDriver
from tests.storage.matching import claimed, offers, waits
from tests.storage.mentoring import waiting

OWNER = "keeper"
PARTS = ((30, 35, 15, 10, 10), (12, 11, 7.5, 7, 0), (0, 35 / 3, 5, 2, 10))
KIND = {
    "tracks": ["platform"], "skills": ["kubernetes"], "weekday": 0, "weekend": 0b111111 << 36, "languages": ["en"],
    "seniority": 3, "capacity": 3, "mentors": 2, "matches": 6,
}  # fmt: skip


@dataclass(slots=True)
class Eve:
    """Three pairs that a worker finds, and two who are left over."""

    store: Store
    me: Me
    pairs: list[tuple[int, int]] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    pace: float = 5.0

    async def work_out(self) -> int:
        found = await claimed(self.store, owner=OWNER)
        assert found is not None
        rows = []
        for pair, points in zip(self.pairs, PARTS, strict=False):
            parts = [int(each * TICKS) for each in points]
            rows.append((*pair, sum(parts), parts))
        why = {LeftOver.PLACES: 1, LeftOver.HOURS: 1} if self.left else {}
        left = [(member, word.value) for member, word in zip(self.left, why, strict=False)]
        assert await self.store.write(round_pairs.keep, found.id, OWNER, rows, left)
        score = sum(row[2] for row in rows)
        figures = Figures(
            matched=len(rows), waiting=len(rows) + len(left), mentors=3, places=3, score=score, bound=score + 1,
            gap=0.0001, worst=min((row[2] for row in rows), default=0), proven=True, left=why, pace=self.pace,
        )  # fmt: skip
        compass = [KIND] if self.left else []
        assert await self.store.write(rounds.solved, found.id, OWNER, figures, "d" * 64, compass)
        return found.id

    async def run_out(self, round_id: int) -> None:
        while await self.store.write(round_running.step, round_id, lambda _terms, _wanted: True):
            pass

    async def waiting(self) -> dict[str, int]:
        return {each.name: each.rounds for each in await self.store.read(waiting, self.me.community)}


@pytest.fixture
async def eve(store: Store, moderator: DirectDriver) -> Eve:
    return await eve_of(store, await moderator.me())


async def eve_of(store: Store, me: Me) -> Eve:
    mentors = [await offers(store, me, name) for name in ("Mina *star*", "Noor", "=Olga")]
    found = Eve(store, me)
    for name, mentor in zip(("Bo", "Cem", "<b>Dana"), mentors, strict=True):
        found.pairs.append((await waits(store, me, name), mentor.member))
    found.left = [await waits(store, me, name) for name in ("Eli", "Fay")]
    return found
