"""`filmgate list`: the videos of the key's project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from filmgate.cli.options import ApiKey, Json, Url
from filmgate.cli.output import day_or_time, note, say_json, show_table
from filmgate.cli.outside import outside_of

if TYPE_CHECKING:
    from filmgate.cli.api_client import Api, JsonObject

_PAGE = 100
_PROMPT_CHARACTERS = 40


def list_videos(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=_PAGE, help="How many at most.")] = 20,
    status: Annotated[Literal["queued", "in_progress", "completed", "failed"] | None, typer.Option()] = None,
    model: Annotated[str | None, typer.Option(help="Only of this model.")] = None,
    user: Annotated[str | None, typer.Option(help="Only of this end user.")] = None,
    after: Annotated[str | None, typer.Option(metavar="ID", help="Go on after this video.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of them, however many there are.")] = False,
    url: Url = None,
    api_key: ApiKey = None,
    as_json: Json = False,
) -> None:
    """List videos, newest first."""
    from filmgate.cli.api_client import connect

    asked = {"status": status, "model": model, "user": user, "after": after}
    query = {name: value for name, value in asked.items() if value is not None}
    with connect(url, api_key, outside_of(ctx)) as api:
        page = _all_pages(api, query) if everything else _page(api, query, limit)
    if as_json:
        say_json(page)
        return
    _show(page["data"])
    if page["has_more"]:
        note(f"There are more: --after {page['last_id']}, or --all")


def _page(api: Api, query: dict[str, str], limit: int) -> JsonObject:
    return api.call("GET", "/v1/videos", params={**query, "limit": str(limit)})


def _all_pages(api: Api, query: dict[str, str]) -> JsonObject:
    """Every page in one list object."""
    page = _page(api, query, _PAGE)
    videos: list[Any] = page["data"]
    while page["has_more"]:
        page = _page(api, {**query, "after": page["last_id"]}, _PAGE)
        videos += page["data"]
    first_id, last_id = (videos[0]["id"], videos[-1]["id"]) if videos else (None, None)
    return {"object": "list", "data": videos, "first_id": first_id, "last_id": last_id, "has_more": False}


def _show(videos: list[JsonObject]) -> None:
    if not videos:
        note('No videos. `filmgate create "a red fox in the snow"` makes one')
        return
    rows = [
        (
            video["id"],
            video["status"],
            video.get("progress"),
            video.get("model"),
            video.get("size"),
            video.get("seconds"),
            day_or_time(video.get("created_at")),
            _shortened(video.get("prompt") or ""),
        )
        for video in videos
    ]
    show_table(("id", "status", "%", "model", "size", "s", "created", "prompt"), rows)


def _shortened(prompt: str) -> str:
    prompt = " ".join(prompt.split())
    return prompt if len(prompt) <= _PROMPT_CHARACTERS else f"{prompt[: _PROMPT_CHARACTERS - 1]}…"
