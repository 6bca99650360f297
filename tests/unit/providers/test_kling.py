"""What the golden cases of Kling cannot say: settings, limits on what is sent, and both designs of one account."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from pydantic import ValidationError

from filmgate.catalogue.fit import fit
from filmgate.catalogue.loader import load_catalogue
from filmgate.core.errors import Charged, ErrorClass, UpstreamRefused
from filmgate.core.provider import (
    FindsTasks,
    GuardsDownloads,
    HearsCallbacks,
    Pending,
    PollsMany,
    ProviderTask,
    Succeeded,
)
from filmgate.core.request import Images, InputImage, VideoParams, VideoRequest
from filmgate.providers.images import SentImages
from filmgate.providers.kind import Tools
from filmgate.providers.kling import KIND, KlingCredentials, KlingProvider
from filmgate.providers.kling_requests import model_name_design_body

pytestmark = pytest.mark.anyio

API_KEY = {"api_key": "test-key-0000000000000000"}
PAIR = {"access_key": "test-access-key-0000000000000000", "secret_key": "test-secret-key-0000000000000000"}
NOW = 1_790_000_000.0


class StillClock:
    def now(self) -> float:
        return NOW

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("an adapter never waits")


async def read_input(key: str) -> bytes:
    return b"\x89PNG"


def opened(account: dict[str, Any], *answers: dict[str, Any]) -> tuple[KlingProvider, list[httpx.Request]]:
    """The adapter before an upstream that gives `answers` one after the other, and the requests that it got."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json=answers[len(requests) - 1])

    tools = Tools(read_input, Path("unused"), StillClock(), httpx.MockTransport(answer))
    return KlingProvider(KlingCredentials.model_validate(account), tools), requests


def asked(model: str, images: Images | None = None, **params: Any) -> VideoRequest:
    entry = load_catalogue().get(model)
    fields = {"prompt": "waves"} | params
    return fit(VideoParams(model=model, **fields), images or Images(), entry, draw_seed=lambda: 7).request


# ── settings ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("account", "problem"),
    [
        ({}, "needs api_key, or both access_key and secret_key"),
        ({"access_key": "a"}, "go together; one of them is missing"),
        ({"secret_key": "s"}, "go together; one of them is missing"),
        ({**API_KEY, "access_key": "a"}, "go together; one of them is missing"),
        ({**API_KEY, "webhook_secret": "whsec_"}, "webhook_secret must be"),
        ({**API_KEY, "webhook_secret": "whsec_###"}, "webhook_secret must be"),
        ({**API_KEY, "region": "mars"}, "'singapore' or 'beijing'"),
        ({**API_KEY, "key": "x"}, "Extra inputs are not permitted"),
    ],
)
def test_a_bad_account_is_told_when_it_is_read(account: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        KlingCredentials.model_validate(account)


def test_keys_do_not_show() -> None:
    shown = repr(KlingCredentials.model_validate({**API_KEY, **PAIR}))
    assert not [value for value in (*API_KEY.values(), *PAIR.values()) if value in shown]


@pytest.mark.parametrize(
    ("account", "base_url"),
    [
        ({}, "https://api-singapore.klingai.com"),
        ({"region": "beijing"}, "https://api-beijing.klingai.com"),
        ({"region": "beijing", "base_url": "http://127.0.0.1:9000/"}, "http://127.0.0.1:9000"),
    ],
)
def test_the_region_is_an_address_and_an_address_goes_before_it(account: dict[str, Any], base_url: str) -> None:
    assert opened({**API_KEY, **account})[0].base_url == base_url


@pytest.mark.parametrize(
    ("account", "not_served"),
    [(API_KEY, set[str]()), ({**API_KEY, **PAIR}, set[str]()), (PAIR, {"kling-3.0-turbo"})],
)
def test_the_keys_of_an_account_decide_which_models_it_serves(account: dict[str, Any], not_served: set[str]) -> None:
    credentials = KlingCredentials.model_validate(account)
    models = [entry for entry in load_catalogue().entries() if entry.provider == "kling"]
    assert {entry.id for entry in models if not KIND.serves(credentials, entry.wire)} == not_served


def test_what_it_can_do_beyond_the_contract() -> None:
    provider = opened(API_KEY)[0]
    assert isinstance(provider, FindsTasks)
    assert isinstance(provider, HearsCallbacks)
    assert isinstance(provider, PollsMany)
    assert not isinstance(provider, GuardsDownloads)  # its links need no key
    longest = ",".join(["9" * 20] * provider.most_polled)
    assert len(f"{provider.base_url}/tasks?task_ids={longest}") < 2000
    assert KIND.open is KlingProvider


# ── one account, two designs ────────────────────────────────────────────────────────────────────────────────────────


def test_the_token_is_what_the_vendor_documents() -> None:
    provider, _ = opened(PAIR)
    token = provider._headers("model_name")["authorization"].removeprefix("Bearer ")
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}
    claims = jwt.decode(token, PAIR["secret_key"], ["HS256"], options={"verify_exp": False, "verify_nbf": False})
    assert claims == {"iss": PAIR["access_key"], "exp": NOW + 1800, "nbf": NOW - 5}


async def test_a_task_is_polled_by_the_design_that_made_it_whatever_the_account_has_since() -> None:
    made = {"code": 0, "data": {"task_id": "867", "task_status": "submitted"}}
    provider, _ = opened(PAIR, made)
    task = await provider.submit(asked("kling-3.0"), client_ref="att_1")
    assert task == ProviderTask("867", {"design": "model_name", "kind": "text2video"})
    assert provider.batch_key(task) is None

    done = {"task_id": "867", "task_status": "succeed", "task_result": {"videos": [{"url": "https://cdn.example/v"}]}}
    with_both, requests = opened({**API_KEY, **PAIR}, {"code": 0, "data": done})
    assert await with_both.poll(task) == Succeeded(url="https://cdn.example/v")
    assert requests[0].url.path == "/v1/videos/text2video/867"
    assert requests[0].headers["authorization"] == f"Bearer {API_KEY['api_key']}"


async def test_tasks_of_the_newer_design_share_a_call() -> None:
    tasks = [ProviderTask(str(number), {"design": "path", "kind": "text-to-video"}) for number in range(3)]
    told = [{"id": "0", "status": "processing"}, {"id": "2", "status": "submitted"}, {"id": "77", "status": "failed"}]
    provider, requests = opened(API_KEY, {"code": 0, "data": told})
    assert {provider.batch_key(task) for task in tasks} == {"tasks"}
    assert await provider.poll_many(tasks) == {"0": Pending(), "2": Pending()}
    assert [request.url.params["task_ids"] for request in requests] == ["0,1,2"]


LARGE_IMAGE = InputImage("inputs/1", "image/png", 4000, 4000, 12_000_000, "0" * 64)


async def test_the_newer_design_takes_large_images() -> None:
    provider, _ = opened(API_KEY, {"code": 0, "data": {"id": "1"}})
    assert (await provider.submit(asked("kling-3.0", Images(LARGE_IMAGE)), client_ref="att_1")).id == "1"


async def test_the_older_design_does_not_and_says_so_before_anything_is_sent() -> None:
    provider, requests = opened(PAIR)
    with pytest.raises(UpstreamRefused, match=r"at most 10485760 bytes in an image .*; got 12000000$") as caught:
        await provider.submit(asked("kling-3.0", Images(LARGE_IMAGE)), client_ref="att_1")
    assert (caught.value.error_class, caught.value.charged) == (ErrorClass.CALLER, Charged.NO)
    assert not requests


async def test_a_signed_link_that_the_vendor_repeats_loses_its_query() -> None:
    told = {"code": 1201, "message": "cannot fetch https://img.example/a.png?X-Signature=0123456789 (timeout)"}
    provider, _ = opened(API_KEY, told)
    with pytest.raises(UpstreamRefused, match=r"cannot fetch https://img\.example/a\.png\?… \(timeout\)") as caught:
        await provider.submit(asked("kling-3.0"), client_ref="att_1")
    assert "0123456789" not in caught.value.message


def test_a_callback_from_a_time_that_is_no_number_we_can_hold_is_not_genuine() -> None:
    provider, _ = opened({**API_KEY, "webhook_secret": "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="})
    for sent_at in ("9" * 5000, "1790000000000", "-1790000000", "1790000000.5", "１７９００００００００", ""):
        headers = {"webhook-id": "1", "webhook-timestamp": sent_at, "webhook-signature": "v1,x"}
        assert not provider.hear(headers, b"{}", now=NOW).genuine


def test_an_owners_own_name_for_a_model_goes_before_the_catalogues() -> None:
    request = asked("kling-2.6")
    assert model_name_design_body(request, SentImages())["model_name"] == "kling-v2-6"
    renamed = replace(request, upstream_model="kling-v2-6-contract")
    assert model_name_design_body(renamed, SentImages())["model_name"] == "kling-v2-6-contract"
