"""Reliability shown by killing the process, not by arguing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from .conftest import Served

# Long enough that no test can miss the time of its rendering.
CLIP = {
    "model": "animatic-1",
    "prompt": "a calm sea at sunset",
    "duration": 15,
    "size": "640x360",
    "fps": 24,
    "seed": 7,
}


def wait_until_rendering(server: Served, video_id: str) -> None:
    with server.http as http:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            video = http.get(f"/v1/videos/{video_id}").json()
            if video["status"] == "in_progress" and video["progress"] > 0:
                return
            assert video["status"] in ("queued", "in_progress"), video
        raise AssertionError("it never began to render")


def wait_until_done(server: Served, video_id: str) -> dict[str, object]:
    with server.http as http:
        return http.get(f"/v1/videos/{video_id}", headers={"prefer": "wait=60"}).json()


def test_killed_during_a_render_it_is_finished_after_the_next_start(start: Callable[..., Served]) -> None:
    first = start()
    with first.http as http:
        video_id = http.post("/v1/videos", json=CLIP).json()["id"]
    wait_until_rendering(first, video_id)
    first.kill()

    second = start(key=first.key)
    video = wait_until_done(second, video_id)

    assert video["status"] == "completed", video
    attempts = video["metadata"]["filmgate"]["attempts"]  # type: ignore[index]
    assert [attempt["status"] for attempt in attempts] == ["lost", "succeeded"]
    stored = sorted(path.name for path in (second.data / "media").rglob("*") if path.is_file())
    assert second.work_files_when_idle() == []
    assert stored == ["spritesheet.jpg", "thumbnail.webp", "video.mp4"]


def test_accepted_videos_survive_a_kill_right_after_the_answer(start: Callable[..., Served]) -> None:
    first = start()
    small = CLIP | {"duration": 0.5, "size": "64x64", "fps": 4}
    with first.http as http, ThreadPoolExecutor(8) as threads:
        ids = [
            answer.json()["id"]
            for answer in threads.map(lambda seed: http.post("/v1/videos", json=small | {"seed": seed}), range(24))
        ]
    first.kill()

    second = start(key=first.key)

    assert {wait_until_done(second, video_id)["status"] for video_id in ids} == {"completed"}


def test_sigterm_stops_cleanly_and_loses_nothing(start: Callable[..., Served]) -> None:
    first = start()
    with first.http as http:
        video_id = http.post("/v1/videos", json=CLIP).json()["id"]
    wait_until_rendering(first, video_id)

    assert first.terminate() == 0

    second = start(key=first.key)
    assert wait_until_done(second, video_id)["status"] == "completed"


def test_a_second_server_on_the_same_folder_is_refused_in_words(start: Callable[..., Served]) -> None:
    first = start()

    second = subprocess.run(
        [sys.executable, "-m", "filmgate", "serve", "--port", "0", "--data", str(first.data)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert second.returncode != 0
    assert "in use by another Filmgate process" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_public_address_needs_a_live_key(
    start: Callable[..., Served], tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = tmp_path_factory.mktemp("public")

    refused = subprocess.run(
        [sys.executable, "-m", "filmgate", "serve", "--host", "0.0.0.0", "--port", "0", "--data", str(data)],  # noqa: S104
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert refused.returncode != 0
    assert "filmgate keys create --live" in refused.stderr


def test_a_killed_renderer_is_replaced(start: Callable[..., Served]) -> None:
    server = start(FILMGATE_RENDER_SLOTS="1")
    with server.http as http:
        video_id = http.post("/v1/videos", json=CLIP).json()["id"]
    wait_until_rendering(server, video_id)

    children = subprocess.run(
        ["pgrep", "-P", str(server.process.pid), "-f", "filmgate.animatic.child"],
        capture_output=True,
        text=True,
        check=True,
    )
    for pid in children.stdout.split():
        subprocess.run(["kill", "-9", pid], check=True)

    video = wait_until_done(server, video_id)
    assert video["status"] == "completed", video


def test_a_default_model_that_is_unknown_is_refused_at_start(tmp_path_factory: pytest.TempPathFactory) -> None:
    data = tmp_path_factory.mktemp("typo")

    refused = subprocess.run(
        [sys.executable, "-m", "filmgate", "serve", "--port", "0", "--data", str(data)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env=os.environ | {"FILMGATE_DEFAULT_MODEL": "klingg-3.0"},
    )

    assert refused.returncode != 0
    assert "default_model" in refused.stderr
    assert "kling-3.0" in refused.stderr
    assert "Traceback" not in refused.stderr
