"""Whether Slack wrote what came to `/slack/events`; looked at before anything in it is read."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web
from pydantic import SecretStr
from slack_sdk.signature import SignatureVerifier

CHECK = b"ssl_check=1"  # Slack looks at the certificate, unsigned, and wants nothing


async def expect_signature(request: web.Request, secret: SecretStr | None) -> None:
    """Raises the answer to what Slack did not sign.

    bolt would read a body before it knows from whom it is, and fail at one that can't be read.
    """
    body = await request.read()
    if secret is not None and _is_right(body, request.headers, secret.get_secret_value()):
        return
    if CHECK in body.split(b"&"):
        raise web.HTTPOk
    raise web.HTTPUnauthorized(text="Slack has not signed this with our signing secret.\n")


def _is_right(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    try:
        return SignatureVerifier(secret).is_valid_request(body, {**headers})
    except (ValueError, TypeError):  # a time that is no number, a signature that is no ASCII, a body that is no text
        return False
