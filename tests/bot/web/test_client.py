"""A member before the page: commands, presses, choices, forms, the channel, restarts."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from bot.clock import Stop
from bot.surface import Message, Refused, TryLater
from bot.web.limits import POSTS_MAX
from bot.web.sandbox import ROOM
from commands.kit.allowance import Allowance
from commands.kit.discover import Registry
from commands.kit.request import Place
from commands.kit.view import Card
from content.text import Language, verbatim
from storage import members, outbox
from storage.members import Me
from tests.bot.web.conftest import Room
from tests.bot.web.samples import tell
from tests.conftest import Faults
from tests.drivers.web import NotThere, WebDriver


async def member(room: Room, person: str) -> int:
    community = await room.surface.dispatcher.known.community(ROOM, None)
    return await room.store.write(members.ensure, Me(community.id, person, person))


@pytest.mark.parametrize("typed", ["/pmpath counted", "pmpath counted", "counted", "/counted", "  /PMPATH   counted "])
async def test_a_command_is_understood_with_or_without_its_root(room: Room, typed: str) -> None:
    page = await room.page()

    assert (await page.run(typed)).title == "Counted 1 for Kim O’Hara-Lindqvist"


@pytest.mark.parametrize(
    ("person", "title"), [("kim", "Not this time"), ("ada", "Setup, 1 of 7: language")], ids=["member", "moderator"]
)
async def test_the_moderators_root_is_for_moderators(room: Room, person: str, title: str) -> None:
    page = await room.page(person)

    assert (await page.run("/pmpath-mod")).title == title


async def test_what_is_typed_comes_from_the_channel_and_what_opens_the_page_from_home(room: Room) -> None:
    page = await room.page()
    await page.run("gallery")

    await page.ask({"kind": "run", "words": "gallery", "place": "home"})
    await page.press("Two")

    assert room.samples.places == [Place.CHANNEL, Place.HOME, Place.HOME]


async def test_a_press_runs_what_its_button_says(room: Room) -> None:
    page = await room.page()
    await page.run("counted")

    assert (await page.press("Count")).title == "Counted 2 for Kim O’Hara-Lindqvist"


async def test_what_is_ticked_goes_along_with_next(room: Room) -> None:
    page = await room.page()
    await page.run("choosing")
    await page.choose("skills", "Sql", "Tests")
    await page.choose("industry", "C")

    await page.press("Next")

    assert room.samples.taken == [
        {"skills": ("sql", "tests"), "years": (), "industry": ("c",), "some": (), "people": ("ada",)}
    ]


async def test_people_are_chosen_among_those_in_the_room(room: Room) -> None:
    page = await room.page()

    card = await page.run("choosing")

    assert card.selects["people"][:3] == ["Kim O’Hara-Lindqvist", "林晓雨", "Ada Okafor"]


async def test_choosing_from_a_select_that_does_not_wait_presses_at_once(room: Room) -> None:
    page = await room.page()
    await page.run("choosing")

    assert (await page.choose("now", "Blue")).title == "Picked blue"


async def test_a_form_opens_filled_in_and_its_card_follows(room: Room) -> None:
    page = await room.page()

    form = await page.run("opened")
    card = await page.fill(who="Zoë")

    assert form.title == "A form"
    assert form.fields == {"why": '<i>"was"', "who": "", "kind": "talk"}
    assert card.title == "Saved: Zoë"
    assert room.samples.taken == [{"why": ('<i>"was"',), "who": ("Zoë",), "kind": ("talk",)}]


async def test_a_form_that_cant_be_taken_says_what_is_wrong_in_its_place(room: Room) -> None:
    page = await room.page("xiaoyu")
    await page.run("opened")

    await page.fill(who="nobody")

    assert page.answer["fields"] == {"who": "写一个人。"}
    assert "html" not in page.answer
    assert (await page.fill(who="Ada")).title == "Saved: Ada"


async def test_a_late_answer_is_announced_and_follows(room: Room) -> None:
    await room.stop()
    room.patience = 0.05
    await room.start()
    page = await room.page()

    waits = asyncio.create_task(page.run("slow"))
    await page.working.wait()
    room.samples.gate.set()

    assert (await waits).title == "At last"


async def test_a_request_sent_again_while_it_is_under_way_is_done_once(room: Room) -> None:
    page = await room.page()
    first = asyncio.create_task(page.ask({"kind": "run", "words": "slow"}, request_id="same"))
    await room.samples.begun.wait()

    await page.leave()
    first.cancel()
    await page.connect()
    again = asyncio.create_task(page.ask({"kind": "run", "words": "slow"}, request_id="same"))
    await asyncio.sleep(0.05)
    room.samples.gate.set()

    assert (await again).title == "At last"
    assert room.samples.runs == 1


async def test_a_request_sent_again_after_its_answer_gets_the_same_answer(room: Room) -> None:
    page = await room.page()
    await page.ask({"kind": "run", "words": "counted"}, request_id="same")

    again = await page.ask({"kind": "run", "words": "counted"}, request_id="same")

    assert again.title == "Counted 1 for Kim O’Hara-Lindqvist"
    assert room.samples.runs == 1


async def test_a_request_survives_a_restart(room: Room) -> None:
    page = await room.page()
    await page.run("counted")
    wire = page.wire("Count")

    await room.stop()
    await room.start()
    await page.leave()
    await page.connect()

    assert (await page.ask({"kind": "press", "words": wire})).title == "Counted 2 for Kim O’Hara-Lindqvist"


async def test_a_refusal_is_a_card_with_the_way_on(room: Room) -> None:
    page = await room.page()

    card = await page.run("refuses")

    assert (card.title, card.lines, card.buttons) == ("Not this time", ["No, not today."], ["Something else"])


async def test_an_error_of_ours_is_a_card_with_a_reference(room: Room, faults: Faults) -> None:
    page = await room.page()

    card = await page.run("breaks")

    assert card.title == "Something went wrong on our side"
    assert card.lines[-1] == f"Reference {faults.entries.pop()['reference']}"


async def test_a_card_that_cant_be_drawn_leaves_no_page_waiting(room: Room, faults: Faults) -> None:
    page = await room.page("xiaoyu")

    with pytest.raises(IndexError):  # nothing was shown before, and nothing is now
        await page.run("undrawable")

    assert page.answer["kind"] == "failed"
    assert faults.entries.pop()["event"] == "answer.failed"


@pytest.mark.parametrize(
    "frame",
    [
        "{",
        "[]",
        '{"kind": "hello"}',
        '{"kind": "erase", "id": "a", "person": "kim"}',
        '{"kind": "run", "id": "a", "person": "nobody", "words": "home"}',
        '{"kind": "run", "id": "a/b", "person": "kim", "words": "home"}',
        '{"kind": "run", "id": "a", "person": "kim", "words": 1}',
        '{"kind": "run", "id": "a", "person": "kim", "words": "home", "place": "moon"}',
        '{"kind": "press", "id": "a", "person": "kim", "words": "' + "1" * 101 + '"}',
        '{"kind": "press", "id": "a", "person": "kim", "words": "1|1|home", "values": {"a": "b"}}',
        '{"kind": "clock", "id": "a", "person": "kim", "words": "year 0"}',
        '{"kind": "clock", "id": "a", "person": "kim", "words": "day -1"}',
        '{"kind": [], "id": "a", "person": "kim", "words": "home"}',
        '{"kind": "run", "id": "a", "person": "kim", "words": "home", "place": {}}',
        "9" * 5000,
        "[" * 100_000,
    ],
)
async def test_what_no_page_of_ours_sends_changes_nothing(room: Room, frame: str) -> None:
    page = await room.page()

    await page.send_raw(frame)
    await page.run("counted")

    assert [news for news in page.heard if news["kind"] == "unreadable"]
    assert room.samples.runs == 1
    assert room.clock.offset_seconds == 0


async def test_a_forged_press_is_out_of_date(room: Room) -> None:
    page = await room.page()

    card = await page.ask({"kind": "press", "words": "1|1|nothing.like.it|7"})

    assert card.lines == ["This card is out of date. Open a new one with /pmpath."]


async def test_two_who_sit_as_the_same_person_do_not_share_what_one_may_press(room: Room) -> None:
    room.surface.dispatcher.allowance = Allowance()
    one, other = await room.page(), await room.page()
    async with asyncio.timeout(120):
        while (await one.run("help")).title != "Not this time":
            pass

    assert (await other.run("help")).title != "Not this time"


async def test_a_public_card_is_seen_by_everybody_in_the_rooms_language(room: Room) -> None:
    kim, xiaoyu = await room.page("kim"), await room.page("xiaoyu")
    await kim.home()

    key = await posted(xiaoyu)

    assert key in kim.posts
    assert kim.posts[key].find("h3")[0].text == "For everybody"
    assert "html" not in xiaoyu.answer


async def posted(page: WebDriver) -> str:
    """Runs the public command; the key of its card once this page shows it."""
    with pytest.raises(IndexError):  # no private card
        await page.run("posted")
    key = str(page.answer["posted"])
    assert key in page.posts
    return key


async def test_a_press_on_a_public_card_is_answered_privately(room: Room) -> None:
    kim, ada = await room.page("kim"), await room.page("ada")
    key = await posted(kim)
    await ada.home()

    card = await ada.press_post(key, "Mine")

    assert card.title == "Counted 1 for Ada Okafor"
    assert kim.posts[key].find("h3")[0].text == "For everybody"
    assert room.samples.places == [Place.PUBLIC]
    assert ada.node.find("article")[0].attributes["data-place"] == "channel"


async def test_a_press_may_change_a_public_card_and_a_refusal_never_does(room: Room) -> None:
    kim, ada = await room.page("kim"), await room.page("ada")
    key = await posted(kim)
    await ada.home()

    await ada.press_post(key, "Vote")
    await ada.press_post(key, "Vote")
    refused = await ada.press_post(key, "Vote")
    await kim.home()

    assert refused.lines == ["The vote is over."]
    assert len(kim.posts) == 1
    assert kim.posts[key].find("h3")[0].text == "Votes: 2"


async def test_a_page_opened_later_shows_what_is_in_the_channel(room: Room) -> None:
    key = await posted(await room.page("kim"))

    later = await room.page("ada")
    await later.home()

    assert list(later.posts) == [key]


async def test_a_post_tried_again_is_seen_once_and_the_oldest_go(room: Room) -> None:
    page = await room.page()
    for number in (0, *range(POSTS_MAX + 5)):
        await room.surface.post(message(f"post:{number}", str(number)))
    await page.home()

    later = await room.page("ada")
    await later.home()

    assert len(page.posts) == POSTS_MAX + 5
    assert [node.find("h3")[0].text for node in later.posts.values()] == [str(n) for n in range(5, POSTS_MAX + 5)]


async def test_a_post_taken_back_disappears_from_every_page_that_is_open_or_comes_back(room: Room) -> None:
    ada, kim = await room.page("ada"), await room.page("kim")
    for number in range(2):
        await room.surface.post(message(f"post:{number}", str(number)))
    await ada.home()
    await kim.home()
    await kim.leave()

    for _time in range(2):
        await room.surface.take_back("", "general", "post:0")
    await ada.home()
    await kim.connect()
    await kim.home()
    later = await room.page("xiaoyu")
    await later.home()

    assert [list(page.posts) for page in (ada, kim, later)] == [["post:1"]] * 3
    assert "post:0" not in [post["key"] for news in later.heard for post in news.get("posts", ())]


def message(key: str, title: str, place: str = "kim") -> Message:
    card = Card(verbatim(title))
    return Message(place, card, Language.EN, 1, "sandbox", key, again=False)


async def test_a_notice_reaches_the_open_page_of_its_person_alone(room: Room) -> None:
    kim, ada = await room.page("kim"), await room.page("ada")
    await kim.home()
    await ada.home()
    await room.store.write(tell, await member(room, "kim"), 7)

    await room.delivery.once(Stop())

    assert [card.title for card in kim.told] == ["You are told 7"]
    assert ada.told == []


async def test_a_notice_waits_for_the_next_private_answer_where_no_page_is_open(room: Room) -> None:
    await room.store.write(tell, await member(room, "kim"), 7)
    await room.delivery.once(Stop())

    page = await room.page("kim")
    await page.home()
    shown = page.answer["also"]
    await page.run("counted")

    assert "You are told 7" in shown[0]
    assert page.answer["also"] == []


async def test_a_notice_that_no_page_confirms_is_tried_again(room: Room) -> None:
    await room.stop()
    room.tell_seconds = 0.1
    await room.start()
    page = await room.page("kim")
    await page.home()
    page.deaf = True

    with pytest.raises(TryLater):
        await room.surface.tell(message("tell:1", "Told"))

    page.deaf = False
    assert await room.surface.tell(message("tell:1", "Told")) == "tell:1"


async def test_without_an_open_page_a_notice_is_refused(room: Room) -> None:
    page = await room.page("kim")
    await page.home()
    await page.leave()

    with pytest.raises(Refused):
        await room.surface.tell(message("tell:1", "Told"))


async def test_the_page_speaks_the_language_of_its_reader(room: Room) -> None:
    kim, xiaoyu = await room.page("kim"), await room.page("xiaoyu")
    await kim.home()
    await xiaoyu.home()

    assert (kim.shows, kim.labels["send"]) == ("en", "Send")
    assert (xiaoyu.shows, xiaoyu.labels["send"]) == ("zh-Hans", "发送")


async def test_the_page_follows_a_change_of_language(room: Room) -> None:
    page = await room.page("kim")
    await page.home()

    await page.press("中文")

    assert (page.shows, page.labels["send"]) == ("zh-Hans", "发送")
    _status, html, _headers = await room.get("/?you=kim")
    assert '<html lang="zh-Hans">' in html


async def test_a_person_without_a_language_of_their_own_reads_the_browsers(room: Room) -> None:
    page = await room.page("kim", "zh-CN")

    card = await page.home()

    assert "开始测评" in card.buttons


async def test_the_message_box_offers_the_moderators_commands_to_moderators_alone(
    room: Room, registry: Registry
) -> None:
    kim, ada = await room.page("kim"), await room.page("ada")
    await kim.home()
    await ada.home()

    def offered(page: WebDriver) -> set[str]:
        return {each["typed"] for news in page.heard for each in news.get("commands", ())}

    assert "/pmpath start" in offered(kim)
    assert offered(ada) - offered(kim) == {command.typed for command in registry.under("pmpath-mod")}


async def test_the_message_box_offers_the_choices_of_a_command(room: Room) -> None:
    page = await room.page("xiaoyu")
    await page.home()

    (track,) = [each for each in page.heard[0]["commands"] if each["typed"] == "/pmpath track"]

    assert track["choices"][0]["typed"] == "/pmpath track business"
    assert "方向" in track["aliases"]


async def test_the_clock_moves_on_for_everybody(room: Room) -> None:
    kim, ada = await room.page("kim"), await room.page("ada")
    await ada.home()
    before = room.clock.now()

    await move(kim, "week 0")
    await ada.run("counted")

    assert (room.clock.now() - before).days == 7
    assert [news["offset"] for news in ada.heard if "now" in news] == [0, 604_800]


async def move(page: WebDriver, words: str) -> None:
    """Moves the clock; nothing is shown for it."""
    with pytest.raises(IndexError):
        await page.ask({"kind": "clock", "words": words})
    assert page.answer["moved"]


async def test_the_clock_keeps_its_time_over_a_restart_and_a_repeated_press_does_not_move_it(room: Room) -> None:
    page = await room.page()
    await move(page, "day 0")

    await room.stop()
    await room.start()
    await page.leave()
    await page.connect()
    assert room.clock.offset_seconds == 86_400
    await move(page, "day 0")

    assert room.clock.offset_seconds == 86_400


async def test_what_comes_due_on_the_way_is_done_at_its_own_moment(room: Room) -> None:
    done: list[int] = []
    due = [room.clock.now() + dt.timedelta(hours=at) for at in (5, 20, 200)]

    async def catch_up() -> dt.datetime | None:
        done.append(room.clock.offset_seconds)
        return next((each for each in due if each > room.clock.now()), None)

    room.clock.follow(catch_up)
    await move(await room.page(), "day 0")

    assert done == [0, 5 * 3600, 20 * 3600, 86_400]


async def test_a_button_that_is_out_of_reach_cant_be_pressed(room: Room) -> None:
    page = await room.page()
    await page.run("gallery")

    with pytest.raises(NotThere):
        await page.press("Not now")


async def test_refused_notices_are_kept_as_such(room: Room) -> None:
    await room.store.write(tell, await member(room, "kim"), 7)

    await room.delivery.once(Stop())

    community = await room.surface.dispatcher.known.community(ROOM, None)
    assert len(await room.store.read(outbox.waiting, Me(community.id, "kim", "Kim"))) == 1
