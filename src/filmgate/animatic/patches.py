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

from filmgate.animatic.raster import Floats, Matrix, Pixels, over, warp

CELL_ROWS, CELL_COLUMNS = 16, 64
COST_OF_A_BOX = 8_000.0  # in pixels that could be composited instead
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


def paste_patches(
    canvas: Pixels, sprite: Pixels, patches: tuple[Patch, ...], matrix: Matrix, settled: Matrix | None = None
) -> None:
    """Like `paste`, of the sprite's patches only. `settled` is the matrix before the sprite was sheared."""
    height, width = canvas.shape[:2]
    steady = matrix if settled is None else settled
    grow, shift_x, shift_y = float(steady[0, 0]), float(steady[0, 2]), float(steady[1, 2])
    for patch in patches:
        left, right = (min(width, max(0, math.floor(x * grow + shift_x))) for x in (patch.left, patch.right))
        top, bottom = (min(height, max(0, math.floor(y * grow + shift_y))) for y in (patch.top, patch.bottom))
        if right <= left or bottom <= top:
            continue
        target = canvas[top:bottom, left:right]
        local = matrix - np.array([[0, 0, left], [0, 0, top]])
        if patch.solid:
            moved = warp(sprite, local, right - left, bottom - top, cv2.BORDER_REPLICATE)
            cv2.cvtColor(moved, cv2.COLOR_BGRA2BGR, dst=target)
        else:
            over(target, warp(sprite, local, right - left, bottom - top))


def _per_cell(combine: np.ufunc, mask: Pixels) -> Pixels:
    height, width = mask.shape
    rows = combine.reduceat(mask, np.arange(0, height, CELL_ROWS), axis=0)
    return cast(Pixels, combine.reduceat(rows, np.arange(0, width, CELL_COLUMNS), axis=1))


def _outwards(edge: int, size: int) -> int:
    """A pixel beyond the ends, as far as interpolation reaches."""
    return -1 if edge <= 0 else size + 1 if edge >= size else edge


def _boxes(seen: Cells, solid: Cells) -> Iterator[tuple[int, int, int, int]]:
    """Top, bottom, left, right of boxes over all cells that are `seen`, parted where that pays."""
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    if not len(rows):
        return
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    seen, solid = seen[top:bottom, left:right], solid[top:bottom, left:right]
    whole = _cost(np.array([seen.size]), np.array([solid.sum()]))[0]
    across, down = _costs_of_cuts(seen, solid), _costs_of_cuts(seen.T, solid.T)
    if min(across.min(initial=math.inf), down.min(initial=math.inf)) >= whole:
        yield top, bottom, left, right
        return
    turned = down.min(initial=math.inf) < across.min(initial=math.inf)
    cut = int((down if turned else across).argmin()) + 1
    for half in (np.s_[:cut], np.s_[cut:]):
        part = (np.s_[:], half) if turned else (half, np.s_[:])
        x, y = left + (half.start or 0) * turned, top + (half.start or 0) * (not turned)
        for first, last, start, end in _boxes(seen[part], solid[part]):
            yield y + first, y + last, x + start, x + end


def _costs_of_cuts(seen: Cells, solid: Cells) -> Floats:
    """What both parts cost together, for a cut after each row but the last."""
    before, after = _costs_of_heads(seen, solid), _costs_of_heads(seen[::-1], solid[::-1])
    return before[:-1] + after[::-1][1:]


def _costs_of_heads(seen: Cells, solid: Cells) -> Floats:
    """What the box around everything in the first 1, 2, ... rows costs."""
    count = np.arange(seen.shape[0])
    filled = seen.any(1)
    first_row = np.where(filled.any(), filled.argmax(), 0)
    last_row = np.maximum.accumulate(np.where(filled, count, -1))
    columns = seen.shape[1]
    first = np.minimum.accumulate(np.where(filled, seen.argmax(1), columns))
    last = np.maximum.accumulate(np.where(filled, columns - seen[:, ::-1].argmax(1), 0))
    area = np.maximum(last_row - first_row + 1, 0) * np.maximum(last - first, 0)
    return _cost(area, np.cumsum(solid.sum(1)))


def _cost(area: npt.NDArray[np.int_], solid: npt.NDArray[np.int_]) -> Floats:
    """Of boxes of so many cells, of which so many are solid; an empty one is free."""
    share = np.where(solid == area, COST_OF_SOLID, 1.0)
    return np.where(area > 0, COST_OF_A_BOX + area * (CELL_ROWS * CELL_COLUMNS) * share, 0.0)
