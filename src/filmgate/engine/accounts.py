"""Accounts, and which of them a request goes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from filmgate.catalogue.model import ModelEntry
from filmgate.core.errors import ServiceUnavailable
from filmgate.core.provider import Provider
from filmgate.store.records import Key

REHEARSAL_ACCOUNT = "rehearsal"


@dataclass(frozen=True, slots=True)
class Account:
    """One subscription with a provider, or one local engine.

    `free` says that submitting twice costs nothing, so that a lost task is simply asked again.
    """

    name: str
    provider: str
    adapter: Provider
    max_concurrent: int
    free: bool = False
    poll_seconds: float = 5.0
    deadline_seconds: float = 3600.0
    max_attempts: int = 3


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


def is_available(accounts: Mapping[str, Account], entry: ModelEntry) -> bool:
    return any(
        account.provider == entry.provider and account.name != REHEARSAL_ACCOUNT for account in accounts.values()
    )
