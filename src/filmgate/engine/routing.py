"""Which account an output goes to: by priority, then by free capacity and weight; around open circuits."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence

from filmgate.catalogue.loader import Catalogue
from filmgate.catalogue.model import ModelEntry
from filmgate.core.clock import Clock
from filmgate.core.errors import ErrorClass, NotFound, ServiceUnavailable
from filmgate.engine.accounts import REHEARSAL_ACCOUNT, Account, Roster
from filmgate.engine.circuits import Circuits, State, state_of
from filmgate.engine.line import WaitingLine
from filmgate.store.circuits import Circuit
from filmgate.store.records import Key


class Router:
    def __init__(
        self, roster: Roster, catalogue: Catalogue, circuits: Circuits, line: WaitingLine, clock: Clock
    ) -> None:
        self._roster = roster
        self._catalogue = catalogue
        self._circuits = circuits
        self._line = line
        self._clock = clock
        # What was handed out since the line was last counted, so that creates of one second do not all take one slot.
        self._given: Counter[str] = Counter()
        self._counted_at = -math.inf

    async def choose(self, entry: ModelEntry, key: Key) -> Account:
        """The account for a new output. Raises ServiceUnavailable (no_account); nothing was stored or charged.

        An account whose owner has to act (key, balance) is out while its circuit is open; one that failed in passing
        is only the last choice, since it may be back before the output's turn.
        """
        if not key.livemode:
            return self.rehearsal()
        able = self.able(entry)
        if not able:
            raise _no_account(entry)
        circuits = await self._circuits.all()
        usable = [account for account in able if not self._barred(circuits.get(account.name))]
        if not usable:
            raise _all_barred(entry, [circuits[account.name] for account in able], self._clock.now())
        healthy = [account for account in usable if self._state(circuits.get(account.name)) is not State.OPEN]
        account = await self._least_loaded(healthy or usable)
        self._given[account.name] += 1
        return account

    async def other(self, model: str, *, besides: Collection[str], with_free_slot: bool = False) -> Account | None:
        """Another account that works and could make `model` now. None: there is none.

        One that is only being tried again does not count: two such would hand an output to and fro.
        """
        try:
            entry = self._catalogue.get(model)
        except NotFound:
            return None
        circuits = await self._circuits.all()
        able = [
            account
            for account in self.able(entry)
            if account.name not in besides and self._state(circuits.get(account.name)) is State.CLOSED
        ]
        if with_free_slot:
            loads = await self._loads()
            able = [account for account in able if loads[account.name] < account.max_concurrent]
        if not able:
            return None
        account = await self._least_loaded(able)
        self._given[account.name] += 1
        return account

    def able(self, entry: ModelEntry) -> list[Account]:
        return [account for account in self._roster.all() if account.can_make(entry)]

    def why_not(self, entry: ModelEntry) -> str | None:
        """The sentence for a model that no account can make; None where one can."""
        return None if self.able(entry) else _no_account(entry).message

    def rehearsal(self) -> Account:
        account = self._roster.get(REHEARSAL_ACCOUNT)
        if account is None:
            raise ServiceUnavailable("This server has no renderer for rehearsals", code="no_account")
        return account

    async def _least_loaded(self, accounts: Sequence[Account]) -> Account:
        """A free slot at the best priority; with all slots taken, the shortest wait at the best priority."""
        loads = await self._loads()
        free = [account for account in accounts if loads[account.name] < account.max_concurrent]
        pool = free or accounts
        first = min(account.priority for account in pool)
        best = [account for account in pool if account.priority == first]
        return min(best, key=lambda account: (loads[account.name] + 1) / (account.max_concurrent * account.weight))

    async def _loads(self) -> Counter[str]:
        counted_at, unfinished = await self._line.unfinished()
        if counted_at != self._counted_at:
            self._counted_at, self._given = counted_at, Counter()
        return unfinished + self._given

    def _state(self, circuit: Circuit | None) -> State:
        return state_of(circuit, self._clock.now())

    def _barred(self, circuit: Circuit | None) -> bool:
        is_open = self._state(circuit) is State.OPEN
        return is_open and circuit is not None and circuit.error_class == ErrorClass.OPERATOR


def _no_account(entry: ModelEntry) -> ServiceUnavailable:
    return ServiceUnavailable(
        f"model: no account of provider {entry.provider!r} is configured that serves {entry.id!r}, so it cannot run "
        "with a live key; use a test key (sk-test-…) to rehearse it, or choose a model that GET /v1/models lists as "
        "available",
        code="no_account",
        param="model",
    )


def _all_barred(entry: ModelEntry, circuits: Sequence[Circuit], now: float) -> ServiceUnavailable:
    reasons = "; ".join(f"account {circuit.account!r}: {circuit.reason}" for circuit in circuits)
    opens_at = min(circuit.open_until or now for circuit in circuits)
    return ServiceUnavailable(
        f"model: {entry.id!r} cannot run now, until the operator of this server acts ({reasons})",
        code="no_account",
        param="model",
        retry_after_seconds=max(1, math.ceil(opens_at - now)),
    )
