"""How a workspace installs the app: a page with one button, Slack's question, and the page that says what is next."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlencode, urlsplit

import aiohttp
import structlog
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clock import real_now
from bot.plain_page import DrawPage
from bot.settings import OAuthAccess, SlackAccess
from bot.slack import install_words as words
from bot.slack.declare import INSTALL_PATH, REDIRECT_PATH, SCOPES
from bot.slack.exchange import exchange
from bot.slack.installed import Installed
from bot.slack.refusals import said, status
from bot.slack.rotation import granted
from bot.slack.sending import Connection
from bot.slack.workspaces import Json
from storage import notes, slack_states
from storage.slack_installations import Installation
from storage.store import Store

LOG = structlog.get_logger()
COOKIE = "pmpath_slack_install"
STATE_BYTES = 32
STATE_SHOWN = 43  # letters of so many bytes
STATE_MAX = 200
APP_ID_AT = 2  # xapp-1-A…-…


class InstallPages:
    """`begin` and `finish`, open to every browser. What Slack must bring back is good once, for ten minutes, in the
    browser in which it began."""

    def __init__(
        self,
        access: SlackAccess,
        oauth: OAuthAccess,
        connection: Connection,
        store: Store,
        installed: Installed,
        draw: DrawPage,
    ) -> None:
        self._oauth = oauth
        self._api_url = access.api_url
        self._app_token = access.app_token.get_secret_value() if access.app_token else ""
        self._connection = connection
        self._store = store
        self._installed = installed
        self._draw = draw
        self._redirect = oauth.public_url + REDIRECT_PATH

    async def begin(self, request: web.Request) -> web.Response:
        """The page that asks. A second one in the same browser leaves the first good."""
        carried = request.cookies.get(COOKIE, "")
        browser = carried if len(carried) == STATE_SHOWN else secrets.token_urlsafe(STATE_BYTES)
        state = secrets.token_urlsafe(STATE_BYTES)
        if not await self._store.write(slack_states.begin, _digest(state, browser)):
            return self._draw(request, words.crowded())
        page = self._draw(request, words.asks(self._authorize_url(state)))
        page.set_cookie(
            COOKIE,
            browser,
            max_age=int(slack_states.GOOD_FOR.total_seconds()),
            path=urlsplit(self._redirect).path.rpartition("/")[0],
            httponly=True,
            samesite="Lax",  # Slack's page sends the browser back
            secure=self._redirect.startswith("https:"),
        )
        return page

    async def finish(self, request: web.Request) -> web.Response:
        """Where Slack sends the browser back to. Nothing is stored but what Slack itself grants to its code."""
        if not self._connection.is_open:
            return self._draw(request, words.starting())
        state, browser = request.query.get("state", ""), request.cookies.get(COOKIE, "")
        if not 0 < len(state) <= STATE_MAX or not 0 < len(browser) <= STATE_MAX:
            return self._draw(request, words.stale(INSTALL_PATH))
        if not await self._store.write(slack_states.take, _digest(state, browser)):
            return self._draw(request, words.stale(INSTALL_PATH))
        code = request.query.get("code", "")
        if "error" in request.query or not code:
            LOG.info("slack.install_denied")
            return self._draw(request, words.denied(INSTALL_PATH))
        return await self._exchange(request, code)

    async def _exchange(self, request: web.Request, code: str) -> web.Response:
        try:
            client = self._connection.client()
            answer = await exchange(client, self._oauth, code=code, redirect_uri=self._redirect)
        except SlackApiError as error:
            LOG.warning("slack.install_refused", said=said(error))
            return self._draw(request, words.refused(said(error) or str(status(error)), INSTALL_PATH))
        except (aiohttp.ClientError, TimeoutError) as error:
            LOG.warning("slack.install_unreachable", error=repr(error))
            return self._draw(request, words.unreachable(INSTALL_PATH))
        data: Json = answer.data if isinstance(answer.data, dict) else {}
        if not await self._is_ours(str(data.get("app_id", ""))):
            LOG.warning("slack.install_of_another_app")
            return self._draw(request, words.another_app())
        new = await self._installation(data, _moment(answer))
        await self._installed.install(new)
        where = "" if new.place.startswith("E") else f"&team={quote(new.place)}"
        opens = f"{site(self._api_url)}/app_redirect?app={quote(str(data.get('app_id', '')))}{where}"
        return self._draw(request, words.done(new.name, opens))

    async def _is_ours(self, app_id: str) -> bool:
        """Whether it is of the app that the settings name: by the app token, else as at the first installation."""
        parts = self._app_token.split("-")
        if len(parts) > APP_ID_AT and parts[APP_ID_AT].startswith("A"):
            return app_id == parts[APP_ID_AT]
        note = f"slack.app:{self._oauth.client_id}"
        known = await self._store.read(notes.find, note)
        if known is None:
            await self._store.write(notes.keep, note, app_id)
        return known in {None, app_id}

    async def _installation(self, data: Json, at: dt.datetime) -> Installation:
        team, enterprise = data.get("team") or {}, data.get("enterprise") or {}
        of = enterprise if data.get("is_enterprise_install") else team
        tokens = granted(data, self._installed.now())
        return Installation(
            place=str(of["id"]),
            enterprise_id=enterprise.get("id"),
            name=str(of.get("name") or ""),
            bot_user_id=str(data.get("bot_user_id") or ""),
            bot_id=await self._bot_id(tokens.token),
            scopes=str(data.get("scope") or ""),
            tokens=tokens,
            at=at,
        )

    async def _bot_id(self, token: str) -> str:
        """What Slack grants does not say it. It may be missing: only bolt's filter of one's own events wants it."""
        client = self._connection.client()
        client.token = token
        try:
            return str((await client.auth_test()).get("bot_id") or "")
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            LOG.warning("slack.bot_not_known", error=type(error).__name__)
            return ""

    def _authorize_url(self, state: str) -> str:
        asked = {
            "client_id": self._oauth.client_id,
            "scope": ",".join(SCOPES),
            "user_scope": "",
            "redirect_uri": self._redirect,
            "state": state,
        }
        return f"{site(self._api_url)}/oauth/v2/authorize?{urlencode(asked)}"


def site(api_url: str) -> str:
    """Slack's own site, which stands beside its API."""
    return api_url.rstrip("/").removesuffix("/api")


def _digest(state: str, browser: str) -> str:
    whole = f"{state}.{browser}".encode("utf-8", "backslashreplace")  # a cookie may hold bytes that are no letters
    return hashlib.sha256(whole).hexdigest()


def _moment(answer: AsyncSlackResponse) -> dt.datetime:
    """When Slack granted it, by the clock that its events are told by."""
    try:
        return parsedate_to_datetime(str(answer.headers.get("Date"))).astimezone(dt.UTC)
    except ValueError:
        return real_now()
