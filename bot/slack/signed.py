"""Whether Slack wrote what came to `/slack/events`; looked at before anything in it is read."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web
from pydantic import SecretStr
from slack_sdk.signature import SignatureVerifier

CHECK = b"ssl_check=1"  # Slack looks at the certificate, unsigned, and wants nothing


async def unsigned(request: web.Request, secret: SecretStr | None) -> web.Response | None:
    """The answer to what Slack did not sign; None where it did.

    bolt would read a body before it knows from whom it is, and fail at one that can't be read.
    """
    body = await request.read()
    if secret is not None and _is_right(body, request.headers, secret.get_secret_value()):
        return None
    if CHECK in body.split(b"&"):
        return web.Response()
    return web.Response(status=HTTPStatus.UNAUTHORIZED, text="Slack has not signed this with our signing secret.\n")


def _is_right(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    try:
        return SignatureVerifier(secret).is_valid_request(body, {**headers})
    except (ValueError, TypeError):  # a time that is no number, a signature that is no ASCII, a body that is no text
        return False
