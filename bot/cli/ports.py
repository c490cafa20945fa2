"""Whether our port is free, or who has it."""

from __future__ import annotations

import errno
import socket
from http import HTTPStatus

import aiohttp
from yarl import URL

from bot.cli.finding import Finding, fine, wrong

ALIVE = "ok\n"  # what our own /healthz says
PATIENCE = 2  # seconds; whoever has the port is on this machine
SENTENCES = {
    errno.EADDRINUSE: "Port {port} on {host} is in use by another program. "
    "Stop that one, or set PMPATH_PORT to another number; 0 takes a free one.",
    errno.EACCES: "Port {port} is only for administrators. Set PMPATH_PORT to a number above 1023.",
    errno.EADDRNOTAVAIL: "{host} is no address of this machine. Set PMPATH_HOST=127.0.0.1, or 0.0.0.0 for all.",
}


def sentence_for(error: OSError, host: str, port: int) -> str | None:
    """What a failed listening means for the operator; None where it is something else."""
    number = errno.EADDRNOTAVAIL if isinstance(error, socket.gaierror) else error.errno
    sentence = SENTENCES.get(number or 0)
    return sentence.format(host=host, port=port) if sentence else None


async def examine(host: str, port: int) -> Finding:
    """Whether we could listen there now."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            trial.listen(1)
    except OSError as error:
        if error.errno == errno.EADDRINUSE and await _is_pmpath(host, port):
            return fine(f"Port {port} on {host} is in use by a running pmpath.")
        return wrong(sentence_for(error, host, port) or f"Port {port} on {host} cannot be used: {error}.")
    return fine(f"Port {port} on {host} is free." if port else f"A free port on {host} will be taken.")


async def _is_pmpath(host: str, port: int) -> bool:
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE)) as session,
            session.get(URL.build(scheme="http", host=host, port=port, path="/healthz")) as answer,
        ):
            return answer.status == HTTPStatus.OK and await answer.text() == ALIVE
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False
