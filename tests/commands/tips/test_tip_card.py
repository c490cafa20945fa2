"""The weekly tip as everybody reads it, and what its buttons answer to one member."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import pytest
from sqlalchemy import update

from bot.discord import render as discord
from bot.slack import render as slack
from commands.kit.view import Card, Line, Link
from content.load import Content
from content.text import Language, Text
from storage import communities, postings, tables
from storage.tip_states import SKIPPED, STOPPED
from storage.unit import Unit
from tests.commands.test_plan import press
from tests.commands.test_sharing import posted, read
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.stored import claimed, own_tip, tip_due, tip_out
from tests.test_every_view import DRAWS

TIP = "p-one-page"  # one of the library
MARKUP = ("*Ship* <!channel> {title}", "Say _no_ to @everyone and <https://example.org|this>. " * 5)


async def card_of(chat: DirectDriver, clock: SetClock) -> tuple[Card, Language]:
    (due,) = await claimed(chat, clock)
    composed = await chat.dispatcher.compose(due)
    assert composed is not None
    return composed


async def set_state(chat: DirectDriver, state: str) -> None:
    def change(unit: Unit) -> None:
        unit.execute(update(tables.posting).values(state=state))

    await chat.dispatcher.store.write(change)


async def to_everybody_in(chat: DirectDriver, language: Language) -> None:
    await chat.dispatcher.store.write(communities.set_language, (await chat.me()).community, language)


@pytest.mark.parametrize("language", list(Language))
async def test_a_library_tip_goes_out_in_the_communitys_language_with_its_one_link(
    chat: DirectDriver, clock: SetClock, content: Content, language: Language
) -> None:
    await to_everybody_in(chat, language)
    await tip_due(chat, TIP)
    card, spoken = await card_of(chat, clock)
    title, lines, buttons = read(chat, card, spoken)
    tip = content.tips[TIP]
    chinese = language is Language.ZH

    assert spoken is language
    named = "每周一招 · 平台型 · 2026年11月23日：" if chinese else "Weekly tip · Platform · 23 November 2026: "
    assert title == named + content.catalogue.say(tip.title, language)
    assert lines[0] == content.catalogue.say(tip.text, language)
    resource = content.resources[(chinese and tip.resource_zh) or tip.resource or ""]
    links = [run for line in card.body if isinstance(line, Line) for run in line.runs if isinstance(run, Link)]
    assert [each.url for each in links] == [resource.address]
    assert lines[1:] == [resource.title]
    in_english, in_chinese = (
        ["Done", "Add to my plan", "中文", "Earlier tips"],
        ["做完了", "加入我的计划", "English", "往期"],
    )
    assert buttons[1:] == (in_chinese if chinese else in_english)[1:]


async def test_no_two_slots_have_the_same_words_at_the_top(chat: DirectDriver, clock: SetClock) -> None:
    titles = set()
    for days in (0, 7, 14):
        await tip_due(chat, TIP, days_ago=days)
        (due,) = await claimed(chat, clock)
        titles.add((await posted(chat, due))[0])

    assert len(titles) == 3


async def test_what_a_person_wrote_is_never_markup(chat: DirectDriver, clock: SetClock, content: Content) -> None:
    await tip_due(chat, await own_tip(chat, en=MARKUP))
    card, language = await card_of(chat, clock)

    on_slack = slack.message(content.catalogue, card, language, 1)
    on_discord = str(discord.card(content.catalogue, card, language, 1).view.to_components())  # type: ignore[no-untyped-call]  # discord.py leaves it untyped
    assert not [each for each in objects(on_slack.blocks) if each.get("type") == "mrkdwn" and "<!" in str(each)]
    assert "<!channel>" not in on_slack.text
    assert "\\*Ship\\*" in on_discord.replace("\\\\", "\\")
    assert isinstance(card.body[0], Text)
    assert MARKUP[1].strip() in str(
        dict(card.body[0].values)["words"]
    )  # a value, which no surface takes for our own words
    title, lines, _buttons = read(chat, card, language)
    assert title.endswith(MARKUP[0])
    assert lines == [MARKUP[1], "Read on: example.org"]


@pytest.mark.parametrize("language", list(Language))
async def test_a_tip_in_one_language_is_shown_in_that_and_offers_no_other(
    chat: DirectDriver, clock: SetClock, language: Language
) -> None:
    await to_everybody_in(chat, language)
    await tip_due(chat, await own_tip(chat, zh=("写一页纸", "把一件事写在一页纸上。")))
    title, lines, buttons = read(chat, *(await card_of(chat, clock)))

    assert title.endswith("写一页纸")
    assert lines[0] == "把一件事写在一页纸上。"
    assert len(buttons) == 3


@pytest.mark.parametrize("state", [STOPPED, SKIPPED])
async def test_what_was_called_off_is_not_posted(chat: DirectDriver, clock: SetClock, state: str) -> None:
    await tip_due(chat, TIP)
    await set_state(chat, state)
    (due,) = await claimed(chat, clock)

    assert await chat.dispatcher.compose(due) is None


async def test_a_tip_that_left_the_library_is_not_passed_over_in_silence(
    chat: DirectDriver, clock: SetClock, content: Content
) -> None:
    await tip_due(chat, TIP)
    chat.dispatcher.content = without(content, TIP)
    (due,) = await claimed(chat, clock)

    with pytest.raises(LookupError, match=TIP):
        await chat.dispatcher.compose(due)


async def test_a_tip_that_left_the_library_can_still_be_marked(chat: DirectDriver, content: Content) -> None:
    posting = await tip_out(chat, TIP)
    chat.dispatcher.content = without(content, TIP)

    card = await press(chat, "tips.done", posting)
    assert card.lines == ["✓ You did it: A tip that is no longer here", "+3 points"]
    assert (await press(chat, "tips.other", posting, Language.ZH)).lines == ["This tip is no longer here."]
    assert "A tip that is no longer here" in (await chat.run("/pmpath tips week")).lines


async def test_the_longest_tip_fits_on_every_surface(chat: DirectDriver, clock: SetClock, content: Content) -> None:
    long = ("*" * 200, "word " * 300)
    await tip_due(chat, await own_tip(chat, "https://example.org/" + "a" * 400, en=long, zh=("字" * 50, "字" * 1500)))
    card, language = await card_of(chat, clock)

    for draw in DRAWS.values():
        assert draw(content.catalogue, card, language)
    assert read(chat, card, language)[0].endswith(": " + "*" * 79 + "…")


async def test_the_other_language_is_read_privately_with_the_same_ways(chat: DirectDriver, content: Content) -> None:
    posting = await tip_out(chat, TIP)

    card = await press(chat, "tips.other", posting, Language.ZH)
    assert chat.reply is not None
    assert not chat.reply.public
    assert content.tips[TIP].text.zh in card.lines
    assert card.buttons == ["Done", "Add to my plan", "English", "Earlier tips", "My plan", "Home"]


async def test_a_press_of_any_button_of_the_post_counts_as_pressed(chat: DirectDriver) -> None:
    me = await chat.me()
    buttons: dict[str, tuple[Language, ...]] = {"tips.done": (), "tips.plan": (), "tips.other": (Language.ZH,)}
    for days, (name, arguments) in enumerate({**buttons, "tips.earlier": ()}.items()):
        posting = await tip_out(chat, TIP, days_ago=days)
        assert not (await chat.dispatcher.store.read(postings.find, me.community, posting)).pressed  # type: ignore[union-attr]  # it was just made
        await press(chat, name, posting, *arguments)
        assert (await chat.dispatcher.store.read(postings.find, me.community, posting)).pressed, name  # type: ignore[union-attr]  # as above


def objects(blocks: object) -> Iterator[dict[str, object]]:
    """Every object inside, however deep."""
    if isinstance(blocks, dict):
        yield blocks
    for each in blocks.values() if isinstance(blocks, dict) else blocks if isinstance(blocks, list) else ():
        yield from objects(each)


def without(content: Content, tip: str) -> Content:
    return replace(content, tips=MappingProxyType({name: each for name, each in content.tips.items() if name != tip}))
