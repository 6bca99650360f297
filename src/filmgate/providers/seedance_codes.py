"""What the codes of Volcengine Ark and BytePlus ModelArk mean, in refused calls and in failed tasks.

Source: the vendor's error page in copies of 2026-06 to 2026-10; see docs/providers/seedance.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from filmgate.core.errors import Charged, ErrorClass, UpstreamError
from filmgate.core.lenient import text_at
from filmgate.core.provider import Failed
from filmgate.net.upstream import Reply
from filmgate.providers.verdicts import failure_code, readable, submit_error

_QUOTA_PAUSE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Meaning:
    """Of every code that holds `fragment`: the vendor puts words before and after it."""

    fragment: str
    error_class: ErrorClass
    advice: str | None = None


_MEANINGS = (
    Meaning("SensitiveContentDetected", ErrorClass.MODERATION),
    Meaning("RateLimitExceeded", ErrorClass.RATE_LIMIT),
    Meaning(
        "QuotaExceeded",
        ErrorClass.RATE_LIMIT,
        "too many tasks wait in the vendor's queue, or a quota of the account is used up: its owner can look there",
    ),
    Meaning("ServerOverloaded", ErrorClass.TRANSIENT),
    Meaning("ModelLoadingError", ErrorClass.TRANSIENT),
    Meaning("MissingParameter", ErrorClass.CALLER),
    Meaning("InvalidParameter", ErrorClass.CALLER),
    Meaning("InvalidImageURL", ErrorClass.CALLER),
    Meaning("ModelNotOpen", ErrorClass.MODEL, "the account's owner has to open this model in the vendor's console"),
    Meaning(
        "InvalidEndpoint",
        ErrorClass.MODEL,
        "the account's service has no such model or endpoint, or has retired it; its owner can set region or endpoints",
    ),
    Meaning(
        "AuthenticationError",
        ErrorClass.OPERATOR,
        "the key is wrong, or of the other service: Volcengine Ark is region cn, BytePlus ModelArk is region intl",
    ),
    Meaning("AccountOverdueError", ErrorClass.OPERATOR, "the account is in arrears"),
    Meaning("AccessDenied", ErrorClass.OPERATOR, "the key has no right to this"),
)


def meaning_of(code: str | None) -> Meaning | None:
    """None for a code that is not known, and for InternalServiceError, after which a task may exist."""
    return next((meaning for meaning in _MEANINGS if meaning.fragment in (code or "")), None)


def failure(error: Any) -> Failed:
    """The verdict on a failed task by its `error` object.

    Only tasks that succeed are charged (the vendor's billing page of Seedance 2.0, 2026).
    """
    code, reason = text_at(error, "code"), text_at(error, "message") or "no reason was given"
    meaning = meaning_of(code)
    error_class = meaning.error_class if meaning else ErrorClass.TRANSIENT
    retryable = error_class in (ErrorClass.TRANSIENT, ErrorClass.RATE_LIMIT)
    return Failed(failure_code(error_class), readable(reason), error_class, retryable, Charged.NO, code)


def explained(reply: Reply, answer: Any) -> dict[str, Any]:
    """The vendor's code as the arguments of `submit_error` and `query_error`."""
    code = text_at(answer, "error", "code")
    if code is None:
        return {}
    meaning = meaning_of(code)
    message = text_at(answer, "error", "message") or f"HTTP {reply.status}: {code}"
    if meaning and meaning.advice:
        message += f" ({meaning.advice})"
    return {"message": message, "upstream_code": code, "error_class": meaning.error_class if meaning else None}


def refusal(reply: Reply, answer: Any) -> UpstreamError:
    """The error of a paid call that was answered with anything but a task."""
    error = submit_error(reply, **explained(reply, answer))
    if "QuotaExceeded" in (error.upstream_code or "") and error.retry_after_seconds is None:
        error.retry_after_seconds = _QUOTA_PAUSE_SECONDS  # neither a queue nor a quota empties in a second
    return error
