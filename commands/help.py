"""`/pmpath help`: every command, one line and an example each."""

from __future__ import annotations

from functools import cache

from commands import home
from commands.kit.command import Command, action, command
from commands.kit.paging import page_start, pages
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, View, line, quiet
from content.text import _, verbatim

PAGE = 8


@command(_("Every command, one line and an example each"), example="/pmpath help")
async def help(ctx: Context) -> View:
    return card(ctx, 0)


@action("help.page")
async def page(ctx: Context, first: int) -> View:
    return card(ctx, first)


def card(ctx: Context, first: int) -> Card:
    """One page of the commands that this person may use."""
    commands = list(ctx.registry.under("pmpath"))
    if ctx.moderator:
        commands += ctx.registry.under("pmpath-mod")
    first = page_start(first, PAGE, len(commands))
    shown = commands[first : first + PAGE]
    body: list[Element] = [element for each in shown for element in _line(each)]
    body += pages(page, first, PAGE, len(commands))
    return Card(_("All commands"), tuple(body), (Button(_("Home"), home.home()),))


@cache
def _line(command: Command[...]) -> tuple[Element, ...]:
    typed = verbatim(command.typed)
    example = quiet(_("For example: {example}", example=verbatim(command.example)))
    first = line(Bold(typed), _(": {summary}", summary=command.summary))
    return (first, example) if command.example not in {"", command.typed} else (first,)
