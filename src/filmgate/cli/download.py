"""`filmgate download`: a stored file of a finished video."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from filmgate.cli.exits import CommandFailed
from filmgate.cli.options import ApiKey, Json, Url
from filmgate.cli.output import say, say_json
from filmgate.cli.outside import outside_of

if TYPE_CHECKING:
    from filmgate.cli.api_client import JsonObject

_SUFFIXES = {"video": ".mp4", "thumbnail": ".webp", "spritesheet": ".jpg"}


def download(
    ctx: typer.Context,
    video_id: Annotated[str, typer.Argument(metavar="ID")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write. Default: the id, never overwriting.")
    ] = None,
    variant: Annotated[
        Literal["video", "thumbnail", "spritesheet"], typer.Option(help="The clip, its poster, or a sheet of frames.")
    ] = "video",
    index: Annotated[int, typer.Option(min=0, help="Which clip, of a video with several.")] = 0,
    url: Url = None,
    api_key: ApiKey = None,
    as_json: Json = False,
) -> None:
    """Save a file of a finished video.

    A download that broke off is resumed, and the file is checked against its SHA-256.
    """
    from filmgate.cli.api_client import connect
    from filmgate.cli.saving import Content, Target, save_all
    from filmgate.cli.waiting import get_video

    name = f"{video_id}-{index + 1}" if index else video_id
    target = Target(output or Path(f"{Path(name).name}{_SUFFIXES[variant]}"), overwrite=output is not None)
    target.check()
    outside = outside_of(ctx)
    with connect(url, api_key, outside) as api:
        _refuse_unfinished(get_video(api, video_id))
        [path] = save_all(api, outside, [Content(video_id, variant, index)], target)
    size_bytes = path.stat().st_size
    if as_json:
        say_json({"id": video_id, "variant": variant, "index": index, "file": str(path), "size_bytes": size_bytes})
        return
    say(f"{path}  {size_bytes:,} bytes")


def _refuse_unfinished(video: JsonObject) -> None:
    from filmgate.cli.waiting import FINISHED, failure_of_video

    if video["status"] == "failed":
        raise failure_of_video(video)
    if video["status"] not in FINISHED:
        raise CommandFailed(
            f"video {video['id']} is {video['status']} ({video.get('progress', 0)} %). Wait for it with "
            f"`filmgate get {video['id']} --wait 600`",
            code="video_not_ready",
        )
