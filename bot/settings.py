"""Every environment variable, read once into one frozen object; all that is wrong is refused at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot import settings_check
from bot import settings_values as values
from bot.settings_check import SettingsError, Wrong
from bot.settings_values import LogLevel, Moderator, Switch

DISCORD_API = "https://discord.com/api/v10"
SLACK_API = "https://slack.com/api"
ENV_FILE = Path(".env")
__all__ = ["DiscordAccess", "Settings", "SettingsError", "SlackAccess", "Wrong"]


@dataclass(frozen=True, slots=True)
class DiscordAccess:
    """What the Discord surface needs; `api_url` is None where it is Discord's own."""

    token: SecretStr
    api_url: str | None


@dataclass(frozen=True, slots=True)
class SlackAccess:
    """What the Slack surface needs: Socket Mode where there is an app token, else signed HTTP."""

    bot_token: SecretStr
    app_token: SecretStr | None
    signing_secret: SecretStr | None
    api_url: str

    @property
    def socket(self) -> bool:
        return self.app_token is not None


def _reads(read: Callable[[str], object]) -> BeforeValidator:
    return BeforeValidator(lambda value: read(value) if isinstance(value, str) else value)


def _variable(name: str, says: str, right: str, default: Any = None) -> Any:
    """A field by its environment variable, what it is for, and a right value."""
    return Field(default, validation_alias=name, description=says, examples=[right])


class Settings(BaseSettings):
    """What the operator has set, checked; nothing else looks at the environment."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", case_sensitive=True)

    discord_token: Annotated[SecretStr | None, _reads(values.token)] = _variable(
        "DISCORD_TOKEN", "the bot token; switches Discord on", "<the token of the Bot page>"
    )
    discord_api_url: Annotated[str | None, _reads(values.address)] = _variable(
        "DISCORD_API_URL", "another address for Discord's API: a rate-limiting proxy, a test", DISCORD_API
    )
    slack_bot_token: Annotated[SecretStr | None, _reads(values.slack_bot_token)] = _variable(
        "SLACK_BOT_TOKEN", "the bot token; switches Slack on", "xoxb-…"
    )
    slack_app_token: Annotated[SecretStr | None, _reads(values.slack_app_token)] = _variable(
        "SLACK_APP_TOKEN", "the app-level token; switches Socket Mode on", "xapp-…"
    )
    slack_signing_secret: Annotated[SecretStr | None, _reads(values.token)] = _variable(
        "SLACK_SIGNING_SECRET", "checks Slack's signed requests at /slack/events", "<Signing Secret>"
    )
    slack_client_id: Annotated[str | None, _reads(values.word)] = _variable(
        "SLACK_CLIENT_ID", "not used yet: for many workspaces, through OAuth", "<Client ID>"
    )
    slack_client_secret: Annotated[SecretStr | None, _reads(values.token)] = _variable(
        "SLACK_CLIENT_SECRET", "not used yet: goes with SLACK_CLIENT_ID", "<Client Secret>"
    )
    slack_api_url: Annotated[str, _reads(values.address)] = _variable(
        "SLACK_API_URL", "another address for Slack's API: a proxy, a test", SLACK_API, SLACK_API
    )
    database: Annotated[SecretStr | None, _reads(values.database)] = _variable(
        "DATABASE_URL",
        "where everything is kept; an SQLite file in the data folder if unset",
        "postgresql://pmpath:…@localhost/pmpath",
    )
    data_dir: Annotated[Path, _reads(values.folder_to_be)] = _variable(
        "PMPATH_DATA_DIR", "the folder for the SQLite files", "./data", Path("data")
    )
    host: Annotated[str, _reads(values.host)] = _variable(
        "PMPATH_HOST", "the address to listen on", "127.0.0.1", "127.0.0.1"
    )
    port: Annotated[int, _reads(values.port)] = _variable(
        "PMPATH_PORT", "the port to listen on; 0 takes a free one", "8080", 8080
    )
    stop_wait: Annotated[int, _reads(values.stop_wait)] = _variable(
        "PMPATH_STOP_WAIT",
        "seconds for which a stopping process still takes calls while /readyz says so: for a balancer that asks there",
        "10",
        0,
    )
    web_switch: Annotated[Switch | None, _reads(values.switch)] = _variable(
        "PMPATH_WEB", "the page: on beside a platform, or off; by itself it is on without one", "on"
    )
    access_key: Annotated[SecretStr | None, _reads(values.token)] = _variable(
        "PMPATH_ACCESS_KEY",
        "the word that opens the page from elsewhere, and beside a platform",
        "<a long random word>",
    )
    moderators: Annotated[frozenset[Moderator], NoDecode, _reads(values.moderators)] = _variable(
        "PMPATH_MODERATORS",
        "people who are moderators besides those the platform names",
        "discord:GUILD:USER,slack:TEAM:USER",
        frozenset(),
    )
    content_dir: Annotated[Path | None, _reads(values.folder)] = _variable(
        "PMPATH_CONTENT_DIR", "a folder whose YAML files are laid over ours", "./content"
    )
    secret_key: Annotated[SecretStr | None, _reads(values.secret_key)] = _variable(
        "PMPATH_SECRET_KEY",
        "so far only keys the hashes in the log; will encrypt stored tokens, of which there are none yet",
        "<32 random bytes in URL-safe base64>",
    )
    log: Annotated[LogLevel, _reads(values.log_level)] = _variable(
        "PMPATH_LOG", "how much the log says: debug, info, warning, error", "info", LogLevel.INFO
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `read` hands over: no second look at the process's environment."""
        return (init_settings,)

    @classmethod
    def read(cls, environ: Mapping[str, str], env_file: Path | None = ENV_FILE) -> Self:
        """The settings of `environ`, below it of `env_file`. Raises SettingsError with all that is wrong."""
        settings, wrong = cls.read_what_is_right(environ, env_file)
        if wrong:
            raise SettingsError(wrong)
        return settings

    @classmethod
    def read_what_is_right(
        cls, environ: Mapping[str, str], env_file: Path | None = ENV_FILE
    ) -> tuple[Self, tuple[Wrong, ...]]:
        """For `pmpath doctor`: the settings without the wrong ones, and these."""
        from_file, wrong = _from_file(cls, env_file)
        given = {name: words.strip() for name, words in (from_file | dict(environ)).items() if words.strip()}
        known = {name: words for name, words in given.items() if name in cls.variables()}
        wrong += tuple(settings_check.misspelt(given.keys() - known.keys(), cls.variables()))
        try:
            settings = cls.model_validate(known)
        except ValidationError as error:
            alone = tuple(settings_check.alone(error, cls.variables()))
            bad = {one.variable for one in alone}
            settings = cls.model_validate({name: known[name] for name in known.keys() - bad})
            wrong += alone
        return settings, wrong + tuple(settings_check.together(known.keys(), settings.host, settings.web_switch))

    @classmethod
    def variables(cls) -> dict[str, tuple[str, str]]:
        """Every variable: what it is for, and a right value."""
        return {
            str(field.validation_alias): (str(field.description), str((field.examples or [""])[0]))
            for field in cls.model_fields.values()
        }

    @property
    def database_url(self) -> str:
        if self.database is not None:
            return self.database.get_secret_value()
        return f"sqlite:///{self.data_dir / 'pmpath.sqlite3'}"

    @property
    def sandbox_url(self) -> str:
        """The rehearsal room's own file; never the real database."""
        return f"sqlite:///{self.data_dir / 'sandbox.sqlite3'}"

    @property
    def discord(self) -> DiscordAccess | None:
        return DiscordAccess(self.discord_token, self.discord_api_url) if self.discord_token else None

    @property
    def slack(self) -> SlackAccess | None:
        if self.slack_bot_token is None or not (self.slack_app_token or self.slack_signing_secret):
            return None
        return SlackAccess(
            self.slack_bot_token, self.slack_app_token, self.slack_signing_secret, self.slack_api_url + "/"
        )

    @property
    def has_platform(self) -> bool:
        return self.discord is not None or self.slack is not None

    @property
    def web(self) -> bool:
        """Whether the page is served: by itself only where no platform is."""
        return self.web_switch is Switch.ON or (self.web_switch is None and not self.has_platform)

    @property
    def is_loopback(self) -> bool:
        return settings_check.is_loopback(self.host)

    @property
    def without_effect(self) -> tuple[str, ...]:
        """What is set and right, but nothing uses yet."""
        if self.slack_client_id is None:
            return ()
        return (
            "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are not used yet: "
            "pmpath serves the one workspace of SLACK_BOT_TOKEN.",
        )

    @property
    def said_at_start(self) -> tuple[str, ...]:
        """One sentence for each surface: on or off, and why."""
        slack = "off (no SLACK_BOT_TOKEN)"
        if self.slack:
            slack = "Socket Mode (SLACK_APP_TOKEN)" if self.slack.socket else "signed HTTP at /slack/events"
        page = "on" if self.web else "off (PMPATH_WEB=on brings it back)"
        return (
            f"Discord: {'on' if self.discord else 'off (no DISCORD_TOKEN)'}",
            f"Slack: {slack}",
            f"Page: {page}",
        )


def _from_file(cls: type[BaseSettings], env_file: Path | None) -> tuple[dict[str, str], tuple[Wrong, ...]]:
    if env_file is None or not env_file.exists():
        return {}, ()
    try:
        found = DotEnvSettingsSource(cls, env_file=env_file, case_sensitive=True).env_vars
    except (OSError, UnicodeDecodeError) as error:
        why = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else "cannot be read"
        return {}, (Wrong(str(env_file), why, "Write one NAME=value a line, as in .env.example."),)
    return {name: words for name, words in found.items() if words is not None}, ()
