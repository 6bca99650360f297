"""Accounts: who can make what, how fast, and how a video finds the account that it was given to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from filmgate.catalogue.loader import Catalogue
from filmgate.catalogue.model import ModelEntry
from filmgate.core.errors import NotFound
from filmgate.core.provider import Provider
from filmgate.store import credentials
from filmgate.store.credentials import Credential
from filmgate.store.database import Database
from filmgate.store.records import Attempt

REHEARSAL_ACCOUNT = "rehearsal"
# The provider of every server that speaks /v1/videos: its accounts may serve any model that they name.
ANY_MODEL_PROVIDER = "openai"
# The share of a model's usual time before which there is nothing to be seen.
FIRST_POLL_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a model usually is, and so when to ask for it."""

    typical_seconds: float
    first_poll_seconds: float
    poll_seconds: float
    deadline_seconds: float

    def expecting(self, typical_seconds: float) -> Pace:
        """The same for a model that is known to take so long: first asked when it can be finished at the earliest."""
        return replace(self, typical_seconds=typical_seconds, first_poll_seconds=typical_seconds * FIRST_POLL_SHARE)


# For a video whose model has left the catalogue since it was accepted.
UNKNOWN_PACE = Pace(typical_seconds=120.0, first_poll_seconds=10.0, poll_seconds=10.0, deadline_seconds=7200.0)


def _serves_all(_wire: Mapping[str, Any]) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Account:
    """One subscription with a provider, or one local engine.

    `free` says that submitting twice costs nothing, so that a lost task is simply asked again. `pace` is that of a
    local engine; None: the catalogue says it for each model. `former` marks an account that is no longer configured
    and only finishes what it began.
    """

    name: str
    provider: str
    adapter: Provider
    max_concurrent: int
    free: bool = False
    pace: Pace | None = None
    max_attempts: int = 3  # submissions of one output that were accepted and then failed without a charge
    credential_id: str | None = None
    models: Mapping[str, str] | None = None  # public id -> upstream name; None: every model of the provider
    serves: Callable[[Mapping[str, Any]], bool] = _serves_all
    priority: int = 1  # 1 is asked before 2
    weight: float = 1.0
    requests_per_minute: int | None = None
    on_unknown: Literal["fail", "resubmit"] = "fail"
    expected_seconds: float | None = None
    trusted_hosts: frozenset[str] = field(default_factory=frozenset[str])  # its own server's "host:port"
    pass_image_links: bool = False
    former: bool = False

    def can_make(self, entry: ModelEntry) -> bool:
        if self.former or self.name == REHEARSAL_ACCOUNT:
            return False
        if self.models is not None and entry.id not in self.models:
            return False
        if entry.provider == self.provider:
            return self.serves(entry.wire)
        return self.provider == ANY_MODEL_PROVIDER and self.models is not None

    def upstream_model(self, model_id: str, upstream_model: str) -> str:
        """What this account calls the model."""
        return (self.models or {}).get(model_id) or upstream_model


def pace_of(account: Account, catalogue: Catalogue, model: str) -> Pace:
    if account.pace is not None:
        return account.pace
    try:
        entry = catalogue.get(model)
    except NotFound:
        return UNKNOWN_PACE
    typical_seconds = entry.typical_seconds or UNKNOWN_PACE.typical_seconds
    pace = Pace(typical_seconds, entry.poll.first_seconds, entry.poll.every_seconds, entry.deadline_seconds)
    return pace.expecting(account.expected_seconds) if account.expected_seconds else pace


def record_seconds(catalogue: Catalogue, model: str) -> float:
    """How long the provider answers for a task of `model`; a day where the model has left the catalogue."""
    try:
        return catalogue.get(model).record_seconds
    except NotFound:
        return 86_400.0


class Roster:
    """Every account of this process, by name; and those that no longer stand in its settings but have work left.

    `revive` opens a provider once more with settings that were kept.
    """

    def __init__(
        self,
        accounts: Mapping[str, Account],
        database: Database,
        revive: Callable[[Credential], Account | None] = lambda _credential: None,
    ) -> None:
        self._accounts = accounts
        self._database = database
        self._revive = revive
        self._revived: dict[str, Account] = {}  # by credential id

    def get(self, name: str) -> Account | None:
        return self._accounts.get(name)

    def all(self) -> tuple[Account, ...]:
        return tuple(self._accounts.values())

    def adapters(self) -> list[Provider]:
        """Every provider that was opened, also those that were opened once more."""
        return [account.adapter for account in (*self._accounts.values(), *self._revived.values())]

    async def of_attempt(self, attempt: Attempt) -> Account | None:
        """The account as it was when `attempt` was made: same credentials, same base URL. None: nobody knows it."""
        current = self._accounts.get(attempt.account)
        wanted = attempt.credential_id
        if wanted is None or (current is not None and current.credential_id == wanted):
            return current
        if wanted not in self._revived:
            kept = await self._database.read(lambda conn: credentials.get_credential(conn, wanted))
            former = self._revive(kept) if kept else None
            if former is None:
                return current
            self._revived[wanted] = former
        return self._revived[wanted]
