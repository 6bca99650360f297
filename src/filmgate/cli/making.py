"""What `create` does once its options are read: send, wait, save, and say what came of it."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from filmgate.cli.api_client import QUICK_RETRIES, Api, JsonObject
from filmgate.cli.create_body import CreateBody
from filmgate.cli.exits import CommandFailed, Exit
from filmgate.cli.output import note, say, say_json
from filmgate.cli.outside import Outside
from filmgate.cli.saving import Content, Target, discard_parts, save_all
from filmgate.cli.waiting import (
    EMBEDDED,
    UNWATCHED,
    WATCHED,
    checked_video,
    facts_of,
    failure_of_video,
    is_watched,
    progress_bar,
    wait_until_finished,
)


@dataclass(frozen=True, slots=True)
class Order:
    """Everything `create` was asked to do. `timeout_seconds` None: wait as long as it takes."""

    body: CreateBody
    target: Target
    idempotency_key: str
    wait: bool
    timeout_seconds: float | None
    as_json: bool


def make(order: Order, api: Api, outside: Outside, *, embedded: bool) -> None:
    """Raises CommandFailed. An `embedded` server ends with the command, and so does what it was making."""
    started_at = outside.monotonic()
    if not order.wait:
        _tell_accepted(order, _send(order, api))
        return
    watched = is_watched(as_json=order.as_json)
    pace = EMBEDDED if embedded else WATCHED if watched else UNWATCHED
    paths: list[Path] = []
    with progress_bar(shown=watched) as watch:
        video = _send(order, api)
        with _left_properly(api, video["id"], embedded=embedded):
            timeout_seconds = order.timeout_seconds
            video = wait_until_finished(api, video, outside, pace=pace, timeout_seconds=timeout_seconds, watch=watch)
            if video["status"] == "completed":
                paths += _save(order, api, outside, video, embedded=embedded)
    if video["status"] != "completed":
        if order.as_json:
            say_json(video)
        raise failure_of_video(video)
    _tell_saved(order, video, paths, outside.monotonic() - started_at)


def _send(order: Order, api: Api) -> JsonObject:
    """The accepted video. Its idempotency key makes it safe to send again after a broken connection."""
    headers = {"idempotency-key": order.idempotency_key}
    try:
        accepted = api.call("POST", "/v1/videos", retries=QUICK_RETRIES, headers=headers, **order.body.http_parts())
    except KeyboardInterrupt:
        raise CommandFailed(
            "interrupted while sending, so the video may exist or not. `filmgate list` shows it; the same command "
            f"with --idempotency-key {order.idempotency_key} makes it once only",
            Exit.INTERRUPTED,
            code="interrupted",
        ) from None
    return checked_video(accepted, api)


@contextlib.contextmanager
def _left_properly(api: Api, video_id: str, *, embedded: bool) -> Generator[None]:
    """When the command ends before the video is saved: say how to get it, or cancel it where nobody ever could."""
    try:
        yield
    except KeyboardInterrupt:
        failed = CommandFailed("interrupted", Exit.INTERRUPTED, code="interrupted")
        raise _left(api, video_id, failed, embedded=embedded) from None
    except CommandFailed as failed:
        raise _left(api, video_id, failed, embedded=embedded) from failed


def _left(api: Api, video_id: str, failed: CommandFailed, *, embedded: bool) -> CommandFailed:
    if not embedded:
        return failed.but(
            f"The video is not lost: `filmgate get {video_id} --wait 600`, then `filmgate download {video_id}`"
        )
    with contextlib.suppress(CommandFailed):
        api.call("POST", f"/v1/videos/{video_id}/cancel")
    return failed.but("The video was given up, since its server ends with this command")


def _save(order: Order, api: Api, outside: Outside, video: JsonObject, *, embedded: bool) -> list[Path]:
    outputs = _outputs(video)
    contents = [Content(video["id"], index=output["index"]) for output in _stored(outputs)]
    try:
        return save_all(api, outside, contents, order.target, of=len(outputs))
    finally:
        if embedded:
            discard_parts(video["id"], order.target.path.parent)


def _outputs(video: JsonObject) -> list[JsonObject]:
    """Every clip asked for, with its facts; a single one is described by the video itself."""
    facts = facts_of(video)
    return facts.get("outputs") or [{**facts, "index": 0, "status": video["status"]}]


def _stored(outputs: Sequence[JsonObject]) -> list[JsonObject]:
    """Of several outputs, some may have failed."""
    return [output for output in outputs if output.get("status") == "completed"]


def _tell_accepted(order: Order, video: JsonObject) -> None:
    if order.as_json:
        say_json(video)
        return
    say(video["id"])
    note(f"Accepted. `filmgate get {video['id']} --wait 600` waits for it, `filmgate download {video['id']}` saves it.")


def _tell_saved(order: Order, video: JsonObject, paths: Sequence[Path], took_seconds: float) -> None:
    if order.as_json:
        say_json({**video, "files": [str(path) for path in paths], "took_seconds": round(took_seconds, 3)})
        return
    for remark in remarks(video):
        note(f"note: {remark}")
    for path, output in zip(paths, _stored(_outputs(video)), strict=True):
        say(f"{path}  {describe(output)}, made in {took_seconds:.1f} s")


def describe(output: JsonObject) -> str:
    """What a stored clip is, in a line: 1280x720, 24 fps, 5 s, seed 7, 812,345 bytes."""
    told = [
        f"{output['width']}x{output['height']}" if output.get("width") else None,
        f"{output['fps']:g} fps" if output.get("fps") else None,
        f"{output['duration_seconds']:g} s" if output.get("duration_seconds") else None,
        f"seed {output['seed']}" if output.get("seed") is not None else None,
        f"{output['size_bytes']:,} bytes" if output.get("size_bytes") else None,
    ]
    return ", ".join(part for part in told if part)


def remarks(video: JsonObject) -> list[str]:
    """What somebody should know who expects exactly what was asked for."""
    facts = facts_of(video)
    adjustments: list[JsonObject] = facts.get("adjustments") or []
    warnings: list[str] = facts.get("warnings") or []
    told = [
        f"{change['param']} {change['asked']} became {change['used']}: {change['reason']}" for change in adjustments
    ]
    told += warnings
    if facts.get("livemode") is False and facts.get("provider") == "animatic" and not _is_embedded_model(video):
        told.append(
            f"a rehearsal: a test key has animatic-1 draw what {video['model']} was asked for; nothing was paid"
        )
    return told


def _is_embedded_model(video: JsonObject) -> bool:
    return str(video.get("model")).startswith("animatic")
