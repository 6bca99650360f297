"""A paid call whose outcome is not known: look for the task, and never blindly send it again.

found               go on with it
certainly absent    send it again: nothing was created, nothing was paid
neither, in time    fail with `outcome_unknown`; the money stays held
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from filmgate.core.clock import Clock
from filmgate.core.errors import Charged, UpstreamError, UpstreamRefused, UpstreamUnreachable
from filmgate.core.provider import Absent, FindsTasks, Found, ProviderTask, SubmitsOnce, Unsure
from filmgate.core.request import VideoRequest
from filmgate.core.video import FailureCode
from filmgate.engine import arrows
from filmgate.engine.accounts import Account
from filmgate.engine.arrows import AnotherTry, Standing, Verdict
from filmgate.engine.moves import Moves
from filmgate.store import attempts
from filmgate.store.database import Database
from filmgate.store.records import request_from_json

ORPHANED, UNKNOWN = "orphaned", "unknown"
MOST_LOST_ATTEMPTS = 20
# How long after the call a task may still come to be: its request can be under way in queues and proxies. Where a
# process ended in the middle, another may still hold the call, and calls take up to 220 s (see net/upstream.py).
_QUIET_SECONDS = {UNKNOWN: 60.0, ORPHANED: 300.0}
_ABSENCES_TO_BELIEVE = 3
_MOST_PAUSE_SECONDS = 30.0
# Tasks of attempts that began a little earlier than this one can be in the same list.
_EARLIER_SECONDS = 3600.0


def request_for(standing: Standing, account: Account) -> VideoRequest:
    """What the provider was asked, or is to be asked, in this attempt."""
    request = request_from_json(standing.output.request)
    images = request.images if account.pass_image_links else request.images.without_links()
    return replace(request, upstream_model=standing.attempt.upstream_model, images=images)


class Recovery:
    def __init__(
        self,
        database: Database,
        moves: Moves,
        clock: Clock,
        *,
        accepted: Callable[[Standing, Account, ProviderTask], Awaitable[float]],
        deadline_seconds: Callable[[Standing, Account], Awaitable[float]],
    ) -> None:
        self._database = database
        self._moves = moves
        self._clock = clock
        self._accepted = accepted
        self._deadline_seconds = deadline_seconds

    async def reply_lost(self, standing: Standing, message: str) -> float:
        """The call was made, and no answer came that says how it went."""
        await self._moves.persist(lambda: self._note(standing, message, UNKNOWN))
        return 0.0

    async def go_on(self, standing: Standing, account: Account) -> float | None:
        """The next step of an output in `submitting`."""
        attempt = standing.attempt
        if attempt.state not in (ORPHANED, UNKNOWN):
            message = "the process ended while the request was under way"
            await self._note(standing, message, ORPHANED)
            return 0.0
        message = attempt.error_message or "no answer came"
        if account.free:
            return await self.lost(standing, account, message)
        wait = (attempt.next_poll_at or 0.0) - self._clock.now()
        if wait > 0:
            return wait
        adapter = account.adapter
        if isinstance(adapter, SubmitsOnce) and adapter.submits_once:
            return await self._submit_again(standing, account)
        if isinstance(adapter, FindsTasks):
            return await self._look_up(standing, account, adapter)
        return await self._give_up(standing, account, message)

    async def lost(self, standing: Standing, account: Account, message: str) -> float | None:
        """A task that is gone and cost nothing is simply asked for again."""
        if standing.attempt.number >= MOST_LOST_ATTEMPTS:
            text = f"account {account.name!r} lost this video {MOST_LOST_ATTEMPTS} times; the last time: {message}"
            await self._moves.fail(standing, Verdict(FailureCode.PROVIDER_FAILED, text, Charged.NO, "lost"))
            return None
        return await self._moves.back_to_waiting(standing, AnotherTry(message, "lost"))

    async def _note(self, standing: Standing, message: str, state: str) -> None:
        at = self._clock.now()
        await self._moves.write(
            standing.video.id, lambda tx: arrows.note_unknown(tx, standing, message, state=state, at=at)
        )

    async def _submit_again(self, standing: Standing, account: Account) -> float | None:
        """The upstream keeps what it was asked under `client_ref`: the same call gets the same task."""
        try:
            task = await account.adapter.submit(request_for(standing, account), client_ref=standing.attempt.client_ref)
        except (UpstreamRefused, UpstreamUnreachable) as error:
            # It refuses this second call. That says nothing of the first.
            return await self._look_again(standing, account, error.message)
        except UpstreamError as error:
            return await self._look_again(standing, account, error.message)
        return await self._moves.persist(lambda: self._accepted(standing, account, task))

    async def _look_up(self, standing: Standing, account: Account, adapter: FindsTasks) -> float | None:
        attempt = standing.attempt
        since = attempt.started_at
        taken = await self._database.read(
            lambda conn: attempts.task_ids_since(
                conn, account.name, since=since - _EARLIER_SECONDS, besides=attempt.client_ref
            )
        )
        try:
            answer = await adapter.find(
                request_for(standing, account), client_ref=attempt.client_ref, submitted_at=since, taken=taken
            )
        except UpstreamError as error:
            return await self._look_again(standing, account, error.message)
        match answer:
            case Found(task):
                return await self._moves.persist(lambda: self._accepted(standing, account, task))
            case Absent():
                return await self._absent(standing, account)
            case Unsure(reason, final):
                if final and self._clock.now() >= since + _QUIET_SECONDS[UNKNOWN]:
                    return await self._give_up(standing, account, reason)
                return await self._look_again(standing, account, reason)

    async def _absent(self, standing: Standing, account: Account) -> float | None:
        """Believed only when it is said several times, the last time long after the call."""
        attempt = standing.attempt
        quiet_at = attempt.started_at + _QUIET_SECONDS[attempt.state]
        if attempt.polls + 1 < _ABSENCES_TO_BELIEVE or self._clock.now() < quiet_at:
            return await self._look_again(standing, account, attempt.error_message)
        message = f"account {account.name!r} has no task of this attempt: nothing was created, so it is sent again"
        return await self._moves.back_to_waiting(standing, AnotherTry(message, "absent"))

    async def _look_again(self, standing: Standing, account: Account, note: str | None) -> float | None:
        attempt = standing.attempt
        deadline_at = attempt.started_at + await self._deadline_seconds(standing, account)
        if self._clock.now() > deadline_at:
            return await self._give_up(standing, account, note or "it was not found")
        pause = min(2.0 ** (attempt.polls + 1), _MOST_PAUSE_SECONDS)
        return await self._moves.poll_again(standing, pause, note=note)

    async def _give_up(self, standing: Standing, account: Account, message: str) -> float | None:
        tries = 1 + sum(attempt.state == "abandoned" for attempt in standing.earlier)
        if account.on_unknown == "resubmit" and tries < account.max_attempts and not standing.stop_wanted:
            text = f'{message}; sent again, because the account is set to on_unknown = "resubmit"'
            again = AnotherTry(text, "abandoned", pause_seconds=2.0**tries, charged=Charged.UNKNOWN)
            return await self._moves.back_to_waiting(standing, again)
        verdict = Verdict(
            FailureCode.OUTCOME_UNKNOWN,
            f"The request was sent to account {account.name!r} and its outcome is not known ({message}). "
            "It was not sent again, so nothing was paid twice. The vendor's own console can tell whether it was made",
            Charged.UNKNOWN,
            "unknown",
        )
        await self._moves.fail(standing, verdict)
        return None
