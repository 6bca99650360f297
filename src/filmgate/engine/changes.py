"""Who waits for a video is told when it moved. In this process only: other replicas look again by themselves."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field


class Changes:
    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    def publish(self, video_id: str) -> None:
        for event in self._waiting.get(video_id, ()):
            event.set()

    def publish_all(self) -> None:
        """Wake every waiter, for a shutdown."""
        for video_id in list(self._waiting):
            self.publish(video_id)

    @contextmanager
    def listen(self, video_id: str) -> Generator[asyncio.Event]:
        """An event that is set whenever `video_id` moves, from now to the end of the block."""
        event = asyncio.Event()
        self._waiting[video_id].add(event)
        try:
            yield event
        finally:
            self._waiting[video_id].discard(event)
            if not self._waiting[video_id]:
                del self._waiting[video_id]

    async def wait(self, video_id: str, timeout_seconds: float) -> bool:
        """True when `video_id` moved, False after `timeout_seconds`."""
        with self.listen(video_id) as moved:
            return await is_set_within(moved, timeout_seconds)


async def is_set_within(event: asyncio.Event, timeout_seconds: float) -> bool:
    try:
        async with asyncio.timeout(timeout_seconds):
            return await event.wait()
    except TimeoutError:
        return False


@dataclass(frozen=True, slots=True)
class Signals:
    """Two bells: `changes` rings for those who watch a video, `wakeups` for the worker that drives it."""

    changes: Changes = field(default_factory=Changes)
    wakeups: Changes = field(default_factory=Changes)
