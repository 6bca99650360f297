"""Real sockets, real SIGKILL: videos of several vendors at once, and a server that dies in the middle of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from typing import Any

import httpx
import pytest

from .conftest import Served

KILLS = 4
VIDEOS_OF_EACH = 4
# (vendor, model, whether a task whose reply was lost is found again)
VENDORS = (("kling", "kling-2.5-turbo", True), ("seedance", "seedance-2.0", True), ("hailuo", "hailuo-2.3", False))
# The replies of a fifth of the polls, two links and one paid call go wrong besides.
FAULTS = ("poll_500:20%", "file_dead:2", "poll_reset:10%")


@pytest.fixture
def simulators() -> Generator[dict[str, Any]]:
    vendors = [part for vendor, _, _ in VENDORS for part in ("--vendor", vendor)]
    faults = [part for fault in FAULTS for part in ("--fault", fault)]
    process = subprocess.Popen(
        [sys.executable, "-m", "filmgate", "simulate", "--port", "0", "--speed", "8", "--json", *vendors, *faults],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if line == "}\n":
            break
    yield json.loads(said)
    process.terminate()
    process.wait(timeout=20)
    process.stdout.close()


def books(config: dict[str, Any]) -> dict[str, dict[str, int]]:
    told = httpx.get(f"{config['url']}/_simulators", timeout=30).json()
    return {each["vendor"]: each["books"] for each in told["simulators"]}


def wait_for(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_killed_again_and_again_nothing_is_paid_twice_and_nothing_paid_for_is_lost(
    simulators: dict[str, Any], start: Callable[..., Served]
) -> None:
    accounts = [account | {"expected_seconds": 4} for account in simulators["accounts"]]
    environment = {
        "FILMGATE_ACCOUNTS": json.dumps(accounts),
        "FILMGATE_ALLOWED_HOSTS": json.dumps(simulators["allowed_hosts"]),
    }
    server = start(**environment)
    made = subprocess.run(
        [sys.executable, "-m", "filmgate", "keys", "create", "--live", "--json", "--data", str(server.data)],
        capture_output=True,
        check=True,
    )
    server.key = json.loads(made.stdout)["key"]
    wanted = {vendor: VIDEOS_OF_EACH for vendor, _, _ in VENDORS}
    with server.http as http:
        for number in range(VIDEOS_OF_EACH):
            for _, model, _ in VENDORS:
                body = {"model": model, "prompt": f"a calm sea, take {number}", "conform": "native"}
                answer = http.post("/v1/videos", json=body)
                assert answer.status_code == 200, answer.text
    # All have reached the vendors; some replies may be on their way when the first shot falls.
    wait_for(lambda: {vendor: each["tasks"] for vendor, each in books(simulators).items()} == wanted, 60)
    for _ in range(KILLS):
        key = server.key
        server.kill()
        server = start(key=key, **environment)
        time.sleep(0.7)

    def finished() -> bool:
        with server.http as http:
            videos = http.get("/v1/videos?limit=100").json()["data"]
        return all(video["status"] in ("completed", "failed") for video in videos)

    wait_for(finished, 150)
    with server.http as http:
        videos = http.get("/v1/videos?limit=100").json()["data"]
        assert len(videos) == VIDEOS_OF_EACH * len(VENDORS)
        for video in videos:
            finds = next(finds for _, model, finds in VENDORS if model == video["model"])
            if video["status"] == "completed":
                content = http.get(f"/v1/videos/{video['id']}/content")
                assert content.headers["content-type"] == "video/mp4"
                assert len(content.content) == video["metadata"]["filmgate"]["size_bytes"]
            else:
                # Its reply was under way when the server died, and this vendor has no list to look into.
                assert not finds, video
                assert video["error"]["code"] == "outcome_unknown", video
    for vendor, told in books(simulators).items():
        assert (told["tasks"], told["submissions"], told["billed"]) == (VIDEOS_OF_EACH,) * 3, (vendor, told)
