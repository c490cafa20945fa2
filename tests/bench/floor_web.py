"""Row 4's floor: aiohttp's WebSocket alone; it says again what it heard, after one committed row where asked."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from aiohttp import web

from tests.bench.floor_discord import commit, table
from tests.bench.watch import Watch, say


async def serve(folder: Path) -> None:
    rows = table(folder / "floor.sqlite3")

    async def chat(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for frame in socket:
            if frame.data.startswith("row"):
                commit(rows, "somebody")
            await socket.send_str(frame.data)
        return socket

    server = web.Application()
    server.router.add_get("/chat", chat)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    say({"address": f"http://{host}:{port}"})
    await Watch().run()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    asyncio.run(serve(parser.parse_args().folder))


if __name__ == "__main__":
    main()
