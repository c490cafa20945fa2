"""`/pmpath home`."""

from __future__ import annotations

from tests.drivers.assessment import answer_all, open_questions
from tests.drivers.direct import DirectDriver


async def test_a_newcomer_is_led_to_the_assessment(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath")

    assert card.buttons[0] == "Start the assessment"
    assert "Moderator tools" not in card.buttons


async def test_in_the_middle_home_says_about_how_much_is_left_and_continues_there(chat: DirectDriver) -> None:
    here = await open_questions(chat)

    card = await chat.run("/pmpath home")

    assert card.lines[1].startswith("You are in the middle of the assessment. About ")
    assert (await chat.press("Continue")).lines == here.lines


async def test_with_a_result_home_says_it_in_half_a_line(chat: DirectDriver) -> None:
    result = await answer_all(chat, {}, letter="A")

    card = await chat.run("/pmpath home")

    assert f"Your result: {result.title}" in card.lines
    assert (await chat.press("My result")).title == result.title


async def test_a_moderator_finds_the_way_in(chat: DirectDriver) -> None:
    card = await chat.other(moderator=True).run("/pmpath home")

    assert "Moderator tools: /pmpath-mod setup, or the button here." in card.lines
    assert "Moderator tools" in card.buttons


async def test_the_quiet_button_turns_home_and_stays_turned(chat: DirectDriver) -> None:
    await chat.run("/pmpath home")

    assert "开始测评" in (await chat.press("中文")).buttons
    assert "开始测评" in (await chat.run("/pmpath home")).buttons


async def test_home_says_what_a_finished_but_unseen_run_comes_to(chat: DirectDriver) -> None:
    await open_questions(chat)
    await chat.press("Show my result now")

    assert "Continue" not in (await chat.run("/pmpath home")).buttons
