"""`/pmpath plan`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

import pytest
from sqlalchemy import update

from commands.kit.discover import Registry
from commands.kit.press import Argument, Press
from commands.kit.request import Pressed
from commands.standing import Plan, plan_for
from content.load import Content
from content.outcomes import Outcome
from content.resources import ADDRESS_MAX
from content.text import Language
from storage import learning, own_links, shelf, tables
from storage.learning import SkillState
from storage.unit import Unit
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen
from tests.test_every_view import DRAWS

TASKS = "What is missing, the most useful first"


async def states(chat: DirectDriver) -> dict[str, tuple[SkillState, str | None]]:
    learned = await chat.dispatcher.store.read(learning.skills, await chat.me())
    return {skill: (each.state, each.said) for skill, each in learned.items()}


async def mark(chat: DirectDriver, state: SkillState, *skills: str) -> None:
    for skill in skills:
        await chat.dispatcher.store.write(learning.set_skill, await chat.me(), skill, state)


async def plan(chat: DirectDriver, outcome: Outcome) -> Plan:
    here = await chat.dispatcher.store.read(shelf.read, await chat.me())
    return plan_for(chat.dispatcher.content, here, outcome)


async def press(chat: DirectDriver, action: str, *arguments: Argument, form: bool = False, **values: str) -> Seen:
    """A press that the card may no longer offer."""
    community = (await chat.me()).community
    sent = {name: (value,) for name, value in values.items()}
    return await chat.call(Pressed(Press(action, arguments).wire(community), form=form), sent)


async def result_says(chat: DirectDriver, **changes: object) -> None:
    """A finished assessment whose verdict is then what the test needs."""
    await answer_all(chat, {}, letter="A")

    def change(unit: Unit) -> None:
        row = unit.execute(tables.result.select()).one()
        summary = json.dumps({**json.loads(row.summary), **changes})
        outcome = str(changes.get("outcome", row.outcome))
        unit.execute(update(tables.result).values(summary=summary, outcome=outcome))

    await chat.dispatcher.store.write(change)


def names(content: Content, skills: Iterable[str], language: Language = Language.EN) -> list[str]:
    return [content.catalogue.say(content.skills[each].name, language) for each in skills]


def fits(chat: DirectDriver, content: Content) -> None:
    """The last card is within every surface's limits."""
    assert chat.reply is not None
    assert chat.reply.view is not None
    for draw in DRAWS.values():
        assert draw(content.catalogue, chat.reply.view, chat.reply.language)


async def test_without_a_result_the_ways_to_a_plan_are_offered(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath plan")

    assert card.buttons == ["Start the assessment", "Business", "Platform", "Technical", "Hybrid", "Home"]
    assert (await chat.press("Hybrid")).title == "My plan: Hybrid (user experience)"


async def test_a_result_that_could_not_say_gives_no_plan_of_its_own(chat: DirectDriver) -> None:
    await result_says(chat, words="not-enough")

    assert (await chat.run("/pmpath plan")).title == "My plan"
    assert (await chat.run("/pmpath plan platform")).title == "My plan: Platform (tools for developers)"
    assert "My plan" not in (await chat.run("/pmpath home")).buttons


async def test_with_a_result_it_is_the_plan_of_its_outcome(chat: DirectDriver) -> None:
    await result_says(chat, words="clear", outcome="technical", runner_up=None)

    assert (await chat.run("/pmpath plan")).title == "My plan: Technical (data and models)"
    other = await chat.run("/pmpath plan hybrid")
    assert "Your result is Technical (data and models); this is the plan for another track." in other.lines
    assert (await chat.press("The plan of my result")).title == "My plan: Technical (data and models)"


async def test_between_two_outcomes_both_plans_are_offered(chat: DirectDriver, content: Content) -> None:
    await result_says(chat, words="between", outcome="platform", runner_up="hybrid")

    card = await chat.run("/pmpath plan")
    assert "between Platform (tools for developers) and Hybrid (user experience)" in card.lines[0]

    fits(chat, content)

    other = await chat.press("Hybrid")
    assert other.title == "My plan: Hybrid (user experience)"
    assert (await chat.press("Platform")).title == card.title


async def test_the_first_gap_is_the_next_step_and_each_gap_has_its_task_and_a_resource(
    chat: DirectDriver, content: Content
) -> None:
    card = await chat.run("/pmpath plan platform")
    steps = (await plan(chat, Outcome.PLATFORM)).steps

    first = content.skills[steps[0]]
    assert card.lines[:2] == [f"Next step: {first.name.en}", first.task.en]
    shown = card.lines[card.lines.index(TASKS) + 1 :]
    for place, skill in enumerate(steps[:5]):
        said = " (next step)" if place == 0 else f": {content.skills[skill].task.en}"
        assert shown[2 * place] == f"{place + 1}. {content.skills[skill].name.en}{said}"
        assert shown[2 * place + 1] in {content.resources[each].title for each in content.skills[skill].resources}
    assert card.buttons[:5] == names(content, steps[:5])


async def test_the_small_starter_project_is_said_once(chat: DirectDriver, content: Content) -> None:
    card = await chat.run("/pmpath plan business")

    assert card.text.count(content.tracks[Outcome.BUSINESS].starter.en) == 1


async def test_pages_reach_every_gap_once(chat: DirectDriver, content: Content) -> None:
    card = await chat.run("/pmpath plan technical")
    steps = (await plan(chat, Outcome.TECHNICAL)).steps
    assert f"1-5 of {len(steps)}" in card.lines
    seen: list[str] = []
    while True:
        seen += [label for label in card.buttons if label in names(content, steps)]
        if "More" not in card.buttons:
            break
        card = await chat.press("More")

    assert seen == names(content, steps)


@pytest.mark.parametrize("first", [-50, 3, 10_000])
async def test_a_page_that_is_not_there_is_answered_with_the_nearest(chat: DirectDriver, first: int) -> None:
    card = await press(chat, "plan.page", Outcome.HYBRID, first)

    assert card.title == "My plan: Hybrid (user experience)"
    assert TASKS in card.lines


async def test_what_is_begun_comes_first_and_becomes_the_next_step(chat: DirectDriver, content: Content) -> None:
    await chat.run("/pmpath plan platform")
    await chat.press("Documentation coverage")
    card = await chat.press("In progress")

    assert card.lines[0] == "Next step: Documentation coverage"
    assert "1. Documentation coverage (in progress) (next step)" in card.lines
    assert await states(chat) == {"docs-coverage": (SkillState.DOING, None)}


async def test_what_is_done_with_a_line_leaves_the_gaps_and_the_next_step_is_named(chat: DirectDriver) -> None:
    await chat.run("/pmpath plan platform")
    await chat.press("MLOps")
    assert (await chat.press("Done")).fields == {"said": ""}
    card = await chat.fill(said="  https://example.org/notes \n **bold** ")

    assert card.lines[:3] == ["Done: MLOps", "+5 points", "Next step: Kubernetes"]
    assert "MLOps" not in card.buttons
    assert await states(chat) == {"mlops": (SkillState.DONE, "https://example.org/notes **bold**")}
    assert "MLOps: https://example.org/notes **bold**" in (await chat.press("What I have")).lines


async def test_what_is_skipped_is_no_gap_and_can_be_taken_up_again(chat: DirectDriver) -> None:
    await chat.run("/pmpath plan platform")
    await chat.press("Kubernetes")
    card = await chat.press("Skip")
    assert "Kubernetes" not in card.buttons
    assert "Skipped: Kubernetes" in card.lines

    await chat.press("What I skipped")
    await chat.press("Kubernetes")
    card = await chat.press("Take it up again")

    assert card.lines[0] == "Next step: Kubernetes"
    assert await states(chat) == {}


async def test_one_state_of_a_skill_holds_for_every_track(chat: DirectDriver) -> None:
    await mark(chat, SkillState.DONE, "python")

    assert "python" in (await plan(chat, Outcome.TECHNICAL)).held
    assert "python" in (await plan(chat, Outcome.PLATFORM)).held


async def test_all_skipped_says_so_and_names_the_way_back(chat: DirectDriver) -> None:
    await mark(chat, SkillState.SKIPPED, *(await plan(chat, Outcome.HYBRID)).steps)

    card = await chat.run("/pmpath plan hybrid")

    assert card.lines[0] == "All that is missing is skipped. Take one of it up again whenever you like."
    assert "What I skipped" in card.buttons
    assert "Calendar" not in card.buttons


async def test_nothing_missing_is_a_fine_answer(chat: DirectDriver) -> None:
    await mark(chat, SkillState.HAD, *(await plan(chat, Outcome.HYBRID)).steps)

    card = await chat.run("/pmpath plan hybrid")

    assert card.lines[0] == "Nothing is missing from the list. Would you like to offer your time as a mentor?"
    assert TASKS not in card.lines
    assert "Find a mentor" not in card.buttons
    assert (await chat.press("Offer your time as a mentor")).lines[-2].startswith("Still missing: ")


async def test_what_the_answers_show_is_never_missing(chat: DirectDriver, content: Content) -> None:
    item = next(each for each in content.questionnaire.items if any(option.skills for option in each.options))
    place, option = next((place, each) for place, each in enumerate(item.options) if each.skills)
    await answer_all(chat, {item.id: [place]}, letter="A")

    for outcome in Outcome:
        mine = await plan(chat, outcome)
        assert not set(option.skills) & {*mine.steps, *mine.put_off}


async def test_a_result_whose_questions_are_gone_still_has_a_plan(chat: DirectDriver, content: Content) -> None:
    await result_says(chat, words="clear", outcome="platform", runner_up=None)
    chat.dispatcher.content = replace(content, questionnaires={})

    card = await chat.run("/pmpath plan")

    assert card.title == "My plan: Platform (tools for developers)"
    assert TASKS in card.lines


async def test_a_skill_that_the_pack_lost_does_no_harm(chat: DirectDriver, content: Content) -> None:
    await mark(chat, SkillState.DOING, "plugin-design")
    await mark(chat, SkillState.DONE, "mlops")
    chat.dispatcher.content = replace(
        content, skills={each: skill for each, skill in content.skills.items() if each != "plugin-design"}
    )

    assert (await chat.run("/pmpath plan platform")).lines[0] == "Next step: Kubernetes"
    for action in ("plan.skill", "plan.finish"):
        refused = await press(chat, action, Outcome.PLATFORM, "plugin-design")
        assert refused.lines == ["This skill is no longer on the list. Your plan is as it was."]
        assert refused.buttons == ["My plan", "Home"]


async def test_nobody_elses_plan_is_touched(chat: DirectDriver) -> None:
    other = chat.other(uid="u2", name="Bob")
    await chat.run("/pmpath plan platform")
    await chat.press("Kubernetes")
    wire = chat.wire(chat.button("Skip").press)
    await other.call(Pressed(wire))

    assert await states(chat) == {}
    assert await states(other) == {"kubernetes": (SkillState.SKIPPED, None)}


async def test_the_plan_is_erased_with_its_member(chat: DirectDriver) -> None:
    await mark(chat, SkillState.DONE, "sql")
    await chat.run("/pmpath privacy")
    await chat.press("Delete all of mine")
    await chat.press("Delete for good")

    assert await states(chat) == {}
    assert (await plan(chat, Outcome.TECHNICAL)).held == ()


async def test_home_names_the_next_step(chat: DirectDriver) -> None:
    await result_says(chat, words="clear", outcome="platform", runner_up=None)
    steps = (await plan(chat, Outcome.PLATFORM)).steps
    first = chat.dispatcher.content.skills[steps[0]]

    card = await chat.run("/pmpath home")

    assert f"Next step: {first.name.en}. {first.task.en}" in card.lines
    assert (await chat.press("My plan")).title == "My plan: Platform (tools for developers)"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("outcome", list(Outcome))
async def test_every_page_fits_every_surface_with_much_held_skipped_and_said(
    chat: DirectDriver, content: Content, outcome: Outcome, language: Language
) -> None:
    await chat.run(f"/pmpath language {language.value}")
    steps = (await plan(chat, outcome)).steps
    for place, skill in enumerate(steps):
        state = (None, SkillState.DONE, SkillState.DOING, SkillState.SKIPPED)[place % 4]
        await chat.dispatcher.store.write(learning.set_skill, await chat.me(), skill, state, "*" * 300)
    presses: list[tuple[str, Argument]] = [(each, 0) for each in ("plan.page", "plan.held", "plan.skipped")]
    presses += [("plan.page", 5), ("plan.page", 10), ("plan.held", 5), ("plan.skipped", 5)]
    presses += [("plan.skill", skill) for skill in steps]
    assert len(presses) > 15
    for action, argument in presses:
        await press(chat, action, outcome, argument)
        fits(chat, content)


async def test_a_communitys_own_link_is_what_a_gap_is_learned_from_where_it_comes_first(
    chat: DirectDriver, content: Content
) -> None:
    steps = (await plan(chat, Outcome.PLATFORM)).steps[:2]
    await have_links(chat, steps[:1], Language.EN, "Our own notes")
    for resource in content.skills[steps[0]].resources:
        await chat.dispatcher.store.write(own_links.hide, (await chat.me()).community, resource)

    card = await chat.run("/pmpath plan platform")

    assert "Our own notes · added by your moderators" in card.lines
    await chat.press(content.skills[steps[0]].name.en)
    assert chat.seen.lines[-2:] == ["Our own notes", "added by your moderators"]
    assert "Our own notes" not in (await press(chat, "plan.skill", Outcome.PLATFORM, steps[1])).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("outcome", list(Outcome))
async def test_with_the_longest_links_of_the_communitys_own_every_page_fits(
    chat: DirectDriver, content: Content, outcome: Outcome
) -> None:
    await chat.run("/pmpath language zh")
    steps = (await plan(chat, outcome)).steps
    await have_links(chat, steps, Language.ZH, "*" * 80)
    for resource in content.resources:
        await chat.dispatcher.store.write(own_links.hide, (await chat.me()).community, resource)
    for place, skill in enumerate(steps):
        await mark(chat, SkillState.SKIPPED if place % 3 else SkillState.DOING, skill)

    for first in (0, 5):
        assert "*" * 80 in (await press(chat, "plan.page", outcome, first)).text
        fits(chat, content)


async def have_links(chat: DirectDriver, skills: Iterable[str], language: Language, title: str, count: int = 1) -> None:
    """Links of the community's own for these skills, as long as they may be."""
    community = (await chat.me()).community
    for skill in skills:
        for number in range(count):
            address = f"https://example.org/{skill}/{number}/".ljust(ADDRESS_MAX, "a")
            await chat.dispatcher.store.write(own_links.add, community, title, address, skill, language)


async def test_the_plan_reads_in_chinese_with_nothing_left_in_english(chat: DirectDriver, content: Content) -> None:
    await chat.run("/pmpath language 中文")
    await mark(chat, SkillState.DOING, "mlops")
    await mark(chat, SkillState.SKIPPED, "kubernetes")
    card = await chat.run("/pmpath plan 平台型")

    assert card.lines[0] == "下一步：MLOps"
    assert "1. MLOps（进行中）（下一步）" in card.lines
    assert any(line.startswith("小切口项目：") for line in card.lines)
    assert "已跳过：Kubernetes" in card.lines
    titles = {resource.title for resource in content.resources.values()}
    words = [line for line in card.lines if line.partition(" · ")[0] not in titles]
    assert not any(english in line.lower() for line in words for english in ("the ", "your", "step", "you "))


def test_every_action_of_the_plan_is_private_and_only_one_opens_a_form(registry: Registry) -> None:
    mine = [each for name, each in registry.actions.items() if name.startswith(("plan", "missing"))]

    assert [each.name for each in mine if each.public or each.moderators] == []
    assert [each.name for each in mine if each.opens_form] == ["plan.finish"]
