"""The ways in which upstreams are known to fail, and the plan of when they do."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    # The paid call.
    UNREACHABLE = "unreachable"  # no connection comes about (in process only: a server cannot refuse by itself)
    RESET_BEFORE = "reset_before"  # the connection breaks before anything was created
    LOST_REPLY = "lost_reply"  # created, and the connection breaks before the first byte of the reply
    RESET_DURING = "reset_during"  # created, and the connection breaks in the middle of the reply
    SUBMIT_500 = "submit_500"  # an internal error; nothing was created
    SUBMIT_503 = "submit_503"  # unavailable; nothing was created
    SUBMIT_504 = "submit_504"  # a time-out inside; created all the same
    SUBMIT_HTML = "submit_html"  # a proxy's error page with status 502; nothing was created
    SUBMIT_WITHOUT_ID = "submit_without_id"  # created, and the reply names no task
    RATE_LIMITED = "rate_limited"  # 429: too fast
    TOO_MANY_TASKS = "too_many_tasks"  # the vendor's "too many at once", where it has one
    OUT_OF_BALANCE = "out_of_balance"  # whatever status the vendor gives it
    UNAUTHORISED = "unauthorised"  # the key is not taken, on every call
    MODERATED_SUBMIT = "moderated_submit"
    REFUSED_SUBMIT = "refused_submit"  # a value that the documents allow
    UNKNOWN_MODEL = "unknown_model"
    # The task.
    MODERATED_LATE = "moderated_late"
    FAILED_LATE = "failed_late"
    SUCCESS_WITHOUT_FILE = "success_without_file"
    STUCK = "stuck"  # runs for ever
    # Polls.
    POLL_401 = "poll_401"
    POLL_429 = "poll_429"
    POLL_500 = "poll_500"
    POLL_503 = "poll_503"
    POLL_504 = "poll_504"
    POLL_RESET = "poll_reset"
    POLL_HTML = "poll_html"
    YOUNG_404 = "young_404"  # a new task is not known yet
    UNKNOWN_STATUS = "unknown_status"
    WRONG_TYPES = "wrong_types"  # numbers where texts were, and the reverse
    NULL_OBJECT = "null_object"  # null where an object was
    PROGRESS_BACK = "progress_back"
    # The file.
    FILE_DEAD = "file_dead"  # this link is dead; polling again gives a fresh one where the vendor does so
    FILE_SLOW = "file_slow"
    FILE_TRUNCATED = "file_truncated"
    FILE_WRONG_TYPE = "file_wrong_type"  # a page in place of the clip
    FILE_PRIVATE_REDIRECT = "file_private_redirect"
    # Callbacks.
    CALLBACK_DUPLICATE = "callback_duplicate"
    CALLBACK_LATE = "callback_late"  # after the task has long been finished
    CALLBACK_FORGED = "callback_forged"  # says "failed" with a wrong signature, while the task runs


@dataclass(slots=True)
class Rule:
    fault: Fault
    times: int | None = 1  # None: for ever
    probability: float = 1.0


@dataclass(slots=True)
class FaultPlan:
    """Which faults strike. A rule is spent after `times` strikes."""

    rules: list[Rule] = field(default_factory=list[Rule])
    random: random.Random = field(default_factory=lambda: random.Random(1))

    def add(self, fault: Fault, *, times: int | None = 1, probability: float = 1.0) -> None:
        self.rules.append(Rule(fault, times, probability))

    def strikes(self, fault: Fault) -> bool:
        """Whether `fault` happens now; spends one of its times."""
        for rule in self.rules:
            if rule.fault is fault and rule.times != 0 and self.random.random() < rule.probability:
                if rule.times is not None:
                    rule.times -= 1
                return True
        return False


def parse_rule(text: str) -> Rule:
    """ "poll_500" strikes once, "poll_500:3" three times, "poll_500:always", "poll_500:20%" one call in five.

    Raises ValueError with the faults that exist.
    """
    name, _, amount = text.partition(":")
    try:
        fault = Fault(name.strip())
    except ValueError:
        raise ValueError(f"{name!r} is no fault; there are {', '.join(Fault)}") from None
    if not amount:
        return Rule(fault)
    if amount == "always":
        return Rule(fault, times=None)
    if amount.endswith("%") and amount[:-1].replace(".", "", 1).isdecimal() and float(amount[:-1]) <= 100:
        return Rule(fault, times=None, probability=float(amount[:-1]) / 100)
    if amount.isdecimal() and int(amount) > 0:
        return Rule(fault, times=int(amount))
    raise ValueError(f'{text!r}: after the colon stands a number of times, "always", or a share such as 20%')
