"""`/pmpath resources`."""

from __future__ import annotations

from commands.kit.request import Pressed
from commands.resources import in_order
from content.load import Content
from content.outcomes import Outcome
from content.text import Language
from tests.drivers.assessment import answer_towards
from tests.drivers.direct import DirectDriver


async def test_without_a_result_it_asks_for_the_track(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath resources")

    assert card.buttons == ["Business", "Platform", "Technical", "Hybrid", "Home"]


async def test_with_a_result_it_opens_on_my_own_track(chat: DirectDriver, content: Content) -> None:
    await answer_towards(chat, content.questionnaire, {"background": [1, 5]}, Outcome.TECHNICAL)

    assert (await chat.run("/pmpath resources")).title == "Learning: Technical (data and models)"


async def test_pages_reach_every_resource_once(chat: DirectDriver, content: Content) -> None:
    card = await chat.run("/pmpath resources technical")
    titles = card.lines[:-2:2]
    while "More" in card.buttons:
        card = await chat.press("More")
        titles += card.lines[:-2:2]

    expected = [resource.title for resource in in_order(content, Outcome.TECHNICAL, Language.EN)]
    assert titles == expected


async def test_the_readers_language_comes_first_within_a_skill(content: Content) -> None:
    first = in_order(content, Outcome.PLATFORM, Language.ZH)[0]

    assert first.language is Language.ZH
    assert "kubernetes" in first.skills


async def test_an_address_that_nobody_verified_is_marked_and_the_day_it_was_checked_is_shown(
    chat: DirectDriver, content: Content
) -> None:
    unverified = {resource.title for resource in content.resources.values() if resource.seen != "exact"}
    card = await chat.run("/pmpath resources platform")

    for title, about in zip(card.lines[:-2:2], card.lines[1:-2:2], strict=True):
        assert ("address not verified" in about) == (title in unverified)
        assert "checked 20" in about


async def test_a_forged_page_is_answered_with_the_nearest_one(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath resources hybrid")
    community = chat.wire(chat.button("Home").press).split("|")[1]

    for first in (-50, 10_000, 3):
        assert (await chat.call(Pressed(f"1|{community}|resources.page|hybrid|{first}"))).title == card.title
