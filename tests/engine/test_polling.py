"""When tasks are polled, and that many are polled in one call where the upstream allows it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from harness import LINK, PACE, PAID, Harness

from filmgate.core.errors import UpstreamBusy
from filmgate.core.provider import Answer, Pending, ProviderTask, Succeeded
from filmgate.core.video import Phase, Status
from filmgate.engine.accounts import Account, Pace, pace_of
from filmgate.engine.polling import PaceBook, Poller, pause_until_next
from filmgate.providers.fake import FakeProvider

pytestmark = pytest.mark.anyio


@pytest.fixture
def database_place(sqlite_path: Path) -> Path:
    return sqlite_path


class BatchProvider(FakeProvider):
    most_polled = 3

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[list[str]] = []
        self.alone: list[str] = []
        self.left_out: set[str] = set()
        self.error: Exception | None = None

    def batch_key(self, task: ProviderTask) -> str | None:
        return None if task.id == "loner" else "all"

    async def poll(self, task: ProviderTask) -> Answer:
        self.alone.append(task.id)
        return Pending(1)

    async def poll_many(self, tasks: Sequence[ProviderTask]) -> Mapping[str, Answer]:
        self.calls.append([task.id for task in tasks])
        if self.error:
            raise self.error
        return {task.id: Pending(int(task.id)) for task in tasks if task.id not in self.left_out}


async def test_tasks_that_share_calls_are_asked_for_more_often(engine: Harness) -> None:
    adapter = BatchProvider()
    account, poller = Account("acme", "acme", adapter, max_concurrent=99), Poller(engine.clock)
    assert poller.sharing(account, ProviderTask("1")) == 1
    await asyncio.gather(*(poller.poll(account, ProviderTask(id_)) for id_ in ("1", "2", "3")))
    assert poller.sharing(account, ProviderTask("1")) == 3
    assert poller.sharing(account, ProviderTask("loner")) == 1
    pace = Pace(typical_seconds=90.0, first_poll_seconds=54.0, poll_seconds=12.0, deadline_seconds=3600.0)
    assert 10.8 <= pause_until_next(pace, 0.0) <= 13.2
    assert 2.7 <= pause_until_next(pace, 0.0, sharing=50) <= 3.3
    assert 0.9 <= pause_until_next(pace, 90.0, sharing=50) <= 1.1


async def poll_all(engine: Harness, adapter: BatchProvider, *ids: str) -> list[Answer | BaseException]:
    account = Account("acme", "acme", adapter, max_concurrent=99)
    poller = Poller(engine.clock)
    return await asyncio.gather(*(poller.poll(account, ProviderTask(id_)) for id_ in ids), return_exceptions=True)


async def test_polls_of_the_same_moment_share_a_call(engine: Harness) -> None:
    adapter = BatchProvider()
    answers = await poll_all(engine, adapter, "1", "2", "3", "4", "loner")
    assert answers == [Pending(1), Pending(2), Pending(3), Pending(4), Pending(1)]
    assert adapter.calls == [["1", "2", "3"], ["4"]]
    assert adapter.alone == ["loner"]


async def test_one_that_is_left_out_is_asked_for_alone(engine: Harness) -> None:
    adapter = BatchProvider()
    adapter.left_out = {"2"}
    assert await poll_all(engine, adapter, "1", "2") == [Pending(1), Pending(1)]
    assert adapter.alone == ["2"]


async def test_an_error_of_the_shared_call_is_everyones(engine: Harness) -> None:
    adapter = BatchProvider()
    adapter.error = UpstreamBusy("503")
    assert await poll_all(engine, adapter, "1", "2") == [adapter.error, adapter.error]
    adapter.error = None
    assert await poll_all(engine, adapter, "1") == [Pending(1)]


async def test_one_that_stops_waiting_does_not_take_the_others_with_it(engine: Harness) -> None:
    adapter = BatchProvider()
    account, poller = Account("acme", "acme", adapter, max_concurrent=99), Poller(engine.clock)
    leaving = asyncio.create_task(poller.poll(account, ProviderTask("1")))
    staying = asyncio.create_task(poller.poll(account, ProviderTask("2")))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == Pending(2)


def polls_until(pace: Pace, finished_seconds: float) -> tuple[int, float]:
    """How often a task is asked for until it is seen finished, and how long that took."""
    elapsed, polls = pace.first_poll_seconds, 1
    while elapsed < finished_seconds:
        elapsed += pause_until_next(pace, elapsed)
        polls += 1
    return polls, elapsed - finished_seconds


@pytest.mark.parametrize(("share", "most_polls", "most_late_seconds"), [(0.8, 6, 8.0), (1.0, 14, 1.2), (1.3, 26, 8.0)])
def test_few_polls_and_soon_seen(share: float, most_polls: int, most_late_seconds: float) -> None:
    pace = Pace(typical_seconds=90.0, first_poll_seconds=54.0, poll_seconds=10.0, deadline_seconds=3600.0)
    polls, late_seconds = polls_until(pace, 90.0 * share)
    assert polls <= most_polls
    assert late_seconds <= most_late_seconds


def test_a_task_that_takes_for_ever_is_asked_ever_more_rarely() -> None:
    assert polls_until(PACE, 24 * 3600.0)[0] <= 200


async def test_the_pace_of_a_model_is_learned_from_what_was_made(engine: Harness) -> None:
    engine.accounts["acme"] = replace(engine.accounts["acme"], pace=None)
    account = engine.accounts["acme"]
    book = PaceBook(engine.database, engine.clock, lambda _account, _model: PACE)
    upstream_model = f"{PAID}-upstream"
    assert await book.pace(account, PAID, upstream_model) == PACE
    looked_up_at = engine.clock.time
    for seconds in (50, 60, 400):
        video_id = await engine.create()
        await engine.drive_until(Phase.RUNNING, video_id)
        engine.clock.time += seconds
        engine.paid.tasks[(await engine.detail(video_id)).attempts[0].task_id or ""].answers.clear()
        engine.paid.tasks[(await engine.detail(video_id)).attempts[0].task_id or ""].answers.append(Succeeded(url=LINK))
        await engine.drive(video_id)
        assert (await engine.detail(video_id)).video.status is Status.COMPLETED
    now, engine.clock.time = engine.clock.time, looked_up_at + 299
    assert await book.pace(account, PAID, upstream_model) == PACE, "looked up at most every five minutes"
    engine.clock.time = now
    learned = await book.pace(account, PAID, upstream_model)
    assert learned.typical_seconds == pytest.approx(60, abs=1)
    assert learned.first_poll_seconds == pytest.approx(36, abs=1)
    assert learned.deadline_seconds == PACE.deadline_seconds
    assert (await book.pace(replace(account, pace=PACE), PAID, upstream_model)) == PACE, "a local engine knows its own"


async def test_retry_after_is_honoured_and_a_note_is_told_once(engine: Harness) -> None:
    busy = UpstreamBusy("slow down", retry_after_seconds=77)
    engine.paid.answer_with([busy, busy, Succeeded(url=LINK)])
    video_id = await engine.create()
    await engine.drive_until(Phase.RUNNING, video_id)
    await engine.step(video_id)
    assert await engine.worker.step(video_id, 0) == 77
    engine.clock.time += 77
    await engine.drive(video_id)
    assert (await engine.event_types(video_id)).count("attempt.poll_note") == 1


async def test_what_the_owner_expects_replaces_what_the_catalogue_says(engine: Harness) -> None:
    account = replace(engine.accounts["acme"], pace=None)
    assert pace_of(account, engine.catalogue, PAID).first_poll_seconds == 10
    expecting = pace_of(replace(account, expected_seconds=40), engine.catalogue, PAID)
    assert (expecting.typical_seconds, expecting.first_poll_seconds, expecting.deadline_seconds) == (40, 24, 600)
