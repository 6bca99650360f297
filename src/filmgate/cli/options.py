"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_URL = "http://127.0.0.1:2424"

_AS_JSON = "filmgate.as_json"


def _remember_json(ctx: typer.Context, value: bool) -> bool:
    ctx.meta[_AS_JSON] = value
    return value


def wants_json(ctx: typer.Context) -> bool:
    """Whether the command under way was given --json, for those who report its errors."""
    return bool(ctx.meta.get(_AS_JSON))


Json = Annotated[
    bool,
    typer.Option(
        "--json",
        callback=_remember_json,
        is_eager=True,
        help="Print JSON on stdout; errors as JSON on stderr.",
        rich_help_panel="Common",
    ),
]
Url = Annotated[
    str | None,
    typer.Option("--url", envvar="FILMGATE_URL", help="Address of the server.", rich_help_panel="Common"),
]
ApiKey = Annotated[
    str | None,
    typer.Option("--api-key", envvar="FILMGATE_API_KEY", help="API key (sk-…).", rich_help_panel="Common"),
]
Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder for the database and the files."),
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config", envvar="FILMGATE_CONFIG", help="Settings file; filmgate.toml in this folder if not named."
    ),
]
LogLevel = Annotated[str, typer.Option("--log-level", help="debug, info, warning, error or critical.")]
