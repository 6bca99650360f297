"""What servers of `/v1/videos` answer: a Video in many spellings, and errors in more.

The original has four status words and its errors in one envelope. The words and places below are those of new-api,
SGLang and vLLM-Omni (2026), and of re-sellers whose pages were read on 2026-11-23.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from filmgate.core.errors import Charged, ErrorClass
from filmgate.core.lenient import at, int_at, number_at, text_at
from filmgate.core.provider import Answer, Failed, Pending, Succeeded
from filmgate.core.video import FailureCode
from filmgate.net.upstream import Reply
from filmgate.providers.openai_dialects import OWN_ENGINES, TITLES, Dialect
from filmgate.providers.outgoing import in_path
from filmgate.providers.verdicts import readable

_WAITING = frozenset(
    {
        "queued", "in_progress", "pending", "processing", "submitted", "running", "generating", "preparing",
        "not_start", "notstarted", "created", "starting",
    }
)  # fmt: skip
_DONE = frozenset({"completed", "complete", "succeeded", "success", "finished"})
_STOPPED = frozenset({"cancelled", "canceled", "deleted"})  # by somebody else, there
_FAILED = frozenset({"failed", "failure", "fail", "error"}) | _STOPPED

_MODERATION_CODES = frozenset(
    {
        "sentinel_block", "moderation_blocked",  # OpenAI, before and after the start
        "content_filter",  # Azure (unconfirmed)
        "sensitive_words_detected",  # new-api
        "content_policy_violation",  # Filmgate
    }
)  # fmt: skip
# Hosted servers pass on what a vendor wrote; an engine's own messages are of memory, shapes and files.
_MODERATION_WORDS = ("moderation", "content policy", "content_policy", "safety system")
_CLASS_OF_CODE: Mapping[str, ErrorClass] = {
    **dict.fromkeys(_MODERATION_CODES, ErrorClass.MODERATION),
    "insufficient_quota": ErrorClass.OPERATOR,  # comes as a 429, and waiting does not mend it
    "insufficient_user_quota": ErrorClass.OPERATOR,  # new-api
    "pre_consume_token_quota_failed": ErrorClass.OPERATOR,  # new-api
    "budget_exceeded": ErrorClass.OPERATOR,  # LiteLLM, as a 400 (unconfirmed)
    "invalid_api_key": ErrorClass.OPERATOR,
    "model_not_found": ErrorClass.MODEL,  # new-api says it with a 503 where no channel has the model
    "no_account": ErrorClass.MODEL,  # Filmgate, this and the next four
    "model_not_allowed": ErrorClass.MODEL,
    "model_retired": ErrorClass.MODEL,
    "model_unpriced": ErrorClass.MODEL,
    "storage_unavailable": ErrorClass.TRANSIENT,
    "task_not_exist": ErrorClass.TRANSIENT,  # new-api's 400 for what others answer with a 404
    "rate_limit_exceeded": ErrorClass.RATE_LIMIT,
    "too_many_active_videos": ErrorClass.RATE_LIMIT,
    "queue_full": ErrorClass.RATE_LIMIT,
}
_ADVICE = {
    401: "the account's api_key is missing or wrong",
    404: "is base_url a server with /v1/videos? OpenAI removed its own on 2026-09-24",
    405: "is base_url a server with /v1/videos? OpenAI removed its own on 2026-09-24",
}


# ── the Video ───────────────────────────────────────────────────────────────────────────────────────────────────────


def video_in(answer: Any) -> Any:
    """The Video itself, taken out of the envelope `{"code", "data": {…}}` of new-api where it is in one."""
    wrapped = isinstance(at(answer, "data"), dict) and at(answer, "status") is None
    return at(answer, "data") if wrapped else answer


def id_of(video: Any) -> str | None:
    return text_at(video, "id") or text_at(video, "task_id")


def status_of(video: Any) -> str:
    """In lower case, with underscores; empty where there is none."""
    return (text_at(video, "status") or "").casefold().replace("-", "_").replace(" ", "_")


def is_failure(video: Any) -> bool:
    return status_of(video) in _FAILED


def verdict(dialect: Dialect, video: Any, *, task_id: str, base_url: str) -> Answer:
    """A Video whose status is not empty."""
    status = status_of(video)
    if status in _DONE:
        return Succeeded(url=result_url(dialect, video, task_id=task_id, base_url=base_url))
    if status in _FAILED:
        return _failure(dialect, video, status)
    warning = None if status in _WAITING else f"{TITLES[dialect]} reports the unknown status {status[:64]!r}"
    return Pending(_progress_percent(dialect, video), warning)


def _progress_percent(dialect: Dialect, video: Any) -> int | None:
    """A number, or new-api's "50%". The own engines say 0 until they are done, which is no figure."""
    told = number_at((text_at(video, "progress") or "").removesuffix("%"))
    if told is None or (told == 0 and dialect in OWN_ENGINES):
        return None
    return round(min(max(told, 0.0), 100.0))


def content_url(base_url: str, task_id: str) -> str:
    return f"{base_url}/videos/{in_path(task_id)}/content"


def result_url(dialect: Dialect, video: Any, *, task_id: str, base_url: str) -> str:
    """Where the finished file lies: the server's /content, or a link in the Video where the dialect has such."""
    content = content_url(base_url, task_id)
    match dialect:
        case Dialect.SGLANG:
            # Its `variant` counts outputs; /content refuses a file that went to object storage, and `url` is that.
            return _link_in(video, base_url) or f"{content}?variant=0"
        case Dialect.NEW_API | Dialect.OPENAI:
            link = _link_in(video, base_url)
            # new-api writes links to itself with the address in its settings, which may be right for nobody else.
            if link is None or link.partition("?")[0].endswith(f"/v1/videos/{task_id}/content"):
                return content
            return link
        case _:
            return content


def _link_in(video: Any, base_url: str) -> str | None:
    for place in (("url",), ("video_url",), ("metadata", "url"), ("result_url",), ("data", 0, "url")):
        link = text_at(video, *place) or ""
        if link.startswith(("http://", "https://")):
            return link
        if link.startswith("/") and not link.startswith("//"):
            return "/".join(base_url.split("/", 3)[:3]) + link
    return None


# ── failures ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _failure(dialect: Dialect, video: Any, status: str) -> Failed:
    code = text_at(video, "error", "code")
    reason = error_text(video) or "no reason was given"
    if status in _STOPPED:
        reason = f"it was {status} there"
    message = f"{TITLES[dialect]} did not make this video: {reason}"
    charged = _charged(dialect, video)
    upstream_code = code or status
    if dialect is Dialect.FILMGATE:
        return _filmgate_failure(code, message, charged)
    if _is_moderation(dialect, code, reason):
        return Failed(
            FailureCode.CONTENT_POLICY_VIOLATION, message, ErrorClass.MODERATION,
            charged=charged, upstream_code=upstream_code,
        )  # fmt: skip
    if dialect in OWN_ENGINES and _blames_the_input(int_at(video, "error", "code")):
        return Failed(
            FailureCode.PROVIDER_REJECTED, message, ErrorClass.CALLER, charged=charged, upstream_code=upstream_code
        )
    return Failed(
        FailureCode.PROVIDER_FAILED,
        message,
        # Where another try costs nothing, a crash or a full memory deserves one.
        retryable=dialect in OWN_ENGINES and status not in _STOPPED,
        charged=charged,
        upstream_code=upstream_code,
    )


def forgotten(dialect: Dialect) -> Failed:
    """A job that an own engine had and has no longer: it keeps them in memory only."""
    message = f"{TITLES[dialect]} no longer knows this video; it forgets its jobs when it is restarted"
    return Failed(
        FailureCode.PROVIDER_FAILED,
        message,
        retryable=True,
        charged=Charged.NO,
        upstream_code="404",
        lost=True,
        doubtful=True,
    )


def is_forgotten(reply: Reply) -> bool:
    """The engine's own words: any other 404 may be a proxy's, and says nothing of the job."""
    return reply.status == 404 and (error_text(reply.json()) or "").casefold() == "video not found"


def _filmgate_failure(code: str | None, message: str, charged: Charged) -> Failed:
    """It has our own codes, and has already tried again what was worth it to it; another account may be luckier."""
    known = FailureCode(code) if code in list(FailureCode) else FailureCode.PROVIDER_FAILED
    error_class = {
        FailureCode.CONTENT_POLICY_VIOLATION: ErrorClass.MODERATION,
        FailureCode.INVALID_INPUT: ErrorClass.CALLER,
        FailureCode.PROVIDER_REJECTED: ErrorClass.CALLER,
    }.get(known, ErrorClass.TRANSIENT)
    if known in (FailureCode.CANCELLED, FailureCode.OUTCOME_UNKNOWN):
        known = FailureCode.PROVIDER_FAILED  # cancelled there, not by our client; and our own submit is well known
    retryable = charged is Charged.NO and known in (FailureCode.PROVIDER_UNAVAILABLE, FailureCode.INTERNAL_ERROR)
    return Failed(known, message, error_class, retryable, charged, upstream_code=code)


def _charged(dialect: Dialect, video: Any) -> Charged:
    if dialect in OWN_ENGINES:
        return Charged.NO
    if dialect is Dialect.FILMGATE:
        return filmgate_charge(video)
    return Charged.UNKNOWN


def filmgate_charge(video: Any) -> Charged:
    """What a Filmgate booked for the video."""
    booked = number_at(video, "metadata", "filmgate", "cost", "charged_usd")
    if booked is None:
        return Charged.UNKNOWN
    return Charged.YES if booked > 0 else Charged.NO


def _is_moderation(dialect: Dialect, code: str | None, reason: str) -> bool:
    if (code or "").casefold() in _MODERATION_CODES:
        return True
    return dialect not in OWN_ENGINES and any(word in reason.casefold() for word in _MODERATION_WORDS)


def _blames_the_input(code: int | None) -> bool:
    return code is not None and 400 <= code < 500 and code not in (408, 429)


# ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def explained(reply: Reply, *, for_submit: bool = False) -> dict[str, Any]:
    """An answer that is no Video, as the arguments of `submit_error` and `query_error`."""
    answer = reply.json()
    codes = codes_in(answer)
    message = error_text(answer) or f"HTTP {reply.status}: {reply.snippet() or 'no body'}"
    error_class = next((_CLASS_OF_CODE[code] for code in codes if code in _CLASS_OF_CODE), None)
    if error_class is None and "model mismatch" in message.casefold():
        error_class = ErrorClass.MODEL  # vLLM-Omni serves one model, under the name it was started with
    if error_class is None and for_submit and reply.status in _ADVICE:
        message = f"{message} ({_ADVICE[reply.status]})"
        error_class = ErrorClass.OPERATOR
    if error_class is None and not for_submit and reply.status == 404:
        error_class = ErrorClass.TRANSIENT  # of one video; the account has made it, so it is sound
    return {"message": message, "upstream_code": codes[0] if codes else None, "error_class": error_class}


def codes_in(answer: Any) -> list[str]:
    """Every place where some server puts a word for what went wrong, the most telling first."""
    places = (("error", "code"), ("error", "type"), ("code",), ("type",))
    return [code.casefold() for place in places if (code := text_at(answer, *place))]


def error_text(answer: Any) -> str | None:
    """The words of an error, or of a failed Video, in any of the envelopes."""
    for place in (("error", "message"), ("error",), ("detail", "error"), ("detail",), ("fail_reason",), ("message",)):
        if text := text_at(answer, *place):
            return readable(text)
    if problem := text_at(answer, "detail", 0, "msg"):
        return readable(f"{text_at(answer, 'detail', 0, 'loc', -1) or 'request'}: {problem}")
    return None
