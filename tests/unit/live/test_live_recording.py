"""What is recorded of an account holds in the golden runner, and holds no secret: shown against every simulator."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from simulated_accounts import ACCOUNTS, KEY, PROJECT, SECRET_MARK, Clock, SimulatedAccount

from filmgate.catalogue.fit import fit
from filmgate.core.errors import UpstreamError
from filmgate.core.provider import FindsTasks, GuardsDownloads, Pending, PollsMany, ProviderTask, Succeeded
from filmgate.core.request import Images, VideoParams
from filmgate.providers.kind import Tools
from filmgate.simulators.faults import Fault
from filmgate.simulators.kit import Simulation
from golden.format import GoldenFile
from live.golden_recording import golden_recording, mismatches
from live.pictures import first_frame, seascape
from live.recording import Heard, Recorder

pytestmark = pytest.mark.anyio

CLIP = bytes(range(256)) * 40  # longer than what a recording keeps of a text


@dataclass
class Stage:
    """An account that is listened to, in front of its simulator."""

    account: SimulatedAccount
    work_dir: Path

    def __post_init__(self) -> None:
        async def make_clip(*_: object) -> bytes:
            return CLIP

        async def read_input(_key: str) -> bytes:
            return seascape()

        self.clock = Clock()
        self.simulation = Simulation(self.clock.now, make_clip, self.account.keys(), queued_seconds=3, run_seconds=30)
        self.recorder = Recorder(self.account.network(self.simulation))
        tools = Tools(read_input, self.work_dir, self.clock)
        opened, _ = self.recorder.open(self.account.settings(), self.account.kind, tools, {})
        self.adapter: Any = opened.adapter

    @property
    def heard(self) -> Heard:
        assert self.recorder.heard is not None
        return self.recorder.heard

    async def submit(self, client_ref: str, *, images: Images = Images(), **params: Any) -> ProviderTask | None:
        entry = self.account.catalogue().get(self.account.model)
        asked = VideoParams(model=entry.id, prompt="waves", **params)
        self.request = fit(asked, images, entry, draw_seed=lambda: 1_234_567).request
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
    if isinstance(stage.adapter, GuardsDownloads) and answer.url:
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
    GoldenFile.model_validate_json(text)
    assert await mismatches(stage.heard.provider, file, tmp_path) == []
    for secret in (SECRET_MARK, "att_01J", PROJECT, "owners-workspace"):
        assert secret not in text, text[max(0, text.find(secret) - 200) :][:400]
    print(len(text), [c["name"] for c in file["cases"]])
