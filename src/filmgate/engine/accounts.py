"""Accounts, and which of them a request goes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from filmgate.catalogue.loader import Catalogue
from filmgate.catalogue.model import ModelEntry
from filmgate.core.errors import NotFound, ServiceUnavailable
from filmgate.core.provider import Provider
from filmgate.store.records import Key

REHEARSAL_ACCOUNT = "rehearsal"


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a model usually is, and so when to ask for it."""

    typical_seconds: float
    first_poll_seconds: float
    poll_seconds: float
    deadline_seconds: float


# For a video whose model has left the catalogue since it was accepted.
UNKNOWN_PACE = Pace(typical_seconds=120.0, first_poll_seconds=10.0, poll_seconds=10.0, deadline_seconds=7200.0)


@dataclass(frozen=True, slots=True)
class Account:
    """One subscription with a provider, or one local engine.

    `free` says that submitting twice costs nothing, so that a lost task is simply asked again. `pace` is that of a
    local engine; None: the catalogue says it for each model.
    """

    name: str
    provider: str
    adapter: Provider
    max_concurrent: int
    free: bool = False
    pace: Pace | None = None
    max_attempts: int = 3


def pace_of(account: Account, catalogue: Catalogue, model: str) -> Pace:
    if account.pace is not None:
        return account.pace
    try:
        entry = catalogue.get(model)
    except NotFound:
        return UNKNOWN_PACE
    typical_seconds = entry.typical_seconds or UNKNOWN_PACE.typical_seconds
    return Pace(typical_seconds, entry.poll.first_seconds, entry.poll.every_seconds, entry.deadline_seconds)


def choose_account(accounts: Mapping[str, Account], entry: ModelEntry, key: Key) -> Account:
    """The account that serves `entry` for `key`. Raises ServiceUnavailable(no_account); nothing was charged."""
    if not key.livemode:
        return accounts[REHEARSAL_ACCOUNT]
    for account in accounts.values():
        if account.provider == entry.provider and account.name != REHEARSAL_ACCOUNT:
            return account
    raise ServiceUnavailable(
        f"model: no account of provider {entry.provider!r} is configured, so {entry.id!r} cannot run with a live key; "
        "use a test key (sk-test-…) to rehearse it, or choose a model that GET /v1/models lists as available",
        code="no_account",
        param="model",
    )
