"""`/pmpath help`: every command, one line and an example each."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Annotated

from commands import home, points_card
from commands.kit.command import Command, action, command
from commands.kit.paging import page_start, pages
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, View, line, quiet
from content.text import Text, _, verbatim

PAGE = 8


class Topic(StrEnum):
    """What there is more to say about."""

    POINTS = "points"

    @property
    def label(self) -> Text:
        return _("Points")


@command(_("Every command, one line and an example each"), example="/pmpath help points")
async def help(ctx: Context, topic: Annotated[Topic | None, _("About what")] = None) -> View:
    return card(ctx, 0) if topic is None else points_card.card(ctx.content.points)


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
    ways = (Button(Topic.POINTS.label, help(Topic.POINTS)), Button(_("Home"), home.home()))
    return Card(_("All commands"), tuple(body), ways)


@cache
def _line(command: Command[...]) -> tuple[Element, ...]:
    typed = verbatim(command.typed)
    example = quiet(_("For example: {example}", example=verbatim(command.example)))
    first = line(Bold(typed), _(": {summary}", summary=command.summary))
    return (first, example) if command.example not in {"", command.typed} else (first,)
