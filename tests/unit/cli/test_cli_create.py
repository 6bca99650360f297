from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from cli_harness import VIDEO_ID, Cli, FakeServer, answer, refusal, video

from filmgate.cli.exits import Exit

CLIP = b"a clip of some bytes" * 100
POST = "POST /v1/videos"
GET = f"GET /v1/videos/{VIDEO_ID}"
CONTENT = f"GET /v1/videos/{VIDEO_ID}/content"
CANCEL = f"POST /v1/videos/{VIDEO_ID}/cancel"


def stored(content: bytes = CLIP) -> httpx.Response:
    return httpx.Response(200, content=content, headers={"etag": f'"{hashlib.sha256(content).hexdigest()}"'})


def makes_a_clip(server: FakeServer, **changes: Any) -> None:
    server.on(POST, answer(video("queued")))
    server.on(GET, answer(video("in_progress")), answer(video(**changes)))
    server.on(CONTENT, lambda _request: stored())


def test_one_line_about_one_file(cli: Cli, server: FakeServer) -> None:
    makes_a_clip(server)
    ran = cli("create", "A red fox, in the snow!")
    assert ran.exit_code == Exit.OK, ran.stderr
    line = "a-red-fox-in-the-snow.mp4  1280x720, 24 fps, 5 s, seed 7, 1,234,567 bytes, made in 1.0 s\n"
    assert (ran.stdout, ran.stderr) == (line, "")
    assert Path("a-red-fox-in-the-snow.mp4").read_bytes() == CLIP
    assert [path.name for path in Path().iterdir()] == ["a-red-fox-in-the-snow.mp4"]


def test_json_is_the_video_and_its_files(cli: Cli, server: FakeServer) -> None:
    makes_a_clip(server)
    ran = cli("create", "fox", "--json")
    assert ran.json == video() | {"files": ["fox.mp4"], "took_seconds": 1.0}


def test_what_was_asked_is_what_is_sent(cli: Cli, server: FakeServer) -> None:
    makes_a_clip(server)
    options = [
        "--model", "kling-3.0", "--duration", "5", "--size", "1280x720", "--fps", "24", "--seed", "3", "-n", "1",
        "--negative-prompt", "rain", "--style", "noir", "--camera", "pan left", "--quality", "high", "--no-audio",
        "--user", "u1", "--metadata", '{"shot": 12}', "--option", "mode=pro", "--option", "cfg=0.5",
        "--on-mismatch", "nearest", "--conform", "native", "--image", "https://x.test/a.png",
    ]  # fmt: skip
    assert cli("create", "fox", *options).exit_code == Exit.OK
    assert json.loads(server.asked("POST")[0].content) == {
        "prompt": "fox", "model": "kling-3.0", "duration": 5.0, "size": "1280x720", "fps": 24, "seed": 3, "n": 1,
        "negative_prompt": "rain", "style": "noir", "camera": "pan left", "quality_level": "high",
        "generate_audio": False, "user": "u1", "metadata": {"shot": 12},
        "provider_options": {"mode": "pro", "cfg": 0.5}, "on_mismatch": "nearest", "conform": "native",
        "image": "https://x.test/a.png",
    }  # fmt: skip


def test_only_what_was_asked_is_sent(cli: Cli, server: FakeServer) -> None:
    makes_a_clip(server)
    cli("create", "fox")
    assert json.loads(server.asked("POST")[0].content) == {"prompt": "fox"}


def test_a_prompt_from_stdin(cli: Cli, server: FakeServer) -> None:
    makes_a_clip(server)
    cli("create", "-", stdin="a whale\n")
    assert json.loads(server.asked("POST")[0].content) == {"prompt": "a whale"}
    assert Path("a-whale.mp4").exists()


def test_local_images_are_sent_as_files(cli: Cli, server: FakeServer) -> None:
    makes_a_clip(server)
    Path("first.png").write_bytes(b"first picture")
    Path("last.jpg").write_bytes(b"last picture")
    cli("create", "fox", "--duration", "5", "--image", "first.png", "--last-frame", "last.jpg", "--option", "a=1")
    [request] = server.asked("POST")
    assert request.headers["content-type"].startswith("multipart/form-data")
    body = request.content.decode()
    assert 'name="image"; filename="first.png"\r\nContent-Type: image/png\r\n\r\nfirst picture' in body
    assert 'name="last_frame"; filename="last.jpg"' in body
    assert 'name="duration"\r\n\r\n5.0\r\n' in body
    assert 'name="provider_options"\r\n\r\n{"a": 1}\r\n' in body


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "say what to show"),
        (("fox", "--image", "nope.png"), "--image: cannot read the file 'nope.png' (No such file or directory)"),
        (("fox", "--last-frame", "."), "--last-frame: cannot read the file '.' (Is a directory)"),
        (("fox", "--metadata", "[1"), "--metadata: no valid JSON"),
        (("fox", "--metadata", "[1]"), "--metadata: '[1]' is no JSON object"),
        (("fox", "--option", "pro"), "--option: 'pro' has not the form name=value"),
        (("fox", "-o", "no/such/fox.mp4"), "-o: the folder no/such does not exist"),
        (("fox", "-o", "."), "-o: . is a folder"),
        (("fox", "-o", "/dev/null"), "-o: /dev/null is no regular file"),
        (("fox", "--data", "kept"), "--data: is for a server of this command's own"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_sent(
    cli: Cli, server: FakeServer, arguments: tuple[str, ...], told: str
) -> None:
    ran = cli("create", *arguments)
    assert ran.exit_code == Exit.USAGE
    assert told in ran.stderr
    assert server.requests == []


def test_a_folder_that_cannot_be_written_to_is_found_before_anything_is_sent(
    cli: Cli, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_options: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    ran = cli("create", "fox", "-o", "fox.mp4")
    assert ran.exit_code == Exit.USAGE
    assert "(Permission denied). Name another folder" in ran.stderr
    assert server.requests == []


def test_a_full_disk_is_found_before_anything_is_sent(
    cli: Cli, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("filmgate.cli.saving.LEAST_FREE_BYTES", 1 << 60)
    ran = cli("create", "fox")
    assert ran.exit_code == Exit.ERROR
    assert "MB are free" in ran.stderr
    assert server.requests == []


def test_a_lost_answer_is_asked_for_again_with_the_same_key(cli: Cli, server: FakeServer) -> None:
    makes_a_clip(server)
    server.on(POST, httpx.ReadError("reset"), refusal(503, "database_unavailable", "busy"), answer(video("queued")))
    assert cli("create", "fox").exit_code == Exit.OK
    sent = server.asked("POST")
    assert len(sent) == 3
    assert len({request.headers["idempotency-key"] for request in sent}) == 1
    assert sent[0].headers["idempotency-key"].startswith("cli-")


def test_two_commands_are_two_creates(cli: Cli, server: FakeServer) -> None:
    makes_a_clip(server)
    cli("create", "fox")
    cli("create", "fox")
    assert len({request.headers["idempotency-key"] for request in server.asked("POST")}) == 2


def test_a_key_of_the_callers_own(cli: Cli, server: FakeServer) -> None:
    makes_a_clip(server)
    cli("create", "fox", "--idempotency-key", "order-12")
    assert server.asked("POST")[0].headers["idempotency-key"] == "order-12"


def test_a_retry_waits_as_long_as_the_server_says(cli: Cli, server: FakeServer) -> None:
    makes_a_clip(server)
    busy = answer({"error": {"message": "busy", "code": "x"}}, 503, retry_after="9")
    server.on(POST, busy, answer(video("queued")))
    cli("create", "fox")
    assert cli.slept[0] == 9.0


def test_what_another_try_cannot_change_is_not_tried_again(cli: Cli, server: FakeServer) -> None:
    server.on(POST, refusal(503, "no_account", "no account for kling"))
    ran = cli("create", "fox")
    assert ran.exit_code == Exit.ERROR
    assert len(server.asked("POST")) == 1


def test_a_failed_video_is_exit_code_3(cli: Cli, server: FakeServer) -> None:
    failed = video("failed", error={"code": "content_policy_violation", "message": "no"})
    makes_a_clip(server)
    server.on(GET, answer(failed))
    ran = cli("create", "fox")
    assert ran.exit_code == Exit.VIDEO_FAILED
    assert ran.stderr == f"error: video {VIDEO_ID} failed (content_policy_violation): no\n"
    assert list(Path().iterdir()) == []
    ran = cli("create", "fox", "--json")
    assert (ran.json, ran.error["code"]) == (failed, "content_policy_violation")


def test_a_time_out_leaves_the_video_and_says_how_to_get_it(cli: Cli, server: FakeServer) -> None:
    server.on(POST, answer(video("queued")))
    server.on(GET, answer(video("in_progress")))
    ran = cli("create", "fox", "--timeout", "3")
    assert ran.exit_code == Exit.TIMED_OUT
    assert f"is in_progress (40 %) after 3 s. The video is not lost: `filmgate get {VIDEO_ID}" in ran.stderr
    assert cli.now == 3.0
    assert server.asked("GET")[0].headers["prefer"] == "wait=3"


def test_an_interrupt_leaves_the_video_and_says_how_to_get_it(cli: Cli, server: FakeServer) -> None:
    makes_a_clip(server)
    cli.on_sleep = interrupt
    ran = cli("create", "fox")
    assert ran.exit_code == Exit.INTERRUPTED
    assert f"`filmgate get {VIDEO_ID} --wait 600`" in ran.stderr
    assert len(server.asked("POST")) == 1


def test_an_interrupt_cancels_on_a_server_of_its_own(cli: Cli, server: FakeServer) -> None:
    makes_a_clip(server)
    server.on(CANCEL, answer(video("failed")))
    cli.environment["FILMGATE_URL"] = None
    cli.on_sleep = interrupt
    ran = cli("create", "fox")
    assert ran.exit_code == Exit.INTERRUPTED
    assert "was given up" in ran.stderr
    assert server.asked("POST")[-1].url.path.endswith("/cancel")


def test_an_interrupt_while_sending_tells_the_idempotency_key(cli: Cli, server: FakeServer) -> None:
    def stop(_request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    server.on(POST, stop)
    ran = cli("create", "fox")
    assert ran.exit_code == Exit.INTERRUPTED
    assert f"--idempotency-key {server.requests[0].headers['idempotency-key']}" in ran.stderr


def test_a_server_that_restarts_while_we_wait(cli: Cli, server: FakeServer) -> None:
    makes_a_clip(server)
    server.on(GET, *[httpx.ConnectError("refused")] * 5, answer(video()))
    assert cli("create", "fox").exit_code == Exit.OK


def test_a_server_that_stays_away_while_we_wait(cli: Cli, server: FakeServer) -> None:
    makes_a_clip(server)
    server.on(GET, httpx.ConnectError("refused"))
    ran = cli("create", "fox")
    assert ran.exit_code == Exit.ERROR
    assert "The video is not lost" in ran.stderr


def test_no_wait_prints_the_id(cli: Cli, server: FakeServer) -> None:
    server.on(POST, answer(video("queued")))
    ran = cli("create", "fox", "--no-wait")
    assert ran.stdout == f"{VIDEO_ID}\n"
    assert cli("create", "fox", "--no-wait", "--json").json["status"] == "queued"


def test_no_wait_needs_a_server_that_stays(cli: Cli, server: FakeServer) -> None:
    cli.environment["FILMGATE_URL"] = None
    ran = cli("create", "fox", "--no-wait")
    assert ran.exit_code == Exit.USAGE
    assert server.requests == []


def test_several_clips_are_numbered_and_failed_ones_left_out(cli: Cli, server: FakeServer) -> None:
    makes_a_clip(server)
    done = video()
    done["metadata"]["filmgate"]["outputs"] = [
        {"index": index, "status": status, "width": 64, "height": 64, "seed": index}
        for index, status in enumerate(["completed", "failed", "completed"])
    ]
    done["metadata"]["filmgate"]["warnings"] = ["output 1 failed and has no file"]
    server.on(GET, answer(done))
    ran = cli("create", "fox", "-n", "3")
    assert ran.stdout.splitlines() == [
        "fox-1.mp4  64x64, seed 0, made in 0.0 s",
        "fox-3.mp4  64x64, seed 2, made in 0.0 s",
    ]
    assert ran.stderr == "note: output 1 failed and has no file\n"
    assert [request.url.params["index"] for request in server.asked("GET") if "index" in request.url.params] == [
        "0",
        "2",
    ]


def test_adjustments_and_rehearsals_are_told(cli: Cli, server: FakeServer) -> None:
    makes_a_clip(server)
    done = video(model="kling-3.0")
    change = {"param": "duration", "asked": 4, "used": 5, "reason": "the nearest"}
    done["metadata"]["filmgate"]["adjustments"] = [change]
    server.on(GET, answer(done))
    told = cli("create", "fox").stderr.splitlines()
    assert told[0] == "note: duration 4 became 5: the nearest"
    assert told[1].startswith("note: a rehearsal")


def interrupt() -> None:
    raise KeyboardInterrupt
