"""The thirty biographies: the table in docs is what the engine still says, and readers see screens only."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.missing import PLACES
from content.load import Content
from content.outcomes import Outcome
from content.retold import retold
from content.text import Language
from tests.biographies.__main__ import act
from tests.biographies.people import FOLDER, NOT_ENOUGH, biographies, expected, remarks
from tests.biographies.record import Judged, judged, read_store, records, shown
from tests.biographies.sitting import Impossible, Step, sitting
from tests.biographies.table import PAGE, answers, page

AT_LEAST = 28
TRANSCRIPTS_BYTES = 400 * 1024
TO_THE_RESULT = ("Next", "Next", "Next", "Next", "Show my result now")


def test_thirty_people_were_written_ten_of_them_in_chinese() -> None:
    people = biographies().values()

    chinese = [each for each in people if each.language is Language.ZH]

    assert (len(people), len(chinese)) == (30, 10)
    assert all(60 <= len(each.text.split()) <= 120 for each in people if each.language is Language.EN)
    assert all(120 <= sum("\u4e00" <= letter <= "\u9fff" for letter in each.text) <= 220 for each in chinese)


def test_what_is_expected_names_outcomes_skills_and_regions_that_there_are(content: Content) -> None:
    outcomes = {*Outcome, NOT_ENOUGH}

    assert expected().keys() == biographies().keys()
    assert all(each.outcomes and each.outcomes <= outcomes for each in expected().values())
    assert all(each.held <= content.skills.keys() and each.where in PLACES for each in expected().values())


def test_everybody_was_answered_for() -> None:
    assert [each.id for each in records()] == [*biographies()]


def test_the_results_are_still_those_that_were_shown(content: Content) -> None:
    changed = [each.id for each in records() if shown(judged(content, each).verdict) != each.shown]

    assert not changed


def test_the_page_is_what_the_engine_still_says(content: Content) -> None:
    written = page(content, records())

    assert PAGE.read_text("utf-8") == written, "python -m tests.biographies table --state an-empty-folder writes it"


def test_nearly_all_end_where_rule_and_common_sense_put_them(content: Content) -> None:
    others = [each.id for each in records() if not judged(content, each).fits(expected()[each.id])]

    assert len(others) <= len(biographies()) - AT_LEAST, others
    assert set(others) <= remarks().keys(), "remarks.yaml says why"


def test_told_to_the_current_questions_the_same_answers_end_there_too(content: Content) -> None:
    told = {each.id: retold(content.questionnaire, each.answers) for each in records()}
    fitting = [
        person
        for person, verdict in told.items()
        if verdict is not None and Judged(verdict, "", ()).fits(expected()[person])
    ]

    assert len(fitting) >= AT_LEAST, set(told) - set(fitting)


def test_no_held_skill_is_shown_as_a_gap(content: Content) -> None:
    faults = {each.id: judged(content, each).faults(expected()[each.id]) for each in records()}

    assert not {person: skills for person, skills in faults.items() if skills}


def test_the_transcripts_tell_the_stored_answers(content: Content) -> None:
    for each in records():
        told = (FOLDER / f"{each.id}.md").read_text("utf-8")

        assert answers(content, biographies()[each.id].language, each) in told

    assert sum(file.stat().st_size for file in FOLDER.glob("p*.md")) < TRANSCRIPTS_BYTES


async def test_a_sitting_goes_on_where_it_was_left(tmp_path: Path) -> None:
    async with sitting(biographies()["p01"], tmp_path) as sat:
        await sat.take(Step(select=1, labels=("1", "Data work with SQL or Python")))
        await sat.take(Step(press="Next"))
        sat.keep()
        left = sat.screen

    async with sitting(biographies()["p01"], tmp_path) as sat:
        assert sat.screen == left
        assert sat.steps == [Step(select=1, labels=("1", "Data work with SQL or Python")), Step(press="Next")]


async def test_what_is_not_on_the_screen_changes_nothing_and_what_came_before_is_kept(tmp_path: Path) -> None:
    told = await act("press", "p01", ["Next", "No such button"], tmp_path)

    assert "There is no button 'No such button'" in told
    async with sitting(biographies()["p01"], tmp_path) as sat:
        assert sat.steps == [Step(press="Next")]
        with pytest.raises(Impossible, match="no select 9"):
            await sat.take(Step(select=9, labels=("1",)))
        with pytest.raises(Impossible, match="No option"):
            await sat.take(Step(select=1, labels=("Nothing of the kind",)))


async def test_from_the_result_a_reader_comes_to_the_plan_and_is_then_done(tmp_path: Path) -> None:
    assert "no result yet" in await act("finish", "p01", [], tmp_path)
    await act("choose", "p01", ["1", "Front-line work (ward, branch, shop or plant)"], tmp_path)
    await act("press", "p01", [*TO_THE_RESULT[:2]], tmp_path)
    await act("choose", "p01", ["1", "Healthcare"], tmp_path)
    await act("choose", "p01", ["2", "More than 5 years"], tmp_path)
    result = await act("press", "p01", [*TO_THE_RESULT[2:]], tmp_path)
    assert "go from the result" in await act("finish", "p01", [], tmp_path)
    gaps = await act("press", "p01", ["What is missing for me?"], tmp_path)
    plan = await act("press", "p01", ["Next"], tmp_path)

    assert await act("finish", "p01", [], tmp_path) == "Thank you, that is all."
    assert result.startswith("# Your track: Business")
    assert "What have you done?" in gaps
    assert plan.startswith("# My plan: Business")


async def test_the_record_of_a_sitting_is_what_the_engine_makes_of_its_answers(
    tmp_path: Path, content: Content
) -> None:
    await act("choose", "p21", ["1", "1"], tmp_path)
    await act("press", "p21", ["下一步", "下一步", "下一步", "下一步", "现在就看结果"], tmp_path)

    found = await read_store("p21", tmp_path)

    assert found is not None
    assert shown(judged(content, found).verdict) == found.shown


async def test_a_reader_is_told_nothing_of_what_is_expected(tmp_path: Path) -> None:
    told = await act("begin", "p01", [], tmp_path)
    told += await act("press", "p01", list(TO_THE_RESULT[:4]), tmp_path)
    told += (tmp_path / "p01.md").read_text("utf-8")

    awaited = expected()["p01"]
    assert not [secret for secret in (awaited.why, *awaited.held, "expected", "skills-1", "1|") if secret in told]
