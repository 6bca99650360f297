"""Regular patterns, averaged over every pixel so that they never shimmer."""

from __future__ import annotations

import numpy as np

from filmgate.animatic.raster import Floats


def bands(position: Floats, pitch: float, share: float, pixel: float = 1.0) -> Floats:
    """How much of each pixel lies on bands that take `share` of every `pitch`: their exact average, so no shimmer.

    `pixel` is how far neighbouring positions lie apart.
    """
    if share >= 1:
        return np.ones_like(position)

    def filled(to: Floats) -> Floats:
        turns = np.floor(to / pitch)
        return turns * share + np.minimum(to / pitch - turns, share)

    start = position - (1 - share) / 2 * pitch - pixel / 2  # each band in the middle of its bay
    return np.clip((filled(start + pixel) - filled(start)) * (pitch / pixel), 0, 1).astype(np.float32)
