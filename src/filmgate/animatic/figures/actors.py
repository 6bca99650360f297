"""Actors: figures that know where they are at any time and paint themselves there."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from filmgate.animatic.camera import View, plane_matrix
from filmgate.animatic.colour import to_pixels
from filmgate.animatic.figures.animals import bird_outline
from filmgate.animatic.figures.performance import Performance, path
from filmgate.animatic.figures.puppet import Light, Shape, paint, standing
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Matrix,
    Pixels,
    apply,
    fill,
    invert,
    multiply,
    paste_light,
    resize,
    screen,
    then,
    tint,
    triple,
    veil,
)
from filmgate.animatic.scene import START_SECONDS, Moment

LAMP_HEIGHT = 0.845  # of a lighthouse
SOLID_STEPS = 5  # tones on the rounded parts of people and animals


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for figures: share of the width, row of their feet (or middle), height of a person there, depth."""

    x: float
    y: float
    height_px: float
    depth: float


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """What a scene offers its cast. `floor` gives the row of the ground at a column, for slopes."""

    canvas: Canvas
    horizon: float
    spots: dict[str, Spot]
    light_from: tuple[float, float]
    floor: Callable[[float], float] | None = None
    low_gravity: bool = False
    shadow: float = 0.5
    weightless: bool = False


class Actor(Protocol):
    """One figure. `where` is the habitat it was placed in, so that scenes paint it between the right layers."""

    @property
    def where(self) -> str: ...

    def paint(self, target: Pixels, moment: Moment) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What every actor needs to come from its own units to the screen."""

    stage: Stage
    spot: Spot
    light: Light
    dark: bool
    heading: float  # of everyone who walks: 1 to the right, -1 to the left

    def screen(self, view: View) -> Matrix:
        return plane_matrix(self.stage.canvas, self.stage.horizon, self.spot.depth, view)

    def foot(self, x: float) -> float:
        return self.spot.y if self.stage.floor is None else self.stage.floor(x)


@dataclass(frozen=True, slots=True, eq=False)
class Walker:
    """Anything that walks: people, astronauts, animals."""

    where: str
    setting: Setting
    shapes: Callable[[float], list[Shape]]
    performance: Performance
    height_px: float
    x: float
    reach: float  # body heights to either side
    start: float  # body heights already walked
    heading: float
    shadow: Pixels
    halo: Pixels | None

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        state = self.performance.at(seconds)
        along, facing = path(self.start + state.distance, self.reach)
        x = self.x + self.heading * along * self.height_px
        y = self.setting.foot(x)
        view = self.setting.screen(moment.view)
        if self.halo is not None:
            glow = np.array(
                [
                    [self.height_px / 40, 0, x - self.height_px * 1.2],
                    [0, self.height_px / 48, y - self.height_px * 1.15],
                ]
            )
            paste_light(target, self.halo, then(glow, view))
        _lay_shadow(target, self.shadow, then(_shadow_matrix(x, y, self.height_px * 0.42), view))
        body = then(standing(x, y, self.height_px, facing * self.heading), view)
        paint(target, self.shapes(seconds), body, self.setting.light, steps=SOLID_STEPS)


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
            steps=SOLID_STEPS,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Vehicle:
    """Anything whose motion is a closed path of time: boats, cars, balloons, planes, leaping whales, a lighthouse."""

    where: str
    setting: Setting
    shapes: Callable[[float], list[Shape]]
    matrix: Callable[[float], Matrix]
    shadow: Pixels | None = None
    shadow_size: float = 0.0
    beam: Pixels | None = None
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
            _lay_shadow(target, self.shadow, then(_shadow_matrix(own[0, 2], own[1, 2], self.shadow_size), view))
        if self.beam is not None:
            _paint_beam(target, then(own, view), seconds)
        paint(target, self.shapes(seconds), then(own, view), self.setting.light)


@dataclass(frozen=True, slots=True, eq=False)
class Flock:
    """Birds: each flaps, glides and keeps its place loosely."""

    where: str
    setting: Setting
    birds: Floats  # (n, 5): x, y in pixels, phase, beats a second, half wing span in pixels
    speed_px: float
    colour: Floats

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds, view = moment.seconds - START_SECONDS, self.setting.screen(moment.view)
        for x, y, phase, beats, span in self.birds:
            rest = 0.5 + 0.5 * math.sin(seconds * 0.7 + phase * 2)
            flap = math.sin(2 * math.pi * beats * seconds + phase) * (0.35 + 0.65 * rest) + 0.15
            left = x + self.speed_px * seconds + span * 0.8 * math.sin(seconds * 0.6 + phase)
            top = (
                y
                - self.speed_px * 0.08 * seconds
                + span * 0.5 * math.sin(seconds * 0.9 + phase * 1.7)
                - flap * span * 0.08
            )
            matrix = then(np.array([[span, 0, left], [0, -span, top]]), view)
            fill(target, apply(matrix, bird_outline(flap)), self.colour)


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
    paint(image, shapes, flipped - np.array([[0, 0, 0], [0, 0, top]]), light, steps=1)
    fade = to_pixels(np.linspace(0.50, 0.0, bottom - top, dtype=np.float32))
    mask = np.repeat(fade[:, None], water.shape[1], 1)
    water[:] = cv2.add(multiply(water, triple(invert(mask))), multiply(image, triple(mask)))


def _shadow_matrix(x: float, y: float, radius: float) -> Matrix:
    return np.array([[radius / 32, 0, x - radius], [0, radius / 150, y - radius * 0.21]])


def _lay_shadow(target: Pixels, disc: Pixels, matrix: Matrix) -> None:
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


def _paint_beam(target: Pixels, matrix: Matrix, seconds: float) -> None:
    """Two opposite beams that sweep around the lamp of a lighthouse, drawn at a quarter of the size."""
    lamp = apply(matrix, np.array([[0.0, LAMP_HEIGHT]]))[0]
    height, width = target.shape[:2]
    rows, columns = np.mgrid[0 : max(1, height // 4), 0 : max(1, width // 4)].astype(np.float32)
    x, y = columns * 4 - np.float32(lamp[0]), rows * 4 - np.float32(lamp[1])
    size = abs(float(matrix[1, 1]))
    angle = seconds * 1.15 + 0.6
    light = np.zeros_like(x)
    for turn in (0.0, math.pi):
        forward, drop = math.cos(angle + turn), 0.055 * math.sin(angle + turn)
        length = math.hypot(forward, drop) + 1e-4
        along = (x * forward + y * drop) / length
        across = np.abs(x * drop - y * forward) / length
        width_here = np.maximum(1.0, 2 + along * 0.075 * (0.5 + 0.5 * abs(forward)))
        shaft = (
            np.exp(-((across / width_here) ** 2) * 1.6) * np.exp(-along / (width * 0.55)) * (0.18 + 0.62 * abs(forward))
        )
        light += np.where(along > 0, shaft, 0)
    flash = math.exp(-((math.cos(angle) / 0.16) ** 2))
    distance = np.hypot(x, y) / max(1.0, size)
    light += np.exp(-distance * 16) * (0.9 + flash) + np.exp(-distance * 3.2) * (0.12 + 0.30 * flash)
    mask = resize(to_pixels(np.clip(light, 0, 1)), width, height)
    screen(target, tint(mask, np.array([1.0, 0.93, 0.74], np.float32)))
