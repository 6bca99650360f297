"""Rows for the tests of the store: a key, a video with n outputs, and any way through the phases."""

from __future__ import annotations

from typing import Any

from filmgate.core.ids import new_id
from filmgate.core.video import Phase, Status
from filmgate.store import keys, ledger, outputs, videos
from filmgate.store.database import Database, Transaction
from filmgate.store.outputs import Step
from filmgate.store.records import Key, Output

NOW = 1_790_000_000.0
PATHS = {
    Phase.WAITING: (),
    Phase.SUBMITTING: (Phase.SUBMITTING,),
    Phase.RUNNING: (Phase.SUBMITTING, Phase.RUNNING),
    Phase.DELIVERING: (Phase.SUBMITTING, Phase.RUNNING, Phase.DELIVERING),
    Phase.DONE: (Phase.SUBMITTING, Phase.RUNNING, Phase.DELIVERING, Phase.DONE),
    Phase.FAILED: (Phase.FAILED,),
}
MEASURED = {"width_px": 1280, "height_px": 720, "fps": 24.0, "duration_seconds": 5.0416, "progress": 100}
ERROR = {"error_code": "provider_failed", "error_message": "it broke"}


async def add_key(database: Database, *, project: str = "default", mode: str = "live", **limits: Any) -> Key:
    def change(tx: Transaction) -> Key:
        project_id = keys.ensure_project(tx, project, now=NOW)
        key, _ = keys.create_key(tx, project_id=project_id, mode=mode, name="test", now=NOW, limits=limits)
        return key

    return await database.write(change)


async def add_video(
    database: Database, key: Key, *, n: int = 1, reserved_usd_micros: int | None = None, **values: Any
) -> str:
    video_id = values.pop("id", None) or new_id("video")
    await database.write(lambda tx: insert_video(tx, key, video_id, n, reserved_usd_micros, values))
    return video_id


def insert_video(
    tx: Transaction, key: Key, video_id: str, n: int = 1, reserved: int | None = None, values: Any = None
) -> None:
    video = {
        "id": video_id,
        "project_id": key.project_id,
        "key_id": key.id,
        "livemode": key.livemode,
        "model": "animatic-1",
        "status": "queued",
        "progress": 0,
        "seconds": "5",
        "response_format": "url",
        "n": n,
        "metadata": {},
        "adjustments": [],
        "warnings": [],
        "quoted_usd_micros": None if reserved is None else reserved * n,
        "body_sha256": "b" * 64,
        "client_retry": False,
        "created_at": NOW,
        **(values or {}),
    }
    rows = [
        {
            "video_id": video_id,
            "idx": idx,
            "phase": "waiting",
            "version": 0,
            "account": "acme",
            "request": {"upstream_model": "acme-2"},
            "progress": 0,
            "attempts": 0,
            "delivery_failures": 0,
            "created_at": video["created_at"],
        }
        for idx in range(n)
    ]
    videos.insert_video(tx, video, rows, {"n": n})
    for idx in range(n):
        if reserved is not None:
            ledger.reserve(tx, video_id, idx, key=(key.project_id, key.id), usd_micros=reserved, now=NOW)


async def output_of(database: Database, video_id: str, idx: int = 0) -> Output:
    detail = await database.read(lambda conn: videos.get_video(conn, video_id))
    assert detail is not None
    return detail.outputs[idx]


async def step(
    database: Database, output: Output, to: Phase, *, at: float = NOW, retention_seconds: float | None = None
) -> Status:
    changes: dict[str, Any] = MEASURED if to is Phase.DONE else ERROR if to is Phase.FAILED else {}
    what = Step(to, f"output.{to}", changes, {})
    return await database.write(
        lambda tx: outputs.transition(tx, output, what, at=at, retention_seconds=retention_seconds)
    )


async def bring_to(database: Database, video_id: str, phase: Phase, *, idx: int = 0, **how: Any) -> Output:
    """Move a waiting output along the arrows to `phase`."""
    for to in PATHS[phase]:
        await step(database, await output_of(database, video_id, idx), to, **how)
    return await output_of(database, video_id, idx)
