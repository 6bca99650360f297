"""A whole engine around a database: gateway, worker, fake upstreams, real files, and a clock that is moved by hand."""

from __future__ import annotations

import shutil
import tomllib
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from filmgate.catalogue.loader import build_catalogue
from filmgate.core.provider import Pending, ProviderTask, Succeeded
from filmgate.core.request import VideoParams, VideoRequest
from filmgate.engine.accounts import REHEARSAL_ACCOUNT, Account, Pace, Roster
from filmgate.engine.callbacks import Callbacks
from filmgate.engine.changes import Signals
from filmgate.engine.circuits import Circuits
from filmgate.engine.delivery import Delivery
from filmgate.engine.gateway import CreateCall, Gateway, Policy
from filmgate.engine.housekeeping import Housekeeper
from filmgate.engine.intake import AskedImages, Intake
from filmgate.engine.late import LateWatch
from filmgate.engine.line import WaitingLine
from filmgate.engine.moves import Moves
from filmgate.engine.polling import PaceBook
from filmgate.engine.routing import Router
from filmgate.engine.worker import Worker
from filmgate.media.files import FileStore
from filmgate.net.client import GuardedClient
from filmgate.providers.fake import FakeProvider
from filmgate.store import events, keys, videos
from filmgate.store.credentials import Credential
from filmgate.store.database import Database, Job, Transaction
from filmgate.store.records import Key, Output, VideoDetail
from filmgate.store.schema import ledger as ledger_table

PAID, FREE = "paid-1", "free-1"
PRICE_USD_MICROS = 250_000  # five seconds
PACE = Pace(typical_seconds=30.0, first_poll_seconds=10.0, poll_seconds=5.0, deadline_seconds=600.0)
RETENTION_SECONDS = 86_400.0
LINK, FRESH_LINK = "https://files.example/clip.mp4?sig=1", "https://files.example/clip.mp4?sig=2"

_MODEL = """
provider = "{provider}"

[[model]]
id = "{id}"
upstream_model = "{id}-upstream"
title = "{id}"
modes = ["text_to_video"]
prompt_required = ["text_to_video"]
durations_seconds = [5]
default_duration_seconds = 5
sizes.720p = {{ "16:9" = "1280x720" }}
seed_max = 4294967295
{price}
price_source = "the tests"
checked_on = 2026-11-20
deadline_seconds = 600
poll = {{ first_seconds = 10, every_seconds = 5 }}
verified = "documentation"
"""
_PAID_MODEL = _MODEL.format(provider="acme", id=PAID, price='prices = [{ usd_per_second = "0.05" }]')
_FREE_MODEL = _MODEL.format(provider="studio", id=FREE, price='price = "free"')


class FakeClock:
    """Time stands still until it is moved; whoever sleeps moves it."""

    def __init__(self) -> None:
        self.time = 1_790_000_000.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds


class LocalEngine(FakeProvider):
    """A free engine on this machine: its file lies in the work folder, and dies with it."""

    def __init__(self, work_dir: Path, clip: bytes) -> None:
        super().__init__()
        self.work_dir = work_dir
        self.clip = clip

    async def submit(self, request: VideoRequest, *, client_ref: str, callback_url: str | None = None) -> ProviderTask:
        task = await super().submit(request, client_ref=client_ref)
        path = self.work_dir / client_ref / "rendered.mp4"
        path.parent.mkdir(parents=True)
        path.write_bytes(self.clip)
        self.tasks[task.id].answers = deque([Pending(40), Succeeded(path=str(path))])
        return task


class Web:
    """What the links of results lead to: bytes, or a status."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | int] = {}
        self.client = GuardedClient(transport=httpx.MockTransport(self))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = self.answers.get(str(request.url), 404)
        return httpx.Response(answer) if isinstance(answer, int) else httpx.Response(200, content=answer)


@dataclass
class Harness:
    database: Database
    files: FileStore
    work_dir: Path
    executor: Executor
    clip: bytes
    queued_jobs: list[Job]
    web: Web = field(default_factory=Web)
    clock: FakeClock = field(default_factory=FakeClock)
    signals: Signals = field(default_factory=Signals)
    paid: FakeProvider = field(default_factory=FakeProvider)
    public_url: str | None = None
    revive: Callable[[Credential], Account | None] = lambda _kept: None

    def __post_init__(self) -> None:
        self.free = LocalEngine(self.work_dir, self.clip)
        self.web.answers = {LINK: self.clip}
        self.paid.answer_with([Pending(30), Pending(None), Succeeded(url=LINK)])
        self.accounts: dict[str, Account] = {
            "acme": Account("acme", "acme", self.paid, max_concurrent=4, pace=PACE),
            "studio": Account("studio", "studio", self.free, max_concurrent=2, free=True, pace=PACE),
            REHEARSAL_ACCOUNT: Account(REHEARSAL_ACCOUNT, "studio", self.free, max_concurrent=9, free=True, pace=PACE),
        }
        tables = [("paid", tomllib.loads(_PAID_MODEL)), ("free", tomllib.loads(_FREE_MODEL))]
        self.catalogue = build_catalogue(tables)
        self.gateway = self.new_gateway()
        self.worker = self.new_worker()

    def new_gateway(self) -> Gateway:
        line = WaitingLine(self.database, self.clock)
        roster = Roster(self.accounts, self.database)
        circuits = Circuits(self.database, self.clock)
        return Gateway(
            self.database,
            self.catalogue,
            Router(roster, self.catalogue, circuits, line, self.clock),
            line,
            Intake(self.files, self.web.client, self.executor),
            self.signals,
            self.clock,
            draw_seed=lambda: 7,
            policy=Policy(n_cap=4, most_waiting=10_000, retention_seconds=RETENTION_SECONDS),
        )

    def new_worker(
        self,
        *,
        database: Database | None = None,
        accounts: Mapping[str, Account] | None = None,
        delivery: Any = None,
        clock: Any = None,
    ) -> Worker:
        database, clock, delivery = database or self.database, clock or self.clock, delivery or self.new_delivery()
        roster = Roster(accounts or self.accounts, database, self.revive)
        circuits = Circuits(database, clock)
        router = Router(roster, self.catalogue, circuits, WaitingLine(database, clock), clock)
        moves = Moves(database, delivery, self.signals, clock, retention_seconds=RETENTION_SECONDS)
        callbacks = Callbacks(database, roster, self.signals, clock, secret=b"s", public_url=self.public_url)
        paces = PaceBook(database, clock, lambda account, _model: account.pace or PACE)
        return Worker(database, roster, router, circuits, delivery, moves, callbacks, self.signals, clock, paces)

    def new_late_watch(self, *, record_seconds: float = 86_400.0) -> LateWatch:
        delivery = self.new_delivery()
        moves = Moves(self.database, delivery, self.signals, self.clock, retention_seconds=RETENTION_SECONDS)
        roster = Roster(self.accounts, self.database)
        return LateWatch(
            self.database, roster, delivery, moves, self.clock, record_seconds=lambda _model: record_seconds
        )

    def new_delivery(self) -> Delivery:
        return Delivery(self.files, self.web.client, self.work_dir, self.executor)

    def restart(self) -> None:
        """As a server starts after a crash: half-made files are cleared away, the rows are all that is known."""
        shutil.rmtree(self.work_dir, ignore_errors=True)
        self.work_dir.mkdir()
        self.worker = self.new_worker()

    # ── what clients do ─────────────────────────────────────────────────────────────────────────────────────────────

    async def key(self, mode: str = "live", *, project: str = "default", **limits: Any) -> Key:
        def change(tx: Transaction) -> Key:
            project_id = keys.ensure_project(tx, project, now=0)
            return keys.create_key(tx, project_id=project_id, mode=mode, name="k", now=0, limits=limits)[0]

        return await self.database.write(change)

    def call(self, model: str = PAID, *, n: int = 1, key: str | None = None, retry: bool = False, **params: Any):
        asked = VideoParams(model=model, prompt=params.pop("prompt", "a calm sea"), n=n, **params)
        return CreateCall(asked, AskedImages(), self.clock.now(), idempotency_key=key, client_retry=retry)

    async def create(self, model: str = PAID, *, by: Key | None = None, n: int = 1, **params: Any) -> str:
        accepted = await self.gateway.create(by or await self.key(), self.call(model, n=n, **params))
        return accepted.detail.video.id

    # ── what the worker does ────────────────────────────────────────────────────────────────────────────────────────

    async def step(self, video_id: str, idx: int = 0) -> float | None:
        """One step, after which the time has come for the next."""
        pause = await self.worker.step(video_id, idx)
        self.clock.time += pause or 0
        return pause

    async def drive(self, video_id: str, idx: int = 0, *, most_steps: int = 100) -> list[float]:
        """Step to the end of the output. Returns the pauses."""
        pauses: list[float] = []
        while (pause := await self.step(video_id, idx)) is not None:
            pauses.append(pause)
            assert len(pauses) < most_steps, "it does not come to an end"
        return pauses

    async def drive_until(self, phase: str, video_id: str, idx: int = 0) -> Output:
        for _ in range(100):
            output = (await self.detail(video_id)).outputs[idx]
            if output.phase == phase:
                return output
            assert await self.step(video_id, idx) is not None, f"it ended as {output.phase} before {phase}"
        raise AssertionError(f"it never came to {phase}")

    # ── what came of it ─────────────────────────────────────────────────────────────────────────────────────────────

    async def detail(self, video_id: str) -> VideoDetail:
        detail = await self.database.read(lambda conn: videos.get_video(conn, video_id))
        assert detail is not None
        return detail

    async def event_types(self, video_id: str) -> list[str]:
        listed = await self.database.read(lambda conn: events.list_events(conn, video_id))
        return [event.type for event in listed]

    async def money(self, video_id: str) -> dict[str, int]:
        """What is held, what is spent, and how many movements of each kind there are."""

        def look(conn: sa.Connection) -> list[Any]:
            return list(conn.execute(sa.select(ledger_table).where(ledger_table.c.video_id == video_id)))

        rows = await self.database.read(look)
        kinds = {kind: sum(row.kind == kind for row in rows) for kind in ("reservation", "settlement", "release")}
        held, spent = sum(row.held_usd_micros for row in rows), sum(row.spent_usd_micros for row in rows)
        return {"held": held, "spent": spent} | {kind: count for kind, count in kinds.items() if count}

    async def stored(self) -> list[str]:
        return sorted([key async for key in self.files.list_keys()])

    def left_in_work(self) -> list[str]:
        return sorted(path.name for path in self.work_dir.rglob("*"))

    async def sweep(self) -> None:
        async def enqueue(jobs: list[Job]) -> None:
            self.queued_jobs.extend(jobs)

        await Housekeeper(self.database, self.files, self.clock, enqueue).sweep()


HELD = {"held": PRICE_USD_MICROS, "spent": 0, "reservation": 1}
SPENT = {"held": 0, "spent": PRICE_USD_MICROS, "reservation": 1, "settlement": 1}
FREED = {"held": 0, "spent": 0, "reservation": 1, "release": 1}


def three_files(video_id: str, *indexes: int) -> list[str]:
    names = ("spritesheet.jpg", "thumbnail.webp", "video.mp4")
    return [f"videos/{video_id}/{idx}/{name}" for idx in indexes or (0,) for name in names]
