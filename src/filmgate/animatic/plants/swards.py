"""A strip of stems along the lower edge of the frame that bows in waves of wind: grass, ears, flowers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.raster import Canvas, Floats, Pixels, over, sample
from filmgate.animatic.scene import Moment

BEND = 0.16  # how far a tip moves, as a share of its height, in a usual wind
WAVE_LENGTH = 0.75  # of the base, from gust to gust
WAVE_PACE = 2.3  # radians a second


@dataclass(frozen=True, slots=True, eq=False)
class Sward:
    """Premultiplied RGBA as wide as a plane; stems root at row `foot` of the picture and bow above it."""

    pixels: Pixels
    top: float  # the picture's first row on the canvas at rest
    foot: float
    depth: float
    canvas: Canvas
    horizon: float
    wind: float
    phase: float

    def paint(self, target: Pixels, moment: Moment) -> None:
        canvas, view = self.canvas, moment.view
        grow = 1 + view.forward * self.depth
        shift_x = -view.travel_x * self.depth * canvas.width
        shift_y = view.travel_y * self.depth * canvas.base + self.horizon * (1 - grow)
        first = max(0, math.floor(self.top * grow + shift_y))
        last = min(target.shape[0], math.ceil((self.top + self.pixels.shape[0]) * grow + shift_y))
        if last <= first:
            return
        columns = np.arange(target.shape[1], dtype=np.float32)
        rows = np.arange(first, last, dtype=np.float32)
        map_x = (columns - np.float32(canvas.width / 2 + shift_x)) / np.float32(grow) + self.pixels.shape[1] / 2
        map_y = (rows - np.float32(shift_y)) / np.float32(grow) - np.float32(self.top)
        height = np.clip((self.foot - map_y) / self.foot, 0, None) ** 1.6 * self.foot
        bent = self._bend(map_x.astype(np.float32), moment.seconds)[None] * height[:, None].astype(np.float32)
        warped_x = (map_x[None] - bent).astype(np.float32)
        lines = np.repeat(map_y[:, None].astype(np.float32), len(columns), 1)
        over(target[first:last], sample(self.pixels, warped_x, lines, 0))

    def _bend(self, x: Floats, seconds: float) -> Floats:
        """How far stems lean at each column, as a share of their height: two waves that run with the wind."""
        length = WAVE_LENGTH * self.canvas.base
        turn = 2 * math.pi * x / np.float32(length)
        broad = np.sin(turn - np.float32(WAVE_PACE * seconds) + np.float32(self.phase))
        fine = np.sin(turn * np.float32(2.7) - np.float32(WAVE_PACE * 1.9 * seconds + self.phase * 2))
        slow = np.float32(0.6 + 0.4 * math.sin(0.5 * seconds + self.phase))
        return np.float32(BEND * self.wind) * (slow * (0.25 + 0.5 * broad) + 0.16 * fine)
