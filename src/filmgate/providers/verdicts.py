"""What every adapter says in the same way, where a vendor's own codes do not say more."""

from __future__ import annotations

import re

from filmgate.core.clock import Clock
from filmgate.core.errors import ErrorClass, OutcomeUnknown, UpstreamBusy, UpstreamError, UpstreamRefused
from filmgate.core.lenient import number_at
from filmgate.core.provider import Failed, ProviderTask
from filmgate.core.video import FailureCode
from filmgate.net.upstream import Reply

_MOST_MESSAGE_CHARACTERS = 2000
_QUERY = re.compile(r"(https?://[^\s?\"'<>]+)\?[^\s\"'<>]*")


def submit_error(
    reply: Reply,
    message: str | None = None,
    *,
    upstream_code: str | None = None,
    error_class: ErrorClass | None = None,
) -> UpstreamError:
    """The error of a paid call that was answered with anything but a task.

    `error_class` is what the vendor's own code says: then it was certainly refused, whatever the status. Without it a
    4xx was refused, and a 5xx or a 2xx without a task leaves open whether a task exists.
    """
    message = _message(reply, message)
    upstream_code = upstream_code or str(reply.status)
    error_class = error_class or _class_of(reply.status)
    if error_class is None:
        return OutcomeUnknown(message, upstream_code=upstream_code, retry_after_seconds=reply.retry_after_seconds)
    return UpstreamRefused(
        message,
        error_class=error_class,
        retryable=error_class in (ErrorClass.RATE_LIMIT, ErrorClass.TRANSIENT),
        upstream_code=upstream_code,
        retry_after_seconds=reply.retry_after_seconds,
    )


def query_error(
    reply: Reply,
    message: str | None = None,
    *,
    upstream_code: str | None = None,
    error_class: ErrorClass | None = None,
) -> UpstreamBusy:
    """The error of a poll, cancel or find that was answered with anything but an answer."""
    return UpstreamBusy(
        _message(reply, message),
        error_class=error_class or _class_of(reply.status) or ErrorClass.TRANSIENT,
        upstream_code=upstream_code or str(reply.status),
        retry_after_seconds=reply.retry_after_seconds,
    )


def accepted(task_id: str | None, reply: Reply, **data: object) -> ProviderTask:
    """The task of an accepted submit. Raises OutcomeUnknown where the answer holds no id."""
    if task_id is None:
        raise OutcomeUnknown(f"the submit was answered with HTTP {reply.status} but without a task id")
    return ProviderTask(task_id, dict(data))


def failure_code(error_class: ErrorClass) -> FailureCode:
    """What the client is told of a task that failed."""
    return {
        ErrorClass.MODERATION: FailureCode.CONTENT_POLICY_VIOLATION,
        ErrorClass.CALLER: FailureCode.PROVIDER_REJECTED,
        ErrorClass.OPERATOR: FailureCode.PROVIDER_UNAVAILABLE,
        ErrorClass.MODEL: FailureCode.PROVIDER_UNAVAILABLE,
    }.get(error_class, FailureCode.PROVIDER_FAILED)


def readable(text: str) -> str:
    """A vendor's words, for a message: cut where nobody reads on, and without the queries of links.

    Vendors repeat the links that they could not fetch, signed ones too. It is cut first: a text of nothing but links
    would keep the pattern busy for a time that grows with the square of its length.
    """
    return _QUERY.sub(r"\1?…", text[:_MOST_MESSAGE_CHARACTERS])


def seconds_since_submit(task: ProviderTask, clock: Clock) -> float | None:
    """The age of a task that keeps its `submitted_at`; None for one that does not."""
    submitted_at = number_at(task.data, "submitted_at")
    return None if submitted_at is None else clock.now() - submitted_at


def without_file(vendor: str, status: str) -> Failed:
    """A success that names no file: made and not to be had, so it may well have been charged."""
    message = f"{vendor} reports success without a file"
    return Failed(FailureCode.PROVIDER_FAILED, message, upstream_code=status, doubtful=True)


def _message(reply: Reply, message: str | None) -> str:
    return readable(message or f"HTTP {reply.status}: {reply.snippet() or 'no body'}")


def _class_of(status: int) -> ErrorClass | None:
    if status == 404:
        return ErrorClass.MODEL
    if status in (401, 402, 403) or 300 <= status < 400:
        return ErrorClass.OPERATOR
    if status == 429:
        return ErrorClass.RATE_LIMIT
    if 400 <= status < 500 and status != 408:
        return ErrorClass.CALLER
    return None
