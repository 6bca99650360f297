"""Planes painted in upright strips: not at all where they are empty or hidden, and copied where they are solid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from filmgate.animatic.camera import View, plane_matrix
from filmgate.animatic.layers import Layer
from filmgate.animatic.raster import Floats, Matrix, Pixels, over, place, then, warp

STRIP_PX = 64  # of the frame: narrower ones hug the roofs better and cost more calls
GRAIN_PX = 8  # columns of a plane that share one entry of its outline: as many bytes as one number of 64 bits has
SPREAD_PX = 2  # by how much bilinear reading smears an edge, rounded up
# Anti-aliased edges that meet leave cover of just under 255, which nobody sees through.
SEEN_AS = np.where(np.arange(256) >= 248, 255, np.arange(256)).astype(np.uint8)

Rows = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """For every GRAIN_PX columns of a picture: its first row that is not empty, and the row from which it is solid."""

    first: Rows
    solid: Rows
    width: int
    height: int

    def on_screen(self, matrix: Matrix, strips: Sequence[tuple[int, int]]) -> tuple[Rows, Rows]:
        """The same rows for every strip of the frame, `matrix` (upright, of one scale) being frame from picture."""
        size, left, top = float(matrix[0, 0]), float(matrix[0, 2]), float(matrix[1, 2])
        first, solid = np.empty(len(strips), np.int64), np.empty(len(strips), np.int64)
        for index, (begin, end) in enumerate(strips):
            from_column, to_column = (begin - left) / size - SPREAD_PX, (end - left) / size + SPREAD_PX
            seen = slice(max(0, int(from_column) // GRAIN_PX), max(0, int(to_column) // GRAIN_PX) + 1)
            whole = from_column >= 0 and to_column <= self.width
            first[index] = self.first[seen].min(initial=self.height)
            solid[index] = self.solid[seen].max(initial=0) if whole else self.height
        to_screen = np.floor(first * size + top) - SPREAD_PX, np.ceil(solid * size + top) + SPREAD_PX
        return to_screen[0].astype(np.int64), to_screen[1].astype(np.int64)

    def in_perspective(self, homography: Floats, strips: Sequence[tuple[int, int]]) -> tuple[Rows, Rows]:
        """The same where `homography` keeps columns upright."""
        first = self._seen_from(homography, self.first, strips, 0)
        solid = self._seen_from(homography, self.solid, strips, 1)
        return np.floor(first).astype(np.int64) - SPREAD_PX, np.ceil(solid).astype(np.int64) + SPREAD_PX

    def _seen_from(self, homography: Floats, rows: Rows, strips: Sequence[tuple[int, int]], lowest: int) -> Floats:
        """The highest, or the lowest, screen row of `rows` within each strip."""
        edges = np.arange(len(rows) + 1) * GRAIN_PX
        left, right = (np.stack([at, rows, np.ones_like(rows)]) for at in (edges[:-1], edges[1:]))
        seen = [homography @ corner for corner in (left, right)]
        columns, levels = (np.sort([corner[axis] / corner[2] for corner in seen], axis=0) for axis in (0, 1))
        chosen: list[float] = []
        for begin, end in strips:
            level = levels[lowest][(columns[1] > begin - SPREAD_PX) & (columns[0] < end + SPREAD_PX)]
            chosen.append(float(level.max(initial=0) if lowest else level.min(initial=1e6)))
        return np.array(chosen)


def outline_of(pixels: Pixels) -> Outline:
    """`pixels` is premultiplied RGBA; what has no cover counts as empty."""
    height, width = pixels.shape[:2]
    cover = np.full((height, -(-width // GRAIN_PX) * GRAIN_PX), 0, np.uint8)
    cover[:, :width] = cv2.LUT(cv2.extractChannel(pixels, 3), SEEN_AS)
    grains = np.ascontiguousarray(cover.view(np.uint64).T)  # the cover of GRAIN_PX columns in one number
    painted, clear = grains != 0, grains != np.iinfo(np.uint64).max
    first = np.full(len(grains), height)
    np.copyto(first, painted.argmax(1), where=painted.any(1))
    solid = np.where(clear.any(1), height - clear[:, ::-1].argmax(1), 0)
    return Outline(first, solid, width, height)


def strips_across(first: int, last: int, strip_px: int = STRIP_PX) -> list[tuple[int, int]]:
    return [(left, min(last, left + strip_px)) for left in range(first, last, strip_px)]


@dataclass(frozen=True, slots=True, eq=False)
class StripPlane:
    """A layer, and where it begins and is solid; its foot should lie below everything it is painted on."""

    layer: Layer
    outline: Outline

    def at(self, view: View) -> Matrix:
        layer = self.layer
        return then(place(layer.left, layer.top), plane_matrix(layer.canvas, layer.horizon, layer.depth, view))

    def reaches(self, rows: int, matrix: Matrix) -> bool:
        """Whether its last row is seen at or below the last one of `rows`, so that no edge shows there."""
        return float(matrix[1, 1] * (self.outline.height - 1) + matrix[1, 2]) >= rows - 1


def strip_plane(layer: Layer) -> StripPlane:
    return StripPlane(layer, outline_of(layer.pixels))


def paint_planes(target: Pixels, planes: Sequence[StripPlane], view: View) -> Iterator[int]:
    """Paint `planes`, the furthest first; yields the number of each one as soon as it is painted."""
    rows, strips = target.shape[0], strips_across(0, target.shape[1])
    matrices = [plane.at(view) for plane in planes]
    spans = [plane.outline.on_screen(matrix, strips) for plane, matrix in zip(planes, matrices, strict=True)]
    hidden_from = [np.full(len(strips), rows)]
    for plane, matrix, (_, solid) in zip(planes[:0:-1], matrices[:0:-1], spans[:0:-1], strict=True):
        hidden_from.append(np.minimum(hidden_from[-1], solid) if plane.reaches(rows, matrix) else hidden_from[-1])
    for number, (plane, matrix, (first, solid)) in enumerate(zip(planes, matrices, spans, strict=True)):
        hides = plane.reaches(rows, matrix)
        for strip, top, bottom, full in zip(strips, first, hidden_from[-1 - number], solid, strict=True):
            box = strip[0], max(0, int(top)), strip[1], min(rows, int(bottom))
            if box[3] > box[1]:
                local = matrix - np.array([[0, 0, box[0]], [0, 0, box[1]]])
                seen = warp(plane.layer.pixels, local, box[2] - box[0], box[3] - box[1])
                lay(target[box[1] : box[3], box[0] : box[2]], seen, int(full) - box[1] if hides else rows)
        yield number


def lay(part: Pixels, seen: Pixels, solid: int) -> None:
    """Composite `seen` (premultiplied RGBA) over `part` of equal size; from row `solid` on it just replaces it."""
    edge = min(max(0, solid), part.shape[0])
    if edge > 0:
        over(part[:edge], seen[:edge])
    if edge < part.shape[0]:
        cv2.cvtColor(seen[edge:], cv2.COLOR_BGRA2BGR, dst=part[edge:])
