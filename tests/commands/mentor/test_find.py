"""Finding a mentor: what is asked for, who suits, asking one, waiting; nobody learns why somebody is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import replace

from sqlalchemy import insert

from commands.kit.press import Argument, Press
from commands.kit.request import Pressed
from content.mentoring import Hours, Seniority, Spoken
from content.outcomes import Outcome
from content.text import Language
from storage import asks, members, mentorships, not_with, offers, requests, tables
from storage.asks import Wanted
from storage.members import Me
from storage.mentor_states import Approval, Paused
from storage.moments import micros
from storage.offers import Offer, Terms
from storage.requests import Asked
from storage.unit import Unit
from tests.conftest import SetClock
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen
from tests.looking import Drawn, drawn
from tests.storage.mentoring import EVENINGS, TERMS, mentee, mentor, person, waiting
from tests.test_every_view import DRAWS

HOSTILE = "*bold* <@123> [link](https://example.org) {name} `code`\n# heading"
EVERY_SECOND_HOUR = sum(3 << 4 * place for place in range(12))
ROOMY = replace(TERMS, capacity=5)


async def call(chat: DirectDriver, action: str, *arguments: Argument, **values: tuple[str, ...]) -> Seen:
    """A press from any card, however old."""
    return await chat.call(Pressed(Press(action, arguments).wire((await chat.me()).community)), values)


async def mentors(chat: DirectDriver, *names: str, terms: Terms = ROOMY) -> list[Offer]:
    me = await chat.me()
    return [await mentor(chat.dispatcher.store, person(me, name), terms) for name in names]


def listed(seen: Seen) -> list[str]:
    """The names on the list."""
    return [line.partition(":")[0] for line in seen.lines if " · both free, by your clock: " in line]


async def test_it_is_asked_once_and_kept(chat: DirectDriver) -> None:
    seen = await chat.run("/pmpath mentor find")
    assert seen.title == "What I ask for in a mentor"
    assert "Only a mentor whom you ask, or are matched with, sees this" in seen.text
    for missing, (select, *chosen) in {
        "Choose the track": ("track", "Platform (tools for developers)"),
        "Say how much AI product work": ("seniority", "None yet"),
        "Choose at least one hour": ("weekend", "18:00 to 19:00", "19:00 to 20:00"),
    }.items():
        assert (await chat.press("Save")).lines[0].startswith(missing)
        await chat.choose(select, *chosen)

    await chat.choose("languages")
    assert (await chat.press("Save")).lines[0] == "Choose at least one language."
    await chat.choose("languages", "English", "普通话")
    seen = await chat.press("Save")

    assert seen.lines[:3] == [
        "Kept. Change it whenever you like.",
        "You ask for: Platform · experience: None yet · English, 普通话",
        "weekends 18:00 to 20:00, by the clock in UTC",
    ]
    assert (await chat.run("/pmpath mentor find")).lines[0].startswith("You ask for")
    await chat.press("Change")
    assert chat.held["weekend"] == ("18", "19")
    assert chat.held["languages"] == ("en", "zh")


async def test_any_city_can_be_written_and_an_unknown_one_is_corrected(chat: DirectDriver) -> None:
    await chat.run("/pmpath mentor find")
    await chat.press("Another city")
    assert "I know no time zone “Katmandoo”" in (await chat.fill(zone="Katmandoo")).text
    await chat.press("Correct it")
    await chat.fill(zone="Kathmandu")
    assert chat.held["zone"] == ("Asia.Kathmandu",)

    await chat.choose("track", "Platform (tools for developers)")
    await chat.choose("seniority", "None yet")
    await chat.choose("weekday", "23:00 to 24:00")

    assert "weekdays 23:00 to 24:00, by the clock in Kathmandu" in (await chat.press("Save")).lines


async def test_the_five_who_suit_best_are_listed_with_reasons_in_my_own_time(chat: DirectDriver) -> None:
    await mentee(chat.dispatcher.store, await chat.me())
    for number in range(25):
        level = Seniority(1 + number % 4)
        zone = "Europe/Berlin" if number % 2 else "Asia/Kathmandu"
        terms = replace(ROOMY, seniority=level, hours=Hours(EVENINGS << 8 if number % 2 == 0 else EVENINGS, 0, zone))
        await mentors(chat, f"M{number:02}", terms=terms)

    seen = await chat.run("/pmpath mentor find")

    assert listed(seen) == ["M01", "M05", "M09", "M13", "M17"]
    assert seen.lines[3:5] == [
        "M01: 65 · both free, by your clock: weekdays 18:00 to 21:00",
        "your track: 30 · 3 hours or more in common: 15 · experience: 10 · new to each other: 10 = 65",
    ]
    await chat.run("/pmpath language zh")
    seen = await chat.run("/pmpath mentor find")
    assert seen.lines[3:5] == [
        "M01：65 · 按你的时间，你们都有空：工作日 18:00 至 21:00",
        "你的方向：30 · 共同空闲 3 小时以上：15 · 经验：10 · 第一次配对：10 = 65",
    ]


async def test_a_name_of_another_script_leaves_the_line_in_its_own_direction(chat: DirectDriver) -> None:
    await mentee(chat.dispatcher.store, await chat.me())
    (offer,) = await mentors(chat, "نور حداد")
    seen = await chat.run("/pmpath mentor find")
    assert any(line.startswith("\u2068نور حداد\u2069: ") for line in seen.lines)
    assert (await call(chat, "mentor.look", offer.id)).title == "Mentor: \u2068نور حداد\u2069"
    seen = await call(chat, "mentor.ask", offer.id, gaps=())
    assert any(line.startswith("First wish: \u2068نور حداد\u2069 is asked") for line in seen.lines)


async def test_the_widest_list_fits_everywhere(chat: DirectDriver) -> None:
    me = await chat.me()
    all_day = Hours(EVERY_SECOND_HOUR, EVERY_SECOND_HOUR, "America/Argentina/Buenos_Aires")
    every = tuple(Spoken)
    await mentee(chat.dispatcher.store, me, Wanted(Outcome.HYBRID, (), Seniority.NONE, all_day, every))
    skills = tuple(chat.dispatcher.content.skills)
    terms = replace(ROOMY, hours=all_day, languages=every, skills=skills, tracks=tuple(Outcome), words=HOSTILE * 6)
    found = [await mentor(chat.dispatcher.store, replace(me, uid=f"u-{n}", name="阿" * 79 + str(n)), terms)
             for n in range(8)]  # fmt: skip
    await call(chat, "mentor.wait")
    for offer in found[:3]:
        await call(chat, "mentor.ask", offer.id)

    for language in Language:
        await chat.run(f"/pmpath language {language.value}")
        for action, arguments in (("mentor.find", ()), ("mentor.look", (found[0].id,)), ("mentor.ask-for", ()),
                                  ("mentor.wait-first", ())):  # fmt: skip
            await call(chat, action, *arguments)
            assert chat.reply is not None
            assert chat.reply.view is not None
            assert all(draw(chat.dispatcher.content.catalogue, chat.reply.view, language) for draw in DRAWS.values())


async def test_before_asking_it_is_said_what_is_seen_and_gaps_can_be_unticked(chat: DirectDriver) -> None:
    await answer_all(chat, {"background": [3, 7], "skills": [1, 7]}, letter="B")
    await chat.run("/pmpath mentor find")
    await chat.choose("track", "Platform (tools for developers)")
    await chat.choose("seniority", "My first AI project is running")
    await chat.choose("weekday", "18:00 to 19:00")
    await chat.choose("zone", "Berlin")
    await chat.press("Save")
    skills = tuple(chat.dispatcher.content.skills)
    first, second = await mentors(chat, "Bo", "Cem", terms=replace(ROOMY, skills=skills, words=HOSTILE))
    seen = await chat.run("/pmpath mentor find")
    assert "5 of your 5 gaps: 35" in seen.text
    seen = await chat.press("Look")
    assert HOSTILE in seen.lines
    assert "concern" in (await chat.press("Report")).fields
    await call(chat, "mentor.look", first.id)
    seen = await chat.press("Ask")
    assert seen.lines[:6] == [
        "Bo will see exactly this:",
        "Name: Ada",
        "Track: Platform (tools for developers)",
        "AI product work: My first AI project is running",
        "Languages: English",
        "Hours: weekdays 18:00 to 19:00, by the clock in Berlin",
    ]
    shown = seen.selects["gaps"]
    assert len(shown) == 5
    assert chat.held["gaps"]
    await chat.choose("gaps", shown[1])
    seen = await chat.press("Ask")

    assert seen.lines[0] == "The mentor has your request now."
    assert "First wish: Bo is asked, and has until Thursday, 26 November 2026, 10:00 to answer." in seen.lines
    assert listed(seen) == ["Bo (a wish of yours)", "Cem"]
    store, bo = chat.dispatcher.store, person(await chat.me(), "Bo")
    (request,) = await store.read(requests.before_me, bo)
    assert [chat.dispatcher.content.skills[each].name.en for each in request.gaps] == [shown[1]]
    assert (await call(chat, "mentor.ask", first.id, gaps=())).lines[0] == "The mentor has your request now."
    assert await store.read(requests.before_me, bo) == [request]

    await call(chat, "mentor.ask-first", second.id)
    assert "This becomes your wish number 2: asked if there is no yes before." in chat.seen.lines
    seen = await chat.press("Ask")
    assert "Second wish: Cem, asked if there is no yes before." in seen.lines

    await store.write(requests.accept, bo, request.id)
    (match,) = await store.read(mentorships.mine, await chat.me())
    assert match.kit.gaps == request.gaps


async def test_three_wishes_are_the_most_and_who_has_a_mentor_asks_nobody(chat: DirectDriver) -> None:
    store, me = chat.dispatcher.store, await chat.me()
    await mentee(store, me)
    found = await mentors(chat, "Bo", "Cem", "Dana", "Eve")
    for offer in found[:3]:
        await call(chat, "mentor.ask", offer.id)

    refused = await call(chat, "mentor.ask", found[3].id)
    assert refused.lines == ["3 wishes are the most at a time. Withdraw one under “My mentoring”, then ask."]
    assert await call(chat, "mentor.ask", 10**6) == refused
    assert "Ask" not in (await call(chat, "mentor.look", found[3].id)).buttons

    (request,) = await store.read(requests.before_me, person(me, "Bo"))
    await store.write(requests.accept, person(me, "Bo"), request.id)
    for action in ("mentor.ask", "mentor.ask-first"):
        seen = await call(chat, action, found[3].id)
        assert "You have a mentor. When that has ended, you can ask another." in seen.lines
    assert "Wait for the next matching day" not in seen.buttons
    assert "You have a mentor." in (await call(chat, "mentor.wait")).text
    assert (await store.read(waiting, me.community)) == []


Cause = Callable[[DirectDriver, Offer, Me], Awaitable[object]]


async def full(chat: DirectDriver, offer: Offer, mentor_: Me) -> None:
    await chat.dispatcher.store.write(offers.save, mentor_, replace(TERMS, capacity=1), approved=True)
    await _asks(chat, offer, "fay")


async def two_open(chat: DirectDriver, offer: Offer, mentor_: Me) -> None:
    await _asks(chat, offer, "fay", "guy")


async def paused(chat: DirectDriver, offer: Offer, mentor_: Me) -> None:
    await chat.dispatcher.store.write(offers.pause, mentor_.community, offer.member, Paused.SELF)


async def removed(chat: DirectDriver, offer: Offer, mentor_: Me) -> None:
    await chat.dispatcher.store.write(offers.set_approval, mentor_.community, offer.member, Approval.REMOVED)


async def out_of_reach(chat: DirectDriver, offer: Offer, mentor_: Me) -> None:
    await chat.dispatcher.store.write(offers.reached, mentor_.community, offer.member, arrived=False)


async def ended(chat: DirectDriver, offer: Offer, mentor_: Me) -> None:
    await chat.dispatcher.store.write(offers.drop, mentor_.community, offer.member)


async def erased(chat: DirectDriver, offer: Offer, mentor_: Me) -> None:
    await chat.dispatcher.store.write(members.forget, mentor_)


async def apart_by_mentor(chat: DirectDriver, offer: Offer, mentor_: Me) -> None:
    await chat.dispatcher.store.write(not_with.keep_apart, offer.member, await _row(chat))


async def apart_by_me(chat: DirectDriver, offer: Offer, mentor_: Me) -> None:
    await chat.dispatcher.store.write(not_with.keep_apart, await _row(chat), offer.member)


async def declined(chat: DirectDriver, offer: Offer, mentor_: Me) -> None:
    await _says_no(chat, offer, mentor_, never=False)


async def declined_for_ever(chat: DirectDriver, offer: Offer, mentor_: Me) -> None:
    await _says_no(chat, offer, mentor_, never=True)


async def no_language(chat: DirectDriver, offer: Offer, mentor_: Me) -> None:
    await chat.dispatcher.store.write(offers.save, mentor_, replace(ROOMY, languages=(Spoken.ARABIC,)), approved=True)


CAUSES = (full, two_open, paused, removed, out_of_reach, ended, erased, apart_by_mentor, apart_by_me, declined,
          declined_for_ever, no_language)  # fmt: skip


async def _row(chat: DirectDriver) -> int:
    return await chat.dispatcher.store.write(members.ensure, await chat.me())


async def _asks(chat: DirectDriver, offer: Offer, *names: str) -> None:
    me, store = await chat.me(), chat.dispatcher.store
    for name in names:
        other = replace(me, uid=f"{offer.id}-{name}", name=name)
        await mentee(store, other)
        assert isinstance(await store.write(requests.ask, other, offer.id, []), Asked)


async def _says_no(chat: DirectDriver, offer: Offer, mentor_: Me, *, never: bool) -> None:
    store = chat.dispatcher.store
    asked = await store.write(requests.ask, await chat.me(), offer.id, [])
    assert isinstance(asked, Asked)
    await store.write(requests.decline, mentor_, asked.request, never=never)


async def test_who_cannot_be_asked_is_missing_or_busy_word_for_word_whatever_the_cause(chat: DirectDriver) -> None:
    """Each from the same state; what an old card's buttons answer and the list are equal to the last word and press."""
    me = await chat.me()
    found: dict[str, list[Drawn]] = {}
    for number, cause in enumerate(CAUSES):
        mine = chat.other(uid=f"me-{number}", name="Ada")
        await mentee(chat.dispatcher.store, await mine.me())
        gone = person(me, f"Gone{number}")
        offer = await mentor(chat.dispatcher.store, gone, ROOMY)
        seen = await mine.run("/pmpath mentor find")
        assert listed(seen)[-1] == f"Gone{number}"

        await cause(mine, offer, gone)

        found[cause.__name__] = []
        for action, arguments in (("mentor.look", (offer.id,)), ("mentor.ask-first", (offer.id,)),
                                  ("mentor.ask", (offer.id,)), ("mentor.find", ())):  # fmt: skip
            await call(mine, action, *arguments)
            assert mine.reply is not None
            found[cause.__name__].append(drawn(mine, mine.reply))
        assert "This mentor is busy at the moment." in found[cause.__name__][2][1]
        assert "No mentor here has a free place" in str(found[cause.__name__][3]) or cause is no_language
        await chat.dispatcher.store.write(offers.drop, me.community, offer.member)

    lists = {name: views.pop() for name, views in found.items()}
    assert {tuple(views) for views in found.values()} == {tuple(found["full"])}
    assert {name for name, view in lists.items() if view != lists["full"]} == {"no_language"}


async def test_a_list_without_somebody_differs_by_the_absence_alone(chat: DirectDriver) -> None:
    six = await mentors(chat, "Bo", "Cem", "Dana", "Eve", "Fay", "Gus")
    for cause in (apart_by_mentor, apart_by_me, declined, declined_for_ever, paused):
        mine = chat.other(uid=cause.__name__)
        await mentee(chat.dispatcher.store, await mine.me())
        before = await mine.run("/pmpath mentor find")
        assert listed(before) == ["Bo", "Cem", "Dana", "Eve", "Fay"]

        await cause(mine, six[2], person(await mine.me(), "Dana"))
        after = await mine.run("/pmpath mentor find")

        assert listed(after) == ["Bo", "Cem", "Eve", "Fay", "Gus"]
        there = [line.replace("Dana: ", "Gus: ") for line in before.lines]
        assert sorted(after.lines) == sorted(there)
        assert (after.title, after.buttons, after.selects) == (before.title, before.buttons, before.selects)


async def test_nobody_to_find_is_said_with_a_way_on(chat: DirectDriver) -> None:
    arabic, new = replace(TERMS, languages=(Spoken.ARABIC,)), replace(TERMS, seniority=Seniority.NONE)
    at_noon = replace(TERMS, hours=Hours(EVENINGS >> 12, 0, "Europe/Berlin"))
    await mentee(chat.dispatcher.store, await chat.me())
    await mentor(chat.dispatcher.store, await chat.me(), TERMS)
    for terms, says in (
        ((), "No mentor here has a free place at the moment."),
        ((arabic,), "none speaks a language of yours."),
        ((at_noon,), "none has an hour in common with you."),
        ((new,), "none is a step ahead of you"),
        ((arabic, new), "none fits your languages, hours and experience together."),
    ):
        found = [(await mentors(chat, f"M{number}", terms=each))[0] for number, each in enumerate(terms)]
        seen = await chat.run("/pmpath mentor find")
        assert listed(seen) == []
        assert says in seen.text
        assert {"Change", "Wait for the next matching day", "Offer your time as a mentor", "Home"} <= {*seen.buttons}
        for offer in found:
            await chat.dispatcher.store.write(offers.drop, (await chat.me()).community, offer.member)


async def test_waiting_says_when_and_shows_no_gap_that_was_not_agreed_to(chat: DirectDriver, clock: SetClock) -> None:
    store = chat.dispatcher.store
    await answer_all(chat, {"background": [3, 7], "skills": [1, 7]}, letter="B")
    await mentee(store, await chat.me(), Wanted(Outcome.PLATFORM, (), Seniority.NONE, TERMS.hours, TERMS.languages))
    seen = await chat.run("/pmpath mentor find")
    assert "A matching day matches all who wait at once. No day is set yet" in seen.text
    await store.write(_day, (await chat.me()).community, clock.moment + dt.timedelta(days=9))

    seen = await chat.press("Wait for the next matching day")
    assert "The next one is on Wednesday, 2 December 2026, 10:00." in seen.lines
    gaps = seen.selects["gaps"]
    await chat.choose("gaps", *gaps[:2])
    seen = await chat.press("Wait")
    assert seen.lines[0] == "You take part in the next matching day."
    agreed = await _gaps(chat)
    assert len(agreed) == 2

    await chat.press("What a mentor will see")
    assert chat.held["gaps"] == agreed
    await call(chat, "mentor.ask-for")
    await chat.choose("track", "Technical (data and models)")
    assert "Gaps that are new here are shown to nobody until you tick them" in (await chat.press("Save")).text
    assert set(await _gaps(chat)) <= set(agreed)
    assert len(await store.read(waiting, (await chat.me()).community)) == 1

    await call(chat, "mentor.wait", gaps=(), more=("forged",))
    assert await _gaps(chat) == ()


async def _gaps(chat: DirectDriver) -> tuple[str, ...]:
    mine = await chat.dispatcher.store.read(asks.mine, await chat.me())
    assert mine is not None
    return mine.wanted.gaps


def _day(unit: Unit, community: int, at: dt.datetime) -> None:
    row = {"community_id": community, "weeks": 4, "weekday": 2, "minute": 540, "zone": "UTC", "next_at": micros(at)}
    unit.execute(insert(tables.matching_day), {**row, "at": unit.now_us})


async def test_old_and_forged_presses_are_harmless(chat: DirectDriver) -> None:
    for action, arguments in (("mentor.ask", (1,)), ("mentor.wait", ()), ("mentor.wait-first", ())):
        assert (await call(chat, action, *arguments, gaps=("x",))).title == "What I ask for in a mentor"
    assert "busy" in (await call(chat, "mentor.look", 1)).text
    await mentee(chat.dispatcher.store, await chat.me())
    (offer,) = await mentors(chat, "Bo")
    other = chat.other(uid="u9", community=replace(chat.community, ext_id="elsewhere"))  # type: ignore[type-var]  # it has one
    await mentee(chat.dispatcher.store, await other.me())
    assert "busy" in (await call(other, "mentor.look", offer.id)).text
    assert "busy" in (await call(other, "mentor.ask", offer.id)).text
    seen = await call(chat, "mentor.ask-save", zone=("Nowhere",), track=("platform",))
    assert seen.lines[0].startswith("This card is out of date.")
