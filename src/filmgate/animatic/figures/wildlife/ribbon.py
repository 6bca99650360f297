"""A painted strip laid along a curve: the body of a dragon."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.figures.cutout import Cutout
from filmgate.animatic.raster import Floats, Matrix, Pixels, over, sample

PIECE_PX = 44  # columns that are laid at once: few enough that their box has little empty room


@dataclass(frozen=True, slots=True, eq=False)
class Spine:
    """Where a body lies at one moment: for every column of pixels its row, its slope, and how far along it is.

    The body runs from column to column and never turns back on itself. `along` is in units of the strip, 0 at the head.
    """

    first_column: int
    row: Floats
    slope: Floats  # of the row over the columns
    along: Floats
    facing: float
    unit_px: float

    def at(self, along: float) -> tuple[float, float, float]:
        """Column, row and angle (radians, clockwise on screen, from straight ahead) at a place on the body."""
        order = 1 if self.along[0] < self.along[-1] else -1
        index = float(np.interp(along, self.along[::order], np.arange(len(self.along), dtype=np.float64)[::order]))
        row = float(np.interp(index, np.arange(len(self.row)), self.row))
        slope = float(np.interp(index, np.arange(len(self.row)), self.slope))
        return self.first_column + index, row, float(np.arctan(slope))


def lay_spine(head: tuple[float, float], rows: Floats, facing: float, unit_px: float) -> Spine:
    """A spine from its head backwards: `rows` are those of the columns behind `head`, one pixel apart.

    The last of them is the column of the head itself or just before it; the rest follow the way it came.
    """
    slope = np.gradient(rows)
    lengths = np.hypot(1.0, slope)
    behind = np.concatenate([[0.0], np.cumsum((lengths[1:] + lengths[:-1]) / 2)])
    nearest = int(np.floor(head[0])) if facing > 0 else int(np.ceil(head[0]))
    gap = abs(head[0] - nearest) * lengths[0]
    along = -(behind + gap) / unit_px
    if facing > 0:
        return Spine(nearest - len(rows) + 1, rows[::-1], -slope[::-1], along[::-1], facing, unit_px)
    return Spine(nearest, rows, slope, along, facing, unit_px)


def paint_ribbon(target: Pixels, strip: Cutout, spine: Spine) -> None:
    """Lay `strip` (x along the body, 0 at the head; y across it) on the spine, a few columns at a time."""
    step, across_step = strip.to_units[0, 0], strip.to_units[1, 1]
    top_unit = float(strip.to_units[1, 2])
    above_px = top_unit * spine.unit_px
    below_px = -(top_unit + across_step * strip.pixels.shape[0]) * spine.unit_px
    cosine = 1 / np.hypot(1.0, spine.slope)
    sine = spine.slope * cosine * spine.facing
    row = spine.row.astype(np.float32)
    start_x = ((spine.along - strip.to_units[0, 2]) / step).astype(np.float32)
    aside = (sine / spine.unit_px / step).astype(np.float32)
    down = (-cosine / spine.unit_px / across_step).astype(np.float32)
    start = max(0, -spine.first_column)
    stop = min(len(spine.row), target.shape[1] - spine.first_column)
    for first in range(start, stop, PIECE_PX):
        piece = slice(first, min(first + PIECE_PX, stop))
        top = max(0, int((spine.row[piece] - above_px / cosine[piece]).min()))
        bottom = min(target.shape[0], int((spine.row[piece] + below_px / cosine[piece]).max()) + 2)
        if bottom <= top:
            continue
        below = np.arange(top, bottom, dtype=np.float32)[:, None] - row[piece]
        map_x = below * aside[piece] + start_x[piece]
        map_y = below * down[piece] + np.float32(-top_unit / across_step)
        laid = sample(strip.pixels, map_x, map_y, cv2.BORDER_CONSTANT)
        column = spine.first_column + piece.start
        over(target[top:bottom, column : column + laid.shape[1]], laid)


def on_spine(spine: Spine, along: float, size_px: float, turn: float = 0.0) -> Matrix:
    """Canvas from the units of something fixed to the body at `along`; `turn` (radians) lifts what points ahead."""
    x, y, angle = spine.at(along)
    angle = angle * spine.facing - turn
    cosine, sine = np.cos(angle) * size_px, np.sin(angle) * size_px
    return np.array([[cosine * spine.facing, sine * spine.facing, x], [sine, -cosine, y]])
