"""Projects and their API keys. A secret is never stored: only its SHA-256 is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from filmgate.core.errors import NotFound
from filmgate.core.ids import new_api_key, new_id
from filmgate.store.database import Transaction, insert_if_absent
from filmgate.store.records import Key
from filmgate.store.schema import keys, projects

DEFAULT_PROJECT = "default"


def secret_digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def ensure_project(tx: Transaction, name: str, *, now: float) -> str:
    """The id of the project called `name`, made if it does not exist."""
    insert_if_absent(tx, projects, {"id": new_id("proj"), "name": name, "created_at": now})
    return tx.conn.execute(sa.select(projects.c.id).where(projects.c.name == name)).scalar_one()


def create_key(
    tx: Transaction,
    *,
    project_id: str,
    mode: str,
    name: str,
    now: float,
    limits: Mapping[str, Any] | None = None,
) -> tuple[Key, str]:
    """A new key and its secret; this is the only moment at which the secret exists.

    `limits` may hold models, requests_per_minute, max_active_videos, budget_usd_micros, expires_at and scopes.
    """
    secret = new_api_key(mode)
    values: dict[str, Any] = {
        "id": new_id("key"),
        "project_id": project_id,
        "mode": mode,
        "name": name,
        "hint": f"{secret[:8]}…{secret[-4:]}",
        "secret_sha256": secret_digest(secret),
        "scopes": [],
        "models": None,
        "requests_per_minute": None,
        "max_active_videos": None,
        "budget_usd_micros": None,
        "created_at": now,
        "expires_at": None,
        "revoked_at": None,
        **(limits or {}),
    }
    tx.conn.execute(sa.insert(keys).values(values))
    return _key(values), secret


def find_key(conn: sa.Connection, digest: str) -> Key | None:
    """The key whose secret has this SHA-256, also when it is revoked or expired.

    The look-up is by digest, so its timing tells nothing about any secret.
    """
    row = conn.execute(sa.select(keys).where(keys.c.secret_sha256 == digest)).mappings().first()
    return _key(row) if row else None


def list_keys(conn: sa.Connection) -> list[Key]:
    rows = conn.execute(sa.select(keys).order_by(keys.c.created_at, keys.c.id)).mappings()
    return [_key(row) for row in rows]


def lock_key(tx: Transaction, key_id: str) -> None:
    """Let the transactions that ask for this key's lock pass one at a time. SQLite has one writer anyway."""
    tx.conn.execute(sa.select(keys.c.id).where(keys.c.id == key_id).with_for_update())


def project_names(conn: sa.Connection) -> dict[str, str]:
    """Every project's name by its id."""
    return {row.id: row.name for row in conn.execute(sa.select(projects.c.id, projects.c.name))}


def revoke_key(tx: Transaction, key_id: str, *, now: float) -> Key:
    """Revoke now; revoking twice keeps the first time. Raises NotFound(key_not_found)."""
    tx.conn.execute(sa.update(keys).where(keys.c.id == key_id, keys.c.revoked_at.is_(None)).values(revoked_at=now))
    row = tx.conn.execute(sa.select(keys).where(keys.c.id == key_id)).mappings().first()
    if row is None:
        raise NotFound(f"key: there is no key {key_id!r}; `filmgate keys list` shows them", code="key_not_found")
    return _key(row)


def _key(row: Mapping[str, Any] | sa.RowMapping) -> Key:
    return Key(
        id=row["id"],
        project_id=row["project_id"],
        mode=row["mode"],
        name=row["name"],
        hint=row["hint"],
        scopes=tuple(row["scopes"]),
        models=tuple(row["models"]) if row["models"] is not None else None,
        requests_per_minute=row["requests_per_minute"],
        max_active_videos=row["max_active_videos"],
        budget_usd_micros=row["budget_usd_micros"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
    )
