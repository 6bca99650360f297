"""Waiting for a video, and showing how far it is."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from filmgate.cli.api_client import PATIENT_RETRIES, Api, JsonObject
from filmgate.cli.exits import CommandFailed, Exit
from filmgate.cli.output import error_console, plain
from filmgate.cli.outside import Outside

Watch = Callable[[JsonObject], None]

FINISHED = frozenset({"completed", "failed"})


@dataclass(frozen=True, slots=True)
class Pace:
    """How often to ask. With `hold_seconds` the server answers as soon as the video is finished, or after that."""

    hold_seconds: int
    interval_seconds: float


# A server of our own process is asked often, so that the bar moves smoothly.
EMBEDDED = Pace(hold_seconds=0, interval_seconds=0.2)
WATCHED = Pace(hold_seconds=1, interval_seconds=1.0)
UNWATCHED = Pace(hold_seconds=20, interval_seconds=1.0)


def get_video(api: Api, video_id: str) -> JsonObject:
    return checked_video(api.call("GET", f"/v1/videos/{video_id}"), api)


def checked_video(video: JsonObject, api: Api) -> JsonObject:
    if not isinstance(video.get("id"), str) or not isinstance(video.get("status"), str):
        raise CommandFailed(f"{api.url} answered with something that is no Video. Is it a Filmgate server?")
    return video


def facts_of(video: JsonObject) -> JsonObject:
    """What Filmgate says beyond the Video object of the world's clients."""
    metadata: JsonObject = video.get("metadata") or {}
    facts: JsonObject = metadata.get("filmgate") or {}
    return facts


def wait_until_finished(
    api: Api, video: JsonObject, outside: Outside, *, pace: Pace, timeout_seconds: float | None, watch: Watch
) -> JsonObject:
    """The finished video, completed or failed. Raises CommandFailed: TIMED_OUT, or when the server is lost."""
    deadline = math.inf if timeout_seconds is None else outside.monotonic() + timeout_seconds
    watch(video)
    while video["status"] not in FINISHED:
        asked_at = outside.monotonic()
        remaining_seconds = deadline - asked_at
        if remaining_seconds <= 0:
            raise CommandFailed(
                f"video {video['id']} is {video['status']} ({video.get('progress', 0)} %) after {timeout_seconds:g} s",
                Exit.TIMED_OUT,
                code="timed_out",
            )
        hold_seconds = min(pace.hold_seconds, math.ceil(min(remaining_seconds, 60)))
        route = f"/v1/videos/{video['id']}"
        video = checked_video(api.call("GET", route, retries=PATIENT_RETRIES, hold_seconds=hold_seconds), api)
        watch(video)
        rest_seconds = min(pace.interval_seconds, remaining_seconds) - (outside.monotonic() - asked_at)
        if video["status"] not in FINISHED and rest_seconds > 0:
            outside.sleep(rest_seconds)
    return video


def failure_of_video(video: JsonObject) -> CommandFailed:
    error: dict[str, Any] = video.get("error") or {}
    code = str(error.get("code") or "unknown")
    message = f"video {video['id']} failed ({code}): {error.get('message') or 'the server gave no reason'}"
    return CommandFailed(message, Exit.VIDEO_FAILED, code=code, type_="video_failed")


@contextlib.contextmanager
def progress_bar(*, shown: bool) -> Generator[Watch]:
    """A bar on stderr that follows the videos it is called with; nothing unless `shown`."""
    if not shown:
        yield lambda _video: None
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=error_console(), transient=True) as progress:
        task = progress.add_task("starting", total=100)
        yield lambda video: progress.update(task, completed=video.get("progress") or 0, description=_stage(video))


def is_watched(*, as_json: bool) -> bool:
    return not as_json and error_console().is_terminal


def _stage(video: JsonObject) -> str:
    position = facts_of(video).get("queue_position")
    before = f", {position} before it" if position else ""
    return plain(f"{video.get('model')}: {video['status'].replace('_', ' ')}{before}")
