"""My results and what changed from one to the next."""

from __future__ import annotations

from commands.kit.request import Pressed
from content.load import Content
from content.questionnaire import Choice
from content.scoring import judge
from storage import runs
from storage.runs import Judged
from tests.conftest import SetClock
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver


async def have(chat: DirectDriver, answers: dict[str, Choice], version: str | None = None) -> None:
    """A result of these answers, as if the questions of today's or that version had been asked."""
    store, content = chat.dispatcher.store, chat.dispatcher.content
    me = await chat.me()
    version = version or content.questionnaire.version
    bank = content.questionnaires.get(version, content.questionnaire)
    run = await store.write(runs.start, me, version)
    verdict = judge(bank, answers)
    judged = Judged(verdict.outcome, verdict.to_json().decode(), bank.texts_hash)
    await store.write(runs.answer, me, run.id, 0, answers, lambda *_: judged)


def singles(content: Content, place: int) -> dict[str, Choice]:
    """The option at this place of every question that has letters."""
    bank = content.questionnaire
    opening = {name for card in bank.opening for name in card}
    return {item.id: item.options[place].id for item in bank.items if item.kind == "one" and item.id not in opening}


def background(content: Content, *places: int) -> dict[str, Choice]:
    """These ticks in the list of backgrounds, in this order."""
    item = content.questionnaire.item(content.questionnaire.experience.background)
    return {item.id: tuple(item.options[place].id for place in places)}


async def test_with_one_result_there_is_no_history(chat: DirectDriver) -> None:
    card = await answer_all(chat, {}, letter="A")

    assert not {"History", "What changed"} & set(card.buttons)


async def test_the_history_is_newest_first_and_each_opens(chat: DirectDriver, clock: SetClock) -> None:
    first = await answer_all(chat, {"background": [3, 7]}, letter="B")
    clock.move(days=3)
    second = await answer_all(chat, {"background": [1]}, letter="A")

    card = await chat.press("History")

    assert card.title == "Your results"
    assert card.lines == [f"On 26 November 2026: {second.title}", f"On 23 November 2026: {first.title}"]
    opened = await chat.press("Open")
    assert opened.title == second.title
    assert "You have a newer result than this one." not in opened.lines


async def test_an_old_result_keeps_its_card_and_is_called_old(chat: DirectDriver, clock: SetClock) -> None:
    first = await answer_all(chat, {"background": [3, 7]}, letter="B")
    clock.move(days=3)
    await answer_all(chat, {"background": [1]}, letter="A")
    await chat.press("What changed")

    card = await chat.press("The earlier one")

    assert card.title == first.title
    reasons = [line for line in first.lines if " → " in line]
    assert [line for line in card.lines if " → " in line] == reasons
    assert reasons
    assert "You have a newer result than this one." in card.lines
    assert not {"What changed", "Share"} & set(card.buttons)


async def test_a_long_history_has_pages(chat: DirectDriver, content: Content, clock: SetClock) -> None:
    for _number in range(12):
        await have(chat, singles(content, 0))
        clock.move(days=1)
    await chat.run("/pmpath result")

    card = await chat.press("History")
    assert card.lines[-1] == "1-5 of 12"
    await chat.press("More")
    card = await chat.press("More")
    assert card.lines == [*card.lines[:2], "11-12 of 12"]
    assert card.lines[1].startswith("On 23 November 2026: ")


async def test_what_changed_names_both_results_and_up_to_five_answers(
    chat: DirectDriver, content: Content, clock: SetClock
) -> None:
    then, now = singles(content, 0), singles(content, 1)
    bank = content.questionnaire
    industry = bank.item(bank.experience.industry)
    await have(chat, {**then, **background(content, 0, 1)})
    clock.move(days=1)
    await have(chat, {**now, **background(content, 1, 2), industry.id: industry.options[0].id})
    await chat.run("/pmpath result")

    card = await chat.press("What changed")

    assert [line.split(":")[0] for line in card.lines[:2]] == ["Earlier, 23 November 2026", "Later, 24 November 2026"]
    assert card.lines[2] == "What you answered differently"
    ticked = bank.item(bank.experience.background)
    gone, _both, new = (option.text.en for option in ticked.options[:3])
    assert card.lines[3] == f"{ticked.text.en} → no longer: {gone}; now also: {new}"
    item = bank.item(next(iter(then)))
    assert card.lines[4] == f"{item.text.en} {item.options[0].text.en} → {item.options[1].text.en}"
    assert len(card.lines) == 9
    assert card.lines[-1] == f"And {len(then) - 4} more answers."
    assert not any(industry.text.en in line for line in card.lines)


async def test_skipped_and_none_of_these_are_answers_too(chat: DirectDriver, content: Content) -> None:
    item = content.questionnaire.item(next(iter(singles(content, 0))))
    same = {name: choice for name, choice in singles(content, 0).items() if name != item.id}
    await have(chat, {**same, item.id: None, **background(content)})
    await have(chat, {**same, item.id: "none", **background(content, 0)})
    await chat.run("/pmpath result")

    card = await chat.press("What changed")

    assert f"{item.text.en} skipped → None of these" in card.lines
    assert any(" None of these → " in line for line in card.lines)


async def test_the_same_answers_are_said_to_be_the_same(chat: DirectDriver, content: Content) -> None:
    await have(chat, {**singles(content, 0), **background(content, 0, 1)})
    await have(chat, {**singles(content, 0), **background(content, 1, 0)})
    await chat.run("/pmpath result")

    assert (await chat.press("What changed")).lines[-1] == "You gave the same answers to the questions that both have."


async def test_a_result_whose_questions_are_gone_says_its_outcome_and_that(
    chat: DirectDriver, content: Content
) -> None:
    await have(chat, singles(content, 0), version="lost")
    card = await chat.run("/pmpath result")
    gone = "The questions of that time are no longer here, so the answers behind it cannot be shown."
    assert gone in card.lines
    assert "What decided it" not in card.lines

    await have(chat, singles(content, 1))
    await chat.run("/pmpath result")
    assert "cannot be compared" in (await chat.press("What changed")).lines[-1]


async def test_nobody_opens_anothers_history(chat: DirectDriver, content: Content) -> None:
    await have(chat, singles(content, 0))
    await have(chat, singles(content, 1))
    await chat.run("/pmpath result")
    changed = Pressed(chat.wire(chat.button("What changed").press))
    history = Pressed(chat.wire(chat.button("History").press))
    other = chat.other(uid="u2")

    assert (await other.call(changed)).lines[0].startswith("This card isn't yours.")
    assert (await other.call(history)).title == "Not this time"
