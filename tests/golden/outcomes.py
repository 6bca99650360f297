"""What an adapter returned or raised, in the words of a golden file's `then`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from filmgate.core.errors import UpstreamError
from filmgate.core.provider import Absent, CallbackHeard, Failed, Found, Pending, ProviderTask, Succeeded, Unsure


def in_words(outcome: Any, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """`outcome` as a `then` would say it; of its details those that `wanted`, the case's own `then`, names."""
    name, details = _described(outcome)
    return {name: _cut(details, wanted.get(name))}


def verdicts_in_words(verdicts: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of `poll_many`, by task id."""
    each_wanted = wanted.get("verdicts", {})
    return {"verdicts": {task_id: in_words(each, each_wanted.get(task_id, {})) for task_id, each in verdicts.items()}}


def _described(outcome: Any) -> tuple[str, Any]:
    match outcome:
        case UpstreamError():
            return "raises", {"type": type(outcome).__name__, **_error(outcome)}
        case ProviderTask():
            return "task", _task(outcome)
        case Pending(progress_percent, warning):
            return "pending", {"progress_percent": progress_percent, "warning": warning}
        case Succeeded(url, None) if url:
            return "succeeded", {"url": url}
        case Succeeded(None, path) if path:
            return "succeeded", {"file": Path(path).is_file() and Path(path).stat().st_size > 0}
        case Failed():
            return "failed", {"code": str(outcome.code), **_error(outcome)}
        case Found(task):
            return "found", _task(task)
        case Absent():
            return "absent", True
        case Unsure(reason):
            return "unsure", reason
        case bool():
            return "cancelled", outcome
        case CallbackHeard(genuine, answer):
            return "heard", {"genuine": genuine, "answer": dict(answer)}
        case _:
            return "something that no adapter may return", repr(outcome)


def _task(task: ProviderTask) -> dict[str, Any]:
    """Through JSON, as the store keeps it."""
    return {"id": task.id, "data": json.loads(json.dumps(task.data))}


def _error(error: UpstreamError | Failed) -> dict[str, Any]:
    words: dict[str, Any] = {
        "message": error.message,
        "error_class": str(error.error_class),
        "retryable": error.retryable,
        "charged": str(error.charged),
        "upstream_code": error.upstream_code,
    }
    if isinstance(error, UpstreamError):
        words["retry_after_seconds"] = error.retry_after_seconds
    return words


def _cut(details: Any, wanted: Any) -> Any:
    """What `wanted` does not name is left out, except a warning: one that nobody expected is always shown."""
    if isinstance(details, str) and isinstance(wanted, str):
        return wanted if wanted in details else details
    if not isinstance(details, dict) or not isinstance(wanted, dict):
        return details
    cut = {name: value for name, value in details.items() if name in wanted}
    for name in ("message", "warning"):
        text, part = details.get(name) or "", wanted.get(f"{name}_has")
        if part is not None:
            cut[f"{name}_has"] = part if part in text else text
        elif name == "warning" and text:
            cut[name] = text
    return cut
