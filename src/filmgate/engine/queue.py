"""The queue: which output to look at next, within each account's limit. Here in memory, beside SQLite.

The rows are the truth and a job is only a note to look at one of them, so a lost or doubled job does no harm: every
unfinished output is put on the queue again at start, and a doubled one is dropped by its dedupe key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Protocol

from pgqueuer import InMemoryDriver, InMemoryQueries, PgQueuer, Queries, RetryRequested
from pgqueuer import Job as QueuedJob

from filmgate.store.database import Job

BATCH = 50
_LOG_CLEARED_EVERY_SECONDS = 60.0


class HandBack(Exception):
    """Raised by a handler to put its job back for another worker, or for the next start."""


Handler = Callable[[str, int], Awaitable[None]]


class Queue(Protocol):
    async def run(self, limits: Mapping[str, int], handle: Handler) -> None:
        """Hand jobs to `handle(video_id, idx)` until stop(); `limits` is the concurrency of each account."""
        ...

    async def stop(self) -> None: ...


class MemoryQueue:
    """Beside SQLite. Filled from the database at start, so nothing is lost with the process."""

    def __init__(self) -> None:
        driver = InMemoryDriver()
        self._queries = InMemoryQueries(driver)
        self._pgq = PgQueuer(driver, queries=self._queries)
        self._unsent: list[Job] = []
        self._sending: asyncio.Task[None] | None = None

    async def enqueue(self, jobs: list[Job]) -> None:
        """Creates that were committed together reach the queue together: one wake-up instead of one each."""
        self._unsent.extend(jobs)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send())

    async def _send(self) -> None:
        while self._unsent:
            jobs, self._unsent = self._unsent, []
            await enqueue(self._queries, jobs)

    async def run(self, limits: Mapping[str, int], handle: Handler) -> None:
        register(self._pgq, limits, handle)
        housekeeping = asyncio.create_task(self._forget_log())
        try:
            await self._pgq.run(batch_size=BATCH, heartbeat_timeout=timedelta(days=1))
        finally:
            housekeeping.cancel()

    async def _forget_log(self) -> None:
        """PgQueuer keeps a log line for every job for ever; in memory that would be a leak."""
        while True:
            await asyncio.sleep(_LOG_CLEARED_EVERY_SECONDS)
            await self._queries.clear_queue_log()
            await self._queries.clear_statistics_log()

    async def stop(self) -> None:
        self._pgq.shutdown.set()


def register(pgq: PgQueuer, limits: Mapping[str, int], handle: Handler) -> None:
    async def on_job(job: QueuedJob) -> None:
        video_id, _, idx = (job.payload or b"").decode().rpartition("/")
        try:
            await handle(video_id, int(idx))
        except HandBack as reason:
            raise RetryRequested(delay=timedelta(0), reason=str(reason)) from reason

    for account, limit in limits.items():
        pgq.entrypoint(_entrypoint(account), concurrency_limit=limit)(on_job)


async def enqueue(queries: Queries | InMemoryQueries, jobs: list[Job]) -> None:
    await queries.enqueue(
        [_entrypoint(job.account) for job in jobs],
        [f"{job.video_id}/{job.idx}".encode() for job in jobs],
        [job.priority for job in jobs],
        # With the account: an output that moves to another has a job there before its old one has ended.
        dedupe_key=[f"{job.account}/{job.video_id}/{job.idx}" for job in jobs],
        on_conflict="skip",
    )


def _entrypoint(account: str) -> str:
    return f"account:{account}"
