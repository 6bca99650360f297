"""Flat planes of art that stand in depth and pass each other as the camera travels."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from filmgate.animatic.camera import View, plane_matrix
from filmgate.animatic.colour import to_pixels
from filmgate.animatic.patches import Patch, find_patches, paste_patches
from filmgate.animatic.raster import Canvas, Floats, Pixels, place, project, then, with_spare_channel

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
    patches: tuple[Patch, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "patches", find_patches(self.pixels))

    def paint(self, target: Pixels, view: View) -> None:
        """Composite onto `target`, which may be a canvas cut off at the bottom (at a shore line)."""
        matrix = then(place(self.left, self.top), plane_matrix(self.canvas, self.horizon, self.depth, view))
        paste_patches(target, self.pixels, self.patches, matrix)


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
    """A plane that lies flat, away from our feet: each row from `top` on moves as fast as it is near."""

    picture: Pixels  # RGB, with or without a spare channel, wider than the canvas
    top: int
    nearness: Floats  # per row, growing evenly; 0 at the horizon, 1 at the bottom
    columns: Floats  # where columns lie, from the picture's middle
    rows: Floats  # where rows lie in the picture
    canvas: Canvas

    def paint(self, target: Pixels, view: View) -> None:
        """As nearness grows evenly, all rows together are one homography of the picture."""
        lines = len(self.nearness)
        near, middle = float(self.nearness[0]), self.picture.shape[1] / 2
        per_row = (float(self.nearness[-1]) - near) / max(1, lines - 1)
        shift, lift = view.travel_x * self.canvas.width, view.travel_y * self.canvas.base
        grow, grow_per_row = 1 + view.forward * near, view.forward * per_row
        left, first = float(self.columns.flat[0]), float(self.rows.flat[0])
        source = np.array(
            [
                [1.0, shift * per_row + middle * grow_per_row, left + shift * near + middle * grow],
                [0.0, 1 - lift * per_row, first - lift * near],
                [0.0, grow_per_row, grow],
            ]
        )
        project(self.picture, source, target[self.top : self.top + lines])


def build_ground(canvas: Canvas, horizon: int, picture: Pixels, top: int | None = None) -> Ground:
    """`picture` begins at the horizon, as what the rows from `top` on show recedes when we go nearer."""
    rows = np.arange(0 if top is None else top - horizon, canvas.height - horizon, dtype=np.float32)
    nearness = (rows + 0.5) / np.float32(canvas.height - horizon)
    columns = np.arange(canvas.width, dtype=np.float32) - np.float32(canvas.width / 2)
    return Ground(with_spare_channel(picture), horizon if top is None else top, nearness, columns, rows, canvas)


def nearness_at(canvas: Canvas, top: float, y: float) -> float:
    """The depth of something that stands on a Ground with its feet on screen row `y`."""
    return min(1.0, max(0.0, (y - top) / max(1.0, canvas.height - top)))
