"""The outermost layer: every error becomes one line on stderr and an exit code, never a traceback."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Generator
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from filmgate.cli.exits import CommandFailed, Exit, from_filmgate_error
from filmgate.cli.options import wants_json
from filmgate.cli.output import say_error, say_error_json
from filmgate.core.errors import FilmgateError


class FilmgateGroup(TyperGroup):
    """Runs a command and reports how it failed. Typer prints usage errors itself, unless JSON is asked for."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except FilmgateError as error:
            raise _report(from_filmgate_error(error), ctx) from error
        except KeyboardInterrupt as error:
            raise _report(CommandFailed("interrupted", Exit.INTERRUPTED, code="interrupted"), ctx) from error
        except TyperException as error:
            if not wants_json(ctx):
                raise
            failed = CommandFailed(error.format_message(), Exit.USAGE, code="usage", type_="usage_error")
            raise _report(failed, ctx) from error
        except (typer.Exit, typer.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get("FILMGATE_TRACEBACK"):
                raise
            raise _report(_bug(error), ctx) from error


def _report(failed: CommandFailed, ctx: typer.Context) -> typer.Exit:
    if wants_json(ctx):
        say_error_json(failed.envelope())
    else:
        say_error(failed.message)
    return typer.Exit(failed.exit_code)


def _bug(error: Exception) -> CommandFailed:
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return CommandFailed(f"{where}{error.strerror}", code="system_error")
    return CommandFailed(
        f"filmgate made an error of its own ({type(error).__name__}: {error}). Run the command again with "
        "FILMGATE_TRACEBACK=1 and report what it prints",
        code="internal_error",
    )


@contextlib.contextmanager
def quiet_when_nobody_reads() -> Generator[None]:
    """`filmgate list | head -1`: what is left to write when the reader is gone is dropped without a word."""
    try:
        yield
    finally:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            # Python flushes once more at exit, and would complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
