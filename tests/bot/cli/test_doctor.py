"""`pmpath doctor`: one sentence and a way out for whatever keeps the program from running."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest
from PIL import ImageFont

from bot.cli.slack_scopes import WITHOUT
from bot.clock import real_now
from bot.pictures import lettering
from bot.slack.declare import SCOPES
from bot.vault import Vault
from storage import notes
from storage.slack_installations import Installation, Tokens, install
from storage.store import Store
from tests.bot.cli.conftest import Shell
from tests.bot.slack.many import KEY, NEW_KEY
from tests.fakes.discord import FakeDiscord, Fault
from tests.fakes.slack import FakeSlack
from tests.program import Program, free_port

DEAD = "http://127.0.0.1:9/api"  # the discard port; nobody listens there


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as fake:
        yield fake


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        yield fake


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        yield stranger.getsockname()[1]


@pytest.fixture(autouse=True)
def free(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual port may be somebody's on this machine."""
    monkeypatch.setenv("PMPATH_PORT", "0")


async def test_without_settings_all_is_well_and_nothing_is_changed(shell: Shell) -> None:
    said = await shell.run("doctor")

    assert (said.code, said.wrong) == (0, [])
    assert "the rehearsal page will run" in said.lines[0]
    assert all(line.startswith("ok     ") for line in said.lines)
    assert "sandbox.sqlite3 is not there yet; it will be made." in said.out
    assert "pmpath.sqlite3" not in said.out
    assert list(shell.folder.iterdir()) == []


async def test_fonts_that_are_missing_are_told(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "ok     Pictures can be drawn." in (await shell.run("doctor")).lines
    monkeypatch.setitem(lettering.PACKAGES, "cjk", "no_such_fonts")

    said = await shell.run("doctor")

    assert said.code == 1
    assert [sentence.partition(" (")[0] for sentence in said.wrong] == ["No picture can be drawn"]


async def test_a_system_without_fribidi_is_told_what_to_install(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    basic = ImageFont.Layout.BASIC  # what Pillow falls back to, and then refuses directions with the same KeyError
    # a system library can't be taken away from this process
    monkeypatch.setattr(ImageFont, "truetype", partial(ImageFont.truetype, layout_engine=basic))

    said = await shell.run("doctor")

    assert said.code == 1
    assert said.wrong == [
        "No picture can be drawn: the system lacks the library FriBiDi. "
        "Install it, on Debian and Ubuntu apt-get install libfribidi0, and start pmpath again."
    ]


async def test_a_wrong_discord_token_is_told_with_where_to_get_a_right_one(shell: Shell, discord: FakeDiscord) -> None:
    said = await shell.run("doctor", DISCORD_TOKEN="wr.on.g", DISCORD_API_URL=discord.api_url)

    assert said.code == 1
    assert said.wrong == [
        "Discord does not know DISCORD_TOKEN. On the application's Bot page press Reset Token, "
        "and put the new one into DISCORD_TOKEN."
    ]


async def test_a_right_discord_token_is_told_by_the_bots_name(shell: Shell, discord: FakeDiscord) -> None:
    said = await shell.run("doctor", DISCORD_TOKEN=discord.token, DISCORD_API_URL=discord.api_url)

    assert (said.code, said.wrong) == (0, [])
    assert "ok     DISCORD_TOKEN is known: user" in said.out
    assert said.lines[-3:] == [
        "ok     Discord recommends 1 shard; this process serves it (1000 sessions left).",
        "ok     The application can be installed in servers; anybody may add it.",
        "ok     Discord does not know /pmpath and /pmpath-mod yet; pmpath run tells it until it does.",
    ]
    assert "pmpath.sqlite3 is not there yet; it will be made." in said.out
    assert "sandbox.sqlite3" not in said.out
    assert discord.breaches == []


async def test_a_discord_that_is_ill_is_not_taken_for_a_wrong_token(shell: Shell, discord: FakeDiscord) -> None:
    discord.order("me", Fault.failing(503))

    said = await shell.run("doctor", DISCORD_TOKEN=discord.token, DISCORD_API_URL=discord.api_url)

    assert said.code == 1
    assert [line.partition(" answered ")[2] for line in said.wrong] == [
        "503. Try again in a minute; if it stays, look at its status page."
    ]


@pytest.mark.parametrize(
    "settings",
    [
        {"DISCORD_TOKEN": "d", "DISCORD_API_URL": DEAD},
        {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "SLACK_API_URL": DEAD},
    ],
    ids=["discord", "slack"],
)
async def test_a_platform_that_cannot_be_reached_is_told_with_its_address(
    shell: Shell, settings: dict[str, str]
) -> None:
    said = await shell.run("doctor", **settings)

    (sentence,) = said.wrong
    assert said.code == 1
    assert f"could not be reached at {DEAD}" in sentence
    assert "Check the network, a proxy, or " in sentence


async def test_wrong_slack_tokens_are_told_each_with_its_page(shell: Shell, slack: FakeSlack) -> None:
    slack.install()

    said = await shell.run(
        "doctor", SLACK_BOT_TOKEN="xoxb-wrong", SLACK_APP_TOKEN="xapp-wrong", SLACK_API_URL=slack.api_url
    )

    assert said.code == 1
    assert said.wrong == [
        "Slack refuses SLACK_BOT_TOKEN (invalid_auth). Copy it again from the app's page OAuth & Permissions.",
        "Slack refuses SLACK_APP_TOKEN (invalid_auth). "
        "Copy it again from the app's page Basic Information → App-Level Tokens.",
    ]


async def test_right_slack_tokens_are_told_by_bot_and_workspace(shell: Shell, slack: FakeSlack) -> None:
    team = slack.install()

    said = await shell.run(
        "doctor", SLACK_BOT_TOKEN=team.bot_token, SLACK_APP_TOKEN=slack.app_token, SLACK_API_URL=slack.api_url
    )

    assert (said.code, said.wrong) == (0, [])
    assert said.lines[-3:] == [
        "ok     SLACK_BOT_TOKEN is known: pmpath in workspace.",
        "ok     The bot token has every scope that is needed.",
        "ok     SLACK_APP_TOKEN is known: it may open a socket.",
    ]


@pytest.mark.parametrize("garbled", [False, True])
async def test_a_slack_that_is_ill_is_not_taken_for_a_wrong_token(
    shell: Shell, slack: FakeSlack, *, garbled: bool
) -> None:
    team = slack.install()
    slack.fail_next("auth.test", status=503, garbled=garbled)

    said = await shell.run(
        "doctor", SLACK_BOT_TOKEN=team.bot_token, SLACK_SIGNING_SECRET="s", SLACK_API_URL=slack.api_url
    )

    assert said.code == 1
    assert [line.partition(" answered ")[2] for line in said.wrong] == [
        "503. Try again in a minute; if it stays, look at its status page."
    ]


@pytest.mark.parametrize("said", ["internal_error", "service_unavailable"])
async def test_a_passing_fault_of_slack_is_not_taken_for_a_wrong_token(
    shell: Shell, slack: FakeSlack, said: str
) -> None:
    team = slack.install()
    slack.fail_next("auth.test", error=said)

    told = await shell.run(
        "doctor", SLACK_BOT_TOKEN=team.bot_token, SLACK_SIGNING_SECRET="s", SLACK_API_URL=slack.api_url
    )

    assert [line.partition(" answered ")[2].partition(".")[0] for line in told.wrong] == [said]


async def test_an_app_token_without_its_scope_is_told_which_one(shell: Shell, slack: FakeSlack) -> None:
    team = slack.install()
    slack.fail_next("apps.connections.open", error="missing_scope")

    said = await shell.run(
        "doctor", SLACK_BOT_TOKEN=team.bot_token, SLACK_APP_TOKEN=slack.app_token, SLACK_API_URL=slack.api_url
    )

    assert ["connections:write" in line for line in said.wrong] == [True]


async def test_scopes_that_the_bot_token_lacks_are_told_with_what_then_fails(shell: Shell, slack: FakeSlack) -> None:
    team = slack.install()
    team.scopes -= {"files:read", "users:read"}

    said = await shell.run(
        "doctor", SLACK_BOT_TOKEN=team.bot_token, SLACK_SIGNING_SECRET="s", SLACK_API_URL=slack.api_url
    )

    assert [line.partition(". ")[0] for line in said.wrong] == [
        "The bot token lacks the scope files:read: cards show pictures as words",
        "The bot token lacks the scope users:read: "
        "names, languages and time zones are not known, and no admin is a moderator",
    ]
    assert all("install the app to the workspace again" in line for line in said.wrong)
    assert WITHOUT.keys() == set(SCOPES)


async def test_what_at_discord_keeps_commands_away_is_told(shell: Shell, discord: FakeDiscord) -> None:
    settings = {"DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url}
    discord.world.application |= {
        "interactions_endpoint_url": "https://elsewhere.example.org",
        "bot_require_code_grant": True,
        "integration_types_config": {"1": {}},
    }
    (shell.folder / "data").mkdir()
    store = await Store.open(f"sqlite:///{shell.folder}/data/pmpath.sqlite3", now=real_now)
    await store.write(notes.keep, f"discord.commands:{discord.world.application_id}", "digest")
    await store.close()

    said = await shell.run("doctor", **settings)
    discord.order("application", Fault.failing(503))
    away = await shell.run("doctor", **settings)

    assert [line.partition(".")[0] for line in said.wrong] == [
        "Discord sends commands and presses to an Interactions Endpoint URL, not to pmpath, and nothing is answered",
        "Nobody can add the bot by the plain address",
        "The application cannot be installed in servers",
        "Discord was told /pmpath and /pmpath-mod and no longer knows it: another program uses this token "
        "and has replaced our commands",
    ]
    assert "could not be read; Discord may be busy" in away.lines[-1]


async def test_no_token_is_ever_printed(shell: Shell, slack: FakeSlack) -> None:
    said = await shell.run(
        "doctor", SLACK_BOT_TOKEN="xoxb-geheim", SLACK_APP_TOKEN="xapp-geheim", SLACK_API_URL=slack.api_url
    )

    assert "geheim" not in said.out + said.err


async def test_a_folder_below_a_file_is_told_and_its_database_not_promised(shell: Shell) -> None:
    (shell.folder / "file").touch()

    said = await shell.run("doctor", PMPATH_DATA_DIR="file/data")

    assert said.code == 1
    assert said.wrong == [
        f"{shell.folder}/file is a file, so file/data can't be made in it. Name another folder in PMPATH_DATA_DIR."
    ]
    assert "sqlite3" not in said.out


async def test_a_folder_that_takes_no_files_is_told(shell: Shell) -> None:
    said = await shell.run("doctor", PMPATH_DATA_DIR="/proc/self/data")  # a folder that even root can't write into

    (sentence,) = said.wrong
    assert said.code == 1
    assert sentence.startswith("Nothing can be written in /proc/self (")
    assert "name another folder in PMPATH_DATA_DIR" in sentence


async def test_a_file_that_is_no_database_is_told(shell: Shell) -> None:
    (shell.folder / "data").mkdir()
    (shell.folder / "data" / "sandbox.sqlite3").write_text("no database " * 100)

    said = await shell.run("doctor")

    (sentence,) = said.wrong
    assert said.code == 1
    assert "sandbox.sqlite3 is not an SQLite database" in sentence


async def test_a_server_that_does_not_answer_is_told_without_its_password(shell: Shell) -> None:
    said = await shell.run("doctor", DATABASE_URL=f"postgresql://me:geheim@127.0.0.1:{free_port()}/pmpath")

    assert said.code == 1
    assert said.wrong == [
        "The PostgreSQL server does not answer. Check that it runs and that DATABASE_URL names it rightly."
    ]
    assert "geheim" not in said.out + said.err


async def test_a_broken_yaml_line_is_told_by_file_line_and_what_was_expected(shell: Shell, broken_pack: Path) -> None:
    said = await shell.run("doctor", PMPATH_CONTENT_DIR=str(broken_pack))

    assert said.code == 1
    assert any(line.startswith(f"{broken_pack}/skills.yaml, line 3: expected ") for line in said.wrong)
    assert all("pmpath content check tells whether it is right." in line for line in said.wrong)


async def test_a_port_in_use_is_told_with_the_way_to_another(shell: Shell, taken_port: int) -> None:
    said = await shell.run("doctor", PMPATH_PORT=str(taken_port))

    assert said.code == 1
    assert said.wrong == [
        f"Port {taken_port} on 127.0.0.1 is in use by another program. "
        "Stop that one, or set PMPATH_PORT to another number; 0 takes a free one."
    ]


async def test_an_address_of_another_machine_is_told(shell: Shell) -> None:
    said = await shell.run("doctor", PMPATH_HOST="192.0.2.1", PMPATH_ACCESS_KEY="k" * 12)

    assert said.wrong == ["192.0.2.1 is no address of this machine. Set PMPATH_HOST=127.0.0.1, or 0.0.0.0 for all."]


async def test_every_wrong_setting_is_told_and_the_rest_looked_at(shell: Shell, taken_port: int) -> None:
    said = await shell.run(
        "doctor",
        DISCORD_TOKEN="two words",
        SLACK_BOT_TOKEN="xoxb-1",
        PMPATH_LOG="loud",
        PMPATH_DATADIR="here",
        PMPATH_PORT=str(taken_port),
    )

    assert said.code == 1
    assert {line.split()[0] for line in said.wrong} == {
        "DISCORD_TOKEN",
        "SLACK_BOT_TOKEN",
        "PMPATH_LOG",
        "PMPATH_DATADIR",
        "Port",
    }
    assert "ok     The content is sound." in said.lines


async def test_nothing_is_looked_at_in_place_of_a_wrong_setting(shell: Shell) -> None:
    said = await shell.run(
        "doctor",
        PMPATH_DATA_DIR=__file__,
        PMPATH_CONTENT_DIR="nowhere",
        PMPATH_PORT="many",
        DATABASE_URL="mysql://h/d",
    )

    assert len(said.wrong) == 4
    assert said.lines == [*(f"wrong  {line}" for line in said.wrong), "ok     Pictures can be drawn."]


@pytest.mark.parametrize(
    ("secret", "key", "told"),
    [
        ("", KEY, "Slack installations: 1, all opened by PMPATH_SECRET_KEY."),
        ("", NEW_KEY, "1 of 1 Slack installations cannot be opened."),
        ("another", KEY, "Slack refuses SLACK_CLIENT_ID or SLACK_CLIENT_SECRET (bad_client_secret)."),
    ],
    ids=["all well", "another key", "another secret"],
)
async def test_the_app_of_many_workspaces_is_looked_at(
    shell: Shell, slack: FakeSlack, secret: str, key: str, told: str
) -> None:
    settings = {
        "SLACK_SIGNING_SECRET": "s",
        "SLACK_CLIENT_ID": slack.oauth.client_id,
        "SLACK_CLIENT_SECRET": secret or slack.oauth.client_secret,
        "SLACK_API_URL": slack.api_url,
        "PMPATH_SECRET_KEY": key,
        "PMPATH_PUBLIC_URL": "https://pm.example.org",
    }
    before = await shell.run("doctor", **settings)
    assert "No workspace has installed the app yet" in before.out
    (shell.folder / "data").mkdir()
    store = await Store.open(f"sqlite:///{shell.folder}/data/pmpath.sqlite3", now=real_now)
    sealed = Tokens(Vault([KEY]).seal("xoxb-1"))
    await store.write(install, Installation("T1", None, "alpha", "U1", "B1", "commands", sealed, real_now()))
    await store.close()

    said = await shell.run("doctor", **settings)

    assert told in said.out
    assert (said.code, len(said.wrong)) == ((0, 0) if told.startswith("Slack ins") else (1, 1))
    assert ("workspaces install the app at https://pm.example.org/slack/install" in said.out) is (secret == "")


@pytest.mark.slow
async def test_beside_a_running_bot_it_only_looks(shell: Shell, discord: FakeDiscord, tmp_path: Path) -> None:
    settings = {"DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url}
    async with Program(shell.folder, settings) as bot:
        before = sorted(path.name for path in (shell.folder / "data").iterdir())

        said = await shell.run_alone("doctor", PMPATH_PORT=str(bot.port), **settings)

        assert (said.code, said.wrong) == (0, [])
        assert f"Port {bot.port} on 127.0.0.1 is in use by a running pmpath." in said.out
        assert "pmpath.sqlite3 is up to date, in use by a running pmpath (process " in said.out
        assert sorted(path.name for path in (shell.folder / "data").iterdir()) == before
        assert await bot.stop() == 0
    assert "Traceback" not in bot.log
