"""`filmgate get`: how a video stands, and what happened to it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from filmgate.cli.options import ApiKey, Json, Url
from filmgate.cli.output import local_time, say_json, show_facts, show_table
from filmgate.cli.outside import outside_of

if TYPE_CHECKING:
    from filmgate.cli.api_client import Api, JsonObject


def get(
    ctx: typer.Context,
    video_id: Annotated[str, typer.Argument(metavar="ID")],
    wait: Annotated[
        float | None, typer.Option(min=0, help="Wait until it is finished, at most so many seconds.")
    ] = None,
    timeline: Annotated[bool, typer.Option("--timeline", help="Everything that happened to it, in order.")] = False,
    url: Url = None,
    api_key: ApiKey = None,
    as_json: Json = False,
) -> None:
    """Show how a video stands.

    With --wait the exit code tells how it ended: 0 completed, 3 failed, 6 not finished in time.
    """
    from filmgate.cli.api_client import connect
    from filmgate.cli.waiting import (
        UNWATCHED,
        WATCHED,
        failure_of_video,
        get_video,
        is_watched,
        progress_bar,
        wait_until_finished,
    )

    outside = outside_of(ctx)
    with connect(url, api_key, outside) as api:
        video = get_video(api, video_id)
        if wait is not None:
            watched = is_watched(as_json=as_json)
            pace = WATCHED if watched else UNWATCHED
            with progress_bar(shown=watched) as watch:
                video = wait_until_finished(api, video, outside, pace=pace, timeout_seconds=wait, watch=watch)
        if timeline:
            _show_timeline(api, video_id, as_json=as_json)
        elif as_json:
            say_json(video)
        else:
            show_facts(_facts(video))
    if wait is not None and video["status"] != "completed":
        raise failure_of_video(video)


def _facts(video: JsonObject) -> dict[str, object]:
    from filmgate.cli.making import describe, remarks
    from filmgate.cli.waiting import facts_of

    filmgate = facts_of(video)
    error: dict[str, Any] = video.get("error") or {}
    cost: dict[str, Any] = filmgate.get("cost") or {}
    progress = "" if video["status"] == "completed" else f" ({video.get('progress', 0)} %)"
    return {
        "id": video["id"],
        "status": video["status"] + progress,
        "error": f"{error.get('code')}: {error.get('message')}" if error else None,
        "model": video.get("model"),
        "prompt": video.get("prompt"),
        "video": describe(filmgate) or None,
        "created": local_time(video.get("created_at")),
        "completed": local_time(video.get("completed_at")),
        "expires": local_time(video.get("expires_at")),
        "charged": _usd(cost.get("charged_usd")),
        "note": "; ".join(remarks(video)) or None,
        "url": (video.get("metadata") or {}).get("url"),
    }


def _usd(amount: float | None) -> str | None:
    return f"{amount:.6g} USD" if amount is not None else None


def _show_timeline(api: Api, video_id: str, *, as_json: bool) -> None:
    events = api.call("GET", f"/v1/videos/{video_id}/timeline")
    if as_json:
        say_json(events)
        return
    data: list[JsonObject] = events["data"]
    rows = [
        (
            f"{event['at'] - data[0]['at']:.3f} s",
            event["index"],
            event["type"],
            json.dumps(event["data"], ensure_ascii=False) if event["data"] else "",
        )
        for event in data
    ]
    show_table(("after", "clip", "event", "details"), rows)
