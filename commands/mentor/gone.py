"""Told to whoever asked or was matched with somebody who has erased everything: who it was is no longer known."""

from __future__ import annotations

from commands import home
from commands.kit.notice import notice
from commands.kit.request import Context
from commands.kit.view import Button, Card, Style, quiet
from commands.mentor import find, mine
from content.text import _
from storage.mentor_leaving import GONE


@notice(GONE)
async def gone(_ctx: Context) -> Card:
    body = (
        _("Somebody whom you asked to be your mentor, or were matched with, has left and erased everything."),
        _("If you had a next wish, it is asked by itself. “My mentoring” shows how things stand."),
        quiet(_("To stop messages of this kind, withdraw your requests, or end your match or your offer, there.")),
    )
    ways = (
        Button(_("My mentoring"), mine.mine(), Style.PRIMARY),
        Button(_("Find a mentor"), find.find()),
        Button(_("Home"), home.home()),
    )
    return Card(_("Somebody has left"), body, ways)
