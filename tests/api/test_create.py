"""POST /v1/videos: the reference request in every spelling, and what comes back."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from filmgate.core.ids import is_video_id

from .conftest import Api, picture

pytestmark = pytest.mark.anyio

REFERENCE = {
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
    "metadata": '{"negative_prompt": "blurry", "style": "cinematic", "quality_level": "high", "order": 17}',
}
VIDEO_FIELDS = {
    "id", "object", "model", "status", "progress", "created_at", "completed_at", "expires_at", "seconds", "size",
    "prompt", "remixed_from_video_id", "error", "metadata",
}  # fmt: skip


def parts(fields: dict[str, Any]) -> dict[str, tuple[None, str]]:
    """Form fields as multipart, which httpx sends only for files."""
    return {name: (None, value) for name, value in fields.items()}


async def test_the_reference_request_as_multipart(api: Api) -> None:
    response = await api.client.post("/v1/videos", files=parts(REFERENCE), headers=api.auth())

    assert response.status_code == 200, response.text
    video = response.json()
    assert set(video) == VIDEO_FIELDS
    assert is_video_id(video["id"])
    assert (video["object"], video["status"], video["progress"]) == ("video", "queued", 0)
    assert (video["model"], video["seconds"], video["size"]) == ("kling-v1", "5", "1280x720")
    assert video["prompt"] == "An astronaut stood up and walked"
    assert video["error"] is None
    assert video["metadata"]["order"] == 17
    assert video["metadata"]["filmgate"]["livemode"] is False
    assert video["metadata"]["filmgate"]["fps"] == 30
    assert isinstance(video["created_at"], int)
    assert 500 <= int(response.headers["openai-poll-after-ms"]) <= 10_000
    assert response.headers["x-request-id"].startswith("req_")


async def test_the_same_request_as_json_and_urlencoded_means_the_same(api: Api) -> None:
    fields = REFERENCE
    typed = fields | {"duration": 5, "width": 1280, "height": 720, "fps": 30, "seed": 20231234, "n": 1}
    typed["metadata"] = json.loads(REFERENCE["metadata"])

    as_form = (await api.client.post("/v1/videos", data=fields, headers=api.auth())).json()
    as_json = (await api.client.post("/v1/videos", json=typed, headers=api.auth())).json()

    different = ("id", "created_at")
    for video in (as_form, as_json):
        for name in different:
            video.pop(name)
        video["metadata"]["filmgate"].pop("queue_position")
    assert as_form == as_json


@pytest.mark.parametrize(
    ("spelt", "meant"),
    [
        ({"seconds": "4"}, {"duration": 4}),
        ({"seconds": 4, "duration": "4.0"}, {"duration": 4}),
        ({"size": "640x360"}, {"width": 640, "height": 360}),
        ({"size": "640x360", "width": 640, "height": "360"}, {"width": 640, "height": 360}),
        ({"metadata": {"fps": 12}}, {"fps": 12}),
        ({"metadata": {"fps": "12"}, "fps": 12}, {"fps": 12}),
        ({"fps": "23.976"}, {"fps": 23.976}),
        ({"fps": "24.0"}, {"fps": 24}),
    ],
)
async def test_every_spelling_of_a_field_is_understood(api: Api, spelt: dict[str, Any], meant: dict[str, Any]) -> None:
    one = (await api.create(**spelt)).json()["metadata"]["filmgate"]
    other = (await api.create(**meant)).json()["metadata"]["filmgate"]

    facts = ("width", "height", "fps", "duration_seconds")
    assert [one[name] for name in facts] == [other[name] for name in facts]


async def test_metadata_is_echoed_untouched(api: Api) -> None:
    metadata = {"order": 17, "nested": {"a": [1, 2.5, None, "文字"]}, "style": "noir"}

    video = (await api.create(metadata=metadata)).json()

    assert {name: video["metadata"][name] for name in metadata} == metadata


async def test_a_caption_is_asked_for_by_true_and_by_nothing_else(api: Api) -> None:
    """A client's own note may have that name."""
    for caption, warned in ((True, True), ("true", True), ("My summer", False), (False, False)):
        video = (await api.create(model="kling-v1", metadata={"caption": caption})).json()
        warnings = video["metadata"]["filmgate"]["warnings"]
        assert any(warning.startswith("caption: kling-v1 sets no captions") for warning in warnings) is warned
        assert video["metadata"]["caption"] == caption


async def test_metadata_may_come_as_bracketed_form_fields(api: Api) -> None:
    fields = {"model": "animatic-1", "prompt": "sea", "metadata[order]": "17", "metadata[style]": "noir"}

    video = (await api.client.post("/v1/videos", files=parts(fields), headers=api.auth())).json()

    assert (video["metadata"]["order"], video["metadata"]["style"]) == ("17", "noir")


@pytest.mark.parametrize("name", ["image", "input_reference", "image_url", "images", "images[]"])
async def test_an_image_as_data_uri_under_every_name(api: Api, png: bytes, name: str) -> None:
    uri = "data:image/png;base64," + base64.b64encode(png).decode()

    response = await api.create(**{name: [uri] if name == "images" else uri})

    assert response.status_code == 200, response.text


async def test_an_image_as_bare_base64_object_and_file(api: Api, png: bytes) -> None:
    text = base64.b64encode(png).decode()
    bare = await api.create(image=text)
    as_object = await api.create(input_reference={"image_url": f"data:image/png;base64,{text}"})
    bracketed = await api.client.post(
        "/v1/videos",
        files=parts({"prompt": "sea", "input_reference[image_url]": f"data:image/png;base64,{text}"}),
        headers=api.auth(),
    )
    uploaded = await api.client.post(
        "/v1/videos", files={**parts({"prompt": "sea"}), "input_reference": ("first.png", png)}, headers=api.auth()
    )

    assert [response.status_code for response in (bare, as_object, bracketed, uploaded)] == [200] * 4


async def test_no_model_means_the_default_model(api: Api) -> None:
    response = await api.client.post("/v1/videos", json={"prompt": "sea"}, headers=api.auth())

    assert response.json()["model"] == "animatic-1"


async def test_a_seed_is_drawn_and_reported_where_none_is_asked(api: Api) -> None:
    drawn = (await api.create(seed=-1)).json()["metadata"]["filmgate"]["seed"]
    asked = (await api.create(seed=42)).json()["metadata"]["filmgate"]["seed"]

    assert 0 <= drawn <= 4294967295
    assert asked == 42


async def test_n_outputs_have_seeds_of_their_own(api: Api) -> None:
    video = (await api.create(n=3, seed=7)).json()

    assert [output["seed"] for output in video["metadata"]["filmgate"]["outputs"]] == [7, 8, 9]


async def test_nearest_uses_the_cheaper_value_and_says_so(api: Api) -> None:
    rejected = await api.create(model="kling-v1", duration=7)
    fitted = await api.create(model="kling-v1", duration=7, on_mismatch="nearest")

    assert rejected.status_code == 400
    message = rejected.json()["error"]["message"]
    assert rejected.json()["error"]["param"] == "duration"
    assert "5" in message
    assert "10" in message
    adjustment = fitted.json()["metadata"]["filmgate"]["adjustments"][0]
    assert (fitted.json()["seconds"], adjustment["param"], adjustment["used"]) == ("5", "duration", 5)


async def test_prefer_wait_answers_in_time_when_nothing_moves(api: Api) -> None:
    response = await api.create(headers={"prefer": "respond-async, wait=1"})

    assert response.status_code == 200
    assert response.json()["status"] == "queued"


async def test_a_prompt_in_chinese_and_emoji_comes_back_whole(api: Api) -> None:
    prompt = "赛博朋克城市雨夜 🌧️，镜头缓缓推进"

    assert (await api.create(prompt=prompt)).json()["prompt"] == prompt


async def test_a_live_key_without_an_account_is_told_so(api: Api) -> None:
    live = await api.key("live")

    response = await api.create(model="kling-3.0", key=live)

    assert response.status_code == 503
    assert response.json()["error"]["code"] == "no_account"


async def test_a_retired_model_names_its_successor_to_live_keys_and_rehearses_for_test_keys(api: Api) -> None:
    live = await api.key("live")

    refused = await api.create(model="kling-v1", key=live)
    rehearsed = await api.create(model="kling-v1")

    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "model_retired"
    assert "kling-" in refused.json()["error"]["message"].split("use ")[1]
    assert rehearsed.status_code == 200


async def test_the_answer_is_the_stored_video(api: Api) -> None:
    created = await api.create(user="user-1234")

    read = await api.get(f"/v1/videos/{created.json()['id']}")

    assert json.loads(read.content) == json.loads(created.content)


async def test_an_image_of_a_type_the_model_does_not_take_becomes_png(api: Api) -> None:
    files: Any = {**parts({"model": "kling-v1", "prompt": "sea"}), "image": ("a.webp", picture(kind="WEBP"))}

    response = await api.client.post("/v1/videos", files=files, headers=api.auth())

    assert response.status_code == 200, response.text
    stored = [key async for key in api.services.files.list_keys("inputs")]
    assert [key.rpartition(".")[2] for key in stored] == ["png"]


@pytest.mark.parametrize(
    "body",
    [
        "model=animatic-1&prompt=海边日落".encode(),
        b"model=animatic-1&prompt=%E6%B5%B7%E8%BE%B9%E6%97%A5%E8%90%BD",
    ],
)
async def test_chinese_in_an_urlencoded_form(api: Api, body: bytes) -> None:
    headers = api.auth() | {"content-type": "application/x-www-form-urlencoded"}

    response = await api.client.post("/v1/videos", content=body, headers=headers)

    assert response.json()["prompt"] == "海边日落"


async def test_chinese_in_a_multipart_form(api: Api) -> None:
    response = await api.client.post("/v1/videos", files=parts({"prompt": "海边日落"}), headers=api.auth())

    assert response.json()["prompt"] == "海边日落"
