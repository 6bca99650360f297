"""Every command, wired to Typer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from filmgate.core.errors import FilmgateError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def filmgate() -> None:
    """The self-hosted server for POST /v1/videos: one API in front of every video model."""


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder for the database and the files.")] = None,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Accept and answer only; another process works.")
    ] = False,
) -> None:
    """Run the server."""
    from filmgate.app import Start
    from filmgate.cli.serving import serve_until_signal
    from filmgate.config import load_settings

    settings = load_settings(host=host, port=port, data=data)
    start = Start(
        worker=not no_worker,
        require_live_key=settings.host not in ("127.0.0.1", "::1", "localhost"),
        on_first_key=lambda secret: print(f"Test key: {secret}", flush=True),
    )
    serve_until_signal(settings, start, lambda url: print(f"Filmgate listens on {url}", flush=True))


def main() -> None:
    """The console script: errors of ours are one line on stderr and exit code 1, never a traceback."""
    try:
        app(standalone_mode=True)
    except FilmgateError as error:
        print(f"error: {error.message}", file=sys.stderr)
        sys.exit(1)
