"""Plain pages for browsers that are no member's: a title, a few sentences and a button, as the page looks."""

from __future__ import annotations

from aiohttp import web

from bot.plain_page import PlainPage
from bot.web.door import language_of
from bot.web.render import Renderer, Voice
from content.text import Catalogue


class Plain:
    """Draws them in the browser's language; as text for what is no browser."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._renderer = Renderer(catalogue)

    def draw(self, request: web.Request, page: PlainPage) -> web.Response:
        language = language_of(request)
        if "text/html" not in request.headers.get("Accept", ""):
            voice = Voice(self._renderer.catalogue, language)
            lines = [voice.plain(text) for text in (page.title, *page.says)]
            lines += [f"{voice.plain(page.button[0])}: {page.button[1]}"] if page.button else []
            return web.Response(status=page.status, text="\n".join(lines) + "\n")
        html = self._renderer.page("plain.html", language, page=page)
        return web.Response(status=page.status, text=html, content_type="text/html")
