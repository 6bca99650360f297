"""Wings: flat paintings that are turned in space about their roots, so that one painting serves every beat and view."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.figures.cutout import Card, Cutout
from filmgate.animatic.raster import Floats, Matrix, place, then

SEAM_PX = 1  # by which the inner part of a wing reaches under the outer one


@dataclass(frozen=True, slots=True)
class Attitude:
    """How a body lies in space, and from how far above we look at it. Radians.

    `yaw` 0 is seen from its right side, heading right; positive turns it towards us, pi heads left.
    """

    yaw: float = 0.0
    pitch: float = 0.0  # nose up
    roll: float = 0.0  # the far wing up
    elevation: float = 0.0  # of the eye above the body


@dataclass(frozen=True, slots=True, eq=False)
class Wing:
    """One side's wing, painted flat: x forward, y from the root outwards, a unit long; it may bend at `joint`."""

    inner: Cutout
    outer: Cutout | None
    joint: float
    root: tuple[float, float, float]  # forward, outward, up, in the units of the body


def body_axes(attitude: Attitude) -> Floats:
    """(2, 3): where forward, left and up of the body point on screen (x right, y up)."""
    yaw, pitch, roll = attitude.yaw, attitude.pitch, attitude.roll
    # In the world x is to the right, y away from us, z up.
    forward = np.array([math.cos(yaw) * math.cos(pitch), -math.sin(yaw) * math.cos(pitch), math.sin(pitch)])
    level = np.array([math.sin(yaw), math.cos(yaw), 0.0])
    upright = np.cross(forward, level)
    left = level * math.cos(roll) + upright * math.sin(roll)
    up = upright * math.cos(roll) - level * math.sin(roll)
    eye = np.array([[1.0, 0.0, 0.0], [0.0, math.sin(attitude.elevation), math.cos(attitude.elevation)]])
    return eye @ np.stack([forward, left, up], 1)


def split_wing(painting: Cutout, joint: float, root: tuple[float, float, float]) -> Wing:
    """A wing that bends where it is cut."""
    row = int(np.argmin(np.abs(painting.rows - joint)))
    outer = Cutout(np.ascontiguousarray(painting.pixels[: row + SEAM_PX]), then(painting.to_units, place(0.0, -joint)))
    start = max(0, row - SEAM_PX)
    inner = Cutout(np.ascontiguousarray(painting.pixels[start:]), then(place(0.0, start), painting.to_units))
    return Wing(inner, outer, joint, root)


def wing_cards(wing: Wing, axes: Floats, side: float, lift: float, curl: float = 0.0, sweep: float = 0.0) -> list[Card]:
    """The wing of one `side` (1 left, -1 right), raised by `lift` at the root and by `curl` more at the joint.

    `sweep` slants it forward: the share of its length by which the tip runs ahead.
    """
    forward, left, up = axes.T
    root = axes @ (np.array(wing.root) * np.array([1.0, side, 1.0]))
    first = left * side * math.cos(lift) + up * math.sin(lift) + forward * sweep
    cards: list[Card] = [(wing.inner, np.stack([forward, first, root], 1))]
    if wing.outer is not None:
        angle = lift + curl
        second = left * side * math.cos(angle) + up * math.sin(angle) + forward * (sweep - 0.6 * abs(curl))
        cards.append((wing.outer, np.stack([forward, second, root + first * wing.joint], 1)))
    return cards


def upright_card(cutout: Cutout, axes: Floats, at: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Card:
    """A side view: x forward, y up."""
    forward, _, up = axes.T
    return cutout, np.stack([forward, up, axes @ np.array(at)], 1)


def level_card(cutout: Cutout, axes: Floats, at: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Card:
    """A view from above: x forward, y to the left."""
    forward, left, _ = axes.T
    return cutout, np.stack([forward, left, axes @ np.array(at)], 1)


def facing_matrix(x: float, y: float, size_px: float) -> Matrix:
    """Canvas from figure units (y up), without turning."""
    return np.array([[size_px, 0.0, x], [0.0, -size_px, y]])
