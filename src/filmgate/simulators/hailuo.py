"""MiniMax, in both of its video APIs: Hailuo models under /v1, H3 models under /v2.

Written from MiniMax's documents as compiled on 2026-11-22: platform.minimax.io/docs, api-reference. `Simulation.keys`:
api_key; one of the other region's service is as unknown as a wrong one. What the documents leave open: errors of v1
come with HTTP status 200, but for an internal error (500) and an overload (503, without a base_resp); after a
callback URL has failed its challenge nothing is ever sent there.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from filmgate.core.lenient import at
from filmgate.simulators.faults import Fault
from filmgate.simulators.fields import Fields
from filmgate.simulators.forms import json_object
from filmgate.simulators.hailuo_requests import BAD_PARAMETERS, WITHDRAWN, Order, read_v1, read_v2
from filmgate.simulators.kit import (
    Callbacks,
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

FAULTS = frozenset(Fault) - {Fault.PROGRESS_BACK}  # MiniMax reports no progress

_OVERLOADED = "overloaded"
# Code: the message, and the HTTP status and type with which v2 says it.
_ERRORS: dict[int | str, tuple[str, int, str]] = {
    1000: ("internal error", 500, "server_error"),
    1001: ("timeout", 504, "server_error"),
    1002: ("rate limit, please retry later", 429, "rate_limit_error"),
    1004: (
        "login fail: Please carry the API secret key in the 'Authorization' field of the request header",
        401,
        "authorized_error",
    ),
    1008: ("insufficient balance", 402, "insufficient_balance_error"),
    1026: ("video description contains sensitive content", 422, "unprocessable_entity_error"),
    1041: ("conn limit, please retry later", 429, "rate_limit_error"),
    2013: ("invalid params", 400, "bad_request_error"),
    2049: ("invalid api key", 401, "authorized_error"),
    2061: ("your current plan does not support this model", 400, "bad_request_error"),
    _OVERLOADED: ("the service is overloaded", 529, "overloaded_error"),
    WITHDRAWN: ("not found", 404, "not_found_error"),
}
_SUBMIT_FAULTS = {
    Fault.RATE_LIMITED: 1002,
    Fault.TOO_MANY_TASKS: 1041,
    Fault.OUT_OF_BALANCE: 1008,
    Fault.MODERATED_SUBMIT: 1026,
    Fault.REFUSED_SUBMIT: 2013,
    Fault.UNKNOWN_MODEL: 2061,
    Fault.SUBMIT_500: 1000,
    Fault.SUBMIT_503: _OVERLOADED,
}
_POLL_FAULTS = {
    Fault.POLL_401: 1004,
    Fault.POLL_429: 1002,
    Fault.POLL_500: 1000,
    Fault.POLL_503: _OVERLOADED,
    Fault.POLL_504: 1001,
}
_FINE = {"status_code": 0, "status_msg": "success"}
_V2_STATUSES = {
    Stage.QUEUED: "queued",
    Stage.RUNNING: "running",
    Stage.SUCCEEDED: "succeeded",
    Stage.FAILED: "failed",
    Stage.CANCELLED: "cancelled",
}
_V1_CALLBACK_STATUSES = {Stage.RUNNING: "processing", Stage.SUCCEEDED: "success", Stage.FAILED: "failed"}
_CHALLENGE_SECONDS = 3.0
_V2_KEPT_SECONDS = 7 * 24 * 3600


def hailuo_simulator(simulation: Simulation) -> ASGIApp:
    hailuo = _Hailuo(simulation)
    routes = [
        Route("/v1/video_generation", hailuo.create_v1, methods=["POST"]),
        Route("/v1/query/video_generation", hailuo.poll_v1, methods=["GET"]),
        Route("/v1/files/retrieve", hailuo.retrieve_file, methods=["GET"]),
        Route("/v1/files/retrieve_content", hailuo.retrieve_content, methods=["GET"]),
        Route("/v1/files/delete", hailuo.delete_file, methods=["POST"]),
        Route("/v2/video_generation", hailuo.create_v2, methods=["POST"]),
        Route("/v2/video_generation/{id}", hailuo.delete_v2, methods=["DELETE"]),
        Route("/v2/query/video_generation", hailuo.list_v2, methods=["GET"]),
        Route("/v2/query/video_generation/{id}", hailuo.poll_v2, methods=["GET"]),
    ]
    return simulator_app(simulation, routes, hailuo.word)


class _Hailuo:
    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    def word(self, request: Request, refusal: Refusal) -> Response:
        text, status, kind = _ERRORS[refusal.code]
        message = f"{text}, {refusal.message}" if refusal.message else text
        if request.url.path.startswith("/v2/"):
            number = f" ({refusal.code})" if isinstance(refusal.code, int) else ""
            error = {"type": kind, "message": message + number, "http_code": str(status)}
            return json_answer({"type": "error", "error": error, "request_id": self._hex()}, status)
        if refusal.code in (_OVERLOADED, WITHDRAWN):
            return Response(message, 404 if refusal.code == WITHDRAWN else 503, media_type="text/plain")
        body: dict[str, Any] = {"base_resp": {"status_code": refusal.code, "status_msg": message}}
        if request.url.path == "/v1/video_generation":
            body = {"task_id": "", **body}
        if request.url.path == "/v1/query/video_generation":
            body = {"task_id": request.query_params.get("task_id", ""), "status": "", "file_id": "", **body}
        return json_answer(body, 500 if refusal.code == 1000 else 200)

    async def create_v1(self, request: Request) -> Response:
        return await self._create(request, v2=False, read=read_v1)

    async def create_v2(self, request: Request) -> Response:
        return await self._create(request, v2=True, read=read_v2)

    async def _create(self, request: Request, *, v2: bool, read: Callable[[dict[str, Any]], Order]) -> Response:
        simulation = self._simulation
        self._check_key(request)
        simulation.books.submissions += 1
        if (trouble := strike_submit(simulation, request)) is not None:
            return trouble
        body = await json_object(request)
        if body is None:
            raise Refusal(BAD_PARAMETERS, "the body must be a JSON object")
        order = read(body)
        strike(simulation, _SUBMIT_FAULTS)
        callback_url = order.callback_url if order.callback_url and await self._answers(order.callback_url) else None
        task = self._enter(order, body, v2=v2)
        if callback_url is not None:
            task.callbacks = Callbacks(callback_url, lambda stage: self._payload(request, task, stage), _unsigned)
        if simulation.strikes(Fault.SUBMIT_504):
            raise Refusal(1001)
        task_id = "" if simulation.strikes(Fault.SUBMIT_WITHOUT_ID) else task.id
        answer = json_answer({"task_id": task_id} if v2 else {"task_id": task_id, "base_resp": _FINE})
        return strike_created(simulation, request, answer)

    def _enter(self, order: Order, body: dict[str, Any], *, v2: bool) -> Task:
        task = self._simulation.create(self._number(), order.model, body)
        task.data = {
            "v2": v2,
            "file_id": self._number(),
            "resolution": order.resolution,
            "ratio": order.ratio,
            "image_count": order.image_count,
            "width_px": order.width_px,
            "height_px": order.height_px,
            "duration_seconds": order.duration_seconds,
            "audio": v2,
        }
        return task

    async def _answers(self, url: str) -> bool:
        """Whether the client's end returns the challenge in time."""
        post, challenge = self._simulation.post_callback, self._hex()
        if post is None:
            return False
        self._simulation.books.callbacks += 1
        payload = json.dumps({"challenge": challenge}).encode()
        try:
            async with asyncio.timeout(_CHALLENGE_SECONDS):
                answer = await post(url, {"content-type": "application/json"}, payload)
            return at(json.loads(answer or b"null"), "challenge") == challenge
        except (TimeoutError, ValueError):
            return False

    def _payload(self, request: Request, task: Task, stage: Stage) -> bytes | None:
        """What a callback says at `stage`."""
        if task.data["v2"]:
            return json.dumps({"task": self._v2_view(request, task, stage)}).encode()
        word = _V1_CALLBACK_STATUSES.get(stage)
        told = {**self._v1_view(task, stage), "status": word}
        return None if word is None else json.dumps(told).encode()

    async def poll_v1(self, request: Request) -> Response:
        if (trouble := self._begin_asking(request, poll=True)) is not None:
            return trouble
        self._simulation.books.queried += 1
        task = self._simulation.find(request.query_params.get("task_id", ""))
        if task is None or task.data["v2"]:
            raise Refusal(BAD_PARAMETERS, "invalid task_id")
        view = self._v1_view(task, self._simulation.stage(task))
        if self._simulation.strikes(Fault.UNKNOWN_STATUS):
            view["status"] = "Reviewing"
        return self._told(view, "base_resp")

    def _v1_view(self, task: Task, stage: Stage) -> dict[str, Any]:
        waited = self._simulation.now() - task.created_at
        queued = "Preparing" if waited < (task.runs_at - task.created_at) / 2 else "Queueing"
        words = {Stage.RUNNING: "Processing", Stage.SUCCEEDED: "Success", Stage.FAILED: "Fail"}
        view: dict[str, Any] = {"task_id": task.id, "status": words.get(stage, queued), "file_id": ""}
        if stage is Stage.SUCCEEDED:
            size = {"video_width": task.data["width_px"], "video_height": task.data["height_px"]}
            view |= {"file_id": task.data["file_id"], **size}
        sensitive = {"status_code": 1027, "status_msg": "output content sensitive"}
        return {**view, "base_resp": sensitive if stage is Stage.FAILED and task.moderated else _FINE}

    async def retrieve_file(self, request: Request) -> Response:
        if (trouble := self._begin_asking(request)) is not None:
            return trouble
        task = self._with_file(request.query_params.get("file_id", ""))
        file = {
            "file_id": int(task.data["file_id"]),
            "bytes": len(await clip_of(self._simulation, task)),
            "created_at": int(task.ends_at),
            "filename": "output.mp4",
            "purpose": "video_generation",
            "download_url": self._simulation.file_url(request, task, "output.mp4"),
        }
        return self._told({"file": file, "base_resp": _FINE}, "file")

    async def retrieve_content(self, request: Request) -> Response:
        if (trouble := self._begin_asking(request)) is not None:
            return trouble
        task = self._with_file(request.query_params.get("file_id", ""))
        self._simulation.books.downloads += 1
        return await clip_answer(self._simulation, task)

    async def delete_file(self, request: Request) -> Response:
        self._check_key(request)
        fields = Fields(await json_object(request) or {}, BAD_PARAMETERS)
        fields.choice("purpose", ("video_generation",))
        task = self._with_file(str(fields.get("file_id")))
        fields.close()
        task.file_kept_until = 0.0
        return json_answer({"file_id": int(task.data["file_id"]), "base_resp": _FINE})

    def _with_file(self, file_id: str) -> Task:
        """The v1 task that made this file. Raises Refusal."""
        now = self._simulation.now()
        for task in self._simulation.books.tasks.values():
            if task.data["file_id"] == file_id and not task.data["v2"]:
                gone = task.stage(now) is not Stage.SUCCEEDED or task.without_file or now > task.file_kept_until
                if not gone:
                    return task
        raise Refusal(BAD_PARAMETERS, "invalid file_id")

    async def poll_v2(self, request: Request) -> Response:
        if (trouble := self._begin_asking(request, poll=True)) is not None:
            return trouble
        self._simulation.books.queried += 1
        task = self._v2_task(request.path_params["id"])
        view = self._v2_view(request, task, self._simulation.stage(task))
        if self._simulation.strikes(Fault.UNKNOWN_STATUS):
            view["status"] = "reviewing"
        return self._told({"task": view}, "task")

    def _v2_task(self, task_id: str) -> Task:
        task = self._simulation.find(task_id)
        if task is None or not task.data["v2"] or self._simulation.now() > task.created_at + _V2_KEPT_SECONDS:
            raise Refusal(BAD_PARAMETERS, "invalid task_id")
        return task

    def _v2_view(self, request: Request, task: Task, stage: Stage) -> dict[str, Any]:
        data, started = task.data, {Stage.QUEUED: task.created_at, Stage.RUNNING: task.runs_at}
        changed_at = started.get(stage, task.cancelled_at or task.ends_at)
        view: dict[str, Any] = {
            "id": task.id,
            "model": task.model,
            "status": _V2_STATUSES[stage],
            "created_at": int(task.created_at),
            "updated_at": int(changed_at),
            "resolution": data["resolution"],
            "duration": data["duration_seconds"],
            "usage": {},
            "task_type": "generation",
            "modality": "video",
        }
        if stage is Stage.FAILED:
            moderated = {"code": "1027", "message": "output content sensitive"}
            view["error"] = moderated if task.moderated else {"code": "1000", "message": "internal error"}
        if stage is Stage.SUCCEEDED:
            seconds = data["duration_seconds"]
            used = {"total_seconds": seconds, "input_seconds": 0, "output_seconds": seconds}
            view["content"] = {} if task.without_file else {"url": self._simulation.file_url(request, task)}
            view |= {"ratio": data["ratio"], "usage": {**used, "input_image_count": data["image_count"]}}
        return view

    async def list_v2(self, request: Request) -> Response:
        if (trouble := self._begin_asking(request, poll=True)) is not None:
            return trouble
        query = request.query_params
        fields = Fields(dict(query), BAD_PARAMETERS)
        page, size = fields.decimal("page_num", range(1, 10**6), 1), fields.decimal("page_size", range(1, 501), 20)
        wanted = {name: fields.text(f"filter.{name}") for name in ("status", "model", "task_type")}
        fields.skip("filter.task_ids")
        fields.close()
        ids = query.getlist("filter.task_ids")
        now = self._simulation.now()
        tasks = [task for task in self._simulation.books.tasks.values() if task.data["v2"] and not task.erased]
        views = [
            view
            for task in reversed(tasks)
            if now <= task.created_at + _V2_KEPT_SECONDS and (not ids or task.id in ids)
            for view in [self._v2_view(request, task, task.stage(now))]
            if all(value in (None, "", view[name]) for name, value in wanted.items())
        ]
        return self._told({"items": views[(page - 1) * size : page * size], "total": len(views)}, "items")

    async def delete_v2(self, request: Request) -> Response:
        """Cancels a task that waits, deletes the record of one that has ended."""
        self._check_key(request)
        self._simulation.books.cancels += 1
        task = self._v2_task(request.path_params["id"])
        stage = self._simulation.stage(task)
        if stage in (Stage.RUNNING, Stage.CANCELLED):
            raise Refusal(BAD_PARAMETERS, f"a task that is {_V2_STATUSES[stage]} can be neither cancelled nor deleted")
        if stage is Stage.QUEUED:
            task.cancelled_at = self._simulation.now()
        else:
            task.erased = True
        done = "cancelled" if stage is Stage.QUEUED else "deleted"
        return json_answer({"task_id": task.id, "action": done, "status": done})

    def _begin_asking(self, request: Request, *, poll: bool = False) -> Response | None:
        self._check_key(request)
        self._simulation.books.polls += poll
        strike(self._simulation, _POLL_FAULTS)
        return strike_poll(self._simulation, request)

    def _told(self, body: dict[str, Any], main: str) -> Response:
        """`main` names the object that the fault of null objects takes away."""
        if self._simulation.strikes(Fault.NULL_OBJECT):
            body = {**body, main: None}
        return json_answer(wrong_types(body) if self._simulation.strikes(Fault.WRONG_TYPES) else body)

    def _check_key(self, request: Request) -> None:
        try:
            scheme, _, key = request.headers.get("authorization", "").partition(" ")
            if scheme != "Bearer" or not key or self._simulation.strikes(Fault.UNAUTHORISED):
                raise Refusal(1004)
            if key != self._simulation.keys["api_key"]:
                raise Refusal(2049)
        except Refusal:
            self._simulation.books.unauthorised += 1
            raise

    def _number(self) -> str:
        return str(self._simulation.random.randrange(10**14, 10**15))

    def _hex(self) -> str:
        return f"{self._simulation.random.getrandbits(128):032x}"


def _unsigned(_payload: bytes) -> dict[str, str]:
    return {}
