"""Money held and money spent, as signed movements. Nothing is ever updated or removed."""

from __future__ import annotations

import sqlalchemy as sa

from filmgate.store.database import Transaction
from filmgate.store.schema import ledger, videos


def reserve(tx: Transaction, video_id: str, idx: int, *, key: tuple[str, str], usd_micros: int, now: float) -> None:
    """Hold `usd_micros` for one output. `key` is (project_id, key_id)."""
    project_id, key_id = key
    tx.conn.execute(
        sa.insert(ledger).values(
            video_id=video_id,
            idx=idx,
            project_id=project_id,
            key_id=key_id,
            kind="reservation",
            held_usd_micros=usd_micros,
            spent_usd_micros=0,
            at=now,
        )
    )


def settle(tx: Transaction, video_id: str, idx: int, *, usd_micros: int, now: float) -> None:
    """Close the reservation of one output: what was held is freed and `usd_micros` is spent.

    Without an open reservation (a rehearsal, an unpriced model, a second call) nothing happens.
    """
    _close(tx, video_id, idx, kind="settlement", spent=usd_micros, now=now)


def release(tx: Transaction, video_id: str, idx: int, *, now: float) -> None:
    """Free what was held for one output; nothing was spent."""
    _close(tx, video_id, idx, kind="release", spent=0, now=now)


def _close(tx: Transaction, video_id: str, idx: int, *, kind: str, spent: int, now: float) -> None:
    movements = tx.conn.execute(sa.select(ledger).where(ledger.c.video_id == video_id, ledger.c.idx == idx)).all()
    held = sum(movement.held_usd_micros for movement in movements)
    if not movements or any(movement.kind != "reservation" for movement in movements):
        return
    tx.conn.execute(
        sa.insert(ledger).values(
            video_id=video_id,
            idx=idx,
            project_id=movements[0].project_id,
            key_id=movements[0].key_id,
            kind=kind,
            held_usd_micros=-held,
            spent_usd_micros=spent,
            at=now,
        )
    )
    if spent:
        charged = sa.func.coalesce(videos.c.charged_usd_micros, 0) + spent
        tx.conn.execute(sa.update(videos).where(videos.c.id == video_id).values(charged_usd_micros=charged))


def committed_usd_micros(conn: sa.Connection, key_id: str) -> int:
    """What a key has spent plus what is held for it."""
    total = sa.func.coalesce(sa.func.sum(ledger.c.held_usd_micros + ledger.c.spent_usd_micros), 0)
    return int(conn.execute(sa.select(total).where(ledger.c.key_id == key_id)).scalar_one())
