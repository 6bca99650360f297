"""Which parts of a sprite have anything to show: boxes found once, so that painting skips what is empty.

A sprite is parted by straight cuts, again and again, as long as that saves more pixels than another box costs.
Boxes meet at edges that move as one, so that no seam shows between them however the sprite is moved.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from filmgate.animatic.raster import Matrix, Pixels, over, warp

CELL_ROWS, CELL_COLUMNS = 16, 32
CELL = CELL_ROWS * CELL_COLUMNS
COST_OF_A_BOX = 4_000.0  # in pixels that could be composited instead
SPARED_BY_A_CUT = 2 * COST_OF_A_BOX  # at best, for a region to be looked at more closely
COST_OF_SOLID = 0.65  # of a pixel, where nothing shines through
Cells = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int_]


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
        for top, bottom, left, right in _part(seen, solid).boxes
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
    rows, columns = (
        list(range(0, size, cell)) for size, cell in zip(mask.shape, (CELL_ROWS, CELL_COLUMNS), strict=True)
    )
    return cast(Pixels, combine.reduceat(combine.reduceat(mask, rows, axis=0), columns, axis=1))


def _outwards(edge: int, size: int) -> int:
    """A pixel beyond the ends, as far as interpolation reaches."""
    return -1 if edge <= 0 else size + 1 if edge >= size else edge


@dataclass(frozen=True, slots=True)
class _Parting:
    """Boxes (top, bottom, left, right) in cells, and what painting them costs."""

    cost: float
    boxes: tuple[tuple[int, int, int, int], ...]


def _part(seen: Cells, solid: Cells, top: int = 0, left: int = 0) -> _Parting:
    """The cheapest boxes over all cells that are `seen`, which lie at (top, left)."""
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    if not len(rows):
        return _Parting(0.0, ())
    inner = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    seen, solid, top, left = seen[inner], solid[inner], top + int(rows[0]), left + int(columns[0])
    height, width = seen.shape
    share = COST_OF_SOLID if solid.all() else 1.0
    whole = _Parting(COST_OF_A_BOX + share * seen.size * CELL, ((top, top + height, left, left + width),))
    spared = (seen.size - int(seen.sum()) + (1 - COST_OF_SOLID) * int(solid.sum()) * (not solid.all())) * CELL
    if spared < SPARED_BY_A_CUT:
        return whole
    cut, turned = _best_cut(seen, solid)
    if turned:
        first = _part(seen[:, :cut], solid[:, :cut], top, left)
        second = _part(seen[:, cut:], solid[:, cut:], top, left + cut)
    else:
        first = _part(seen[:cut], solid[:cut], top, left)
        second = _part(seen[cut:], solid[cut:], top + cut, left)
    cost = first.cost + second.cost
    return _Parting(cost, first.boxes + second.boxes) if cost < whole.cost else whole


def _best_cut(seen: Cells, solid: Cells) -> tuple[int, bool]:
    """Before which row, or column if `turned`, it pays most to cut."""
    rows, columns = _gains(seen, solid), _gains(seen.T, solid.T)
    turned = bool(columns.max(initial=-1) > rows.max(initial=-1))
    return int((columns if turned else rows).argmax()) + 1, turned


def _gains(seen: Cells, solid: Cells) -> Counts:
    """For a cut before each row but the first: cells that the boxes on both sides leave out, and, as later cuts
    follow the edges of gaps, cells whose kind changes there."""
    outside = seen.size - _boxed(seen)[:-1] - _boxed(seen[::-1])[::-1][1:]
    changes = (seen[1:] != seen[:-1]).sum(1) + (solid[1:] != solid[:-1]).sum(1)
    return outside + changes


def _boxed(seen: Cells) -> Counts:
    """Cells of the box around all that is seen in the first 1, 2, ... rows, which reaches up to the first."""
    columns = seen.shape[1]
    filled = cast(Cells, seen.any(1))
    starts, ends = cast(Counts, seen.argmax(1)), columns - cast(Counts, seen[:, ::-1].argmax(1))
    depth: Counts = np.where(filled, np.arange(1, seen.shape[0] + 1, dtype=np.int_), 0)
    deepest: Counts = np.maximum.accumulate(depth)
    first: Counts = np.minimum.accumulate(np.where(filled, starts, columns))
    last: Counts = np.maximum.accumulate(np.where(filled, ends, 0))
    return deepest * np.maximum(last - first, 0)
