"""Which parts of a sprite have anything to show: boxes found once, so that painting skips what is empty.

A sprite is parted by straight cuts, again and again, as long as that saves more pixels than another box costs.
Boxes meet at edges that move as one, so that no seam shows between them however the sprite is moved.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from filmgate.animatic.raster import Matrix, Pixels, over, warp

CELL_ROWS, CELL_COLUMNS = 16, 64
COST_OF_A_BOX = 14_000.0  # in pixels that could be composited instead
COST_OF_SOLID = 0.65  # of a pixel, where nothing shines through
Cells = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Patch:
    """A box of a sprite's pixels, ends excluded. Nothing shines through where it is `solid`."""

    left: int
    top: int
    right: int
    bottom: int
    solid: bool


def find_patches(sprite: Pixels, sway_px: float = 0.0) -> tuple[Patch, ...]:
    """The boxes that hold all of a premultiplied RGBA sprite which may be sheared sideways by up to `sway_px`."""
    height, width = sprite.shape[:2]
    alpha = cast(Pixels, cv2.extractChannel(sprite, 3))
    reach = np.ones((3, 2 * math.ceil(sway_px) + 3), np.uint8)
    solid = _per_cell(np.minimum, cast(Pixels, cv2.erode(alpha, reach))) == 255
    solid[[0, -1]] = False  # upper and lower edges stay soft
    seen = _per_cell(np.maximum, cast(Pixels, cv2.dilate(alpha, reach))) > 0
    return tuple(
        Patch(
            _outwards(left * CELL_COLUMNS, width),
            _outwards(top * CELL_ROWS, height),
            _outwards(right * CELL_COLUMNS, width),
            _outwards(bottom * CELL_ROWS, height),
            bool(solid[top:bottom, left:right].all()),
        )
        for top, bottom, left, right in _boxes(seen, solid)
    )


def paste_patches(canvas: Pixels, sprite: Pixels, patches: tuple[Patch, ...], matrix: Matrix, sway: float = 0.0) -> None:
    """Like `paste`, of the sprite's patches only. `matrix` may enlarge and move it; `sway` shears it first: pixels to
    the left per row, about its row zero."""
    height, width = canvas.shape[:2]
    grow, shift_x, shift_y = float(matrix[0, 0]), float(matrix[0, 2]), float(matrix[1, 2])
    for patch in patches:
        left, right = (min(width, max(0, math.floor(x * grow + shift_x))) for x in (patch.left, patch.right))
        top, bottom = (min(height, max(0, math.floor(y * grow + shift_y))) for y in (patch.top, patch.bottom))
        if right <= left or bottom <= top:
            continue
        local = matrix - np.array([[0, 0, left], [0, 0, top]])
        target = canvas[top:bottom, left:right]
        if patch.solid:
            moved = warp(sprite, local, right - left, bottom - top, cv2.BORDER_REPLICATE)
            cv2.cvtColor(moved, cv2.COLOR_BGRA2BGR, dst=target)
        else:
            over(target, warp(sprite, local, right - left, bottom - top))
