"""`/pmpath result`."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import content as content_package
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from commands.kit.request import Pressed
from content.flip import changed
from content.load import Content, read_content
from content.outcomes import Outcome
from content.retold import retold
from content.scoring import judge
from content.verdict import Verdict
from storage.store import Store
from tests.commands.test_earned import FIRST
from tests.conftest import SetClock
from tests.drivers.assessment import answer_all, answer_opening, answer_towards
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import latest_result


async def test_without_a_result_the_way_to_one_is_named(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath result")

    assert card.lines == ["You have no result yet. Run /pmpath start; it takes two minutes."]
    assert card.buttons == ["Start the assessment", "Home"]


async def test_the_result_stays_the_same_card(chat: DirectDriver) -> None:
    finished = await answer_all(chat, {"background": [1]}, letter="A")

    assert finished.lines[-1] == FIRST
    assert await chat.run("/pmpath result") == replace(finished, lines=finished.lines[:-1])


async def test_a_stored_result_is_the_engines_verdict_on_the_stored_answers(
    chat: DirectDriver, content: Content
) -> None:
    await answer_all(chat, {"background": [3, 7]}, letter="C")
    result = await latest_result(chat)

    verdict = judge(content.questionnaires[result.bank_version], result.answers)
    assert result.summary == verdict.to_json().decode()
    assert result.outcome is verdict.outcome
    assert result.texts_hash == content.questionnaire.texts_hash


async def test_where_experience_and_choices_differ_that_is_said_with_a_way_over(chat: DirectDriver) -> None:
    bank = chat.dispatcher.content.questionnaire
    card = await answer_towards(chat, bank, {"background": [3, 7], "more": []}, Outcome.HYBRID)
    verdict = Verdict.from_json((await latest_result(chat)).summary)
    assert verdict.differs

    assert card.lines[0].startswith("Your experience points to Platform")
    assert card.lines[1].startswith("Your choices lean to ")
    assert "A way over: " in card.lines[2]


async def test_a_close_result_names_both_outcomes_and_shows_both(chat: DirectDriver) -> None:
    await answer_opening(chat, {"background": [2, 3], "skills": [], "skills.2": [], "more": []})
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


async def test_the_smallest_change_names_the_outcome_that_it_gives(chat: DirectDriver, content: Content) -> None:
    card = await answer_all(chat, {"background": [3, 7]}, letter="C")
    result = await latest_result(chat)
    bank = content.questionnaires[result.bank_version]
    flipped = judge(bank, changed(bank, result.answers, Verdict.from_json(result.summary).flip))

    assert f"What would make it {flipped.outcome.name_only.en}" in card.lines


async def test_no_number_of_the_engine_is_ever_shown(chat: DirectDriver) -> None:
    card = await answer_all(chat, {"background": [3, 7]}, letter="C")

    assert not re.search(r"%|0\.\d|\b\d\d\b", card.text.replace("23 November 2026", "").replace(FIRST, ""))


async def test_a_result_is_opened_by_its_owner_alone(chat: DirectDriver) -> None:
    await answer_all(chat, {}, letter="A")
    await answer_all(chat, {}, letter="B")
    await chat.press("History")
    press = Pressed(chat.wire(chat.button("Open").press))

    assert (await chat.other(uid="u2").call(press)).lines[0].startswith("This card isn't yours.")


# Under today's questions

OTHERS = {"business": "hybrid", "hybrid": "business", "platform": "technical", "technical": "platform"}
SWAPPED = re.compile("|".join(f"{name}(?=: [0-9])" for name in OTHERS))


def next_version(folder: Path, words: str) -> Content:
    """Our pack with one more version of the questionnaire laid over it, of these English words."""
    ours = Path(str(content_package.__path__[0])) / "data" / "questionnaires"
    (folder / "questionnaires").mkdir(exist_ok=True)
    (folder / "questionnaires" / "99.yaml").write_text(words, encoding="utf-8")
    chinese = (ours / f"{latest_version()}.zh.yaml").read_text(encoding="utf-8")
    (folder / "questionnaires" / "99.zh.yaml").write_text(chinese, encoding="utf-8")
    return read_content(folder)


def latest_version() -> str:
    return read_content().questionnaire.version


def latest_words() -> str:
    ours = Path(str(content_package.__path__[0])) / "data" / "questionnaires" / f"{latest_version()}.yaml"
    words = ours.read_text(encoding="utf-8")
    return re.sub(r"(?m)^version: .*$", 'version: "99"', words)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_an_old_result_stays_and_is_told_what_todays_questions_say(
    chat: DirectDriver, store: Store, registry: Registry, clock: SetClock, tmp_path: Path, language: str
) -> None:
    before = await answer_all(chat, {"background": [0]}, letter="A")
    await chat.run(f"/pmpath language {language}")
    before = await chat.run("/pmpath result")
    turned = SWAPPED.sub(lambda found: OTHERS[found[0]], latest_words())
    today = next_version(tmp_path, turned)

    then = replace(chat, dispatcher=Dispatcher(store, today, registry, now=clock.now, draw=chat.dispatcher.draw))
    card = await then.run("/pmpath result")

    line, news = [line for line in card.lines if line not in before.lines]
    now = retold(today.questionnaire, (await latest_result(then)).answers)
    assert now is not None
    assert now.outcome is not (await latest_result(then)).outcome
    assert line.startswith(
        ("The questions have changed since. Of these", "题目后来更新过。同样的回答，按现在的题目会是")
    )
    assert now.outcome.label.en in line or language == "zh"
    assert news.startswith(("What is new in them: ", "更新了什么："))
    assert (card.title, card.buttons) == (before.title, before.buttons)


async def test_questions_that_say_the_same_today_are_said_to(
    chat: DirectDriver, store: Store, registry: Registry, clock: SetClock, tmp_path: Path
) -> None:
    before = await answer_all(chat, {"background": [0]}, letter="A")
    today = next_version(tmp_path, latest_words())

    card = await replace(
        chat, dispatcher=Dispatcher(store, today, registry, now=clock.now, draw=chat.dispatcher.draw)
    ).run("/pmpath result")

    line, news = [line for line in card.lines if line not in before.lines]
    assert today.questionnaire.changes is not None
    assert news == f"What is new in them: {today.questionnaire.changes.text.en}"
    assert line == "The questions have changed since; today they would say the same of these answers."
