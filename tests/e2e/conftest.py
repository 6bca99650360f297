"""Real servers: `filmgate serve` as a process of its own, on a free port and a fresh data folder."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

_ADDRESS = re.compile(r"Filmgate listens on (http://\S+)")
_TEST_KEY = re.compile(r"Test key: (sk-test-\S+)")


@dataclass
class Served:
    """One running server. `key` is the test key of its first start."""

    url: str
    key: str
    process: subprocess.Popen[str]
    data: Path

    @property
    def http(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"authorization": f"Bearer {self.key}"}, timeout=90)

    def work_files_when_idle(self) -> list[Path]:
        """What lies in the work folder, looked at until it is empty: it is cleared just after a video is finished."""
        with self.http as http:
            for _ in range(500):
                found = [path for path in (self.data / "work").rglob("*") if path.is_file()]
                if not found:
                    break
                http.get("/healthz")
        return found

    def kill(self) -> None:
        """As the kernel would when memory runs out."""
        self.process.kill()
        self.process.wait(timeout=20)

    def terminate(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=40)


def start_server(data: Path, *, key: str = "", arguments: tuple[str, ...] = (), **environment: str) -> Served:
    process = subprocess.Popen(
        [sys.executable, "-m", "filmgate", "serve", "--port", "0", "--data", str(data), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"FILMGATE_RENDER_SLOTS": "2"} | environment,
    )
    assert process.stdout is not None
    url = ""
    for line in process.stdout:
        if match := _TEST_KEY.search(line):
            key = match[1]
        if match := _ADDRESS.search(line):
            url = match[1]
            break
    if not url:
        process.kill()
        raise AssertionError("the server ended before it listened")
    return Served(url, key, process, data)


@contextmanager
def serving(data: Path, *, key: str = "", **environment: str) -> Generator[Served]:
    server = start_server(data, key=key, **environment)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.kill()
        if server.process.stdout:
            server.process.stdout.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    with serving(tmp_path_factory.mktemp("served") / "data") as served:
        yield served


@pytest.fixture
def start(tmp_path: Path) -> Generator[Callable[..., Served]]:
    """Start servers on this test's own data folder; whatever still runs at the end is killed."""
    started: list[Served] = []

    def begin(**options: str) -> Served:
        served = start_server(tmp_path / "data", **options)
        started.append(served)
        return served

    yield begin
    for served in started:
        if served.process.poll() is None:
            served.kill()
        if served.process.stdout:
            served.process.stdout.close()
