"""MiniMax's simulator over raw HTTP; the requests are those of its documents' examples."""

import asyncio
import re
from collections.abc import Iterable
from typing import Any

import pytest
from simulated_worlds import START, World, build_world, image, seen

from filmgate.simulators.faults import Fault
from filmgate.simulators.hailuo import FAULTS, hailuo_simulator

pytestmark = pytest.mark.anyio

HOST = "https://api.minimax.io"
V1, V2 = "/v1/video_generation", "/v2/video_generation"
CALLBACK = "https://gw.ex.org/cb"
FINE = {"status_code": 0, "status_msg": "success"}
V1_TEXT = {
    "model": "MiniMax-Hailuo-2.3",
    "prompt": "A paper boat on a rainy street [Push in]",
    "duration": 6,
    "resolution": "768P",
    "prompt_optimizer": True,
}
V2_FRAME = {
    "model": "MiniMax-H3",
    "content": [
        {"type": "text", "text": "It starts to sail"},
        {"type": "image_url", "image_url": {"url": "https://example.org/boat.png"}, "role": "first_frame"},
    ],
    "resolution": "768P",
    "duration": 5,
}
V2_TEXT = V2_FRAME | {"content": V2_FRAME["content"][:1], "ratio": "16:9"}


def uri(*size: int, kind: str = "PNG") -> str:
    return f"data:image/{kind.lower()};base64,{image(*size, kind=kind)}"


def hailuo(faults: Iterable[Fault] = (), *, times: int | None = 1) -> World:
    world = build_world(hailuo_simulator, HOST, {"api_key": "key"}, faults, times=times)
    world.answer = lambda payload: payload  # returns every challenge
    return world


def v1(**changes: Any) -> dict[str, Any]:
    return {name: value for name, value in (V1_TEXT | changes).items() if value is not None}


def v2(*items: dict[str, Any], **changes: Any) -> dict[str, Any]:
    content = [{"type": "text", "text": "boats"}, *items]
    return {"model": "MiniMax-H3", "content": content, "resolution": "768P", "duration": 5} | changes


def media(kind: str, role: str | None = None, url: str = "https://example.org/a") -> dict[str, Any]:
    return {"type": kind, kind: {"url": url}} | ({} if role is None else {"role": role})


async def query(world: World, task_id: str) -> dict[str, Any]:
    return (await world.get(f"/v1/query/video_generation?task_id={task_id}")).json()


async def task_of(world: World, task_id: str) -> dict[str, Any]:
    return (await world.get(f"/v2/query/video_generation/{task_id}")).json()["task"]


async def test_a_v1_clip_from_submit_to_file() -> None:
    world = hailuo()
    created = (await world.post(V1, V1_TEXT)).json()
    task_id = created["task_id"]
    assert created == {"task_id": task_id, "base_resp": FINE}
    assert re.fullmatch("[0-9]{15}", task_id)

    told = []
    for seconds in (0, 1.5, 1, 0.5):
        await world.wait(seconds)
        told.append(await query(world, task_id))
    assert [one["status"] for one in told] == ["Preparing", "Queueing", "Processing", "Processing"]
    assert told[-1] == {"task_id": task_id, "status": "Processing", "file_id": "", "base_resp": FINE}

    await world.wait(10)
    done = await query(world, task_id)
    file_id = done["file_id"]
    size = {"video_width": 1366, "video_height": 768}
    assert done == {"task_id": task_id, "status": "Success", "file_id": file_id, **size, "base_resp": FINE}

    retrieved = (await world.get(f"/v1/files/retrieve?file_id={file_id}")).json()
    clip = await world.get(retrieved["file"]["download_url"], headers={"authorization": ""})
    assert clip.text == "clip of 1366x768, 6 s, without sound"
    assert retrieved == {
        "file": {
            "file_id": int(file_id),
            "bytes": len(clip.content),
            "created_at": int(START) + 12,
            "filename": "output.mp4",
            "purpose": "video_generation",
            "download_url": retrieved["file"]["download_url"],
        },
        "base_resp": FINE,
    }
    assert (await world.get(f"/v1/files/retrieve_content?file_id={file_id}")).content == clip.content
    assert world.simulation.books.downloads == 2


async def test_a_v2_clip_from_submit_to_file() -> None:
    world = hailuo()
    created = (await world.post(V2, V2_FRAME)).json()
    task_id = created["task_id"]
    assert created == {"task_id": task_id}
    assert (await task_of(world, task_id))["status"] == "queued"

    await world.wait(3)
    common = {
        "id": task_id,
        "model": "MiniMax-H3",
        "created_at": int(START),
        "resolution": "768P",
        "duration": 5,
        "task_type": "generation",
        "modality": "video",
    }
    assert await task_of(world, task_id) == {**common, "status": "running", "updated_at": int(START) + 2, "usage": {}}

    await world.wait(10)
    done = await task_of(world, task_id)
    assert done == {
        **common,
        "status": "succeeded",
        "updated_at": int(START) + 12,
        "content": done["content"],
        "ratio": "16:9",
        "usage": {"total_seconds": 5, "input_seconds": 0, "output_seconds": 5, "input_image_count": 1},
    }
    assert (await world.get(done["content"]["url"])).text == "clip of 1366x768, 5 s, with sound"


@pytest.mark.parametrize(
    "headers", [{"authorization": ""}, {"authorization": "key"}, {"authorization": "Bearer other"}]
)
async def test_keys_that_are_not_taken(headers: dict[str, str]) -> None:
    world = hailuo()
    code = 2049 if "other" in headers["authorization"] else 1004
    v1_answer = await world.post(V1, V1_TEXT, headers=headers)
    assert (v1_answer.status_code, v1_answer.json()["task_id"]) == (200, "")
    assert v1_answer.json()["base_resp"]["status_code"] == code
    v2_answer = await world.get("/v2/query/video_generation/1", headers=headers)
    error = v2_answer.json()["error"]
    assert (v2_answer.status_code, error["type"], error["http_code"]) == (401, "authorized_error", "401")
    assert error["message"].endswith(f"({code})")
    books = world.simulation.books
    assert (books.unauthorised, books.submissions, books.polls) == (2, 0, 0)


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        v1(model="MiniMax-Hailuo-9"),
        v1(model="MiniMax-H3"),
        v1(prompt=None),
        v1(prompt="x" * 2001),
        v1(resolution="720P"),
        v1(resolution="768p"),
        v1(resolution="512P", model="MiniMax-Hailuo-02"),
        v1(duration=10, resolution="1080P"),
        v1(duration="6"),
        v1(duration=5),
        v1(prompt_optimizer="true"),
        v1(seed=7),
        v1(model="MiniMax-Hailuo-2.3-Fast"),
        v1(model="MiniMax-Hailuo-2.3", last_frame_image=uri(), first_frame_image=uri()),
        v1(first_frame_image=image()),
        v1(first_frame_image=uri(400, 300)),
        v1(first_frame_image=uri(1000, 310)),
        v1(first_frame_image=uri(kind="BMP")),
        v1(first_frame_image="data:image/png;base64,aGVsbG8="),
        v1(model="T2V-01", resolution="768P"),
        v1(model="T2V-01", resolution="720P", fast_pretreatment=True),
        v1(model="S2V-01", subject_reference=[{"type": "character", "image": [uri()]}]),
        v1(model="S2V-01", duration=None, resolution=None, subject_reference=[{"type": "character", "image": uri()}]),
        v1(model="S2V-01", duration=None, resolution=None, subject_reference=[]),
    ],
)
async def test_bad_v1_parameters_come_with_status_200(body: Any) -> None:
    world = hailuo()
    answer = await world.post(V1, body)
    assert (answer.status_code, answer.json()["base_resp"]["status_code"]) == (200, 2013)
    assert (answer.json()["task_id"], world.simulation.books.tasks) == ("", {})


async def test_a_withdrawn_model_is_not_found() -> None:
    assert (await hailuo().post(V1, v1(model="video-01"))).status_code == 404


FRAME = media("image_url", "first_frame", uri())
REFERENCE = media("image_url", "reference_image", uri())


@pytest.mark.parametrize(
    "body",
    [
        [],
        v2(ratio="16:9", model="MiniMax-Hailuo-2.3"),
        v2(),
        v2(ratio="adaptive"),
        v2(ratio="2:1"),
        v2(ratio="16:9", duration=3),
        v2(ratio="16:9", duration=4, model="MiniMax-H3-Max"),
        v2(ratio="16:9", resolution="2K", model="MiniMax-H3-Max"),
        v2(ratio="16:9", resolution="480P"),
        v2(ratio="16:9", resolution=None),
        v2(ratio="16:9", extra={"prompt_expansion_mode": "quality"}),
        v2(ratio="16:9", model="MiniMax-H3-Max", extra={"seed": 7}),
        v2(ratio="16:9", prompt_optimizer=True),
        v2(ratio="16:9", content=[]),
        v2(FRAME, content=[FRAME]),
        v2({"type": "text", "text": "another"}, ratio="16:9"),
        v2(ratio="16:9", content=[{"type": "text", "text": ""}]),
        v2(ratio="16:9", content=[{"type": "text", "text": "x" * 7001}]),
        v2(ratio="16:9", content=[{"type": "text", "text": "x", "role": "first_frame"}]),
        v2(FRAME, FRAME),
        v2(FRAME, REFERENCE),
        v2(*[REFERENCE] * 10),
        v2(media("image_url"), media("image_url")),
        v2(media("image_url", "first_frame", image())),
        v2(media("image_url", "first_frame", uri().replace("image/png", "image/PNG"))),
        v2(media("image_url", "first_frame", uri(255, 300))),
        v2(media("image_url", "first_frame", uri(kind="GIF"))),
        v2(media("video_url", "reference_image")),
        v2(media("video_url", "reference_video", "data:video/webm;base64,aGVsbG8=")),
        v2(media("audio_url", "reference_audio")),
        v2(
            *[REFERENCE] * 7, *[media("video_url", "reference_video")] * 3, *[media("audio_url", "reference_audio")] * 3
        ),
        v2({"type": "image_url", "image_url": {"url": uri(), "detail": "low"}, "role": "first_frame"}),
    ],
)
async def test_bad_v2_parameters(body: Any) -> None:
    world = hailuo()
    answer = await world.post(V2, body)
    error = answer.json()["error"]
    assert (answer.status_code, error["type"], answer.json()["type"]) == (400, "bad_request_error", "error")
    assert error["message"].endswith("(2013)")
    assert not world.simulation.books.tasks


HEIF = "data:image/heic;base64,AAAAGGZ0eXBoZWljAAAAAG1pZjFoZWlj"


@pytest.mark.parametrize(
    ("path", "body", "size", "seconds"),
    [
        (V1, v1(), (1366, 768), 6),
        (V1, v1(resolution=None, duration=None), (1366, 768), 6),
        (V1, v1(resolution="1080P", callback_url="", aigc_watermark=False), (1920, 1080), 6),
        (V1, v1(model="MiniMax-Hailuo-02", first_frame_image=uri(400, 600), resolution="512P"), (512, 768), 6),
        (V1, v1(model="MiniMax-Hailuo-2.3-Fast", prompt=None, first_frame_image=uri(), duration=10), (768, 768), 10),
        (
            V1,
            v1(model="MiniMax-Hailuo-02", first_frame_image=uri(600, 400, kind="WEBP"), last_frame_image=uri()),
            (1152, 768),
            6,
        ),
        (V1, v1(model="T2V-01-Director", resolution="720P"), (1280, 720), 6),
        (
            V1,
            {"model": "S2V-01", "subject_reference": [{"type": "character", "image": ["https://example.org/a.png"]}]},
            (1280, 720),
            6,
        ),
        (V2, V2_TEXT, (1366, 768), 5),
        (V2, v2(ratio="21:9", resolution="2K", duration=15), (3360, 1440), 15),
        (V2, v2(ratio="9:16", resolution="480P", model="MiniMax-H3-Max", extra={}), (480, 854), 5),
        (V2, v2(media("image_url", None, uri(300, 400)), ratio="16:9"), (768, 1024), 5),
        (V2, v2(media("image_url", "last_frame", "mm_file://7")), (1366, 768), 5),
        (V2, v2(media("image_url", "first_frame", HEIF)), (1366, 768), 5),
        (V2, v2(media("image_url", "last_frame", uri(300, 400)), FRAME), (768, 768), 5),
        (V2, v2(REFERENCE, media("audio_url", "reference_audio"), ratio="4:3"), (1024, 768), 5),
        (V2, v2(media("video_url", "reference_video", "data:video/mp4;base64,AAAA")), (1366, 768), 5),
    ],
)
async def test_what_is_made(path: str, body: Any, size: tuple[int, int], seconds: int) -> None:
    world = hailuo()
    answer = await world.post(path, body)
    (task,) = world.simulation.books.tasks.values()
    data = task.data
    assert answer.json()["task_id"] == task.id
    assert ((data["width_px"], data["height_px"]), data["duration_seconds"], data["audio"]) == (
        size,
        seconds,
        path == V2,
    )


async def test_each_api_knows_its_own_tasks_only() -> None:
    world = hailuo()
    old, new = [(await world.post(path, body)).json()["task_id"] for path, body in ((V1, V1_TEXT), (V2, V2_TEXT))]
    unknown = await query(world, new)
    assert (unknown["status"], unknown["base_resp"]["status_code"]) == ("", 2013)
    answer = await world.get(f"/v2/query/video_generation/{old}")
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, "invalid params, invalid task_id (2013)")


async def test_a_deleted_file_is_gone() -> None:
    world = hailuo()
    task_id = (await world.post(V1, V1_TEXT)).json()["task_id"]
    await world.wait(20)
    file_id = (await query(world, task_id))["file_id"]
    url = (await world.get(f"/v1/files/retrieve?file_id={file_id}")).json()["file"]["download_url"]
    deleted = await world.post("/v1/files/delete", {"file_id": int(file_id), "purpose": "video_generation"})
    assert deleted.json() == {"file_id": int(file_id), "base_resp": FINE}
    assert (await world.get(url)).status_code == 404
    again = await world.get(f"/v1/files/retrieve?file_id={file_id}")
    assert (again.status_code, again.json()["base_resp"]["status_code"]) == (200, 2013)


async def test_a_v2_task_is_known_for_seven_days() -> None:
    world = hailuo()
    task_id = (await world.post(V2, V2_TEXT)).json()["task_id"]
    await world.wait(7 * 24 * 3600)
    assert (await task_of(world, task_id))["status"] == "succeeded"
    await world.wait(1)
    assert (await world.get(f"/v2/query/video_generation/{task_id}")).status_code == 400
    assert (await world.get("/v2/query/video_generation")).json() == {"items": [], "total": 0}


async def test_the_v2_list_filters_and_pages() -> None:
    world = hailuo()
    ids = [(await world.post(V2, V2_TEXT)).json()["task_id"] for _ in range(3)]
    other = (await world.post(V2, V2_TEXT | {"model": "MiniMax-H3-Max"})).json()["task_id"]

    async def listed(text: str) -> tuple[list[str], int]:
        answer = (await world.get(f"/v2/query/video_generation?{text}")).json()
        return [task["id"] for task in answer["items"]], answer["total"]

    assert await listed("") == ([other, *ids[::-1]], 4)
    assert await listed("page_num=2&page_size=3") == (ids[:1], 4)
    assert await listed("filter.model=MiniMax-H3&filter.status=queued&filter.task_type=generation") == (ids[::-1], 3)
    assert await listed(f"filter.task_ids={ids[0]}&filter.task_ids={other}") == ([other, ids[0]], 2)
    assert await listed("filter.status=running") == ([], 0)


async def test_deleting_cancels_what_waits_and_erases_what_has_ended() -> None:
    world = hailuo()
    ids = [(await world.post(V2, V2_TEXT)).json()["task_id"] for _ in range(2)]
    cancelled = await world.client.delete(f"{V2}/{ids[0]}")
    assert cancelled.json() == {"task_id": ids[0], "action": "cancelled", "status": "cancelled"}
    assert (await task_of(world, ids[0]))["status"] == "cancelled"
    assert (await world.client.delete(f"{V2}/{ids[0]}")).status_code == 400

    await world.wait(5)
    assert (await world.client.delete(f"{V2}/{ids[1]}")).status_code == 400
    await world.wait(20)
    deleted = await world.client.delete(f"{V2}/{ids[1]}")
    assert deleted.json() == {"task_id": ids[1], "action": "deleted", "status": "deleted"}
    assert (await world.client.delete(f"{V2}/{ids[1]}")).status_code == 400
    assert [task["id"] for task in (await world.get("/v2/query/video_generation")).json()["items"]] == [ids[0]]
    assert world.simulation.books.cancels == 5
    assert world.simulation.books.billed(world.time) == 1


async def test_the_challenge_comes_before_the_task() -> None:
    world = hailuo()
    existing: list[int] = []

    def answer(payload: bytes) -> bytes:
        existing.append(len(world.simulation.books.tasks))
        return payload

    world.answer = answer
    await world.post(V1, V1_TEXT | {"callback_url": CALLBACK})
    (heard,) = world.heard
    assert (heard.url, set(heard.json), existing) == (CALLBACK, {"challenge"}, [0])


@pytest.mark.parametrize("answer", [None, b"", b"no", b"[]", b'{"challenge": "another"}'])
async def test_after_a_failed_challenge_nothing_is_sent(answer: bytes | None) -> None:
    world = hailuo()
    world.answer = lambda payload: answer
    assert (await world.post(V2, V2_TEXT | {"callback_url": CALLBACK})).status_code == 200
    await world.wait(20)
    assert len(world.heard) == 1


async def test_a_challenge_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("filmgate.simulators.hailuo._CHALLENGE_SECONDS", 0.01)
    world = hailuo()

    async def never(url: str, headers: dict[str, str], payload: bytes) -> bytes | None:
        await asyncio.Event().wait()
        raise AssertionError

    world.simulation.post_callback = never
    assert (await world.post(V2, V2_TEXT | {"callback_url": CALLBACK})).status_code == 200


async def test_nobody_is_challenged_where_nobody_can_be() -> None:
    world = hailuo()
    world.simulation.post_callback = None
    assert (await world.post(V2, V2_TEXT | {"callback_url": CALLBACK})).status_code == 200
    assert world.simulation.books.callbacks == 0


async def test_v1_callbacks_have_words_of_their_own() -> None:
    world = hailuo()
    task_id = (await world.post(V1, V1_TEXT | {"callback_url": CALLBACK})).json()["task_id"]
    for _ in range(4):
        await world.wait(4)
    _, *told = [heard.json for heard in world.heard]
    assert [one["status"] for one in told] == ["processing", "success"]
    assert told[0] == {"task_id": task_id, "status": "processing", "file_id": "", "base_resp": FINE}
    assert told[1]["file_id"] == (await query(world, task_id))["file_id"]


async def test_v2_callbacks_are_like_the_answer_to_a_query() -> None:
    world = hailuo([Fault.MODERATED_LATE])
    task_id = (await world.post(V2, V2_TEXT | {"callback_url": CALLBACK})).json()["task_id"]
    await world.wait(0)
    await world.wait(5)
    await world.wait(10)
    told = [heard.json["task"] for heard in world.heard[1:]]
    assert [one["status"] for one in told] == ["queued", "running", "failed"]
    assert told[-1] == await task_of(world, task_id)
    assert {tuple(heard.headers) for heard in world.heard} == {("content-type",)}


@pytest.mark.parametrize(
    ("fault", "code", "v1_status", "v2_status", "kind"),
    [
        (Fault.RATE_LIMITED, 1002, 200, 429, "rate_limit_error"),
        (Fault.TOO_MANY_TASKS, 1041, 200, 429, "rate_limit_error"),
        (Fault.OUT_OF_BALANCE, 1008, 200, 402, "insufficient_balance_error"),
        (Fault.UNAUTHORISED, 1004, 200, 401, "authorized_error"),
        (Fault.MODERATED_SUBMIT, 1026, 200, 422, "unprocessable_entity_error"),
        (Fault.REFUSED_SUBMIT, 2013, 200, 400, "bad_request_error"),
        (Fault.UNKNOWN_MODEL, 2061, 200, 400, "bad_request_error"),
        (Fault.SUBMIT_500, 1000, 500, 500, "server_error"),
    ],
)
async def test_refused_submits_create_nothing(
    fault: Fault, code: int, v1_status: int, v2_status: int, kind: str
) -> None:
    old, new = hailuo([fault]), hailuo([fault])
    answer = await old.post(V1, V1_TEXT)
    assert (answer.status_code, answer.json()["base_resp"]["status_code"]) == (v1_status, code)
    answer = await new.post(V2, V2_TEXT)
    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error["http_code"]) == (v2_status, kind, str(v2_status))
    assert error["message"].endswith(f"({code})")
    assert old.simulation.books.tasks == new.simulation.books.tasks == {}


async def test_overload_has_no_code() -> None:
    assert (await hailuo([Fault.SUBMIT_503]).post(V1, V1_TEXT)).status_code == 503
    answer = await hailuo([Fault.SUBMIT_503]).post(V2, V2_TEXT)
    assert (answer.status_code, answer.json()["error"]["type"]) == (529, "overloaded_error")


async def test_a_timeout_at_submit_leaves_a_task() -> None:
    for path, body, status in ((V1, V1_TEXT, 200), (V2, V2_TEXT, 504)):
        world = hailuo([Fault.SUBMIT_504])
        answer = await world.post(path, body)
        assert (answer.status_code, "1001" in answer.text, len(world.simulation.books.tasks)) == (status, True, 1)


async def test_how_v1_tasks_fail() -> None:
    world = hailuo([Fault.MODERATED_LATE])
    first, second = [(await world.post(V1, V1_TEXT)).json()["task_id"] for _ in range(2)]
    world.simulation.books.tasks[second].broken = True
    await world.wait(20)
    moderated, broken = await query(world, first), await query(world, second)
    sensitive = {"status_code": 1027, "status_msg": "output content sensitive"}
    assert moderated == {"task_id": first, "status": "Fail", "file_id": "", "base_resp": sensitive}
    assert broken == {"task_id": second, "status": "Fail", "file_id": "", "base_resp": FINE}


async def test_a_v1_success_whose_file_call_fails() -> None:
    world = hailuo([Fault.SUCCESS_WITHOUT_FILE])
    task_id = (await world.post(V1, V1_TEXT)).json()["task_id"]
    await world.wait(20)
    done = await query(world, task_id)
    assert done["status"] == "Success"
    answer = await world.get(f"/v1/files/retrieve?file_id={done['file_id']}")
    assert (answer.status_code, answer.json()["base_resp"]["status_code"]) == (200, 2013)


async def journey(world: World) -> list[Any]:
    """All that a client of both APIs sees on the way to its clips."""
    views: list[Any] = []
    ids: dict[str, str] = {V1: "1", V2: "2"}
    for path, body in ((V1, V1_TEXT), (V2, V2_TEXT)):
        views.append(await seen(world.post(path, body | {"callback_url": CALLBACK})))
    for task in world.simulation.books.tasks.values():
        ids[V2 if task.data["v2"] else V1] = task.id
    for seconds in (1, 4, 20, 100):
        await world.wait(seconds)
        views.append(await seen(world.get(f"/v1/query/video_generation?task_id={ids[V1]}")))
        views.append(await seen(world.get(f"/v2/query/video_generation/{ids[V2]}")))
    file_ids = [task.data["file_id"] for task in world.simulation.books.tasks.values()] or ["0"]
    views.append(await seen(world.get(f"/v1/files/retrieve?file_id={file_ids[0]}")))
    for view in [view for view in views if "/files/" in str(view)]:
        url = next(text for text in re.findall('"([^"]*)"', str(view)) if "/files/" in text)
        views.append(await seen(world.get(url)))
    return [*views, world.heard]


@pytest.mark.parametrize("fault", list(Fault))
async def test_the_faults_that_change_what_a_client_sees_are_those_of_the_list(fault: Fault) -> None:
    assert (await journey(hailuo([fault])) != await journey(hailuo())) == (fault in FAULTS)


ASKING = [
    "/v1/query/video_generation",
    "/v1/files/retrieve",
    "/v1/files/retrieve_content",
    "/v2/query/video_generation",
    "/v2/query/video_generation/1",
]


@pytest.mark.parametrize("path", ASKING)
async def test_every_way_of_asking_can_end_at_a_proxy(path: str) -> None:
    answer = await hailuo([Fault.POLL_HTML]).get(path)
    assert (answer.status_code, answer.headers["content-type"][:9]) == (502, "text/html")


@pytest.mark.parametrize(
    ("fault", "expected"), [(Fault.UNKNOWN_STATUS, {"status": "reviewing"}), (Fault.WRONG_TYPES, {"duration": "5"})]
)
async def test_strange_answers_of_v2(fault: Fault, expected: dict[str, Any]) -> None:
    world = hailuo([fault])
    task = await task_of(world, (await world.post(V2, V2_TEXT)).json()["task_id"])
    assert task | expected == task


@pytest.mark.parametrize("fault", [Fault.WRONG_TYPES, Fault.NULL_OBJECT])
async def test_strange_answers_of_v1(fault: Fault) -> None:
    world = hailuo([fault], times=None)
    task_id = (await world.post(V1, V1_TEXT)).json()["task_id"]
    told = await query(world, task_id)
    expected = {"base_resp": None} if fault is Fault.NULL_OBJECT else {"task_id": int(task_id)}
    assert told | expected == told
