"""The queue of a fleet: in the same PostgreSQL as the rows, with limits that hold across all processes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from datetime import timedelta
from weakref import WeakValueDictionary

import asyncpg
from pgqueuer import PgQueuer, Queries
from sqlalchemy.ext.asyncio import AsyncConnection

from filmgate.engine.queue import BATCH, Handler, enqueue, register
from filmgate.store.database import Job
from filmgate.store.postgres import asyncpg_driver

logger = logging.getLogger(__name__)

RECONNECT_PAUSE_SECONDS = 1.0


class PostgresQueue:
    """In the same PostgreSQL as the rows. Its connection may die at any time; then a new one takes over at once.

    Handlers outlive the connection that their job came by. When nobody has vouched for a job for `heartbeat_timeout`
    it is handed out again, here or to another process.
    """

    def __init__(self, url: str, *, heartbeat_timeout: timedelta = timedelta(seconds=30)) -> None:
        self._url = url
        self._heartbeat_timeout = heartbeat_timeout
        self._stopping = asyncio.Event()

    async def enqueue_in(self, connection: AsyncConnection, jobs: list[Job]) -> None:
        """Part of the caller's transaction: the jobs exist exactly if the rows do."""
        await enqueue(Queries(await asyncpg_driver(connection)), jobs)

    async def run(self, limits: Mapping[str, int], handle: Handler) -> None:
        async with asyncio.TaskGroup() as tasks:
            handle = _to_its_end(handle, tasks)
            while not self._stopping.is_set():
                try:
                    connection = await _connect(self._url)
                except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                    logger.warning("queue: no connection to PostgreSQL (%s); trying again", error)
                    await self._pause()
                    continue
                pgq = PgQueuer.from_asyncpg_connection(connection)
                register(pgq, limits, handle)
                serving = tasks.create_task(self._serve(pgq, connection))
                await self._until_lost(connection, serving)
                # It takes no more jobs. What it runs goes on beside the next connection.
                pgq.shutdown.set()
                if not self._stopping.is_set():
                    logger.warning("queue: the connection to PostgreSQL was lost; connecting anew")
                    await self._pause()

    async def _until_lost(self, connection: asyncpg.Connection, serving: asyncio.Task[None]) -> None:
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())  # pyright: ignore[reportUnknownLambdaType] - asyncpg's record type is generic
        signals = [asyncio.create_task(event.wait()) for event in (lost, self._stopping)]
        try:
            await asyncio.wait([serving, *signals], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for signal in signals:
                signal.cancel()

    async def _serve(self, pgq: PgQueuer, connection: asyncpg.Connection) -> None:
        """Hand out jobs until told to stop, or until the connection is gone; then wait for the handlers."""
        try:
            await pgq.run(
                batch_size=BATCH, heartbeat_timeout=self._heartbeat_timeout, shutdown_on_listener_failure=True
            )
        except Exception as error:  # noqa: BLE001 - PgQueuer raises what its driver does
            logger.warning("queue: a connection to PostgreSQL ended (%s: %s)", type(error).__name__, error)
        finally:
            with contextlib.suppress(Exception):
                await connection.close(timeout=2)

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), timeout=RECONNECT_PAUSE_SECONDS)

    async def stop(self) -> None:
        self._stopping.set()


def _to_its_end(handle: Handler, tasks: asyncio.TaskGroup) -> Handler:
    """Each job in a task of its own, which nobody cancels, and one at a time for each output.

    PgQueuer cancels its handlers when a connection breaks, and one of them may be in the middle of a paid call. The
    job is then handed out again while its first handler still runs; the second waits for the first.
    """
    locks: WeakValueDictionary[tuple[str, int], asyncio.Lock] = WeakValueDictionary()

    async def handle_alone(video_id: str, idx: int) -> Exception | None:
        lock = locks.setdefault((video_id, idx), asyncio.Lock())
        async with lock:
            try:
                await handle(video_id, idx)
            except Exception as error:  # noqa: BLE001 - raised again below; raised here, it would end the whole group
                return error
        return None

    async def handle_to_its_end(video_id: str, idx: int) -> None:
        error = await asyncio.shield(tasks.create_task(handle_alone(video_id, idx)))
        if error is not None:
            raise error

    return handle_to_its_end


async def _connect(url: str) -> asyncpg.Connection:
    return await asyncpg.connect(url)  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType] - asyncpg's record type is generic
