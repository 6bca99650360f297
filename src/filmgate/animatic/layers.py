"""Flat planes of art that stand in depth and pass each other as the camera travels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filmgate.animatic.camera import View, plane_matrix
from filmgate.animatic.colour import to_pixels
from filmgate.animatic.raster import Canvas, Floats, Pixels, paste, place, sample, then

OVERHANG = 1.34  # planes are this much wider than the canvas, so that travel never shows their ends


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A premultiplied RGBA plane at `depth`; (left, top) is where its corner lies when the camera is at rest."""

    pixels: Pixels
    depth: float
    left: int
    top: int
    canvas: Canvas
    horizon: float

    def paint(self, target: Pixels, view: View) -> None:
        """Composite onto `target`, which may be a canvas cut off at the bottom (at a shore line)."""
        at_rest = place(self.left, self.top)
        paste(target, self.pixels, then(at_rest, plane_matrix(self.canvas, self.horizon, self.depth, view)))


def build_layer(canvas: Canvas, horizon: float, depth: float, colour: Floats, coverage: Floats) -> Layer:
    """A plane of `colour` (height, width, 3) shown where `coverage` (height, width) says, centred on the canvas."""
    painted = np.flatnonzero(coverage.max(1) > 0.002)
    first = max(int(painted[0]) - 2, 0) if len(painted) else 0
    colour, coverage = colour[first:], coverage[first:]
    pixels = np.dstack([to_pixels(np.clip(colour, 0, 1) * coverage[..., None]), to_pixels(coverage)])
    left = -(coverage.shape[1] - canvas.width) // 2
    return Layer(np.ascontiguousarray(pixels), depth, left, first, canvas, horizon)


def overhang_width(canvas: Canvas) -> int:
    return int(canvas.width * OVERHANG) // 2 * 2


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A plane that lies flat, from the horizon to our feet: each row moves as fast as it is near."""

    picture: Pixels  # RGB, wider than the canvas, row 0 at the horizon
    top: int
    nearness: Floats  # per row, 0 at the horizon to 1 at the bottom
    columns: Floats
    rows: Floats
    canvas: Canvas

    def paint(self, target: Pixels, view: View) -> None:
        grow = 1 + view.forward * self.nearness[:, None]
        shift = view.travel_x * self.nearness[:, None] * self.canvas.width
        middle = self.picture.shape[1] / 2
        map_x = ((self.columns + shift) / grow + np.float32(middle)).astype(np.float32)
        lift = view.travel_y * self.nearness[:, None] * self.canvas.base
        map_y = ((self.rows - lift) / grow + np.zeros_like(self.columns)).astype(np.float32)
        target[self.top :] = sample(self.picture, map_x, np.clip(map_y, 0, self.picture.shape[0] - 1))


def build_ground(canvas: Canvas, top: int, picture: Pixels) -> Ground:
    rows = canvas.height - top
    nearness = (np.arange(rows, dtype=np.float32) + 0.5) / rows
    columns = np.repeat((np.arange(canvas.width, dtype=np.float32) - np.float32(canvas.width / 2))[None], rows, 0)
    lines = np.arange(rows, dtype=np.float32)[:, None]
    return Ground(picture, top, nearness, columns, lines, canvas)


def nearness_at(canvas: Canvas, top: float, y: float) -> float:
    """The depth of something that stands on a Ground with its feet on screen row `y`."""
    return min(1.0, max(0.0, (y - top) / max(1.0, canvas.height - top)))
