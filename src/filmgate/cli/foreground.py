"""The outside of a uvicorn server that runs in the foreground: its socket, its event loop, and how signals stop it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Generator

import uvicorn

from filmgate.config import ConfigError


class Server(uvicorn.Server):
    """uvicorn without its own signal handling, which would end the process before our services are closed."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises ConfigError when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # Who reads the address on our output may connect at once, a moment before uvicorn accepts.
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise ConfigError(
            f"setting port: cannot listen on {host}:{port}: {error.strerror}. Choose another with --port"
        ) from error
    return listener


def address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def stop_on_signals(server: uvicorn.Server) -> None:
    """SIGTERM and SIGINT end `server` cleanly. Called inside its event loop."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _exit_soon, server)


def _exit_soon(server: uvicorn.Server) -> None:
    server.should_exit = True


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # Windows has none
        return None
    return uvloop.new_event_loop
