"""The gap card: what is ticked is had, and rules are of the regions that are named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.kit.element import OPTIONS_MAX, Select
from commands.kit.request import Pressed
from commands.missing import asked_about
from content.load import Content
from content.outcomes import Outcome
from content.text import Language
from storage import learning, shelf
from storage.learning import SkillState
from tests.commands.test_plan import mark, names, plan, states
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen


async def opened(chat: DirectDriver, outcome: Outcome) -> Seen:
    await chat.run(f"/pmpath plan {outcome.value}")
    return await chat.press("What is missing for me?")


async def regions(chat: DirectDriver) -> set[str]:
    return set(await chat.dispatcher.store.read(learning.regions, await chat.me()))


def chosen(chat: DirectDriver, name: str) -> tuple[str, ...]:
    found = chat.select(name)
    assert isinstance(found, Select)
    return found.chosen


async def test_what_is_ticked_is_no_gap_any_more_and_the_plan_follows(chat: DirectDriver) -> None:
    await opened(chat, Outcome.PLATFORM)
    await chat.choose("skills", "Kubernetes", "MLOps")
    await chat.choose("regions", "The EU", "Elsewhere")
    card = await chat.press("Next")

    assert card.lines[0] == "Next step: Cloud-native architecture"
    assert await states(chat) == {"kubernetes": (SkillState.HAD, None), "mlops": (SkillState.HAD, None)}
    assert await regions(chat) == {"eu", "elsewhere"}


async def test_what_was_ticked_is_shown_as_ticked_and_can_be_unticked(chat: DirectDriver) -> None:
    await opened(chat, Outcome.PLATFORM)
    await chat.choose("skills", "Kubernetes", "MLOps")
    await chat.choose("regions", "The EU")
    await chat.press("Next")
    await chat.press("What is missing for me?")
    assert (chosen(chat, "skills"), chosen(chat, "regions")) == (("kubernetes", "mlops"), ("eu",))

    await chat.choose("skills", "MLOps")
    await chat.choose("regions")
    await chat.press("Next")

    assert await states(chat) == {"mlops": (SkillState.HAD, None)}
    assert await regions(chat) == set()


async def test_skip_leads_to_the_plan_as_it_is(chat: DirectDriver) -> None:
    await opened(chat, Outcome.PLATFORM)
    await chat.choose("skills", "Kubernetes")
    card = await chat.press("Skip")

    assert card.lines[0] == "Next step: Kubernetes"
    assert await states(chat) == {}


async def test_pressed_twice_it_is_as_pressed_once_whatever_the_platform_sends_the_second_time(
    chat: DirectDriver,
) -> None:
    await opened(chat, Outcome.PLATFORM)
    await chat.choose("skills", "Kubernetes")
    wire, sent = Pressed(chat.wire(chat.button("Next").press)), dict(chat.held)
    first = await chat.press("Next")

    for again in (sent, {}):  # ticks that travel with the press, and a message that still shows what was drawn
        assert await chat.call(wire, again) == first
    assert await states(chat) == {"kubernetes": (SkillState.HAD, None)}


async def test_a_card_from_before_changes_nothing_and_is_drawn_anew(chat: DirectDriver) -> None:
    await opened(chat, Outcome.PLATFORM)
    old = Pressed(chat.wire(chat.button("Next").press))
    await chat.choose("skills", "Kubernetes")
    await chat.press("Next")

    card = await chat.call(old, {"skills": ("mlops",), "regions": ()})

    assert card.lines[0] == "This has changed since the card was drawn. Please look once more."
    assert chosen(chat, "skills") == ("kubernetes",)
    assert await states(chat) == {"kubernetes": (SkillState.HAD, None)}


async def test_values_that_the_card_does_not_offer_are_left_out(chat: DirectDriver) -> None:
    await opened(chat, Outcome.PLATFORM)
    wire = Pressed(chat.wire(chat.button("Next").press))

    await chat.call(wire, {"skills": ("lora", "made-up", "mlops"), "regions": ("mars", "cn")})

    assert await states(chat) == {"mlops": (SkillState.HAD, None)}
    assert await regions(chat) == {"cn"}


async def test_what_the_answers_show_is_not_asked(chat: DirectDriver, content: Content) -> None:
    item = next(each for each in content.questionnaire.items if any(option.skills for option in each.options))
    place, option = next((place, each) for place, each in enumerate(item.options) if each.skills)
    track = content.skills[option.skills[0]].track
    assert track is not None
    shown = names(content, option.skills)[0]
    assert shown in (await opened(chat, track)).selects["skills"]

    await answer_all(chat, {item.id: [place]}, letter="A")

    assert shown not in (await opened(chat, track)).selects["skills"]


async def test_what_is_done_is_not_asked_and_the_plan_keeps_its_states(chat: DirectDriver) -> None:
    await mark(chat, SkillState.DONE, "python")
    await mark(chat, SkillState.DOING, "mlops")
    await mark(chat, SkillState.SKIPPED, "vector-db")

    card = await opened(chat, Outcome.PLATFORM)
    assert "Python" not in card.selects["skills"]
    await chat.choose("skills", "Vector storage (Milvus)")
    await chat.press("Next")

    assert await states(chat) == {
        "python": (SkillState.DONE, None),
        "mlops": (SkillState.DOING, None),
        "vector-db": (SkillState.HAD, None),
    }


async def test_rules_of_every_region_can_be_ticked_and_only_those_of_named_ones_are_gaps(chat: DirectDriver) -> None:
    card = await opened(chat, Outcome.BUSINESS)
    assert {"GDPR", "PIPL"} <= set(card.selects["skills"])
    assert "HIPAA" not in card.selects["skills"]  # of healthcare in the US; no industry is known

    assert not {"gdpr", "pipl"} & set((await plan(chat, Outcome.BUSINESS)).steps)
    await chat.choose("regions", "The EU")
    await chat.press("Next")
    assert {"gdpr", "pipl"} & set((await plan(chat, Outcome.BUSINESS)).steps) == {"gdpr"}


async def test_the_plan_asks_where_users_are_until_that_is_known(chat: DirectDriver) -> None:
    asks = "Which rules of law you need depends on where your users are: say it under “What is missing for me?”."
    assert asks in (await chat.run("/pmpath plan business")).lines

    await opened(chat, Outcome.BUSINESS)
    await chat.choose("regions", "Elsewhere")

    assert asks not in (await chat.press("Next")).lines


async def test_where_nothing_is_left_to_ask_only_the_regions_are_asked(chat: DirectDriver) -> None:
    here = await chat.dispatcher.store.read(shelf.read, await chat.me())
    await mark(chat, SkillState.DONE, *asked_about(chat.dispatcher.content, here, Outcome.HYBRID))

    assert list((await opened(chat, Outcome.HYBRID)).selects) == ["regions"]


@pytest.mark.parametrize("outcome", list(Outcome))
async def test_a_pack_with_many_skills_is_asked_about_as_far_as_a_select_goes(
    chat: DirectDriver, content: Content, outcome: Outcome
) -> None:
    more = {f"more-{n}": replace(content.skills["mlops"], id=f"more-{n}", track=outcome) for n in range(30)}
    chat.dispatcher.content = replace(content, skills={**content.skills, **more})

    card = await opened(chat, outcome)

    assert len(card.selects["skills"]) == OPTIONS_MAX
    assert card.selects["skills"][0] == content.skills[content.tracks[outcome].skills[0]].name.en


async def test_nobody_elses_ticks_are_touched(chat: DirectDriver) -> None:
    other = chat.other(uid="u2", name="Bob")
    await opened(chat, Outcome.PLATFORM)
    await other.call(Pressed(chat.wire(chat.button("Next").press)), {"skills": ("mlops",), "regions": ("cn",)})

    assert (await states(chat), await regions(chat)) == ({}, set())
    assert await states(other) == {"mlops": (SkillState.HAD, None)}


async def test_the_card_reads_in_chinese(chat: DirectDriver, content: Content) -> None:
    await chat.run("/pmpath language 中文")
    await chat.run("/pmpath plan 业务型")
    card = await chat.press("我还差什么？")

    assert card.selects["regions"] == ["中国大陆", "欧盟", "美国", "其他地区"]
    here = await chat.dispatcher.store.read(shelf.read, await chat.me())
    assert card.selects["skills"] == names(content, asked_about(content, here, Outcome.BUSINESS), Language.ZH)
    assert card.buttons == ["下一步", "跳过", "首页"]
