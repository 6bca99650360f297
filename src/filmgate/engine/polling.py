"""When to ask how a task stands, and asking for many at once where the upstream allows it."""

from __future__ import annotations

import asyncio
import random
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from filmgate.core.clock import Clock
from filmgate.core.provider import Answer, PollsMany, ProviderTask
from filmgate.engine.accounts import Account, Pace
from filmgate.store import attempts
from filmgate.store.database import Database

_LEAST_SAMPLES, _MOST_SAMPLES = 3, 50
_LEARNED_FOR_SECONDS = 300.0
_LEAST_PAUSE_SECONDS = 1.0
_MOST_SHARE_OF_AGE = 0.05
_MOST_SHARING, _LEAST_SHARED_PAUSE_SECONDS = 4, 1.5
_GATHER_SECONDS = 0.2


def pause_until_next(pace: Pace, elapsed_seconds: float, *, sharing: int = 1) -> float:
    """Half of the distance to the expected end, within a second and the model's own interval; jittered by a tenth.

    So polls come closer together towards the expected end and drift apart after it: a few polls for each video, and a
    short time from finished to seen. One that takes very long is asked for every twentieth part of its age. Tasks that
    are `sharing` one call cost a part of it each, and are asked for that much more often, up to four times.
    """
    distance = abs(pace.typical_seconds - elapsed_seconds) / 2
    most = max(pace.poll_seconds, elapsed_seconds * _MOST_SHARE_OF_AGE)
    pause = min(max(distance, _LEAST_PAUSE_SECONDS), most)
    shared = max(pause / min(max(sharing, 1), _MOST_SHARING), min(pause, _LEAST_SHARED_PAUSE_SECONDS))
    return shared * random.uniform(0.9, 1.1)


class PaceBook:
    """The catalogue's figures for a model until some of its videos were made here; from then on their median."""

    def __init__(self, database: Database, clock: Clock, catalogue_pace: Callable[[Account, str], Pace]) -> None:
        self._database = database
        self._clock = clock
        self._catalogue_pace = catalogue_pace
        self._learned: dict[tuple[str, str], tuple[float, float | None]] = {}  # when it was looked up, and the median

    async def pace(self, account: Account, model: str, upstream_model: str) -> Pace:
        pace = self._catalogue_pace(account, model)
        if account.pace is not None:
            return pace
        median = await self._median_seconds(account.provider, upstream_model)
        return pace if median is None else pace.expecting(median)

    async def _median_seconds(self, provider: str, upstream_model: str) -> float | None:
        looked_at, median = self._learned.get((provider, upstream_model), (float("-inf"), None))
        now = self._clock.now()
        if now - looked_at < _LEARNED_FOR_SECONDS:
            return median
        samples = await self._database.read(
            lambda conn: attempts.generation_seconds(conn, provider, upstream_model, limit=_MOST_SAMPLES)
        )
        median = statistics.median(samples) if len(samples) >= _LEAST_SAMPLES else None
        self._learned[provider, upstream_model] = (now, median)
        return median


@dataclass(slots=True)
class _Batch:
    tasks: dict[str, ProviderTask] = field(default_factory=dict[str, ProviderTask])
    answers: dict[str, asyncio.Future[Answer]] = field(default_factory=dict[str, "asyncio.Future[Answer]"])
    sending: asyncio.Task[None] | None = None


class Poller:
    """Polls that come within a fifth of a second share a call, where the upstream answers for many tasks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._gathering: dict[tuple[int, str], _Batch] = {}
        self._sharing: dict[tuple[int, str], int] = {}  # how many tasks were in the latest call

    def sharing(self, account: Account, task: ProviderTask) -> int:
        """How many tasks share the call that asks for `task`."""
        adapter = account.adapter
        key = adapter.batch_key(task) if isinstance(adapter, PollsMany) else None
        return self._sharing.get((id(adapter), key), 1) if key is not None else 1

    async def poll(self, account: Account, task: ProviderTask) -> Answer:
        """As `Provider.poll`. Raises UpstreamBusy."""
        adapter = account.adapter
        if not isinstance(adapter, PollsMany):
            return await adapter.poll(task)
        key = adapter.batch_key(task)
        if key is None:
            return await adapter.poll(task)
        place = (id(adapter), key)
        batch = self._gathering.setdefault(place, _Batch())
        if task.id not in batch.answers:
            batch.tasks[task.id] = task
            batch.answers[task.id] = asyncio.get_running_loop().create_future()
        if batch.sending is None:
            batch.sending = asyncio.create_task(self._send(adapter, place, batch))
        if len(batch.tasks) >= adapter.most_polled:
            self._gathering.pop(place, None)  # full: whoever comes next starts another
        return await asyncio.shield(batch.answers[task.id])

    async def _send(self, adapter: PollsMany, place: tuple[int, str], batch: _Batch) -> None:
        await self._clock.sleep(_GATHER_SECONDS)
        if self._gathering.get(place) is batch:
            del self._gathering[place]
        self._sharing[place] = len(batch.tasks)
        try:
            told = await adapter.poll_many(list(batch.tasks.values()))
        except BaseException as error:  # noqa: BLE001 - handed to those who wait for it
            _fail_all(batch, error)
            return
        for task_id, future in batch.answers.items():
            if future.done():
                continue
            if task_id in told:
                future.set_result(told[task_id])
            else:
                await _ask_alone(adapter, batch.tasks[task_id], future)


async def _ask_alone(adapter: PollsMany, task: ProviderTask, future: asyncio.Future[Answer]) -> None:
    """A task that the list left out: its own answer says more."""
    try:
        future.set_result(await adapter.poll(task))
    except BaseException as error:  # noqa: BLE001 - handed to the one who waits for it
        _fail(future, error)


def _fail_all(batch: _Batch, error: BaseException) -> None:
    for future in batch.answers.values():
        _fail(future, error)


def _fail(future: asyncio.Future[Answer], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
        future.exception()  # read once, so that a waiter that has gone leaves no warning behind
