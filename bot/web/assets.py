"""The page's styles, scripts and sign, as they lie in `page/`; public, and without a build step."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources

from aiohttp import web

TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, and the tag by which a browser knows whether it still has it."""

    content: bytes
    mime: str
    tag: str


class Assets:
    """All of them, read once."""

    def __init__(self) -> None:
        self._assets = {
            file.name: _asset(file.name, file.read_bytes())
            for file in resources.files("bot.web").joinpath("page").iterdir()
            if file.name.rpartition(".")[2] in TYPES
        }

    async def serve(self, request: web.Request) -> web.Response:
        """The asset of that name, or that the browser's copy is still right."""
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            return web.Response(status=404, text="There is no such file.\n")
        headers = {"ETag": f'"{asset.tag}"', "Cache-Control": "no-cache"}
        if any(tag.value == asset.tag for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        return web.Response(body=asset.content, content_type=asset.mime, charset="utf-8", headers=headers)


def _asset(name: str, content: bytes) -> Asset:
    return Asset(content, TYPES[name.rpartition(".")[2]], hashlib.sha256(content).hexdigest()[:16])
