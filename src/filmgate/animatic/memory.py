"""How the C library hands out memory while frames are drawn.

A frame is drawn through some thirty arrays of megabytes that live for milliseconds. By default glibc gives each of them
back to the kernel at once and asks for it anew, and the kernel clears every page again: 5 of 12 ms of a 720p frame went
there (2026-11, glibc 2.36, one core). A renderer that keeps what it freed needs as much memory at its peak as before.
"""

from __future__ import annotations

import ctypes
from typing import Any

# malloc.h of glibc
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -2, -3, -8
KEPT_BYTES = 1 << 30
LARGEST_ON_HEAP_BYTES = 32 << 20  # the most that glibc allows
SPARE_BYTES = 16 << 20


def keep_freed_memory() -> bool:
    """Let this process keep freed memory for its next frame. False where the C library is another one: then nothing
    happens, and frames take longer."""
    library = _glibc()
    if library is None:
        return False
    settings = (
        (M_ARENA_MAX, 1),  # one heap for all threads: what one frees, the other can use
        (M_TRIM_THRESHOLD, KEPT_BYTES),
        (M_MMAP_THRESHOLD, LARGEST_ON_HEAP_BYTES),
        (M_TOP_PAD, SPARE_BYTES),
    )
    return all(library.mallopt(name, value) == 1 for name, value in settings)


def give_back_memory() -> None:
    """Return what is free to the kernel: a renderer that waits for its next job should be small."""
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


def _glibc() -> Any | None:
    try:
        library = ctypes.CDLL("libc.so.6")
        library.gnu_get_libc_version  # noqa: B018 - musl has no such name
    except (OSError, AttributeError):
        return None
    return library
