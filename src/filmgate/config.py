"""Every setting, with its default. Sources, strongest first: the command line, FILMGATE_… variables, filmgate.toml."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from filmgate.core.errors import FilmgateError

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class ConfigError(FilmgateError):
    """A setting is not usable; the message names it, its value and what is allowed."""


def duration_seconds(value: object) -> object:
    """ "7d", "12h", "30m", "90s" or a number of seconds; "forever" is None."""
    if value is None or value == "forever":
        return None
    if isinstance(value, str) and (match := _DURATION.fullmatch(value.strip())):
        value = float(match[1]) * _UNIT_SECONDS[match[2]]
    if isinstance(value, int | float) and value > 0:
        return float(value)
    raise ValueError('allowed are durations such as "7d", "12h", "30m", and "forever"')


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="FILMGATE_", toml_file="filmgate.toml", extra="forbid", validate_default=True
    )

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 2424
    data: Path = Path("filmgate-data")
    # Empty: SQLite inside `data`. Else postgresql://user:password@host/name.
    database_url: str = ""
    # How clients reach this server, for the links in its answers. Empty: the address that each client used.
    public_url: str = ""
    default_model: str = "animatic-1"
    # How long the files of a finished video are kept.
    retention: Annotated[float | None, BeforeValidator(duration_seconds)] = 7 * 86400.0
    # The most outputs of one create, whatever the model allows.
    n_cap: Annotated[int, Field(ge=1, le=100)] = 4
    # The most outputs that may wait for one account; more creates are a 429 queue_full.
    max_waiting: Annotated[int, Field(ge=1)] = 50_000
    # How many clips animatic-1 renders at once. 0: one for each core.
    render_slots: Annotated[int, Field(ge=0, le=256)] = 0
    # Subscriptions with providers: see docs/accounts.md. Checked when the server starts.
    accounts: tuple[dict[str, Any], ...] = ()
    # Whether conventional variables such as KLING_API_KEY make an account by themselves.
    environment_accounts: bool = True
    # Other names for models, above all for those that are gone: aliases.sora-2 = "kling-3.0".
    aliases: dict[str, str] = {}
    # The owner's own models, in the catalogue's form; and prices or aliases for models of the catalogue.
    models: tuple[dict[str, Any], ...] = ()
    amend: tuple[dict[str, Any], ...] = ()
    # Hosts ("name" or "name:port") that may be fetched from although their address is not public.
    allowed_hosts: frozenset[str] = frozenset()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = settings_cls.model_config.get("toml_file")
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file)

    def catalogue_tables(self) -> list[dict[str, Any]]:
        """The owner's models and amendments, as `load_catalogue` takes them."""
        tables: list[dict[str, Any]] = [{"provider": model.get("provider"), "model": [model]} for model in self.models]
        return [*tables, {"amend": list(self.amend)}]

    @property
    def database_path(self) -> Path:
        return self.data / "filmgate.db"

    @property
    def media_dir(self) -> Path:
        return self.data / "media"

    @property
    def work_dir(self) -> Path:
        return self.data / "work"

    @property
    def lock_path(self) -> Path:
        return self.data / "filmgate.lock"

    @property
    def slots(self) -> int:
        return self.render_slots or max(1, os.cpu_count() or 1)


def load_settings(config: Path | None = None, **overrides: Any) -> Settings:
    """Settings from all sources; overrides that are None do not count. Raises ConfigError.

    `config` is the file to read; None: what FILMGATE_CONFIG names, else filmgate.toml in this folder, if there is one.
    """
    named = config or (Path(named) if (named := os.environ.get("FILMGATE_CONFIG")) else None)
    if named is not None and not named.is_file():
        raise ConfigError(f"setting config: there is no file {named}")
    file = named or Path("filmgate.toml")

    class FileSettings(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    try:
        settings = FileSettings(**{name: value for name, value in overrides.items() if value is not None})
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: is no valid TOML: {error}") from error
    except SettingsError as error:
        raise ConfigError(f"settings: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        # What stands in an account may be a secret.
        got = "" if name.startswith("accounts") else f"; got {first['input']!r}"
        raise ConfigError(f"setting {name}: {message}{got}") from None
    return settings
