"""Processes that render for `animatic-1`: a fixed number at a time, each replaced when it is killed or dies.

Rendering lives in its own processes so that the server's event loop never waits for it, and so that a cancel is a
kill. A process that finished a clip is kept warm for the next one (importing the renderer takes a third of a second).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

logger = logging.getLogger(__name__)

_KEPT_RESULTS = 4096
_LONGEST_LINE_BYTES = 1024 * 1024


@dataclass(slots=True)
class Render:
    """One job's state, as far as this process knows it."""

    progress_percent: int = 0
    finished: bool = False
    error: tuple[str, str] | None = None  # (code, message)
    understood: dict[str, Any] = field(default_factory=dict[str, Any])
    task: asyncio.Task[None] | None = None


class RendererDied(Exception):
    """The rendering process ended without a word: killed, or out of memory."""


class RenderPool:
    def __init__(self, slots: int) -> None:
        self._free = asyncio.Semaphore(slots)
        self._idle: list[Process] = []
        self._renders: dict[str, Render] = {}
        self._closed = False

    def start(
        self, render_id: str, job_json: str, *, sleep: Callable[[float], Awaitable[None]], delay_seconds: float = 0.0
    ) -> None:
        """Render in the background once a slot is free, not before `delay_seconds` have passed."""
        self._forget_old()
        render = self._renders[render_id] = Render()
        render.task = asyncio.create_task(self._drive(render, job_json, sleep, delay_seconds))

    def find(self, render_id: str) -> Render | None:
        """None for a render of another process, or of an earlier life of this one."""
        return self._renders.get(render_id)

    async def cancel(self, render_id: str) -> None:
        """Stop it now: a running process is killed."""
        render = self._renders.pop(render_id, None)
        if render is not None and render.task is not None:
            render.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await render.task

    async def warm_up(self) -> None:
        """Have one process ready before the first clip is asked for."""
        async with self._free:
            if not self._idle and not self._closed:
                self._idle.append(await _spawn())

    async def close(self) -> None:
        self._closed = True
        for render_id in list(self._renders):
            await self.cancel(render_id)
        for process in self._idle:
            await _kill(process)
        self._idle.clear()

    async def _drive(
        self, render: Render, job_json: str, sleep: Callable[[float], Awaitable[None]], delay_seconds: float
    ) -> None:
        if delay_seconds > 0:
            await sleep(delay_seconds)
        async with self._free:
            process = self._idle.pop() if self._idle else await _spawn()
            try:
                await _render(process, job_json, render)
            except BaseException as error:
                await _kill(process)
                if isinstance(error, asyncio.CancelledError):
                    raise
                logger.warning("animatic: a rendering process failed: %s", error)
                render.error = (
                    "provider_failed",
                    f"The rendering process ended before the clip was finished ({error})",
                )
            else:
                self._idle.append(process)
            finally:
                render.finished = True

    def _forget_old(self) -> None:
        if len(self._renders) > _KEPT_RESULTS:
            for render_id in [key for key, render in self._renders.items() if render.finished][: _KEPT_RESULTS // 2]:
                del self._renders[render_id]


async def _spawn() -> Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "filmgate.animatic.child", stdin=PIPE, stdout=PIPE, limit=_LONGEST_LINE_BYTES
    )
    event = await _next_event(process)
    if event.get("event") != "ready":
        await _kill(process)
        raise RendererDied(f"expected ready, got {event}")
    return process


async def _render(process: Process, job_json: str, render: Render) -> None:
    if process.stdin is None:
        raise RendererDied("its input is closed")
    process.stdin.write(job_json.encode() + b"\n")
    await process.stdin.drain()
    while True:
        event = await _next_event(process)
        match event["event"]:
            case "progress":
                render.progress_percent = min(99, int(100 * event["done"] / max(event["total"], 1)))
            case "done":
                render.understood = event["understood"]
                return
            case "failed":
                render.error = (event["code"], event["message"])
                return
            case _:
                raise RendererDied(f"said {event}")


async def _next_event(process: Process) -> dict[str, Any]:
    line = await process.stdout.readline() if process.stdout else b""
    if not line:
        code = await process.wait()
        raise RendererDied(f"exit code {code}")
    return json.loads(line)


async def _kill(process: Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    await process.wait()
