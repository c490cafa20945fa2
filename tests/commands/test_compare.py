"""`/pmpath compare`."""

from __future__ import annotations

import itertools

import pytest

from commands.kit.request import Named
from content.load import Content
from content.outcomes import Outcome
from tests.drivers.assessment import answer_all
from tests.drivers.direct import DirectDriver

PAIRS = list(itertools.permutations(Outcome, 2))


async def test_bare_it_asks_for_the_first_then_for_the_second(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath compare")
    assert card.lines[0] == "Which one first?"
    assert card.buttons == ["Business", "Platform", "Technical", "Hybrid", "Home"]

    card = await chat.press("Hybrid")
    assert card.lines == ["Compare Hybrid (user experience) with which one?"]
    assert card.buttons == ["Business", "Platform", "Technical", "Another first one", "Home"]

    assert (await chat.press("Business")).title == "Hybrid and Business"


@pytest.mark.parametrize(("one", "other"), PAIRS)
async def test_both_stand_in_every_row(chat: DirectDriver, content: Content, one: Outcome, other: Outcome) -> None:
    card = await chat.run(f"/pmpath compare {one.value} {other.value}")

    for outcome in (one, other):
        track, name = content.tracks[outcome], outcome.name_only.en
        assert f"{name}: {track.summary.en}" in card.lines
        for tab in ("does", "day", "hired", "ways"):
            assert any(line.startswith(f"{name}: {track.tabs[tab][0].en}") for line in card.lines), tab
    rows = ["The work", "A typical day", "Who is hired", "Ways in", "Core skills"]
    assert [line for line in card.lines if line in rows] == rows
    assert not any("already" in line for line in card.lines)


async def test_a_sketch_of_our_own_is_marked_as_such(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath compare business technical")

    (sketch,) = [line for line in card.lines if line.endswith("(our own sketch)")]
    assert sketch.startswith("Technical: ")


async def test_skills_of_both_are_named_once(chat: DirectDriver, content: Content) -> None:
    card = await chat.run("/pmpath compare business hybrid")

    assert "Both: Machine-learning foundations" in card.lines
    assert sum("Machine-learning foundations" in line for line in card.lines) == 1


async def test_with_a_result_it_says_which_of_the_skills_i_have(chat: DirectDriver) -> None:
    await answer_all(chat, {"background": [2], "skills": [0, 1, 2], "skills.2": [0, 1]}, letter="C")
    have = (await chat.run("/pmpath compare technical platform")).lines[-1]
    assert have.startswith("You have already: ")

    other = chat.other(uid="u2")
    await answer_all(other, {"background": [0], "skills": [], "skills.2": []}, letter="A")
    assert (await other.run("/pmpath compare technical platform")).lines[-1] == "Of these you have none yet."


async def test_the_same_twice_is_said_with_the_choices(chat: DirectDriver) -> None:
    card = await chat.run("/pmpath compare business business")

    assert card.lines[0] == "That is the same one twice."
    assert card.buttons[:3] == ["Platform", "Technical", "Hybrid"]


@pytest.mark.parametrize("typed", ["business technical", "业务型 技术型", "Business tech", "bussiness technicel"])
async def test_two_words_are_understood_in_either_language_and_mistyped(chat: DirectDriver, typed: str) -> None:
    assert (await chat.run(f"/pmpath compare {typed}")).title == "Business and Technical"
    assert (await chat.run(f"/pmpath 对比 {typed}")).title == "Business and Technical"


@pytest.mark.parametrize(
    ("typed", "label", "title"),
    [
        ("xyzzy technical", "Hybrid (user experience)", "Hybrid and Technical"),
        ("technical xyzzy", "Hybrid (user experience)", "Technical and Hybrid"),
        ("xyzzy", "Hybrid (user experience)", "Compare two tracks"),
    ],
)
async def test_a_word_that_is_no_track_gets_the_choices_and_the_other_word_is_kept(
    chat: DirectDriver, typed: str, label: str, title: str
) -> None:
    card = await chat.run(f"/pmpath compare {typed}")

    assert card.lines == ["I know no “xyzzy” here. Which one?"]
    assert card.buttons[-1] == "Home"
    assert (await chat.press(label)).title == title


async def test_only_the_second_option_given_counts_as_the_first(chat: DirectDriver) -> None:
    card = await chat.call(Named("pmpath", ("compare",), {"second": "technical"}))

    assert card.lines == ["Compare Technical (data and models) with which one?"]


async def test_from_there_each_can_be_compared_with_another_or_looked_at(chat: DirectDriver) -> None:
    await chat.run("/pmpath compare business technical")
    assert (await chat.press("Compare Technical with another")).lines == [
        "Compare Technical (data and models) with which one?"
    ]

    await chat.run("/pmpath compare business technical")
    assert (await chat.press("About Business")).title == "Business (one industry)"


async def test_a_track_leads_to_the_comparison(chat: DirectDriver) -> None:
    await chat.run("/pmpath track platform")

    assert (await chat.press("Compare with another")).lines == [
        "Compare Platform (tools for developers) with which one?"
    ]
