"""`filmgate cancel`: stop a video that runs."""

from __future__ import annotations

from typing import Annotated

import typer

from filmgate.cli.options import ApiKey, Json, Url
from filmgate.cli.output import say, say_json
from filmgate.cli.outside import outside_of


def cancel(
    ctx: typer.Context,
    video_id: Annotated[str, typer.Argument(metavar="ID")],
    url: Url = None,
    api_key: ApiKey = None,
    as_json: Json = False,
) -> None:
    """Stop a video, upstream too where the provider can."""
    from filmgate.cli.api_client import connect

    with connect(url, api_key, outside_of(ctx)) as api:
        video = api.call("POST", f"/v1/videos/{video_id}/cancel")
    if as_json:
        say_json(video)
        return
    say(f"{video_id} cancelled")
