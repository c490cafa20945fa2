"""The pack as released, read once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from content.load import Content, read_content
from content.questionnaire import Questionnaire
from tests.content.packs import Write

# Examples share two cores with everything else: a slow one is no fault of the code.
settings.register_profile("content", deadline=None)
settings.load_profile("content")


@pytest.fixture(scope="session")
def content() -> Content:
    return read_content()


@pytest.fixture(scope="session")
def bank(content: Content) -> Questionnaire:
    return content.questionnaire


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Puts a file into the operator's folder and gives back the folder."""

    def put(name: str, words: str) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(words, encoding="utf-8")
        return tmp_path

    return put
