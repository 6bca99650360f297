"""Small real files: MP4 (a moving bar, a tone if asked, H.264 and AAC) and images."""

from __future__ import annotations

import asyncio
import io
from functools import lru_cache

import av
import numpy as np
from av.container import OutputContainer
from PIL import Image

_FPS = 24
_SOUND_RATE = 48_000


async def make_clip(width_px: int, height_px: int, seconds: float, audio: bool) -> bytes:
    """An MP4 of this size and `round(seconds * 24)` frames, made off the event loop. The same call, the same file."""
    return await asyncio.to_thread(_encode, width_px - width_px % 2, height_px - height_px % 2, seconds, audio)


def make_still(width_px: int, height_px: int, kind: str = "PNG") -> bytes:
    """An image of this size, of one colour: a frame or a cover, where a vendor hands out such."""
    file = io.BytesIO()
    Image.new("RGB", (width_px, height_px), (60, 60, 60)).save(file, kind)
    return file.getvalue()


@lru_cache(maxsize=32)
def _encode(width_px: int, height_px: int, seconds: float, audio: bool) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=_FPS, options={"preset": "ultrafast", "crf": "30"})
        stream.width, stream.height, stream.pix_fmt = width_px, height_px, "yuv420p"
        sound = container.add_stream("aac", rate=_SOUND_RATE) if audio else None
        count = max(1, round(seconds * _FPS))
        for number in range(count):
            picture = np.full((height_px, width_px, 3), 60, np.uint8)
            left = int((width_px - width_px // 8) * number / count)
            picture[:, left : left + max(width_px // 8, 1)] = (230, 180, 60)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
        if sound is not None:
            _add_tone(container, sound, count / _FPS)
    return file.getvalue()


def _add_tone(container: OutputContainer, stream: av.AudioStream, seconds: float) -> None:
    total = int(seconds * _SOUND_RATE)
    wave = (np.sin(np.arange(total) * (2 * np.pi * 220 / _SOUND_RATE)) * 0.1).astype(np.float32)
    for start in range(0, total, 1024):
        piece = wave[start : start + 1024]
        frame = av.AudioFrame.from_ndarray(piece.reshape(1, -1), format="fltp", layout="mono")
        frame.sample_rate = _SOUND_RATE
        frame.pts = start
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
