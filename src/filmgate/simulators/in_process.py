"""Simulators without a socket: an httpx transport that leads host names to apps, with the network's own faults."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.types import ASGIApp, Message

from filmgate.simulators.faults import Fault
from filmgate.simulators.kit import ABORT, STALL, Simulation


@dataclass(frozen=True, slots=True)
class Place:
    app: ASGIApp
    simulation: Simulation


class SimulatedNetwork(httpx.AsyncBaseTransport):
    """`places` maps host names to simulators; any other host cannot be reached."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        self._places = dict(places)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        place = self._places.get(request.url.host)
        if place is None:
            raise httpx.ConnectError(f"no such host: {request.url.host}")
        if request.method == "POST" and place.simulation.strikes(Fault.UNREACHABLE):
            raise httpx.ConnectError("connection refused")
        exchange = _Exchange(await request.aread())
        await place.app(_scope(request, exchange), exchange.receive, exchange.send)
        return exchange.response()


class _Exchange:
    def __init__(self, body: bytes) -> None:
        self._body = body
        self._given = False
        self._messages: list[Message] = []
        self.aborted = False
        self.stalled = False

    async def receive(self) -> Message:
        if self._given:
            return {"type": "http.disconnect"}
        self._given = True
        return {"type": "http.request", "body": self._body, "more_body": False}

    async def send(self, message: Message) -> None:
        self._messages.append(message)

    def abort(self) -> None:
        self.aborted = True

    async def stall(self) -> None:
        self.stalled = True

    def response(self) -> httpx.Response:
        if not self._messages:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        start, *rest = self._messages
        body = b"".join(message.get("body", b"") for message in rest)
        stream = _Body(body, httpx.ReadTimeout("") if self.stalled else httpx.ReadError("") if self.aborted else None)
        return httpx.Response(start["status"], headers=start["headers"], stream=stream)


class _Body(httpx.AsyncByteStream):
    def __init__(self, body: bytes, error: httpx.TransportError | None) -> None:
        self._body = body
        self._error = error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body
        if self._error is not None:
            raise self._error


def _scope(request: httpx.Request, exchange: _Exchange) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.split(b"?")[0],
        "query_string": request.url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "server": (request.url.host, request.url.port or 80),
        "client": ("127.0.0.1", 1),
        "extensions": {ABORT: exchange.abort, STALL: exchange.stall},
    }
