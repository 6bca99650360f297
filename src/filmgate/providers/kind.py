"""What the rest of Filmgate knows of a provider before it speaks to it: its name, its settings and how to open it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, Self, runtime_checkable

import httpx
from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr, model_validator

from filmgate.core.clock import Clock
from filmgate.core.provider import Provider

_HTTP_URL = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")


class Credentials(BaseModel):
    """The keys of an `[[accounts]]` table that only its provider understands. Secrets are `SecretStr`.

    A subclass checks what belongs together, so that a bad account is told at start and not at its first video.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="after")
    def _can_be_sent(self) -> Self:
        """Addresses that can be asked, and secrets that a header can hold."""
        for name, value in self:
            if isinstance(value, SecretStr) and not _is_plain(value.get_secret_value()):
                raise ValueError(f"{name} must be plain ASCII characters without spaces, at least one")
            if name.endswith("base_url") and isinstance(value, str) and not _is_address(value):
                shown = value.rpartition("@")[2].partition("?")[0]  # what stands beside may be a password or a key
                raise ValueError(
                    f"{name} must be an http(s) address without user, query or fragment, "
                    f"such as https://api.example.com; got {shown!r}"
                )
        return self


def matching(pattern: str | re.Pattern[str], words: str) -> AfterValidator:
    """A check of a whole text, which says in words what is allowed."""

    def check(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            raise ValueError(f"must be {words}; got {text!r}")
        return text

    return AfterValidator(check)


def _is_plain(secret: str) -> bool:
    return bool(secret) and secret.isascii() and secret.isprintable() and " " not in secret


def _is_address(url: str) -> bool:
    try:
        httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        return False
    return _HTTP_URL.fullmatch(url) is not None


@runtime_checkable
class Closeable(Protocol):
    async def close(self) -> None: ...


class HostedProvider(Provider, Closeable, Protocol):
    """A provider that is reached over the network. Files on the host of `base_url` are trusted as the API is."""

    @property
    def base_url(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What adapters are given instead of reaching for it. `transport` replaces the network in tests."""

    read_input: Callable[[str], Awaitable[bytes]]  # the bytes of a stored input image, by its key
    work_dir: Path  # for results that come inside a reply; cleared at every start
    clock: Clock
    transport: httpx.AsyncBaseTransport | None = None


def _serves_all(_credentials: Credentials, _wire: Mapping[str, Any]) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class ProviderKind:
    """One provider. `open` gets a checked instance of `credentials`; it does no I/O.

    `environment` maps conventional variables to keys of `credentials`: where `required` are all set, an account
    named after the provider appears by itself. `max_concurrent` holds where the owner sets none.
    """

    name: str
    credentials: type[Credentials]
    open: Callable[[Any, Tools], HostedProvider]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    required: tuple[tuple[str, ...], ...] = ()  # any one of these sets of variables is enough
    max_concurrent: int = 5
    # Whether an account with these credentials reaches a model with this `wire` table of the catalogue.
    serves: Callable[[Any, Mapping[str, Any]], bool] = _serves_all
