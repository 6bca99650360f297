"""What the golden cases of Seedance cannot say: any reply at all, accounts, marks, and bodies that are too large."""

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
from filmgate.core.errors import ErrorClass, OutcomeUnknown, StorageError, UpstreamBusy, UpstreamError, UpstreamRefused
from filmgate.core.provider import (
    Absent,
    Failed,
    FindsTasks,
    Found,
    HearsCallbacks,
    Pending,
    PollsMany,
    ProviderTask,
    SubmitsOnce,
    Succeeded,
    Unsure,
)
from filmgate.core.request import Images, InputImage, VideoParams, VideoRequest
from filmgate.providers.kind import Tools
from filmgate.providers.seedance import KIND, SeedanceCredentials, SeedanceProvider, expiry_mark

pytestmark = pytest.mark.anyio

CATALOGUE = load_catalogue()
KEY = "ark-0123456789abcdef"
NOW = 1_790_000_000
TASK = ProviderTask("cgt-1", {"submitted_at": NOW})
FIND: dict[str, Any] = {"client_ref": "att_1", "submitted_at": NOW, "taken": ()}


class StillClock:
    def now(self) -> float:
        return NOW + 60.0

    async def sleep(self, seconds: float) -> None:
        raise AssertionError(f"an adapter never waits; it wanted to sleep for {seconds} s")


async def small_image(key: str) -> bytes:
    return key.encode()


def provider(
    answer: Callable[[httpx.Request], httpx.Response],
    read_input: Callable[[str], Awaitable[bytes]] = small_image,
    **credentials: Any,
) -> SeedanceProvider:
    tools = Tools(read_input, Path("nowhere"), StillClock(), httpx.MockTransport(answer))
    return SeedanceProvider(SeedanceCredentials.model_validate({"api_key": KEY, **credentials}), tools)


def an_image(key: str) -> InputImage:
    return InputImage(key, "image/png", 900, 600, 1000, "0" * 64)


def a_request(model: str = "seedance-2.0", images: Images | None = None) -> VideoRequest:
    params = VideoParams(model=model, prompt="a cat yawns")
    return fit(params, images or Images(), CATALOGUE.get(model), draw_seed=lambda: 7).request


def outcome(call: Callable[[SeedanceProvider], Awaitable[Any]], *replies: httpx.Response, **account: Any) -> Any:
    """What one call returns or raises, given these replies and the last of them for ever after."""
    left = list(replies)

    def answer(_request: httpx.Request) -> httpx.Response:
        reply = left.pop(0) if len(left) > 1 else left[0]
        return httpx.Response(reply.status_code, content=reply.content)

    async def run() -> Any:
        adapter = provider(answer, **account)
        try:
            return await call(adapter)
        except UpstreamError as error:
            return error
        finally:
            await adapter.close()

    return asyncio.run(run())


def never_called(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"nothing may be sent, and this was: {request.url}")


# --- any reply at all

names = st.sampled_from(
    ["id", "status", "error", "code", "message", "content", "video_url", "items", "total", "created_at", "seed"]
)
values = st.sampled_from(
    ["queued", "running", "succeeded", "failed", "cancelled", "expired", "cgt-1", "https://tos.example/v.mp4"]
)
codes = st.sampled_from(["QuotaExceeded", "InvalidParameter", "OutputVideoSensitiveContentDetected"])
words = names | values | codes
leaves = st.none() | st.booleans() | st.integers() | st.floats() | words | st.text(max_size=5)
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words | st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
tasks = st.fixed_dictionaries(
    {},
    optional={
        "id": anything,
        "status": words | anything,
        "content": st.fixed_dictionaries({"video_url": anything}) | anything,
        "error": st.fixed_dictionaries({"code": words | anything, "message": anything}) | anything,
        "created_at": anything,
        "seed": anything,
        "execution_expires_after": anything,
    },
)
bodies = st.one_of(
    anything.map(lambda value: json.dumps(value).encode()),
    tasks.map(lambda value: json.dumps(value).encode()),
    st.lists(tasks, max_size=3).map(lambda items: json.dumps({"items": items, "total": len(items)}).encode()),
    st.binary(max_size=40),
)
statuses = st.sampled_from([200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 408, 409, 429, 500, 503])
replies = st.builds(httpx.Response, statuses, content=bodies)


@given(replies)
def test_a_submit_answered_with_anything_is_accepted_refused_or_unknown(reply: httpx.Response) -> None:
    got = outcome(lambda adapter: adapter.submit(a_request(), client_ref="att_1"), reply)
    assert isinstance(got, ProviderTask | UpstreamRefused | OutcomeUnknown)
    if isinstance(got, ProviderTask):
        assert got.id
        assert json.loads(json.dumps(got.data)) == got.data
    if reply.status_code >= 500 and isinstance(got, UpstreamRefused):
        assert got.upstream_code in {"QuotaExceeded", "InvalidParameter", "OutputVideoSensitiveContentDetected"}


@given(replies)
def test_a_poll_answered_with_anything_gives_a_verdict_only_on_the_vendors_word(reply: httpx.Response) -> None:
    got = outcome(lambda adapter: adapter.poll(TASK), reply)
    assert isinstance(got, Pending | Succeeded | Failed | UpstreamBusy)
    if isinstance(got, Succeeded | Failed):
        assert reply.is_success
    if isinstance(got, Succeeded):
        assert got.url


@given(replies, replies)
def test_a_cancel_answered_with_anything_says_yes_no_or_later(read: httpx.Response, deleted: httpx.Response) -> None:
    got = outcome(lambda adapter: adapter.cancel(TASK), read, deleted)
    assert isinstance(got, bool | UpstreamBusy)


@given(replies, st.sampled_from(["seedance-2.0", "seedance-1.0-pro"]))
def test_a_find_answered_with_anything_stays_within_the_contract(reply: httpx.Response, model: str) -> None:
    got = outcome(lambda adapter: adapter.find(a_request(model), **FIND), reply)
    assert isinstance(got, Found | Absent | Unsure | UpstreamBusy)
    if isinstance(got, Absent):
        assert reply.is_success


@given(st.binary(max_size=60), st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3))
def test_any_callback_is_a_hint(body: bytes, headers: dict[str, str]) -> None:
    assert provider(never_called).hear(headers, body, now=0.0).genuine


# --- what the adapter can


def test_it_finds_and_hears_and_polls_one_by_one() -> None:
    adapter = provider(never_called)
    assert isinstance(adapter, FindsTasks)
    assert isinstance(adapter, HearsCallbacks)
    assert not isinstance(adapter, PollsMany | SubmitsOnce)


def test_a_task_of_an_older_release_is_not_forgotten_for_lack_of_its_time() -> None:
    unknown = httpx.Response(404, json={"error": {"code": "task_not_found"}})
    assert isinstance(outcome(lambda adapter: adapter.poll(ProviderTask("cgt-1")), unknown), Pending)


def test_an_id_stays_one_part_of_the_path() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path.decode())
        return httpx.Response(200, json={"id": "x", "status": "running"})

    asyncio.run(provider(answer).poll(ProviderTask("../a?b", {})))
    assert asked == ["/api/v3/contents/generations/tasks/..%2Fa%3Fb"]


def test_the_key_is_blotted_out_of_what_the_vendor_says() -> None:
    reply = httpx.Response(401, json={"error": {"code": "AuthenticationError", "message": f"bad key {KEY}"}})
    error = outcome(lambda adapter: adapter.poll(TASK), reply)
    assert "bad key ***" in error.message
    assert KEY not in error.message


# --- marks


@given(st.text(max_size=80))
def test_a_mark_is_a_time_limit_that_the_vendor_takes_and_is_never_the_usual_one(client_ref: str) -> None:
    assert 172_800 < expiry_mark(client_ref) <= 259_200
    assert expiry_mark(client_ref) == expiry_mark(client_ref)


def test_marks_spread_over_all_of_their_range() -> None:
    marks = [expiry_mark(f"att_{number}") for number in range(5000)]
    assert len(set(marks)) > 4800
    assert min(marks) < 172_900
    assert max(marks) > 259_100


def test_what_was_submitted_is_found_again() -> None:
    sent: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            sent.append(json.loads(request.content))
            raise httpx.ReadTimeout("")
        told = {name: sent[0][name] for name in ("execution_expires_after", "model")}
        items = [{"id": "cgt-1", "status": "running", "created_at": NOW, **told}]
        return httpx.Response(200, json={"items": items, "total": 1})

    async def run() -> Any:
        adapter = provider(answer)
        with pytest.raises(OutcomeUnknown):
            await adapter.submit(a_request(), client_ref="att_1")
        other = await adapter.find(a_request(), client_ref="att_2", submitted_at=NOW, taken=())
        return await adapter.find(a_request(), **FIND), other

    assert asyncio.run(run()) == (Found(TASK), Absent())


# --- accounts


@pytest.mark.parametrize(
    ("settings", "service", "host"),
    [
        ({}, "intl", "ark.ap-southeast.bytepluses.com"),
        ({"region": "cn"}, "cn", "ark.cn-beijing.volces.com"),
        ({"base_url": "https://ark.cn-beijing.volces.com/api/v3"}, "cn", "ark.cn-beijing.volces.com"),
        ({"base_url": "https://volces.com.evil.example"}, "intl", "volces.com.evil.example"),
        ({"base_url": "https://proxy.example/ark", "region": "cn"}, "cn", "proxy.example"),
    ],
)
def test_the_service_is_what_the_owner_says_or_what_the_host_is(
    settings: dict[str, Any], service: str, host: str
) -> None:
    credentials = SeedanceCredentials.model_validate({"api_key": KEY, **settings})
    assert credentials.service == service
    assert httpx.URL(provider(never_called, **settings).base_url).host == host


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"api_key": KEY, "region": "us"},
        {"api_key": KEY, "endpoints": {"seedance-2.0": "doubao-seedance-2-0-260128"}},
        {"api_key": KEY, "endpoints": {"seedance-2.0": "ep-a b"}},
        {"api_key": KEY, "secret_key": "x"},
    ],
)
def test_a_bad_account_is_told_at_start(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SeedanceCredentials.model_validate(settings)


def test_the_environment_opens_an_account_on_either_service() -> None:
    environ = {"ARK_API_KEY": KEY, "ARK_BASE_URL": "https://ark.cn-beijing.volces.com/api/v3"}
    settings = {key: environ[name] for name, key in KIND.environment.items()}
    assert SeedanceCredentials.model_validate(settings).service == "cn"
    assert KIND.required == (("ARK_API_KEY",),)


def test_an_account_serves_what_its_service_has() -> None:
    def serves(wire: dict[str, Any], **settings: Any) -> bool:
        return KIND.serves(SeedanceCredentials.model_validate({"api_key": KEY, **settings}), wire)

    chinese = {"ids": {"cn": "doubao-x"}}
    assert serves(chinese, region="cn")
    assert not serves(chinese)
    assert serves(chinese, endpoints={"seedance-x": "ep-1"})
    assert serves({})


def with_ids(ids: dict[str, str], upstream_model: str) -> VideoRequest:
    request = a_request()
    wire = {**request.wire, "ids": ids}
    return VideoRequest("seedance-x", upstream_model, request.mode, "a cat", 5.0, resolution="720p", wire=wire)


def test_a_model_that_the_service_has_not_is_refused_before_anything_is_sent() -> None:
    request = with_ids({"cn": "doubao-x"}, "doubao-x")
    error = outcome(lambda adapter: adapter.submit(request, client_ref="att_1"), httpx.Response(500))
    assert isinstance(error, UpstreamRefused)
    assert error.error_class is ErrorClass.OPERATOR
    assert "seedance-x does not exist on this account's service" in error.message
    assert isinstance(outcome(lambda adapter: adapter.find(request, **FIND), httpx.Response(500)), Unsure)


def test_what_the_owner_calls_a_model_is_sent_as_it_is() -> None:
    sent: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content)["model"])
        return httpx.Response(200, json={"id": "cgt-1"})

    for request in (with_ids({"cn": "doubao-x"}, "ep-2026"), with_ids({}, "my-model")):
        asyncio.run(provider(answer).submit(request, client_ref="att_1"))
    assert sent == ["ep-2026", "my-model"]


# --- images


async def test_images_beyond_the_vendors_limit_are_refused_before_they_are_sent() -> None:
    async def large_image(_key: str) -> bytes:
        return bytes(24_000_000)  # 32 MB in base64

    one = a_request(images=Images(first_frame=an_image("a")))
    both = a_request(images=Images(first_frame=an_image("a"), last_frame=an_image("b")))
    adapter = provider(lambda _request: httpx.Response(200, json={"id": "cgt-1"}), large_image)
    assert (await adapter.submit(one, client_ref="att_1")).id == "cgt-1"
    with pytest.raises(UpstreamRefused, match="up to 64 MB; send smaller ones") as caught:
        await provider(never_called, large_image).submit(both, client_ref="att_1")
    assert caught.value.error_class is ErrorClass.CALLER


async def test_a_store_that_does_not_give_the_image_is_no_fault_of_the_caller() -> None:
    async def broken(_key: str) -> bytes:
        raise StorageError("the disk is away", retryable=True)

    request = a_request(images=Images(first_frame=an_image("a")))
    with pytest.raises(UpstreamRefused, match="the disk is away") as caught:
        await provider(never_called, broken).submit(request, client_ref="att_1")
    assert caught.value.retryable
