"""One circuit for each account: an account that cannot work is left alone for a while, then tried by one output.

closed     submissions go out
open       none do, until `open_until`; the reason is told to whoever asks
half-open  the time is over: one output tries it, and what comes of it closes or opens the circuit again

Kept in the database, so that a fleet has one opinion and a restart does not forget it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from filmgate.core.clock import Clock
from filmgate.core.errors import ErrorClass, UpstreamError
from filmgate.engine.arrows import told
from filmgate.store import circuits
from filmgate.store.circuits import Circuit
from filmgate.store.database import Database, Transaction

FAILURES_TO_OPEN = 5
_OPERATOR_SECONDS, _MOST_OPERATOR_SECONDS = 60.0, 1800.0
_TRANSIENT_SECONDS, _MOST_TRANSIENT_SECONDS = 15.0, 300.0
# Longer than the longest paid call, so that a probe that is under way is not doubled.
_PROBE_SECONDS = 300.0
_FRESH_SECONDS = 1.0
_CLASSES_THAT_COUNT = frozenset({ErrorClass.OPERATOR, ErrorClass.TRANSIENT})


class State(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


def state_of(circuit: Circuit | None, now: float) -> State:
    if circuit is None or circuit.open_until is None:
        return State.CLOSED
    return State.OPEN if now < circuit.open_until else State.HALF_OPEN


def after_failure(before: Circuit | None, account: str, error: UpstreamError, now: float) -> Circuit:
    """The circuit after one more failure. Pure. What was under way when it opened tells nothing new."""
    if before is not None and state_of(before, now) is State.OPEN:
        return before
    failures = (before.failures if before else 0) + 1
    openings = before.openings if before else 0
    by_operator = error.error_class is ErrorClass.OPERATOR
    half_open = state_of(before, now) is State.HALF_OPEN
    opens = by_operator or half_open or failures >= FAILURES_TO_OPEN
    open_until = before.open_until if before else None
    if opens:
        first, most = (
            (_OPERATOR_SECONDS, _MOST_OPERATOR_SECONDS)
            if by_operator
            else (_TRANSIENT_SECONDS, _MOST_TRANSIENT_SECONDS)
        )
        open_until = now + min(first * 2.0 ** min(openings, 20), most)
        openings += 1
    first_failed_at = before.first_failed_at if before else now
    return Circuit(
        account, failures, openings, told(error.message), error.error_class.value, first_failed_at, open_until
    )


@dataclass(frozen=True, slots=True)
class _Snapshot:
    read_at: float
    by_account: dict[str, Circuit]


class Circuits:
    """The circuits as they stood at most a second ago, and every change to them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._snapshot = _Snapshot(float("-inf"), {})

    async def all(self) -> dict[str, Circuit]:
        now = self._clock.now()
        if not 0 <= now - self._snapshot.read_at < _FRESH_SECONDS:
            self._snapshot = _Snapshot(now, await self._database.read(circuits.list_circuits))
        return self._snapshot.by_account

    async def of(self, account: str) -> Circuit | None:
        return (await self.all()).get(account)

    async def may_probe(self, account: str) -> bool:
        """Whether the caller is the one that tries a half-open account."""
        now = self._clock.now()
        return await self._database.write(
            lambda tx: circuits.claim_probe(tx, account, now=now, until=now + _PROBE_SECONDS)
        )

    async def failed(self, account: str, error: UpstreamError) -> None:
        """Only what says something of the account counts: neither a bad request nor being too fast does."""
        if error.error_class not in _CLASSES_THAT_COUNT:
            return
        now = self._clock.now()

        def change(tx: Transaction) -> None:
            before = circuits.read_for_update(tx, account)
            circuits.save_circuit(tx, after_failure(before, account, error, now))

        await self._database.write(change)
        self._forget()

    async def worked(self, account: str) -> None:
        if account in await self.all():
            await self._database.write(lambda tx: circuits.remove_circuit(tx, account))
            self._forget()

    def _forget(self) -> None:
        self._snapshot = _Snapshot(float("-inf"), self._snapshot.by_account)
