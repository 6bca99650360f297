"""Actors: figures that know where they are at any time and paint themselves there."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.colour import to_pixels
from filmgate.animatic.figures.performance import ROUND_HEIGHTS, Performance, State, around, path
from filmgate.animatic.figures.puppet import Light, Shape, cast_shadow, paint, standing
from filmgate.animatic.figures.stage import Setting
from filmgate.animatic.raster import (
    Floats,
    Matrix,
    Pixels,
    apply,
    invert,
    multiply,
    paste_light,
    resize,
    then,
    tint,
    triple,
    veil,
)
from filmgate.animatic.scene import START_SECONDS, Moment

SHADOW_LENGTH, SHADOW_FALL = 0.75, 0.14  # of a cast shadow, in body heights: along the ground, and down the picture


@dataclass(frozen=True, slots=True, eq=False)
class Footing:
    """What is below whoever stands somewhere: a soft shadow, and at night a halo that sets the figure off."""

    setting: Setting
    height_px: float
    shadow: Pixels
    halo: Pixels | None

    def paint(self, target: Pixels, x: float, y: float, raised: float, view: Matrix) -> None:
        """`raised` is how far the feet are above the ground, in body heights."""
        height = self.height_px
        if self.halo is not None:
            glow = np.array([[height / 40, 0, x - height * 1.2], [0, height / 48, y - height * 1.15]])
            paste_light(target, self.halo, then(glow, view))
        lay_shadow(target, self.shadow, then(shadow_matrix(x, y, height * (0.42 - 0.18 * min(1.0, raised))), view))


@dataclass(frozen=True, slots=True, eq=False)
class Walker:
    """Anything flat that walks: it is mirrored where it turns round."""

    where: str
    setting: Setting
    shapes: Callable[[float], list[Shape]]
    performance: Performance
    height_px: float
    x: float
    reach: float  # body heights to either side
    start: float  # body heights already walked
    heading: float
    footing: Footing

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        state = self.performance.at(seconds)
        along, facing = path(self.start + state.distance, self.reach)
        x = self.x + self.heading * along * self.height_px
        y = self.setting.foot(x)
        view = self.setting.screen(moment.view)
        self.footing.paint(target, x, y, 0.0, view)
        body = then(standing(x, y, self.height_px, facing * self.heading), view)
        paint(target, self.shapes(seconds), body, self.setting.light)


@dataclass(frozen=True, slots=True, eq=False)
class Strider:
    """A figure that can be seen from any side: it walks, turns round towards us, and walks back."""

    where: str
    setting: Setting
    shapes: Callable[[State, float], list[Shape]]  # of a state, at a yaw
    performance: Performance
    height_px: float
    x: float
    reach: float  # body heights to either side
    start: float  # body heights already walked
    heading: float
    yaw: float
    pace: float  # of its steps, as the camera sees it: less than 1 if the camera goes with it
    footing: Footing
    sunshine: float  # how dark its shadow is; 0 where the sun is hidden

    def paint(self, target: Pixels, moment: Moment) -> None:
        state = self.performance.at(moment.seconds - START_SECONDS)
        along, yaw = around(self.start + state.distance * self.pace, self.reach, self.yaw, ROUND_HEIGHTS)
        x = self.x + self.heading * along * self.height_px
        y = self.setting.foot(x)
        view = self.setting.screen(moment.view)
        shapes = self.shapes(state, yaw)
        self.footing.paint(target, x, y, 0.6 * state.blend if state.action == "fly" else 0.0, view)
        if self.sunshine > 0:
            laid = laid_down(x, y, self.height_px, self.heading, self.setting.light)
            cast_shadow(target, shapes, then(laid, view), self.sunshine)
        body = then(standing(x, y, self.height_px, self.heading), view)
        paint(target, shapes, body, self.setting.light)


@dataclass(frozen=True, slots=True, eq=False)
class Floater:
    """A weightless figure: it drifts, turns slowly about its middle, and moves its limbs as if under water."""

    where: str
    setting: Setting
    shapes: Callable[[float], list[Shape]]
    height_px: float
    x: float
    y: float
    heading: float
    phase: float

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        height = self.height_px
        x = self.x + self.heading * 0.018 * height * seconds
        y = self.y + height * (0.02 * math.sin(seconds * 0.5 + self.phase) - 0.008 * seconds)
        lean = self.heading * (-0.22 + 0.045 * seconds) + 0.05 * math.sin(seconds * 0.6 + self.phase)
        raised = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, -0.52]])  # its middle becomes the origin
        body = then(raised, standing(x, y, height, self.heading, lean))
        paint(
            target,
            self.shapes(seconds),
            then(body, self.setting.screen(moment.view)),
            self.setting.light,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Mover:
    """Anything whose motion is a closed path of time: boats, cars, balloons, planes, leaping whales."""

    where: str
    setting: Setting
    shapes: Callable[[float], list[Shape]]
    matrix: Callable[[float], Matrix]
    shadow: Pixels | None = None
    shadow_size: float = 0.0
    surface: float | None = None  # the row below which water hides it
    mirrored: bool = False  # in the water around it

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        view = self.setting.screen(moment.view)
        own = self.matrix(seconds)
        if self.surface is not None:
            target = target[: max(0, int(apply(view, np.array([[0.0, self.surface]]))[0, 1]))]
            if not target.size:
                return
        if self.mirrored:
            _paint_mirrored(target, self.shapes(seconds), then(own, view), self.setting.light)
        if self.shadow is not None:
            lay_shadow(target, self.shadow, then(shadow_matrix(own[0, 2], own[1, 2], self.shadow_size), view))
        paint(target, self.shapes(seconds), then(own, view), self.setting.light)


def _paint_mirrored(target: Pixels, shapes: list[Shape], matrix: Matrix, light: Light) -> None:
    """A faint, squat mirror image below the water line, fading with its distance from it."""
    line = float(matrix[1, 2])
    flipped = matrix * np.array([[1.0, 1.0, 1.0], [-0.62, -0.62, 1.0]])
    reach = int(abs(float(matrix[1, 1])) * 0.62) + 2
    top, bottom = max(0, int(line)), min(target.shape[0], int(line) + reach)
    if bottom <= top:
        return
    water = target[top:bottom]
    image = water.copy()
    paint(image, shapes, flipped - np.array([[0, 0, 0], [0, 0, top]]), light)
    fade = to_pixels(np.linspace(0.50, 0.0, bottom - top, dtype=np.float32))
    mask = np.repeat(fade[:, None], water.shape[1], 1)
    water[:] = cv2.add(multiply(water, triple(invert(mask))), multiply(image, triple(mask)))


def laid_down(x: float, y: float, height_px: float, heading: float, light: Light) -> Matrix:
    """Canvas from figure for the shadow of whoever stands on (x, y): away from the light, and a little towards us."""
    aside, up = light.towards
    away = -aside / max(0.45, abs(up)) * SHADOW_LENGTH
    return np.array([[height_px * heading, away * height_px, x], [0.0, SHADOW_FALL * height_px, y]])


def shadow_matrix(x: float, y: float, radius: float) -> Matrix:
    return np.array([[radius / 32, 0, x - radius], [0, radius / 150, y - radius * 0.21]])


def lay_shadow(target: Pixels, disc: Pixels, matrix: Matrix) -> None:
    corners = apply(matrix, np.array([[0.0, 0.0], [disc.shape[1], disc.shape[0]]]))
    left, top = int(corners[0, 0]), int(corners[0, 1])
    right, bottom = math.ceil(corners[1, 0]), math.ceil(corners[1, 1])
    first_x, first_y, last_x, last_y = (
        max(0, left),
        max(0, top),
        min(target.shape[1], right),
        min(target.shape[0], bottom),
    )
    if last_x <= first_x or last_y <= first_y:
        return
    mask = resize(disc, right - left, bottom - top)[first_y - top : last_y - top, first_x - left : last_x - left]
    veil(target[first_y:last_y, first_x:last_x], np.ascontiguousarray(mask), np.zeros(3, np.float32))


def soft_disc(strength: float) -> Pixels:
    offset = np.linspace(-1, 1, 64, dtype=np.float32)
    distance = np.hypot(offset[None, :], offset[:, None])
    return to_pixels(np.clip(1 - distance, 0, 1) ** 1.5 * min(1.0, strength))


def halo_light(colour: Floats) -> Pixels:
    offset = np.linspace(-1, 1, 96, dtype=np.float32)
    distance = np.hypot(offset[None, :], offset[:, None])
    return tint(to_pixels(np.clip(1 - distance, 0, 1) ** 1.7 * 0.55), colour)


def still(shapes: list[Shape]) -> Callable[[float], list[Shape]]:
    """Shapes that do not change."""

    def same(_seconds: float) -> list[Shape]:
        return shapes

    return same
