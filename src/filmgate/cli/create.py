"""`filmgate create`: the options, and which server the video is made on."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Annotated, Literal

import typer

from filmgate.cli.exits import usage_error
from filmgate.cli.options import ApiKey, Json, LogLevel, Url
from filmgate.cli.outside import outside_of


def create(
    ctx: typer.Context,
    prompt: Annotated[str | None, typer.Argument(help="What the video shows. - reads it from stdin.")] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="File to write. Default: the first words of the prompt, never overwriting."
        ),
    ] = None,
    model: Annotated[str | None, typer.Option(help="`filmgate models` lists them.")] = None,
    image: Annotated[
        list[str] | None, typer.Option(help="First frame: a path or URL. Several become reference images.")
    ] = None,
    last_frame: Annotated[str | None, typer.Option(help="Last frame: a path or URL.")] = None,
    duration: Annotated[float | None, typer.Option(help="Length in seconds.")] = None,
    size: Annotated[str | None, typer.Option(help="Such as 1280x720.")] = None,
    width: Annotated[int | None, typer.Option(help="In pixels, with --height.")] = None,
    height: Annotated[int | None, typer.Option(help="In pixels, with --width.")] = None,
    aspect_ratio: Annotated[str | None, typer.Option(help="Such as 16:9.")] = None,
    resolution: Annotated[str | None, typer.Option(help="Such as 720p.")] = None,
    fps: Annotated[int | None, typer.Option(help="Frames per second.")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed makes the same video where the model can.")] = None,
    n: Annotated[int | None, typer.Option("--n", "-n", help="How many clips.")] = None,
    negative_prompt: Annotated[str | None, typer.Option(help="What it must not show.")] = None,
    style: Annotated[str | None, typer.Option(help="Such as cinematic.")] = None,
    camera: Annotated[str | None, typer.Option(help="Such as 'slow zoom in'.")] = None,
    quality: Annotated[str | None, typer.Option(help="Quality level of the model.")] = None,
    audio: Annotated[bool | None, typer.Option("--audio/--no-audio", help="With sound, where the model can.")] = None,
    user: Annotated[str | None, typer.Option(help="Tag of an end user, for `list --user`.")] = None,
    metadata: Annotated[str | None, typer.Option(help="JSON object to keep with the video.")] = None,
    option: Annotated[
        list[str] | None, typer.Option(help="name=value, passed to the provider untouched. May be repeated.")
    ] = None,
    on_mismatch: Annotated[
        Literal["reject", "nearest"] | None, typer.Option(help="What to do with a value that the model cannot do.")
    ] = None,
    conform: Annotated[
        Literal["auto", "native"] | None, typer.Option(help="Re-encode to exactly the size and fps asked, or not.")
    ] = None,
    idempotency_key: Annotated[
        str | None, typer.Option(help="The same key gives the same video for 24 hours. Default: a new one.")
    ] = None,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Print the video's id and leave.")] = False,
    timeout: Annotated[float | None, typer.Option(min=0, help="Seconds to wait at most.")] = None,
    data: Annotated[
        Path | None, typer.Option(help="Without a server: keep the video and its records in this folder.")
    ] = None,
    log_level: LogLevel = "critical",
    url: Url = None,
    api_key: ApiKey = None,
    as_json: Json = False,
) -> None:
    """Make a video and save it.

    Without a server (FILMGATE_URL) it starts one of its own for this video, which needs no account, GPU or network.
    """
    from filmgate.cli.api_client import connect
    from filmgate.cli.create_body import create_body
    from filmgate.cli.making import Order, make
    from filmgate.cli.saving import Target, slug

    prompt = typer.get_text_stream("stdin").read().strip() if prompt == "-" else prompt
    if not prompt and not image:
        raise usage_error('say what to show: filmgate create "a red fox in the snow"', "prompt")
    asked = {
        "prompt": prompt, "model": model, "duration": duration, "size": size, "width": width, "height": height,
        "aspect_ratio": aspect_ratio, "resolution": resolution, "fps": fps, "seed": seed, "n": n,
        "negative_prompt": negative_prompt, "style": style, "camera": camera, "quality_level": quality,
        "generate_audio": audio, "user": user, "on_mismatch": on_mismatch, "conform": conform,
    }  # fmt: skip
    order = Order(
        body=create_body(asked, images=image or (), last_frame=last_frame, metadata=metadata, options=option or ()),
        target=Target(output or Path(f"{slug(prompt)}.mp4"), overwrite=output is not None),
        idempotency_key=idempotency_key or f"cli-{uuid.uuid4().hex}",
        wait=not no_wait,
        timeout_seconds=timeout,
        as_json=as_json,
    )
    if order.wait:
        order.target.check()
    outside = outside_of(ctx)
    if url:
        if data is not None:
            raise usage_error("--data: is for a server of this command's own; leave it or --url (FILMGATE_URL) out")
        with connect(url, api_key, outside) as api:
            make(order, api, outside, embedded=False)
        return
    if no_wait:
        raise usage_error("--no-wait: needs a server that goes on; name it with --url or FILMGATE_URL", "no_wait")
    with outside.server_inside(data, log_level) as server, connect(server.url, server.test_key, outside) as api:
        make(order, api, outside, embedded=True)
