"""Housekeeping goes on whatever happens."""

from __future__ import annotations

import asyncio

import pytest
from harness import Harness

from filmgate.core.errors import ServiceUnavailable
from filmgate.engine.housekeeping import Housekeeper
from filmgate.store.database import Job

pytestmark = pytest.mark.anyio


class Turns:
    """A clock that lets a loop make `turns` pauses and then ends it."""

    def __init__(self, start: float, turns: int) -> None:
        self.time = start
        self.left = turns

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds
        self.left -= 1
        if self.left == 0:
            raise asyncio.CancelledError


async def test_a_lost_job_is_put_back_after_a_while_also_when_the_first_try_fails(engine: Harness) -> None:
    await engine.create()
    tries: list[list[Job]] = []

    async def enqueue(jobs: list[Job]) -> None:
        tries.append(jobs)
        if len(tries) == 1:
            raise ServiceUnavailable("away", code="database_unavailable")

    clock = Turns(engine.clock.now(), turns=13)
    with pytest.raises(asyncio.CancelledError):
        await Housekeeper(engine.database, engine.files, clock, enqueue).run()

    # At once (fails), 30 s later (works), and 300 s after that.
    assert [len(jobs) for jobs in tries] == [1, 1, 1]
