"""Discord's own selects of people, roles and channels."""

from __future__ import annotations

import re
from typing import Any

import discord
from discord import ui

from bot.discord import custom_id, limits
from commands.kit.view import ChannelSelect, PeopleSelect

ROLE = "role:"
ID = re.compile(r"[0-9]{1,20}")
"""What a tampered client keeps as chosen may be no id; nothing of it is shown as chosen."""


def people(select: PeopleSelect, wire: str, placeholder: str) -> ui.MentionableSelect[Any]:
    """Members and roles; what is chosen is kept until a button."""
    return ui.MentionableSelect(
        custom_id=custom_id.for_select(wire, select.name, keeps=True),
        placeholder=placeholder,
        min_values=0,
        max_values=min(select.most, limits.OPTIONS_MAX),
        default_values=[
            _somebody(chosen) for chosen in select.chosen[: select.most] if ID.fullmatch(chosen.removeprefix(ROLE))
        ],
    )


def channel(select: ChannelSelect, wire: str, placeholder: str) -> ui.ChannelSelect[Any]:
    """A channel to post in; choosing presses at once."""
    known = [int(select.chosen)] if select.chosen is not None and ID.fullmatch(select.chosen) else []
    kind = discord.SelectDefaultValueType.channel
    return ui.ChannelSelect(
        custom_id=custom_id.for_select(wire, select.name, keeps=False),
        placeholder=placeholder,
        channel_types=[discord.ChannelType.text, discord.ChannelType.news],
        default_values=[discord.SelectDefaultValue(id=each, type=kind) for each in known],
    )


def _somebody(chosen: str) -> discord.SelectDefaultValue:
    kind = discord.SelectDefaultValueType.role if chosen.startswith(ROLE) else discord.SelectDefaultValueType.user
    return discord.SelectDefaultValue(id=int(chosen.removeprefix(ROLE)), type=kind)
