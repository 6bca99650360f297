"""Third of the six files of a request's way: what moves an output from one phase to the next.

Each step reads the row, does one thing, and writes what came of it as compare-and-set. A process may be killed
between any two lines: the next one reads the row and goes on from there. docs/architecture.md draws the phases.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from filmgate.core.clock import Clock
from filmgate.core.errors import (
    Charged,
    ErrorClass,
    FetchError,
    MediaError,
    ServiceUnavailable,
    StorageError,
    TransitionLost,
    UpstreamError,
    UpstreamRefused,
    UpstreamUnreachable,
)
from filmgate.core.ids import new_id
from filmgate.core.provider import Failed, Pending, ProviderTask, Succeeded
from filmgate.core.video import FINISHED_PHASES, FailureCode, Phase
from filmgate.engine import arrows, progress
from filmgate.engine.accounts import Account, Pace
from filmgate.engine.arrows import Standing, Verdict
from filmgate.engine.changes import Signals, is_set_within
from filmgate.engine.delivery import Delivery, ResultVanished
from filmgate.engine.queue import HandBack
from filmgate.store import outputs
from filmgate.store.database import Database, Transaction
from filmgate.store.records import Attempt, Output, request_from_json

logger = logging.getLogger(__name__)

T = TypeVar("T")

MOST_LOST_ATTEMPTS = 20
MOST_DELIVERY_FAILURES = 20
MOST_BROKEN_DELIVERIES = 3
MOST_CRASHES_IN_A_ROW = 5
DATABASE_PAUSE_SECONDS = 2.0


class Worker:
    """Drives outputs. Holds no state of its own: everything that matters is in the database."""

    def __init__(
        self,
        database: Database,
        accounts: Mapping[str, Account],
        delivery: Delivery,
        signals: Signals,
        clock: Clock,
        *,
        pace: Callable[[Account, str], Pace],
        retention_seconds: float | None,
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._delivery = delivery
        self._signals = signals
        self._clock = clock
        self._pace = pace
        self._retention_seconds = retention_seconds
        self._stopping = False

    def stop(self) -> None:
        """Let every `run` end at its next pause; their outputs stay where they are."""
        self._stopping = True
        self._signals.wakeups.publish_all()

    async def run(self, video_id: str, idx: int) -> None:
        """Drive one output to its end. Raises HandBack when the worker stops first."""
        crashes = 0
        with self._signals.wakeups.listen(video_id) as wakeup:
            while True:
                if self._stopping:
                    raise HandBack("the worker stops")
                wakeup.clear()  # before the row is read, so that no bell is missed
                move = self.step if crashes < MOST_CRASHES_IN_A_ROW else self._give_up
                try:
                    pause = await move(video_id, idx)
                except TransitionLost:
                    continue
                except ServiceUnavailable as error:
                    logger.warning("output %s/%d: %s", video_id, idx, error.message)
                    pause = DATABASE_PAUSE_SECONDS
                except Exception:
                    logger.exception("output %s/%d: a step crashed", video_id, idx)
                    crashes += 1
                    pause = min(2.0**crashes, 30.0)
                else:
                    # A step that leads straight to the next has proven nothing: the next may be the one that crashes.
                    crashes = 0 if pause else crashes
                if pause is None:
                    return
                if pause > 0:
                    await is_set_within(wakeup, pause)

    async def step(self, video_id: str, idx: int) -> float | None:
        """Do the next thing for this output: seconds to pause before the step after it, or None at its end."""
        standing = await self._database.read(lambda conn: arrows.read_standing(conn, video_id, idx))
        if standing is None or standing.output.phase in FINISHED_PHASES:
            return None
        account = self._accounts.get(standing.output.account)
        if account is None:
            # Its configuration is gone for now; an operator can bring it back, so nothing is decided here.
            return 30.0
        match standing.output.phase:
            case Phase.WAITING:
                return await self._submit(standing, account)
            case Phase.SUBMITTING:
                return await self._recover_submission(standing, account)
            case Phase.RUNNING:
                return await self._watch(standing, account)
            case _:
                return await self._deliver(standing, account)

    # ── waiting → submitting → running (arrows b, c) ────────────────────────────────────────────────────────────────

    async def _submit(self, standing: Standing, account: Account) -> float | None:
        output = standing.output
        if standing.stop_wanted:
            return await self._fail(standing, arrows.cancelled(Charged.NO))
        pause = (output.retry_at or 0.0) - self._clock.now()
        if pause > 0:
            return pause
        client_ref = new_id("att")
        request = request_from_json(output.request)
        submitting = await self._persist(lambda: self._begin(output, account, client_ref))
        try:
            task = await account.adapter.submit(request, client_ref=client_ref)
        except (UpstreamRefused, UpstreamUnreachable) as error:
            refusal = error
            return await self._persist(lambda: self._refused(submitting, account, refusal))
        except UpstreamError as error:
            return await self._outcome_unknown(submitting, account, error.message)
        return await self._persist(lambda: self._accepted(submitting, account, task))

    async def _begin(self, output: Output, account: Account, client_ref: str) -> Standing:
        """Commit the intent, before anything is sent. Safe to repeat with the same `client_ref`."""
        try:
            return await self._write(
                output.video_id, lambda tx: arrows.begin(tx, output, account, client_ref, at=self._clock.now())
            )
        except TransitionLost:
            standing = await self._database.read(lambda conn: arrows.read_standing(conn, output.video_id, output.idx))
            if standing and standing.latest and standing.latest.client_ref == client_ref:
                return standing  # it was this very write, and only its confirmation was lost
            raise

    async def _persist(self, record: Callable[[], Awaitable[T]]) -> T:
        """Write around a paid call, however long the database is away: whether and how it went, only we know."""
        while True:
            try:
                return await record()
            except ServiceUnavailable as error:
                logger.warning("a step of a paid call is not recorded yet: %s", error.message)
                await self._clock.sleep(DATABASE_PAUSE_SECONDS)

    async def _accepted(self, standing: Standing, account: Account, task: ProviderTask) -> float:
        now = self._clock.now()
        next_poll_at = now + self._pace_of(standing, account).first_poll_seconds
        await self._write(
            standing.video.id, lambda tx: arrows.accept(tx, standing, task, at=now, next_poll_at=next_poll_at)
        )
        return 0.0

    async def _refused(self, standing: Standing, account: Account, error: UpstreamError) -> float | None:
        """Certainly nothing was created: try again if the error allows it, else fail. No money moved."""
        attempt = standing.attempt
        state = "refused"
        if error.retryable and attempt.number < account.max_attempts:
            pause = error.retry_after_seconds or min(2.0**attempt.number, 60.0)
            return await self._back_to_waiting(standing, error.message, state=state, pause_seconds=pause)
        code = {
            ErrorClass.MODERATION: FailureCode.CONTENT_POLICY_VIOLATION,
            ErrorClass.CALLER: FailureCode.PROVIDER_REJECTED,
        }.get(error.error_class, FailureCode.PROVIDER_UNAVAILABLE)
        return await self._fail(
            standing, Verdict(code, error.message, Charged.NO, state, upstream_code=error.upstream_code)
        )

    async def _recover_submission(self, standing: Standing, account: Account) -> float | None:
        """Found in `submitting` at the start of a step: a process ended between the intent and its answer."""
        return await self._outcome_unknown(standing, account, "the process ended while the request was under way")

    async def _outcome_unknown(self, standing: Standing, account: Account, message: str) -> float | None:
        """The call may have created a task. A free engine is asked again; a paid one never blindly."""
        if account.free:
            return await self._lost(standing, account, message)
        return await self._fail(
            standing,
            Verdict(
                FailureCode.OUTCOME_UNKNOWN,
                f"The request was sent to account {account.name!r} and its outcome is not known ({message}). "
                "It was not sent again, so nothing was paid twice",
                Charged.UNKNOWN,
                "unknown",
            ),
        )

    # ── running (arrow d) ───────────────────────────────────────────────────────────────────────────────────────────

    async def _watch(self, standing: Standing, account: Account) -> float | None:
        attempt = standing.attempt
        task = standing.task
        if standing.stop_wanted:
            return await self._cancel(standing, account, task)
        now = self._clock.now()
        if attempt.next_poll_at is not None and now < attempt.next_poll_at:
            return attempt.next_poll_at - now
        pace = self._pace_of(standing, account)
        if now > (attempt.accepted_at or attempt.started_at) + pace.deadline_seconds:
            message = f"account {account.name!r} did not finish within {pace.deadline_seconds:g} seconds"
            verdict = Verdict(FailureCode.PROVIDER_TIMEOUT, message, Charged.UNKNOWN, "unknown")
            return await self._fail(standing, verdict)
        try:
            answer = await account.adapter.poll(task)
        except UpstreamError as error:
            pause = error.retry_after_seconds or min(pace.poll_seconds * 2.0 ** min(attempt.polls, 4), 60.0)
            return await self._poll_again(standing, pause, note=error.message)
        match answer:
            case Pending():
                return await self._pending(standing, account, answer)
            case Succeeded():
                return await self._succeeded(standing, answer)
            case Failed():
                return await self._failed(standing, account, answer)

    async def _pending(self, standing: Standing, account: Account, answer: Pending) -> float:
        attempt = standing.attempt
        percent = answer.progress_percent
        if percent is None:
            elapsed = self._clock.now() - (attempt.accepted_at or attempt.started_at)
            percent = progress.estimate(elapsed, self._pace_of(standing, account).typical_seconds)
        percent = min(percent, 99)
        pause = self._pace_of(standing, account).poll_seconds * random.uniform(0.9, 1.1)
        return await self._poll_again(standing, pause, note=answer.warning, percent=percent)

    async def _poll_again(self, standing: Standing, pause: float, *, note: str | None, percent: int = 0) -> float:
        """Set the attempt's own next poll. A note (an error in passing, an unknown word) is told once."""
        at = self._clock.now()
        await self._write(
            standing.video.id,
            lambda tx: arrows.note_poll(tx, standing, at=at, next_poll_at=at + pause, note=note, percent=percent),
        )
        return pause

    async def _succeeded(self, standing: Standing, answer: Succeeded) -> float:
        """The links are recorded first, then fetched: a crash in between loses nothing."""
        now = self._clock.now()
        await self._write(standing.video.id, lambda tx: arrows.succeed(tx, standing, answer, at=now))
        return 0.0

    async def _failed(self, standing: Standing, account: Account, answer: Failed) -> float | None:
        """Another attempt only after a verdict that says "not charged"."""
        if answer.lost and account.free:
            return await self._lost(standing, account, answer.message)
        attempt = standing.attempt
        if answer.retryable and answer.charged is Charged.NO and attempt.number < account.max_attempts:
            return await self._back_to_waiting(standing, answer.message, state="failed", pause_seconds=2.0)
        return await self._fail(
            standing,
            Verdict(answer.code, answer.message, answer.charged, "failed", upstream_code=answer.upstream_code),
        )

    async def _lost(self, standing: Standing, account: Account, message: str) -> float | None:
        if standing.attempt.number >= MOST_LOST_ATTEMPTS:
            text = f"account {account.name!r} lost this video {MOST_LOST_ATTEMPTS} times; the last time: {message}"
            return await self._fail(standing, Verdict(FailureCode.PROVIDER_FAILED, text, Charged.NO, "lost"))
        return await self._back_to_waiting(standing, message, state="lost", pause_seconds=0.0)

    async def _cancel(self, standing: Standing, account: Account, task: ProviderTask) -> float | None:
        try:
            stopped = await account.adapter.cancel(task)
        except UpstreamError as error:
            logger.info("output %s/%d: cancel: %s", standing.video.id, standing.output.idx, error.message)
            stopped = False
        return await self._fail(standing, arrows.cancelled(Charged.NO if stopped or account.free else Charged.UNKNOWN))

    # ── delivering → done (arrow e) ─────────────────────────────────────────────────────────────────────────────────

    async def _deliver(self, standing: Standing, account: Account) -> float | None:
        output = standing.output
        attempt = standing.attempt
        pause = (output.retry_at or 0.0) - self._clock.now()
        if pause > 0:
            return pause
        if output.delivery_failures and (attempt.result or {}).get("url"):
            attempt = await self._with_fresh_link(standing, account)
        try:
            delivered = await self._delivery.deliver(output, attempt)
        except ResultVanished:
            if account.free:
                return await self._lost(standing, account, "the rendered file is gone")
            return await self._delivery_failed(standing, account, StorageError("the file is gone from this machine"))
        except (FetchError, StorageError, MediaError) as error:
            return await self._delivery_failed(standing, account, error)
        now = self._clock.now()
        await self._write(
            output.video_id,
            lambda tx: arrows.finish(tx, standing, delivered, at=now, retention_seconds=self._retention_seconds),
        )
        await self._delivery.discard_work(attempt)
        return None

    async def _with_fresh_link(self, standing: Standing, account: Account) -> Attempt:
        """Ask again where the file is, since links die; without another answer the known one is tried again."""
        attempt = standing.attempt
        try:
            answer = await account.adapter.poll(standing.task)
        except UpstreamError as error:
            logger.info("attempt %s: no fresh link: %s", attempt.client_ref, error.message)
            return attempt
        if not isinstance(answer, Succeeded) or answer.url is None:
            return attempt
        result = {"url": answer.url, "path": None}
        await self._database.write(lambda tx: outputs.update_attempt(tx, attempt.client_ref, {"result": result}))
        return replace(attempt, result=result)

    async def _delivery_failed(
        self, standing: Standing, account: Account, error: FetchError | StorageError | MediaError
    ) -> float | None:
        """Try the delivery again (never the generation), until it is plain that it cannot work."""
        output, now = standing.output, self._clock.now()
        failures = output.delivery_failures + 1
        # A link may be dead and a file broken for good; but the provider may also have a fresh one.
        again = failures < MOST_BROKEN_DELIVERIES and not isinstance(error, StorageError)
        again = again or (isinstance(error, FetchError | StorageError) and error.retryable)
        if not again or failures >= MOST_DELIVERY_FAILURES:
            message = f"The clip was made but could not be stored: {error.message}"
            charged = Charged.NO if account.free else Charged.YES
            verdict = Verdict(FailureCode.DELIVERY_FAILED, message, charged)
            return await self._fail(standing, verdict)
        pause = min(2.0**failures, 300.0)
        await self._database.write(
            lambda tx: outputs.note_delivery_failure(tx, output, retry_at=now + pause, message=error.message, at=now)
        )
        return pause

    # ── shared endings ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _back_to_waiting(self, standing: Standing, message: str, *, state: str, pause_seconds: float) -> float:
        now = self._clock.now()
        await self._write(
            standing.video.id,
            lambda tx: arrows.back_to_waiting(tx, standing, message, state=state, at=now, pause_seconds=pause_seconds),
        )
        await self._delivery.discard_work(standing.attempt)
        return pause_seconds

    async def _fail(self, standing: Standing, verdict: Verdict) -> None:
        now = self._clock.now()
        await self._write(
            standing.video.id,
            lambda tx: arrows.fail(tx, standing, verdict, at=now, retention_seconds=self._retention_seconds),
        )
        if standing.latest is not None:
            await self._delivery.discard_work(standing.latest)

    async def _give_up(self, video_id: str, idx: int) -> None:
        """Steps crash again and again: a bug of ours, told as such rather than tried for ever."""
        standing = await self._database.read(lambda conn: arrows.read_standing(conn, video_id, idx))
        if standing is None or standing.output.phase in FINISHED_PHASES:
            return
        account = self._accounts.get(standing.output.account)
        free = standing.output.phase is Phase.WAITING or (account is not None and account.free)
        charged = Charged.NO if free else Charged.UNKNOWN
        message = "Filmgate could not go on with this video because of an error of its own; the server's log has it"
        await self._fail(standing, Verdict(FailureCode.INTERNAL_ERROR, message, charged))

    def _pace_of(self, standing: Standing, account: Account) -> Pace:
        return self._pace(account, standing.video.model)

    async def _write(self, video_id: str, change: Callable[[Transaction], T]) -> T:
        result = await self._database.write(change)
        self._signals.changes.publish(video_id)
        return result
