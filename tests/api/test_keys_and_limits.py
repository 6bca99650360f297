"""Who may ask, and how much."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from .conftest import Api

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "missing_api_key"),
        ("", "missing_api_key"),
        ("Basic abc", "missing_api_key"),
        ("Bearer", "missing_api_key"),
        ("Bearer sk-test-nonsense", "invalid_api_key"),
        ("Bearer \udcff".encode("utf-8", "surrogateescape"), "invalid_api_key"),
    ],
)
async def test_without_a_good_key_there_is_nothing(api: Api, header: str | bytes | None, code: str) -> None:
    for method, path in (("POST", "/v1/videos"), ("GET", "/v1/videos"), ("GET", "/v1/models")):
        headers = {"authorization": header} if header is not None else {}
        response = await api.client.request(method, path, headers=headers)

        assert response.status_code == 401
        assert response.json()["error"]["type"] == "authentication_error"
        assert response.json()["error"]["code"] == code


async def test_an_expired_key_is_refused(api: Api) -> None:
    expired = await api.key(expires_at=1.0)

    response = await api.get("/v1/videos", key=expired)

    assert response.status_code == 401
    assert "expired" in response.json()["error"]["message"]


async def test_a_key_for_one_model_only(api: Api) -> None:
    limited = await api.key(models=["animatic-1"])

    assert (await api.create(key=limited)).status_code == 200
    refused = await api.create(key=limited, model="kling-v1")
    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "model_not_allowed"


async def test_a_rate_limit_says_when_to_come_back(api: Api) -> None:
    limited = await api.key(requests_per_minute=2)

    answers = [await api.create(key=limited, seed=number) for number in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["error"]["code"] == "rate_limit_exceeded"
    assert 1 <= int(answers[2].headers["retry-after"]) <= 60


async def test_concurrency_is_limited_also_when_asked_at_once(api: Api) -> None:
    limited = await api.key(max_active_videos=2)

    answers = await asyncio.gather(*(api.create(key=limited, seed=number) for number in range(6)))

    codes = sorted(answer.status_code for answer in answers)
    assert codes == [200, 200, 429, 429, 429, 429]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["error"]["code"] == "too_many_active_videos"
    assert "retry-after" in refused.headers


async def test_a_budget_does_not_stop_what_is_free(api: Api) -> None:
    limited = await api.key("live", budget_usd_micros=0)

    assert (await api.create(key=limited)).status_code == 200


async def test_another_projects_video_does_not_exist(api: Api) -> None:
    mine = (await api.create()).json()["id"]
    other = await api.key(project="other")

    for method, path in (
        ("GET", f"/v1/videos/{mine}"),
        ("GET", f"/v1/videos/{mine}/content"),
        ("GET", f"/v1/videos/{mine}/timeline"),
        ("POST", f"/v1/videos/{mine}/cancel"),
        ("DELETE", f"/v1/videos/{mine}"),
    ):
        response = await api.client.request(method, path, headers=api.auth(other))
        assert response.status_code == 404, path
    assert (await api.get("/v1/videos", key=other)).json()["data"] == []
    assert (await api.get(f"/v1/videos/{mine}")).status_code == 200


async def test_live_and_test_keys_of_a_project_list_their_own_side(api: Api) -> None:
    live = await api.key("live")
    await api.create()
    live_id = (await api.create(key=live)).json()["id"]

    listed = (await api.get("/v1/videos", key=live)).json()["data"]

    assert [video["id"] for video in listed] == [live_id]
    assert listed[0]["metadata"]["filmgate"]["livemode"] is True


async def test_rehearse_is_for_test_keys(api: Api) -> None:
    live = await api.key("live")

    response = await api.create(key=live, metadata={"rehearse": {"wait_seconds": 1}})

    assert response.status_code == 400
    assert response.json()["error"]["param"] == "metadata.rehearse"


async def test_a_line_that_is_too_long_is_closed(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = replace(api.services.gateway._policy, most_waiting=2)
    monkeypatch.setattr(api.services.gateway, "_policy", policy)
    await api.create(n=2)
    clock = api.services.clock
    monkeypatch.setattr(api.services.gateway._line, "_clock", Later(clock.now() + 5))

    response = await api.create()

    assert response.status_code == 429
    assert response.json()["error"]["code"] == "queue_full"
    assert int(response.headers["retry-after"]) > 0


class Later:
    """A clock by which the last snapshot of the line is old."""

    def __init__(self, now: float) -> None:
        self._now = now

    def now(self) -> float:
        return self._now
