from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from simulated_worlds import START, World, build_world, image, seen

from filmgate.simulators.faults import Fault
from filmgate.simulators.seedance import FAULTS, seedance_simulator

pytestmark = pytest.mark.anyio

BASE = "https://ark.cn-beijing.volces.com"
TASKS = "/api/v3/contents/generations/tasks"
KEYS = {"api_key": "ark-test-key-0000"}
PNG = f"data:image/png;base64,{image()}"
WHOLE_RUN = 20.0


def world(faults: Iterable[Fault] = (), *, times: int | None = 1, **keys: str) -> World:
    return build_world(seedance_simulator, BASE, KEYS | keys, faults, times=times)


def body(model: str = "doubao-seedance-1-5-pro-251215", text: str = "a cat yawns", **fields: Any) -> dict[str, Any]:
    return {"model": model, "content": [{"type": "text", "text": text}]} | fields


def frame(role: str | None = "first_frame", url: str = PNG) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}} | ({"role": role} if role else {})


def documented() -> dict[str, Any]:
    """The example of the documents."""
    content = [{"type": "text", "text": "a cat yawns"}, frame()]
    return {
        "model": "doubao-seedance-1-5-pro-251215", "content": content, "resolution": "720p", "ratio": "adaptive",
        "duration": 5, "seed": 8123, "generate_audio": False, "watermark": False, "return_last_frame": True,
    }  # fmt: skip


async def created(at: World, sent: dict[str, Any]) -> str:
    reply = await at.post(TASKS, sent)
    assert reply.status_code == 200, reply.text
    return reply.json()["id"]


async def record(at: World, task_id: str) -> dict[str, Any]:
    return (await at.get(f"{TASKS}/{task_id}")).json()


async def test_the_documents_example_from_queue_to_file() -> None:
    at = world()
    reply = await at.post(TASKS, documented())
    assert (reply.status_code, list(reply.json())) == (200, ["id"])
    task_id = reply.json()["id"]
    assert task_id.startswith("cgt-20261118")
    assert await record(at, task_id) == {
        "id": task_id, "model": "doubao-seedance-1-5-pro-251215", "status": "queued", "created_at": int(START),
        "updated_at": int(START), "service_tier": "default", "execution_expires_after": 172800,
    }  # fmt: skip
    await at.wait(3)
    running = await record(at, task_id)
    assert (running["status"], running["error"], "seed" in running) == ("running", None, False)
    await at.wait(WHOLE_RUN)
    done = await record(at, task_id)
    files = done.pop("content")
    assert done == {
        "id": task_id, "model": "doubao-seedance-1-5-pro-251215", "status": "succeeded", "created_at": int(START),
        "updated_at": int(START + 12), "service_tier": "default", "execution_expires_after": 172800, "seed": 8123,
        "usage": {"completion_tokens": 108900, "total_tokens": 108900}, "resolution": "720p", "ratio": "1:1",
        "duration": 5, "framespersecond": 24, "generate_audio": False, "draft": False,
    }  # fmt: skip
    clip = await at.client.get(files["video_url"], headers={"authorization": ""})
    assert clip.text == "clip of 960x960, 5 s, without sound"
    still = await at.client.get(files["last_frame_url"])
    assert still.headers["content-type"] == "image/png"
    assert at.simulation.books.billed(at.time) == 1


async def test_the_bill_of_the_documents_example() -> None:
    at = world()
    task_id = await created(at, body(resolution="720p", ratio="16:9", duration=5))
    await at.wait(WHOLE_RUN)
    assert (await record(at, task_id))["usage"] == {"completion_tokens": 108900, "total_tokens": 108900}


@pytest.mark.parametrize(
    ("wrong", "status", "code", "told"),
    [
        (body("doubao-seedance-9"), 404, "InvalidEndpoint.NotFound", "doubao-seedance-9"),
        ({"model": "ep-20261122-abcde"}, 400, "MissingParameter", "content"),
        (body(duration=3), 400, "InvalidParameter", "duration is 3"),
        (body(duration="5"), 400, "InvalidParameter", "duration is '5'"),
        (body("doubao-seedance-1-0-pro-250528", duration=-1), 400, "InvalidParameter", "duration is -1"),
        (body("doubao-seedance-2-0-fast-260128", resolution="1080p"), 400, "InvalidParameter", "resolution"),
        (body("doubao-seedance-2-0-260128", service_tier="flex"), 400, "InvalidParameter", "service_tier"),
        (body("doubao-seedance-2-0-260128", camera_fixed=False), 400, "InvalidParameter", "camera_fixed"),
        (body("doubao-seedance-1-0-pro-250528", generate_audio=True), 400, "InvalidParameter", "generate_audio"),
        (body("doubao-seedance-1-0-pro-250528", frames=30), 400, "InvalidParameter", "25 + 4n"),
        (body(frames=29), 400, "InvalidParameter", "frames"),
        (body(seed=2**32), 400, "InvalidParameter", "seed"),
        (body(negative_prompt="rain"), 400, "InvalidParameter", "negative_prompt"),
        (body(draft=True), 400, "InvalidParameter", "draft"),
        (body(execution_expires_after=60), 400, "InvalidParameter", "execution_expires_after"),
        (body(content=[frame("last_frame")]), 400, "InvalidParameter", "first frame"),
        (body(content=[frame(), frame("reference_image")]), 400, "InvalidParameter", "mixed"),
        (body(content=[frame(None), frame("last_frame")]), 400, "InvalidParameter", "role"),
        (body(content=[frame("reference_image")]), 400, "InvalidParameter", "at most 0"),
        (body(content=[frame(url=image())]), 400, "InvalidParameter", "data:image"),
        (body(content=[frame(url=f"data:image/png;base64,{image(200, 400)}")]), 400, "InvalidParameter", "300 to"),
        (body("doubao-seedance-1-0-lite-t2v-250428", content=[frame()]), 400, "InvalidParameter", "this frame"),
        (body("doubao-seedance-2-5-260628", content=[frame()], ratio="16:9"), 400, "InvalidParameter", "adaptive"),
        (
            body("doubao-seedance-1-0-lite-i2v-250428", content=[frame("reference_image")], resolution="1080p"),
            400, "InvalidParameter", "1080p",
        ),
        (
            body("doubao-seedance-2-0-260128", content=[
                {"type": "audio_url", "audio_url": {"url": "https://a.example/a.mp3"}, "role": "reference_audio"}
            ]),
            400, "InvalidParameter", "alone",
        ),
    ],
)  # fmt: skip
async def test_what_the_documents_do_not_allow(wrong: dict[str, Any], status: int, code: str, told: str) -> None:
    at = world()
    reply = await at.post(TASKS, wrong)
    error = reply.json()["error"]
    assert (reply.status_code, error["code"], list(error)) == (status, code, ["code", "message", "param", "type"])
    assert told in error["message"]
    assert at.simulation.books.tasks == {}


@pytest.mark.parametrize(
    "right",
    [
        body(content=[frame(None)]),
        body(content=[frame(), frame("last_frame")]),
        body("ep-20261122-abcde"),
        body("doubao-seedance-2-0-260128", resolution="4k", duration=-1, tools=[{"type": "web_search"}]),
        body("doubao-seedance-2-0-260128", content=[frame("reference_image", "asset://a-1") for _ in range(9)]),
        body("doubao-seedance-1-0-pro-fast-251015", service_tier="flex", camera_fixed=True, frames=57),
        body("dreamina-seedance-2-5-260628", duration=30, omni_reference_task_type="edit", output_format="mov"),
        body("seedance-1-5-pro-251215", draft=True, resolution="480p", safety_identifier="user-1"),
        body(content=[{"type": "draft_task", "draft_task": {"id": "cgt-1"}}]),
    ],
)
async def test_what_the_documents_allow(right: dict[str, Any]) -> None:
    await created(world(), right)


async def test_a_service_knows_its_own_models_only() -> None:
    assert (await world(service="byteplus").post(TASKS, body())).status_code == 404
    assert (await world(service="volcengine").post(TASKS, body("seedance-1-5-pro-251215"))).status_code == 404
    await created(world(service="byteplus"), body("seedance-1-5-pro-251215"))


async def test_flags_in_the_prompt_of_1x_beat_the_fields_and_the_bill() -> None:
    at = world()
    prompt = "a cat yawns --dur 12 --rs 1080p --rt 9:16 --duration eleven --wm true"
    task_id = await created(at, body("doubao-seedance-1-0-pro-250528", prompt, duration=5, resolution="480p"))
    data = at.simulation.books.tasks[task_id].data
    assert data["text_flags"] == {"duration": 12, "resolution": "1080p", "ratio": "9:16", "watermark": True}
    assert (data["billed_seconds"], data["width_px"], data["height_px"]) == (12.0, 1088, 1920)
    task_id = await created(at, body("doubao-seedance-2-0-260128", prompt, duration=5))
    data = at.simulation.books.tasks[task_id].data
    assert (data["text_flags"], data["billed_seconds"]) == ({}, 5.0)


async def test_frames_are_told_in_place_of_the_duration() -> None:
    at = world()
    task_id = await created(at, body("doubao-seedance-1-0-pro-250528", frames=57, duration=5))
    await at.wait(WHOLE_RUN)
    done = await record(at, task_id)
    assert (done["frames"], "duration" in done) == (57, False)


async def test_the_list_is_newest_first_filtered_and_paged() -> None:
    at = world()
    first = await created(at, body(seed=1))
    second = await created(at, body("doubao-seedance-1-0-pro-250528", service_tier="flex", seed=2))
    await at.wait(WHOLE_RUN)
    third = await created(at, body(seed=3))

    async def ids(query: str) -> list[str]:
        return [item["id"] for item in (await at.get(f"{TASKS}?{query}")).json()["items"]]

    whole = (await at.get(TASKS)).json()
    assert ([item["id"] for item in whole["items"]], whole["total"]) == ([third, second, first], 3)
    assert whole["items"][2]["seed"] == 1
    assert "content" not in whole["items"][0]
    assert await ids("page_num=2&page_size=2") == [first]
    assert await ids("filter.status=queued") == [third]
    assert await ids("filter.service_tier=flex") == [second]
    assert await ids("filter.model=doubao-seedance-1-5-pro-251215") == [third, first]
    assert await ids(f"filter.task_ids={first}&filter.task_ids={third}") == [third, first]
    assert (await at.get(f"{TASKS}?page_size=501")).status_code == 400
    assert at.simulation.books.polls == 7


async def test_delete_cancels_refuses_or_erases_by_the_status() -> None:
    at = world()
    queued = await created(at, body())
    reply = await at.client.delete(f"{TASKS}/{queued}")
    assert (reply.status_code, reply.json()) == (200, {})
    assert (await record(at, queued))["status"] == "cancelled"
    assert (await at.client.delete(f"{TASKS}/{queued}")).status_code == 409

    task_id = await created(at, body())
    await at.wait(3)
    assert (await at.client.delete(f"{TASKS}/{task_id}")).json()["error"]["code"] == "InvalidAction"
    await at.wait(WHOLE_RUN)
    link = (await record(at, task_id))["content"]["video_url"]
    assert (await at.client.delete(f"{TASKS}/{task_id}")).status_code == 200
    assert (await at.get(f"{TASKS}/{task_id}")).status_code == 404
    assert (await at.get(TASKS)).json()["total"] == 1, "the cancelled one is still told of"
    assert (await at.client.get(link)).status_code == 404
    assert at.simulation.books.billed(at.time) == 1, "what was made is paid for, although it is erased"
    assert at.simulation.books.cancels == 4


async def test_a_record_is_kept_for_seven_days_and_a_link_for_as_long_as_it_says() -> None:
    at = world()
    task_id = await created(at, body())
    await at.wait(WHOLE_RUN)
    link = (await record(at, task_id))["content"]["video_url"]
    await at.wait(at.simulation.link_seconds)
    assert (await at.client.get(link)).status_code == 403
    await at.wait(6 * 86400)
    assert (await record(at, task_id))["status"] == "succeeded"
    await at.wait(86400)
    gone = await at.get(f"{TASKS}/{task_id}")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "task_not_found")


async def test_a_task_that_waits_too_long_expires() -> None:
    at = world([Fault.STUCK])
    task_id = await created(at, body(execution_expires_after=3600))
    await at.wait(3000)
    assert (await record(at, task_id))["status"] == "running"
    await at.wait(600)
    expired = await record(at, task_id)
    assert (expired["status"], "error" in expired) == ("expired", False)


async def test_failures_are_told_in_the_task() -> None:
    at = world([Fault.MODERATED_LATE])
    moderated = await created(at, body())
    at.simulation.faults.add(Fault.FAILED_LATE)
    broken = await created(at, body())
    await at.wait(WHOLE_RUN)
    assert (await record(at, moderated))["error"]["code"] == "OutputVideoSensitiveContentDetected"
    failed = await record(at, broken)
    assert (failed["status"], failed["error"]["code"], "usage" in failed) == ("failed", "InternalServiceError", False)
    assert at.simulation.books.billed(at.time) == 0


async def test_callbacks_tell_every_change_as_a_poll_would_and_are_not_signed() -> None:
    at = world()
    task_id = await created(at, body(callback_url="https://us.example/hook"))
    await at.wait(1)
    await at.wait(5)
    await at.wait(WHOLE_RUN)
    assert [heard.json["status"] for heard in at.heard] == ["queued", "running", "succeeded"]
    assert {heard.url for heard in at.heard} == {"https://us.example/hook"}
    assert {tuple(heard.headers) for heard in at.heard} == {("content-type",)}
    polled = await record(at, task_id)
    told = at.heard[-1].json
    assert (told.pop("content").keys(), told) == (polled.pop("content").keys(), polled)


async def test_a_wrong_key_is_refused_everywhere() -> None:
    at = world()
    task_id = await created(at, body())
    at.client.headers["authorization"] = "Bearer another"
    for method, path in (
        ("POST", TASKS),
        ("GET", TASKS),
        ("GET", f"{TASKS}/{task_id}"),
        ("DELETE", f"{TASKS}/{task_id}"),
    ):
        reply = await at.client.request(method, path, json={})
        assert (reply.status_code, reply.json()["error"]["code"]) == (401, "AuthenticationError")
    books = at.simulation.books
    assert (books.unauthorised, books.submissions, books.polls, books.cancels) == (4, 1, 0, 0)


async def test_a_time_out_inside_has_created_the_task() -> None:
    at = world([Fault.SUBMIT_504])
    assert (await at.post(TASKS, body())).status_code == 504
    assert len(at.simulation.books.tasks) == 1


async def story(fault: Fault | None) -> list[Any]:
    """All that a client sees of one task, polled and called back, and of its file."""
    at = world([fault] if fault else [], times=None)
    views = [await seen(at.post(TASKS, body(callback_url="https://us.example/hook")))]
    task_id = next(iter(at.simulation.books.tasks), "none")
    for seconds in (1, 5, 20, 100):
        await at.wait(seconds)
        views.append(await seen(at.get(f"{TASKS}/{task_id}")))
    task = at.simulation.books.tasks.get(task_id)
    if task is not None and at.simulation.stage(task) == "succeeded" and views[-1][0] == 200:
        content = (await at.get(f"{TASKS}/{task_id}")).json().get("content") or {}
        views.append(await seen(at.client.get(content.get("video_url", BASE))))
    views.append([(heard.headers, heard.json["status"]) for heard in at.heard])
    return views


@pytest.mark.parametrize("fault", sorted(FAULTS))
async def test_every_fault_changes_what_a_client_sees(fault: Fault) -> None:
    assert await story(fault) != await story(None)


async def test_without_a_fault_it_is_always_the_same() -> None:
    assert await story(None) == await story(None)
