"""What commands take from the world around them. Tests hand in their own."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    import httpx

    from filmgate.cli.serving import EmbeddedServer


def _server_inside(data: Path | None, log_level: str) -> AbstractContextManager[EmbeddedServer]:
    from filmgate.cli.embedded import server_inside

    return server_inside(data, log_level)


@dataclass(frozen=True, slots=True)
class Outside:
    """The network, the clock, and the server that `create` starts when no other is named."""

    transport: httpx.BaseTransport | None = None  # None: real connections
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    server_inside: Callable[[Path | None, str], AbstractContextManager[EmbeddedServer]] = _server_inside


def outside_of(ctx: typer.Context) -> Outside:
    return ctx.find_object(Outside) or Outside()
