"""`/pmpath start`."""

from __future__ import annotations

import asyncio

from commands.kit.dispatch import Decision
from commands.kit.request import CommunityKey, Platform, Pressed, Request
from content.text import Language
from storage import drafts, results, runs
from tests.commands.test_earned import FIRST
from tests.conftest import SetClock
from tests.drivers.assessment import answer_all, open_questions
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen


async def test_the_first_card_says_that_it_is_private_and_how_much_is_to_come(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath start")

    assert "Only you see your answers" in card.lines[0]
    assert card.lines[1].startswith("about ")
    assert list(card.selects) == ["background"]
    assert card.buttons == ["Next", "None of these", "Skip", "中文"]


async def test_an_assessment_ends_in_a_result_that_names_its_reasons(chat: DirectDriver) -> None:
    card = await answer_all(chat, {"background": [3], "skills": [1, 7]}, letter="B")

    assert card.title.split(" ")[0] in {"Your", "You", "Between"}
    assert "What decided it" in card.lines
    last = "This is one article's way to divide AI product roles. It is not for hiring."
    assert card.lines[-2:] == [last, FIRST]


async def test_an_answer_is_stored_before_the_next_card_is_drawn(chat: DirectDriver) -> None:
    await open_questions(chat)
    run = await chat.dispatcher.store.read(runs.open_run, await chat.me())
    assert run is not None
    before = len(run.answers)

    await chat.press("A")

    run = await chat.dispatcher.store.read(runs.open_run, await chat.me())
    assert run is not None
    assert len(run.answers) == before + 1


async def test_the_same_button_pressed_twice_changes_nothing_and_shows_where_the_run_stands(chat: DirectDriver) -> None:
    await open_questions(chat)
    again = Pressed(chat.wire(chat.button("A").press))
    first = await chat.press("A")

    assert await chat.call(again) == first


async def test_64_presses_at_once_store_one_answer(chat: DirectDriver) -> None:
    await open_questions(chat)
    wire = Pressed(chat.wire(chat.button("A").press))
    others = [chat.other() for _ in range(64)]

    cards = await asyncio.gather(*(other.call(wire) for other in others))

    assert len({card.text for card in cards}) == 1
    run = await chat.dispatcher.store.read(runs.open_run, await chat.me())
    assert run is not None
    assert run.revision == 5


async def test_back_shows_the_earlier_question_with_what_was_chosen_and_another_choice_replaces_it(
    chat: DirectDriver,
) -> None:
    await open_questions(chat)
    question = chat.seen.lines[-5]
    await chat.press("A")

    card = await chat.press("Back")
    assert question in card.lines
    await chat.press("C")

    run = await chat.dispatcher.store.read(runs.open_run, await chat.me())
    assert run is not None
    item = chat.dispatcher.content.questionnaire.item(list(run.answers)[-1])
    assert run.answers[item.id] == item.options[2].id


async def test_back_reaches_the_very_first_answer_and_on_leads_forward_again(chat: DirectDriver) -> None:
    here = (await open_questions(chat)).lines
    card = chat.seen
    for _ in range(4):
        card = await chat.press("Back")
    assert list(card.selects) == ["background"]
    assert "Back" not in card.buttons

    assert (await chat.press("On to where I was")).lines == here


async def test_a_run_goes_on_where_it_stood_from_any_place_in_the_community(chat: DirectDriver) -> None:
    here = await open_questions(chat)

    elsewhere = chat.other(channel="random")
    assert (await elsewhere.run("/pmpath start")).lines == here.lines


async def test_a_run_goes_on_from_a_direct_message_whose_card_carries_the_community(chat: DirectDriver) -> None:
    await open_questions(chat)
    wire = Pressed(chat.wire(chat.button("A").press))

    card = await chat.other(community=None, channel=None).call(wire)

    assert "A" in card.buttons


async def test_nothing_goes_on_in_another_community(chat: DirectDriver) -> None:
    await open_questions(chat)
    wire = Pressed(chat.wire(chat.button("A").press))
    other = chat.other(community=CommunityKey(Platform.WEB, "elsewhere", "Elsewhere"))

    assert (await other.call(wire)).lines == ["This card isn't yours. Open your own with /pmpath start."]
    assert list((await other.run("/pmpath start")).selects) == ["background"]


async def test_another_members_press_changes_nothing_and_does_not_say_whose_it_is(chat: DirectDriver) -> None:
    await open_questions(chat)
    before = await chat.dispatcher.store.read(runs.open_run, await chat.me())
    wire = Pressed(chat.wire(chat.button("A").press))

    card = await chat.other(uid="u2", name="Eve").call(wire)

    assert card.lines == ["This card isn't yours. Open your own with /pmpath start."]
    assert await chat.dispatcher.store.read(runs.open_run, await chat.me()) == before


async def test_a_card_of_a_finished_run_says_so_and_offers_the_way_on(chat: DirectDriver) -> None:
    await open_questions(chat)
    wire = Pressed(chat.wire(chat.button("A").press))
    await answer_all(chat, {}, letter="A")

    card = await chat.call(wire)

    assert card.title == "This assessment has ended"
    assert card.buttons == ["My result", "Take it again"]


async def test_a_card_of_a_run_that_was_given_up_promises_no_result(chat: DirectDriver, clock: SetClock) -> None:
    await open_questions(chat)
    wire = Pressed(chat.wire(chat.button("A").press))
    clock.move(days=91)
    await chat.run("/pmpath start")

    card = await chat.call(wire)

    assert card.lines == ["It was given up, or left for 90 days. Your next one begins anew."]
    assert card.buttons == ["Begin a new one"]


async def test_what_was_ticked_is_still_ticked_on_a_card_drawn_anew_and_gone_once_it_was_taken(
    chat: DirectDriver,
) -> None:
    await chat.run("/pmpath start")
    wire = chat.wire(chat.button("Next").press)
    await chat.dispatcher.perform(_keeps(chat, wire, {"background": ("saas",)}))

    await chat.run("/pmpath start")
    drawn = chat.select("background")
    assert drawn.chosen == ("saas",)
    await chat.call(Pressed(wire))

    run = await chat.dispatcher.store.read(runs.open_run, await chat.me())
    assert run is not None
    assert run.answers == {"background": ("saas",)}
    assert await chat.dispatcher.store.read(drafts.find, await chat.me(), wire) == {}


def _keeps(chat: DirectDriver, wire: str, values: dict[str, tuple[str, ...]]) -> Decision:
    """A waiting select's change, as Discord sends it."""
    call = Pressed(wire, keeps=True)
    request = Request(chat.community, chat.uid, chat.name, call, 0.0, chat.platform, values=values)
    return chat.dispatcher.decide(request)


async def test_the_result_can_be_had_early_from_the_fourth_card_on(chat: DirectDriver) -> None:
    await chat.run("/pmpath start")
    for _ in range(2):
        assert "Show my result now" not in chat.seen.buttons
        await chat.press("Next")
    await chat.press("Next")

    card = await chat.press("Show my result now")

    assert card.title == "Not enough answers to say"
    assert len(await chat.dispatcher.store.read(results.history, await chat.me(), 5)) == 1


async def test_skipping_everything_ends_in_not_enough_to_say_with_the_tracks(chat: DirectDriver) -> None:
    card: Seen = await chat.run("/pmpath start")
    presses = 0
    while "Skip" in card.buttons:
        card = await chat.press("Skip")
        presses += 1

    assert card.title == "Not enough answers to say"
    assert card.buttons == ["Take it again", "Business", "Platform", "Technical", "Hybrid", "Home"]
    assert presses <= 14


async def test_the_language_button_turns_the_same_card_and_all_that_follow(chat: DirectDriver) -> None:
    await chat.run("/pmpath start")

    card = await chat.press("中文")

    assert card.title == "哪个方向适合你？"
    assert chat.reply is not None
    assert chat.reply.language is Language.ZH
    assert (await chat.press("下一步")).buttons == ["下一步", "都不是", "跳过", "返回"]


async def test_a_run_left_for_90_days_is_not_gone_on_with(chat: DirectDriver, clock: SetClock) -> None:
    await open_questions(chat)
    clock.move(days=91)

    assert list((await chat.run("/pmpath start")).selects) == ["background"]


async def test_ticks_that_are_no_options_are_not_stored(chat: DirectDriver) -> None:
    await chat.run("/pmpath start")
    wire = chat.wire(chat.button("Next").press)

    await chat.call(Pressed(wire), {"background": ("saas", "'; DROP TABLE run", "nonsense")})

    run = await chat.dispatcher.store.read(runs.open_run, await chat.me())
    assert run is not None
    assert run.answers == {"background": ("saas",)}


async def test_what_was_never_asked_cannot_be_answered(chat: DirectDriver) -> None:
    await open_questions(chat)
    parts = chat.wire(chat.button("A").press).split("|")
    community, run, revision = parts[1], parts[3], parts[4]

    card = await chat.call(Pressed(f"1|{community}|start.answer|{run}|{revision}|no-such-item|a"))

    assert card.lines == ["This card is out of date. Open a new one with /pmpath."]
