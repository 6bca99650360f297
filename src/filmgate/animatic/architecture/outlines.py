"""Outlines of towers: how wide they are at every height."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from filmgate.animatic.raster import Floats

# Outlines: half the width at heights 0 (top) to 1 (foot), as a share of the foot's; `slender` is height / half width.
Outline = Callable[[Floats, float], Floats]


def _slab(down: Floats, _slender: float) -> Floats:
    return np.ones_like(down)


def _setbacks(down: Floats, _slender: float) -> Floats:
    return np.select([down < 0.08, down < 0.24, down < 0.44], [0.34, 0.60, 0.82], 1.0)


def _penthouse(down: Floats, _slender: float) -> Floats:
    return np.where(down < 0.07, 0.62, 1.0)


def _tapering(down: Floats, _slender: float) -> Floats:
    return 0.52 + 0.48 * down**0.8


def _bullet(down: Floats, _slender: float) -> Floats:
    dome = np.sqrt(np.clip(1 - (1 - down / 0.5) ** 2, 0, 1))
    return np.where(down < 0.5, 0.06 + 0.94 * dome, 1 - 0.16 * (down - 0.5) ** 2)


def _ziggurat(down: Floats, _slender: float) -> Floats:
    return np.minimum(1.0, 0.10 + np.floor(down * 26) / 8)


def _needle(down: Floats, _slender: float) -> Floats:
    spire = np.clip(0.03 + (down / 0.26) ** 3 * 0.30, 0.03, 0.33)
    return np.select([down < 0.26, down < 0.36, down < 0.55], [spire, 0.46, 0.74], 1.0)


def _pearls(down: Floats, slender: float) -> Floats:
    """A television tower: balls on a shaft that spreads at its foot."""
    width = np.where(down < 0.28, 0.04 + 0.10 * down, 0.13 + np.clip(down - 0.80, 0, 1) * 2.2)
    for centre, radius in ((0.25, 0.20), (0.36, 0.36), (0.70, 0.52)):
        width = np.maximum(width, np.sqrt(np.clip(radius**2 - ((down - centre) * slender) ** 2, 0, None)))
    return width


def _bottle_opener(down: Floats, _slender: float) -> Floats:
    return 0.62 + 0.38 * np.clip(down / 0.7, 0, 1)


OUTLINES: tuple[Outline, ...] = (_slab, _slab, _slab, _penthouse, _penthouse, _setbacks, _setbacks, _tapering)
LANDMARKS: tuple[Outline, ...] = (_bullet, _needle, _ziggurat, _pearls, _bottle_opener, _needle)
ROUND: tuple[Outline, ...] = (_bullet, _pearls)
