"""How many videos stand before a queued one: read from a snapshot, so that polling clients cost nothing."""

from __future__ import annotations

from filmgate.core.clock import Clock
from filmgate.store import outputs
from filmgate.store.database import Database

_FRESH_SECONDS = 1.0
_MOST_COUNTED = 5000


class WaitingLine:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._positions: dict[str, int] = {}
        self._read_at = 0.0

    async def position(self, video_id: str) -> int | None:
        """0 for the next in line of its account; None when it does not wait, or waits beyond the first thousands."""
        if self._clock.now() - self._read_at > _FRESH_SECONDS:
            self._read_at = self._clock.now()
            self._positions = await self._database.read(
                lambda conn: _positions(outputs.list_waiting(conn, limit=_MOST_COUNTED))
            )
        return self._positions.get(video_id)


def _positions(waiting: list[tuple[str, str]]) -> dict[str, int]:
    ahead: dict[str, int] = {}
    positions: dict[str, int] = {}
    for account, video_id in waiting:
        place = ahead.get(account, 0)
        positions.setdefault(video_id, place)
        ahead[account] = place + 1
    return positions
