from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

import pytest
from simulated_worlds import World, build_world, image, seen

from filmgate.simulators.faults import Fault
from filmgate.simulators.gemini import FAULTS, gemini_simulator

pytestmark = pytest.mark.anyio

BASE = "https://generativelanguage.googleapis.com"
PATH = "/v1beta/interactions"
KEYS = {"api_key": "gemini-test-key"}
WHOLE_RUN = 20.0


def world(faults: Iterable[Fault] = (), *, times: int | None = 1) -> World:
    at = build_world(gemini_simulator, BASE, KEYS, faults, times=times)
    at.client.headers["x-goog-api-key"] = KEYS["api_key"]
    return at


def documented(**changes: Any) -> dict[str, Any]:
    """The example of the documents."""
    picture = {"type": "image", "data": image(), "mime_type": "image/png"}
    return {
        "model": "gemini-omni-1.1-flash", "input": [picture, {"type": "text", "text": "a fox in snow"}],
        "background": True, "response_format": video(),
    } | changes  # fmt: skip


def video(**changes: Any) -> dict[str, Any]:
    usual = {"type": "video", "delivery": "uri", "aspect_ratio": "16:9", "resolution": "720p", "duration": "8s"}
    return usual | changes


async def created(at: World, sent: dict[str, Any]) -> str:
    reply = await at.post(PATH, sent)
    assert reply.status_code == 200, reply.text
    return reply.json()["id"]


async def interaction(at: World, task_id: str) -> Any:
    return (await at.get(f"{PATH}/{task_id}")).json()


async def test_the_documents_example_from_queue_to_file() -> None:
    at = world()
    task_id = await created(at, documented())
    assert await interaction(at, task_id) == {
        "id": task_id, "object": "interaction", "model": "gemini-omni-1.1-flash", "status": "queued",
        "created": "2026-11-18T11:06:40Z", "updated": "2026-11-18T11:06:40Z",
    }  # fmt: skip
    await at.wait(5)
    assert (await interaction(at, task_id))["status"] == "in_progress"
    await at.wait(WHOLE_RUN)
    done = await interaction(at, task_id)
    [step] = done["steps"]
    [clip] = step["content"]
    assert (done["status"], step["type"], clip["type"], clip["mime_type"]) == (
        "completed", "model_output", "video", "video/mp4",
    )  # fmt: skip
    assert done["usage"] == {"total_output_tokens": 8 * 5792, "total_tokens": 8 * 5792}
    assert clip["uri"].startswith(f"{BASE}/v1beta/files/")
    assert (await at.get(clip["uri"])).text == "clip of 1280x720, 8 s, with sound"
    assert (await at.client.get(clip["uri"], headers={"x-goog-api-key": ""})).status_code == 400
    await at.wait(2 * 86400)
    assert (await at.get(clip["uri"])).status_code == 403


async def test_without_background_the_answer_is_the_whole_interaction() -> None:
    at = world()
    sent = documented(background=False, input="a fox", response_format=video(delivery="inline", resolution="360p"))
    done = (await at.post(PATH, sent)).json()
    [clip] = done["steps"][0]["content"]
    assert base64.b64decode(clip["data"]) == b"clip of 640x360, 8 s, with sound"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (documented(input=None), "input"),
        (documented(input=[]), "input"),
        (documented(input=[{"type": "image", "data": "bm90aGluZw==", "mime_type": "image/png"}]), "no image"),
        (documented(response_format=video(duration=8)), "duration"),
        (documented(response_format=video(duration="11s")), "duration"),
        (documented(response_format=video(resolution="480p")), "resolution"),
        (documented(response_format={"duration": "8s"}), "response_format.type"),
        (documented(response_format=video(fps=24)), "response_format.fps"),
        (documented(seed=1), "seed"),
        (documented(generation_config={"video_config": {"task": "dance"}}), "generation_config.video_config.task"),
        (documented(generation_config={"video_config": {"task": "edit"}}), "needs a video"),
        (documented(generation_config={"video_config": {"task": "text_to_video"}}), "does not fit the 1 images"),
        (documented(input="a", generation_config={"video_config": {"task": "image_to_video"}}), "does not fit"),
    ],
)
async def test_what_the_documents_do_not_allow(wrong: dict[str, Any], told: str) -> None:
    at = world()
    reply = await at.post(PATH, wrong)
    error = reply.json()["error"]
    assert (reply.status_code, error["code"]) == (400, "invalid_request")
    assert told in error["message"]
    assert at.simulation.books.tasks == {}


async def test_the_newer_model_makes_longer_clips() -> None:
    sent = documented(
        model="gemini-omni-1.2-flash",
        generation_config={"seed": 7, "video_config": {"task": "image_to_video"}},
        labels={"team": "a"},
    )
    await created(world(), sent | {"response_format": video(duration="15s", resolution="4k")})


@pytest.mark.parametrize("model", ["gemini-omni-flash-preview", "veo-3.1-generate-preview", "gemini-9"])
async def test_models_that_are_gone(model: str) -> None:
    at = world()
    for path, sent in ((PATH, documented(model=model)), (f"/v1beta/models/{model}:predictLongRunning", {})):
        reply = await at.post(path, sent)
        assert (reply.status_code, "no longer available" in reply.json()["error"]["message"]) == (404, True)


async def test_keys_go_into_the_header_or_the_query() -> None:
    at = world()
    task_id = await created(at, documented())
    at.client.headers["x-goog-api-key"] = "another"
    reply = await at.get(f"{PATH}/{task_id}")
    [said] = reply.json()
    assert (reply.status_code, said["error"]["details"][0]["reason"]) == (400, "API_KEY_INVALID")
    del at.client.headers["x-goog-api-key"]
    assert (await at.get(f"{PATH}/{task_id}?key={KEYS['api_key']}")).status_code == 200
    assert at.simulation.books.unauthorised == 1


async def test_an_unknown_id_is_a_bad_request() -> None:
    reply = await world().get(f"{PATH}/v1_0")
    assert (reply.status_code, reply.json()["error"]["message"]) == (400, "Invalid interaction name")


async def test_moderation_looks_like_success_with_a_text() -> None:
    at = world([Fault.MODERATED_LATE])
    task_id = await created(at, documented())
    await at.wait(WHOLE_RUN)
    done = await interaction(at, task_id)
    assert (done["status"], [part["type"] for part in done["steps"][0]["content"]]) == ("completed", ["text"])
    assert at.simulation.books.billed(at.time) == 0


async def test_failure_and_cancel() -> None:
    at = world([Fault.FAILED_LATE])
    broken, cancelled, done = [await created(at, documented()) for _ in range(3)]
    await at.wait(5)
    assert (await at.post(f"{PATH}/{cancelled}/cancel", {})).json()["status"] == "cancelled"
    await at.wait(WHOLE_RUN)
    assert (await interaction(at, broken))["status"] == "failed"
    assert (await interaction(at, cancelled))["status"] == "cancelled"
    assert (await at.post(f"{PATH}/{done}/cancel", {})).json()["status"] == "completed"
    assert (at.simulation.books.cancels, at.simulation.books.billed(at.time)) == (2, 1)


async def story(fault: Fault | None) -> list[Any]:
    """All that a client sees of one interaction and of its file."""
    at = world([fault] if fault else [], times=None)
    views = [await seen(at.post(PATH, documented()))]
    task_id = next(iter(at.simulation.books.tasks), "none")
    for seconds in (1, 5, 20):
        await at.wait(seconds)
        views.append(await seen(at.get(f"{PATH}/{task_id}")))
    files = [task.data["file"] for task in at.simulation.books.tasks.values()]
    return views + [await seen(at.get(f"/v1beta/files/{file}:download?alt=media")) for file in files]


@pytest.mark.parametrize("fault", sorted(FAULTS))
async def test_every_fault_changes_what_a_client_sees(fault: Fault) -> None:
    assert await story(fault) != await story(None)


async def test_without_a_fault_it_is_always_the_same() -> None:
    assert await story(None) == await story(None)
