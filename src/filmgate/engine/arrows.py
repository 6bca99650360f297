"""Last of the six files of a request's way: what each transition of an output writes, as one transaction.

The arrows b to h are those drawn in docs/architecture.md.

Nothing here decides, waits or calls anyone; `engine/worker.py` does. Each function raises TransitionLost when another
worker moved the output first, and then nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from filmgate.core.errors import Charged, TransitionLost
from filmgate.core.provider import ProviderTask, Succeeded
from filmgate.core.video import FailureCode, Phase
from filmgate.engine.accounts import Account
from filmgate.engine.delivery import Delivered
from filmgate.store import attempts, credentials, events, ledger, outputs, videos
from filmgate.store.attempts import WATCHED
from filmgate.store.database import Job, Transaction
from filmgate.store.outputs import Step
from filmgate.store.records import Attempt, Output, Video


@dataclass(frozen=True, slots=True)
class Standing:
    """One output as the database has it now, with its latest attempt."""

    video: Video
    output: Output
    latest: Attempt | None
    earlier: tuple[Attempt, ...] = ()

    @property
    def stop_wanted(self) -> bool:
        return self.video.cancel_requested_at is not None or self.video.deleted_at is not None

    @property
    def attempt(self) -> Attempt:
        """The attempt that every phase beyond `waiting` has."""
        if self.latest is None:
            raise ValueError(f"output {self.video.id}/{self.output.idx} has no attempt in {self.output.phase}")
        return self.latest

    @property
    def task(self) -> ProviderTask:
        return ProviderTask(self.attempt.task_id or "", self.attempt.task_data or {})

    @property
    def quoted_usd_micros(self) -> int | None:
        """This output's part of the quote; None: the price is not known."""
        quoted = self.video.quoted_usd_micros
        return quoted // self.video.n if quoted is not None else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why an output failed, for the client, and what it means for the money held for it."""

    code: str
    message: str
    charged: Charged
    attempt_state: str | None = None
    upstream_code: str | None = None


class RateReached(Exception):
    """The account has had as many submissions as it may have in a minute."""

    def __init__(self, pause_seconds: float) -> None:
        super().__init__(pause_seconds)
        self.pause_seconds = pause_seconds


FIRST_LATE_LOOK_SECONDS = 60.0
_MOST_MESSAGE_CHARACTERS = 1000


def told(message: str) -> str:
    """A message as it is kept: vendors may write books."""
    if len(message) <= _MOST_MESSAGE_CHARACTERS:
        return message
    return message[: _MOST_MESSAGE_CHARACTERS - 1] + "…"


def cancelled(charged: Charged, *, watch: bool = False) -> Verdict:
    """`watch`: the upstream could not stop it, so that it may still end, and cost."""
    state = WATCHED if watch else "cancelled"
    return Verdict(FailureCode.CANCELLED, "Cancelled at the client's request", charged, state)


def read_standing(conn: sa.Connection, video_id: str, idx: int) -> Standing | None:
    detail = videos.get_video(conn, video_id)
    if detail is None:
        return None
    output = next((output for output in detail.outputs if output.idx == idx), None)
    if output is None:
        return None
    own = [attempt for attempt in detail.attempts if attempt.idx == idx]
    return Standing(detail.video, output, own[-1] if own else None, tuple(own[:-1]))


def begin(tx: Transaction, output: Output, account: Account, client_ref: str, *, at: float) -> Standing:
    """Arrow b: the intent, before anything is sent. Raises RateReached, and then nothing is written."""
    _take_rate(tx, account, at)
    number = output.attempts + 1
    data = {"account": account.name, "attempt": number, "client_ref": client_ref}
    step = Step(Phase.SUBMITTING, "attempt.started", {"attempts": number, "retry_at": None}, data)
    outputs.transition(tx, output, step, at=at)
    attempts.insert_attempt(
        tx,
        {
            "client_ref": client_ref,
            "video_id": output.video_id,
            "idx": output.idx,
            "number": number,
            "provider": account.provider,
            "account": account.name,
            "credential_id": account.credential_id,
            "upstream_model": account.upstream_model(output.request["model"], output.request["upstream_model"]),
            "started_at": at,
        },
    )
    standing = read_standing(tx.conn, output.video_id, output.idx)
    if standing is None:
        raise TransitionLost(f"output {output.video_id}/{output.idx} is gone")
    return standing


def _take_rate(tx: Transaction, account: Account, at: float) -> None:
    most = account.requests_per_minute
    if most is None:
        return
    if account.credential_id is not None:
        credentials.lock_credential(tx, account.credential_id)
    recent = attempts.started_since(tx.conn, account.name, since=at - 60.0, limit=most)
    if len(recent) >= most:
        raise RateReached(recent[-1] + 60.0 - at)


def note_unknown(tx: Transaction, standing: Standing, message: str, *, state: str, at: float) -> None:
    """No arrow: it was sent, and whether it was accepted is not known yet. The output stays in `submitting`.

    Its version stays, too: should the process that sent it be alive and get its answer, that answer counts.
    """
    attempt, output = standing.attempt, standing.output
    message = told(message)
    attempts.update_attempt(tx, attempt.client_ref, {"state": state, "error_message": message, "next_poll_at": at})
    data = {"message": message, "attempt": attempt.number, "account": attempt.account}
    events.append(tx, output.video_id, "attempt.unknown", at=at, idx=output.idx, data=data)


def move_to_account(tx: Transaction, output: Output, account: Account, reason: str, *, at: float) -> None:
    """To another account, before anything was sent; the job follows it."""
    data = {"account": account.name, "from": output.account, "message": reason}
    step = Step(Phase.WAITING, "output.rerouted", {"account": account.name, "retry_at": None}, data)
    outputs.transition(tx, output, step, at=at)
    tx.jobs.append(Job(account.name, output.video_id, output.idx))


def accept(tx: Transaction, standing: Standing, task: ProviderTask, *, at: float, next_poll_at: float) -> None:
    """Arrow c: the upstream's task id, right after it was told to us."""
    attempt, output = standing.attempt, standing.output
    values = {"state": "accepted", "task_id": task.id, "task_data": task.data, "accepted_at": at, "polls": 0}
    attempts.update_attempt(tx, attempt.client_ref, values | {"next_poll_at": next_poll_at, "error_message": None})
    changes = {"submitted_at": at} if output.submitted_at is None else {}
    data = {"account": attempt.account, "task_id": task.id, "attempt": attempt.number}
    outputs.transition(tx, output, Step(Phase.RUNNING, "attempt.accepted", changes, data), at=at)


def note_poll(
    tx: Transaction, standing: Standing, *, at: float, next_poll_at: float, note: str | None, percent: int
) -> None:
    """No arrow: it is still running. A note that was told already is not told again."""
    attempt, output = standing.attempt, standing.output
    note = told(note) if note else None
    values = {"next_poll_at": next_poll_at, "polls": attempt.polls + 1, "error_message": note}
    attempts.update_attempt(tx, attempt.client_ref, values)
    if percent > output.progress:
        outputs.save_progress(tx, output, percent)
    if note and note != attempt.error_message:
        data = {"message": note, "attempt": attempt.number}
        events.append(tx, output.video_id, "attempt.poll_note", at=at, idx=output.idx, data=data)


def succeed(tx: Transaction, standing: Standing, answer: Succeeded, *, at: float) -> None:
    """Arrow d: where the file lies, before it is fetched."""
    result = {"url": answer.url, "path": answer.path, "understood": answer.understood}
    values = {"state": "succeeded", "result": result, "charged": Charged.YES.value, "finished_at": at}
    attempts.update_attempt(tx, standing.attempt.client_ref, values)
    step = Step(Phase.DELIVERING, "attempt.succeeded", {"generated_at": at, "retry_at": None}, {})
    outputs.transition(tx, standing.output, step, at=at)


def finish(
    tx: Transaction, standing: Standing, delivered: Delivered, *, at: float, retention_seconds: float | None
) -> None:
    """Arrow e, or h from `failed`: the assets, the settlement, the phase and the video's own row."""
    output, facts = standing.output, delivered.facts
    measured: dict[str, Any] = {
        "width_px": facts.width_px,
        "height_px": facts.height_px,
        "fps": facts.fps,
        "duration_seconds": facts.duration_seconds,
        "size_bytes": delivered.assets[0].size_bytes,
    }
    changes = {
        "progress": 100,
        "finished_at": at,
        "error_code": None,
        "error_message": None,
        "has_audio": facts.has_audio,
        "sha256": delivered.sha256,
        **measured,
    }
    late = output.phase is Phase.FAILED
    if late:
        attempts.update_attempt(tx, standing.attempt.client_ref, {"state": "succeeded", "finished_at": at})
    step = Step(Phase.DONE, "output.stored_late" if late else "output.stored", changes, measured)
    outputs.transition(tx, output, step, at=at, retention_seconds=retention_seconds)
    for asset in delivered.assets:
        outputs.insert_asset(tx, asset, now=at)
    _book(tx, standing, Charged.YES, at=at)


@dataclass(frozen=True, slots=True)
class AnotherTry:
    """Why an attempt is over and the output may be asked again: after a pause, and of `account` if that is set."""

    message: str
    state: str
    pause_seconds: float = 0.0
    charged: Charged = Charged.NO
    account: Account | None = None


def back_to_waiting(tx: Transaction, standing: Standing, again: AnotherTry, *, at: float) -> None:
    """Arrow f: nothing was made for it, as far as is known; it may be asked again."""
    attempt, output = standing.attempt, standing.output
    message = told(again.message)
    values = {"state": again.state, "charged": again.charged.value, "error_message": message, "finished_at": at}
    attempts.update_attempt(tx, attempt.client_ref, values)
    changes: dict[str, Any] = {"retry_at": at + again.pause_seconds if again.pause_seconds else None}
    data: dict[str, Any] = {"attempt": attempt.number, "message": message, "account": attempt.account}
    if again.account is not None:
        changes["account"] = data["next_account"] = again.account.name
    outputs.transition(tx, output, Step(Phase.WAITING, f"attempt.{again.state}", changes, data), at=at)
    if again.account is not None:
        tx.jobs.append(Job(again.account.name, output.video_id, output.idx))


def fail(tx: Transaction, standing: Standing, verdict: Verdict, *, at: float, retention_seconds: float | None) -> None:
    """Arrow g: held money is freed on "not charged", spent on "charged", and stays held on "unknown"."""
    output, attempt, message = standing.output, standing.latest, told(verdict.message)
    if attempt and verdict.attempt_state:
        values: dict[str, Any] = {"state": verdict.attempt_state, "charged": verdict.charged.value, "finished_at": at}
        if verdict.attempt_state == WATCHED:
            values["next_poll_at"] = at + FIRST_LATE_LOOK_SECONDS
        words = {"error_code": verdict.code, "error_message": message, "upstream_code": verdict.upstream_code}
        attempts.update_attempt(tx, attempt.client_ref, values | words)
    changes = {"error_code": verdict.code, "error_message": message, "finished_at": at}
    data = {"code": verdict.code, "message": message, "charged": verdict.charged.value}
    step = Step(Phase.FAILED, "output.failed", changes, data)
    outputs.transition(tx, output, step, at=at, retention_seconds=retention_seconds)
    _book(tx, standing, verdict.charged, at=at)


def record_late_result(tx: Transaction, attempt: Attempt, answer: Succeeded, *, at: float) -> None:
    """No arrow: a watched task did succeed. Its links first, as always; the file is fetched after."""
    result = {"url": answer.url, "path": answer.path, "understood": answer.understood}
    attempts.update_attempt(tx, attempt.client_ref, {"result": result, "charged": Charged.YES.value})
    data = {"attempt": attempt.number, "account": attempt.account}
    events.append(tx, attempt.video_id, "attempt.late_success", at=at, idx=attempt.idx, data=data)


def end_watch(
    tx: Transaction, standing: Standing, attempt: Attempt, state: str, charged: Charged, message: str, *, at: float
) -> None:
    """No arrow: a watched task has ended, or its record has; the money follows, and the output stays as it is."""
    output = standing.output
    attempts.update_attempt(tx, attempt.client_ref, {"state": state, "charged": charged.value, "finished_at": at})
    data = {"attempt": attempt.number, "account": attempt.account, "message": told(message), "charged": charged.value}
    events.append(tx, output.video_id, "attempt.watch_ended", at=at, idx=output.idx, data=data)
    _book(tx, standing, charged, at=at)


def _book(tx: Transaction, standing: Standing, charged: Charged, *, at: float) -> None:
    """The money rule at an end: freed, spent, or still held."""
    output = standing.output
    if charged is Charged.NO:
        ledger.release(tx, output.video_id, output.idx, now=at)
    elif charged is Charged.YES and standing.quoted_usd_micros is not None:
        ledger.settle(tx, output.video_id, output.idx, usd_micros=standing.quoted_usd_micros, now=at)
