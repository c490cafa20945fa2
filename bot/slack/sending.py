"""What goes to Slack: response addresses, views, direct messages, files; one session, bounded retries."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slack_sdk.webhook.webhook_response import WebhookResponse

from bot import fence
from bot.slack.handover import Pending, is_that
from bot.slack.refusals import TOKEN, known, meaning, said
from bot.slack.render import Drawn
from bot.slack.ticket import SECONDS, Client, Ticket
from bot.surface import TryLater, Uncertain
from commands.kit.request import Profile

Json = dict[str, Any]
LOG = structlog.get_logger()

RETRIES = 2
GONE = frozenset({"message_not_found"})
NOBODY = frozenset({"user_not_found"})
PAGE = 100  # pending posts in one answer


class Connection:
    """The session that all workspaces share; `open` and `close` frame it."""

    def __init__(self, api_url: str) -> None:
        self.api_url = api_url
        self._session: aiohttp.ClientSession | None = None

    def open(self) -> None:
        """Connections are kept from now on."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(SECONDS), trace_configs=[fence.trace()])

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    @property
    def is_open(self) -> bool:
        return self._session is not None and not self._session.closed

    @property
    def session(self) -> aiohttp.ClientSession:
        assert self._session is not None
        return self._session

    def client(self) -> AsyncWebClient:
        """For what is asked by no bot token, once."""
        return AsyncWebClient(base_url=self.api_url, timeout=SECONDS, session=self.session, retry_handlers=[])


class Sender:
    """Slack's ways into one workspace, by its ticket."""

    def __init__(self, connection: Connection, ticket: Ticket) -> None:
        self._connection = connection
        retries = (
            AsyncConnectionErrorRetryHandler(RETRIES),
            AsyncRateLimitErrorRetryHandler(RETRIES),
            AsyncServerErrorRetryHandler(RETRIES),
        )
        self._client = Client(ticket, connection.api_url, connection.session, retries)
        # a message has no key by which Slack would know it again, so that nothing here sends one twice
        self._posting = Client(ticket, connection.api_url, connection.session)
        self._limits = [AsyncConnectionErrorRetryHandler(RETRIES), AsyncRateLimitErrorRetryHandler(RETRIES)]

    async def respond(self, url: str, person: str, drawn: Drawn, **how: Any) -> bool:
        """A message through a response address; to the direct messages where that one is spent. False: refused."""
        body = {"text": drawn.text, "blocks": drawn.blocks, "unfurl_links": False, **how}
        answer = await self._hook(url, body)
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            answer = await self._hook(url, body)
        if answer.status_code == HTTPStatus.OK and not is_refusal(answer.body):
            return True
        LOG.warning("slack.response_url.refused", status=answer.status_code, said=answer.body[:200])
        if "expired_url" in answer.body or "used_url" in answer.body:
            await self.direct(person, drawn)
            return True
        return False

    async def _hook(self, url: str, body: Json) -> WebhookResponse:
        hook = AsyncWebhookClient(url, SECONDS, session=self._connection.session, retry_handlers=[*self._limits])
        return await hook.send_dict(body)

    async def publish(self, person: str, view: Json) -> None:
        await self._client.views_publish(user_id=person, view=view)

    async def update(self, view_id: str, view: Json) -> None:
        await self._client.views_update(view_id=view_id, view=view)

    async def modal(self, trigger: str, view: Json, *, above: bool) -> bool:
        """Opens a modal, above the one that is there; False where Slack had stopped waiting for it."""
        show = self._posting.views_push if above else self._posting.views_open
        try:
            await show(trigger_id=trigger, view=view)
        except SlackApiError as error:
            LOG.info("slack.modal.refused", said=said(error))
            if said(error) in {"expired_trigger_id", "exchanged_trigger_id", ""}:
                return False
            raise
        except (aiohttp.ClientError, TimeoutError, TryLater) as error:
            LOG.info("slack.modal.failed", error=repr(error))
            return False
        return True

    async def direct(self, place: str, drawn: Drawn) -> str:
        """A message to a person or a channel; its id. Raises Refused, TryLater, Uncertain."""
        sent = await _once(
            self._posting.chat_postMessage(
                channel=place, text=drawn.text, blocks=drawn.blocks, unfurl_links=False, unfurl_media=False
            )
        )
        return f"{sent['channel']}:{sent['ts']}"

    async def take_back(self, remote: str) -> None:
        """Deletes a message of ours, by what `direct` answered. Raises Refused or TryLater."""
        channel, _colon, ts = remote.rpartition(":")
        try:
            await self._client.chat_delete(channel=channel, ts=ts)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TryLater(repr(error)) from error
        except SlackApiError as error:
            if said(error) not in GONE:
                raise known(error) from error

    async def schedule(self, channel: str, post_at: int, drawn: Drawn) -> str:
        """A message that Slack posts by itself; the id under which it waits. Raises Refused, TryLater, Uncertain."""
        scheduled = await _once(
            self._posting.chat_scheduleMessage(
                channel=channel,
                post_at=post_at,
                text=drawn.text,
                blocks=drawn.blocks,
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return str(scheduled["scheduled_message_id"])

    async def scheduled(self, channel: str, post_at: int, text: str) -> str | None:
        """The id under which exactly this message waits; None where none does. Raises Refused, TryLater."""
        for pending in await self._pending(channel):
            if is_that(pending, channel, post_at, text):
                return str(pending["id"])
        return None

    async def unschedule(self, channel: str, scheduled_id: str) -> None:
        """Deletes a message that waits. Raises Refused, TryLater.

        Sent once: a second deletion would be answered as if the first had come too late.
        """
        try:
            await self._posting.chat_deleteScheduledMessage(channel=channel, scheduled_message_id=scheduled_id)
        except (aiohttp.ClientError, TimeoutError) as error:
            await self._still_there(channel, scheduled_id, error)
        except SlackApiError as error:
            if not isinstance(meaning(error), Uncertain):
                raise meaning(error) from error
            await self._still_there(channel, scheduled_id, error)

    async def _still_there(self, channel: str, scheduled_id: str, error: Exception) -> None:
        """Raises TryLater where a deletion without an answer has left the message waiting."""
        if any(str(pending["id"]) == scheduled_id for pending in await self._pending(channel)):
            raise TryLater(repr(error)) from error

    async def _pending(self, channel: str) -> list[Pending]:
        """Everything of ours that waits for this channel: a few, so that Slack is not asked for a span of time,
        of which it does not say whether it means the posting or the writing. Raises Refused, TryLater.
        """
        found: list[Pending] = []
        cursor: str | None = None
        while cursor != "":
            try:
                page = await self._posting.chat_scheduledMessages_list(channel=channel, cursor=cursor, limit=PAGE)
            except (aiohttp.ClientError, TimeoutError) as error:
                raise TryLater(repr(error)) from error
            except SlackApiError as error:
                raise known(error) from error
            found += page.get("scheduled_messages") or []
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        return found

    async def file(self, person: str, name: str, content: bytes, title: str, words: str | None = None) -> str:
        """A file to a person's direct messages, a picture with its `words`; Slack's id of it.

        Raises SlackApiError or the connection's error.
        """
        opened = await self._client.conversations_open(users=person)
        sent = await self._client.files_upload_v2(
            channel=opened["channel"]["id"], content=content, filename=name, title=title, alt_txt=words
        )
        files: list[Json] = sent["files"]
        return str(files[0]["id"])

    async def is_processed(self, file_id: str) -> bool:
        """Whether Slack has looked at a file, so that a block may show it. Raises as `file`."""
        file: Json = (await self._client.files_info(file=file_id))["file"]
        return bool(file.get("mimetype"))

    async def profile(self, person: str) -> Profile:
        """What Slack tells of a person. Raises SlackApiError or the connection's error."""
        user = (await self._client.users_info(user=person, include_locale=True))["user"]
        shown = user.get("profile") or {}
        return Profile(
            name=shown.get("display_name") or user.get("real_name") or user.get("name"),
            locale=user.get("locale"),
            zone=user.get("tz"),
            moderator=bool(user.get("is_admin") or user.get("is_owner")),
        )

    async def has(self, person: str) -> bool:
        """Whether the workspace still has this person. Raises Refused or TryLater."""
        try:
            user = (await self._posting.users_info(user=person))["user"]
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TryLater(repr(error)) from error
        except SlackApiError as error:
            if said(error) in NOBODY:
                return False
            raise known(error) from error
        return not user.get("deleted")

    async def who(self) -> Json:
        """What Slack says of our token. Raises SlackApiError where the token will not do."""
        return await _patiently(self._client.auth_test)


def is_refusal(body: str) -> bool:
    """Whether a response address says no, which it does under HTTP 200 too; `ok` alone is its usual yes."""
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    return isinstance(answer, dict) and answer.get("ok") is False


async def socket_address(connection: Connection, app_token: str) -> str:
    """Where the first socket connects. Raises SlackApiError where the token will not do."""
    opened = await _patiently(lambda: connection.client().apps_connections_open(app_token=app_token))
    return str(opened["url"])


async def _once(sending: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """Something sent that must not be there twice. Raises Refused, TryLater, Uncertain."""
    try:
        return await sending
    except aiohttp.ClientConnectorError as error:
        raise TryLater("Slack could not be reached") from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Uncertain(repr(error)) from error
    except SlackApiError as error:
        raise meaning(error) from error


async def _patiently(ask: Callable[[], Awaitable[AsyncSlackResponse]]) -> Json:
    """The answer, asked for until Slack can be reached. Raises SlackApiError where it says no."""
    wait = 1.0
    while True:
        try:
            answer = (await ask()).data
            return answer if isinstance(answer, dict) else {}
        except SlackApiError as error:
            if said(error) in TOKEN:
                raise
            LOG.warning("slack.unwell", said=said(error), again_in=wait)
        except (aiohttp.ClientError, TimeoutError) as error:
            LOG.warning("slack.unreachable", error=repr(error), again_in=wait)
        await asyncio.sleep(wait)
        wait = min(60.0, wait * 2)
