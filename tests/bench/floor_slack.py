"""Row 3's floor: slack_bolt's AsyncApp alone, a command with fixed words and a button with one row."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from pathlib import Path

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from tests.bench.floor_discord import commit, table
from tests.bench.watch import Watch, say


def build(api: str, token: str, secret: str, folder: Path) -> AsyncApp:
    """`/floor` posts fixed words, `/words` acks with them; a press on `/card` commits one row and redraws it."""
    client = AsyncWebClient(token=token, base_url=api)
    app = AsyncApp(client=client, signing_secret=secret, process_before_response=True)
    rows = table(folder / "floor.sqlite3")
    shape = json.loads((folder / "shape.json").read_text())

    @app.command("/floor")
    async def nothing(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond("Nothing to do.")

    @app.command("/words")
    async def words(ack: AsyncAck) -> None:
        await ack("Nothing to do.")

    @app.command("/card")
    async def card(ack: AsyncAck) -> None:
        await ack(text="A card", blocks=shape)

    @app.action(re.compile(".*"))
    async def pressed(ack: AsyncAck, respond: AsyncRespond) -> None:
        commit(rows, "somebody")
        await ack()
        await respond(text="A card", blocks=shape, replace_original=True)

    return app


async def serve(app: AsyncApp, app_token: str | None) -> None:
    watching = asyncio.get_running_loop().create_task(Watch().run())
    if app_token:
        handler = AsyncSocketModeHandler(app, app_token)
        await handler.connect_async()  # type: ignore[no-untyped-call]  # bolt leaves it untyped
        say({"ready": True})
    else:
        say({"address": await _listening(app)})
    await watching


async def _listening(app: AsyncApp) -> str:
    """Takes signed requests at `/slack/events`; answers where it listens."""

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", events)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    return f"http://{host}:{port}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--api", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--app-token", help="Socket Mode with it, else signed HTTP")
    parser.add_argument("--folder", type=Path, required=True)
    chosen = parser.parse_args()
    asyncio.run(serve(build(chosen.api, chosen.token, chosen.secret, chosen.folder), chosen.app_token))


if __name__ == "__main__":
    main()
