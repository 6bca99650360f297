"""What the golden cases of Hailuo cannot say: any reply at all, sizes, credentials, and the end of a long list."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from filmgate.catalogue.fit import fit
from filmgate.catalogue.loader import load_catalogue
from filmgate.core.errors import ErrorClass, OutcomeUnknown, UpstreamBusy, UpstreamError, UpstreamRefused
from filmgate.core.provider import (
    Absent,
    CallbackHeard,
    Failed,
    FindsTasks,
    HearsCallbacks,
    Pending,
    ProviderTask,
    Succeeded,
    Unsure,
)
from filmgate.core.request import Images, VideoParams, VideoRequest
from filmgate.providers import hailuo_v2
from filmgate.providers.hailuo import KIND, HailuoCredentials, HailuoProvider
from filmgate.providers.images import SentImage, SentImages
from filmgate.providers.kind import Tools

CATALOGUE = load_catalogue()
KEY = "sk-api-0123456789abcdef"
NOW = 1_790_000_000
V1_TASK = ProviderTask("17", {"api": "v1", "submitted_at": NOW})
V2_TASK = ProviderTask("40", {"api": "v2", "submitted_at": NOW})


class StillClock:
    def now(self) -> float:
        return NOW + 60.0

    async def sleep(self, seconds: float) -> None:
        raise AssertionError(f"an adapter never waits; it wanted to sleep for {seconds} s")


async def no_images(key: str) -> bytes:
    raise AssertionError(f"{key}: these requests have no images")


def provider(answer: Callable[[httpx.Request], httpx.Response], **credentials: Any) -> HailuoProvider:
    tools = Tools(no_images, Path("nowhere"), StillClock(), httpx.MockTransport(answer))
    return HailuoProvider(HailuoCredentials.model_validate({"api_key": KEY, **credentials}), tools)


def a_request(model: str, prompt: str = "a paper boat") -> VideoRequest:
    params = VideoParams(model=model, prompt=prompt)
    return fit(params, Images(), CATALOGUE.get(model), draw_seed=lambda: 7).request


def outcome(call: Callable[[HailuoProvider], Awaitable[Any]], *replies: httpx.Response) -> Any:
    """What one call returns or raises, given these replies and the last of them for ever after."""
    left = list(replies)

    def answer(_request: httpx.Request) -> httpx.Response:
        reply = left.pop(0) if len(left) > 1 else left[0]
        return httpx.Response(reply.status_code, content=reply.content)

    async def run() -> Any:
        adapter = provider(answer)
        try:
            return await call(adapter)
        except UpstreamError as error:
            return error
        finally:
            await adapter.close()

    return asyncio.run(run())


def find(adapter: HailuoProvider) -> Awaitable[Any]:
    request = a_request("minimax-h3")
    return adapter.find(request, client_ref="att_1", submitted_at=float(NOW), taken=["1"])


# Replies in the vendor's shapes whose every part may be missing or be something else.
CODES = ["0", 0, "1", 1000, 1002, 1004, 1026, 1033, 2013, 4711]
STATUSES = ["Success", "Fail", "Processing", "succeeded", "failed", "queued", "running", "cancelled"]
TEXTS = ["1", "invalid task_id (2013)", "no balance (1008)", "cancelled", "https://cdn.example/a.mp4"]
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
)
ANYTHING = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(max_size=3), SCALARS, max_size=2)


def mostly(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 9).flatmap(lambda draw: ANYTHING if draw == 9 else usual)


def an_object(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return mostly(st.fixed_dictionaries({}, optional={name: mostly(part) for name, part in parts.items()}))


CODE, STATUS, TEXT = st.sampled_from(CODES), st.sampled_from(STATUSES), st.sampled_from(TEXTS)
TASK = an_object(
    id=TEXT,
    status=STATUS,
    model=st.just("MiniMax-H3"),
    created_at=st.just(NOW),
    resolution=st.just("768P"),
    duration=st.just(5),
    content=an_object(url=TEXT),
    error=an_object(code=CODE, message=TEXT),
)
BODY = an_object(
    task_id=TEXT,
    status=STATUS,
    file_id=TEXT,
    base_resp=an_object(status_code=CODE, status_msg=TEXT),
    file=an_object(download_url=TEXT),
    task=TASK,
    error=an_object(type=st.just("overloaded_error"), message=TEXT),
    items=st.lists(TASK, max_size=3),
    total=st.integers(-1, 4),
    action=TEXT,
)
HTTP_STATUS = st.sampled_from([200, 200, 200, 201, 302, 400, 401, 404, 422, 429, 500, 529])
REPLIES = st.builds(lambda status, body: httpx.Response(status, json=body), HTTP_STATUS, BODY) | st.builds(
    lambda status, content: httpx.Response(status, content=content), HTTP_STATUS, st.binary(max_size=30)
)


@given(REPLIES, st.sampled_from(["hailuo-2.3", "minimax-h3"]))
def test_any_reply_to_a_submit_is_a_task_or_a_declared_error(reply: httpx.Response, model: str) -> None:
    got = outcome(lambda adapter: adapter.submit(a_request(model), client_ref="att_1"), reply)
    assert isinstance(got, ProviderTask | UpstreamRefused | OutcomeUnknown)
    if isinstance(got, ProviderTask):
        assert reply.status_code == 200
        assert got.id
    if isinstance(got, UpstreamRefused) and got.upstream_code == "200":
        raise AssertionError("HTTP 200 without a code of the vendor's says nothing of whether a task exists")


@given(REPLIES, REPLIES, st.sampled_from([V1_TASK, V2_TASK]))
def test_any_reply_to_a_poll_is_a_verdict_or_busy(
    reply: httpx.Response, of_file: httpx.Response, task: ProviderTask
) -> None:
    got = outcome(lambda adapter: adapter.poll(task), reply, of_file)
    assert isinstance(got, Pending | Succeeded | Failed | UpstreamBusy)
    if isinstance(got, Succeeded):
        assert got.url
    if isinstance(got, Failed):
        assert not got.retryable
        assert reply.status_code == 200


@given(REPLIES, REPLIES)
def test_any_reply_to_a_cancel_is_yes_or_no_or_busy(first: httpx.Response, second: httpx.Response) -> None:
    got = outcome(lambda adapter: adapter.cancel(V2_TASK), first, second)
    assert isinstance(got, bool | UpstreamBusy)


@given(REPLIES, REPLIES)
def test_any_reply_to_a_find_is_absent_unsure_or_busy(first: httpx.Response, second: httpx.Response) -> None:
    assert isinstance(outcome(find, first, second), Absent | Unsure | UpstreamBusy)


@given(st.binary(max_size=200) | BODY.map(lambda body: json.dumps(body).encode()))
def test_any_callback_is_heard(body: bytes) -> None:
    adapter = provider(lambda _: httpx.Response(500))
    assert isinstance(adapter.hear({}, body, now=0.0), CallbackHeard)


def test_it_finds_and_hears() -> None:
    adapter = provider(lambda _: httpx.Response(500))
    assert isinstance(adapter, FindsTasks)
    assert isinstance(adapter, HearsCallbacks)


def test_a_list_without_end_is_left_in_doubt() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params["page_num"])
        return httpx.Response(200, json={"items": [{"id": "1"}], "total": 10_000})

    assert asyncio.run(find(provider(answer))) == Unsure(
        "MiniMax's list of tasks could not be read to its end (25 tasks read)"
    )
    assert asked == [str(number) for number in range(1, 26)]


def test_images_beyond_64_mb_are_refused_unsent() -> None:
    half = SentImage(b"", "image/png", "A" * 32_000_000, None)
    with pytest.raises(UpstreamRefused, match=r"64000044 bytes .* up to 64000000") as caught:
        hailuo_v2.body(a_request("minimax-h3"), SentImages(first_frame=half, last_frame=half))
    assert caught.value.error_class is ErrorClass.CALLER
    linked = SentImage(b"", "image/png", half.base64, "https://img.example/a.png")
    assert hailuo_v2.body(a_request("minimax-h3"), SentImages(first_frame=half, last_frame=linked))


def test_a_task_id_is_no_part_of_the_path() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path.decode())
        return httpx.Response(200, json={"task": {"status": "queued"}})

    asyncio.run(provider(answer).poll(ProviderTask("../../v1/x?y", {"api": "v2"})))
    assert asked == ["/v2/query/video_generation/..%2F..%2Fv1%2Fx%3Fy"]


def test_the_key_is_in_no_message() -> None:
    told = httpx.Response(200, json={"base_resp": {"status_code": 2049, "status_msg": f"invalid api key {KEY}"}})
    error = outcome(lambda adapter: adapter.submit(a_request("hailuo-2.3"), client_ref="att_1"), told)
    assert KEY not in error.message
    assert "invalid api key ***" in error.message
    assert KEY not in repr(HailuoCredentials.model_validate({"api_key": KEY}))


@pytest.mark.parametrize(
    ("settings", "base_url"),
    [
        ({}, "https://api.minimax.io"),
        ({"region": "cn"}, "https://api.minimaxi.com"),
        ({"region": "cn", "base_url": "http://127.0.0.1:9000/"}, "http://127.0.0.1:9000"),
    ],
)
def test_where_an_account_is_reached(settings: dict[str, str], base_url: str) -> None:
    assert provider(lambda _: httpx.Response(500), **settings).base_url == base_url


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({}, "api_key"),
        ({"api_key": KEY, "region": "us"}, "region"),
        ({"api_key": KEY, "billing": "free"}, "billing"),
        ({"api_key": KEY, "group_id": "17"}, "group_id"),
    ],
)
def test_a_bad_account_is_told_by_its_field(settings: dict[str, str], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        KIND.credentials.model_validate(settings)
    assert caught.value.errors()[0]["loc"] == (field,)
