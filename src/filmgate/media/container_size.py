"""How large a file must be by its own container's account: the cheapest proof that a download was cut short.

Source: ISO/IEC 14496-12 (MP4 boxes), RFC 8794 and RFC 9559 (Matroska and WebM elements), RIFF (AVI).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

_MAX_BOXES = 100_000  # a fragmented MP4 has a few boxes for each second
_EBML_HEADER = 0x1A45DFA3
_MATROSKA_SEGMENT = 0x18538067


def announced_size_bytes(path: Path) -> int | None:
    """The least size that the container announces; None where it announces none (MPEG-TS, FLV, live WebM)."""
    with path.open("rb") as file:
        head = file.read(12)
        file.seek(0)
        if head[4:8] in (b"ftyp", b"moov", b"mdat", b"styp", b"free", b"wide", b"skip"):
            return _mp4_size(file)
        if head.startswith(_EBML_HEADER.to_bytes(4, "big")):
            return _matroska_size(file)
        if head.startswith(b"RIFF"):
            return 8 + int.from_bytes(head[4:8], "little")
    return None


def _mp4_size(file: BinaryIO) -> int:
    """The end of the last top-level box. A box of size 0 reaches to the end of the file, whatever that is."""
    size_bytes = file.seek(0, os.SEEK_END)
    end = 0
    for _ in range(_MAX_BOXES):
        file.seek(end)
        header = file.read(16)
        box_bytes = int.from_bytes(header[:4], "big")
        if box_bytes == 1:
            box_bytes = int.from_bytes(header[8:16], "big")
        if len(header) < 8 or box_bytes < 8:
            return end
        end += box_bytes
        if end >= size_bytes:
            return end
    return end


def _matroska_size(file: BinaryIO) -> int | None:
    """The end of the Segment, which holds everything but the header. A live stream leaves its size unknown."""
    for _ in range(2):
        element_id, _ = _read_vint(file, keep_marker=True)
        content_bytes, size_is_unknown = _read_vint(file, keep_marker=False)
        if size_is_unknown or content_bytes is None:
            return None
        end = file.tell() + content_bytes
        if element_id == _MATROSKA_SEGMENT:
            return end
        file.seek(end)
    return None


def _read_vint(file: BinaryIO, *, keep_marker: bool) -> tuple[int | None, bool]:
    """An EBML number, and whether it is the one that means "unknown" (all its bits set)."""
    first = file.read(1)
    if not first or first[0] == 0:
        return None, False
    length = 9 - first[0].bit_length()
    value = int.from_bytes(first + file.read(length - 1), "big")
    marker = 1 << (7 * length)
    unknown = value == 2 * marker - 1
    return (value if keep_marker else value - marker), unknown
