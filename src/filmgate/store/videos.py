"""The videos of a project: insert, read, page, cancel, delete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from filmgate.core.video import FINISHED_STATUSES, Phase, Status
from filmgate.store import events
from filmgate.store.database import Transaction
from filmgate.store.records import (
    Attempt,
    ConformTarget,
    Output,
    Video,
    VideoDetail,
)
from filmgate.store.schema import assets, attempts, outputs, videos

_VIDEO_FIELDS = tuple(field.name for field in fields(Video))
_OUTPUT_FIELDS = tuple(field.name for field in fields(Output))
_ATTEMPT_FIELDS = tuple(field.name for field in fields(Attempt))


_INSERT_VIDEO = sa.insert(videos)
_INSERT_OUTPUT = sa.insert(outputs)


def insert_video(
    tx: Transaction, video: Mapping[str, Any], video_outputs: Sequence[Mapping[str, Any]], event: Mapping[str, Any]
) -> None:
    """A new video, its outputs in phase `waiting`, and its first event."""
    tx.conn.execute(_INSERT_VIDEO, video)
    tx.conn.execute(_INSERT_OUTPUT, video_outputs)
    events.append(tx, video["id"], "video.queued", at=video["created_at"], data=dict(event))


def _detail_query() -> sa.Select[Any]:
    """One query for everything: a row for each attempt, or for each output that has none."""
    columns = [
        *(videos.c[name].label(f"v_{name}") for name in _VIDEO_FIELDS),
        *(outputs.c[name].label(f"o_{name}") for name in _OUTPUT_FIELDS),
        *(attempts.c[name].label(f"a_{name}") for name in _ATTEMPT_FIELDS),
    ]
    joined = videos.join(outputs, outputs.c.video_id == videos.c.id).outerjoin(
        attempts, (attempts.c.video_id == outputs.c.video_id) & (attempts.c.idx == outputs.c.idx)
    )
    return sa.select(*columns).select_from(joined)


_DETAIL = _detail_query()
_BY_ID = _DETAIL.where(videos.c.id == sa.bindparam("id")).order_by(outputs.c.idx, attempts.c.number)


def get_video(conn: sa.Connection, video_id: str) -> VideoDetail | None:
    """Also a deleted one: whose it is and whether it may be shown is the caller's business."""
    details = _details(conn.execute(_BY_ID, {"id": video_id}).all())
    return details[0] if details else None


@dataclass(frozen=True, slots=True)
class PageQuery:
    project_id: str
    livemode: bool | None = None
    after: str | None = None
    limit: int = 20
    ascending: bool = False
    status: str | None = None
    model: str | None = None
    user_tag: str | None = None


def list_videos(conn: sa.Connection, page: PageQuery) -> tuple[list[VideoDetail], bool]:
    """One page, and whether more follow. Deleted videos are not listed."""
    wanted = [videos.c.project_id == page.project_id, videos.c.deleted_at.is_(None)]
    if page.livemode is not None:
        wanted.append(videos.c.livemode == page.livemode)
    for column, value in (
        (videos.c.status, page.status),
        (videos.c.model, page.model),
        (videos.c.user_tag, page.user_tag),
    ):
        if value is not None:
            wanted.append(column == value)
    if page.after is not None:
        wanted.append(videos.c.id > page.after if page.ascending else videos.c.id < page.after)
    order = videos.c.id.asc() if page.ascending else videos.c.id.desc()
    found = conn.execute(sa.select(videos.c.id).where(*wanted).order_by(order).limit(page.limit + 1)).scalars().all()
    ids = found[: page.limit]
    if not ids:
        return [], False
    rows = conn.execute(_DETAIL.where(videos.c.id.in_(ids)).order_by(order, outputs.c.idx, attempts.c.number)).all()
    return _details(rows), len(found) > page.limit


def request_cancel(tx: Transaction, video_id: str, *, now: float) -> bool:
    """Note that the client wants it stopped; False when it is finished or was asked before."""
    result = tx.conn.execute(
        sa.update(videos)
        .where(
            videos.c.id == video_id,
            videos.c.cancel_requested_at.is_(None),
            videos.c.status.not_in([status.value for status in FINISHED_STATUSES]),
        )
        .values(cancel_requested_at=now)
    )
    if result.rowcount:
        events.append(tx, video_id, "video.cancel_requested", at=now)
    return bool(result.rowcount)


def mark_deleted(tx: Transaction, video_id: str, *, now: float) -> bool:
    """Hide the video. Its rows stay, and so do the ledger's."""
    result = tx.conn.execute(
        sa.update(videos).where(videos.c.id == video_id, videos.c.deleted_at.is_(None)).values(deleted_at=now)
    )
    if result.rowcount:
        events.append(tx, video_id, "video.deleted", at=now)
    return bool(result.rowcount)


def mark_files_deleted(tx: Transaction, video_id: str, *, now: float) -> None:
    tx.conn.execute(sa.delete(assets).where(assets.c.video_id == video_id))
    tx.conn.execute(sa.update(videos).where(videos.c.id == video_id).values(files_deleted_at=now))
    events.append(tx, video_id, "video.files_deleted", at=now)


def list_file_cleanup(conn: sa.Connection, *, now: float, limit: int) -> list[str]:
    """Finished videos whose files should be gone: expired, or deleted by the client."""
    finished = videos.c.status.in_([status.value for status in FINISHED_STATUSES])
    due = (videos.c.expires_at <= now) | videos.c.deleted_at.is_not(None)
    query = sa.select(videos.c.id).where(finished, due, videos.c.files_deleted_at.is_(None)).limit(limit)
    return list(conn.execute(query).scalars())


def count_active(conn: sa.Connection, project_id: str, *, most: int, key_id: str | None = None) -> int:
    """How many videos of a project (or of one key) are not finished; counting stops at `most`."""
    query = _COUNT_ACTIVE_OF_PROJECT if key_id is None else _COUNT_ACTIVE_OF_KEY
    return conn.execute(query, {"project_id": project_id, "key_id": key_id, "most": most}).scalar_one()


def _count_active(*wanted: sa.ColumnElement[bool]) -> sa.Select[int]:
    # Spelt as in the partial index ix_videos_active, so that the planner sees that it applies.
    active = sa.text("videos.status IN ('queued', 'in_progress')")
    some = sa.select(videos.c.id).where(*wanted, active).limit(sa.bindparam("most", type_=sa.Integer)).subquery()
    return sa.select(sa.func.count()).select_from(some)


# Built once: building a statement costs more than running it.
_OF_PROJECT = videos.c.project_id == sa.bindparam("project_id")
_COUNT_ACTIVE_OF_PROJECT = _count_active(_OF_PROJECT)
_COUNT_ACTIVE_OF_KEY = _count_active(_OF_PROJECT, videos.c.key_id == sa.bindparam("key_id"))


def created_since(conn: sa.Connection, key_id: str, *, since: float, limit: int) -> list[float]:
    """Creation times of the key's newest videos after `since`, newest first."""
    query = (
        sa.select(videos.c.created_at)
        .where(videos.c.key_id == key_id, videos.c.created_at > since)
        .order_by(videos.c.created_at.desc())
        .limit(limit)
    )
    return list(conn.execute(query).scalars())


def new_detail(video: Mapping[str, Any], video_outputs: Sequence[Mapping[str, Any]]) -> VideoDetail:
    """The detail of a video from the rows it was inserted as; what they do not name is NULL."""
    return VideoDetail(
        _video([video.get(name) for name in _VIDEO_FIELDS]),
        tuple(_output([output.get(name) for name in _OUTPUT_FIELDS]) for output in video_outputs),
        (),
    )


def _details(rows: Sequence[sa.Row[Any]]) -> list[VideoDetail]:
    """Group joined rows (in order) into videos, each with its outputs and attempts."""
    first_output = len(_VIDEO_FIELDS)
    first_attempt = first_output + len(_OUTPUT_FIELDS)
    details: list[VideoDetail] = []
    video: Video | None = None
    video_outputs: list[Output] = []
    video_attempts: list[Attempt] = []
    for row in rows:
        values = tuple(row)
        if video is None or video.id != values[0]:
            if video is not None:
                details.append(VideoDetail(video, tuple(video_outputs), tuple(video_attempts)))
            video, video_outputs, video_attempts = _video(values[:first_output]), [], []
        output = _output(values[first_output:first_attempt])
        if not video_outputs or video_outputs[-1].idx != output.idx:
            video_outputs.append(output)
        if values[first_attempt] is not None:
            video_attempts.append(Attempt(*values[first_attempt:]))
    if video is not None:
        details.append(VideoDetail(video, tuple(video_outputs), tuple(video_attempts)))
    return details


def _video(values: Sequence[Any]) -> Video:
    video: dict[str, Any] = dict(zip(_VIDEO_FIELDS, values, strict=True))
    video["status"] = Status(video["status"])
    return Video(**video)


def _output(values: Sequence[Any]) -> Output:
    output: dict[str, Any] = dict(zip(_OUTPUT_FIELDS, values, strict=True))
    output["phase"] = Phase(output["phase"])
    output["conform"] = ConformTarget(**output["conform"]) if output["conform"] else None
    return Output(**output)
