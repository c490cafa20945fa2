"""Whether addresses still lead somewhere: asked politely, and judged only as far as an answer goes."""

from __future__ import annotations

import asyncio
import socket
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from http import HTTPStatus
from urllib.request import getproxies, proxy_bypass

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

AT_ONCE = 8  # and never more than one at a time for a host
PATIENCE = 20.0  # seconds for one answer
HOPS_MAX = 10
AGENT = "pmpath-content-links (checks the addresses of a list of learning resources)"
PERMANENT = {HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT}
REDIRECTS = PERMANENT | {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT}
GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
WALLS = {401, 403, 405, 407, 412, 418, 429, 451, 999}  # 412: the wall of several Chinese offices; 999: LinkedIn's
CHALLENGES = ("cf-mitigated", "x-amzn-waf-action")  # headers of walls that ask for a proof of being a person
REFUSE_PROGRAMS = ("nmpa.gov.cn",)  # hosts that turn programs away in whatever way, so that nothing they say counts
REFUSES = "the site refuses programs ({how}); open it by hand"
NO_SUCH_HOST = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


class Fate(StrEnum):
    """What became of an address."""

    OK = "ok"
    MOVED = "moved"
    REFUSED = "refused"
    DEAD = "dead"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One address: its fate, in words why, and where it moved to for good. `no_such_host`: dead if others answer."""

    address: str
    fate: Fate
    why: str
    new_address: str | None = None
    no_such_host: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What came of the looking: without a network nothing is judged."""

    network: bool
    verdicts: Mapping[str, Verdict]


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    location: str | None
    challenged: bool


async def look(
    addresses: Collection[str],
    *,
    each: Callable[[Verdict], None] = lambda _verdict: None,
    resolver: AbstractResolver | None = None,
    patience: float = PATIENCE,
) -> Look:
    """Looks at every address once; `each` hears of them as they come, in no order."""
    # No limit of its own: to wait for a place there would count as waiting for an answer.
    connector = aiohttp.TCPConnector(limit=0, resolver=resolver or aiohttp.ThreadedResolver())
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=patience, sock_connect=patience / 2),
        headers={"User-Agent": AGENT, "Accept": "*/*"},
    ) as session:
        looking = _Looking(session, patience)

        async def one(address: str) -> Verdict:
            verdict = await looking.at(address)
            each(verdict)
            return verdict

        found = await asyncio.gather(*(one(address) for address in dict.fromkeys(addresses)))
    if looking.answered:
        found = [_in_hindsight(verdict) for verdict in found]
    return Look(looking.answered, {verdict.address: verdict for verdict in found})


def _in_hindsight(verdict: Verdict) -> Verdict:
    """A host that is not known is dead where other hosts answered."""
    if verdict.no_such_host and verdict.fate is Fate.UNKNOWN:
        return replace(verdict, fate=Fate.DEAD, why="there is no such host")
    return verdict


@dataclass(slots=True)
class _Looking:
    session: aiohttp.ClientSession
    patience: float
    answered: bool = False  # by anybody: there is a network
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    hosts: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def at(self, address: str) -> Verdict:
        try:
            return await self._follow(address)
        except TimeoutError:
            return _unreached(address, f"no answer within {self.patience:g} s")
        except aiohttp.ClientConnectorDNSError as error:
            none = isinstance(error.os_error, socket.gaierror) and error.os_error.errno in NO_SUCH_HOST
            return _unreached(address, "its host's name could not be looked up", no_such_host=none)
        except (aiohttp.ClientSSLError, aiohttp.ServerFingerprintMismatch) as error:
            return _unreached(address, f"trouble with its certificate or encryption ({type(error).__name__})")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return _unreached(address, f"no proper answer ({type(error).__name__})")

    async def _follow(self, address: str) -> Verdict:
        """Follows redirects; the new address is as far as all of them were for good."""
        url, moved, for_good = URL(address).with_fragment(None), None, True
        for _hop in range(HOPS_MAX + 1):
            answer = await self._ask(url)
            if answer.status not in REDIRECTS or not answer.location:
                return _judge(address, answer, moved)
            url = url.join(URL(answer.location)).with_fragment(None)
            if url.scheme not in {"http", "https"} or not url.host:
                return Verdict(address, Fate.UNKNOWN, f"it sends on to {answer.location}, which is no web address")
            for_good = for_good and answer.status in PERMANENT
            moved = url if for_good else moved
        return Verdict(address, Fate.UNKNOWN, f"it sends on more than {HOPS_MAX} times")

    async def _ask(self, url: URL) -> _Answer:
        """HEAD, and GET where that is not answered well; the body is never read."""
        async with self.hosts[url.authority], self.places:
            try:
                answer = await self._request("HEAD", url)
            except aiohttp.ServerDisconnectedError:
                return await self._request("GET", url)
            if answer.status < HTTPStatus.BAD_REQUEST or answer.status == HTTPStatus.TOO_MANY_REQUESTS:
                return answer
            return await self._request("GET", url)

    async def _request(self, method: str, url: URL) -> _Answer:
        async with self.session.request(method, url, allow_redirects=False, proxy=_proxy(url)) as answer:
            self.answered = True
            challenged = any("challenge" in answer.headers.get(name, "") for name in CHALLENGES)
            return _Answer(answer.status, answer.headers.get("Location"), challenged)


def _judge(address: str, answer: _Answer, moved: URL | None) -> Verdict:
    status = answer.status
    new = str(moved) if moved and str(moved) != address else None
    if status < HTTPStatus.MULTIPLE_CHOICES and not answer.challenged:
        if new is None:
            return Verdict(address, Fate.OK, "it answers")
        return Verdict(address, Fate.MOVED, f"for good, to {new}{_front_page(address, moved)}", new)
    if status in WALLS or answer.challenged or _refuses_programs(address):
        return Verdict(address, Fate.REFUSED, REFUSES.format(how=status), new)
    if status in GONE:
        return Verdict(address, Fate.DEAD, f"it answers {status}", new)
    return Verdict(address, Fate.UNKNOWN, f"it answers {status}", new)


def _front_page(address: str, moved: URL | None) -> str:
    """A page that moved to the front page of a site is mostly gone."""
    at_front = moved is not None and moved.path in {"", "/"} and not moved.query_string
    return ", a front page: look whether it is still there" if at_front and URL(address).path not in {"", "/"} else ""


def _unreached(address: str, why: str, *, no_such_host: bool = False) -> Verdict:
    if _refuses_programs(address):
        return Verdict(address, Fate.REFUSED, REFUSES.format(how=why), no_such_host=no_such_host)
    return Verdict(address, Fate.UNKNOWN, why, no_such_host=no_such_host)


def _refuses_programs(address: str) -> bool:
    host = URL(address).host or ""
    return any(host == each or host.endswith(f".{each}") for each in REFUSE_PROGRAMS)


def _proxy(url: URL) -> str | None:
    """The proxy of this machine for it, as the environment says."""
    proxy = None if proxy_bypass(f"{url.host}:{url.port}") else getproxies().get(url.scheme)
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"
