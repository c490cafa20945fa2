"""`/pmpath-mod points adjust`."""

from __future__ import annotations

import asyncio

import pytest

from commands.mod.points.adjust import read_number
from content.boards import Board, Season
from storage import appearances, audit, awards, boards, members
from storage.audit import Deed
from storage.awards import ADJUSTED, TAKEN_BACK
from storage.members import Me
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen
from tests.drivers.stored import claimed


@pytest.fixture
async def maya(chat: DirectDriver) -> Me:
    """A member who stands on boards."""
    driver = chat.other(uid="maya", name="Maya <b>")
    await driver.run("/pmpath home")
    me = await driver.me()
    await driver.dispatcher.store.write(appearances.show, me)
    return me


async def begin(moderator: DirectDriver, *people: str) -> Seen:
    await moderator.run("/pmpath-mod points adjust")
    await moderator.choose("person", *people)
    return await moderator.press("Next")


async def plan(moderator: DirectDriver, points: str, reason: str, person: str = "maya") -> Seen:
    await begin(moderator, person)
    await moderator.press("Points and reason")
    return await moderator.fill(points=points, reason=reason)


async def ledger(moderator: DirectDriver, me: Me) -> list[tuple[str, int, str | None]]:
    lines = await moderator.dispatcher.store.read(awards.mine, me, 0, 99)
    return [(line.deed, line.points, line.reason) for line in reversed(lines)]


async def week(moderator: DirectDriver, me: Me) -> int:
    """The points with which the member stands on the board of this week."""
    page = await moderator.dispatcher.store.read(boards.page, me, "UTC", Board.ALL, Season.WEEK)
    return sum(row.points for row in page.top if row.uid == me.uid)


async def test_members_are_told_no(chat: DirectDriver) -> None:
    assert (await chat.run("/pmpath-mod points adjust")).lines == ["Only moderators of this community can do that."]


async def test_a_folders_name_alone_opens_a_card(moderator: DirectDriver) -> None:
    assert "points adjust" in (await moderator.run("/pmpath-mod points")).buttons


async def test_points_are_given_with_a_reason_once_the_exact_effect_was_read(
    moderator: DirectDriver, maya: Me, clock: SetClock
) -> None:
    card = await plan(moderator, " + 15 ", "helped  at the meetup")
    assert card.lines[0] == "Maya <b> gets 15 points: helped at the meetup"
    assert await ledger(moderator, maya) == []

    reply = moderator.reply
    done = await moderator.press("Give 15 points")
    assert (done.title, done.lines) == ("Points adjusted", ["Maya <b> gets 15 points: helped at the meetup"])
    moderator.reply = reply
    assert (await moderator.press("Give 15 points")).lines[0].startswith("That was done before")

    assert await ledger(moderator, maya) == [(ADJUSTED, 15, "helped at the meetup")]
    assert await week(moderator, maya) == 15
    assert await claimed(moderator, clock) == []


async def test_of_many_presses_at_once_one_counts(moderator: DirectDriver, maya: Me) -> None:
    await plan(moderator, "-7", "sent by mistake")
    same = [moderator.other(reply=moderator.reply) for _number in range(8)]

    cards = await asyncio.gather(*(each.press("Take 7 points") for each in same))

    assert sorted(card.title for card in cards) == ["Not this time"] * 7 + ["Points adjusted"]
    assert await ledger(moderator, maya) == [(ADJUSTED, -7, "sent by mistake")]


async def test_a_button_drawn_for_something_else_does_nothing(
    moderator: DirectDriver, maya: Me, clock: SetClock
) -> None:
    await plan(moderator, "1", "first")
    reply = moderator.reply
    clock.move(seconds=1)
    await plan(moderator, "900", "second")
    moderator.reply = reply

    assert (await moderator.press("Give 1 point")).title == "Not this time"
    assert await ledger(moderator, maya) == []


async def test_undo_and_undo_of_the_undo_only_add_lines_to_the_ledger(moderator: DirectDriver, maya: Me) -> None:
    await plan(moderator, "15", "helped")
    await moderator.press("Give 15 points")
    card = await moderator.press("What moderators did")
    assert card.lines[0] == "Mo: Changed the points of Maya <b> by +15: helped"

    effects, weeks = [], []
    for _number in range(3):
        effects.append((await moderator.press("Undo")).lines[-1])
        card = await moderator.press("Undo")
        weeks.append(await week(moderator, maya))

    said = "The points of Maya <b> change by "
    assert effects == [f"{said}\N{MINUS SIGN}15.", f"{said}+15.", f"{said}\N{MINUS SIGN}15."]
    assert weeks == [0, 15, 0]
    assert card.lines[1] == "Mo: Undid: Changed the points of Maya <b> by +15: helped"
    assert [(deed, points) for deed, points, _why in await ledger(moderator, maya)] == [
        (ADJUSTED, 15), (TAKEN_BACK, -15), (TAKEN_BACK, 15), (TAKEN_BACK, -15),
    ]  # fmt: skip


async def test_after_thirty_days_it_stays(moderator: DirectDriver, maya: Me, clock: SetClock) -> None:
    await plan(moderator, "15", "helped")
    await moderator.press("Give 15 points")
    await moderator.run("/pmpath-mod audit")
    reply = moderator.reply
    clock.move(days=30)

    assert "Undo" not in (await moderator.run("/pmpath-mod audit")).buttons
    moderator.reply = reply
    assert (await moderator.press("Undo")).lines == ["This can no longer be undone."]


async def test_who_is_erased_takes_name_and_reason_out_of_the_audit(moderator: DirectDriver, maya: Me) -> None:
    await plan(moderator, "15", "helped Maya")
    await moderator.press("Give 15 points")
    await plan(moderator, "2", "more")
    planned = moderator.reply
    await moderator.dispatcher.store.write(members.forget, maya)

    card = await moderator.run("/pmpath-mod audit")
    assert card.lines[0] == "Mo: Changed the points of somebody no longer here by +15."
    assert "Undo" not in card.buttons
    page = await moderator.dispatcher.store.read(audit.of_community, maya.community, 0, 9)
    assert [(line.deed, sorted(line.ids)) for line in page.lines] == [(Deed.POINTS, ["award", "points"])]
    moderator.reply = planned
    assert (await moderator.press("Give 2 points")).title == "Not this time"


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ((), "Choose one person first."),
        (("maya", "mod"), "Choose one person first."),
        (("role:7",), "A role has no points: choose a person."),
        (("stranger",), "I have not met this person here yet: only those who have used pmpath here can have points."),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_cannot_have_points_is_said(
    moderator: DirectDriver, maya: Me, people: tuple[str, ...], said: str
) -> None:
    assert (await begin(moderator, *people)).lines == [said]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_is_written_wrong_is_said_and_can_be_corrected(moderator: DirectDriver, maya: Me) -> None:
    card = await plan(moderator, "0", " ")
    assert card.lines == [
        "Write a whole number, but not 0: at most 1,000, or -1,000 to take points.",
        "A reason has 1 to 200 characters.",
    ]
    await moderator.press("Correct it")
    assert (await moderator.fill(points="3", reason="r" * 201)).lines == ["A reason has 1 to 200 characters."]
    await moderator.press("Correct it")
    assert (await moderator.fill(points="3", reason="r" * 200)).title == "Adjust the points like this?"
    form = await moderator.press("Change it")
    assert form.fields == {"points": "+3", "reason": "r" * 200}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_no_card_tells_whether_the_member_hides_or_has_points(moderator: DirectDriver, maya: Me) -> None:
    async def cards() -> list[Seen]:
        return [await begin(moderator, "maya"), await plan(moderator, "5", "x"), await moderator.press("Give 5 points")]

    before = await cards()
    await moderator.dispatcher.store.write(appearances.hide, maya)
    assert await cards() == before


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("15", 15), ("+15", 15), ("-10", -10), ("\N{MINUS SIGN}10", -10), ("１５", 15), ("- 1000", -1000),
        ("1001", None), ("0", None), ("1.5", None), ("", None), ("ten", None), ("1_0", None), ("99999", None),
    ],
)  # fmt: skip
def test_numbers_are_read_in_whatever_form(written: str, read: int | None) -> None:
    assert read_number(written) == read
