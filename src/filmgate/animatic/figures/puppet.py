"""Jointed shapes: the vector puppets that all figures are.

A puppet is drawn in its own units: x forward, y up, feet at the origin, height about one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import mix
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import Floats, Matrix, Pixels, Points, apply, fill

CAP_STEPS = 11
Point = Points  # (2,)


@dataclass(frozen=True, slots=True, eq=False)
class Light:
    """How figures are lit: `towards` is a unit vector on screen (y down) pointing at the light."""

    towards: tuple[float, float]
    silhouette: Floats
    rim: Floats
    ambient: Floats
    sun: Floats
    backlight: float  # 0: colours show, 1: a silhouette with a bright rim

    def colour(self, own: Floats, brightness: float) -> Floats:
        """What a surface of colour `own` looks like when it catches `brightness` (0..1) of the light."""
        lit = own * (self.ambient * 0.55 + self.sun * (0.25 + 0.65 * brightness))
        return np.clip(mix(lit, self.silhouette * (0.9 + 0.35 * brightness), self.backlight), 0, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A filled outline. `rounded` shapes are shaded like solids; `glow` shapes keep their colour in any light."""

    outline: Points
    colour: Floats
    rounded: bool = True
    glow: bool = False


def light_for(palette: Palette, towards: tuple[float, float]) -> Light:
    low_sun = palette.sun_height > 0.6 or palette.dark
    return Light(
        towards=towards,
        silhouette=palette.near * 0.85,
        rim=np.clip(palette.rim, 0, 1),
        ambient=palette.ambient,
        sun=palette.light,
        backlight=0.86 if low_sun else 0.30,
    )


def point(x: float, y: float) -> Point:
    return np.array([x, y], np.float64)


def polar(angle: float, length: float) -> Point:
    """A limb of `length` that hangs at `angle` from straight down, forwards positive."""
    return np.array([math.sin(angle) * length, -math.cos(angle) * length])


def capsule(start: Point, end: Point, start_radius: float, end_radius: float) -> Points:
    """A limb: two round ends of their own radii, joined."""
    axis = end - start
    heading = math.atan2(float(axis[1]), float(axis[0]))
    turn = np.linspace(math.pi / 2, 3 * math.pi / 2, CAP_STEPS)
    first = start + start_radius * np.stack([np.cos(heading + turn), np.sin(heading + turn)], 1)
    last = end + end_radius * np.stack([np.cos(heading + turn + math.pi), np.sin(heading + turn + math.pi)], 1)
    return np.concatenate([first, last])


def ellipse(centre: Point, radius_x: float, radius_y: float, steps: int = 28) -> Points:
    turn = np.linspace(0, 2 * math.pi, steps, endpoint=False)
    return centre + np.stack([np.cos(turn) * radius_x, np.sin(turn) * radius_y], 1)


def outline(*corners: tuple[float, float]) -> Points:
    return np.array(corners, np.float64)


def standing(x: float, y: float, height_px: float, facing: float = 1.0, lean: float = 0.0) -> Matrix:
    """Canvas from puppet: feet on (x, y), `facing` 1 right to -1 left (between: turning), `lean` in radians."""
    cosine, sine = math.cos(lean) * height_px, math.sin(lean) * height_px
    return np.array([[cosine * facing, sine, x], [sine * facing, -cosine, y]])


def paint(target: Pixels, shapes: Sequence[Shape], matrix: Matrix, light: Light, steps: int = 2) -> None:
    """Draw shapes back to front, with a thin edge of light on the side that faces it."""
    size = float(np.hypot(matrix[1, 0], matrix[1, 1]) + np.hypot(matrix[0, 0], matrix[0, 1])) / 2
    rim_px = min(2.2, max(0.5, size * 0.009))
    towards = np.array(light.towards)
    placed = [apply(matrix, shape.outline) for shape in shapes]
    edge = np.clip(mix(light.silhouette, light.rim, 0.35 + 0.5 * light.backlight), 0, 1)
    for shape, points in zip(shapes, placed, strict=True):
        if not shape.glow:
            fill(target, points + towards * rim_px, edge)
    for shape, points in zip(shapes, placed, strict=True):
        if shape.glow:
            fill(target, points, shape.colour)
        else:
            _shade(target, shape, points, light, steps)


def _shade(target: Pixels, shape: Shape, points: Points, light: Light, steps: int) -> None:
    """Nested outlines, each smaller, brighter and nearer to the light: a soft solid from flat fills."""
    levels = steps if shape.rounded else 1
    centre = points.mean(0)
    across = points - centre
    reach = float(np.sqrt((across**2).sum(1)).min())
    for level in range(levels):
        share = level / max(1, levels)
        brightness = 0.35 if levels == 1 else 0.12 + 0.95 * share
        inner = centre + across * (1 - 0.62 * share) + np.array(light.towards) * reach * 0.42 * share
        fill(target, inner, light.colour(shape.colour, brightness))
