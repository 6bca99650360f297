"""What the golden cases of Veo cannot say: any reply at all, clips inside answers, and tokens that fail or expire."""

from __future__ import annotations

import asyncio
import base64
import json
import random
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
from filmgate.core.errors import (
    Charged,
    ErrorClass,
    OutcomeUnknown,
    StorageError,
    UpstreamBusy,
    UpstreamError,
    UpstreamRefused,
)
from filmgate.core.provider import (
    Failed,
    FindsTasks,
    Found,
    GuardsDownloads,
    HearsCallbacks,
    Pending,
    ProviderTask,
    Succeeded,
    Unsure,
)
from filmgate.core.request import Images, InputImage, VideoParams, VideoRequest
from filmgate.providers.kind import Tools
from filmgate.providers.veo import KIND, VeoCredentials, VeoProvider

CATALOGUE = load_catalogue()
MODEL = "projects/p1/locations/us-central1/publishers/google/models/veo-3.1-fast-generate-001"
OPERATION = f"{MODEL}/operations/1"
TASK = ProviderTask(OPERATION, {"model": MODEL, "location": "us-central1", "client_ref": "att_1"})

Answer = Callable[[httpx.Request], httpx.Response]


class StillClock:
    def now(self) -> float:
        return 1_790_000_000.0

    async def sleep(self, seconds: float) -> None:
        raise AssertionError(f"an adapter never waits; it wanted to sleep for {seconds} s")


async def no_images(key: str) -> bytes:
    raise StorageError(f"{key} is not there", retryable=True)


def a_request(images: Images | None = None) -> VideoRequest:
    params = VideoParams(model="veo-3.1-fast", prompt="waves")
    return fit(params, images or Images(), CATALOGUE.get("veo-3.1-fast"), draw_seed=lambda: 7).request


def outcome(
    call: Callable[[VeoProvider], Awaitable[Any]], answer: Answer, work_dir: Path = Path("nowhere"), **account: Any
) -> Any:
    """What one call returns or raises. Without an account of the test's own it has a fixed token."""

    async def run() -> Any:
        credentials = VeoCredentials.model_validate({"project": "p1", **(account or {"access_token": "ya29.fixed"})})
        adapter = VeoProvider(credentials, Tools(no_images, work_dir, StillClock(), httpx.MockTransport(answer)))
        try:
            return await call(adapter)
        except UpstreamError as error:
            return error
        finally:
            await adapter.close()

    return asyncio.run(run())


def replies(body: Any, status: int = 200) -> Answer:
    return lambda _: httpx.Response(status, json=body)


def submit(adapter: VeoProvider) -> Awaitable[Any]:
    return adapter.submit(a_request(), client_ref="att_1")


def poll(adapter: VeoProvider) -> Awaitable[Any]:
    return adapter.poll(TASK)


def find(adapter: VeoProvider) -> Awaitable[Any]:
    return adapter.find(a_request(), client_ref="att_1", submitted_at=0.0, taken=())


def with_clip(clip: bytes) -> dict[str, Any]:
    encoded = base64.b64encode(clip).decode()
    return {"done": True, "response": {"videos": [{"bytesBase64Encoded": encoded, "mimeType": "video/mp4"}]}}


# ── any reply ───────────────────────────────────────────────────────────────────────────────────────────────────────

KEYS = st.sampled_from(
    [
        "name",
        "done",
        "error",
        "code",
        "message",
        "status",
        "details",
        "response",
        "videos",
        "gcsUri",
        "items",
        "bytesBase64Encoded",
        "raiMediaFilteredCount",
        "raiMediaFilteredReasons",
        "contentType",
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(["gs://b/x.mp4", "att_1/x.mp4", "AAAA", "INVALID_ARGUMENT", "INTERNAL", "3", "true"])
)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6))
FINISHED = st.builds(
    lambda error, response: {"done": True, "error": error, "response": response},
    st.none() | JSON,
    JSON | st.builds(lambda videos: {"videos": videos}, st.lists(JSON, max_size=3)),
)
BODIES = (JSON | FINISHED).map(lambda body: json.dumps(body).encode()) | st.binary(max_size=60)
STATUSES = st.sampled_from([200, 200, 200, 201, 302, 400, 401, 403, 404, 408, 429, 500, 503])


def raw(status: int, body: bytes) -> Answer:
    return lambda _: httpx.Response(status, content=body)


@given(STATUSES, BODIES)
def test_a_submit_ends_in_a_task_or_in_words(status: int, body: bytes) -> None:
    told = outcome(submit, raw(status, body))
    assert isinstance(told, ProviderTask | UpstreamRefused | OutcomeUnknown)
    if isinstance(told, ProviderTask):
        assert told.id
        assert json.loads(json.dumps(told.data)) == told.data
    if status >= 500 and b"INVALID_ARGUMENT" not in body:
        assert not isinstance(told, UpstreamRefused)


@given(STATUSES, BODIES)
def test_a_poll_ends_in_an_answer_or_in_words(
    tmp_path_factory: pytest.TempPathFactory, status: int, body: bytes
) -> None:
    told = outcome(poll, raw(status, body), tmp_path_factory.getbasetemp() / "polls")
    assert isinstance(told, Pending | Succeeded | Failed | UpstreamBusy)
    if status != 200:
        assert isinstance(told, UpstreamBusy)
    if isinstance(told, Failed) and told.retryable:
        assert told.charged is Charged.NO


@given(STATUSES, BODIES)
def test_a_find_ends_in_an_answer_or_in_words(status: int, body: bytes) -> None:
    told = outcome(find, raw(status, body), access_token="ya29.fixed", storage_uri="gs://b")
    assert isinstance(told, Found | Unsure | UpstreamBusy)
    if isinstance(told, Found):
        assert told.task.id.startswith("gs://b/att_1/")


@pytest.mark.parametrize(
    ("response", "doubtful"),
    [
        ({}, True),
        ({"videos": [{"mimeType": "video/mp4"}], "raiMediaFilteredCount": 0}, True),
        ({"raiMediaFilteredCount": 1}, False),
        ({"raiMediaFilteredReasons": ["Support codes: 58061214"]}, False),
    ],
)
def test_an_end_without_a_clip_is_doubted_where_nothing_says_why(response: dict[str, Any], doubtful: bool) -> None:
    told = outcome(poll, replies({"done": True, "response": response}))
    assert isinstance(told, Failed)
    assert told.doubtful is doubtful


# ── clips inside answers ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_clip_inside_the_answer_is_written_for_its_attempt(tmp_path: Path) -> None:
    clip = random.Random(1).randbytes(7_000_001)  # several pieces, and no whole number of them
    told = outcome(poll, replies(with_clip(clip)), tmp_path)
    assert told == Succeeded(path=str(tmp_path / "att_1" / "inline.mp4"))
    assert (tmp_path / "att_1" / "inline.mp4").read_bytes() == clip
    assert [path.name for path in (tmp_path / "att_1").iterdir()] == ["inline.mp4"]


def test_polling_again_writes_a_lost_clip_again(tmp_path: Path) -> None:
    async def twice(adapter: VeoProvider) -> Any:
        first = await adapter.poll(TASK)
        Path(first.path).unlink()
        return await adapter.poll(TASK)

    told = outcome(twice, replies(with_clip(b"clip")), tmp_path)
    assert Path(told.path).read_bytes() == b"clip"


def test_a_clip_that_is_no_base64_leaves_nothing(tmp_path: Path) -> None:
    body = {"done": True, "response": {"videos": [{"bytesBase64Encoded": "AAAA" * 2_000_000 + "AA%A"}]}}
    assert isinstance(outcome(poll, replies(body), tmp_path), UpstreamBusy)
    assert list((tmp_path / "att_1").iterdir()) == []


def test_a_full_disk_says_nothing_of_the_task(tmp_path: Path) -> None:
    (tmp_path / "att_1").write_text("in the way", encoding="utf-8")
    told = outcome(poll, replies(with_clip(b"clip")), tmp_path)
    assert isinstance(told, UpstreamBusy)
    assert "cannot be written" in told.message


@pytest.mark.parametrize("name", ["../../etc", "/etc", "..", "a/b", "x" * 500, "projects/p/operations/1"])
def test_a_clip_never_leaves_the_work_folder(tmp_path: Path, name: str) -> None:
    task = ProviderTask(OPERATION, {**TASK.data, "client_ref": name})
    told = outcome(lambda adapter: adapter.poll(task), replies(with_clip(b"clip")), tmp_path / "work")
    assert Path(told.path).resolve().parent.parent == (tmp_path / "work").resolve()


def test_a_clip_has_a_place_without_a_client_ref(tmp_path: Path) -> None:
    task = ProviderTask(OPERATION, {"model": MODEL, "location": "us-central1"})
    told = outcome(lambda adapter: adapter.poll(task), replies(with_clip(b"clip")), tmp_path)
    assert Path(told.path).is_file()


# ── tokens ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def _no_credentials_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "GCE_METADATA_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))


class Cloud:
    """A metadata server that numbers its tokens, and a Vertex AI that takes those from `takes_from` on."""

    def __init__(self, takes_from: int = 1) -> None:
        self.given = 0
        self.takes_from = takes_from
        self.hosts: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.hosts.append(request.url.host)
        if request.url.host == "metadata.google.internal":
            self.given += 1
            return httpx.Response(200, json={"access_token": f"token-{self.given}", "expires_in": 3600})
        number = int(request.headers["authorization"].removeprefix("Bearer token-"))
        if number < self.takes_from:
            return httpx.Response(401, json={"error": {"code": 401, "status": "UNAUTHENTICATED", "message": "no"}})
        return httpx.Response(200, json={"name": OPERATION})


@pytest.mark.usefixtures("_no_credentials_of_this_machine")
@pytest.mark.parametrize("first_call", [submit, poll, find])
def test_a_token_that_is_refused_is_replaced_for_the_next_call(
    first_call: Callable[[VeoProvider], Awaitable[Any]],
) -> None:
    cloud = Cloud(takes_from=2)

    async def refused_and_again(adapter: VeoProvider) -> Any:
        with pytest.raises(UpstreamError) as caught:
            await first_call(adapter)
        assert caught.value.error_class is ErrorClass.OPERATOR
        return await adapter.poll(TASK)

    assert outcome(refused_and_again, cloud, storage_uri="gs://b") == Pending()
    assert cloud.given == 2


@pytest.mark.usefixtures("_no_credentials_of_this_machine")
def test_one_token_does_for_many_calls() -> None:
    cloud = Cloud()

    async def several(adapter: VeoProvider) -> Any:
        await adapter.submit(a_request(), client_ref="att_1")
        await adapter.download_headers("https://storage.googleapis.com/b/x.mp4")
        return await adapter.poll(TASK)

    assert outcome(several, cloud, location="us-central1") == Pending()
    assert cloud.given == 1


@pytest.mark.usefixtures("_no_credentials_of_this_machine")
def test_without_credentials_nothing_is_sent() -> None:
    asked: list[str] = []

    def nobody(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        raise httpx.ConnectError("no such host")

    told = outcome(submit, nobody, location="us-central1")
    assert isinstance(told, UpstreamRefused)
    assert (told.error_class, told.retryable, told.charged) == (ErrorClass.OPERATOR, False, Charged.NO)
    assert asked == ["metadata.google.internal"]


def test_a_token_endpoint_that_is_busy_lets_a_submit_be_tried_again(tmp_path: Path) -> None:
    user = {"type": "authorized_user", "client_id": "a", "client_secret": "b", "refresh_token": "c"}
    (tmp_path / "user.json").write_text(json.dumps(user), encoding="utf-8")
    told = outcome(submit, lambda _: httpx.Response(503), credentials_file=tmp_path / "user.json")
    assert isinstance(told, UpstreamRefused)
    assert (told.error_class, told.retryable, told.charged) == (ErrorClass.TRANSIENT, True, Charged.NO)


def test_an_image_that_cannot_be_read_is_no_paid_call() -> None:
    images = Images(first_frame=InputImage("inputs/a", "image/png", 512, 512, 100, "0" * 64))
    told = outcome(lambda adapter: adapter.submit(a_request(images), client_ref="att_1"), replies({}))
    assert isinstance(told, UpstreamRefused)
    assert told.retryable


# ── accounts ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("account", "told"),
    [
        ({}, "project"),
        ({"project": "P 1"}, "project"),
        ({"project": "p1", "location": "us-central1.evil.example/"}, "location"),
        ({"project": "p1", "storage_uri": "https://b/out"}, "must be gs://bucket"),
        ({"project": "p1", "storage_uri": "gs:///out"}, "must be gs://bucket"),
        ({"project": "p1", "credentials_file": "/nowhere/key.json"}, "credentials_file"),
        ({"project": "p1", "credentials_file": __file__, "access_token": "x"}, "not both"),
        ({"project": "p1", "api_key": "x"}, "api_key"),
    ],
)
def test_a_bad_account_is_told_at_start(account: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        VeoCredentials.model_validate(account)


def test_the_environment_fills_an_account() -> None:
    assert set(KIND.environment.values()) <= set(VeoCredentials.model_fields)
    assert KIND.environment["GOOGLE_CLOUD_PROJECT"] == "project"
    assert KIND.required == (("GOOGLE_CLOUD_PROJECT",),)


def test_what_veo_can_do() -> None:
    async def abilities(adapter: VeoProvider) -> Any:
        protocols = (FindsTasks, GuardsDownloads, HearsCallbacks)
        return adapter.base_url, [isinstance(adapter, protocol) for protocol in protocols]

    assert outcome(abilities, replies({})) == ("https://us-central1-aiplatform.googleapis.com", [True, True, False])
