"""How fast a finished file comes down, beside nginx serving the same file. Usage: uv run python benchmarks/content.py

nginx (Debian's, with sendfile) is compared where it is installed. Four connections, 64 MB files and 1 MB ranges.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from typing import cast

import sqlalchemy as sa
import uvloop
from load import request
from rich.console import Console
from rich.table import Table
from server import bench_server

from filmgate.store.schema import assets, outputs, videos
from filmgate.store.sqlite import sqlite_engine

SIZE = 64 * 1024**2
RANGE = 1024**2
CONNECTIONS = 4
SECONDS = 5.0


def main() -> None:
    table = Table(title=f"Content download, {CONNECTIONS} connections, {SECONDS:g} s each")
    for column in ("server", "whole file GB/s", "1 MB ranges GB/s", "memory growth MB"):
        table.add_column(column, justify="left" if column == "server" else "right")
    with bench_server("--no-worker") as server:
        headers = {"authorization": f"Bearer {server.key}"}
        video_id, path = plant_video(server.port, server.key, server.data)
        target = f"/v1/videos/{video_id}/content"
        before = server.peak_memory_mb()
        whole = download(server.port, request("GET", target, headers))
        ranged = download(server.port, request("GET", target, headers | {"range": f"bytes=1000-{1000 + RANGE - 1}"}))
        table.add_row("filmgate serve", f"{whole:.2f}", f"{ranged:.2f}", f"{server.peak_memory_mb() - before:.0f}")
        if shutil.which("nginx"):
            with nginx(path.parent) as port:
                whole = download(port, request("GET", f"/{path.name}", {}))
                ranged = download(port, request("GET", f"/{path.name}", {"range": f"bytes=1000-{1000 + RANGE - 1}"}))
                table.add_row("nginx (sendfile)", f"{whole:.2f}", f"{ranged:.2f}", "")
    Console(width=120).print(table)


def plant_video(port: int, key: str, data: Path) -> tuple[str, Path]:
    """A finished video with a file of SIZE bytes, put in place by hand: rendering one would take minutes."""
    import json
    import urllib.request

    body = json.dumps({"prompt": "sea"}).encode()
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/v1/videos", data=body, headers=headers)
    video_id = json.load(urllib.request.urlopen(asked))["id"]
    path = data / "media" / "videos" / video_id / "0" / "video.mp4"
    path.parent.mkdir(parents=True)
    content = bytes(range(256)) * (SIZE // 256)
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    asset = {"idx": 0, "variant": "video", "key": f"videos/{video_id}/0/video.mp4", "media_type": "video/mp4"}
    with sqlite_engine(data / "filmgate.db").begin() as connection:
        facts = {"video_id": video_id, "size_bytes": SIZE, "sha256": digest, "created_at": 0.0}
        connection.execute(sa.insert(assets).values(asset | facts))
        connection.execute(sa.update(videos).values(status="completed", completed_at=time.time()))
        connection.execute(sa.update(outputs).values(phase="done", finished_at=time.time()))
    return video_id, path


def download(port: int, asked: bytes) -> float:
    """GB per second over all connections."""
    return uvloop.run(_download(port, asked))


class _Sink(asyncio.Protocol):
    """Asks again whenever an answer is complete; counts bytes and throws them away."""

    def __init__(self, asked: bytes) -> None:
        self.asked = asked
        self.received = 0
        self.left = 0
        self.head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(self.asked)

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        if self.left == 0:
            self.head += data
            if b"\r\n\r\n" not in self.head:
                return
            head, _, data = self.head.partition(b"\r\n\r\n")
            assert head[9:12] in (b"200", b"206"), head
            self.left = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            self.head = b""
        self.left -= len(data)
        if self.left == 0:
            self.transport.write(self.asked)


async def _download(port: int, asked: bytes) -> float:
    loop = asyncio.get_running_loop()
    sinks = [(await loop.create_connection(lambda: _Sink(asked), "127.0.0.1", port))[1] for _ in range(CONNECTIONS)]
    started = time.perf_counter()
    await asyncio.sleep(SECONDS)
    received = sum(sink.received for sink in sinks)
    seconds = time.perf_counter() - started
    for sink in sinks:
        sink.transport.abort()
    return received / seconds / 1e9


@contextlib.contextmanager
def nginx(root: Path) -> Generator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "nginx.conf"
        config.write_text(
            f"daemon off; pid {folder}/pid; error_log stderr; user root; worker_processes 2;\n"
            "events { worker_connections 64; }\n"
            f"http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;\n"
            f"  server {{ listen 127.0.0.1:{port}; root {root}; }} }}\n"
        )
        process = subprocess.Popen(["nginx", "-c", str(config), "-p", folder], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        try:
            yield port
        finally:
            process.terminate()
            process.wait(timeout=10)


if __name__ == "__main__":
    main()
