"""Many videos in flight at a hosted vendor. Usage: uv run python benchmarks/inflight.py [videos]

A simulated vendor takes about a minute for a clip, a fifth more or less. How long is a finished clip unseen, how often
is the vendor asked, and what does the server cost? Kling answers for many tasks in one call, Seedance for one.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import sys
import threading
import time

import httpx
import uvicorn
from rich.console import Console
from rich.table import Table
from server import bench_server, live_key

from filmgate.simulators.clips import make_clip
from filmgate.simulators.server import Simulator, account_of, open_simulators, server_config, simulator_server

RUN_SECONDS, SPREAD_SECONDS = 60.0, 12.0
CREATES_PER_SECOND = 20
# The first videos teach how long the model takes; the rest are measured.
LEARNING = 40
MODELS = {"kling": "kling-2.5-turbo", "seedance": "seedance-2.0"}


def main(videos: int) -> None:
    table = Table(title=f"{videos} videos in flight, no callbacks, {RUN_SECONDS:g} s ± {SPREAD_SECONDS:g} s each")
    for column in ("vendor", "finished to seen p50 / p95 s", "seen to stored p95 s", "calls per video", "CPU %", "MB"):
        table.add_column(column, justify="right")
    for vendor, model in MODELS.items():
        table.add_row(vendor, *measure(vendor, model, videos))
    Console(width=120).print(table)


def measure(vendor: str, model: str, videos: int) -> list[str]:
    clip = asyncio.run(make_clip(64, 48, 0.5, False))

    async def small_clip(*_: object) -> bytes:
        return clip

    (simulator,) = open_simulators([vendor], now=time.time, clip=small_clip)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        upstream = uvicorn.Server(server_config(simulator_server([simulator])))
        threading.Thread(target=upstream.run, kwargs={"sockets": [listening]}, daemon=True).start()
        account = account_of(simulator.vendor, url) | {
            "max_concurrent": videos + LEARNING,
            "expected_seconds": RUN_SECONDS,
        }
        environment = {
            "FILMGATE_ACCOUNTS": json.dumps([account]),
            "FILMGATE_ALLOWED_HOSTS": json.dumps([url.removeprefix("http://")]),
        }
        with bench_server(**environment) as server:
            key = live_key(server)
            client = httpx.Client(
                base_url=f"http://127.0.0.1:{server.port}", headers={"authorization": f"Bearer {key}"}, timeout=60
            )
            create(client, simulator, model, LEARNING)
            wait_until_finished(client, LEARNING)
            before = simulator.simulation.books.polls
            used, began_at = server.cpu_seconds(), time.monotonic()
            ids = create(client, simulator, model, videos)
            wait_until_finished(client, LEARNING + videos)
            cpu = 100 * (server.cpu_seconds() - used) / (time.monotonic() - began_at)
            seen, stored = zip(*(delays(client, simulator, video_id) for video_id in ids), strict=True)
            memory = server.peak_memory_mb()
        upstream.should_exit = True
    calls = (simulator.simulation.books.polls - before) / videos
    return [
        f"{at(seen, 50):.2f} / {at(seen, 95):.2f}",
        f"{at(stored, 95):.2f}",
        f"{calls:.1f}",
        f"{cpu:.0f}",
        f"{memory:.0f}",
    ]


def create(client: httpx.Client, simulator: Simulator, model: str, count: int) -> list[str]:
    ids: list[str] = []
    for number in range(count):
        simulator.simulation.run_seconds = max(10.0, random.gauss(RUN_SECONDS, SPREAD_SECONDS))
        body = {"model": model, "prompt": f"take {number}", "conform": "native"}
        answer = client.post("/v1/videos", json=body)
        answer.raise_for_status()
        ids.append(answer.json()["id"])
        time.sleep(1 / CREATES_PER_SECOND)
    return ids


def wait_until_finished(client: httpx.Client, count: int) -> None:
    while True:
        found, after = 0, ""
        while True:
            page = client.get(f"/v1/videos?limit=100&status=completed{after}").json()
            found += len(page["data"])
            if not page["has_more"]:
                break
            after = f"&after={page['last_id']}"
        if found >= count:
            return
        time.sleep(5)


def delays(client: httpx.Client, simulator: Simulator, video_id: str) -> tuple[float, float]:
    """Seconds from finished upstream to seen here, and from there to stored."""
    events = {event["type"]: event for event in client.get(f"/v1/videos/{video_id}/timeline").json()["data"]}
    task = simulator.simulation.books.tasks[events["attempt.accepted"]["data"]["task_id"]]
    seen_at = events["attempt.succeeded"]["at"]
    return seen_at - task.ends_at, events["output.stored"]["at"] - seen_at


def at(values: tuple[float, ...], percent: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
