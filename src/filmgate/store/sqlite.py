"""SQLite: one file, one writing thread, a few reading threads.

SQLite allows one writer. Instead of letting writers collide, one thread owns the writing connection and groups all
writes that wait for it into a single durable commit (docs/decisions/0003-one-writer.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from filmgate.store.database import Job, Transaction, unavailable

T = TypeVar("T")

_MOST_GROUPED = 256
_READER_THREADS = 2


def sqlite_engine(path: Path, *, read_only: bool = False) -> sa.Engine:
    """A synchronous engine with the settings that Filmgate relies on: WAL, full sync, foreign keys, our own BEGIN."""
    engine = sa.create_engine(
        f"sqlite:///{path}",
        poolclass=sa.pool.NullPool,
        connect_args={"check_same_thread": False, "timeout": 10},
    )

    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own BEGIN comes too late for reads and is never IMMEDIATE; SQLAlchemy's event below does it.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        # FULL syncs the log at every commit: an accepted video survives a power cut, not only a crash.
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA busy_timeout=10000")
        connection.execute("PRAGMA mmap_size=268435456")

    def on_begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    sqlalchemy_event.listen(engine, "connect", on_connect)
    sqlalchemy_event.listen(engine, "begin", on_begin)
    return engine


@dataclass(slots=True)
class _Work:
    function: Callable[[Any], Any]
    future: asyncio.Future[Any]


_Outcome = tuple[_Work, Any, BaseException | None]
_Inbox = queue.SimpleQueue["list[_Work] | None"]


class _Desk:
    """Hands work to a lane's inbox: everything asked in one turn of the event loop at once.

    Waking a thread costs more than a query does, so thirty requests that arrive together wake it once.
    """

    def __init__(self) -> None:
        self.inbox: _Inbox = queue.SimpleQueue()
        self._unsent: list[_Work] = []
        self._closed = False

    async def ask(self, function: Callable[[Any], Any]) -> Any:
        if self._closed:
            raise unavailable(ConnectionError("it was closed"))
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        if not self._unsent:
            loop.call_soon(self._send)
        self._unsent.append(_Work(function, future))
        return await future

    def _send(self) -> None:
        unsent, self._unsent = self._unsent, []
        if unsent:
            self.inbox.put(unsent)

    def close(self, lanes: int) -> None:
        """End `lanes` once they have answered what was asked before."""
        self._closed = True
        self._send()
        for _ in range(lanes):
            self.inbox.put(None)


class _Lane(threading.Thread):
    """One thread with one connection. Takes all work that waits at once and answers it in one go."""

    def __init__(self, name: str, work: _Inbox, engine: sa.Engine) -> None:
        super().__init__(name=name, daemon=True)
        self._work = work
        self._engine = engine

    def run(self) -> None:
        connection: sa.Connection | None = None
        stopping = False
        while not stopping:
            batch, stopping = self._take()
            if not batch:
                continue
            outcomes: list[_Outcome]
            try:
                connection = connection or self._engine.connect()
                outcomes = self.answer(connection, batch)
            except BaseException as error:  # noqa: BLE001 - whatever it is, the callers must hear of it
                outcomes = [(work, None, error) for work in batch]
                connection = _discard(connection)
            _deliver(outcomes)
        _discard(connection)

    def answer(self, connection: sa.Connection, batch: list[_Work]) -> list[_Outcome]:
        """Reads: all on one snapshot, which begins after the newest of them was asked for."""
        with connection.begin():
            return [_attempt(work, connection) for work in batch]

    def _take(self) -> tuple[list[_Work], bool]:
        """Block for some work, then take what else is there. The flag says that the lane must end."""
        batch: list[_Work] = []
        item = self._work.get()
        while item is not None:
            batch += item
            if len(batch) >= _MOST_GROUPED:
                return batch, False
            try:
                item = self._work.get_nowait()
            except queue.Empty:
                return batch, False
        return batch, True


class _WriteLane(_Lane):
    """The only connection that writes: one commit for everything that waits, each piece in its own savepoint."""

    def answer(self, connection: sa.Connection, batch: list[_Work]) -> list[_Outcome]:
        with connection.begin():
            return [self._attempt_alone(work, connection) for work in batch]

    def _attempt_alone(self, work: _Work, connection: sa.Connection) -> _Outcome:
        connection.exec_driver_sql("SAVEPOINT piece")
        transaction = Transaction(connection)
        outcome = _attempt(work, transaction)
        if outcome[2] is not None:
            connection.exec_driver_sql("ROLLBACK TO piece")
        connection.exec_driver_sql("RELEASE piece")
        return (work, (outcome[1], transaction.jobs), outcome[2])


def _attempt(work: _Work, argument: object) -> _Outcome:
    try:
        return (work, work.function(argument), None)
    except Exception as error:
        if _is_of_the_file(error):
            raise  # disk full, locked, corrupt: the whole batch fails and is rolled back
        return (work, None, error)


def _is_of_the_file(error: BaseException) -> bool:
    """Whether the database cannot answer at all; other errors are about one statement."""
    if isinstance(error, DBAPIError):
        return isinstance(error, OperationalError) or type(error) is DatabaseError
    return isinstance(error, sqlite3.Error)


def _deliver(outcomes: list[_Outcome]) -> None:
    def set_results() -> None:
        for work, result, error in outcomes:
            if work.future.cancelled():
                continue
            if error is None:
                work.future.set_result(result)
            else:
                work.future.set_exception(error)

    with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits any more
        outcomes[0][0].future.get_loop().call_soon_threadsafe(set_results)


def _discard(connection: sa.Connection | None) -> None:
    if connection is not None:
        connection.invalidate()
        connection.close()


class SqliteDatabase:
    """One file, one writing thread, a few reading threads. `on_jobs` receives the jobs of committed transactions."""

    dialect = "sqlite"

    def __init__(self, path: Path, on_jobs: Callable[[list[Job]], Awaitable[None]]) -> None:
        self._on_jobs = on_jobs
        self._reads, self._writes = _Desk(), _Desk()
        read_engine = sqlite_engine(path, read_only=True)
        self._lanes = [
            _WriteLane("filmgate-write", self._writes.inbox, sqlite_engine(path)),
            *(_Lane(f"filmgate-read-{number}", self._reads.inbox, read_engine) for number in range(_READER_THREADS)),
        ]
        for lane in self._lanes:
            lane.start()

    async def read(self, query: Callable[[sa.Connection], T]) -> T:
        return await self._ask(self._reads, query)

    async def write(self, change: Callable[[Transaction], T]) -> T:
        # A caller that gives up takes back neither the commit nor, therefore, its jobs.
        return await asyncio.shield(self._write(change))

    async def _write(self, change: Callable[[Transaction], T]) -> T:
        result, jobs = await self._ask(self._writes, change)
        if jobs:
            await self._on_jobs(jobs)
        return result

    async def _ask(self, desk: _Desk, function: Callable[[Any], Any]) -> Any:
        try:
            return await desk.ask(function)
        except (sqlite3.Error, DBAPIError) as error:
            if _is_of_the_file(error):
                raise unavailable(error) from error
            raise

    async def close(self) -> None:
        self._writes.close(1)
        self._reads.close(_READER_THREADS)
        for lane in self._lanes:
            await asyncio.to_thread(lane.join)
