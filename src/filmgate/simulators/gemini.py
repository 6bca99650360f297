"""Gemini Omni on the Interactions API of generativelanguage.googleapis.com; and Veo there, which has been shut down.

`keys`: api_key. In `task.data`: `tokens`, what is billed.

Source: ai.google.dev (docs/omni as of 2026-09-18, changelog and pricing of 2026-09-24, the Veo notices of 2026-06-30
and 2026-10-22) and the recorded exchanges of public adapters. Few of the Interactions facts are in more than one
source.
"""

from __future__ import annotations

import base64
import hmac
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from filmgate.simulators.faults import Fault
from filmgate.simulators.fields import Fields
from filmgate.simulators.forms import json_object
from filmgate.simulators.google import word_google
from filmgate.simulators.kit import (
    Refusal,
    Simulation,
    Stage,
    Task,
    clip_answer,
    clip_of,
    json_answer,
    simulator_app,
    strike,
    strike_created,
    strike_poll,
    strike_submit,
    wrong_types,
)
from filmgate.simulators.pictures import BadPicture, PictureRules, look_at

# No progress is told, nothing calls back, and there is no limit on interactions at once.
FAULTS = frozenset(Fault) - {
    Fault.TOO_MANY_TASKS,
    Fault.PROGRESS_BACK,
    Fault.CALLBACK_DUPLICATE,
    Fault.CALLBACK_LATE,
    Fault.CALLBACK_FORGED,
}

_SUBMIT_FAULTS = {
    Fault.SUBMIT_500: "INTERNAL",
    Fault.SUBMIT_503: "UNAVAILABLE",
    Fault.RATE_LIMITED: "RESOURCE_EXHAUSTED",
    Fault.REFUSED_SUBMIT: "invalid_request",
}
_POLL_FAULTS = {
    Fault.POLL_401: "UNAUTHENTICATED",
    Fault.POLL_429: "RESOURCE_EXHAUSTED",
    Fault.POLL_500: "INTERNAL",
    Fault.POLL_503: "UNAVAILABLE",
    Fault.POLL_504: "DEADLINE_EXCEEDED",
}
_NO_BALANCE = "You exceeded your current quota, please check your plan and billing details."
_BLOCKED = "The request was blocked because it violates the usage guidelines."
_REFUSAL_TEXT = "I can't create this video, since it would violate my safety guidelines. Can I help with another idea?"
_SECONDS = {"gemini-omni-1.1-flash": (3, 10), "gemini-omni-1.2-flash": (3, 15)}
_TASKS = ("text_to_video", "image_to_video", "reference_to_video", "edit", "extend")
_SIZES = {"360p": (640, 360), "720p": (1280, 720), "1080p": (1920, 1080), "4k": (3840, 2160)}
_TOKENS_A_SECOND = 5792  # at 720p; what other sizes take is not in the documents
_PICTURES = PictureRules(frozenset({"JPEG", "PNG", "WEBP"}), 20 * 1024 * 1024, data_uri=False, schemes=())
_STATUSES = {
    Stage.QUEUED: "queued",
    Stage.RUNNING: "in_progress",
    Stage.SUCCEEDED: "completed",
    Stage.FAILED: "failed",
    Stage.CANCELLED: "cancelled",
}


def gemini_simulator(simulation: Simulation) -> ASGIApp:
    gemini = _Gemini(simulation)
    interactions = "/v1beta/interactions"
    routes = [
        Route(interactions, gemini.submit, methods=["POST"]),
        Route(interactions + "/{id}", gemini.read, methods=["GET"]),
        Route(interactions + "/{id}/cancel", gemini.cancel, methods=["POST"]),
        Route("/v1beta/files/{id}:download", gemini.download, methods=["GET"]),
        Route("/v1beta/models/{model}:predictLongRunning", gemini.submit_veo, methods=["POST"]),
        Route("/{path:path}", gemini.nothing, methods=["GET", "POST", "PUT", "DELETE"]),
    ]
    return simulator_app(simulation, routes, _word)


def _word(request: Request, refusal: Refusal) -> Response:
    if refusal.code == "API_KEY_INVALID":
        info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": refusal.code, "domain": "googleapis.com"}
        message = "API key not valid. Please pass a valid API key."
        error = {"code": 400, "message": message, "status": "INVALID_ARGUMENT", "details": [info]}
        # The front end, which looks at the key, puts its errors into a list.
        return json_answer([{"error": error}], 400)
    if refusal.code == "invalid_request":
        message = refusal.message or "The request is invalid."
        return json_answer({"error": {"code": refusal.code, "message": message}}, 400)
    return word_google(request, refusal)


class _Gemini:
    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    async def nothing(self, request: Request) -> Response:
        self._check_key(request)
        raise Refusal("NOT_FOUND")

    async def submit_veo(self, request: Request) -> Response:
        self._check_key(request)
        raise _ended(request.path_params["model"])

    async def submit(self, request: Request) -> Response:
        simulation = self._simulation
        self._check_key(request)
        simulation.books.submissions += 1
        trouble = strike_submit(simulation, request)
        if trouble is not None:
            return trouble
        body = await json_object(request)
        if body is None:
            raise Refusal("invalid_request", "The body is no JSON object.")
        data = _read_request(body)
        strike(simulation, _SUBMIT_FAULTS)
        if simulation.strikes(Fault.UNKNOWN_MODEL):
            raise _ended(body["model"])
        if simulation.strikes(Fault.OUT_OF_BALANCE):
            raise Refusal("RESOURCE_EXHAUSTED", _NO_BALANCE)
        if simulation.strikes(Fault.MODERATED_SUBMIT):
            raise Refusal("invalid_request", _BLOCKED)
        task = simulation.create(f"v1_{simulation.random.getrandbits(160):040x}", body["model"], body)
        task.data = data | {"file": f"{simulation.random.getrandbits(60):012x}"}
        if not data["background"]:
            # Without `background` the answer comes when all is done. Here nothing waits, so it is done at once.
            task.runs_at = task.ends_at = task.created_at
        if simulation.strikes(Fault.SUBMIT_504):
            raise Refusal("DEADLINE_EXCEEDED")
        said = await self._interaction(request, task)
        if simulation.strikes(Fault.SUBMIT_WITHOUT_ID):
            del said["id"]
        return strike_created(simulation, request, json_answer(said))

    async def read(self, request: Request) -> Response:
        simulation = self._simulation
        self._check_key(request)
        simulation.books.polls += 1
        simulation.books.queried += 1
        strike(simulation, _POLL_FAULTS)
        trouble = strike_poll(simulation, request)
        if trouble is not None:
            return trouble
        said = await self._interaction(request, self._find(request))
        if simulation.strikes(Fault.UNKNOWN_STATUS):
            said["status"] = "post_processing"
        if "steps" in said and simulation.strikes(Fault.NULL_OBJECT):
            said["steps"][0]["content"] = None
        return json_answer(wrong_types(said) if simulation.strikes(Fault.WRONG_TYPES) else said)

    async def cancel(self, request: Request) -> Response:
        self._check_key(request)
        self._simulation.books.cancels += 1
        task = self._find(request)
        if self._simulation.stage(task) in (Stage.QUEUED, Stage.RUNNING):
            task.cancelled_at = self._simulation.now()
        return json_answer(await self._interaction(request, task))

    async def download(self, request: Request) -> Response:
        """A file that an interaction made; it needs the key, and `alt=media`."""
        self._check_key(request)
        self._simulation.books.downloads += 1
        tasks = self._simulation.books.tasks.values()
        task = next((one for one in tasks if one.data["file"] == request.path_params["id"]), None)
        if task is None or self._simulation.stage(task) is not Stage.SUCCEEDED:
            raise Refusal("NOT_FOUND")
        if self._simulation.now() > task.ends_at + 2 * 24 * 3600 or self._simulation.strikes(Fault.FILE_DEAD):
            raise Refusal("PERMISSION_DENIED", "You do not have permission to access the File or it may not exist.")
        if request.query_params.get("alt") != "media":
            return json_answer({"name": f"files/{task.data['file']}", "mimeType": "video/mp4", "state": "ACTIVE"})
        return await clip_answer(self._simulation, task)

    def _check_key(self, request: Request) -> None:
        given = request.headers.get("x-goog-api-key") or request.query_params.get("key", "")
        right = hmac.compare_digest(given.encode(), self._simulation.keys["api_key"].encode())
        if not right or self._simulation.strikes(Fault.UNAUTHORISED):
            self._simulation.books.unauthorised += 1
            raise Refusal("API_KEY_INVALID")

    def _find(self, request: Request) -> Task:
        task = self._simulation.find(request.path_params["id"])
        if task is None:
            raise Refusal("invalid_request", "Invalid interaction name")
        return task

    async def _interaction(self, request: Request, task: Task) -> dict[str, Any]:
        stage = self._simulation.stage(task)
        # Gemini says no to what it has moderated, and calls that an answer.
        is_answered = stage is Stage.SUCCEEDED or (stage is Stage.FAILED and task.moderated)
        changed = {Stage.QUEUED: task.created_at, Stage.RUNNING: task.runs_at}.get(stage, task.ends_at)
        said: dict[str, Any] = {
            "id": task.id,
            "object": "interaction",
            "model": task.model,
            "status": "completed" if is_answered else _STATUSES[stage],
            "created": _timestamp(task.created_at),
            "updated": _timestamp(task.cancelled_at or changed),
        }
        if stage is Stage.FAILED and not task.moderated:
            said["error"] = {"code": "internal", "message": "Internal error encountered."}
        if is_answered:
            made = task.data["tokens"] if stage is Stage.SUCCEEDED else 0
            said["steps"] = [{"type": "model_output", "content": await self._content(request, task)}]
            said["usage"] = {"total_output_tokens": made, "total_tokens": made}
        return said

    async def _content(self, request: Request, task: Task) -> list[dict[str, str]]:
        if task.moderated:
            return [{"type": "text", "text": _REFUSAL_TEXT}]
        if task.without_file:
            return []
        if task.data["delivery"] == "uri":
            place = {"uri": f"{request.base_url}v1beta/files/{task.data['file']}:download?alt=media"}
        else:
            place = {"data": base64.b64encode(await clip_of(self._simulation, task)).decode()}
        return [{"type": "video", "mime_type": "video/mp4", **place}]


def _read_request(body: dict[str, Any]) -> dict[str, Any]:
    """What the task notes: the clip's size and length, and what it costs. Raises Refusal."""
    fields = Fields(body, "invalid_request")
    model = fields.required_text("model")
    if model not in _SECONDS:
        raise _ended(model)
    images = _read_input(fields)
    video = fields.inside("response_format")
    video.choice("type", ("video",))
    wide, narrow = _SIZES[video.choice("resolution", tuple(_SIZES), "720p")]
    upright = video.choice("aspect_ratio", ("16:9", "9:16"), "16:9") == "9:16"
    delivery = video.choice("delivery", ("uri", "inline"), "inline")
    shortest, longest = _SECONDS[model]
    seconds = {f"{number}s": number for number in range(shortest, longest + 1)}
    duration_seconds = seconds[video.choice("duration", tuple(seconds), "8s")]
    video.close()
    settings = fields.inside("generation_config")
    settings.integer("seed", 0, 2**31 - 1)
    _read_task(settings.inside("video_config"), images)
    settings.close()
    fields.skip("labels", "store")
    background = fields.flag("background")
    fields.close()
    return {
        "width_px": narrow if upright else wide,
        "height_px": wide if upright else narrow,
        "duration_seconds": float(duration_seconds),
        "audio": True,
        "tokens": duration_seconds * _TOKENS_A_SECOND,
        "delivery": delivery,
        "background": background,
    }


def _read_input(fields: Fields) -> int:
    """A text, or a list of texts and images; the number of images."""
    if isinstance(fields.get("input"), str):
        fields.required_text("input")
        return 0
    parts = fields.items("input")
    if not parts:
        raise fields.wrong("input", "is required")
    images = 0
    for part in parts:
        if part.choice("type", ("text", "image")) == "text":
            part.required_text("text")
        else:
            images += 1
            part.choice("mime_type", ("image/jpeg", "image/png", "image/webp"))
            try:
                look_at(part.required_text("data"), _PICTURES)
            except BadPicture as error:
                raise part.wrong("data", error.message) from None
        part.close()
    return images


def _read_task(settings: Fields, images: int) -> None:
    """What the images are for; the model sees for itself where it is not said."""
    task = settings.choice("task", _TASKS, "text_to_video" if images == 0 else "image_to_video")
    settings.close()
    if task in ("edit", "extend"):
        raise settings.wrong("task", f"is {task}, which needs a video")
    if (task == "text_to_video") != (images == 0):
        raise settings.wrong("task", f"is {task}, which does not fit the {images} images of the input")


def _ended(model: str) -> Refusal:
    return Refusal("NOT_FOUND", f"models/{model} is no longer available, or was not found. Please use another model.")


def _timestamp(unix_seconds: float) -> str:
    return datetime.fromtimestamp(unix_seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
