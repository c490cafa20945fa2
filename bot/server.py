"""The one HTTP server of the process: the page, what platforms call, and whether all is well."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.access import Access, Passage
from bot.connections import Bounds, Connections, Site, telling, whole
from bot.peers import unless_guessed, wrongs

LOG = structlog.get_logger()
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
STOP_SECONDS = 5.0  # for answers that are being sent while the server stops
BODY_MAX = 1024 * 1024
BOUNDS = Bounds()
FAILED = (
    "Something went wrong on our side. Please try again. Reference {reference}\n"
    "我们这边出了点问题，请再试一次。编号 {reference}\n"
)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True, slots=True)
class Route:
    """A path and its handler. `guarded` ones follow the access rule; others answer everybody.

    `limit` is for who asks too often: it stands before all else.
    """

    method: str
    path: str
    handler: Handler
    guarded: bool = True
    limit: Callable[[Handler], Handler] | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """The access rule with what is shown to those who may not pass."""

    access: Access
    asks: Handler
    closed: Handler


class Server:
    """Serves `routes` beside `/healthz` and `/readyz`; `missing` says what is not connected yet, or None.

    It is asked about all, or about the platform that the caller names.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        gate: Gate,
        routes: Sequence[Route],
        missing: Callable[[str | None], Awaitable[str | None]],
        bounds: Bounds = BOUNDS,
    ) -> None:
        self._host = host
        self._port = port
        self._gate = gate
        self._missing = missing
        self._guessed = wrongs()
        application = web.Application(client_max_size=BODY_MAX, middlewares=[telling, _with_reference])
        application.on_response_prepare.append(_with_headers)
        application.on_response_prepare.append(self._says_goodbye)
        application.router.add_get("/healthz", self._healthz)
        application.router.add_get("/readyz", self._readyz)
        for route in routes:
            handler = whole(route.handler, bounds.body) if route.method == "POST" else route.handler
            handler = self._guard(handler) if route.guarded else handler
            handler = route.limit(handler) if route.limit else handler
            application.router.add_route(route.method, route.path, handler)
        self._ends = False
        self._connections = Connections(bounds)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=STOP_SECONDS)

    async def start(self) -> None:
        """Listens from now on. Raises OSError where the port is taken."""
        await self._runner.setup()
        try:
            await Site(self._runner, self._host, self._port, self._connections).start()
        except OSError:
            await self._runner.cleanup()
            raise

    @property
    def address(self) -> str:
        """Where it listens, as a browser takes it."""
        host, port = self._runner.addresses[0][:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    async def take_no_more(self) -> None:
        """New connections are refused, so that a proxy asks another process; on open ones one call more is answered."""
        self._ends = True
        for site in list(self._runner.sites):
            await site.stop()

    async def close(self) -> None:
        """Takes no more and lets what is being answered end."""
        await self._runner.cleanup()

    def _guard(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            match self._gate.access.passage(request):
                case Passage.OPEN:
                    return await handler(request)
                case Passage.ASKS:
                    return await self._gate.asks(request)
                case Passage.CLOSED:
                    return await self._gate.closed(request)

        return unless_guessed(guarded, self._guessed)

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _says_goodbye(self, _request: web.Request, response: web.StreamResponse) -> None:
        if self._ends:
            response.force_close()
            response.headers["Connection"] = "close"

    async def _readyz(self, request: web.Request) -> web.Response:
        missing = await self._missing(request.query.get("platform"))
        if missing is None:
            return web.Response(text="ready\n")
        return web.Response(status=503, text=f"not ready: {missing}\n")


@web.middleware
async def _with_reference(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A fault of ours is logged once, and answered with the reference to find it by; its trace is nobody's business."""
    try:
        return await handler(request)
    except (web.HTTPException, ConnectionError):
        raise
    except (web.RequestPayloadError, HttpProcessingError) as error:  # packed otherwise than it says
        raise web.HTTPBadRequest from error
    except Exception:
        found_by = secrets.token_hex(3)
        LOG.exception("request.failed", method=request.method, path=request.path, reference=found_by)
        return web.Response(status=500, text=FAILED.format(reference=found_by))


async def _with_headers(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
