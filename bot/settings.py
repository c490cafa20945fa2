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
from bot.settings_values import LogLevel, Moderator, Shards, Switch

DISCORD_API = "https://discord.com/api/v10"
SLACK_API = "https://slack.com/api"
ENV_FILE = Path(".env")
__all__ = ["DiscordAccess", "OAuthAccess", "Settings", "SettingsError", "SlackAccess", "Wrong"]


@dataclass(frozen=True, slots=True)
class DiscordAccess:
    """What the Discord surface needs; `api_url` is None where it is Discord's own."""

    token: SecretStr
    api_url: str | None
    shards: Shards | None = None
    """None: all, as many as Discord recommends."""


@dataclass(frozen=True, slots=True)
class OAuthAccess:
    """What it takes to be installed in many workspaces; the first key seals their tokens."""

    client_id: str
    client_secret: SecretStr
    keys: tuple[SecretStr, ...]
    public_url: str


@dataclass(frozen=True, slots=True)
class SlackAccess:
    """What the Slack surface needs: Socket Mode where there is an app token, else signed HTTP.

    One workspace by its bot token, or with `oauth` all that install the app.
    """

    bot_token: SecretStr | None
    app_token: SecretStr | None
    signing_secret: SecretStr | None
    api_url: str
    oauth: OAuthAccess | None = None

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
    discord_shards: Annotated[Shards | None, _reads(values.shards)] = _variable(
        "DISCORD_SHARDS",
        "this process's shards of so many, where several processes share the servers; all of them if unset",
        "0-3/16",
    )
    slack_bot_token: Annotated[SecretStr | None, _reads(values.slack_bot_token)] = _variable(
        "SLACK_BOT_TOKEN", "the bot token; switches Slack on, for its one workspace", "xoxb-…"
    )
    slack_app_token: Annotated[SecretStr | None, _reads(values.slack_app_token)] = _variable(
        "SLACK_APP_TOKEN", "the app-level token; switches Socket Mode on", "xapp-…"
    )
    slack_signing_secret: Annotated[SecretStr | None, _reads(values.token)] = _variable(
        "SLACK_SIGNING_SECRET", "checks Slack's signed requests at /slack/events", "<Signing Secret>"
    )
    slack_client_id: Annotated[str | None, _reads(values.word)] = _variable(
        "SLACK_CLIENT_ID", "switches Slack on for every workspace that installs the app, through OAuth", "<Client ID>"
    )
    slack_client_secret: Annotated[SecretStr | None, _reads(values.token)] = _variable(
        "SLACK_CLIENT_SECRET", "goes with SLACK_CLIENT_ID", "<Client Secret>"
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
    access_key: Annotated[SecretStr | None, _reads(values.access_key)] = _variable(
        "PMPATH_ACCESS_KEY",
        "the word of 12 characters or more that opens the page from elsewhere, and beside a platform",
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
    public_url: Annotated[str | None, _reads(values.public_address)] = _variable(
        "PMPATH_PUBLIC_URL",
        "the address by which browsers reach this program; Slack sends them back to it after an installation",
        "https://pmpath.example.org",
    )
    secret_key: Annotated[SecretStr | None, _reads(values.secret_keys)] = _variable(
        "PMPATH_SECRET_KEY",
        "encrypts stored Slack tokens, and keys the hashes in the log; several with commas between, the first encrypts",
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
        if self.discord_token is None:
            return None
        return DiscordAccess(self.discord_token, self.discord_api_url, self.discord_shards)

    @property
    def slack(self) -> SlackAccess | None:
        oauth = self._oauth
        if not (self.slack_bot_token or oauth) or not (self.slack_app_token or self.slack_signing_secret):
            return None
        token = None if oauth else self.slack_bot_token
        return SlackAccess(token, self.slack_app_token, self.slack_signing_secret, self.slack_api_url + "/", oauth)

    @property
    def _oauth(self) -> OAuthAccess | None:
        client_id, secret, url, keys = self.slack_client_id, self.slack_client_secret, self.public_url, self.secret_keys
        return OAuthAccess(client_id, secret, keys, url) if client_id and secret and url and keys else None

    @property
    def secret_keys(self) -> tuple[SecretStr, ...]:
        """The keys of PMPATH_SECRET_KEY, the first of which encrypts."""
        return tuple(map(SecretStr, self.secret_key.get_secret_value().split(","))) if self.secret_key else ()

    @property
    def has_platform(self) -> bool:
        return self.discord is not None or self.slack is not None

    @property
    def web(self) -> bool:
        """Whether the page is served: by itself only where no platform is."""
        return self.web_switch is Switch.ON or (self.web_switch is None and not self.has_platform)

    @property
    def said_at_start(self) -> tuple[str, ...]:
        """One sentence for each surface: on or off, and why."""
        discord = f"on, {self.discord_shards} (DISCORD_SHARDS)" if self.discord_shards else "on"
        slack = "off (no SLACK_BOT_TOKEN, no SLACK_CLIENT_ID)"
        if self.slack:
            whose = "every workspace that installs it (SLACK_CLIENT_ID)"
            whose = whose if self.slack.oauth else "one workspace (SLACK_BOT_TOKEN)"
            slack = f"{whose}, {'Socket Mode' if self.slack.socket else 'signed HTTP at /slack/events'}"
        page = "on" if self.web else "off (PMPATH_WEB=on brings it back)"
        return (
            f"Discord: {discord if self.discord else 'off (no DISCORD_TOKEN)'}",
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
