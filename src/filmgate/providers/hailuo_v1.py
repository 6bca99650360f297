"""MiniMax's first video API: flat fields out, `base_resp` in every answer. Pure mapping.

Source: platform.minimax.io/docs/api-reference/video-generation-{t2v,i2v,fl2v,s2v,query,download}, in copies up to
2026-10-08.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from filmgate.core.errors import Charged, UpstreamRefused
from filmgate.core.lenient import at, text_at
from filmgate.core.provider import Failed, Pending, Succeeded
from filmgate.core.request import VideoRequest
from filmgate.core.video import FailureCode
from filmgate.net.upstream import Reply
from filmgate.providers.hailuo_codes import (
    BAD_PARAMETERS,
    OK,
    error_code,
    error_text,
    query_failed,
    task_failed,
    was_answered,
)
from filmgate.providers.images import SentImages
from filmgate.providers.verdicts import readable, without_file

_PROMPT_MAX_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A finished clip, whose link takes a call of its own. `id` is a number in one answer and a text in another."""

    id: str


def body(request: VideoRequest, images: SentImages) -> dict[str, Any]:
    """The fields present select the mode. Raises UpstreamRefused where the camera command makes the prompt too long."""
    # Sent always: the vendor's default is true, which replaces the client's prompt by the vendor's.
    fields: dict[str, Any] = {"model": request.upstream_model, "prompt_optimizer": False}
    if prompt := _prompt(request):
        fields["prompt"] = prompt
    if "duration" in request.wire["fields"]:
        fields["duration"] = int(request.duration_seconds)
    if request.resolution and "resolution" in request.wire["fields"]:
        fields["resolution"] = request.resolution.upper()
    if images.first_frame:
        fields["first_frame_image"] = images.first_frame.link_or_data_uri
    if images.last_frame:
        fields["last_frame_image"] = images.last_frame.link_or_data_uri
    if images.references:
        faces = [image.link_or_data_uri for image in images.references]
        fields["subject_reference"] = [{"type": "character", "image": faces}]
    return fields | request.provider_options


def _prompt(request: VideoRequest) -> str | None:
    """The camera command goes into the prompt, in brackets."""
    command = f"[{request.camera}]" if request.camera else None
    prompt = " ".join(part for part in (request.prompt, command) if part)
    if command and len(prompt) > _PROMPT_MAX_CHARACTERS:
        message = (
            f"camera: {request.camera} goes into the prompt, which then has {len(prompt)} characters; "
            f"MiniMax takes up to {_PROMPT_MAX_CHARACTERS}"
        )
        raise UpstreamRefused(message)
    return prompt or None


def verdict(reply: Reply, charged_when_failed: Charged) -> Pending | Failed | MadeFile:
    """What the answer of a query says. Raises UpstreamBusy where the query failed and not the task."""
    answer = reply.json()
    told = text_at(answer, "status") or ""
    # Callbacks and some copies write them in lower case.
    status = told.casefold()
    if reply.status == 200 and status in ("fail", "failed"):
        code = error_code(answer)
        return task_failed(code, error_text(answer) if code != OK else None, charged_when_failed, status=told)
    if not was_answered(reply) or (not status and error_code(answer) is None):
        raise query_failed(reply)
    if status in ("preparing", "queueing", "processing"):
        return Pending()
    if status == "success":
        file_id = text_at(answer, "file_id")
        return MadeFile(file_id) if file_id else without_file("MiniMax", told)
    return Pending(warning=f"MiniMax reports the unknown status {told!r}")


def link(reply: Reply) -> Succeeded | Failed:
    """What the answer of the file call says. Raises UpstreamBusy unless it says that there is no such file."""
    answer = reply.json()
    if error_code(answer) == BAD_PARAMETERS:  # the id, which MiniMax gave, is the only parameter
        return _no_such_file(f"MiniMax has no file of this clip: {error_text(answer)}", str(BAD_PARAMETERS))
    if not was_answered(reply) or at(answer, "file") is None:
        raise query_failed(reply)
    url = text_at(answer, "file", "download_url") or text_at(answer, "file", "backup_download_url")
    return Succeeded(url=url) if url else _no_such_file("MiniMax's file has no link", "Success")


def _no_such_file(message: str, upstream_code: str) -> Failed:
    """Made and not to be had: it may well have been charged."""
    return Failed(FailureCode.PROVIDER_FAILED, readable(message), upstream_code=upstream_code, doubtful=True)
