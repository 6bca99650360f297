"""Jointed shapes: the vector puppets that all figures are.

A puppet is drawn in its own units: x forward, y up, feet at the origin, height about one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import cv2
import numpy as np

from filmgate.animatic.colour import mix
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import (
    Floats,
    Matrix,
    Pixels,
    Points,
    apply,
    blur,
    darken,
    fill,
    invert,
    multiply,
    place,
    scale,
    triple,
    veil,
    warp,
)

CAP_STEPS = 11
ROUNDNESS = 0.018  # of a figure's height: how far its edges curve away
RELIEF = 1.5
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

    def flat(self, own: Floats) -> Floats:
        """What a surface of colour `own` looks like before it is shaded: half of the light reaches it."""
        lit = own * (self.ambient * 0.55 + self.sun * 0.60)
        return np.clip(mix(lit, self.silhouette, self.backlight), 0, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A filled outline, which may be a cut through a solid or a flat thing.

    Neighbouring shapes of one `part` are shaded as one body, so that joints do not show; the next part gets its own
    edge of light and a soft shadow on what lies behind it. Shapes that are not `rounded` are flat (cloth, metal);
    `glow` shapes keep their colour in any light.
    """

    outline: Points
    colour: Floats
    rounded: bool = True
    glow: bool = False
    part: int = 0


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


def paint(target: Pixels, shapes: Sequence[Shape], matrix: Matrix, light: Light) -> None:
    """Draw shapes back to front onto `target`, in the box that they cover."""
    placed = [apply(matrix, shape.outline) for shape in shapes]
    size = float(np.hypot(matrix[1, 0], matrix[1, 1]) + np.hypot(matrix[0, 0], matrix[0, 1])) / 2
    box = _box(target, placed, margin=4)
    if box is None:
        return
    left, top, right, bottom = box
    view = target[top:bottom, left:right]
    corner = np.array([left, top])
    for _, group in groupby(zip(shapes, placed, strict=True), key=lambda pair: (pair[0].part, pair[0].glow)):
        pairs = [(shape, points - corner) for shape, points in group]
        if pairs[0][0].glow:
            for shape, points in pairs:
                fill(view, points, shape.colour)
        else:
            _paint_part(view, pairs, light, size)


def _paint_part(view: Pixels, pairs: list[tuple[Shape, Points]], light: Light, size: float) -> None:
    """One body: flat colours, rounded by light that falls from one side, with a bright edge towards it."""
    box = _box(view, [points for _, points in pairs], margin=3)
    if box is None:
        return
    left, top, right, bottom = box
    ground = view[top:bottom, left:right]
    mask = np.zeros(ground.shape[:2], np.uint8)
    solid = np.zeros_like(mask)
    colour = np.empty_like(ground)
    colour[:] = np.asarray(light.flat(pairs[0][0].colour) * 255, np.uint8)
    for shape, points in pairs:
        moved = points - np.array([left, top])
        fill(mask, moved, 1.0)
        fill(colour, moved, light.flat(shape.colour))
        fill(solid, moved, 1.0 if shape.rounded else 0.25)
    towards = light.towards
    roundness = max(0.8, size * ROUNDNESS)
    # The blurred body is a hill; its slope towards the light is how squarely each spot faces it.
    hill = blur(multiply(solid, mask), roundness)
    slope = cv2.subtract(_shifted(hill, towards, roundness), hill, dtype=cv2.CV_16S)
    gain = 1.0 - 0.45 * light.backlight
    lit = np.clip(128 - slope.astype(np.float32) * (RELIEF * gain), 40, 235).astype(np.uint8)
    shaded = multiply(colour, triple(lit), gain=2.0)
    rim_px = min(2.6, max(0.6, size * 0.008))
    edge = cv2.subtract(mask, _shifted(mask, towards, -rim_px))
    strength = 0.30 + 0.62 * light.backlight
    veil(shaded, scale(np.asarray(edge, np.uint8), strength), np.clip(light.rim, 0, 1))
    darken(ground, triple(invert(mask)))
    cv2.add(ground, multiply(shaded, triple(mask)), dst=ground)


def _shifted(mask: Pixels, towards: tuple[float, float], distance: float) -> Pixels:
    """The mask moved by `distance` pixels away from the light."""
    return warp(mask, place(-towards[0] * distance, -towards[1] * distance), mask.shape[1], mask.shape[0])


def _box(target: Pixels, outlines: Sequence[Points], margin: int) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of what the outlines cover of the target."""
    if not outlines:
        return None
    low = np.min([points.min(0) for points in outlines], axis=0)
    high = np.max([points.max(0) for points in outlines], axis=0)
    left, top = max(0, math.floor(low[0]) - margin), max(0, math.floor(low[1]) - margin)
    right, bottom = (
        min(target.shape[1], math.ceil(high[0]) + margin),
        min(target.shape[0], math.ceil(high[1]) + margin),
    )
    return (left, top, right, bottom) if right > left and bottom > top else None
