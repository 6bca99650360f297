"""The process that renders: `python -m filmgate.animatic.child`.

One RenderJob as JSON per line on stdin; on stdout, one JSON object per line:

    {"event": "ready"}                                       all is loaded, a job will start at once
    {"event": "progress", "done": 12, "total": 150}          at most 20 a second, and always the last one
    {"event": "done", "understood": {...}}                   the file is in place
    {"event": "failed", "code": "invalid_input", "message": "..."}      or provider_failed (disk full), internal_error

It lowers its own priority, ends at once when stdin closes (so also when its parent dies), and may be killed at any
moment: at most a `.part` file is left behind.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TextIO

import cv2

from filmgate.animatic.job import RenderJob
from filmgate.animatic.language.parse import parse
from filmgate.animatic.memory import give_back_memory, keep_freed_memory
from filmgate.animatic.render import render
from filmgate.core.errors import ClientError, MediaError
from filmgate.core.video import FailureCode

NICENESS = 10
MOST_THREADS = 4  # beyond that x264, whose threads are fixed, is what one waits for
PROGRESS_INTERVAL_SECONDS = 0.05


def main() -> None:
    """Serve jobs from stdin until it closes."""
    # Ctrl-C in a terminal reaches every process of its group; when this one ends is for the parent to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    cv2.setNumThreads(1)  # frames are drawn in parallel already
    keep_freed_memory()
    events = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing but events may reach the parent
    with contextlib.suppress(BrokenPipeError):  # the parent is gone
        parse("")  # loads the vocabulary, so that the first clip does not wait for it
        _tell(events, event="ready")
        for line in _lines_until_parent_leaves(sys.stdin):
            if line.strip():
                serve(line, partial(_tell, events))
                give_back_memory()


def serve(line: str, tell: Callable[..., None]) -> None:
    """Render one job and tell how it went. Never raises for a bad job or a failed render."""
    last_told = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal last_told
        now = time.monotonic()
        if done == total or now - last_told >= PROGRESS_INTERVAL_SECONDS:
            last_told = now
            tell(event="progress", done=done, total=total)

    try:
        understood = render(RenderJob.from_json(line), progress=progress, threads=threads())
    except (ClientError, MediaError) as error:
        tell(event="failed", code=FailureCode.INVALID_INPUT.value, message=error.message)
    except BrokenPipeError:
        raise  # the parent is gone
    except OSError as error:
        message = f"The clip could not be written on this machine: {error.strerror or error}."
        tell(event="failed", code=FailureCode.PROVIDER_FAILED.value, message=message)
    except Exception:  # noqa: BLE001 - the edge of the process: the trace goes to stderr, the next job goes on
        traceback.print_exc()
        message = "The animatic renderer failed; its log has the reason."
        tell(event="failed", code=FailureCode.INTERNAL_ERROR.value, message=message)
    else:
        tell(event="done", understood=understood)


def threads() -> int:
    """How many threads draw: the file is the same from any number of them."""
    return min(MOST_THREADS, max(2, os.cpu_count() or 2))


def _tell(events: TextIO, **event: Any) -> None:
    events.write(json.dumps(event) + "\n")
    events.flush()


def _lines_until_parent_leaves(stdin: TextIO) -> Iterator[str]:
    """Jobs from stdin; a watcher ends the process at once when stdin closes, even in the middle of a render."""
    lines: list[str] = []
    arrived = threading.Condition()

    def watch() -> None:
        for line in stdin:
            with arrived:
                lines.append(line)
                arrived.notify()
        os._exit(0)

    threading.Thread(target=watch, daemon=True, name="stdin").start()
    while True:
        with arrived:
            arrived.wait_for(lambda: bool(lines))
            line = lines.pop(0)
        yield line


if __name__ == "__main__":
    main()
