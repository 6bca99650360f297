"""The same server on PostgreSQL: rows, queue and restart."""

from __future__ import annotations

from collections.abc import Callable

from .conftest import Served
from .test_crashes import CLIP, wait_until_done, wait_until_rendering


def test_a_clip_by_way_of_postgresql(start: Callable[..., Served], postgres_url: str) -> None:
    server = start(FILMGATE_DATABASE_URL=postgres_url)

    with server.http as http:
        small = CLIP | {"duration": 1, "size": "320x180"}
        video = http.post("/v1/videos", json=small, headers={"prefer": "wait=60"}).json()
        listed = http.get("/v1/videos?limit=1").json()["data"]

    assert video["status"] == "completed", video
    assert [item["id"] for item in listed] == [video["id"]]


def test_killed_during_a_render_on_postgresql_it_is_finished_after_the_next_start(
    start: Callable[..., Served], postgres_url: str
) -> None:
    first = start(FILMGATE_DATABASE_URL=postgres_url)
    with first.http as http:
        video_id = http.post("/v1/videos", json=CLIP).json()["id"]
    wait_until_rendering(first, video_id)
    first.kill()

    second = start(key=first.key, FILMGATE_DATABASE_URL=postgres_url)

    assert wait_until_done(second, video_id)["status"] == "completed"


def test_sigterm_on_postgresql_hands_the_video_to_the_next_server(
    start: Callable[..., Served], postgres_url: str
) -> None:
    first = start(FILMGATE_DATABASE_URL=postgres_url)
    with first.http as http:
        video_id = http.post("/v1/videos", json=CLIP).json()["id"]
    wait_until_rendering(first, video_id)
    assert first.terminate() == 0

    second = start(key=first.key, FILMGATE_DATABASE_URL=postgres_url)

    assert wait_until_done(second, video_id)["status"] == "completed"
