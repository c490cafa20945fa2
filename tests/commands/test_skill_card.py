"""One skill's card: its states, each safe to press twice, and the line of what came of it."""

from __future__ import annotations

import pytest

from commands.kit.request import Pressed
from content.load import Content
from content.outcomes import Outcome
from content.text import Language
from storage import learning
from storage.learning import SkillState
from tests.commands.test_plan import fits, have_links, mark, press, result_says, states
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver


async def test_it_says_what_the_skill_means_its_task_and_every_resource(chat: DirectDriver, content: Content) -> None:
    card = await press(chat, "plan.skill", Outcome.PLATFORM, "mlops")
    skill = content.skills["mlops"]

    assert card.title == "MLOps"
    assert card.lines[:2] == [skill.meaning.en, f"First task: {skill.task.en}"]
    assert set(card.lines) >= {content.resources[each].title for each in skill.resources}
    assert card.buttons == ["In progress", "Done", "Skip", "Back to the plan", "Home"]


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        (SkillState.DOING, ["Done", "Not now", "Skip"]),
        (SkillState.SKIPPED, ["Take it up again", "Done"]),
        (SkillState.DONE, ["Say what came of it", "It is not done yet"]),
        (SkillState.HAD, ["Say what came of it", "It is not done yet"]),
    ],
)
async def test_each_state_offers_what_leads_on_from_it(
    chat: DirectDriver, state: SkillState, buttons: list[str]
) -> None:
    await mark(chat, state, "mlops")

    assert (await press(chat, "plan.skill", Outcome.PLATFORM, "mlops")).buttons[:-2] == buttons


@pytest.mark.parametrize(
    ("was", "label", "now"),
    [
        (None, "In progress", SkillState.DOING),
        (None, "Skip", SkillState.SKIPPED),
        (SkillState.DOING, "Not now", None),
        (SkillState.DOING, "Skip", SkillState.SKIPPED),
        (SkillState.SKIPPED, "Take it up again", None),
        (SkillState.HAD, "It is not done yet", None),
        (SkillState.DONE, "It is not done yet", SkillState.DOING),
    ],
)
async def test_pressed_twice_it_is_as_pressed_once(
    chat: DirectDriver, was: SkillState | None, label: str, now: SkillState | None
) -> None:
    if was:
        await mark(chat, was, "mlops")
    await press(chat, "plan.skill", Outcome.PLATFORM, "mlops")
    wire = Pressed(chat.wire(chat.button(label).press))

    first = await chat.call(wire)
    kept = await states(chat)

    assert {skill: state for skill, (state, _said) in kept.items()} == ({"mlops": now} if now else {})
    assert await chat.call(wire) == first
    assert await states(chat) == kept


async def test_a_card_from_before_takes_nothing_back(chat: DirectDriver) -> None:
    await press(chat, "plan.skill", Outcome.PLATFORM, "mlops")
    old = Pressed(chat.wire(chat.button("In progress").press))
    await press(chat, "plan.finished", Outcome.PLATFORM, "mlops", form=True, said="a served version")

    await chat.call(old)

    assert await states(chat) == {"mlops": (SkillState.DONE, "a served version")}


async def test_what_came_of_it_may_be_empty_and_can_be_said_later(chat: DirectDriver) -> None:
    await press(chat, "plan.finish", Outcome.PLATFORM, "mlops")
    await chat.fill(said="")
    assert await states(chat) == {"mlops": (SkillState.DONE, None)}

    await press(chat, "plan.skill", Outcome.PLATFORM, "mlops")
    await chat.press("Say what came of it")
    await chat.fill(said="a rollback in four minutes")
    card = await press(chat, "plan.skill", Outcome.PLATFORM, "mlops")

    assert "What came of it: a rollback in four minutes" in card.lines
    assert (await chat.press("Say what came of it")).fields == {"said": "a rollback in four minutes"}


async def test_taken_back_and_done_again_what_was_said_is_still_there(chat: DirectDriver) -> None:
    await press(chat, "plan.finished", Outcome.PLATFORM, "mlops", form=True, said="a served version")
    await press(chat, "plan.skill", Outcome.PLATFORM, "mlops")
    await chat.press("It is not done yet")
    card = await press(chat, "plan.skill", Outcome.PLATFORM, "mlops")

    assert "What came of it: a served version" not in card.lines
    assert (await chat.press("Done")).fields == {"said": "a served version"}


async def test_a_line_that_is_too_long_is_refused_and_kept_for_correction(chat: DirectDriver) -> None:
    card = await press(chat, "plan.finished", Outcome.PLATFORM, "mlops", form=True, said="x" * 301)

    assert card.lines == ["That is longer than 300 characters. Please shorten it."]
    assert await states(chat) == {}
    assert (await chat.press("Correct it")).fields == {"said": "x" * 301}


async def test_what_the_answers_show_needs_no_tick(chat: DirectDriver, content: Content) -> None:
    item = next(each for each in content.questionnaire.items if any(option.skills for option in each.options))
    place, option = next((place, each) for place, each in enumerate(item.options) if each.skills)
    await answer_all(chat, {item.id: [place]}, letter="A")

    card = await press(chat, "plan.skill", Outcome.PLATFORM, option.skills[0])

    assert "Your answers show that you have done this." in card.lines
    assert card.buttons == ["Back to the plan", "Home"]


async def test_a_rule_of_law_is_a_pointer_not_advice(chat: DirectDriver) -> None:
    note = "Texts of law are pointers here, not advice."

    assert note in (await press(chat, "plan.skill", Outcome.BUSINESS, "gdpr")).lines
    assert note not in (await press(chat, "plan.skill", Outcome.BUSINESS, "need-to-spec")).lines


async def test_ticking_off_ends_in_the_plan_of_the_same_outcome(chat: DirectDriver) -> None:
    await result_says(chat, words="clear", outcome="technical", runner_up=None)
    await press(chat, "plan.skill", Outcome.PLATFORM, "python")

    assert (await chat.press("In progress")).title == "My plan: Platform (tools for developers)"


@pytest.mark.parametrize("language", list(Language))
async def test_with_many_links_of_the_communitys_own_it_still_fits_and_names_the_way_to_all(
    chat: DirectDriver, content: Content, language: Language
) -> None:
    longest = max(content.skills.values(), key=lambda each: len(each.resources)).id
    await have_links(chat, [longest], Language.ZH, "*" * 80, 10)
    await chat.run(f"/pmpath language {language.value}")
    await chat.dispatcher.store.write(learning.set_skill, await chat.me(), longest, SkillState.DONE, "*" * 300)

    card = await press(chat, "plan.skill", Outcome.PLATFORM, longest)

    fits(chat, content)
    assert sum(line == "*" * 80 for line in card.lines) < 10
    english = language is Language.EN
    listed = (await chat.press("All of its resources" if english else "它的全部资源")).text
    while (more := "More" if english else "更多") in chat.seen.buttons:
        listed += (await chat.press(more)).text
    assert listed.count("*" * 80 + "\n") == 10
