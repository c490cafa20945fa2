"""`/pmpath resources`."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from commands import entries, resource_card, standing
from commands.kit.request import Named, Pressed
from commands.resource_list import Filters, Listing, in_order, listing
from content.gaps import Gaps
from content.levels import Level
from content.load import Content
from content.outcomes import Outcome
from content.text import Language
from storage import learning, own_links, shelf
from storage.learning import SkillState
from storage.own_links import Added
from storage.shelf import Shelf
from tests.drivers.assessment import answer_towards, open_questions
from tests.drivers.direct import DirectDriver
from tests.drivers.seen import Seen

NOTHING = Shelf(None, {}, frozenset(), {}, (), frozenset())
LONG_TITLE, LONG_ADDRESS = "*" * 80, "https://example.org/" + "a" * 280


async def mine(chat: DirectDriver) -> Shelf:
    return await chat.dispatcher.store.read(shelf.read, await chat.me())


def titles(card: Seen) -> list[str]:
    """The resources on a page, without their numbers and ticks."""
    found = [line.partition(". ") for line in card.lines]
    return [title.removesuffix("  ✓ done") for number, _dot, title in found if number.isdigit()]


def for_(content: Content, outcome: Outcome, language: Language = Language.EN, **filters: str) -> Listing:
    return listing(content, NOTHING, outcome, language, Filters(**filters))  # type: ignore[arg-type]  # by name


async def technical(chat: DirectDriver) -> None:
    """A result on the technical track: data work ticked, SQL among the skills."""
    bank = chat.dispatcher.content.questionnaire
    await answer_towards(chat, bank, {"background": [1, 5]}, Outcome.TECHNICAL)


async def test_without_a_result_it_asks_for_the_track(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath resources")

    assert card.buttons == ["Business", "Platform", "Technical", "Hybrid", "Home"]


async def test_with_a_result_it_opens_on_my_own_track(chat: DirectDriver) -> None:
    await technical(chat)

    card = await chat.run("/pmpath resources")
    assert card.title == "Learning: Technical (data and models)"
    assert any(line.startswith("Your own gaps come first: ") for line in card.lines)


async def test_a_result_that_says_no_outcome_opens_on_none(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath start")
    while "Skip" in card.buttons:
        card = await chat.press("Skip")
    assert card.title == "Not enough answers to say"

    assert standing.outcomes(await mine(chat)) == ()
    assert (await chat.run("/pmpath resources")).buttons[:2] == ["Business", "Platform"]


async def test_options_that_are_empty_or_in_own_words_keep_no_choice_from_its_button(chat: DirectDriver) -> None:
    given = {"outcome": "xyzzy", "skill": "no such skill", "level": " "}
    card = await chat.call(Named("pmpath", ("resources",), given))

    assert card.lines == ["I know no “xyzzy” here. Which one?"]
    assert "Business" in (await chat.press("Business (one industry)")).text


async def test_pages_reach_every_resource_once(chat: DirectDriver, content: Content) -> None:
    card = await chat.run("/pmpath resources technical")
    seen = titles(card)
    while "More" in card.buttons:
        card = await chat.press("More")
        seen += titles(card)

    assert seen == [content.resources[each.id].title for each in for_(content, Outcome.TECHNICAL).entries]
    assert len(seen) == len(set(seen)) > 30


async def test_my_gaps_come_first_then_my_language_then_the_easier_ones(chat: DirectDriver, content: Content) -> None:
    await technical(chat)
    shown = listing(content, await mine(chat), Outcome.TECHNICAL, Language.ZH, Filters())

    first = [entry for entry in shown.entries if set(shown.gaps.first) & set(entry.skills)]
    later = [each for each in shown.entries if each not in first and set(shown.gaps.later) & set(each.skills)]
    rest = [each for each in shown.entries if each not in first and each not in later]
    assert first
    assert later
    assert rest
    assert list(shown.entries) == [*first, *later, *rest]
    for part in (first, later, rest):
        places = [(entry.language is not Language.ZH, entry.level) for entry in part]
        assert places == sorted(places)


async def test_what_i_have_learned_since_or_put_off_is_no_gap_any_more(chat: DirectDriver, content: Content) -> None:
    await technical(chat)
    before = listing(content, await mine(chat), Outcome.TECHNICAL, Language.EN, Filters()).gaps.first
    await chat.dispatcher.store.write(learning.set_skill, await chat.me(), before[0], SkillState.DONE)
    await chat.dispatcher.store.write(learning.set_skill, await chat.me(), before[1], SkillState.SKIPPED)

    after = listing(content, await mine(chat), Outcome.TECHNICAL, Language.EN, Filters()).missing
    assert before[2] == after[0]
    assert not {before[0], before[1]} & set(after)


async def test_a_gap_of_mine_is_named_as_one(chat: DirectDriver, content: Content) -> None:
    await technical(chat)
    card = await chat.run("/pmpath resources")
    gap = listing(content, await mine(chat), Outcome.TECHNICAL, Language.EN, Filters())

    names = [content.skills[skill].name.en for skill in gap.gaps.first]
    assert any(f" · for your gap {name}" in line for line in card.lines for name in names)
    assert not any(
        "for your gap" in line for line in (await chat.other(uid="new").run("/pmpath resources hybrid")).lines
    )


def test_what_can_not_be_opened_in_china_is_last_for_those_with_users_there_and_marked(content: Content) -> None:
    some = [entries.of_pack(resource, {}) for resource in content.resources.values()][:4]
    found = [replace(some[0], unreachable=True), *some[1:]]
    none = Gaps(Outcome.HYBRID, (), (), (), ())

    assert in_order(found, none, Language.EN, in_china=True)[-1] == found[0]
    assert in_order(found, none, Language.EN, in_china=False) == sorted(
        found, key=lambda entry: (entry.language is not Language.EN, entry.level, entry.id)
    )


async def test_what_may_not_open_in_china_is_said_in_chinese_as_the_words_are(
    chat: DirectDriver, content: Content
) -> None:
    closed = {key: replace(each, reachable_cn="no") for key, each in content.resources.items()}
    chat.dispatcher.content = replace(content, resources=closed)
    await chat.run("/pmpath language zh")

    assert any("大陆可能无法直接访问" in line for line in (await chat.run("/pmpath resources hybrid")).lines)


async def test_an_english_resource_is_marked_for_chinese_readers(chat: DirectDriver) -> None:
    await chat.run("/pmpath language zh")
    card = await chat.run("/pmpath resources business dicom")

    assert card.lines[1] == "只看：DICOM 医学影像标准"
    marked = ["英文" in about for about in card.lines if "核对于" in about]
    assert set(marked) == {True, False}  # there is one in Chinese too
    assert "English" not in card.text


async def test_an_address_that_nobody_verified_is_marked_and_the_day_it_was_checked_is_shown(
    chat: DirectDriver, content: Content
) -> None:
    unverified = {resource.title for resource in content.resources.values() if resource.seen != "exact"}
    card = await chat.run("/pmpath resources platform")

    about = [line for line in card.lines if "checked 20" in line]
    assert len(about) == resource_card.PAGE
    for title, said in zip(titles(card), about, strict=True):
        assert ("address not verified" in said) == (title in unverified)


async def test_a_forged_page_is_answered_with_the_nearest_one(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath resources hybrid")
    community = (await chat.me()).community

    for first in (-50, 10_000, 3):
        forged = Pressed(f"1|{community}|resources.page|hybrid|{first}|no-such-skill|")
        assert (await chat.call(forged)).title == card.title


async def test_buttons_that_were_sent_before_there_were_filters_still_work(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath resources platform")
    community = (await chat.me()).community

    assert (await chat.call(Pressed(f"1|{community}|resources|platform"))) == card
    assert (await chat.call(Pressed(f"1|{community}|resources.page|platform|0"))) == card
    assert (await chat.call(Pressed(f"1|{community}|resources"))).title == "Learning resources"
    assert (await chat.call(Pressed(f"1|{community}|resources.page|platform"))).title == "Not this time"


async def test_a_skill_and_a_level_narrow_the_list_until_they_are_cleared(chat: DirectDriver, content: Content) -> None:
    whole = await chat.run("/pmpath resources platform")
    card = await chat.choose("skill", "Kubernetes")
    assert "Only: Kubernetes" in card.lines
    assert all("Kubernetes" in line for line in card.lines if "checked 20" in line)

    card = await chat.choose("level", "practitioner")
    assert "Only: Kubernetes · practitioner" in card.lines
    narrowed = for_(content, Outcome.PLATFORM, skill="kubernetes", level=Level.PRACTITIONER).entries
    assert titles(card) == [content.resources[each.id].title for each in narrowed]

    assert "Only: Kubernetes" in (await chat.choose("level", "any level")).lines
    assert await chat.press("Clear filters") == whole


async def test_a_filter_that_finds_nothing_says_so_with_the_way_back(chat: DirectDriver, content: Content) -> None:
    skill = next(
        skill
        for skill in content.skills
        if not any(skill in each.skills and each.level == 3 for each in content.resources.values())
    )
    card = await chat.run(f"/pmpath resources business {skill} advanced")

    assert any(line.startswith("Nothing here fits") for line in card.lines)
    assert titles(await chat.press("Clear filters"))


@pytest.mark.parametrize(
    ("typed", "title", "only"),
    [
        ("platform kubernetes", "Learning: Platform (tools for developers)", "Only: Kubernetes"),
        ("kubernets", "Learning: Platform (tools for developers)", "Only: Kubernetes"),
        ("technical data cleaning beginner", "Learning: Technical (data and models)", "Only: Data cleaning · beginner"),
        ("数据清洗 入门", "Learning: Technical (data and models)", "Only: Data cleaning · beginner"),
        ("tech advanced", "Learning: Technical (data and models)", "Only: advanced"),
        ("bussiness", "Learning: Business (one industry)", None),
    ],
)
async def test_track_skill_and_level_are_understood_as_typed(
    chat: DirectDriver, typed: str, title: str, only: str | None
) -> None:
    card = await chat.run(f"/pmpath resources {typed}")

    assert card.title == title
    assert [line for line in card.lines if line.startswith("Only: ")] == ([only] if only else [])


async def test_a_skill_of_all_tracks_asks_for_the_track_and_keeps_the_skill(chat: DirectDriver) -> None:
    await chat.run("/pmpath resources machine-learning foundations")

    assert "Only: Machine-learning foundations" in (await chat.press("Hybrid")).lines


async def test_a_skill_that_is_not_there_is_answered_with_the_nearest_ones(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath resources data")

    assert card.lines == ["I know no skill “data”. Did you mean one of these?"]
    assert "Only: Data cleaning" in (await chat.press("Data cleaning")).lines
    assert (await chat.run("/pmpath resources xyzzy plugh")).buttons == ["Learning resources", "Home"]


async def test_done_is_ticked_and_stays_once_however_often_it_is_pressed(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath resources hybrid")
    title = titles(card)[1]
    card = await chat.choose("done", f"2. {title}")
    assert card.lines[0] == f"✓ Done: {title}"
    assert f"2. {title}  ✓ done" in card.lines
    assert f"2. {title}" not in card.selects["done"]

    await chat.press("What came out of it")
    await chat.fill(said="  a prototype\n https://example.org ")
    again = entries.every(chat.dispatcher.content, await mine(chat))
    done = next(entry for entry in again if entry.done)
    await chat.call(Pressed(f"1|{(await chat.me()).community}|resources.done|hybrid|0"), {"done": (done.id,)})
    kept = (await mine(chat)).done[done.id]
    assert (kept.said, kept.at) == ("a prototype https://example.org", done.done.at if done.done else None)


async def test_done_can_be_taken_back_with_all_that_was_written(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath resources hybrid")
    title = titles(card)[0]
    await chat.choose("done", f"1. {title}")
    await chat.press("What came out of it")
    await chat.fill(said="notes")

    card = await chat.choose("learned", f"1. {title}")
    assert "What came out of it: notes" in card.lines
    assert (await chat.press("What came out of it")).fields == {"said": "notes"}
    await chat.run("/pmpath resources hybrid")
    await chat.choose("learned", f"1. {title}")
    card = await chat.press("Not done after all")

    assert card.lines[0] == f"Taken back: {title}"
    assert (await mine(chat)).done == {}


async def test_what_came_out_of_it_can_be_left_empty(chat: DirectDriver) -> None:
    title = titles(await chat.run("/pmpath resources hybrid"))[0]
    await chat.choose("done", f"1. {title}")
    await chat.press("What came out of it")

    card = await chat.fill()
    assert f"1. {title}  ✓ done" in card.lines
    assert not any("What came out of it" in line for line in (await chat.choose("learned", f"1. {title}")).lines)


async def test_nobody_elses_done_is_mine(chat: DirectDriver) -> None:
    title = titles(await chat.run("/pmpath resources hybrid"))[0]
    await chat.choose("done", f"1. {title}")

    assert not any("✓" in line for line in (await chat.other(uid="u2").run("/pmpath resources hybrid")).lines)


async def test_a_resource_that_was_made_up_is_refused(chat: DirectDriver) -> None:
    await chat.run("/pmpath resources hybrid")
    forged = Pressed(f"1|{(await chat.me()).community}|resources.done|hybrid|0")

    card = await chat.call(forged, {"done": ("no-such",)})
    assert card.lines == ["This resource is not in the list any more."]
    assert (await mine(chat)).done == {}


async def test_a_member_finds_no_way_to_hide(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath resources hybrid")
    assert "dead" not in card.selects

    forged = Pressed(f"1|{(await chat.me()).community}|resources.hide|g-mlcc||0")
    assert (await chat.call(forged)).lines == ["Only moderators of this community can do that."]


async def test_a_moderator_hides_a_dead_one_for_everybody_here_and_shows_it_again(chat: DirectDriver) -> None:
    moderator = chat.other(uid="mod", moderator=True)
    title = titles(await moderator.run("/pmpath resources hybrid"))[0]
    card = await moderator.choose("dead", f"1. {title}")
    assert card.title == "Hide this link?"
    assert titles(await moderator.press("Keep it"))[0] == title

    await moderator.choose("dead", f"1. {title}")
    assert (await moderator.press("Hide it")).title == "Hidden"
    assert title not in (await chat.run("/pmpath resources hybrid")).text
    assert title not in (await moderator.run("/pmpath resources hybrid")).text

    await moderator.run("/pmpath-mod resources hide")
    await moderator.press("1 hidden")
    await moderator.press("Show it again")
    assert titles(await chat.run("/pmpath resources hybrid"))[0] == title


async def test_the_fullest_page_fits_everywhere(chat: DirectDriver, content: Content) -> None:
    """Six links with the longest words a moderator may write, each done with the longest line, seen by a moderator."""
    from tests.test_every_view import DRAWS

    moderator = chat.other(moderator=True)
    await moderator.run("/pmpath resources hybrid")
    store, here = chat.dispatcher.store, await moderator.me()
    for number in range(resource_card.PAGE):
        skill, address = "ux-research", f"{LONG_ADDRESS[:-1]}{number}"
        added = await store.write(own_links.add, here.community, LONG_TITLE, address, skill, Language.EN)
        assert isinstance(added, Added)
        await store.write(learning.set_resource, here, added.link.resource, done=True, said="_" * 200)
    for resource in content.resources:
        await store.write(own_links.hide, here.community, resource)

    assert len(titles(await moderator.run("/pmpath resources hybrid ux-research"))) == resource_card.PAGE
    assert moderator.reply is not None
    assert moderator.reply.view is not None
    for draw in DRAWS.values():
        for language in Language:
            assert draw(content.catalogue, moderator.reply.view, language)


def test_every_skill_of_an_outcome_can_be_chosen(content: Content) -> None:
    for outcome in Outcome:
        assert 1 < len(for_(content, outcome).skills) <= 25


async def test_in_the_middle_of_an_assessment_nothing_is_taken_for_a_gap(chat: DirectDriver) -> None:
    await open_questions(chat)

    card = await chat.run("/pmpath resources platform")
    assert "With a result of yours, your own gaps come first here." in card.lines
    assert "Find out which track fits you" in card.buttons


def test_entries_know_what_was_done(content: Content) -> None:
    at = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    done = replace(NOTHING, done={"g-mlcc": learning.Learned(SkillState.DONE, None, at)})

    assert [entry.id for entry in entries.every(content, done) if entry.done] == ["g-mlcc"]
