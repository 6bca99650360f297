"""Kling, in both of its API designs: /text-to-video/<model> … with /tasks (new), and /v1/videos/<kind> (legacy).

Written from Kling's documents as compiled on 2026-11-22: klingai.com/document-api and the error table of
app.klingai.com. `Simulation.keys`: api_key; access_key and secret_key, for the signed tokens that only legacy paths
take; webhook_secret, without which callbacks are not signed. A key of another region is as unknown as a wrong one.
What the documents leave open: a poll tells only of its own design's tasks, a discontinued model is refused with 1203,
and legacy callbacks are signed too.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import jwt
from jwt.types import Options
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from filmgate.simulators.faults import Fault
from filmgate.simulators.fields import Fields
from filmgate.simulators.forms import json_object
from filmgate.simulators.kit import (
    Callbacks,
    Refusal,
    Simulation,
    Stage,
    Task,
    json_answer,
    simulator_app,
    standard_webhook,
    strike,
    strike_created,
    strike_poll,
    strike_submit,
    wrong_types,
)
from filmgate.simulators.kling_requests import BAD_PARAMETER, LEGACY_KINDS, NEW_ROUTES, Order, read_legacy, read_new

FAULTS = frozenset(Fault) - {Fault.PROGRESS_BACK}  # Kling reports no progress

_ERRORS = {
    1000: (401, "Authentication failed"),
    1001: (401, "Authorization is empty"),
    1002: (401, "api key not found"),
    1003: (401, "Authorization is not yet valid"),
    1004: (401, "Authorization has expired"),
    1102: (429, "Account balance not enough"),
    1201: (400, "Invalid request parameters"),
    1202: (404, "The requested method is invalid"),
    1203: (404, "The requested resource does not exist"),
    1301: (400, "The request triggers the content security policy of the platform"),
    1302: (429, "API requests are too fast, exceeding the rate limit of the platform"),
    1303: (429, "parallel task over resource pack limit"),
    5000: (500, "Server internal error"),
    5001: (503, "Server temporarily unavailable, under maintenance"),
    5002: (504, "Server internal timeout, backlog"),
}
_SUBMIT_FAULTS = {
    Fault.RATE_LIMITED: 1302,
    Fault.TOO_MANY_TASKS: 1303,
    Fault.OUT_OF_BALANCE: 1102,
    Fault.MODERATED_SUBMIT: 1301,
    Fault.REFUSED_SUBMIT: 1201,
    Fault.UNKNOWN_MODEL: 1203,
    Fault.SUBMIT_500: 5000,
    Fault.SUBMIT_503: 5001,
}
_POLL_FAULTS = {
    Fault.POLL_401: 1000,
    Fault.POLL_429: 1302,
    Fault.POLL_500: 5000,
    Fault.POLL_503: 5001,
    Fault.POLL_504: 5002,
}
_STATUSES = {
    Stage.QUEUED: "submitted",
    Stage.RUNNING: "processing",
    Stage.SUCCEEDED: "succeeded",
    Stage.FAILED: "failed",
}
# What the answer to a submit tells of the task, its id first.
_NEW_CREATED = ("id", "status", "create_time", "update_time", "external_id")
_LEGACY_CREATED = ("task_id", "task_status", "task_info", "created_at", "updated_at")
_KEPT_SECONDS = 30 * 24 * 3600
_UNIT_USD = 0.14


def kling_simulator(simulation: Simulation) -> ASGIApp:
    kling = _Kling(simulation)
    routes = [
        *(Route(f"/{route}/{{model}}", kling.create_new, methods=["POST"]) for route in NEW_ROUTES),
        Route("/tasks", kling.poll_new, methods=["GET"]),
        Route("/tasks", kling.list_new, methods=["POST"]),
    ]
    for kind in LEGACY_KINDS:
        path = f"/v1/videos/{kind}"
        routes += [
            Route(path, kling.create_legacy, methods=["POST"]),
            Route(path, kling.list_legacy, methods=["GET"]),
            Route(path + "/{id}", kling.poll_legacy, methods=["GET"]),
        ]
    routes.append(Route("/{path:path}", kling.nothing, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]))
    return simulator_app(simulation, routes, kling.word)


class _Kling:
    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    def word(self, _request: Request, refusal: Refusal) -> Response:
        status, message = _ERRORS[int(refusal.code)]
        body = {"code": refusal.code, "message": refusal.message or message, "request_id": self._request_id()}
        return json_answer(body, status)

    async def nothing(self, request: Request) -> Response:
        self._check_key(request, tokens=True)
        raise Refusal(1202)

    async def create_new(self, request: Request) -> Response:
        route, model = request.url.path.strip("/").split("/")
        return await self._create(request, legacy=False, read=lambda body: read_new(route, model, body))

    async def create_legacy(self, request: Request) -> Response:
        kind = request.url.path.split("/")[3]
        return await self._create(request, legacy=True, read=lambda body: read_legacy(kind, body))

    async def _create(self, request: Request, *, legacy: bool, read: Callable[[dict[str, Any]], Order]) -> Response:
        simulation = self._simulation
        self._check_key(request, tokens=legacy)
        simulation.books.submissions += 1
        if (trouble := strike_submit(simulation, request)) is not None:
            return trouble
        body = await json_object(request)
        if body is None:
            raise Refusal(1201, "the body must be a JSON object")
        order = read(body)
        if order.external_id is not None and self._by_external_id(order.external_id) is not None:
            raise Refusal(1201, f"external_task_id {order.external_id} is already used")
        strike(simulation, _SUBMIT_FAULTS)
        task = self._enter(request, order, body, legacy=legacy)
        if simulation.strikes(Fault.SUBMIT_504):
            raise Refusal(5002)
        created = self._view(request, task, Stage.QUEUED)
        names = _LEGACY_CREATED if legacy else _NEW_CREATED
        if simulation.strikes(Fault.SUBMIT_WITHOUT_ID):
            names = names[1:]
        answer = json_answer(self._enveloped({name: created[name] for name in names}))
        return strike_created(simulation, request, answer)

    def _enter(self, request: Request, order: Order, body: dict[str, Any], *, legacy: bool) -> Task:
        simulation = self._simulation
        task = simulation.create(self._number(18), order.model, body)
        task.file_kept_until = task.ends_at + _KEPT_SECONDS
        task.data = {
            "path": request.url.path,
            "legacy": legacy,
            "external_id": order.external_id or "",
            "output_id": self._number(18),
            "units": order.units,
            "watermark": order.watermark,
            "width_px": order.width_px,
            "height_px": order.height_px,
            "duration_seconds": order.duration_seconds + 0.1,  # as in the documents' examples
            "audio": order.audio,
        }
        if order.callback_url is not None:
            task.callbacks = Callbacks(
                order.callback_url,
                lambda stage: json.dumps(self._view(request, task, stage), separators=(",", ":")).encode(),
                self._sign,
            )
        return task

    async def poll_new(self, request: Request) -> Response:
        if (trouble := self._begin_poll(request, tokens=False)) is not None:
            return trouble
        query = request.query_params
        if set(query) not in ({"task_ids"}, {"external_task_ids"}):
            raise Refusal(1201, "exactly one of task_ids and external_task_ids is required")
        (name, given), *_ = query.items()
        asked = [text for text in given.split(",") if text]
        self._simulation.books.queried += len(asked)
        ids = asked if name == "task_ids" else map(self._by_external_id, asked)
        tasks = [self._simulation.find(one) for one in ids if one is not None]
        return self._told([self._polled(request, task) for task in tasks if task and not task.data["legacy"]])

    async def list_new(self, request: Request) -> Response:
        if (trouble := self._begin_poll(request, tokens=False)) is not None:
            return trouble
        fields = Fields(await json_object(request) or {}, BAD_PARAMETER)
        now_ms = self._simulation.now() * 1000
        start_ms = fields.number("start_time", 0, 1e14) or now_ms - _KEPT_SECONDS * 1000
        end_ms = fields.number("end_time", 0, 1e14) or now_ms
        limit = fields.choice("limit", range(1, 501), 100)
        cursor = fields.text("cursor") or "0"
        wanted: dict[str, list[Any]] = {}
        for one in fields.items("filters"):
            key, values = one.choice("key", ("status", "product_type")), one.get("values")
            wanted[key] = values if isinstance(values, list) else []
            one.close()
        fields.close()
        if not cursor.isdecimal():
            raise fields.wrong("cursor", "is not one of ours")
        found = [
            view
            for task in self._tasks(legacy=False)
            if start_ms <= task.created_at * 1000 <= end_ms
            for view in [self._view(request, task, self._simulation.stage(task))]
            if view["status"] in wanted.get("status", [view["status"]])
            if _product(task) in wanted.get("product_type", [_product(task)])
        ]
        end = int(cursor) + limit
        more = end < len(found)
        page = {"result": found[int(cursor) : end], "count": len(found), "has_more": more}
        return self._told({**page, "next_cursor": str(end) if more else ""})

    async def poll_legacy(self, request: Request) -> Response:
        if (trouble := self._begin_poll(request, tokens=True)) is not None:
            return trouble
        self._simulation.books.queried += 1
        path, _, asked = request.url.path.rpartition("/")
        task = self._simulation.find(self._by_external_id(asked) or asked)
        if task is None or task.data["path"] != path:
            raise Refusal(1203, "Task not found")
        return self._told(self._polled(request, task))

    async def list_legacy(self, request: Request) -> Response:
        if (trouble := self._begin_poll(request, tokens=True)) is not None:
            return trouble
        fields = Fields(dict(request.query_params), BAD_PARAMETER)
        page, size = fields.decimal("pageNum", range(1, 1001), 1), fields.decimal("pageSize", range(1, 501), 30)
        fields.close()
        tasks = [task for task in self._tasks(legacy=True) if task.data["path"] == request.url.path]
        shown = tasks[(page - 1) * size : page * size]
        return self._told([self._view(request, task, self._simulation.stage(task)) for task in shown])

    def _begin_poll(self, request: Request, *, tokens: bool) -> Response | None:
        self._check_key(request, tokens=tokens)
        self._simulation.books.polls += 1
        strike(self._simulation, _POLL_FAULTS)
        return strike_poll(self._simulation, request)

    def _polled(self, request: Request, task: Task) -> dict[str, Any]:
        view = self._view(request, task, self._simulation.stage(task))
        if self._simulation.strikes(Fault.UNKNOWN_STATUS):
            view["task_status" if task.data["legacy"] else "status"] = "reviewing"
        return view

    def _told(self, data: Any) -> Response:
        body = self._enveloped(None if self._simulation.strikes(Fault.NULL_OBJECT) else data)
        return json_answer(wrong_types(body) if self._simulation.strikes(Fault.WRONG_TYPES) else body)

    def _tasks(self, *, legacy: bool) -> Iterator[Task]:
        """The newest first."""
        return (task for task in reversed(self._simulation.books.tasks.values()) if task.data["legacy"] is legacy)

    def _by_external_id(self, external_id: str) -> str | None:
        tasks = self._simulation.books.tasks.values()
        return next((task.id for task in tasks if task.data["external_id"] == external_id), None)

    def _enveloped(self, data: Any) -> dict[str, Any]:
        return {"code": 0, "message": "SUCCEED", "request_id": self._request_id(), "data": data}

    def _view(self, request: Request, task: Task, stage: Stage) -> dict[str, Any]:
        """The task as polls, lists and callbacks tell of it at `stage`."""
        created_ms, changed_ms = int(task.created_at * 1000), int(_changed_at(task, stage) * 1000)
        failure = _failure(task) if stage is Stage.FAILED else ""
        files = self._files(request, task) if stage is Stage.SUCCEEDED else []
        units, price = f"{task.data['units']:g}", f"{task.data['units'] * _UNIT_USD:.3f}"
        if not task.data["legacy"]:
            view: dict[str, Any] = {
                "id": task.id,
                "status": _STATUSES[stage],
                "message": failure,
                "create_time": created_ms,
                "update_time": changed_ms,
                "external_id": task.data["external_id"],
                "outputs": [{"type": "video", **file} for file in files],
            }
            paid = {"charge_type": "unit", "amount": units, "package_type": "video", "list_price": price}
            return {**view, "billing": [{**paid, "currency": "USD"}]} if files else view
        view = {
            "task_id": task.id,
            "task_status": "succeed" if stage is Stage.SUCCEEDED else _STATUSES[stage],
            "task_status_msg": failure,
            "task_info": {"external_task_id": task.data["external_id"]},
            "created_at": created_ms,
            "updated_at": changed_ms,
        }
        if stage is Stage.SUCCEEDED:
            view["task_result"] = {"videos": files}
            view["final_unit_deduction"] = units if files else "0"
            view["final_balance_deduction"] = {"quota": "0", "list_price": price if files else "0"}
        return view

    def _files(self, request: Request, task: Task) -> list[dict[str, str]]:
        if task.without_file:
            return []
        url = self._simulation.file_url(request, task)
        file = {"id": task.data["output_id"], "url": url, "duration": f"{task.data['duration_seconds']:g}"}
        if task.data["watermark"]:
            file["watermark_url"] = self._simulation.file_url(request, task, "watermark.mp4")
        return [file]

    def _sign(self, payload: bytes) -> dict[str, str]:
        secret = self._simulation.keys.get("webhook_secret")
        return standard_webhook(secret, self._number(10), self._simulation.now(), payload) if secret else {}

    def _check_key(self, request: Request, *, tokens: bool) -> None:
        """`tokens`: whether a token that is signed with the secret key will do in place of the API key."""
        try:
            scheme, _, key = request.headers.get("authorization", "").partition(" ")
            if scheme != "Bearer" or not key:
                raise Refusal(1001)
            strike(self._simulation, {Fault.UNAUTHORISED: 1000})
            if key != self._simulation.keys.get("api_key"):
                self._check_token(key, tokens=tokens)
        except Refusal:
            self._simulation.books.unauthorised += 1
            raise

    def _check_token(self, token: str, *, tokens: bool) -> None:
        secret = self._simulation.keys.get("secret_key")
        if not tokens or not secret:
            raise Refusal(1002)
        try:
            # The times are compared below, with the simulation's clock.
            options: Options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
            claims = jwt.decode(token, secret, algorithms=["HS256"], options=options)
        except jwt.InvalidSignatureError:
            raise Refusal(1000) from None
        except jwt.InvalidTokenError:
            raise Refusal(1002) from None
        now, starts, ends = self._simulation.now(), claims.get("nbf", 0), claims.get("exp")
        if claims.get("iss") != self._simulation.keys.get("access_key"):
            raise Refusal(1002)
        if not isinstance(starts, int | float) or starts > now:
            raise Refusal(1003)
        if not isinstance(ends, int | float) or ends <= now:
            raise Refusal(1004)

    def _number(self, digits: int) -> str:
        return str(self._simulation.random.randrange(10 ** (digits - 1), 10**digits))

    def _request_id(self) -> str:
        return str(uuid.UUID(int=self._simulation.random.getrandbits(128), version=4))


def _changed_at(task: Task, stage: Stage) -> float:
    return {Stage.QUEUED: task.created_at, Stage.RUNNING: task.runs_at}.get(stage, task.ends_at)


def _failure(task: Task) -> str:
    return "Failure to pass the risk control system" if task.moderated else "The generation failed, please try again"


def _product(task: Task) -> str:
    return task.data["path"].strip("/").split("/")[0]
