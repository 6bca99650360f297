"""Last of the six files of a request's way: what each transition of an output writes, as one transaction.

The arrows b to g are those drawn in docs/architecture.md.

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
from filmgate.store import events, ledger, outputs, videos
from filmgate.store.database import Transaction
from filmgate.store.outputs import Step
from filmgate.store.records import Attempt, Output, Video


@dataclass(frozen=True, slots=True)
class Standing:
    """One output as the database has it now, with its latest attempt."""

    video: Video
    output: Output
    latest: Attempt | None

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


def cancelled(charged: Charged) -> Verdict:
    return Verdict(FailureCode.CANCELLED, "Cancelled at the client's request", charged, "cancelled")


def read_standing(conn: sa.Connection, video_id: str, idx: int) -> Standing | None:
    detail = videos.get_video(conn, video_id)
    if detail is None:
        return None
    output = next((output for output in detail.outputs if output.idx == idx), None)
    if output is None:
        return None
    own = [attempt for attempt in detail.attempts if attempt.idx == idx]
    return Standing(detail.video, output, own[-1] if own else None)


def begin(tx: Transaction, output: Output, account: Account, client_ref: str, *, at: float) -> Standing:
    """Arrow b: the intent, before anything is sent."""
    number = output.attempts + 1
    data = {"account": account.name, "attempt": number, "client_ref": client_ref}
    step = Step(Phase.SUBMITTING, "attempt.started", {"attempts": number, "retry_at": None}, data)
    outputs.transition(tx, output, step, at=at)
    outputs.insert_attempt(
        tx,
        {
            "client_ref": client_ref,
            "video_id": output.video_id,
            "idx": output.idx,
            "number": number,
            "provider": account.provider,
            "account": account.name,
            "upstream_model": output.request["upstream_model"],
            "started_at": at,
        },
    )
    standing = read_standing(tx.conn, output.video_id, output.idx)
    if standing is None:
        raise TransitionLost(f"output {output.video_id}/{output.idx} is gone")
    return standing


def accept(tx: Transaction, standing: Standing, task: ProviderTask, *, at: float, next_poll_at: float) -> None:
    """Arrow c: the upstream's task id, right after it was told to us."""
    attempt, output = standing.attempt, standing.output
    values = {"state": "accepted", "task_id": task.id, "task_data": task.data, "accepted_at": at}
    outputs.update_attempt(tx, attempt.client_ref, values | {"next_poll_at": next_poll_at})
    changes = {"submitted_at": at} if output.submitted_at is None else {}
    data = {"account": attempt.account, "task_id": task.id, "attempt": attempt.number}
    outputs.transition(tx, output, Step(Phase.RUNNING, "attempt.accepted", changes, data), at=at)


def note_poll(
    tx: Transaction, standing: Standing, *, at: float, next_poll_at: float, note: str | None, percent: int
) -> None:
    """No arrow: it is still running. A note that was told already is not told again."""
    attempt, output = standing.attempt, standing.output
    values = {"next_poll_at": next_poll_at, "polls": attempt.polls + 1, "error_message": note}
    outputs.update_attempt(tx, attempt.client_ref, values)
    if percent > output.progress:
        outputs.save_progress(tx, output, percent)
    if note and note != attempt.error_message:
        data = {"message": note, "attempt": attempt.number}
        events.append(tx, output.video_id, "attempt.poll_note", at=at, idx=output.idx, data=data)


def succeed(tx: Transaction, standing: Standing, answer: Succeeded, *, at: float) -> None:
    """Arrow d: where the file lies, before it is fetched."""
    result = {"url": answer.url, "path": answer.path}
    values = {"state": "succeeded", "result": result, "charged": Charged.YES.value, "finished_at": at}
    outputs.update_attempt(tx, standing.attempt.client_ref, values)
    step = Step(Phase.DELIVERING, "attempt.succeeded", {"generated_at": at, "retry_at": None}, {})
    outputs.transition(tx, standing.output, step, at=at)


def finish(
    tx: Transaction, standing: Standing, delivered: Delivered, *, at: float, retention_seconds: float | None
) -> None:
    """Arrow e: the assets, the settlement, the phase and the video's own row."""
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
        "has_audio": facts.has_audio,
        "sha256": delivered.sha256,
        **measured,
    }
    step = Step(Phase.DONE, "output.stored", changes, measured)
    outputs.transition(tx, output, step, at=at, retention_seconds=retention_seconds)
    for asset in delivered.assets:
        outputs.insert_asset(tx, asset, now=at)
    if standing.quoted_usd_micros is not None:
        ledger.settle(tx, output.video_id, output.idx, usd_micros=standing.quoted_usd_micros, now=at)


def back_to_waiting(
    tx: Transaction, standing: Standing, message: str, *, state: str, at: float, pause_seconds: float
) -> None:
    """Arrow f: nothing was made and nothing charged; it may be asked again after a pause."""
    attempt = standing.attempt
    values = {"state": state, "charged": Charged.NO.value, "error_message": message, "finished_at": at}
    outputs.update_attempt(tx, attempt.client_ref, values)
    changes = {"retry_at": at + pause_seconds if pause_seconds else None}
    data = {"attempt": attempt.number, "message": message}
    outputs.transition(tx, standing.output, Step(Phase.WAITING, f"attempt.{state}", changes, data), at=at)


def fail(tx: Transaction, standing: Standing, verdict: Verdict, *, at: float, retention_seconds: float | None) -> None:
    """Arrow g: held money is freed on "not charged", spent on "charged", and stays held on "unknown"."""
    output, attempt = standing.output, standing.latest
    if attempt and verdict.attempt_state:
        values = {"state": verdict.attempt_state, "charged": verdict.charged.value, "finished_at": at}
        told = {"error_code": verdict.code, "error_message": verdict.message, "upstream_code": verdict.upstream_code}
        outputs.update_attempt(tx, attempt.client_ref, values | told)
    changes = {"error_code": verdict.code, "error_message": verdict.message, "finished_at": at}
    data = {"code": verdict.code, "message": verdict.message, "charged": verdict.charged.value}
    step = Step(Phase.FAILED, "output.failed", changes, data)
    outputs.transition(tx, output, step, at=at, retention_seconds=retention_seconds)
    if verdict.charged is Charged.NO:
        ledger.release(tx, output.video_id, output.idx, now=at)
    elif verdict.charged is Charged.YES and standing.quoted_usd_micros is not None:
        ledger.settle(tx, output.video_id, output.idx, usd_micros=standing.quoted_usd_micros, now=at)
