"""MiniMax's second video API: a list of content out, real HTTP codes in. Pure mapping.

Source: platform.minimax.io/docs/api-reference/video-generation-v2-{create,query,list,delete}, in copies of 2026.
"""

from __future__ import annotations

from typing import Any

from filmgate.core.errors import Charged, UpstreamRefused
from filmgate.core.lenient import at, int_at, number_at, text_at
from filmgate.core.provider import Answer, Failed, Pending, Succeeded
from filmgate.core.request import VideoRequest
from filmgate.core.video import FailureCode
from filmgate.net.upstream import Reply
from filmgate.providers.hailuo_codes import code_in_brackets, error_text, query_failed, task_failed, was_answered
from filmgate.providers.images import SentImages
from filmgate.providers.verdicts import readable, without_file

QUERY_PATH = "/v2/query/video_generation"
RETENTION_SECONDS = 7 * 24 * 3600
_MOST_BODY_BYTES = 64_000_000
# Where a lost submit is looked for. The clocks may differ, and a paid call may take minutes. Too wide a window only
# makes us unsure; too narrow a one would pay twice.
_CREATED_BEFORE_SECONDS = 300
_CREATED_AFTER_SECONDS = 900


def body(request: VideoRequest, images: SentImages) -> dict[str, Any]:
    """Raises UpstreamRefused where the images are too much for one request: the vendor would cut the connection."""
    fields: dict[str, Any] = {
        "model": request.upstream_model,
        "content": _content(request, images),
        "resolution": (request.resolution or "").upper(),
        "duration": int(request.duration_seconds),
    }
    if request.aspect_ratio:  # none where the clip follows the first frame
        fields["ratio"] = request.aspect_ratio
    options = dict(request.provider_options)
    if "prompt_expansion_mode" in options:
        fields["extra"] = {"prompt_expansion_mode": options.pop("prompt_expansion_mode")}
    return fields | options


def _content(request: VideoRequest, images: SentImages) -> list[dict[str, Any]]:
    size_bytes = sum(len(image.link_or_data_uri) for _, image in images.by_role())
    if size_bytes > _MOST_BODY_BYTES:
        message = (
            f"images: together they are {size_bytes} bytes as MiniMax is sent them, and it takes up to "
            f"{_MOST_BODY_BYTES}; send smaller images, or links to them"
        )
        raise UpstreamRefused(message)
    text = {"type": "text", "text": request.prompt or ""}
    return [text] + [
        {"type": "image_url", "image_url": {"url": image.link_or_data_uri}, "role": role}
        for role, image in images.by_role()
    ]


def verdict(reply: Reply, age_seconds: float | None) -> Answer:
    """What the answer of a query says. `age_seconds` is the task's, None where unknown.

    Raises UpstreamBusy where the query failed and not the task: a wrong key must not fail every task that runs.
    """
    answer = reply.json()
    if reply.status in (400, 404) and "task" in (text_at(answer, "error", "message") or "").casefold():
        if age_seconds is not None and age_seconds > RETENTION_SECONDS:
            message = "MiniMax keeps tasks for 7 days, and no longer knows this one"
            return Failed(FailureCode.PROVIDER_FAILED, message, upstream_code=str(reply.status))
        return Pending(warning=readable(f"MiniMax does not know this task: {error_text(answer)}"))
    if not was_answered(reply) or not isinstance(at(answer, "task"), dict):
        raise query_failed(reply)
    return _verdict(at(answer, "task"))


def _verdict(task: Any) -> Answer:
    status = text_at(task, "status")
    match status:
        case "queued" | "running":
            return Pending()
        case "succeeded":
            link = text_at(task, "content", "url")
            return Succeeded(url=link) if link else without_file("MiniMax", status)
        case "failed":
            text = text_at(task, "error", "message")
            code = int_at(task, "error", "code") or code_in_brackets(text)
            return task_failed(code, text, Charged.UNKNOWN, status=status)
        case "cancelled":
            # Only a task that has not begun can be cancelled, and that costs nothing.
            message = "the task was cancelled at MiniMax"
            return Failed(FailureCode.CANCELLED, message, charged=Charged.NO, upstream_code=status)
        case "expired":  # in one Chinese page only
            return Failed(FailureCode.PROVIDER_FAILED, "the task expired at MiniMax", upstream_code=status)
        case _:
            return Pending(warning=f"MiniMax reports the unknown status {status!r}")


def may_be_from(item: Any, request: VideoRequest, submitted_at: float) -> bool:
    """Whether a task of the list may come from a submit of `request`. What an item does not say rules nothing out."""
    created_at = number_at(item, "created_at")
    if created_at is not None and not (
        submitted_at - _CREATED_BEFORE_SECONDS <= created_at <= submitted_at + _CREATED_AFTER_SECONDS
    ):
        return False
    model, resolution = text_at(item, "model"), text_at(item, "resolution")
    duration_seconds = int_at(item, "duration")
    return (
        (model is None or model == request.upstream_model)
        and (resolution is None or resolution.casefold() == (request.resolution or "").casefold())
        and (not duration_seconds or duration_seconds == int(request.duration_seconds))
    )
