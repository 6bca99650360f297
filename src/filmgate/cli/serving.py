"""Running a server: in the foreground (`serve`), or inside this process for one command."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future
from dataclasses import dataclass

import uvicorn
from sqlalchemy.exc import DBAPIError

from filmgate.api.server import create_api
from filmgate.app import Start, open_services
from filmgate.cli.foreground import Server, address, listen, loop_factory, stop_on_signals
from filmgate.cli.local_database import unusable_database
from filmgate.config import Settings

_GRACE_SECONDS = 5


async def serve(settings: Settings, start: Start, on_ready: Callable[[str, uvicorn.Server], None]) -> None:
    """Serve until the server is told to exit. `on_ready` hears the address once requests are answered.

    Raises ConfigError when the server cannot start.
    """
    with contextlib.closing(listen(settings.host, settings.port)) as listener:
        async with contextlib.AsyncExitStack() as stack:
            try:
                services = await stack.enter_async_context(open_services(settings, start))
            except DBAPIError as error:
                raise unusable_database(settings, error) from error
            config = uvicorn.Config(
                create_api(services),
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
            server = Server(config)
            on_ready(address(listener), server)
            await server.serve(sockets=[listener])


def serve_until_signal(settings: Settings, start: Start, on_ready: Callable[[str], None]) -> None:
    """`serve` in the foreground: SIGTERM and SIGINT stop it cleanly, and nothing is lost."""

    def ready(url: str, server: uvicorn.Server) -> None:
        stop_on_signals(server)
        _spare_the_collector()
        on_ready(url)

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(serve(settings, start, ready))


def _spare_the_collector() -> None:
    """Everything that is alive now stays alive, so the collector need not walk through it again and again.

    Without this a full collection of the imported modules' objects stops every request for some 90 ms, several times
    a minute under load (seen as p99 in benchmarks/api.py).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    url: str
    test_key: str


@contextlib.contextmanager
def embedded_server(settings: Settings, test_key: str | None = None) -> Generator[EmbeddedServer]:
    """A server in a thread of this process, on a real port, for as long as the block runs.

    Without `test_key`, `settings.data` must be a fresh folder: its first test key is the one returned.
    Raises ConfigError.
    """
    ready: Future[tuple[str, uvicorn.Server]] = Future()
    secrets: list[str] = []

    def run() -> None:
        try:
            with asyncio.Runner(loop_factory=loop_factory()) as runner:
                runner.run(
                    serve(
                        settings,
                        Start(on_first_key=secrets.append),
                        lambda url, server: ready.set_result((url, server)),
                    )
                )
        except BaseException as error:
            if ready.done():
                raise
            ready.set_exception(error)

    thread = threading.Thread(target=run, name="filmgate-embedded", daemon=True)
    thread.start()
    url, server = ready.result()
    try:
        yield EmbeddedServer(url, test_key or secrets[0])
    finally:
        server.should_exit = True
        thread.join()
