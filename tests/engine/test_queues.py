"""The real queues: within each account's limit, in order of priority, and through every kind of interruption."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from harness import FREE, LINK, PAID, SPENT, Harness

from filmgate.core.clock import SystemClock
from filmgate.core.provider import Pending, Succeeded
from filmgate.core.video import Status
from filmgate.engine.accounts import Pace
from filmgate.engine.housekeeping import Housekeeper
from filmgate.engine.postgres_queue import PostgresQueue
from filmgate.engine.queue import HandBack, MemoryQueue, Queue
from filmgate.store.database import Job
from filmgate.store.postgres import PostgresDatabase

pytestmark = pytest.mark.anyio

# Long enough that a busy machine does not miss one: a job without a heartbeat is handed out again.
HEARTBEAT = timedelta(seconds=2)
FAST = Pace(typical_seconds=1.0, first_poll_seconds=0.01, poll_seconds=0.01, deadline_seconds=60.0)


@dataclass
class Line:
    """A queue and the way into it. `fresh` is another process's queue on the same database."""

    queue: Queue
    enqueue: Callable[[list[Job]], Awaitable[None]]
    fresh: Callable[[], Queue]


@pytest.fixture(params=["memory", "postgresql"])
async def line(queue_url: str | None) -> AsyncIterator[Line]:
    if queue_url is None:
        queue = MemoryQueue()
        yield Line(queue, queue.enqueue, MemoryQueue)
        return
    queue = PostgresQueue(queue_url, heartbeat_timeout=HEARTBEAT)
    database = PostgresDatabase(queue_url, queue.enqueue_in)

    async def enqueue(jobs: list[Job]) -> None:
        await database.write(lambda tx: tx.jobs.extend(jobs))

    yield Line(queue, enqueue, lambda: PostgresQueue(queue_url, heartbeat_timeout=HEARTBEAT))
    await database.close()


@pytest.fixture
def queue_url(request: pytest.FixtureRequest) -> str | None:
    in_memory = "memory" in request.node.callspec.params.values()
    return None if in_memory else request.getfixturevalue("postgres_url")


@asynccontextmanager
async def running(queue: Queue, limits: Mapping[str, int], handle: Any) -> AsyncIterator[None]:
    """The queue hands out jobs inside the block, and has ended after it."""
    task = asyncio.create_task(queue.run(limits, handle))
    try:
        async with asyncio.timeout(20):
            yield
    finally:
        await queue.stop()
        await asyncio.wait_for(task, 10)


@dataclass
class Handler:
    """Counts who is inside; lets each go when told."""

    wanted: int
    inside: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    handled: list[str] = field(default_factory=list)
    all_done: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, video_id: str, idx: int) -> None:
        account = video_id.partition("-")[0]
        self.inside[account] += 1
        self.most[account] = max(self.most[account], self.inside[account])
        await asyncio.sleep(0.002)
        self.inside[account] -= 1
        self.handled.append(f"{video_id}/{idx}")
        if len(self.handled) >= self.wanted:
            self.all_done.set()


async def test_each_account_works_within_its_limit(line: Line) -> None:
    jobs = [Job(account, f"{account}-{number}", 0) for number in range(12) for account in ("one", "three")]
    handler = Handler(wanted=len(jobs))
    async with running(line.queue, {"one": 1, "three": 3}, handler):
        await line.enqueue(jobs)
        await handler.all_done.wait()
    assert sorted(handler.handled) == sorted(f"{job.video_id}/0" for job in jobs)
    assert handler.most == {"one": 1, "three": 3}


async def test_higher_priority_first_then_first_come(line: Line) -> None:
    await line.enqueue([Job("a", f"a-{number}", 0, priority) for number, priority in enumerate([-2, 0, -1, 0])])
    await asyncio.sleep(0)
    handler = Handler(wanted=4)
    async with running(line.queue, {"a": 1}, handler):
        await handler.all_done.wait()
    assert handler.handled == ["a-1/0", "a-3/0", "a-2/0", "a-0/0"]


async def test_a_job_is_on_the_queue_once(line: Line) -> None:
    started, finish = asyncio.Event(), asyncio.Event()
    handled: list[str] = []

    async def handle(video_id: str, idx: int) -> None:
        handled.append(f"{video_id}/{idx}")
        started.set()
        await finish.wait()

    await line.enqueue([Job("a", "a-1", 0), Job("a", "a-1", 0), Job("a", "a-1", 1)])
    await line.enqueue([Job("a", "a-1", 0)])
    async with running(line.queue, {"a": 5}, handle):
        await started.wait()
        await line.enqueue([Job("a", "a-1", 0)])  # it is running already
        finish.set()
        while len(handled) < 2:  # noqa: ASYNC110 - nothing tells of the second
            await asyncio.sleep(0.001)
    assert sorted(handled) == ["a-1/0", "a-1/1"]


async def test_a_handler_that_fails_harms_no_other(line: Line) -> None:
    done = asyncio.Event()

    async def handle(video_id: str, _idx: int) -> None:
        if video_id == "a-1":
            raise RuntimeError("a bug")
        done.set()

    await line.enqueue([Job("a", "a-1", 0, 1), Job("a", "a-2", 0)])
    async with running(line.queue, {"a": 1}, handle):
        await done.wait()


@pytest.mark.parametrize("line", ["postgresql"], indirect=True)
async def test_what_is_handed_back_is_handled_by_the_next_process(line: Line) -> None:
    started, stopping, handled = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def hand_back(*_: object) -> None:
        started.set()
        await stopping.wait()
        raise HandBack("the worker stops")

    async def handle(*_: object) -> None:
        handled.set()

    await line.enqueue([Job("a", "a-1", 0)])
    async with running(line.queue, {"a": 1}, hand_back):
        await started.wait()
        await line.queue.stop()
        stopping.set()
    async with running(line.fresh(), {"a": 1}, handle):
        await handled.wait()


async def kill_connections(url: str) -> None:
    """As a restart of PostgreSQL does."""
    killer = await asyncpg.connect(url)
    await killer.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await killer.close()


@pytest.mark.parametrize("line", ["postgresql"], indirect=True)
async def test_a_lost_connection_stops_neither_what_runs_nor_what_comes(
    line: Line, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("filmgate.engine.postgres_queue.RECONNECT_PAUSE_SECONDS", 0.01)
    started, finish, second = asyncio.Event(), asyncio.Event(), asyncio.Event()
    inside, most, finished = Counter[str](), Counter[str](), Counter[str]()

    async def handle(video_id: str, _idx: int) -> None:
        inside[video_id] += 1
        most[video_id] = max(most[video_id], inside[video_id])
        if video_id == "a-1":
            started.set()
            await finish.wait()
        inside[video_id] -= 1
        finished[video_id] += 1
        if video_id != "a-1":
            second.set()

    await line.enqueue([Job("a", "a-1", 0)])
    async with running(line.queue, {"a": 2}, handle):
        await started.wait()
        await kill_connections(postgres_url)
        with pytest.raises(Exception, match="database cannot answer"):
            await line.enqueue([Job("a", "a-2", 0)])  # its pooled connection is dead, too
        await line.enqueue([Job("a", "a-2", 0)])
        await second.wait()  # while the first still runs
        assert finished == {"a-2": 1}
        await asyncio.sleep(HEARTBEAT.total_seconds() * 1.2)
        second.clear()
        await line.enqueue([Job("a", "a-3", 0)])  # wakes the queue, which finds the first job without a heartbeat
        await second.wait()
        finish.set()
    assert most == {"a-1": 1, "a-2": 1, "a-3": 1}
    connection = await asyncpg.connect(postgres_url)
    assert await connection.fetchval("SELECT count(*) FROM pgqueuer") == 0
    await connection.close()


@pytest.mark.parametrize("line", ["postgresql"], indirect=True)
async def test_the_job_of_a_dead_process_is_taken_over(line: Line, postgres_url: str) -> None:
    started, taken_over, never = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def hang(*_: object) -> None:
        started.set()
        await never.wait()

    async def handle(video_id: str, _idx: int) -> None:
        if video_id == "a-1":
            taken_over.set()

    await line.enqueue([Job("a", "a-1", 0)])
    dead = asyncio.create_task(line.queue.run({"a": 2}, hang))
    await asyncio.wait_for(started.wait(), 10)
    await line.queue.stop()
    await kill_connections(postgres_url)
    await asyncio.sleep(HEARTBEAT.total_seconds() * 1.2)
    other = line.fresh()
    async with running(other, {"a": 2}, handle):
        await taken_over.wait()
    never.set()
    await asyncio.wait_for(dead, 10)


# ── with the whole engine ───────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def serving(engine: Harness, queue: Queue) -> AsyncIterator[None]:
    """The worker side of a process in real time, at a brisk pace."""
    accounts = {name: replace(account, pace=FAST) for name, account in engine.accounts.items()}
    worker = engine.new_worker(accounts=accounts, clock=SystemClock())
    async with running(queue, {account.name: account.max_concurrent for account in accounts.values()}, worker.run):
        try:
            yield
        finally:
            worker.stop()


async def all_finished(engine: Harness, ids: list[str]) -> None:
    key = await engine.key()
    for video_id in ids:
        while (await engine.gateway.wait(key, video_id, 0)).video.completed_at is None:
            await engine.signals.changes.wait(video_id, 0.1)


def open_queue(engine: Harness) -> tuple[Queue, Callable[[list[Job]], Awaitable[None]]]:
    """A process's queue over the engine's database, and how its housekeeper reaches it."""
    if not isinstance(engine.database, PostgresDatabase):
        queue = MemoryQueue()
        return queue, queue.enqueue
    database = engine.database
    queue = PostgresQueue(
        database.engine.url.set(drivername="postgresql").render_as_string(), heartbeat_timeout=HEARTBEAT
    )

    async def enqueue(jobs: list[Job]) -> None:
        async with database.engine.begin() as connection:
            await queue.enqueue_in(connection, jobs)

    return queue, enqueue


async def test_after_a_restart_everything_unfinished_is_resumed_exactly_once(engine: Harness) -> None:
    engine.paid.answer_with([Pending(50), Succeeded(url=LINK)])
    engine.clock.time = SystemClock().now() - 60  # what was due then is due now
    key = await engine.key()
    ids = [await engine.create(model, by=key) for model in (PAID, FREE, PAID, PAID)]
    await engine.drive(ids[0])
    await engine.drive_until("running", ids[2])
    engine.restart()

    queue, enqueue = open_queue(engine)
    housekeeper = Housekeeper(engine.database, engine.files, engine.clock, enqueue)
    async with serving(engine, queue):
        assert await housekeeper.resume() == 3
        await housekeeper.resume()
        await all_finished(engine, ids)
    for video_id in ids:
        assert (await engine.detail(video_id)).video.status is Status.COMPLETED
    assert engine.paid.submissions == 3
    assert engine.free.submissions == 1
    assert [await engine.money(video_id) for video_id in (ids[0], ids[2], ids[3])] == [SPENT] * 3


async def test_a_stopped_process_leaves_its_videos_to_the_next(engine: Harness) -> None:
    engine.paid.answer_with([Pending(50)])
    key = await engine.key()
    ids = [await engine.create(by=key) for _ in range(6)]
    queue, enqueue = open_queue(engine)
    await enqueue(list(engine.queued_jobs))
    async with serving(engine, queue):
        while engine.paid.submissions < 4:  # noqa: ASYNC110 - the account's limit
            await asyncio.sleep(0.005)
    assert engine.paid.submissions == 4
    for task in engine.paid.tasks.values():
        task.answers.append(Succeeded(url=LINK))
    engine.paid.answer_with([Succeeded(url=LINK)])

    queue, enqueue = open_queue(engine)
    async with serving(engine, queue):
        await Housekeeper(engine.database, engine.files, engine.clock, enqueue).resume()
        await all_finished(engine, ids)
    assert {(await engine.detail(video_id)).video.status for video_id in ids} == {Status.COMPLETED}
    assert engine.paid.submissions == 6


async def test_a_project_with_many_videos_does_not_hold_up_another(engine: Harness) -> None:
    many, few = await engine.key(project="many"), await engine.key(project="few")
    first = [await engine.create(by=many) for _ in range(4)]
    late = [await engine.create(by=few, n=2), await engine.create(by=few)]
    queue, enqueue = open_queue(engine)
    await enqueue(list(engine.queued_jobs))
    await asyncio.sleep(0)
    handler = Handler(wanted=7)
    async with running(queue, {"acme": 1}, handler):
        await handler.all_done.wait()
    order = [handled.partition("/")[0] for handled in handler.handled]
    assert order == [first[0], late[0], first[1], late[0], late[1], first[2], first[3]]
