"""The loop around the steps: our own bugs, a database that goes away, stopping, and bells that must not be missed."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from harness import FREE, HELD, LINK, SPENT, Harness

from filmgate.core.errors import ServiceUnavailable, UpstreamRefused
from filmgate.core.provider import Pending, Succeeded
from filmgate.core.video import Status
from filmgate.engine import worker as worker_module
from filmgate.engine.changes import Changes, is_set_within
from filmgate.engine.queue import HandBack
from filmgate.store.database import Database

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite"])
def database_place(sqlite_path: Path) -> Path:
    """Nothing here depends on the database."""
    return sqlite_path


@pytest.fixture
def pauses(engine: Harness, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that `run` makes; the clock moves instead of anybody waiting."""
    made: list[float] = []

    async def pause(_event: asyncio.Event, seconds: float) -> bool:
        made.append(seconds)
        engine.clock.time += seconds
        assert len(made) < 500, "it does not come to an end"
        return False

    monkeypatch.setattr(worker_module, "is_set_within", pause)
    return made


class Failing:
    """A database whose writes fail where `fails(number of the write)` says so, before or after they happened."""

    def __init__(self, database: Database, fails: Callable[[int], bool], *, after: bool = False) -> None:
        self._database, self._fails, self._after, self.writes = database, fails, after, 0

    async def read(self, query: Any) -> Any:
        return await self._database.read(query)

    async def write(self, change: Any) -> Any:
        self.writes += 1
        fails = self._fails(self.writes)
        result = None if fails and not self._after else await self._database.write(change)
        if fails:
            raise ServiceUnavailable("away", code="database_unavailable")
        return result


def raise_bug(*_: object, **__: object) -> Any:
    raise RuntimeError("a bug")


async def test_run_drives_to_the_end(engine: Harness, pauses: list[float]) -> None:
    video_id = await engine.create()
    await engine.worker.run(video_id, 0)
    assert (await engine.detail(video_id)).video.status is Status.COMPLETED
    assert pauses[0] == 10


async def test_a_bug_in_polling_ends_as_an_internal_error(
    engine: Harness, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    video_id = await engine.create()
    await engine.drive_until("running", video_id)
    monkeypatch.setattr(type(engine.paid), "poll", raise_bug)
    await engine.worker.run(video_id, 0)
    video = (await engine.detail(video_id)).video
    assert (video.status, video.error_code) == (Status.FAILED, "internal_error")
    assert "bug" not in (video.error_message or "")
    assert pauses[-5:] == [2, 4, 8, 16, 30]
    assert await engine.money(video_id) == HELD


async def test_a_bug_in_submitting_to_a_paid_account_is_an_unknown_outcome(
    engine: Harness, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(engine.paid), "submit", raise_bug)
    video_id = await engine.create()
    await engine.worker.run(video_id, 0)
    assert (await engine.detail(video_id)).video.error_code == "outcome_unknown"
    assert await engine.money(video_id) == HELD
    assert pauses == [2]


async def test_a_bug_in_submitting_to_a_free_engine_ends_as_an_internal_error(
    engine: Harness, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(engine.free), "submit", raise_bug)
    video_id = await engine.create(FREE)
    await engine.worker.run(video_id, 0)
    detail = await engine.detail(video_id)
    assert detail.video.error_code == "internal_error"
    assert len(detail.attempts) == 5
    assert pauses == [2, 4, 8, 16, 30]


async def test_a_bug_in_delivering_is_an_internal_error_and_leaves_no_files(
    engine: Harness, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(engine.files), "put_file", raise_bug)
    video_id = await engine.create()
    await engine.worker.run(video_id, 0)
    assert (await engine.detail(video_id)).video.error_code == "internal_error"
    assert engine.left_in_work() == []
    assert pauses[-5:] == [2, 4, 8, 16, 30]


async def test_a_bug_that_passes_is_forgotten(
    engine: Harness, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    poll, asked = type(engine.paid).poll, []

    async def every_second_time(self: Any, task: Any) -> Any:
        asked.append(task)
        if len(asked) % 2:
            raise RuntimeError("a bug")
        return await poll(self, task)

    monkeypatch.setattr(type(engine.paid), "poll", every_second_time)
    engine.paid.answer_with([*[Pending(None)] * 9, Succeeded(url=LINK)])
    video_id = await engine.create()
    await engine.worker.run(video_id, 0)
    assert (await engine.detail(video_id)).video.status is Status.COMPLETED


async def test_giving_up_waits_for_the_database_too(
    engine: Harness, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    video_id = await engine.create()
    await engine.drive_until("running", video_id)
    monkeypatch.setattr(type(engine.paid), "poll", raise_bug)
    worker = engine.new_worker(database=Failing(engine.database, lambda number: number <= 3))  # pyright: ignore
    await worker.run(video_id, 0)
    assert (await engine.detail(video_id)).video.error_code == "internal_error"


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("accepted", [True, False])
async def test_the_answer_to_a_paid_call_is_kept_until_the_database_is_back(
    engine: Harness, pauses: list[float], after: bool, accepted: bool
) -> None:
    if not accepted:
        engine.paid.script(UpstreamRefused("slow down", retryable=True))
    # The first write notes the intent, the one after it what came of it.
    database = Failing(engine.database, lambda number: number < 9, after=after)
    video_id = await engine.create()
    await engine.new_worker(database=database).run(video_id, 0)  # pyright: ignore
    detail = await engine.detail(video_id)
    assert detail.video.status is Status.COMPLETED
    assert engine.paid.submissions == 1
    assert [attempt.state for attempt in detail.attempts] == ([] if accepted else ["refused"]) + ["succeeded"]
    assert await engine.money(video_id) == SPENT


@pytest.mark.parametrize("after", [False, True])
async def test_a_database_that_comes_and_goes_costs_only_time(
    engine: Harness, pauses: list[float], after: bool
) -> None:
    database = Failing(engine.database, lambda number: number % 2 == 1, after=after)
    video_id = await engine.create()
    await engine.new_worker(database=database).run(video_id, 0)  # pyright: ignore
    assert (await engine.detail(video_id)).video.status is Status.COMPLETED
    assert engine.paid.submissions == 1
    assert await engine.money(video_id) == SPENT


async def test_an_account_that_is_not_configured_now_decides_nothing(engine: Harness) -> None:
    video_id = await engine.create()
    without = {name: account for name, account in engine.accounts.items() if name != "acme"}
    assert await engine.new_worker(accounts=without).step(video_id, 0) == 30
    assert (await engine.detail(video_id)).video.status is Status.QUEUED


async def test_a_video_that_is_not_there_is_no_work(engine: Harness) -> None:
    assert await engine.worker.step("video_none", 0) is None
    assert await engine.worker.step(await engine.create(), 5) is None


async def test_a_stopped_worker_hands_back_at_once(engine: Harness) -> None:
    engine.paid.answer_with([Pending(None)])
    video_id = await engine.create()
    running = asyncio.create_task(engine.worker.run(video_id, 0))
    with engine.signals.changes.listen(video_id) as moved:
        while (await engine.detail(video_id)).outputs[0].phase != "running":
            await moved.wait()
            moved.clear()
    engine.worker.stop()
    with pytest.raises(HandBack):
        await asyncio.wait_for(running, 5)
    with pytest.raises(HandBack):
        await engine.worker.run(video_id, 0)


async def test_stopping_during_a_step_is_not_missed(engine: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.paid.answer_with([Pending(None)])
    video_id = await engine.create()
    await engine.drive_until("running", video_id)
    await engine.step(video_id)
    poll = type(engine.paid).poll

    async def stopped_meanwhile(self: Any, task: Any) -> Any:
        engine.worker.stop()
        return await poll(self, task)

    monkeypatch.setattr(type(engine.paid), "poll", stopped_meanwhile)
    with pytest.raises(HandBack):
        await asyncio.wait_for(engine.worker.run(video_id, 0), 3)


async def test_a_cancel_during_a_step_is_not_missed(engine: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.paid.answer_with([Pending(None)])
    key = await engine.key()
    video_id = await engine.create(by=key)
    await engine.drive_until("running", video_id)
    await engine.step(video_id)
    poll = type(engine.paid).poll

    async def cancelled_meanwhile(self: Any, task: Any) -> Any:
        await engine.gateway.cancel(key, video_id, patience_seconds=0)
        return await poll(self, task)

    monkeypatch.setattr(type(engine.paid), "poll", cancelled_meanwhile)
    await asyncio.wait_for(engine.worker.run(video_id, 0), 3)
    assert (await engine.detail(video_id)).video.error_code == "cancelled"


async def test_who_waits_for_a_video_hears_of_its_end(engine: Harness) -> None:
    key = await engine.key()
    video_id = await engine.create(by=key)
    waiting = asyncio.create_task(engine.gateway.wait(key, video_id, 1000))
    await asyncio.sleep(0)
    await engine.gateway.cancel(key, video_id, patience_seconds=0)
    detail = await asyncio.wait_for(waiting, 0.9)  # sooner than it would look by itself
    assert detail.video.status is Status.FAILED


async def test_bells_ring_for_their_own_video_only() -> None:
    changes = Changes()
    with changes.listen("a") as a, changes.listen("b") as b:
        changes.publish("a")
        assert (a.is_set(), b.is_set()) == (True, False)
        changes.publish_all()
        assert b.is_set()
    changes.publish("a")
    assert await changes.wait("a", 0) is False
    assert await is_set_within(asyncio.Event(), 0) is False


async def test_two_workers_on_one_output_submit_once(engine: Harness) -> None:
    video_id = await engine.create()
    await asyncio.gather(
        *(engine.new_worker().step(video_id, 0) for _ in range(5)),
        return_exceptions=True,
    )
    assert engine.paid.submissions <= 1
    assert len((await engine.detail(video_id)).attempts) == 1
