"""Bring a database to the schema of this version. Safe to repeat; several processes may try at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from filmgate.store.sqlite import sqlite_engine

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

# The newest file in migrations/versions; a test keeps it so. Known here, a start on an up-to-date database needs
# no Alembic at all (its import alone costs a quarter of a second).
HEAD = "0002"

_LOCK = 2424_2424  # one of PostgreSQL's advisory locks: only one process migrates at a time


def migrate_sqlite(path: Path) -> bool:
    """Create or upgrade the file at `path`; True if anything was done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = sqlite_engine(path)
    try:
        with engine.connect() as connection:
            if current_revision(connection) == HEAD:
                return False
        with engine.begin() as connection:
            return _upgrade(connection)
    finally:
        engine.dispose()


async def migrate_postgres(engine: AsyncEngine) -> bool:
    """Create or upgrade our tables and PgQueuer's; True if ours changed."""
    from pgqueuer.queries import Queries

    from filmgate.store.postgres import asyncpg_driver

    async with engine.begin() as connection:
        await connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        changed = False
        if await connection.run_sync(current_revision) != HEAD:
            changed = await connection.run_sync(_upgrade)
        queries = Queries(await asyncpg_driver(connection))
        if await queries.schema_is_installed():
            await queries.upgrade()
        else:
            await queries.install()
    return changed


def current_revision(connection: sa.Connection) -> str | None:
    """The revision a database is at; None for an empty one."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: sa.Connection) -> bool:
    from alembic import command
    from alembic.config import Config

    before = current_revision(connection)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return before != HEAD
