"""`pmpath content check`: a pack is sound, or every fault is told by file and line."""

from __future__ import annotations

import re
from pathlib import Path

from tests.bot.cli.conftest import Shell


async def test_our_own_content_is_sound(shell: Shell) -> None:
    said = await shell.run("content", "check")

    assert said.code == 0
    assert re.fullmatch(r"ok: questionnaire \S+ with \d+ items; \d+ tips \(\d+ business, .*\)\n", said.out)


async def test_every_fault_is_told_as_file_line_expected(shell: Shell, broken_pack: Path) -> None:
    (broken_pack / "resources.yaml").write_text("a: [\n", "utf-8")

    said = await shell.run("content", "check", str(broken_pack))

    faults = said.err.splitlines()
    assert (said.code, said.out) == (1, "")
    assert all(re.match(rf"{broken_pack}/[\w.]+:\d+: expected ", fault) for fault in faults)
    assert any(fault.startswith(f"{broken_pack}/skills.yaml:3: ") and "“name”" in fault for fault in faults)
    assert any(fault.startswith(f"{broken_pack}/resources.yaml:2: ") for fault in faults)


async def test_without_a_folder_it_checks_the_one_of_the_settings(shell: Shell, broken_pack: Path) -> None:
    said = await shell.run("content", "check", PMPATH_CONTENT_DIR=str(broken_pack))

    assert said.code == 1
    assert f"{broken_pack}/skills.yaml:3: " in said.err


async def test_a_sound_pack_over_ours_is_sound(shell: Shell) -> None:
    (shell.folder / "zh.yaml").write_text('"Your result": "你的测评结果"\n', "utf-8")

    said = await shell.run("content", "check", str(shell.folder))

    assert (said.code, said.err) == (0, "")


async def test_a_folder_that_is_none_is_a_sentence(shell: Shell) -> None:
    said = await shell.run("content", "check", "nowhere")

    assert said.code == 2
    assert said.err == "nowhere is not a folder. Name the folder that holds your YAML files.\n"


async def test_a_folder_of_the_settings_that_is_none_is_not_passed_over(shell: Shell) -> None:
    said = await shell.run("content", "check", PMPATH_CONTENT_DIR="nowhere")

    assert (said.code, said.out) == (2, "")
    assert "PMPATH_CONTENT_DIR is 'nowhere', which is not a folder" in said.err
