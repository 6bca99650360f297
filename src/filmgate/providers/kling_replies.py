"""What Kling answers, in either design, as our verdicts and errors."""

from __future__ import annotations

from typing import Any

from filmgate.core.errors import ErrorClass
from filmgate.core.lenient import int_at, list_at, text_at
from filmgate.core.provider import Answer, Failed, Pending, Succeeded
from filmgate.core.video import FailureCode
from filmgate.net.upstream import Reply
from filmgate.providers.verdicts import readable, without_file

# The vendor's codes. 1100 to 1102 and 1304 come with HTTP 429 and yet are not about speed.
_OPERATOR_CODES = frozenset({1000, 1001, 1002, 1003, 1004, 1100, 1101, 1102, 1304})
_MODEL_CODES = frozenset({1103, 1202, 1203})
_CALLER_CODES = frozenset({1200, 1201})
_MODERATION_CODES = frozenset({1300, 1301})
_RATE_CODES = frozenset({1302, 1303})
NOT_FOUND = 1203
_MAINTENANCE = 5001
_ADVICE = {
    1002: "the key is wrong, or belongs to another region, or is an access key on a path that takes API keys only",
    1003: "the token is not valid yet: set this machine's clock",
    1004: "the token has expired: set this machine's clock",
    1100: "the vendor reports a problem with the account",
    1101: "the account is in arrears",
    1102: "the account's resource pack is used up or has expired",
    1103: "the account has no right to this model",
    1203: "the vendor has no such model, or has retired it",
    1300: "against the platform's rules: change the prompt or the images",
    1301: "against the content rules: change the prompt or the images",
    1304: "this machine's address is not on the account's allow-list",
}
# A failed task carries free text only. The vendor gives no list; "risk control" is the wording seen in the field.
_MODERATION_WORDS = ("risk control", "sensitive", "content policy", "content security", "violat")


def task_id_of(told: Any) -> str | None:
    """Of one task, in either design."""
    return text_at(told, "id") or text_at(told, "task_id")


def verdict(told: Any) -> Answer:
    status = text_at(told, "status") or text_at(told, "task_status")
    if status in ("succeed", "succeeded"):
        link = _link(told)
        return Succeeded(url=link) if link else without_file("Kling", status)
    if status == "failed":
        return _failure(text_at(told, "message") or text_at(told, "task_status_msg") or "it gave no reason")
    if status in ("submitted", "processing"):
        return Pending()
    return Pending(warning=f"Kling reports the unknown status {status!r}")


def _link(told: Any) -> str | None:
    for output in list_at(told, "outputs"):
        if text_at(output, "type") == "video" and (url := text_at(output, "url")):
            return url
    return text_at(told, "task_result", "videos", 0, "url")


def _failure(reason: str) -> Failed:
    """The vendor's pages do not say whether failed tasks are returned to the pack, so what was charged is unknown."""
    reason = readable(reason)
    if any(word in reason.casefold() for word in _MODERATION_WORDS):
        message = f"Kling's content check stopped this clip: {reason}"
        return Failed(FailureCode.CONTENT_POLICY_VIOLATION, message, ErrorClass.MODERATION, upstream_code="failed")
    return Failed(FailureCode.PROVIDER_FAILED, f"Kling could not make this clip: {reason}", upstream_code="failed")


def explained(reply: Reply, answer: Any, *, for_submit: bool = False) -> dict[str, Any]:
    """The vendor's code as the arguments of `submit_error` and `query_error`."""
    code = int_at(answer, "code")
    if code is None or code == 0:
        return {}
    message = text_at(answer, "message") or f"HTTP {reply.status}"
    advice = f" ({_ADVICE[code]})" if code in _ADVICE else ""
    error_class = _class_of(code)
    if for_submit and code == _MAINTENANCE:
        error_class = ErrorClass.TRANSIENT  # closed for maintenance: it does not take tasks, by its own table
    return {"message": f"Kling: {message}{advice}", "upstream_code": str(code), "error_class": error_class}


def _class_of(code: int) -> ErrorClass | None:
    """None for 5000 and 5002 too: the task may exist."""
    for codes, error_class in (
        (_OPERATOR_CODES, ErrorClass.OPERATOR),
        (_MODEL_CODES, ErrorClass.MODEL),
        (_CALLER_CODES, ErrorClass.CALLER),
        (_MODERATION_CODES, ErrorClass.MODERATION),
        (_RATE_CODES, ErrorClass.RATE_LIMIT),
    ):
        if code in codes:
            return error_class
    return None
