"""Members who were deactivated in a workspace drop out of its boards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot import attendance
from bot.pictures.studio import Pictures
from bot.slack.client import SlackSurface
from bot.slack.declare import SCOPES
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from content.load import Content
from storage import communities
from storage.store import Store
from tests.bot.board import Standing, looking, with_board
from tests.bot.slack.conftest import Workspace, access, served
from tests.bot.slack.rehearsal import Rehearsal
from tests.conftest import Faults, SetClock
from tests.fakes.slack import FakeSlack, SlackMember

UIDS = ("U0ADA0001", "U0BOB0002", "U0CYC0003", "U0DAX0004")


@pytest.fixture
def dispatcher(
    store: Store, content: Content, registry: Registry, clock: SetClock, pictures: Pictures, faults: Faults
) -> Dispatcher:
    return Dispatcher(store, content, with_board(registry), now=clock.now, draw=pictures.draw)


@pytest.fixture
async def workspace(dispatcher: Dispatcher, rehearsal: Rehearsal, faults: Faults) -> AsyncIterator[Workspace]:
    """Over Socket Mode alone: questions go the same way in both modes."""
    async with FakeSlack() as fake:
        team = fake.install(scopes=SCOPES)
        ada, *_others = [SlackMember(fake, team, uid, uid[2:5]) for uid in UIDS]
        surface = SlackSurface(access(fake, team, socket=True), dispatcher)
        async with served(fake, surface, socket=True) as running:
            yield Workspace(fake, team, ada, surface, dispatcher, rehearsal, faults, running)
        assert fake.breaches == []


@pytest.fixture
async def standing(workspace: Workspace) -> Standing:
    """Ada, Bob, Cyc and Dax on the board of their workspace, in this order."""
    await workspace.ada.command("/pmpath")
    store = workspace.dispatcher.store
    found = await store.read(communities.find, "slack", workspace.team.id)
    assert found is not None
    standing = Standing(store, found.id)
    for tips, uid in enumerate(reversed(UIDS), 1):
        await standing.enter(uid, uid[2:5], tips)
    workspace.fake.calls.clear()
    return standing


def asked(workspace: Workspace) -> list[str]:
    return sorted(call.body["user"] for call in workspace.fake.called("users.info"))


async def look(workspace: Workspace) -> list[str]:
    return (await workspace.ada.command("/pmpath board")).lines[1:]


async def test_who_was_deactivated_is_gone_at_the_next_view_and_guests_stay(
    workspace: Workspace, standing: Standing, clock: SetClock
) -> None:
    people = workspace.team.people
    people[UIDS[1]].gone = True
    people[UIDS[2]].guest = True
    del people[UIDS[3]]
    async with looking(workspace.dispatcher.store, workspace.surface):
        assert await look(workspace) == ["1. ADA", "2. BOB", "3. CYC", "4. DAX"]
        await standing.settled(*UIDS)
        assert await look(workspace) == ["1. ADA", "2. CYC"]
        assert asked(workspace) == sorted(UIDS)

        people[UIDS[1]].gone = False
        await standing.speaks(UIDS[1], "BOB")
        clock.move(days=1)
        await look(workspace)
        await standing.settled(*UIDS[:3])
        assert await look(workspace) == ["1. ADA", "2. BOB", "3. CYC"]


@pytest.mark.parametrize(
    "fault",
    [{"error": "user_not_visible"}, {"error": "internal_error"}, {"status": 503}, {"status": 429, "retry_after": 60}],
    ids=lambda fault: str(fault.get("error", fault.get("status"))),
)
async def test_what_slack_does_not_say_changes_nothing(
    workspace: Workspace, standing: Standing, fault: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    # the half minute after a failure would be this test's own
    monkeypatch.setattr(attendance, "AGAIN_SECONDS", 0.0)
    workspace.team.people[UIDS[1]].gone = True
    workspace.fake.fail_next("users.info", len(UIDS), **fault)  # type: ignore[arg-type]  # each by its own name
    async with looking(workspace.dispatcher.store, workspace.surface):
        await look(workspace)
        met = 1 if fault.get("status") == 429 else len(UIDS)  # the pause that Slack asks for is kept
        await workspace.fake.until(lambda: len(asked(workspace)) == met)
        await asyncio.sleep(0.05)  # for what must not happen
        assert asked(workspace) == list(UIDS[:met])  # nobody asked again at once
        assert await standing.on_board() == list(UIDS)
        assert await standing.open(*UIDS) == list(UIDS)
