"""A folder of commands opened by its name alone: a card with its commands, never an error."""

from __future__ import annotations

from commands.kit.command import Command, action
from commands.kit.discover import ROOTS, Group
from commands.kit.errors import out_of_date
from commands.kit.press import Press
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, View, line
from content.text import Text, _, verbatim


@action("group")
async def everybodys(ctx: Context, name: str) -> View:
    return card(ctx, ROOTS[0], name)


@action("mod.group", moderators=True)
async def moderators(ctx: Context, name: str | None) -> View:
    """The moderators' commands in a folder; all of them without a name."""
    return card(ctx, ROOTS[1], name)


def choices(group: Group) -> Press:
    """The press that opens a group's card."""
    return everybodys(group.name) if group.root == ROOTS[0] else moderators(group.name)


def card(ctx: Context, root: str, name: str | None) -> Card:
    """Each command with its summary, and a button for those that need no further word."""
    commands = [each for each in ctx.registry.under(root) if name is None or each.path[0] == name]
    if not commands:
        raise out_of_date()
    lines = tuple(line(Bold(verbatim(each.typed)), _(": {summary}", summary=each.summary)) for each in commands)
    buttons = [
        Button(_label(each), Press(each.action.name, (None,) * len(each.action.parameters)))
        for each in commands
        if all(parameter.optional for parameter in each.action.parameters)
    ]
    title: Text = _("Moderator tools") if name is None else _("All about: {group}", group=f"/{root} {name}")
    return Card(title, lines, (*buttons, Button(_("Home"), Press("home"))))


def _label(command: Command[...]) -> Text:
    """What is typed below the root; in Chinese its Chinese name."""
    typed = " ".join(command.path)
    return Text(typed, zh=next((alias for alias in command.aliases if not alias.isascii()), typed))
