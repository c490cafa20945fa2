"""`/pmpath tips suggest`."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from content.outcomes import Outcome
from content.text import Language
from storage import members, moderator_notes, postings, tables, tips
from storage.outbox_states import SENT
from storage.tips import Tip
from storage.unit import Unit
from tests import spoken
from tests.commands.tips.test_tip_card import MARKUP
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen
from tests.drivers.stored import claimed, tip_out

TEXT = "Write down the one question that your last three interviews could not answer. Ask it to the next person first."
CHINESE = "把最近三次访谈都没问清楚的那个问题写下来，下一次访谈先问它，再把回答贴到团队的文档里，看看谁会反对。"


async def suggest(chat: DirectDriver, **values: str) -> Seen:
    await chat.run("/pmpath tips suggest")
    return await chat.fill(**{"outcome": "hybrid", "title": "One question first", "text": TEXT, "link": "", **values})


async def waiting(chat: DirectDriver) -> list[Tip]:
    return await chat.dispatcher.store.read(tips.suggestions, (await chat.me()).community)


async def test_what_a_member_suggests_waits_for_the_moderators(chat: DirectDriver) -> None:
    form = await chat.run("/pmpath tips suggest")
    assert list(form.fields) == ["outcome", "title", "text", "link"]

    card = await suggest(chat, link="https://example.org/x")
    assert card.title == "Suggested"
    assert card.lines[0] == "Thank you. The moderators read it and decide; nothing is posted before that."
    (tip,) = await waiting(chat)
    assert (tip.outcome, tip.said) == (Outcome.HYBRID, {Language.EN: ("One question first", TEXT)})
    assert (tip.link, tip.by) == ("https://example.org/x", "Ada")


async def test_the_language_is_that_of_the_text_whatever_the_app_speaks(chat: DirectDriver) -> None:
    await suggest(chat, title="先问这一句", text=CHINESE)

    (tip,) = await waiting(chat)
    assert tip.said == {Language.ZH: ("先问这一句", CHINESE)}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": "x" * 51}, "A title has 1 to 50 characters."),
        ({"title": "   "}, "A title has 1 to 50 characters."),
        ({"title": "字" * 21, "text": CHINESE}, "A title has 1 to 20 characters."),
        ({"text": "Just do it."}, "A tip has 20 to 110 words; this one has 3."),
        ({"text": "word " * 111}, "A tip has 20 to 110 words; this one has 111."),
        ({"text": f"{'*' * 46} " * 20}, "A tip has at most 900 characters; this one has 939."),
        ({"text": "太短了。"}, "A tip in Chinese has 30 to 190 characters; this one has 4."),
        ({"text": "字" * 191}, "A tip in Chinese has 30 to 190 characters; this one has 191."),
        (
            {"text": f"{TEXT} See https://example.org/"},
            "A tip has one link at most. Please put the address into the field for it.",
        ),
        ({"link": "javascript:alert(1)"}, "An address begins with https:// or http://, then the name of the site."),
        ({"link": "ftp://example.org/"}, "An address begins with https:// or http://, then the name of the site."),
        ({"outcome": "nobody"}, "Choose the track that it is for."),
    ],
)
async def test_what_is_wrong_is_said_plainly_and_nothing_is_lost(
    chat: DirectDriver, values: dict[str, str], said: str
) -> None:
    card = await suggest(chat, **values)

    assert card.lines == [said]
    assert await waiting(chat) == []
    form = await chat.press("Correct it")
    assert form.fields["text"] == values.get("text", TEXT)


@pytest.mark.parametrize("words", [20, 110])
async def test_the_limits_themselves_are_within(chat: DirectDriver, words: int) -> None:
    assert (await suggest(chat, title="x" * 50, text=" ".join(["word"] * words))).title == "Suggested"


async def test_sent_twice_it_is_suggested_once(chat: DirectDriver) -> None:
    await suggest(chat)

    assert (await suggest(chat)).title == "Suggested"
    assert len(await waiting(chat)) == 1
    assert await notes(chat) == ["tips.suggested"]


async def notes(chat: DirectDriver) -> list[str]:
    found = await chat.dispatcher.store.read(moderator_notes.of_community, (await chat.me()).community)
    return [each.notice for each in found]


async def test_a_sixth_one_waits_until_there_is_room(chat: DirectDriver) -> None:
    for number in range(5):
        await suggest(chat, title=f"Number {number}")
    card = await suggest(chat, title="One too many")

    assert card.lines == [
        "5 tips of yours wait for the moderators already. When they have decided on one, there is room."
    ]
    assert card.buttons == ["Weekly tips", "Home"]
    assert len(await waiting(chat)) == 5
    assert (await suggest(chat.other(uid="u2", name="Bob"))).title == "Suggested"


async def test_moderators_are_told_until_they_have_decided(chat: DirectDriver, clock: SetClock) -> None:
    mod = chat.other(uid="mo", name="Mo", moderator=True)
    await mod.run("/pmpath home")
    await mod.dispatcher.store.write(members.set_tell_here, await mod.me(), on=True)
    await suggest(chat, title=MARKUP[0], link="https://example.org/")
    (due,) = await claimed(chat, clock)
    composed = await chat.dispatcher.compose(due)

    assert composed is not None
    assert due.member is not None
    assert due.member.uid == "mo"
    card, language = composed
    say = chat.dispatcher.content.catalogue.say
    assert say(card.title, language) == "A member suggests a tip"
    assert [say(each.label, language) for each in card.buttons] == ["Look", "Seen to", "Stop telling me here"]
    (tip,) = await waiting(chat)
    await chat.dispatcher.store.write(tips.drop, await mod.me(), tip.id, tip.rev)
    assert await chat.dispatcher.compose(due) is None


async def test_its_member_hears_once_that_it_went_out(chat: DirectDriver, clock: SetClock) -> None:
    await suggest(chat)
    (tip,) = await waiting(chat)
    mod = chat.other(uid="mo", name="Mo", moderator=True)
    await chat.dispatcher.store.write(tips.approve, await mod.me(), tip.id, tip.rev)
    await tip_out(chat, tip.word, Outcome.HYBRID)

    (due,) = await claimed(chat, clock)
    composed = await chat.dispatcher.compose(due)
    assert due.member is not None
    assert (due.member.uid, due.notice) == (chat.uid, "tips.yours-is-out")
    assert composed is not None
    assert composed[0].title.en == "Your tip went out"
    say = chat.dispatcher.content.catalogue.say
    assert "+15 points" in [say(text, Language.EN) for text in spoken.texts(composed[0])]
    await chat.dispatcher.store.write(said_twice, due.id - 1)
    assert await claimed(chat, clock) == []


def said_twice(unit: Unit, post: int) -> None:
    """The post's end, told a second time."""
    assert unit.execute(select(tables.posting.c.id).where(tables.posting.c.outbox_id == post)).scalar_one()
    postings.ended(unit, post, SENT, None)


async def test_who_has_left_hears_nothing(chat: DirectDriver, clock: SetClock) -> None:
    await suggest(chat)
    (tip,) = await waiting(chat)
    mod = chat.other(uid="mo", name="Mo", moderator=True)
    await chat.dispatcher.store.write(tips.approve, await mod.me(), tip.id, tip.rev)
    await chat.dispatcher.store.write(members.forget, await chat.me())
    await tip_out(chat, tip.word, Outcome.HYBRID)

    assert await claimed(chat, clock) == []
