"""Which create was asked before: by the client's Idempotency-Key, or by an SDK's own retry of the same body."""

from __future__ import annotations

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


def claim(
    tx: Transaction, key: Key, idempotency_key: str, body_sha256: str, *, video_id: str, now: float
) -> str | None:
    """Bind `idempotency_key` to `video_id`, or return the id of the video that holds it already.

    Of two concurrent creates exactly one wins: on PostgreSQL the second waits at the insert for the first to commit.
    """
    mine = (
        (idempotency_keys.c.project_id == key.project_id)
        & (idempotency_keys.c.livemode == key.livemode)
        & (idempotency_keys.c.key == idempotency_key)
    )
    tx.conn.execute(sa.delete(idempotency_keys).where(mine, idempotency_keys.c.created_at <= now - KEPT_SECONDS))
    result = tx.conn.execute(
        _insert_if_absent(
            tx.conn,
            {
                "project_id": key.project_id,
                "livemode": key.livemode,
                "key": idempotency_key,
                "body_sha256": body_sha256,
                "video_id": video_id,
                "created_at": now,
            },
        )
    )
    return None if result.rowcount == 1 else find(tx.conn, key, idempotency_key, body_sha256, now=now)


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


def _insert_if_absent(conn: sa.Connection, values: dict[str, object]) -> sa.Executable:
    if conn.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert
    return insert(idempotency_keys).values(values).on_conflict_do_nothing()
