"""`filmgate serve`: the server in the foreground."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from filmgate.cli.options import Config, Json, LogLevel
from filmgate.cli.output import say, say_json

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder for the database and the files.")] = None,
    config: Config = None,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Accept and answer only; another process works.")
    ] = False,
    log_level: LogLevel = "info",
    as_json: Json = False,
) -> None:
    """Run the server.

    Every option is also a FILMGATE_… variable and a line of filmgate.toml.
    """
    from filmgate.app import Start
    from filmgate.cli.logs import configure_logging
    from filmgate.cli.serving import serve_until_signal
    from filmgate.config import load_settings

    configure_logging(log_level)
    settings = load_settings(config, host=host, port=port, data=data)
    first_keys: list[str] = []

    def on_first_key(secret: str) -> None:
        # Said at once: should the start fail after this, the key would be lost.
        first_keys.append(secret)
        if not as_json:
            say(f"Test key: {secret}")

    def on_ready(url: str) -> None:
        if as_json:
            say_json({"url": url, "test_key": first_keys[0] if first_keys else None})
            return
        lines = [f"Filmgate listens on {url}"]
        if first_keys:
            lines.append(f'Try it: FILMGATE_URL={url} FILMGATE_API_KEY=<test key> filmgate create "a red fox in snow"')
        # One write: whoever starts the server may stop to read at the first line.
        typer.echo("\n".join(lines))

    start = Start(worker=not no_worker, require_live_key=settings.host not in _LOOPBACK, on_first_key=on_first_key)
    serve_until_signal(settings, start, on_ready)
