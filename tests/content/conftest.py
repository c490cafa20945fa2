"""The pack as released, read once."""

from __future__ import annotations

import pytest

from content.load import Content, read_content
from content.questionnaire import Questionnaire


@pytest.fixture(scope="session")
def content() -> Content:
    return read_content()


@pytest.fixture(scope="session")
def bank(content: Content) -> Questionnaire:
    return content.questionnaire
