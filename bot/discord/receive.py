"""An interaction as Discord sends it, and the request that it means; nothing but memory is touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import discord

from bot.discord import custom_id, rights
from bot.discord.selects import ROLE
from commands.kit.request import Call, CommunityKey, Named, Place, Platform, Pressed, Request, Values

Json = Mapping[str, Any]

COMMAND = discord.InteractionType.application_command
COMPONENT = discord.InteractionType.component
FORM = discord.InteractionType.modal_submit
HOLDS_OPTIONS = {1, 2}  # the option types of a subcommand and of a group


def request(interaction: discord.Interaction[Any], received: float) -> Request:
    """What the interaction asks for."""
    data: Json = interaction.data or {}
    call, values = _call(interaction, data)
    return Request(
        _community(interaction),
        str(interaction.user.id),
        interaction.user.display_name,
        call,
        received,
        Platform.DISCORD,
        values=values,
        locale=str(interaction.locale),
        channel=str(interaction.channel_id) if interaction.channel_id else None,
        place=place(interaction),
        moderator=_moderates(interaction),
        roles=_roles(interaction),
        may_post=_may_post(interaction),
        look_up=None if interaction.guild_id else partial(rights.of_member, interaction.client, interaction.user.id),
    )


def place(interaction: discord.Interaction[Any]) -> Place:
    """Where the card stands that was pressed, or where the command was typed."""
    if interaction.guild_id is None:
        return Place.DIRECT
    message = interaction.message
    return Place.PUBLIC if message is not None and not message.flags.ephemeral else Place.CHANNEL


def _community(interaction: discord.Interaction[Any]) -> CommunityKey | None:
    """The server; None in a direct message, where the press carries its community."""
    if interaction.guild_id is None:
        return None
    name = interaction.guild.name if interaction.guild else ""
    return CommunityKey(Platform.DISCORD, str(interaction.guild_id), name or "")


def _moderates(interaction: discord.Interaction[Any]) -> bool | None:
    if interaction.guild_id is None:
        return None
    return interaction.permissions.manage_guild or interaction.permissions.administrator


def _may_post(interaction: discord.Interaction[Any]) -> bool:
    """Whether the person may write there themselves; commands work in channels that are only read, too."""
    rights = interaction.permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    return rights.send_messages_in_threads if in_thread else rights.send_messages


def _roles(interaction: discord.Interaction[Any]) -> frozenset[str]:
    """As the payload says them; `Member.roles` knows only those of a server that has already been received whole."""
    if not isinstance(interaction.user, discord.Member):
        return frozenset()
    return frozenset(map(str, interaction.user._roles))  # noqa: SLF001 - the library has no public way to the ids


def _call(interaction: discord.Interaction[Any], data: Json) -> tuple[Call, Values]:
    if interaction.type is COMMAND:
        return typed(data), {}
    found = custom_id.read(str(data.get("custom_id", "")))
    if interaction.type is FORM:
        return Pressed(found.wire, form=True), dict(_written(data.get("components", ())))
    if found.name is not None:
        return Pressed(found.wire, keeps=found.keeps), {found.name: tuple(_chosen(data))}
    return Pressed(found.wire), _shown_as_chosen(interaction, found.wire)


def typed(data: Json) -> Named:
    """A command: the names below its root, then its options as words."""
    path, options = _inside(data)
    return Named(data["name"], path, {option["name"]: str(option["value"]) for option in options})


def focused(data: Json) -> str | None:
    """The option that is being typed, where Discord asks what to offer."""
    _path, options = _inside(data)
    return next((option["name"] for option in options if option.get("focused")), None)


def _inside(data: Json) -> tuple[tuple[str, ...], list[Json]]:
    """The names below a command's root, and the options of the last one."""
    path: list[str] = []
    options = list(data.get("options", ()))
    while options and options[0]["type"] in HOLDS_OPTIONS:
        path.append(options[0]["name"])
        options = list(options[0].get("options", ()))
    return tuple(path), options


def _chosen(data: Json) -> Iterator[str]:
    """The values of a select; roles are told from people by what Discord resolves them to."""
    roles = data.get("resolved", {}).get("roles", {})
    for value in data.get("values", ()):
        yield f"{ROLE}{value}" if value in roles else str(value)


def _written(components: list[Json]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The fields of a form by name; one that was left empty is not among them."""
    for component in components:
        for inner in component.get("components", [component.get("component")]):
            if inner is None:
                continue
            value, values = inner.get("value"), inner.get("values")
            if values is not None:
                yield inner["custom_id"], tuple(values)
            elif value is not None:
                yield inner["custom_id"], (str(value),)


def _shown_as_chosen(interaction: discord.Interaction[Any], wire: str) -> Values:
    """What the pressed card's own selects show as chosen: the draft holds only what was changed since."""
    if interaction.message is None:
        return {}
    values: dict[str, tuple[str, ...]] = {}
    for select in _selects(interaction.message):
        found = custom_id.read(select.custom_id or "")
        if found.keeps and found.name is not None and found.wire == wire:
            values[found.name] = tuple(_defaults(select))
    return values


def _selects(message: discord.Message) -> Iterator[discord.SelectMenu]:
    for component in message.components:
        if isinstance(component, discord.ActionRow):
            yield from (child for child in component.children if isinstance(child, discord.SelectMenu))


def _defaults(select: discord.SelectMenu) -> Iterator[str]:
    yield from (option.value for option in select.options if option.default)
    for chosen in select.default_values:
        is_role = chosen.type is discord.SelectDefaultValueType.role
        yield f"{ROLE}{chosen.id}" if is_role else str(chosen.id)
