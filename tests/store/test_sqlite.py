"""One writing thread that groups commits, a few reading threads, and a file that others may open too."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from databases import open_database
from filmgate.core.errors import ServiceUnavailable
from filmgate.store import keys
from filmgate.store.database import Database, Job, Transaction
from filmgate.store.schema import instance
from filmgate.store.sqlite import SqliteDatabase, sqlite_engine

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite"])
def database_place(sqlite_path: Path) -> Path:
    return sqlite_path


class Gate:
    """Holds the writing thread, so that whatever is asked meanwhile waits together."""

    def __init__(self) -> None:
        self._opened = threading.Event()
        self.reached = threading.Event()

    def hold(self, _tx: Transaction) -> None:
        self.reached.set()
        assert self._opened.wait(10)

    def open(self) -> None:
        self._opened.set()


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open()


def put(tx: Transaction, name: str) -> str:
    tx.conn.execute(sa.insert(instance).values(name=name, value="x"))
    return name


def names(conn: sa.Connection) -> set[str]:
    return set(conn.execute(sa.select(instance.c.name)).scalars())


@pytest.fixture
def commits() -> Iterator[list[str]]:
    """Every COMMIT of every engine, by what SQLAlchemy says of it."""
    seen: list[str] = []

    def on_commit(connection: sa.Connection) -> None:
        if connection.exec_driver_sql("PRAGMA data_version").scalar() is not None:
            seen.append(threading.current_thread().name)

    sa.event.listen(sa.Engine, "commit", on_commit)
    yield seen
    sa.event.remove(sa.Engine, "commit", on_commit)


async def held(database: Database, gate: Gate) -> asyncio.Task[None]:
    task = asyncio.create_task(database.write(gate.hold))
    assert await asyncio.to_thread(gate.reached.wait, 10)
    return task


async def turns() -> None:
    """Let what was asked reach the lane: a few turns of the event loop."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_writes_that_wait_together_are_committed_together(
    database: Database, gate: Gate, commits: list[str]
) -> None:
    blocker = await held(database, gate)
    waiting = [asyncio.create_task(database.write(lambda tx, n=n: put(tx, f"name {n}"))) for n in range(200)]
    await turns()
    gate.open()
    assert await asyncio.gather(*waiting) == [f"name {number}" for number in range(200)]
    await blocker
    assert len(await database.read(names)) == 200
    assert commits.count("filmgate-write") <= 3


async def test_a_failing_write_harms_none_of_its_batch(database: Database, gate: Gate) -> None:
    await database.write(lambda tx: put(tx, "taken"))

    def crash(tx: Transaction) -> None:
        put(tx, "half done")
        raise ValueError("a bug")

    def clash(tx: Transaction) -> None:
        put(tx, "half done")
        put(tx, "taken")

    def refused(tx: Transaction) -> None:
        put(tx, "half done")
        tx.conn.execute(sa.insert(instance).values(name=object(), value="x"))

    blocker = await held(database, gate)
    changes = [crash, lambda tx: put(tx, "one"), clash, lambda tx: put(tx, "two"), refused, lambda tx: put(tx, "three")]
    asked = [asyncio.create_task(database.write(change)) for change in changes]
    await turns()
    gate.open()
    results = await asyncio.gather(*asked, return_exceptions=True)
    await blocker
    assert isinstance(results[0], ValueError)
    assert isinstance(results[2], IntegrityError)
    assert isinstance(results[4], Exception)
    assert not isinstance(results[4], ServiceUnavailable)
    assert results[1::2] == ["one", "two", "three"]
    assert await database.read(names) == {"taken", "one", "two", "three"}


async def test_jobs_of_failed_writes_do_not_reach_the_queue(database: Database, queued_jobs: list[Job]) -> None:
    def fails(tx: Transaction) -> None:
        tx.jobs.append(Job("acme", "video_1", 0))
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        await database.write(fails)
    await database.write(lambda tx: tx.jobs.append(Job("acme", "video_2", 0)))
    assert queued_jobs == [Job("acme", "video_2", 0)]


async def test_a_caller_that_gives_up_does_not_lose_the_job_of_what_is_committed(
    database: Database, gate: Gate, queued_jobs: list[Job]
) -> None:
    blocker = await held(database, gate)

    def change(tx: Transaction) -> None:
        put(tx, "kept")
        tx.jobs.append(Job("acme", "video_1", 0))

    asked = asyncio.create_task(database.write(change))
    await turns()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    gate.open()
    await blocker
    await database.write(lambda _tx: None)  # by now the one before it is through
    assert await database.read(names) == {"kept"}
    assert queued_jobs == [Job("acme", "video_1", 0)]


async def test_a_reader_sees_what_a_finished_write_wrote(database: Database) -> None:
    for number in range(50):
        await database.write(lambda tx, n=number: put(tx, str(n)))
        assert str(number) in await database.read(names)


async def test_a_failing_read_harms_no_other(database: Database) -> None:
    results = await asyncio.gather(
        database.read(names),
        database.read(lambda conn: conn.execute(sa.text("SELECT no_such_function()"))),
        database.read(lambda conn: [][0]),
        database.read(names),
        return_exceptions=True,
    )
    assert isinstance(results[2], IndexError | ServiceUnavailable)
    assert await database.read(names) == set()


async def test_closing_answers_what_was_asked_before(database: Database, gate: Gate) -> None:
    blocker = await held(database, gate)
    asked = [asyncio.create_task(database.write(lambda tx, n=n: put(tx, str(n)))) for n in range(5)]
    await turns()
    closing = asyncio.create_task(database.close())
    await turns()
    gate.open()
    async with asyncio.timeout(10):
        await asyncio.gather(blocker, closing, *asked)
        await database.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "filmgate-write" and thread.is_alive()]


def test_a_loop_that_ended_does_not_stop_the_threads(sqlite_path: Path, gate: Gate) -> None:
    database = open_database(sqlite_path, [])

    async def give_up() -> None:
        await held(database, gate)

    asyncio.run(give_up())
    gate.open()

    async def go_on() -> None:
        async with asyncio.timeout(10):
            await database.write(lambda tx: put(tx, "after"))
            assert "after" in await database.read(names)
            await database.close()

    asyncio.run(go_on())


async def test_another_process_may_write_the_file_that_is_served(database: Database, sqlite_path: Path) -> None:
    await database.read(keys.list_keys)
    code = (
        "import sys, pathlib\n"
        "from filmgate.store import keys\n"
        "from filmgate.store.database import Transaction\n"
        "from filmgate.store.sqlite import sqlite_engine\n"
        "with sqlite_engine(pathlib.Path(sys.argv[1])).begin() as connection:\n"
        "    tx = Transaction(connection)\n"
        "    keys.create_key(tx, project_id=keys.ensure_project(tx, 'x', now=1), mode='live', name='y', now=1)\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, str(sqlite_path))
    written = 0
    while process.returncode is None:
        await database.write(lambda tx, n=written: put(tx, str(n)))
        written += 1
        await asyncio.wait([asyncio.ensure_future(process.wait())], timeout=0.01)
    assert process.returncode == 0
    assert len(await database.read(keys.list_keys)) == 1
    assert len(await database.read(names)) == written


async def test_what_is_no_database_is_unavailable_and_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "filmgate.db"
    path.write_bytes(b"this is no database" * 100)
    database = SqliteDatabase(path, lambda _jobs: asyncio.sleep(0))
    for asked in (database.read(names), database.write(lambda tx: put(tx, "x"))):
        with pytest.raises(ServiceUnavailable) as caught:
            await asked
        assert caught.value.code == "database_unavailable"
    await database.close()


async def test_a_disk_that_takes_no_more_is_unavailable_until_it_does(database: Database) -> None:
    def fill(tx: Transaction) -> None:
        tx.conn.exec_driver_sql("PRAGMA max_page_count = 1")
        tx.conn.execute(sa.insert(instance).values(name="big", value="x" * 1_000_000))

    with pytest.raises(ServiceUnavailable, match="full"):
        await database.write(fill)
    await database.write(lambda tx: put(tx, "small"))  # a new connection, without the limit
    assert await database.read(names) == {"small"}


def test_what_is_accepted_survives_a_power_cut(sqlite_path: Path) -> None:
    with sqlite_engine(sqlite_path).connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
