"""The fake Slack's signed HTTP: what it posts to an app's `/slack/events`, rightly signed or not."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import urllib.parse
from typing import Any, Literal

import aiohttp

from tests.fakes.slack_world import Json

Wrong = Literal["forged", "stale", "missing", "changed"]
STALE_SECONDS = 6 * 60


def signature(secret: str, timestamp: str, body: str) -> str:
    """Slack's v0 signature of a raw body."""
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256)
    return f"v0={digest.hexdigest()}"


class SignedHttp:
    """Posts to the app, as Slack does where Socket Mode is off."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.session: aiohttp.ClientSession | None = None

    async def post(
        self,
        url: str,
        kind: str,
        payload: Json,
        patience: float,
        *,
        wrong: Wrong | None = None,
        retry: int = 0,
    ) -> tuple[int, Any]:
        """The app's status and answer (JSON, words, or None for an empty body). Raises TimeoutError."""
        body, content_type = encode(kind, payload)
        headers = {"Content-Type": content_type, **self.headers(body, wrong)}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        if wrong == "changed":
            body += " "
        if self.session is None:
            self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))  # Slack waits for none
        timeout = aiohttp.ClientTimeout(total=patience)
        async with self.session.post(url, data=body.encode(), headers=headers, timeout=timeout) as response:
            words = await response.text()
            if response.content_type == "application/json" and words:
                return response.status, json.loads(words)
            return response.status, words or None

    def headers(self, body: str, wrong: Wrong | None) -> dict[str, str]:
        timestamp = str(int(time.time()) - (STALE_SECONDS if wrong == "stale" else 0))
        secret = "not the secret" if wrong == "forged" else self.secret
        if wrong == "missing":
            return {"X-Slack-Request-Timestamp": timestamp}
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(secret, timestamp, body),
        }

    async def close(self) -> None:
        if self.session is not None:
            await self.session.close()


def encode(kind: str, payload: Json) -> tuple[str, str]:
    """A payload as Slack posts it: commands as a form, clicks as a form's `payload`, events as JSON."""
    form = "application/x-www-form-urlencoded"
    if kind == "slash_commands":
        return urllib.parse.urlencode(payload), form
    if kind == "interactive":
        return urllib.parse.urlencode({"payload": json.dumps(payload)}), form
    return json.dumps(payload), "application/json"
