"""The adapter against simulators of every dialect, which were written from the same documents and not from it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from filmgate.core.errors import Charged, OutcomeUnknown, UpstreamBusy, UpstreamError
from filmgate.core.provider import Absent, Failed, Found, Pending, ProviderTask, Succeeded
from filmgate.core.request import Mode, VideoRequest
from filmgate.providers.kind import Tools
from filmgate.providers.openai import OpenAICredentials, OpenAIProvider
from filmgate.providers.openai_dialects import OWN_ENGINES, Dialect
from filmgate.simulators.faults import Fault
from filmgate.simulators.in_process import Place, SimulatedNetwork
from filmgate.simulators.kit import Simulation
from filmgate.simulators.openai import faults_of, openai_simulator

KEY = "sk-test-0000000000000000"
REQUEST = VideoRequest(
    "sora-2", "sora-2", Mode.TEXT_TO_VIDEO, "waves", 4.0,
    width_px=720, height_px=1280, generate_audio=True,
)  # fmt: skip
DIALECTS = [each.value for each in Dialect]
ONLY_READ = [name for name in DIALECTS if name not in ("vllm-omni", "filmgate")]
CREATED_BUT_NOT_TOLD = [Fault.LOST_REPLY, Fault.RESET_DURING, Fault.SUBMIT_504, Fault.SUBMIT_WITHOUT_ID]


class World:
    """One simulated server, an account for it, and a clock that the test moves."""

    def __init__(self, dialect: str) -> None:
        self.time = 1_795_000_000.0
        self.dialect = dialect
        self.simulation = Simulation(self.now, self._clip, {"api_key": KEY})
        host = "studio.openai.azure.com" if dialect == "azure" else "videos.example"
        place = Place(openai_simulator(self.simulation, dialect), self.simulation)
        self.network = SimulatedNetwork({host: place})
        account = OpenAICredentials.model_validate({"base_url": f"https://{host}", "api_key": KEY, "dialect": dialect})
        self.provider = OpenAIProvider(account, Tools(self._no_images, Path("nowhere"), self, self.network))

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        raise AssertionError(f"an adapter never waits; it wanted to sleep for {seconds} s")

    async def submit(self) -> ProviderTask:
        return await self.provider.submit(REQUEST, client_ref="att_1")

    async def poll(self, task: ProviderTask, *, after_seconds: float = 0.0) -> Any:
        self.time += after_seconds
        return await self.provider.poll(task)

    async def fetch(self, url: str) -> httpx.Response:
        headers = await self.provider.download_headers(url)
        async with httpx.AsyncClient(transport=self.network) as client:
            return await client.get(url, headers=headers)

    async def _clip(self, width_px: int, height_px: int, seconds: float, audio: bool) -> bytes:
        return f"clip of {width_px}x{height_px}, {seconds:g} s".encode()

    async def _no_images(self, key: str) -> bytes:
        raise AssertionError(f"{key}: these requests have no images")


def play(dialect: str, scene: Callable[[World], Awaitable[Any]], *faults: Fault) -> Any:
    async def run() -> Any:
        world = World(dialect)
        for fault in faults:
            world.simulation.faults.add(fault)
        try:
            return await scene(world)
        finally:
            await world.provider.close()

    return asyncio.run(run())


@pytest.mark.parametrize("dialect", DIALECTS)
def test_from_the_submit_to_the_file(dialect: str) -> None:
    async def scene(world: World) -> None:
        task = await world.submit()
        assert isinstance(await world.poll(task, after_seconds=5), Pending)
        done = await world.poll(task, after_seconds=60)
        assert isinstance(done, Succeeded)
        assert (await world.fetch(done.url or "")).text == "clip of 720x1280, 4 s"
        assert len(world.simulation.books.tasks) == 1

    play(dialect, scene)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_failure_is_a_verdict_and_free_only_on_engines_of_ones_own(dialect: str) -> None:
    async def scene(world: World) -> None:
        failed = await world.poll(await world.submit(), after_seconds=60)
        assert isinstance(failed, Failed)
        own = Dialect(dialect) in OWN_ENGINES
        assert (failed.charged, failed.retryable) == ((Charged.NO, True) if own else (Charged.UNKNOWN, False))

    play(dialect, scene, Fault.FAILED_LATE)


@pytest.mark.parametrize(
    ("dialect", "fault"),
    [(name, fault) for name in DIALECTS for fault in sorted(faults_of(name)) if not fault.startswith(("poll", "file"))],
)
def test_a_submit_that_made_a_task_is_never_called_refused(dialect: str, fault: Fault) -> None:
    async def scene(world: World) -> None:
        (outcome,) = await asyncio.gather(world.submit(), return_exceptions=True)
        created = bool(world.simulation.books.tasks)
        if isinstance(outcome, UpstreamError):
            assert isinstance(outcome, OutcomeUnknown) or not created
            assert created or fault not in CREATED_BUT_NOT_TOLD
        else:
            assert isinstance(outcome, ProviderTask)
            assert list(world.simulation.books.tasks) == [outcome.id]

    play(dialect, scene, fault)


@pytest.mark.parametrize("dialect", ["openai", "azure", "vllm-omni", "filmgate"])
@pytest.mark.parametrize("fault", CREATED_BUT_NOT_TOLD)
def test_a_lost_reply_is_found_again(dialect: str, fault: Fault) -> None:
    async def scene(world: World) -> None:
        with pytest.raises(OutcomeUnknown):
            await world.submit()
        found = await world.provider.find(REQUEST, client_ref="att_1", submitted_at=world.time, taken=())
        assert isinstance(found, Found)
        assert isinstance(await world.poll(found.task, after_seconds=60), Succeeded)

    play(dialect, scene, fault)


@pytest.mark.parametrize("dialect", ["vllm-omni", "sglang", "filmgate"])
def test_a_submit_that_made_nothing_is_absent(dialect: str) -> None:
    async def scene(world: World) -> None:
        with pytest.raises(OutcomeUnknown):
            await world.submit()
        assert await world.provider.find(REQUEST, client_ref="att_1", submitted_at=world.time, taken=()) == Absent()

    play(dialect, scene, Fault.RESET_BEFORE)


def test_another_filmgate_makes_one_video_of_one_attempt() -> None:
    async def scene(world: World) -> None:
        with pytest.raises(OutcomeUnknown):
            await world.submit()
        assert world.provider.submits_once
        again = await world.submit()
        assert list(world.simulation.books.tasks) == [again.id]

    play("filmgate", scene, Fault.LOST_REPLY)


def test_vllm_omni_stops_what_is_cancelled() -> None:
    async def scene(world: World) -> None:
        task = await world.submit()
        assert await world.provider.cancel(task)
        assert await world.provider.cancel(task)
        assert world.simulation.books.tasks[task.id].cancelled_at is not None

    play("vllm-omni", scene)


@pytest.mark.parametrize("dialect", ONLY_READ)
def test_nothing_is_sent_where_nothing_can_be_stopped(dialect: str) -> None:
    async def scene(world: World) -> None:
        task = await world.submit()
        before = len(world.simulation.books.requests)
        assert not await world.provider.cancel(task)
        assert len(world.simulation.books.requests) == before

    play(dialect, scene)


@pytest.mark.parametrize("dialect", ["vllm-omni", "sglang"])
def test_a_restart_loses_the_job_and_costs_nothing(dialect: str) -> None:
    async def scene(world: World) -> None:
        task = await world.submit()
        world.simulation.books.tasks.clear()
        with pytest.raises(UpstreamBusy):
            await world.poll(task, after_seconds=5)
        lost = await world.poll(task, after_seconds=60)
        assert isinstance(lost, Failed)
        assert (lost.lost, lost.charged) == (True, Charged.NO)

    play(dialect, scene)
