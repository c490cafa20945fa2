"""The pack as released, read once."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import settings

from content.load import Content, read_content
from content.questionnaire import Questionnaire
from tests.content.packs import Write

# Examples share two cores with everything else: a slow one is no fault of the code.
settings.register_profile("content", deadline=None)
settings.load_profile("content")


@pytest.fixture(scope="session", autouse=True)
def composed_once() -> Iterator[None]:
    """The pack's own files are the same for the hundreds of packs that are laid over them; nobody changes a node."""
    with pytest.MonkeyPatch.context() as patch:
        # patched, since a program reads each file once and has no use for remembering it
        patch.setattr(yaml, "compose", functools.lru_cache(maxsize=64)(yaml.compose))
        yield


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
