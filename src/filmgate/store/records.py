"""Rows as the rest of Filmgate sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic_core import to_jsonable_python

from filmgate.core.request import Images, InputImage, Mode, Rehearse, VideoRequest
from filmgate.core.video import Phase, Status


@dataclass(frozen=True, slots=True)
class Key:
    """An API key without its secret."""

    id: str
    project_id: str
    mode: str
    name: str
    hint: str
    scopes: tuple[str, ...]
    models: tuple[str, ...] | None
    requests_per_minute: int | None
    max_active_videos: int | None
    budget_usd_micros: int | None
    created_at: float
    expires_at: float | None
    revoked_at: float | None

    @property
    def livemode(self) -> bool:
        return self.mode == "live"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One submission of one output to one account."""

    client_ref: str
    video_id: str
    idx: int
    number: int
    provider: str
    account: str
    upstream_model: str
    # intent, accepted, succeeded, refused, failed, lost, cancelled; orphaned or unknown (sent, and no answer was
    # recorded or came), absent (looked for and not there), abandoned (sent again on the owner's order), watched (it
    # may still end, and its money with it)
    state: str
    task_id: str | None
    task_data: dict[str, Any] | None
    result: dict[str, Any] | None
    charged: str | None
    error_code: str | None
    error_message: str | None
    upstream_code: str | None
    started_at: float
    accepted_at: float | None
    finished_at: float | None
    next_poll_at: float | None
    polls: int
    credential_id: str | None = None


@dataclass(frozen=True, slots=True)
class ConformTarget:
    """What the client asked to get, where the model makes something else. None: leave as it comes."""

    width_px: int | None
    height_px: int | None
    fps: float | None


@dataclass(frozen=True, slots=True)
class Output:
    """One of a video's n clips: the unit of work."""

    video_id: str
    idx: int
    phase: Phase
    version: int
    account: str
    request: dict[str, Any]  # a core.request.VideoRequest; see `request_from_json`
    conform: ConformTarget | None
    seed: int | None
    progress: int
    attempts: int
    retry_at: float | None
    delivery_failures: int
    error_code: str | None
    error_message: str | None
    created_at: float
    submitted_at: float | None
    generated_at: float | None
    finished_at: float | None
    width_px: int | None
    height_px: int | None
    fps: float | None
    duration_seconds: float | None
    has_audio: bool | None
    size_bytes: int | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Video:
    """The public job."""

    id: str
    project_id: str
    key_id: str
    livemode: bool
    model: str
    status: Status
    progress: int
    prompt: str | None
    seconds: str
    size: str | None
    user_tag: str | None
    response_format: str
    n: int
    metadata: dict[str, Any]
    adjustments: list[dict[str, Any]]
    warnings: list[str]
    quoted_usd_micros: int | None
    charged_usd_micros: int | None
    error_code: str | None
    error_message: str | None
    created_at: float
    completed_at: float | None
    expires_at: float | None
    cancel_requested_at: float | None
    deleted_at: float | None
    files_deleted_at: float | None


@dataclass(frozen=True, slots=True)
class VideoDetail:
    """A video with its outputs in order and, per output, its attempts in order."""

    video: Video
    outputs: tuple[Output, ...]
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Asset:
    video_id: str
    idx: int
    variant: str
    key: str
    media_type: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Event:
    seq: int
    video_id: str
    idx: int | None
    at: float
    type: str
    data: dict[str, Any]


def request_to_json(request: VideoRequest) -> dict[str, Any]:
    return to_jsonable_python(request)


def request_from_json(data: dict[str, Any]) -> VideoRequest:
    images = data["images"]
    values: dict[str, Any] = {
        **data,
        "mode": Mode(data["mode"]),
        "images": Images(
            first_frame=_image(images["first_frame"]),
            last_frame=_image(images["last_frame"]),
            references=tuple(InputImage(**image) for image in images["references"]),
        ),
        "rehearse": Rehearse(**data["rehearse"]),
    }
    return VideoRequest(**values)


def _image(data: dict[str, Any] | None) -> InputImage | None:
    return InputImage(**data) if data else None
