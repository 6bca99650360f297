"""Every command, wired to Typer. Each imports what it needs when it runs, so that the others start quickly."""

from __future__ import annotations

from typing import Annotated

import typer

from filmgate import __version__
from filmgate.cli.accounts import accounts
from filmgate.cli.animatic import animatic_app
from filmgate.cli.cancel import cancel
from filmgate.cli.create import create
from filmgate.cli.delete import delete
from filmgate.cli.doctor import doctor
from filmgate.cli.download import download
from filmgate.cli.edge import FilmgateGroup, quiet_when_nobody_reads
from filmgate.cli.exits import help_text
from filmgate.cli.get import get
from filmgate.cli.keys import keys_app
from filmgate.cli.list_videos import list_videos
from filmgate.cli.migrate import migrate
from filmgate.cli.models import models
from filmgate.cli.serve import serve
from filmgate.cli.simulate import simulate

app = typer.Typer(
    cls=FilmgateGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog=help_text(),
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"filmgate {__version__}")
        raise typer.Exit


@app.callback()
def filmgate(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """The self-hosted server for POST /v1/videos: one API in front of every video model."""


app.command()(serve)
app.command()(create)
app.command()(get)
app.command("list")(list_videos)
app.command()(download)
app.command()(cancel)
app.command()(delete)
app.command()(models)
app.command()(accounts)
app.add_typer(keys_app, name="keys")
app.add_typer(animatic_app, name="animatic")
app.command()(doctor)
app.command()(simulate)
app.command()(migrate)


def main() -> None:
    """The console script."""
    with quiet_when_nobody_reads():
        app()
