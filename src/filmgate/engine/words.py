"""What a client is told when an upstream refused: whose fault it is, and what to do."""

from __future__ import annotations

from filmgate.core.errors import ErrorClass
from filmgate.core.video import FailureCode
from filmgate.engine.accounts import Account

_ADVICE = {
    ErrorClass.CALLER: "Change the request",
    ErrorClass.MODERATION: "Change the prompt or the images",
    ErrorClass.OPERATOR: "This is for the operator of this server to mend; `filmgate accounts` shows it",
    ErrorClass.MODEL: "This is for the operator of this server to mend, or choose another model",
    ErrorClass.RATE_LIMIT: "Try again later, or raise the account's limits with the vendor",
    ErrorClass.TRANSIENT: "Try again later",
}


def refusal_message(account: Account, error_class: ErrorClass, reason: str) -> str:
    """Names the account and never a secret."""
    who = f"{account.provider} refused this (account {account.name!r})"
    if error_class is ErrorClass.TRANSIENT:
        who = f"{account.provider} could not take this (account {account.name!r})"
    if error_class is ErrorClass.MODEL:
        who = f"Account {account.name!r} of {account.provider} cannot make this model"
    if error_class is ErrorClass.OPERATOR:
        who = f"Account {account.name!r} of {account.provider} cannot be used"
    return f"{who}: {reason.rstrip('.')}. {_ADVICE[error_class]}. Nothing was charged"


def refusal_code(error_class: ErrorClass) -> FailureCode:
    return {
        ErrorClass.MODERATION: FailureCode.CONTENT_POLICY_VIOLATION,
        ErrorClass.CALLER: FailureCode.PROVIDER_REJECTED,
    }.get(error_class, FailureCode.PROVIDER_UNAVAILABLE)
