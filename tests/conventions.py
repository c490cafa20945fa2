"""The rules of docs/contribute.md that no tool holds: each looks at one source and yields what breaks it."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "commands", "content", "storage", "tests")
FUNCTION_LINES = 40
FILE_LINES = 300
NAMELESS = frozenset({"util", "utils", "helper", "helpers", "common", "misc", "shared", "base"})
MOCKS = frozenset({"Mock", "MagicMock", "AsyncMock", "patch", "mocker"})
SILENCED = re.compile(r"#\s*(?:noqa|type:\s*ignore)", re.IGNORECASE)
REASONED = re.compile(
    r"#\s*noqa: [A-Z]+[0-9]+(?:, [A-Z]+[0-9]+)*\s+(?:--?|#) *\w"
    r"|#\s*type: ignore\[[a-z-]+(?:, ?[a-z-]+)*\]\s+(?:--?|#) *\w"
)
LEFT_OPEN = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b(?!.*#\d)")  # conventions: this line names them
ONE_MACHINE = re.compile(r"(?<![\w.:/])/(?:home|root|work|Users)/\w")
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file, by its path from the project's root."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def of_tests(self) -> bool:
        return self.path.startswith("tests/")


Rule = Callable[[Source], Iterator[str]]


def sources() -> list[Source]:
    """Every Python file of the project."""
    files = (file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py")))
    return [Source(file.relative_to(ROOT).as_posix(), file.read_text("utf-8")) for file in files]


def short_functions(source: Source) -> Iterator[str]:
    if source.of_tests:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"{source.path}:{node.lineno}: {node.name} has {lines} lines; at most {FUNCTION_LINES}"


def short_files(source: Source) -> Iterator[str]:
    lines = source.text.count("\n")
    if not source.of_tests and lines > FILE_LINES:
        yield f"{source.path}: {lines} lines; at most {FILE_LINES}"


def opening_line(source: Source) -> Iterator[str]:
    """A module opens with one line saying what it is for; more may follow after an empty line."""
    if not source.text.strip():
        return
    first, _newline, rest = (ast.get_docstring(source.tree, clean=False) or "").partition("\n")
    if not first.strip():
        yield f"{source.path}:1: no line saying what it is for"
    elif rest.strip() and not rest.startswith("\n"):
        yield f"{source.path}:1: the opening is one line; more follows after an empty one"


def named_for_what_it_is(source: Source) -> Iterator[str]:
    parts = Path(source.path).with_suffix("").parts
    for part in parts:
        if part in NAMELESS:
            yield f"{source.path}: {part} does not say what it is"


def silenced_with_a_reason(source: Source) -> Iterator[str]:
    for number, comment in _comments(source):
        if SILENCED.search(comment) and not REASONED.search(comment):
            yield f"{source.path}:{number}: name the code and the reason: {comment}"


def mocked_with_a_reason(source: Source) -> Iterator[str]:
    """`Mock`, `patch` and `monkeypatch.setattr` stand for what cannot be built; the line above says why."""
    lines = source.text.splitlines()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _mocks(node.func):
            above = lines[node.lineno - 2].strip() if node.lineno > 1 else ""
            if not above.startswith("#"):
                yield f"{source.path}:{node.lineno}: say in the line above why this cannot be built"


def nothing_left_open(source: Source) -> Iterator[str]:
    for number, comment in _comments(source):
        if LEFT_OPEN.search(comment) and "conventions:" not in comment:
            yield f"{source.path}:{number}: left open without an issue"


def no_path_of_one_machine(source: Source) -> Iterator[str]:
    for number, line in enumerate(source.text.splitlines(), 1):
        if ONE_MACHINE.search(line):
            yield f"{source.path}:{number}: a path of one machine"


def literal_texts(source: Source) -> Iterator[str]:
    """`_()` and `plural()` take literals only, and the values that their words name."""
    for call, words in _text_calls(source):
        if not all(isinstance(word, ast.Constant) and isinstance(word.value, str) for word in words):
            yield f"{source.path}:{call.lineno}: a text is a literal; there is nothing left to translate"
            continue
        given = {keyword.arg for keyword in call.keywords if keyword.arg}
        given |= {"count"} if _name(call.func) == "plural" else set()
        asked = {name for word in words for name in PLACEHOLDER.findall(_literal(word))}
        filled_later = not call.keywords and _name(call.func) == "_"
        if given != asked and not filled_later and not (asked <= given == asked | {"count"}):
            yield f"{source.path}:{call.lineno}: the words name {sorted(asked)}, given are {sorted(given)}"


def texts(source: Source) -> set[str]:
    """The English of every `_()` and `plural()`: the keys that the Chinese words hang on."""
    return {_literal(words[-1]) for _call, words in _text_calls(source) if isinstance(words[-1], ast.Constant)}


def placeholders_alike(chinese: Mapping[str, str]) -> Iterator[str]:
    for english, words in chinese.items():
        theirs, ours = set(PLACEHOLDER.findall(words)), set(PLACEHOLDER.findall(english))
        if theirs != ours and not (ours - theirs <= {"count"} and theirs <= ours):
            yield f"{english!r} names {sorted(ours)}, its Chinese {sorted(theirs)}"


def command_of_its_name(source: Source) -> Iterator[str]:
    """In `commands/`, a file declares at most one command: the function of its own name."""
    declared = declared_commands(source)
    stem = Path(source.path).stem
    if not source.path.startswith("commands/") or source.path.startswith("commands/kit/"):
        if declared and not source.of_tests:
            yield f"{source.path}: a command is declared in commands/ only"
    elif any(name.rstrip("_") != stem for name in declared) or len(declared) > 1:
        yield f"{source.path}: declares {', '.join(declared)}; the path is the command's name"


def declared_commands(source: Source) -> list[str]:
    """The names of the functions under `@command`."""
    return [
        node.name
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and any(_declares(each) for each in node.decorator_list)
    ]


def test_of(path: str) -> str:
    """Where the tests of a file stand."""
    file = Path(path)
    return (Path("tests") / file.parent / f"test_{file.name}").as_posix()


def addresses(text: str) -> Iterator[str]:
    """Lines that would tell an installer where to look: a lock holds names, versions and hashes only."""
    for number, line in enumerate(text.splitlines(), 1):
        if "://" in line or re.search(r"--(?:extra-)?index-url|--find-links|^\S+ @ ", line):
            yield f"{number}: {line.strip()}"


def _text_calls(source: Source) -> Iterator[tuple[ast.Call, list[ast.expr]]]:
    if source.of_tests:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _name(node.func) in {"_", "plural"} and node.args:
            yield node, node.args[:1] if _name(node.func) == "_" else node.args[:2]


def _declares(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Name) and called.id == "command"


def _literal(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ""


def _mocks(function: ast.expr) -> bool:
    if _name(function) in MOCKS:
        return True
    return isinstance(function, ast.Attribute) and (
        _name(function.value) in MOCKS or (function.attr == "setattr" and _name(function.value) == "monkeypatch")
    )


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _comments(source: Source) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


RULES: tuple[Rule, ...] = (
    short_functions,
    short_files,
    opening_line,
    named_for_what_it_is,
    silenced_with_a_reason,
    mocked_with_a_reason,
    nothing_left_open,
    no_path_of_one_machine,
    literal_texts,
    command_of_its_name,
)
