"""What Discord offers while a member types a word that is no fixed choice; from memory, since it asks at each key."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.discord import limits, receive
from commands.kit.discover import Registry
from commands.kit.dispatch import Dispatcher
from commands.kit.element import Option
from commands.kit.request import Platform
from content.load import Content
from content.text import Language

Json = Mapping[str, Any]
LOG = structlog.get_logger()


async def answer(interaction: discord.Interaction[Any], dispatcher: Dispatcher) -> None:
    """What fits what was typed so far. One that Discord no longer takes is not missed: the next key asks again."""
    language = Language.from_locale(str(interaction.locale)) or Language.EN
    content, now = dispatcher.content, asyncio.get_running_loop().time()
    who = (Platform.DISCORD, str(interaction.guild_id), str(interaction.user.id))
    types = dispatcher.allowance.may_type(*who, now)
    options = fitting(interaction.data or {}, dispatcher.registry, content, language) if types else ()
    choices = [app_commands.Choice(name=_said(option, content, language), value=option.value) for option in options]
    try:
        await interaction.response.autocomplete(choices)
    except discord.HTTPException as error:
        LOG.info("suggestions.refused", code=error.code)


def fitting(data: Json, registry: Registry, content: Content, language: Language) -> Sequence[Option]:
    """The options for the word that is being typed; none where its parameter suggests nothing."""
    named, focused = receive.typed(data), receive.focused(data)
    command = registry.commands.get((named.root, named.path))
    if command is None or focused is None:
        return ()
    for parameter in command.action.parameters:
        if parameter.name == focused and parameter.suggest is not None:
            return parameter.suggest(content, language, named.arguments[focused])[: limits.OPTIONS_MAX]
    return ()


def _said(option: Option, content: Content, language: Language) -> str:
    return content.catalogue.say(option.label, language)
