"""Both databases, for every test that asks for one."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from databases import open_database
from filmgate.store.database import Database, Job
from filmgate.store.migrate import migrate_sqlite
from postgres_server import create_database, empty_database, join_server, new_folder, stop_server

# A busy machine is no failure. In CI the examples are always the same, so that a change is judged by itself.
settings.register_profile("filmgate", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("filmgate")

_POSTGRES_FOLDER = "FILMGATE_TEST_POSTGRES_FOLDER"


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        os.environ[_POSTGRES_FOLDER] = str(new_folder())


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        stop_server(Path(os.environ.pop(_POSTGRES_FOLDER)))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres_server_url() -> str:
    return join_server(Path(os.environ[_POSTGRES_FOLDER]))


@pytest.fixture(scope="session")
def process_postgres_url(postgres_server_url: str) -> str:
    """This test process's own database."""
    return create_database(postgres_server_url)


@pytest.fixture
def postgres_url(process_postgres_url: str) -> str:
    """An empty database at the newest schema."""
    empty_database(process_postgres_url)
    return process_postgres_url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "filmgate.db"
    migrate_sqlite(path)
    return path


@pytest.fixture
def sqlite_path(tmp_path: Path, migrated_sqlite: Path) -> Path:
    """A fresh file at the newest schema."""
    return shutil.copy(migrated_sqlite, tmp_path / "filmgate.db")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_place(request: pytest.FixtureRequest) -> Path | str:
    """Where a fresh, migrated database is: a file for SQLite, a URL for PostgreSQL."""
    return request.getfixturevalue("sqlite_path" if request.param == "sqlite" else "postgres_url")


@pytest.fixture
def queued_jobs() -> list[Job]:
    """The jobs of committed transactions, in the order in which `database` handed them over."""
    return []


@pytest.fixture
async def database(database_place: Path | str, queued_jobs: list[Job]) -> AsyncIterator[Database]:
    opened = open_database(database_place, queued_jobs)
    yield opened
    await opened.close()
