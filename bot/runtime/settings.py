"""Settings from the environment or a `.env` file; no other file reads the environment."""

from __future__ import annotations

import base64
import difflib
import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.metadata import requires
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

import pydantic_settings
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from bot.chat import shards
from bot.chat.shards import WantedShards
from bot.messages.characters import clean
from bot.platforms import NAMES, REMOTE

Role = Literal["gateway", "worker", "web"]
"""`gateway` takes the chat platforms' events, `worker` posts and keeps house, `web` shows pages."""
ALL_ROLES: frozenset[Role] = frozenset(("gateway", "worker", "web"))


def parse_roles(words: str) -> frozenset[Role]:
    """Parse `all`, or roles separated by commas. ValueError lists the roles."""
    named = {word.strip().lower() for word in words.split(",") if word.strip()}
    if named == {"all"}:
        return ALL_ROLES
    roles = frozenset(role for role in ALL_ROLES if role in named)
    if not roles or named - roles:
        raise ValueError("use all, or some of gateway, worker and web, such as gateway,worker")
    return roles


PACKAGES = {
    **{entry.sdk: entry.package for entry in REMOTE},
    "openai": "openai",
    "psycopg": "psycopg",
    "onnxruntime": "onnxruntime",
}
"""What may be left out: of each module the package that brings it."""


def find_install_command(module: str) -> str:
    """Return what to type to have a library that is not here; "" if it is."""
    return "" if find_spec(module) else f"{_find_installer()} '{_find_requirement(PACKAGES[module])}'"


def _find_installer() -> str:
    """Return the install command for the running environment, whatever comes first on the path."""
    python = shlex.quote(sys.executable)
    return f"{python} -m pip install" if find_spec("pip") else f"uv pip install --python {python}"


def _find_requirement(package: str) -> str:
    """Return the requirement of a package as this project declares it."""
    declared = [require.split(";")[0].strip() for require in requires("trailmate") or ()]
    return next(
        (requirement for requirement in declared if _normalize_name(requirement) == _normalize_name(package)), package
    )


def _normalize_name(requirement: str) -> str:
    """Return a requirement's name in normal form (PEP 503)."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~ ]", requirement)[0]).lower()


_HOME = Path.home() / ".local" / "share" / "trailmate"

_SECRETS_DIR = "TRAILMATE_SECRETS_DIR"

RENAMED = {
    "TRAILMATE_MEMBER_PERCENT": "TRAILMATE_MEMBER_TOKEN_SHARE",
    "TRAILMATE_LOG": "TRAILMATE_LOG_FORMAT",
    "TRAILMATE_OWNERS_MAY_START": "TRAILMATE_CHANNEL_OWNERS_CAN_CREATE_GROUPS",
    "TRAILMATE_SECRET_KEYS": "TRAILMATE_SLACK_TOKEN_KEYS",
}
"""Former names of settings, each with the name of today."""

SHARED: JsonDict = {"shared": True}
"""Marks a setting that must be the same in all processes of one bot."""

LONGEST = 60
"""Characters of a name that are looked at for what was meant by it, and shown."""
_CREDENTIAL = "it is under Basic Information, App Credentials"
_SLACK = {
    "SLACK_BOT_TOKEN": "it starts with xoxb-; for many workspaces, set SLACK_CLIENT_ID instead",
    "SLACK_APP_TOKEN": "it starts with xapp-; over HTTP, set SLACK_SIGNING_SECRET instead",
    "SLACK_SIGNING_SECRET": _CREDENTIAL,
    "SLACK_CLIENT_ID": _CREDENTIAL,
    "SLACK_CLIENT_SECRET": _CREDENTIAL,
    "TRAILMATE_SLACK_TOKEN_KEYS": "`trailmate slack new-key` prints one",
    "TRAILMATE_PUBLIC_URL": "the address where Slack reaches the bot, such as https://study.example.org",
}
"""Where what Slack needs is found."""


class SettingsError(Exception):
    """One or more settings are wrong; the text names each in one sentence and never shows a secret."""


class _SecretFiles(SecretsSettingsSource):
    """Files with the names of settings, in the folder that the environment or `.env` names."""

    def __call__(self) -> dict[str, Any]:
        """Return what they hold, each without the space around it."""
        named = str(self.current_state.get(_SECRETS_DIR) or "")
        self.secrets_dir = named if named and Path(named).is_dir() else None
        return super().__call__()


class _FormerNames(PydanticBaseSettingsSource):
    """Holds no value: refuses to start if a former name of a setting has a value."""

    def __init__(self, settings: type[BaseSettings], values: Mapping[str, Mapping[str, str | None]]) -> None:
        super().__init__(settings)
        self._values = values

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        """Return no value."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Raise SettingsError with a line for each former name in the environment, `.env` or the folder of secrets."""
        folder = str(self.current_state.get(_SECRETS_DIR) or "")
        names = {place: {n.upper() for n, value in values.items() if value} for place, values in self._values.items()}
        names["the folder of secrets"] = {name.upper() for name in _former_files(Path(folder))} if folder else set()
        lines = [
            f"{old} in {place} is now called {new}. Rename it."
            for old, new in RENAMED.items()
            for place in names
            if old in names[place]
        ]
        if lines:
            raise SettingsError("\n".join(lines))
        return {}


class Settings(BaseSettings):
    """What the process is told from outside; `.env.example` explains each."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    data_dir: Path = Field(default=_HOME, validation_alias="TRAILMATE_DATA_DIR")
    roadmap_dir: Path | None = Field(default=None, validation_alias="TRAILMATE_ROADMAP_DIR")
    secrets_dir: Path | None = Field(default=None, validation_alias=_SECRETS_DIR)
    database_url: str = Field(default="", validation_alias="TRAILMATE_DATABASE_URL", repr=False)
    roles: Annotated[frozenset[Role], NoDecode] = Field(default=ALL_ROLES, validation_alias="TRAILMATE_ROLES")
    host: str = Field(default="127.0.0.1", validation_alias="TRAILMATE_HOST")
    port: int = Field(default=8321, ge=0, le=65535, validation_alias="TRAILMATE_PORT")
    public_url: str | None = Field(default=None, validation_alias="TRAILMATE_PUBLIC_URL", json_schema_extra=SHARED)
    trust_proxy: bool = Field(default=False, validation_alias="TRAILMATE_TRUST_PROXY")
    log_format: Literal["json", "text"] | None = Field(default=None, validation_alias="TRAILMATE_LOG_FORMAT")
    metrics_token: SecretStr | None = Field(default=None, min_length=16, validation_alias="TRAILMATE_METRICS_TOKEN")
    moderators: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(), validation_alias="TRAILMATE_MODERATORS", json_schema_extra=SHARED
    )
    channel_owners_can_create_groups: bool = Field(
        default=False, validation_alias="TRAILMATE_CHANNEL_OWNERS_CAN_CREATE_GROUPS", json_schema_extra=SHARED
    )
    discord_token: SecretStr | None = Field(default=None, validation_alias="DISCORD_TOKEN", json_schema_extra=SHARED)
    discord_api_url: str | None = Field(default=None, validation_alias="DISCORD_API_URL")
    discord_gateway_url: str | None = Field(default=None, validation_alias="DISCORD_GATEWAY_URL")
    discord_show_all: bool = Field(
        default=False, validation_alias="DISCORD_SHOW_ALL_COMMANDS", json_schema_extra=SHARED
    )
    discord_shards: Annotated[WantedShards, NoDecode] = Field(default=WantedShards(), validation_alias="DISCORD_SHARDS")
    slack_bot_token: SecretStr | None = Field(
        default=None, validation_alias="SLACK_BOT_TOKEN", json_schema_extra=SHARED
    )
    slack_app_token: SecretStr | None = Field(
        default=None, validation_alias="SLACK_APP_TOKEN", json_schema_extra=SHARED
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, validation_alias="SLACK_SIGNING_SECRET", json_schema_extra=SHARED
    )
    slack_client_id: str | None = Field(default=None, validation_alias="SLACK_CLIENT_ID", json_schema_extra=SHARED)
    slack_client_secret: SecretStr | None = Field(
        default=None, validation_alias="SLACK_CLIENT_SECRET", json_schema_extra=SHARED
    )
    slack_token_keys: SecretStr | None = Field(
        default=None, validation_alias="TRAILMATE_SLACK_TOKEN_KEYS", json_schema_extra=SHARED
    )
    slack_api_url: str | None = Field(default=None, validation_alias="SLACK_API_URL")
    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY", json_schema_extra=SHARED)
    openai_base_url: str | None = Field(default=None, validation_alias="OPENAI_BASE_URL", json_schema_extra=SHARED)
    chat_model: str = Field(default="gpt-4o-mini", validation_alias="TRAILMATE_CHAT_MODEL", json_schema_extra=SHARED)
    answer_check: Literal["judge", "quotes"] = Field(
        default="judge", validation_alias="TRAILMATE_ANSWER_CHECK", json_schema_extra=SHARED
    )
    tokens_per_day: int = Field(
        default=300_000, ge=0, validation_alias="TRAILMATE_TOKENS_PER_DAY", json_schema_extra=SHARED
    )
    member_token_share: int = Field(
        default=20, ge=1, le=100, validation_alias="TRAILMATE_MEMBER_TOKEN_SHARE", json_schema_extra=SHARED
    )
    asks_per_minute: int = Field(
        default=10, ge=0, validation_alias="TRAILMATE_ASKS_PER_MINUTE", json_schema_extra=SHARED
    )
    question_days: int = Field(
        default=30, ge=0, le=366, validation_alias="TRAILMATE_QUESTION_DAYS", json_schema_extra=SHARED
    )
    keep_conversation_minutes: int = Field(
        default=60, ge=0, le=1440, validation_alias="TRAILMATE_KEEP_CONVERSATION_MINUTES", json_schema_extra=SHARED
    )
    keep_event_days: int = Field(
        default=1, ge=1, le=30, validation_alias="TRAILMATE_KEEP_EVENT_DAYS", json_schema_extra=SHARED
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (its folder would be a fixed one)
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return where values come from, each before those after it."""
        values = {
            place: source.env_vars
            for place, source in (("the environment", env_settings), (".env", dotenv_settings))
            if isinstance(source, EnvSettingsSource)
        }
        former = _FormerNames(settings_cls, values)
        return init_settings, env_settings, dotenv_settings, former, _SecretFiles(settings_cls)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unset(cls, values: Any) -> Any:
        return {k: v for k, v in values.items() if v != ""} if isinstance(values, dict) else values

    @field_validator("moderators", mode="before")
    @classmethod
    def _read_moderators(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        people = [p for p in re.split(r"[,\s]+", value) if p]
        for person in people:
            named = re.fullmatch(r"(\w+):[A-Za-z0-9_-]{1,32}", person)
            if named is None or named[1] not in NAMES:
                raise ValueError("write people as slack:U012AB3CD or discord:123456789, separated by commas")
        return frozenset(people)

    @field_validator("roles", mode="before")
    @classmethod
    def _read_roles(cls, value: Any) -> Any:
        return parse_roles(value) if isinstance(value, str) else value

    @field_validator("discord_shards", mode="before")
    @classmethod
    def _read_shards(cls, value: Any) -> Any:
        return shards.parse_wanted(value) if isinstance(value, str) else value

    @field_validator("secrets_dir")
    @classmethod
    def _read_secrets_dir(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError("there is no such folder. Use a folder with a file for each secret, such as /run/secrets")
        return value

    @field_validator("database_url")
    @classmethod
    def _read_database_url(cls, value: str) -> str:
        if value and (wrong := find_url_fault(value)):
            raise ValueError(wrong)
        return value

    @field_validator("public_url")
    @classmethod
    def _read_public_url(cls, value: str | None) -> str | None:
        # a name and a port alone: cookies and redirects are the whole host's
        if value and not re.fullmatch(
            r"(https://|http://(?=(?:127\.0\.0\.1|localhost)(?::|/?$)))[\w.-]+(:\d+)?/?", value
        ):
            raise ValueError("use an https address without a path, such as https://study.example.org")
        return value.rstrip("/").lower() if value else None

    @field_validator("discord_api_url", "discord_gateway_url", "slack_api_url", "openai_base_url")
    @classmethod
    def _read_url(cls, value: str | None) -> str | None:
        if value and not re.match(r"(https?|wss?)://\S+$", value):
            raise ValueError("use a full address, such as https://proxy.example.org/api")
        return value

    @field_validator("slack_client_id")
    @classmethod
    def _read_client_id(cls, value: str | None) -> str | None:
        if value and not re.fullmatch(r"\d+\.\d+", value):
            raise ValueError("copy the Client ID from Basic Information, such as 123456789012.345678901234")
        return value

    @field_validator("slack_token_keys")
    @classmethod
    def _read_keys(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not all(_is_key(key) for key in _split_keys(value)):
            raise ValueError("use keys that `trailmate slack new-key` prints, separated by commas, the newest first")
        return value

    @model_validator(mode="after")
    def _slack_fits(self) -> Settings:
        bot, app = self.slack_bot_token, self.slack_app_token
        if bot and not bot.get_secret_value().startswith("xoxb-"):
            raise ValueError("SLACK_BOT_TOKEN must start with xoxb-. Copy the Bot User OAuth Token")
        if app and not app.get_secret_value().startswith("xapp-"):
            raise ValueError("SLACK_APP_TOKEN must start with xapp-. Create an app-level token with connections:write")
        if lacking := self._find_missing_slack():
            raise ValueError(lacking)
        return self

    @model_validator(mode="after")
    def _roles_fit(self) -> Settings:
        if self.roles != ALL_ROLES and self.url.startswith("sqlite"):
            raise ValueError(
                "TRAILMATE_ROLES needs PostgreSQL, because SQLite works for one process only. Use "
                "TRAILMATE_ROLES=all, or set TRAILMATE_DATABASE_URL (docs/scaling.md)"
            )
        return self

    @model_validator(mode="after")
    def _libraries_are_here(self) -> Settings:
        needed = {
            ("DISCORD_TOKEN", "discord"): self.discord_token,
            ("SLACK_BOT_TOKEN", "slack_bolt"): self.slack_bot_token,
            ("SLACK_CLIENT_ID", "slack_bolt"): self.slack_client_id,
            ("OPENAI_API_KEY", "openai"): self.openai_api_key,
            ("OPENAI_BASE_URL", "openai"): self.openai_base_url,
            ("TRAILMATE_DATABASE_URL", "psycopg"): self.url.startswith("postgresql"),
        }
        missing = [
            f"{name} is set, but its library is not installed. Run {line}"
            for (name, module), is_set in needed.items()
            if is_set and (line := find_install_command(module))
        ]
        if missing:
            raise ValueError(".\n".join(missing))
        return self

    def _find_missing_slack(self) -> str:
        """Return the missing settings of Slack's connection mode that is partly set; "" if none is missing."""
        bot, app, signing = self.slack_bot_token, self.slack_app_token, self.slack_signing_secret
        many = self.slack_client_id or self.slack_client_secret
        if app and (signing or many):
            return "set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP, but not both"
        if bot and many:
            return "set SLACK_BOT_TOKEN for one workspace, or SLACK_CLIENT_ID for many, but not both"
        needed = {
            "SLACK_BOT_TOKEN": not bot and not many and bool(app or signing),
            "SLACK_APP_TOKEN": not app and not signing and bool(bot),
            "SLACK_SIGNING_SECRET": not signing and bool(many),
            "SLACK_CLIENT_ID": not self.slack_client_id and bool(many),
            "SLACK_CLIENT_SECRET": not self.slack_client_secret and bool(many),
            "TRAILMATE_SLACK_TOKEN_KEYS": not self.slack_token_keys and bool(many),
            "TRAILMATE_PUBLIC_URL": not self.public_url and bool(signing),
        }
        missing = [f"{name} is missing ({_SLACK[name]})" for name, is_missing in needed.items() if is_missing]
        return f"Slack: {', and '.join(missing)}" if missing else ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that secrets are kept with, the newest first."""
        return tuple(_split_keys(self.slack_token_keys)) if self.slack_token_keys else ()

    @property
    def discord_shows_all(self) -> bool:
        """Whether all see what moderators do: who may start a group without managing the server has to see how."""
        return self.discord_show_all or self.channel_owners_can_create_groups

    @property
    def public_name(self) -> str | None:
        """The name in the address at which others reach the dashboard."""
        return urlsplit(self.public_url).hostname if self.public_url else None

    @property
    def url(self) -> str:
        """The database's address: the one given, else the SQLite file in the data directory."""
        return self.database_url or f"sqlite:///{self.data_dir.expanduser() / 'trailmate.db'}"


def _split_keys(keys: SecretStr) -> list[str]:
    return [key for key in re.split(r"[,\s]+", keys.get_secret_value()) if key]


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, altchars=b"-_", validate=True)) == 32
    except ValueError:
        return False


def shared_settings() -> tuple[str, ...]:
    """Return the names of the settings that must be the same in all processes of one bot."""
    fields = Settings.model_fields.values()
    return tuple(str(field.validation_alias) for field in fields if field.json_schema_extra == SHARED)


def load(**given: Any) -> Settings:
    """Read the settings. SettingsError has a line for each setting that is wrong."""
    try:
        return Settings(**given)
    except ValidationError as wrong:
        raise SettingsError(
            "\n".join(_format_error(e) for e in wrong.errors(include_input=False, include_url=False))
        ) from None
    except pydantic_settings.SettingsError as wrong:
        which = getattr(wrong.__cause__, "filename", None) or "a file that is not text"
        raise SettingsError(f"{_SECRETS_DIR}: I can't read {which}.") from None
    except UnicodeDecodeError:
        raise SettingsError("I can't read .env. Save it as UTF-8 text.") from None


_NEAR_END = 0.7


def misspelt(settings: Settings) -> list[str]:
    """Return a sentence for each name of the environment, of `.env` and of the folder of secrets that is near to one.

    In the folder, which is the bot's alone, less will do: Kubernetes names variables of its own by the bot's services.
    """
    places = (
        ("the environment", EnvSettingsSource(Settings).env_vars, 0.9),
        (".env", DotEnvSettingsSource(Settings).env_vars, 0.8),
        ("the folder of secrets", list(_list_files(settings.secrets_dir)), 0.8),
    )
    known = [str(field.validation_alias) for field in Settings.model_fields.values()]
    warnings = dict[str, str]()
    for place, names, near in places:
        for name in sorted({name.upper()[:LONGEST] for name in names} - set(known)):
            meant = [RENAMED[name]] if name in RENAMED else difflib.get_close_matches(name, known, 1, near)
            if meant and (name in RENAMED or _is_typo(name, meant[0])):
                warnings.setdefault(name, f"{clean(name)} in {place} is not a setting. Did you mean {meant[0]}?")
    return list(warnings.values())


def _is_typo(name: str, meant: str) -> bool:
    """Whether two names are near also without the prefix, which they share anyway."""
    end, meant_end = (spelt.removeprefix("TRAILMATE_") for spelt in (name, meant))
    return difflib.SequenceMatcher(None, end, meant_end).ratio() > _NEAR_END


def _list_files(folder: Path | None) -> Iterator[str]:
    """Yield the names of a folder's files; Kubernetes keeps folders of its own there, which begin with a dot."""
    with suppress(OSError):
        yield from (file.name for file in folder.iterdir() if not file.name.startswith(".")) if folder else ()


def _former_files(folder: Path) -> Iterator[str]:
    """Yield the files of a folder that are not empty and have a former name of a setting."""
    with suppress(OSError):
        for file in folder.iterdir():
            if file.name.upper() in RENAMED and file.is_file() and file.stat().st_size:
                yield file.name


def _format_error(error: Any) -> str:
    name = ".".join(str(part) for part in error["loc"])
    is_own = error["type"] == "value_error"
    what = str(error["msg"]).removeprefix("Value error, ") if is_own else _describe_values(name)
    return f"{name}: {what[0].upper()}{what[1:]}.".removeprefix(": ")


def _describe_values(name: str) -> str:
    """Return which values a setting takes, with an example."""
    field = next(field for field in Settings.model_fields.values() if field.validation_alias == name)
    if field.annotation is bool:
        return "use yes or no"
    if choices := [choice for part in get_args(field.annotation) for choice in get_args(part)]:
        return f"use {' or '.join(choices)}"
    least, most, length = (
        next((getattr(bound, key) for bound in field.metadata if hasattr(bound, key)), None)
        for key in ("ge", "le", "min_length")
    )
    if length is not None:
        return f"use at least {length} characters, such as the output of `openssl rand -hex {length}`"
    if field.annotation is int:
        return f"use a whole number from {least} {f'to {most}' if most else 'up'}, such as {field.default}"
    return "use another value"


DATABASE_URL_FORMS = "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
_URL_STARTS = re.compile(r"(sqlite:///|postgresql(\+psycopg)?://)")
_URL_PORTS = re.compile(r"\d{1,5}(,\d{1,5})*")


def find_url_fault(address: str) -> str:
    """Return how to fix an invalid database URL, without its last full stop. "" if the URL is valid.

    The sentence never quotes the URL, because any part may be a mistyped password.
    """
    if not _URL_STARTS.match(address):
        return f"use {DATABASE_URL_FORMS}"
    return next(_find_url_faults(address), "")


def _find_url_faults(address: str) -> Iterator[str]:
    from sqlalchemy import make_url  # the verbs that need no database do without
    from sqlalchemy.exc import ArgumentError

    location = address.partition("://")[2]
    try:
        url = make_url(address)
    except (ValueError, ArgumentError):  # never quote the error: the "port" may be the end of a password
        yield "the port is not a number. In a password, write : as %3A, / as %2F and @ as %40"
        return
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
            yield "name a file, such as sqlite:////var/lib/trailmate/trailmate.db"
        return
    has_user = url.username is not None or url.password is not None or location.startswith("@")
    if location.count("@") > has_user:
        yield "there is one @ too many. In a user name or password, write @ as %40"
    if "[" in (host := url.host or "") or "]" in host:
        yield "the host needs both [ and ], such as [::1]"
    values = {name: (value,) if isinstance(value, str) else value for name, value in url.query.items()}
    if (url.port is not None and not 0 < url.port < 1 << 16) or not all(
        map(_URL_PORTS.fullmatch, values.get("port", ()))
    ):
        yield "use a port from 1 to 65535, such as 5432"
    if any("@" in host_value for host_value in values.get("host", ())):
        yield "a host can't have an @, such as db.example.org"
