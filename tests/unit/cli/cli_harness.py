"""Commands run in this process, against a server that is a table of routes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from typer.testing import CliRunner

from filmgate.cli.main import app
from filmgate.cli.outside import Outside
from filmgate.cli.serving import EmbeddedServer

VIDEO_ID = "video_01m830r0000000000000000000"
URL = "http://filmgate.test"

Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


def video(status: str = "completed", **changes: Any) -> dict[str, Any]:
    """A Video as the server answers it."""
    done = status == "completed"
    facts = {
        "livemode": False, "provider": "animatic", "seed": 7, "fps": 24.0, "width": 1280, "height": 720,
        "duration_seconds": 5.0, "size_bytes": 1234567, "adjustments": [], "warnings": [], "queue_position": None,
        "cost": {"currency": "USD", "quoted_usd": 0.0, "charged_usd": 0.0},
    }  # fmt: skip
    return {
        "id": VIDEO_ID, "object": "video", "model": "animatic-1", "status": status, "progress": 100 if done else 40,
        "created_at": 1795397791, "completed_at": 1795397795 if done else None, "expires_at": None, "seconds": "5",
        "size": "1280x720", "prompt": "a red fox", "error": None, "metadata": {"filmgate": facts},
    } | changes  # fmt: skip


def answer(body: Any, status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=body, headers={name.replace("_", "-"): value for name, value in headers.items()})


def refusal(status: int, code: str, message: str, type_: str = "invalid_request_error") -> httpx.Response:
    return answer({"error": {"message": message, "type": type_, "param": None, "code": code}}, status)


@dataclass
class FakeServer:
    """Answers each route with its list of answers in order; the last one stays."""

    answers: dict[str, list[Answer]] = field(default_factory=dict[str, list[Answer]])
    requests: list[httpx.Request] = field(default_factory=list[httpx.Request])

    def on(self, route: str, *answers: Answer) -> None:
        self.answers[route] = list(answers)

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        waiting = self.answers[f"{request.method} {request.url.path}"]
        found = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(found, Exception):
            raise found
        return found(request) if callable(found) else found

    def asked(self, method: str) -> list[httpx.Request]:
        return [request for request in self.requests if request.method == method]


@dataclass
class Ran:
    exit_code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)

    @property
    def error(self) -> Any:
        return json.loads(self.stderr)["error"]


@dataclass
class Cli:
    """`cli("get", ID)` runs a command. Sleeping takes no time, but moves the clock."""

    server: FakeServer
    slept: list[float] = field(default_factory=list[float])
    now: float = 0.0
    on_sleep: Callable[[], None] = lambda: None
    environment: dict[str, str | None] = field(default_factory=dict[str, str | None])

    def __call__(self, *arguments: str, stdin: str | None = None) -> Ran:
        outside = Outside(httpx.MockTransport(self.server.handle), self.sleep, lambda: self.now, self.server_inside)
        result = CliRunner().invoke(app, list(arguments), input=stdin, env=self.environment, obj=outside)
        return Ran(result.exit_code, result.stdout, result.stderr)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        self.on_sleep()

    @contextmanager
    def server_inside(self, _data: Path | None, _log_level: str) -> Iterator[EmbeddedServer]:
        yield EmbeddedServer("http://127.0.0.1:9", "sk-test-inside")
