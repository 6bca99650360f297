"""The composition root: everything is built here once, and handed down."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from filmgate.api.auth import Authenticator
from filmgate.api.links import LinkSigner
from filmgate.api.services import Services
from filmgate.catalogue.loader import Catalogue, load_catalogue
from filmgate.config import ConfigError, Settings
from filmgate.core.clock import Clock, SystemClock
from filmgate.core.errors import NotFound
from filmgate.engine.account_settings import (
    AccountError,
    AccountSettings,
    account_settings,
    check_account,
    environment_tables,
    open_account,
    reopen_account,
)
from filmgate.engine.accounts import REHEARSAL_ACCOUNT, Account, Pace, Roster, pace_of, record_seconds
from filmgate.engine.callbacks import Callbacks
from filmgate.engine.changes import Signals
from filmgate.engine.circuits import Circuits
from filmgate.engine.delivery import Delivery
from filmgate.engine.gateway import MOST_SEED, Gateway, Policy
from filmgate.engine.housekeeping import Housekeeper
from filmgate.engine.intake import Intake
from filmgate.engine.late import LateWatch
from filmgate.engine.line import WaitingLine
from filmgate.engine.moves import Moves
from filmgate.engine.polling import PaceBook
from filmgate.engine.queue import MemoryQueue, Queue
from filmgate.engine.routing import Router
from filmgate.engine.worker import Worker
from filmgate.media.files import FileStore, open_file_store
from filmgate.net.client import GuardedClient
from filmgate.providers.animatic import AnimaticProvider
from filmgate.providers.kind import Closeable, Tools
from filmgate.providers.registry import provider_kinds
from filmgate.providers.render_pool import RenderPool
from filmgate.store import credentials, instance, keys, outputs
from filmgate.store.credentials import Credential
from filmgate.store.database import Database, Job, Transaction
from filmgate.store.migrate import migrate_postgres, migrate_sqlite
from filmgate.store.sqlite import SqliteDatabase

# A rehearsal with a wait holds no renderer while it waits, so many may be under way.
_REHEARSALS_AT_ONCE = 200
_STOP_SECONDS = 20.0
_ANIMATIC_PACE = Pace(typical_seconds=4.0, first_poll_seconds=0.2, poll_seconds=0.2, deadline_seconds=6 * 3600.0)


@dataclass(frozen=True, slots=True)
class Start:
    """How a server is to start. `on_first_key` hears the test key that a new installation is given."""

    worker: bool = True
    require_live_key: bool = False
    on_first_key: Callable[[str], None] = lambda _secret: None


@asynccontextmanager
async def open_services(settings: Settings, start: Start, clock: Clock | None = None) -> AsyncGenerator[Services]:
    """Everything a server needs, running; stopped and closed in reverse order when left.

    Raises ConfigError when the data folder is in use or cannot be, or the database cannot be reached.
    """
    clock = clock or SystemClock()
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(_sole_use_of(settings))
        _clear_work_dir(settings.work_dir)
        database, queue, enqueue = await _open_database(settings)
        stack.push_async_callback(database.close)
        await database.write(lambda tx: _first_keys(tx, start, clock))
        secret = await database.write(instance.signing_secret)
        executor = stack.enter_context(ThreadPoolExecutor(max_workers=4, thread_name_prefix="filmgate-media"))
        files = open_file_store(settings.media_dir)
        await files.sweep_partial_files(older_than_seconds=0)
        client = GuardedClient(allowed_hosts=settings.allowed_hosts)
        stack.push_async_callback(client.close)
        pool = RenderPool(settings.slots)
        stack.push_async_callback(pool.close)

        catalogue = load_catalogue(settings.catalogue_tables(), aliases=settings.aliases)
        _check_default_model(settings, catalogue)
        signals = Signals()
        tools = Tools(files.get_bytes, settings.work_dir, clock)
        local = _local_accounts(settings, pool, files, clock)
        roster = await _open_roster(settings, local, database, tools, clock)
        stack.push_async_callback(_close_providers, roster)
        circuits = Circuits(database, clock)
        line = WaitingLine(database, clock)
        router = Router(roster, catalogue, circuits, line, clock)
        delivery = Delivery(files, client, settings.work_dir, executor)
        moves = Moves(database, delivery, signals, clock, retention_seconds=settings.retention)
        callbacks = Callbacks(database, roster, signals, clock, secret=secret, public_url=settings.public_url or None)
        paces = PaceBook(database, clock, lambda account, model: pace_of(account, catalogue, model))
        worker = Worker(
            database, roster, router, circuits, delivery, moves, callbacks, signals, clock, paces
        )  # fmt: skip
        late = LateWatch(
            database, roster, delivery, moves, clock, record_seconds=lambda model: record_seconds(catalogue, model)
        )
        configured = [account.credential_id for account in roster.all() if account.credential_id and not account.former]
        housekeeper = Housekeeper(database, files, clock, enqueue, credential_ids=configured)
        gateway = Gateway(
            database,
            catalogue,
            router,
            line,
            Intake(files, client, executor),
            signals,
            clock,
            draw_seed=lambda: secrets.randbelow(MOST_SEED + 1),
            policy=Policy(settings.n_cap, settings.max_waiting, settings.retention),
        )
        if start.worker:
            await stack.enter_async_context(_working(worker, queue, roster, (housekeeper, late), pool))
        yield Services(
            gateway=gateway,
            housekeeper=housekeeper,
            authenticator=Authenticator(database, clock),
            catalogue=catalogue,
            roster=roster,
            router=router,
            callbacks=callbacks,
            files=files,
            database=database,
            signer=LinkSigner(secret),
            clock=clock,
            default_model=settings.default_model,
            public_url=settings.public_url or None,
        )


def _check_default_model(settings: Settings, catalogue: Catalogue) -> None:
    try:
        catalogue.get(settings.default_model)
    except NotFound as error:
        raise ConfigError(f"setting default_model: {error.message}") from error


def _local_accounts(settings: Settings, pool: RenderPool, files: FileStore, clock: Clock) -> dict[str, Account]:
    """The local engine twice: for live keys, and as the renderer of every rehearsal."""
    adapter = AnimaticProvider(pool, settings.work_dir, files.copy_to, clock)
    local = {
        "animatic": settings.slots,
        REHEARSAL_ACCOUNT: _REHEARSALS_AT_ONCE,
    }
    return {
        name: Account(name, "animatic", adapter, max_concurrent=limit, free=True, pace=_ANIMATIC_PACE)
        for name, limit in local.items()
    }


async def _open_roster(
    settings: Settings, local: dict[str, Account], database: Database, tools: Tools, clock: Clock
) -> Roster:
    """The local engine, the accounts of the settings, and those that are gone but have work left.

    Raises ConfigError for an account that cannot be used as it is written.
    """
    kinds = provider_kinds()
    with _as_config_error():
        wanted = configured_accounts(settings)
        opened = [open_account(each, kinds[each.provider], tools, os.environ) for each in wanted]
    accounts = local | {account.name: account for account, _ in opened}

    def keep(tx: Transaction) -> None:
        for _, credential in opened:
            credentials.save_credential(tx, credential, now=clock.now())

    await database.write(keep)

    def revive(kept: Credential) -> Account | None:
        return reopen_account(kept, kinds, tools)

    unfinished = await database.read(outputs.list_unfinished)
    gone = {name for name, _, _ in unfinished} - set(accounts)
    for kept in await database.read(lambda conn: credentials.latest_of(conn, gone)):
        if former := revive(kept):
            accounts[former.name] = former
    return Roster(accounts, database, revive)


def configured_accounts(settings: Settings) -> list[AccountSettings]:
    """The accounts of the settings and of the environment. Raises AccountError."""
    kinds = provider_kinds()
    written = account_settings(settings.accounts, kinds)
    if not settings.environment_accounts:
        return written
    return account_settings([*settings.accounts, *environment_tables(os.environ, kinds, written)], kinds)


def checked_accounts(settings: Settings) -> list[AccountSettings]:
    """As `configured_accounts`, with every credential checked, and nothing opened. Raises ConfigError."""
    kinds = provider_kinds()
    with _as_config_error():
        wanted = configured_accounts(settings)
        for each in wanted:
            check_account(each, kinds[each.provider], os.environ)
    return wanted


@contextlib.contextmanager
def _as_config_error() -> Generator[None]:
    try:
        yield
    except AccountError as error:
        raise ConfigError(f"setting {error.message}") from error


async def _close_providers(roster: Roster) -> None:
    for adapter in roster.adapters():
        if isinstance(adapter, Closeable):
            await adapter.close()


@asynccontextmanager
async def _working(
    worker: Worker, queue: Queue, roster: Roster, watchers: tuple[Housekeeper, LateWatch], pool: RenderPool
) -> AsyncGenerator[None]:
    """The worker side of a process. Leaving it hands back what runs; a paid call under way is waited for."""
    limits = {account.name: account.max_concurrent for account in roster.all()}
    tasks = [
        asyncio.create_task(queue.run(limits, worker.run)),
        *(asyncio.create_task(watcher.run()) for watcher in watchers),
        asyncio.create_task(pool.warm_up()),
    ]
    try:
        yield
    finally:
        worker.stop()
        await queue.stop()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(tasks[0]), _STOP_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _open_database(
    settings: Settings,
) -> tuple[Database, Queue, Callable[[list[Job]], Awaitable[None]]]:
    """The database at the newest schema, its queue, and how jobs reach that queue outside of a transaction."""
    if not settings.database_url:
        await asyncio.to_thread(migrate_sqlite, settings.database_path)
        queue = MemoryQueue()
        return SqliteDatabase(settings.database_path, queue.enqueue), queue, queue.enqueue
    from filmgate.engine.postgres_queue import PostgresQueue
    from filmgate.store.postgres import PostgresDatabase

    postgres_queue = PostgresQueue(settings.database_url)
    database = PostgresDatabase(settings.database_url, postgres_queue.enqueue_in)
    try:
        await migrate_postgres(database.engine)
    except OSError as error:
        raise ConfigError(f"setting database_url: the database cannot be reached: {error}") from error

    async def enqueue(jobs: list[Job]) -> None:
        await database.write(lambda tx: tx.jobs.extend(jobs))

    return database, postgres_queue, enqueue


@contextlib.contextmanager
def _sole_use_of(settings: Settings) -> Generator[None]:
    """SQLite and the local work folder belong to one process. Raises ConfigError when another has them."""
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"setting data: the folder {settings.data} cannot be made: {error.strerror}") from error
    lock = FileLock(settings.lock_path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ConfigError(
            f"setting data: the folder {settings.data} is in use by another Filmgate process. "
            "Stop that one, or choose another folder with --data"
        ) from None
    try:
        yield
    finally:
        lock.release()


def _clear_work_dir(work_dir: Path) -> None:
    """Half-made files of an earlier life. Whatever needs them is made again."""
    shutil.rmtree(work_dir, ignore_errors=True)
    work_dir.mkdir(parents=True, exist_ok=True)


def _first_keys(tx: Transaction, start: Start, clock: Clock) -> None:
    existing = keys.list_keys(tx.conn)
    if start.require_live_key and not any(key.livemode and key.revoked_at is None for key in existing):
        raise ConfigError(
            "setting host: this address can be reached from other machines, so a live key must exist first. "
            "Make one with `filmgate keys create --live`, or listen on 127.0.0.1"
        )
    if not existing:
        project_id = keys.ensure_project(tx, keys.DEFAULT_PROJECT, now=clock.now())
        _, secret = keys.create_key(tx, project_id=project_id, mode="test", name="first test key", now=clock.now())
        start.on_first_key(secret)
