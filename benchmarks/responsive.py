"""Does the API stay responsive while clips render? Usage: uv run python benchmarks/responsive.py

Two long clips of 1280x720 render in child processes; meanwhile four clients read statuses, each 20 times a second.
"""

from __future__ import annotations

import json
import time
import urllib.request

from load import paced_load, request
from rich.console import Console
from rich.table import Table
from server import bench_server

CLIP = {"model": "animatic-1", "prompt": "a calm sea at sunset", "duration": 60, "size": "1280x720", "fps": 30}


def main() -> None:
    table = Table(title="Status reads while animatic-1 renders (4 clients, 20 reads a second each, 10 s)")
    for column in ("renders", "reads", "p50 ms", "p95 ms", "p99 ms", "slowest ms"):
        table.add_column(column, justify="right")
    with bench_server() as server:
        headers = {"authorization": f"Bearer {server.key}"}
        for renders in (0, 2):
            ids = [create(server.port, server.key) for _ in range(renders)] or [create(server.port, server.key, 0.5)]
            wait_for_progress(server.port, server.key, ids[0])
            reads = [request("GET", f"/v1/videos/{video_id}", headers) for video_id in ids]
            measured = paced_load(
                server.port,
                lambda number, reads=reads: reads[number % len(reads)],
                connections=4,
                per_second=20,
                seconds=10,
            )
            percentiles = [f"{measured.percentile(percent):.1f}" for percent in (50, 95, 99, 100)]
            table.add_row(str(renders), str(measured.answered), *percentiles)
    Console(width=120).print(table)


def create(port: int, key: str, duration: float = 60) -> str:
    body = json.dumps(CLIP | {"duration": duration}).encode()
    return call(port, key, "/v1/videos", body)["id"]


def wait_for_progress(port: int, key: str, video_id: str) -> None:
    while call(port, key, f"/v1/videos/{video_id}")["progress"] == 0:
        time.sleep(0.2)


def call(port: int, key: str, path: str, body: bytes | None = None) -> dict[str, object]:
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=body, headers=headers)
    with urllib.request.urlopen(asked) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
