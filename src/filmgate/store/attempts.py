"""Submissions to accounts: each is written before the paid call, and tells for ever what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from filmgate.store.database import Transaction
from filmgate.store.records import Attempt
from filmgate.store.schema import attempts, outputs

WATCHED = "watched"


def insert_attempt(tx: Transaction, values: Mapping[str, Any]) -> None:
    """The intent: committed before the paid call, so that a crash in between is known for what it is."""
    tx.conn.execute(sa.insert(attempts).values(state="intent", polls=0, **values))


def update_attempt(tx: Transaction, client_ref: str, values: Mapping[str, Any]) -> None:
    tx.conn.execute(sa.update(attempts).where(attempts.c.client_ref == client_ref).values(dict(values)))


def get_attempt(conn: sa.Connection, client_ref: str) -> Attempt | None:
    row = conn.execute(sa.select(attempts).where(attempts.c.client_ref == client_ref)).first()
    return _attempt(row) if row is not None else None


def started_since(conn: sa.Connection, account: str, *, since: float, limit: int) -> list[float]:
    """When the latest attempts on an account began, newest first."""
    query = (
        sa.select(attempts.c.started_at)
        .where(attempts.c.account == account, attempts.c.started_at > since)
        .order_by(attempts.c.started_at.desc())
        .limit(limit)
    )
    return list(conn.execute(query).scalars())


def task_ids_since(conn: sa.Connection, account: str, *, since: float, besides: str) -> set[str]:
    """The upstream's ids of the other attempts on an account that began since; `besides` is a client_ref."""
    query = sa.select(attempts.c.task_id).where(
        attempts.c.account == account,
        attempts.c.started_at >= since,
        attempts.c.task_id.is_not(None),
        attempts.c.client_ref != besides,
    )
    return set(conn.execute(query).scalars())


def generation_seconds(conn: sa.Connection, provider: str, upstream_model: str, *, limit: int) -> list[float]:
    """How long the latest successes of a model took from acceptance to the poll that saw them finished."""
    query = (
        sa.select(attempts.c.finished_at - attempts.c.accepted_at)
        .where(
            attempts.c.provider == provider,
            attempts.c.upstream_model == upstream_model,
            attempts.c.state == "succeeded",
            attempts.c.accepted_at.is_not(None),
        )
        .order_by(attempts.c.started_at.desc())
        .limit(limit)
    )
    return [float(seconds) for seconds in conn.execute(query).scalars()]


def list_watched(conn: sa.Connection, *, due: float, limit: int) -> list[Attempt]:
    """Attempts of finished outputs that may still end upstream, and whose next look is due."""
    query = (
        sa.select(attempts)
        .where(attempts.c.state == WATCHED, attempts.c.next_poll_at <= due)
        .order_by(attempts.c.next_poll_at)
        .limit(limit)
    )
    return [_attempt(row) for row in conn.execute(query)]


def claim_watched(tx: Transaction, attempt: Attempt, *, until: float) -> bool:
    """Take the next look at a watched attempt; False when another process has taken it."""
    claimed = tx.conn.execute(
        sa.update(attempts)
        .where(
            attempts.c.client_ref == attempt.client_ref,
            attempts.c.state == WATCHED,
            attempts.c.next_poll_at == attempt.next_poll_at,
        )
        .values(next_poll_at=until)
    )
    return claimed.rowcount == 1


def hasten_poll(tx: Transaction, client_ref: str, *, now: float) -> None:
    """Poll a task now that would have been polled later."""
    tx.conn.execute(
        sa.update(attempts)
        .where(attempts.c.client_ref == client_ref, attempts.c.next_poll_at > now)
        .values(next_poll_at=now)
    )


def credentials_in_use(conn: sa.Connection) -> set[str]:
    """The ids of credentials that an unfinished output or a watched attempt may still need."""
    unfinished = outputs.c.phase.not_in(["done", "failed"])
    query = (
        sa.select(attempts.c.credential_id)
        .join(outputs, sa.and_(outputs.c.video_id == attempts.c.video_id, outputs.c.idx == attempts.c.idx))
        .where(attempts.c.credential_id.is_not(None), sa.or_(unfinished, attempts.c.state == WATCHED))
        .distinct()
    )
    return set(conn.execute(query).scalars())


def _attempt(row: sa.Row[Any]) -> Attempt:
    return Attempt(**row._mapping)  # pyright: ignore[reportPrivateUsage] - SQLAlchemy's public name for a row's mapping
