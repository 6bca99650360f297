"""PostgreSQL: each write is a transaction of its own on a pooled asyncpg connection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar, cast

import sqlalchemy as sa
from pgqueuer.db import AsyncpgDriver
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from filmgate.store.database import Job, Transaction, unavailable

if TYPE_CHECKING:
    import asyncpg

T = TypeVar("T")


class PostgresDatabase:
    """A pool of asyncpg connections. `enqueue` puts jobs on the queue inside the same transaction as the rows."""

    dialect = "postgresql"

    def __init__(
        self, url: str, enqueue: Callable[[AsyncConnection, list[Job]], Awaitable[None]], *, pool_size: int = 10
    ) -> None:
        self.engine = create_async_engine(async_postgres_url(url), pool_size=pool_size, max_overflow=5)
        self._enqueue = enqueue

    async def read(self, query: Callable[[sa.Connection], T]) -> T:
        try:
            async with self.engine.connect() as connection:
                return await connection.run_sync(query)
        except (OperationalError, InterfaceError, OSError) as error:
            raise unavailable(error) from error

    async def write(self, change: Callable[[Transaction], T]) -> T:
        def run(connection: sa.Connection) -> tuple[T, list[Job]]:
            transaction = Transaction(connection)
            return change(transaction), transaction.jobs

        try:
            async with self.engine.begin() as connection:
                result, jobs = await connection.run_sync(run)
                if jobs:
                    await self._enqueue(connection, jobs)
                return result
        except (OperationalError, InterfaceError, OSError) as error:
            raise unavailable(error) from error

    async def close(self) -> None:
        await self.engine.dispose()


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
