"""Opening either database the way the tests want it: its jobs end in a list."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from filmgate.store.database import Database, Job
from filmgate.store.postgres import PostgresDatabase
from filmgate.store.sqlite import SqliteDatabase


def open_database(place: Path | str, queued_jobs: list[Job]) -> Database:
    async def on_jobs(jobs: list[Job]) -> None:
        queued_jobs.extend(jobs)

    async def enqueue(_connection: AsyncConnection, jobs: list[Job]) -> None:
        queued_jobs.extend(jobs)

    return SqliteDatabase(place, on_jobs) if isinstance(place, Path) else PostgresDatabase(place, enqueue)
