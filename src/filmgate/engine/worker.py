"""Third of the six files of a request's way: what moves an output from one phase to the next.

Each step reads the row, does one thing, and writes what came of it as compare-and-set. A process may be killed
between any two lines: the next one reads the row and goes on from there. docs/architecture.md draws the phases.
"""

from __future__ import annotations

import logging
from dataclasses import replace

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
from filmgate.engine.accounts import Account, Pace, Roster
from filmgate.engine.arrows import AnotherTry, RateReached, Standing, Verdict
from filmgate.engine.callbacks import Callbacks
from filmgate.engine.changes import Signals, is_set_within
from filmgate.engine.circuits import Circuits, State, state_of
from filmgate.engine.delivery import Delivery, ResultVanished
from filmgate.engine.moves import DATABASE_PAUSE_SECONDS, Moves
from filmgate.engine.polling import PaceBook, Poller, pause_until_next
from filmgate.engine.queue import HandBack
from filmgate.engine.recovery import Recovery, request_for
from filmgate.engine.routing import Router
from filmgate.engine.words import refusal_code, refusal_message
from filmgate.store import attempts, outputs
from filmgate.store.circuits import Circuit
from filmgate.store.database import Database
from filmgate.store.records import Attempt, Output

logger = logging.getLogger(__name__)

MOST_DELIVERY_FAILURES = 20
MOST_BROKEN_DELIVERIES = 6
MOST_CRASHES_IN_A_ROW = 5
# How long an output is tried again, counted from its first attempt, while the upstream certainly takes nothing.
PATIENCE_SECONDS, RATE_LIMIT_PATIENCE_SECONDS = 900.0, 3600.0
# How long outputs wait for an account that only its owner can mend, and for one that is no longer configured.
OPERATOR_PATIENCE_SECONDS = 3600.0
_MOST_REFUSED_PAUSE_SECONDS = 60.0
_LEAST_POLL_ERROR_PAUSE_SECONDS, _MOST_POLL_ERROR_PAUSE_SECONDS = 2.0, 60.0


class Worker:
    """Drives outputs. Holds no state of its own: everything that matters is in the database."""

    def __init__(
        self,
        database: Database,
        roster: Roster,
        router: Router,
        circuits: Circuits,
        delivery: Delivery,
        moves: Moves,
        callbacks: Callbacks,
        signals: Signals,
        clock: Clock,
        paces: PaceBook,
    ) -> None:
        self._database = database
        self._roster = roster
        self._router = router
        self._circuits = circuits
        self._delivery = delivery
        self._moves = moves
        self._callbacks = callbacks
        self._signals = signals
        self._clock = clock
        self._paces = paces
        self._poller = Poller(clock)
        self._recovery = Recovery(
            database, moves, clock, accepted=self._accepted, deadline_seconds=self._deadline_seconds
        )
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
        standing = await self._moves.read(video_id, idx)
        if standing is None or standing.output.phase in FINISHED_PHASES:
            return None
        if standing.output.phase is Phase.WAITING:
            return await self._submit(standing)
        account = await self._roster.of_attempt(standing.attempt)
        if account is None:
            # Its configuration is gone, and so are its credentials; an operator can bring it back.
            return 30.0
        match standing.output.phase:
            case Phase.SUBMITTING:
                return await self._recovery.go_on(standing, account)
            case Phase.RUNNING:
                return await self._watch(standing, account)
            case _:
                return await self._deliver(standing, account)

    # ── waiting → submitting → running (arrows b, c) ────────────────────────────────────────────────────────────────

    async def _submit(self, standing: Standing) -> float | None:
        output = standing.output
        if standing.stop_wanted:
            return await self._moves.fail(standing, arrows.cancelled(Charged.NO))
        pause = (output.retry_at or 0.0) - self._clock.now()
        if pause > 0:
            return pause
        account = self._roster.get(output.account)
        if account is None or account.former:
            return await self._account_gone(standing)
        circuit = await self._circuits.of(account.name)
        if circuit is not None and not await self._may_pass(account, circuit):
            return await self._held_up(standing, account, circuit)
        client_ref = new_id("att")
        try:
            submitting = await self._moves.persist(lambda: self._begin(output, account, client_ref))
        except RateReached as reached:
            return reached.pause_seconds
        try:
            task = await account.adapter.submit(
                request_for(submitting, account),
                client_ref=client_ref,
                callback_url=self._callbacks.url_for(account, client_ref),
            )
        except (UpstreamRefused, UpstreamUnreachable) as error:
            refusal = error
            pause_or_end = await self._moves.persist(lambda: self._refused(submitting, account, refusal))
            await self._circuits.failed(account.name, refusal)
            return pause_or_end
        except UpstreamError as error:
            pause_or_end = await self._recovery.reply_lost(submitting, error.message)
            await self._circuits.failed(account.name, error)
            return pause_or_end
        pause_or_end = await self._moves.persist(lambda: self._accepted(submitting, account, task))
        await self._circuits.worked(account.name)
        return pause_or_end

    async def _begin(self, output: Output, account: Account, client_ref: str) -> Standing:
        """Commit the intent, before anything is sent. Safe to repeat with the same `client_ref`."""
        try:
            return await self._moves.write(
                output.video_id, lambda tx: arrows.begin(tx, output, account, client_ref, at=self._clock.now())
            )
        except TransitionLost:
            standing = await self._moves.read(output.video_id, output.idx)
            if standing and standing.latest and standing.latest.client_ref == client_ref:
                return standing  # it was this very write, and only its confirmation was lost
            raise

    async def _accepted(self, standing: Standing, account: Account, task: ProviderTask) -> float:
        pace = await self._pace(standing, account)
        return await self._moves.accept(standing, task, first_poll_seconds=pace.first_poll_seconds)

    async def _may_pass(self, account: Account, circuit: Circuit) -> bool:
        state = state_of(circuit, self._clock.now())
        return state is State.CLOSED or (state is State.HALF_OPEN and await self._circuits.may_probe(account.name))

    async def _held_up(self, standing: Standing, account: Account, circuit: Circuit) -> float | None:
        """The account's circuit is open: another account, or patience."""
        other = await self._router.other(standing.output.request["model"], besides={account.name})
        if other is not None:
            await self._moves.move(standing.output, other, f"account {account.name!r}: {circuit.reason}")
            return None
        now = self._clock.now()
        if circuit.error_class == ErrorClass.OPERATOR and now > circuit.first_failed_at + OPERATOR_PATIENCE_SECONDS:
            message = refusal_message(account, ErrorClass.OPERATOR, circuit.reason)
            return await self._moves.fail(standing, Verdict(FailureCode.PROVIDER_UNAVAILABLE, message, Charged.NO))
        return min(max((circuit.open_until or now) - now, 5.0), 60.0)

    async def _account_gone(self, standing: Standing) -> float | None:
        """Nothing was sent, so any account will do; else it is waited for."""
        output = standing.output
        other = await self._router.other(output.request["model"], besides={output.account})
        if other is not None:
            await self._moves.move(output, other, f"account {output.account!r} is no longer configured")
            return None
        if self._clock.now() > output.created_at + OPERATOR_PATIENCE_SECONDS:
            message = (
                f"Account {output.account!r} is no longer configured on this server, and no other serves the model"
            )
            return await self._moves.fail(standing, Verdict(FailureCode.PROVIDER_UNAVAILABLE, message, Charged.NO))
        return 30.0

    async def _refused(self, standing: Standing, account: Account, error: UpstreamError) -> float | None:
        """Certainly nothing was created: another account, the same one later, or the end. No money moved."""
        attempt = standing.attempt
        elsewhere = error.error_class not in (ErrorClass.CALLER, ErrorClass.MODERATION)
        # Each account is tried once: two that both refuse must not hand an output to and fro.
        tried = {each.account for each in (*standing.earlier, attempt)}
        other = (
            await self._router.other(
                standing.output.request["model"],
                besides=tried,
                with_free_slot=error.error_class is ErrorClass.RATE_LIMIT,
            )
            if elsewhere
            else None
        )
        if other is not None:
            return await self._moves.back_to_waiting(standing, AnotherTry(error.message, "refused", account=other))
        if error.retryable and self._patient(standing, error):
            pause = error.retry_after_seconds or min(2.0 ** min(attempt.number, 10), _MOST_REFUSED_PAUSE_SECONDS)
            return await self._moves.back_to_waiting(standing, AnotherTry(error.message, "refused", pause))
        message = refusal_message(account, error.error_class, error.message)
        code = refusal_code(error.error_class)
        verdict = Verdict(code, message, Charged.NO, "refused", upstream_code=error.upstream_code)
        return await self._moves.fail(standing, verdict)

    def _patient(self, standing: Standing, error: UpstreamError) -> bool:
        first = standing.earlier[0] if standing.earlier else standing.attempt
        limited = error.error_class is ErrorClass.RATE_LIMIT
        return self._clock.now() < first.started_at + (RATE_LIMIT_PATIENCE_SECONDS if limited else PATIENCE_SECONDS)

    # ── running (arrow d) ───────────────────────────────────────────────────────────────────────────────────────────

    async def _watch(self, standing: Standing, account: Account) -> float | None:
        attempt = standing.attempt
        if standing.stop_wanted:
            return await self._cancel(standing, account, standing.task)
        now = self._clock.now()
        if attempt.next_poll_at is not None and now < attempt.next_poll_at:
            return attempt.next_poll_at - now
        pace = await self._pace(standing, account)
        if now > (attempt.accepted_at or attempt.started_at) + pace.deadline_seconds:
            message = f"account {account.name!r} did not finish within {pace.deadline_seconds:g} seconds"
            state = "unknown" if account.free else attempts.WATCHED
            return await self._moves.fail(
                standing, Verdict(FailureCode.PROVIDER_TIMEOUT, message, Charged.UNKNOWN, state)
            )
        try:
            answer = await self._poller.poll(account, standing.task)
        except UpstreamError as error:
            return await self._poll_failed(standing, account, error, pace)
        match answer:
            case Pending():
                return await self._pending(standing, account, answer, pace)
            case Succeeded():
                return await self._succeeded(standing, answer)
            case Failed():
                if answer.doubtful and attempt.error_message != arrows.told(answer.message):
                    return await self._moves.poll_again(standing, max(pace.poll_seconds, 10.0), note=answer.message)
                return await self._failed(standing, account, answer)

    async def _poll_failed(self, standing: Standing, account: Account, error: UpstreamError, pace: Pace) -> float:
        """It says nothing of the task. That a key is no longer taken is a matter for the account's circuit."""
        elapsed = self._clock.now() - (standing.attempt.accepted_at or standing.attempt.started_at)
        regular = max(pause_until_next(pace, elapsed), _LEAST_POLL_ERROR_PAUSE_SECONDS)
        repeated = 3.0 if standing.attempt.error_message else 1.0
        pause = error.retry_after_seconds or min(regular * repeated, _MOST_POLL_ERROR_PAUSE_SECONDS)
        result = await self._moves.poll_again(standing, pause, note=error.message)
        if error.error_class is ErrorClass.OPERATOR:
            await self._circuits.failed(account.name, error)
        return result

    async def _pending(self, standing: Standing, account: Account, answer: Pending, pace: Pace) -> float:
        attempt = standing.attempt
        elapsed = self._clock.now() - (attempt.accepted_at or attempt.started_at)
        percent = answer.progress_percent
        if percent is None:
            percent = progress.estimate(elapsed, pace.typical_seconds)
        # The last poll falls on the deadline, however far apart they have become.
        pause = pause_until_next(pace, elapsed, sharing=self._poller.sharing(account, standing.task))
        pause = min(pause, max(pace.deadline_seconds - elapsed, 1.0))
        return await self._moves.poll_again(standing, pause, note=answer.warning, percent=min(percent, 99))

    async def _succeeded(self, standing: Standing, answer: Succeeded) -> float:
        """The links are recorded first, then fetched: a crash in between loses nothing."""
        now = self._clock.now()
        await self._moves.write(standing.video.id, lambda tx: arrows.succeed(tx, standing, answer, at=now))
        return 0.0

    async def _failed(self, standing: Standing, account: Account, answer: Failed) -> float | None:
        """Another attempt, on another account first, only after a verdict that says "not charged"."""
        if answer.lost and account.free:
            return await self._recovery.lost(standing, account, answer.message)
        tried = [attempt for attempt in (*standing.earlier, standing.attempt) if attempt.accepted_at is not None]
        if answer.retryable and answer.charged is Charged.NO and len(tried) < account.max_attempts:
            besides = {attempt.account for attempt in tried}
            other = await self._router.other(standing.output.request["model"], besides=besides)
            again = AnotherTry(answer.message, "failed", pause_seconds=2.0, account=other)
            return await self._moves.back_to_waiting(standing, again)
        verdict = Verdict(answer.code, answer.message, answer.charged, "failed", upstream_code=answer.upstream_code)
        return await self._moves.fail(standing, verdict)

    async def _cancel(self, standing: Standing, account: Account, task: ProviderTask) -> float | None:
        try:
            stopped = await account.adapter.cancel(task)
        except UpstreamError as error:
            logger.info("output %s/%d: cancel: %s", standing.video.id, standing.output.idx, error.message)
            stopped = False
        free = stopped or account.free
        verdict = arrows.cancelled(Charged.NO if free else Charged.UNKNOWN, watch=not free)
        return await self._moves.fail(standing, verdict)

    # ── delivering → done (arrow e) ─────────────────────────────────────────────────────────────────────────────────

    async def _deliver(self, standing: Standing, account: Account) -> float | None:
        output = standing.output
        attempt = standing.attempt
        pause = (output.retry_at or 0.0) - self._clock.now()
        if pause > 0:
            return pause
        if output.delivery_failures and not account.free:
            attempt = await self._with_fresh_result(standing, account)
        try:
            delivered = await self._delivery.deliver(output, attempt, account)
        except ResultVanished:
            if account.free:
                return await self._recovery.lost(standing, account, "the rendered file is gone")
            gone = StorageError("the file is gone from this machine", retryable=True)
            return await self._delivery_failed(standing, account, gone)
        except (FetchError, StorageError, MediaError) as error:
            return await self._delivery_failed(standing, account, error)
        now, retention_seconds = self._clock.now(), self._moves.retention_seconds
        await self._moves.write(
            output.video_id,
            lambda tx: arrows.finish(tx, standing, delivered, at=now, retention_seconds=retention_seconds),
        )
        await self._delivery.discard_work(attempt)
        return None

    async def _with_fresh_result(self, standing: Standing, account: Account) -> Attempt:
        """Ask again where the file is, since links die; without another answer the known one is tried again."""
        attempt = standing.attempt
        try:
            answer = await self._poller.poll(account, standing.task)
        except UpstreamError as error:
            logger.info("attempt %s: no fresh link: %s", attempt.client_ref, error.message)
            return attempt
        if not isinstance(answer, Succeeded) or (answer.url is None and (attempt.result or {}).get("url")):
            return attempt
        result = {"url": answer.url, "path": answer.path}
        await self._database.write(lambda tx: attempts.update_attempt(tx, attempt.client_ref, {"result": result}))
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
            return await self._moves.fail(standing, verdict)
        pause = min(2.0**failures, 300.0)
        await self._database.write(
            lambda tx: outputs.note_delivery_failure(tx, output, retry_at=now + pause, message=error.message, at=now)
        )
        return pause

    async def _give_up(self, video_id: str, idx: int) -> None:
        """Steps crash again and again: a bug of ours, told as such rather than tried for ever."""
        standing = await self._moves.read(video_id, idx)
        if standing is None or standing.output.phase in FINISHED_PHASES:
            return
        account = self._roster.get(standing.output.account)
        free = standing.output.phase is Phase.WAITING or (account is not None and account.free)
        charged = Charged.NO if free else Charged.UNKNOWN
        message = "Filmgate could not go on with this video because of an error of its own; the server's log has it"
        await self._moves.fail(standing, Verdict(FailureCode.INTERNAL_ERROR, message, charged))

    async def _pace(self, standing: Standing, account: Account) -> Pace:
        return await self._paces.pace(account, standing.video.model, standing.attempt.upstream_model)

    async def _deadline_seconds(self, standing: Standing, account: Account) -> float:
        return (await self._pace(standing, account)).deadline_seconds
