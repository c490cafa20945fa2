"""The boards' card of moderators: who is left off."""

from __future__ import annotations

import asyncio

import pytest

from content.boards import Board, Season
from storage import adjusting, appearances, audit, awards, boards, members, moderating
from storage.appearances import Appearance
from storage.audit import Deed, Undone
from storage.members import Me
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen


async def standing(moderator: DirectDriver, uid: str, points: int = 5) -> Me:
    """A member who stands on boards."""
    me = Me((await moderator.me()).community, uid, uid.title())
    store = moderator.dispatcher.store
    await store.write(appearances.show, me)
    found = await store.read(members.find, me)
    assert found is not None
    await store.write(awards.adjust, found.id, points, "x")
    return me


async def on_board(moderator: DirectDriver) -> list[str]:
    page = await moderator.dispatcher.store.read(boards.page, await moderator.me(), "UTC", Board.ALL, Season.WEEK)
    assert page.total == len(page.top)
    return [row.uid for row in page.top]


async def leave_out(moderator: DirectDriver, *people: str) -> Seen:
    await moderator.run("/pmpath-mod settings")
    await moderator.press("Who is left off, and the digest")
    await moderator.choose("left_out", *people)
    return await moderator.press("Save")


async def undo(moderator: DirectDriver) -> Seen:
    """The newest line is undone; answers what was asked first."""
    await moderator.run("/pmpath-mod audit")
    asked = await moderator.press("Undo")
    await moderator.press("Undo")
    return asked


async def test_who_is_left_off_stands_on_no_board_until_that_is_undone(moderator: DirectDriver) -> None:
    for uid, points in (("ann", 9), ("bob", 7), ("cid", 5)):
        await standing(moderator, uid, points)

    card = await leave_out(moderator, "ann", "cid", "stranger")

    assert card.lines[0].startswith("Saved, but for 1 person whom I have not met here yet")
    assert "2 people are left off." in card.lines
    settings = await moderator.run("/pmpath-mod settings")
    assert {"2 people are left off.", "Digest: none goes out"} <= {*settings.lines}
    assert await on_board(moderator) == ["bob"]
    assert "Mo: Left 2 people off the boards." in (await moderator.run("/pmpath-mod audit")).lines

    assert (await undo(moderator)).lines[-1] == "2 people can stand on boards again."
    assert await on_board(moderator) == ["ann", "bob", "cid"]
    assert (await undo(moderator)).lines[-1] == "2 people are left off the boards again."
    assert await on_board(moderator) == ["bob"]

    assert (await leave_out(moderator)).lines[0] == "Saved."
    assert await on_board(moderator) == ["ann", "bob", "cid"]


async def test_an_undo_leaves_what_members_chose_since_and_who_was_erased(
    moderator: DirectDriver, clock: SetClock
) -> None:
    store, mo = moderator.dispatcher.store, await moderator.me()
    people = [await standing(moderator, uid) for uid in ("ann", "bob", "cid", "dan")]
    new = Me(mo.community, "eve", "Eve")
    await store.write(members.ensure, new)
    clock.move(hours=1)
    await store.write(adjusting.leave_out, mo, [*(each.uid for each in people), "eve"])
    clock.move(hours=1)
    await store.write(appearances.hide, people[1])
    await store.write(appearances.show, new)
    gone = await store.write(members.ensure, people[2])
    await store.write(members.forget, people[2])
    await store.write(appearances.looked_for, mo.community, ["ann"], ["dan"])

    line = (await store.read(audit.of_community, mo.community, 0, 1)).lines[0]
    assert isinstance(await store.write(moderating.undo, mo, line.id), Undone)

    page = await store.read(audit.of_community, mo.community, 0, 9)
    kept = [change.key["member_id"] for each in page.lines for change in each.changes]
    assert len(kept) == 8  # of four, in the line and in its undo; nothing of who was erased
    assert gone not in kept
    assert await on_board(moderator) == ["ann"]
    found = [await store.read(appearances.mine, me) for me in (people[1], new, people[3])]
    assert found == [
        Appearance(False, left_out=False, away=False),
        Appearance(True, left_out=False, away=False),
        Appearance(True, left_out=False, away=True),
    ]


async def test_points_that_are_given_while_an_undo_runs_are_on_boards_once(moderator: DirectDriver) -> None:
    store, mo = moderator.dispatcher.store, await moderator.me()
    me = await standing(moderator, "ann", 1)
    found = await store.read(members.find, me)
    assert found is not None
    await store.write(adjusting.leave_out, mo, ["ann"])
    line = (await store.read(audit.of_community, mo.community, 0, 1)).lines[0]

    gifts = [store.write(awards.adjust, found.id, 1, "x") for _number in range(12)]
    await asyncio.gather(*gifts[:6], store.write(moderating.undo, mo, line.id), *gifts[6:])

    page = await store.read(boards.page, mo, "UTC", Board.ALL, Season.EVER)
    assert [row.points for row in page.top] == [13]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_role_is_refused_and_what_changes_nothing_is_no_line(moderator: DirectDriver) -> None:
    card = await leave_out(moderator, "role:7")
    assert card.lines == ["A role can't be left off the boards: choose the people."]
    await moderator.press("Boards and digest")
    await moderator.choose("left_out", "stranger")
    await moderator.press("Save")

    page = await moderator.dispatcher.store.read(audit.of_community, (await moderator.me()).community, 0, 9)
    assert Deed.LEFT_OUT not in [line.deed for line in page.lines]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_card_is_for_moderators(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath-mod settings")
    member = moderator.other(uid="u1", moderator=False, reply=moderator.reply)

    assert (await member.press("Who is left off, and the digest")).title == "Not this time"
