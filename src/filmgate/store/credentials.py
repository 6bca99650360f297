"""How accounts were reached, so that a video can be finished after its account was edited or removed.

The settings hold secrets: whoever reads the database can use the accounts. They are removed when nothing needs them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from filmgate.store import attempts
from filmgate.store.database import Transaction, insert_if_absent
from filmgate.store.schema import credentials, outputs

_KEPT_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Credential:
    """`settings` is what a provider is opened with."""

    id: str
    account: str
    provider: str
    settings: dict[str, Any] = field(repr=False)


def save_credential(tx: Transaction, credential: Credential, *, now: float) -> None:
    """Keep it, or note that it is still used. Its id says what is in it, so nothing else ever changes."""
    values = {
        "id": credential.id,
        "account": credential.account,
        "provider": credential.provider,
        "settings": credential.settings,
        "used_at": now,
    }
    insert_if_absent(tx, credentials, values)
    tx.conn.execute(sa.update(credentials).where(credentials.c.id == credential.id).values(used_at=now))


def get_credential(conn: sa.Connection, credential_id: str) -> Credential | None:
    row = conn.execute(sa.select(credentials).where(credentials.c.id == credential_id)).first()
    return Credential(row.id, row.account, row.provider, row.settings) if row else None


def lock_credential(tx: Transaction, credential_id: str) -> None:
    """One submission at a time on an account that counts them."""
    tx.conn.execute(sa.select(credentials.c.id).where(credentials.c.id == credential_id).with_for_update())


def latest_of(conn: sa.Connection, accounts: Collection[str]) -> list[Credential]:
    """The last known credential of each of `accounts`."""
    query = sa.select(credentials).where(credentials.c.account.in_(accounts)).order_by(credentials.c.used_at)
    latest = {row.account: Credential(row.id, row.account, row.provider, row.settings) for row in conn.execute(query)}
    return list(latest.values())


def forget_unused(tx: Transaction, *, configured: Collection[str], now: float) -> int:
    """Remove what has been in nobody's settings for a day and no video needs. Returns how many went.

    `configured` are the ids in this process's settings; other processes may have others.
    """
    tx.conn.execute(sa.update(credentials).where(credentials.c.id.in_(configured)).values(used_at=now))
    waiting = sa.select(outputs.c.account).where(outputs.c.phase.not_in(["done", "failed"]))
    gone = tx.conn.execute(
        sa.delete(credentials).where(
            credentials.c.used_at < now - _KEPT_SECONDS,
            credentials.c.id.not_in(attempts.credentials_in_use(tx.conn)),
            credentials.c.account.not_in(waiting),
        )
    )
    return gone.rowcount
