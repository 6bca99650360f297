"""Veo on Vertex AI, with the token endpoint and the storage buckets that go with it, all on one host.

`keys`: those of `AccessTokens`; and project, the only one that may be used where it is said. In `task.data`: `samples`,
the clips that one operation makes, and `storage_uri`.

Source: cloud.google.com/vertex-ai/generative-ai/docs/model-reference/veo-video-generation and the page on responsible
AI for Veo, in copies of 2025-09 to 2026-10. What an unknown operation is answered is not in them.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from filmgate.simulators.faults import Fault
from filmgate.simulators.forms import json_object
from filmgate.simulators.google import AccessTokens, word_google
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
from filmgate.simulators.veo_requests import knows, no_model, read_request

# An operation has no status word and no progress, nothing calls back, and there is no limit on tasks at once.
FAULTS = frozenset(Fault) - {
    Fault.TOO_MANY_TASKS,
    Fault.UNKNOWN_STATUS,
    Fault.PROGRESS_BACK,
    Fault.CALLBACK_DUPLICATE,
    Fault.CALLBACK_LATE,
    Fault.CALLBACK_FORGED,
}

_SUBMIT_FAULTS = {
    Fault.SUBMIT_500: "INTERNAL",
    Fault.SUBMIT_503: "UNAVAILABLE",
    Fault.RATE_LIMITED: "RESOURCE_EXHAUSTED",
    Fault.OUT_OF_BALANCE: "FAILED_PRECONDITION",
    Fault.REFUSED_SUBMIT: "INVALID_ARGUMENT",
    Fault.UNKNOWN_MODEL: "NOT_FOUND",
}
_POLL_FAULTS = {
    Fault.POLL_401: "UNAUTHENTICATED",
    Fault.POLL_429: "RESOURCE_EXHAUSTED",
    Fault.POLL_500: "INTERNAL",
    Fault.POLL_503: "UNAVAILABLE",
    Fault.POLL_504: "DEADLINE_EXCEEDED",
}
_PROMPT_BLOCKED = (
    "The prompt could not be submitted. Your current safety filter threshold prohibited one or more words in this "
    "prompt. If you think this was an error, send feedback. Support codes: 89371032"
)
_IMAGE_BLOCKED = (
    "Veo could not generate videos because the input image violates Vertex AI's usage guidelines. If you think this "
    "was an error, send feedback. Support codes: 15236754"
)
_OUTPUT_BLOCKED = (
    "Veo could not generate 1 videos because the generated content violates Vertex AI's usage guidelines. Try "
    "rephrasing the prompt. Support codes: 58061214"
)
_RESPONSE_TYPE = "type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse"
_MODELS = "/v1/projects/{project}/locations/{location}/publishers/google/models"


def veo_simulator(simulation: Simulation) -> ASGIApp:
    tokens = AccessTokens(simulation)
    veo = _Veo(simulation, tokens)
    storage = _Storage(simulation, tokens)
    routes = [
        Route("/token", tokens.issue, methods=["POST"]),
        Route(_MODELS + "/{model}:predictLongRunning", veo.submit, methods=["POST"]),
        Route(_MODELS + "/{model}:fetchPredictOperation", veo.fetch, methods=["POST"]),
        Route("/v1/{path:path}", veo.nothing, methods=["GET", "POST", "PUT", "DELETE"]),
        Route("/storage/v1/b/{bucket}/o", storage.list_objects, methods=["GET"]),
        Route("/storage/v1/b/{bucket}/o/{object:path}", storage.read, methods=["GET"]),
        Route("/download/storage/v1/b/{bucket}/o/{object:path}", storage.download, methods=["GET"]),
        Route("/{bucket}/{object:path}", storage.download, methods=["GET"]),
    ]
    return simulator_app(simulation, routes, word_google)


class _Veo:
    def __init__(self, simulation: Simulation, tokens: AccessTokens) -> None:
        self._simulation = simulation
        self._tokens = tokens

    async def nothing(self, request: Request) -> Response:
        """Such as a GET of the operation, which is not how it is asked for."""
        self._tokens.check(request)
        raise Refusal("NOT_FOUND")

    async def submit(self, request: Request) -> Response:
        simulation = self._simulation
        parent = self._model_path(request)
        simulation.books.submissions += 1
        trouble = strike_submit(simulation, request)
        if trouble is not None:
            return trouble
        model = request.path_params["model"]
        if not knows(model):
            raise no_model(model)
        body = await json_object(request)
        if body is None:
            raise Refusal("INVALID_ARGUMENT", "Invalid JSON payload received.")
        data = read_request(body, model)
        strike(simulation, _SUBMIT_FAULTS)
        if simulation.strikes(Fault.MODERATED_SUBMIT):
            raise Refusal("INVALID_ARGUMENT", _IMAGE_BLOCKED if data["with_images"] else _PROMPT_BLOCKED)
        operation = uuid.UUID(int=simulation.random.getrandbits(128), version=4)
        task = simulation.create(f"{parent}/operations/{operation}", model, body)
        task.data = data | {"folder": simulation.random.getrandbits(62)}
        if simulation.strikes(Fault.SUBMIT_504):
            raise Refusal("DEADLINE_EXCEEDED")
        said = {} if simulation.strikes(Fault.SUBMIT_WITHOUT_ID) else {"name": task.id}
        return strike_created(simulation, request, json_answer(said))

    async def fetch(self, request: Request) -> Response:
        simulation = self._simulation
        parent = self._model_path(request)
        simulation.books.polls += 1
        simulation.books.queried += 1
        strike(simulation, _POLL_FAULTS)
        trouble = strike_poll(simulation, request)
        if trouble is not None:
            return trouble
        name = (await json_object(request) or {}).get("operationName")
        if not isinstance(name, str) or not name.startswith(f"{parent}/operations/"):
            raise Refusal("INVALID_ARGUMENT", "operationName must be an operation of this model")
        task = simulation.find(name)
        if task is None:
            raise Refusal("NOT_FOUND", f"The operation {name} is not found.")
        said = await self._operation(task)
        if "response" in said and simulation.strikes(Fault.NULL_OBJECT):
            said["response"] = None
        return json_answer(wrong_types(said) if simulation.strikes(Fault.WRONG_TYPES) else said)

    def _model_path(self, request: Request) -> str:
        """The resource name of the model; only with a token, and in a project of one's own."""
        self._tokens.check(request)
        parts = request.path_params
        if parts["project"] != self._simulation.keys.get("project", parts["project"]):
            message = f"Permission 'aiplatform.endpoints.predict' denied on project {parts['project']}."
            raise Refusal("PERMISSION_DENIED", message)
        return "projects/{project}/locations/{location}/publishers/google/models/{model}".format(**parts)

    async def _operation(self, task: Task) -> dict[str, Any]:
        stage = self._simulation.stage(task)
        if stage is Stage.FAILED and not task.moderated:
            return {"name": task.id, "done": True, "error": {"code": 13, "message": "Internal error encountered."}}
        if stage is Stage.FAILED and task.data["with_images"]:
            return {"name": task.id, "done": True, "error": {"code": 3, "message": _IMAGE_BLOCKED}}
        if stage not in (Stage.SUCCEEDED, Stage.FAILED):
            return {"name": task.id}
        response: dict[str, Any] = {"@type": _RESPONSE_TYPE, "raiMediaFilteredCount": 0}
        if task.moderated:
            # What is blocked is not an error: there are fewer clips, or none.
            response |= {"raiMediaFilteredCount": 1, "raiMediaFilteredReasons": [_OUTPUT_BLOCKED]}
        videos = [await self._video(task, sample) for sample in _samples(task)]
        return {"name": task.id, "done": True, "response": response | ({"videos": videos} if videos else {})}

    async def _video(self, task: Task, sample: int) -> dict[str, str]:
        if task.data["storage_uri"] is not None:
            return {"gcsUri": _gcs_uri(task, sample), "mimeType": "video/mp4"}
        clip = base64.b64encode(await clip_of(self._simulation, task)).decode()
        return {"bytesBase64Encoded": clip, "mimeType": "video/mp4"}


def _samples(task: Task) -> range:
    """The clips that a finished task has made."""
    if task.without_file or task.broken:
        return range(0)
    return range(task.data["samples"] - int(task.moderated))


def _gcs_uri(task: Task, sample: int) -> str:
    return f"{task.data['storage_uri'].rstrip('/')}/{task.data['folder']}/sample_{sample}.mp4"


@dataclass(frozen=True, slots=True)
class _Object:
    name: str
    task: Task


class _Storage:
    """Cloud Storage, as far as Veo fills it and its results are read."""

    def __init__(self, simulation: Simulation, tokens: AccessTokens) -> None:
        self._simulation = simulation
        self._tokens = tokens

    async def list_objects(self, request: Request) -> Response:
        self._tokens.check(request)
        bucket, prefix = request.path_params["bucket"], request.query_params.get("prefix", "")
        found = sorted((one for one in self._objects(bucket) if one.name.startswith(prefix)), key=lambda one: one.name)
        start, size = (
            request.query_params.get(name, default) for name, default in (("pageToken", "0"), ("maxResults", "1000"))
        )
        if not (start.isdecimal() and size.isdecimal() and int(size) > 0):
            raise Refusal("INVALID_ARGUMENT", "Invalid pageToken or maxResults")
        end = int(start) + int(size)
        page: dict[str, Any] = {"kind": "storage#objects"}
        if end < len(found):
            page["nextPageToken"] = str(end)
        shown = [await self._metadata(request, bucket, one) for one in found[int(start) : end]]
        return json_answer(page | ({"items": shown} if shown else {}))

    async def read(self, request: Request) -> Response:
        if request.query_params.get("alt") == "media":
            return await self.download(request)
        self._tokens.check(request)
        return json_answer(await self._metadata(request, request.path_params["bucket"], self._find(request)))

    async def download(self, request: Request) -> Response:
        self._tokens.check(request)
        self._simulation.books.downloads += 1
        found = self._find(request)
        if self._simulation.strikes(Fault.FILE_DEAD):
            raise _no_object(request)
        return await clip_answer(self._simulation, found.task)

    def _find(self, request: Request) -> _Object:
        bucket, name = request.path_params["bucket"], request.path_params["object"]
        found = next((one for one in self._objects(bucket) if one.name == name), None)
        if found is None:
            raise _no_object(request)
        return found

    def _objects(self, bucket: str) -> Iterator[_Object]:
        for task in self._simulation.books.tasks.values():
            finished = self._simulation.stage(task) in (Stage.SUCCEEDED, Stage.FAILED)
            if finished and task.data["storage_uri"] is not None:
                for sample in _samples(task):
                    place, _, name = _gcs_uri(task, sample).removeprefix("gs://").partition("/")
                    if place == bucket:
                        yield _Object(name, task)

    async def _metadata(self, request: Request, bucket: str, one: _Object) -> dict[str, Any]:
        made = datetime.fromtimestamp(one.task.ends_at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {
            "kind": "storage#object",
            "name": one.name,
            "bucket": bucket,
            "size": str(len(await clip_of(self._simulation, one.task))),
            "contentType": "video/mp4",
            "timeCreated": made,
            "updated": made,
            "mediaLink": f"{request.base_url}download/storage/v1/b/{bucket}/o/{one.name.replace('/', '%2F')}?alt=media",
        }


def _no_object(request: Request) -> Refusal:
    place = f"{request.path_params['bucket']}/{request.path_params['object']}"
    return Refusal("NOT_FOUND", f"No such object: {place}")
