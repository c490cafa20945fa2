"""`/pmpath mentor mine`: requests, matches and waiting on one card."""

from __future__ import annotations

from commands import home
from commands.kit.command import command
from commands.kit.request import Context
from commands.kit.view import Button, Card, View
from content.text import _


@command(_("My mentoring: requests, matches, waiting"), example="/pmpath mentor mine")
async def mine(ctx: Context) -> View:
    return Card(_("My mentoring: requests, matches, waiting"), (), (Button(_("Home"), home.home()),))
