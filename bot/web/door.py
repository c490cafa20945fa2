"""What those see who may not pass: the form for the key, or a sentence that says why there is no page."""

from __future__ import annotations

from aiohttp import web

from bot.access import Access
from bot.server import Gate, Route
from bot.web.assets import Assets
from bot.web.chrome import labels
from bot.web.render import Renderer, Voice
from content.text import Catalogue, Language


class Door:
    """The page's door. `gate` is for the server; `routes` always go with it, `off` in place of the page's."""

    def __init__(self, access: Access, catalogue: Catalogue) -> None:
        self._access = access
        self._renderer = Renderer(catalogue)
        self._labels = labels()
        self.gate = Gate(access, self._asks, self._closed)
        self.routes = (
            Route("POST", "/key", self._key, guarded=False),
            Route("GET", "/page/{name}", Assets().serve, guarded=False),
        )
        self.off = (Route("GET", "/", self._is_off, guarded=False),)

    async def _asks(self, request: web.Request) -> web.Response:
        return self._sentence(request, 401, "door", asks=True)

    async def _closed(self, request: web.Request) -> web.Response:
        return self._sentence(request, 403, "closed")

    async def _is_off(self, request: web.Request) -> web.Response:
        return self._sentence(request, 404, "off")

    async def _key(self, request: web.Request) -> web.StreamResponse:
        if self._is_foreign(request):
            return web.Response(status=403, text=f"{self._say(request, 'elsewhere')}\n")
        if not self._access.may_try():
            return self._sentence(request, 429, "door", asks=True, wrong="too_many")
        word = await _written(request)
        if word is None or not self._access.opens(word):
            self._access.was_wrong()
            return self._sentence(request, 401, "door", asks=True, wrong="wrong_key")
        inside = web.Response(status=303, headers={"Location": "/"})
        self._access.let_in(request, inside)
        return inside

    def _is_foreign(self, request: web.Request) -> bool:
        """Whether another site's page sends this. Of ours, browsers say no origin but `null`: it sends no referrer."""
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            return True
        said = request.headers.get("Origin", "null")
        return said != "null" and not self._access.same_page(request)

    def _sentence(
        self, request: web.Request, status: int, name: str, *, asks: bool = False, wrong: str | None = None
    ) -> web.Response:
        title, says = self._say(request, name), self._say(request, f"{name}_says")
        if "text/html" not in request.headers.get("Accept", ""):
            return web.Response(status=status, text=f"{title}. {says}\n")
        html = self._renderer.page(
            "sentence.html",
            language_of(request),
            title=title,
            says=says,
            asks=asks,
            wrong=self._say(request, wrong) if wrong else None,
        )
        return web.Response(status=status, text=html, content_type="text/html")

    def _say(self, request: web.Request, name: str) -> str:
        return Voice(self._renderer.catalogue, language_of(request)).plain(self._labels[name])


async def _written(request: web.Request) -> str | None:
    """The key as somebody wrote it; None where the form cannot be read."""
    try:
        word = (await request.post()).get("key", "")
    except (ValueError, LookupError):  # no text, parts without an end, an encoding that nobody knows
        return None
    return word if isinstance(word, str) else None


def locale_of(request: web.Request) -> str | None:
    """The first of the browser's languages that we speak, as it names it."""
    wanted = (part.partition(";")[0].strip() for part in request.headers.get("Accept-Language", "").split(","))
    return next((locale for locale in wanted if Language.from_locale(locale)), None)


def language_of(request: web.Request) -> Language:
    """The language to speak to somebody unknown."""
    return Language.from_locale(locale_of(request)) or Language.EN
