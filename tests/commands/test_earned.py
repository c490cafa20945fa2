"""What a deed came to is said where it was done: once, with the week's limit, and in the operator's figures."""

from __future__ import annotations

from dataclasses import replace

from commands import earned
from commands.kit.view import Form, TextField
from content.load import Content
from content.outcomes import Outcome
from content.points import Deed
from content.text import Language
from tests.commands.test_plan import press
from tests.conftest import SetClock
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen
from tests.drivers.stored import tip_out

FULL = "This week's 25 points for plan steps and resources are reached."
FIRST = "+20 points · for finishing your first assessment"
TRACK = Outcome.PLATFORM


async def step(chat: DirectDriver, skill: str, said: str) -> list[str]:
    """What the plan says above itself once this step is done."""
    card = await press(chat, "plan.finished", TRACK, skill, form=True, said=said)
    return lines_about_points(card)


async def hint(chat: DirectDriver) -> str:
    """What stands beside the field of the form for a step."""
    await press(chat, "plan.finish", TRACK, "mlops")
    assert chat.reply is not None
    assert isinstance(chat.reply.view, Form)
    (field,) = chat.reply.view.fields
    assert isinstance(field, TextField)
    assert field.hint is not None
    return chat.dispatcher.content.catalogue.say(field.hint, chat.reply.language)


def lines_about_points(card: Seen) -> list[str]:
    return [each for each in card.lines if each.startswith("+") or FULL in each]


async def test_a_step_says_its_points_once_and_what_a_line_adds_later(chat: DirectDriver, content: Content) -> None:
    figures = replace(content.points, worth={**content.points.worth, Deed.STEP_WITH_LINE: 9})
    assert await hint(chat) == "Only you see it. 5 points with a line or link, 1 without."
    chat.dispatcher.content = replace(content, points=figures)
    assert await hint(chat) == "Only you see it. 9 points with a line or link, 1 without."

    assert await step(chat, "mlops", "") == ["+1 point"]
    assert await step(chat, "mlops", "") == []
    assert await step(chat, "mlops", "a rollback in four minutes") == ["+4 points"]
    assert await step(chat, "mlops", "another line") == []


async def test_a_resource_says_its_points_when_it_is_marked_and_when_a_line_comes_to_it(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath resources technical")
    title = card.selects["done"][0]

    assert lines_about_points(await chat.choose("done", title)) == ["+1 point"]
    await chat.press("What came out of it")
    assert lines_about_points(await chat.fill(said="notes")) == ["+4 points"]
    await chat.choose("learned", title)
    await chat.press("Not done after all")
    assert lines_about_points(await chat.choose("done", title)) == []


async def test_the_weeks_limit_is_said_where_it_cuts_and_nowhere_else(
    chat: DirectDriver, content: Content, clock: SetClock
) -> None:
    skills = [each.id for each in content.skills.values()][:8]
    assert await step(chat, skills[0], "") == ["+1 point"]
    for skill in skills[1:5]:
        assert await step(chat, skill, "a line") == ["+5 points"]

    assert await step(chat, skills[5], "a line") == [f"+4 points · {FULL}"]
    assert await step(chat, skills[6], "a line") == [FULL]
    assert await step(chat, skills[6], "a line") == [FULL]
    assert await step(chat, skills[5], "a line") == []
    chat.dispatcher.content = replace(content, points=replace(content.points, week_most=40))
    assert await step(chat, skills[6], "a line") == [FULL]
    assert lines_about_points(await press(chat, "tips.done", await tip_out(chat, "p-one-page"))) == ["+3 points"]

    clock.move(weeks=1)
    assert await step(chat, skills[6], "a line") == ["+5 points"]


async def test_only_the_first_assessment_gives_points(chat: DirectDriver) -> None:
    assert lines_about_points(await answer_all(chat, {"background": [1]}, letter="A")) == [FIRST]
    assert lines_about_points(await chat.run("/pmpath result")) == []
    assert lines_about_points(await answer_all(chat, {"background": [1]}, letter="A")) == []


def test_the_limit_names_the_deeds_that_share_it(content: Content) -> None:
    few = content.points
    alone = earned.week_is_full(replace(few, limited=frozenset({Deed.TIP})), 4)
    assert content.catalogue.say(alone, Language.EN) == "This week's 4 points for weekly tips are reached."
    every = earned.limited(replace(few, limited=frozenset(Deed)))
    assert content.catalogue.say(every, Language.ZH) == "测评、计划步骤、学习资源、每周一招、推荐的每周一招与导师会面"
