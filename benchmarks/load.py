"""A load generator: some keep-alive connections that send the same requests as fast as they are answered.

Bytes in, bytes out: an HTTP library would use more CPU than the server it measures. Talks to loopback only.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import uvloop


@dataclass
class Measured:
    seconds: float
    statuses: dict[int, int] = field(default_factory=dict)
    latencies_ms: list[float] = field(default_factory=list)

    @property
    def answered(self) -> int:
        return sum(self.statuses.values())

    @property
    def per_second(self) -> float:
        return self.statuses.get(200, 0) / self.seconds

    def percentile(self, percent: float) -> float:
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "host: localhost", *(f"{name}: {value}" for name, value in headers.items())]
    if body:
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def multipart(fields: dict[str, str]) -> tuple[str, bytes]:
    """Content type and body of a multipart form."""
    boundary = "filmgate-benchmark"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return f"multipart/form-data; boundary={boundary}", "".join([*parts, f"--{boundary}--\r\n"]).encode()


def run_load(
    port: int,
    make: Callable[[int], bytes],
    *,
    connections: int,
    seconds: float,
    sees: Callable[[bytes], None] | None = None,
) -> Measured:
    """Send `make(number)` over and over; `sees` gets the body of each answer."""
    return uvloop.run(_run(port, make, connections, seconds, sees))


def paced_load(
    port: int, make: Callable[[int], bytes], *, connections: int, per_second: float, seconds: float
) -> Measured:
    """Each connection sends `per_second` requests a second, however long an answer takes (up to the next one)."""
    return uvloop.run(_run(port, make, connections, seconds, None, 1 / per_second))


async def _run(
    port: int,
    make: Callable[[int], bytes],
    connections: int,
    seconds: float,
    sees: Callable[[bytes], None] | None,
    every_seconds: float = 0.0,
) -> Measured:
    measured = Measured(seconds)
    ends_at = time.perf_counter() + seconds
    counter = iter(range(10**9))

    async def one_connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (started := time.perf_counter()) < ends_at:
            writer.write(make(next(counter)))
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            body = await reader.readexactly(length)
            status = int(head[9:12])
            measured.statuses[status] = measured.statuses.get(status, 0) + 1
            measured.latencies_ms.append((time.perf_counter() - started) * 1000)
            if sees is not None:
                sees(body)
            if every_seconds:
                await asyncio.sleep(max(0.0, started + every_seconds - time.perf_counter()))
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(one_connection() for _ in range(connections)))
    measured.seconds = time.perf_counter() - started
    return measured
