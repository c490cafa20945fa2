"""Commands are found by walking the package."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from commands.kit.command import Action, DeclarationError, path_of
from commands.kit.discover import Found, Group, Registry, Unknown, discover
from commands.kit.request import Context
from commands.kit.view import Card, View
from content.text import _


def test_the_path_of_a_file_is_the_command() -> None:
    assert path_of("commands.start") == ("pmpath", ("start",))
    assert path_of("commands.mentor.find") == ("pmpath", ("mentor", "find"))
    assert path_of("commands.mod.tips.add") == ("pmpath-mod", ("tips", "add"))


def test_a_new_file_is_a_new_command_without_any_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = _package(tmp_path, monkeypatch, "sample_one")
    (package / "hello.py").write_text(_COMMAND.format(name="hello"))

    registry = discover(__import__("sample_one"))

    assert list(registry.commands) == [("pmpath", ("hello",))]
    assert list(registry.actions) == ["hello"]


def test_two_actions_of_one_name_stop_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = _package(tmp_path, monkeypatch, "sample_two")
    for name in ("one", "two"):
        (package / f"{name}.py").write_text(_ACTION.format(name=name))

    with pytest.raises(DeclarationError, match="same name"):
        discover(__import__("sample_two"))


def test_commands_are_found_by_path_alias_and_case(registry: Registry) -> None:
    for typed in ("start", "START", "测评", "quiz"):
        found = registry.find("pmpath", typed)
        assert isinstance(found, Found)
        assert found.command.path == ("start",)


def test_what_follows_is_handed_over_as_words(registry: Registry) -> None:
    found = registry.find("pmpath", "track  platform now")

    assert isinstance(found, Found)
    assert found.words == ("platform", "now")


def test_nothing_typed_is_home_and_for_moderators_setup(registry: Registry) -> None:
    home, setup = registry.find("pmpath", " "), registry.find("pmpath-mod", "")

    assert isinstance(home, Found)
    assert isinstance(setup, Found)
    assert (home.command.path, setup.command.path) == (("home",), ("setup",))


def test_moderators_commands_are_not_found_under_the_other_root(registry: Registry) -> None:
    unknown = registry.find("pmpath", "setup")

    assert isinstance(unknown, Unknown)


def _package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> Path:
    package = tmp_path / name
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    for module in [each for each in sys.modules if each.split(".")[0] == name]:
        monkeypatch.delitem(sys.modules, module)
    return package


_COMMAND = """
from commands.kit.command import command
from commands.kit.request import Context
from commands.kit.view import Card, View
from content.text import _

@command(_("Home"))
async def {name}(ctx: Context) -> View:
    return Card(_("Home"))
"""
_ACTION = """
from commands.kit.command import action
from commands.kit.request import Context
from commands.kit.view import Card, View
from content.text import _

@action("same name")
async def {name}(ctx: Context) -> View:
    return Card(_("Home"))
"""


def test_what_changes_a_public_card_must_be_public() -> None:
    with pytest.raises(DeclarationError, match=r"t\.vote"):
        Action("t.vote", _vote, updates_card=True)


async def _vote(ctx: Context) -> View:
    return Card(_("Home"))


def test_the_name_of_a_folder_alone_opens_it_and_a_mistyped_command_in_it_is_suggested(registry: Registry) -> None:
    assert registry.find("pmpath-mod", " Resources ") == Group("pmpath-mod", "resources")
    assert registry.find("pmpath-mod", "resources xyzzy") == Group("pmpath-mod", "resources")

    mistyped = registry.find("pmpath-mod", "resources hid")
    assert isinstance(mistyped, Unknown)
    assert mistyped.nearest is registry.commands["pmpath-mod", ("resources", "hide")]
    found = registry.find("pmpath-mod", "resources hide pandas")
    assert isinstance(found, Found)
    assert found.words == ("pandas",)
    chinese = registry.find("pmpath-mod", "resources 隐藏")
    assert isinstance(chinese, Found)
