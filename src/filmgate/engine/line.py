"""The line before each account: its length, and a video's place in it.

Read from a snapshot that is at most a second old, so that neither polling clients nor creates have to count.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from filmgate.core.clock import Clock
from filmgate.core.video import Phase
from filmgate.store import outputs
from filmgate.store.database import Database
from filmgate.store.records import Output

_FRESH_SECONDS = 1.0
_MOST_PLACES = 5000


@dataclass(frozen=True, slots=True)
class _Snapshot:
    read_at: float = 0.0
    places: dict[str, int] = field(default_factory=dict[str, int])  # of the first thousands, by video id
    lengths: dict[str, int] = field(default_factory=dict[str, int])  # of those that wait, by account
    unfinished: Counter[str] = field(default_factory=Counter[str])  # waiting or under way, by account


class WaitingLine:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._snapshot = _Snapshot()

    async def position(self, output: Output) -> int | None:
        """0 for the next in line of its account; None beyond the first thousands, or when it no longer waits."""
        snapshot = await self._fresh()
        if output.created_at >= snapshot.read_at:  # it came after the snapshot, so behind everyone in it
            length = snapshot.lengths.get(output.account, 0)
            return length if length < _MOST_PLACES else None
        return snapshot.places.get(output.video_id)

    async def length(self, account: str) -> int:
        """How many outputs waited for a slot of `account`, at most a second ago."""
        return (await self._fresh()).lengths.get(account, 0)

    async def unfinished(self) -> tuple[float, Counter[str]]:
        """When they were counted, and how many unfinished outputs each account had then."""
        snapshot = await self._fresh()
        return snapshot.read_at, snapshot.unfinished

    async def _fresh(self) -> _Snapshot:
        now = self._clock.now()
        if now - self._snapshot.read_at > _FRESH_SECONDS:
            self._snapshot = replace(self._snapshot, read_at=now)  # one reader is enough
            self._snapshot = await self._database.read(lambda conn: _read(conn, now))
        return self._snapshot


def _read(conn: sa.Connection, now: float) -> _Snapshot:
    ahead: Counter[str] = Counter()
    places: dict[str, int] = {}
    for account, video_id in outputs.list_waiting(conn, limit=_MOST_PLACES):
        places.setdefault(video_id, ahead[account])
        ahead[account] += 1
    counts = outputs.count_by_account(conn)
    lengths = {account: count for (account, phase), count in counts.items() if phase == Phase.WAITING}
    unfinished: Counter[str] = Counter()
    for (account, _phase), count in counts.items():
        unfinished[account] += count
    return _Snapshot(now, places, lengths, unfinished)
