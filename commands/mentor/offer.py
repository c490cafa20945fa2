"""`/pmpath mentor offer`: a member offers time as a mentor, changes, pauses or ends that."""

from __future__ import annotations

from commands import home
from commands.kit.command import command
from commands.kit.request import Context
from commands.kit.view import Button, Card, View
from content.text import _


@command(_("Offer your time as a mentor"), example="/pmpath mentor offer")
async def offer(ctx: Context) -> View:
    return Card(_("Offer your time as a mentor"), (), (Button(_("Home"), home.home()),))
