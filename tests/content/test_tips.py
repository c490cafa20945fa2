"""The library of tips: a year for each outcome in both languages; faults are told, an operator's tips lie over."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from content.load import Content, read_content
from content.outcomes import Outcome
from content.text import Language
from tests.content.packs import Write, problems

YEAR = 52
COUNT = "Count the beds."
REST = " ".join(["bed"] * 57)
TIP = f"""\
count-beds:
  title: Count the beds
  text: >-
    {COUNT}
    {REST}
  skills: [industry-workflow]
  resource: g-mlcc
look-twice:
  title: Look twice
  text: Look twice. {REST} bed
  skills: [industry-workflow, sql]
"""
TIP_ZH = f"""\
count-beds:
  title: 数一数床位
  text: "数一数床位。{"床" * 104}"
  resource: g-mlcc-zh
look-twice:
  title: 看两遍
  text: "看两遍。{"床" * 106}"
"""
EN, ZH = "tips/business.yaml", "tips/business.zh.yaml"


def put(write: Write, files: Mapping[str, str]) -> Path:
    """Writes the files of an operator's pack and gives back its folder."""
    return [write(name, words) for name, words in files.items()][-1]


def test_our_library_holds_a_year_for_each_outcome(content: Content) -> None:
    assert {outcome: len(ids) for outcome, ids in content.tips_by_outcome.items()} == dict.fromkeys(Outcome, YEAR)
    assert [tip_id for ids in content.tips_by_outcome.values() for tip_id in ids] == list(content.tips)
    assert {content.tips[each].outcome for each in content.tips_by_outcome[Outcome.HYBRID]} == {Outcome.HYBRID}


def test_our_english_links_lead_to_english_resources(content: Content) -> None:
    linked = [tip.resource for tip in content.tips.values() if tip.resource]

    assert len(linked) >= len(content.tips) // 3
    assert {content.resources[each].language for each in linked} == {Language.EN}


def test_most_of_our_chinese_links_lead_to_chinese_resources(content: Content) -> None:
    linked = [tip.resource_zh for tip in content.tips.values() if tip.resource_zh]
    chinese = [each for each in linked if content.resources[each].language is Language.ZH]

    assert len(linked) >= len(content.tips) // 3
    assert len(chinese) >= 0.9 * len(linked)


def test_no_verb_opens_more_than_five_tips_of_an_outcome(content: Content) -> None:
    for ids in content.tips_by_outcome.values():
        verbs = [content.tips[each].text.en.split()[0] for each in ids]
        assert [verb for verb in set(verbs) if verbs.count(verb) > 5] == []


def test_our_chinese_is_spaced_and_punctuated_as_chinese(content: Content) -> None:
    for tip in content.tips.values():
        words = f"{tip.title.zh} {tip.text.zh}"
        for before, after in pairwise(words):
            assert not (before.isascii() and before.isalnum() and _is_han(after)), (tip.id, before + after)
            assert not (_is_han(before) and after.isascii() and not after.isspace()), (tip.id, before + after)


def _is_han(character: str) -> bool:
    return "一" <= character <= "鿿"


def test_a_tip_of_the_operator_replaces_ours_in_its_turn_and_a_new_one_follows(write: Write, content: Content) -> None:
    ours = content.tips_by_outcome[Outcome.BUSINESS]
    words, words_zh = TIP.replace("count-beds:", f"{ours[3]}:"), TIP_ZH.replace("count-beds:", f"{ours[3]}:")

    pack = read_content(put(write, {EN: words, ZH: words_zh}))

    assert pack.tips_by_outcome[Outcome.BUSINESS] == (*ours, "look-twice")
    assert pack.tips[ours[3]].title.en == "Count the beds"
    assert pack.tips[ours[3]].text.en == f"{COUNT} {REST}"
    assert (pack.tips[ours[3]].resource, pack.tips[ours[3]].resource_zh) == ("g-mlcc", "g-mlcc-zh")
    assert pack.tips["look-twice"].skills == ("industry-workflow", "sql")
    assert pack.tips["look-twice"].resource is None
    assert pack.tips_by_outcome[Outcome.HYBRID] == content.tips_by_outcome[Outcome.HYBRID]
    assert pack.tips[ours[0]] == content.tips[ours[0]]


def test_a_tip_goes_without_the_link_that_the_operator_does_without(write: Write, content: Content) -> None:
    linked = [tip.id for tip in content.tips.values() if tip.resource == "sqlbolt"]
    skill = content.skills["sql"]
    pack = {
        "resources.yaml": "sqlbolt: removed\n",
        "skills.yaml": "sql: {track: technical, name: SQL, meaning: Ask., task: Ask., resources: [wonderful-sql-zh]}\n",
        "skills.zh.yaml": f"sql: {{name: SQL, meaning: {skill.meaning.zh}, task: {skill.task.zh}}}\n",
    }

    tips = read_content(put(write, pack)).tips

    assert linked
    assert [tips[each].resource for each in linked] == [None] * len(linked)
    assert [tips[each].resource_zh for each in linked] == [content.tips[each].resource_zh for each in linked]


LONG, SHORT, LONG_ZH, SHORT_ZH = f"{REST} {REST}", "bed", "床" * 200, "床"


@pytest.mark.parametrize(
    ("name", "right", "wrong", "line", "expected"),
    [
        (EN, REST, SHORT, 3, "60 to 110 words; these are 4"),
        (EN, REST, LONG, 3, "60 to 110 words; these are 117"),
        (EN, REST, "bed " * 230, 3, "at most 900 characters; these are "),
        (EN, REST, f"{REST} https://example.org/beds", 3, "a text without an address: the one link of a tip is its"),
        (EN, REST, f"{REST} example.org", 3, "a text without an address"),
        (EN, REST, f"{REST} www.beds", 3, "a text without an address"),
        (EN, REST, f"{{beds}} {REST}", 3, "a text without braces"),
        (EN, f"{COUNT}\n", f"{COUNT}\n\n", 3, "a text in one line"),
        (EN, "Count the beds\n", f"{'b' * 51}\n", 2, "at most 50 characters; these are 51"),
        (EN, "title: Look twice", "title: Count the beds!", 9, "another title: “count-beds” has this one already"),
        (EN, "Look twice. ", "Count the beds? ", 10, "another first sentence: “count-beds” begins with this one"),
        (EN, "[industry-workflow]", "[knitting]", 6, "the id of a skill that exists; “knitting” does not"),
        (EN, "[industry-workflow]", "[]", 6, "a list of at least 1"),
        (EN, "[industry-workflow, sql]", "[sql, python, mlops]", 11, "at most 2 skills, the most fitting first; these"),
        (EN, "resource: g-mlcc", "resource: g-mlc", 7, "the id of a resource that exists; “g-mlc” does not"),
        (EN, "  resource:", "  link:", 7, "a known key instead of “link”; the nearest is “title”"),
        (EN, "  skills: [industry-workflow]\n", "", 2, "the key “skills” here"),
        (EN, "count-beds:", "Count beds:", 2, "an id of lower-case letters, digits and hyphens"),
        (EN, "count-beds:", f"{'b' * 25}:", 2, "an id of lower-case letters, digits and hyphens, at most 24"),
        (EN, "count-beds:", "12:", 2, "an id with a letter in it: “12” would be a community's own tip"),
        (EN, "count-beds:", "h-undo:", 2, "another id: “h-undo” is a tip of “hybrid” already"),
        (EN, "count-beds:", "beds:", 2, "Chinese words for the tip “beds” in "),
        (ZH, "count-beds:", "beds:", 2, "the tip “beds” to be in "),
        (ZH, "床" * 104, SHORT_ZH, 3, "110 to 190 characters without blanks; these are 7"),
        (ZH, "床" * 104, LONG_ZH, 3, "110 to 190 characters without blanks; these are 206"),
        (ZH, "床" * 104, "床 " * 130, 3, "at most 260 characters; these are "),
        (ZH, "床" * 104, f"{'床' * 104}（https://example.org）", 3, "a text without an address"),
        (ZH, "title: 数一数床位", f"title: {'床' * 21}", 2, "at most 20 characters; these are 21"),
        (ZH, "title: 看两遍", "title: 数一数床位", 6, "another title: “count-beds” has this one already"),
        (ZH, "看两遍。", "数一数，床位；", 7, "another first sentence: “count-beds” begins with this one"),
        (ZH, "resource: g-mlcc-zh", "resource: g-mlc-zh", 4, "the id of a resource that exists; “g-mlc-zh” does"),
        (ZH, "  title: 看两遍\n", "", 6, "the key “title” here"),
        (ZH, "  resource: g-mlcc-zh", "  skills: [sql]", 4, "a known key instead of “skills”"),
    ],
)  # fmt: skip
def test_a_fault_in_a_tip_is_told(write: Write, name: str, right: str, wrong: str, line: int, expected: str) -> None:
    files = {EN: TIP, ZH: TIP_ZH}
    assert right in files[name]
    files[name] = files[name].replace(right, wrong, 1)

    found = problems(put(write, files))

    assert any((file, at) == (name, line) and what.startswith(expected) for file, at, what in found), found


def test_a_sound_pack_of_tips_has_no_fault(write: Write, content: Content) -> None:
    assert len(read_content(put(write, {EN: TIP, ZH: TIP_ZH})).tips) == len(content.tips) + 2


def test_both_languages_have_the_tips_in_the_same_order(write: Write) -> None:
    first, second = TIP_ZH.split("look-twice:")

    folder = put(write, {EN: TIP, ZH: f"look-twice:{second}{first}"})

    assert problems(folder) == [(ZH, 2, f"the tip “count-beds” here, in the order of {folder}/{EN}")]


def test_a_first_sentence_is_alike_whatever_the_outcome_and_told_where_the_operator_wrote_it(
    write: Write, content: Content
) -> None:
    ours = content.tips["h-place-ai"].text.en.split(".")[0].upper().replace(" FOR", ", FOR")

    folder = put(write, {EN: TIP.replace(COUNT, f"{ours}:"), ZH: TIP_ZH})

    assert problems(folder) == [(EN, 3, "another first sentence: “h-place-ai” begins with this one already")]


def test_an_id_belongs_to_one_outcome_alone(write: Write) -> None:
    other = {"tips/hybrid.yaml": TIP.split("look-twice:")[0], "tips/hybrid.zh.yaml": TIP_ZH.split("look-twice:")[0]}

    folder = put(write, {EN: TIP, ZH: TIP_ZH, **other})

    assert problems(folder) == [("tips/hybrid.yaml", 2, "another id: “count-beds” is a tip of “business” already")]


@pytest.mark.parametrize(
    ("name", "near"),
    [("tips/busines.yaml", "tips/business.yaml"), ("hybrid.zh.yaml", "tips/hybrid.zh.yaml")],
)
def test_a_file_of_tips_that_nobody_would_read_is_a_fault(write: Write, name: str, near: str) -> None:
    folder = write(name, "a: b\n")

    assert problems(folder) == [(name, 1, f"the name of a file of the pack; the nearest to “{name}” is “{near}”")]


def test_tips_in_one_language_alone_are_a_fault(write: Write) -> None:
    assert problems(write(EN, TIP))[-1] == (ZH, 1, "this file to exist")
