"""One-point perspective: a street whose walls and floor run to one vanishing point.

Lengths of the street are pixels at depth 1, where the floor meets the lower edge of the frame; something `length` long
is `length * depth` pixels large at `depth`, like on every plane of the camera. What lies on a wall or on the floor
moves by a homography, so that a camera that pushes in sees true parallax along the whole street.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.camera import View, plane_matrix
from filmgate.animatic.layers import Layer
from filmgate.animatic.raster import Canvas, Floats, Matrix, Pixels, place, then

Homography = Floats  # (3, 3), screen from picture


@dataclass(frozen=True, slots=True)
class Perspective:
    canvas: Canvas
    horizon: float
    half_width: float  # from the middle of the street to either wall
    focal: float  # how far away depth 1 is

    @property
    def middle(self) -> float:
        return self.canvas.width / 2

    @property
    def drop(self) -> float:
        """How far the floor lies below the eye."""
        return self.canvas.height - self.horizon

    @property
    def metre(self) -> float:
        return 110 * self.canvas.unit

    def screen(self, x: float, height: float, depth: float) -> tuple[float, float]:
        """Where a point `x` right of the middle and `height` above the floor is seen, the camera at rest."""
        return self.middle + x * depth, self.horizon + (self.drop - height) * depth

    def wall(self, side: int, top_rows: int, view: View) -> Homography:
        """Of a picture of a wall, whose columns count outwards from the vanishing point (`side` -1 left, 1 right)."""
        across, down, nearer = self._moved(view)
        own = np.array(
            [
                [side - across / self.half_width, 0, 0],
                [down / self.half_width, 1, 0],
                [-nearer / self.half_width, 0, 1],
            ]
        )
        return _shift(self.middle, self.horizon) @ own @ _shift(0, -top_rows)

    def floor(self, picture_middle: float, view: View) -> Homography:
        """Of a picture of the floor, whose rows count from the horizon down."""
        across, down, nearer = self._moved(view)
        own = np.array([[1, -across / self.drop, 0], [0, 1 + down / self.drop, 0], [0, -nearer / self.drop, 1]])
        return _shift(self.middle, self.horizon) @ own @ _shift(-picture_middle, 0)

    def _moved(self, view: View) -> tuple[float, float, float]:
        """How far the camera went right and up, and which share of the way to depth 1."""
        forward = view.forward / (1 + view.forward)
        return view.travel_x * self.canvas.width, view.travel_y * self.canvas.base, forward


def plane_at(road: Perspective, pixels: Pixels, left: float, top: float, depth: float) -> Layer:
    """A picture that faces us at `depth`, its corner on the pixel nearest to (left, top)."""
    return Layer(np.ascontiguousarray(pixels), depth, round(left), round(top), road.canvas, road.horizon)


@dataclass(frozen=True, slots=True, eq=False)
class Glow:
    """Light that faces us at `depth`, drawn `size` times smaller than it is seen with the camera at rest."""

    light: Pixels  # RGB
    depth: float
    left: float
    top: float
    size: float
    road: Perspective

    def at(self, view: View) -> Matrix:
        screen = plane_matrix(self.road.canvas, self.road.horizon, self.depth, view)
        return then(place(self.left, self.top, self.size), screen)


def warp_plane(picture: Pixels, homography: Homography, box: tuple[int, int, int, int]) -> Pixels:
    """What of `picture` is seen in `box` (left, top, right, bottom) of the screen."""
    left, top, right, bottom = box
    local = _shift(-left, -top) @ homography
    return np.asarray(
        cv2.warpPerspective(picture, local, (right - left, bottom - top), flags=cv2.INTER_LINEAR), np.uint8
    )


def _shift(x: float, y: float) -> Homography:
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])
