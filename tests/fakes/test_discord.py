"""The fake Discord is proven with a small discord.py client before anything of ours meets it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fakes import discord_spec
from tests.fakes.discord import MANAGE_GUILD, DiscordMember, FakeDiscord, Fault, NotPossible
from tests.fakes.discord_reading import read

Handler = Callable[[discord.Interaction], Awaitable[None]]
PING = {"name": "ping", "description": "Answers", "type": 1}


class TinyBot(discord.Client):
    """Answers each interaction with the handler that a test gives it."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), allowed_mentions=discord.AllowedMentions.none())
        self.handler: Handler = say_hello
        self.faults: list[BaseException] = []
        self.wake: Callable[[], None] = lambda: None

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Nothing once it is closed: the library says that it is ready two seconds after a connection, even then."""
        if not self.is_closed():
            super().dispatch(event, *args, **kwargs)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        try:
            await self.handler(interaction)
        except (discord.HTTPException, AssertionError) as error:
            self.faults.append(error)
        finally:
            self.wake()


def layout(text: str = "Hello", *items: discord.ui.Item[Any]) -> discord.ui.LayoutView:
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.TextDisplay(text))
    for item in items:
        view.add_item(item)
    view.stop()
    return view


def button(custom_id: str = "go", label: str = "Go", **more: Any) -> discord.ui.ActionRow[Any]:
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    row.add_item(discord.ui.Button(custom_id=custom_id, label=label, **more))
    return row


async def say_hello(interaction: discord.Interaction) -> None:
    await interaction.response.send_message(view=layout("Hello", button()), ephemeral=True)


@pytest.fixture
async def fake(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as fake:
        # patched as bot/discord/client.py does it: the library knows no other way to another address
        monkeypatch.setattr(Route, "BASE", fake.api_url)
        # as above
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(fake.gateway.address))
        fake.world.commands[None] = [PING | {"id": "1"}]
        yield fake


@asynccontextmanager
async def running(fake: FakeDiscord) -> AsyncIterator[TinyBot]:
    bot = TinyBot()
    bot.wake = fake.world.change
    task = asyncio.create_task(bot.start(fake.token))
    connected = asyncio.create_task(fake.gateway.until_connected())
    await asyncio.wait({task, connected}, return_when=asyncio.FIRST_COMPLETED)
    assert not task.done(), task.exception()
    try:
        yield bot
    finally:
        await bot.close()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def bot(fake: FakeDiscord) -> AsyncIterator[TinyBot]:
    async with running(fake) as bot:
        yield bot


@pytest.fixture
def ada(fake: FakeDiscord) -> DiscordMember:
    return fake.member("Ada")


@pytest.fixture
def bea(fake: FakeDiscord) -> DiscordMember:
    return fake.member("Bea")


async def refused(fake: FakeDiscord, method: str, path: str, body: Any) -> tuple[int, int, str]:
    """Send a raw body and answer (status, code, what the fake said of it)."""
    headers = {"Authorization": f"Bot {fake.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, fake.api_url + path, json=body) as response,
    ):
        answer = await response.json() if response.content_type == "application/json" else {}
        return response.status, answer.get("code", 0) if isinstance(answer, dict) else 0, str(answer)


def send_path(fake: FakeDiscord) -> str:
    return f"/channels/{next(iter(fake.guild.channels))}/messages"


def v2(*components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"flags": 1 << 15, "components": list(components), **more}


def words(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


def press_me(custom_id: str, **more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "x", "custom_id": custom_id} | more


def row(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def select(**more: Any) -> dict[str, Any]:
    options = [{"label": f"L{n}", "value": f"v{n}"} for n in range(3)]
    return {"type": 3, "custom_id": "s", "options": options} | more


# answering


async def test_a_slash_command_is_answered_with_a_private_card(ada: DiscordMember, bot: TinyBot) -> None:
    answer = await ada.command("/ping")

    assert answer.lines == ["Hello"]
    assert answer.labels == ["Go"]
    assert answer.card.private


async def test_a_private_card_is_seen_by_nobody_else(ada: DiscordMember, bea: DiscordMember, bot: TinyBot) -> None:
    await ada.command("/ping")

    assert [shown.lines for shown in ada.messages()] == [["Hello"]]
    assert bea.messages() == []


async def test_a_press_replaces_the_card_that_was_pressed(ada: DiscordMember, bot: TinyBot) -> None:
    first = await ada.command("/ping")

    async def replace(interaction: discord.Interaction) -> None:
        assert interaction.data
        assert interaction.data["custom_id"] == "go"  # type: ignore[typeddict-item]  # a component's data
        await interaction.response.edit_message(view=layout("Pressed"))

    bot.handler = replace
    answer = await ada.press(first, "Go")

    assert answer.replaced
    assert first.lines == ["Pressed"]
    assert len(ada.messages()) == 1


async def test_a_deferred_command_shows_thinking_until_the_card_comes(ada: DiscordMember, bot: TinyBot) -> None:
    seen: list[list[str]] = []

    async def defer(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        seen.append(ada.messages()[0].lines)
        await interaction.edit_original_response(view=layout("Done"))

    bot.handler = defer
    answer = await ada.command("/ping")

    assert seen == [["pmpath is thinking…"]]
    assert answer.deferred
    assert answer.lines == ["Done"]
    assert not answer.stuck


async def test_a_card_that_never_comes_is_seen_as_stuck(ada: DiscordMember, bot: TinyBot) -> None:
    async def defer(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)

    bot.handler, ada.patience = defer, 0.1
    answer = await ada.command("/ping")

    assert answer.stuck
    assert answer.lines == ["pmpath is thinking…"]


async def test_the_first_followup_fills_the_thinking_message_and_keeps_it_private(
    ada: DiscordMember, bot: TinyBot
) -> None:
    async def follow(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send(view=layout("First"), ephemeral=False)
        await interaction.followup.send(view=layout("Second"), ephemeral=False)

    bot.handler = follow
    answer = await ada.command("/ping")
    await ada.fake.world.until(lambda: bool(answer.followups), 30)

    assert answer.lines == ["First"]
    assert answer.card.private
    assert not answer.followups[0].private


async def test_no_answer_within_three_seconds_reads_as_failed(
    fake: FakeDiscord, ada: DiscordMember, bot: TinyBot
) -> None:
    fake.rest.answer_within = 0.2
    ended = asyncio.Event()

    async def sleep(interaction: discord.Interaction) -> None:
        try:
            await asyncio.sleep(0.4)
            await say_hello(interaction)
        finally:
            ended.set()

    bot.handler = sleep
    answer = await ada.command("/ping")
    await ended.wait()
    await fake.world.until(lambda: bool(bot.faults), 30)

    assert answer.failed
    assert answer.lines == ["This interaction failed"]
    assert [getattr(fault, "code", None) for fault in bot.faults] == [10062]


async def test_a_press_without_any_bot_fails_at_once(fake: FakeDiscord, ada: DiscordMember) -> None:
    assert (await ada.command("/ping")).failed


async def test_a_second_callback_is_refused(fake: FakeDiscord, ada: DiscordMember, bot: TinyBot) -> None:
    async def twice(interaction: discord.Interaction) -> None:
        await say_hello(interaction)
        url = f"/interactions/{interaction.id}/{interaction.token}/callback"
        status, code, _ = await refused(fake, "POST", url, {"type": 5})
        bot.faults.append(AssertionError(f"{status} {code}"))

    bot.handler = twice
    await ada.command("/ping")
    await fake.world.until(lambda: bool(bot.faults), 30)
    await asyncio.sleep(0)

    assert [str(fault) for fault in bot.faults] == ["400 40060"]


async def test_followups_before_the_first_answer_and_after_fifteen_minutes_are_refused(
    fake: FakeDiscord, ada: DiscordMember, bot: TinyBot
) -> None:
    codes: list[int] = []

    async def follow(interaction: discord.Interaction) -> None:
        with pytest.raises(discord.HTTPException) as early:
            await interaction.followup.send(view=layout())
        await say_hello(interaction)
        fake.pass_time(15 * 60 + 1)
        with pytest.raises(discord.HTTPException) as late:
            await interaction.edit_original_response(view=layout())
        codes.extend([early.value.code, late.value.code])

    bot.handler = follow
    await ada.command("/ping")
    await fake.world.until(lambda: len(codes) == 2, 30)

    assert codes == [10015, 50027]


async def test_a_form_opens_is_filled_and_sent(ada: DiscordMember, bot: TinyBot) -> None:
    sent: list[Any] = []

    async def open_form(interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.modal_submit:
            assert interaction.data
            sent.extend(interaction.data["components"])  # type: ignore[typeddict-item]  # a form's data
            await interaction.response.edit_message(view=layout("Thank you"))
        elif interaction.type is discord.InteractionType.component:
            modal = discord.ui.Modal(title="Tell us", custom_id="form", timeout=1)
            modal.add_item(
                discord.ui.Label(text="Name", component=discord.ui.TextInput(custom_id="name", max_length=10))
            )
            options = [
                discord.SelectOption(label="Yes", value="y"),
                discord.SelectOption(label="No", value="n"),
            ]
            choice: discord.ui.Select[Any] = discord.ui.Select(custom_id="choice", options=options, required=True)
            modal.add_item(discord.ui.Label(text="Choice", component=choice))
            modal.stop()
            await interaction.response.send_modal(modal)
        else:
            await say_hello(interaction)

    bot.handler = open_form
    first = await ada.command("/ping")
    opened = await ada.press(first, "Go")

    assert opened.form.title == "Tell us"
    assert [field.label for field in opened.form.fields] == ["Name", "Choice"]
    with pytest.raises(NotPossible):
        await ada.submit(opened, {"Name": "longer than ten", "Choice": "Yes"})

    answer = await ada.submit(opened, {"Name": "Ada", "Choice": "Yes"})

    assert sent[0]["component"] == {"type": 4, "id": 1, "custom_id": "name", "value": "Ada"}
    assert sent[1]["component"]["values"] == ["y"]
    assert answer.replaced
    assert first.lines == ["Thank you"]


async def test_a_select_sends_its_values(ada: DiscordMember, bot: TinyBot) -> None:
    async def choose(interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.application_command:
            row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
            options = [discord.SelectOption(label=f"Option {n}", value=str(n)) for n in range(3)]
            row.add_item(discord.ui.Select(custom_id="s", placeholder="Pick", options=options, max_values=2))
            await interaction.response.send_message(view=layout("Choose", row))
        else:
            assert interaction.data
            await interaction.response.edit_message(view=layout(", ".join(interaction.data["values"])))  # type: ignore[typeddict-item]  # a select's data

    bot.handler = choose
    first = await ada.command("/ping")
    with pytest.raises(NotPossible):
        await ada.choose(first, "Pick", ["Option 0", "Option 1", "Option 2"])
    await ada.choose(first, "Pick", ["Option 0", "Option 2"])

    assert first.lines == ["0, 2"]


async def test_files_are_shown_where_a_component_refers_to_them(ada: DiscordMember, bot: TinyBot) -> None:
    async def attach(interaction: discord.Interaction) -> None:
        gallery: discord.ui.MediaGallery[Any] = discord.ui.MediaGallery()
        gallery.add_item(media="attachment://a.png", description="A picture")
        file = discord.File(io.BytesIO(b"png"), "a.png")
        await interaction.response.send_message(view=layout("Look", gallery), file=file)

    bot.handler = attach
    answer = await ada.command("/ping")

    assert [(p.description, p.content) for p in answer.card.pictures] == [("A picture", b"png")]


async def test_suggestions_come_from_autocomplete(fake: FakeDiscord, ada: DiscordMember, bot: TinyBot) -> None:
    option = {"type": 3, "name": "skill", "description": "Which", "autocomplete": True}
    fake.world.commands[None] = [PING | {"id": "1", "options": [option]}]

    async def suggest(interaction: discord.Interaction) -> None:
        await interaction.response.autocomplete([discord.app_commands.Choice(name="Prompts", value="p")])

    bot.handler = suggest

    assert await ada.suggestions("/ping skill:pro") == ["Prompts"]


async def test_a_card_in_a_direct_message_is_pressed_there(fake: FakeDiscord, ada: DiscordMember, bot: TinyBot) -> None:
    user = await bot.fetch_user(ada.uid)
    await user.send(view=layout("In private", button()))
    contexts: list[Any] = []

    async def answer(interaction: discord.Interaction) -> None:
        contexts.append((interaction.guild_id, interaction.user.id))
        await interaction.response.edit_message(view=layout("Pressed"))

    bot.handler = answer
    await ada.press(ada.direct_messages[0], "Go")

    assert contexts == [(None, ada.uid)]
    assert ada.direct_messages[0].lines == ["Pressed"]


async def test_a_closed_direct_channel_refuses(fake: FakeDiscord, ada: DiscordMember, bot: TinyBot) -> None:
    ada.close_direct_messages()
    user = await bot.fetch_user(ada.uid)

    with pytest.raises(discord.Forbidden) as refusal:
        await user.send(view=layout())

    assert refusal.value.code == 50007


@pytest.mark.parametrize("code", [50001, 50013, 10003])
async def test_a_channel_without_rights_refuses(fake: FakeDiscord, bot: TinyBot, code: int) -> None:
    channel = next(iter(fake.guild.channels.values()))
    channel.refuses = code

    with pytest.raises(discord.HTTPException) as refusal:
        await bot.get_partial_messageable(channel.id).send(view=layout())

    assert refusal.value.code == code


async def test_the_same_nonce_posts_once(fake: FakeDiscord, bot: TinyBot) -> None:
    channel = next(iter(fake.guild.channels.values()))
    target = bot.get_partial_messageable(channel.id)

    first = await target.send(view=layout("One"), nonce="tip-1")
    second = await target.send(view=layout("Two"), nonce="tip-1")
    fake.pass_time(301)
    third = await target.send(view=layout("Three"), nonce="tip-1")

    assert first.id == second.id
    assert third.id != first.id
    assert len(channel.messages) == 2


async def test_members_roles_and_rights_come_with_the_interaction(fake: FakeDiscord) -> None:
    role = fake.world.add_role(fake.guild, "Moderators")
    moderator = fake.member("Mo", locale="zh-CN", permissions=MANAGE_GUILD, roles=(role.id,))
    told: list[Any] = []

    async def look(interaction: discord.Interaction) -> None:
        assert isinstance(interaction.user, discord.Member)
        told.append((interaction.permissions.manage_guild, str(interaction.locale)))
        told.append(interaction.user.get_role(role.id) is not None)
        await say_hello(interaction)

    async with running(fake) as bot:
        bot.handler = look
        await moderator.command("/ping")

    assert told == [(True, "zh-CN"), True]


async def test_a_hidden_command_is_offered_to_nobody_without_the_right(fake: FakeDiscord) -> None:
    fake.world.commands[None] = [PING | {"id": "1", "default_member_permissions": str(MANAGE_GUILD)}]
    ada, moderator = fake.member("Ada"), fake.member("Mo", permissions=MANAGE_GUILD)

    assert ada.offered() == []
    assert moderator.offered() == ["ping"]
    with pytest.raises(NotPossible):
        await ada.command("/ping")


# the gateway


async def test_op_7_makes_the_client_resume(fake: FakeDiscord, ada: DiscordMember, bot: TinyBot) -> None:
    await fake.gateway.ask_reconnect()
    await fake.world.until(lambda: fake.gateway.resumed == 1, 30)

    assert (await ada.command("/ping")).lines == ["Hello"]
    assert fake.gateway.identified == 1


async def test_a_press_during_a_cut_connection_is_delivered_on_resume(
    fake: FakeDiscord, ada: DiscordMember, bot: TinyBot
) -> None:
    fake.gateway.cut()

    assert (await ada.command("/ping")).lines == ["Hello"]
    assert fake.gateway.resumed == 1


async def test_op_9_makes_the_client_identify_anew(fake: FakeDiscord, ada: DiscordMember, bot: TinyBot) -> None:
    await fake.gateway.invalidate(resumable=False)
    await fake.world.until(lambda: fake.gateway.identified == 2 and fake.gateway.connected, 30)

    assert (await ada.command("/ping")).lines == ["Hello"]


async def test_who_is_in_a_server_can_be_asked_and_is_no_breach(
    fake: FakeDiscord, ada: DiscordMember, bot: TinyBot
) -> None:
    left = fake.member("Left")
    left.leave()

    async def code_of(server: int, person: int) -> int:
        with pytest.raises(discord.NotFound) as refused:
            await bot.http.get_member(server, person)
        return refused.value.code

    answer = await bot.http.get_member(ada.guild.id, ada.uid)

    assert answer["user"]["id"] == str(ada.uid)
    assert discord_spec.answer_errors("member", answer) == []
    assert await code_of(ada.guild.id, left.uid) == 10007
    assert await code_of(ada.guild.id, 1) == 10013
    assert await code_of(2, ada.uid) == 10004
    assert fake.breaches == []


async def test_a_wrong_token_is_refused(fake: FakeDiscord) -> None:
    client = TinyBot()
    with pytest.raises(discord.LoginFailure):
        await client.login("wrong")
    await client.close()


async def test_a_privileged_intent_is_refused(fake: FakeDiscord) -> None:
    client = discord.Client(intents=discord.Intents(guilds=True, members=True))
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await client.start(fake.token)
    await client.close()


async def test_the_session_survives_a_restart_of_the_bot_with_its_messages(
    fake: FakeDiscord, ada: DiscordMember
) -> None:
    async with running(fake):
        first = await ada.command("/ping")
    async with running(fake) as again:

        async def replace(interaction: discord.Interaction) -> None:
            await interaction.response.edit_message(view=layout("After the restart"))

        again.handler = replace
        await ada.press(first, "Go")

    assert first.lines == ["After the restart"]


# faults


async def test_a_429_is_waited_for_and_sent_again(fake: FakeDiscord, ada: DiscordMember, bot: TinyBot) -> None:
    fake.order("callback", Fault.rate_limited(0.01), times=2)

    assert (await ada.command("/ping")).lines == ["Hello"]
    assert [call.status for call in fake.calls("callback")] == [429, 429, 200]


async def test_a_429_without_via_is_given_up(fake: FakeDiscord, ada: DiscordMember, bot: TinyBot) -> None:
    fake.rest.answer_within = 0.3
    fake.order("callback", Fault.rate_limited(0.01, via=False))

    assert (await ada.command("/ping")).failed
    await fake.world.until(lambda: bool(bot.faults), 30)

    assert [getattr(fault, "status", None) for fault in bot.faults] == [429]


async def test_an_applied_callback_that_answered_500_meets_40060_when_sent_again(
    fake: FakeDiscord, ada: DiscordMember, bot: TinyBot
) -> None:
    fake.order("callback", Fault.failing(500, applied=True))
    answer = await ada.command("/ping")
    await fake.world.until(lambda: bool(bot.faults), 30)

    assert answer.lines == ["Hello"]
    assert [getattr(fault, "code", None) for fault in bot.faults] == [40060]


async def test_an_ordered_refusal_and_a_late_answer(fake: FakeDiscord, ada: DiscordMember, bot: TinyBot) -> None:
    fake.order("callback", Fault.slow(0.2))
    answer = await ada.command("/ping")
    fake.rest.answer_within = 0.3
    fake.order("callback", Fault.refusing(404, 10062))
    failed = await ada.command("/ping")
    await fake.world.until(lambda: bool(bot.faults), 30)

    assert answer.answered_after > 0.15
    assert failed.failed
    assert [getattr(fault, "code", None) for fault in bot.faults] == [10062]


async def test_a_channels_bucket_makes_the_library_wait(fake: FakeDiscord, bot: TinyBot) -> None:
    fake.rest.channel_bucket = (2, 0.3)
    channel = bot.get_partial_messageable(next(iter(fake.guild.channels)))
    began = asyncio.get_running_loop().time()
    for count in range(5):
        await channel.send(view=layout(str(count)))

    assert asyncio.get_running_loop().time() - began > 0.3


# what is refused

BAD_MESSAGES: dict[str, dict[str, Any]] = {
    "content beside V2": v2(words("a"), content="b"),
    "embeds beside V2": v2(words("a"), embeds=[{"title": "b"}]),
    "V2 components without the flag": {"components": [words("a")]},
    "no components": v2(),
    "nothing at all": {"content": ""},
    "41 components": v2(*[words("a") for _ in range(41)]),
    "41 nested components": v2({"type": 17, "components": [words("a") for _ in range(40)]}),
    "4,001 characters in two texts": v2(words("a" * 4000), words("b")),
    "an empty text": v2(words("")),
    "a text of blanks": v2(words("  \n ")),
    "a custom id twice": v2(row(press_me("same"), press_me("same"))),
    "a custom id of 101": v2(row(press_me("x" * 101))),
    "a label of 81": v2(row(press_me("a", label="x" * 81))),
    "a button without label": v2(row(press_me("a", label=None))),
    "a button without custom id": v2(row({"type": 2, "style": 1, "label": "x"})),
    "a link button with a custom id": v2(row(press_me("a", style=5, url="https://example.org"))),
    "a link button to a script": v2(row({"type": 2, "style": 5, "label": "x", "url": "javascript:x"})),
    "six buttons in a row": v2(row(*[press_me(str(n)) for n in range(6)])),
    "a select beside a button": v2(row(press_me("a"), select())),
    "a button at the top": v2(press_me("a")),
    "26 options": v2(row(select(options=[{"label": str(n), "value": str(n)} for n in range(26)]))),
    "an option twice": v2(row(select(options=[{"label": "a", "value": "x"}, {"label": "b", "value": "x"}]))),
    "an option label of 101": v2(row(select(options=[{"label": "a" * 101, "value": "x"}]))),
    "more values than options": v2(row(select(max_values=4))),
    "more defaults than values": v2(
        row(select(options=[{"label": str(n), "value": str(n), "default": True} for n in range(2)]))
    ),
    "a placeholder of 151": v2(row(select(placeholder="x" * 151))),
    "a section without accessory": v2({"type": 9, "components": [words("a")]}),
    "a section of four texts": v2({"type": 9, "components": [words("a")] * 4, "accessory": press_me("a")}),
    "a container inside a container": v2({"type": 17, "components": [{"type": 17, "components": [words("a")]}]}),
    "a file that was not sent": v2({"type": 13, "file": {"url": "attachment://a.txt"}}),
    "a picture that was not sent": v2({"type": 12, "items": [{"media": {"url": "attachment://a.png"}}]}),
    "users both parsed and listed": v2(words("a"), allowed_mentions={"parse": ["users"], "users": ["1"]}),
    "a nonce of 26": v2(words("a"), nonce="x" * 26, enforce_nonce=True),
    "an ephemeral channel message": {"flags": 64, "content": "a"},
    "content of 2,001": {"content": "a" * 2001},
}


@pytest.mark.parametrize("body", BAD_MESSAGES.values(), ids=BAD_MESSAGES)
async def test_a_message_against_the_rules_is_refused(fake: FakeDiscord, body: dict[str, Any]) -> None:
    status, code, said = await refused(fake, "POST", send_path(fake), body)

    assert (status, code) in {(400, 50035), (400, 50006)}, said
    assert fake.breaches
    assert not next(iter(fake.guild.channels.values())).messages


async def test_a_message_within_the_rules_is_taken(fake: FakeDiscord) -> None:
    container = {"type": 17, "components": [words("a"), {"type": 14}, row(press_me("a"), press_me("b"))]}
    body = v2(container, row(select()), nonce="x" * 25, enforce_nonce=True)

    assert (await refused(fake, "POST", send_path(fake), body))[0] == 200


async def test_a_v2_message_never_goes_back_to_content(fake: FakeDiscord) -> None:
    await refused(fake, "POST", send_path(fake), v2(words("a")))
    message = next(iter(next(iter(fake.guild.channels.values())).messages))

    status, code, _ = await refused(fake, "PATCH", f"{send_path(fake)}/{message}", {"content": "b"})

    assert (status, code) == (400, 50035)


def command(**more: Any) -> dict[str, Any]:
    return {"name": "ok", "description": "Fine", "type": 1} | more


def option(name: str = "o", kind: int = 3, **more: Any) -> dict[str, Any]:
    return {"name": name, "description": "Fine", "type": kind} | more


BAD_COMMANDS: dict[str, list[dict[str, Any]]] = {
    "an upper-case name": [command(name="Ok")],
    "a name with a space": [command(name="o k")],
    "a name of 33": [command(name="o" * 33)],
    "a localized upper-case name": [command(name_localizations={"zh-CN": "中文A"})],
    "an unknown locale": [command(name_localizations={"zh": "中文"})],
    "no description": [command(description="")],
    "a description of 101": [command(description="x" * 101)],
    "a localized description of 101": [command(description_localizations={"zh-CN": "中" * 101})],
    "a name twice": [command(), command()],
    "26 options": [command(options=[option(f"o{n}") for n in range(26)])],
    "an option twice": [command(options=[option(), option()])],
    "26 choices": [command(options=[option(choices=[{"name": f"{n}", "value": f"{n}"} for n in range(26)])])],
    "choices with autocomplete": [command(options=[option(choices=[{"name": "a", "value": "a"}], autocomplete=True)])],
    "a required option last": [command(options=[option("a"), option("b", required=True)])],
    "a subcommand beside an option": [command(options=[option("a", 1), option("b")])],
    "a group in a group": [command(options=[option("a", 2, options=[option("b", 2)])])],
    "8,001 characters": [
        command(
            options=[
                option(f"s{n}", 1, options=[option(f"o{m}", description="x" * 100) for m in range(4)])
                for n in range(20)
            ]
        )
    ],
}


@pytest.mark.parametrize("commands", BAD_COMMANDS.values(), ids=BAD_COMMANDS)
async def test_commands_against_the_rules_are_refused(fake: FakeDiscord, commands: list[dict[str, Any]]) -> None:
    path = f"/applications/{fake.world.application_id}/commands"
    status, code, said = await refused(fake, "PUT", path, commands)

    assert (status, code) == (400, 50035), said


async def test_commands_keep_their_ids_when_put_again(fake: FakeDiscord) -> None:
    path = f"/applications/{fake.world.application_id}/commands"
    await refused(fake, "PUT", path, [command(name_localizations={"zh-CN": "好的"})])
    first = fake.world.commands[None][0]["id"]
    status, _, _ = await refused(fake, "PUT", path, [command(), command(name="more")])

    assert status == 200
    assert fake.world.commands[None][0]["id"] == first


def label(component: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": 18, "label": "Label", "component": component} | more


def text_input(**more: Any) -> dict[str, Any]:
    return {"type": 4, "custom_id": "t", "style": 1} | more


BAD_FORMS: dict[str, dict[str, Any]] = {
    "a title of 46": {"title": "x" * 46},
    "no component": {"components": []},
    "six components": {"components": [label(text_input(custom_id=str(n))) for n in range(6)]},
    "a label of 46": {"components": [label(text_input(), label="x" * 46)]},
    "a description of 101": {"components": [label(text_input(), description="x" * 101)]},
    "a button": {"components": [row(press_me("a"))]},
    "a container": {"components": [{"type": 17, "components": [words("a")]}]},
    "a custom id twice": {"components": [label(text_input()), label(text_input())]},
    "an own label inside a label": {"components": [label(text_input(label="x"))]},
    "a value over max_length": {"components": [label(text_input(max_length=2, value="abc"))]},
    "one radio button": {
        "components": [label({"type": 21, "custom_id": "r", "options": [{"label": "a", "value": "a"}]})]
    },
}


@pytest.mark.parametrize("change", BAD_FORMS.values(), ids=BAD_FORMS)
async def test_forms_against_the_rules_are_refused(
    fake: FakeDiscord, ada: DiscordMember, bot: TinyBot, change: dict[str, Any]
) -> None:
    results: list[tuple[int, int, str]] = []

    async def open_form(interaction: discord.Interaction) -> None:
        data = {"title": "T", "custom_id": "c", "components": [label(text_input())]} | change
        url = f"/interactions/{interaction.id}/{interaction.token}/callback"
        results.append(await refused(fake, "POST", url, {"type": 9, "data": data}))
        await say_hello(interaction)

    bot.handler = open_form
    answer = await ada.command("/ping")

    assert [result[:2] for result in results] == [(400, 50035)]
    assert answer.lines == ["Hello"], "a refused body leaves the interaction open for another answer"


@pytest.mark.parametrize("kind", [6, 7, 8])
async def test_callbacks_that_do_not_fit_a_command_are_refused(
    fake: FakeDiscord, ada: DiscordMember, bot: TinyBot, kind: int
) -> None:
    codes: list[int] = []

    async def wrong(interaction: discord.Interaction) -> None:
        url = f"/interactions/{interaction.id}/{interaction.token}/callback"
        codes.append((await refused(fake, "POST", url, {"type": kind, "data": {}}))[1])
        await say_hello(interaction)

    bot.handler = wrong
    await ada.command("/ping")

    assert codes == [50035]


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        (None, ["@everyone", "<@5>", "<@&6>"]),
        ({"parse": []}, []),
        ({"parse": ["users"]}, ["<@5>"]),
        ({"parse": [], "roles": ["6"]}, ["<@&6>"]),
    ],
)
async def test_whom_a_message_would_ping_is_written_down(
    fake: FakeDiscord, allowed: dict[str, Any] | None, expected: list[str]
) -> None:
    more = {"allowed_mentions": allowed} if allowed is not None else {}
    await refused(fake, "POST", send_path(fake), v2(words(r"\@everyone <@5> <@&6>"), **more))

    assert fake.pings == expected


@pytest.mark.skipif(discord_spec.absent() is not None, reason=discord_spec.WHY_ABSENT)
async def test_bodies_are_checked_against_discords_own_document(fake: FakeDiscord) -> None:
    wrong = v2({"type": 10, "content": 5})
    assert discord_spec.errors("send", wrong)
    assert discord_spec.errors("send", v2(row(press_me("a", style=9))))
    assert not discord_spec.errors("send", v2(words("a"), row(press_me("a"))))
    assert discord_spec.errors("callback", {"type": 4, "data": {"flags": "x"}})
    assert discord_spec.errors("callback", {"type": 77})
    assert discord_spec.errors("dm", {"recipient_id": "five"})
    assert discord_spec.errors("commands.put", [{"description": "no name"}])
    assert not discord_spec.errors("commands.put", [command(options=[option()])])
    assert all(discord_spec.errors(route, {"components": 5}) for route in ("original.edit", "followup.edit"))


# reading


@pytest.mark.parametrize(
    ("source", "text", "kinds"),
    [
        ("plain, 1 < 2 & a_b_c", "plain, 1 < 2 & a_b_c", []),
        ("**x** and *y* and __z__", "x and y and z", ["bold", "italic", "underline"]),
        (r"\*\*x\*\*", "**x**", []),
        ("[a](https://b.example)", "a", ["link"]),
        ("[a](b)", "[a](b)", []),
        ("see https://b.example.", "see https://b.example.", ["link"]),
        (r"https\://b.example", "https://b.example", []),
        ("<@5> <@&6> <#7> @everyone", "@5 @&6 #7 @everyone", ["user", "role", "channel", "everyone"]),
        (r"\<@5> \@everyone", "<@5> @everyone", []),
        ("# Title", "Title", ["heading"]),
        (r"\# Title", "# Title", []),
        ("-# quiet", "quiet", ["small"]),
        ("- item", "• item", ["list"]),
        ("1. item", "1. item", ["list"]),
        ("> said", "said", ["quote"]),
        ("`a*b*`", "a*b*", ["code"]),
        ("~~x~~ ||y||", "x y", ["strike", "spoiler"]),
        (":smile: <a:b:1>", ":smile: :b:", ["emoji", "emoji"]),
        ("<t:1767225600:d>", "2026-01-01", ["time"]),
        ("</pmpath start:5>", "/pmpath start", ["command"]),
    ],
)
def test_markup_is_read_as_discord_shows_it(source: str, text: str, kinds: list[str]) -> None:
    reading = read(source)

    assert reading.text == text
    assert [mark.kind for mark in reading.marks] == kinds
