"""Every error that Filmgate raises on purpose, in one tree.

FilmgateError
├── ClientError                 the caller can mend it; becomes the HTTP answer named beside each class
│   ├── InvalidRequest          400  a field, its value, the values allowed
│   ├── AuthenticationFailed    401
│   ├── QuotaExceeded           402
│   ├── PermissionDenied        403
│   ├── NotFound                404
│   ├── Conflict                409
│   ├── Gone                    410
│   ├── BodyTooLarge            413
│   ├── UnsupportedMediaType    415
│   ├── RateLimited             429
│   └── ServiceUnavailable      503
├── UpstreamError               what a provider raises; says whose fault, whether to retry, whether it cost
│   ├── UpstreamRefused         the request reached the upstream and was certainly not accepted
│   ├── UpstreamUnreachable     not one byte of the request was sent
│   ├── UpstreamBusy            a call that creates nothing failed; ask again later
│   └── OutcomeUnknown          the paid call may or may not have created a task
├── MediaError                  a file is not what it claims to be, or cannot be decoded
├── MediaWorkCancelled          the caller asked a long media job to stop, and it did
├── FetchError                  a URL could not be fetched, or may not be
├── StorageError                the file store could not read or write (disk full, bucket away)
└── TransitionLost              a compare-and-set found that someone else moved the row first
"""

from __future__ import annotations

from enum import StrEnum


class FilmgateError(Exception):
    """Base of the tree. `message` is safe to show to any client: it never holds a secret."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ClientError(FilmgateError):
    """Something the caller can mend. `code` is stable; `param` names the field; nothing was stored or charged."""

    http_status = 400
    type = "invalid_request_error"
    default_code = "invalid_parameter"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        retry_after_seconds: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code or self.default_code
        self.param = param
        self.retry_after_seconds = retry_after_seconds


class InvalidRequest(ClientError):
    pass


class AuthenticationFailed(ClientError):
    http_status = 401
    type = "authentication_error"
    default_code = "invalid_api_key"


class QuotaExceeded(ClientError):
    http_status = 402
    type = "insufficient_quota"
    default_code = "insufficient_quota"


class PermissionDenied(ClientError):
    http_status = 403
    type = "permission_error"
    default_code = "model_not_allowed"


class NotFound(ClientError):
    http_status = 404
    default_code = "video_not_found"


class Conflict(ClientError):
    http_status = 409
    default_code = "video_not_ready"


class Gone(ClientError):
    http_status = 410
    default_code = "content_expired"


class BodyTooLarge(ClientError):
    http_status = 413
    default_code = "body_too_large"


class UnsupportedMediaType(ClientError):
    http_status = 415
    default_code = "unsupported_media_type"


class RateLimited(ClientError):
    """Always carries `retry_after_seconds`."""

    http_status = 429
    type = "rate_limit_error"
    default_code = "rate_limit_exceeded"


class ServiceUnavailable(ClientError):
    http_status = 503
    type = "server_error"
    default_code = "no_account"


class ErrorClass(StrEnum):
    """Whose business an upstream error is."""

    CALLER = "caller"
    OPERATOR = "operator"  # key, balance, rights: the account is of no use until its owner acts
    MODEL = "model"  # the account cannot make this model, and goes on with its others
    RATE_LIMIT = "rate_limit"  # too fast or too many at once: the account is sound, and asked again later
    TRANSIENT = "transient"
    MODERATION = "moderation"


class Charged(StrEnum):
    """What an upstream's verdict says of money. Unknown is a state of its own, never guessed."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


class UpstreamError(FilmgateError):
    """A provider's call failed. `upstream_code` is the vendor's own word, for the timeline."""

    def __init__(
        self,
        message: str,
        *,
        error_class: ErrorClass = ErrorClass.TRANSIENT,
        retryable: bool = False,
        charged: Charged = Charged.UNKNOWN,
        upstream_code: str | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(message)
        self.error_class = error_class
        self.retryable = retryable
        self.charged = charged
        self.upstream_code = upstream_code
        self.retry_after_seconds = retry_after_seconds


class UpstreamRefused(UpstreamError):
    """Certainly not accepted: no task exists and nothing was charged."""

    def __init__(
        self,
        message: str,
        *,
        error_class: ErrorClass = ErrorClass.CALLER,
        retryable: bool = False,
        upstream_code: str | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(
            message,
            error_class=error_class,
            retryable=retryable,
            charged=Charged.NO,
            upstream_code=upstream_code,
            retry_after_seconds=retry_after_seconds,
        )


class UpstreamUnreachable(UpstreamError):
    """No byte of the request left this machine: safe to send again, here or elsewhere."""

    def __init__(self, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message, retryable=True, charged=Charged.NO, retry_after_seconds=retry_after_seconds)


class UpstreamBusy(UpstreamError):
    """A poll, cancel or find failed. It says nothing of the task, which goes on; ask again later."""

    def __init__(
        self,
        message: str,
        *,
        error_class: ErrorClass = ErrorClass.TRANSIENT,
        upstream_code: str | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(
            message,
            error_class=error_class,
            retryable=True,
            charged=Charged.NO,
            upstream_code=upstream_code,
            retry_after_seconds=retry_after_seconds,
        )


class OutcomeUnknown(UpstreamError):
    """The paid call was sent and no answer came back. Never submit again on this alone."""


class MediaError(FilmgateError):
    """A file cannot be decoded, or is not what it claims to be."""


class MediaWorkCancelled(FilmgateError):
    """A re-encode was stopped half-way because its caller asked. It left no file."""


class FetchError(FilmgateError):
    """A URL could not be fetched. `retryable` is False when it may not be fetched at all (address, type, size)."""

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class StorageError(FilmgateError):
    """The file store failed. `retryable` is False when waiting cannot help (access denied, no such bucket)."""

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class TransitionLost(FilmgateError):
    """Another worker moved the row between our read and our write. Read again and go on from there."""
