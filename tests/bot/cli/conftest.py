"""Program commands as an operator types them: in this process, or as one of their own where that matters."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import program
from bot.settings import Settings
from tests.program import ROOT

END_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Said:
    """How a program command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def wrong(self) -> list[str]:
        """What doctor found wrong."""
        return [line.removeprefix("wrong").strip() for line in self.lines if line.startswith("wrong ")]


@dataclass(frozen=True, slots=True)
class Shell:
    """A folder in which `pmpath …` is typed, with these settings and no others."""

    folder: Path

    async def run(self, *words: str, **settings: str) -> Said:
        """In this process; a fault of ours comes through as it is."""
        done = await asyncio.to_thread(CliRunner().invoke, program(words), words, env=settings, catch_exceptions=False)
        return Said(done.exit_code, done.stdout, done.stderr)

    async def run_alone(self, *words: str, **settings: str) -> Said:
        """As a process of its own, to its end."""
        process = await asyncio.create_subprocess_exec(
            *command(*words), cwd=self.folder, env=environ(settings),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            out, err = await asyncio.wait_for(process.communicate(), END_SECONDS)
        except TimeoutError:
            process.kill()
            raise
        assert process.returncode is not None
        return Said(process.returncode, out.decode(), err.decode())


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "bot", *words]


def environ(settings: dict[str, str]) -> dict[str, str]:
    """For a process of its own: what a machine has anyway, and the settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8", **settings}


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    folder = tmp_path / "operator"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in Settings.variables():
        monkeypatch.delenv(name, raising=False)
    return Shell(folder)


@pytest.fixture
def broken_pack(tmp_path: Path) -> Path:
    """A content folder with a fault in line 3 of its one file."""
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "skills.yaml").write_text("# ours\nreading-data:\n  nmae: Reading data\n", "utf-8")
    (folder / "skills.zh.yaml").write_text("reading-data: 读数据\n", "utf-8")
    return folder
