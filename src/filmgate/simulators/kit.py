"""What every simulator shares: the books it keeps, the life of its tasks, its files, and broken connections.

A simulator is a Starlette app around one `Simulation`. It may run behind a real server or inside a test's process;
`break_connection` works in both.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any, cast

from standardwebhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from filmgate.simulators.clips import make_still
from filmgate.simulators.faults import Fault, FaultPlan

ABORT, STALL = "filmgate.abort", "filmgate.stall"


class Stage(StrEnum):
    """Where a task stands; each simulator says it in its vendor's words."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(slots=True)
class Callbacks:
    """How one task's owner is told of its stages.

    `write` is the payload at a stage (None: the vendor says nothing then); `sign` makes the headers that vouch for it.
    """

    url: str
    write: Callable[[Stage], bytes | None]
    sign: Callable[[bytes], dict[str, str]]
    told: Stage | None = None
    held_until: float | None = None


@dataclass(slots=True)
class Task:
    """One task as the vendor has it. `body` is the request that made it; its file is gone after `file_kept_until`."""

    id: str
    model: str
    body: dict[str, Any]
    created_at: float
    runs_at: float
    ends_at: float
    moderated: bool = False
    broken: bool = False
    without_file: bool = False
    stuck: bool = False
    cancelled_at: float | None = None
    file_kept_until: float = math.inf
    callbacks: Callbacks | None = None
    erased: bool = False  # its record is gone; what it cost is not
    polls: int = 0
    data: dict[str, Any] = field(default_factory=dict[str, Any])  # the simulator's own

    def stage(self, now: float) -> Stage:
        if self.cancelled_at is not None:
            return Stage.CANCELLED
        if now < self.runs_at:
            return Stage.QUEUED
        if self.stuck or now < self.ends_at:
            return Stage.RUNNING
        return Stage.FAILED if self.moderated or self.broken else Stage.SUCCEEDED

    def progress_percent(self, now: float) -> int:
        if now < self.runs_at:
            return 0
        return min(99, int(100 * (now - self.runs_at) / max(self.ends_at - self.runs_at, 1e-9)))


@dataclass(slots=True)
class Books:
    """What a simulator was asked and what it would have billed. `requests` are (method, path) as they came."""

    submissions: int = 0  # calls to create that passed the check of the key
    tasks: dict[str, Task] = field(default_factory=dict[str, Task])
    polls: int = 0  # calls that ask how tasks stand
    queried: int = 0  # tasks asked for in them
    downloads: int = 0
    cancels: int = 0
    unauthorised: int = 0
    callbacks: int = 0
    requests: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def billed(self, now: float) -> int:
        """Tasks that made a clip: the vendors here charge for those and for nothing else."""
        return sum(task.stage(now) is Stage.SUCCEEDED and not task.without_file for task in self.tasks.values())


# (URL, headers, payload) -> the body of a 2xx answer, or None; it raises nothing.
PostCallback = Callable[[str, dict[str, str], bytes], Awaitable[bytes | None]]
# (width, height, seconds, with sound) -> MP4
MakeClip = Callable[[int, int, float, bool], Awaitable[bytes]]


@dataclass(slots=True)
class Simulation:
    """The state behind one vendor's simulator: one account in one region.

    `queued_seconds` and `run_seconds` are what a task takes; `link_seconds` is how long a file's link works;
    `late_seconds` is by how much a late callback is late. `keys` are the credentials it takes, in the vendor's own
    names.
    """

    now: Callable[[], float]
    make_clip: MakeClip
    keys: dict[str, str]
    queued_seconds: float = 2.0
    run_seconds: float = 10.0
    link_seconds: float = 3600.0
    late_seconds: float = 60.0
    faults: FaultPlan = field(default_factory=FaultPlan)
    books: Books = field(default_factory=Books)
    random: random.Random = field(default_factory=lambda: random.Random(7))
    post_callback: PostCallback | None = None
    dead_links: set[str] = field(default_factory=set[str])

    def strikes(self, fault: Fault) -> bool:
        return self.faults.strikes(fault)

    def create(self, task_id: str, model: str, body: dict[str, Any]) -> Task:
        """Enter a new task, with the faults of its later life decided now."""
        now = self.now()
        runs_at = now + self.queued_seconds
        task = Task(task_id, model, body, now, runs_at, runs_at + self.run_seconds)
        task.moderated = self.strikes(Fault.MODERATED_LATE)
        task.broken = self.strikes(Fault.FAILED_LATE)
        task.without_file = self.strikes(Fault.SUCCESS_WITHOUT_FILE)
        task.stuck = self.strikes(Fault.STUCK)
        self.books.tasks[task_id] = task
        return task

    def find(self, task_id: str) -> Task | None:
        """The task of a poll. A young one may not be known yet."""
        task = self.books.tasks.get(task_id)
        if task is None or task.erased or self.strikes(Fault.YOUNG_404):
            return None
        task.polls += 1
        return task

    def stage(self, task: Task) -> Stage:
        return task.stage(self.now())

    def progress_percent(self, task: Task) -> int:
        if task.polls > 1 and self.strikes(Fault.PROGRESS_BACK):
            return 1
        return task.progress_percent(self.now())

    def file_url(self, request: Request, task: Task, name: str = "clip.mp4", *, expires_at: float | None = None) -> str:
        """A signed link to the task's clip, good for `link_seconds` from now. Every call gives a new one."""
        expires = int(self.now() + self.link_seconds if expires_at is None else expires_at)
        nonce = f"{self.random.getrandbits(64):016x}"
        token = _signature(task.id, expires, nonce)
        base = str(request.base_url).rstrip("/")
        return f"{base}/files/{token}/{name}?task={task.id}&expires={expires}&nonce={nonce}"


class Refusal(Exception):
    """Raised to leave a handler with the vendor's error `code`; the simulator's `word` makes the answer of it.

    `param` is the field at fault, for vendors who name it.
    """

    def __init__(self, code: int | str, message: str = "", *, param: str = "") -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.param = param


def strike(simulation: Simulation, codes: Mapping[Fault, int | str]) -> None:
    """Raises Refusal with the code of the first of these faults that strikes."""
    for fault, code in codes.items():
        if simulation.strikes(fault):
            raise Refusal(code)


def simulator_app(
    simulation: Simulation, routes: Sequence[Route], word: Callable[[Request, Refusal], Response] | None = None
) -> ASGIApp:
    """`routes` and the files, behind the faults that strike every route alike. `word` answers a Refusal."""

    async def file(request: Request) -> Response:
        return await serve_file(simulation, request)

    async def refuse(request: Request, error: Exception) -> Response:
        if word is None or not isinstance(error, Refusal):
            raise error
        return word(request, error)

    files = Route("/files/{token}/{name}", file)
    handlers = {ConnectionBroken: _say_nothing, Refusal: refuse}
    app = Starlette(routes=[files, *routes], exception_handlers=handlers)

    async def counted(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            simulation.books.requests.append((scope["method"], scope["path"]))
        await app(scope, receive, send)

    return counted


class ConnectionBroken(Exception):
    """Raised to leave a handler after its connection was cut."""


class _Silence(Response):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _until_disconnected(receive)


def _say_nothing(_request: Request, _error: Exception) -> Response:
    return _Silence()


async def _until_disconnected(receive: Receive) -> None:
    """An app that ends without an answer is an error for its server, unless the client is gone by then."""
    while (await receive())["type"] != "http.disconnect":
        pass


def break_connection(request: Request) -> Exception:
    """Cut the client's connection without an answer: `raise break_connection(request)`."""
    request.scope["extensions"][ABORT]()
    return ConnectionBroken()


class BrokenOff(Response):
    """An answer whose connection breaks in the middle of the body."""

    def __init__(self, content: bytes, media_type: str = "application/json", *, stall: bool = False) -> None:
        super().__init__(content, media_type=media_type)
        self._stall = stall

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = self.body[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        if self._stall:
            await scope["extensions"][STALL]()
        scope["extensions"][ABORT]()
        await _until_disconnected(receive)


def html_page(status: int = 502) -> Response:
    """What a proxy in between says, where JSON was expected."""
    page = f"<html><body><center><h1>{status} {HTTPStatus(status).phrase}</h1></center><hr>nginx</body></html>"
    return Response(page, status, media_type="text/html")


def strike_submit(simulation: Simulation, request: Request) -> Response | None:
    """The faults of a paid call that look the same at every vendor, before anything is created."""
    if simulation.strikes(Fault.RESET_BEFORE):
        raise break_connection(request)
    return html_page() if simulation.strikes(Fault.SUBMIT_HTML) else None


def strike_created(simulation: Simulation, request: Request, answer: Response) -> Response:
    """The faults of a paid call after the task was created; `answer` is what the vendor meant to say."""
    if simulation.strikes(Fault.LOST_REPLY):
        raise break_connection(request)
    if simulation.strikes(Fault.RESET_DURING):
        return BrokenOff(bytes(answer.body))
    return answer


def strike_poll(simulation: Simulation, request: Request) -> Response | None:
    """The faults of a poll that look the same at every vendor."""
    if simulation.strikes(Fault.POLL_RESET):
        raise break_connection(request)
    return html_page() if simulation.strikes(Fault.POLL_HTML) else None


async def serve_file(simulation: Simulation, request: Request) -> Response:
    """A task's clip, or a still for a name that ends in .png, while its link is good.

    Both are real and of the size and length that the request asked for.
    """
    simulation.books.downloads += 1
    query = request.query_params
    token, task = request.path_params["token"], simulation.books.tasks.get(query.get("task", ""))
    expires = int(query.get("expires", "")) if query.get("expires", "").isdecimal() else 0
    if task is None or task.erased or token != _signature(task.id, expires, query.get("nonce", "")):
        return PlainTextResponse("no such file", 404)
    if simulation.now() > task.file_kept_until:
        return PlainTextResponse("the file has been cleared", 404)
    if simulation.strikes(Fault.FILE_DEAD):
        simulation.dead_links.add(token)
    if simulation.now() > expires or token in simulation.dead_links:
        return PlainTextResponse("Request has expired", 403)
    if request.path_params["name"].endswith(".png"):
        return Response(make_still(*size_of(task)), media_type="image/png")
    return await clip_answer(simulation, task)


async def clip_answer(simulation: Simulation, task: Task) -> Response:
    """The task's clip as a whole answer, behind the faults of files."""
    if simulation.strikes(Fault.FILE_PRIVATE_REDIRECT):
        return RedirectResponse("http://169.254.169.254/latest/meta-data/", 302)
    if simulation.strikes(Fault.FILE_WRONG_TYPE):
        return Response("<html><body>Sign in to continue</body></html>", media_type="text/html")
    clip = await clip_of(simulation, task)
    if simulation.strikes(Fault.FILE_TRUNCATED):
        return Response(clip[: len(clip) // 2], media_type="video/mp4")
    if simulation.strikes(Fault.FILE_SLOW):
        return BrokenOff(clip, "video/mp4", stall=True)
    return Response(clip, media_type="video/mp4")


async def clip_of(simulation: Simulation, task: Task) -> bytes:
    """Each simulator notes in `task.data` what it makes: width_px, height_px, duration_seconds, audio."""
    duration_seconds, audio = task.data.get("duration_seconds", 5.0), task.data.get("audio", False)
    return await simulation.make_clip(*size_of(task), duration_seconds, audio)


def size_of(task: Task) -> tuple[int, int]:
    """Width and height in pixels of what the task makes."""
    return task.data.get("width_px", 1280), task.data.get("height_px", 720)


async def advance(simulation: Simulation) -> None:
    """Call back for every task whose stage is another one than at the last look.

    Tasks move by the clock alone, so someone has to look: a server in a loop, a test after it has moved its clock. A
    stage that passed between two looks is not told.
    """
    for task in list(simulation.books.tasks.values()):
        if task.callbacks is not None:
            await _tell(simulation, task.callbacks, simulation.stage(task))


async def _tell(simulation: Simulation, callbacks: Callbacks, stage: Stage) -> None:
    payload = None if stage is callbacks.told else callbacks.write(stage)
    if payload is None:
        return
    running = stage in (Stage.QUEUED, Stage.RUNNING)
    if not running and callbacks.held_until is None:
        late = simulation.strikes(Fault.CALLBACK_LATE)
        callbacks.held_until = simulation.now() + (simulation.late_seconds if late else 0.0)
    if not running and simulation.now() < (callbacks.held_until or 0.0):
        return
    callbacks.told = stage
    # The lie is signed as something else was: a true signature of another text.
    forged = (callbacks.write(Stage.FAILED) or b"", callbacks.sign(b"another text")) if running else None
    await call_back(simulation, callbacks.url, payload, callbacks.sign(payload), forged=forged)


async def call_back(
    simulation: Simulation,
    url: str,
    payload: bytes,
    headers: dict[str, str],
    *,
    forged: tuple[bytes, dict[str, str]] | None = None,
) -> None:
    """POST `payload` to the client, as often and as truly as the faults say. `forged` is a lie with a bad signature."""
    if simulation.post_callback is None:
        return
    if forged is not None and simulation.strikes(Fault.CALLBACK_FORGED):
        simulation.books.callbacks += 1
        await simulation.post_callback(url, {"content-type": "application/json", **forged[1]}, forged[0])
    times = 2 if simulation.strikes(Fault.CALLBACK_DUPLICATE) else 1
    for _ in range(times):
        simulation.books.callbacks += 1
        await simulation.post_callback(url, {"content-type": "application/json", **headers}, payload)


def standard_webhook(secret: str, message_id: str, at: float, payload: bytes) -> dict[str, str]:
    """The headers of https://www.standardwebhooks.com for `payload`, sent `at` (Unix seconds)."""
    signature = Webhook(secret).sign(message_id, datetime.fromtimestamp(at, UTC), payload.decode())
    return {"webhook-id": message_id, "webhook-timestamp": str(math.floor(at)), "webhook-signature": signature}


def wrong_types(value: Any) -> Any:
    """Every number as text and every text of digits as a number, all the way down."""
    if isinstance(value, dict):
        return {name: wrong_types(item) for name, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [wrong_types(item) for item in cast("list[Any]", value)]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return str(value)
    return int(value) if isinstance(value, str) and value.isdecimal() else value


class _AsciiJson(JSONResponse):
    """Whatever text a client has sent can be told to it again, also one that UTF-8 cannot say."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, separators=(",", ":")).encode()


def json_answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> JSONResponse:
    return _AsciiJson(body, status, headers=headers)


def _signature(task_id: str, expires: int, nonce: str) -> str:
    return hashlib.sha256(f"{task_id}/{expires}/{nonce}".encode()).hexdigest()[:32]
