"""`filmgate keys`: make, list and revoke API keys, straight in the database: there is no first key to ask with."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from filmgate.cli.exits import usage_error
from filmgate.cli.options import Config, Data, Json
from filmgate.cli.output import day_or_time, local_day, local_time, note, say, say_json, show_table

if TYPE_CHECKING:
    from filmgate.config import Settings
    from filmgate.store.database import Transaction
    from filmgate.store.records import Key

keys_app = typer.Typer(no_args_is_help=True, help="Make, list and revoke API keys, on the machine of the server.")


@keys_app.command("create")
def create_key(
    live: Annotated[
        bool, typer.Option("--live/--test", help="Runs real models and may cost money, or rehearses for free.")
    ] = False,
    name: Annotated[str, typer.Option(help="What it is for.")] = "",
    project: Annotated[str, typer.Option(help="Whose videos it sees; made if it is new.")] = "default",
    models: Annotated[str | None, typer.Option(help="Only these models, such as kling-3.0,animatic-1.")] = None,
    rpm: Annotated[int | None, typer.Option(min=1, help="Creates a minute at most.")] = None,
    max_active: Annotated[int | None, typer.Option(min=1, help="Unfinished videos at a time at most.")] = None,
    budget_usd: Annotated[str | None, typer.Option(help="What its videos may cost in all, such as 10.")] = None,
    expires: Annotated[str | None, typer.Option(help="Such as 30d or 12h. Default: never.")] = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make a key. It is shown this once: only its hash is stored."""
    from filmgate.cli.local_database import database_name, in_transaction, open_folder
    from filmgate.store import keys

    settings = _settings(config, data)
    now = _now()
    limits: dict[str, Any] = {
        "models": _models(settings, models),
        "requests_per_minute": rpm,
        "max_active_videos": max_active,
        "budget_usd_micros": _budget(budget_usd),
        "expires_at": _expires_at(expires, now),
    }
    open_folder(settings)
    mode = "live" if live else "test"

    def change(tx: Transaction) -> tuple[Key, str]:
        project_id = keys.ensure_project(tx, project, now=now)
        return keys.create_key(tx, project_id=project_id, mode=mode, name=name, now=now, limits=limits)

    key, secret = in_transaction(settings, change)
    if as_json:
        say_json({**_key_object(key, project), "key": secret})
        return
    say(f"Key: {secret}")
    note(f"A {mode} key, {key.id}, in {database_name(settings)}. It is not shown again.")


@keys_app.command("list")
def list_keys(config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """List the keys there are, without their secrets."""
    from filmgate.cli.local_database import in_transaction, open_folder, refuse_missing_database
    from filmgate.store import keys

    settings = _settings(config, data)
    refuse_missing_database(settings)
    open_folder(settings)
    found, projects = in_transaction(settings, lambda tx: (keys.list_keys(tx.conn), keys.project_names(tx.conn)))
    if as_json:
        say_json({"object": "list", "data": [_key_object(key, projects[key.project_id]) for key in found]})
        return
    rows = [
        (key.id, key.hint, _state(key), projects[key.project_id], day_or_time(key.created_at), key.name, _limits(key))
        for key in found
    ]
    show_table(("id", "key", "state", "project", "created", "name", "limits"), rows)


@keys_app.command("revoke")
def revoke_key(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="As `filmgate keys list` shows it.")],
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make a key useless. A running server may honour it for 5 more seconds."""
    from filmgate.cli.local_database import in_transaction, open_folder, refuse_missing_database
    from filmgate.store import keys

    settings = _settings(config, data)
    refuse_missing_database(settings)
    open_folder(settings)
    key, projects = in_transaction(
        settings, lambda tx: (keys.revoke_key(tx, key_id, now=_now()), keys.project_names(tx.conn))
    )
    if as_json:
        say_json(_key_object(key, projects[key.project_id]))
        return
    say(f"{key.id} ({key.hint}) is revoked since {local_time(key.revoked_at)}")


def _settings(config: Path | None, data: Path | None) -> Settings:
    from filmgate.config import load_settings

    return load_settings(config, data=data)


def _now() -> float:
    from filmgate.core.clock import SystemClock

    return SystemClock().now()


def _models(settings: Settings, names: str | None) -> list[str] | None:
    """Ids as the catalogue spells them. Raises NotFound(model_not_found)."""
    from filmgate.catalogue.loader import load_catalogue

    if names is None:
        return None
    catalogue = load_catalogue(settings.catalogue_tables(), aliases=settings.aliases)
    return [catalogue.get(name.strip()).id for name in names.split(",") if name.strip()]


def _budget(usd: str | None) -> int | None:
    from filmgate.core.money import usd_to_micros

    if usd is None:
        return None
    try:
        micros = usd_to_micros(Decimal(usd.strip().removeprefix("$")))
    except (InvalidOperation, ValueError, OverflowError):
        micros = -1
    if not 0 <= micros < 2**63:
        raise usage_error(f"--budget-usd: {usd!r} is no amount; give one such as 10 or 2.50", "budget_usd")
    return micros


def _expires_at(text: str | None, now: float) -> float | None:
    from filmgate.config import duration_seconds

    if text is None:
        return None
    try:
        seconds = duration_seconds(text)
    except ValueError as error:
        raise usage_error(f"--expires: {text!r} is not allowed; {error}", "expires") from None
    return now + seconds if isinstance(seconds, float) else None


def _key_object(key: Key, project: str) -> dict[str, Any]:
    from filmgate.core.money import micros_to_usd

    return {
        "id": key.id,
        "object": "key",
        "mode": key.mode,
        "name": key.name,
        "hint": key.hint,
        "project": project,
        "models": list(key.models) if key.models is not None else None,
        "requests_per_minute": key.requests_per_minute,
        "max_active_videos": key.max_active_videos,
        "budget_usd": micros_to_usd(key.budget_usd_micros) if key.budget_usd_micros is not None else None,
        "created_at": int(key.created_at),
        "expires_at": int(key.expires_at) if key.expires_at is not None else None,
        "revoked_at": int(key.revoked_at) if key.revoked_at is not None else None,
    }


def _state(key: Key) -> str:
    if key.revoked_at is not None:
        return "revoked"
    if key.expires_at is None:
        return "active"
    return f"until {local_day(key.expires_at)}" if key.expires_at > _now() else "expired"


def _limits(key: Key) -> str | None:
    from filmgate.core.money import micros_to_usd

    told = [
        "/".join(key.models) if key.models is not None else None,
        f"{key.requests_per_minute} a minute" if key.requests_per_minute else None,
        f"{key.max_active_videos} active" if key.max_active_videos else None,
        f"{micros_to_usd(key.budget_usd_micros):g} USD" if key.budget_usd_micros is not None else None,
    ]
    return ", ".join(part for part in told if part) or None
