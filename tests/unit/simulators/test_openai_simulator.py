from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

import pytest
from simulated_worlds import START, World, build_world, image, seen

from filmgate.simulators.faults import Fault
from filmgate.simulators.openai import FAULTS, faults_of, openai_simulator
from filmgate.simulators.openai_dialects import DIALECTS

pytestmark = pytest.mark.anyio

BASE = "https://videos.example"
KEYS = {"api_key": "sk-test-0000000000000000"}
WHOLE_RUN = 20.0
PAPER_BOAT = {"model": "sora-2", "prompt": "a paper boat", "seconds": "8", "size": "1280x720"}
REFERENCE = {"input_reference": {"image_url": "https://img.example/first.png"}}


def world(dialect: str, faults: Iterable[Fault] = (), *, times: int | None = 1, **keys: str) -> World:
    return build_world(lambda simulation: openai_simulator(simulation, dialect), BASE, KEYS | keys, faults, times=times)


def videos(dialect: str) -> str:
    return DIALECTS[dialect].places[0]


async def sent(at: World, dialect: str, body: dict[str, Any], **headers: str) -> Any:
    """As the SDKs send it: a form; for all but OpenAI itself the model may have any name."""
    return await at.client.post(
        videos(dialect), files={name: (None, text) for name, text in body.items()}, headers=headers
    )


async def created(at: World, dialect: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    reply = await sent(at, dialect, body or PAPER_BOAT)
    assert reply.status_code == 200, reply.text
    return reply.json()


async def video(at: World, dialect: str, video_id: str) -> Any:
    return (await at.get(f"{videos(dialect)}/{video_id}")).json()


async def test_the_documents_json_example_from_queue_to_file() -> None:
    at = world("openai")
    reply = await at.post("/v1/videos", PAPER_BOAT | REFERENCE)
    queued = reply.json()
    assert queued == {
        "id": queued["id"], "object": "video", "model": "sora-2", "status": "queued", "progress": 0,
        "created_at": int(START), "completed_at": None, "expires_at": None, "prompt": "a paper boat",
        "size": "1280x720", "seconds": "8", "remixed_from_video_id": None, "error": None,
    }  # fmt: skip
    assert queued["id"].startswith("video_")
    assert (await at.get(f"/v1/videos/{queued['id']}/content")).status_code == 404
    await at.wait(7)
    running = await video(at, "openai", queued["id"])
    assert (running["status"], running["progress"]) == ("in_progress", 50)
    await at.wait(WHOLE_RUN)
    done = await video(at, "openai", queued["id"])
    assert (done["status"], done["progress"], done["completed_at"]) == ("completed", 100, int(START + 12))
    assert (await at.get(f"/v1/videos/{queued['id']}/content")).text == "clip of 1280x720, 8 s, with sound"
    preview = await at.get(f"/v1/videos/{queued['id']}/content?variant=thumbnail")
    assert preview.headers["content-type"] == "image/webp"
    assert (await at.get(f"/v1/videos/{queued['id']}/content?variant=poster")).status_code == 400
    await at.wait(done["expires_at"] - at.time + 1)
    assert (await at.get(f"/v1/videos/{queued['id']}/content")).status_code == 404


async def test_the_documents_form_with_a_file() -> None:
    at = world("openai")
    first = base64.b64decode(image(1280, 720))
    reply = await at.client.post(
        "/v1/videos", data=PAPER_BOAT, files={"input_reference": ("first.png", first, "image/png")}
    )
    assert reply.status_code == 200
    [task] = at.simulation.books.tasks.values()
    assert task.body["input_reference"].content == first
    small = base64.b64decode(image(640, 360))
    reply = await at.client.post(
        "/v1/videos", data=PAPER_BOAT, files={"input_reference": ("first.png", small, "image/png")}
    )
    assert reply.json()["error"]["message"] == "Inpaint image must match the requested width and height"


async def test_bracketed_names_of_a_form_are_objects() -> None:
    at = world("openai")
    await created(at, "openai", PAPER_BOAT | {"input_reference[image_url]": "https://img.example/first.png"})
    reply = await sent(at, "openai", PAPER_BOAT | {"input_reference[image_url]": "x", "input_reference": "y"})
    assert reply.status_code == 400


@pytest.mark.parametrize(
    ("changes", "status", "code", "param"),
    [
        ({"prompt": None}, 400, "missing_required_parameter", "prompt"),
        ({"prompt": "a" * 32_001}, 400, "invalid_value", "prompt"),
        ({"seconds": 8}, 400, "invalid_value", "seconds"),
        ({"seconds": "5"}, 400, "invalid_value", "seconds"),
        ({"size": "1920x1080"}, 400, "invalid_value", "size"),
        ({"model": "wan2.6"}, 404, "model_not_found", "model"),
        ({"fps": 24}, 400, "unknown_parameter", "fps"),
        ({"input_reference": "https://img.example/first.png"}, 400, "invalid_value", "input_reference"),
        ({"input_reference": {"image_url": "a", "file_id": "b"}}, 400, "invalid_value", "input_reference"),
        (
            {"input_reference": {"image_url": f"data:image/png;base64,{image()}"}},
            400,
            "invalid_value",
            "input_reference",
        ),
        ({"input_reference": {"image_url": "nonsense"}}, 400, "invalid_value", "input_reference"),
    ],
)
async def test_what_openai_does_not_allow(changes: dict[str, Any], status: int, code: str, param: str) -> None:
    at = world("openai")
    reply = await at.post("/v1/videos", PAPER_BOAT | changes)
    error = reply.json()["error"]
    assert (reply.status_code, error["code"], error["param"]) == (status, code, param)
    assert (error["type"], set(error)) == ("invalid_request_error", {"message", "type", "param", "code"})
    assert at.simulation.books.tasks == {}


async def test_only_the_pro_model_makes_large_videos() -> None:
    await created(world("openai"), "openai", PAPER_BOAT | {"model": "sora-2-pro", "size": "1920x1080"})


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "multipart/form-data; boundary=x"])
async def test_a_body_that_cannot_be_read(content_type: str) -> None:
    reply = await world("openai").client.post("/v1/videos", content=b"nonsense", headers={"content-type": content_type})
    assert reply.status_code == 400


@pytest.mark.parametrize("dialect", ["openai", "azure", "vllm-omni", "filmgate", "litellm"])
async def test_a_list_that_says_how_to_go_on(dialect: str) -> None:
    at = world(dialect)
    first, second, third = [(await created(at, dialect))["id"] for _ in range(3)]
    page = (await at.get(f"{videos(dialect)}?limit=2")).json()
    assert [item["id"] for item in page.pop("data")] == [third, second]
    assert page == {"object": "list", "first_id": third, "last_id": second, "has_more": True}
    rest = (await at.get(f"{videos(dialect)}?limit=2&after={second}")).json()
    assert ([item["id"] for item in rest["data"]], rest["has_more"]) == ([first], False)
    oldest = (await at.get(f"{videos(dialect)}?order=asc&limit=1")).json()
    assert oldest["first_id"] == first
    assert (await at.get(f"{videos(dialect)}?after=none")).json()["data"] == []
    assert (await at.get(f"{videos(dialect)}?limit=101")).status_code == 400


async def test_azure_has_its_own_path_and_header_and_one_resolution() -> None:
    at = world("azure")
    deployed = PAPER_BOAT | {"model": "our-deployment"}
    del at.client.headers["authorization"]
    assert (await sent(at, "azure", deployed)).status_code == 401
    assert (await sent(at, "azure", deployed, **{"api-key": KEYS["api_key"]})).json()["model"] == "our-deployment"
    assert (await sent(at, "azure", deployed, authorization=f"Bearer {KEYS['api_key']}")).status_code == 200
    reply = await sent(at, "azure", deployed | {"size": "1024x1792"}, **{"api-key": KEYS["api_key"]})
    assert reply.json()["error"]["param"] == "size"
    assert (await at.post("/v1/videos", deployed)).status_code == 401
    reply = await at.post("/v1/videos", deployed, headers={"api-key": KEYS["api_key"]})
    assert reply.status_code == 404


async def test_openai_deletes_what_is_finished_and_cancels_nothing() -> None:
    at = world("openai")
    video_id = (await created(at, "openai"))["id"]
    assert (await at.client.delete(f"/v1/videos/{video_id}")).status_code == 400
    assert (await at.post(f"/v1/videos/{video_id}/cancel", {})).status_code == 404
    await at.wait(WHOLE_RUN)
    deleted = (await at.client.delete(f"/v1/videos/{video_id}")).json()
    assert deleted == {"id": video_id, "object": "video.deleted", "deleted": True}
    assert (await at.get(f"/v1/videos/{video_id}")).status_code == 404
    assert (at.simulation.books.cancels, at.simulation.books.billed(at.time)) == (2, 1)


async def test_openai_tells_failures_in_the_video() -> None:
    at = world("openai", [Fault.MODERATED_LATE])
    moderated = (await created(at, "openai"))["id"]
    at.simulation.faults.add(Fault.FAILED_LATE)
    broken = (await created(at, "openai"))["id"]
    await at.wait(WHOLE_RUN)
    told = await video(at, "openai", moderated)
    assert (told["status"], told["error"]["code"], set(told["error"])) == (
        "failed", "moderation_blocked", {"code", "message"},
    )  # fmt: skip
    assert (await video(at, "openai", broken))["error"]["code"] == "server_error"
    assert (await at.get(f"/v1/videos/{broken}/content")).status_code == 404


async def test_vllm_reads_forms_only_and_needs_no_key_unless_it_was_given_one() -> None:
    at = world("vllm-omni")
    reply = await at.post("/v1/videos", PAPER_BOAT)
    assert reply.status_code == 422
    assert reply.json() == {"detail": [{"type": "value_error", "loc": ["body", "prompt"], "msg": "Field required"}]}
    at.client.headers["authorization"] = "Bearer another"
    assert (await sent(at, "vllm-omni", PAPER_BOAT)).json() == {"detail": "Unauthorized"}
    at.simulation.keys.clear()
    await created(at, "vllm-omni", {"prompt": "a paper boat"})
    reply = await at.client.post("/v1/videos", data={"prompt": "a paper boat"})
    assert reply.json()["id"].startswith("video_gen_"), "urlencoded forms are forms, too"


async def test_vllm_counts_frames_and_tells_more_of_a_video() -> None:
    at = world("vllm-omni")
    wanted = {"prompt": "a boat", "num_frames": "81", "fps": "16", "width": "832", "height": "480", "size": "640x360"}
    queued = await created(at, "vllm-omni", wanted)
    assert (queued["seconds"], queued["size"], queued["quality"], queued["expires_at"]) == (
        "4",
        "640x360",
        "default",
        None,
    )
    await at.wait(7)
    running = await video(at, "vllm-omni", queued["id"])
    assert (running["status"], running["progress"]) == ("in_progress", 0)
    assert (await at.get(f"/v1/videos/{queued['id']}/content")).json() == {"detail": "Generation is still in-progress"}
    await at.wait(WHOLE_RUN)
    done = await video(at, "vllm-omni", queued["id"])
    assert (done["progress"], done["file_name"]) == (100, f"{queued['id']}.mp4")
    clip = await at.get(f"/v1/videos/{queued['id']}/content?variant=7")
    assert clip.text == "clip of 640x360, 5.0625 s, without sound"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"model": "another"}, "Model mismatch"),
        ({"seconds": "4.5"}, "seconds"),
        ({"num_inference_steps": "201"}, "num_inference_steps"),
        ({"guidance_scale": "nan"}, "guidance_scale"),
        ({"size": "large"}, "size"),
        ({"input_reference": "https://img.example/a.png"}, "must be a file"),
        ({"image_reference": '{"file_id": "file_1"}'}, "not implemented"),
        ({"image_reference": "https://img.example/a.png"}, "image_reference"),
        ({"image_reference": "{}"}, "image_url"),
        ({"image_reference": '{"image_url": "https://a"}', "input_reference": "b"}, "exclude"),
    ],
)
async def test_what_vllm_does_not_allow(changes: dict[str, str], told: str) -> None:
    at = world("vllm-omni", model="Wan-AI/Wan2.2")
    await created(at, "vllm-omni", {"prompt": "a boat", "model": "Wan-AI/Wan2.2", "unknown": "is passed over"})
    reply = await sent(at, "vllm-omni", {"prompt": "a boat"} | changes)
    assert reply.status_code == 400
    assert told in reply.json()["detail"]


async def test_vllm_answers_a_failed_video_with_an_error_status() -> None:
    at = world("vllm-omni", [Fault.FAILED_LATE])
    video_id = (await created(at, "vllm-omni"))["id"]
    await at.wait(WHOLE_RUN)
    reply = await at.get(f"/v1/videos/{video_id}")
    assert (reply.status_code, reply.json()["status"], reply.json()["error"]["code"]) == (500, "failed", 500)
    assert (await at.get(f"/v1/videos/{video_id}/content")).status_code == 422


async def test_vllm_deletes_what_runs_and_misses_a_lost_file() -> None:
    at = world("vllm-omni")
    stopped = (await created(at, "vllm-omni"))["id"]
    at.simulation.faults.add(Fault.SUCCESS_WITHOUT_FILE)
    lost = (await created(at, "vllm-omni"))["id"]
    assert (await at.client.delete(f"/v1/videos/{stopped}")).json()["deleted"] is True
    assert (await at.get(f"/v1/videos/{stopped}")).json() == {"detail": "Video not found"}
    await at.wait(WHOLE_RUN)
    assert (await at.client.delete(f"/v1/videos/{lost}")).status_code == 409
    assert at.simulation.books.billed(at.time) == 0


async def test_sglang_is_never_in_progress_and_tells_no_prompt() -> None:
    at = world("sglang")
    del at.client.headers["authorization"]
    queued = (
        await at.post("/v1/videos", {"prompt": "a boat", "seconds": 5, "n": 2, "input_reference": "/srv/a.png"})
    ).json()
    assert ("prompt" in queued, queued["num_outputs"], queued["seconds"]) == (False, 2, "5")
    await at.wait(7)
    running = await video(at, "sglang", queued["id"])
    assert (running["status"], running["progress"], running["file_path"]) == ("queued", 0, None)
    await at.wait(WHOLE_RUN)
    done = await video(at, "sglang", queued["id"])
    assert (done["status"], len(done["file_paths"]), done["file_path"]) == ("completed", 2, done["file_paths"][0])
    content = f"/v1/videos/{queued['id']}/content"
    for variant, status in (("", 200), ("?variant=1", 200), ("?variant=2", 422), ("?variant=video", 422)):
        assert (await at.get(content + variant)).status_code == status
    assert (await at.get("/v1/videos")).json().keys() == {"data", "object"}


async def test_sglang_fails_without_a_code_and_with_a_good_status() -> None:
    at = world("sglang", [Fault.FAILED_LATE])
    video_id = (await created(at, "sglang", {"prompt": "a boat"}))["id"]
    await at.wait(WHOLE_RUN)
    reply = await at.get(f"/v1/videos/{video_id}")
    assert (reply.status_code, reply.json()["error"]) == (200, {"message": "CUDA out of memory"})


async def test_sglang_forgets_what_is_deleted_and_goes_on_making_it() -> None:
    at = world("sglang")
    video_id = (await created(at, "sglang", {"prompt": "a boat"}))["id"]
    deleted = (await at.client.delete(f"/v1/videos/{video_id}")).json()
    assert (deleted["id"], deleted["status"]) == (video_id, "deleted")
    assert (await at.get(f"/v1/videos/{video_id}")).status_code == 404
    await at.wait(WHOLE_RUN)
    assert at.simulation.books.billed(at.time) == 1


async def test_sglang_takes_no_object_for_an_image() -> None:
    reply = await world("sglang").post("/v1/videos", PAPER_BOAT | REFERENCE)
    assert (reply.status_code, reply.json()["detail"][0]["loc"]) == (422, ["body", "input_reference"])


async def test_new_api_links_to_its_own_content_which_needs_the_key() -> None:
    at = world("new-api")
    queued = (
        await at.post("/v1/videos", {"model": "kling-v1", "prompt": "a boat", "duration": 5, "size": "1280*720"})
    ).json()
    assert queued["id"] == queued["task_id"]
    assert queued["id"].startswith("task_")
    assert (await at.get(f"/v1/videos/{queued['id']}/content")).json()["error"][
        "message"
    ] == "Task is not completed yet"
    await at.wait(WHOLE_RUN)
    link = (await video(at, "new-api", queued["id"]))["metadata"]["url"]
    assert link == f"{BASE}/v1/videos/{queued['id']}/content"
    assert (await at.get(link)).text == "clip of 1280x720, 5 s, without sound"
    assert (await at.client.get(link, headers={"authorization": ""})).status_code == 401
    for method, path in (("GET", "/v1/videos"), ("DELETE", f"/v1/videos/{queued['id']}")):
        assert (await at.client.request(method, path)).status_code == 404


async def test_new_api_words_errors_in_two_ways() -> None:
    at = world("new-api", [Fault.RATE_LIMITED])
    missing = await sent(at, "new-api", {"prompt": "a boat"})
    assert (missing.status_code, set(missing.json())) == (400, {"code", "message", "data"})
    limited = await sent(at, "new-api", PAPER_BOAT)
    assert (limited.status_code, limited.json()["error"]["type"]) == (429, "new_api_error")
    wrong = await sent(at, "new-api", PAPER_BOAT | {"metadata": "no JSON"})
    assert wrong.json()["code"] == "invalid_request"


async def test_litellm_has_long_ids_that_survive_the_loss_of_their_padding() -> None:
    at = world("litellm")
    queued = await created(at, "litellm", PAPER_BOAT | {"model": "sora-2-pro", "anything": "is passed on"})
    inner = base64.b64decode(queued["id"].removeprefix("video_")).decode()
    assert inner.startswith("litellm:custom_llm_provider:openai;model_id:sora-2-pro;video_id:video_")
    assert ("prompt" in queued, queued["usage"]) == (False, {"duration_seconds": 8.0})
    await at.wait(WHOLE_RUN)
    assert (await video(at, "litellm", queued["id"].rstrip("=")))["status"] == "completed"
    assert (await at.get(f"/videos/{queued['id']}")).json()["status"] == "completed"
    assert (await at.client.delete(f"/v1/videos/{queued['id']}")).status_code == 404
    at.client.headers.pop("authorization")
    at.client.headers["x-litellm-api-key"] = KEYS["api_key"]
    assert (await at.get("/videos")).status_code == 200


async def test_filmgate_repeats_its_answer_for_an_idempotency_key() -> None:
    at = world("filmgate", [Fault.LOST_REPLY])
    assert await seen(sent(at, "filmgate", PAPER_BOAT, **{"idempotency-key": "k1"})) == "RemoteProtocolError"
    again = await sent(at, "filmgate", PAPER_BOAT, **{"idempotency-key": "k1"})
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert [again.json()["id"]] == list(at.simulation.books.tasks)
    other = await sent(at, "filmgate", PAPER_BOAT | {"seed": "1"}, **{"idempotency-key": "k1"})
    assert (other.status_code, other.json()["error"]["code"]) == (409, "idempotency_conflict")
    await at.wait(86_401)
    assert "idempotent-replayed" not in (await sent(at, "filmgate", PAPER_BOAT, **{"idempotency-key": "k1"})).headers
    assert len(at.simulation.books.tasks) == 2


async def test_filmgate_signs_links_paces_polls_and_echoes_metadata() -> None:
    at = world("filmgate")
    body = {
        "model": "kling-3.0", "prompt": "a boat", "duration": 5, "width": 640, "height": 360, "n": 2, "user": "u1",
        "metadata": {"scene": "7", "generate_audio": True},
    }  # fmt: skip
    queued = (await at.post("/v1/videos", body)).json()
    reply = await at.get(f"/v1/videos/{queued['id']}")
    assert (reply.headers["openai-poll-after-ms"], reply.json()["metadata"]["scene"]) == ("1000", "7")
    early = await at.get(f"/v1/videos/{queued['id']}/content")
    assert (early.status_code, early.headers["retry-after"], early.json()["error"]["code"]) == (
        409,
        "1",
        "video_not_ready",
    )
    await at.wait(WHOLE_RUN)
    done = await video(at, "filmgate", queued["id"])
    assert (done["seconds"], done["size"], len(done["metadata"]["urls"])) == ("5", "640x360", 2)
    clip = await at.client.get(done["metadata"]["url"], headers={"authorization": ""})
    assert clip.text == "clip of 640x360, 5 s, with sound"
    for index, status in (("1", 200), ("2", 400)):
        assert (await at.get(f"/v1/videos/{queued['id']}/content?index={index}")).status_code == status
    assert len((await at.get("/v1/videos?user=u1")).json()["data"]) == 1
    assert (await at.get("/v1/videos?user=u2")).json()["data"] == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"prompt": None}, "missing_parameter"),
        ({"frames": 24}, "unknown_parameter"),
        ({"seconds": "8", "duration": 5}, "conflicting_parameters"),
        ({"width": 640}, "missing_parameter"),
        ({"n": 5}, "invalid_parameter"),
        ({"metadata": "[]"}, "invalid_parameter"),
        ({"response_format": "webm"}, "invalid_parameter"),
        ({"image": "nonsense"}, "invalid_image"),
        ({"image": 7}, "invalid_parameter"),
    ],
)
async def test_what_filmgate_does_not_allow(changes: dict[str, Any], code: str) -> None:
    reply = await world("filmgate").post("/v1/videos", {"prompt": "a boat"} | changes)
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, code)


@pytest.mark.parametrize("given", ["https://img.example/a.png", image(), f"data:image/png;base64,{image()}", [image()]])
async def test_the_ways_to_give_filmgate_an_image(given: Any) -> None:
    reply = await world("filmgate").post("/v1/videos", {"prompt": "a boat", "image": given})
    assert reply.status_code == 200, reply.text


async def test_filmgate_takes_several_images_of_a_form() -> None:
    at = world("filmgate")
    png = base64.b64decode(image())
    files = [("images[]", ("a.png", png, "image/png")), ("images[]", ("b.png", png, "image/png"))]
    reply = await at.client.post("/v1/videos", data={"prompt": "a boat", "seconds": "5"}, files=files)
    assert (reply.status_code, reply.json()["seconds"]) == (200, "5")
    [task] = at.simulation.books.tasks.values()
    assert [upload.content for upload in task.body["images"]] == [png, png]


async def test_filmgate_cancels_and_deletes_what_runs() -> None:
    at = world("filmgate")
    cancelled, deleted, done = [(await created(at, "filmgate"))["id"] for _ in range(3)]
    said = (await at.post(f"/v1/videos/{cancelled}/cancel", {})).json()
    assert (said["status"], said["error"]["code"]) == ("failed", "cancelled")
    assert (await at.client.delete(f"/v1/videos/{deleted}")).json()["deleted"] is True
    await at.wait(WHOLE_RUN)
    assert (await at.post(f"/v1/videos/{done}/cancel", {})).json()["error"]["code"] == "already_finished"
    assert at.simulation.books.billed(at.time) == 1


@pytest.mark.parametrize("dialect", sorted(DIALECTS.keys() - {"sglang"}))
async def test_a_wrong_key_is_refused_everywhere(dialect: str) -> None:
    at = world(dialect)
    at.client.headers["authorization"] = "Bearer another"
    place = videos(dialect)
    for method, path in (
        ("POST", place),
        ("GET", place),
        ("GET", f"{place}/x"),
        ("DELETE", f"{place}/x"),
        ("GET", "/x"),
    ):
        assert (await at.client.request(method, path)).status_code == 401
    assert (at.simulation.books.unauthorised, at.simulation.books.polls) == (5, 0)


async def story(dialect: str, fault: Fault | None) -> list[Any]:
    """All that a client sees of one video and its file."""
    at = world(dialect, [fault] if fault else [], times=None)
    views = [await seen(sent(at, dialect, PAPER_BOAT))]
    video_id = next(iter(at.simulation.books.tasks), "none")
    for seconds in (1, 5, 5, 20):
        await at.wait(seconds)
        views.append(await seen(at.get(f"{videos(dialect)}/{video_id}")))
    return [*views, await seen(at.get(f"{videos(dialect)}/{video_id}/content"))]


CASES = [(dialect, fault) for dialect in DIALECTS for fault in sorted(faults_of(dialect))]


@pytest.mark.parametrize(("dialect", "fault"), CASES)
async def test_every_fault_changes_what_a_client_sees(dialect: str, fault: Fault) -> None:
    assert await story(dialect, fault) != await story(dialect, None)


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_without_a_fault_it_is_always_the_same(dialect: str) -> None:
    assert await story(dialect, None) == await story(dialect, None)


async def test_faults_are_those_of_any_dialect() -> None:
    assert {fault for _, fault in CASES} == FAULTS


async def test_content_types_that_filmgate_does_not_read() -> None:
    for content_type, status, code in (
        ("text/plain", 415, "unsupported_media_type"),
        ("application/json", 400, "invalid_body"),
    ):
        headers = {"content-type": content_type}
        reply = await world("filmgate").client.post("/v1/videos", content=b"nonsense", headers=headers)
        assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
