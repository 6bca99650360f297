"""Tasks that outlived their video: a time-out of ours is no verdict, and a cancel may come too late.

The video has failed for the client, and the money is held. The task is asked after now and then, until it ends or the
provider's own record of it does: a late success is delivered after all, and the money follows the verdict.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from filmgate.core.clock import Clock
from filmgate.core.errors import Charged, FilmgateError, TransitionLost, UpstreamError
from filmgate.core.provider import Failed, Pending, ProviderTask, Succeeded
from filmgate.core.video import FailureCode, Phase
from filmgate.engine import arrows
from filmgate.engine.accounts import Roster
from filmgate.engine.arrows import Standing
from filmgate.engine.delivery import Delivery, ResultVanished
from filmgate.engine.moves import Moves
from filmgate.store import attempts
from filmgate.store.database import Database
from filmgate.store.records import Attempt

logger = logging.getLogger(__name__)

_AT_A_TIME = 20
# Long enough for a fetch of a big file: nobody else takes the attempt meanwhile.
_CLAIM_SECONDS = 900.0
_FIRST_PAUSE_SECONDS, _MOST_PAUSE_SECONDS = 60.0, 900.0
EVERY_SECONDS = 15.0


class LateWatch:
    """Safe to run in several processes at once: each look is claimed first."""

    def __init__(
        self,
        database: Database,
        roster: Roster,
        delivery: Delivery,
        moves: Moves,
        clock: Clock,
        *,
        record_seconds: Callable[[str], float],
    ) -> None:
        self._database = database
        self._roster = roster
        self._delivery = delivery
        self._moves = moves
        self._clock = clock
        self._record_seconds = record_seconds

    async def run(self) -> None:
        """Look until cancelled. A look that crashes is logged, and comes again when its claim has run out."""
        while True:
            try:
                await self.sweep()
            except Exception:
                logger.exception("late watch: a sweep failed; it is tried again in %g s", EVERY_SECONDS)
            await self._clock.sleep(EVERY_SECONDS)

    async def sweep(self) -> int:
        """Look at every watched attempt that is due. Returns how many there were."""
        due = await self._database.read(
            lambda conn: attempts.list_watched(conn, due=self._clock.now(), limit=_AT_A_TIME)
        )
        for attempt in due:
            until = self._clock.now() + _CLAIM_SECONDS
            if await self._database.write(
                lambda tx, attempt=attempt, until=until: attempts.claim_watched(tx, attempt, until=until)
            ):
                try:
                    await self._look(attempt)
                except TransitionLost:
                    logger.info("late watch: attempt %s: another process was first", attempt.client_ref)
        return len(due)

    async def _look(self, attempt: Attempt) -> None:
        standing = await self._moves.read(attempt.video_id, attempt.idx)
        if standing is None:
            return
        account = await self._roster.of_attempt(attempt)
        now = self._clock.now()
        record_ends_at = (attempt.accepted_at or attempt.started_at) + self._record_seconds(standing.video.model)
        if account is None or now > record_ends_at:
            message = "the provider's record of the task has ended, and with it the way to learn what became of it"
            # A late success whose file could never be stored is known to have been made.
            charged = Charged.YES if attempt.charged == Charged.YES else Charged.UNKNOWN
            await self._end(standing, attempt, "unknown", charged, message)
            return
        if attempt.result is not None:
            await self._deliver(standing, attempt)
            return
        try:
            answer = await account.adapter.poll(ProviderTask(attempt.task_id or "", attempt.task_data or {}))
        except UpstreamError:
            await self._later(attempt)
            return
        match answer:
            case Pending() | Failed(doubtful=True):
                await self._later(attempt)
            case Failed():
                state = "lost" if answer.lost else "failed"
                await self._end(standing, attempt, state, answer.charged, answer.message)
            case Succeeded():
                await self._succeeded(standing, attempt, answer)

    async def _succeeded(self, standing: Standing, attempt: Attempt, answer: Succeeded) -> None:
        """Wanted after all, if it was our time that ran out; where the client cancelled, only the money follows."""
        if not _still_wanted(standing):
            message = "the task succeeded after the video was cancelled or deleted"
            await self._end(standing, attempt, "succeeded", Charged.YES, message)
            return
        now = self._clock.now()
        await self._moves.write(standing.video.id, lambda tx: arrows.record_late_result(tx, attempt, answer, at=now))
        fresh = await self._moves.read(attempt.video_id, attempt.idx)
        if fresh is not None and fresh.latest is not None:
            await self._deliver(fresh, fresh.attempt)

    async def _deliver(self, standing: Standing, attempt: Attempt) -> None:
        """Any failure leaves the result recorded; the next look polls for a fresh link and tries again."""
        account = await self._roster.of_attempt(attempt)
        if account is None or not _still_wanted(standing):
            await self._end(standing, attempt, "succeeded", Charged.YES, "the clip is no longer wanted")
            return
        try:
            delivered = await self._delivery.deliver(standing.output, attempt, account)
        except (FilmgateError, ResultVanished) as error:
            logger.warning("late watch: attempt %s: the clip could not be stored yet (%s)", attempt.client_ref, error)
            await self._database.write(lambda tx: attempts.update_attempt(tx, attempt.client_ref, {"result": None}))
            await self._later(attempt)
            return
        now, retention_seconds = self._clock.now(), self._moves.retention_seconds
        await self._moves.write(
            standing.video.id,
            lambda tx: arrows.finish(tx, standing, delivered, at=now, retention_seconds=retention_seconds),
        )
        await self._delivery.discard_work(attempt)

    async def _later(self, attempt: Attempt) -> None:
        """Ever more rarely: from a minute to a quarter of an hour."""
        now = self._clock.now()
        waited = now - (attempt.finished_at or now)
        pause = min(max(waited / 4, _FIRST_PAUSE_SECONDS), _MOST_PAUSE_SECONDS)
        await self._database.write(
            lambda tx: attempts.update_attempt(tx, attempt.client_ref, {"next_poll_at": now + pause})
        )

    async def _end(self, standing: Standing, attempt: Attempt, state: str, charged: Charged, message: str) -> None:
        now = self._clock.now()
        await self._moves.write(
            standing.video.id,
            lambda tx: arrows.end_watch(tx, standing, attempt, state, charged, message, at=now),
        )


def _still_wanted(standing: Standing) -> bool:
    output, video = standing.output, standing.video
    timed_out = output.phase is Phase.FAILED and output.error_code == FailureCode.PROVIDER_TIMEOUT
    return timed_out and video.deleted_at is None and video.files_deleted_at is None
