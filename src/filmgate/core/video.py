"""The life of a video: phases of each output, the public status, and how one follows from the other."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class Phase(StrEnum):
    """Where one output stands. Only the engine sees phases; clients see `Status`."""

    WAITING = "waiting"
    SUBMITTING = "submitting"
    RUNNING = "running"
    DELIVERING = "delivering"
    DONE = "done"
    FAILED = "failed"


class Status(StrEnum):
    """The four words of the OpenAI Video object. Strict clients validate them, so there is never a fifth."""

    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"


FINISHED_PHASES = frozenset({Phase.DONE, Phase.FAILED})
FINISHED_STATUSES = frozenset({Status.COMPLETED, Status.FAILED})

# The arrows of docs/architecture.md. A transition not listed here is a bug and is refused by the store.
NEXT_PHASES: dict[Phase, frozenset[Phase]] = {
    Phase.WAITING: frozenset({Phase.SUBMITTING, Phase.WAITING, Phase.FAILED}),  # to itself: for another account
    Phase.SUBMITTING: frozenset({Phase.RUNNING, Phase.WAITING, Phase.FAILED}),
    Phase.RUNNING: frozenset({Phase.DELIVERING, Phase.WAITING, Phase.FAILED}),
    # Back to waiting only when a local engine's file vanished with its machine: nothing was paid for it.
    Phase.DELIVERING: frozenset({Phase.DONE, Phase.WAITING, Phase.FAILED}),
    Phase.DONE: frozenset(),
    Phase.FAILED: frozenset({Phase.DONE}),  # a late success
}


class FailureCode(StrEnum):
    """The stable codes of a failed video's `error.code`."""

    CONTENT_POLICY_VIOLATION = "content_policy_violation"
    INVALID_INPUT = "invalid_input"
    PROVIDER_REJECTED = "provider_rejected"
    PROVIDER_FAILED = "provider_failed"
    PROVIDER_UNAVAILABLE = "provider_unavailable"
    PROVIDER_TIMEOUT = "provider_timeout"
    OUTCOME_UNKNOWN = "outcome_unknown"
    DELIVERY_FAILED = "delivery_failed"
    CANCELLED = "cancelled"
    INTERNAL_ERROR = "internal_error"


def video_status(phases: Sequence[Phase]) -> Status:
    """The public status of a video whose outputs stand in `phases`.

    A video with at least one stored clip is completed: what was paid for is never hidden behind a sibling's failure.
    """
    if all(phase in FINISHED_PHASES for phase in phases):
        return Status.COMPLETED if Phase.DONE in phases else Status.FAILED
    if all(phase is Phase.WAITING for phase in phases):
        return Status.QUEUED
    return Status.IN_PROGRESS
