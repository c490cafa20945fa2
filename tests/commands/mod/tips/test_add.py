"""`/pmpath-mod tips add`."""

from __future__ import annotations

import asyncio

from commands.kit.request import Pressed
from content.outcomes import Outcome
from content.text import Language
from storage import tips
from storage.tips import QUEUE_MAX, Tip, Written
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver

ENGLISH = {"title": "Count one thing twice", "text": "Count what you counted last week again, by another way. " * 8}
CHINESE = {"title": "把一件事数两遍", "text": "用另一种方法，把上周数过的东西再数一遍，并写下两次结果相差多少。" * 5}


async def queued(driver: DirectDriver) -> list[Tip]:
    return await driver.dispatcher.store.read(tips.queue, (await driver.me()).community)


async def write(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath-mod tips add")
    await moderator.choose("outcome", "Technical (data and models)")
    await moderator.press("In English")
    await moderator.fill(**ENGLISH)


async def test_members_are_told_no(chat: DirectDriver) -> None:
    assert (await chat.run("/pmpath-mod tips add")).lines == ["Only moderators of this community can do that."]


async def test_a_tip_is_written_in_parts_seen_as_it_will_be_posted_and_queued_once(moderator: DirectDriver) -> None:
    await write(moderator)
    await moderator.press("In Chinese")
    await moderator.fill(**CHINESE)
    await moderator.press("Link")
    card = await moderator.fill(link="https://example.org/count")
    assert "In English: Count one thing twice (80 words)" in card.lines
    assert "Link: https://example.org/count" in card.lines

    card = await moderator.press("Preview")
    assert any(line.endswith("2026: Count one thing twice") for line in card.lines)
    assert any(line.endswith("：把一件事数两遍") for line in card.lines)
    assert card.lines.count("Read on: example.org") == 1
    assert await queued(moderator) == []
    into = moderator.wire(moderator.button("Into the queue").press)
    both = await asyncio.gather(*(moderator.other().call(Pressed(into)) for _hand in range(2)))  # a double click
    assert sum("It stands at the end of the queue." in card.lines for card in both) == 1

    (tip,) = await queued(moderator)
    assert (tip.outcome, tip.link) == (Outcome.TECHNICAL, "https://example.org/count")
    assert tip.said[Language.ZH] == (CHINESE["title"], CHINESE["text"])
    again = await moderator.call(Pressed(into))
    assert "Nothing is left of this draft" in again.text
    assert len(await queued(moderator)) == 1


async def test_the_draft_waits_a_day_and_no_longer(moderator: DirectDriver, clock: SetClock) -> None:
    await write(moderator)
    clock.move(hours=23)
    assert "In English: Count one thing twice (80 words)" in (await moderator.run("/pmpath-mod tips add")).lines

    clock.move(hours=2)
    assert "In English: nothing yet" in (await moderator.run("/pmpath-mod tips add")).lines


async def test_what_is_missing_is_said_and_one_language_is_enough(moderator: DirectDriver) -> None:
    await moderator.run("/pmpath-mod tips add")
    assert "Choose a track first; then I can show you the tip." in (await moderator.press("Preview")).lines
    await moderator.choose("outcome", "Hybrid (user experience)")
    assert "Write it in one language at least; then I can show you the tip." in (await moderator.press("Preview")).lines
    await moderator.press("In Chinese")
    await moderator.fill(**CHINESE)
    card = await moderator.press("Preview")

    assert any(line.endswith(": 把一件事数两遍") for line in card.lines)
    assert "Into the queue" in card.buttons


async def test_an_unusual_length_is_said_and_stops_nothing(moderator: DirectDriver) -> None:
    await write(moderator)
    await moderator.press("In English")
    card = await moderator.fill(title="x" * 60, text="Too short to be read well.")

    assert f"The title {'x' * 60} is long: up to 50 characters read well." in card.lines
    assert "In English 60 to 110 words read well; these are 6." in card.lines
    await moderator.press("Preview")
    await moderator.press("Into the queue")
    assert len(await queued(moderator)) == 1


async def test_what_cannot_be_is_refused_field_by_field_and_kept(moderator: DirectDriver) -> None:
    await write(moderator)
    for wrong, said in (
        ({"title": "", "text": "x"}, "A tip needs a title too; leave both empty to take the language out."),
        ({"title": "x", "text": ""}, "A tip needs a text too; leave both empty to take the language out."),
        ({"title": "x" * 81, "text": "x"}, "A title has at most 80 characters."),
        ({"title": "x", "text": "x" * 1501}, "At most 1,500 characters; these are 1,501."),
        (
            {"title": "x", "text": "See https://example.org/a"},
            "A tip has one link at most: put the address under Link, not into the text.",
        ),
    ):
        await moderator.run("/pmpath-mod tips add")
        await moderator.press("In English")
        card = await moderator.fill(**wrong)
        assert (card.title, card.lines) == ("Not saved yet", [said])
        assert (await moderator.press("Correct it")).fields == wrong
    await moderator.run("/pmpath-mod tips add")
    await moderator.press("Link")
    card = await moderator.fill(link="example.org")
    assert card.lines == ["An address begins with https:// or http://, then the name of the site."]
    assert "In English: Count one thing twice (80 words)" in (await moderator.run("/pmpath-mod tips add")).lines


async def test_a_language_is_taken_out_by_emptying_it_and_the_draft_by_beginning_anew(moderator: DirectDriver) -> None:
    await write(moderator)
    await moderator.press("In English")
    assert "In English: nothing yet" in (await moderator.fill(title="", text="")).lines
    await moderator.press("Begin anew")
    assert moderator.seen.title == "Begin anew?"
    await moderator.press("Begin anew")
    assert "Begin anew" not in moderator.seen.buttons


async def test_a_full_queue_is_said_and_nothing_written_is_lost(moderator: DirectDriver) -> None:
    await write(moderator)
    me = await moderator.me()
    tip = Written(Outcome.BUSINESS, {Language.EN: ("One", "Of many")})

    for _time in range(QUEUE_MAX):
        await moderator.dispatcher.store.write(tips.add, me, tip)
    await moderator.press("Preview")
    card = await moderator.press("Into the queue")
    assert card.lines == ["200 tips wait in the queue already. Delete one, or let some go out first."]
    assert "In English: Count one thing twice (80 words)" in (await moderator.run("/pmpath-mod tips add")).lines


async def test_what_a_moderator_writes_is_never_markup(moderator: DirectDriver) -> None:
    await write(moderator)
    await moderator.press("In English")
    await moderator.fill(title="<b>*bold*</b> @everyone", text="[a](b) {count} <!channel> " * 20)
    card = await moderator.press("Preview")
    assert any(line.endswith("<b>*bold*</b> @everyone") for line in card.lines)
    assert ("[a](b) {count} <!channel> " * 20).strip() in card.lines
