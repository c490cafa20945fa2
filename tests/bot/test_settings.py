"""What the environment may say, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError
from bot.settings_values import LogLevel, Moderator

KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
OTHER_KEY = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
HTTP = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s1"}
RIGHT = {
    "DISCORD_TOKEN": "d.t.k",
    "DISCORD_API_URL": "http://127.0.0.1:1/api/v10/",
    "DISCORD_SHARDS": "0-3/16",
    **SOCKET,
    "SLACK_SIGNING_SECRET": "s1",
    "SLACK_API_URL": "http://127.0.0.1:1/api/",
    "DATABASE_URL": "postgresql://u:p@h/d",
    "PMPATH_DATA_DIR": "elsewhere",
    "PMPATH_HOST": "0.0.0.0",
    "PMPATH_PORT": "0",
    "PMPATH_STOP_WAIT": "10",
    "PMPATH_WEB": "on",
    "PMPATH_ACCESS_KEY": "k1-of-the-page",
    "PMPATH_MODERATORS": "discord:1:2, slack:T1:U2",
    "PMPATH_CONTENT_DIR": ".",
    "PMPATH_PUBLIC_URL": "https://pm.example.org/",
    "PMPATH_SECRET_KEY": f"{KEY}, {OTHER_KEY}",
    "PMPATH_LOG": "DEBUG",
}
MANY = {
    "SLACK_APP_TOKEN": "xapp-1",
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "c",
    "PMPATH_SECRET_KEY": KEY,
    "PMPATH_PUBLIC_URL": "https://pm.example.org",
}
WRONG = {
    "DISCORD_TOKEN": "two words",
    "DISCORD_API_URL": "discord.com",
    "DISCORD_SHARDS": "1-4/4",
    "SLACK_BOT_TOKEN": "xoxp-geheim",
    "SLACK_APP_TOKEN": "xoxb-geheim",
    "SLACK_SIGNING_SECRET": "two words",
    "SLACK_API_URL": "ftp://x",
    "DATABASE_URL": "mysql://u:geheim@h/d",
    "PMPATH_DATA_DIR": __file__,
    "PMPATH_HOST": "http://0.0.0.0",
    "PMPATH_PORT": "65536",
    "PMPATH_STOP_WAIT": "61",
    "PMPATH_WEB": "perhaps",
    "PMPATH_ACCESS_KEY": "two words",
    "PMPATH_MODERATORS": "teams:1:2",
    "PMPATH_CONTENT_DIR": "/nowhere/at/all",
    "PMPATH_PUBLIC_URL": "http://pm.example.org",
    "PMPATH_SECRET_KEY": f"{KEY},geheim",
    "PMPATH_LOG": "loud",
}


def wrong(environ: dict[str, str]) -> dict[str, str]:
    with pytest.raises(SettingsError) as error:
        Settings.read(environ, None)
    return {one.variable: one.sentence for one in error.value.wrong}


def test_nothing_set_is_the_rehearsal_room_on_loopback() -> None:
    settings = Settings.read({}, None)

    assert (settings.discord, settings.slack, settings.web) == (None, None, True)
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.database_url == "sqlite:///data/pmpath.sqlite3"
    assert settings.sandbox_url == "sqlite:///data/sandbox.sqlite3"
    assert settings.log is LogLevel.INFO


def test_every_variable_is_read() -> None:
    settings = Settings.read(RIGHT, None)

    assert {*RIGHT, *MANY} == Settings.variables().keys()
    assert settings.discord is not None
    assert settings.discord.api_url == "http://127.0.0.1:1/api/v10"
    assert settings.slack is not None
    assert settings.slack.api_url == "http://127.0.0.1:1/api/"
    assert settings.slack.socket
    assert settings.slack.oauth is None
    assert [key.get_secret_value() for key in settings.secret_keys] == [KEY, OTHER_KEY]
    assert settings.public_url == "https://pm.example.org"
    assert settings.database_url == "postgresql://u:p@h/d"
    assert settings.moderators == {Moderator("discord", "1", "2"), Moderator("slack", "T1", "U2")}
    assert (settings.web, settings.port, settings.log) == (True, 0, LogLevel.DEBUG)


def test_all_wrong_settings_are_refused_at_once_with_a_right_value_and_no_secret() -> None:
    sentences = wrong(WRONG)

    assert sentences.keys() == WRONG.keys()
    assert all(f"{name}=" in sentence for name, sentence in sentences.items())
    assert "geheim" not in " ".join(sentences.values())


@pytest.mark.parametrize("words", ["~nobody-of-this-name/x", "x" * 5000, "/proc/self/cmdline/x"])
def test_a_path_that_cannot_even_be_looked_at_is_no_folder(words: str) -> None:
    assert wrong({"PMPATH_CONTENT_DIR": words, "PMPATH_LOG": "loud"}).keys() == {"PMPATH_CONTENT_DIR", "PMPATH_LOG"}
    assert Settings.read({"PMPATH_DATA_DIR": words}, None).data_dir == Path(words)


def test_the_app_of_many_workspaces_takes_no_token_and_says_so() -> None:
    settings = Settings.read(MANY, None)

    assert settings.slack is not None
    assert settings.slack.oauth is not None
    assert (settings.slack.bot_token, settings.slack.oauth.public_url) == (None, "https://pm.example.org")
    assert not settings.web
    assert "Slack: every workspace that installs it (SLACK_CLIENT_ID), Socket Mode" in settings.said_at_start


@pytest.mark.parametrize("name", MANY)
def test_many_workspaces_need_all_of_it(name: str) -> None:
    left = {each: words for each, words in MANY.items() if each != name}

    named = "SLACK_CLIENT_ID" if name == "SLACK_APP_TOKEN" else name
    assert wrong(left).keys() == {named}


@pytest.mark.parametrize("name", ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"])
def test_what_was_pasted_with_something_else_is_wrong(name: str) -> None:
    assert wrong({**MANY, name: "two words"}).keys() == {name}


def test_one_workspace_and_many_at_once_is_refused_with_the_choice() -> None:
    (sentence,) = wrong({**MANY, "SLACK_BOT_TOKEN": "xoxb-1"}).values()

    assert "not both. Take SLACK_BOT_TOKEN away to serve many" in sentence


@pytest.mark.parametrize("name", RIGHT)
def test_one_wrong_setting_hides_no_other(name: str) -> None:
    assert wrong({**RIGHT, name: WRONG[name]}).keys() == {name}


@pytest.mark.parametrize(
    "url", ["https://pm.example.org/x", "https://pm.example.org?y=1", "pm.example.org", "http://[::2]"]
)
def test_a_public_address_is_one_that_slack_can_send_a_browser_to(url: str) -> None:
    assert wrong({"PMPATH_PUBLIC_URL": url}).keys() == {"PMPATH_PUBLIC_URL"}
    assert Settings.read({"PMPATH_PUBLIC_URL": "http://127.0.0.1:8080"}, None).public_url


def test_secrets_are_not_printed() -> None:
    shown = repr(Settings.read({**RIGHT, "DISCORD_TOKEN": "geheim", "DATABASE_URL": "sqlite:///geheim"}, None))

    assert "geheim" not in shown
    assert KEY not in shown


def test_settings_are_frozen() -> None:
    settings = Settings.read({}, None)

    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1


@pytest.mark.parametrize(("environ", "socket"), [(SOCKET, True), (HTTP, False), ({**SOCKET, **HTTP}, True)])
def test_slack_takes_socket_mode_where_there_is_an_app_token(environ: dict[str, str], socket: bool) -> None:
    settings = Settings.read(environ, None)

    assert settings.slack is not None
    assert settings.slack.socket is socket
    assert not settings.web


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN"),
    ],
)
def test_half_of_slack_is_refused(environ: dict[str, str], named: str) -> None:
    assert wrong(environ).keys() == {named}


@pytest.mark.parametrize(
    "environ",
    [
        {"DISCORD_TOKEN": "d", "PMPATH_WEB": "on"},
        {**SOCKET, "PMPATH_WEB": "on"},
        {"PMPATH_HOST": "0.0.0.0"},
        {"PMPATH_HOST": "pmpath.example.org"},
    ],
)
def test_the_page_wants_a_key_beside_a_platform_and_away_from_loopback(environ: dict[str, str]) -> None:
    assert wrong(environ).keys() == {"PMPATH_ACCESS_KEY"}
    assert Settings.read({**environ, "PMPATH_ACCESS_KEY": "k" * 12}, None).web


def test_a_word_for_the_page_that_can_be_guessed_is_not_taken() -> None:
    assert "shorter than 12" in wrong({"PMPATH_ACCESS_KEY": "letmein"})["PMPATH_ACCESS_KEY"]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_needs_no_key(host: str) -> None:
    assert Settings.read({"PMPATH_HOST": host}, None).web


def test_a_platform_alone_listens_anywhere_without_a_key() -> None:
    assert not Settings.read({**HTTP, "PMPATH_HOST": "0.0.0.0"}, None).web


def test_a_program_with_nothing_to_run_is_refused() -> None:
    assert wrong({"PMPATH_WEB": "off"}).keys() == {"PMPATH_WEB"}


def test_a_slip_of_the_pen_is_named_and_other_programs_names_are_left_alone() -> None:
    sentences = wrong({"PMPATH_ACESS_KEY": "k", "PMPATH_TEST_DATABASE_URL": "x", "PATH": "/bin"})

    assert sentences == {"PMPATH_ACESS_KEY": "PMPATH_ACESS_KEY is not a setting. Did you mean PMPATH_ACCESS_KEY?"}


def test_the_environment_goes_before_the_file_and_empty_is_unset(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("# ours\nPMPATH_PORT=9000\nPMPATH_HOST=::1\nPMPATH_LOG=\nDISCORD_TOKEN=d\n")

    settings = Settings.read({"PMPATH_PORT": "9001", "DISCORD_TOKEN": ""}, env_file)

    assert (settings.port, settings.host, settings.log) == (9001, "::1", LogLevel.INFO)
    assert settings.discord is None


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_bytes(b"\xff\xfe")

    with pytest.raises(SettingsError, match="is not UTF-8 text"):
        Settings.read({}, env_file)


def test_what_is_right_is_still_read_for_the_doctor() -> None:
    settings, refused = Settings.read_what_is_right({"PMPATH_PORT": "x", "PMPATH_HOST": "::1"}, None)

    assert (settings.host, settings.port) == ("::1", 8080)
    assert [one.variable for one in refused] == ["PMPATH_PORT"]


def test_it_is_said_which_surface_is_on_and_why() -> None:
    assert Settings.read({}, None).said_at_start == (
        "Discord: off (no DISCORD_TOKEN)",
        "Slack: off (no SLACK_BOT_TOKEN, no SLACK_CLIENT_ID)",
        "Page: on",
    )
    assert (
        "Slack: one workspace (SLACK_BOT_TOKEN), signed HTTP at /slack/events"
        in Settings.read(HTTP, None).said_at_start
    )
