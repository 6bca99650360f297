"""Every change of an output's state, as compare-and-set; and its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from filmgate.core.errors import TransitionLost
from filmgate.core.video import FINISHED_PHASES, FINISHED_STATUSES, NEXT_PHASES, Phase, Status, video_status
from filmgate.store import events
from filmgate.store.database import Transaction
from filmgate.store.records import Asset, Output
from filmgate.store.schema import assets, outputs, videos


@dataclass(frozen=True, slots=True)
class Step:
    """One transition: where to, what else changes on the row, and what the timeline says of it."""

    to: Phase
    event: str
    changes: Mapping[str, Any]
    data: Mapping[str, Any]


def transition(
    tx: Transaction, output: Output, step: Step, *, at: float, retention_seconds: float | None = None
) -> Status:
    """Move `output` to `step.to` if it still stands where `output` says, and bring the video's row up to date.

    Returns the video's status afterwards. `retention_seconds` says how long the files of a video that is completed
    by this step are kept; None: for ever. Raises TransitionLost when another worker moved the row first.
    """
    if step.to not in NEXT_PHASES[output.phase]:
        raise ValueError(f"no arrow leads from {output.phase} to {step.to}")
    # The video's row is locked first, so that two outputs finishing at once see each other's phase.
    lock_video(tx, output.video_id)
    changed = tx.conn.execute(
        sa.update(outputs)
        .where(
            outputs.c.video_id == output.video_id,
            outputs.c.idx == output.idx,
            outputs.c.phase == output.phase.value,
            outputs.c.version == output.version,
        )
        .values(phase=step.to.value, version=output.version + 1, **step.changes)
    )
    if changed.rowcount != 1:
        raise TransitionLost(f"output {output.video_id}/{output.idx} is no longer {output.phase} v{output.version}")
    events.append(tx, output.video_id, step.event, at=at, idx=output.idx, data=dict(step.data))
    return _bring_video_up_to_date(tx, output.video_id, at=at, retention_seconds=retention_seconds)


def lock_video(tx: Transaction, video_id: str) -> None:
    """Until the transaction ends, nobody else moves an output of this video or changes its row.

    Rows that refer to the video may still be added (FOR NO KEY UPDATE): two outputs that each wrote their attempt and
    then lock the video would otherwise wait for each other in a circle. SQLite has one writer anyway.
    """
    tx.conn.execute(sa.select(videos.c.id).where(videos.c.id == video_id).with_for_update(key_share=True))


def _bring_video_up_to_date(tx: Transaction, video_id: str, *, at: float, retention_seconds: float | None) -> Status:
    before = tx.conn.execute(sa.select(videos.c.status, videos.c.progress).where(videos.c.id == video_id)).one()
    rows = tx.conn.execute(sa.select(outputs).where(outputs.c.video_id == video_id).order_by(outputs.c.idx)).all()
    status = video_status([Phase(row.phase) for row in rows])
    if status == before.status:
        return status
    changes: dict[str, Any] = {"status": status.value}
    data: dict[str, Any] = {}
    if status in FINISHED_STATUSES:
        changes["completed_at"] = at
    if status is Status.COMPLETED:
        first = next(row for row in rows if row.phase == Phase.DONE.value)
        changes |= {
            "progress": 100,
            "error_code": None,
            "error_message": None,
            "seconds": f"{round(first.duration_seconds, 2):g}",
            "size": f"{first.width_px}x{first.height_px}",
            "expires_at": at + retention_seconds if retention_seconds is not None else None,
        }
    if status is Status.FAILED:
        failed = rows[0]
        changes |= {"error_code": failed.error_code, "error_message": failed.error_message}
        data = {"code": failed.error_code, "message": failed.error_message}
    tx.conn.execute(sa.update(videos).where(videos.c.id == video_id).values(changes))
    events.append(tx, video_id, f"video.{status.value}", at=at, data=data)
    return status


def save_progress(tx: Transaction, output: Output, percent: int) -> None:
    """Raise the output's progress to `percent`, and the video's to the mean of its outputs. Neither ever falls."""
    tx.conn.execute(
        sa.update(outputs)
        .where(outputs.c.video_id == output.video_id, outputs.c.idx == output.idx, outputs.c.progress < percent)
        .values(progress=percent)
    )
    # Rounded down: 100 is for a video that is done.
    mean = sa.func.sum(outputs.c.progress) // sa.func.count()
    value = tx.conn.execute(sa.select(mean).where(outputs.c.video_id == output.video_id)).scalar_one()
    tx.conn.execute(
        sa.update(videos).where(videos.c.id == output.video_id, videos.c.progress < value).values(progress=value)
    )


def note_delivery_failure(tx: Transaction, output: Output, *, retry_at: float, message: str, at: float) -> None:
    tx.conn.execute(
        sa.update(outputs)
        .where(outputs.c.video_id == output.video_id, outputs.c.idx == output.idx)
        .values(delivery_failures=outputs.c.delivery_failures + 1, retry_at=retry_at)
    )
    events.append(tx, output.video_id, "delivery.retry", at=at, idx=output.idx, data={"message": message})


# ── assets ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def insert_asset(tx: Transaction, asset: Asset, *, now: float) -> None:
    tx.conn.execute(
        sa.insert(assets).values(
            video_id=asset.video_id,
            idx=asset.idx,
            variant=asset.variant,
            key=asset.key,
            media_type=asset.media_type,
            size_bytes=asset.size_bytes,
            sha256=asset.sha256,
            created_at=now,
        )
    )


def get_asset(conn: sa.Connection, video_id: str, idx: int, variant: str) -> Asset | None:
    row = conn.execute(
        sa.select(assets).where(assets.c.video_id == video_id, assets.c.idx == idx, assets.c.variant == variant)
    ).first()
    if row is None:
        return None
    return Asset(row.video_id, row.idx, row.variant, row.key, row.media_type, row.size_bytes, row.sha256)


# ── the queue's view ────────────────────────────────────────────────────────────────────────────────────────────────

_UNFINISHED = outputs.c.phase.not_in([phase.value for phase in FINISHED_PHASES])


def list_unfinished(conn: sa.Connection) -> list[tuple[str, str, int]]:
    """(account, video id, index) of every output that still has a way to go, oldest first."""
    rows = conn.execute(
        sa.select(outputs.c.account, outputs.c.video_id, outputs.c.idx)
        .where(_UNFINISHED)
        .order_by(outputs.c.created_at, outputs.c.video_id, outputs.c.idx)
    )
    return [(row.account, row.video_id, row.idx) for row in rows]


def list_waiting(conn: sa.Connection, *, limit: int) -> list[tuple[str, str]]:
    """(account, video id) of the outputs that wait for a slot, in the order they were accepted."""
    rows = conn.execute(
        sa.select(outputs.c.account, outputs.c.video_id)
        .where(outputs.c.phase == Phase.WAITING.value)
        .order_by(outputs.c.created_at, outputs.c.video_id)
        .limit(limit)
    )
    return [(row.account, row.video_id) for row in rows]


def count_by_account(conn: sa.Connection) -> dict[tuple[str, str], int]:
    """How many unfinished outputs each (account, phase) holds."""
    rows = conn.execute(
        sa.select(outputs.c.account, outputs.c.phase, sa.func.count())
        .where(_UNFINISHED)
        .group_by(outputs.c.account, outputs.c.phase)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def active_video_ids(conn: sa.Connection, video_ids: list[str]) -> set[str]:
    """Those of `video_ids` that have an unfinished output."""
    query = sa.select(outputs.c.video_id).where(outputs.c.video_id.in_(video_ids), _UNFINISHED)
    return set(conn.execute(query).scalars())
