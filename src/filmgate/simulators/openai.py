"""OpenAI's `/videos` and the servers that speak it: create, read, list, delete, content.

The calls that make one video out of another (remix, edits, extensions) are left out, and new-api's own routes, too.
`keys`: api_key; and model, the one that a vLLM server serves (any where it is not said).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from filmgate.simulators.clips import make_still
from filmgate.simulators.faults import Fault
from filmgate.simulators.forms import Sent, UnreadableBody, UnsupportedBody, read_sent
from filmgate.simulators.kit import (
    Refusal,
    Simulation,
    Stage,
    Task,
    clip_answer,
    json_answer,
    simulator_app,
    size_of,
    strike,
    strike_created,
    strike_poll,
    strike_submit,
    wrong_types,
)
from filmgate.simulators.openai_dialects import DIALECTS, Deletes, Dialect, Variants, say
from filmgate.simulators.openai_requests import Trouble

FAULTS = frozenset[Fault]().union(*(dialect.faults for dialect in DIALECTS.values()))

_SUBMIT_FAULTS = {
    Fault.SUBMIT_500: Trouble.INTERNAL,
    Fault.SUBMIT_503: Trouble.UNAVAILABLE,
    Fault.RATE_LIMITED: Trouble.TOO_FAST,
    Fault.TOO_MANY_TASKS: Trouble.TOO_MANY,
    Fault.OUT_OF_BALANCE: Trouble.NO_BALANCE,
    Fault.MODERATED_SUBMIT: Trouble.MODERATED,
    Fault.REFUSED_SUBMIT: Trouble.INVALID,
    Fault.UNKNOWN_MODEL: Trouble.UNKNOWN_MODEL,
}
_POLL_FAULTS = {
    Fault.POLL_401: Trouble.NO_KEY,
    Fault.POLL_429: Trouble.TOO_FAST,
    Fault.POLL_500: Trouble.INTERNAL,
    Fault.POLL_503: Trouble.UNAVAILABLE,
    Fault.POLL_504: Trouble.TIMED_OUT,
}
_IDEMPOTENCY_SECONDS = 24 * 3600
_FINISHED = (Stage.SUCCEEDED, Stage.FAILED, Stage.CANCELLED)


def openai_simulator(simulation: Simulation, dialect: str) -> ASGIApp:
    """`dialect` is a key of `DIALECTS`."""
    known = DIALECTS[dialect]
    server = _Server(simulation, known)
    routes: list[Route] = []
    for place in known.places:
        routes += [
            Route(place, server.create, methods=["POST"]),
            Route(place + "/{id}", server.read, methods=["GET"]),
            Route(place + "/{id}/content", server.content, methods=["GET"]),
        ]
        if known.lists:
            routes.append(Route(place, server.list_videos, methods=["GET"]))
        if known.deletes is not Deletes.NEVER:
            routes.append(Route(place + "/{id}", server.delete, methods=["DELETE"]))
        if known.cancels:
            routes.append(Route(place + "/{id}/cancel", server.cancel, methods=["POST"]))
    routes.append(Route("/{path:path}", server.nothing, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]))
    return simulator_app(simulation, routes, server.word)


def faults_of(dialect: str) -> frozenset[Fault]:
    """Those of `FAULTS` that the dialect has a way to show."""
    return DIALECTS[dialect].faults


@dataclass(frozen=True, slots=True)
class _Created:
    """What an Idempotency-Key stands for."""

    sent: Sent
    task: Task


class _Server:
    def __init__(self, simulation: Simulation, dialect: Dialect) -> None:
        self._simulation = simulation
        self._dialect = dialect
        self._created: dict[str, _Created] = {}

    def word(self, _request: Request, refusal: Refusal) -> Response:
        status, body = say(self._dialect, refusal)
        waits = status == 429 or refusal.code == Trouble.NOT_READY
        return json_answer(body, status, {"retry-after": "1"} if waits else None)

    async def nothing(self, request: Request) -> Response:
        self._check_key(request)
        raise Refusal(Trouble.NO_ROUTE, f"Invalid URL ({request.method} {request.url.path})")

    async def create(self, request: Request) -> Response:
        simulation = self._simulation
        self._check_key(request)
        simulation.books.submissions += 1
        struck = strike_submit(simulation, request)
        if struck is not None:
            return struck
        try:
            sent = await read_sent(request)
        except (UnreadableBody, UnsupportedBody) as error:
            trouble = Trouble.UNREADABLE if isinstance(error, UnreadableBody) else Trouble.UNSUPPORTED
            raise Refusal(trouble, str(error)) from None
        data = self._dialect.read(sent, simulation.keys)
        key = request.headers.get("idempotency-key") if self._dialect.idempotent else None
        earlier = self._earlier(key, sent)
        if earlier is not None:
            video = self._dialect.video(simulation, earlier, request)
            return json_answer(video, headers={"idempotent-replayed": "true"})
        strike(simulation, self._faults(_SUBMIT_FAULTS))
        task = simulation.create(self._dialect.new_id(simulation.random, data["model"]), data["model"], sent.fields)
        task.data = data
        if key is not None:
            self._created[key] = _Created(sent, task)
        if simulation.strikes(Fault.SUBMIT_504):
            raise Refusal(Trouble.TIMED_OUT)
        video = self._dialect.video(simulation, task, request)
        if simulation.strikes(Fault.SUBMIT_WITHOUT_ID):
            video = {name: value for name, value in video.items() if name not in ("id", "task_id")}
        return strike_created(simulation, request, json_answer(video))

    async def read(self, request: Request) -> Response:
        simulation = self._simulation
        trouble = self._begin_poll(request)
        if trouble is not None:
            return trouble
        simulation.books.queried += 1
        task = self._find(request)
        video: Any = self._dialect.video(simulation, task, request)
        if simulation.strikes(Fault.UNKNOWN_STATUS):
            video["status"] = "post_processing"
        if simulation.strikes(Fault.NULL_OBJECT):
            video = None
        if simulation.strikes(Fault.WRONG_TYPES):
            video = wrong_types(video)
        status = self._dialect.failed_status if simulation.stage(task) is Stage.FAILED else 200
        waits = self._dialect.paces and simulation.stage(task) not in _FINISHED
        return json_answer(video, status, {"openai-poll-after-ms": "1000"} if waits else None)

    async def list_videos(self, request: Request) -> Response:
        trouble = self._begin_poll(request)
        if trouble is not None:
            return trouble
        query = request.query_params
        limit, order = query.get("limit", "20"), query.get("order", "desc")
        if not limit.isdecimal() or int(limit) > 100 or order not in ("asc", "desc"):
            raise Refusal(Trouble.INVALID, "limit must be at most 100, and order asc or desc", param="limit")
        tasks = [task for task in self._simulation.books.tasks.values() if not task.erased]
        tasks = [task for task in tasks if query.get("user") in (None, task.data.get("user"))]
        if order == "desc":
            tasks.reverse()
        ids = [task.id for task in tasks]
        after = query.get("after")
        start = 0 if after is None else ids.index(after) + 1 if after in ids else len(ids)
        shown = tasks[start : start + int(limit)]
        self._simulation.books.queried += len(shown)
        page: dict[str, Any] = {
            "object": "list",
            "data": [self._dialect.video(self._simulation, task, request) for task in shown],
        }
        if self._dialect.pages:
            page["first_id"] = shown[0].id if shown else None
            page["last_id"] = shown[-1].id if shown else None
            page["has_more"] = start + len(shown) < len(tasks)
        return json_answer(page)

    async def delete(self, request: Request) -> Response:
        self._check_key(request)
        self._simulation.books.cancels += 1
        task = self._find(request)
        stage, deletes = self._simulation.stage(task), self._dialect.deletes
        if deletes is Deletes.FINISHED and stage not in _FINISHED:
            raise Refusal(Trouble.UNFINISHED)
        if deletes is Deletes.STOPS_OR_CONFLICTS and stage is Stage.SUCCEEDED and task.without_file:
            raise Refusal(Trouble.NO_FILE)
        if deletes is not Deletes.FORGETS and stage not in _FINISHED:
            task.cancelled_at = self._simulation.now()
        if deletes is Deletes.FORGETS:
            video = self._dialect.video(self._simulation, task, request) | {"status": "deleted"}
        else:
            video = {"id": task.id, "object": "video.deleted", "deleted": True}
        task.erased = True
        return json_answer(video)

    async def cancel(self, request: Request) -> Response:
        self._check_key(request)
        self._simulation.books.cancels += 1
        task = self._find(request)
        if self._simulation.stage(task) in _FINISHED:
            raise Refusal(Trouble.FINISHED)
        task.cancelled_at = self._simulation.now()
        return json_answer(self._dialect.video(self._simulation, task, request))

    async def content(self, request: Request) -> Response:
        simulation = self._simulation
        self._check_key(request)
        simulation.books.downloads += 1
        task = self._find(request)
        stage = simulation.stage(task)
        if stage is not Stage.SUCCEEDED:
            raise Refusal(Trouble.FAILED if stage in _FINISHED else Trouble.NOT_READY)
        gone = simulation.now() > task.ends_at + simulation.link_seconds
        if task.without_file or gone or simulation.strikes(Fault.FILE_DEAD):
            raise Refusal(Trouble.NO_FILE)
        if self._wants_picture(request, task):
            return Response(make_still(*size_of(task), "WEBP"), media_type="image/webp")
        return await clip_answer(simulation, task)

    def _wants_picture(self, request: Request, task: Task) -> bool:
        """Whether a preview is asked for in place of the clip. Raises Refusal where neither is."""
        query, outputs = request.query_params, tuple(map(str, range(task.data["n"])))
        match self._dialect.variants:
            case Variants.IGNORED:
                return False
            case Variants.NUMBERED:
                asked = {"variant": (query.get("variant", "0"), outputs)}
            case Variants.NAMED:
                names = ("video", "thumbnail", "spritesheet")
                asked = {"variant": (query.get("variant", "video"), names), "index": (query.get("index", "0"), outputs)}
        for name, (value, allowed) in asked.items():
            if value not in allowed:
                raise Refusal(Trouble.INVALID, f"{name} is {value}, must be one of {', '.join(allowed)}", param=name)
        return asked["variant"][0] in ("thumbnail", "spritesheet")

    def _check_key(self, request: Request) -> None:
        key, headers = self._simulation.keys.get("api_key"), self._dialect.key_headers
        if not headers or (key is None and not self._dialect.needs_key):
            return
        given = next((request.headers[name] for name in headers if name in request.headers), "")
        right = hmac.compare_digest(given.removeprefix("Bearer ").encode(), (key or "").encode())
        if key is None or not right or self._simulation.strikes(Fault.UNAUTHORISED):
            self._simulation.books.unauthorised += 1
            raise Refusal(Trouble.NO_KEY)

    def _begin_poll(self, request: Request) -> Response | None:
        self._check_key(request)
        self._simulation.books.polls += 1
        strike(self._simulation, self._faults(_POLL_FAULTS))
        return strike_poll(self._simulation, request)

    def _faults(self, codes: dict[Fault, Trouble]) -> dict[Fault, int | str]:
        return {fault: code for fault, code in codes.items() if fault in self._dialect.faults}

    def _find(self, request: Request) -> Task:
        asked = request.path_params["id"]
        # Padding of base64 tends to get lost when an id is copied.
        task_id = next((one for one in self._simulation.books.tasks if one.rstrip("=") == asked.rstrip("=")), asked)
        task = self._simulation.find(task_id)
        if task is None:
            raise Refusal(Trouble.NOT_FOUND)
        return task

    def _earlier(self, key: str | None, sent: Sent) -> Task | None:
        earlier = self._created.get(key or "")
        if earlier is None or self._simulation.now() - earlier.task.created_at > _IDEMPOTENCY_SECONDS:
            return None
        if earlier.sent != sent:
            raise Refusal(Trouble.REPEATED)
        return earlier.task
