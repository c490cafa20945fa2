"""My own points."""

from __future__ import annotations

from dataclasses import replace

from content.load import Content
from content.outcomes import Outcome
from content.points import Deed
from content.text import Language
from storage import awards, learning, members, own_links
from storage.learning import SkillState
from storage.own_links import Added
from storage.unit import Unit
from tests.conftest import SetClock
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen
from tests.drivers.stored import own_tip


async def test_each_line_says_what_it_was_for_with_what_the_week_still_takes(
    chat: DirectDriver, content: Content, clock: SetClock
) -> None:
    me = await chat.me()
    tip = await own_tip(chat, en=("Ask *first*", "Ask one person today."), zh=("先问一句", "今天先问一个人。"))
    resource = next(iter(content.resources))

    def deeds(unit: Unit) -> None:
        member = members.ensure(unit, me)
        awards.give(unit, member, None, (Deed.ASSESSMENT, "first"))
        learning.set_skill(unit, me, "sql", SkillState.DONE, "a query", of=Outcome.TECHNICAL)
        learning.set_resource(unit, me, resource, done=True)
        awards.give(unit, member, None, (Deed.TIP, "p-one-page"), (Deed.SUGGESTION, tip), (Deed.RESOURCE, "own-77"))
        made = awards.adjust(unit, member, 7, "Talk <b>")
        assert made is not None
        awards.adjust(unit, member, -2, "Twice")
        awards.take_back(unit, made)

    await chat.dispatcher.store.write(deeds)
    await chat.run("/pmpath leaderboard")
    card = await chat.press("My points")

    assert card.lines[:4] == [
        "This week: 43 points",
        "This month: 43 points",
        "Ever: 43 points",
        "For plan steps and resources this week: 7 of at most 25.",
    ]
    day = "23 November 2026"
    assert card.lines[4:12] == [
        f"−7 · {day} · The moderators undid this: Talk <b>",
        f"−2 · {day} · From the moderators: Twice",
        f"+7 · {day} · From the moderators: Talk <b>",
        f"+1 · {day} · Resource done: something that is no longer here",
        f"+15 · {day} · Your tip was posted: Ask *first*",
        f"+3 · {day} · Tip done: {content.tips['p-one-page'].title.en}",
        f"+1 · {day} · Resource done: {content.resources[resource].title}",
        f"+4 · {day} · What came out of it: {content.skills['sql'].name.en}",
    ]
    assert card.lines[12:] == ["1-8 of 10", "Only you see this card."]
    assert (await chat.press("More")).lines[4:6] == [
        f"+1 · {day} · Step done: {content.skills['sql'].name.en}",
        f"+20 · {day} · Your first assessment",
    ]
    more = replace(content.points, week_most=50)  # from next week on
    chat.dispatcher.content = replace(content, points=more)
    assert "For plan steps and resources this week: 7 of at most 25." in (await chat.press("Back")).lines
    clock.move(weeks=1)
    await chat.run("/pmpath leaderboard")
    card = await chat.press("My points")
    assert [card.lines[place] for place in (0, 1, 3)] == [
        "This week: 0 points",
        "This month: 43 points",
        "For plan steps and resources this week: 0 of at most 50.",
    ]

    async def again() -> Seen:
        await chat.run("/pmpath leaderboard")
        return await chat.press("My points")

    await chat.dispatcher.store.write(
        lambda unit: awards.give(unit, members.ensure(unit, me), Outcome.PLATFORM, (Deed.SESSION, "2026-W49:1"))
    )
    assert (await again()).lines[4] == "+30 · 30 November 2026 · You met as mentor and mentee"
    chat.dispatcher.content = replace(content, points=replace(more, limited=frozenset({Deed.TIP})))
    assert "For weekly tips this week: 0 of at most 50." in (await again()).lines
    chat.dispatcher.content = replace(content, points=replace(more, limited=frozenset()))
    assert "of at most" not in (await again()).text


async def test_a_link_of_our_own_is_named_and_nobody_elses_lines_are_there(chat: DirectDriver) -> None:
    me = await chat.me()

    def done(unit: Unit) -> None:
        added = own_links.add(unit, me.community, "Our *guide*", "https://wiki.example.org/", "sql", Language.EN)
        assert isinstance(added, Added)
        learning.set_resource(unit, me, added.link.resource, done=True)

    await chat.dispatcher.store.write(done)
    await chat.run("/pmpath leaderboard")
    assert (await chat.press("My points")).lines[4].endswith("Resource done: Our *guide*")

    other = chat.other(uid="u2", name="Bo")
    await other.run("/pmpath leaderboard")
    assert "Nothing has brought you points yet." in (await other.press("My points")).lines
