"""What the golden cases of the openai provider cannot say: accounts, the guess and its memory, and repeated calls."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from filmgate.core.errors import OutcomeUnknown, UpstreamError, UpstreamRefused
from filmgate.core.provider import FindsTasks, GuardsDownloads, HearsCallbacks, PollsMany, ProviderTask, SubmitsOnce
from filmgate.core.request import Images, InputImage, Mode, VideoRequest
from filmgate.providers.kind import Tools
from filmgate.providers.openai import KIND, OpenAICredentials, OpenAIProvider
from filmgate.providers.openai_dialects import Dialect

KEY = "sk-0123456789abcdef"
REQUEST = VideoRequest("wan", "wan-upstream", Mode.TEXT_TO_VIDEO, "waves", 5.0, width_px=832, height_px=480)
FILMGATE_MODELS = {"object": "list", "data": [{"id": "animatic-1", "filmgate": {"provider": "animatic"}}]}


class StillClock:
    def now(self) -> float:
        return 1_790_000_000.0

    async def sleep(self, seconds: float) -> None:
        raise AssertionError(f"an adapter never waits; it wanted to sleep for {seconds} s")


class Server:
    """Answers by path, and remembers what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {f"/{name}": answer for name, answer in answers.items()}
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        for ending, answer in self.answers.items():
            if request.url.path.endswith(ending):
                return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)
        return httpx.Response(404, json={"detail": "Not Found"})

    @property
    def asked(self) -> list[str]:
        return [f"{request.method} {request.url.path}" for request in self.requests]


async def read_image(key: str) -> bytes:
    return f"the image {key}".encode()


def provider(server: Server, **credentials: Any) -> OpenAIProvider:
    tools = Tools(read_image, Path("nowhere"), StillClock(), httpx.MockTransport(server))
    return OpenAIProvider(OpenAICredentials.model_validate({"base_url": "http://server.example"} | credentials), tools)


def outcome(server: Server, call: Callable[[OpenAIProvider], Awaitable[Any]], **credentials: Any) -> Any:
    async def run() -> Any:
        adapter = provider(server, **credentials)
        try:
            return await call(adapter)
        except UpstreamError as error:
            return error
        finally:
            await adapter.close()

    return asyncio.run(run())


def submit(adapter: OpenAIProvider, request: VideoRequest = REQUEST) -> Awaitable[ProviderTask]:
    return adapter.submit(request, client_ref="att_1")


# ── accounts ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("base_url", "dialect", "root"),
    [
        ("http://gpu-box:8091", "auto", "http://gpu-box:8091/v1"),
        ("http://gpu-box:8091/v1/", "auto", "http://gpu-box:8091/v1"),
        ("https://proxy.example/gpu/v1", "vllm-omni", "https://proxy.example/gpu/v1"),
        ("https://studio.openai.azure.com", "auto", "https://studio.openai.azure.com/openai/v1"),
        ("https://studio.openai.azure.com/openai", "auto", "https://studio.openai.azure.com/openai/v1"),
        ("https://studio.openai.azure.com/openai/v1/", "auto", "https://studio.openai.azure.com/openai/v1"),
        ("https://studio.services.ai.azure.com", "auto", "https://studio.services.ai.azure.com/openai/v1"),
        ("https://gateway.example", "azure", "https://gateway.example/openai/v1"),
        ("https://openai.azure.com.example", "auto", "https://openai.azure.com.example/v1"),
    ],
)
def test_the_address_is_completed(base_url: str, dialect: str, root: str) -> None:
    assert provider(Server(), base_url=base_url, dialect=dialect).base_url == root


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "gpu-box:8091",
        "localhost",
        "ftp://gpu-box",
        "http://",
        "http://x/v1?api-version=1",
        "http://x#y",
    ],
)
def test_an_address_that_is_none_is_told_at_once(base_url: str) -> None:
    with pytest.raises(ValidationError, match=r"base_url must be an http\(s\) address"):
        OpenAICredentials(base_url=base_url)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(ValidationError) as caught:
        OpenAICredentials(base_url="https://me:hunter22222@gpu-box")
    assert "hunter22222" not in caught.value.errors()[0]["msg"]


@pytest.mark.parametrize("key", ["", "with space", "schlüssel", "line\n"])
def test_a_key_that_no_header_can_hold_is_told_at_once(key: str) -> None:
    with pytest.raises(ValidationError, match="api_key must be plain ASCII"):
        OpenAICredentials.model_validate({"base_url": "http://gpu-box", "api_key": key})


def test_an_unknown_dialect_is_told_with_those_that_are_known() -> None:
    with pytest.raises(ValidationError, match=r"'vllm-omni'.*'filmgate'"):
        OpenAICredentials.model_validate({"base_url": "http://gpu-box", "dialect": "vllm"})


def test_every_dialect_can_be_chosen() -> None:
    chosen = {OpenAICredentials(base_url="http://x", dialect=dialect.value).known_dialect for dialect in Dialect}
    assert chosen == set(Dialect)


def test_without_a_key_none_is_sent() -> None:
    server = Server(models={}, videos={"id": "v"})
    assert isinstance(outcome(server, submit), ProviderTask)
    assert not [request for request in server.requests if {"authorization", "api-key"} & set(request.headers)]


def test_the_key_is_blotted_out_of_what_the_server_repeats() -> None:
    server = Server(videos=httpx.Response(401, json={"error": {"message": f"no such key: {KEY}"}}))
    error = outcome(server, submit, api_key=KEY, dialect="openai")
    assert isinstance(error, UpstreamRefused)
    assert error.message == "no such key: *** (the account's api_key is missing or wrong)"


def test_the_key_alone_makes_no_account() -> None:
    assert KIND.required == (("OPENAI_BASE_URL",),)


def test_the_module_does_not_stand_before_the_package_of_the_same_name() -> None:
    package, ours = importlib.import_module("openai"), importlib.import_module("filmgate.providers.openai")
    assert hasattr(package, "AsyncOpenAI")
    assert ours.KIND is KIND


def test_what_it_can_do() -> None:
    adapter = provider(Server())
    assert all(isinstance(adapter, protocol) for protocol in (FindsTasks, SubmitsOnce, GuardsDownloads))
    assert not isinstance(adapter, PollsMany | HearsCallbacks)


# ── the guess ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_server_is_asked_once_however_many_submits_there_are() -> None:
    server = Server(models={"data": [{"owned_by": "vllm"}]}, videos={"id": "v"})

    async def many(adapter: OpenAIProvider) -> list[ProviderTask]:
        return await asyncio.gather(*(submit(adapter) for _ in range(5)))

    tasks = outcome(server, many)
    assert {task.data["dialect"] for task in tasks} == {"vllm-omni"}
    assert server.asked.count("GET /v1/models") == 1


def test_a_server_that_did_not_say_is_asked_again() -> None:
    server = Server(models=httpx.Response(503), videos={"id": "v"})

    async def twice(adapter: OpenAIProvider) -> tuple[Any, ProviderTask]:
        with pytest.raises(UpstreamRefused) as caught:
            await submit(adapter)
        server.answers["/models"] = {"data": [{"owned_by": "sglang"}]}
        return caught.value, await submit(adapter)

    error, task = outcome(server, twice)
    assert error.retryable
    assert task.data["dialect"] == "sglang"
    assert server.asked == ["GET /v1/models", "GET /v1/models", "POST /v1/videos"]


@pytest.mark.parametrize("dialect", [each.value for each in Dialect])
def test_a_chosen_dialect_asks_nobody(dialect: str) -> None:
    server = Server(videos={"id": "v"})
    task = outcome(server, submit, dialect=dialect)
    assert task.data["dialect"] == dialect
    assert len(server.requests) == 1


# ── submitting once ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_says_that_it_submits_once_only_when_it_is_certain() -> None:
    async def before_and_after(adapter: OpenAIProvider) -> tuple[bool, bool]:
        before = adapter.submits_once
        await submit(adapter)
        return before, adapter.submits_once

    assert outcome(Server(videos={"id": "v"}), before_and_after, dialect="filmgate") == (True, True)
    assert outcome(Server(models=FILMGATE_MODELS, videos={"id": "v"}), before_and_after) == (False, True)
    assert outcome(Server(models={"data": [{"owned_by": "vllm"}]}, videos={"id": "v"}), before_and_after) == (
        False,
        False,
    )
    # Healthy in Filmgate's words, and yet some other server: its models do not tell.
    plain = Server(models={"data": [{"id": "m"}]}, healthz={"status": "ok", "version": "0.1.0"}, videos={"id": "v"})
    assert outcome(plain, before_and_after) == (False, False)


def test_the_same_attempt_is_the_same_request_byte_for_byte() -> None:
    """Else the other Filmgate would call it a conflict."""
    image = InputImage("inputs/1", "image/png", 512, 512, 10, "0" * 64)
    request = VideoRequest(
        "wan", "wan", Mode.IMAGE_TO_VIDEO, "waves", 5.0,
        images=Images(image), provider_options={"b": 1, "a": {"d": 2, "c": 3}},
    )  # fmt: skip
    server = Server(videos={"id": "v"})

    async def twice(adapter: OpenAIProvider) -> None:
        await submit(adapter, request)
        await submit(adapter, request)

    outcome(server, twice, dialect="filmgate")
    first, second = server.requests
    assert first.content == second.content
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"] == "att_1"


@pytest.mark.parametrize("dialect", [each.value for each in Dialect if each is not Dialect.FILMGATE])
def test_the_others_are_sent_no_idempotency_key(dialect: str) -> None:
    server = Server(videos={"id": "v"})
    outcome(server, submit, dialect=dialect)
    assert "idempotency-key" not in server.requests[0].headers


def test_a_conflict_says_that_a_video_exists() -> None:
    conflict = httpx.Response(409, json={"error": {"code": "idempotency_conflict", "message": "another body"}})
    assert isinstance(outcome(Server(videos=conflict), submit, dialect="filmgate"), OutcomeUnknown)


def test_a_task_with_a_broken_memory_is_read_plainly() -> None:
    server = Server(v={"id": "v", "status": "completed"})
    for data in ({}, {"dialect": 5}, {"dialect": "klingon"}, {"dialect": None, "submitted_at": "soon"}):
        answer = outcome(server, lambda adapter, data=data: adapter.poll(ProviderTask("v", data)))
        assert answer.url == "http://server.example/v1/videos/v/content"
