"""A vendor on a network of one host, a clock that stands still, and an ear for its callbacks."""

import base64
import io
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx
from PIL import Image
from starlette.types import ASGIApp

from filmgate.simulators.faults import Fault
from filmgate.simulators.in_process import Place, SimulatedNetwork
from filmgate.simulators.kit import Simulation, advance

START = 1_795_000_000.0


@dataclass
class Heard:
    url: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class World:
    """`answer` is what the client's end says to a callback: it gets the payload."""

    client: httpx.AsyncClient
    simulation: Simulation
    heard: list[Heard] = field(default_factory=list)
    answer: Callable[[bytes], bytes | None] = lambda payload: b"{}"
    time: float = START

    async def wait(self, seconds: float) -> None:
        self.time += seconds
        await advance(self.simulation)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.get(path, **options)

    async def post(self, path: str, body: Any, **options: Any) -> httpx.Response:
        return await self.client.post(path, json=body, **options)


def build_world(
    simulator: Callable[[Simulation], ASGIApp],
    base_url: str,
    keys: dict[str, str],
    faults: Iterable[Fault] = (),
    *,
    times: int | None = 1,
) -> World:
    async def clip(width_px: int, height_px: int, seconds: float, audio: bool) -> bytes:
        return f"clip of {width_px}x{height_px}, {seconds:g} s, {'with' if audio else 'without'} sound".encode()

    async def post_callback(url: str, headers: dict[str, str], payload: bytes) -> bytes | None:
        world.heard.append(Heard(url, headers, payload))
        return world.answer(payload)

    simulation = Simulation(lambda: world.time, clip, keys, post_callback=post_callback)
    for fault in faults:
        simulation.faults.add(fault, times=times)
    network = SimulatedNetwork({httpx.URL(base_url).host: Place(simulator(simulation), simulation)})
    headers = {"authorization": f"Bearer {keys['api_key']}"}
    world = World(httpx.AsyncClient(transport=network, base_url=base_url, headers=headers), simulation)
    return world


async def seen(call: Awaitable[httpx.Response]) -> Any:
    """What a client sees of a call, for comparing."""
    try:
        answer = await call
    except httpx.TransportError as error:
        return type(error).__name__
    return answer.status_code, answer.headers.get("location"), answer.text


def image(width_px: int = 512, height_px: int = 512, kind: str = "PNG") -> str:
    """Base64 of an image."""
    file = io.BytesIO()
    Image.new("RGB", (width_px, height_px), (90, 120, 60)).save(file, kind)
    return base64.b64encode(file.getvalue()).decode()
