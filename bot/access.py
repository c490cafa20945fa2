"""Who may open the page and /metrics: this machine without a key, everybody else with it."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from enum import Enum
from urllib.parse import SplitResult, urlsplit

from aiohttp import HttpVersion11, web

from bot.settings_check import is_loopback

COOKIE = "pmpath_key"
COOKIE_SECONDS = 30 * 86_400
WRONG_KEYS_A_MINUTE = 30  # no person mistypes as often; the cookies of those inside go on
FORWARDED = frozenset(
    {"forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip", "client-ip",
     "cf-connecting-ip", "fastly-client-ip", "x-original-host", "x-envoy-external-address"}
)  # fmt: skip
DEFAULT_PORTS = {"http": 80, "https": 443}


class Passage(Enum):
    """What a guarded route does with a request."""

    OPEN = "open"
    ASKS = "asks"
    """The key is needed and did not come along."""
    CLOSED = "closed"
    """The key is needed and the operator has set none."""


class Access:
    """No key for a browser on this machine, one for everybody else; `always` asks for it here too."""

    def __init__(self, key: str | None, *, always: bool, wall_clock: Callable[[], float] = time.time) -> None:
        self._key = key.encode() if key else None
        self._always = always
        self._wall_clock = wall_clock
        self._wrong: list[float] = []

    def passage(self, request: web.BaseRequest) -> Passage:
        """Whether the request may pass."""
        if not self._always and is_local(request):
            return Passage.OPEN
        if self._key is None:
            return Passage.CLOSED
        scheme, _space, word = request.headers.get("Authorization", "").partition(" ")
        carried = scheme.lower() == "bearer" and self.opens(word)
        return Passage.OPEN if carried or self._has_cookie(request) else Passage.ASKS

    def opens(self, word: str) -> bool:
        """Whether `word` is the key."""
        return self._key is not None and hmac.compare_digest(_bytes(word), self._key)

    def may_try(self) -> bool:
        """Whether another key is looked at now; too many wrong ones came in the last minute otherwise."""
        since = self._wall_clock() - 60
        self._wrong = [moment for moment in self._wrong if moment > since]
        return len(self._wrong) < WRONG_KEYS_A_MINUTE

    def was_wrong(self) -> None:
        """Counts a wrong key."""
        self._wrong.append(self._wall_clock())

    def let_in(self, request: web.BaseRequest, response: web.StreamResponse) -> None:
        """Gives the browser its cookie: a proof that the key was known, from which it can't be read."""
        expires = int(self._wall_clock()) + COOKIE_SECONDS
        encrypted = request.secure or request.headers.get("X-Forwarded-Proto", "").lower() == "https"
        response.set_cookie(
            COOKIE,
            f"{expires}.{self._proof(expires)}",
            max_age=COOKIE_SECONDS,
            httponly=True,
            samesite="Strict",
            secure=encrypted,
        )

    def same_page(self, request: web.BaseRequest) -> bool:
        """Whether a browser's request comes from our own page.

        On this machine to the port, since every program here has a page at some other one. Behind a proxy by
        the host's name, since proxies hide the port; the cookie is what keeps others out there.
        """
        origin = _origin(request)
        hosts = [request.host, request.headers.get("X-Forwarded-Host", "").split(",")[0].strip()]
        if not self._always and is_local(request):
            return _authority(origin.netloc, origin.scheme) == _authority(request.host, origin.scheme)
        return origin.hostname is not None and origin.hostname in {name_of(host) for host in hosts}

    def _has_cookie(self, request: web.BaseRequest) -> bool:
        expires, _dot, proof = request.cookies.get(COOKIE, "").partition(".")
        if not (expires.isascii() and expires.isdigit() and len(expires) < 12):
            return False
        return (
            hmac.compare_digest(_bytes(proof), self._proof(int(expires)).encode()) and int(expires) > self._wall_clock()
        )

    def _proof(self, expires: int) -> str:
        assert self._key is not None
        return hmac.new(self._key, f"pmpath page until {expires}".encode(), hashlib.sha256).hexdigest()


def _bytes(words: str) -> bytes:
    """What somebody sent, also where it was no UTF-8: wrong, but no fault of ours."""
    return words.encode("utf-8", "backslashreplace")


def is_local(request: web.BaseRequest) -> bool:
    """Whether the request comes from this machine and from nothing in between.

    HTTP/1.0 counts as something in between: no browser speaks it, and nginx up to 1.29.6 does so to what stands
    behind it, without any header that would tell. From a later one without any header nothing tells.
    """
    peer = request.transport.get_extra_info("peername") if request.transport else None
    from_here = isinstance(peer, tuple) and is_loopback(str(peer[0])) and is_loopback(name_of(request.host))
    return bool(from_here and request.version >= HttpVersion11 and not _was_forwarded(request))


def name_of(host: str) -> str:
    """A Host header's name, without its port and brackets; empty where it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _origin(request: web.BaseRequest) -> SplitResult:
    try:
        return urlsplit(request.headers.get("Origin", ""))
    except ValueError:
        return urlsplit("")


def _authority(host: str, scheme: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(f"//{host}")
        return parts.hostname or "", parts.port or DEFAULT_PORTS.get(scheme)
    except ValueError:
        return "", None


def _was_forwarded(request: web.BaseRequest) -> bool:
    names = {name.lower() for name in request.headers}
    return bool(names & FORWARDED) or any(name.startswith("x-forwarded") for name in names)
