"""One Filmgate in front of another: the openai provider's dialect "filmgate", against this very API."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from filmgate.api.server import create_api
from filmgate.core.clock import SystemClock
from filmgate.core.errors import OutcomeUnknown, UpstreamRefused
from filmgate.core.provider import Absent, Found, Pending
from filmgate.core.request import Images, InputImage, Mode, VideoRequest
from filmgate.providers.kind import Tools
from filmgate.providers.openai import OpenAICredentials, OpenAIProvider

from .conftest import Api, picture

pytestmark = pytest.mark.anyio

TEXT = VideoRequest(
    "animatic-1", "animatic-1", Mode.TEXT_TO_VIDEO, "a calm sea", 2.5, width_px=320, height_px=180, fps=24, seed=7,
    negative_prompt="rain", style="noir", quality_level="draft", camera="pan left", generate_audio=False,
)  # fmt: skip
NAMED = VideoRequest(
    "kling-3.0", "kling-3.0", Mode.TEXT_TO_VIDEO, "a calm sea", 5.0,
    width_px=1080, height_px=1920, aspect_ratio="9:16", resolution="1080p", generate_audio=True,
)  # fmt: skip


async def read_picture(key: str) -> bytes:
    return picture(kind="JPEG" if key == "last" else "PNG")


def upstream(api: Api, key: str | None = None) -> OpenAIProvider:
    """An account that has to find out by itself what it speaks to."""
    account = OpenAICredentials.model_validate({"base_url": "http://filmgate.test", "api_key": key or api.test_key})
    transport = httpx.ASGITransport(create_api(api.services), raise_app_exceptions=False)
    return OpenAIProvider(account, Tools(read_picture, Path("nowhere"), SystemClock(), transport))


async def test_it_recognises_its_own_kind_and_asks_for_everything(api: Api) -> None:
    adapter = upstream(api)
    task = await adapter.submit(TEXT, client_ref="att_1")
    assert task.data == {"dialect": "filmgate"}
    assert adapter.submits_once
    made = (await api.get(f"/v1/videos/{task.id}")).json()
    facts = made["metadata"]["filmgate"]
    assert (made["seconds"], made["size"], made["prompt"]) == ("2.5", "320x180", "a calm sea")
    assert (facts["fps"], facts["seed"], facts["adjustments"]) == (24, 7, [])
    assert await adapter.poll(task) == Pending(0)
    await adapter.close()


async def test_a_model_with_named_sizes_is_asked_by_name(api: Api) -> None:
    adapter = upstream(api)
    task = await adapter.submit(NAMED, client_ref="att_1")
    made = (await api.get(f"/v1/videos/{task.id}")).json()
    assert (made["size"], made["metadata"]["filmgate"]["adjustments"]) == ("1080x1920", [])
    await adapter.close()


async def test_images_arrive_in_their_roles(api: Api) -> None:
    def image(key: str, media_type: str) -> InputImage:
        return InputImage(key, media_type, 640, 360, 1000, "0" * 64)

    frames = Images(image("first", "image/png"), image("last", "image/jpeg"))
    request = VideoRequest(
        "animatic-1", "animatic-1", Mode.FIRST_LAST_FRAME, None, 2.0, width_px=320, height_px=180, images=frames
    )
    adapter = upstream(api)
    task = await adapter.submit(request, client_ref="att_1")
    detail = await api.services.gateway.find(task.id)
    assert detail.outputs[0].request["mode"] == "first_last_frame"
    await adapter.close()


async def test_the_same_attempt_is_one_video_and_another_body_is_no_refusal(api: Api) -> None:
    adapter = upstream(api)
    first = await adapter.submit(TEXT, client_ref="att_1")
    assert await adapter.submit(TEXT, client_ref="att_1") == first
    with pytest.raises(OutcomeUnknown, match="Idempotency-Key"):
        await adapter.submit(NAMED, client_ref="att_1")
    assert await api.stored_videos() == 1
    await adapter.close()


async def test_a_lost_reply_is_found_by_its_mark(api: Api) -> None:
    adapter = upstream(api)
    task = await adapter.submit(TEXT, client_ref="att_1")
    await adapter.submit(TEXT, client_ref="att_2")
    fresh = upstream(api)  # another process, which has to ask first
    assert await fresh.find(TEXT, client_ref="att_1", submitted_at=0.0, taken=()) == Found(task)
    assert await fresh.find(TEXT, client_ref="att_3", submitted_at=0.0, taken=()) == Absent()
    await adapter.close()
    await fresh.close()


async def test_what_waits_is_stopped_and_what_is_finished_is_not(api: Api) -> None:
    adapter = upstream(api)
    task = await adapter.submit(TEXT, client_ref="att_1")
    assert await adapter.cancel(task)
    assert not await adapter.cancel(task)
    await adapter.close()


async def test_its_refusals_are_told_in_its_words(api: Api) -> None:
    unknown = VideoRequest("kling-99", "kling-99", Mode.TEXT_TO_VIDEO, "waves", 5.0)
    adapter = upstream(api)
    with pytest.raises(UpstreamRefused, match="'kling-99' is not in the catalogue") as caught:
        await adapter.submit(unknown, client_ref="att_1")
    assert caught.value.upstream_code == "model_not_found"
    stranger = upstream(api, "sk-test-wrong")
    with pytest.raises(UpstreamRefused, match="HTTP 401"):
        await stranger.submit(TEXT, client_ref="att_1")
    await adapter.close()
    await stranger.close()
