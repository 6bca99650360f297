"""`filmgate simulate`: every vendor's API on this machine, misbehaving on demand."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from filmgate.cli.exits import usage_error
from filmgate.cli.options import Json, LogLevel
from filmgate.cli.output import console, note, say_json

if TYPE_CHECKING:
    from filmgate.simulators.server import Simulator


def simulate(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 2425,
    speed: Annotated[
        float, typer.Option(min=0.01, max=1000, help="1 takes a minute for a clip, 10 takes six seconds.")
    ] = 10.0,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[:TIMES]",
            help="What goes wrong: once, 3 times (:3), always (:always), or a share of calls (:20%).",
        ),
    ] = None,
    vendor: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this one; give it again for more.")
    ] = None,
    log_level: LogLevel = "warning",
    as_json: Json = False,
) -> None:
    """Serve simulators of the hosted models, to rehearse integrations and outages without an account.

    Prints the filmgate.toml that makes `filmgate serve` use them; keys and prices in it are not real.
    """
    from filmgate.cli.logs import configure_logging

    configure_logging(log_level)
    simulators = _open(vendor, fault or [], speed)

    def on_ready(url: str) -> None:
        from filmgate.cli.simulated_config import reachable, simulated_config

        at = reachable(url)
        config = simulated_config(simulators, at)
        if as_json:
            say_json({"url": at, **config})
            return
        _show(config)
        names = ", ".join(simulator.vendor.name for simulator in simulators)
        note(f"Simulators listen on {at}: {names}")
        note(f"GET {at}/_simulators tells what they were asked; POST …/_simulators/faults lets something go wrong")

    _serve_until_signal(simulators, host, port, on_ready)


def _open(names: list[str] | None, faults: list[str], speed: float) -> list[Simulator]:
    from filmgate.core.clock import SystemClock
    from filmgate.simulators.server import FaultError, open_simulators, plan_faults
    from filmgate.simulators.vendors import VENDORS

    for name in names or ():
        if name not in VENDORS:
            raise usage_error(f"--vendor: {name!r} is not simulated; there are {', '.join(VENDORS)}", "vendor")
    simulators = open_simulators(dict.fromkeys(names or VENDORS), now=SystemClock().now, speed=speed)
    try:
        plan_faults(simulators, faults)
    except FaultError as error:
        raise usage_error(f"--fault: {error}", "fault") from None
    return simulators


def _show(config: dict[str, Any]) -> None:
    from filmgate.cli.simulated_config import as_toml

    text = as_toml(config)
    if not sys.stdout.isatty():
        typer.echo(text)
        return
    from rich.syntax import Syntax

    console().print(Syntax(text, "toml", background_color="default", word_wrap=True))


def _serve_until_signal(simulators: Sequence[Simulator], host: str, port: int, on_ready: Callable[[str], None]) -> None:
    import asyncio
    import contextlib

    from filmgate.cli.foreground import Server, address, listen, loop_factory, stop_on_signals
    from filmgate.simulators.server import server_config, simulator_server

    async def serve() -> None:
        with contextlib.closing(listen(host, port)) as listener:
            server = Server(server_config(simulator_server(simulators)))
            stop_on_signals(server)
            on_ready(address(listener))
            await server.serve(sockets=[listener])

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(serve())
