"""How fast one `serve` accepts and reads videos. Usage: uv run python benchmarks/api.py [seconds]

One server process on SQLite, the load generator on the same machine, 32 connections. The worker is off, so that no
renderer competes for the cores; every create is stored durably before it is answered.
"""

from __future__ import annotations

import itertools
import json
import sys

from load import Measured, multipart, request, run_load
from rich.console import Console
from rich.table import Table
from server import bench_server

CONNECTIONS = 32


def main(seconds: float) -> None:
    table = Table(title=f"One serve, SQLite, {CONNECTIONS} connections, {seconds:g} s each")
    for column in ("what", "per second", "p50 ms", "p99 ms", "other answers", "server CPU ms each"):
        table.add_column(column, justify="left" if column == "what" else "right")
    with bench_server("--no-worker") as server:
        headers = {"authorization": f"Bearer {server.key}"}
        fields = {
            "model": "kling-v1",
            "prompt": "An astronaut stood up and walked",
            "duration": "5",
            "width": "1280",
            "height": "720",
            "fps": "30",
            "user": "user-1234",
            "metadata": '{"negative_prompt": "blurry"}',
        }
        content_type, form = multipart(fields)
        create = request("POST", "/v1/videos", headers | {"content-type": content_type}, form)
        ids: list[str] = []

        def run(name: str, make: object, sees: object = None) -> None:
            cpu = server.cpu_seconds()
            measured = run_load(server.port, make, connections=CONNECTIONS, seconds=seconds, sees=sees)  # type: ignore[arg-type]
            add_row(table, name, measured, server.cpu_seconds() - cpu)

        def keep_id(body: bytes) -> None:
            ids.append(json.loads(body[:60].split(b",")[0] + b"}")["id"])

        run("create (multipart, durable)", lambda _: create, keep_id)
        reads = [request("GET", f"/v1/videos/{video_id}", headers) for video_id in ids[-1000:]]
        turn = itertools.cycle(reads)
        run("status read", lambda _: next(turn))
        run("health (no key, no database)", lambda _: request("GET", "/healthz", {}))
        peak = server.peak_memory_mb()
    console = Console(width=120)
    console.print(table)
    console.print(f"launch to first answer: {server.first_answer_seconds:.2f} s; peak memory: {peak:.0f} MB")


def add_row(table: Table, name: str, measured: Measured, cpu: float) -> None:
    others = {status: count for status, count in measured.statuses.items() if status != 200}
    table.add_row(
        name,
        f"{measured.per_second:,.0f}",
        f"{measured.percentile(50):.1f}",
        f"{measured.percentile(99):.1f}",
        str(others) if others else "none",
        f"{1000 * cpu / max(measured.answered, 1):.2f}",
    )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0)
