"""PostgreSQL: each write is a transaction of its own on a pooled asyncpg connection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import TypeVar, cast

import asyncpg
import sqlalchemy as sa
from pgqueuer.db import AsyncpgDriver
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from filmgate.store.database import Job, Transaction, unavailable

T = TypeVar("T")

# Classes of SQLSTATE that are about the server or its other clients: connection, authorisation, transaction rolled back
# (a deadlock, which is broken by trying again), database name, resources, object in use, operator, system, internal.
# https://www.postgresql.org/docs/18/errcodes-appendix.html, read 2026-11-23.
_NOT_THE_STATEMENTS_FAULT = frozenset({"08", "28", "40", "3D", "53", "55", "57", "58", "XX"})
# What asyncpg raises past SQLAlchemy; the last where a connection dies while it is being used.
_DRIVER_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


class PostgresDatabase:
    """A pool of asyncpg connections. `enqueue` puts jobs on the queue inside the same transaction as the rows."""

    dialect = "postgresql"

    def __init__(
        self, url: str, enqueue: Callable[[AsyncConnection, list[Job]], Awaitable[None]], *, pool_size: int = 10
    ) -> None:
        self.engine = create_async_engine(async_postgres_url(url), pool_size=pool_size, max_overflow=5)
        # One snapshot for all statements of a read; asyncpg says so in its BEGIN, at no extra round trip.
        self._snapshots = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._enqueue = enqueue
        self._closed = False

    async def read(self, query: Callable[[sa.Connection], T]) -> T:
        with self._failures():
            async with self._snapshots.connect() as connection:
                return await connection.run_sync(query)

    async def write(self, change: Callable[[Transaction], T]) -> T:
        def run(connection: sa.Connection) -> tuple[T, list[Job]]:
            transaction = Transaction(connection)
            return change(transaction), transaction.jobs

        with self._failures():
            async with self.engine.begin() as connection:
                result, jobs = await connection.run_sync(run)
                if jobs:
                    await self._enqueue_in(connection, jobs)
                return result

    async def _enqueue_in(self, connection: AsyncConnection, jobs: list[Job]) -> None:
        try:
            await self._enqueue(connection, jobs)
        except Exception:
            # It went past SQLAlchemy, which would put a dead connection back into the pool.
            await connection.invalidate()
            raise

    async def close(self) -> None:
        self._closed = True
        await self.engine.dispose()

    @contextmanager
    def _failures(self) -> Generator[None]:
        """Tell a server that cannot answer from a statement that it refuses."""
        if self._closed:
            raise unavailable(ConnectionError("it was closed"))
        try:
            yield
        except DBAPIError as error:
            if error.connection_invalidated or _sqlstate_class(error) in _NOT_THE_STATEMENTS_FAULT:
                raise unavailable(error) from error
            raise
        except (PoolTimeout, *_DRIVER_ERRORS, OSError) as error:
            raise unavailable(error) from error


def _sqlstate_class(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")[:2]


def async_postgres_url(url: str) -> str:
    """`postgres://` and `postgresql://` as SQLAlchemy's asyncpg dialect spells them."""
    _, separator, rest = url.partition("://")
    if not separator:
        raise ValueError(f"database_url: {url!r} is not a URL; allowed is postgresql://user:password@host/name")
    return f"postgresql+asyncpg://{rest}"


async def asyncpg_driver(connection: AsyncConnection) -> AsyncpgDriver:
    """PgQueuer's view of the same connection: what it enqueues is part of SQLAlchemy's transaction."""
    raw = await connection.get_raw_connection()
    return AsyncpgDriver(cast("asyncpg.Connection", raw.driver_connection))
