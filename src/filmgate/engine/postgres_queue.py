"""The queue of a fleet: in the same PostgreSQL as the rows, with limits that hold across all processes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from datetime import timedelta

import asyncpg
from pgqueuer import PgQueuer, Queries
from sqlalchemy.ext.asyncio import AsyncConnection

from filmgate.engine.queue import BATCH, Handler, enqueue, register
from filmgate.store.database import Job
from filmgate.store.postgres import asyncpg_driver

logger = logging.getLogger(__name__)

_HEARTBEAT_TIMEOUT = timedelta(seconds=30)


class PostgresQueue:
    """In the same PostgreSQL as the rows. Its connection may die at any time; then a new one takes over."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stopping = asyncio.Event()
        self._pgq: PgQueuer | None = None

    async def enqueue_in(self, connection: AsyncConnection, jobs: list[Job]) -> None:
        """Part of the caller's transaction: the jobs exist exactly if the rows do."""
        await enqueue(Queries(await asyncpg_driver(connection)), jobs)

    async def run(self, limits: Mapping[str, int], handle: Handler) -> None:
        while not self._stopping.is_set():
            try:
                connection = await _connect(self._url)
            except (OSError, asyncpg.PostgresError) as error:
                logger.warning("queue: no connection to PostgreSQL (%s); trying again", error)
                await self._pause()
                continue
            try:
                self._pgq = PgQueuer.from_asyncpg_connection(connection)
                register(self._pgq, limits, handle)
                if not self._stopping.is_set():
                    await self._pgq.run(
                        batch_size=BATCH, heartbeat_timeout=_HEARTBEAT_TIMEOUT, shutdown_on_listener_failure=True
                    )
            except Exception:
                logger.exception("queue: the connection to PostgreSQL was lost; connecting anew")
                await self._pause()
            finally:
                with contextlib.suppress(Exception):
                    await connection.close(timeout=2)

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), timeout=1.0)

    async def stop(self) -> None:
        self._stopping.set()
        if self._pgq is not None:
            self._pgq.shutdown.set()


async def _connect(url: str) -> asyncpg.Connection:
    return await asyncpg.connect(url)  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType] - asyncpg's record type is generic
