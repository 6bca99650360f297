"""A whole Filmgate engine in front of one vendor's simulator: real adapter, real catalogue, a clock moved by hand.

Nothing is stubbed between the gateway and the simulator but the socket. The simulator was written from the vendor's
documents, and keeps the books that tell what a vendor would have billed.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from json import dumps
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from starlette.types import ASGIApp

from deaths import Kills, Mortal
from filmgate.catalogue.loader import Catalogue, load_catalogue
from filmgate.core.errors import ClientError
from filmgate.core.request import VideoParams
from filmgate.core.video import Phase
from filmgate.engine.account_settings import account_settings, open_account
from filmgate.engine.accounts import Account, Roster, pace_of, record_seconds
from filmgate.engine.callbacks import Callbacks
from filmgate.engine.changes import Signals
from filmgate.engine.circuits import Circuits
from filmgate.engine.delivery import Delivery
from filmgate.engine.gateway import CreateCall, Gateway, Policy
from filmgate.engine.intake import AskedImages, Intake
from filmgate.engine.late import LateWatch
from filmgate.engine.line import WaitingLine
from filmgate.engine.moves import Moves
from filmgate.engine.polling import PaceBook
from filmgate.engine.routing import Router
from filmgate.engine.worker import Worker
from filmgate.media.files import FileStore
from filmgate.net.client import GuardedClient
from filmgate.providers.kind import Tools
from filmgate.providers.registry import provider_kinds
from filmgate.simulators.in_process import Place, SimulatedNetwork
from filmgate.simulators.kit import Simulation, Stage, advance
from filmgate.store import events, keys, videos
from filmgate.store.attempts import WATCHED
from filmgate.store.database import Database, Transaction
from filmgate.store.records import Key, VideoDetail
from filmgate.store.schema import ledger as ledger_table

PRICE_USD_MICROS = 1_000_000
FAR_SECONDS = 100 * 86_400.0
# A word that stands in every secret that a variant is given, and in nothing else.
SECRET_MARK = "hush"


class Clock:
    def __init__(self) -> None:
        self.time = 1_795_400_000.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds


@dataclass(frozen=True, eq=False)
class Variant:
    """One way to reach one vendor: an account, a model, and the simulator that plays the vendor."""

    name: str
    provider: str
    model: str
    account: Mapping[str, Any]
    host: str
    simulator: Any  # Simulation -> ASGIApp
    keys: Mapping[str, str]
    params: Mapping[str, Any] = field(default_factory=dict)
    finds: bool = False  # whether a task whose reply was lost is found again
    proves_absence: bool = False  # whether the upstream can tell that there is none
    repeats: bool = False  # whether the same submit may simply be sent again
    models: tuple[Mapping[str, Any], ...] = ()  # entries that the catalogue does not ship


class Net(httpx.AsyncBaseTransport):
    """One network for many worlds, one at a time: the clients around it are slow to make.

    The process may die just before a request leaves and just after its answer came.
    """

    def __init__(self) -> None:
        self.inner: httpx.AsyncBaseTransport | None = None
        self.kills: Kills | None = None
        self.client = GuardedClient(transport=self)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert self.inner is not None
        inner = self.inner
        if self.kills is None:
            return await inner.handle_async_request(request)
        what = f"{request.method} {request.url.path}"
        return await self.kills.around(what, lambda: inner.handle_async_request(request))


@dataclass
class World:
    variant: Variant
    database: Database
    files: FileStore
    work_dir: Path
    executor: Executor
    clip: bytes
    net: Net
    clock: Clock = field(default_factory=Clock)
    signals: Signals = field(default_factory=Signals)
    kills: Kills | None = None

    def __post_init__(self) -> None:
        async def make_clip(*_: object) -> bytes:
            return self.clip

        self.simulation = Simulation(
            self.clock.now, make_clip, dict(self.variant.keys), queued_seconds=3, run_seconds=30
        )
        app: ASGIApp = self.variant.simulator(self.simulation)
        self.net.inner, self.net.kills = SimulatedNetwork({self.variant.host: Place(app, self.simulation)}), None
        self.simulation.post_callback = self.hear_callback
        self.catalogue = catalogue_of(self.variant)
        self.start()

    def start(self) -> None:
        """As a process starts: nothing is left of an earlier one but the database and the stored files."""
        shutil.rmtree(self.work_dir, ignore_errors=True)
        self.work_dir.mkdir(parents=True)
        kind = provider_kinds()[self.variant.provider]
        table = {"name": "main", "provider": self.variant.provider, **self.variant.account}
        (settings,) = account_settings([table], {kind.name: kind})
        tools = Tools(self.files.get_bytes, self.work_dir, self.clock, self.net)
        account, _ = open_account(settings, kind, tools, {})
        # The vendors' files lie on hosts of their own; here they lie on the simulator's.
        self.account = replace(account, trusted_hosts=account.trusted_hosts | {self.variant.host})
        self._wire(self.database)

    def make_mortal(self, kills: Kills) -> None:
        self.kills = self.net.kills = kills
        self._wire(Mortal(self.database, kills, ("write",)))  # pyright: ignore

    def restart(self) -> None:
        self.kills = self.net.kills = None
        self.start()

    def _wire(self, database: Database) -> None:
        accounts: dict[str, Account] = {"main": self.account}
        roster = Roster(accounts, database)
        circuits, line = Circuits(database, self.clock), WaitingLine(database, self.clock)
        router = Router(roster, self.catalogue, circuits, line, self.clock)
        delivery = Delivery(self.files, self.net.client, self.work_dir, self.executor)
        if self.kills is not None:
            delivery = Mortal(delivery, self.kills, ("deliver",))
        moves = Moves(database, delivery, self.signals, self.clock, retention_seconds=None)
        self.callbacks = Callbacks(
            database, roster, self.signals, self.clock, secret=b"s", public_url="https://films.example"
        )
        paces = PaceBook(database, self.clock, lambda account, model: pace_of(account, self.catalogue, model))
        self.worker = Worker(
            database, roster, router, circuits, delivery, moves, self.callbacks, self.signals, self.clock, paces
        )
        self.late = LateWatch(
            database,
            roster,
            delivery,
            moves,
            self.clock,
            record_seconds=lambda model: record_seconds(self.catalogue, model),
        )
        self.gateway = Gateway(
            self.database,
            self.catalogue,
            router,
            line,
            Intake(self.files, self.net.client, self.executor),
            self.signals,
            self.clock,
            draw_seed=lambda: 1_234_567_890,
            policy=Policy(n_cap=4, most_waiting=1000, retention_seconds=None),
        )

    # ── what clients do ─────────────────────────────────────────────────────────────────────────────────────────────

    async def key(self) -> Key:
        def change(tx: Transaction) -> Key:
            project_id = keys.ensure_project(tx, "default", now=0)
            return keys.create_key(tx, project_id=project_id, mode="live", name="k", now=0)[0]

        return await self.database.write(change)

    async def create(self, images: AskedImages | None = None, **changes: Any) -> str:
        values = {"prompt": "a calm sea at dusk", "conform": "native", **self.variant.params, **changes}
        params = VideoParams(model=self.variant.model, **values)
        call = CreateCall(params, images or AskedImages(), self.clock.now())
        return (await self.gateway.create(await self.key(), call)).detail.video.id

    # ── what time does ──────────────────────────────────────────────────────────────────────────────────────────────

    async def drive(self, video_id: str, *, most_steps: int = 2000) -> None:
        """Step to the end of the output, and watch what outlives it."""
        for _ in range(most_steps):
            await self.advance_vendor()
            pause = await self.worker.step(video_id, 0)
            if pause is None:
                break
            self.clock.time += pause
        else:
            raise AssertionError("it does not come to an end")
        for _ in range(most_steps):
            watched = [each for each in (await self.detail(video_id)).attempts if each.state == WATCHED]
            if not watched:
                return
            self.clock.time = max(self.clock.time, *(each.next_poll_at or 0.0 for each in watched))
            await self.late.sweep()
        raise AssertionError("what is watched does not come to an end")

    async def advance_vendor(self) -> None:
        """The vendor notices that tasks moved, and calls back."""
        await advance(self.simulation)

    async def hear_callback(self, url: str, headers: Mapping[str, str], body: bytes) -> bytes | None:
        provider, token = url.removeprefix("https://films.example/callbacks/").split("/")
        lowered = {name.lower(): value for name, value in headers.items()}
        try:
            answer = await self.callbacks.hear(provider, token, lowered, body)
        except ClientError:
            return None
        return dumps(dict(answer)).encode()

    # ── what came of it ─────────────────────────────────────────────────────────────────────────────────────────────

    async def detail(self, video_id: str) -> VideoDetail:
        detail = await self.database.read(lambda conn: videos.get_video(conn, video_id))
        assert detail is not None
        return detail

    def billed(self) -> int:
        """What the vendor bills when all its tasks have ended."""
        return self.simulation.books.billed(self.clock.now() + FAR_SECONDS)

    def created(self) -> int:
        return len(self.simulation.books.tasks)

    def not_failed(self) -> int:
        """Tasks that the vendor has not ended as failures of its own."""
        tasks, end = self.simulation.books.tasks.values(), self.clock.now() + FAR_SECONDS
        return sum(task.stage(end) is not Stage.FAILED for task in tasks)

    async def money(self, video_id: str) -> str:
        """held, spent or free."""

        def look(conn: sa.Connection) -> list[Any]:
            return list(conn.execute(sa.select(ledger_table).where(ledger_table.c.video_id == video_id)))

        rows = await self.database.read(look)
        held, spent = sum(row.held_usd_micros for row in rows), sum(row.spent_usd_micros for row in rows)
        assert (held, spent) in ((PRICE_USD_MICROS, 0), (0, PRICE_USD_MICROS), (0, 0)), (held, spent)
        return "held" if held else "spent" if spent else "free"

    async def told(self, video_id: str) -> str:
        """Every word that is kept of the video: its rows and its timeline."""
        listed = await self.database.read(lambda conn: events.list_events(conn, video_id))
        return f"{await self.detail(video_id)!r} {listed!r}"

    async def stored(self) -> list[str]:
        return sorted([key async for key in self.files.list_keys("videos")])

    async def outcome(self, video_id: str) -> str:
        """ "completed", or the code it failed with."""
        detail = await self.detail(video_id)
        output = detail.outputs[0]
        return "completed" if output.phase is Phase.DONE else output.error_code or f"unfinished: {output.phase}"


@cache
def catalogue_of(variant: Variant) -> Catalogue:
    """The shipped catalogue, with one dollar as the price of every clip, so that money can be followed."""
    extra: list[Mapping[str, Any]] = [{"provider": model["provider"], "model": [model]} for model in variant.models]
    price = {
        "id": variant.model,
        "prices": [{"usd_per_clip": "1"}],
        "price_source": "the tests",
        "checked_on": date(2026, 11, 23),
    }
    return load_catalogue([*extra, {"amend": [price]}])
