"""What the message box offers while one types: every command, said in the reader's language."""

from __future__ import annotations

from enum import Enum
from typing import Any

from bot.web.render import Voice
from commands.kit.command import Command
from commands.kit.discover import ROOTS, Registry
from commands.kit.parse import label_of


def completions(registry: Registry, voice: Voice, *, moderator: bool) -> list[dict[str, Any]]:
    """Each command with its summary, its other names and, where its first word is a choice, the choices."""
    roots = ROOTS if moderator else ROOTS[:1]
    return [_completion(command, voice) for root in roots for command in registry.under(root)]


def _completion(command: Command[...], voice: Voice) -> dict[str, Any]:
    return {
        "typed": command.typed,
        "aliases": list(command.aliases),
        "summary": voice.plain(command.summary),
        "choices": _choices(command, voice),
    }


def _choices(command: Command[...], voice: Voice) -> list[dict[str, str]]:
    parameters = command.action.parameters
    if not parameters or not issubclass(parameters[0].kind, Enum):
        return []
    return [
        {"typed": f"{command.typed} {member.value}", "summary": voice.plain(label_of(member))}
        for member in parameters[0].kind
    ]
