"""What happened to a video, in order: its timeline. Only ever appended to."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from filmgate.store.database import Transaction
from filmgate.store.records import Event
from filmgate.store.schema import events

_INSERT = sa.insert(events)


def append(
    tx: Transaction, video_id: str, type_: str, *, at: float, idx: int | None = None, data: dict[str, Any] | None = None
) -> None:
    tx.conn.execute(_INSERT, {"video_id": video_id, "idx": idx, "at": at, "type": type_, "data": data or {}})


def list_events(conn: sa.Connection, video_id: str, *, after: int = 0) -> list[Event]:
    rows = conn.execute(
        sa.select(events).where(events.c.video_id == video_id, events.c.seq > after).order_by(events.c.seq)
    )
    return [Event(row.seq, row.video_id, row.idx, row.at, row.type, row.data) for row in rows]
