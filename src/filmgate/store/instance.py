"""Small facts about this installation, such as the secret that signs its links."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from filmgate.store.database import Transaction
from filmgate.store.schema import instance


def signing_secret(tx: Transaction) -> bytes:
    """The secret that signs content links: made once, shared by every replica on the same database."""
    row = tx.conn.execute(sa.select(instance.c.value).where(instance.c.name == "signing_secret")).scalar()
    if row is None:
        row = secrets.token_hex(32)
        tx.conn.execute(sa.insert(instance).values(name="signing_secret", value=row))
    return bytes.fromhex(row)
