"""What commands say: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console


_PIPE_WIDTH = 1000
_GAP = 2
_LEAST_LAST_COLUMN = 12


def say(text: str) -> None:
    """One line of result."""
    typer.echo(plain(text))


def say_json(value: object) -> None:
    """The result of a command with --json."""
    typer.echo(_json(value, sys.stdout.encoding, indent=2))


def note(text: str) -> None:
    """One line beside the result, for people."""
    typer.echo(plain(text), err=True)


def say_error(message: str) -> None:
    typer.echo(f"{typer.style('error:', fg=typer.colors.RED, bold=True)} {plain(message)}", err=True)


def say_error_json(envelope: dict[str, Any]) -> None:
    typer.echo(_json(envelope, sys.stderr.encoding), err=True)


def plain(text: str) -> str:
    """`text` on one line and without control characters: what others wrote must not steer a terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


def console(least_width: int = 0) -> Console:
    """stdout. In a pipe nothing is cut to fit a width that no one sees."""
    from rich.console import Console

    width = Console().width if sys.stdout.isatty() else _PIPE_WIDTH
    return Console(highlight=False, width=max(width, least_width))


def error_console() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def show_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table without lines, whose last column is cut where the terminal is too narrow. None is shown as a dash."""
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    texts = [[plain(str(cell)) if cell is not None else "-" for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(columns, *texts, strict=True)]
    before_last = sum(widths[:-1]) + _GAP * len(widths[:-1])
    # Wider than the terminal rather than without a column.
    out = console(least_width=before_last + min(widths[-1], _LEAST_LAST_COLUMN))
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, _GAP, 0, 0), collapse_padding=True)
    for column in columns:
        table.add_column(column, no_wrap=True)
    for row in texts:
        # As Text, for else square brackets would be markup.
        cells = [Text(text) for text in row]
        cells[-1].truncate(out.width - before_last, overflow="ellipsis")
        table.add_row(*cells)
    out.print(table)


def show_facts(facts: dict[str, object]) -> None:
    """Names and values below each other; what is None is left out."""
    width = max(map(len, facts), default=0)
    for name, value in facts.items():
        if value is not None:
            say(f"{name:<{width}}  {value}")


def local_time(unix_seconds: float | None) -> str | None:
    """A time on the wire, as this machine's clock shows it."""
    return _local(unix_seconds, "%Y-%m-%d %H:%M:%S")


def local_day(unix_seconds: float | None) -> str | None:
    return _local(unix_seconds, "%Y-%m-%d")


def day_or_time(unix_seconds: float | None) -> str | None:
    """The time of day if that was today, else the day: short, for tables."""
    today = local_day(datetime.now(UTC).timestamp())
    return _local(unix_seconds, "%H:%M:%S") if local_day(unix_seconds) == today else local_day(unix_seconds)


def _local(unix_seconds: float | None, form: str) -> str | None:
    return None if unix_seconds is None else datetime.fromtimestamp(unix_seconds, UTC).astimezone().strftime(form)


def _json(value: object, encoding: str | None, *, indent: int | None = None) -> str:
    """Readable where the terminal can show it; else escaped, so that it stays JSON in any encoding."""
    is_utf8 = (encoding or "").lower().replace("-", "") == "utf8"
    return json.dumps(value, indent=indent, ensure_ascii=not is_utf8)
