"""The short form of `python -m tests.fuzz`: the same few examples of each target every time."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from bot.pictures.studio import Pictures
from commands.kit.discover import Registry
from content.load import Content
from tests.conftest import Faults
from tests.fuzz.ground import Ours
from tests.fuzz.targets import TARGETS, Setting, found_by, opened


def run(name: str, setting: Setting) -> None:
    profile = settings(max_examples=TARGETS[name].kept, derandomize=True)
    with opened(setting, name) as check:
        found_by(TARGETS[name], setting, check, profile)()
    assert check.done


@pytest.fixture
def ours(content: Content, registry: Registry, pictures: Pictures) -> Ours:
    return Ours(content, registry, pictures)


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
def test_whatever_is_said_is_answered_and_a_refusal_changes_nothing(
    database_url: str, tmp_path: Path, ours: Ours, faults: Faults
) -> None:
    run("talk", Setting(database_url, tmp_path, ours, faults))


@pytest.mark.parametrize("name", [name for name in TARGETS if name != "talk"])
def test_nothing_that_is_handed_over_shows_a_trace(
    name: str, sqlite_url: str, tmp_path: Path, ours: Ours, faults: Faults
) -> None:
    run(name, Setting(sqlite_url, tmp_path / "files", ours, faults))
