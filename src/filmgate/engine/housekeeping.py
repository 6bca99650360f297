"""What nobody asks for but everybody needs: expiry, orphaned inputs, old idempotency keys, lost jobs."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection

from filmgate.core.clock import Clock
from filmgate.core.ids import id_created_at
from filmgate.engine.delivery import inputs_prefix, video_prefix
from filmgate.media.files import FileStore
from filmgate.store import credentials, idempotency, outputs, videos
from filmgate.store.database import Database, Job

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 30.0
# A job can be lost where its row cannot: a worker that was forced to stop, a queue that was emptied by hand.
_RESUME_EVERY_SECONDS = 300.0
_AT_A_TIME = 200
# An input younger than this may belong to a create that is still under way.
_ORPHAN_AFTER_SECONDS = 3600.0


class Housekeeper:
    """Every task is safe to repeat and to run in several processes at once."""

    def __init__(
        self,
        database: Database,
        files: FileStore,
        clock: Clock,
        enqueue: Callable[[list[Job]], Awaitable[None]],
        *,
        credential_ids: Collection[str] = (),
    ) -> None:
        self._database = database
        self._files = files
        self._clock = clock
        self._enqueue = enqueue
        self._credential_ids = credential_ids

    async def run(self) -> None:
        """Sweep now and then until cancelled. A sweep that fails is logged and tried again."""
        resume_at = self._clock.now()
        while True:
            try:
                if self._clock.now() >= resume_at:
                    await self.resume()
                    resume_at = self._clock.now() + _RESUME_EVERY_SECONDS
                await self.sweep()
            except Exception:
                logger.exception("housekeeping: a sweep failed; it is tried again in %g s", _EVERY_SECONDS)
            await self._clock.sleep(_EVERY_SECONDS)

    async def resume(self) -> int:
        """Put every unfinished output on the queue; those that are on it already are dropped there."""
        unfinished = await self._database.read(outputs.list_unfinished)
        if unfinished:
            await self._enqueue([Job(account, video_id, idx) for account, video_id, idx in unfinished])
        return len(unfinished)

    async def sweep(self) -> None:
        await self.remove_due_files()
        await self._remove_finished_inputs()
        await self._database.write(lambda tx: idempotency.forget_old(tx, now=self._clock.now()))
        await self._database.write(
            lambda tx: credentials.forget_unused(tx, configured=self._credential_ids, now=self._clock.now())
        )

    async def remove_due_files(self) -> None:
        """Delete the files of videos that expired or were deleted. The file goes first, then the row says so."""
        while True:
            now = self._clock.now()
            due = await self._database.read(
                lambda conn, now=now: videos.list_file_cleanup(conn, now=now, limit=_AT_A_TIME)
            )
            for video_id in due:
                await self.remove_files(video_id)
            if len(due) < _AT_A_TIME:
                return

    async def remove_files(self, video_id: str) -> None:
        await self._files.delete_prefix(video_prefix(video_id))
        await self._files.delete_prefix(inputs_prefix(video_id))
        await self._database.write(lambda tx: videos.mark_files_deleted(tx, video_id, now=self._clock.now()))

    async def _remove_finished_inputs(self) -> None:
        """Input images are kept while their video needs them, and no longer."""
        video_ids = {key.split("/")[1] async for key in self._files.list_keys("inputs")}
        old = [id_ for id_ in video_ids if id_created_at(id_) < self._clock.now() - _ORPHAN_AFTER_SECONDS]
        for start in range(0, len(old), _AT_A_TIME):
            some = old[start : start + _AT_A_TIME]
            needed = await self._database.read(lambda conn, some=some: outputs.active_video_ids(conn, some))
            for video_id in set(some) - needed:
                await self._files.delete_prefix(inputs_prefix(video_id))
