"""What both databases promise to whoever reads and writes through them."""

import asyncio
import sqlite3
from pathlib import Path

import asyncpg
import pytest
import sqlalchemy as sa

from databases import open_database
from filmgate.core.errors import ServiceUnavailable
from filmgate.store.database import Database, Job, Transaction
from filmgate.store.postgres import PostgresDatabase
from filmgate.store.schema import instance

pytestmark = pytest.mark.anyio


def put(tx: Transaction, name: str) -> None:
    tx.conn.execute(sa.insert(instance).values(name=name, value="x"))


def names(conn: sa.Connection) -> set[str]:
    return set(conn.execute(sa.select(instance.c.name)).scalars())


def write_from_elsewhere(place: Path | str) -> None:
    sql = "INSERT INTO instance (name, value) VALUES ('elsewhere', 'x')"
    if isinstance(place, Path):
        with sqlite3.connect(place) as connection:
            connection.execute(sql)
        connection.close()
        return

    async def write() -> None:
        connection = await asyncpg.connect(place)
        await connection.execute(sql)
        await connection.close()

    asyncio.run(write())


async def test_a_read_sees_one_snapshot(database: Database, database_place: Path | str) -> None:
    loop = asyncio.get_running_loop()

    def twice(conn: sa.Connection) -> tuple[set[str], set[str]]:
        before = names(conn)
        if isinstance(database_place, Path):
            write_from_elsewhere(database_place)
        else:  # in another thread, since this one runs an event loop
            sa.util.await_only(loop.run_in_executor(None, write_from_elsewhere, database_place))
        return before, names(conn)

    assert await database.read(twice) == (set(), set())
    assert await database.read(names) == {"elsewhere"}


async def test_a_change_that_raises_leaves_nothing(database: Database, queued_jobs: list[Job]) -> None:
    def fails(tx: Transaction) -> None:
        put(tx, "half done")
        tx.jobs.append(Job("acme", "video_1", 0))
        raise LookupError("a bug")

    with pytest.raises(LookupError):
        await database.write(fails)
    assert await database.read(names) == set()
    assert queued_jobs == []


async def test_many_writers_at_once_all_succeed(database: Database) -> None:
    await asyncio.gather(*(database.write(lambda tx, n=n: put(tx, str(n))) for n in range(40)))
    assert len(await database.read(names)) == 40


async def test_a_closed_database_says_so(database_place: Path | str) -> None:
    database = open_database(database_place, [])
    await database.write(lambda tx: put(tx, "before"))
    await database.close()
    async with asyncio.timeout(5):
        for asked in (database.read(names), database.write(lambda tx: put(tx, "after"))):
            with pytest.raises(ServiceUnavailable) as caught:
                await asked
            assert caught.value.code == "database_unavailable"
            assert caught.value.retry_after_seconds


@pytest.mark.parametrize(
    "url", ["postgresql://filmgate@127.0.0.1:1/filmgate", "postgresql://filmgate@/filmgate?host=/nowhere"]
)
async def test_an_unreachable_postgres_is_unavailable(url: str) -> None:
    database = open_database(url, [])
    for asked in (database.read(names), database.write(lambda tx: put(tx, "x"))):
        with pytest.raises(ServiceUnavailable) as caught:
            await asked
        assert caught.value.code == "database_unavailable"
    await database.close()


async def test_a_postgres_without_our_database_is_unavailable(postgres_server_url: str) -> None:
    database = open_database(postgres_server_url.replace("/postgres?", "/nothing_here?"), [])
    with pytest.raises(ServiceUnavailable, match="nothing_here"):
        await database.read(names)
    await database.close()


async def test_a_killed_postgres_connection_is_unavailable_and_then_replaced(postgres_url: str) -> None:
    database = open_database(postgres_url, [])
    killer = await asyncpg.connect(postgres_url)

    def backend(conn: sa.Connection) -> int:
        return conn.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()

    def killed_half_way(tx: Transaction) -> None:
        put(tx, "half done")
        sa.util.await_only(killer.execute("SELECT pg_terminate_backend($1)", backend(tx.conn)))
        put(tx, "never")

    with pytest.raises(ServiceUnavailable):
        await database.write(killed_half_way)
    await database.write(lambda tx: put(tx, "after"))
    assert await database.read(names) == {"after"}
    await killer.close()
    await database.close()


async def test_a_postgres_pool_that_is_exhausted_is_unavailable(postgres_url: str) -> None:
    database = PostgresDatabase(postgres_url, lambda *_: asyncio.sleep(0), pool_size=1)
    database.engine.pool._timeout = 0.05
    database.engine.pool._max_overflow = 0
    async with database.engine.connect():
        with pytest.raises(ServiceUnavailable):
            await database.read(names)
    await database.close()


async def test_a_statement_that_is_refused_is_not_the_server_s_failure(postgres_url: str) -> None:
    database = open_database(postgres_url, [])
    with pytest.raises(sa.exc.ProgrammingError):
        await database.read(lambda conn: conn.execute(sa.text("SELECT nonsense")))
    with pytest.raises(sa.exc.DBAPIError):
        await database.write(lambda tx: put(tx, "x" * 65))
    await database.close()
