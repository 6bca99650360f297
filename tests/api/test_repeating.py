"""Never pay twice: the same create, sent again."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from .conftest import Api

pytestmark = pytest.mark.anyio


async def test_the_same_key_and_body_is_the_same_video(api: Api) -> None:
    headers = {"idempotency-key": "order-17"}
    first = await api.create(headers=headers, seed=1)
    again = await api.create(headers=headers, seed=1)

    assert again.json()["id"] == first.json()["id"]
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert await api.stored_videos() == 1


async def test_another_spelling_is_the_same_body(api: Api) -> None:
    headers = {"idempotency-key": "order-17"}
    first = await api.create(headers=headers, duration=5, size="640x360")
    again = await api.create(headers=headers, seconds="5", width=640, height=360)

    assert again.json()["id"] == first.json()["id"]


async def test_the_same_key_with_another_body_is_a_conflict(api: Api) -> None:
    headers = {"idempotency-key": "order-17"}
    await api.create(headers=headers, seed=1)

    response = await api.create(headers=headers, seed=2)

    assert response.status_code == 409
    assert response.json()["error"]["code"] == "idempotency_conflict"


async def test_a_refused_create_does_not_use_up_the_key(api: Api) -> None:
    headers = {"idempotency-key": "order-17"}
    assert (await api.create(headers=headers, duration=999)).status_code == 400

    assert (await api.create(headers=headers, duration=5)).status_code == 200


async def test_twenty_at_once_make_one_video(api: Api) -> None:
    headers = {"idempotency-key": "order-17"}

    answers = await asyncio.gather(*(api.create(headers=headers, seed=1) for _ in range(20)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    assert await api.stored_videos() == 1


async def test_a_replayed_image_leaves_one_copy(api: Api, png: bytes) -> None:
    headers = api.auth() | {"idempotency-key": "order-17"}
    files: Any = {"prompt": (None, "sea"), "image": ("a.png", png)}

    await asyncio.gather(*(api.client.post("/v1/videos", files=files, headers=headers) for _ in range(5)))

    stored = [key async for key in api.services.files.list_keys("inputs")]
    assert len(stored) == 1


async def test_projects_do_not_share_keys(api: Api) -> None:
    other = await api.key(project="other")
    headers = {"idempotency-key": "order-17"}

    first = await api.create(headers=headers, seed=1)
    elsewhere = await api.create(headers=headers, key=other, seed=2)

    assert elsewhere.status_code == 200
    assert elsewhere.json()["id"] != first.json()["id"]


async def test_an_sdks_own_retry_gets_the_first_video(api: Api) -> None:
    first = await api.create(seed=1)
    retried = await api.create(seed=1, headers={"x-stainless-retry-count": "1"})
    fresh = await api.create(seed=1, headers={"x-stainless-retry-count": "0"})

    assert retried.json()["id"] == first.json()["id"]
    assert retried.headers["idempotent-replayed"] == "true"
    assert fresh.json()["id"] != first.json()["id"]


async def test_a_retry_without_a_first_call_is_a_create(api: Api) -> None:
    response = await api.create(seed=1, headers={"x-stainless-retry-count": "2"})

    assert response.status_code == 200
    assert "idempotent-replayed" not in response.headers


async def test_an_idempotency_key_has_a_length(api: Api) -> None:
    response = await api.create(headers={"idempotency-key": "x" * 256})

    assert response.status_code == 400
    assert response.json()["error"]["param"] == "Idempotency-Key"
