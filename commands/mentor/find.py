"""`/pmpath mentor find`: find a mentor, and ask them or wait for the matching day."""

from __future__ import annotations

from commands import home
from commands.kit.command import command
from commands.kit.request import Context
from commands.kit.view import Button, Card, View
from content.text import _


@command(_("Find a mentor who fits you"), example="/pmpath mentor find")
async def find(ctx: Context) -> View:
    return Card(_("Find a mentor who fits you"), (), (Button(_("Home"), home.home()),))
