"""`pmpath round solve`: pairs from a file into a file, and clear words for a file that is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bot.cli.conftest import Shell

EVENING = list(range(36, 44))


def mentor(name: Any, **other: Any) -> dict[str, Any]:
    given = {
        "id": name, "tracks": ["technical"], "skills": ["evaluation", "sql"], "hours_utc": EVENING,
        "languages": ["en"], "seniority": 3, "capacity": 1,
    }  # fmt: skip
    return {**given, **other}


def mentee(name: Any, **other: Any) -> dict[str, Any]:
    given = {
        "id": name, "track": "technical", "gaps": ["sql", "prompting"], "hours_utc": EVENING,
        "languages": ["en", "zh"], "seniority": 1,
    }  # fmt: skip
    return {**given, **other}


INSTANCE: dict[str, Any] = {
    "mentors": [mentor("ada"), mentor(7, tracks=["hybrid", "business"], weekend_utc=[0, 1], capacity=2)],
    "mentees": [mentee("b"), mentee("c", waiting=2), mentee(8, gaps=[]), mentee(9, languages=["fr"])],
    "blocked": [["b", "ada"]],
    "declined": [[8, 7]],
    "previous": [["c", 7]],
}


def write(folder: Path, instance: object) -> str:
    (folder / "instance.json").write_text(json.dumps(instance), "utf-8")
    return "instance.json"


async def test_an_instance_becomes_pairs_with_their_score_and_bound(shell: Shell) -> None:
    said = await shell.run("round", "solve", write(shell.folder, INSTANCE), "out.json", "--progress")

    written = json.loads((shell.folder / "out.json").read_text("utf-8"))
    assert said.code == 0
    assert said.out.startswith("3 of 4 mentees have a mentor; no other arrangement would match more.")
    assert sorted(written["assignment"], key=str) == [["b", 7], ["c", 7], [8, "ada"]]
    # b with 7: 12 + 17.5 + 15 + 10 + 10; c the same, matched before; 8 with ada: 30 + 0 + 15 + 10 + 10
    assert (written["matched"], written["score"]) == (3, 64.5 + 54.5 + 65)
    assert written["score"] <= written["bound"] <= written["score"] * 1.0005
    assert written["gap"] == pytest.approx(1 - written["score"] / written["bound"])
    assert written["proven"] is True
    assert len(written["digest"]) == 64


async def test_the_same_file_gives_the_same_bytes_whatever_the_order_in_it(shell: Shell) -> None:
    turned = {name: each[::-1] for name, each in INSTANCE.items()}

    await shell.run("round", "solve", write(shell.folder, INSTANCE), "one.json")
    await shell.run("round", "solve", write(shell.folder, turned), "two.json")

    assert (shell.folder / "one.json").read_bytes() == (shell.folder / "two.json").read_bytes()


WRONG: dict[str, tuple[object, str]] = {
    "a list": ([], "expected an object with “mentors” and “mentees”"),
    "no mentees": ({"mentors": []}, "the file: “mentees” is missing"),
    "mentors by name": ({"mentors": {}, "mentees": []}, "mentors: expected a list of mentors, found {}"),
    "no mentor": ({"mentors": [3], "mentees": []}, "mentors[0]: expected an object with names and values, found 3"),
    "an hour of 48": (
        {"mentors": [mentor(1), mentor(2, hours_utc=[3, 48])], "mentees": []},
        "mentors[1].hours_utc[1]: expected a whole number from 0 to 47, found 48",
    ),
    "a track": (
        {"mentors": [], "mentees": [mentee(1, track="sales")]},
        "mentees[0].track: expected one of business, platform, technical, hybrid, found 'sales'",
    ),
    "no capacity": (
        {"mentors": [{k: v for k, v in mentor(1).items() if k != "capacity"}], "mentees": []},
        "mentors[0]: “capacity” is missing",
    ),
    "an id": ({"mentors": [mentor(None)], "mentees": []}, "mentors[0].id: expected an id, a number or a string"),
    "three ids": ({**INSTANCE, "declined": [[1, 2, 3]]}, "declined[0]: expected two ids, mentee and mentor"),
    "twice": ({"mentors": [], "mentees": [mentee(1), mentee(1)]}, "two of the mentees have the id 1"),
    "65 skills": (
        {"mentors": [mentor(1, skills=[f"s{n}" for n in range(65)])], "mentees": []},
        "mentors[0].skills[64]: “s64” is one too many of 64 different skills",
    ),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_file_is_told_by_its_entry(name: str, shell: Shell) -> None:
    instance, sentence = WRONG[name]

    said = await shell.run("round", "solve", write(shell.folder, instance), "out.json")

    assert said.code == 1
    assert said.err.startswith(f"instance.json: {sentence}")
    assert not (shell.folder / "out.json").exists()


async def test_files_that_cannot_be_read_or_written_are_told(shell: Shell) -> None:
    (shell.folder / "half.json").write_text('{"mentors": [\n', "utf-8")
    (shell.folder / "other.json").write_bytes(b"\xff\xfe{")
    name = write(shell.folder, INSTANCE)

    assert (await shell.run("round", "solve", "none.json", "out.json")).err.startswith("none.json cannot be read")
    assert (await shell.run("round", "solve", "half.json", "out.json")).err.startswith("half.json:2: expected JSON")
    assert (await shell.run("round", "solve", "other.json", "out.json")).err == "other.json is no text in UTF-8.\n"
    for words in ("[" * 100_000, "9" * 5000):
        (shell.folder / "odd.json").write_text(words, "utf-8")
        assert (await shell.run("round", "solve", "odd.json", "out.json")).err.startswith(
            "odd.json cannot be read as JSON"
        )
    unwritten = await shell.run("round", "solve", name, "no/such/folder.json")
    assert (unwritten.code, unwritten.err[:29]) == (2, "no/such/folder.json cannot be")
