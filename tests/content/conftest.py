"""The pack as released, read once."""

from __future__ import annotations

import pytest
from hypothesis import settings

from content.load import Content, read_content
from content.questionnaire import Questionnaire

# Examples share two cores with everything else: a slow one is no fault of the code.
settings.register_profile("content", deadline=None)
settings.load_profile("content")


@pytest.fixture(scope="session")
def content() -> Content:
    return read_content()


@pytest.fixture(scope="session")
def bank(content: Content) -> Questionnaire:
    return content.questionnaire
