"""Members who leave a server drop out of its boards, though no privileged intent tells of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from bot import attendance
from commands.kit.discover import Registry
from tests.bot.board import Standing, looking, with_board
from tests.bot.discord.conftest import Scene
from tests.conftest import SetClock
from tests.fakes.discord import DiscordMember, Fault


@pytest.fixture
def rehearsed(registry: Registry) -> Registry:
    return with_board(registry)


@dataclass(frozen=True, slots=True)
class Three:
    """Ada, Bo and Cy on the board of their server, in this order."""

    scene: Scene
    standing: Standing
    bo: DiscordMember
    uids: tuple[str, str, str]

    async def look(self) -> list[str]:
        """The board as Ada is shown it."""
        return (await self.scene.ada.command("/pmpath board")).lines[1:]

    @property
    def answered(self) -> set[str]:
        """The questions to which Discord has answered something."""
        return {call.path for call in self.scene.fake.calls("member") if call.status}

    @property
    def asked(self) -> int:
        return len(self.scene.fake.calls("member"))


@pytest.fixture
async def three(scene: Scene) -> Three:
    await scene.ada.command("/pmpath home")
    standing = Standing(scene.dispatcher.store, (await scene.community()).id)
    bo, cy = scene.fake.member("Bo"), scene.fake.member("Cy")
    for tips, person in enumerate((cy, bo, scene.ada), 1):
        await standing.enter(str(person.uid), person.user.name, tips)
    return Three(scene, standing, bo, (str(scene.ada.uid), str(bo.uid), str(cy.uid)))


async def test_who_left_is_gone_at_the_next_view_and_back_when_they_do_something(three: Three, clock: SetClock) -> None:
    async with looking(three.scene.dispatcher.store, three.scene.surface):
        three.bo.leave()
        assert await three.look() == ["1. Ada", "2. Bo", "3. Cy"]
        await three.standing.settled(*three.uids)
        assert await three.look() == ["1. Ada", "2. Cy"]
        assert await three.look() == ["1. Ada", "2. Cy"]
        assert three.asked == 3  # nobody twice

        clock.move(days=1)
        await three.look()
        await three.standing.settled(three.uids[0], three.uids[2])
        assert three.asked == 5  # who is gone is not named, and not asked for

        await three.standing.does(three.uids[1], "Bo", "another")
        assert sorted(await three.look()) == ["1. Ada", "1. Bo", "3. Cy"]
        clock.move(days=1)
        await three.look()
        await three.standing.settled(*three.uids)
        assert await three.look() == ["1. Ada", "2. Cy"]  # from elsewhere: still not in the server

        three.bo.come_back()
        await three.standing.speaks(three.uids[1], "Bo")
        clock.move(days=1)
        await three.look()
        await three.standing.settled(*three.uids)
        assert sorted(await three.look()) == ["1. Ada", "1. Bo", "3. Cy"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault.refusing(403, 50001),
        Fault.refusing(404, 0),
        Fault.failing(503),
        Fault.breaking(),
        Fault.rate_limited(60),
    ],
    ids=["no access", "a proxy's own 404", "down", "cut", "limited"],
)
async def test_what_discord_does_not_say_changes_nothing_and_is_asked_again(
    three: Three, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the half minute after a failure would be this test's own
    monkeypatch.setattr(attendance, "AGAIN_SECONDS", 0.0)
    scene = three.scene
    three.bo.leave()
    scene.fake.order("member", fault, times=99)
    async with looking(scene.dispatcher.store, scene.surface):
        await three.look()
        answered = 1 if fault.retry_after else 3  # the pause that Discord asks for is kept
        await scene.fake.world.until(lambda: len(three.answered) == answered, 30)
        await asyncio.sleep(0.05)  # for what must not happen
        assert await three.standing.on_board() == list(three.uids)
        assert len(await three.standing.open(*three.uids)) == 3
        assert len(three.answered) == answered
        if fault.retry_after is None:
            scene.fake.rest.forget_faults()
            await three.look()
            await three.standing.settled(*three.uids)
            assert await three.look() == ["1. Ada", "2. Cy"]


async def test_no_answer_and_no_stop_waits_for_a_question_that_hangs(three: Three) -> None:
    scene = three.scene
    scene.fake.order("member", Fault.slow(300))
    async with looking(scene.dispatcher.store, scene.surface):
        for _ in range(3):
            answer = await scene.ada.command("/pmpath board")
            assert not answer.deferred
        await scene.fake.world.until(lambda: three.asked == 1, 30)
    assert len(await three.standing.open(*three.uids)) == 3
