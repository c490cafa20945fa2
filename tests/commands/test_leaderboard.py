"""`/pmpath leaderboard`."""

from __future__ import annotations

import pytest

from commands import board_card
from commands.kit.view import Card
from content.boards import Board, Season
from content.load import Content
from content.outcomes import Outcome
from content.points import Deed
from content.text import Language
from storage import appearances, awards, members
from storage.appearances import Appearance
from storage.boards import Page, Row
from storage.my_place import MyPlace
from storage.unit import Unit
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.test_every_view import DRAWS


async def stands(chat: DirectDriver, uid: str, points: int, name: str = "", *, shown: bool = True) -> DirectDriver:
    """A member with so many points, from deeds whatever they are."""
    other = chat.other(uid=uid, name=name or uid.title())
    me = await other.me()

    def give(unit: Unit) -> None:
        awards.adjust(unit, members.ensure(unit, me), points, "for the test")
        if shown:
            appearances.show(unit, me)

    await chat.dispatcher.store.write(give)
    return other


async def did(chat: DirectDriver, outcome: Outcome, key: str) -> None:
    """A tip that this member has done: 3 points."""
    me = await chat.me()
    await chat.dispatcher.store.write(
        lambda unit: awards.give(unit, members.ensure(unit, me), outcome, (Deed.TIP, key))
    )


def named(chat: DirectDriver) -> tuple[str, ...]:
    assert chat.reply is not None
    assert isinstance(chat.reply.view, Card)
    return chat.reply.view.named


async def test_without_points_it_says_what_gives_some_and_leads_there(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath leaderboard")

    assert card.title == "All points · This month"
    assert card.lines == [
        "You have no points on this board this month.",
        "You stand on no board: others see you there only if you want it.",
        "Points come from deeds: the assessment, a step of your plan, a resource, a tip.",
        "Nobody stands on this board yet.",
    ]
    assert card.buttons[:2] == ["My plan", "Weekly tips"]
    assert "You have no points yet." in (await chat.press("Show me on the boards")).text
    card = await chat.press("Show me")
    assert card.lines[0] == "Others see you on the boards as soon as you have points."
    assert card.lines[2] == "With your first points here you stand on this board."
    assert (await chat.press("My points")).lines[-2:] == [
        "Nothing has brought you points yet.",
        "Only you see this card.",
    ]


async def test_the_line_that_i_agree_to_is_to_the_letter_what_others_then_see(chat: DirectDriver) -> None:
    other = await stands(chat, "bo", 60)
    maya = await stands(chat, "u2", 45, "Maya *de* la Cruz", shown=False)

    card = await maya.run("/pmpath leaderboard")
    assert card.lines[:3] == [
        "On this board you have 45 points this month.",
        "With them you would stand at place 2.",
        "You stand on no board: others see you there only if you want it.",
    ]
    exact = (await maya.press("Show me on the boards")).lines[1]
    assert exact not in (await other.run("/pmpath leaderboard")).lines
    await maya.press("Not now")
    assert exact not in (await other.run("/pmpath leaderboard")).lines

    await maya.press("Show me on the boards")
    card = await maya.press("Show me")
    assert card.lines[:3] == ["You stand on the boards now.", "1. Bo, 60 points", "2. You, 45 points"]
    assert exact == "2. Maya *de* la Cruz, 45 points"
    assert exact in (await other.run("/pmpath leaderboard")).lines
    assert "Show me on the boards" not in card.buttons


async def test_shown_i_see_the_very_board_that_i_was_asked_about(chat: DirectDriver, clock: SetClock) -> None:
    maya = await stands(chat, "u2", 45, "Maya", shown=False)
    clock.move(weeks=6)
    await maya.run("/pmpath leaderboard")

    card = await maya.press("Show me on the boards")
    assert card.lines[:2] == ["This is what others will see of you, at “All points · Ever”:", "1. Maya, 45 points"]
    card = await maya.press("Show me")
    assert (card.title, card.lines[:2]) == (
        "All points · Ever",
        ["You stand on the boards now.", "1. You, 45 points"],
    )


async def test_with_less_than_nothing_i_am_told_how_much_and_what_it_takes(chat: DirectDriver) -> None:
    maya = await stands(chat, "u2", -30, "Maya")

    assert (await maya.run("/pmpath leaderboard")).lines[:2] == [
        "On this board you have -30 points this month.",
        "Who has more than 0 points stands on this board.",
    ]


async def test_alone_first_and_tied_each_read_well(chat: DirectDriver) -> None:
    ada = await stands(chat, "u1", 1, "Ada")
    assert (await ada.run("/pmpath top")).lines == ["1. You, 1 point", "Nobody but you stands on this board yet."]

    await stands(chat, "bo", 1)
    await stands(chat, "cy", 0)
    card = await ada.run("/pmpath leaderboard")
    assert card.lines == ["1. Bo, 1 point", "1. You, 1 point", "2 members stand on this board."]

    await stands(chat, "di", 9)
    assert (await ada.run("/pmpath leaderboard")).lines[:3] == ["1. Di, 9 points", "2. Bo, 1 point", "2. You, 1 point"]


async def test_far_down_my_neighbours_come_first_and_the_top_ten_after_them(chat: DirectDriver) -> None:
    for place in range(1, 26):
        await stands(chat, f"m{place}", 100 - place)
    last = await stands(chat, "last", 1)
    middle = chat.other(uid="m20", name="M20")

    card = await middle.run("/pmpath leaderboard")
    assert card.lines[0] == "You and your neighbours"
    assert card.lines[1:6] == [
        "18. M18, 82 points",
        "19. M19, 81 points",
        "20. You, 80 points",
        "21. M21, 79 points",
        "22. M22, 78 points",
    ]
    assert card.lines[6:9] == ["Top ten", "1. M1, 99 points", "2. M2, 98 points"]
    assert card.lines[17:] == ["26 members stand on this board.", "1-10 of 26"]
    assert named(middle) == ("m18", "m19", "m21", "m22", *(f"m{place}" for place in range(1, 11)))

    card = await middle.press("More")
    assert [*card.lines[:2], *card.lines[9:]] == [
        "11. M11, 89 points",
        "12. M12, 88 points",
        "20. You, 80 points",
        "11-20 of 26",
    ]
    assert named(middle) == tuple(f"m{place}" for place in range(11, 20))
    assert (await middle.press("More")).lines[-2:] == ["26. Last, 1 point", "21-26 of 26"]
    assert (await middle.press("Back")).lines[-1] == "11-20 of 26"
    assert (await middle.press("Back")).lines[0] == "You and your neighbours"

    card = await last.run("/pmpath leaderboard")
    assert card.lines[1:4] == ["24. M24, 76 points", "25. M25, 75 points", "26. You, 1 point"]
    card = await chat.other(uid="m9", name="M9").run("/pmpath leaderboard")
    assert card.lines[7:12] == [
        "8. M8, 92 points",
        "9. You, 91 points",
        "10. M10, 90 points",
        "11. M11, 89 points",
        "26 members stand on this board.",
    ]


async def test_hidden_i_am_gone_for_everybody_and_the_ranks_close_up(chat: DirectDriver) -> None:
    other = await stands(chat, "bo", 60)
    before = await other.run("/pmpath leaderboard")
    maya = await stands(chat, "u2", 75, "Maya")
    await did(maya, Outcome.TECHNICAL, "t")
    await maya.run("/pmpath leaderboard")

    card = await maya.press("Hide me")
    assert card.lines[0].startswith("Hidden, you are gone from every board at once")
    assert "Hide me" in (await maya.press("Keep it as it is")).buttons
    await maya.press("Hide me")
    card = await maya.press("Hide me")
    assert card.lines[0] == "You are gone from every board. Any post that named you is being taken back."
    assert "On this board you have 78 points this month." in card.lines
    assert "You are hidden from the boards: nobody else sees your points." in card.lines
    assert await other.run("/pmpath leaderboard") == before
    for board in Board:
        for season in ("week", "month", "ever"):
            assert "Maya" not in (await other.run(f"/pmpath leaderboard {board.value} {season}")).text

    assert "1. You, 78 points" in (await maya.press("Show me again")).lines
    assert "1. Maya, 78 points" in (await other.run("/pmpath leaderboard")).lines


async def test_left_out_by_moderators_i_am_told_so_and_am_not_asked(chat: DirectDriver) -> None:
    maya = await stands(chat, "u2", 45, "Maya", shown=False)
    community = (await maya.me()).community
    await maya.run("/pmpath leaderboard")
    await chat.dispatcher.store.write(appearances.leave_out, community, ["u2"])

    card = await maya.press("Show me on the boards")
    assert card.lines[:2] == [
        "On this board you have 45 points this month.",
        "The moderators have left you out of the boards here. Your points stay yours.",
    ]
    assert "Show me on the boards" not in card.buttons

    await stands(chat, "u2", 0, "Maya")
    card = await maya.run("/pmpath leaderboard")
    assert "Hide me" in card.buttons
    assert "Maya" not in (await chat.run("/pmpath leaderboard")).text


async def test_who_was_thought_to_have_left_and_looks_at_it_is_back(chat: DirectDriver) -> None:
    maya = await stands(chat, "u2", 45, "Maya")
    community = (await maya.me()).community
    await chat.dispatcher.store.write(appearances.looked_for, community, [], ["u2"])
    assert "Maya" not in (await chat.run("/pmpath leaderboard")).text

    assert (await maya.run("/pmpath leaderboard")).lines[0] == "1. You, 45 points"
    assert "1. Maya, 45 points" in (await chat.run("/pmpath leaderboard")).lines
    await chat.dispatcher.store.write(appearances.looked_for, community, [], ["u2"])
    await maya.press("Hide me")
    assert "gone from every board" in (await maya.press("Hide me")).text


async def test_a_board_has_the_deeds_of_its_track_and_a_season_its_own_days(
    chat: DirectDriver, clock: SetClock
) -> None:
    maya = await stands(chat, "u2", 10, "Maya")
    await did(maya, Outcome.TECHNICAL, "one")

    card = await maya.run("/pmpath leaderboard technical week")
    assert card.title == "Technical · This week"
    assert card.lines[:2] == [
        "Points of deeds that belong to Technical. They say nothing of anybody's result.",
        "1. You, 3 points",
    ]
    assert (await maya.run("/pmpath 排行榜 技术型 本月")).title == "Technical · This month"
    assert (await maya.run("/pmpath rank this week")).title == "All points · This week"
    card = await maya.choose("board", "Business")
    assert card.title == "Business · This week"
    assert card.lines[1:] == [
        "You have no points on this board this week.",
        "With your first points here you stand on this board.",
        "Points here come from deeds of this track: a step of a plan, a resource, a tip.",
        "Nobody stands on this board yet.",
    ]
    clock.move(weeks=1)
    card = await maya.run("/pmpath leaderboard all week")
    assert "With your first points here you stand on this board." in card.lines
    assert (await maya.press("Ever")).lines[0] == "1. You, 13 points"
    assert (await maya.run("/pmpath leaderboard nonsense")).title == "Not this time"


async def test_my_streak_stands_on_my_own_card_alone(chat: DirectDriver, clock: SetClock) -> None:
    maya = await stands(chat, "u2", 10, "Maya")
    for week in ("one", "two", "three"):
        await did(maya, Outcome.TECHNICAL, week)
        clock.move(weeks=1)
    streak = "Your streak: 3 weeks in a row. Only you see it."

    assert streak in (await maya.run("/pmpath leaderboard all ever")).lines
    assert "streak" not in (await chat.run("/pmpath leaderboard all ever")).text
    await maya.press("Hide me")
    assert streak in (await maya.press("Hide me")).lines  # hidden from others, not from me


async def test_names_of_any_script_stay_on_their_own_line_with_an_end(chat: DirectDriver) -> None:
    await stands(chat, "a", 5, "مايا")
    await stands(chat, "b", 4, "\u202eevil\n1. Root, 99 points")
    await stands(chat, "c", 3, "🦊" * 80)
    await stands(chat, "d", 2, " \u2067 ")

    assert (await chat.run("/pmpath leaderboard")).lines[-5:-1] == [
        "1. \u2068مايا\u2069, 5 points",
        "2. evil 1. Root, 99 points, 4 points",
        f"3. {'🦊' * 59}…, 3 points",
        "4. (no name), 2 points",
    ]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("surface", list(DRAWS))
def test_the_longest_names_fit_on_every_surface(content: Content, surface: str, language: Language) -> None:
    rows = [
        Row(rank, "*" * 200, 10**9, f"u{rank}", me=rank == 210_000)
        for rank in (*range(1, 11), *range(209_998, 210_003))
    ]
    place = MyPlace(
        Page(tuple(rows[10:]), tuple(rows[:10]), 210_000), Appearance(True, left_out=False, away=False), 5, 210_000, 99
    )

    assert DRAWS[surface](content.catalogue, board_card.card(Board.TECHNICAL, Season.EVER, place), language)


async def test_in_chinese_it_reads_as_written_there(chat: DirectDriver) -> None:
    await stands(chat, "bo", 60)
    maya = await stands(chat, "u2", 45, "Maya", shown=False)
    await maya.run("/pmpath language zh")

    assert (await maya.run("/pmpath 排行榜")).lines[:2] == [
        "这个榜上，你本月有 45 分。",
        "按这些积分，你能排到第 2 名。",
    ]
    assert (await maya.press("让我上榜…")).lines[1] == "第 2 名：Maya，45 分"
    card = await maya.press("让我上榜")
    assert card.title == "全部积分 · 本月"
    assert card.lines == ["你现在上榜了。", "第 1 名：Bo，60 分", "第 2 名：你，45 分", "这个榜上共有 2 位成员。"]
