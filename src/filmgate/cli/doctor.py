"""`filmgate doctor`: what works on this machine, what does not, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from filmgate.cli.exits import Exit
from filmgate.cli.options import ApiKey, Config, Data, Json, Url
from filmgate.cli.output import console, plain, say_json
from filmgate.cli.outside import outside_of

if TYPE_CHECKING:
    from filmgate.cli.doctor_checks import Finding, Health


def doctor(
    ctx: typer.Context,
    config: Config = None,
    data: Data = None,
    url: Url = None,
    api_key: ApiKey = None,
    as_json: Json = False,
) -> None:
    """Check this installation, and say what to do.

    The exit code is 1 if anything is broken.
    """
    from dataclasses import asdict

    from filmgate.cli.doctor_checks import Health, examine

    findings = examine(config, data, url, api_key, outside_of(ctx))
    is_broken = any(finding.health is Health.BROKEN for finding in findings)
    if as_json:
        say_json({"ok": not is_broken, "checks": [asdict(finding) for finding in findings]})
    else:
        _show(findings, {Health.GOOD: "green", Health.DOUBTFUL: "yellow", Health.BROKEN: "red"})
    if is_broken:
        raise typer.Exit(Exit.ERROR)


def _show(findings: list[Finding], colours: dict[Health, str]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for finding in findings:
        found = Text(plain(finding.found))
        if finding.advice:
            found.append(f"\n-> {plain(finding.advice)}", style="bold")
        table.add_row(Text(finding.health.value, style=colours[finding.health]), Text(finding.name), found)
    console().print(table)
