"""The fake Slack is proven with slack_bolt itself, in both modes; each broken rule is refused."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.slack import FakeSlack, Message, PlatformFailed, SlackMember, View
from tests.fakes.slack_blocks import Breach, check_blocks, check_view
from tests.fakes.slack_http import Wrong
from tests.fakes.slack_world import Team

Json = dict[str, Any]


def words(text: str, kind: str = "mrkdwn") -> Json:
    return {"type": kind, "text": text}


def section(text: str) -> Json:
    return {"type": "section", "text": words(text)}


def button(label: str, **more: Any) -> Json:
    return {"type": "button", "text": words(label, "plain_text"), "action_id": "go", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "row", "elements": list(elements)}


def options(*names: str) -> list[Json]:
    return [{"text": words(name, "plain_text"), "value": name.lower()} for name in names]


def modal(*blocks: Json, **more: Any) -> Json:
    title = words("A form", "plain_text")
    return {
        "type": "modal",
        "title": title,
        "submit": words("Save", "plain_text"),
        "blocks": list(blocks),
        **more,
    }


def field(name: str = "reason") -> Json:
    return {
        "type": "input",
        "block_id": name,
        "label": words(name.title(), "plain_text"),
        "element": {"type": "plain_text_input", "action_id": "write"},
    }


@dataclass
class World:
    """A fake, a workspace, one member, and bolt connected to it."""

    fake: FakeSlack
    team: Team
    ada: SlackMember
    app: AsyncApp
    seen: list[Json]


def tiny(fake: FakeSlack, team: Team) -> tuple[AsyncApp, list[Json]]:
    """A small app that uses every way of answering."""
    client = AsyncWebClient(token=team.bot_token, base_url=fake.api_url)
    app = AsyncApp(client=client, signing_secret=fake.signing_secret, process_before_response=True)
    seen: list[Json] = []

    @app.command("/pmpath")
    async def command(ack: Callable[..., Any], body: Json, respond: Callable[..., Any]) -> None:
        seen.append(body)
        match body["text"]:
            case "late":
                await ack()
                await respond(text="here it is", blocks=[section("here it is")])
            case "never":
                raise RuntimeError("never acknowledged")
            case "broken":
                await ack(text="x", blocks=[section("x" * 3001)])
            case "public":
                await ack(text="for all", response_type="in_channel")
            case _:
                await ack(text="card", blocks=[section("*Track* &lt;b&gt;"), actions(button("Go", value="1"))])

    @app.action("go")
    async def go(ack: Callable[..., Any], body: Json, respond: Callable[..., Any], client: AsyncWebClient) -> None:
        seen.append(body)
        await ack()
        value = body["actions"][0]["value"]
        if value == "form":
            await client.views_open(trigger_id=body["trigger_id"], view=modal(field(), callback_id="form"))
        elif value == "home":
            await client.views_publish(user_id=body["user"]["id"], view={"type": "home", "blocks": [section("moved")]})
        else:
            blocks = [section("pressed"), actions(button("Form", value="form"))]
            await respond(text="pressed", replace_original=True, blocks=blocks)

    @app.view("form")
    async def form(ack: Callable[..., Any], body: Json, client: AsyncWebClient) -> None:
        seen.append(body)
        value = body["view"]["state"]["values"]["reason"]["write"]["value"]
        if value == "bad":
            await ack(response_action="errors", errors={"reason": "Say more."})
        elif value == "again":
            await ack(response_action="update", view=modal(section("saving")))
        else:
            await ack()
            await client.chat_postMessage(channel=body["user"]["id"], text=f"thanks: {value}")

    @app.event("app_home_opened")
    async def opened(event: Json, client: AsyncWebClient, body: Json) -> None:
        seen.append(body)
        blocks = [section("home"), actions(button("Move", value="home"))]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    return app, seen


@contextlib.asynccontextmanager
async def over_socket(fake: FakeSlack, app: AsyncApp) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(app, fake.app_token, ping_interval=1)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # bolt leaves it untyped
    await fake.connected()
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # bolt leaves it untyped


@contextlib.asynccontextmanager
async def over_http(fake: FakeSlack, app: AsyncApp) -> AsyncIterator[None]:
    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", events)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield
    finally:
        await runner.cleanup()


@pytest.fixture(params=["socket", "http"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    async with FakeSlack() as fake:
        team = fake.install()
        ada = SlackMember(fake, team, "U0ADA0001", "Ada Lovelace", locale="zh-CN", is_admin=True)
        app, seen = tiny(fake, team)
        async with (over_socket if request.param == "socket" else over_http)(fake, app):
            yield World(fake, team, ada, app, seen)


@pytest.fixture
async def bare() -> AsyncIterator[World]:
    """A fake whose Web API is called straight, without an app."""
    async with FakeSlack() as fake:
        team = fake.install()
        ada = SlackMember(fake, team, "U0ADA0001", "Ada Lovelace")
        app, seen = tiny(fake, team)
        yield World(fake, team, ada, app, seen)


async def test_a_command_shows_what_its_acknowledgement_holds(world: World) -> None:
    card = await world.ada.command("/pmpath track <b> & @ada.lovelace")

    assert isinstance(card, Message)
    assert card.lines == ["Track <b>"]
    assert card.labels == ["Go"]
    assert card.only_for == world.ada.uid
    assert world.seen[0]["text"] == "track &lt;b&gt; &amp; <@U0ADA0001|ada.lovelace>"


async def test_a_late_answer_arrives_by_theresponse_url_for(world: World) -> None:
    card = await world.ada.command("/pmpath late")

    assert card.lines == ["here it is"]


async def test_a_public_answer_is_read_by_everybody(world: World) -> None:
    other = SlackMember(world.fake, world.team, "U0OTHER01", "Other")
    await world.ada.command("/pmpath")
    await world.ada.command("/pmpath public")

    assert [message.lines for message in other.messages] == [["for all"]]


async def test_a_press_replaces_the_private_card_in_place(world: World) -> None:
    card = await world.ada.command("/pmpath")
    again = await world.ada.press(card, "Go")

    assert again is card
    assert card.lines == ["pressed"]
    assert "message" not in world.seen[-1]


async def test_a_form_shows_its_errors_and_then_closes(world: World) -> None:
    card = await world.ada.command("/pmpath")
    await world.ada.press(card, "Go")
    form = await world.ada.press(card, "Form")
    assert isinstance(form, View)
    assert form.heading == "A form"

    assert await world.ada.submit(form, {"Reason": "bad"}) is form
    assert form.errors == {"reason": "Say more."}
    thanks = await world.ada.submit(form, {"Reason": "good"})

    assert thanks.lines == ["thanks: good"]
    assert world.ada.modal is None
    assert world.ada.dms == [thanks]


async def test_a_form_may_take_a_new_face(world: World) -> None:
    card = await world.ada.command("/pmpath")
    await world.ada.press(card, "Go")
    form = await world.ada.press(card, "Form")
    assert isinstance(form, View)

    assert (await world.ada.submit(form, {"Reason": "again"})).lines == ["saving"]


async def test_an_empty_field_is_not_sent(world: World) -> None:
    card = await world.ada.command("/pmpath")
    await world.ada.press(card, "Go")
    form = await world.ada.press(card, "Form")
    assert isinstance(form, View)

    with pytest.raises(PlatformFailed, match="please fill in"):
        await world.ada.submit(form)


async def test_the_home_tab_is_published_and_pressed_without_aresponse_url_for(world: World) -> None:
    home = await world.ada.open_home()
    assert home.lines == ["home"]

    assert await world.ada.press(home, "Move") is home
    assert home.lines == ["moved"]
    assert "response_url" not in world.seen[-1]


async def test_an_app_that_breaks_down_leaves_the_member_an_error(world: World) -> None:
    world.fake.patience = 0.2
    with pytest.raises(PlatformFailed):
        await world.ada.command("/pmpath never")


async def test_an_answer_beyond_the_limits_is_refused_and_kept(world: World) -> None:
    with pytest.raises(PlatformFailed, match="invalid_command_response"):
        await world.ada.command("/pmpath broken")

    assert world.fake.breaches


@pytest.mark.parametrize("wrong", ["forged", "stale", "missing", "changed"])
async def test_a_wrongly_signed_request_is_turned_away(bare: World, wrong: Wrong) -> None:
    payload = bare.fake.template("slash_command")
    async with over_http(bare.fake, bare.app):
        assert await bare.fake.knock("slash_commands", payload, wrong) == 401
        assert await bare.fake.knock("slash_commands", payload, None) == 200


async def test_an_event_that_nobody_takes_is_sent_again(world: World) -> None:
    world.fake.patience = 0.2
    with pytest.raises(PlatformFailed):
        await world.fake.event(world.team, {"type": "nobody_listens"})

    assert [payload["event_id"] for payload in world.fake.undelivered] == [world.fake.undelivered[0]["event_id"]] * 2


async def test_nobody_connected_reads_dispatch_failed(bare: World) -> None:
    with pytest.raises(PlatformFailed, match="dispatch_failed"):
        await bare.ada.command("/pmpath")


@pytest.mark.parametrize("cut", ["refresh", "drop"])
async def test_the_socket_comes_back_after_it_is_cut(bare: World, cut: str) -> None:
    async with over_socket(bare.fake, bare.app):
        before = bare.fake.socket.opened
        if cut == "refresh":
            await bare.fake.socket.refresh()
        else:
            bare.fake.socket.drop()
        await bare.fake.until(lambda: bare.fake.socket.opened > before)

        assert (await bare.ada.command("/pmpath")).labels == ["Go"]


async def test_a_trigger_lives_three_seconds_and_works_once(bare: World) -> None:
    client, interaction = bare.app.client, bare.ada.begin("action")
    trigger = bare.fake.trigger(interaction)
    await client.views_open(trigger_id=trigger, view=modal(field()))
    old = bare.fake.trigger(interaction)
    bare.fake.skip(3.1)

    assert await error_of(client.views_open(trigger_id=trigger, view=modal(field()))) == "exchanged_trigger_id"
    assert await error_of(client.views_open(trigger_id=old, view=modal(field()))) == "expired_trigger_id"
    assert await error_of(client.views_open(trigger_id="1.2.3", view=modal(field()))) == "invalid_trigger_id"


async def test_at_most_three_modals_are_stacked(bare: World) -> None:
    client, interaction = bare.app.client, bare.ada.begin("action")
    await client.views_open(trigger_id=bare.fake.trigger(interaction), view=modal(field()))
    for _ in range(2):
        await client.views_push(trigger_id=bare.fake.trigger(interaction), view=modal(field()))

    trigger = bare.fake.trigger(interaction)
    assert await error_of(client.views_push(trigger_id=trigger, view=modal(field()))) == "push_limit_reached"


async def test_a_view_changed_since_is_not_overwritten(bare: World) -> None:
    home = {"type": "home", "blocks": [section("one")]}
    first = await bare.app.client.views_publish(user_id=bare.ada.uid, view=home)
    await bare.app.client.views_publish(user_id=bare.ada.uid, view=home)
    late = bare.app.client.views_publish(user_id=bare.ada.uid, view=home, hash=first["view"]["hash"])

    assert await error_of(late) == "hash_conflict"


async def test_a_response_url_works_five_times_for_thirty_minutes(bare: World) -> None:
    interaction = bare.ada.begin("command")
    url = bare.ada.response_url_for(interaction, bare.fake.channel(bare.team, "general").id, None)
    hook = AsyncWebhookClient(url)
    answers = [await hook.send(text=f"{number}") for number in range(6)]
    fresh = AsyncWebhookClient(bare.ada.response_url_for(interaction, bare.team.direct(bare.ada.uid).id, None))
    bare.fake.skip(31 * 60)
    expired = await fresh.send(text="late")

    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert (expired.status_code, "expired_url" in expired.body) == (404, True)


async def test_a_file_is_shown_only_once_slack_has_looked_at_it(bare: World) -> None:
    client = bare.app.client
    bare.fake.file_polls = 2
    file = await client.files_upload_v2(content=b"png", filename="a.png", alt_txt="a chart")
    image: Json = {"type": "image", "alt_text": "a chart", "slack_file": {"id": file["files"][0]["id"]}}
    early = client.chat_postMessage(channel=bare.ada.uid, text="chart", blocks=[image])
    assert await error_of(early) == "invalid_blocks"
    while "mimetype" not in (await client.files_info(file=image["slack_file"]["id"]))["file"]:
        pass
    await client.chat_postMessage(channel=bare.ada.uid, text="chart", blocks=[image])

    assert bare.ada.dms[-1].pictures == ["a chart"]


async def test_a_file_sent_to_a_dm_is_there_with_its_bytes(bare: World) -> None:
    direct = (await bare.app.client.conversations_open(users=bare.ada.uid))["channel"]["id"]
    await bare.app.client.files_upload_v2(channel=direct, content=b"# Mine", filename="mine.md", title="Mine")

    assert [(file.name, file.content) for file in bare.ada.dms[-1].files] == [("mine.md", b"# Mine")]


async def test_users_say_locale_only_when_asked(bare: World) -> None:
    bare.ada.person.locale = "zh-CN"
    short = await bare.app.client.users_info(user=bare.ada.uid)
    full = await bare.app.client.users_info(user=bare.ada.uid, include_locale=True)

    assert "locale" not in short["user"]
    assert full["user"]["locale"] == "zh-CN"


async def test_users_are_there_gone_or_unknown(bare: World) -> None:
    bare.ada.person.guest = True
    here = (await bare.app.client.users_info(user=bare.ada.uid))["user"]
    bare.ada.person.gone = True
    gone = (await bare.app.client.users_info(user=bare.ada.uid))["user"]

    assert (here["deleted"], here["is_restricted"]) == (False, True)
    assert gone["deleted"]
    assert "is_admin" not in gone
    assert await error_of(bare.app.client.users_info(user="U0NOBODY1")) == "user_not_found"


async def test_what_would_ping_somebody_is_kept_as_a_ping(bare: World) -> None:
    await bare.app.client.chat_postMessage(channel=bare.ada.uid, text="<!channel> hello")
    await bare.app.client.chat_postMessage(channel=bare.ada.uid, text="&lt;!channel&gt; hello")
    literal = {"type": "section", "text": words("<!here>", "plain_text")}
    await bare.app.client.chat_postMessage(channel=bare.ada.uid, text="fine", blocks=[literal])

    assert bare.fake.pings == ["chat.postMessage: <!channel> hello"]
    assert bare.ada.dms[1].lines == ["<!channel> hello"]
    assert bare.ada.dms[2].lines == ["<!here>"]


async def test_blocks_without_words_to_read_out_are_a_breach(bare: World) -> None:
    with pytest.warns(UserWarning, match="text"):
        await bare.app.client.chat_postMessage(channel=bare.ada.uid, blocks=[section("x")])

    assert bare.fake.breaches == ["chat.postMessage: blocks without top-level text"]


async def test_rights_are_asked_for(bare: World) -> None:
    bare.team.scopes = frozenset({"chat:write", "im:write"})
    client = bare.app.client
    lounge, secret = (bare.fake.channel(bare.team, name).id for name in ("lounge", "secret"))

    assert await error_of(client.users_info(user=bare.ada.uid)) == "missing_scope"
    assert await error_of(client.chat_postMessage(channel=lounge, text="x")) == "not_in_channel"
    assert await error_of(client.chat_postMessage(channel=secret, text="x")) == "channel_not_found"
    assert await error_of(AsyncWebClient("xoxb-wrong", base_url=bare.fake.api_url).auth_test()) == "invalid_auth"


async def test_ordered_faults_meet_the_next_calls(bare: World) -> None:
    client = bare.app.client
    bare.fake.fail_next("auth.test", status=429, retry_after=7)
    bare.fake.fail_next("auth.test", status=500)
    bare.fake.fail_next("auth.test", error="account_inactive")
    with pytest.raises(SlackApiError) as limited:
        await client.auth_test()

    assert limited.value.response.headers["Retry-After"] == "7"
    with pytest.raises(SlackApiError):
        await client.auth_test()
    assert await error_of(client.auth_test()) == "account_inactive"
    assert (await client.auth_test())["ok"]


async def test_a_late_answer_is_late(bare: World) -> None:
    bare.fake.fail_next("auth.test", late=0.2)
    started = asyncio.get_running_loop().time()
    await bare.app.client.auth_test()

    assert asyncio.get_running_loop().time() - started >= 0.2


BREACHES: dict[str, list[Json]] = {
    "51 blocks": [section("x")] * 51,
    "no blocks": [],
    "section of 3,001": [section("x" * 3001)],
    "empty section": [section("")],
    "header of 151": [{"type": "header", "text": words("x" * 151, "plain_text")}],
    "mrkdwn header": [{"type": "header", "text": words("x")}],
    "11 in a context": [{"type": "context", "elements": [words("x")] * 11}],
    "11 fields": [{"type": "section", "fields": [words("x")] * 11}],
    "26 buttons": [actions(*({**button("x"), "action_id": str(n)} for n in range(26)))],
    "button text of 76": [actions(button("x" * 76))],
    "button style": [actions(button("x", style="plain"))],
    "action_id twice": [actions(button("a"), button("b"))],
    "block_id twice": [actions(button("a")), {"type": "divider", "block_id": "row"}],
    "action_id of 256": [actions({**button("x"), "action_id": "x" * 256})],
    "101 options": [actions({"type": "static_select", "options": options(*map(str, range(101)))})],
    "option of 76": [actions({"type": "static_select", "options": options("x" * 76)})],
    "option twice": [actions({"type": "static_select", "options": options("a", "a")})],
    "foreign initial": [actions({"type": "static_select", "options": options("a"), "initial_option": options("b")[0]})],
    "empty initials": [actions({"type": "multi_static_select", "options": options("a"), "initial_options": []})],
    "11 checkboxes": [actions({"type": "checkboxes", "options": options(*map(str, range(11)))})],
    "input in actions": [actions({"type": "plain_text_input"})],
    "picture without words": [{"type": "image", "image_url": "https://example.org/a.png"}],
    "picture at home": [{"type": "image", "image_url": "http://127.0.0.1/a.png", "alt_text": "x"}],
    "unknown picture": [{"type": "image", "slack_file": {"id": "F00000001X"}, "alt_text": "x"}],
    "unknown block": [{"type": "hologram"}],
    "unknown property": [{"type": "divider", "color": "red"}],
    "empty run": [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}],
        }
    ],
    "too much in all": [section("x" * 3000)] * 5,
}


@pytest.mark.parametrize("name", BREACHES)
def test_blocks_beyond_a_limit_are_refused(name: str) -> None:
    with pytest.raises(Breach):
        check_blocks(BREACHES[name], "message", lambda file: False)


VIEWS: dict[str, Json] = {
    "title of 25": modal(section("x")) | {"title": words("x" * 25, "plain_text")},
    "inputs without submit": {key: value for key, value in modal(field()).items() if key != "submit"},
    "metadata of 3,001": modal(section("x"), private_metadata="x" * 3001),
    "101 blocks": modal(*[section("x")] * 101),
    "home": {"type": "home", "blocks": [section("x")]},
}


@pytest.mark.parametrize("name", VIEWS)
def test_views_beyond_a_limit_are_refused(name: str) -> None:
    with pytest.raises(Breach):
        check_view(VIEWS[name], "modal", lambda file: False)


def test_what_keeps_within_the_limits_is_taken() -> None:
    check_blocks([section("x" * 2000)] * 4 + [actions(button("x"))], "message", lambda file: True)
    check_view(modal(field(), section("x")), "modal", lambda file: True)


async def error_of(call: Any) -> str:
    """The error word with which the Web API refuses a call."""
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])
