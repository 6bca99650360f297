"""Model Studio's simulator over raw HTTP; the requests are those of its documents' examples."""

import re
from collections.abc import Iterable
from typing import Any

import pytest
from simulated_worlds import START, World, build_world, image, seen

from filmgate.simulators.faults import Fault
from filmgate.simulators.wan import FAULTS, wan_simulator

pytestmark = pytest.mark.anyio

HOST = "https://dashscope-intl.aliyuncs.com"
SUBMIT = "/api/v1/services/aigc/video-generation/video-synthesis"
FRAMES_SUBMIT = "/api/v1/services/aigc/image2video/video-synthesis"
ASYNC = {"x-dashscope-async": "enable"}
OSS = {"x-dashscope-ossresourceresolve": "enable"}
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"

TEXT = {
    "model": "wan2.6-t2v",
    "input": {"prompt": "A paper boat on a rainy street", "negative_prompt": "text"},
    "parameters": {"size": "1280*720", "duration": 5, "prompt_extend": True, "watermark": False, "seed": 7},
}
FRAME = {
    "model": "wan2.6-i2v-flash",
    "input": {"prompt": "It starts to sail", "img_url": "https://example.org/boat.png"},
    "parameters": {"resolution": "720P", "duration": 5, "audio": False},
}
TWO_FRAMES = {
    "model": "wan2.7-i2v",
    "input": {
        "prompt": "It sails away",
        "media": [
            {"type": "first_frame", "url": "https://example.org/a.png"},
            {"type": "last_frame", "url": "https://example.org/b.png"},
        ],
    },
    "parameters": {"resolution": "720P", "duration": 5},
}


def wan(faults: Iterable[Fault] = (), host: str = HOST) -> World:
    return build_world(wan_simulator, host, {"api_key": "sk-1"}, faults)


def uri(*size: int, kind: str = "PNG") -> str:
    return f"data:image/{kind.lower()};base64,{image(*size, kind=kind)}"


def body(model: str, given: dict[str, Any] | None = None, **parameters: Any) -> dict[str, Any]:
    return {"model": model, "input": {"prompt": "boats"} if given is None else given, "parameters": parameters}


def media(*kinds: str, url: str = "https://example.org/a") -> dict[str, Any]:
    return {"prompt": "boats", "media": [{"type": kind, "url": url} for kind in kinds]}


async def submit(world: World, request: Any, path: str = SUBMIT, **headers: str) -> Any:
    return await world.post(path, request, headers=ASYNC | headers)


async def created(world: World, request: Any = TEXT) -> str:
    return (await submit(world, request)).json()["output"]["task_id"]


async def output(world: World, task_id: str) -> dict[str, Any]:
    answer = await world.get(f"/api/v1/tasks/{task_id}")
    assert answer.status_code == 200
    return answer.json()["output"]


async def test_a_clip_from_submit_to_file() -> None:
    world = wan()
    answer = (await submit(world, TEXT)).json()
    task_id = answer["output"]["task_id"]
    assert answer == {"output": {"task_status": "PENDING", "task_id": task_id}, "request_id": answer["request_id"]}
    assert re.fullmatch(UUID, task_id)
    assert re.fullmatch(UUID, answer["request_id"])
    assert (await output(world, task_id))["task_status"] == "PENDING"

    await world.wait(3)
    running = {
        "task_id": task_id,
        "task_status": "RUNNING",
        "submit_time": "2026-11-18 19:06:40.000",
        "scheduled_time": "2026-11-18 19:06:42.000",
    }
    assert await output(world, task_id) == running

    await world.wait(10)
    told = (await world.get(f"/api/v1/tasks/{task_id}")).json()
    url = told["output"]["video_url"]
    assert told == {
        "request_id": told["request_id"],
        "output": {
            **running,
            "task_status": "SUCCEEDED",
            "end_time": "2026-11-18 19:06:52.000",
            "orig_prompt": "A paper boat on a rainy street",
            "actual_prompt": told["output"]["actual_prompt"],
            "video_url": url,
        },
        "usage": {
            "duration": 5,
            "output_video_duration": 5,
            "input_video_duration": 0,
            "video_count": 1,
            "SR": 720,
            "size": "1280*720",
            "audio": True,
        },
    }
    clip = await world.get(url, headers={"authorization": ""})
    assert clip.text == "clip of 1280x720, 5 s, with sound"
    assert (world.simulation.books.polls, world.simulation.books.queried) == (3, 3)


async def test_a_link_is_signed_once_and_dies() -> None:
    world = wan()
    task_id = await created(world)
    await world.wait(12)
    url = (await output(world, task_id))["video_url"]
    await world.wait(3600)
    assert (await output(world, task_id))["video_url"] == url
    assert (await world.get(url)).status_code == 200
    await world.wait(1)
    assert (await world.get(url)).status_code == 403


async def test_a_task_is_unknown_a_day_after_its_end() -> None:
    world = wan()
    task_id = await created(world)
    await world.wait(12 + 24 * 3600)
    assert (await output(world, task_id))["task_status"] == "SUCCEEDED"
    await world.wait(1)
    assert await output(world, task_id) == {"task_id": task_id, "task_status": "UNKNOWN"}
    assert await output(world, "0385dc79") == {"task_id": "0385dc79", "task_status": "UNKNOWN"}


async def test_without_the_header_nothing_runs() -> None:
    world = wan()
    answer = await world.post(SUBMIT, TEXT)
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidParameter")
    assert "does not support synchronous calls" in answer.json()["message"]
    assert not world.simulation.books.tasks


@pytest.mark.parametrize("key", ["", "sk-1", "Bearer sk-2"])
async def test_keys_that_are_not_taken(key: str) -> None:
    world = wan()
    for answer in (
        await submit(world, TEXT, authorization=key),
        await world.get("/api/v1/tasks/1", headers={"authorization": key}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (401, "InvalidApiKey")
        assert set(answer.json()) == {"code", "message", "request_id"}
    books = world.simulation.books
    assert (books.unauthorised, books.submissions, books.polls) == (2, 0, 0)


async def test_a_key_of_another_region_is_an_invalid_key() -> None:
    beijing = build_world(wan_simulator, "https://dashscope.aliyuncs.com", {"api_key": "sk-beijing"})
    answer = await submit(beijing, TEXT, authorization="Bearer sk-1")
    assert (answer.status_code, answer.json()["code"]) == (401, "InvalidApiKey")


VOICED = {"type": "reference_image", "url": uri(), "reference_voice": "https://example.org/a.wav"}
SMALL_PNG, LARGE_PNG = uri(359, 400), uri(2001, 400)


@pytest.mark.parametrize(
    ("request_body", "code"),
    [
        ([], "InvalidParameter"),
        ({}, "InvalidParameter"),
        (TEXT | {"n": 1}, "InvalidParameter"),
        (body("wan2.6-t2v", {}), "InvalidParameter"),
        (body("wan2.6-t2v", size="1280x720"), "InvalidParameter"),
        (body("wan2.6-t2v", size="832*480"), "InvalidParameter"),
        (body("wan2.6-t2v", resolution="720P"), "InvalidParameter"),
        (body("wan2.6-t2v", duration=6), "InvalidParameter"),
        (body("wan2.6-t2v", duration="5"), "InvalidParameter"),
        (body("wan2.6-t2v", audio=False), "InvalidParameter"),
        (body("wan2.6-t2v", shot_type="multi", prompt_extend=False), "InvalidParameter"),
        (body("wan2.5-t2v-preview", shot_type="multi"), "InvalidParameter"),
        (body("wan2.6-t2v", seed=2**31), "InvalidParameter"),
        (body("wan2.6-t2v", seed=-1), "InvalidParameter"),
        (body("wan2.6-t2v", seed=True), "InvalidParameter"),
        (body("wan2.6-t2v", {"prompt": "boats", "img_url": "https://example.org/a.png"}), "InvalidParameter"),
        (body("wan2.2-t2v-plus", {"prompt": "boats", "audio_url": "https://example.org/a.wav"}), "InvalidParameter"),
        (body("wan2.6-i2v"), "InvalidParameter"),
        (body("wan2.6-i2v", {"img_url": image()}), "InvalidURL"),
        (body("wan2.6-i2v", {"img_url": uri(kind="GIF")}), "InvalidImage.FileFormat"),
        (body("wan2.6-i2v", {"img_url": SMALL_PNG}), "InvalidImage.Resolution"),
        (body("wan2.6-i2v", {"img_url": LARGE_PNG}), "InvalidImage.Resolution"),
        (body("wan2.6-i2v", {"img_url": uri()}, resolution="720p"), "InvalidParameter"),
        (body("wan2.6-i2v", {"img_url": uri(), "audio_url": "data:audio/wav;base64,AAAA"}), "InvalidURL"),
        (body("wan2.6-r2v", {"prompt": "boats"}), "InvalidParameter"),
        (body("wan2.6-r2v", {"prompt": "boats", "reference_urls": [uri()] * 6}), "InvalidParameter"),
        (
            body("wan2.6-r2v", {"prompt": "boats", "reference_urls": ["https://example.org/a.mp4"] * 4}),
            "InvalidParameter",
        ),
        (body("wan2.7-t2v", media("first_frame")), "InvalidParameter"),
        (body("wan2.7-t2v", size="1280*720"), "InvalidParameter"),
        (body("wan2.7-t2v", resolution="480P"), "InvalidParameter"),
        (body("wan2.7-t2v", ratio="adaptive"), "InvalidParameter"),
        (body("wan2.7-i2v", media("last_frame")), "InvalidParameter"),
        (body("wan2.7-i2v", media("first_frame", "first_clip")), "InvalidParameter"),
        (body("wan2.7-i2v", media("first_frame", "first_frame")), "InvalidParameter"),
        (body("wan2.7-i2v", media("reference_image")), "InvalidParameter"),
        (body("wan2.7-r2v", media("first_frame")), "InvalidParameter"),
        (body("wan2.7-r2v", media(*["reference_image"] * 3, *["reference_video"] * 3)), "InvalidParameter"),
        (body("wan2.7-videoedit", media("reference_image")), "InvalidParameter"),
        (body("wan3.0-video", {}), "InvalidParameter"),
        (body("wan3.0-video", duration=31), "InvalidParameter"),
        (body("wan3.0-video", duration=1), "InvalidParameter"),
        (body("wan3.0-video", {"prompt": "boats", "negative_prompt": "text"}), "InvalidParameter"),
        (body("wan3.0-video", media("last_frame")), "InvalidParameter"),
        (body("wan3.0-video", media("first_frame", "reference_image")), "InvalidParameter"),
        (body("wan3.0-video", media(*["reference_image"] * 11)), "InvalidParameter"),
        (body("wan3.0-video", media("file", "link")), "InvalidParameter"),
        (body("wan3.0-video", media("file"), prompt_extend=False), "InvalidParameter"),
        (body("wan3.0-video", media("reference_video", url="data:video/mp4;base64,AAAA")), "InvalidURL"),
        (body("wan2.2-kf2v-flash", {"first_frame_url": uri(), "last_frame_url": uri()}), "InvalidParameter"),
    ],
)
async def test_bad_parameters(request_body: Any, code: str) -> None:
    world = wan()
    answer = await submit(world, request_body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not world.simulation.books.tasks


@pytest.mark.parametrize("model", ["wan9", "wanx-txt2video-pro", "wan2.1-t2v-huge"])
async def test_models_that_do_not_exist(model: str) -> None:
    answer = await submit(wan(), body(model))
    assert (answer.status_code, answer.json()["code"]) == (404, "ModelNotFound")


async def test_first_and_last_frames_have_a_path_of_their_own_up_to_2_2() -> None:
    request = body("wan2.2-kf2v-flash", {"first_frame_url": uri(500, 400), "last_frame_url": uri()})
    assert (await submit(wan(), request, FRAMES_SUBMIT)).status_code == 200
    answer = await submit(wan(), TEXT, FRAMES_SUBMIT)
    assert (answer.status_code, answer.json()["message"]) == (400, "url error, please check url!")


async def test_temporary_urls_need_a_header() -> None:
    request = body("wan2.6-i2v", {"img_url": "oss://dashscope-instant/a.png"})
    answer = await submit(wan(), request)
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidParameter.DataInspection")
    assert (await submit(wan(), request, **OSS)).status_code == 200


async def test_a_body_can_be_too_large() -> None:
    content = b" " * (64 << 20) + b"{}"
    answer = await wan().client.post(SUBMIT, content=content, headers=ASYNC)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("request_body", "size", "seconds", "audio"),
    [
        (body("wan2.6-t2v"), (1920, 1080), 5, True),
        (body("wan2.6-t2v-us", size="832*1088", duration=15), (832, 1088), 15, True),
        (body("wan2.2-t2v-plus", size="624*624"), (624, 624), 5, False),
        (body("wanx2.1-t2v-turbo"), (1280, 720), 5, False),
        (FRAME, (1280, 720), 5, False),
        (body("wan2.6-i2v-flash", {"img_url": uri(800, 400)}, duration=2), (2036, 1018), 2, True),
        (body("wan2.2-i2v-flash", {"img_url": uri(), "template": "flying"}), (960, 960), 5, False),
        (body("wanx2.1-i2v-turbo", {"img_url": uri(kind="BMP")}, resolution="480P", duration=3), (632, 632), 3, False),
        (
            body("wan2.6-r2v", {"prompt": "character1", "reference_urls": [uri(), "https://example.org/a.mp4"]}),
            (1920, 1080),
            5,
            True,
        ),
        (
            body("wan2.7-t2v", {"prompt": "a", "audio_url": "https://example.org/a.wav"}, ratio="4:3"),
            (1632, 1248),
            5,
            True,
        ),
        (TWO_FRAMES, (1280, 720), 5, True),
        (body("wan2.7-i2v", media("first_frame", "driving_audio")), (1920, 1080), 5, True),
        (
            body("wan2.7-r2v", {"prompt": "a", "media": [VOICED]}, ratio="1:1"),
            (1440, 1440),
            5,
            True,
        ),
        (body("wan2.7-videoedit", media("video", "reference_image"), audio_setting="origin"), (1920, 1080), 5, True),
        (body("wan3.0-video", resolution="480P", ratio="4:3"), (730, 548), 5, True),
        (body("wan3.0-video-prime", duration=-1, seed=-1, audio=False, ratio="adaptive"), (1920, 1080), 5, False),
        (
            body("wan3.0-video", {"media": [{"type": "first_frame", "url": uri()}]}, duration=30, resolution="720P"),
            (960, 960),
            30,
            True,
        ),
    ],
)
async def test_what_is_made(request_body: Any, size: tuple[int, int], seconds: int, audio: bool) -> None:
    world = wan()
    answer = await submit(world, request_body)
    assert answer.status_code == 200, answer.text
    data = world.simulation.books.tasks[answer.json()["output"]["task_id"]].data
    assert ((data["width_px"], data["height_px"]), data["duration_seconds"], data["audio"]) == (size, seconds, audio)


@pytest.mark.parametrize(
    ("request_body", "expected"),
    [
        (body("wan2.2-t2v-plus"), {"video_duration": 5, "size": "1920*1080", "SR": 1080, "video_count": 1}),
        (body("wan2.7-t2v", ratio="9:16"), {"video_ratio": "9:16", "duration": 5}),
        (
            body("wan3.0-video", media("reference_video", "reference_video"), duration=4),
            {"duration": 14, "input_video_duration": 10, "output_video_duration": 4},
        ),
    ],
)
async def test_usage(request_body: Any, expected: dict[str, Any]) -> None:
    world = wan()
    task_id = await created(world, request_body)
    await world.wait(20)
    usage = (await world.get(f"/api/v1/tasks/{task_id}")).json()["usage"]
    assert usage | expected == usage
    assert ("size" in usage) != ("video_ratio" in usage)


async def test_a_long_prompt_is_cut_in_silence() -> None:
    world = wan()
    task_id = await created(world, body("wan2.2-t2v-plus", {"prompt": "x" * 900}, prompt_extend=False))
    await world.wait(20)
    done = await output(world, task_id)
    assert done["orig_prompt"] == "x" * 800
    assert "actual_prompt" not in done


async def test_only_a_pending_task_can_be_cancelled() -> None:
    world = wan()
    first, second = [await created(world) for _ in range(2)]
    answer = await world.client.post(f"/api/v1/tasks/{first}/cancel")
    assert set(answer.json()) == {"request_id"}
    assert (await output(world, first))["task_status"] == "CANCELED"
    await world.wait(3)
    for task_id in (first, second, "none"):
        answer = await world.client.post(f"/api/v1/tasks/{task_id}/cancel")
        assert (answer.status_code, answer.json()["code"]) == (400, "UnsupportedOperation")
    assert world.simulation.books.cancels == 4
    await world.wait(24 * 3600)
    assert (await output(world, first))["task_status"] == "UNKNOWN"
    assert world.simulation.books.billed(world.time) == 1


async def test_the_list() -> None:
    world = wan()
    first = await created(world)
    await world.wait(30)
    second = await created(world, FRAME)
    answer = (await world.get("/api/v1/tasks/?page_size=1")).json()
    (newest,) = answer.pop("data")
    request_id = answer.pop("request_id")
    assert answer == {"total": 2, "total_page": 2, "page_no": 1, "page_size": 1}
    assert re.fullmatch(UUID, request_id)
    assert newest == {
        "api_key_id": "1",
        "caller_parent_id": "1000000000000001",
        "caller_uid": "1000000000000001",
        "gmt_create": int(START + 30) * 1000,
        "model_name": "wan2.6-i2v-flash",
        "region": "ap-southeast-1",
        "request_id": newest["request_id"],
        "status": "PENDING",
        "task_id": second,
        "user_api_unique_key": "apikey:v1:aigc:video-generation:video-synthesis:wan2.6-i2v-flash",
    }

    async def listed(query: str) -> list[str]:
        return [row["task_id"] for row in (await world.get(f"/api/v1/tasks/?{query}")).json()["data"]]

    assert await listed("page_no=2&page_size=1") == [first]
    assert await listed("status=SUCCEEDED") == [first]
    assert await listed("model_name=wan2.6-i2v-flash") == [second]
    assert await listed("start_time=20261118190641&end_time=20261118190720") == [second]
    assert await listed("api_key_id=2") == []
    (ended,) = (await world.get("/api/v1/tasks/?status=SUCCEEDED")).json()["data"]
    assert (ended["start_time"], ended["end_time"]) == (int(START + 2) * 1000, int(START + 12) * 1000)


@pytest.mark.parametrize(
    "query", ["page_no=0", "page_no=x", "start_time=2026", "start_time=20261101000000&end_time=20261102000001", "n=1"]
)
async def test_bad_queries_of_the_list(query: str) -> None:
    answer = await wan().get(f"/api/v1/tasks/?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "InvalidParameter")


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("https://dashscope.aliyuncs.com", "cn-beijing"),
        ("https://dashscope-us.aliyuncs.com", "us-east-1"),
        ("https://ws-1.cn-hongkong.maas.aliyuncs.com", "cn-hongkong"),
    ],
)
async def test_the_region_is_that_of_the_host(host: str, region: str) -> None:
    world = wan(host=host)
    await created(world)
    (row,) = (await world.get("/api/v1/tasks/")).json()["data"]
    assert row["region"] == region


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Fault.RATE_LIMITED, 429, "Throttling.RateQuota"),
        (Fault.TOO_MANY_TASKS, 429, "Throttling.AllocationQuota"),
        (Fault.OUT_OF_BALANCE, 400, "Arrearage"),
        (Fault.UNAUTHORISED, 401, "InvalidApiKey"),
        (Fault.MODERATED_SUBMIT, 400, "DataInspectionFailed"),
        (Fault.REFUSED_SUBMIT, 400, "InvalidParameter"),
        (Fault.UNKNOWN_MODEL, 404, "ModelNotFound"),
        (Fault.SUBMIT_500, 500, "InternalError"),
        (Fault.SUBMIT_503, 503, "ModelServingError"),
    ],
)
async def test_refused_submits_create_nothing(fault: Fault, status: int, code: str) -> None:
    world = wan([fault])
    answer = await submit(world, TEXT)
    assert (answer.status_code, answer.json()["code"], "output" in answer.json()) == (status, code, False)
    assert not world.simulation.books.tasks


async def test_a_timeout_at_submit_leaves_a_task_that_the_list_shows() -> None:
    world = wan([Fault.SUBMIT_504])
    answer = await submit(world, TEXT)
    assert (answer.status_code, answer.json()["code"]) == (504, "InternalError.Timeout")
    assert (await world.get("/api/v1/tasks/")).json()["total"] == 1


@pytest.mark.parametrize(
    ("fault", "code"), [(Fault.MODERATED_LATE, "DataInspectionFailed"), (Fault.FAILED_LATE, "InternalError")]
)
async def test_how_tasks_fail(fault: Fault, code: str) -> None:
    world = wan([fault])
    task_id = await created(world)
    await world.wait(20)
    told = (await world.get(f"/api/v1/tasks/{task_id}")).json()
    assert (told["output"]["task_status"], told["output"]["code"], "usage" in told) == ("FAILED", code, False)
    assert world.simulation.books.billed(world.time) == 0


async def test_a_stuck_task_is_forgotten_a_day_after_its_beginning() -> None:
    world = wan([Fault.STUCK])
    task_id = await created(world)
    await world.wait(24 * 3600)
    assert (await output(world, task_id))["task_status"] == "RUNNING"
    await world.wait(1)
    assert (await output(world, task_id))["task_status"] == "UNKNOWN"


async def test_a_young_task_is_unknown() -> None:
    world = wan([Fault.YOUNG_404])
    task_id = await created(world)
    assert (await output(world, task_id))["task_status"] == "UNKNOWN"
    assert (await output(world, task_id))["task_status"] == "PENDING"


@pytest.mark.parametrize("path", ["/api/v1/tasks/", "/api/v1/tasks/1"])
async def test_every_way_of_asking_can_end_at_a_proxy(path: str) -> None:
    answer = await wan([Fault.POLL_HTML]).get(path)
    assert (answer.status_code, answer.headers["content-type"][:9]) == (502, "text/html")


async def journey(world: World) -> list[Any]:
    """All that a client sees on the way to its clip."""
    views = [await seen(submit(world, TEXT))]
    task_id = next(iter(world.simulation.books.tasks), "none")
    for seconds in (1, 4, 20, 100):
        await world.wait(seconds)
        views.append(await seen(world.get(f"/api/v1/tasks/{task_id}")))
    found = re.search('"video_url":"([^"]*)"', str(views[-1]))
    views.append(await seen(world.get(found[1] if found else "/files/none/clip.mp4")))
    return views


@pytest.mark.parametrize("fault", list(Fault))
async def test_the_faults_that_change_what_a_client_sees_are_those_of_the_list(fault: Fault) -> None:
    assert (await journey(wan([fault])) != await journey(wan())) == (fault in FAULTS)
