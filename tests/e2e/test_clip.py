"""From request to playable file, against a real server."""

from __future__ import annotations

import hashlib
import json
import time
from io import BytesIO
from typing import Any

import av
import httpx
import pytest
from PIL import Image

from .conftest import Served

SMALL = {
    "model": "animatic-1",
    "prompt": "a calm sea at sunset",
    "duration": 1,
    "size": "320x180",
    "fps": 12,
    "seed": 7,
}


def create_and_wait(server: Served, **fields: Any) -> dict[str, Any]:
    with server.http as http:
        video = http.post("/v1/videos", json=SMALL | fields, headers={"prefer": "wait=60"}).raise_for_status().json()
        assert video["status"] == "completed", video
        return video


@pytest.fixture(scope="module")
def video(server: Served) -> dict[str, Any]:
    return create_and_wait(server)


def measure(content: bytes) -> tuple[int, int, float, int]:
    """Width, height, frames per second, number of frames: decoded, every frame."""
    with av.open(BytesIO(content)) as container:
        stream = container.streams.video[0]
        frames = sum(1 for _ in container.decode(stream))
        assert stream.codec_context.name == "h264"
        assert stream.pix_fmt == "yuv420p"
        return stream.width, stream.height, float(stream.average_rate or 0), frames


def test_the_reference_request_gives_the_clip_it_asks_for(server: Served) -> None:
    fields = {
        "model": "kling-v1",
        "prompt": "An astronaut stood up and walked",
        "duration": "5",
        "width": "1280",
        "height": "720",
        "fps": "30",
        "seed": "20231234",
        "n": "1",
        "response_format": "url",
        "user": "user-1234",
        "metadata": json.dumps({"negative_prompt": "blurry", "style": "cinematic", "quality_level": "standard"}),
    }
    with server.http as http:
        files = {name: (None, value) for name, value in fields.items()}
        video = http.post("/v1/videos", files=files, headers={"prefer": "wait=60"}).json()
        content = httpx.get(video["metadata"]["url"]).content

    assert (video["status"], video["progress"], video["seconds"], video["size"]) == ("completed", 100, "5", "1280x720")
    assert measure(content) == (1280, 720, 30.0, 150)
    assert content.index(b"moov") < content.index(b"mdat"), "faststart: the index comes first"
    assert video["metadata"]["filmgate"]["sha256"] == hashlib.sha256(content).hexdigest()


def test_an_image_is_animated_from_its_first_frame(server: Served) -> None:
    picture = Image.linear_gradient("L").resize((640, 360)).convert("RGB")
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    with server.http as http:
        fields = {name: (None, str(value)) for name, value in SMALL.items()}
        files: Any = {**fields, "image": ("first.png", buffer.getvalue(), "image/png")}
        video = http.post("/v1/videos", files=files, headers={"prefer": "wait=60"}).json()
        content = httpx.get(video["metadata"]["url"]).content

    assert measure(content) == (320, 180, 12.0, 12)
    with av.open(BytesIO(content)) as container:
        first = next(container.decode(video=0)).to_image().convert("L").resize((32, 18))
    expected = picture.convert("L").resize((32, 18))
    difference = sum(abs(a - b) for a, b in zip(first.tobytes(), expected.tobytes(), strict=True)) / (32 * 18)
    assert difference < 12


def test_a_size_and_rate_that_the_model_does_not_make_are_conformed(server: Served) -> None:
    video = create_and_wait(server, model="kling-v2-1-master", duration=5, size="640x360", fps=12)

    facts = video["metadata"]["filmgate"]
    assert (video["size"], facts["fps"], facts["duration_seconds"]) == ("640x360", 12.0, 5.0)


def test_sound_caption_and_a_broadcast_rate_and_how_the_prompt_was_read(server: Served) -> None:
    video = create_and_wait(
        server,
        prompt="Shot 1: a storm at sea. Cut to: a red car in the desert",
        duration=2,
        fps=23.976,
        generate_audio=True,
        metadata={"caption": True},
    )

    facts = video["metadata"]["filmgate"]
    assert (facts["has_audio"], facts["warnings"]) == (True, [])
    assert facts["fps"] == pytest.approx(24000 / 1001, abs=1e-3)
    assert video["metadata"]["caption"] is True
    understood = facts["understood"]
    assert (understood["scene"], understood["weather"]) == ("sea", "storm")
    assert understood["shots"][1]["subjects"] == [{"kind": "car", "count": 1, "colour": "#d63a34"}]


def test_the_same_seed_gives_the_same_file(server: Served, video: dict[str, Any]) -> None:
    again = create_and_wait(server)
    other = create_and_wait(server, seed=8)

    digest = video["metadata"]["filmgate"]["sha256"]
    assert again["metadata"]["filmgate"]["sha256"] == digest
    assert other["metadata"]["filmgate"]["sha256"] != digest


def test_n_outputs_are_n_files(server: Served) -> None:
    video = create_and_wait(server, n=2)

    urls = video["metadata"]["urls"]
    digests = {hashlib.sha256(httpx.get(url).content).hexdigest() for url in urls}
    assert len(digests) == 2
    assert [output["status"] for output in video["metadata"]["filmgate"]["outputs"]] == ["completed"] * 2


def test_b64_json_holds_the_file(server: Served) -> None:
    import base64

    video = create_and_wait(server, response_format="b64_json")

    content = base64.b64decode(video["metadata"]["b64_json"])
    assert hashlib.sha256(content).hexdigest() == video["metadata"]["filmgate"]["sha256"]


def test_content_in_whole_and_in_parts(server: Served, video: dict[str, Any]) -> None:
    path = f"/v1/videos/{video['id']}/content"
    with server.http as http:
        whole = http.get(path)
        content, etag = whole.content, whole.headers["etag"]
        assert etag == f'"{hashlib.sha256(content).hexdigest()}"'
        assert whole.headers["content-type"] == "video/mp4"
        assert whole.headers["accept-ranges"] == "bytes"
        assert f"{video['id']}.mp4" in whole.headers["content-disposition"]

        head = http.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert int(head.headers["content-length"]) == len(content)

        part = http.get(path, headers={"range": "bytes=10-19"})
        assert (part.status_code, part.content) == (206, content[10:20])
        assert part.headers["content-range"] == f"bytes 10-19/{len(content)}"
        assert http.get(path, headers={"range": "bytes=-5"}).content == content[-5:]
        assert http.get(path, headers={"range": "bytes=10-"}).content == content[10:]

        several = http.get(path, headers={"range": "bytes=0-3,10-13"})
        assert several.status_code == 206
        assert several.headers["content-type"].startswith("multipart/byteranges")
        assert content[10:14] in several.content

        assert http.get(path, headers={"range": "bytes=0-3", "if-range": etag}).status_code == 206
        assert http.get(path, headers={"range": "bytes=0-3", "if-range": '"other"'}).status_code == 200
        assert http.get(path, headers={"if-none-match": etag}).status_code == 304

        beyond = http.get(path, headers={"range": f"bytes={len(content)}-"})
        assert beyond.status_code == 416
        assert beyond.headers["content-range"] == f"bytes */{len(content)}"
        assert beyond.json()["error"]["param"] == "range"


def test_previews(server: Served, video: dict[str, Any]) -> None:
    with server.http as http:
        thumbnail = http.get(f"/v1/videos/{video['id']}/content?variant=thumbnail")
        sheet = http.get(f"/v1/videos/{video['id']}/content?variant=spritesheet")
        unknown = http.get(f"/v1/videos/{video['id']}/content?variant=poster")

    assert thumbnail.headers["content-type"] == "image/webp"
    assert Image.open(BytesIO(thumbnail.content)).format == "WEBP"
    assert Image.open(BytesIO(sheet.content)).format == "JPEG"
    assert unknown.status_code == 400
    assert "thumbnail" in unknown.json()["error"]["message"]


def test_signed_links_work_without_a_key_and_only_for_their_file(server: Served, video: dict[str, Any]) -> None:
    url = video["metadata"]["url"]

    assert httpx.get(url).status_code == 200
    assert httpx.get(video["metadata"]["thumbnail_url"]).headers["content-type"] == "image/webp"
    for changed in (
        url.replace("variant=video", "variant=thumbnail"),
        url.replace("index=0", "index=1"),
        url.replace("expires=", "expires=9"),
        url[:-4] + "0000",
    ):
        refused = httpx.get(changed)
        assert refused.status_code in (400, 403), changed
        assert refused.json()["error"]["code"] in ("invalid_signature", "invalid_parameter")
    assert httpx.get(url.split("?")[0]).status_code == 401


def test_rehearsed_failures_and_waits(server: Served) -> None:
    with server.http as http:
        failing = SMALL | {"model": "kling-v1", "duration": 5, "size": "1280x720", "fps": 30}
        failing["metadata"] = {"rehearse": {"fail": "content_policy_violation"}}
        failed = http.post("/v1/videos", json=failing, headers={"prefer": "wait=30"}).json()
        started = time.monotonic()
        waiting = SMALL | {"metadata": {"rehearse": {"wait_seconds": 2}}}
        waited = http.post("/v1/videos", json=waiting, headers={"prefer": "wait=30"}).json()

    assert failed["status"] == "failed"
    assert failed["error"]["code"] == "content_policy_violation"
    assert waited["status"] == "completed"
    assert time.monotonic() - started >= 2


def test_progress_is_real_and_cancel_stops_within_a_second(server: Served) -> None:
    long = SMALL | {"duration": 60, "size": "1280x720", "fps": 30}
    with server.http as http:
        video_id = http.post("/v1/videos", json=long).json()["id"]
        seen: list[int] = []
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and len({*seen} - {0}) < 3:
            seen.append(http.get(f"/v1/videos/{video_id}", headers={"prefer": "wait=1"}).json()["progress"])
        cancelled = http.post(f"/v1/videos/{video_id}/cancel").json()
        events = http.get(f"/v1/videos/{video_id}/timeline").json()["data"]
        at = {event["type"]: event["at"] for event in events}

    assert seen == sorted(seen), "progress never falls"
    assert 0 < seen[-1] < 100
    assert (cancelled["status"], cancelled["error"]["code"]) == ("failed", "cancelled")
    assert at["output.failed"] - at["video.cancel_requested"] < 1.0


def test_a_deleted_video_leaves_no_file(server: Served) -> None:
    video = create_and_wait(server, seed=99)
    folder = server.data / "media" / "videos" / video["id"]
    assert list(folder.rglob("*.mp4"))

    with server.http as http:
        assert http.delete(f"/v1/videos/{video['id']}").json()["deleted"] is True

    assert not [path for path in folder.rglob("*") if path.is_file()]
    assert httpx.get(video["metadata"]["url"]).status_code == 404


def test_the_work_folder_is_empty_when_nothing_runs(server: Served, video: dict[str, Any]) -> None:
    with server.http as http:
        busy = http.get("/v1/videos?status=in_progress").json()["data"]

    assert busy == []
    assert server.work_files_when_idle() == []
