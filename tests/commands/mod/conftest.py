"""Who uses the moderators' commands."""

from __future__ import annotations

import pytest

from tests.drivers.direct import DirectDriver


@pytest.fixture
def moderator(chat: DirectDriver) -> DirectDriver:
    return chat.other(uid="mod", name="Mo", moderator=True)
