"""Kling's simulator over raw HTTP; the requests are those of its documents' examples."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from typing import Any

import jwt
import pytest
from simulated_worlds import START, World, build_world, image, seen

from filmgate.simulators.faults import Fault
from filmgate.simulators.kit import standard_webhook
from filmgate.simulators.kling import FAULTS, kling_simulator

pytestmark = pytest.mark.anyio

HOST = "https://api-singapore.klingai.com"
SECRET = "a-secret-key-of-thirty-two-bytes"
WEBHOOK_SECRET = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="
KEYS = {"api_key": "api-key-kling-1", "access_key": "AK", "secret_key": SECRET, "webhook_secret": WEBHOOK_SECRET}
CALLBACK = "https://gw.ex.org/cb"

NEW_IMAGE = {
    "contents": [
        {"type": "prompt", "text": "waves at dusk"},
        {"type": "first_frame", "url": "https://ex.org/a.png"},
    ],
    "settings": {"resolution": "720p", "duration": 5, "audio": "off", "multi_shot": False},
    "options": {"external_task_id": "vid_01H", "callback_url": CALLBACK},
}
LEGACY_TEXT = {
    "model_name": "kling-v2-6",
    "prompt": "waves",
    "mode": "std",
    "duration": "5",
    "aspect_ratio": "16:9",
    "sound": "off",
    "external_task_id": "vid_01H",
}
TEXT_PATH = "/v1/videos/text2video"


def kling(faults: Iterable[Fault] = (), *, times: int | None = 1) -> World:
    return build_world(kling_simulator, HOST, KEYS, faults, times=times)


def token(**changes: Any) -> dict[str, str]:
    claims = {"iss": "AK", "exp": int(START) + 1800, "nbf": int(START) - 5, **changes}
    return {"authorization": f"Bearer {jwt.encode(claims, SECRET, 'HS256')}"}


def text(**settings: Any) -> dict[str, Any]:
    return {"prompt": "waves", "settings": settings}


def frames(*kinds: str, **settings: Any) -> dict[str, Any]:
    items = [{"type": kind, "url": image()} for kind in kinds]
    return {"contents": [{"type": "prompt", "text": "waves"}, *items], "settings": settings}


async def refused(world: World, path: str, body: Any, **options: Any) -> tuple[int, int]:
    answer = await world.post(path, body, **options)
    assert set(answer.json()) == {"code", "message", "request_id"}
    assert not world.simulation.books.tasks
    return answer.status_code, answer.json()["code"]


async def made(world: World, path: str, body: Any) -> dict[str, Any]:
    """What the model would make of a request that is accepted."""
    answer = await world.post(path, body)
    assert answer.status_code == 200, answer.text
    (task,) = world.simulation.books.tasks.values()
    return task.data


async def test_an_image_to_video_in_the_new_design() -> None:
    world = kling()
    answer = await world.post("/image-to-video/kling-3.0", NEW_IMAGE)
    created = answer.json()
    task_id = created["data"]["id"]
    now_ms = int(START * 1000)
    assert (answer.status_code, created["code"], created["message"]) == (200, 0, "SUCCEED")
    assert created["data"] == {
        "id": task_id,
        "status": "submitted",
        "create_time": now_ms,
        "update_time": now_ms,
        "external_id": "vid_01H",
    }

    await world.wait(3)
    (running,) = (await world.get(f"/tasks?task_ids={task_id}")).json()["data"]
    assert running == {
        **created["data"],
        "status": "processing",
        "message": "",
        "update_time": now_ms + 2000,
        "outputs": [],
    }

    await world.wait(10)
    (done,) = (await world.get("/tasks?external_task_ids=vid_01H")).json()["data"]
    assert (done["id"], done["status"], done["update_time"]) == (task_id, "succeeded", now_ms + 12000)
    (output,) = done["outputs"]
    assert (set(output), output["type"], output["duration"]) == ({"type", "id", "url", "duration"}, "video", "5.1")
    paid = {"charge_type": "unit", "amount": "3", "currency": "USD", "package_type": "video", "list_price": "0.420"}
    assert done["billing"] == [paid]
    assert (await world.get(output["url"])).text == "clip of 1280x720, 5.1 s, without sound"


async def test_a_text_to_video_in_the_legacy_design() -> None:
    world = kling()
    created = (await world.post(TEXT_PATH, LEGACY_TEXT)).json()["data"]
    now_ms = int(START * 1000)
    assert created == {
        "task_id": created["task_id"],
        "task_status": "submitted",
        "task_info": {"external_task_id": "vid_01H"},
        "created_at": now_ms,
        "updated_at": now_ms,
    }

    await world.wait(13)
    done = (await world.get(f"{TEXT_PATH}/vid_01H")).json()["data"]
    assert done == (await world.get(f"{TEXT_PATH}/{created['task_id']}")).json()["data"] | {
        "task_result": done["task_result"]
    }
    (video,) = done["task_result"]["videos"]
    assert (done["task_status"], done["final_unit_deduction"], set(video)) == (
        "succeed",
        "1.5",
        {"id", "url", "duration"},
    )


async def test_a_legacy_task_is_found_on_its_own_path_only() -> None:
    world = kling()
    created = (await world.post(TEXT_PATH, LEGACY_TEXT)).json()["data"]
    elsewhere = await world.get(f"/v1/videos/image2video/{created['task_id']}")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, 1203)
    assert (await world.get(f"/tasks?task_ids={created['task_id']}")).json()["data"] == []


async def test_unknown_tasks_and_wrong_queries_of_the_new_design() -> None:
    world = kling()
    unknown = await world.get("/tasks?task_ids=893605946402811985")
    assert (unknown.status_code, unknown.json()["data"]) == (200, [])
    for query in ("ids=1", "task_ids=1&external_task_ids=a", ""):
        answer = await world.get(f"/tasks?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, 1201)


async def test_an_external_task_id_is_taken_once() -> None:
    world = kling()
    await world.post("/image-to-video/kling-3.0", NEW_IMAGE)
    again = await world.post(TEXT_PATH, LEGACY_TEXT)
    assert (again.status_code, again.json()["code"]) == (400, 1201)
    assert (len(world.simulation.books.tasks), world.simulation.books.submissions) == (1, 2)


async def test_several_tasks_in_one_poll() -> None:
    world = kling()
    ids = [(await world.post("/text-to-video/kling-3.0", text())).json()["data"]["id"] for _ in range(3)]
    told = (await world.get(f"/tasks?task_ids={','.join([*ids, '1'])}")).json()["data"]
    assert [task["id"] for task in told] == ids
    assert (world.simulation.books.polls, world.simulation.books.queried) == (1, 4)


async def test_the_list_of_the_new_design_goes_on_from_its_cursor() -> None:
    world = kling()
    ids = []
    for number in range(3):
        world.time = START + number
        ids.append((await world.post("/text-to-video/kling-3.0", text())).json()["data"]["id"])
    first = (await world.post("/tasks", {"limit": 2})).json()["data"]
    assert ([task["id"] for task in first["result"]], first["count"], first["has_more"]) == (ids[:0:-1], 3, True)
    rest = (await world.post("/tasks", {"limit": 2, "cursor": first["next_cursor"]})).json()["data"]
    assert ([task["id"] for task in rest["result"]], rest["has_more"]) == (ids[:1], False)
    early = (await world.post("/tasks", {"start_time": START * 1000, "end_time": START * 1000 + 500})).json()["data"]
    assert [task["id"] for task in early["result"]] == ids[:1]
    await world.wait(2.5)
    running = {"filters": [{"key": "status", "values": ["processing"]}]}
    assert len((await world.post("/tasks", running)).json()["data"]["result"]) == 3
    motion = {"filters": [{"key": "product_type", "values": ["motion-control"]}]}
    assert (await world.post("/tasks", motion)).json()["data"]["result"] == []
    assert (await world.post("/tasks", {"limit": 501})).json()["code"] == 1201
    assert (await world.post("/tasks", {"cursor": "x"})).json()["code"] == 1201


async def test_the_legacy_list_has_pages() -> None:
    world = kling()
    ids = []
    for number in range(3):
        body = LEGACY_TEXT | {"external_task_id": str(number)}
        ids.append((await world.post(TEXT_PATH, body)).json()["data"]["task_id"])
    page = (await world.get(f"{TEXT_PATH}?pageNum=2&pageSize=2")).json()["data"]
    assert [task["task_id"] for task in page] == ids[:1]
    assert (await world.get("/v1/videos/image2video")).json()["data"] == []
    assert (await world.get(f"{TEXT_PATH}?pageNum=0")).json()["code"] == 1201


async def test_files_are_cleared_after_thirty_days_and_lists_end_there() -> None:
    world = kling()
    task_id = (await world.post("/text-to-video/kling-3.0", text())).json()["data"]["id"]
    await world.wait(30 * 24 * 3600 + 60)
    (done,) = (await world.get(f"/tasks?task_ids={task_id}")).json()["data"]
    assert done["status"] == "succeeded"
    assert (await world.get(done["outputs"][0]["url"])).status_code == 404
    assert (await world.post("/tasks", {})).json()["data"]["result"] == []


async def test_a_watermarked_copy_where_one_is_asked_for() -> None:
    world = kling()
    body = text() | {"options": {"watermark_info": {"enabled": True}}}
    task_id = (await world.post("/text-to-video/kling-3.0", body)).json()["data"]["id"]
    await world.wait(20)
    (done,) = (await world.get(f"/tasks?task_ids={task_id}")).json()["data"]
    assert (await world.get(done["outputs"][0]["watermark_url"])).status_code == 200


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"authorization": ""}, 1001),
        ({"authorization": "Basic abc"}, 1001),
        ({"authorization": "Bearer api-key-kling-of-another-region"}, 1002),
        (token(iss="another"), 1002),
        (token(nbf=int(START) + 60), 1003),
        (token(exp=int(START)), 1004),
        (token(exp="soon"), 1004),
        ({"authorization": f"Bearer {jwt.encode({'iss': 'AK'}, 'another-secret-of-thirty-two-byte')}"}, 1000),
    ],
)
async def test_keys_that_are_not_taken(headers: dict[str, str], code: int) -> None:
    world = kling()
    for call in (world.post(TEXT_PATH, LEGACY_TEXT, headers=headers), world.get(f"{TEXT_PATH}/1", headers=headers)):
        answer = await call
        assert (answer.status_code, answer.json()["code"]) == (401, code)
    books = world.simulation.books
    assert (books.unauthorised, books.submissions, books.polls, books.tasks) == (2, 0, 0, {})


async def test_a_signed_token_is_for_legacy_paths_only() -> None:
    world = kling()
    assert (await world.post(TEXT_PATH, LEGACY_TEXT, headers=token())).status_code == 200
    for call in (
        world.post("/text-to-video/kling-3.0", text(), headers=token()),
        world.get("/tasks?task_ids=1", headers=token()),
    ):
        answer = await call
        assert (answer.status_code, answer.json()["code"]) == (401, 1002)


async def test_a_key_of_another_region_is_unknown() -> None:
    beijing = build_world(kling_simulator, "https://api-beijing.klingai.com", {"api_key": "api-key-kling-2"})
    answer = await beijing.get("/tasks?task_ids=1", headers={"authorization": "Bearer api-key-kling-1"})
    assert answer.status_code == 401
    assert answer.json() | {"request_id": ""} == {"code": 1002, "message": "api key not found", "request_id": ""}
    assert (await beijing.get(f"{TEXT_PATH}/1", headers=token())).json()["code"] == 1002


async def test_paths_that_do_not_exist() -> None:
    world = kling()
    answer = await world.post("/v1/videos/lip-sync", {})
    assert (answer.status_code, answer.json()["code"]) == (404, 1202)


FIRST = [{"type": "first_frame", "url": image()}]
NARROW = image(512, 100)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/text-to-video/kling-3.0", {}),
        ("/text-to-video/kling-3.0", []),
        ("/text-to-video/kling-3.0", {"prompt": "x" * 3073}),
        ("/text-to-video/kling-2.6", {"prompt": "x" * 2501}),
        ("/text-to-video/kling-3.0", text(duration="5")),
        ("/text-to-video/kling-3.0", text(duration=5.0)),
        ("/text-to-video/kling-3.0", text(duration=16)),
        ("/text-to-video/kling-2.6", text(duration=6)),
        ("/text-to-video/kling-3.0", text(resolution="1080P")),
        ("/text-to-video/kling-3.0-turbo", text(resolution="4k")),
        ("/text-to-video/kling-3.0-turbo", text(audio="native")),
        ("/text-to-video/kling-3.0", text(audio="original")),
        ("/text-to-video/kling-2.6", text(audio="native", resolution="720p")),
        ("/text-to-video/kling-2.6", text(multi_shot=False)),
        ("/text-to-video/kling-3.0", text(aspect_ratio="21:9")),
        ("/text-to-video/kling-3.0", text(multi_shot="false")),
        ("/text-to-video/kling-3.0", text() | {"negative_prompt": "text"}),
        ("/text-to-video/kling-3.0", text() | {"settings": 5}),
        ("/text-to-video/kling-3.0", text() | {"options": {"watermark_info": {"on": True}}}),
        ("/text-to-video/kling-3.0", {"prompt": "shot 1, 3, a; shot 2, 3, b;"}),
        ("/text-to-video/kling-3.0", {"prompt": "shot 1, 5, " + "a" * 513 + ";"}),
        ("/image-to-video/kling-3.0", frames()),
        ("/image-to-video/kling-3.0", frames("last_frame")),
        ("/image-to-video/kling-3.0", frames("first_frame", "first_frame")),
        ("/image-to-video/kling-3.0", frames("first_frame", aspect_ratio="16:9")),
        ("/image-to-video/kling-3.0-turbo", frames("first_frame", "last_frame")),
        ("/image-to-video/kling-2.6", frames("first_frame", "last_frame", resolution="720p")),
        ("/image-to-video/kling-3.0", frames("refer_image")),
        ("/image-to-video/kling-3.0", {"contents": ["first_frame"]}),
        ("/image-to-video/kling-3.0", {"contents": {"type": "first_frame"}}),
        ("/image-to-video/kling-3.0", {"contents": [{"type": "first_frame", "url": "ftp://ex.org/a.png"}]}),
        (
            "/image-to-video/kling-3.0",
            {"contents": [{"type": "first_frame", "url": "data:image/png;base64," + image()}]},
        ),
        ("/image-to-video/kling-3.0", {"contents": [{"type": "first_frame", "url": image(kind="WEBP")}]}),
        ("/image-to-video/kling-3.0", {"contents": [{"type": "first_frame", "url": NARROW}]}),
        ("/image-to-video/kling-3.0", {"contents": [{"type": "first_frame", "url": image(299, 299)}]}),
        ("/image-to-video/kling-3.0", {"contents": [{"type": "first_frame", "url": image(1000, 390)}]}),
        ("/image-to-video/kling-3.0", {"contents": [{"type": "first_frame", "url": "aGVsbG8="}]}),
        ("/image-to-video/kling-2.5-turbo", frames("first_frame") | {"prompt": "waves"}),
        ("/image-to-video/kling-2.6", {"contents": FIRST + [{"type": "voice", "voice_id": "1"}] * 3}),
        ("/omni-video/kling-3.0-omni", frames("last_frame")),
        ("/omni-video/kling-o1", frames("first_frame", duration=6)),
        ("/omni-video/kling-o1", frames(*["refer_image"] * 8)),
        ("/omni-video/kling-o1", frames(audio="native")),
        ("/omni-video/kling-o1", {"contents": [{"type": "first_frame", "url": image()}]}),
        ("/motion-control/kling-3.0", frames("image")),
        ("/motion-control/kling-3.0", frames("image") | {"settings": {"character_orientation": "image"}}),
        (TEXT_PATH, LEGACY_TEXT | {"duration": 5}),
        (TEXT_PATH, LEGACY_TEXT | {"duration": "7"}),
        (TEXT_PATH, LEGACY_TEXT | {"mode": "4k"}),
        (TEXT_PATH, LEGACY_TEXT | {"sound": "on"}),
        (TEXT_PATH, LEGACY_TEXT | {"sound": True}),
        (TEXT_PATH, LEGACY_TEXT | {"enable_audio": True}),
        (TEXT_PATH, LEGACY_TEXT | {"cfg_scale": 0.5}),
        (TEXT_PATH, LEGACY_TEXT | {"model_name": "kling-v3", "cfg_scale": 1.5}),
        (TEXT_PATH, LEGACY_TEXT | {"camera_control": {"type": "simple"}}),
        (TEXT_PATH, LEGACY_TEXT | {"prompt": " "}),
        (TEXT_PATH, LEGACY_TEXT | {"negative_prompt": "x" * 2501}),
        ("/v1/videos/image2video", {"model_name": "kling-v3", "prompt": "waves"}),
        ("/v1/videos/image2video", {"model_name": "kling-v3", "image": "data:image/png;base64," + image()}),
        ("/v1/videos/image2video", {"model_name": "kling-v3", "image": image(), "aspect_ratio": "16:9"}),
        ("/v1/videos/image2video", {"model_name": "kling-v2-5-turbo", "image": image(), "image_tail": image()}),
        ("/v1/videos/omni-video", {"model_name": "kling-v3-omni", "prompt": "waves"}),
        (
            "/v1/videos/omni-video",
            {
                "model_name": "kling-v3-omni",
                "prompt": "waves",
                "sound": "on",
                "video_list": [{"video_url": "https://ex.org/a.mp4"}],
            },
        ),
        (
            "/v1/videos/omni-video",
            {"model_name": "kling-v3-omni", "prompt": "a", "video_list": [{"video_url": "aGVsbG8="}]},
        ),
        (
            "/v1/videos/omni-video",
            {"prompt": "waves", "image_list": [{"image_url": image(), "type": "end_frame"}]},
        ),
        ("/v1/videos/omni-video", {"prompt": "a", "aspect_ratio": "1:1", "image_list": [{"image_url": image()}] * 8}),
        (TEXT_PATH, {"model_name": "kling-v3", "multi_shot": True, "shot_type": "customize"}),
        (
            TEXT_PATH,
            {
                "model_name": "kling-v3",
                "multi_shot": True,
                "shot_type": "customize",
                "multi_prompt": [{"index": 1, "prompt": "a", "duration": "4"}],
            },
        ),
    ],
)
async def test_bad_parameters(path: str, body: Any) -> None:
    assert await refused(kling(), path, body) == (400, 1201)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/text-to-video/kling-9", text()),
        ("/text-to-video/kling-o1", text()),
        ("/motion-control/kling-3.0-turbo", {}),
        (TEXT_PATH, {"prompt": "waves"}),
        (TEXT_PATH, {"model": "kling-v3", "prompt": "waves"}),
        (TEXT_PATH, {"model_name": "kling-v3-turbo", "prompt": "waves"}),
        (TEXT_PATH, {"model_name": "kling-v3-omni", "prompt": "waves"}),
        ("/v1/videos/multi-image2video", {"model_name": "kling-v1-6", "prompt": "waves"}),
    ],
)
async def test_models_that_are_unknown_or_gone(path: str, body: Any) -> None:
    assert await refused(kling(), path, body) == (404, 1203)


async def test_the_default_of_the_legacy_model_name_is_discontinued() -> None:
    answer = await kling().post(TEXT_PATH, {"prompt": "waves"})
    assert answer.json()["message"] == "The model 'kling-v1' has been discontinued and is no longer available."


@pytest.mark.parametrize(
    ("path", "body", "size", "seconds", "audio", "units"),
    [
        ("/text-to-video/kling-3.0", text(), (1280, 720), 5.1, False, 3),
        ("/text-to-video/kling-3.0", text(resolution="4k", duration=3), (3840, 2160), 3.1, False, 9),
        ("/text-to-video/kling-3.0", text(aspect_ratio="9:16", audio="native"), (720, 1280), 5.1, True, 4.5),
        ("/text-to-video/kling-3.0", {"prompt": "shot 1, 2, a; shot 2, 3, b;"}, (1280, 720), 5.1, False, 3),
        ("/text-to-video/kling-3.0-turbo", text(aspect_ratio="1:1"), (720, 720), 5.1, True, 4),
        ("/text-to-video/kling-2.6", text(audio="native", resolution="1080p"), (1920, 1080), 5.1, True, 5),
        ("/image-to-video/kling-2.5-turbo", frames("first_frame", duration=10), (720, 720), 10.1, False, 3),
        (
            "/image-to-video/kling-3.0",
            {"contents": [{"type": "first_frame", "url": image(900, 600, "JPEG")}]},
            (1080, 720),
            5.1,
            False,
            3,
        ),
        ("/image-to-video/kling-3.0", frames("first_frame", "last_frame"), (720, 720), 5.1, False, 3),
        (
            "/image-to-video/kling-2.6",
            {
                "contents": [
                    {"type": "first_frame", "url": image()},
                    {"type": "voice", "voice_id": "1"},
                ],
                "settings": {"resolution": "1080p", "audio": "native"},
            },
            (1080, 1080),
            5.1,
            True,
            5,
        ),
        (
            "/omni-video/kling-3.0-omni",
            {
                "contents": [
                    {"type": "prompt", "text": "@image_1 waves"},
                    {"type": "refer_image", "url": image(), "id": "image_1"},
                    {"type": "element", "element_id": "7", "id": "element_1"},
                    {"type": "feature_video", "url": "https://ex.org/a.mp4"},
                ],
                "settings": {"aspect_ratio": "1:1"},
            },
            (720, 720),
            5.1,
            False,
            4.5,
        ),
        (
            "/motion-control/kling-2.6",
            {
                "contents": [
                    {"type": "image", "url": image()},
                    {"type": "video", "url": "https://ex.org/a.mp4"},
                ],
                "settings": {"character_orientation": "image", "audio": "original"},
            },
            (720, 720),
            5.1,
            True,
            1.5,
        ),
        (TEXT_PATH, LEGACY_TEXT, (1280, 720), 5.1, False, 1.5),
        (TEXT_PATH, LEGACY_TEXT | {"mode": "pro", "sound": "on"}, (1920, 1080), 5.1, True, 5),
        (TEXT_PATH, {"model_name": "kling-v3", "prompt": "a", "mode": "4k"}, (3840, 2160), 5.1, False, 15),
        (
            TEXT_PATH,
            {
                "model_name": "kling-v3",
                "duration": "3",
                "multi_shot": True,
                "shot_type": "customize",
                "multi_prompt": [
                    {"index": 1, "prompt": "a", "duration": "1"},
                    {"index": 2, "prompt": "b", "duration": "2"},
                ],
            },
            (1280, 720),
            3.1,
            False,
            1.8,
        ),
        (
            "/v1/videos/image2video",
            {"model_name": "kling-v2-5-turbo", "image": image(), "image_tail": image(), "mode": "pro"},
            (1080, 1080),
            5.1,
            False,
            2.5,
        ),
        (
            "/v1/videos/omni-video",
            {"prompt": "a", "image_list": [{"image_url": "https://ex.org/a.png", "type": "first_frame"}]},
            (1920, 1080),
            5.1,
            False,
            4,
        ),
    ],
)
async def test_what_is_made_and_what_it_costs(
    path: str, body: Any, size: tuple[int, int], seconds: float, audio: bool, units: float
) -> None:
    data = await made(kling(), path, body)
    assert ((data["width_px"], data["height_px"]), data["duration_seconds"], data["audio"]) == (size, seconds, audio)
    assert data["units"] == pytest.approx(units)


def signed(headers: dict[str, str], body: bytes) -> bool:
    """The scheme by hand, so that no library vouches for itself."""
    key = base64.b64decode(WEBHOOK_SECRET.removeprefix("whsec_"))
    message = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
    return headers["webhook-signature"] == f"v1,{wanted}"


def test_signatures_are_those_of_the_vendors_example() -> None:
    body = (
        b'{"id":"1234567890","status":"succeeded","message":"","create_time":1781080778802,"update_time":1781080794151}'
    )
    headers = standard_webhook(WEBHOOK_SECRET, "9876543210", 1781080794, body)
    assert headers["webhook-signature"] == "v1,UsKlJP00XoQyOn410NM9xv34sP+Gl0jnOO9Lcpr7NJ4="
    assert signed(headers, body)


async def test_every_change_of_status_is_called_back() -> None:
    world = kling()
    task_id = (await world.post("/image-to-video/kling-3.0", NEW_IMAGE)).json()["data"]["id"]
    for _ in range(4):
        await world.wait(0)
        await world.wait(4)
    assert [heard.json["status"] for heard in world.heard] == ["submitted", "processing", "succeeded"]
    assert {heard.url for heard in world.heard} == {CALLBACK}
    assert all(signed(heard.headers, heard.body) for heard in world.heard)
    last = world.heard[-1].json
    (polled,) = (await world.get(f"/tasks?task_ids={task_id}")).json()["data"]
    assert last == polled | {"outputs": last["outputs"]}
    assert (await world.get(last["outputs"][0]["url"])).status_code == 200


async def test_legacy_callbacks_are_flat_and_unsigned_without_a_secret() -> None:
    world = build_world(kling_simulator, HOST, {"api_key": "k"}, [Fault.MODERATED_LATE])
    await world.post(TEXT_PATH, LEGACY_TEXT | {"callback_url": CALLBACK})
    await world.wait(60)
    (heard,) = world.heard
    assert heard.headers == {"content-type": "application/json"}
    assert (heard.json["task_status"], heard.json["task_status_msg"]) == (
        "failed",
        "Failure to pass the risk control system",
    )
    assert heard.json["task_info"] == {"external_task_id": "vid_01H"}


async def test_a_forged_callback_is_not_signed_right() -> None:
    world = kling([Fault.CALLBACK_FORGED])
    await world.post("/image-to-video/kling-3.0", NEW_IMAGE)
    await world.wait(3)
    lie, truth = world.heard
    assert (lie.json["status"], signed(lie.headers, lie.body)) == ("failed", False)
    assert (truth.json["status"], signed(truth.headers, truth.body)) == ("processing", True)


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Fault.RATE_LIMITED, 429, 1302),
        (Fault.TOO_MANY_TASKS, 429, 1303),
        (Fault.OUT_OF_BALANCE, 429, 1102),
        (Fault.UNAUTHORISED, 401, 1000),
        (Fault.MODERATED_SUBMIT, 400, 1301),
        (Fault.REFUSED_SUBMIT, 400, 1201),
        (Fault.UNKNOWN_MODEL, 404, 1203),
        (Fault.SUBMIT_500, 500, 5000),
        (Fault.SUBMIT_503, 503, 5001),
    ],
)
async def test_refused_submits_create_nothing(fault: Fault, status: int, code: int) -> None:
    assert await refused(kling([fault]), "/text-to-video/kling-3.0", text()) == (status, code)


async def test_a_timeout_at_submit_leaves_a_task_that_its_external_id_finds() -> None:
    world = kling([Fault.SUBMIT_504])
    answer = await world.post("/image-to-video/kling-3.0", NEW_IMAGE)
    assert (answer.status_code, answer.json()["code"]) == (504, 5002)
    (found,) = (await world.get("/tasks?external_task_ids=vid_01H")).json()["data"]
    assert found["id"] in world.simulation.books.tasks


async def test_a_submit_without_an_id() -> None:
    new = await kling([Fault.SUBMIT_WITHOUT_ID]).post("/text-to-video/kling-3.0", text())
    legacy = await kling([Fault.SUBMIT_WITHOUT_ID]).post(TEXT_PATH, LEGACY_TEXT)
    assert "id" not in new.json()["data"]
    assert "task_id" not in legacy.json()["data"]


async def test_a_young_task_is_unknown_in_the_words_of_each_design() -> None:
    world = kling([Fault.YOUNG_404] * 2)
    task_id = (await world.post("/text-to-video/kling-3.0", text())).json()["data"]["id"]
    assert (await world.get(f"/tasks?task_ids={task_id}")).json()["data"] == []
    await world.post(TEXT_PATH, LEGACY_TEXT)
    assert (await world.get(f"{TEXT_PATH}/vid_01H")).status_code == 404
    assert (await world.get(f"{TEXT_PATH}/vid_01H")).status_code == 200


async def test_a_success_without_a_file_costs_nothing() -> None:
    world = kling([Fault.SUCCESS_WITHOUT_FILE])
    task_id = (await world.post("/text-to-video/kling-3.0", text())).json()["data"]["id"]
    await world.wait(20)
    (done,) = (await world.get(f"/tasks?task_ids={task_id}")).json()["data"]
    assert (done["status"], done["outputs"], "billing" in done) == ("succeeded", [], False)
    assert world.simulation.books.billed(world.time) == 0


async def test_every_way_of_asking_can_end_at_a_proxy() -> None:
    for method, path in (("GET", "/tasks"), ("POST", "/tasks"), ("GET", TEXT_PATH), ("GET", f"{TEXT_PATH}/1")):
        answer = await kling([Fault.POLL_HTML]).client.request(method, path)
        assert (answer.status_code, answer.headers["content-type"][:9]) == (502, "text/html")


async def journey(world: World) -> list[Any]:
    """All that a client of both designs sees on the way to its clips."""
    views: list[Any] = []
    with_callback = LEGACY_TEXT | {"external_task_id": "legacy", "callback_url": CALLBACK}
    submits = [("/image-to-video/kling-3.0", NEW_IMAGE), (TEXT_PATH, with_callback)]
    views.extend([await seen(world.post(path, body)) for path, body in submits])
    for seconds in (1, 4, 20, 100):
        await world.wait(seconds)
        views.extend([await seen(world.get("/tasks?external_task_ids=vid_01H"))])
        views.extend([await seen(world.get(f"{TEXT_PATH}/legacy"))])
    for task in world.simulation.books.tasks.values():
        base = f"{HOST}/files/"
        url = next(
            (one for view in views for one in str(view).split('"') if one.startswith(base) and task.id in one), ""
        )
        views.append(await seen(world.get(url)))
    return [*views, world.heard]


@pytest.mark.parametrize("fault", list(Fault))
async def test_the_faults_that_change_what_a_client_sees_are_those_of_the_list(fault: Fault) -> None:
    assert (await journey(kling([fault])) != await journey(kling())) == (fault in FAULTS)
