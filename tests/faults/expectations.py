"""How each fault has to end, decided by the money rule and not by what the code does."""

from __future__ import annotations

from dataclasses import dataclass

from world import Variant


@dataclass(frozen=True)
class Cell:
    """One cell of the matrix."""

    outcome: str
    submissions: int
    created: int
    billed: int
    money: str

    def published(self) -> str:
        """As docs/faults.md says it."""
        return f"{self.outcome} {self.submissions}/{self.billed}"


CREATED, NOTHING = "created", "nothing"


@dataclass(frozen=True)
class Expected:
    """`outcomes` is what may come of it.

    After a lost reply (`lost` says whether a task was created all the same) it depends on what the upstream can tell.
    """

    outcomes: tuple[str, ...] = ()
    lost: str | None = None

    def for_variant(self, variant: Variant) -> tuple[str, ...]:
        if self.lost is None:
            return self.outcomes
        known = variant.finds if self.lost == CREATED else variant.proves_absence
        return ("completed",) if known or variant.repeats else ("outcome_unknown", *self.outcomes)


_DONE = Expected(("completed",))
_CREATED, _NOTHING = Expected(lost=CREATED), Expected(lost=NOTHING)

EXPECTED: dict[str, Expected] = {
    "none": _DONE,
    "unreachable": _DONE,
    "reset_before": _NOTHING,
    "lost_reply": _CREATED,
    "reset_during": _CREATED,
    "submit_500": _NOTHING,
    # A vendor's own word for "closed" says that nothing was taken; a bare 503 does not.
    "submit_503": Expected(("completed",), lost=NOTHING),
    "submit_504": _CREATED,
    "submit_html": _NOTHING,
    "submit_without_id": _CREATED,
    "rate_limited": _DONE,
    "too_many_tasks": _DONE,
    "out_of_balance": Expected(("provider_unavailable",)),
    "unauthorised": Expected(("provider_unavailable",)),
    "moderated_submit": Expected(("content_policy_violation",)),
    "refused_submit": Expected(("provider_rejected",)),
    "unknown_model": Expected(("provider_unavailable",)),
    "moderated_late": Expected(("content_policy_violation",)),
    # Made again where the vendor says that failures cost nothing; told as failed where it does not.
    "failed_late": Expected(("completed", "provider_failed")),
    # Where the file has a link of its own, its absence shows only when it is fetched.
    "success_without_file": Expected(("provider_failed", "content_policy_violation", "delivery_failed")),
    "stuck": Expected(("provider_timeout",)),
    "poll_401": _DONE,
    "poll_429": _DONE,
    "poll_500": _DONE,
    "poll_503": _DONE,
    "poll_504": _DONE,
    "poll_reset": _DONE,
    "poll_html": _DONE,
    "young_404": _DONE,
    "unknown_status": _DONE,
    "wrong_types": _DONE,
    "null_object": _DONE,
    "progress_back": _DONE,
    # Where the vendor signs its link once and for all, a dead one cannot be made good.
    "file_dead": Expected(("completed", "delivery_failed")),
    "file_slow": _DONE,
    "file_truncated": _DONE,
    "file_wrong_type": _DONE,
    "file_private_redirect": _DONE,
    "callback_duplicate": _DONE,
    "callback_late": _DONE,
    "callback_forged": _DONE,
}
