"""Where SQL runs. Repository functions are plain functions over a `Connection`; a `Database` decides on which one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from filmgate.core.errors import ServiceUnavailable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Job:
    """A note for the queue: look at this output. The row is the truth; a job holds nothing else."""

    account: str
    video_id: str
    idx: int
    priority: int = 0


@dataclass(slots=True)
class Transaction:
    """What a write sees. Jobs appended here reach the queue exactly if the transaction commits."""

    conn: sa.Connection
    jobs: list[Job] = field(default_factory=list[Job])


class Database(Protocol):
    dialect: str

    async def read(self, query: Callable[[sa.Connection], T]) -> T:
        """Run `query` on a consistent snapshot. Raises ServiceUnavailable(database_unavailable)."""
        ...

    async def write(self, change: Callable[[Transaction], T]) -> T:
        """Run `change` in a transaction that is durable when this returns.

        If `change` raises, nothing of it is kept. It may run twice, so it must have no effect but SQL and `jobs`.
        Raises ServiceUnavailable(database_unavailable); whether the write happened is then unknown, and every write
        of Filmgate is safe to repeat.
        """
        ...

    async def close(self) -> None: ...


def insert_if_absent(tx: Transaction, table: sa.Table, values: Mapping[str, Any]) -> None:
    """Insert a row unless one with the same unique value is there, also one that another process adds right now."""
    insert = postgresql.insert if tx.conn.dialect.name == "postgresql" else sqlite.insert
    tx.conn.execute(insert(table).values(**values).on_conflict_do_nothing())


def unavailable(error: Exception) -> ServiceUnavailable:
    reason = str(getattr(error, "orig", error)).splitlines()[0][:200] if str(error) else type(error).__name__
    return ServiceUnavailable(
        f"The database cannot answer now ({reason}). Nothing was charged; try again.",
        code="database_unavailable",
        retry_after_seconds=2,
    )
