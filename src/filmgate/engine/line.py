"""How many videos stand before a queued one: read from a snapshot, so that polling clients cost nothing."""

from __future__ import annotations

from collections import Counter

from filmgate.core.clock import Clock
from filmgate.store import outputs
from filmgate.store.database import Database
from filmgate.store.records import Output

_FRESH_SECONDS = 1.0
_MOST_COUNTED = 5000


class WaitingLine:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._positions: dict[str, int] = {}
        self._lengths: Counter[str] = Counter()
        self._read_at = 0.0

    async def position(self, output: Output) -> int | None:
        """0 for the next in line of its account; None beyond the first thousands, or when it no longer waits."""
        now = self._clock.now()
        if now - self._read_at > _FRESH_SECONDS:
            self._read_at = now
            waiting = await self._database.read(lambda conn: outputs.list_waiting(conn, limit=_MOST_COUNTED))
            self._positions, self._lengths = _positions(waiting)
        if output.created_at >= self._read_at:  # it came after the snapshot, so behind everyone in it
            length = self._lengths[output.account]
            return length if length < _MOST_COUNTED else None
        return self._positions.get(output.video_id)


def _positions(waiting: list[tuple[str, str]]) -> tuple[dict[str, int], Counter[str]]:
    ahead: Counter[str] = Counter()
    positions: dict[str, int] = {}
    for account, video_id in waiting:
        positions.setdefault(video_id, ahead[account])
        ahead[account] += 1
    return positions, ahead
