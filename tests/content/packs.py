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
