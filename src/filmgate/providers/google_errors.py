"""Google's error bodies and codes, which Vertex AI and the Gemini API share.

Source: cloud.google.com/apis/design/errors (google.rpc.Code and its HTTP mapping), cloud.google.com/vertex-ai
(generative-ai/docs/video/responsible-ai-and-usage-guidelines), in copies of 2025-09 to 2026-10; wordings of the field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from filmgate.core.errors import ErrorClass
from filmgate.core.lenient import at, int_at, text_at
from filmgate.net.upstream import Reply

# Of google.rpc.Code. What is missing (INTERNAL, UNAVAILABLE, DEADLINE_EXCEEDED, …) does not say that nothing was done.
_CLASSES = {
    "INVALID_ARGUMENT": ErrorClass.CALLER,
    "OUT_OF_RANGE": ErrorClass.CALLER,
    "NOT_FOUND": ErrorClass.MODEL,
    "PERMISSION_DENIED": ErrorClass.OPERATOR,
    "RESOURCE_EXHAUSTED": ErrorClass.RATE_LIMIT,
    "FAILED_PRECONDITION": ErrorClass.OPERATOR,  # billing is off, or the service is not offered in this country
    "UNAUTHENTICATED": ErrorClass.OPERATOR,
}
_NUMBERS = {
    3: "INVALID_ARGUMENT",
    5: "NOT_FOUND",
    7: "PERMISSION_DENIED",
    8: "RESOURCE_EXHAUSTED",
    9: "FAILED_PRECONDITION",
    11: "OUT_OF_RANGE",
    13: "INTERNAL",
    14: "UNAVAILABLE",
    16: "UNAUTHENTICATED",
}

# Whole words of enum-like fields, and phrases: "safety" alone also stands in messages about the field safety_settings.
_BLOCKED_WORD = re.compile(r"(IMAGE_)?(SAFETY|PROHIBITED_CONTENT|BLOCKLIST|SPII)", re.IGNORECASE)
_BLOCKED_PHRASE = re.compile(
    r"usage guidelines|responsible ai|safety filter|support codes?:|\bviolat\w* [^.]*(polic|guideline)"
    r"|\bblocked\b[^.]*\b(safety|polic)",
    re.IGNORECASE,
)
_BAD_KEY = re.compile(r"API_KEY_(INVALID|SERVICE_BLOCKED)|api key not valid|api key expired", re.IGNORECASE)
_BILLING = re.compile(r"\bbilling\b|free.?tier|\bprepa(id|y)|credits are depleted", re.IGNORECASE)
# A paid project that is merely too fast is told to look at its billing too: the name of the quota tells them apart.
_PAID_QUOTA = re.compile(r"paid.?tier", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GoogleError:
    """`status` is the word of google.rpc.Code."""

    status: str | None
    code: str | None
    message: str | None
    error_class: ErrorClass | None  # None: it leaves open whether anything was done


def read_error(answer: Any, *, of_operation: bool = False) -> GoogleError | None:
    """The `error` of an HTTP answer, which Google's front end puts into a list of one, or of a finished operation.

    In an operation `code` is a number of google.rpc.Code; in an HTTP answer it repeats the HTTP status.
    """
    error = at(answer, 0, "error") if isinstance(answer, list) else at(answer, "error")
    if not isinstance(error, dict):
        return None
    code, message = text_at(error, "code"), text_at(error, "message")
    status = text_at(error, "status") or (_NUMBERS.get(int_at(error, "code") or 0) if of_operation else None)
    return GoogleError(status, code, message, _class_of(status, code, message, repr(at(error, "details"))))


def explained(reply: Reply, answer: Any, advice: Mapping[str, str]) -> dict[str, Any]:
    """The error as the arguments of `submit_error` and `query_error`. `advice` for the owner is by status word."""
    error = read_error(answer)
    if error is None:
        return {}
    message = error.message or f"HTTP {reply.status}"
    if hint := advice.get(error.status or ""):
        message = f"{message} ({hint})"
    # What a server says in free text while it fails is no proof that it did nothing.
    is_certain = reply.status < 500 or error.status in _CLASSES
    error_class = error.error_class if is_certain else None
    return {"message": message, "upstream_code": error.status or error.code, "error_class": error_class}


def explained_of_task(reply: Reply, answer: Any, advice: Mapping[str, str]) -> dict[str, Any]:
    """`explained` of a poll: a task that is not found says nothing of the model, nor of the account that made it."""
    if reply.status == 404:
        return explained(reply, answer, {}) | {"error_class": ErrorClass.TRANSIENT}
    return explained(reply, answer, advice)


def is_blocked(*texts: str | None) -> bool:
    """Whether any of these words of Google's says that its content filter was at work."""
    return any(text and (_BLOCKED_WORD.fullmatch(text) or _BLOCKED_PHRASE.search(text)) for text in texts)


def _class_of(status: str | None, code: str | None, message: str | None, details: str) -> ErrorClass | None:
    error_class = _CLASSES.get(status or "")
    everything = f"{message} {details}"
    is_unpaid = _BILLING.search(everything) and not _PAID_QUOTA.search(everything)
    if error_class in (ErrorClass.CALLER, None):
        if is_blocked(status, code, message):
            return ErrorClass.MODERATION
        return ErrorClass.OPERATOR if is_unpaid or _BAD_KEY.search(everything) else error_class
    return ErrorClass.OPERATOR if is_unpaid else error_class
