"""`filmgate delete`: videos and their files."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from filmgate.cli.options import ApiKey, Json, Url
from filmgate.cli.output import say, say_json
from filmgate.cli.outside import outside_of


def delete(
    ctx: typer.Context,
    video_ids: Annotated[list[str], typer.Argument(metavar="ID...")],
    url: Url = None,
    api_key: ApiKey = None,
    as_json: Json = False,
) -> None:
    """Delete videos and their files.

    A video that runs is cancelled first. The command stops at the first that cannot be deleted.
    """
    from filmgate.cli.api_client import connect

    deleted: list[dict[str, Any]] = []
    with connect(url, api_key, outside_of(ctx)) as api:
        try:
            for video_id in video_ids:
                deleted.append(api.call("DELETE", f"/v1/videos/{video_id}"))
                if not as_json:
                    say(f"{video_id} deleted")
        finally:
            if as_json:
                say_json({"object": "list", "data": deleted})
