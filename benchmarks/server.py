"""Start `filmgate serve` on a temporary folder, for a benchmark."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Bench:
    port: int
    key: str
    pid: int
    data: Path
    first_answer_seconds: float

    def peak_memory_mb(self) -> float:
        """The most memory the server process ever had resident."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        match = re.search(r"VmHWM:\s+(\d+) kB", status)
        return int(match[1]) / 1024 if match else float("nan")

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100


@contextlib.contextmanager
def bench_server(*arguments: str, **environment: str) -> Generator[Bench]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "filmgate", "serve", "--port", "0", "--data", str(data), *arguments],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )
        assert process.stdout is not None
        key = port = ""
        while not (key and port):
            line = process.stdout.readline()
            if not line:
                raise RuntimeError("the server ended before it listened")
            if match := re.search(r"sk-test-\S+", line):
                key = match[0]
            if match := re.search(r"listens on http://127\.0\.0\.1:(\d+)", line):
                port = match[1]
        first = _first_answer(int(port), started)
        try:
            yield Bench(int(port), key, process.pid, data, first)
        finally:
            process.terminate()
            process.wait(timeout=60)


def live_key(bench: Bench) -> str:
    command = [sys.executable, "-m", "filmgate", "keys", "create", "--live", "--json", "--data", str(bench.data)]
    made = subprocess.run(command, capture_output=True, check=True)
    return json.loads(made.stdout)["key"]


def _first_answer(port: int, started: float) -> float:
    while True:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz")
            return time.perf_counter() - started
