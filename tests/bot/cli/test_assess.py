"""`pmpath assess`: the same engine in a terminal, from a file, and for maintainers."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.cli.questioning import NotUnderstood, choice_of
from content.export import export, replay
from content.load import Content
from content.outcomes import Outcome
from content.questionnaire import Choice
from content.scoring import judge
from tests.bot.cli.conftest import Shell, command, environ
from tests.content.sheets import typical

PROMPT = "\n> "
READ_SECONDS = 60.0
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH_WORDS = re.compile(r"[A-Za-z]+(?: [A-Za-z]+){4,}")


@dataclass(slots=True)
class Terminal:
    """`pmpath assess` in a terminal of its own: what it wrote so far, and what is typed."""

    process: asyncio.subprocess.Process
    master: int
    written: str = ""
    _read_to: int = field(default=0)

    async def asks(self) -> str:
        """What it wrote since the last answer, once it waits for the next one or has ended."""
        async with asyncio.timeout(READ_SECONDS):
            while not self.written[self._read_to :].endswith(PROMPT) and await self._read():
                pass
        new = self.written[self._read_to :]
        self._read_to = len(self.written)
        return new

    async def type(self, answer: str) -> str:
        """Types an answer; what comes next."""
        os.write(self.master, f"{answer}\n".encode())
        return await self.asks()

    async def _read(self) -> bool:
        try:
            found = await asyncio.to_thread(os.read, self.master, 65536)
        except OSError:  # the other end is closed
            return False
        self.written += found.decode().replace("\r\n", "\n")
        return bool(found)


@pytest.fixture
async def terminal(shell: Shell, request: pytest.FixtureRequest) -> AsyncIterator[Terminal]:
    """In the language of the test's parameter, English by itself."""
    language = getattr(request, "param", "en")
    master, slave = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *command("assess", "--language", language), cwd=shell.folder,
        env=environ({"TERM": "dumb", "COLUMNS": "200"}), stdin=slave, stdout=slave, stderr=slave,
    )  # fmt: skip
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        os.close(master)


def question(shown: str) -> str:
    """The words of the question that is asked; it stands above its options."""
    lines = [line for line in shown.splitlines() if line.strip()]
    first = next(place for place, line in enumerate(lines) if line.startswith("  A  "))
    return lines[first - 1]


async def to_the_end(terminal: Terminal, answer: str) -> str:
    """The same answer until it asks no more; the result as it is shown."""
    shown = await terminal.asks()
    for _turn in range(60):
        if not shown.endswith(PROMPT):
            await asyncio.wait_for(terminal.process.wait(), READ_SECONDS)
            return shown
        shown = await terminal.type(answer)
    raise AssertionError("it asks without end")


@pytest.mark.parametrize("terminal", ["en", "zh"], indirect=True)
async def test_answering_leads_to_a_result(terminal: Terminal, request: pytest.FixtureRequest) -> None:
    result = await to_the_end(terminal, "a")

    assert terminal.process.returncode == 0
    if "zh" in request.node.callspec.id:
        assert "招聘" in result
        assert ENGLISH_WORDS.findall(terminal.written) == []
    else:
        assert "hiring" in result
        assert CHINESE.findall(terminal.written) == []


async def test_skipping_everything_ends_in_not_enough_to_say(terminal: Terminal) -> None:
    result = await to_the_end(terminal, "")

    assert terminal.process.returncode == 0
    assert "not enough" in result.lower()


async def test_back_asks_the_last_question_again(terminal: Terminal) -> None:
    first = question(await terminal.asks())
    second = question(await terminal.type("a"))

    assert second != first
    assert question(await terminal.type("<")) == first
    assert question(await terminal.type("b")) == second


async def test_back_before_the_first_answer_changes_nothing(terminal: Terminal) -> None:
    first = question(await terminal.asks())

    assert question(await terminal.type("<")) == first


async def test_what_is_no_answer_is_asked_again(terminal: Terminal) -> None:
    first = question(await terminal.asks())
    shown = await terminal.type("zzz")

    assert "I did not understand “zzz”." in shown
    assert question(shown) == first


@pytest.mark.parametrize(
    ("item", "typed", "choice"),
    [
        ("years", "", None),
        ("years", "0", "none"),
        ("years", "d", "over-5"),
        ("background", "", None),
        ("background", "0", "none"),
        ("background", "a, B", ("data-work", "practitioner")),
        ("background", "b、a", ("data-work", "practitioner")),
    ],
)
def test_letters_stand_for_options(content: Content, item: str, typed: str, choice: Choice) -> None:
    assert choice_of(content.questionnaire.item(item), typed) == choice


@pytest.mark.parametrize(("item", "typed"), [("years", "ab"), ("years", "z"), ("years", "1"), ("more", "abcd")])
def test_more_than_may_be_ticked_is_no_answer(content: Content, item: str, typed: str) -> None:
    with pytest.raises(NotUnderstood):
        choice_of(content.questionnaire.item(item), typed)


async def test_the_result_can_be_had_early(terminal: Terminal) -> None:
    shown = await terminal.asks()
    while "!: show my result now" not in shown:
        assert shown.endswith(PROMPT)
        shown = await terminal.type("a")
    result = await terminal.type("!")

    assert "hiring" in result
    assert await asyncio.wait_for(terminal.process.wait(), READ_SECONDS) == 0


async def test_the_end_of_input_ends_it_without_a_trace(terminal: Terminal) -> None:
    await terminal.asks()
    written = await terminal.type("\x04")

    assert await asyncio.wait_for(terminal.process.wait(), READ_SECONDS) == 1
    assert "Traceback" not in written


def sheet_file(folder: Path, content: object) -> str:
    file = folder / "answers.json"
    file.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return str(file)


@pytest.mark.parametrize("outcome", list(Outcome))
async def test_json_is_the_verdicts_own_bytes(shell: Shell, content: Content, outcome: Outcome) -> None:
    answers = typical(outcome) | {"years": "over-5"}

    plain = await shell.run("assess", "--answers", sheet_file(shell.folder, answers), "--json")
    as_sheet = await shell.run("assess", "--answers", sheet_file(shell.folder, {"answers": answers}), "--json")

    verdict = judge(content.questionnaire, answers)
    assert plain.code == 0
    assert plain.out.encode() == as_sheet.out.encode() == verdict.to_json() + b"\n"
    assert json.loads(plain.out)["outcome"] == outcome


@pytest.mark.parametrize(("language", "words"), [("en", "hiring"), ("zh", "招聘")])
async def test_a_file_is_answered_in_words_too(shell: Shell, language: str, words: str) -> None:
    file = sheet_file(shell.folder, typical(Outcome.PLATFORM))

    said = await shell.run("assess", "--answers", file, "--language", language)

    assert said.code == 0
    assert words in said.out


@pytest.mark.parametrize(
    ("written", "code", "named"),
    [
        ("{", 2, "cannot be read as JSON"),
        pytest.param("[" * 100_000, 2, "cannot be read as JSON", id="deep"),
        ("[1]", 2, "expected an object of items and their options"),
        ('{"answers": []}', 2, "expected an object of items and their options"),
        ('{"nonsense": "a"}', 1, "there is no item 'nonsense'; expected one of background, "),
        ('{"years": "ever"}', 1, "years: 'ever' is no answer; expected one of "),
        ('{"years": 3}', 1, "years: 3 is no answer; expected one of "),
        ('{"years": {"a": 1}}', 1, "years: {'a': 1} is no answer; expected one of "),
        ('{"background": [["a"]]}', 1, "is no answer; expected a list of at most "),
    ],
)
async def test_a_bad_file_is_a_sentence(shell: Shell, written: str, code: int, named: str) -> None:
    (shell.folder / "bad.json").write_text(written, "utf-8")

    said = await shell.run("assess", "--answers", "bad.json", "--json")

    assert (said.code, said.out) == (code, "")
    assert said.err.startswith("bad.json")
    assert named in said.err


async def test_every_bad_answer_is_told_at_once(shell: Shell) -> None:
    file = sheet_file(shell.folder, {"nonsense": "a", "years": "ever", "background": None})

    said = await shell.run("assess", "--answers", file, "--json")

    assert len(said.err.splitlines()) == 2


async def test_a_file_that_is_not_there_or_no_text_is_a_sentence(shell: Shell) -> None:
    (shell.folder / "latin").write_bytes(b'{"years": "\xe9"}')

    for file in ("nowhere.json", "latin", "."):
        said = await shell.run("assess", "--answers", file, "--json")
        assert said.code == 2
        assert said.err.startswith(f"{file} cannot be read as JSON")


async def test_without_a_terminal_and_a_file_the_way_is_told(shell: Shell) -> None:
    said = await shell.run("assess")

    assert said.code == 2
    assert "pmpath assess --answers FILE --json" in said.err


@pytest.mark.parametrize("words", [("--json",), ()], ids=["--json", "bare"])
async def test_export_prints_the_bank(shell: Shell, content: Content, words: tuple[str, ...]) -> None:
    said = await shell.run("assess", "export", *words)

    assert said.code == 0
    assert json.loads(said.out) == json.loads(json.dumps(export(content.questionnaire)))
    assert len(said.lines) == 1


async def test_replay_prints_one_line_a_sheet_in_their_order(shell: Shell, content: Content) -> None:
    sheets: list[dict[str, Any]] = [{"id": one.value, "answers": typical(one)} for one in Outcome]
    lines = [json.dumps(sheet, ensure_ascii=False) for sheet in sheets]
    (shell.folder / "sheets.jsonl").write_text("\n\n".join(lines) + "\n", "utf-8")

    said = await shell.run("assess", "replay", "sheets.jsonl")

    printed = [json.loads(line) for line in said.lines]
    wanted = {"id", "outcome", "shown", "asked", "posterior", "deciding", "full_outcome"}
    assert said.code == 0
    assert [line["id"] for line in printed] == [sheet["id"] for sheet in sheets]
    assert all(wanted <= line.keys() for line in printed)
    assert printed == [json.loads(json.dumps(replay(content.questionnaire, json.loads(line)))) for line in lines]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "3",
        "null",
        '{"id": 1}',
        '{"id": 1, "answers": {"nonsense": "a"}}',
        '{"id": 1, "answers": {"years": {}}}',
    ],
)
async def test_a_bad_sheet_is_told_by_its_line(shell: Shell, line: str) -> None:
    (shell.folder / "sheets.jsonl").write_text('{"id": 0, "answers": {}}\n' + line + "\n", "utf-8")

    said = await shell.run("assess", "replay", "sheets.jsonl")

    assert said.code == 1
    assert len(said.lines) == 1
    assert said.err.startswith("sheets.jsonl:2: expected ")


async def test_a_file_of_sheets_that_is_not_there_is_a_sentence(shell: Shell) -> None:
    said = await shell.run("assess", "replay", "nowhere.jsonl")

    assert said.code == 2
    assert said.err.startswith("nowhere.jsonl cannot be read (")


async def test_a_pack_that_is_broken_is_told_by_file_and_line(shell: Shell, broken_pack: Path) -> None:
    said = await shell.run("assess", "export", PMPATH_CONTENT_DIR=str(broken_pack))

    assert said.code == 1
    assert f"{broken_pack}/skills.yaml, line 3: expected " in said.err
