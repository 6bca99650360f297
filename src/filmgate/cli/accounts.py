"""`filmgate accounts`: who can make videos here, in which state, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from filmgate.cli.options import Config, Data, Json
from filmgate.cli.output import local_time, note, say_json, show_table

if TYPE_CHECKING:
    from filmgate.config import Settings
    from filmgate.engine.account_settings import AccountSettings
    from filmgate.store.circuits import Circuit
    from filmgate.store.database import Transaction


@dataclass(frozen=True, slots=True)
class AccountState:
    """One account as its settings and the database have it. `state` is closed, open, half-open, or former."""

    name: str
    provider: str
    state: str
    reason: str | None
    open_until: float | None
    slots_in_use: int
    max_concurrent: int | None
    waiting: int
    requests_per_minute: int | None
    priority: int
    weight: float
    models: tuple[str, ...] | None


def accounts(config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Show every account: its state, why it is left alone, and its slots. Secrets are never shown."""
    from filmgate.config import load_settings

    settings = load_settings(config, data=data)
    states = account_states(settings)
    if as_json:
        say_json({"object": "list", "data": [_as_object(state) for state in states]})
        return
    if not states:
        note("No account is configured: only animatic-1 and rehearsals work. See docs/accounts.md")
        return
    rows = [
        (
            state.name,
            state.provider,
            "in service" if state.state == "closed" else state.state,
            f"{state.slots_in_use} of {state.max_concurrent}" if state.max_concurrent else str(state.slots_in_use),
            str(state.waiting),
            f"{state.priority}/{state.weight:g}",
            ", ".join(state.models) if state.models is not None else "all of its provider",
            _why(state),
        )
        for state in states
    ]
    show_table(("account", "provider", "state", "slots", "waiting", "priority/weight", "models", "reason"), rows)


def account_states(settings: Settings) -> list[AccountState]:
    """Changes nothing: a database that is not there, or is older than this program, tells nothing.

    Raises ConfigError for an account that cannot be used as it is written.
    """
    from filmgate.app import checked_accounts
    from filmgate.cli.local_database import in_transaction, inspect_database
    from filmgate.providers.registry import provider_kinds
    from filmgate.store.migrate import HEAD

    configured = checked_accounts(settings)
    circuits: dict[str, Circuit] = {}
    counts: dict[tuple[str, str], int] = {}
    exists = bool(settings.database_url) or settings.database_path.exists()
    if exists and inspect_database(settings).revision == HEAD:
        circuits, counts = in_transaction(settings, _look)
    kinds = provider_kinds()
    states = [
        _state(account, account.max_concurrent or kinds[account.provider].max_concurrent, circuits, counts)
        for account in configured
    ]
    known = {account.name for account in configured} | {"animatic", "rehearsal"}
    former = sorted({name for name, _ in counts} - known)
    return states + [_former(name, counts) for name in former]


def _look(tx: Transaction) -> tuple[dict[str, Circuit], dict[tuple[str, str], int]]:
    from filmgate.store import outputs
    from filmgate.store.circuits import list_circuits

    return list_circuits(tx.conn), outputs.count_by_account(tx.conn)


def _state(
    account: AccountSettings,
    max_concurrent: int,
    circuits: dict[str, Circuit],
    counts: dict[tuple[str, str], int],
) -> AccountState:
    from filmgate.core.clock import SystemClock
    from filmgate.engine.circuits import state_of

    circuit = circuits.get(account.name)
    return AccountState(
        name=account.name,
        provider=account.provider,
        state=state_of(circuit, SystemClock().now()).value,
        reason=circuit.reason if circuit else None,
        open_until=circuit.open_until if circuit else None,
        slots_in_use=_in_use(account.name, counts),
        max_concurrent=max_concurrent,
        waiting=counts.get((account.name, "waiting"), 0),
        requests_per_minute=account.requests_per_minute,
        priority=account.priority,
        weight=account.weight,
        models=tuple(account.models) if account.models is not None else None,
    )


def _former(name: str, counts: dict[tuple[str, str], int]) -> AccountState:
    reason = "no longer in the settings; it only finishes what it began"
    waiting = counts.get((name, "waiting"), 0)
    return AccountState(name, "", "former", reason, None, _in_use(name, counts), None, waiting, None, 0, 0.0, ())


def _in_use(name: str, counts: dict[tuple[str, str], int]) -> int:
    return sum(count for (account, phase), count in counts.items() if account == name and phase != "waiting")


def _why(state: AccountState) -> str:
    if state.reason is None:
        return ""
    until = f" (tried again at {local_time(state.open_until)})" if state.open_until else ""
    return state.reason + until


def _as_object(state: AccountState) -> dict[str, Any]:
    from dataclasses import asdict

    return {"object": "account", **asdict(state)}
