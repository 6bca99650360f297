"""From the `[[accounts]]` of the settings, and from conventional environment variables, to open accounts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import httpx
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from filmgate.core.errors import FilmgateError
from filmgate.engine.accounts import Account
from filmgate.providers.kind import Credentials, ProviderKind, Tools
from filmgate.store.credentials import Credential

_LOCAL_NAMES = frozenset({"animatic", "rehearsal"})


class AccountError(FilmgateError):
    """An account cannot be used as it is written; the message names the account and the key, never a secret."""


def _as_mapping(value: object) -> object:
    """A list of models means: by the names that the vendor itself gives them."""
    return dict.fromkeys(value, "") if isinstance(value, list | tuple) else value  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


class AccountSettings(BaseModel):
    """What every account has, whoever its provider is; the keys that stand beside these are the provider's own."""

    model_config = ConfigDict(extra="allow", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
    provider: str
    # The most outputs that are with the vendor at once.
    max_concurrent: Annotated[int | None, Field(ge=1, le=10_000)] = None
    requests_per_minute: Annotated[int | None, Field(ge=1)] = None
    # 1 is asked before 2; within a priority, shares follow weight and free slots.
    priority: Annotated[int, Field(ge=1)] = 1
    weight: Annotated[float, Field(gt=0)] = 1.0
    # The models that it serves: a list of ids, or id = "what the vendor calls it". None: every model of the provider.
    models: Annotated[dict[str, str] | None, BeforeValidator(_as_mapping)] = None
    on_unknown: Literal["fail", "resubmit"] = "fail"
    expected_seconds: Annotated[float | None, Field(gt=0)] = None
    # Whether an image that came as a link is passed on as that link. Its bytes are always at hand, the link may die.
    pass_image_links: bool = False


def account_settings(tables: Sequence[Mapping[str, Any]], kinds: Mapping[str, ProviderKind]) -> list[AccountSettings]:
    """Raises AccountError for the first thing that is wrong."""
    found: dict[str, AccountSettings] = {}
    for number, table in enumerate(tables, start=1):
        label = f"accounts[{number}]" + (f" ({table['name']})" if isinstance(table.get("name"), str) else "")
        try:
            settings = AccountSettings.model_validate(table)
        except ValidationError as error:
            raise AccountError(_first_problem(label, error)) from None
        if settings.provider not in kinds:
            raise AccountError(f"{label}: provider: {settings.provider!r} is none of {', '.join(sorted(kinds))}")
        if settings.name in found or settings.name in _LOCAL_NAMES:
            raise AccountError(f"{label}: name: {settings.name!r} is taken")
        found[settings.name] = settings
    return list(found.values())


def environment_tables(
    environ: Mapping[str, str], kinds: Mapping[str, ProviderKind], configured: Sequence[AccountSettings]
) -> list[dict[str, Any]]:
    """An account for each provider whose variables are set and that has no account in the settings."""
    taken = {settings.provider for settings in configured}
    tables: list[dict[str, Any]] = []
    for kind in kinds.values():
        given = {name: value for name in kind.environment if (value := environ.get(name, "").strip())}
        if kind.name in taken or not any(all(name in given for name in names) for names in kind.required):
            continue
        keys = {kind.environment[name]: value for name, value in given.items()}
        tables.append({"name": kind.name, "provider": kind.name, **keys})
    return tables


def check_account(settings: AccountSettings, kind: ProviderKind, environ: Mapping[str, str]) -> None:
    """Raises AccountError for what `open_account` would refuse. Opens nothing."""
    label = f"account {settings.name!r}"
    _credentials(settings, kind, _own_keys(settings, label, environ), label)


def open_account(
    settings: AccountSettings, kind: ProviderKind, tools: Tools, environ: Mapping[str, str]
) -> tuple[Account, Credential]:
    """The account, and how it is reached. No I/O. Raises AccountError."""
    label = f"account {settings.name!r}"
    own = _own_keys(settings, label, environ)
    account = _open(settings, kind, tools, own, label)
    kept = settings.model_dump(exclude=set(settings.model_extra or {})) | own
    return account, Credential(account.credential_id or "", settings.name, settings.provider, kept)


def reopen_account(kept: Credential, kinds: Mapping[str, ProviderKind], tools: Tools) -> Account | None:
    """An account that is no longer in the settings, as it was. None where its provider is gone or refuses them."""
    kind = kinds.get(kept.provider)
    if kind is None:
        return None
    try:
        settings = AccountSettings.model_validate(kept.settings)
        return _open(settings, kind, tools, settings.model_extra or {}, f"account {kept.account!r}", former=True)
    except (ValidationError, AccountError):
        return None


def _open(
    settings: AccountSettings,
    kind: ProviderKind,
    tools: Tools,
    own: Mapping[str, Any],
    label: str,
    *,
    former: bool = False,
) -> Account:
    credentials = _credentials(settings, kind, own, label)
    adapter = kind.open(credentials, tools)
    return Account(
        name=settings.name,
        provider=settings.provider,
        adapter=adapter,
        max_concurrent=settings.max_concurrent or kind.max_concurrent,
        credential_id=_credential_id(settings.provider, own),
        models=settings.models,
        serves=lambda wire: kind.serves(credentials, wire),
        priority=settings.priority,
        weight=settings.weight,
        requests_per_minute=settings.requests_per_minute,
        on_unknown=settings.on_unknown,
        expected_seconds=settings.expected_seconds,
        trusted_hosts=_authority(adapter.base_url),
        pass_image_links=settings.pass_image_links,
        former=former,
    )


def _own_keys(settings: AccountSettings, label: str, environ: Mapping[str, str]) -> dict[str, Any]:
    extra = settings.model_extra or {}
    return {name: _from_environment(label, name, value, environ) for name, value in extra.items()}


def _credentials(settings: AccountSettings, kind: ProviderKind, own: Mapping[str, Any], label: str) -> Credentials:
    try:
        return kind.credentials.model_validate(own)
    except ValidationError as error:
        raise AccountError(_first_problem(label, error)) from None


def _credential_id(provider: str, own: Mapping[str, Any]) -> str:
    """Names these very credentials without telling them: keys are too long to be guessed from their hash."""
    text = json.dumps([provider, own], sort_keys=True, default=str)
    return "cred_" + hashlib.sha256(text.encode()).hexdigest()[:32]


def _from_environment(label: str, name: str, value: Any, environ: Mapping[str, str]) -> Any:
    """`api_key = "env:NAME"` keeps the secret out of the file."""
    if not isinstance(value, str) or not value.startswith("env:"):
        return value
    variable = value.removeprefix("env:")
    if not environ.get(variable):
        raise AccountError(f"{label}: {name}: the environment variable {variable} is not set")
    return environ[variable]


def _authority(base_url: str) -> frozenset[str]:
    """ "host:port" of an account's own server, as `net` writes it."""
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, ValueError):
        return frozenset()
    port = url.port or (443 if url.scheme == "https" else 80)
    host = f"[{url.host}]" if ":" in url.host else url.host
    return frozenset({f"{host.lower()}:{port}"}) if url.host else frozenset()


def _first_problem(label: str, error: ValidationError) -> str:
    """Without the value: it may be a secret."""
    first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    return f"{label}: {where}: {message}" if where else f"{label}: {message}"
