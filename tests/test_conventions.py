"""What docs/contribute.md asks for and no tool holds; each rule is shown failing once on a bad snippet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path

import pytest
import yaml

import commands
from bot.settings import Settings
from commands.kit.command import Command, signature_line
from commands.kit.discover import Registry, discover
from commands.kit.press import Wire
from tests import conventions
from tests.conventions import ROOT, RULES, Rule, Source

ZH = ROOT / "content" / "data" / "zh.yaml"
ACTIONS = ROOT / "tests" / "actions.txt"
EXAMPLE = ROOT / ".env.example"
SAMPLES = {int: "1", str: "x", bool: "0"}
FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return discover(commands)


def docs() -> str:
    return "\n".join(file.read_text("utf-8") for file in sorted((ROOT / "docs").glob("*.md")))


def by_name(rule: Callable[..., object]) -> str:
    return rule.__name__.replace("_", " ")


@pytest.mark.parametrize("rule", RULES, ids=by_name)
def test_every_source_keeps(rule: Rule) -> None:
    assert [fault for source in conventions.sources() for fault in rule(source)] == []


LONG = "def f() -> None:\n" + "    x = 1\n" * 40


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (conventions.short_functions, "bot/a.py", LONG),
        (conventions.short_files, "bot/a.py", "x = 1\n" * 301),
        (conventions.opening_line, "bot/a.py", "import os\n"),
        (conventions.opening_line, "bot/a.py", '"""One line\nand another."""\n'),
        (conventions.named_for_what_it_is, "bot/utils/a.py", ""),
        (conventions.named_for_what_it_is, "bot/helpers.py", ""),
        (conventions.silenced_with_a_reason, "bot/a.py", "x = 1  # noqa\n"),
        (conventions.silenced_with_a_reason, "bot/a.py", "x = 1  # noqa: E501\n"),
        (conventions.silenced_with_a_reason, "bot/a.py", "x = 1  # type: ignore\n"),
        (conventions.silenced_with_a_reason, "bot/a.py", "x = 1  # type: ignore[misc]\n"),
        (conventions.mocked_with_a_reason, "tests/test_a.py", "x = 1\nm = Mock()\n"),
        (conventions.mocked_with_a_reason, "tests/test_a.py", "with mock.patch('a.b'):\n    pass\n"),
        (conventions.mocked_with_a_reason, "tests/test_a.py", "with patch.object(a, 'b'):\n    pass\n"),
        (conventions.mocked_with_a_reason, "tests/test_a.py", "monkeypatch.setattr(a, 'b', c)\n"),
        (conventions.nothing_left_open, "bot/a.py", "# " + "TODO: later\n"),
        (conventions.no_path_of_one_machine, "bot/a.py", "x = '/" + "home/me/x'\n"),
        (conventions.literal_texts, "bot/a.py", "x = _(f'{name} won')\n"),
        (conventions.literal_texts, "bot/a.py", "x = _(words)\n"),
        (conventions.literal_texts, "bot/a.py", "x = _('{name} won', who=1)\n"),
        (conventions.literal_texts, "bot/a.py", "x = plural('a', '{count} of {all}', 3)\n"),
        (conventions.command_of_its_name, "commands/tips/week.py", "@command(x)\nasync def month(c): ...\n"),
        (conventions.command_of_its_name, "bot/week.py", "@command(x)\nasync def week(c): ...\n"),
        (
            conventions.command_of_its_name,
            "commands/a.py",
            "@command(x)\nasync def a(c): ...\n@command(x)\nasync def b(c): ...\n",
        ),
    ],
)
def test_a_breach_is_seen(rule: Rule, path: str, text: str) -> None:
    assert [*rule(Source(path, text))]


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (conventions.short_functions, "tests/a.py", LONG),
        (conventions.opening_line, "bot/__init__.py", ""),
        (conventions.opening_line, "bot/a.py", '"""One line.\n\nMore.\n"""\n'),
        (conventions.silenced_with_a_reason, "bot/a.py", "x = 1  # noqa: E501 -- an address\n"),
        (conventions.silenced_with_a_reason, "bot/a.py", "x = 1  # type: ignore[misc]  # untyped library\n"),
        (conventions.mocked_with_a_reason, "tests/test_a.py", "# no second machine here\nm = Mock()\n"),
        (conventions.literal_texts, "bot/a.py", "x = plural('{count} day', '{count} days', 3)\n"),
        (conventions.literal_texts, "bot/a.py", "x = plural('one day', '{count} days', 3)\n"),
        (conventions.literal_texts, "bot/a.py", "x = _('{name} won', name=1)\n"),
        (conventions.command_of_its_name, "commands/a.py", "@command(x)\nasync def a(c): ...\n"),
        (conventions.command_of_its_name, "bot/cli/a.py", "@app.command()\ndef check(): ...\n"),
    ],
)
def test_what_is_right_is_let_be(rule: Rule, path: str, text: str) -> None:
    assert [*rule(Source(path, text))] == []


def chinese() -> dict[str, str]:
    found = yaml.safe_load(ZH.read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def test_every_text_has_chinese_words_and_no_words_are_left_over() -> None:
    written = {words for source in conventions.sources() for words in conventions.texts(source)}

    assert sorted(written - chinese().keys()) == []
    assert sorted(chinese().keys() - written) == []


def test_both_languages_name_the_same_values() -> None:
    assert [*conventions.placeholders_alike(chinese())] == []
    assert [*conventions.placeholders_alike({"{name} won": "{who} 赢了"})]
    assert [*conventions.placeholders_alike({"one day": "{count} 天"})]


def test_texts_are_found_wherever_they_stand() -> None:
    source = Source("bot/a.py", "A = _('a')\ndef f(x: Annotated[str, _('b')]): return [plural('c', 'd', 2)]\n")

    assert conventions.texts(source) == {"a", "b", "d"}


def test_every_command_is_at_its_path_and_has_its_test() -> None:
    declared = {
        source.path: conventions.declared_commands(source)
        for source in conventions.sources()
        if conventions.declared_commands(source) and source.path.startswith("commands/")
    }

    assert declared
    assert [path for path in declared if not (ROOT / conventions.test_of(path)).is_file()] == []
    assert conventions.test_of("commands/mentor/find.py") == "tests/commands/mentor/test_find.py"


def test_a_name_is_a_file_or_a_folder() -> None:
    folders = [file.parent for file in (ROOT / "commands").rglob("__init__.py")]

    assert [folder for folder in folders if folder.with_suffix(".py").exists()] == []


def test_there_is_no_room_but_these() -> None:
    rooms = {file.parent.name for file in ROOT.glob("*/__init__.py")}

    assert rooms == set(conventions.ROOMS)


def test_released_actions_keep_their_names_and_types(registry: Registry) -> None:
    """A new action is added to the list with its command; a line there is never changed or taken out.

    It may grow at its end, by optional parameters behind a `+`: what was sent before lacks them.
    """
    released = ACTIONS.read_text("utf-8").splitlines()

    assert sorted(signature_line(action) for action in registry.actions.values()) == sorted(map(grown, released))
    assert [line for line in released if demanded_later(line)] == []
    assert released == sorted(released)


def test_what_was_sent_before_a_parameter_was_appended_is_still_understood(registry: Registry) -> None:
    for line in ACTIONS.read_text("utf-8").splitlines():
        name, *parameters = line.partition(" +")[0].split()
        kinds = [parameter.kind for parameter in registry.actions[name].parameters]
        sent = tuple("" if each.endswith("?") else sample(kind) for each, kind in zip(parameters, kinds, strict=False))
        assert len(registry.actions[name].arguments(Wire(1, name, sent))) == len(kinds)


def sample(kind: type) -> str:
    """Something that a parameter of this kind takes, as it stands in a press."""
    return str(next(iter(kind)).value) if issubclass(kind, Enum) else SAMPLES[kind]


def test_a_parameter_appended_without_being_optional_is_seen() -> None:
    assert not demanded_later("a b:int + c:str? + d:int?")
    assert not demanded_later("a b:int")
    assert demanded_later("a b:int + c:str")
    assert demanded_later("a + b:int? c:str")
    assert grown("a b:int + c:str? + d:int?") == "a b:int c:str? d:int?"


def grown(line: str) -> str:
    """A released line as the action's signature says it today."""
    return line.replace(" +", "")


def demanded_later(line: str) -> bool:
    """Whether something that older presses don't carry is demanded."""
    _first, *appended = line.split(" +")
    return not all(parameter.endswith("?") for part in appended for parameter in part.split())


def commands_of(registry: Registry) -> Iterator[Command[...]]:
    yield from registry.commands.values()


def test_every_command_is_in_the_docs_in_the_words_of_its_summary(registry: Registry) -> None:
    written = docs()

    missing = [command.typed for command in commands_of(registry) if f"`{command.typed}" not in written]
    stale = [command.typed for command in commands_of(registry) if command.summary.en not in written]
    assert missing == []
    assert stale == []


def test_every_setting_is_in_the_docs_and_in_the_example_in_its_own_words() -> None:
    """`python -m tests.test_conventions` writes the example anew."""
    written = (ROOT / "docs" / "operate.md").read_text("utf-8")

    rows = [f"| `{name}` | {says} |" for name, (says, _right) in Settings.variables().items()]
    assert [row for row in rows if row not in written] == []
    assert EXAMPLE.read_text("utf-8") == example()


def example() -> str:
    """`.env.example` by the settings: what each is for, and a right value; one in angle brackets is described."""
    parts = [
        "# Copy this file to .env and take the # away from what you set. Nothing here is needed for the rehearsal page."
    ]
    for name, (says, right) in Settings.variables().items():
        described = re.fullmatch("<(.*)>", right)
        hint = f"\n# put here: {described[1]}" if described else ""
        parts.append(f"# {says}{hint}\n#{name}={'' if described else right}")
    return "\n\n".join(parts) + "\n"


@pytest.mark.parametrize("file", [*sorted((ROOT / "requirements").iterdir()), ROOT / "Makefile", ROOT / ".ci" / "run"])
def test_nothing_names_where_packages_come_from(file: Path) -> None:
    assert [*conventions.addresses(file.read_text("utf-8"))] == []


@pytest.mark.parametrize("line", ["--index-url x", "a @ file:x", "# via https://example.org/simple", "--find-links x"])
def test_an_address_in_a_lock_is_seen(line: str) -> None:
    assert [*conventions.addresses(f"a==1\n{line}\n")]


def shape(readme: str) -> tuple[list[int], list[str], list[str]]:
    """What two languages of one page share: the levels of its headings, its code, and its pictures and links."""
    prose = FENCED.sub("", readme)
    levels = [len(hashes) for hashes in re.findall(r"^(#+) ", prose, re.MULTILINE)]
    links = re.findall(r"\]\((?!README)([^)#]+)\)", prose)
    inline = sorted(word for word in re.findall(r"`([^`]+)`", prose) if word.isascii())
    return levels, FENCED.findall(readme), [*(link.replace(".zh-CN", "") for link in links), *inline]


def test_both_readmes_say_the_same() -> None:
    english = (ROOT / "README.md").read_text("utf-8")
    chinese_words = (ROOT / "README.zh-CN.md").read_text("utf-8")

    assert shape(english) == shape(chinese_words)
    assert shape("# a\n## b\n") != shape("# a\n# b\n")
    assert shape("```sh\nmake run\n```\n") != shape("```sh\nmake test\n```\n")


def test_the_links_of_the_docs_lead_somewhere() -> None:
    files = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    dead = [
        f"{file.name}: {link}"
        for file in files
        for link in re.findall(r"\]\(([^):#]+)(?:#[^)]*)?\)", FENCED.sub("", file.read_text("utf-8")))
        if not (file.parent / link).exists()
    ]

    assert dead == []


if __name__ == "__main__":
    EXAMPLE.write_text(example(), "utf-8")
