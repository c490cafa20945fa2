"""What Slack brings, handed to whom it concerns: bolt's listeners, each for the workspace from which somebody speaks.

In each `ack` is called once, and nothing after it raises: bolt would take the answer back.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import SlackAccess
from bot.slack import receive, render
from bot.slack.answer import Ack, CommandAnswer, FormAnswer, PressAnswer, guarded, open_form
from bot.slack.declare import INSTALL_PATH
from bot.slack.receive import Call
from bot.slack.workspaces import Workspace, Workspaces, removal
from bot.surface import Interactions
from commands.kit.discover import ROOTS
from commands.kit.dispatch import Decision, Dispatcher
from commands.kit.request import CommunityKey, Platform
from content.text import Language
from storage import seen_events

Json = dict[str, Any]

FORM_SECONDS = 2.0  # Slack's trigger lives for 3
ELSEWHERE = "This pmpath serves another workspace. 这个 pmpath 服务于另一个工作区。"
NOT_HERE = (
    "pmpath is not installed in this workspace any more. Add it again, and all is as it was: {url} "
    "这个工作区没有安装 pmpath。重新添加后，一切照旧：{url}"
)
STRANGER = (
    "This card belongs to another workspace; pmpath answers its members alone. Use pmpath in your own workspace. "
    "这张卡片属于另一个工作区，pmpath 只回应那里的成员。请在你自己的工作区使用 pmpath。"
)
ANY = re.compile(".*")


class Listeners:
    """Answers commands, presses, forms and the Home tab; hears of removals."""

    def __init__(self, dispatcher: Dispatcher, interactions: Interactions, workspaces: Workspaces) -> None:
        self._dispatcher = dispatcher
        self._interactions = interactions
        self._workspaces = workspaces

    def app(self, access: SlackAccess) -> AsyncApp:
        """bolt with our own authorization, so that it neither asks Slack at each request nor switches to
        OAuth by itself where SLACK_CLIENT_ID is in the environment."""
        secret, oauth = access.signing_secret, access.oauth
        sentence = NOT_HERE.format(url=f"{oauth.public_url}{INSTALL_PATH}") if oauth else ELSEWHERE
        app = AsyncApp(
            name="pmpath",
            client=AsyncWebClient(base_url=access.api_url),
            signing_secret=secret.get_secret_value() if secret else "",
            before_authorize=_placed,
            authorize=self._authorize(),
            process_before_response=True,
            user_facing_authorize_error_message=sentence,
        )
        for root in ROOTS:
            app.command(f"/{root}")(self._command)
        app.action(ANY)(self._press)
        app.view(ANY)(self._form)
        app.event("app_home_opened")(self._home)
        app.event("app_uninstalled")(self._gone)
        app.event("tokens_revoked")(self._gone)
        app.event("team_access_granted")(self._access)
        app.event("team_access_revoked")(self._access)
        app.event(ANY)(_nothing)
        return app

    def _authorize(self) -> Any:
        async def authorize(context: AsyncBoltContext) -> AuthorizeResult | None:
            found = await self._workspaces.here(context.team_id, context.enterprise_id)
            if found is None:
                return None
            context["workspace"] = found
            return found.authorized

        return authorize

    async def _command(self, ack: Ack, body: Json, context: AsyncBoltContext) -> None:
        at: Workspace = context["workspace"]
        call = receive.command(body, *self._about(at, body["user_id"], context))
        decision = self._dispatcher.decide(call.request)
        if decision.opens_form and decision.parsed.refusal is None:
            await self._form_opens(at, call, decision, ack)
            return
        await self._interactions.answer(decision, CommandAnswer(at.replies, call.spot, ack))

    async def _press(self, ack: Ack, body: Json, context: AsyncBoltContext) -> None:
        at: Workspace = context["workspace"]
        if is_stranger(body, at):
            self._interactions.hold(guarded(_turned_away(at, body)))
            await ack()
            return
        call = receive.press(body, *self._about(at, body["user"]["id"], context))
        if call is None:
            await ack()
            return
        decision = self._dispatcher.decide(call.request)
        if decision.opens_form:
            await self._form_opens(at, call, decision, ack)
            return
        answer = PressAnswer(at.replies, call.spot, ack, decision.updates_card)
        await self._interactions.answer(decision, answer)

    async def _form(self, ack: Ack, body: Json, context: AsyncBoltContext) -> None:
        at: Workspace = context["workspace"]
        if is_stranger(body, at):
            await ack(response_action="update", view=render.sentence(self._dispatcher.content.catalogue, STRANGER))
            return
        call = receive.submission(body, *self._about(at, body["user"]["id"], context))
        if call is None:
            await ack()
            return
        language = Language(receive.carried(body["view"]).get("language", Language.EN))
        answer = FormAnswer(at.replies, call, ack, body["view"]["id"], language)
        await self._interactions.answer(self._dispatcher.decide(call.request), answer)

    async def _home(self, body: Json, event: Json, context: AsyncBoltContext) -> None:
        at: Workspace = context["workspace"]
        if event.get("tab", "home") == "home":
            call = receive.home(event, *self._about(at, event["user"], context))
            self._interactions.hold(guarded(self._open_home(at, call, body.get("event_id", ""))))

    async def _gone(self, event: Json, body: Json) -> None:
        """The whole app was removed, or its bot token withdrawn; a person's own token is none of ours."""
        if event["type"] == "app_uninstalled" or event.get("tokens", {}).get("bot"):
            await self._workspaces.removed(removal(event, body))

    async def _access(self, event: Json, body: Json) -> None:
        granted, enterprise = event["type"] == "team_access_granted", removal(event, body).enterprise
        if enterprise is not None:
            await self._workspaces.access(event.get("team_ids") or (), enterprise, granted=granted)

    def _about(
        self, at: Workspace, person: str, context: AsyncBoltContext
    ) -> tuple[CommunityKey, float, receive.LookUp]:
        return at.community, context["arrived"], lambda _workspace: at.sender.profile(person)

    async def _open_home(self, at: Workspace, call: Call, event_id: str) -> None:
        """Events come at least once; what was seen before is not drawn again."""
        if not self._dispatcher.allowance.may_press(call.request):
            self._dispatcher.allowance.refused.count("member")
            return
        if not await self._dispatcher.store.write(seen_events.first_time, Platform.SLACK.value, event_id):
            return
        reply = await self._dispatcher.perform(self._dispatcher.decide(call.request))
        await at.replies.show(call.spot, reply, replaces=True)

    async def _form_opens(self, at: Workspace, call: Call, decision: Decision, ack: Ack) -> None:
        self._interactions.hold(guarded(self._form_opened(at, call, decision)))
        await ack()

    async def _form_opened(self, at: Workspace, call: Call, decision: Decision) -> None:
        task = self._interactions.hold(self._dispatcher.perform(decision))
        elapsed = asyncio.get_running_loop().time() - call.request.received
        done, _pending = await asyncio.wait({task}, timeout=max(0.0, FORM_SECONDS - elapsed))
        reply = task.result() if done else None
        await open_form(at.replies, call, decision, reply, self._dispatcher.spoken(decision))


async def _placed(context: AsyncBoltContext, body: Json, next: Callable[[], Awaitable[None]]) -> None:
    """When it came, since finding out where it belongs takes time of the same patience; and the workspace of an
    event, where the app is installed for the organisation: bolt looks for it elsewhere."""
    context["arrived"] = asyncio.get_running_loop().time()
    if context.team_id is None and body.get("team_id"):
        context["team_id"] = body["team_id"]
    await next()


def is_stranger(body: Json, at: Workspace) -> bool:
    """Whether they are of another workspace, with which a channel is shared: no member of this community.

    Of one's own organisation Slack may name that in the workspace's place.
    """
    theirs = str(body["user"].get("team_id") or "")
    return theirs not in {"", at.community.ext_id, at.authorized.enterprise_id}


async def _turned_away(at: Workspace, body: Json) -> None:
    if url := body.get("response_url"):
        drawn = render.Drawn(STRANGER, [], ())
        await at.sender.respond(url, body["user"]["id"], drawn, response_type="ephemeral", replace_original=False)


async def _nothing() -> None:
    """An event that the operator subscribed to and we do not use: taken, so that Slack is content."""
