"""`filmgate simulate` as people run it: a process of its own, real sockets, connections that really break."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import av
import httpx
import pytest

TASKS = "/contents/generations/tasks"
BODY = {
    "model": "doubao-seedance-1-5-pro-251215", "content": [{"type": "text", "text": "a cat yawns"}],
    "resolution": "480p", "ratio": "16:9", "duration": 4,
}  # fmt: skip


def start(*arguments: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "filmgate", "simulate", "--port", "0", "--speed", "500", "--json", *arguments],
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
    return process, json.loads(said)


def stop(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> int:
    process.send_signal(number)
    code = process.wait(timeout=20)
    assert process.stdout is not None
    process.stdout.close()
    return code


@pytest.fixture(scope="module")
def simulated() -> Generator[dict[str, Any]]:
    process, config = start("--vendor", "seedance", "--vendor", "kling")
    yield config
    stop(process)


@pytest.fixture
def control(simulated: dict[str, Any]) -> Generator[httpx.Client]:
    with httpx.Client(base_url=simulated["url"], timeout=30) as client:
        client.delete("/_simulators/faults")
        yield client


@pytest.fixture
def seedance(simulated: dict[str, Any], control: httpx.Client) -> Generator[httpx.Client]:
    account = simulated["accounts"][0]
    headers = {"authorization": f"Bearer {account['api_key']}"}
    with httpx.Client(base_url=account["base_url"], headers=headers, timeout=30) as client:
        yield client


def plan(control: httpx.Client, *faults: str) -> None:
    control.post("/_simulators/faults", json={"vendor": "seedance", "faults": faults}).raise_for_status()


def books(control: httpx.Client) -> Any:
    return control.get("/_simulators").json()["simulators"][0]["books"]


def finished(seedance: httpx.Client, **fields: Any) -> Any:
    """The record of a new task, asked for until it has an end."""
    task_id = seedance.post(TASKS, json=BODY | fields).json()["id"]
    for _ in range(2000):
        record = seedance.get(f"{TASKS}/{task_id}").json()
        if record["status"] not in ("queued", "running"):
            return record
    raise AssertionError("the task did not end")


def test_a_clip_can_be_played(seedance: httpx.Client, simulated: dict[str, Any]) -> None:
    link = finished(seedance)["content"]["video_url"]
    assert link.startswith(f"{simulated['url']}/seedance/files/")
    with av.open(io.BytesIO(httpx.get(link, timeout=30).content)) as container:
        video = container.streams.video[0]
        assert (video.width, video.height, video.frames, len(container.streams.audio)) == (864, 496, 96, 1)


def test_a_lost_reply_is_a_broken_connection_and_leaves_a_task(seedance: httpx.Client, control: httpx.Client) -> None:
    before = books(control)["tasks"]
    plan(control, "reset_before", "lost_reply")
    for tasks in (before, before + 1):
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            seedance.post(TASKS, json=BODY)
        assert books(control)["tasks"] == tasks
    assert seedance.post(TASKS, json=BODY).status_code == 200


def test_a_reply_that_breaks_in_the_middle(seedance: httpx.Client, control: httpx.Client) -> None:
    plan(control, "reset_during")
    with seedance.stream("POST", TASKS, json=BODY) as reply:
        assert reply.status_code == 200
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            reply.read()


def test_a_file_that_stalls_half_way(seedance: httpx.Client, control: httpx.Client) -> None:
    link = finished(seedance)["content"]["video_url"]
    # The first download makes the clip, which takes longer than the second may.
    whole = httpx.get(link, timeout=30).content
    plan(control, "file_slow")
    received = io.BytesIO()
    with httpx.stream("GET", link, timeout=2.0) as reply, pytest.raises(httpx.ReadTimeout):
        received.writelines(reply.iter_bytes())
    assert received.getvalue() == whole[: len(whole) // 2]
    assert httpx.get(link, timeout=30).content == whole


def test_a_callback_arrives(seedance: httpx.Client, control: httpx.Client) -> None:
    heard: list[dict[str, Any]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        server.timeout = 20
        record = finished(seedance, callback_url=f"http://127.0.0.1:{server.server_port}/hook")
        while not heard or heard[-1]["status"] != "succeeded":
            server.handle_request()
    assert heard[-1]["id"] == record["id"]
    assert books(control)["callbacks"] >= 1


def test_faults_of_the_command_line_and_a_clean_end() -> None:
    process, config = start("--vendor", "kling", "--fault", "out_of_balance:always", "--fault", "poll_500:20%")
    [simulator] = httpx.get(f"{config['url']}/_simulators", timeout=30).json()["simulators"]
    assert [rule["fault"] for rule in simulator["faults"]] == ["out_of_balance", "poll_500"]
    assert stop(process) == 0
    process, _ = start("--vendor", "kling")
    assert stop(process, signal.SIGINT) == 0
