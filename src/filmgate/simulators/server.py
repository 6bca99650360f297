"""All simulators behind one address, each under a path of its own, with real broken connections and callbacks.

`GET /_simulators` tells what each was asked and would have billed. `POST /_simulators/faults` with
{"vendor": "kling" or null, "faults": ["lost_reply:2"]} plans faults while it runs, and DELETE takes all plans back.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, cast

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from filmgate.simulators.clips import make_clip
from filmgate.simulators.faults import Fault, Rule, parse_rule
from filmgate.simulators.forms import json_object
from filmgate.simulators.kit import ABORT, STALL, MakeClip, PostCallback, Simulation, advance
from filmgate.simulators.vendors import VENDORS, Vendor

# At speed 1. Hosted models take about that long for a short clip.
_QUEUED_SECONDS = 5.0
_RUN_SECONDS = 55.0
_LINK_SECONDS = 24 * 3600.0
_LOOK_SECONDS = 0.1
_CALLBACK_TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Simulator:
    vendor: Vendor
    simulation: Simulation


class FaultError(ValueError):
    """A fault that is none, or that these simulators have no way to show."""


def open_simulators(
    names: Iterable[str], *, now: Callable[[], float], speed: float = 1.0, clip: MakeClip = make_clip
) -> list[Simulator]:
    """Fresh simulators of these vendors (keys of `VENDORS`), with times divided by `speed`."""
    return [
        Simulator(
            VENDORS[name],
            Simulation(
                now,
                clip,
                dict(VENDORS[name].keys),
                queued_seconds=_QUEUED_SECONDS / speed,
                run_seconds=_RUN_SECONDS / speed,
                link_seconds=_LINK_SECONDS,
            ),
        )
        for name in names
    ]


def plan_faults(simulators: Sequence[Simulator], texts: Iterable[str]) -> None:
    """Let the faults (as `parse_rule` reads them) strike, each in those simulators that have it.

    Raises FaultError, and then nothing is planned.
    """
    rules = [_rule(simulators, text) for text in texts]
    for rule in rules:
        for simulator in simulators:
            if rule.fault in simulator.vendor.faults:
                simulator.simulation.faults.rules.append(replace(rule))


def _rule(simulators: Sequence[Simulator], text: str) -> Rule:
    try:
        rule = parse_rule(text)
    except ValueError as error:
        raise FaultError(str(error)) from None
    if rule.fault is Fault.UNREACHABLE:
        raise FaultError("unreachable: a server cannot refuse connections by itself; stop it instead")
    if not any(rule.fault in simulator.vendor.faults for simulator in simulators):
        names = ", ".join(simulator.vendor.name for simulator in simulators)
        raise FaultError(f"{rule.fault}: {names} cannot show this fault")
    return rule


def simulator_server(simulators: Sequence[Simulator]) -> Starlette:
    """One ASGI app. Its lifespan has to run, for callbacks to be sent."""
    control = _Control(simulators)

    @asynccontextmanager
    async def calling_back(_app: Starlette) -> AsyncGenerator[None]:
        async with httpx.AsyncClient(timeout=_CALLBACK_TIMEOUT_SECONDS) as client:
            for simulator in simulators:
                simulator.simulation.post_callback = _poster(client)
            watch = asyncio.gather(*(_watch(simulator.simulation) for simulator in simulators))
            yield
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch

    routes: list[BaseRoute] = [
        Route("/_simulators", control.tell, methods=["GET"]),
        Route("/_simulators/faults", control.plan, methods=["POST"]),
        Route("/_simulators/faults", control.clear, methods=["DELETE"]),
    ]
    for simulator in simulators:
        vendor = simulator.vendor
        routes.append(Mount(vendor.place, app=_at_its_own_root(vendor.build(simulator.simulation))))
    return Starlette(routes=routes, lifespan=calling_back)


def _at_its_own_root(app: ASGIApp) -> ASGIApp:
    """Let `app` read paths and build links as if it were alone on its host, whose address has a path."""

    async def rooted(scope: Scope, receive: Receive, send: Send) -> None:
        root = scope["root_path"]
        await app({**scope, "app_root_path": root, "path": scope["path"].removeprefix(root)}, receive, send)

    return rooted


def _poster(client: httpx.AsyncClient) -> PostCallback:
    async def post(url: str, headers: dict[str, str], payload: bytes) -> bytes | None:
        try:
            answer = await client.post(url, headers=headers, content=payload)
        except (httpx.HTTPError, httpx.InvalidURL):
            return None
        return answer.content if answer.is_success else None

    return post


async def _watch(simulation: Simulation) -> None:
    while True:
        await advance(simulation)
        await asyncio.sleep(_LOOK_SECONDS)


class _Control:
    """The routes beside the simulators' own."""

    def __init__(self, simulators: Sequence[Simulator]) -> None:
        self._simulators = simulators

    async def tell(self, request: Request) -> Response:
        url = str(request.base_url).rstrip("/")
        return JSONResponse({"simulators": [_told(simulator, url) for simulator in self._simulators]})

    async def plan(self, request: Request) -> Response:
        asked = await json_object(request) or {}
        texts: Any = asked.get("faults")
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in cast("list[Any]", texts)):
            return _error('the body must be {"vendor": a name or null, "faults": ["lost_reply:2", …]}')
        chosen = [one for one in self._simulators if asked.get("vendor") in (None, one.vendor.name)]
        if not chosen:
            names = ", ".join(one.vendor.name for one in self._simulators)
            return _error(f"vendor: {asked['vendor']!r} is none of {names}", 404)
        try:
            plan_faults(chosen, cast("list[str]", texts))
        except FaultError as error:
            return _error(str(error))
        return JSONResponse({"planned": {one.vendor.name: _planned(one) for one in chosen}})

    async def clear(self, _request: Request) -> Response:
        for simulator in self._simulators:
            simulator.simulation.faults.rules.clear()
        return JSONResponse({"planned": {}})


def _error(message: str, status: int = 400) -> Response:
    return JSONResponse({"error": {"message": message}}, status)


def account_of(vendor: Vendor, url: str) -> dict[str, str]:
    """The settings of an account with this simulator, where the server is at `url`."""
    base_url = f"{url}{vendor.place}{vendor.api_path}"
    return {"name": f"simulated-{vendor.name}", "provider": vendor.provider, "base_url": base_url, **vendor.account}


def _told(simulator: Simulator, url: str) -> dict[str, Any]:
    simulation = simulator.simulation
    books, now = simulation.books, simulation.now()
    stages = Counter(task.stage(now).value for task in books.tasks.values())
    return {
        "vendor": simulator.vendor.name,
        "account": account_of(simulator.vendor, url),
        "faults": _planned(simulator),
        "books": {
            "submissions": books.submissions,
            "tasks": len(books.tasks),
            "stages": dict(stages),
            "billed": books.billed(now),
            "polls": books.polls,
            "queried": books.queried,
            "downloads": books.downloads,
            "cancels": books.cancels,
            "callbacks": books.callbacks,
            "unauthorised": books.unauthorised,
            "requests": len(books.requests),
        },
    }


def _planned(simulator: Simulator) -> list[Mapping[str, Any]]:
    """What has still to strike."""
    return [
        {"fault": rule.fault, "times": rule.times, "probability": rule.probability}
        for rule in simulator.simulation.faults.rules
        if rule.times != 0
    ]


class BreakableProtocol(HttpToolsProtocol):
    """Gives requests the means to break and to stall their own connection: see `kit.break_connection`."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self._over = asyncio.Event()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        scope = cast("dict[str, Any]", self.scope)
        scope["extensions"] = {ABORT: self.transport.abort, STALL: self._over.wait}

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._over.set()

    def shutdown(self) -> None:
        super().shutdown()
        self._over.set()


def server_config(app: ASGIApp) -> uvicorn.Config:
    """How uvicorn has to serve a `simulator_server`."""
    return uvicorn.Config(
        app,
        http=BreakableProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
