"""The commands as Discord is told of them: one root for everybody, one that it hides from all but moderators."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from enum import Enum
from itertools import groupby
from typing import Any

import discord

from bot.discord.limits import check_commands
from commands.kit.command import Command, Parameter
from commands.kit.discover import ROOTS, Registry
from commands.kit.parse import label_of
from content.text import Catalogue, Language, Text, _, verbatim

Json = dict[str, Any]

LOCALE = "zh-CN"
SLASH, SUBCOMMAND, GROUP, STRING, INTEGER = 1, 1, 2, 3, 4
IN_SERVERS = 0  # a context, and an installation
MODERATORS = discord.Permissions(manage_guild=True)
ABOUT = {
    "pmpath": _("Which AI product management track fits you, and what to learn next"),
    "pmpath-mod": _("For moderators of this server"),
}


def payload(registry: Registry, catalogue: Catalogue) -> list[Json]:
    """The body of the bulk overwrite. Raises LimitError."""
    roots = [_root(root, registry.under(root), catalogue) for root in ROOTS if registry.under(root)]
    check_commands(roots)
    return roots


def digest(commands: list[Json]) -> str:
    """Changes when Discord has to be told anew: with the commands, and with the library that tells it."""
    said = json.dumps([discord.__version__, commands], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _root(root: str, commands: Iterable[Command[...]], catalogue: Catalogue) -> Json:
    options = []
    for group, members in groupby(commands, key=lambda command: command.path[:-1]):
        inside = [_subcommand(command, catalogue) for command in members]
        options += [_group(root, group[0], inside, catalogue)] if group else inside
    declared = {"type": SLASH, **_named(root, ABOUT[root], catalogue), "options": options}
    declared |= {"contexts": [IN_SERVERS], "integration_types": [IN_SERVERS]}
    return declared | ({"default_member_permissions": MODERATORS.value} if root != ROOTS[0] else {})


def _group(root: str, name: str, options: list[Json], catalogue: Catalogue) -> Json:
    about = _("All about: {group}", group=f"/{root} {name}")
    return {"type": GROUP, **_named(name, about, catalogue), "options": options}


def _subcommand(command: Command[...], catalogue: Catalogue) -> Json:
    chinese = next((alias for alias in command.aliases if not alias.isascii()), None)
    named = _named(command.path[-1], command.summary, catalogue)
    if chinese:
        named["name_localizations"] = {LOCALE: chinese.lower()}
    parameters = [_option(parameter, catalogue) for parameter in command.action.parameters]
    parameters.sort(key=lambda option: not option["required"])
    return {"type": SUBCOMMAND, **named, "options": parameters}


def _option(parameter: Parameter, catalogue: Catalogue) -> Json:
    """A parameter. A choice is never demanded: without it the answer is a card with the choices."""
    named = _named(parameter.name, parameter.about or verbatim(parameter.name), catalogue)
    if issubclass(parameter.kind, Enum):
        choices = [_choice(member, catalogue) for member in parameter.kind]
        return {"type": STRING, **named, "required": False, "choices": choices}
    kind = INTEGER if parameter.kind is int else STRING
    suggests = {"autocomplete": True} if parameter.suggest else {}
    return {"type": kind, **named, "required": not parameter.optional, **suggests}


def _choice(member: Enum, catalogue: Catalogue) -> Json:
    label = label_of(member)
    return {
        "name": catalogue.say(label, Language.EN),
        "name_localizations": {LOCALE: catalogue.say(label, Language.ZH)},
        "value": str(member.value),
    }


def _named(name: str, about: Text, catalogue: Catalogue) -> Json:
    return {
        "name": name,
        "description": catalogue.say(about, Language.EN),
        "description_localizations": {LOCALE: catalogue.say(about, Language.ZH)},
    }
