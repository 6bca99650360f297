"""What the golden cases of Wan cannot say: any reply at all, credentials, and the ends of long lists."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from filmgate.catalogue.fit import fit
from filmgate.catalogue.loader import load_catalogue
from filmgate.core.errors import (
    Charged,
    OutcomeUnknown,
    StorageError,
    UpstreamBusy,
    UpstreamError,
    UpstreamRefused,
)
from filmgate.core.provider import Absent, Failed, FindsTasks, Found, Pending, ProviderTask, Succeeded, Unsure
from filmgate.core.request import Images, InputImage, VideoParams, VideoRequest
from filmgate.providers.kind import Tools
from filmgate.providers.verdicts import readable
from filmgate.providers.wan import KIND, WanCredentials, WanProvider

CATALOGUE = load_catalogue()
KEY = "sk-0123456789abcdef"
NOW = 1_790_000_000
PROMPT = "a paper boat"
TASK = ProviderTask("0385dc79", {"submitted_at": NOW, "request_id": None})


class StillClock:
    def now(self) -> float:
        return NOW + 60.0

    async def sleep(self, seconds: float) -> None:
        raise AssertionError(f"an adapter never waits; it wanted to sleep for {seconds} s")


async def no_images(key: str) -> bytes:
    raise StorageError(f"{key} is not there", retryable=True)


def provider(answer: Callable[[httpx.Request], httpx.Response], **credentials: Any) -> WanProvider:
    tools = Tools(no_images, Path("nowhere"), StillClock(), httpx.MockTransport(answer))
    return WanProvider(WanCredentials.model_validate({"api_key": KEY, **credentials}), tools)


def a_request(model: str = "wan2.6-t2v", images: Images | None = None) -> VideoRequest:
    params = VideoParams(model=model, prompt=PROMPT)
    return fit(params, images or Images(), CATALOGUE.get(model), draw_seed=lambda: 7).request


def outcome(call: Callable[[WanProvider], Awaitable[Any]], answer: Callable[[httpx.Request], httpx.Response]) -> Any:
    """What one call returns or raises."""

    async def run() -> Any:
        adapter = provider(answer)
        try:
            return await call(adapter)
        except UpstreamError as error:
            return error
        finally:
            await adapter.close()

    return asyncio.run(run())


def submit(adapter: WanProvider) -> Awaitable[Any]:
    return adapter.submit(a_request(), client_ref="att_1")


def poll(adapter: WanProvider) -> Awaitable[Any]:
    return adapter.poll(TASK)


def find(adapter: WanProvider) -> Awaitable[Any]:
    return adapter.find(a_request(), client_ref="att_1", submitted_at=NOW, taken=())


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
WORDS = st.sampled_from(
    ["PENDING", "SUCCEEDED", "FAILED", "CANCELED", "UNKNOWN", "InternalError", "Throttling", PROMPT]
)
JSON = st.recursive(
    SCALARS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["output", "data", "code"]), inner),
    max_leaves=6,
)


def objects(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Objects with some of these fields, and what stands in their place when something is wrong."""
    return st.fixed_dictionaries({}, optional=fields) | JSON


OUTPUTS = objects(task_id=SCALARS, task_status=WORDS, video_url=SCALARS, orig_prompt=WORDS, code=WORDS, message=SCALARS)
LISTED = st.lists(objects(task_id=SCALARS, status=WORDS, gmt_create=st.just(NOW * 1000) | SCALARS), max_size=3)
BODIES = st.one_of(
    objects(
        output=OUTPUTS,
        data=LISTED | JSON,
        total=st.integers(0, 3) | SCALARS,
        code=WORDS,
        message=SCALARS,
        usage=objects(SR=SCALARS, duration=SCALARS),
    ).map(lambda body: json.dumps(body).encode()),
    st.binary(max_size=40),
)
STATUSES = st.sampled_from([200, 200, 200, 202, 302, 400, 401, 404, 408, 413, 429, 500, 502, 503])


def always(status: int, body: bytes) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _request: httpx.Response(status, content=body)


@given(STATUSES, BODIES)
def test_a_submit_is_accepted_refused_or_unknown_whatever_comes_back(status: int, body: bytes) -> None:
    result = outcome(submit, always(status, body))
    assert isinstance(result, ProviderTask | UpstreamRefused | OutcomeUnknown)
    if isinstance(result, ProviderTask):
        assert result.id
        assert json.loads(json.dumps(result.data))["submitted_at"] == NOW + 60
    if status >= 500 and isinstance(result, UpstreamRefused):
        assert result.upstream_code in ("Throttling",)  # the vendor's own word that nothing was taken


@given(STATUSES, BODIES)
def test_a_poll_ends_a_task_only_by_a_status_word(status: int, body: bytes) -> None:
    result = outcome(poll, always(status, body))
    assert isinstance(result, Pending | Succeeded | Failed | UpstreamBusy)
    if isinstance(result, Succeeded | Failed):
        assert status == 200
        assert json.loads(body)["output"]["task_status"] in ("SUCCEEDED", "FAILED", "CANCELED")
    if isinstance(result, Failed) and result.retryable:
        assert result.charged is Charged.NO


@given(STATUSES, BODIES)
def test_a_cancel_is_a_yes_a_no_or_busy(status: int, body: bytes) -> None:
    result = outcome(lambda adapter: adapter.cancel(TASK), always(status, body))
    assert isinstance(result, bool | UpstreamBusy)
    if result is True:
        assert status == 200


@given(STATUSES, BODIES)
def test_a_search_never_says_absent_without_a_list(status: int, body: bytes) -> None:
    result = outcome(find, always(status, body))
    assert isinstance(result, Found | Absent | Unsure | UpstreamBusy)
    if isinstance(result, Absent):
        assert isinstance(json.loads(body)["data"], list)


def listing(items: list[dict[str, Any]], calls: list[str]) -> Callable[[httpx.Request], httpx.Response]:
    """The vendor's list in pages of ten, and its tasks."""

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.path)
        if not request.url.path.endswith("/"):
            return httpx.Response(200, json={"output": {"task_status": "SUCCEEDED", "orig_prompt": "another"}})
        start = (int(request.url.params["page_no"]) - 1) * 10
        return httpx.Response(200, json={"data": items[start : start + 10], "total": len(items)})

    return answer


def listed_task(number: int, created_at: float) -> dict[str, Any]:
    return {"task_id": f"t-{number}", "status": "SUCCEEDED", "gmt_create": int(created_at * 1000)}


def test_a_list_without_an_end_is_left_after_thirty_pages() -> None:
    calls: list[str] = []
    result = outcome(find, listing([listed_task(number, NOW - 7200) for number in range(301)], calls))
    assert isinstance(result, Unsure)
    assert len(calls) == 30


def test_too_many_candidates_are_not_asked_for_one_by_one() -> None:
    calls: list[str] = []
    result = outcome(find, listing([listed_task(number, NOW) for number in range(21)], calls))
    assert result == Unsure("21 tasks may be this one")
    assert len(calls) == 3
    assert isinstance(outcome(find, listing([listed_task(number, NOW) for number in range(20)], calls)), Absent)


def test_wan_finds_tasks_and_does_nothing_that_it_cannot() -> None:
    adapter = provider(always(200, b""))
    assert isinstance(adapter, FindsTasks)
    assert not hasattr(adapter, "hear")
    assert not hasattr(adapter, "poll_many")
    asyncio.run(adapter.close())


def test_an_image_that_the_store_does_not_give_sends_nothing() -> None:
    images = Images(InputImage("inputs/1", "image/png", 512, 512, 1000, "0" * 64))
    calls: list[str] = []
    request = a_request("wan2.6-i2v", images)
    result = outcome(lambda adapter: adapter.submit(request, client_ref="att_1"), listing([], calls))
    assert isinstance(result, UpstreamRefused)
    assert result.retryable
    assert calls == []


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ({}, "https://dashscope-intl.aliyuncs.com"),
        ({"region": "beijing"}, "https://dashscope.aliyuncs.com"),
        ({"region": "virginia"}, "https://dashscope-us.aliyuncs.com"),
        ({"workspace_id": "ws-1"}, "https://ws-1.ap-southeast-1.maas.aliyuncs.com"),
        ({"region": "beijing", "workspace_id": "llm-9"}, "https://llm-9.cn-beijing.maas.aliyuncs.com"),
        ({"region": "virginia", "workspace_id": "ws-1"}, "https://ws-1.us-east-1.maas.aliyuncs.com"),
        ({"region": "hongkong", "workspace_id": "ws-1"}, "https://ws-1.cn-hongkong.maas.aliyuncs.com"),
        ({"region": "hongkong", "base_url": "https://x.example"}, "https://x.example"),
        ({"workspace_id": "ws-1", "base_url": "http://127.0.0.1:9/"}, "http://127.0.0.1:9"),
        ({"base_url": "https://dashscope.aliyuncs.com/api/v1"}, "https://dashscope.aliyuncs.com"),
        ({"base_url": "https://dashscope.aliyuncs.com/compatible-mode/v1/"}, "https://dashscope.aliyuncs.com"),
        ({"base_url": "https://relay.example/dashscope"}, "https://relay.example/dashscope"),
    ],
)
def test_the_host_of_an_account(given: dict[str, Any], host: str) -> None:
    adapter = provider(always(200, b""), **given)
    assert adapter.base_url == host
    asyncio.run(adapter.close())


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"api_key": ""}, "api_key must be plain ASCII .* at least one"),
        ({"region": "frankfurt"}, "'beijing', 'singapore', 'virginia' or 'hongkong'"),
        ({"region": "hongkong"}, "set workspace_id"),
        ({"workspace_id": "ws-1.evil.example/"}, "must be letters, digits and hyphens; got .ws-1.evil"),
        ({"base_url": "dashscope.aliyuncs.com"}, r"base_url must be an http\(s\) address"),
        ({"base_url": "https://"}, r"base_url must be an http\(s\) address"),
        ({"secret": "x"}, "not permitted"),
    ],
)
def test_an_account_that_cannot_work_is_told_at_start(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        WanCredentials.model_validate({"api_key": KEY, **given})


def test_a_key_is_needed_and_never_shown() -> None:
    with pytest.raises(ValidationError, match="api_key"):
        WanCredentials.model_validate({})
    assert KEY not in repr(WanCredentials.model_validate({"api_key": KEY}))


def test_the_variables_lead_to_settings_that_exist() -> None:
    assert set(KIND.environment.values()) <= set(WanCredentials.model_fields)
    assert all(set(names) <= set(KIND.environment) for names in KIND.required)


@given(st.text())
def test_a_text_without_links_stays_as_it_is(text: str) -> None:
    assert readable(text.replace("://", "")) == text.replace("://", "")


def test_links_lose_their_queries_and_nothing_else() -> None:
    text = "cannot get https://a.example/x.png?sig=1&b=2, nor 'http://b.example/?k=v' or https://c.example/y?z"
    assert readable(text) == ("cannot get https://a.example/x.png?… nor 'http://b.example/?…' or https://c.example/y?…")


def test_a_name_that_the_owner_has_chosen_is_sent_in_every_region() -> None:
    """An account may call a model otherwise: a dated version, for example."""
    bodies: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json={"output": {"task_id": "1"}})

    async def run() -> None:
        adapter = provider(answer, region="virginia")
        for name in ("wan2.6-t2v", "wan2.6-t2v-2026-01-01"):
            await adapter.submit(replace(a_request(), upstream_model=name), client_ref="att_1")
        await adapter.close()

    asyncio.run(run())
    assert [body["model"] for body in bodies] == ["wan2.6-t2v-us", "wan2.6-t2v-2026-01-01"]
