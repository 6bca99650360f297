"""Progress where the upstream reports none."""

from __future__ import annotations

import math


def estimate(elapsed_seconds: float, typical_seconds: float) -> int:
    """A percentage that rises with time, is at 63 after `typical_seconds` and never says that it is done."""
    if typical_seconds <= 0 or elapsed_seconds <= 0:
        return 0
    return min(95, int(100 * (1 - math.exp(-elapsed_seconds / typical_seconds))))
