"""What the golden cases of Gemini Omni cannot say: any reply at all, clips inside answers, and accounts."""

from __future__ import annotations

import asyncio
import base64
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
from filmgate.core.provider import Failed, FindsTasks, GuardsDownloads, Pending, ProviderTask, Succeeded
from filmgate.core.request import Images, VideoParams, VideoRequest
from filmgate.providers.gemini import KIND, GeminiCredentials, GeminiProvider
from filmgate.providers.kind import Tools

CATALOGUE = load_catalogue()
KEY = "AIza-0123456789"
TASK = ProviderTask("v1_a/b", {"client_ref": "att_1"})

Answer = Callable[[httpx.Request], httpx.Response]


class StillClock:
    def now(self) -> float:
        return 1_790_000_000.0

    async def sleep(self, seconds: float) -> None:
        raise AssertionError(f"an adapter never waits; it wanted to sleep for {seconds} s")


async def no_images(key: str) -> bytes:
    raise StorageError(f"{key} is not there", retryable=True)


def a_request() -> VideoRequest:
    params = VideoParams(model="gemini-omni-1.1-flash", prompt="waves")
    return fit(params, Images(), CATALOGUE.get(params.model), draw_seed=lambda: 7).request


def outcome(call: Callable[[GeminiProvider], Awaitable[Any]], answer: Answer, work_dir: Path = Path("nowhere")) -> Any:
    """What one call returns or raises."""

    async def run() -> Any:
        credentials = GeminiCredentials.model_validate({"api_key": KEY})
        adapter = GeminiProvider(credentials, Tools(no_images, work_dir, StillClock(), httpx.MockTransport(answer)))
        try:
            return await call(adapter)
        except UpstreamError as error:
            return error
        finally:
            await adapter.close()

    return asyncio.run(run())


def submit(adapter: GeminiProvider) -> Awaitable[Any]:
    return adapter.submit(a_request(), client_ref="att_1")


def poll(adapter: GeminiProvider) -> Awaitable[Any]:
    return adapter.poll(TASK)


KEYS = st.sampled_from(
    [
        "id",
        "status",
        "error",
        "errors",
        "code",
        "message",
        "steps",
        "content",
        "type",
        "uri",
        "data",
        "text",
        "state",
        "usage",
        "output_tokens_by_modality",
        "modality",
        "tokens",
        "finish_reason",
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(["completed", "failed", "in_progress", "model_output", "video", "text", "AAAA", "SAFETY"])
    | st.sampled_from(
        ["https://generativelanguage.googleapis.com/v1beta/files/a", "https://[", "gs://b/x", "PROCESSING"]
    )
)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6))
FINISHED = st.builds(
    lambda status, content, usage: {
        "status": status,
        "steps": [{"type": "model_output", "content": content}],
        "usage": usage,
    },
    st.sampled_from(["completed", "failed", "cancelled"]),
    JSON | st.lists(JSON | st.dictionaries(KEYS, LEAVES).map(lambda item: {**item, "type": "video"}), max_size=2),
    JSON,
)
BODIES = (JSON | FINISHED).map(lambda body: json.dumps(body).encode()) | st.binary(max_size=60)
STATUSES = st.sampled_from([200, 200, 200, 201, 302, 400, 401, 403, 404, 408, 409, 429, 500, 503])


def raw(status: int, body: bytes) -> Answer:
    return lambda _: httpx.Response(status, content=body)


@given(STATUSES, BODIES)
def test_a_submit_ends_in_a_task_or_in_words(status: int, body: bytes) -> None:
    told = outcome(submit, raw(status, body))
    assert isinstance(told, ProviderTask | UpstreamRefused | OutcomeUnknown)
    if status >= 500:
        assert isinstance(told, OutcomeUnknown)


@given(STATUSES, BODIES)
def test_a_poll_ends_in_an_answer_or_in_words(
    tmp_path_factory: pytest.TempPathFactory, status: int, body: bytes
) -> None:
    told = outcome(poll, raw(status, body), tmp_path_factory.getbasetemp() / "polls")
    assert isinstance(told, Pending | Succeeded | Failed | UpstreamBusy)
    if status != 200:
        assert isinstance(told, UpstreamBusy)
    if isinstance(told, Failed):
        assert not told.retryable


@given(STATUSES, BODIES)
def test_a_cancel_ends_in_an_answer_or_in_words(status: int, body: bytes) -> None:
    told = outcome(lambda adapter: adapter.cancel(TASK), raw(status, body))
    assert isinstance(told, bool | UpstreamBusy)


def test_a_clip_inside_the_answer_is_written_for_its_attempt(tmp_path: Path) -> None:
    video = {"type": "video", "data": base64.b64encode(b"clip").decode()}
    body = {"status": "completed", "steps": [{"type": "model_output", "content": [video]}]}
    told = outcome(poll, lambda _: httpx.Response(200, json=body), tmp_path)
    assert told == Succeeded(path=str(tmp_path / "att_1" / "inline.mp4"))
    assert (tmp_path / "att_1" / "inline.mp4").read_bytes() == b"clip"


@pytest.mark.parametrize(
    ("told", "doubtful"),
    [
        ({"steps": []}, True),
        ({"usage": {"output_tokens_by_modality": [{"modality": "video", "tokens": 9}]}}, True),
        ({"steps": [{"type": "model_output", "content": [{"type": "text", "text": "I will not"}]}]}, False),
    ],
)
def test_an_end_without_a_clip_is_doubted_where_nothing_says_why(told: dict[str, Any], doubtful: bool) -> None:
    verdict = outcome(poll, raw(200, json.dumps({"id": "v1", "status": "completed", **told}).encode()))
    assert isinstance(verdict, Failed)
    assert verdict.doubtful is doubtful


def test_a_task_that_is_not_found_says_nothing_of_the_model() -> None:
    body = {"error": {"code": 404, "status": "NOT_FOUND", "message": "no such interaction"}}
    told = outcome(poll, raw(404, json.dumps(body).encode()))
    assert isinstance(told, UpstreamBusy)
    assert (told.error_class, told.message) == (ErrorClass.TRANSIENT, "no such interaction")


def test_an_id_stays_inside_its_path() -> None:
    paths: list[bytes] = []

    def note(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.raw_path)
        return httpx.Response(200, json={"status": "queued"})

    outcome(poll, note)
    assert paths == [b"/v1beta/interactions/v1_a%2Fb"]


def test_the_key_is_in_no_message() -> None:
    told = outcome(submit, lambda _: httpx.Response(400, json={"error": {"message": f"bad key {KEY}"}}))
    assert isinstance(told, UpstreamRefused)
    assert KEY not in told.message


def test_accounts() -> None:
    with pytest.raises(ValidationError, match="api_key"):
        GeminiCredentials.model_validate({})
    assert set(KIND.environment.values()) <= set(GeminiCredentials.model_fields)
    # Google's own libraries prefer GOOGLE_API_KEY where both are set.
    assert [name for name, key in KIND.environment.items() if key == "api_key"] == ["GEMINI_API_KEY", "GOOGLE_API_KEY"]


def test_what_gemini_can_do() -> None:
    async def abilities(adapter: GeminiProvider) -> Any:
        return isinstance(adapter, GuardsDownloads), isinstance(adapter, FindsTasks)

    assert outcome(abilities, lambda _: httpx.Response(200)) == (True, False)
