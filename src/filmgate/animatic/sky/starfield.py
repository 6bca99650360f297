"""Stars of deep space: points of light that are set down anew in every frame, each to a fraction of a pixel.

A few thousand dots cost a third of what it takes to turn a picture of them, and stay sharp.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from filmgate.animatic.colour import from_hex
from filmgate.animatic.raster import Floats, Matrix, Pixels, Points, apply

WARM, COLD = "ffe6cf", "cfe0ff"
BRIGHTEST = 1.6
CROSSED_FROM = 0.75  # the lens draws a thin cross around stars brighter than this
CROSS_REACH = 20.0  # of an arm, in sigmas, for a brightness of one
CROSS_LIGHT = 0.34
NARROWEST_SIGMA = 0.5  # pixels: what is finer would flicker while it moves


@dataclass(frozen=True, slots=True, eq=False)
class Starfield:
    """Stars from faint to bright, around an origin that frames are centred on."""

    places: Points
    light: Floats  # (n, 3), 0..255 at the centre of a star that fills its pixel
    brightness: Floats
    sigma: float  # pixels

    def paint(self, target: Pixels, matrix: Matrix) -> None:
        """Add the stars to `target`; `matrix` is canvas from field."""
        places = apply(matrix, self.places)
        height, width = target.shape[:2]
        inside = (places[:, 0] > 0) & (places[:, 0] < width - 1) & (places[:, 1] > 0) & (places[:, 1] < height - 1)
        places, light = places[inside].astype(np.float32), self.light[inside]
        reach = max(1, round(self.sigma * 2.2))
        self._set(target, places, light, reach, reach)
        crossed = int(np.searchsorted(self.brightness[inside], CROSSED_FROM))
        if crossed < len(places):
            arm = max(1, int(CROSS_REACH * self.sigma))
            self._set(target, places[crossed:], light[crossed:] * np.float32(CROSS_LIGHT), arm, 1)
            self._set(target, places[crossed:], light[crossed:] * np.float32(CROSS_LIGHT), 1, arm)

    def _set(self, target: Pixels, places: Floats, light: Floats, reach_x: int, reach_y: int) -> None:
        """Add dots that reach some pixels to either side: round ones, or arms that taper off."""
        nearest = np.rint(places).astype(np.int32)
        rest = places - nearest
        columns, across = _spread(nearest[:, 0], rest[:, 0], reach_x, self.sigma, target.shape[1])
        rows, down = _spread(nearest[:, 1], rest[:, 1], reach_y, self.sigma, target.shape[0])
        index = rows[:, :, None] * target.shape[1] + columns[:, None, :]
        added = (down[:, :, None] * across[:, None, :])[..., None] * light[:, None, None]
        # Where two stars meet the later one, which is the brighter, is seen.
        pixels = target.reshape(-1, 3)
        pixels[index] = np.minimum(pixels[index] + added, np.float32(255)).astype(np.uint8)


def build_starfield(
    rng: np.random.Generator, size: tuple[float, float], count: int, sigma: float, *, crossed: bool = False
) -> Starfield:
    """`size` is the width and height that the stars fill, `sigma` how large each one is, in pixels."""
    places = rng.uniform(-0.5, 0.5, (count, 2)) * np.array(size)
    brightness = np.sort(np.clip(rng.pareto(1.9, count) * 0.20 + 0.16, 0, BRIGHTEST)).astype(np.float32)
    tints = np.where(rng.uniform(0, 1, (count, 1)) < 0.5, from_hex(WARM), from_hex(COLD)).astype(np.float32)
    shown = brightness if crossed else np.minimum(brightness, np.float32(CROSSED_FROM * 0.99))
    return Starfield(places, tints * brightness[:, None] * np.float32(255 * 0.85), shown, max(NARROWEST_SIGMA, sigma))


def _spread(
    nearest: npt.NDArray[np.int32], rest: Floats, reach: int, sigma: float, limit: int
) -> tuple[npt.NDArray[np.int32], Floats]:
    """The pixels to either side of each star along one axis, and how much of its light each of them gets."""
    steps = np.arange(-reach, reach + 1, dtype=np.int32)
    distance = np.abs(steps.astype(np.float32) - rest[:, None])
    if reach > sigma * 4:
        share = np.maximum(1 - distance / np.float32(reach), 0) ** 2
    else:
        share = np.exp(distance * distance * np.float32(-0.5 / sigma**2))
    return np.clip(nearest[:, None] + steps, 0, limit - 1), share.astype(np.float32)
