"""Members on Discord, with the real library over real sockets: each way to answer, and what goes wrong."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable

import pytest
from discord import ui
from structlog.testing import capture_logs

from commands.kit.request import Place
from content.text import Language
from storage import drafts, runs
from storage.members import Me
from tests.bot.discord.conftest import PATIENCE, PATIENT, Scene
from tests.bot.discord.rehearsal import NASTY, ROLE
from tests.bot.slack.rehearsal import NASTY as FILLED_IN
from tests.fakes.discord import Answer, DiscordMember, Fault, Shown

# what the platform is told does not hang on the database; tests/test_parity.py talks to each surface over both
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

EPHEMERAL = 64
SEND_MESSAGES = 1 << 11


def answered(scene: Scene) -> tuple[int, int]:
    """The type and flags of the latest first answer that Discord took, without those that every card has."""
    body = [call for call in scene.fake.calls("callback") if call.status < 300][-1].body
    return body["type"], (body.get("data") or {}).get("flags", 0) & EPHEMERAL


def routes(scene: Scene) -> list[str]:
    """The calls that answer interactions, in their order."""
    wanted = ("callback", "original.edit", "original.delete", "followup")
    return [call.route for call in scene.fake.calls(*wanted)]


async def late(scene: Scene, doing: Awaitable[Answer]) -> tuple[Answer, float]:
    """What came of it when the handler ends only after the first answer; with the seconds until that."""
    interactions = scene.fake.world.interactions
    before = set(interactions)
    scene.hurry()
    task = asyncio.ensure_future(doing)
    new = [*(set(interactions) - before)]
    assert await scene.fake.world.until(
        lambda: any(interactions[each].callback for each in set(interactions) - before), 30
    ), new
    scene.rehearsal.gate.set()
    answer = await task
    return answer, answer.answered_after


async def public_board(scene: Scene) -> Shown:
    return (await scene.ada.command("/pmpath try board")).card


# commands


async def test_a_command_is_answered_at_once_and_privately(scene: Scene) -> None:
    answer = await scene.ada.command("/pmpath home")

    assert answered(scene) == (4, EPHEMERAL)
    assert answer.card.private
    assert answer.card.lines[0] == "pmpath"
    assert "Start the assessment" in answer.labels
    assert routes(scene) == ["callback"]


async def test_a_slow_command_says_that_it_thinks_and_then_shows_its_card(scene: Scene) -> None:
    answer, after = await late(scene, scene.ada.command("/pmpath try slow"))

    assert answered(scene) == (5, EPHEMERAL)
    assert PATIENCE * 0.9 < after < PATIENT
    assert answer.lines == ["At last"]
    assert answer.card.private
    assert routes(scene) == ["callback", "original.edit"]


async def test_a_public_command_is_seen_by_all(scene: Scene) -> None:
    await scene.ada.command("/pmpath try posted")

    assert answered(scene) == (4, 0)
    assert [shown.lines for shown in scene.fake.member("Bob").messages()] == [["For all"]]


async def test_a_slow_public_command_is_seen_by_all(scene: Scene) -> None:
    answer, _ = await late(scene, scene.ada.command("/pmpath try postedslowly"))

    assert answered(scene) == (5, 0)
    assert not answer.card.private
    assert answer.lines == ["For all"]


async def test_a_public_command_that_is_refused_is_refused_privately(scene: Scene) -> None:
    answer = await scene.ada.command("/pmpath try postrefused")

    assert answered(scene) == (4, EPHEMERAL)
    assert answer.lines[-1] == "Not in public."


async def test_a_slow_public_command_that_is_refused_leaves_nothing_in_public(scene: Scene) -> None:
    answer, _ = await late(scene, scene.ada.command("/pmpath try postrefusedslowly"))
    assert await scene.fake.world.until(lambda: bool(answer.followups), 30)

    assert answer.card.gone
    assert answer.followups[0].lines[-1] == "Not in public."
    assert answer.followups[0].private
    assert scene.fake.member("Bob").messages() == []


# buttons


async def test_a_button_on_ones_own_card_changes_that_card(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath try waits")).card
    answer = await scene.ada.press(card, "here")

    assert answered(scene) == (7, 0)
    assert answer.replaced
    assert card.lines == ["Here 1"]
    assert len(scene.ada.messages()) == 1


async def test_a_slow_button_on_ones_own_card_changes_that_card_later(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath try waits")).card
    _, after = await late(scene, scene.ada.press(card, "slow"))

    assert answered(scene) == (6, 0)
    assert PATIENCE * 0.9 < after < PATIENT
    assert card.lines == ["At last"]
    assert scene.rehearsal.runs == 1


async def test_a_button_on_a_public_card_answers_privately_beside_it(scene: Scene) -> None:
    board, bob = await public_board(scene), scene.fake.member("Bob")
    answer = await bob.press(board, "refuses")

    assert answered(scene) == (4, EPHEMERAL)
    assert answer.lines[-1] == "No, not today."
    assert board.lines == ["Board"]
    assert len(scene.ada.messages()) == 1


async def test_a_slow_button_on_a_public_card_answers_privately_beside_it(scene: Scene) -> None:
    board, bob = await public_board(scene), scene.fake.member("Bob")
    answer, _ = await late(scene, bob.press(board, "slow"))

    assert answered(scene) == (5, EPHEMERAL)
    assert answer.lines == ["At last"]
    assert answer.card.private
    assert board.lines == ["Board"]


async def test_a_public_button_on_a_public_card_is_a_new_message_for_all(scene: Scene) -> None:
    board = await public_board(scene)
    answer = await scene.ada.press(board, "posted")

    assert answered(scene) == (4, 0)
    assert not answer.card.private
    assert board.lines == ["Board"]


async def test_a_button_that_updates_a_public_card_changes_it_for_all(scene: Scene) -> None:
    board = await public_board(scene)
    await scene.fake.member("Bob").press(board, "counted")

    assert answered(scene) == (7, 0)
    assert board.lines == ["Counted 1"]


async def test_a_slow_button_that_updates_a_public_card_changes_it_later(scene: Scene) -> None:
    board = await public_board(scene)
    await late(scene, scene.fake.member("Bob").press(board, "countedslowly"))

    assert answered(scene) == (6, 0)
    assert board.lines == ["Counted 1"]


async def test_a_refusal_to_update_a_public_card_is_private_and_leaves_it(scene: Scene) -> None:
    board = await public_board(scene)
    answer = await scene.ada.press(board, "countrefused")

    assert answered(scene) == (4, EPHEMERAL)
    assert answer.lines[-1] == "Not in public."
    assert board.lines == ["Board"]


async def test_a_slow_refusal_to_update_a_public_card_is_private_and_leaves_it(scene: Scene) -> None:
    board = await public_board(scene)
    scene.ada.patience = 0.01  # Discord shows nothing that waits, so nothing is to be waited for
    answer, _ = await late(scene, scene.ada.press(board, "countrefusedslowly"))
    assert await scene.fake.world.until(lambda: bool(answer.followups), 30)

    assert answered(scene) == (6, 0)
    assert answer.followups[0].lines[-1] == "Not in public."
    assert answer.followups[0].private
    assert board.lines == ["Board"]


async def test_an_error_of_ours_is_private_and_leaves_a_public_card(scene: Scene) -> None:
    board = await public_board(scene)
    answer = await scene.ada.press(board, "counttoolong")

    assert answered(scene) == (4, EPHEMERAL)
    assert answer.lines[0] == "Something went wrong on our side"
    assert board.lines == ["Board"]
    scene.faults.entries.clear()


async def test_two_buttons_with_one_press_both_work(scene: Scene) -> None:
    for label in ("Here", "There", "Beside"):
        card = (await scene.ada.command("/pmpath try doubled")).card
        assert card.labels == ["Beside", "Here", "There"]
        await scene.ada.press(card, label)
        assert card.lines[0].startswith("Here")


# forms


async def test_a_button_opens_a_form_and_its_card_changes_once_that_is_sent(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath try waits")).card
    form = await scene.ada.press(card, "opened")
    assert answered(scene) == (9, 0)
    assert form.form.title == "A form"
    assert form.form.field("Why").value == FILLED_IN
    assert form.form.field("Why").description == "One sentence"
    assert form.form.field("Kind").chosen == ("Talk",)
    assert not form.form.field("Kind").required

    await scene.ada.submit(form, {"Why": "because", "Kind": "Book"})
    assert answered(scene) == (7, 0)
    assert card.lines == ["Saved: because (book)"]


async def test_a_slow_form_from_ones_own_card_changes_it_later(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath try waits")).card
    form = await scene.ada.press(card, "opened")
    await late(scene, scene.ada.submit(form, {"Why": "slow"}))

    assert answered(scene) == (6, 0)
    assert card.lines == ["Saved: slow (talk)"]


@pytest.mark.parametrize(("why", "callback"), [("typed", 4), ("slow", 5)])
async def test_a_form_from_a_command_is_answered_with_a_private_card(scene: Scene, why: str, callback: int) -> None:
    form = await scene.ada.command("/pmpath try opened")
    sending = scene.ada.submit(form, {"Why": why})
    answer = await sending if why == "typed" else (await late(scene, sending))[0]

    assert answered(scene) == (callback, EPHEMERAL)
    assert answer.lines == [f"Saved: {why} (talk)"]
    assert answer.card.private


@pytest.mark.parametrize(("why", "callback"), [("public", 4), ("slow", 5)])
async def test_a_form_from_a_public_card_is_answered_privately_beside_it(scene: Scene, why: str, callback: int) -> None:
    board, bob = await public_board(scene), scene.fake.member("Bob")
    form = await bob.press(board, "opened")
    sending = bob.submit(form, {"Why": why})
    answer = await sending if why == "public" else (await late(scene, sending))[0]

    assert answered(scene) == (callback, EPHEMERAL)
    assert answer.lines == [f"Saved: {why} (talk)"]
    assert board.lines == ["Board"]


async def test_a_wrong_form_keeps_what_was_written_and_opens_it_again(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath try waits")).card
    form = await scene.ada.press(card, "opened")
    await scene.ada.submit(form, {"Why": "bad", "Kind": "Book"})
    assert card.lines == ["Not saved yet", "Say more."]

    again = await scene.ada.press(card, "Correct it")
    assert answered(scene) == (9, 0)
    assert again.form.field("Why").value == "bad"
    assert again.form.field("Kind").chosen == ("Book",)
    await scene.ada.submit(again, {"Why": "good"})
    assert card.lines == ["Saved: good (book)"]


async def test_a_form_that_is_refused_is_a_private_card_with_the_way_on(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath try waits")).card
    no = await scene.ada.press(card, "notopened")

    assert answered(scene) == (4, EPHEMERAL)
    assert no.lines[-1] == "No form today."
    assert card.lines == ["All"]
    assert (await scene.ada.press(no, "Open another")).form.title == "A form"


@pytest.mark.parametrize(("locale", "label"), [("en-US", "Open the form"), ("zh-CN", "打开表单")])
async def test_a_form_that_comes_too_late_offers_its_button_again(scene: Scene, locale: str, label: str) -> None:
    scene.ada.locale = locale
    card = (await scene.ada.command("/pmpath try waits")).card
    late_form, _ = await late(scene, scene.ada.press(card, "openedslowly"))

    assert answered(scene) == (4, EPHEMERAL)
    assert late_form.modal is None
    assert late_form.labels == [label]
    assert (await scene.ada.press(late_form, label)).form.title == "A form"


async def test_a_form_beyond_discords_limits_is_our_error_said_in_a_card(scene: Scene) -> None:
    answer = await scene.ada.command("/pmpath try toolongform")

    assert answered(scene) == (4, EPHEMERAL)
    assert answer.lines[0] == "Something went wrong on our side"
    assert len(scene.faults.entries) == 1
    scene.faults.entries.clear()


# what is chosen


async def choose(member: DiscordMember, card: Shown, which: str, values: list[str]) -> Answer:
    """Choose in a waiting select: it is kept, and nothing will be drawn anew."""
    patience, member.patience = member.patience, 0.01
    answer = await member.choose(card, which, values)
    member.patience = patience
    return answer


async def test_waiting_selects_arrive_with_their_button(scene: Scene) -> None:
    scene.rehearsal.people = (str(scene.ada.uid), f"role:{ROLE}")
    card = (await scene.ada.command("/pmpath try choosing")).card
    assert card.select("People").chosen == ("Ada", "Mentors")
    for which, values in (("Skills", ["Talks", "Tests"]), ("Some", ["A", "C"])):
        answer = await choose(scene.ada, card, which, values)
        assert answered(scene) == (6, 0)
        assert not answer.failed
    await scene.ada.press(card, "Next")

    taken = {"skills": ("talks", "tests"), "years": (), "some": ("a", "c")}
    assert scene.rehearsal.taken == [{**taken, "people": (str(scene.ada.uid), f"role:{ROLE}")}]
    assert card.lines == ["Taken"]


async def test_what_was_chosen_is_drawn_as_chosen_again_until_it_is_taken(scene: Scene) -> None:
    ada = scene.ada
    card = (await ada.command("/pmpath try choosing")).card
    await choose(ada, card, "Skills", ["Talks", "Tests"])
    await choose(ada, card, "Years", ["Two"])
    await choose(ada, card, "People", ["Ada"])

    again = (await ada.command("/pmpath try choosing")).card
    assert [select.chosen for select in again.selects] == [("Talks", "Tests"), ("Two",), (), ("Ada",), ()]
    await ada.press(again, "Next")
    fresh = (await ada.command("/pmpath try choosing")).card
    assert [select.chosen for select in fresh.selects] == [("Sql",), (), (), ("Mentors",), ()]
    wire = f"1|{(await scene.community()).id}|taken"
    assert (
        await scene.dispatcher.store.read(drafts.find, Me((await scene.community()).id, str(ada.uid), ""), wire) == {}
    )


async def test_nothing_chosen_is_a_choice_too(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath try choosing")).card
    await choose(scene.ada, card, "Skills", [])
    await scene.ada.press(card, "Next")

    assert scene.rehearsal.taken[0]["skills"] == ()


async def test_a_slow_keeping_of_a_choice_draws_nothing(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath try choosing")).card
    before = card.message.edits
    await choose(scene.ada, card, "Skills", ["Talks"])

    assert card.message.edits == before
    assert routes(scene) == ["callback", "callback"]


async def test_a_select_that_presses_at_once_does(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath try choosing")).card
    await scene.ada.choose(card, "Now", "Blue")

    assert card.lines == ["Picked blue"]


# whole ways


async def test_the_whole_assessment_runs_on_one_private_card(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath start")).card
    for _ in range(60):
        for select in card.selects:
            await choose(scene.ada, card, select.custom_id, [next(iter(select.options))])
        label = next((each for each in ("Next", "A", "Show my result") if each in card.labels), None)
        if label is None:
            break
        await scene.ada.press(card, label)

    assert len(scene.ada.messages()) == 1
    assert any("hiring" in line for line in card.lines)


async def test_files_can_be_taken_away_at_once_and_later(scene: Scene) -> None:
    quick = await scene.ada.command("/pmpath try filed")
    slow, _ = await late(scene, scene.ada.command("/pmpath try filedslowly"))

    assert quick.card.files == slow.card.files == {"mine.md": b"# Mine"}
    assert quick.lines == slow.lines == ["Yours", "Your plan"]


@pytest.mark.parametrize(("locale", "words"), [("en-US", ["1-5 of 12", "A chart"]), ("zh-CN", ["第 1-5 条", "，"])])
async def test_every_element_is_there_in_both_languages(scene: Scene, locale: str, words: list[str]) -> None:
    scene.ada.locale = locale
    card = (await scene.ada.command("/pmpath try elements")).card

    assert card.lines[0] == "Elements"
    assert card.lines[2:5] == ["Bold and a link", "Small print", "about 2 more"]
    assert card.labels[:2] == ["One", "Two"]
    assert card.button("One").disabled
    assert card.links == ["https://example.org/", "https://example.org/"]
    assert [picture.content for picture in card.pictures] == [b"png"]
    assert {mark.kind for mark in card.marks} == {"heading", "time", "bold", "link", "small"}
    assert all(any(each in line for line in [*card.lines, card.pictures[0].description or ""]) for each in words)


async def test_what_a_member_wrote_reads_as_typed_and_pings_nobody(scene: Scene) -> None:
    form = await scene.ada.command("/pmpath try opened")
    answer = await scene.ada.submit(form, {"Why": NASTY})

    assert answer.lines == [f"Saved: {NASTY} (talk)"]
    assert {mark.kind for mark in answer.card.marks} == {"heading"}
    assert scene.fake.pings == []


async def test_a_refusal_and_an_error_of_ours_are_plain_sentences(scene: Scene) -> None:
    no = await scene.ada.command("/pmpath try refuses")
    broken = await scene.ada.command("/pmpath try breaks")

    assert no.lines[-1] == "No, not today."
    assert any(line.startswith("Reference ") for line in broken.lines)
    assert len(scene.faults.entries) == 1
    scene.faults.entries.clear()


async def test_a_card_beyond_discords_limits_is_our_error_said_in_a_card(scene: Scene) -> None:
    answer = await scene.ada.command("/pmpath try toolong")

    assert answer.lines[0] == "Something went wrong on our side"
    assert len(scene.faults.entries) == 1
    scene.faults.entries.clear()


async def test_the_persons_language_is_that_of_their_discord(scene: Scene) -> None:
    wei = scene.fake.member("Wei", locale="zh-CN")

    assert "开始测评" in (await wei.command("/pmpath home")).labels
    assert "Start the assessment" in (await scene.ada.command("/pmpath home")).labels
    assert (await scene.community()).language is Language.ZH
    unspoken = scene.fake.member("Xu", locale="xx-YY")
    assert "开始测评" in (await unspoken.command("/pmpath home")).labels  # the server's, which Wei spoke first


# presses that should not be


@pytest.mark.parametrize(
    "custom_id",
    ["1|999|home", "1|1|no.such.action", "9|1|home", "rubbish", "", "1|1|home|more", f"1|{'9' * 30}|home"],
)
async def test_a_press_that_is_not_ours_changes_nothing_and_leads_home(scene: Scene, custom_id: str) -> None:
    card = (await scene.ada.command("/pmpath try waits")).card
    answer = await scene.ada.forge(card, custom_id)

    assert answer.labels == ["Home"]
    assert scene.rehearsal.runs == 0
    await scene.ada.press(answer, "Home")
    assert card.lines[0] == "pmpath"


async def test_somebody_elses_press_is_refused_and_tells_nothing(scene: Scene) -> None:
    mine = (await scene.ada.command("/pmpath start")).card
    before = mine.lines
    eve = scene.fake.member("Eve")
    theirs = (await eve.command("/pmpath home")).card
    answer = await eve.forge(theirs, mine.button("Skip").custom_id or "")

    assert "This card isn't yours" in answer.text
    assert "Ada" not in answer.text
    assert mine.lines == before


async def test_one_press_made_many_times_at_once_counts_once(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath start")).card
    while "A" not in card.labels:
        await scene.ada.press(card, "Skip")
    custom_id = card.button("A").custom_id or ""
    answers = await asyncio.gather(*(scene.ada.forge(card, custom_id) for _ in range(16)))

    me = Me((await scene.community()).id, str(scene.ada.uid), "")
    run = await scene.dispatcher.store.read(runs.open_run, me)
    assert run is not None
    assert len([choice for choice in run.answers.values() if isinstance(choice, str)]) == 1
    assert not [answer for answer in answers if answer.failed]


async def test_a_stale_press_shows_the_state_as_it_is(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath start")).card
    while "A" not in card.labels:
        await scene.ada.press(card, "Skip")
    stale = card.button("A").custom_id or ""
    await scene.ada.press(card, "B")
    now = card.lines
    await scene.ada.forge(card, stale)

    assert card.lines[-5:] == now[-5:]


# what Discord does wrongly, or refuses


@pytest.mark.parametrize("code", [10062, 40060])
async def test_an_answer_that_discord_refuses_is_logged_and_the_state_is_safe(scene: Scene, code: int) -> None:
    card = (await scene.ada.command("/pmpath try here")).card
    scene.fake.order("callback", Fault.refusing(404 if code == 10062 else 400, code))
    with capture_logs() as logs:
        scene.ada.patience, scene.fake.rest.answer_within = 0.01, 0.5
        failed = await scene.ada.press(card, "Here")
        await scene.fake.world.until(lambda: bool(logs), 30)
    scene.fake.rest.answer_within = PATIENT

    assert failed.failed
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [("answer.refused", "info")]
    await scene.ada.press(card, "Here")
    assert card.lines == ["Here 3"]


async def test_a_wait_that_discord_refuses_is_logged_and_the_state_is_safe(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath try waits")).card
    scene.fake.order("callback", Fault.refusing(404, 10062))
    scene.hurry()
    with capture_logs() as logs:
        scene.fake.rest.answer_within = PATIENCE + 0.2
        assert (await scene.ada.press(card, "slow")).failed
        scene.rehearsal.gate.set()
        assert await scene.fake.world.until(lambda: routes(scene).count("original.edit") == 1, 30)
        scene.fake.rest.answer_within = PATIENT
        await scene.ada.press(card, "here")

    assert card.lines == ["Here 1"]
    assert {entry["event"] for entry in logs} == {"answer.refused"}
    scene.fake.breaches.clear()


async def test_a_wait_that_fails_otherwise_is_our_error_in_the_log(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath try waits")).card
    scene.fake.order("callback", Fault.refusing(403, 50001))
    scene.hurry()
    scene.fake.rest.answer_within = PATIENCE + 0.2
    await scene.ada.press(card, "slow")
    scene.rehearsal.gate.set()
    assert await scene.fake.world.until(lambda: "original.edit" in routes(scene), 30)

    assert [entry["event"] for entry in scene.faults.entries] == ["answer.failed"]
    scene.faults.entries.clear()
    scene.fake.breaches.clear()


async def test_a_limited_callback_comes_a_little_later(scene: Scene) -> None:
    scene.fake.order("callback", Fault.rate_limited(0.05))

    assert (await scene.ada.command("/pmpath home")).lines[0] == "pmpath"


@pytest.mark.parametrize("applied", [False, True])
async def test_a_callback_that_discord_fumbles_is_given_once(scene: Scene, *, applied: bool) -> None:
    scene.fake.order("callback", Fault.failing(500, applied=applied))
    answer = await scene.ada.command("/pmpath try here")
    if applied:
        assert await scene.fake.world.until(lambda: bool(scene.fake.breaches), 30)
        assert "40060" in scene.fake.breaches.pop()

    assert answer.lines == ["Here 1"]
    assert len(scene.ada.messages()) == 1
    assert len(scene.rehearsal.places) == 1


async def test_a_callback_on_its_way_for_long_is_still_the_answer(scene: Scene) -> None:
    scene.hurry()
    scene.fake.order("callback", Fault.slow(PATIENCE + 0.2))
    answer = await scene.ada.command("/pmpath try here")

    assert answer.lines == ["Here 1"]
    assert routes(scene) == ["callback"]


async def test_a_card_that_comes_after_fifteen_minutes_is_logged_and_the_state_is_safe(scene: Scene) -> None:
    scene.ada.patience = 0.01
    card = (await scene.ada.command("/pmpath try waits")).card
    scene.hurry()
    with capture_logs() as logs:
        await scene.ada.press(card, "slow")
        scene.fake.pass_time(16 * 60)
        scene.rehearsal.gate.set()
        assert await scene.fake.world.until(lambda: routes(scene).count("original.edit") == 1, 30)
        await scene.ada.press(card, "here")

    assert [entry["event"] for entry in logs] == ["answer.refused"]
    assert card.lines == ["Here 1"]
    scene.fake.breaches.clear()


async def test_an_edit_that_discord_refuses_for_good_is_our_error_in_the_log(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath try waits")).card
    scene.ada.patience = 0.3
    scene.fake.order("original.edit", Fault.refusing(403, 50013), times=2)
    await late(scene, scene.ada.press(card, "slow"))

    assert [entry["event"] for entry in scene.faults.entries] == ["interaction.failed", "answer.failed"]
    scene.faults.entries.clear()


# what is kept


async def test_no_view_and_no_form_stays_in_memory(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath try waits")).card
    for label in ("opened", "toolongform", "here"):
        await scene.ada.press(card, label)
    await scene.ada.command("/pmpath try choosing")
    await scene.ada.command("/pmpath try posted")
    scene.faults.entries.clear()
    await scene.surface.close()  # the last answer is over then
    gc.collect()

    assert [each for each in gc.get_objects() if type(each) in {ui.LayoutView, ui.Modal}] == []


async def test_the_handler_knows_where_the_card_stands(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath try here")).card
    await scene.ada.press(card, "Here")
    board = (await scene.ada.command("/pmpath try board")).card
    await scene.ada.forge(board, card.button("Here").custom_id or "")

    assert scene.rehearsal.places == [Place.CHANNEL, Place.CHANNEL, Place.PUBLIC]


async def test_whether_a_member_may_write_in_the_channel_comes_along(scene: Scene) -> None:
    await scene.ada.command("/pmpath try here")
    scene.ada.member.permissions &= ~SEND_MESSAGES

    await scene.ada.command("/pmpath try here")

    assert scene.rehearsal.may_post == [True, False]
