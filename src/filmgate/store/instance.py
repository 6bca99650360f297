"""Small facts about this installation, such as the secret that signs its links."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from filmgate.store.database import Transaction, insert_if_absent
from filmgate.store.schema import instance


def ping(conn: sa.Connection) -> None:
    """The cheapest question there is: returns if the database answers."""
    conn.execute(sa.text("SELECT 1"))


def signing_secret(tx: Transaction) -> bytes:
    """The secret that signs content links: made once, shared by every replica on the same database."""
    insert_if_absent(tx, instance, {"name": "signing_secret", "value": secrets.token_hex(32)})
    secret = tx.conn.execute(sa.select(instance.c.value).where(instance.c.name == "signing_secret")).scalar_one()
    return bytes.fromhex(secret)
