"""Accounts that failed lately, as every process of a fleet sees them."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa

from filmgate.store.database import Transaction, insert_if_absent
from filmgate.store.schema import circuits


@dataclass(frozen=True, slots=True)
class Circuit:
    """`open_until` None: it has failed, but not often enough to be left alone."""

    account: str
    failures: int
    openings: int
    reason: str
    error_class: str
    first_failed_at: float
    open_until: float | None
    probe_until: float | None = None


def list_circuits(conn: sa.Connection) -> dict[str, Circuit]:
    return {row.account: _circuit(row) for row in conn.execute(sa.select(circuits))}


def read_for_update(tx: Transaction, account: str) -> Circuit | None:
    row = tx.conn.execute(sa.select(circuits).where(circuits.c.account == account).with_for_update()).first()
    return _circuit(row) if row else None


def save_circuit(tx: Transaction, circuit: Circuit) -> None:
    insert_if_absent(tx, circuits, asdict(circuit))
    tx.conn.execute(sa.update(circuits).where(circuits.c.account == circuit.account).values(asdict(circuit)))


def claim_probe(tx: Transaction, account: str, *, now: float, until: float) -> bool:
    """Be the one that tries an account whose time-out is over; False when another does, or it is not over."""
    claimed = tx.conn.execute(
        sa.update(circuits)
        .where(
            circuits.c.account == account,
            circuits.c.open_until <= now,
            sa.or_(circuits.c.probe_until.is_(None), circuits.c.probe_until <= now),
        )
        .values(probe_until=until)
    )
    return claimed.rowcount == 1


def remove_circuit(tx: Transaction, account: str) -> None:
    tx.conn.execute(sa.delete(circuits).where(circuits.c.account == account))


def _circuit(row: sa.Row[tuple[object, ...]]) -> Circuit:
    return Circuit(**row._mapping)  # pyright: ignore - SQLAlchemy's public name for a row's mapping
