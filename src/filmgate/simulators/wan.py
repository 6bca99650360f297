"""Alibaba's Model Studio (DashScope) with its Wan models, in three dialects on one task API.

Written from Alibaba's documents as compiled on 2026-11-22: alibabacloud.com/help/model-studio and the official Python
SDK. `Simulation.keys`: api_key; one of another region is as unknown as a wrong one. Models whose input is not
documented enough are missing (wan2.2-s2v, wan2.2-animate-*, wanx2.1-vace-plus), and there is no upload: any oss:// URL
will do. What the documents leave open: a result's link is signed once, so a dead one stays dead.
"""

from __future__ import annotations

import math
import uuid
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from filmgate.simulators.faults import Fault
from filmgate.simulators.fields import Fields
from filmgate.simulators.forms import json_object
from filmgate.simulators.kit import (
    Refusal,
    Simulation,
    Stage,
    Task,
    json_answer,
    simulator_app,
    strike,
    strike_created,
    strike_poll,
    strike_submit,
    wrong_types,
)
from filmgate.simulators.wan_requests import BAD_PARAMETER, NO_MODEL, Order, read_request

# No progress is reported, and nobody is called back.
FAULTS = frozenset(Fault) - {
    Fault.PROGRESS_BACK,
    Fault.CALLBACK_DUPLICATE,
    Fault.CALLBACK_LATE,
    Fault.CALLBACK_FORGED,
}

# Code: the HTTP status and the usual message.
_ERRORS: dict[int | str, tuple[int, str]] = {
    "Arrearage": (400, "Access denied, please make sure your account is in good standing."),
    "DataInspectionFailed": (400, "Input data may contain inappropriate content."),
    "InternalError": (500, "An internal error has occured, please try again later."),
    "InternalError.Timeout": (504, "An internal timeout error has occured during execution."),
    "InvalidApiKey": (401, "Invalid API-key provided."),
    "InvalidImage.FileFormat": (400, "The image format is not supported."),
    "InvalidImage.FileSize": (400, "The image is too large."),
    "InvalidImage.Resolution": (400, "The image resolution is not supported."),
    "InvalidParameter": (400, "Required parameter(s) missing or invalid, please check the request parameters."),
    "InvalidParameter.DataInspection": (400, "Unable to download the media resource during the data inspection."),
    "InvalidURL": (400, "The URL is invalid."),
    "ModelNotFound": (404, "Model not exist."),
    "ModelServingError": (503, "The model serving is temporarily unavailable."),
    "Throttling.AllocationQuota": (429, "Allocated quota exceeded, please increase your quota limit."),
    "Throttling.RateQuota": (429, "Requests rate limit exceeded, please try again later."),
    "UnsupportedOperation": (400, "Failed to cancel the task, please confirm if the task is in PENDING status."),
}
_SUBMIT_FAULTS = {
    Fault.RATE_LIMITED: "Throttling.RateQuota",
    Fault.TOO_MANY_TASKS: "Throttling.AllocationQuota",
    Fault.OUT_OF_BALANCE: "Arrearage",
    Fault.MODERATED_SUBMIT: "DataInspectionFailed",
    Fault.REFUSED_SUBMIT: BAD_PARAMETER,
    Fault.UNKNOWN_MODEL: NO_MODEL,
    Fault.SUBMIT_500: "InternalError",
    Fault.SUBMIT_503: "ModelServingError",
}
_POLL_FAULTS = {
    Fault.POLL_401: "InvalidApiKey",
    Fault.POLL_429: "Throttling.RateQuota",
    Fault.POLL_500: "InternalError",
    Fault.POLL_503: "ModelServingError",
    Fault.POLL_504: "InternalError.Timeout",
}
_STATUSES = {
    Stage.QUEUED: "PENDING",
    Stage.RUNNING: "RUNNING",
    Stage.SUCCEEDED: "SUCCEEDED",
    Stage.FAILED: "FAILED",
    Stage.CANCELLED: "CANCELED",
}
_MOST_BODY_BYTES = 64 << 20
_DAY_SECONDS = 24 * 3600
_CHINA = timezone(timedelta(hours=8))


def wan_simulator(simulation: Simulation) -> ASGIApp:
    wan = _Wan(simulation)
    aigc = "/api/v1/services/aigc/{path}/video-synthesis"
    routes = [
        *(Route(aigc.format(path=path), wan.create, methods=["POST"]) for path in ("video-generation", "image2video")),
        Route("/api/v1/tasks/", wan.list_tasks, methods=["GET"]),
        Route("/api/v1/tasks/{id}", wan.poll, methods=["GET"]),
        Route("/api/v1/tasks/{id}/cancel", wan.cancel, methods=["POST"]),
    ]
    return simulator_app(simulation, routes, wan.word)


class _Wan:
    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    def word(self, _request: Request, refusal: Refusal) -> Response:
        status, message = _ERRORS[refusal.code]
        body = {"code": refusal.code, "message": refusal.message or message, "request_id": self._uuid()}
        return json_answer(body, status)

    async def create(self, request: Request) -> Response:
        simulation = self._simulation
        self._check_key(request)
        simulation.books.submissions += 1
        if (trouble := strike_submit(simulation, request)) is not None:
            return trouble
        if request.headers.get("x-dashscope-async") != "enable":
            raise Refusal(BAD_PARAMETER, "current user api does not support synchronous calls.")
        if len(await request.body()) > _MOST_BODY_BYTES:
            return PlainTextResponse("Request Entity Too Large", 413)
        body = await json_object(request)
        if body is None:
            raise Refusal(BAD_PARAMETER, "the body must be a JSON object")
        order = read_request(request.url.path.split("/")[5], body)
        if order.needs_oss and request.headers.get("x-dashscope-ossresourceresolve") != "enable":
            raise Refusal("InvalidParameter.DataInspection")
        strike(simulation, _SUBMIT_FAULTS)
        task = self._enter(request, order, body)
        if simulation.strikes(Fault.SUBMIT_504):
            raise Refusal("InternalError.Timeout")
        output = {"task_status": "PENDING"}
        if not simulation.strikes(Fault.SUBMIT_WITHOUT_ID):
            output["task_id"] = task.id
        answer = json_answer({"output": output, "request_id": task.data["request_id"]})
        return strike_created(simulation, request, answer)

    def _enter(self, request: Request, order: Order, body: dict[str, Any]) -> Task:
        task = self._simulation.create(self._uuid(), order.model, body)
        task.data = {
            "order": order,
            "request_id": self._uuid(),
            "service": request.url.path.split("/")[5],
            "width_px": order.width_px,
            "height_px": order.height_px,
            "duration_seconds": order.duration_seconds,
            "audio": order.audio,
        }
        return task

    async def poll(self, request: Request) -> Response:
        if (trouble := self._begin_poll(request)) is not None:
            return trouble
        self._simulation.books.queried += 1
        task_id = request.path_params["id"]
        task = self._simulation.find(task_id)
        if task is None or self._simulation.now() > _forgotten_at(task):
            unknown = {"task_id": task_id, "task_status": "UNKNOWN"}
            return self._told({"request_id": self._uuid(), "output": unknown})
        stage = self._simulation.stage(task)
        body: dict[str, Any] = {"request_id": self._uuid(), "output": self._output(request, task, stage)}
        if stage is Stage.SUCCEEDED:
            body["usage"] = _usage(task.data["order"])
        if self._simulation.strikes(Fault.UNKNOWN_STATUS):
            body["output"]["task_status"] = "SUSPENDED"
        return self._told(body)

    def _output(self, request: Request, task: Task, stage: Stage) -> dict[str, Any]:
        order: Order = task.data["order"]
        output = {"task_id": task.id, "task_status": _STATUSES[stage], "submit_time": _china_time(task.created_at)}
        if stage in (Stage.QUEUED, Stage.CANCELLED):
            return output
        output["scheduled_time"] = _china_time(task.runs_at)
        if stage is Stage.RUNNING:
            return output
        output["end_time"] = _china_time(task.ends_at)
        if stage is Stage.FAILED:
            if task.moderated:
                reason = {"code": "DataInspectionFailed", "message": "Output data may contain inappropriate content."}
            else:
                reason = {"code": "InternalError", "message": _ERRORS["InternalError"][1]}
            return {**output, **reason}
        output["orig_prompt"] = order.prompt
        if order.extends_prompt:
            output["actual_prompt"] = f"{order.prompt} In fine detail, with soft light."
        if not task.without_file:
            if "video_url" not in task.data:
                expires_at = task.ends_at + self._simulation.link_seconds
                task.data["video_url"] = self._simulation.file_url(request, task, expires_at=expires_at)
            output["video_url"] = task.data["video_url"]
        return output

    async def list_tasks(self, request: Request) -> Response:
        if (trouble := self._begin_poll(request)) is not None:
            return trouble
        fields = Fields(dict(request.query_params), BAD_PARAMETER)
        page, size = fields.decimal("page_no", range(1, 10**6), 1), fields.decimal("page_size", range(1, 101), 10)
        now = self._simulation.now()
        end = _moment(fields, "end_time", now)
        start = _moment(fields, "start_time", end - _DAY_SECONDS)
        if end - start > _DAY_SECONDS:
            raise fields.wrong("start_time", "is more than 24 hours before end_time")
        wanted = {name: fields.text(name) for name in ("model_name", "status", "region", "api_key_id")}
        fields.close()
        rows = [
            row
            for task in reversed(self._simulation.books.tasks.values())
            if start <= task.created_at <= end and now <= _forgotten_at(task)
            for row in [self._row(request, task)]
            if all(value in (None, row[name]) for name, value in wanted.items())
        ]
        body = {
            "request_id": self._uuid(),
            "data": rows[(page - 1) * size : page * size],
            "total": len(rows),
            "total_page": math.ceil(len(rows) / size),
            "page_no": page,
            "page_size": size,
        }
        return self._told(body)

    def _row(self, request: Request, task: Task) -> dict[str, Any]:
        stage = self._simulation.stage(task)
        row: dict[str, Any] = {
            "api_key_id": "1",
            "caller_parent_id": "1000000000000001",
            "caller_uid": "1000000000000001",
            "gmt_create": int(task.created_at * 1000),
            "model_name": task.model,
            "region": _region(request),
            "request_id": task.data["request_id"],
            "status": _STATUSES[stage],
            "task_id": task.id,
            "user_api_unique_key": f"apikey:v1:aigc:{task.data['service']}:video-synthesis:{task.model}",
        }
        if stage not in (Stage.QUEUED, Stage.CANCELLED):
            row["start_time"] = int(task.runs_at * 1000)
        if stage in (Stage.SUCCEEDED, Stage.FAILED):
            row["end_time"] = int(task.ends_at * 1000)
        return row

    async def cancel(self, request: Request) -> Response:
        self._check_key(request)
        self._simulation.books.cancels += 1
        task = self._simulation.find(request.path_params["id"])
        if task is None or self._simulation.stage(task) is not Stage.QUEUED:
            raise Refusal("UnsupportedOperation")
        task.cancelled_at = self._simulation.now()
        return json_answer({"request_id": self._uuid()})

    def _begin_poll(self, request: Request) -> Response | None:
        self._check_key(request)
        self._simulation.books.polls += 1
        strike(self._simulation, _POLL_FAULTS)
        return strike_poll(self._simulation, request)

    def _told(self, body: dict[str, Any]) -> Response:
        if self._simulation.strikes(Fault.NULL_OBJECT):
            body = {**body, ("output" if "output" in body else "data"): None}
        strange = wrong_types(body)  # the same where there is not a number in it
        return json_answer(strange if strange != body and self._simulation.strikes(Fault.WRONG_TYPES) else body)

    def _check_key(self, request: Request) -> None:
        wanted = f"Bearer {self._simulation.keys['api_key']}"
        if request.headers.get("authorization") != wanted or self._simulation.strikes(Fault.UNAUTHORISED):
            self._simulation.books.unauthorised += 1
            raise Refusal("InvalidApiKey")

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self._simulation.random.getrandbits(128), version=4))


def _usage(order: Order) -> dict[str, Any]:
    size = f"{order.width_px}*{order.height_px}"
    common: dict[str, Any] = {"video_count": 1, "SR": int(order.tier.removesuffix("P"))}
    if order.older:
        return {**common, "video_duration": order.duration_seconds, "size": size}
    seconds = {
        "duration": order.duration_seconds + order.input_seconds,
        "output_video_duration": order.duration_seconds,
        "input_video_duration": order.input_seconds,
    }
    shape = {"size": size} if order.ratio is None else {"video_ratio": order.ratio}
    return {**common, **seconds, **shape, "audio": order.audio}


def _forgotten_at(task: Task) -> float:
    if task.cancelled_at is not None:
        return task.cancelled_at + _DAY_SECONDS
    return (task.created_at if task.stuck else task.ends_at) + _DAY_SECONDS


def _china_time(moment: float) -> str:
    return datetime.fromtimestamp(moment, _CHINA).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def _moment(fields: Fields, name: str, default: float) -> float:
    text = fields.text(name)
    if text is None:
        return default
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=_CHINA).astimezone(UTC).timestamp()
    except ValueError:
        raise fields.wrong(name, f"is {text!r}, must be YYYYMMDDhhmmss") from None


def _region(request: Request) -> str:
    """Of the host: {workspace}.{region}.maas.aliyuncs.com, or one of the older names."""
    host = request.url.hostname or ""
    if ".maas." in host:
        return host.split(".")[1]
    return {"dashscope-intl": "ap-southeast-1", "dashscope-us": "us-east-1"}.get(host.split(".")[0], "cn-beijing")
