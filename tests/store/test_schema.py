"""The schema of a fresh database and that of a migrated one are the same, on both databases."""

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

import filmgate.store
from filmgate.store.migrate import HEAD, current_revision, migrate_postgres, migrate_sqlite
from filmgate.store.postgres import async_postgres_url
from filmgate.store.schema import metadata
from filmgate.store.sqlite import sqlite_engine
from postgres_server import create_database, drop_database

pytestmark = pytest.mark.anyio


@pytest.fixture
async def empty_postgres(request: pytest.FixtureRequest, empty_postgres_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(async_postgres_url(empty_postgres_url))
    yield engine
    await engine.dispose()


@pytest.fixture
def empty_postgres_url(postgres_server_url: str):
    url = create_database(postgres_server_url, migrated=False)
    yield url
    drop_database(postgres_server_url, url)


def described(connection: sa.Connection) -> dict[str, Any]:
    """Everything that introspection tells of our tables; PgQueuer's and Alembic's are not ours."""
    inspector = sa.inspect(connection)
    dialect = connection.dialect
    tables: dict[str, Any] = {}
    for name in inspector.get_table_names():
        if name.startswith("pgqueuer") or name == "alembic_version":
            continue
        columns = {
            column["name"]: (column["type"].compile(dialect), column["nullable"], column["default"])
            for column in inspector.get_columns(name)
        }
        indexes = {
            index["name"]: (
                index["column_names"],
                bool(index["unique"]),
                plain(index.get("dialect_options", {}).get(f"{dialect.name}_where")),
            )
            for index in inspector.get_indexes(name)
        }
        tables[name] = {
            "columns": columns,
            "column order": list(columns),
            "indexes": indexes,
            "primary key": inspector.get_pk_constraint(name)["constrained_columns"],
            "unique": {item["name"]: item["column_names"] for item in inspector.get_unique_constraints(name)},
            "foreign keys": {
                item["name"]: (item["constrained_columns"], item["referred_table"], item["referred_columns"])
                for item in inspector.get_foreign_keys(name)
            },
            "autoincrement": "AUTOINCREMENT" in (sqlite_ddl(connection, name) or ""),
        }
    return tables


def plain(condition: object) -> str | None:
    return None if condition is None else re.sub(r"\s+", " ", str(condition))


def sqlite_ddl(connection: sa.Connection, table: str) -> str | None:
    if connection.dialect.name != "sqlite":
        return None
    return connection.execute(sa.text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}).scalar()


def differences(connection: sa.Connection) -> list[Any]:
    options = {
        "compare_type": True,
        "compare_server_default": True,
        "include_object": lambda thing, name, kind, *_: not (kind == "table" and name.startswith("pgqueuer")),
    }
    return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


def test_sqlite_migrated_equals_fresh(sqlite_path: Path, tmp_path: Path) -> None:
    fresh = sqlite_engine(tmp_path / "fresh.db")
    migrated = sqlite_engine(sqlite_path)
    with fresh.begin() as fresh_connection, migrated.begin() as connection:
        metadata.create_all(fresh_connection)
        assert differences(connection) == []
        assert described(connection) == described(fresh_connection)
        assert set(described(connection)) == set(metadata.tables)


async def test_postgres_migrated_equals_fresh(postgres_url: str, empty_postgres: AsyncEngine) -> None:
    migrated = create_async_engine(async_postgres_url(postgres_url))
    async with empty_postgres.begin() as fresh_connection, migrated.connect() as connection:
        await fresh_connection.run_sync(metadata.create_all)
        assert await connection.run_sync(differences) == []
        tables = await connection.run_sync(described)
        assert tables == await fresh_connection.run_sync(described)
        assert set(tables) == set(metadata.tables)
    await migrated.dispose()


def test_the_comparison_sees_what_it_should(sqlite_path: Path) -> None:
    with sqlite_engine(sqlite_path).begin() as connection:
        before = described(connection)
        assert before["outputs"]["indexes"]["ix_outputs_unfinished"][2] == "phase NOT IN ('done', 'failed')"
        connection.exec_driver_sql("DROP INDEX ix_outputs_unfinished")
        connection.exec_driver_sql("CREATE INDEX ix_outputs_unfinished ON outputs (account, phase, created_at)")
        assert described(connection) != before
        connection.exec_driver_sql("ALTER TABLE videos ADD COLUMN surplus TEXT")
        assert differences(connection)


def test_head_is_the_newest_migration() -> None:
    assert filmgate.store.__file__
    versions = Path(filmgate.store.__file__).parent / "migrations" / "versions"
    files = sorted(path.stem[:4] for path in versions.glob("[0-9]*.py"))
    assert files[-1] == HEAD
    assert files == [f"{number:04d}" for number in range(1, len(files) + 1)]


def test_sqlite_migrating_again_does_nothing(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "folder" / "filmgate.db"
    assert migrate_sqlite(path) is True
    content = path.read_bytes()
    assert migrate_sqlite(path) is False
    assert path.read_bytes() == content


async def test_postgres_migrating_again_does_nothing(empty_postgres: AsyncEngine) -> None:
    assert await migrate_postgres(empty_postgres) is True
    assert await migrate_postgres(empty_postgres) is False
    async with empty_postgres.connect() as connection:
        assert await connection.run_sync(current_revision) == HEAD


def test_processes_that_migrate_sqlite_at_once_agree(tmp_path: Path) -> None:
    path = tmp_path / "filmgate.db"
    code = "import sys, pathlib; from filmgate.store.migrate import migrate_sqlite as m; m(pathlib.Path(sys.argv[1]))"
    running = [subprocess.Popen([sys.executable, "-c", code, str(path)], stderr=subprocess.PIPE) for _ in range(3)]
    for process in running:
        _, stderr = process.communicate(timeout=30)
        assert process.returncode == 0, stderr.decode()
    with sqlite_engine(path).connect() as connection:
        assert current_revision(connection) == HEAD


async def test_migrations_of_postgres_at_once_agree(empty_postgres: AsyncEngine) -> None:
    changed = await asyncio.gather(*(migrate_postgres(empty_postgres) for _ in range(3)))
    assert sorted(changed) == [False, False, True]
