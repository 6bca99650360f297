"""Work on the database of a data folder without HTTP, also beside a running server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError

from filmgate.cli.exits import CommandFailed, Exit
from filmgate.config import ConfigError, Settings
from filmgate.store.database import Job, Transaction, unavailable
from filmgate.store.migrate import current_revision, migrate_postgres, migrate_sqlite
from filmgate.store.sqlite import sqlite_engine

T = TypeVar("T")


def database_name(settings: Settings) -> str:
    """Which database is meant, without its password."""
    if settings.database_url:
        try:
            return sa.make_url(settings.database_url).render_as_string(hide_password=True)
        except ArgumentError:
            raise ConfigError(
                "setting database_url: it is no URL; allowed is postgresql://user:password@host/name"
            ) from None
    return str(settings.database_path.resolve())


def open_folder(settings: Settings) -> bool:
    """Create the database, or bring it to the newest schema; True if anything was done. Raises ConfigError."""
    if settings.database_url:
        return asyncio.run(_migrate_postgres(settings))
    try:
        return migrate_sqlite(settings.database_path)
    except OSError as error:
        raise ConfigError(
            f"setting data: the folder {settings.data} cannot be made: {error.strerror}. Name another with --data"
        ) from error
    except DBAPIError as error:
        raise unusable_database(settings, error) from error


def refuse_missing_database(settings: Settings) -> None:
    """Raises CommandFailed where there is no database yet, rather than make one just to look into it."""
    if not settings.database_url and not settings.database_path.exists():
        raise CommandFailed(
            f"there is no Filmgate database in {settings.data.resolve()}. Name the server's folder with --data, or "
            "make a key with `filmgate keys create`",
            Exit.NOT_FOUND,
            code="no_database",
        )


def in_transaction(settings: Settings, change: Callable[[Transaction], T]) -> T:
    """Run `change` in one short transaction that is durable when this returns. Raises ClientError, ConfigError."""
    if settings.database_url:
        return asyncio.run(_in_postgres(settings, change))
    engine = sqlite_engine(settings.database_path)
    try:
        with engine.begin() as connection:
            return change(Transaction(connection))
    except DBAPIError as error:
        raise unusable_database(settings, error) from error
    finally:
        engine.dispose()


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """`revision` None: no tables yet. `problem` None: SQLite's own check found nothing."""

    revision: str | None
    problem: str | None


def inspect_database(settings: Settings) -> DatabaseState:
    """Look, change nothing. Raises ClientError, ConfigError when the database cannot be read at all."""
    if settings.database_url:
        return asyncio.run(_in_postgres(settings, lambda tx: DatabaseState(current_revision(tx.conn), None)))
    engine = sqlite_engine(settings.database_path, read_only=True)
    try:
        with engine.begin() as connection:
            verdict = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
            return DatabaseState(current_revision(connection), None if verdict == "ok" else verdict)
    except DBAPIError as error:
        raise unusable_database(settings, error) from error
    finally:
        engine.dispose()


async def _migrate_postgres(settings: Settings) -> bool:
    from filmgate.store.postgres import PostgresDatabase

    database = PostgresDatabase(_checked_url(settings), _enqueue_nothing)
    try:
        return await migrate_postgres(database.engine)
    except (OSError, DBAPIError) as error:
        raise unusable_database(settings, error) from error
    finally:
        await database.close()


async def _in_postgres(settings: Settings, change: Callable[[Transaction], T]) -> T:
    from filmgate.store.postgres import PostgresDatabase

    database = PostgresDatabase(_checked_url(settings), _enqueue_nothing)
    try:
        return await database.write(change)
    finally:
        await database.close()


async def _enqueue_nothing(_connection: object, jobs: list[Job]) -> None:
    raise RuntimeError(f"a command puts nothing on the queue; got {jobs}")


def _checked_url(settings: Settings) -> str:
    database_name(settings)
    return settings.database_url


def unusable_database(settings: Settings, error: Exception) -> ConfigError:
    reason = unavailable(error).message.partition("(")[2].partition(").")[0]
    setting, advice = (
        ("database_url", "Check that the database runs, and its address and password")
        if settings.database_url
        else ("data", "Name another folder with --data, or restore a backup of this one")
    )
    return ConfigError(f"setting {setting}: the database {database_name(settings)} cannot be used ({reason}). {advice}")
