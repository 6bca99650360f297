"""The pieces of a golden file, as its format has them: tests/golden/README.md. Nothing here is scrubbed yet."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Mapping
from typing import Any

import httpx
from multipart import parse_form_data

from filmgate.catalogue.model import ModelEntry
from filmgate.core.errors import UpstreamError
from filmgate.core.provider import Absent, Failed, Found, Pending, ProviderTask, Succeeded, Unsure
from filmgate.core.request import VideoRequest
from live.recording import Call, SentImage

# A status, a code, a sentence; not an id, a time or a link.
_WORDS = re.compile(r"[A-Za-z][A-Za-z ,.'_-]*")
_NAMES = ("resolution", "aspect_ratio")
_FEATURES = ("seed", "negative_prompt", "style", "quality_level", "camera")


def asked(call: Call, entry: ModelEntry | None) -> Any:
    """The value of the operation's key. `entry` is the model of a submit or a find."""
    if call.request is not None and entry is not None:
        told: dict[str, Any] = {"params": _params(call.request, entry)}
        if call.images:
            told["images"] = _images(call.images)
        if call.operation == "find":
            told |= {"submitted_at": call.named["submitted_at"], "taken": sorted(call.named["taken"])}
        return told
    [argument] = call.arguments
    match argument:
        case ProviderTask():
            return _task(argument)
        case str():
            return {"url": argument}
        case _:
            return [_task(task) for task in argument]


def then(outcome: Any) -> dict[str, Any]:
    """What came of a call. When to ask again is left out: it may hang on the hour of the day."""
    match outcome:
        case UpstreamError():
            return {"raises": {"type": type(outcome).__name__, **_error(outcome)}}
        case ProviderTask():
            return {"task": _task(outcome)}
        case Pending(progress_percent, warning):
            return {"pending": {"progress_percent": progress_percent} | ({"warning_has": warning} if warning else {})}
        case Succeeded(url, _):
            return {"succeeded": {"url": url} if url else {"file": True}}
        case Failed():
            return {"failed": {"code": str(outcome.code), **_error(outcome)}}
        case Found(task):
            return {"found": _task(task)}
        case Absent():
            return {"absent": True}
        case Unsure(reason):
            return {"unsure": reason}
        case bool():
            return {"cancelled": outcome}
        case Mapping() if all(isinstance(value, str) for value in outcome.values()):
            return {"download_headers": dict(outcome)}
        case _:
            return {"verdicts": {task_id: then(verdict) for task_id, verdict in outcome.items()}}


def summary(told: Mapping[str, Any]) -> str:
    """A `then` in a word or two."""
    [(kind, details)] = told.items()
    if kind == "verdicts":
        return ", ".join(dict.fromkeys(summary(verdict) for verdict in details.values())) or "nothing told"
    if kind in ("raises", "failed"):
        return f"{kind} {details.get('type') or details['code']}"
    return kind


def likeness(case: Mapping[str, Any]) -> str:
    """The same for two polls that say the same in other words: by their words, not by their ids, times and figures."""
    replies = [exchange["reply"] for exchange in case["upstream"]]
    return json.dumps([sorted(_words_in([*replies, case["then"]])), [reply.get("status") for reply in replies]])


def sent_body(request: httpx.Request, images: Mapping[str, SentImage]) -> dict[str, Any]:
    """`json` or `form`, with its images as the golden files write them; nothing where there is no body."""
    if not request.content:
        return {}
    if request.headers.get("content-type", "").partition(";")[0] == "application/json":
        return {"json": json.loads(_hidden(request.content.decode(), images))}
    return {"form": _form(request, images)}


def json_of(answer: httpx.Response | httpx.TransportError) -> Any:
    """The JSON of an answer. Raises ValueError for anything else."""
    if isinstance(answer, httpx.TransportError):
        raise ValueError("no answer came")
    return json.loads(answer.content)


def _params(request: VideoRequest, entry: ModelEntry) -> dict[str, Any]:
    """What fits to `request`: everything by its name, so that nothing is drawn or left to a default."""
    values: dict[str, Any] = {
        "model": request.model,
        "prompt": request.prompt,
        "duration_seconds": request.duration_seconds,
        "conform": "native",
        "generate_audio": request.generate_audio if entry.audio == "optional" else None,
        "fps": request.fps if entry.fps is not None else None,
        "provider_options": request.provider_options or None,
        "extra": request.extra or None,
        **{name: getattr(request, name) for name in _FEATURES},
    }
    if entry.free_size is not None:
        values |= {"width_px": request.width_px, "height_px": request.height_px}
    else:
        values |= {name: getattr(request, name) for name in _NAMES}
    return {name: value for name, value in values.items() if value is not None}


def _images(images: Mapping[str, SentImage]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for role, image in images.items():
        described = {"file": _file(image)} | ({"url": image.url} if image.url else {})
        if role.startswith("reference_"):
            told.setdefault("references", []).append(described)
        else:
            told[role] = described
    return told


def _file(image: SentImage) -> str:
    return image.media_type.removeprefix("image/")


def _task(task: ProviderTask) -> dict[str, Any]:
    return {"id": task.id, "data": dict(task.data)}


def _error(error: UpstreamError | Failed) -> dict[str, Any]:
    words: dict[str, Any] = {
        "message_has": error.message or None,
        "error_class": str(error.error_class),
        "retryable": error.retryable,
        "charged": str(error.charged),
        "upstream_code": error.upstream_code,
    }
    return {name: value for name, value in words.items() if value is not None}


def _hidden(text: str, images: Mapping[str, SentImage]) -> str:
    for role, image in images.items():
        encoded = base64.b64encode(image.content).decode()
        text = text.replace(f"data:{image.media_type};base64,{encoded}", f"$data_uri:{role}")
        text = text.replace(encoded, f"$base64:{role}")
    return text


def _form(request: httpx.Request, images: Mapping[str, SentImage]) -> dict[str, Any]:
    """Fields and files by name; a list where a name comes several times."""
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": request.headers["content-type"],
        "wsgi.input": io.BytesIO(request.content),
    }
    fields, files = parse_form_data(environ, strict=True)
    form: dict[str, list[Any]] = {}
    for name, value in fields.iterallitems():
        form.setdefault(name, []).append(_hidden(value, images))
    for name, part in files.iterallitems():
        file = next(_file(image) for image in images.values() if image.content == part.raw)
        form.setdefault(name, []).append({"file": file})
    return {name: values[0] if len(values) == 1 else values for name, values in form.items()}


def _words_in(value: Any) -> set[str]:
    if isinstance(value, str):
        return {value} if _WORDS.fullmatch(value) else set()
    if isinstance(value, dict):
        return {word for name, item in value.items() for word in {name, *_words_in(item)} if _WORDS.fullmatch(word)}
    return {word for item in value for word in _words_in(item)} if isinstance(value, list) else set()
