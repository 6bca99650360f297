"""Second of the six files of a request's way: everything a client can do with videos, without HTTP."""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from pydantic_core import to_jsonable_python

from filmgate.catalogue.fit import Fitted, fit
from filmgate.catalogue.live_only import refuse_retired, refuse_unpriced
from filmgate.catalogue.loader import Catalogue
from filmgate.catalogue.model import ModelEntry
from filmgate.core.clock import Clock
from filmgate.core.errors import (
    Charged,
    Conflict,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    QuotaExceeded,
    RateLimited,
    ServiceUnavailable,
)
from filmgate.core.ids import is_video_id, new_id
from filmgate.core.request import Images, VideoParams
from filmgate.core.video import FINISHED_STATUSES, FailureCode, Phase, Status
from filmgate.engine import arrows
from filmgate.engine.accounts import Account
from filmgate.engine.arrows import Standing
from filmgate.engine.changes import Signals
from filmgate.engine.intake import AskedImages, Intake
from filmgate.engine.line import WaitingLine
from filmgate.engine.routing import Router
from filmgate.store import events, idempotency, keys, ledger, outputs, videos
from filmgate.store.database import Database, Job, Transaction
from filmgate.store.records import Asset, Event, Key, VideoDetail, request_to_json
from filmgate.store.videos import PageQuery

MOST_SEED = 2**32 - 1
_FAIRNESS_COUNTS_TO = 100
# Stock SDKs wait half a second, less a quarter of jitter, before they send a request again (openai 3.54, 2026-11).
_SOONEST_SDK_RETRY_SECONDS = 0.3
_LOOK_AGAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class CreateCall:
    """One create as it reached us. `client_retry`: an SDK says that it sends this body again after a time-out."""

    params: VideoParams
    images: AskedImages
    started_at: float
    idempotency_key: str | None = None
    client_retry: bool = False

    def body_sha256(self) -> str:
        """The same for the same request, however its fields were spelt or ordered."""
        body = json.dumps([to_jsonable_python(self.params), self.images.digests()], sort_keys=True)
        return hashlib.sha256(body.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Accepted:
    detail: VideoDetail
    replayed: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A create that passed every check: what will be stored."""

    video_id: str
    entry: ModelEntry
    account: Account
    fitted: Fitted
    images: Images
    body_sha256: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What the owner of the server allows, whatever a model or a key allows."""

    n_cap: int  # outputs of one create
    most_waiting: int  # outputs that may wait for one account
    retention_seconds: float | None  # how long files are kept; None: for ever


class Gateway:
    """The engine's front. Every method is safe to repeat; only `create` can lead to a paid call, and later."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        router: Router,
        line: WaitingLine,
        intake: Intake,
        signals: Signals,
        clock: Clock,
        *,
        draw_seed: Callable[[], int],
        policy: Policy,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._router = router
        self._line = line
        self._intake = intake
        self._signals = signals
        self._clock = clock
        self._draw_seed = draw_seed
        self._policy = policy

    # ── create ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def create(self, key: Key, call: CreateCall) -> Accepted:
        """Store a new video and queue its outputs: durable when this returns.

        The same Idempotency-Key and body, or an SDK's retry of the same body, gets the video of the first call.
        Raises ClientError of every kind; then nothing is stored, reserved or sent.
        """
        body_sha256 = call.body_sha256()
        earlier = await self._find_earlier(key, call, body_sha256)
        if earlier is not None:
            return Accepted(earlier, replayed=True)
        video_id = new_id("video")
        try:
            plan = await self._plan(key, call, video_id, body_sha256)
            accepted = await self._database.write(lambda tx: self._store(tx, key, call, plan))
        except BaseException as error:
            # Whoever was interrupted may have been accepted all the same. Housekeeping finds inputs that nobody needs.
            if not isinstance(error, ServiceUnavailable | asyncio.CancelledError):
                await self._intake.discard(video_id)
            raise
        if accepted.replayed:
            await self._intake.discard(video_id)
        return accepted

    async def _find_earlier(self, key: Key, call: CreateCall, body_sha256: str) -> VideoDetail | None:
        """A cheap look before images are fetched; `_store` looks again where it counts."""
        if call.idempotency_key is None and not call.client_retry:
            return None

        def look(conn: sa.Connection) -> VideoDetail | None:
            now = self._clock.now()
            if call.idempotency_key is not None:
                found = idempotency.find(conn, key, call.idempotency_key, body_sha256, now=now)
            else:
                since = now - idempotency.SDK_RETRY_SECONDS
                found = idempotency.find_same_body(conn, key, body_sha256, since=since, retries_only=False)
            return videos.get_video(conn, found) if found else None

        return await self._database.read(look)

    async def _plan(self, key: Key, call: CreateCall, video_id: str, body_sha256: str) -> Plan:
        params = call.params
        entry = self._catalogue.get(params.model)
        if key.models is not None and entry.id not in key.models:
            raise PermissionDenied(
                f"model: this key may not use {entry.id!r}; it may use {', '.join(key.models) or 'no model'}",
                param="model",
            )
        if key.livemode:
            refuse_retired(entry, datetime.fromtimestamp(self._clock.now(), UTC).date())
            refuse_unpriced(entry)
        elif params.rehearse.fail is not None and params.rehearse.fail not in list(FailureCode):
            raise InvalidRequest(
                f"metadata.rehearse.fail: {params.rehearse.fail!r} is no failure code; allowed are "
                f"{', '.join(FailureCode)}",
                param="metadata.rehearse.fail",
            )
        account = await self._router.choose(entry, key)
        if await self._line.length(account.name) >= self._policy.most_waiting:
            raise RateLimited(
                f"{self._policy.most_waiting} videos wait for account {account.name!r} already; try again later",
                code="queue_full",
                retry_after_seconds=30,
            )
        images = await self._intake.collect(call.images, video_id, entry.images.media_types)
        fitted = fit(params, images, entry, draw_seed=self._draw_seed, n_cap=self._policy.n_cap)
        return Plan(video_id, entry, account, fitted, images, body_sha256)

    def _store(self, tx: Transaction, key: Key, call: CreateCall, plan: Plan) -> Accepted:
        """The accepting transaction: the new video, or that of the call it repeats."""
        now = self._clock.now()
        earlier_id = self._claim(tx, key, call, plan, now)
        earlier = videos.get_video(tx.conn, earlier_id) if earlier_id is not None else None
        if earlier is not None:
            return Accepted(earlier, replayed=True)
        quoted = self._check_limits(tx, key, plan, now)
        priority = -videos.count_active(tx.conn, key.project_id, most=_FAIRNESS_COUNTS_TO)
        n = plan.fitted.outputs
        rows = [_output_row(plan, idx, now) for idx in range(n)]
        event = {"model": plan.entry.id, "account": plan.account.name, "n": n}
        row = _video_row(key, call, plan, quoted, now)
        videos.insert_video(tx, row, rows, event)
        if call.idempotency_key is not None:
            idempotency.bind(tx, key, call.idempotency_key, plan.body_sha256, video_id=plan.video_id, now=now)
        for idx in range(n):
            if quoted and key.livemode:
                ledger.reserve(tx, plan.video_id, idx, key=(key.project_id, key.id), usd_micros=quoted // n, now=now)
            tx.jobs.append(Job(plan.account.name, plan.video_id, idx, priority - idx))
        return Accepted(videos.new_detail(row, rows), replayed=False)

    def _claim(self, tx: Transaction, key: Key, call: CreateCall, plan: Plan, now: float) -> str | None:
        idempotency.serialise(tx, key, call.idempotency_key or plan.body_sha256)
        if call.idempotency_key is not None:
            return idempotency.find(tx.conn, key, call.idempotency_key, plan.body_sha256, now=now)
        if call.client_retry:
            since = now - idempotency.SDK_RETRY_SECONDS
            return idempotency.find_same_body(tx.conn, key, plan.body_sha256, since=since, retries_only=False)
        if now - call.started_at < _SOONEST_SDK_RETRY_SECONDS:
            return None
        # The client may have lost patience with this very call and sent it again: then its retry came first.
        return idempotency.find_same_body(tx.conn, key, plan.body_sha256, since=call.started_at, retries_only=True)

    def _check_limits(self, tx: Transaction, key: Key, plan: Plan, now: float) -> int | None:
        """Rate, concurrency and budget of the key. Returns what the whole video may cost; None if unknown."""
        limited = key.requests_per_minute or key.max_active_videos or key.budget_usd_micros is not None
        if limited:
            # One create at a time per limited key, so that two cannot both take the last place.
            keys.lock_key(tx, key.id)
        if key.requests_per_minute:
            recent = videos.created_since(tx.conn, key.id, since=now - 60, limit=key.requests_per_minute)
            if len(recent) >= key.requests_per_minute:
                raise RateLimited(
                    f"This key may create {key.requests_per_minute} videos a minute",
                    retry_after_seconds=max(1, math.ceil(recent[-1] + 60 - now)),
                )
        if key.max_active_videos:
            active = videos.count_active(tx.conn, key.project_id, most=key.max_active_videos, key_id=key.id)
            if active >= key.max_active_videos:
                raise RateLimited(
                    f"This key may have {key.max_active_videos} unfinished videos at a time, and has as many",
                    code="too_many_active_videos",
                    retry_after_seconds=5,
                )
        quoted = plan.fitted.price.for_outputs(plan.fitted.outputs).usd_micros
        if key.livemode and key.budget_usd_micros is not None:
            _check_budget(tx, key, quoted)
        return quoted

    # ── read ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def get(self, key: Key, video_id: str) -> VideoDetail:
        """Raises NotFound also for a video of another project and for a deleted one."""
        if not is_video_id(video_id):
            raise _not_found(video_id)
        detail = await self._database.read(lambda conn: videos.get_video(conn, video_id))
        if detail is None or detail.video.project_id != key.project_id or detail.video.deleted_at is not None:
            raise _not_found(video_id)
        return detail

    async def wait(self, key: Key, video_id: str, seconds: float) -> VideoDetail:
        """The video when it is finished, or as it stands after `seconds`."""
        ends_at = self._clock.now() + seconds
        while True:
            detail = await self.get(key, video_id)
            left = ends_at - self._clock.now()
            if detail.video.status in FINISHED_STATUSES or left <= 0:
                return detail
            # A change made by another replica rings no bell here; so we look again by ourselves, too.
            await self._signals.changes.wait(video_id, min(left, _LOOK_AGAIN_SECONDS))

    async def list(self, page: PageQuery) -> tuple[list[VideoDetail], bool]:
        return await self._database.read(lambda conn: videos.list_videos(conn, page))

    async def queue_position(self, detail: VideoDetail) -> int | None:
        """How many outputs stand before a queued video; None when that is not known, or it does not wait."""
        return await self._line.position(detail.outputs[0]) if detail.video.status is Status.QUEUED else None

    async def timeline(self, key: Key, video_id: str) -> list[Event]:
        await self.get(key, video_id)
        return await self._database.read(lambda conn: events.list_events(conn, video_id))

    async def asset(self, video_id: str, idx: int, variant: str) -> Asset | None:
        return await self._database.read(lambda conn: outputs.get_asset(conn, video_id, idx, variant))

    async def find(self, video_id: str) -> VideoDetail:
        """The video for whoever holds a signed link to it. Raises NotFound."""
        detail = await self._database.read(lambda conn: videos.get_video(conn, video_id))
        if detail is None or detail.video.deleted_at is not None:
            raise _not_found(video_id)
        return detail

    # ── stop ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def cancel(self, key: Key, video_id: str, *, patience_seconds: float = 5.0) -> VideoDetail:
        """Stop it: at once where nothing was submitted yet, else by the worker that drives it.

        A clip that is made already is still delivered. Raises Conflict(already_finished).
        """
        detail = await self.get(key, video_id)
        if detail.video.status in FINISHED_STATUSES:
            raise Conflict(f"Video {video_id!r} is {detail.video.status} already", code="already_finished")
        await self._stop(detail)
        return await self.wait(key, video_id, patience_seconds)

    async def delete(self, key: Key, video_id: str) -> None:
        """Stop it if it runs, hide it, and have its files deleted. Ledger lines stay."""
        detail = await self.get(key, video_id)
        if detail.video.status not in FINISHED_STATUSES:
            await self._stop(detail)
        await self._database.write(lambda tx: videos.mark_deleted(tx, video_id, now=self._clock.now()))
        self._ring(video_id)

    async def _stop(self, detail: VideoDetail) -> None:
        now = self._clock.now()
        video_id = detail.video.id

        def record(tx: Transaction) -> None:
            outputs.lock_video(tx, video_id)  # what is read below stays so until it is written
            videos.request_cancel(tx, video_id, now=now)
            current = videos.get_video(tx.conn, video_id)
            for output in current.outputs if current else ():
                if current and output.phase is Phase.WAITING:
                    # Nothing was sent for it in this phase, so nothing is charged and no worker is needed.
                    standing = Standing(current.video, output, latest=None)
                    retention_seconds = self._policy.retention_seconds
                    arrows.fail(tx, standing, arrows.cancelled(Charged.NO), at=now, retention_seconds=retention_seconds)

        await self._database.write(record)
        self._ring(video_id)

    def _ring(self, video_id: str) -> None:
        self._signals.changes.publish(video_id)
        self._signals.wakeups.publish(video_id)


def _check_budget(tx: Transaction, key: Key, quoted: int | None) -> None:
    budget = key.budget_usd_micros or 0
    committed = ledger.committed_usd_micros(tx.conn, key.id)
    if quoted is None:
        raise QuotaExceeded(
            "This key has a budget, and the price of this model is not known; set a price for it, "
            "or use a key without a budget"
        )
    if committed + quoted > budget:
        raise QuotaExceeded(
            f"This key's budget is {budget / 1e6:.2f} USD, {committed / 1e6:.2f} USD of it are spent or held, "
            f"and this video may cost {quoted / 1e6:.2f} USD"
        )


def _video_row(key: Key, call: CreateCall, plan: Plan, quoted: int | None, now: float) -> dict[str, Any]:
    params, fitted = call.params, plan.fitted
    size = _asked_size(fitted)
    return {
        "id": plan.video_id,
        "project_id": key.project_id,
        "key_id": key.id,
        "livemode": key.livemode,
        "model": params.model,
        "status": Status.QUEUED.value,
        "progress": 0,
        "prompt": params.prompt,
        "seconds": f"{fitted.request.duration_seconds:g}",
        "size": f"{size[0]}x{size[1]}" if size else None,
        "user_tag": params.user,
        "response_format": params.response_format,
        "n": fitted.outputs,
        "metadata": params.metadata,
        "adjustments": to_jsonable_python(fitted.adjustments),
        "warnings": list(fitted.warnings),
        "quoted_usd_micros": quoted,
        "charged_usd_micros": 0 if not key.livemode or quoted is not None else None,
        "body_sha256": plan.body_sha256,
        "client_retry": call.client_retry,
        "created_at": now,
    }


def _output_row(plan: Plan, idx: int, now: float) -> dict[str, Any]:
    fitted = plan.fitted
    seed = fitted.request.seed
    if seed is not None:
        seed = (seed + idx) % (MOST_SEED + 1)
    return {
        "video_id": plan.video_id,
        "idx": idx,
        "phase": Phase.WAITING.value,
        "version": 0,
        "account": plan.account.name,
        "request": request_to_json(replace(fitted.request, seed=seed)),
        "conform": asdict(fitted.conform) if fitted.conform else None,
        "seed": seed,
        "progress": 0,
        "attempts": 0,
        "delivery_failures": 0,
        "created_at": now,
    }


def _asked_size(fitted: Fitted) -> tuple[int, int] | None:
    """What the clip will measure, if that is known before it exists."""
    target, request = fitted.conform, fitted.request
    if target and target.width_px and target.height_px:
        return target.width_px, target.height_px
    if request.width_px and request.height_px:
        return request.width_px, request.height_px
    return None


def _not_found(video_id: str) -> NotFound:
    return NotFound(f"Video {video_id[:64]!r} does not exist, or not in this key's project", param="video_id")
