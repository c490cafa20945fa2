"""Files that operators hand over: packs, tables of mentors, answers, rounds; each fault told by a sentence."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import typer
from hypothesis import strategies as st

from bot.cli import assess, members, mentor_rows
from bot.cli import round as rounds
from commands.kit.request import Platform
from content.load import OURS, ContentError, read_content
from content.scoring import judge
from tests.fuzz import odd
from tests.fuzz.ground import Crash, Ours

DATA = Path(__file__).parents[2] / OURS
PACK = tuple(sorted(str(file.relative_to(DATA)) for file in DATA.rglob("*.yaml") if file.name != "zh.yaml"))
SMALL = 'Next: 下一步\nBack: 返回\n"{name} is here": "{name} 来了"\n'
BYTES = (
    b"",
    b"\xff\xfe",
    b"\x00",
    b"\xef\xbb\xbf",
    b"a: \xe9",
    b"- " * 5000,
    b"[" * 5000,
    b"&a [*a]",
    b"a: &a {b: *a}",
    b"? a",
)
TABLE = (
    "uid,tracks,skills,seniority,languages,weekday hours,weekend hours,zone,capacity,note\n"
    '123456789012345678,platform;business,kubernetes,leads,en;zh,18:00-21:00,,Berlin,2,"Ask, me"\n'
    "223456789012345678,platform,,,German,,24:00-02:00,Shanghai,1,\n"
)
ANSWERS = {"answers": {"background": ["engineering"], "industry": None}}
HOURS = {"hours_utc": [1, 2], "weekend_utc": [3]}
PERSON = {"id": "a", "languages": ["en"], "seniority": 2, **HOURS}
SHEET = {"id": "a", **ANSWERS}
ROUND = {
    "mentors": [{**PERSON, "id": 1, "tracks": ["platform"], "skills": ["sql"], "capacity": 2}],
    "mentees": [
        {**PERSON, "track": "platform", "gaps": ["sql"], "waiting": 1},
        {**PERSON, "id": 3, "track": "hybrid", "gaps": []},
    ],
    "blocked": [["a", 1]],
    "previous": [[3, 1]],
}
PLACED = re.compile(r"^.+:\d+: expected .+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pack:
    """One file of an operator's pack."""

    name: str
    words: bytes


@st.composite
def pack(draw: st.DrawFn, _ours: Ours) -> Pack:
    """One of our files with something wrong in a few lines, or bytes that are no YAML."""
    name = draw(st.sampled_from((*PACK, "zh.yaml", "tips/platfrom.yaml")))
    right = SMALL if name not in PACK else (DATA / name).read_text("utf-8")
    entries = _few(draw, right)
    torn = odd.spoiled_lines(entries).map(lambda text: text.encode("utf-8", "surrogatepass"))
    return Pack(name, draw(odd.mostly(torn, st.one_of(st.sampled_from(BYTES), st.binary(max_size=40)), 8)))


def _few(draw: st.DrawFn, right: str) -> str:
    """A stretch of a file from the start of one entry, since most of a long file says nothing new."""
    starts = [
        place
        for place in range(len(right))
        if right.startswith("\n", place) and right[place + 1 : place + 2] not in {" ", "#", ""}
    ]
    begin = draw(st.sampled_from((0, *(place + 1 for place in starts))))
    return right[begin : begin + 1500]


def packed(folder: Path, one: Pack) -> bool:
    """Read or refused, each fault with a file that there is, and a line of it. Raises Crash."""
    shutil.rmtree(folder, ignore_errors=True)
    file = folder / one.name
    file.parent.mkdir(parents=True)
    file.write_bytes(one.words)
    try:
        read_content(folder)
    except ContentError as error:
        _placed(folder, one, error)
        return True
    return False


def _placed(folder: Path, one: Pack, error: ContentError) -> None:
    for problem in error.problems:
        ours, theirs = problem.file.startswith(OURS), problem.file.startswith(str(folder))
        lines = one.words.count(b"\n") + one.words.count(b"\r") + 2
        if not problem.expected or problem.line < 1 or not (ours or theirs) or (theirs and problem.line > lines):
            raise Crash(f"{problem} does not lead to its place")


@dataclass(frozen=True, slots=True)
class Mentors:
    """A table for `members import`, and what `--column` says of it."""

    words: str
    platform: Platform
    columns: tuple[str, ...]


def table(_ours: Ours) -> st.SearchStrategy[Mentors]:
    """A table of mentors with something wrong in it, its columns called otherwise or not."""
    cells = st.lists(st.lists(odd.words, max_size=6).map(",".join), max_size=4).map("\n".join)
    words = odd.mostly(odd.spoiled_lines(TABLE), st.one_of(cells, cells.map((TABLE + "\n").__add__)), 3)
    headings = st.one_of(st.sampled_from(mentor_rows.COLUMNS), odd.words)
    column = st.builds("{}={}".format, headings, headings)
    columns = st.lists(odd.mostly(column, odd.words), max_size=2).map(tuple)
    return st.builds(Mentors, words, st.sampled_from(Platform), odd.mostly(st.just(()), columns, 2))


def tabled(ours: Ours, folder: Path, one: Mentors) -> bool:
    """Whether it is refused; each fault says its line. Raises Crash."""
    columns: dict[str, str] = {}
    if stopped(folder, b"", lambda: columns.update(members.theirs(one.columns))):
        return True
    found = mentor_rows.read(ours.content, one.platform, one.words, columns)
    for fault in found.faults:
        if not re.match(r"line \d+", fault):
            raise Crash(f"{fault} has no line")
    return bool(found.faults)


def lines_of(right: object) -> Callable[[Ours], st.SearchStrategy[bytes]]:
    """A JSON file with something wrong in it."""

    def drawn(_ours: Ours) -> st.SearchStrategy[bytes]:
        spoiled = odd.spoiled(right).map(odd.as_json).map(str.encode)
        no_json = st.one_of(
            st.sampled_from((b"", b"{", b"\xff", odd.DEEP.encode(), b"null", b"[]")), st.binary(max_size=30)
        )
        return odd.mostly(spoiled, no_json, 12)

    return drawn


def answers(ours: Ours, file: Path, words: bytes) -> bool:
    """`pmpath assess --answers`."""
    bank = ours.content.questionnaire
    return stopped(file, words, lambda: judge(bank, assess.read_answers(bank, file)))


def sheets(ours: Ours, file: Path, words: bytes) -> bool:
    """`pmpath assess replay`."""
    return stopped(file, words, lambda: [*assess.replayed(ours.content.questionnaire, file)])


def round_solved(_ours: Ours, file: Path, words: bytes) -> bool:
    """`pmpath round solve`."""
    return stopped(file, words, lambda: rounds.solve_file(file, file.with_suffix(".out")))


def stopped(file: Path, words: bytes, work: Callable[[], object]) -> bool:
    """Whether a command with that file stops, with a sentence; whatever else it raises is a fault."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(words)
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            work()
    except typer.Exit:
        if not said.getvalue().strip():
            raise Crash("it ends and says nothing") from None
        return True
    return False
