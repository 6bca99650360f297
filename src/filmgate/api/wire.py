"""The Video object: the shape that the world's clients speak, and what Filmgate adds under `metadata.filmgate`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from filmgate.api.links import LinkSigner
from filmgate.core.money import micros_to_usd
from filmgate.core.video import Phase, Status
from filmgate.store.records import Attempt, Event, Output, Video, VideoDetail


@dataclass(frozen=True, slots=True)
class WireContext:
    """What rendering needs beyond the rows: how this server is addressed, and how its links are signed."""

    base_url: str
    signer: LinkSigner


def video_object(detail: VideoDetail, context: WireContext, *, queue_position: int | None = None) -> dict[str, Any]:
    """The Video object of the reference; times are whole Unix seconds."""
    video = detail.video
    return {
        "id": video.id,
        "object": "video",
        "model": video.model,
        "status": video.status.value,
        "progress": video.progress,
        "created_at": int(video.created_at),
        "completed_at": _whole(video.completed_at),
        "expires_at": _whole(video.expires_at),
        "seconds": video.seconds,
        "size": video.size,
        "prompt": video.prompt,
        "remixed_from_video_id": None,
        "error": _error(video.error_code, video.error_message),
        "metadata": {
            **video.metadata,
            **_links(detail, context),
            "filmgate": _filmgate(detail, queue_position),
        },
    }


def _links(detail: VideoDetail, context: WireContext) -> dict[str, Any]:
    video = detail.video
    stored = [output.idx for output in detail.outputs if output.phase is Phase.DONE]
    if video.status is not Status.COMPLETED or not stored or video.files_deleted_at is not None:
        return {}

    def url(variant: str, idx: int) -> str:
        return context.signer.url(context.base_url, video.id, variant=variant, idx=idx, expires_at=video.expires_at)

    urls = [url("video", idx) for idx in stored]
    return {"url": urls[0], "urls": urls, "thumbnail_url": url("thumbnail", stored[0])}


def _filmgate(detail: VideoDetail, queue_position: int | None) -> dict[str, Any]:
    video = detail.video
    shown = _shown_output(detail.outputs)
    last_attempt = next((attempt for attempt in reversed(detail.attempts) if attempt.idx == shown.idx), None)
    result: dict[str, Any] = {
        "livemode": video.livemode,
        "provider": last_attempt.provider if last_attempt else None,
        "account": shown.account,
        "upstream_model": last_attempt.upstream_model if last_attempt else shown.request["upstream_model"],
        "queue_position": queue_position,
        **_facts(shown),
        "adjustments": video.adjustments,
        "warnings": [*video.warnings, *_failed_outputs(detail.outputs, video)],
        "attempts": [_attempt(attempt, video.n) for attempt in detail.attempts],
        "cost": {
            "currency": "USD",
            "quoted_usd": _usd(video.quoted_usd_micros),
            "charged_usd": _usd(video.charged_usd_micros),
        },
        "timings": _timings(shown),
    }
    if last_attempt and (understood := (last_attempt.result or {}).get("understood")):
        result["understood"] = understood
    if video.n > 1:
        result["outputs"] = [
            {"index": output.idx, "status": _output_status(output), "progress": output.progress}
            | _facts(output)
            | {"error": _error(output.error_code, output.error_message)}
            for output in detail.outputs
        ]
    return result


def _shown_output(video_outputs: tuple[Output, ...]) -> Output:
    """The one whose facts stand for the video: the first that is stored, else the first."""
    return next((output for output in video_outputs if output.phase is Phase.DONE), video_outputs[0])


def _facts(output: Output) -> dict[str, Any]:
    """What was asked of the model, then what the stored file was measured to be."""
    request = output.request
    measured = output.phase is Phase.DONE
    return {
        "seed": output.seed,
        "fps": output.fps if measured else request["fps"],
        "width": output.width_px if measured else request["width_px"],
        "height": output.height_px if measured else request["height_px"],
        "duration_seconds": output.duration_seconds if measured else request["duration_seconds"],
        "has_audio": output.has_audio,
        "size_bytes": output.size_bytes,
        "sha256": output.sha256,
    }


def _attempt(attempt: Attempt, n: int) -> dict[str, Any]:
    error: dict[str, Any] | None = _error(attempt.error_code or attempt.state, attempt.error_message)
    if error and attempt.upstream_code is not None:
        error["upstream_code"] = attempt.upstream_code
    result: dict[str, Any] = {
        "provider": attempt.provider,
        "account": attempt.account,
        "task_id": attempt.task_id,
        "status": attempt.state,
        "started_at": int(attempt.started_at),
        "finished_at": _whole(attempt.finished_at),
        "error": error,
    }
    return result | ({"index": attempt.idx} if n > 1 else {})


def _failed_outputs(video_outputs: tuple[Output, ...], video: Video) -> list[str]:
    if video.status is not Status.COMPLETED:
        return []
    return [
        f"output {output.idx} failed and has no file: {output.error_code}: {output.error_message}"
        for output in video_outputs
        if output.phase is Phase.FAILED
    ]


def _output_status(output: Output) -> str:
    match output.phase:
        case Phase.WAITING:
            return Status.QUEUED.value
        case Phase.DONE:
            return Status.COMPLETED.value
        case Phase.FAILED:
            return Status.FAILED.value
        case _:
            return Status.IN_PROGRESS.value


def _timings(output: Output) -> dict[str, int | None]:
    return {
        "queued_ms": _milliseconds(output.created_at, output.submitted_at),
        "generating_ms": _milliseconds(output.submitted_at, output.generated_at),
        "delivering_ms": _milliseconds(output.generated_at, output.finished_at),
    }


def _milliseconds(start: float | None, end: float | None) -> int | None:
    return round((end - start) * 1000) if start is not None and end is not None else None


def _error(code: str | None, message: str | None) -> dict[str, Any] | None:
    return {"code": code or "internal_error", "message": message} if message is not None else None


def _usd(micros: int | None) -> float | None:
    return micros_to_usd(micros) if micros is not None else None


def _whole(seconds: float | None) -> int | None:
    return int(seconds) if seconds is not None else None


def event_object(event: Event) -> dict[str, Any]:
    return {
        "object": "video.event",
        "sequence": event.seq,
        "type": event.type,
        "at": round(event.at, 3),
        "index": event.idx,
        "data": event.data,
    }
