"""How every part of the engine writes an arrow: one transaction, then the bell for those who watch the video."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from filmgate.core.clock import Clock
from filmgate.core.errors import ServiceUnavailable
from filmgate.core.provider import ProviderTask
from filmgate.engine import arrows
from filmgate.engine.accounts import Account
from filmgate.engine.arrows import AnotherTry, Standing, Verdict
from filmgate.engine.changes import Signals
from filmgate.engine.delivery import Delivery
from filmgate.store.database import Database, Transaction
from filmgate.store.records import Output

logger = logging.getLogger(__name__)

T = TypeVar("T")

DATABASE_PAUSE_SECONDS = 2.0


class Moves:
    """What worker, recovery and late watch share. Every method raises TransitionLost, and then wrote nothing."""

    def __init__(
        self,
        database: Database,
        delivery: Delivery,
        signals: Signals,
        clock: Clock,
        *,
        retention_seconds: float | None,
    ) -> None:
        self._database = database
        self._delivery = delivery
        self._signals = signals
        self._clock = clock
        self.retention_seconds = retention_seconds

    async def read(self, video_id: str, idx: int) -> Standing | None:
        return await self._database.read(lambda conn: arrows.read_standing(conn, video_id, idx))

    async def write(self, video_id: str, change: Callable[[Transaction], T]) -> T:
        result = await self._database.write(change)
        self._signals.changes.publish(video_id)
        return result

    async def persist(self, record: Callable[[], Awaitable[T]]) -> T:
        """Write around a paid call, however long the database is away: whether and how it went, only we know."""
        while True:
            try:
                return await record()
            except ServiceUnavailable as error:
                logger.warning("a step of a paid call is not recorded yet: %s", error.message)
                await self._clock.sleep(DATABASE_PAUSE_SECONDS)

    async def accept(self, standing: Standing, task: ProviderTask, *, first_poll_seconds: float) -> float:
        now = self._clock.now()
        next_poll_at = now + first_poll_seconds
        await self.write(
            standing.video.id, lambda tx: arrows.accept(tx, standing, task, at=now, next_poll_at=next_poll_at)
        )
        return 0.0

    async def poll_again(self, standing: Standing, pause: float, *, note: str | None, percent: int = 0) -> float:
        """Set the attempt's own next poll. A note (an error in passing, an unknown word) is told once."""
        at = self._clock.now()
        await self.write(
            standing.video.id,
            lambda tx: arrows.note_poll(tx, standing, at=at, next_poll_at=at + pause, note=note, percent=percent),
        )
        return pause

    async def move(self, output: Output, account: Account, reason: str) -> None:
        """To another account before anything was sent. This account's job is over: the other has one of its own."""
        at = self._clock.now()
        await self.write(output.video_id, lambda tx: arrows.move_to_account(tx, output, account, reason, at=at))

    async def back_to_waiting(self, standing: Standing, again: AnotherTry) -> float | None:
        """The pause before the next try; None when that is another account's, whose job goes on with it."""
        now = self._clock.now()
        await self.write(standing.video.id, lambda tx: arrows.back_to_waiting(tx, standing, again, at=now))
        await self._delivery.discard_work(standing.attempt)
        return again.pause_seconds if again.account is None else None

    async def fail(self, standing: Standing, verdict: Verdict) -> None:
        now, retention_seconds = self._clock.now(), self.retention_seconds
        await self.write(
            standing.video.id,
            lambda tx: arrows.fail(tx, standing, verdict, at=now, retention_seconds=retention_seconds),
        )
        if standing.latest is not None:
            await self._delivery.discard_work(standing.latest)
