"""The servers that speak OpenAI's `/videos`, as far as they differ: routes, ids, Video objects, errors.

Source: openai/openai-openapi 2.3.0 and the video guide; the code and the documents of vllm-omni, sglang
(multimodal_gen), new-api and litellm of 2026; Filmgate's own API.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from starlette.requests import Request

from filmgate.simulators.faults import Fault
from filmgate.simulators.forms import Sent
from filmgate.simulators.kit import Refusal, Simulation, Stage, Task
from filmgate.simulators.openai_requests import (
    Trouble,
    read_azure,
    read_filmgate,
    read_litellm,
    read_new_api,
    read_openai,
    read_sglang,
    read_vllm,
)

# (HTTP status, code, words)
Words = Mapping[Trouble, tuple[int, str | None, str]]
# (status, code, message, the field at fault) -> the body of an error
Envelope = Callable[[int, str | None, str, str], Any]
MakeVideo = Callable[[Simulation, Task, Request], dict[str, Any]]
_CALLBACKS = {Fault.CALLBACK_DUPLICATE, Fault.CALLBACK_LATE, Fault.CALLBACK_FORGED}
_HOSTED = frozenset(Fault) - _CALLBACKS - {Fault.TOO_MANY_TASKS}
_SELF_HOSTED = _HOSTED - {
    Fault.RATE_LIMITED,
    Fault.OUT_OF_BALANCE,
    Fault.MODERATED_SUBMIT,
    Fault.MODERATED_LATE,
    Fault.POLL_429,
    Fault.PROGRESS_BACK,
}


class Deletes(StrEnum):
    FINISHED = "finished"  # finished videos only
    STOPS = "stops"  # whatever runs is stopped
    STOPS_OR_CONFLICTS = "stops_or_conflicts"  # the same, and a completed video must still have its file
    FORGETS = "forgets"  # whatever runs goes on
    NEVER = "never"


class Variants(StrEnum):
    """What `?variant=` of the content means."""

    NAMED = "named"  # video, thumbnail, spritesheet
    NUMBERED = "numbered"  # the position of the output
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Dialect:
    read: Callable[[Sent, Mapping[str, str]], dict[str, Any]]
    new_id: Callable[[random.Random, str], str]
    video: MakeVideo
    words: Words
    envelope: Envelope
    places: tuple[str, ...] = ("/v1/videos",)
    # Where a key may stand. A server without any takes none; without `needs_key` it does where it has been given one.
    key_headers: tuple[str, ...] = ("authorization",)
    needs_key: bool = True
    deletes: Deletes = Deletes.FINISHED
    lists: bool = True
    pages: bool = True  # a list says how to go on
    cancels: bool = False
    variants: Variants = Variants.IGNORED
    failed_status: int = 200  # of a poll that tells of a failed video
    idempotent: bool = False  # honours Idempotency-Key
    paces: bool = False  # says of a pending video when to ask again
    faults: frozenset[Fault] = _HOSTED


_OPENAI_WORDS: dict[Trouble, tuple[int, str | None, str]] = {
    Trouble.NO_KEY: (401, "invalid_api_key", "Incorrect API key provided."),
    Trouble.NO_ROUTE: (404, None, "Invalid URL"),
    Trouble.NOT_FOUND: (404, None, "Video not found"),
    Trouble.UNREADABLE: (400, None, "We could not parse the body of your request."),
    Trouble.UNSUPPORTED: (400, None, "Unsupported content type."),
    Trouble.MISSING: (400, "missing_required_parameter", "Missing required parameter."),
    Trouble.INVALID: (400, "invalid_value", "Invalid value."),
    Trouble.UNKNOWN_FIELD: (400, "unknown_parameter", "Unknown parameter."),
    Trouble.UNKNOWN_MODEL: (404, "model_not_found", "The model does not exist or you do not have access to it."),
    Trouble.MODERATED: (400, "sentinel_block", "Your request was blocked by our moderation system."),
    Trouble.REPEATED: (409, None, "This key was used with another body."),
    Trouble.TOO_FAST: (429, "rate_limit_exceeded", "Rate limit reached. Please try again in 1s."),
    Trouble.TOO_MANY: (429, "rate_limit_exceeded", "Too many videos at once."),
    Trouble.NO_BALANCE: (429, "insufficient_quota", "You exceeded your current quota, please check your plan."),
    Trouble.NOT_READY: (404, None, "Video is not ready yet"),
    Trouble.FAILED: (404, None, "Video has failed"),
    Trouble.NO_FILE: (404, None, "The assets of this video are not available"),
    Trouble.UNFINISHED: (400, None, "Only completed or failed videos can be deleted"),
    Trouble.FINISHED: (400, None, "The video is finished already"),
    Trouble.INTERNAL: (500, None, "The server had an error while processing your request."),
    Trouble.UNAVAILABLE: (503, None, "The engine is currently overloaded, please try again later."),
    Trouble.TIMED_OUT: (504, None, "The request timed out."),
}
_VLLM_WORDS = _OPENAI_WORDS | {
    Trouble.NO_KEY: (401, None, "Unauthorized"),
    Trouble.NO_ROUTE: (404, None, "Not Found"),
    Trouble.MISSING: (422, None, "Field required"),
    Trouble.UNKNOWN_MODEL: (400, None, "Model mismatch"),
    Trouble.NOT_READY: (404, None, "Generation is still in-progress"),
    Trouble.FAILED: (422, None, "Generation failed"),
    Trouble.NO_FILE: (409, None, "The file of this video is missing"),
    Trouble.INTERNAL: (500, None, "Internal Server Error"),
}
_SGLANG_WORDS = _VLLM_WORDS | {
    Trouble.INVALID: (422, None, "Invalid value"),
    Trouble.NO_FILE: (404, None, "Generation is still in-progress"),
}
_NEW_API_WORDS = _OPENAI_WORDS | {
    Trouble.NO_KEY: (401, None, "invalid token"),
    Trouble.NOT_FOUND: (404, "task_not_exist", "task_not_exist"),
    Trouble.MISSING: (400, "invalid_request", "a field is required"),
    Trouble.INVALID: (400, "invalid_request", "invalid request"),
    Trouble.MODERATED: (400, "sensitive_words_detected", "user sensitive words detected"),
    Trouble.NO_BALANCE: (403, "insufficient_user_quota", "user quota is not enough"),
    Trouble.NOT_READY: (400, None, "Task is not completed yet"),
    Trouble.FAILED: (400, None, "Task is not completed yet"),
}
_FILMGATE_WORDS = _OPENAI_WORDS | {
    Trouble.NO_ROUTE: (404, "route_not_found", "no such route"),
    Trouble.NOT_FOUND: (404, "video_not_found", "no such video"),
    Trouble.UNREADABLE: (400, "invalid_body", "the body cannot be read"),
    Trouble.UNSUPPORTED: (415, "unsupported_media_type", "this content type is not read here"),
    Trouble.MISSING: (400, "missing_parameter", "a field is missing"),
    Trouble.INVALID: (400, "invalid_parameter", "a value is not allowed"),
    Trouble.MODERATED: (400, "content_policy_violation", "the prompt is against the content policy"),
    Trouble.REPEATED: (409, "idempotency_conflict", "Idempotency-Key: was used with another body"),
    Trouble.TOO_MANY: (429, "too_many_active_videos", "too many active videos"),
    Trouble.NO_BALANCE: (402, "insufficient_quota", "the budget of this key is used up"),
    Trouble.NOT_READY: (409, "video_not_ready", "the video is not ready yet"),
    Trouble.FAILED: (409, "video_not_ready", "the video has failed"),
    Trouble.NO_FILE: (410, "content_expired", "the file of this video has been deleted"),
    Trouble.FINISHED: (409, "already_finished", "the video is finished already"),
    Trouble.INTERNAL: (500, "internal_error", "an error of ours"),
    Trouble.UNAVAILABLE: (503, "database_unavailable", "the database cannot be reached"),
}
_FILMGATE_TYPES = {401: "authentication_error", 402: "insufficient_quota", 403: "permission_error"}


def _openai_error(status: int, code: str | None, message: str, param: str) -> Any:
    kind = "rate_limit_error" if status == 429 else "server_error" if status >= 500 else "invalid_request_error"
    kind = code if code == "insufficient_quota" else kind
    return {"error": {"message": message, "type": kind, "param": param or None, "code": code}}


def _filmgate_error(status: int, code: str | None, message: str, param: str) -> Any:
    said = _openai_error(status, code, message, param)
    said["error"]["type"] = _FILMGATE_TYPES.get(status, said["error"]["type"])
    return said


def _detail(status: int, _code: str | None, message: str, param: str) -> Any:
    """As FastAPI words what it refuses."""
    if status == 422 and param:
        return {"detail": [{"type": "value_error", "loc": ["body", param], "msg": message}]}
    return {"detail": message}


def _new_api_error(status: int, code: str | None, message: str, _param: str) -> Any:
    """Its relay words errors as OpenAI does, its tasks in a way of their own."""
    if code is not None and status != 429:
        return {"code": code, "message": message, "data": None}
    return {"error": {"message": message, "type": "new_api_error"}}


def _openai_video(simulation: Simulation, task: Task, _request: Request) -> dict[str, Any]:
    stage, data = simulation.stage(task), task.data
    done = stage is Stage.SUCCEEDED
    words = {Stage.QUEUED: "queued", Stage.RUNNING: "in_progress", Stage.SUCCEEDED: "completed"}
    return {
        "id": task.id,
        "object": "video",
        "model": task.model,
        "status": words.get(stage, "failed"),
        "progress": 100 if done else simulation.progress_percent(task),
        "created_at": int(task.created_at),
        "completed_at": int(task.ends_at) if done else None,
        "expires_at": int(task.ends_at + simulation.link_seconds) if done else None,
        "prompt": data["prompt"],
        "size": data["size"],
        "seconds": data["seconds"],
        "remixed_from_video_id": None,
        "error": _error(task) if words.get(stage) is None else None,
    }


def _error(task: Task) -> dict[str, Any]:
    if task.moderated:
        return {"code": "moderation_blocked", "message": "Your request was blocked by our moderation system."}
    return {"code": "server_error", "message": "The video could not be generated."}


def _vllm_video(simulation: Simulation, task: Task, request: Request) -> dict[str, Any]:
    video = _openai_video(simulation, task, request)
    done = simulation.stage(task) is Stage.SUCCEEDED
    failed = video["error"] is not None
    return video | {
        "progress": 100 if done else 0,
        "expires_at": None,
        "quality": "default",
        "media_type": "video/mp4",
        "file_name": f"{task.id}.mp4" if done else None,
        "inference_time_s": simulation.run_seconds if done else None,
        "stage_durations": {},
        "peak_memory_mb": 40960.0 if done else None,
        "action": None,
        "error": {"code": 500, "message": "CUDA out of memory"} if failed else None,
    }


def _sglang_video(simulation: Simulation, task: Task, request: Request) -> dict[str, Any]:
    video = _openai_video(simulation, task, request)
    done = simulation.stage(task) is Stage.SUCCEEDED
    paths = [f"/srv/outputs/{task.id}_{number}.mp4" for number in range(task.data["n"])] if done else []
    del video["prompt"]
    return video | {
        "status": "queued" if video["status"] == "in_progress" else video["status"],
        "progress": 100 if done else 0,
        "size": video["size"] or "",
        "quality": "standard",
        "url": None,
        "file_path": paths[0] if paths else None,
        "file_paths": paths,
        "num_outputs": task.data["n"],
        "peak_memory_mb": 40960.0 if done else None,
        "inference_time_s": simulation.run_seconds if done else None,
        "action": None,
        "error": {"message": "CUDA out of memory"} if video["error"] else None,
    }


def _new_api_video(simulation: Simulation, task: Task, request: Request) -> dict[str, Any]:
    video = _openai_video(simulation, task, request)
    del video["prompt"]
    video["task_id"] = task.id
    if simulation.stage(task) is Stage.SUCCEEDED and not task.without_file:
        # A link to this server itself, which asks for the key.
        video["metadata"] = {"url": f"{request.base_url}v1/videos/{task.id}/content"}
    return video


def _litellm_video(simulation: Simulation, task: Task, request: Request) -> dict[str, Any]:
    video = _openai_video(simulation, task, request)
    del video["prompt"]
    return video | {"usage": {"duration_seconds": task.data["duration_seconds"]}}


def _filmgate_video(simulation: Simulation, task: Task, request: Request) -> dict[str, Any]:
    stage, data = simulation.stage(task), task.data
    video = _openai_video(simulation, task, request)
    codes = {Stage.FAILED: "content_policy_violation" if task.moderated else "provider_failed"}
    if video["error"] is not None:
        video["error"]["code"] = codes.get(stage, "cancelled")
    links: dict[str, Any] = {}
    if stage is Stage.SUCCEEDED and not task.without_file:
        urls = [simulation.file_url(request, task, f"output-{number}.mp4") for number in range(data["n"])]
        links = {"url": urls[0], "urls": urls}
    facts: dict[str, Any] = {
        "livemode": True,
        "provider": "simulated",
        "upstream_model": task.model,
        "seed": data["seed"],
        "fps": data["fps"],
        "width": data["width_px"],
        "height": data["height_px"],
        "duration_seconds": data["duration_seconds"],
        "has_audio": data["audio"],
        "adjustments": [],
        "warnings": [],
        "attempts": [],
    }
    return video | {"metadata": {**data["metadata"], **links, "filmgate": facts}}


def _hexadecimal(prefix: str, digits: int) -> Callable[[random.Random, str], str]:
    return lambda source, _model: f"{prefix}{source.getrandbits(4 * digits):0{digits}x}"


def _litellm_id(source: random.Random, model: str) -> str:
    """Names where the video lies, so that the proxy need not remember it."""
    inner = f"litellm:custom_llm_provider:openai;model_id:{model};video_id:video_{source.getrandbits(192):048x}"
    return "video_" + base64.b64encode(inner.encode()).decode()


_OPENAI = Dialect(
    read_openai, _hexadecimal("video_", 48), _openai_video, _OPENAI_WORDS, _openai_error, variants=Variants.NAMED
)
DIALECTS: Mapping[str, Dialect] = {
    "openai": _OPENAI,
    "azure": Dialect(
        read_azure, _OPENAI.new_id, _openai_video, _OPENAI_WORDS, _openai_error,
        places=("/openai/v1/videos",), key_headers=("api-key", "authorization"), variants=Variants.NAMED,
    ),
    "vllm-omni": Dialect(
        read_vllm, _hexadecimal("video_gen_", 32), _vllm_video, _VLLM_WORDS, _detail,
        needs_key=False, deletes=Deletes.STOPS_OR_CONFLICTS, failed_status=500, faults=_SELF_HOSTED,
    ),
    "sglang": Dialect(
        read_sglang, _hexadecimal("", 32), _sglang_video, _SGLANG_WORDS, _detail,
        key_headers=(), needs_key=False, deletes=Deletes.FORGETS, pages=False, variants=Variants.NUMBERED,
        faults=_SELF_HOSTED - {Fault.UNAUTHORISED, Fault.POLL_401, Fault.UNKNOWN_MODEL},
    ),
    "new-api": Dialect(
        read_new_api, _hexadecimal("task_", 32), _new_api_video, _NEW_API_WORDS, _new_api_error,
        deletes=Deletes.NEVER, lists=False,
    ),
    "litellm": Dialect(
        read_litellm, _litellm_id, _litellm_video, _OPENAI_WORDS, _openai_error,
        places=("/v1/videos", "/videos"), key_headers=("x-litellm-api-key", "authorization"), deletes=Deletes.NEVER,
    ),
    "filmgate": Dialect(
        read_filmgate, _hexadecimal("video_", 26), _filmgate_video, _FILMGATE_WORDS, _filmgate_error,
        deletes=Deletes.STOPS, cancels=True, variants=Variants.NAMED, idempotent=True, paces=True,
        faults=_HOSTED | {Fault.TOO_MANY_TASKS},
    ),
}  # fmt: skip


def say(dialect: Dialect, refusal: Refusal) -> tuple[int, Any]:
    """Status and body of a refusal. One whose code is no `Trouble` is a bad request with just that code."""
    status, code, words = 400, str(refusal.code), ""
    if isinstance(refusal.code, Trouble):
        status, code, words = dialect.words[refusal.code]
    return status, dialect.envelope(status, code, refusal.message or words, refusal.param)
