"""Rows 1 and 2's floor on Discord: discord.py alone, a command that says a fixed message and a button with one row."""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import time
from pathlib import Path
from typing import Any

import discord
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from storage import pragmas
from tests.bench.watch import Watch, say

INTENTS = discord.Intents(guilds=True)
Json = dict[str, Any]


class Floor(discord.Client):
    """`/floor` does nothing; `/card` shows a card of the given shape, whose buttons commit one row and show it anew."""

    def __init__(self, rows: sqlite3.Connection, shape: list[Json]) -> None:
        super().__init__(intents=INTENTS, max_messages=None, chunk_guilds_at_startup=False)
        self.rows = rows
        self.shape = shape
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(app_commands.Command(name="floor", description="Nothing", callback=nothing))
        self.tree.add_command(app_commands.Command(name="card", description="A card", callback=self.card))

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_ready(self) -> None:
        say({"ready": True})

    async def card(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(view=drawn(self.shape), ephemeral=True)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        if interaction.type is discord.InteractionType.component:
            commit(self.rows, str(interaction.user.id))
            await interaction.response.edit_message(view=drawn(self.shape))


async def nothing(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.send_message("Nothing to do.", ephemeral=True)


def drawn(shape: list[Json]) -> ui.LayoutView:
    """A fresh card with the same texts and buttons; kept nowhere."""
    view = ui.LayoutView(timeout=None)
    for part in shape:
        if part["type"] == discord.ComponentType.text_display.value:
            view.add_item(ui.TextDisplay(part["content"]))
        elif part["type"] == discord.ComponentType.action_row.value:
            buttons = [
                ui.Button[Any](
                    label=each["label"], custom_id=each["custom_id"], style=discord.ButtonStyle(each["style"])
                )
                for each in part["components"]
            ]
            view.add_item(ui.ActionRow(*buttons))
    view.stop()
    return view


def table(path: Path) -> sqlite3.Connection:
    """A file with one table, every commit on the disk."""
    connection = pragmas.connect(str(path), pragmas.WRITER)
    connection.execute("CREATE TABLE IF NOT EXISTS pressed (id INTEGER PRIMARY KEY, uid TEXT, at INTEGER) STRICT")
    return connection


def commit(rows: sqlite3.Connection, uid: str) -> None:
    """One row, committed."""
    rows.execute("BEGIN IMMEDIATE")
    rows.execute("INSERT INTO pressed (uid, at) VALUES (?, ?)", (uid, time.time_ns() // 1000))
    rows.execute("COMMIT")


async def serve(api: str, gateway: str, token: str, folder: Path) -> None:
    Route.BASE = api
    DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway)
    watching = asyncio.get_running_loop().create_task(Watch().run())
    shape = json.loads((folder / "shape.json").read_text())
    async with Floor(table(folder / "floor.sqlite3"), shape) as floor:
        await floor.start(token)
    watching.cancel()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--api", required=True)
    parser.add_argument("--gateway", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.api, chosen.gateway, chosen.token, chosen.folder))


if __name__ == "__main__":
    main()
