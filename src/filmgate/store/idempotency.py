"""Which create was asked before: by the client's Idempotency-Key, or by an SDK's own retry of the same body."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from filmgate.core.errors import Conflict
from filmgate.store.database import Transaction
from filmgate.store.records import Key
from filmgate.store.schema import idempotency_keys, videos

KEPT_SECONDS = 24 * 3600
SDK_RETRY_SECONDS = 600


def find(conn: sa.Connection, key: Key, idempotency_key: str, body_sha256: str, *, now: float) -> str | None:
    """The id of the video made under this Idempotency-Key in the last 24 h.

    Keys are shared by a project (its live and its test side apart), so that a retry still finds its video after the
    API key was rotated. Raises Conflict(idempotency_conflict) when the body was another one.
    """
    row = conn.execute(
        sa.select(idempotency_keys).where(
            idempotency_keys.c.project_id == key.project_id,
            idempotency_keys.c.livemode == key.livemode,
            idempotency_keys.c.key == idempotency_key,
            idempotency_keys.c.created_at > now - KEPT_SECONDS,
        )
    ).first()
    if row is None:
        return None
    if row.body_sha256 != body_sha256:
        raise Conflict(
            f"Idempotency-Key: {idempotency_key!r} was used in the last 24 hours with another request body; "
            "use a new key for a new request",
            code="idempotency_conflict",
            param="Idempotency-Key",
        )
    return row.video_id


def serialise(tx: Transaction, key: Key, identity: str) -> None:
    """Let creates with the same identity pass one at a time, so that the second sees what the first stored.

    SQLite has one writer anyway. PostgreSQL takes an advisory lock until the transaction ends.
    """
    if tx.conn.dialect.name == "postgresql":
        digest = hashlib.sha256(f"{key.project_id}/{key.livemode}/{identity}".encode()).digest()
        number = int.from_bytes(digest[:8], "big", signed=True)
        tx.conn.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def bind(tx: Transaction, key: Key, idempotency_key: str, body_sha256: str, *, video_id: str, now: float) -> None:
    """Let `idempotency_key` mean `video_id` for the next 24 hours. Call `serialise` and `find` before."""
    mine = {"project_id": key.project_id, "livemode": key.livemode, "key": idempotency_key}
    tx.conn.execute(
        sa.delete(idempotency_keys).where(*(idempotency_keys.c[name] == value for name, value in mine.items()))
    )
    tx.conn.execute(
        sa.insert(idempotency_keys).values(**mine, body_sha256=body_sha256, video_id=video_id, created_at=now)
    )


def find_same_body(conn: sa.Connection, key: Key, body_sha256: str, *, since: float, retries_only: bool) -> str | None:
    """The newest video this API key made from the same body after `since`; `retries_only`: by an SDK's retry."""
    query = sa.select(videos.c.id).where(
        videos.c.key_id == key.id, videos.c.body_sha256 == body_sha256, videos.c.created_at >= since
    )
    if retries_only:
        query = query.where(videos.c.client_retry)
    return conn.execute(query.order_by(videos.c.id.desc()).limit(1)).scalar()


def forget_old(tx: Transaction, *, now: float) -> None:
    tx.conn.execute(sa.delete(idempotency_keys).where(idempotency_keys.c.created_at <= now - KEPT_SECONDS))
