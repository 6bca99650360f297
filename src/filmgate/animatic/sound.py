"""Synthesised ambience."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.raster import Floats
from filmgate.animatic.reading import Reading

SAMPLE_RATE = 48_000


@dataclass(frozen=True, slots=True)
class Ambience:
    """What is heard from `start` to `end` (seconds into the clip)."""

    reading: Reading
    start: float
    end: float


def soundtrack(ambiences: Sequence[Ambience], duration_seconds: float, seed: int) -> Floats:
    """(n, 2) samples."""
    return np.zeros((round(duration_seconds * SAMPLE_RATE), 2), np.float32)
