"""The short form of `python -m tests.fuzz`: the same few examples of each target every time."""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from bot.pictures.studio import Pictures
from commands.kit.discover import Registry
from content.load import Content
from tests.conftest import Faults
from tests.fuzz.ground import Ours
from tests.fuzz.targets import TARGETS, Setting, found_by, opened
from tests.program import ROOT


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


PLANTED = """
import contextlib, dataclasses
from tests.fuzz import coverage
from tests.fuzz.ground import Crash
from tests.fuzz.targets import TARGETS, Check

def refuse(_example):
    raise Crash("planted")

target = dataclasses.replace(TARGETS["answers"], open=lambda _setting: contextlib.nullcontext(Check(refuse)))
coverage.TARGETS["answers"] = target
coverage.main()
"""


@pytest.fixture
def atheris() -> None:
    if importlib.util.find_spec("atheris") is None:
        reason = "atheris is not installed: it is there for CPython 3.11 to 3.13 on Linux (x86_64)"
        there = sys.platform == "linux" and platform.machine() == "x86_64" and sys.version_info < (3, 14)
        if there and os.environ.get("PMPATH_TEST_NO_SKIPS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)


def by_coverage(folder: Path, *what: str) -> subprocess.CompletedProcess[str]:
    finds = folder / "finds"
    finds.mkdir()
    command: list[str | Path] = [sys.executable, *what, "answers", "sqlite://", folder / "given", finds, "1"]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=280, cwd=ROOT)


@pytest.mark.slow
@pytest.mark.usefixtures("atheris")
def test_coverage_leads_into_a_file_of_answers(tmp_path: Path) -> None:
    ended = by_coverage(tmp_path, "-m", "tests.fuzz.coverage")
    assert ended.returncode == 0, ended.stderr
    assert re.search(r"answers by coverage: \d\d+ executions, \d+ refused, \d+ s, 0 faults", ended.stdout)
    assert len([*(tmp_path / "finds").iterdir()]) > 1


@pytest.mark.slow
@pytest.mark.usefixtures("atheris")
def test_a_fault_found_by_coverage_is_told_and_its_input_kept(tmp_path: Path) -> None:
    ended = by_coverage(tmp_path, "-c", PLANTED)
    assert ended.returncode != 0
    assert "Crash: planted" in ended.stdout + ended.stderr
    assert [*tmp_path.glob("finds-crash-*")]
