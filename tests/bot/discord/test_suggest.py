"""What Discord offers while a member types."""

from __future__ import annotations

import pytest

from bot.discord import suggest
from commands.kit.discover import Registry
from content.load import Content
from content.text import Language
from tests.bot.discord.conftest import Scene


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_skills_are_offered_as_they_are_typed(scene: Scene) -> None:
    assert await scene.ada.suggestions("/pmpath resources skill:data c") == ["Data collection", "Data cleaning"]
    assert await scene.ada.suggestions("/pmpath resources skill:数据增强") == ["Data augmentation"]
    assert await scene.ada.suggestions("/pmpath resources skill:xyzzy") == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_was_offered_is_understood_when_it_is_sent(scene: Scene) -> None:
    card = (await scene.ada.command("/pmpath resources outcome:platform skill:kubernetes level:2")).card

    assert "Only: Kubernetes · practitioner" in card.lines


def test_no_more_than_discord_takes_and_in_the_members_language(registry: Registry, content: Content) -> None:
    option = {"name": "skill", "type": 3, "value": "", "focused": True}
    data = {"name": "pmpath", "options": [{"name": "resources", "type": 1, "options": [option]}]}

    assert len(suggest.fitting(data, registry, content, Language.EN)) == 25
    elsewhere = {"name": "pmpath", "options": [{"name": "gone", "type": 1, "options": [option]}]}
    assert suggest.fitting(elsewhere, registry, content, Language.EN) == ()
    unfocused = {"name": "pmpath", "options": [{"name": "resources", "type": 1, "options": []}]}
    assert suggest.fitting(unfocused, registry, content, Language.EN) == ()
