"""Seedance on Volcengine Ark and BytePlus ModelArk: `/api/v3/contents/generations/tasks`.

`keys`: api_key, and service ("volcengine" or "byteplus"; both model lists where it is not said). In `task.data`:
`billed_seconds`, and `text_flags`, those that a 1.x model took from the prompt.

Source: the vendors' references to create, query, list and delete such tasks (docs.byteplus.com/en/docs/modelark), in
copies of 2026-04 to 2026-10. What a refused DELETE and an unknown task are called is not in them.
"""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from filmgate.simulators.faults import Fault
from filmgate.simulators.forms import json_object
from filmgate.simulators.kit import (
    Callbacks,
    Refusal,
    Simulation,
    Stage,
    Task,
    html_page,
    json_answer,
    simulator_app,
    strike,
    strike_created,
    strike_poll,
    strike_submit,
    wrong_types,
)
from filmgate.simulators.seedance_requests import read_request

_TASKS = "/api/v3/contents/generations/tasks"
FAULTS = frozenset(Fault) - {Fault.PROGRESS_BACK}  # Seedance reports no progress

_SUBMIT_FAULTS = {
    Fault.SUBMIT_500: "InternalServiceError",
    Fault.RATE_LIMITED: "RateLimitExceeded.EndpointRPMExceeded",
    Fault.TOO_MANY_TASKS: "QuotaExceeded",
    Fault.OUT_OF_BALANCE: "AccountOverdueError",
    Fault.MODERATED_SUBMIT: "InputTextSensitiveContentDetected",
    Fault.REFUSED_SUBMIT: "InvalidParameter.TaskTypeConstraint",
    Fault.UNKNOWN_MODEL: "ModelNotOpen",
}
_POLL_FAULTS = {
    Fault.POLL_401: "AuthenticationError",
    Fault.POLL_429: "RateLimitExceeded.EndpointRPMExceeded",
    Fault.POLL_500: "InternalServiceError",
}
# HTTP status and words for each code.
_ERRORS = {
    "MissingParameter": (400, "The request failed because it is missing a required parameter"),
    "InvalidParameter": (400, "A parameter specified in the request is not valid"),
    "InvalidParameter.TaskTypeConstraint": (400, "The parameters do not fit the type of the task"),
    "InputTextSensitiveContentDetected": (400, "The input text may contain sensitive information"),
    "AuthenticationError": (401, "The API key in the request is missing or invalid"),
    "AccountOverdueError": (403, "The account has an overdue balance"),
    "InvalidEndpoint.NotFound": (404, "The model or endpoint does not exist or you do not have access to it"),
    "ModelNotOpen": (404, "Your account has not activated the model. Please activate it in the console"),
    "task_not_found": (404, "The task does not exist"),
    "InvalidAction": (409, "The task cannot be deleted in its present status"),
    "RateLimitExceeded.EndpointRPMExceeded": (429, "The requests per minute limit of the endpoint is exceeded"),
    "QuotaExceeded": (429, "The quota is exceeded: too many tasks wait in the queue"),
    "InternalServiceError": (500, "The service encountered an unexpected internal error"),
}
_KINDS = {400: "BadRequest", 401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 409: "Conflict"}
_KEPT_SECONDS = 7 * 24 * 3600


def seedance_simulator(simulation: Simulation) -> ASGIApp:
    seedance = _Seedance(simulation)
    routes = [
        Route(_TASKS, seedance.create, methods=["POST"]),
        Route(_TASKS, seedance.list_tasks, methods=["GET"]),
        Route(_TASKS + "/{id}", seedance.read, methods=["GET"]),
        Route(_TASKS + "/{id}", seedance.delete, methods=["DELETE"]),
    ]
    return simulator_app(simulation, routes, seedance.word)


class _Seedance:
    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    def word(self, _request: Request, refusal: Refusal) -> Response:
        status, words = _ERRORS[str(refusal.code)]
        error = {
            "code": refusal.code,
            "message": f"{refusal.message or words}. Request id: {self._simulation.random.getrandbits(80):020x}",
            "param": refusal.param,
            "type": _KINDS.get(status, "TooManyRequests" if status == 429 else "InternalServerError"),
        }
        return json_answer({"error": error}, status)

    async def create(self, request: Request) -> Response:
        simulation = self._simulation
        self._check_key(request)
        simulation.books.submissions += 1
        trouble = strike_submit(simulation, request)
        if trouble is not None:
            return trouble
        body = await json_object(request)
        if body is None:
            raise Refusal("InvalidParameter", "The request body is no JSON object")
        data = read_request(body, simulation.keys.get("service"))
        strike(simulation, _SUBMIT_FAULTS)
        if simulation.strikes(Fault.SUBMIT_503):
            return html_page(503)
        task = self._enter(request, body, data)
        if simulation.strikes(Fault.SUBMIT_504):
            return html_page(504)
        said = {} if simulation.strikes(Fault.SUBMIT_WITHOUT_ID) else {"id": task.id}
        return strike_created(simulation, request, json_answer(said))

    def _enter(self, request: Request, body: dict[str, Any], data: dict[str, Any]) -> Task:
        simulation = self._simulation
        created = datetime.fromtimestamp(simulation.now(), UTC)
        task_id = f"cgt-{created:%Y%m%d%H%M%S}-{simulation.random.getrandbits(25):05x}"
        task = simulation.create(task_id, body["model"], body)
        task.data = data
        if data["seed"] == -1:
            data["seed"] = simulation.random.getrandbits(31)
        if task.stuck:
            # A task that waits for too long is given up.
            task.stuck, task.broken, task.ends_at = False, True, task.created_at + data["execution_expires_after"]
            data["expired"] = True

        def tell(stage: Stage) -> bytes | None:
            # A cancelled task is not among those that are told of.
            return None if stage is Stage.CANCELLED else json.dumps(self._record(request, task, stage)).encode()

        if body.get("callback_url") is not None:
            task.callbacks = Callbacks(body["callback_url"], tell, lambda _payload: {})
        return task

    async def read(self, request: Request) -> Response:
        trouble = self._begin_poll(request)
        if trouble is not None:
            return trouble
        self._simulation.books.queried += 1
        task = self._find(request)
        return json_answer(self._spoiled(self._record(request, task, self._simulation.stage(task))))

    async def list_tasks(self, request: Request) -> Response:
        """The newest first."""
        trouble = self._begin_poll(request)
        if trouble is not None:
            return trouble
        query = request.query_params
        number, size = _page_number(query.get("page_num", "1")), _page_number(query.get("page_size", "10"))
        records = [
            self._record(request, task, self._simulation.stage(task))
            for task in reversed(self._simulation.books.tasks.values())
            if self._is_kept(task)
        ]
        wanted = {name: query.getlist(f"filter.{name}") for name in ("status", "model", "service_tier")}
        wanted["id"] = query.getlist("filter.task_ids")
        found = [
            record for record in records if all(record[name] in values for name, values in wanted.items() if values)
        ]
        shown = found[(number - 1) * size : number * size]
        self._simulation.books.queried += len(shown)
        return json_answer({"items": [self._spoiled(record) for record in shown], "total": len(found)})

    async def delete(self, request: Request) -> Response:
        """Cancels what is queued, and erases the record of what is finished."""
        self._check_key(request)
        self._simulation.books.cancels += 1
        task = self._find(request)
        stage = self._simulation.stage(task)
        if stage in (Stage.RUNNING, Stage.CANCELLED):
            raise Refusal("InvalidAction", f"The task is {stage} and cannot be deleted")
        if stage is Stage.QUEUED:
            task.cancelled_at = self._simulation.now()
        else:
            task.erased = True
        return json_answer({})

    def _check_key(self, request: Request) -> None:
        given = request.headers.get("authorization", "").encode()
        right = hmac.compare_digest(given, f"Bearer {self._simulation.keys['api_key']}".encode())
        if not right or self._simulation.strikes(Fault.UNAUTHORISED):
            self._simulation.books.unauthorised += 1
            raise Refusal("AuthenticationError")

    def _begin_poll(self, request: Request) -> Response | None:
        self._check_key(request)
        self._simulation.books.polls += 1
        trouble = strike_poll(self._simulation, request)
        if trouble is not None:
            return trouble
        strike(self._simulation, _POLL_FAULTS)
        for fault, status in ((Fault.POLL_503, 503), (Fault.POLL_504, 504)):
            if self._simulation.strikes(fault):
                return html_page(status)
        return None

    def _find(self, request: Request) -> Task:
        task = self._simulation.find(request.path_params["id"])
        if task is None or not self._is_kept(task):
            raise Refusal("task_not_found")
        return task

    def _is_kept(self, task: Task) -> bool:
        return not task.erased and self._simulation.now() - task.created_at < _KEPT_SECONDS

    def _record(self, request: Request, task: Task, stage: Stage) -> dict[str, Any]:
        """The task as it is told at `stage`."""
        data = task.data
        expired = stage is Stage.FAILED and data.get("expired", False)
        moved = {Stage.QUEUED: task.created_at, Stage.RUNNING: task.runs_at, Stage.CANCELLED: task.cancelled_at}
        record: dict[str, Any] = {
            "id": task.id,
            "model": task.model,
            "status": "expired" if expired else stage.value,
            "created_at": int(task.created_at),
            "updated_at": int(moved.get(stage) or task.ends_at),
            "service_tier": data["service_tier"],
            "execution_expires_after": data["execution_expires_after"],
        }
        if stage is Stage.RUNNING:
            record["error"] = None
        elif stage is Stage.FAILED and not expired:
            record["error"] = _task_error(task)
        elif stage is Stage.SUCCEEDED:
            record |= self._result(request, task)
        return record

    def _result(self, request: Request, task: Task) -> dict[str, Any]:
        data, expires_at = task.data, task.ends_at + self._simulation.link_seconds
        content: dict[str, str] = {}
        if not task.without_file:
            content["video_url"] = self._simulation.file_url(request, task, expires_at=expires_at)
        if data["return_last_frame"]:
            link = self._simulation.file_url(request, task, "last_frame.png", expires_at=expires_at)
            content["last_frame_url"] = link
        told = ["seed", "resolution", "ratio", "frames" if data["frames"] else "duration"]
        told += ["generate_audio", "draft"] if data["has_sound"] else []
        return {
            "content": content,
            "usage": {"completion_tokens": data["tokens"], "total_tokens": data["tokens"]},
            **{name: data[name] for name in told},
            "framespersecond": 24,
        }

    def _spoiled(self, record: dict[str, Any]) -> dict[str, Any]:
        if self._simulation.strikes(Fault.UNKNOWN_STATUS):
            record["status"] = "post_processing"
        if "content" in record and self._simulation.strikes(Fault.NULL_OBJECT):
            record["content"] = None
        return wrong_types(record) if self._simulation.strikes(Fault.WRONG_TYPES) else record


def _task_error(task: Task) -> dict[str, str]:
    if task.moderated:
        message = "The request failed because the output video may contain sensitive information"
        return {"code": "OutputVideoSensitiveContentDetected", "message": message}
    return {"code": "InternalServiceError", "message": _ERRORS["InternalServiceError"][1]}


def _page_number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 500:
        raise Refusal("InvalidParameter", f"page_num and page_size must be 1 to 500, got {text}")
    return int(text)
