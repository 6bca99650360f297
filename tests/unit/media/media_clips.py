"""Tiny pictures in, and what came out: shared by the tests of media."""

from pathlib import Path

import av
import numpy as np


def grey_frames(count: int, size: tuple[int, int] = (96, 64)) -> list[np.ndarray]:
    """Frames that grow brighter by 8 from one to the next, beginning at 40: each can be told by its mean."""
    return [np.full((size[1], size[0], 3), 40 + 8 * index, np.uint8) for index in range(count)]


def shown_greys(path: Path) -> list[int]:
    """The mean of every decoded frame, in order."""
    with av.open(str(path)) as clip:
        return [round(float(frame.to_ndarray(format="gray").mean())) for frame in clip.decode(video=0)]


def shown_times(path: Path) -> list[float]:
    with av.open(str(path)) as clip:
        return [frame.time for frame in clip.decode(video=0)]
