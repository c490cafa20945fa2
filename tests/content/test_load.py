"""Packs that are wrong say where and what was expected; an operator's folder lies over ours."""

from __future__ import annotations

import errno
import re
import shutil
from importlib import resources
from pathlib import Path

import pytest

from content.load import Content, ContentError, Problem, read_content
from content.outcomes import Outcome
from content.questionnaire import Change
from content.source import Ledger, read_yaml
from content.text import Language, Text
from tests.content.packs import Write, problems

OURS = Path(str(resources.files("content") / "data"))

SKILL = """\
night-shifts:
  track: business
  name: Night shifts
  meaning: You know what happens on a ward at night.
  task: Stay for one night.
  resources: [{resource}]
"""
SKILL_ZH = """\
night-shifts:
  name: 夜班
  meaning: 你清楚病区夜里发生什么。
  task: 值一次夜班。
"""
RESOURCE = """\
ward-book:
  title: The ward book
  address: https://example.org/ward
  by: A hospital
  language: en
  level: 1
  skills: [night-shifts]
  seen: exact
  checked_on: 2026-11-22
  reachable_cn: unknown
"""
QUESTIONNAIRE = """\
version: "9"
experience:
  background: past
  industry: trade
  years: years
  software: [software]
  many-years: [many]
  technical-past: [cloud, data]
  platform: [cloud]
  technical: [data]
  hybrid: [design]
opening: [[past], [trade, years]]
items:
  - id: past
    kind: many
    fact: true
    text: What have you done?
    options:
      - {id: cloud, text: Clusters, weights: {platform: 3}}
      - {id: data, text: Tables, weights: {technical: 3}}
      - {id: design, text: Screens, weights: {hybrid: 3}}
  - id: trade
    kind: one
    fact: true
    text: Which trade?
    options:
      - {id: software, text: Software, weights: {}}
      - {id: care, text: Care, weights: {business: 2}}
  - id: years
    kind: one
    fact: true
    text: How long?
    options:
      - {id: few, text: A year, weights: {}}
      - {id: many, text: Ten years, weights: {business: 1}}
changes:
  affects: false
  text: Clearer words.
"""
QUESTIONNAIRE_ZH = """\
items:
  past:
    text: 你做过什么？
    options: {cloud: 集群, data: 数据表, design: 界面}
  trade:
    text: 哪个行业？
    options: {software: 软件, care: 护理}
  years:
    text: 做了多久？
    options: {few: 一年, many: 十年}
changes: 措辞更清楚。
"""


def test_our_pack_is_complete(content: Content) -> None:
    assert list(content.tracks) == list(Outcome)
    assert content.questionnaires[content.questionnaire.version] is content.questionnaire
    assert len(content.skills) == 51
    assert len(content.resources) >= 118
    assert content.outlook.zh


def test_an_entry_of_the_operator_lies_over_ours(write: Write, content: Content) -> None:
    write("skills.yaml", SKILL.format(resource="ward-book"))
    write("skills.zh.yaml", SKILL_ZH)
    write("zh.yaml", '"Hybrid": 综合型\n')
    folder = write("resources.yaml", RESOURCE + RESOURCE.replace("ward-book", "sqlbolt").replace("/ward", "/sql"))

    pack = read_content(folder)

    assert pack.skills.keys() - content.skills.keys() == {"night-shifts"}
    assert pack.skills["sql"] == content.skills["sql"]
    assert pack.resources["sqlbolt"].title == "The ward book"
    assert pack.resources["ward-book"].language is Language.EN
    assert pack.catalogue.zh["Hybrid"] == "综合型"
    assert pack.tracks == content.tracks


def test_one_track_may_be_replaced_alone(write: Write, content: Content) -> None:
    english = (OURS / "tracks.yaml").read_text().split("  platform:\n")[0]
    chinese = (OURS / "tracks.zh.yaml").read_text().split("  platform:\n")[0]
    write("tracks.yaml", english.replace("You know one industry from inside", "You know one trade by heart"))
    folder = write("tracks.zh.yaml", chinese)

    pack = read_content(folder)

    assert pack.tracks[Outcome.BUSINESS].summary.en.startswith("You know one trade by heart")
    assert pack.tracks[Outcome.PLATFORM] == content.tracks[Outcome.PLATFORM]


def test_the_operators_questionnaire_becomes_the_current_and_old_versions_stay(write: Write, content: Content) -> None:
    write("questionnaires/9.yaml", QUESTIONNAIRE)
    folder = write("questionnaires/9.zh.yaml", QUESTIONNAIRE_ZH)

    pack = read_content(folder)

    assert pack.questionnaire.version == "9"
    assert pack.questionnaires.keys() == {*content.questionnaires, "9"}
    assert pack.questionnaires["1"].texts_hash == content.questionnaires["1"].texts_hash


def test_the_hash_of_the_texts_changes_with_a_word_in_either_language(write: Write) -> None:
    def fingerprint(english: str, chinese: str) -> str:
        write("questionnaires/9.yaml", english)
        return read_content(write("questionnaires/9.zh.yaml", chinese)).questionnaire.texts_hash

    hashes = [
        fingerprint(QUESTIONNAIRE, QUESTIONNAIRE_ZH),
        fingerprint(QUESTIONNAIRE.replace("Tables", "Table"), QUESTIONNAIRE_ZH),
        fingerprint(QUESTIONNAIRE, QUESTIONNAIRE_ZH.replace("护理", "照护")),
        fingerprint(QUESTIONNAIRE.replace("Which trade", "What trade"), QUESTIONNAIRE_ZH),
        fingerprint(QUESTIONNAIRE, QUESTIONNAIRE_ZH.replace("哪个行业", "什么行业")),
        fingerprint(QUESTIONNAIRE.replace("business: 2", "business: 3"), QUESTIONNAIRE_ZH),
    ]

    assert len(set(hashes)) == 5
    assert hashes[5] == hashes[0]


def test_a_released_version_cannot_be_replaced(write: Write) -> None:
    write("questionnaires/1.yaml", QUESTIONNAIRE.replace('"9"', '"1"'))
    folder = write("questionnaires/1.zh.yaml", QUESTIONNAIRE_ZH)

    assert problems(folder) == [
        ("questionnaires/1.yaml", 1, "a version of its own: “1” is taken, and results refer to it")
    ]


BROKEN = [
    ("id: cloud,", "id: Cloud,", 19, "an id of lower-case letters, digits and hyphens, at most 24 long"),
    ("id: data,", "id: cloud,", 20, "another option id: “cloud” is taken"),
    ("id: data,", "id: none,", 20, "another id: “none” is the answer “none of these” of every item"),
    ("id: trade\n", "id: past\n", 22, "another item id: “past” is taken"),
    ("text: Tables", f"text: {'t' * 51}", 20, "at most 50 characters; these are 51"),
    ("text: Care", f"text: {'t' * 71}", 28, "at most 70 characters; these are 71"),
    ("text: Care", "text: 'Care {of}'", 28, "a text without braces"),
    ("text: Care", "text: yes", 28, "a text (put it in quotes if YAML takes it for something else)"),
    ("text: Care", "text: ''", 28, "a text that is not empty"),
    ("business: 2", "business: 4", 28, "a whole number from 0 to 3"),
    ("business: 2", "business: -1", 28, "a whole number from 0 to 3"),
    ("business: 2", "busines: 2", 28, "a known key instead of “busines”; the nearest is “business”"),
    ("kind: many", "kind: mny", 15, "“one” or “many”; the nearest to “mny” is “many”"),
    ("    fact: true\n", "    fakt: true\n", 16, "a known key instead of “fakt”; the nearest is “fact”"),
    ("fact: true", "fact: maybe", 16, "true or false"),
    ("opening: [[past]", "opening: [[pest]", 12, "the id of an item; the nearest to “pest” is “past”"),
    ("platform: [cloud]", "platform: [clod]", 9, "an option of “past”; the nearest to “clod” is “cloud”"),
    ("many-years: [many]", "many-years: [ages]", 7, "an option of “years”; “ages” is none"),
    ('version: "9"', 'version: "8"', 1, "the version “9”, as the file is called"),
    ("    text: Which trade?\n", "", 22, "the key “text” here"),
    ("    text: Which trade?\n", "    text: A\n    text: B\n", 26, "the key “text” only once"),
    ("id: cloud,", "id: cloud, skills: [knitting],", 19, "the id of a skill that exists; “knitting” does not"),
    ("changes:\n  affects: false\n  text: Clearer words.\n", "", 1, "the key “changes” here"),
    ("  affects: false\n", "", 37, "the key “affects” here"),
    ("affects: false", "affects: perhaps", 37, "true or false"),
    ("  text: Clearer words.\n", "", 37, "the key “text” here"),
    ("text: Clearer words.", "text: ''", 38, "a text that is not empty"),
    ("text: Clearer words.", f"text: {'w' * 401}", 38, "at most 400 characters; these are 401"),
    (
        "text: Clearer words.",
        "text: Words.\n  since: 8",
        39,
        "a known key instead of “since”; the nearest is “text”",
    ),
    ("changes:\n  affects: false\n  text: Clearer words.\n", "changes: Words.\n", 36, "keys with values"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "expected"), BROKEN, ids=[row[3][:40] for row in BROKEN])
def test_a_fault_is_told_by_file_line_and_what_was_expected(
    write: Write, right: str, wrong: str, line: int, expected: str
) -> None:
    assert right in QUESTIONNAIRE
    write("questionnaires/9.zh.yaml", QUESTIONNAIRE_ZH)
    folder = write("questionnaires/9.yaml", QUESTIONNAIRE.replace(right, wrong, 1))

    assert ("questionnaires/9.yaml", line, expected) in problems(folder)


@pytest.mark.parametrize(
    ("right", "wrong", "line", "expected"),
    [
        ("care: 护理", f"care: {'护' * 35}", 7, "at most 34 characters; these are 35"),
        ("data: 数据表", f"data: {'表' * 26}", 4, "at most 25 characters; these are 26"),
        (", care: 护理", "", 7, "Chinese words for the option “care”"),
        ("care: 护理", "care: 护理, cure: 治疗", 7, "an id that the English file has; “cure” is not there"),
        ("  trade:\n", "  trad:\n", 6, "an id that the English file has; “trad” is not there"),
        ("changes: 措辞更清楚。\n", "", 1, "the key “changes” here, as in the English file"),
        ("措辞更清楚。", "''", 11, "a text that is not empty"),
        ("措辞更清楚。", "清" * 201, 11, "at most 200 characters; these are 201"),
    ],
)
def test_a_fault_in_the_chinese_words_is_told_in_their_file(
    write: Write, right: str, wrong: str, line: int, expected: str
) -> None:
    assert right in QUESTIONNAIRE_ZH
    write("questionnaires/9.yaml", QUESTIONNAIRE)
    folder = write("questionnaires/9.zh.yaml", QUESTIONNAIRE_ZH.replace(right, wrong, 1))

    assert ("questionnaires/9.zh.yaml", line, expected) in problems(folder)


def test_chinese_words_about_changes_need_english_ones(write: Write) -> None:
    write("questionnaires/9.yaml", QUESTIONNAIRE.partition("changes:")[0])
    folder = write("questionnaires/9.zh.yaml", QUESTIONNAIRE_ZH)

    assert problems(folder) == [("questionnaires/9.yaml", 1, "the key “changes” here")]


def test_a_version_says_what_it_changed_and_whether_earlier_results_may_differ(write: Write) -> None:
    write("questionnaires/9.yaml", QUESTIONNAIRE)
    folder = write("questionnaires/9.zh.yaml", QUESTIONNAIRE_ZH)

    assert read_content(folder).questionnaire.changes == Change(False, Text("Clearer words.", zh="措辞更清楚。"))


def test_words_about_changes_are_no_part_of_what_was_answered_to(write: Write, content: Content) -> None:
    write("questionnaires/9.zh.yaml", QUESTIONNAIRE_ZH)
    before = read_content(write("questionnaires/9.yaml", QUESTIONNAIRE)).questionnaire
    after = read_content(
        write("questionnaires/9.yaml", QUESTIONNAIRE.replace("Clearer words", "Other words"))
    ).questionnaire

    assert before.changes != after.changes
    assert before.texts_hash == after.texts_hash


def test_an_item_without_chinese_words_is_told_where_it_stands(write: Write) -> None:
    write("questionnaires/9.yaml", QUESTIONNAIRE)
    folder = write(
        "questionnaires/9.zh.yaml",
        QUESTIONNAIRE_ZH.replace("  years:\n    text: 做了多久？\n    options: {few: 一年, many: 十年}\n", ""),
    )

    assert problems(folder) == [
        ("questionnaires/9.yaml", 29, "the item “years” to have its Chinese words in the .zh file")
    ]


@pytest.mark.parametrize(
    ("name", "right", "wrong", "line", "expected"),
    [
        ("resources.yaml", "https://", "ftp://", 3, "an address that begins with https:// or http://"),
        ("resources.yaml", "https://example.org", "https://", 3, "an address that begins with https:// or http://"),
        ("resources.yaml", "example.org", "[example", 3, "an address that begins with https:// or http://"),
        ("resources.yaml", "example.org", "example.org:ninety", 3, "an address that begins with https:// or http://"),
        ("resources.yaml", "example.org", "me:secret@example.org", 3, "an address without a name or password in it"),
        ("resources.yaml", "/ward", "/ward book", 3, "an address without spaces"),
        ("resources.yaml", "https://example.org/ward", f"https://example.org/{'w' * 300}", 3, "at most 300 characters"),
        ("resources.yaml", "https://example.org/ward", "[a, b]", 3, "a text (put it in quotes"),
        ("resources.yaml", "2026-11-22", "2026-13-22", 9, "a date such as 2026-11-22"),
        ("resources.yaml", "2026-11-22", "2026-02-30", 9, "a date such as 2026-11-22"),
        ("resources.yaml", "2026-11-22", "20261122", 9, "a date such as 2026-11-22"),
        ("resources.yaml", "2026-11-22", "last week", 9, "a date such as 2026-11-22"),
        ("resources.yaml", "2026-11-22", "", 9, "a date such as 2026-11-22"),
        ("resources.yaml", "seen: exact", "seen: yes", 8, "exact, nearby or memory; “yes” is none"),
        ("resources.yaml", "2026-11-22", "2026-11-25", 8, "the key “seen_in” beside it"),
        ("resources.yaml", "seen: exact", "seen: memory\n  seen_in: a page", 9, "“seen: exact” or “seen: nearby”"),
        ("resources.yaml", "seen: exact", "seen: exact\n  seen_in: ''", 9, "a text that is not empty"),
        ("resources.yaml", "seen: exact", f"seen: exact\n  seen_in: {'p' * 301}", 9, "at most 300 characters"),
        ("resources.yaml", "seen: exact", "seen: exact\n  seen_in: [a, b]", 9, "a text (put it in quotes"),
        ("resources.yaml", "level: 1", "level: 4", 6, "a whole number from 1 to 3"),
        ("resources.yaml", "level: 1", "level: beginner", 6, "a whole number from 1 to 3"),
        ("resources.yaml", "level: 1", "level: 1\n  hours: 0", 7, "a whole number from 1 to 400"),
        ("resources.yaml", "level: 1", "level: 1\n  hours: 2.5", 7, "a whole number from 1 to 400"),
        ("resources.yaml", "language: en", "language: fr", 5, "a language; “fr” is none"),
        ("resources.yaml", "reachable_cn: unknown", "reachable_cn: perhaps", 10, "yes, no or unknown; “perhaps”"),
        ("resources.yaml", "The ward book", "2026", 2, "a text (put it in quotes"),
        ("resources.yaml", "The ward book", "", 2, "a text (put it in quotes"),
        ("resources.yaml", "The ward book", "t" * 81, 2, "at most 80 characters; these are 81"),
        ("resources.yaml", "The ward book", '"The ward\\nbook"', 2, "a text in one line"),
        ("resources.yaml", "A hospital", "'{ours}'", 4, "a text without braces"),
        ("resources.yaml", "  by:", "  from:", 2, "the key “by” here"),
        ("resources.yaml", "  by:", "  from:", 4, "a known key instead of “from”; the nearest is"),
        ("resources.yaml", "  by: A hospital\n", "", 2, "the key “by” here"),
        ("resources.yaml", "  by: A hospital\n", "  by: A\n  by: B\n", 5, "the key “by” only once"),
        ("resources.yaml", "ward-book:", "Ward book:", 2, "an id of lower-case letters, digits and hyphens"),
        ("resources.yaml", "ward-book:", "a-name-that-is-much-too-long:", 2, "an id of lower-case letters"),
        ("resources.yaml", "[night-shifts]", "[day-shifts]", 7, "the id of a skill that exists; “day-shifts” does not"),
        ("resources.yaml", "[night-shifts]", "night-shifts", 7, "a list"),
        ("resources.yaml", "[night-shifts]", "[]", 7, "a list of at least 1"),
        ("resources.yaml", "[night-shifts]", "[night-shifts, sql, sql]", 7, "“sql” only once in this list"),
        ("skills.yaml", "[ward-book]", "[ward-boot]", 6, "the id of a resource that exists; “ward-boot” does not"),
        ("skills.yaml", "[ward-book]", "[]", 6, "a list of at least 1"),
        ("skills.yaml", "[ward-book]", "[ward-book, ward-book]", 6, "“ward-book” only once in this list"),
        ("skills.yaml", "track: business", "track: bisiness", 2, "an outcome or “all”; the nearest"),
        ("skills.yaml", "track: business", "track: business\n  also: [business]", 3, "other outcomes than “business”"),
        ("skills.yaml", "track: business", "track: all\n  also: [hybrid]", 3, "no key “also” where the track is “all”"),
        ("skills.yaml", "track: business", "track: business\n  also: [hybrid, hybrid]", 3, "“hybrid” only once"),
        ("skills.yaml", "track: business", "track: business\n  ours: sure", 3, "true or false"),
        ("skills.yaml", "track: business", "track: business\n  regions: [mars]", 3, "one of cn, eu, us; “mars”"),
        ("skills.yaml", "track: business", "track: business\n  industries: []", 3, "a list of at least 1"),
        ("skills.yaml", "track: business", "track: business\n  industries: [steel]", 3, "one of healthcare, finance"),
        ("skills.yaml", "Night shifts", "n" * 41, 3, "at most 40 characters; these are 41"),
        ("skills.yaml", "Stay for one night.", "s" * 141, 5, "at most 140 characters; these are 141"),
        ("skills.yaml", "Stay for one night.", '"Stay.\\tSleep."', 5, "a text in one line"),
        ("skills.yaml", "night-shifts:", "Night:", 2, "an id of lower-case letters, digits and hyphens"),
        ("skills.yaml", "night-shifts:\n", "night-shifts: later\nday:\n", 1, "keys with values"),
        ("skills.zh.yaml", "night-shifts:", "night-shift:", 2, "the skill “night-shift” to be in"),
        ("skills.zh.yaml", "  task: 值一次夜班。\n", "", 2, "the key “task” here"),
        ("skills.zh.yaml", "  task: 值一次夜班。\n", "  tasks: 值班。\n", 4, "a known key instead of “tasks”"),
        ("skills.zh.yaml", "夜班\n", f"{'夜' * 21}\n", 2, "at most 20 characters; these are 21"),
        ("skills.zh.yaml", "值一次夜班。", "值" * 71, 4, "at most 70 characters; these are 71"),
    ],
)  # fmt: skip
def test_a_fault_in_skills_or_resources_is_told(
    write: Write, name: str, right: str, wrong: str, line: int, expected: str
) -> None:
    files = {
        "skills.yaml": SKILL.format(resource="ward-book"),
        "skills.zh.yaml": SKILL_ZH,
        "resources.yaml": RESOURCE,
    }
    assert right in files[name]
    files[name] = files[name].replace(right, wrong, 1)
    for file, words in files.items():
        folder = write(file, words)

    found = problems(folder)

    assert any((file, at) == (name, line) and what.startswith(expected) for file, at, what in found), found


@pytest.mark.parametrize(
    ("right", "wrong", "line", "expected"),
    [
        ("    ours: [day]\n", "    ours: [night]\n", 62, "the name of a tab; “night” is none"),
        ("    ours: [day]\n", "    ours: [day, day]\n", 62, "“day” only once in this list"),
        ("core: [kubernetes,", "core: [mlops, kubernetes,", 63, "“mlops” only once in this list"),
        ("core: [kubernetes,", "core: [knitting,", 63, "the id of a skill that exists; “knitting” does not"),
        ("    hired:\n", "    fired:\n", 57, "a known key instead of “fired”; the nearest is “hired”"),
        ("  technical:\n", "  technica:\n", 64, "a known key instead of “technica”; the nearest is “technical”"),
    ],
)
def test_a_fault_in_a_track_is_told(write: Write, right: str, wrong: str, line: int, expected: str) -> None:
    words = (OURS / "tracks.yaml").read_text()
    before, platform, after = words.partition("  platform:\n")
    assert right in after
    broken = before + platform + after.replace(right, wrong, 1)
    where = next(at for at, text in enumerate(broken.splitlines(), 1) if wrong.strip("\n") in text)
    shutil.copy(OURS / "tracks.zh.yaml", write("tracks.yaml", broken) / "tracks.zh.yaml")
    folder = write("tracks.yaml", broken)

    assert ("tracks.yaml", where, expected) in problems(folder)


def test_a_track_with_more_lines_in_one_language_is_told(write: Write) -> None:
    words = (OURS / "tracks.zh.yaml").read_text()
    shutil.copy(OURS / "tracks.yaml", write("tracks.zh.yaml", words) / "tracks.yaml")
    folder = write("tracks.zh.yaml", words.replace("      - 零售：库存管理与供应链。\n", "", 1))

    assert [what for _file, _line, what in problems(folder)] == ["3 lines, as many as in English; these are 2"]


@pytest.mark.parametrize(
    ("words", "line", "expected"),
    [
        ("a: [b\nc: d\n", 2, "valid YAML"),
        ("a: b\n\tc: d\n", 2, "valid YAML"),
        ("", 1, "a file that is not empty"),
        ("- a\n", 1, "keys with values"),
        ('"{count} tips": 小贴士\n', 1, "the same values in braces as in “{count} tips”"),
        ('"Tips": ""\n', 1, "Chinese words"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_fault_like_any_other(
    write: Write, words: str, line: int, expected: str
) -> None:
    found = problems(write("zh.yaml", words))

    assert [(file, at) for file, at, _what in found] == [("zh.yaml", line)]
    assert found[0][2].startswith(expected)


def test_a_file_that_is_not_utf_8_is_a_fault_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "zh.yaml").write_bytes("Tips: 提示".encode("gbk"))

    assert problems(tmp_path) == [("zh.yaml", 1, "YAML written in UTF-8")]


def test_a_file_that_may_not_be_read_is_a_fault_like_any_other(tmp_path: Path) -> None:
    class Locked(type(tmp_path)):  # type: ignore[misc]  # whichever class paths have here
        def read_bytes(self) -> bytes:
            raise PermissionError(errno.EACCES, "Permission denied")

    ledger = Ledger()
    read_yaml(Locked(tmp_path / "zh.yaml"), "zh.yaml", ledger)

    assert ledger.problems == [Problem("zh.yaml", 1, "a file that can be read (Permission denied)")]


@pytest.mark.parametrize(
    ("name", "near"),
    [("resource.yaml", "resources.yaml"), ("skills.yml", "skills.yaml"), ("track.zh.yaml", "tracks.zh.yaml")],
)
def test_a_file_that_nobody_would_read_is_a_fault(write: Write, name: str, near: str) -> None:
    folder = write(name, "a: b\n")

    assert problems(folder) == [(name, 1, f"the name of a file of the pack; the nearest to “{name}” is “{near}”")]


def test_other_files_may_lie_beside_a_pack(write: Write, content: Content) -> None:
    write("README.md", "Ours.\n")
    folder = write("notes/resource.yaml", "a: b\n")

    assert read_content(folder).resources == content.resources


def test_one_file_of_a_pair_alone_is_a_fault(write: Write) -> None:
    folder = write("questionnaires/9.yaml", QUESTIONNAIRE)

    assert ("questionnaires/9.zh.yaml", 1, "this file to exist") in problems(folder)


def test_all_faults_of_one_resource_are_told_at_once(write: Write) -> None:
    write("skills.yaml", SKILL.format(resource="ward-book"))
    write("skills.zh.yaml", SKILL_ZH)
    words = RESOURCE.replace("  title: The ward book\n", "  hours: 3\n").replace("level: 1", "level: 9")

    found = problems(write("resources.yaml", words))

    assert [(line, what) for _file, line, what in found] == [
        (2, "the key “title” here"),
        (6, "a whole number from 1 to 3"),
    ]


def test_an_entry_that_is_none_is_one_fault(write: Write) -> None:
    assert problems(write("resources.yaml", "ward-book: https://example.org\n")) == [
        ("resources.yaml", 1, "keys with values")
    ]


@pytest.mark.parametrize(
    "address",
    ["https://sqlbolt.com/", "http://sqlbolt.com", "https://SQLBolt.com/", "https://sqlbolt.com/#lessons"],
)
def test_an_address_that_a_resource_of_the_same_language_has_is_told(write: Write, address: str) -> None:
    write("skills.yaml", SKILL.format(resource="ward-book"))
    write("skills.zh.yaml", SKILL_ZH)
    folder = write("resources.yaml", RESOURCE.replace("https://example.org/ward", address))

    assert problems(folder) == [
        ("resources.yaml", 3, "another address: “sqlbolt” has this one already, in the same language")
    ]


def test_the_same_address_is_told_at_the_operators_even_if_it_replaces_an_earlier_one(
    write: Write, content: Content
) -> None:
    first, *_others, last = [each for each in content.resources.values() if each.language is Language.EN]
    words = RESOURCE.replace("ward-book", first.id).replace("https://example.org/ward", last.address)
    folder = write("resources.yaml", words.replace("night-shifts", "sql"))

    assert problems(folder) == [
        ("resources.yaml", 3, f"another address: “{last.id}” has this one already, in the same language")
    ]


def test_one_page_may_stand_in_both_languages_and_keep_its_own_address(write: Write) -> None:
    write("skills.yaml", SKILL.format(resource="ward-book"))
    write("skills.zh.yaml", SKILL_ZH)
    chinese = RESOURCE.replace("ward-book", "ward-book-zh").replace("language: en", "language: zh")
    route = RESOURCE.replace("ward-book", "ward-route").replace("/ward", "/#/ward")

    pack = read_content(write("resources.yaml", RESOURCE + chinese + route + route.replace("ward", "shift")))

    assert {"ward-book", "ward-book-zh", "ward-route", "shift-route"} <= pack.resources.keys()


def test_a_resource_may_be_replaced_and_a_skill_get_others(write: Write, content: Content) -> None:
    replaced = RESOURCE.replace("ward-book", "sqlbolt").replace("night-shifts", "sql")
    write("resources.yaml", replaced + RESOURCE.replace("night-shifts", "sql").replace("/ward", "/rounds"))
    write("skills.yaml", SKILL.format(resource="ward-book").replace("night-shifts", "sql"))

    pack = read_content(write("skills.zh.yaml", SKILL_ZH.replace("night-shifts", "sql")))

    assert pack.resources["sqlbolt"].address == "https://example.org/ward"
    assert pack.skills["sql"].resources == ("ward-book",)
    assert pack.skills.keys() == content.skills.keys()
    assert list(pack.resources) == [*content.resources, "ward-book"]


def test_the_examples_for_operators_can_be_used_as_they_are(write: Write, content: Content) -> None:
    page = (Path(__file__).parents[2] / "docs" / "content.md").read_text("utf-8")
    examples = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    resource, skill, skill_zh, tip, tip_zh, points, removed = examples
    write("points.yaml", points)
    write("resources.yaml", resource + removed)
    write("skills.yaml", skill)
    write("skills.zh.yaml", skill_zh)
    write("tips/technical.yaml", tip)

    pack = read_content(write("tips/technical.zh.yaml", tip_zh))

    assert pack.skills["sql"].resources == ("our-sql-course", "wonderful-sql-zh")
    assert pack.resources.keys() ^ content.resources.keys() == {"our-sql-course", "sqlbolt"}
    assert pack.tips["night-batch"].resource == "our-sql-course"
    assert pack.points == content.points


def test_a_resource_knows_where_its_address_is_written(write: Write) -> None:
    folder = write("resources.yaml", "# mine\n" + RESOURCE.replace("night-shifts", "sql"))

    pack = read_content(folder)

    assert (pack.resources["ward-book"].file, pack.resources["ward-book"].line) == (f"{folder}/resources.yaml", 4)
    ours = pack.resources["sqlbolt"]
    assert "address: https://sqlbolt.com/" in (OURS / "resources.yaml").read_text().splitlines()[ours.line - 1]


def test_a_resource_that_is_removed_while_a_skill_names_it_is_told_where_it_is_named(write: Write) -> None:
    with pytest.raises(ContentError) as caught:
        read_content(write("resources.yaml", "sqlbolt: removed\n"))

    (problem,) = caught.value.problems
    assert (problem.file, problem.expected) == (
        "content/data/skills.yaml",
        "the id of a resource that exists; “sqlbolt” does not",
    )
    assert "sqlbolt" in (OURS / "skills.yaml").read_text().splitlines()[problem.line - 1]


def test_a_resource_is_removed_once_no_skill_names_it(write: Write, content: Content) -> None:
    write("resources.yaml", "sqlbolt: removed\n")
    write("skills.yaml", SKILL.format(resource="wonderful-sql-zh").replace("night-shifts", "sql"))

    pack = read_content(write("skills.zh.yaml", SKILL_ZH.replace("night-shifts", "sql")))

    assert content.resources.keys() - pack.resources.keys() == {"sqlbolt"}


def test_all_faults_of_a_pack_are_told_together_in_order(write: Write) -> None:
    write("resources.yaml", RESOURCE.replace("level: 1", "level: 7"))
    write("skills.yaml", SKILL.format(resource="nowhere"))
    folder = write("zh.yaml", "- a\n")

    found = problems(folder)

    assert found == sorted(found)
    assert {file for file, _line, _what in found} == {"resources.yaml", "skills.yaml", "skills.zh.yaml", "zh.yaml"}


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="a folder with content files"):
        read_content(tmp_path / "nowhere")


def test_a_problem_reads_as_one_line() -> None:
    assert str(Problem("zh.yaml", 3, "Chinese words")) == "zh.yaml, line 3: expected Chinese words"
