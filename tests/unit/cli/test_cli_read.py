from __future__ import annotations

import json

import httpx
import pytest
from cli_harness import VIDEO_ID, Cli, FakeServer, answer, refusal, video

from filmgate.cli.exits import Exit

GET = f"GET /v1/videos/{VIDEO_ID}"


def page(count: int, *, start: int = 0, has_more: bool = False) -> httpx.Response:
    data = [video(id=f"video_{number}") for number in range(start, start + count)]
    return answer(
        {"object": "list", "data": data, "first_id": data[0]["id"], "last_id": data[-1]["id"], "has_more": has_more}
    )


def test_get_shows_the_facts(cli: Cli, server: FakeServer) -> None:
    server.on(GET, answer(video()))
    shown = dict(line.split(maxsplit=1) for line in cli("get", VIDEO_ID).stdout.splitlines())
    assert shown["status"] == "completed"
    assert shown["video"] == "1280x720, 24 fps, 5 s, seed 7, 1,234,567 bytes"
    assert shown["charged"] == "0 USD"


def test_get_as_json_is_the_servers_answer(cli: Cli, server: FakeServer) -> None:
    server.on(GET, answer(video()))
    assert cli("get", VIDEO_ID, "--json").json == video()


@pytest.mark.parametrize(("status", "exit_code"), [("completed", Exit.OK), ("failed", Exit.VIDEO_FAILED)])
def test_get_with_wait_ends_as_the_video_does(cli: Cli, server: FakeServer, status: str, exit_code: Exit) -> None:
    server.on(GET, answer(video("queued")), answer(video("in_progress")), answer(video(status)))
    ran = cli("get", VIDEO_ID, "--wait", "60", "--json")
    assert ran.exit_code == exit_code
    assert ran.json["status"] == status
    assert server.requests[1].headers["prefer"] == "wait=20"


def test_get_without_wait_only_looks(cli: Cli, server: FakeServer) -> None:
    server.on(GET, answer(video("failed", error={"code": "provider_failed", "message": "broken"})))
    ran = cli("get", VIDEO_ID)
    assert ran.exit_code == Exit.OK
    assert "provider_failed: broken" in ran.stdout


def test_get_gives_up_after_its_wait(cli: Cli, server: FakeServer) -> None:
    server.on(GET, answer(video("in_progress")))
    ran = cli("get", VIDEO_ID, "--wait", "2.5")
    assert ran.exit_code == Exit.TIMED_OUT
    assert cli.now == 2.5


def test_timeline(cli: Cli, server: FakeServer) -> None:
    events = [
        {"type": "video.queued", "at": 100.0, "index": None, "data": {"n": 1}},
        {"type": "attempt.started", "at": 101.25, "index": 0, "data": {}},
    ]
    server.on(GET, answer(video()))
    server.on(f"{GET}/timeline", answer({"object": "list", "data": events, "has_more": False}))
    lines = cli("get", VIDEO_ID, "--timeline").stdout.splitlines()
    assert lines[1].split(maxsplit=4) == ["0.000", "s", "-", "video.queued", '{"n": 1}']
    assert lines[2].split() == ["1.250", "s", "0", "attempt.started"]
    assert cli("get", VIDEO_ID, "--timeline", "--json").json["data"] == events


def test_list_shows_whole_ids_in_a_pipe(cli: Cli, server: FakeServer) -> None:
    server.on("GET /v1/videos", answer({"data": [video(prompt="fox [bold]" + "x" * 99)], "has_more": False}))
    row = cli("list").stdout.splitlines()[1]
    assert row.startswith(VIDEO_ID)
    assert row.rstrip().endswith("…")
    assert "fox [bold]xxx" in row


def test_list_passes_its_filters_on(cli: Cli, server: FakeServer) -> None:
    server.on("GET /v1/videos", page(1))
    cli("list", "--limit", "5", "--status", "failed", "--model", "m", "--user", "u", "--after", "video_9")
    assert dict(server.requests[0].url.params) == {
        "limit": "5",
        "status": "failed",
        "model": "m",
        "user": "u",
        "after": "video_9",
    }


def test_list_says_how_to_go_on(cli: Cli, server: FakeServer) -> None:
    server.on("GET /v1/videos", page(2, has_more=True))
    assert cli("list").stderr == "There are more: --after video_1, or --all\n"


def test_list_all_joins_the_pages(cli: Cli, server: FakeServer) -> None:
    server.on("GET /v1/videos", page(2, has_more=True), page(2, start=2, has_more=True), page(1, start=4))
    found = cli("list", "--all", "--json").json
    assert [one["id"] for one in found["data"]] == [f"video_{number}" for number in range(5)]
    assert (found["last_id"], found["has_more"]) == ("video_4", False)
    assert server.requests[2].url.params["after"] == "video_3"


def test_list_of_nothing(cli: Cli, server: FakeServer) -> None:
    server.on("GET /v1/videos", answer({"object": "list", "data": [], "has_more": False, "last_id": None}))
    ran = cli("list")
    assert (ran.exit_code, ran.stdout) == (Exit.OK, "")
    assert "filmgate create" in ran.stderr
    assert cli("list", "--all", "--json").json["data"] == []


def test_cancel(cli: Cli, server: FakeServer) -> None:
    server.on(f"POST /v1/videos/{VIDEO_ID}/cancel", answer(video("failed")))
    assert cli("cancel", VIDEO_ID).stdout == f"{VIDEO_ID} cancelled\n"
    assert cli("cancel", VIDEO_ID, "--json").json["status"] == "failed"


def test_delete_says_what_it_deleted_before_it_failed(cli: Cli, server: FakeServer) -> None:
    server.on("DELETE /v1/videos/a", answer({"id": "a", "object": "video.deleted", "deleted": True}))
    server.on("DELETE /v1/videos/b", refusal(404, "video_not_found", "no b"))
    ran = cli("delete", "a", "b", "c")
    assert (ran.exit_code, ran.stdout, ran.stderr) == (Exit.NOT_FOUND, "a deleted\n", "error: no b\n")
    ran = cli("delete", "a", "b", "--json")
    assert [one["id"] for one in ran.json["data"]] == ["a"]
    assert ran.error["code"] == "video_not_found"


def test_models_without_a_server_are_those_of_this_installation(cli: Cli, server: FakeServer) -> None:
    cli.environment |= {"FILMGATE_URL": None, "FILMGATE_API_KEY": None}
    ran = cli("models")
    assert ran.stdout.splitlines()[1].split()[:2] == ["animatic-1", "animatic"]
    assert "available" not in ran.stdout
    assert all(model["filmgate"]["available"] is None for model in cli("models", "--json").json["data"])
    assert cli("models", "no-such-model").exit_code == Exit.NOT_FOUND
    assert server.requests == []


def test_every_model_of_the_catalogue_can_be_shown(cli: Cli, server: FakeServer) -> None:
    cli.environment |= {"FILMGATE_URL": None, "FILMGATE_API_KEY": None}
    for model in cli("models", "--json").json["data"]:
        shown = cli("models", model["id"])
        assert shown.exit_code == Exit.OK, shown.stderr
        assert ("price source" in shown.stdout) is (model["filmgate"]["price"]["source"] is not None)


def test_a_price_is_told_in_its_unit(cli: Cli, server: FakeServer) -> None:
    cli.environment |= {"FILMGATE_URL": None, "FILMGATE_API_KEY": None}
    lines = {line.split()[0]: line for line in cli("models").stdout.splitlines()}
    assert "from $4/1M tokens" in lines["seedance-2.0"]
    assert "from $0.084/s" in lines["kling-3.0"]
    assert "$7.7/1M tokens (resolution 1080p)" in cli("models", "seedance-2.0").stdout


def test_models_of_a_server_say_what_is_available(cli: Cli, server: FakeServer) -> None:
    cli.environment |= {"FILMGATE_URL": None, "FILMGATE_API_KEY": None}
    found = json.loads(cli("models", "--json").stdout)
    for model in found["data"]:
        model["filmgate"] |= {"available": False, "unavailable_reason": "no account"}
    server.on("GET /v1/models", answer(found))
    server.on("GET /v1/models/animatic-1", answer(found["data"][0]))
    cli.environment |= {"FILMGATE_URL": "http://filmgate.test", "FILMGATE_API_KEY": "sk-test-x"}
    assert cli("models").stdout.splitlines()[1].split()[:3] == ["animatic-1", "animatic", "no"]
    assert "no: no account" in cli("models", "animatic-1").stdout
