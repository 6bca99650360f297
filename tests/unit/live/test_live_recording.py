"""What is recorded of an account holds in the golden runner, and holds no secret: shown against every simulator."""

from __future__ import annotations

import dataclasses
import gzip
import json
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import pytest
from simulated_accounts import ACCOUNTS, PROJECT, SECRET_MARK, Clock, SimulatedAccount

from filmgate.catalogue.fit import fit
from filmgate.core.errors import UpstreamError
from filmgate.core.provider import FindsTasks, Pending, PollsMany, ProviderTask, Succeeded
from filmgate.core.request import Images, VideoParams
from filmgate.providers.kind import Tools
from filmgate.simulators.faults import Fault
from filmgate.simulators.kit import Simulation
from live.checks import can_be_cancelled
from live.golden_recording import golden_recording, mismatches
from live.golden_words import json_of
from live.pictures import first_frame, seascape
from live.recording import Call, Heard, Recorder, RecordingTransport
from live.scrubbing import Scrubber, SecretLeft

pytestmark = pytest.mark.anyio

CLIP = bytes(range(256)) * 40  # longer than what a recording keeps of a text


@dataclass
class Stage:
    """An account that is listened to, in front of its simulator."""

    account: SimulatedAccount
    work_dir: Path
    keys: Mapping[str, str] | None = None
    google_token: str = ""
    asked_for_tokens: int = 0
    interrupted_when_asked: anyio.CancelScope | None = None

    def __post_init__(self) -> None:
        async def make_clip(*_: object) -> bytes:
            return CLIP

        async def read_input(_key: str) -> bytes:
            return seascape()

        self.clock = Clock()
        keys = dict(self.keys or self.account.keys())
        self.simulation = Simulation(self.clock.now, make_clip, keys, queued_seconds=3, run_seconds=30)
        simulated = self.account.network(self.simulation)

        async def answer(request: httpx.Request) -> httpx.Response:
            if self.interrupted_when_asked is not None:
                self.interrupted_when_asked.cancel()
                await anyio.lowlevel.checkpoint()
            if request.url.host != "oauth2.googleapis.com":
                return await simulated.handle_async_request(request)
            self.asked_for_tokens += 1
            return httpx.Response(200, json={"access_token": self.google_token, "expires_in": 3600})

        self.recorder = Recorder(httpx.MockTransport(answer))
        tools = Tools(read_input, self.work_dir, self.clock)
        opened, _ = self.recorder.open(self.account.settings(), self.account.kind, tools, {})
        self.adapter: Any = opened.adapter

    @property
    def heard(self) -> Heard:
        assert self.recorder.heard is not None
        return self.recorder.heard

    async def submit(self, client_ref: str, *, images: Images | None = None, **params: Any) -> ProviderTask | None:
        entry = self.account.catalogue().get(self.account.model)
        asked = VideoParams(model=entry.id, prompt="waves", **params)
        self.request = fit(asked, images or Images(), entry, draw_seed=lambda: 1_234_567).request
        with suppress(UpstreamError):
            return await self.adapter.submit(self.request, client_ref=client_ref)
        return None

    async def poll(self, task: ProviderTask) -> Any:
        with suppress(UpstreamError):
            if isinstance(self.adapter, PollsMany) and self.adapter.batch_key(task):
                return (await self.adapter.poll_many([task])).get(task.id, Pending())
            return await self.adapter.poll(task)
        return Pending()

    async def finish(self, task: ProviderTask) -> Any:
        while isinstance(answer := await self.poll(task), Pending):
            self.clock.time += 10
        return answer

    def golden(self) -> dict[str, Any]:
        return golden_recording(self.heard, self.account.catalogue())


async def live_through_a_day(stage: Stage) -> None:
    """Text and image to video, a cancel, a lost reply, trouble of several kinds, and downloads."""
    task = await stage.submit("att_01JTEXT")
    assert task is not None
    stage.simulation.faults.add(Fault.POLL_500)
    stage.simulation.faults.add(Fault.POLL_RESET)
    answer = await stage.finish(task)
    assert isinstance(answer, Succeeded)
    if hasattr(stage.adapter, "download_headers") and answer.url:
        await stage.adapter.download_headers(answer.url)
        await stage.adapter.download_headers("https://elsewhere.example/clip.mp4")
    animated = await stage.submit("att_01JIMAGE", images=first_frame())
    if animated is not None:  # some take images of the clip's own size only
        await stage.finish(animated)
    stopped = await stage.submit("att_01JSTOP")
    assert stopped is not None
    with suppress(UpstreamError):
        await stage.adapter.cancel(stopped)
    for fault in (Fault.LOST_REPLY, Fault.MODERATED_SUBMIT, Fault.RATE_LIMITED, Fault.UNREACHABLE, Fault.SUBMIT_HTML):
        stage.simulation.faults.add(fault)
        submitted_at = stage.clock.now()
        await stage.submit(f"att_01J{fault}")
        if isinstance(stage.adapter, FindsTasks) and fault is Fault.LOST_REPLY:
            taken = [each.id for each in (task, animated, stopped) if each]
            with suppress(UpstreamError):
                await stage.adapter.find(
                    stage.request, client_ref=f"att_01J{fault}", submitted_at=submitted_at, taken=taken
                )
        stage.clock.time += 120


@pytest.fixture(params=ACCOUNTS)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Stage:
    return Stage(ACCOUNTS[request.param], tmp_path)


async def test_what_is_recorded_holds_and_tells_no_secret(stage: Stage, tmp_path: Path) -> None:
    await live_through_a_day(stage)
    file = stage.golden()
    await stage.adapter.close()
    text = json.dumps(file)
    assert await mismatches(stage.heard.provider, file, tmp_path) == []
    for secret in (SECRET_MARK, "att_01J", PROJECT, "owners-workspace"):
        assert secret not in text, text[max(0, text.find(secret) - 200) :][:400]
    [cancel] = [call for call in stage.heard.calls if call.operation == "cancel"]
    entry = stage.account.catalogue().get(stage.account.model)
    assert can_be_cancelled(stage.account.settings(), entry) == bool(cancel.exchanges)


async def test_a_recording_that_was_tampered_with_does_not_hold(tmp_path: Path) -> None:
    stage = Stage(ACCOUNTS["seedance"], tmp_path)
    task = await stage.submit("att_01JTEXT")
    assert task is not None
    await stage.finish(task)
    file = stage.golden()
    submit, *_, succeeded = file["cases"]
    submit["upstream"][0]["request"]["json"]["duration"] = 6
    succeeded["upstream"][0]["reply"]["json"]["content"]["video_url"] = "https://elsewhere.example/clip.mp4"
    told = await mismatches("seedance", file, tmp_path)
    assert [each.partition(":\n")[0] for each in told] == [submit["name"], succeeded["name"]]
    assert '-    "duration": 6,' in told[0]


async def test_a_signed_link_keeps_its_place_and_loses_its_signature(tmp_path: Path) -> None:
    stage = Stage(ACCOUNTS["seedance"], tmp_path)
    task = await stage.submit("att_01JTEXT")
    assert task is not None
    answer = await stage.finish(task)
    case = stage.golden()["cases"][-1]
    place, _, _ = answer.url.partition("?")
    assert case["then"] == {"succeeded": {"url": f"{place}?task=scrubbed&expires=scrubbed&nonce=scrubbed"}}
    assert case["upstream"][0]["reply"]["json"]["content"]["video_url"] == case["then"]["succeeded"]["url"]


async def test_the_tenth_poll_that_says_the_same_is_left_out(tmp_path: Path) -> None:
    stage = Stage(ACCOUNTS["wan"], tmp_path)
    stage.simulation.run_seconds = 3000
    task = await stage.submit("att_01JTEXT")
    assert task is not None
    await stage.finish(task)
    assert [case["name"] for case in stage.golden()["cases"]] == [
        "01 submit: task",
        "02 poll: pending",  # waiting
        "03 poll: pending",  # running
        "04 poll: succeeded",
    ]
    assert len(stage.heard.calls) > 300


async def test_a_poll_that_an_adapter_makes_as_a_poll_of_many_is_one_call(tmp_path: Path) -> None:
    stage = Stage(ACCOUNTS["kling"], tmp_path)
    task = await stage.submit("att_01JTEXT")
    await stage.adapter.poll(task)
    assert [call.operation for call in stage.heard.calls] == ["submit", "poll"]
    assert len(stage.heard.calls[1].exchanges) == 1


async def test_a_call_that_is_interrupted_is_not_kept(tmp_path: Path) -> None:
    stage = Stage(ACCOUNTS["wan"], tmp_path)
    with anyio.CancelScope() as stage.interrupted_when_asked:
        await stage.submit("att_01JTEXT")
    assert (stage.heard.calls, stage.interrupted_when_asked.cancelled_caught) == ([], True)


async def test_what_happens_around_the_wire_is_told_as_it_was() -> None:
    """Compressed answers are handed on readable, and errors are handed on at all."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/broken":
            raise httpx.ReadTimeout("too slow")
        headers = {"content-encoding": "gzip", "retry-after": "7"}
        return httpx.Response(200, headers=headers, content=gzip.compress(b'{"id": 1}'))

    under_way: ContextVar[Call | None] = ContextVar("call", default=None)
    call = Call("poll", 0.0, (), {})
    transport = RecordingTransport(httpx.MockTransport(answer), under_way)
    async with httpx.AsyncClient(transport=transport, base_url="http://vendor.test") as client:
        await client.get("/unheard")
        under_way.set(call)
        told = await client.post("/whole", json={"n": 1})
        with pytest.raises(httpx.ReadTimeout):
            await client.get("/broken")
    assert (told.json(), told.headers["retry-after"]) == ({"id": 1}, "7")
    assert [exchange.request.url.path for exchange in call.exchanges] == ["/whole", "/broken"]
    whole, broken = call.exchanges
    assert json_of(whole.answer) == {"id": 1}
    assert isinstance(broken.answer, httpx.ReadTimeout)


async def test_a_login_with_google_leaves_neither_its_file_nor_its_token(tmp_path: Path) -> None:
    """Tokens are fetched elsewhere, which is not recorded; the golden file has a token in place of the login."""
    login = tmp_path / "login.json"
    secrets = {
        "client_id": "id",
        "client_secret": "hush-client",
        "refresh_token": "hush-refresh",
        "type": "authorized_user",
    }
    login.write_text(json.dumps({**secrets, "quota_project_id": "payer"}))
    token = f"ya29.{SECRET_MARK}-fetched-0123456789"
    simulated = SimulatedAccount("veo", "veo-3.1", {"project": PROJECT, "credentials_file": str(login)})
    stage = Stage(simulated, tmp_path, keys={"project": PROJECT, "access_token": token}, google_token=token)
    task = await stage.submit("att_01JTEXT")
    assert task is not None
    await stage.finish(task)
    await stage.adapter.download_headers("https://storage.googleapis.com/films/clip.mp4")
    file = stage.golden()
    await stage.adapter.close()
    assert stage.asked_for_tokens == 1
    assert await mismatches("veo", file, tmp_path) == []
    assert file["account"].keys() == {"project", "base_url", "access_token"}
    text = json.dumps(file)
    assert not any(word in text for word in (SECRET_MARK, PROJECT, "payer", str(login), "oauth2"))


async def test_a_secret_that_was_missed_keeps_everything_from_being_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(ACCOUNTS["wan"], tmp_path)
    await stage.submit("att_01JTEXT")
    monkeypatch.setattr(Scrubber, "text", lambda _self, text: text)
    with pytest.raises(SecretLeft):
        stage.golden()


async def test_another_name_for_a_model_is_told_with_the_model(tmp_path: Path) -> None:
    simulated = ACCOUNTS["kling"]
    stage = Stage(simulated, tmp_path)
    await stage.submit("att_01JTEXT")
    [call] = stage.heard.calls
    assert call.request is not None
    assert "models" not in stage.golden()
    call.arguments = (dataclasses.replace(call.request, upstream_model="kling-renamed"),)
    [told] = stage.golden()["models"]
    assert (told["id"], told["upstream_model"]) == (simulated.model, "kling-renamed")
