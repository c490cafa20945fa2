"""`/pmpath result`."""

from __future__ import annotations

from content.load import Content
from content.outcomes import Outcome
from content.scoring import judge
from content.verdict import Verdict
from storage import results
from storage.members import Me
from storage.results import Stored
from tests.conftest import SetClock
from tests.drivers.assessment import answer_all, answer_opening, answer_towards
from tests.drivers.direct import DirectDriver


async def stored(chat: DirectDriver) -> Stored:
    assert chat.reply is not None
    found = await chat.dispatcher.store.read(results.latest, Me(chat.reply.community, chat.uid, ""))
    assert found is not None
    return found


async def test_without_a_result_the_way_to_one_is_named(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath result")

    assert card.lines == ["You have no result yet. Run /pmpath start; it takes two minutes."]
    assert card.buttons == ["Start the assessment", "Home"]


async def test_the_result_stays_the_same_card(chat: DirectDriver) -> None:
    finished = await answer_all(chat, {"background": [1]}, letter="A")

    assert await chat.run("/pmpath result") == finished


async def test_a_stored_result_is_the_engines_verdict_on_the_stored_answers(
    chat: DirectDriver, content: Content
) -> None:
    await answer_all(chat, {"background": [3, 7]}, letter="C")
    result = await stored(chat)

    verdict = judge(content.questionnaires[result.bank_version], result.answers)
    assert result.summary == verdict.to_json().decode()
    assert result.outcome is verdict.outcome
    assert result.texts_hash == content.questionnaire.texts_hash


async def test_where_experience_and_choices_differ_that_is_said_with_a_way_over(chat: DirectDriver) -> None:
    bank = chat.dispatcher.content.questionnaire
    card = await answer_towards(chat, bank, {"background": [3, 7], "more": []}, Outcome.HYBRID)
    verdict = Verdict.from_json((await stored(chat)).summary)
    assert verdict.differs

    assert card.lines[0].startswith("Your experience points to Platform")
    assert card.lines[1].startswith("Your choices lean to ")
    assert "A way over: " in card.lines[2]


async def test_a_close_result_names_both_outcomes_and_shows_both(chat: DirectDriver) -> None:
    await answer_opening(chat, {"background": [2, 3], "skills-1": [], "skills-2": [], "more": []})
    card = await chat.press("Show my result now")
    assert card.title.startswith("Between ")

    assert len([label for label in card.buttons if label.startswith("About ")]) == 2


async def test_quick_answers_get_a_note_and_slow_ones_do_not(chat: DirectDriver, clock: SetClock) -> None:
    note = "Answered quickly. Take it again any time."
    assert note not in (await answer_all(chat, {}, letter="A")).lines  # the clock stood still: nothing is known

    await chat.run("/pmpath result")
    await chat.press("Take it again")
    while "A" not in chat.seen.buttons:
        clock.move(seconds=1)
        await chat.press("None of these")
    while "A" in chat.seen.buttons:
        clock.move(seconds=1)
        await chat.press("A")

    assert note in chat.seen.lines


async def test_a_result_reads_in_the_other_language_too(chat: DirectDriver) -> None:
    await answer_all(chat, {"background": [3]}, letter="A")
    await chat.run("/pmpath language 中文")

    card = await chat.run("/pmpath result")

    assert "不可用于招聘" in card.text
    assert "起决定作用的回答" in card.lines
    assert not any("track" in line.lower() for line in card.lines)


async def test_nobody_elses_result_is_shown(chat: DirectDriver) -> None:
    await answer_all(chat, {}, letter="A")

    assert (await chat.other(uid="u2").run("/pmpath result")).title == "Not this time"
