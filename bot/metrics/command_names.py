"""The names under which interactions are counted: few enough for a label, and no member can make a new one."""

from __future__ import annotations

from commands.kit.discover import Registry


def names_of(registry: Registry) -> dict[str, str]:
    """By action: the command it is, or whose name its own begins with (`mentor.offer-save` is `mentor.offer`), or
    the first word of its name."""
    commands = sorted({command.action.name for command in registry.commands.values()}, key=len, reverse=True)
    return {action: _name(action, commands) for action in registry.actions}


def _name(action: str, commands: list[str]) -> str:
    begins = (name for name in commands if action == name or action.startswith((f"{name}-", f"{name}.")))
    return next(begins, action.partition(".")[0])
