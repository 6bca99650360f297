"""MiniMax's error codes: the same numbers in both of its APIs, in different places.

v1 says them in `base_resp.status_code`, also with HTTP 200; v2 in brackets at the end of `error.message`, and for a
failed task in `task.error.code`.

Source: platform.minimax.io/docs/api-reference/errorcode, in copies up to 2026-10-08. 1028, 1030 and 2061 are known from
the vendor's command-line tool only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from filmgate.core.errors import Charged, ErrorClass, UpstreamBusy, UpstreamError
from filmgate.core.lenient import int_at, text_at
from filmgate.core.provider import Failed
from filmgate.net.upstream import Reply
from filmgate.providers.verdicts import failure_code, query_error, readable, submit_error

OK = 0
BAD_PARAMETERS = 2013
_IN_BRACKETS = re.compile(r"\((\d{4})\)\s*\Z")


@dataclass(frozen=True, slots=True)
class Meaning:
    """Whose business a code is, and what to do where the vendor's own words do not say it."""

    error_class: ErrorClass
    advice: str | None = None


_WRONG_KEY = Meaning(
    ErrorClass.OPERATOR,
    "the account's key is wrong, or is a key of the other region: those of api.minimax.io and api.minimaxi.com differ",
)
_PLAN_USED_UP = Meaning(ErrorClass.OPERATOR, "the quota of the account's plan is used up")
# MiniMax's own errors are transient here. After a submit they leave open whether a task exists.
_MEANINGS = {
    1000: Meaning(ErrorClass.TRANSIENT, "an unknown error at MiniMax"),
    1001: Meaning(ErrorClass.TRANSIENT, "a time-out at MiniMax"),
    1002: Meaning(ErrorClass.RATE_LIMIT, "too many requests a minute"),
    1004: _WRONG_KEY,
    1008: Meaning(ErrorClass.OPERATOR, "the account has no balance left"),
    1013: Meaning(ErrorClass.TRANSIENT, "an internal error at MiniMax"),
    1024: Meaning(ErrorClass.TRANSIENT, "an internal error at MiniMax"),
    1026: Meaning(ErrorClass.MODERATION, "MiniMax holds the prompt or an image to be sensitive: change it"),
    1027: Meaning(ErrorClass.MODERATION, "MiniMax holds the clip that it made to be sensitive: change the prompt"),
    1028: _PLAN_USED_UP,
    1030: _PLAN_USED_UP,
    1033: Meaning(ErrorClass.TRANSIENT, "a system error at MiniMax"),
    1039: Meaning(ErrorClass.RATE_LIMIT, "too many tokens a minute"),
    1041: Meaning(ErrorClass.RATE_LIMIT, "too many connections at once"),
    1042: Meaning(ErrorClass.CALLER, "the prompt has too many invisible characters: remove them"),
    BAD_PARAMETERS: Meaning(ErrorClass.CALLER),
    2045: Meaning(ErrorClass.RATE_LIMIT, "the rate of requests grew too fast"),
    2049: _WRONG_KEY,
    2056: Meaning(ErrorClass.OPERATOR, "the plan's quota for this window of 5 hours is used up; it fills up again"),
    2061: Meaning(ErrorClass.MODEL, "the account's plan does not have this model"),
}


def _meaning(code: int | None) -> Meaning | None:
    return None if code is None else _MEANINGS.get(code)


def error_code(answer: Any) -> int | None:
    """The vendor's code in an answer of either API; `OK` where v1 says so, None where there is none."""
    code = int_at(answer, "base_resp", "status_code")
    return code if code is not None else code_in_brackets(text_at(answer, "error", "message"))


def code_in_brackets(text: str | None) -> int | None:
    found = _IN_BRACKETS.search(text or "")
    return int(found[1]) if found else None


def error_text(answer: Any) -> str | None:
    """The vendor's words in an answer of either API."""
    return text_at(answer, "base_resp", "status_msg") or text_at(answer, "error", "message")


def was_answered(reply: Reply) -> bool:
    """Whether a call was answered, rather than refused in either API's way. HTTP 200 alone says nothing."""
    answer = reply.json()
    return reply.status == 200 and isinstance(answer, dict) and error_code(answer) in (None, OK)


def submit_failed(reply: Reply) -> UpstreamError:
    """The error of a paid call that was not answered with a task."""
    code, text = _told(reply)
    meaning = _meaning(code)
    error_class = meaning.error_class if meaning and meaning.error_class is not ErrorClass.TRANSIENT else None
    if text_at(reply.json(), "error", "type") == "overloaded_error":
        error_class = ErrorClass.TRANSIENT  # by its name it was turned away, not begun
    return submit_error(reply, text, upstream_code=str(code) if code else None, error_class=error_class)


def query_failed(reply: Reply) -> UpstreamBusy:
    """The error of a call that creates nothing."""
    code, text = _told(reply)
    meaning = _meaning(code)
    error_class = meaning.error_class if meaning else None
    return query_error(reply, text, upstream_code=str(code) if code else None, error_class=error_class)


def task_failed(code: int | None, text: str | None, charged: Charged, *, status: str) -> Failed:
    """The verdict on a task that the vendor calls failed. One that cost nothing is worth another try where the vendor
    names an error of its own.
    """
    meaning = _meaning(code)
    error_class = meaning.error_class if meaning else ErrorClass.TRANSIENT
    what = {
        ErrorClass.MODERATION: "MiniMax's content check stopped this clip",
        ErrorClass.CALLER: "MiniMax does not take this request",
    }.get(error_class, "MiniMax could not make this clip")
    return Failed(
        failure_code(error_class),
        readable(f"{what}: {_with_advice(text, code) or 'it gave no reason'}"),
        error_class,
        retryable=charged is Charged.NO and meaning is not None and error_class is ErrorClass.TRANSIENT,
        charged=charged,
        upstream_code=str(code) if code else status,
    )


def _told(reply: Reply) -> tuple[int | None, str | None]:
    """The code, and a message for the client; None where the answer says nothing."""
    answer = reply.json()
    code = error_code(answer)
    words = _with_advice(error_text(answer), code) if code != OK else None
    return code, f"MiniMax: {words}" if words else None


def _with_advice(text: str | None, code: int | None) -> str | None:
    """The vendor's words without the code at their end, which stands beside every message, and our advice."""
    words = _IN_BRACKETS.sub("", text or "").strip()
    meaning = _meaning(code)
    advice = meaning.advice if meaning else None
    return f"{words} ({advice})" if words and advice else words or advice
