"""An operator's folder, written file by file, and what is told to be wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from content.load import ContentError, read_content

Write = Callable[[str, str], Path]


def problems(folder: Path) -> list[tuple[str, int, str]]:
    """What is wrong with the folder: file within it, line, expected."""
    with pytest.raises(ContentError) as caught:
        read_content(folder)
    return [
        (problem.file.removeprefix(f"{folder}/"), problem.line, problem.expected) for problem in caught.value.problems
    ]


POINTS = """\
deeds:
  assessment: {assessment}
  step: {step}
  step-with-line: {step_with_line}
  resource: 1
  resource-with-line: 5
  tip: 3
  suggestion: 15
{more}
week:
  most: {most}
  deeds: {deeds}
"""
_SOUND = {"assessment": "20", "step": "1", "step_with_line": "5", "more": "", "most": "25", "deeds": "[step, resource]"}


def pack_of_points(folder: Path, **figures: str) -> Path:
    """A folder with a points.yaml and nothing else, sound but for these figures."""
    (folder / "points.yaml").write_text(POINTS.format(**{**_SOUND, **figures}), encoding="utf-8")
    return folder
