"""`/pmpath help`: every command, one line and an example each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Annotated

from commands import home, points_card
from commands.kit.command import Command, action, command
from commands.kit.paging import page_start, pages
from commands.kit.request import Context
from commands.kit.view import Bold, Button, Card, Element, Option, View, line, quiet
from content.load import Content
from content.text import Language, _, verbatim

PAGE = 8
POINTS = "points"
POINTS_TOO = frozenset({POINTS, "积分"})


def topics(_content: Content, _language: Language, _typed: str) -> Sequence[Option]:
    """What there is more to say about."""
    return (Option(POINTS, _("Points")),)


@command(_("Every command, one line and an example each"), example="/pmpath help points")
async def help(ctx: Context, topic: Annotated[str | None, _("About what"), topics] = None) -> View:
    asked = (topic or "").strip().lower()
    return points_card.card(ctx.content.points) if asked in POINTS_TOO else card(ctx, 0)


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
    ways = (Button(_("Points"), help(POINTS)), Button(_("Home"), home.home()))
    return Card(_("All commands"), tuple(body), ways)


@cache
def _line(command: Command[...]) -> tuple[Element, ...]:
    typed = verbatim(command.typed)
    example = quiet(_("For example: {example}", example=verbatim(command.example)))
    first = line(Bold(typed), _(": {summary}", summary=command.summary))
    return (first, example) if command.example not in {"", command.typed} else (first,)
