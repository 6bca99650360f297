"""A golden case played against an adapter, and what must hold of whatever comes of it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from adapters import Sample
from hostile import ScriptedTransport

from filmgate.core.errors import (
    Charged,
    OutcomeUnknown,
    UpstreamBusy,
    UpstreamError,
    UpstreamRefused,
    UpstreamUnreachable,
)
from filmgate.core.provider import (
    Absent,
    Failed,
    FindsTasks,
    Found,
    GuardsDownloads,
    Pending,
    ProviderTask,
    Succeeded,
    Unsure,
)
from filmgate.core.video import FailureCode
from golden.opening import CLIENT_REF, time_of

SUBMIT_ERRORS = (UpstreamRefused, UpstreamUnreachable, OutcomeUnknown)


async def submit(provider: Any, sample: Sample) -> Any:
    assert sample.case.submit is not None
    callback_url = sample.case.submit.callback_url
    return await provider.submit(sample.request(), client_ref=CLIENT_REF, callback_url=callback_url)


async def poll(provider: Any, sample: Sample) -> Any:
    return await provider.poll(sample.task())


async def poll_many(provider: Any, sample: Sample) -> Any:
    return await provider.poll_many(sample.tasks())


async def cancel(provider: Any, sample: Sample) -> Any:
    return await provider.cancel(sample.task())


async def find(provider: Any, sample: Sample) -> Any:
    if not isinstance(provider, FindsTasks):
        return Unsure("it has no way to look")
    submitted_at = sample.case.find.submitted_at if sample.case.find else time_of(sample.file, sample.case)
    return await provider.find(sample.request(), client_ref=CLIENT_REF, submitted_at=submitted_at, taken=("x",))


async def download_headers(url: str, provider: Any, sample: Sample) -> dict[str, str]:
    return dict(await provider.download_headers(url)) if isinstance(provider, GuardsDownloads) else {}


async def base_url(provider: Any, sample: Sample) -> str:
    return provider.base_url


Call = Callable[[Any, Sample], Awaitable[Any]]
CALLS: dict[str, Call] = {"submit": submit, "poll": poll, "poll_many": poll_many, "cancel": cancel, "find": find}


async def play(sample: Sample, transport: ScriptedTransport, work_dir: Path, call: Call) -> Any:
    """What `call` returns, or the UpstreamError that it raises. Anything else that it raises fails the test."""
    provider = sample.open(work_dir, transport)
    try:
        return await call(provider, sample)
    except UpstreamError as error:
        return error
    finally:
        await provider.close()


def check_submitted(outcome: Any, sample: Sample, transport: ScriptedTransport) -> None:
    assert isinstance(outcome, (ProviderTask, *SUBMIT_ERRORS))
    check_told(outcome, sample, transport)
    if isinstance(outcome, ProviderTask):
        check_task(outcome)


def check_verdict(outcome: Any, sample: Sample, transport: ScriptedTransport) -> None:
    assert isinstance(outcome, Pending | Succeeded | Failed | UpstreamBusy)
    check_told(outcome, sample, transport)
    match outcome:
        case Pending():
            assert outcome.progress_percent is None or 0 <= outcome.progress_percent <= 100
        case Succeeded():
            assert (outcome.url is None) != (outcome.path is None)
        case Failed():
            assert outcome.code in set(FailureCode)
            assert not outcome.retryable or outcome.charged is Charged.NO
        case _:
            pass


def check_verdicts(outcome: Any, sample: Sample, transport: ScriptedTransport) -> None:
    assert isinstance(outcome, Mapping | UpstreamBusy)
    answers = outcome if isinstance(outcome, Mapping) else {}
    assert set(answers) <= {task.id for task in sample.tasks()}
    for answer in answers.values():
        assert not isinstance(answer, UpstreamBusy)
        check_verdict(answer, sample, transport)


def check_cancelled(outcome: Any, sample: Sample, transport: ScriptedTransport) -> None:
    assert isinstance(outcome, bool | UpstreamBusy)
    check_told(outcome, sample, transport)


def check_found(outcome: Any, sample: Sample, transport: ScriptedTransport) -> None:
    assert isinstance(outcome, Found | Absent | Unsure | UpstreamBusy)
    check_told(outcome, sample, transport)
    if isinstance(outcome, Found):
        check_task(outcome.task)


CHECKS = {
    "submit": check_submitted,
    "poll": check_verdict,
    "poll_many": check_verdicts,
    "cancel": check_cancelled,
    "find": check_found,
}


def check_task(task: ProviderTask) -> None:
    """A later process goes on from what was stored of it."""
    assert task.id.strip()
    assert json.loads(json.dumps(task.data, allow_nan=False)) == task.data


def check_told(outcome: Any, sample: Sample, transport: ScriptedTransport) -> None:
    """What is told can be stored by any database and shown to any client."""
    texts = _texts(outcome)
    assert not [text for text in texts if b"\x00" in text.encode()]
    for secret in [*sample.secrets(), *transport.tokens_sent()]:
        assert not [text for text in texts if secret in text]


def _texts(value: Any) -> list[str]:
    if isinstance(value, UpstreamError):
        assert value.retry_after_seconds is None or 0 <= value.retry_after_seconds <= 3600
        return [value.message, value.upstream_code or ""]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _texts(dataclasses.asdict(value))
    if isinstance(value, dict):
        return [text for item in [*value.keys(), *value.values()] for text in _texts(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []
