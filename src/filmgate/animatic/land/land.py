"""Open land: a heightfield looked at from eye height, drawn once and cut by distance into planes that pass each other.

Lengths of the land are heights of the eye over the ground. Everything about it is computed on a grid of columns and
distances that recede with the view, and read from there by the pixels.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import cv2
import numpy as np

from filmgate.animatic.camera import View
from filmgate.animatic.colour import to_pixels
from filmgate.animatic.layers import Ground, Layer, build_ground, overhang_width
from filmgate.animatic.noise import spectral
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    blur,
    darken,
    invert,
    merge,
    multiply,
    over_rgba,
    resize,
    sample,
    triple,
)

NEAREST, MIDDLE, FARTHEST = 0.94, 8.0, 120.0
NEAR_STEPS, FAR_STEPS = 130, 260
CUTS = (3.2, 10.0, 30.0)  # distances at which one plane ends and the next begins; nearer than the first lies the ground
COLUMN_STEP = 2  # pixels between the grid's columns
OVERLAP = 0.03  # of the base, by which a plane reaches below the edge of the next
MOST_PARALLAX = 0.05  # of the width, that a plane moves at most against the next
NOISE = 256
HAZE_DISTANCE, MOST_HAZE = 62.0, 0.86  # where most of a thing's own colour is lost, and how much of it at last
Box = tuple[slice, slice]


@dataclass(frozen=True, slots=True)
class Lens:
    """A frame with its horizon; `width` is that of planes, which overhang the frame."""

    canvas: Canvas
    horizon: int

    @property
    def width(self) -> int:
        return overhang_width(self.canvas)

    @property
    def focal(self) -> float:
        """Pixels of one eye height at distance one."""
        return max(1.0, self.canvas.height - self.horizon)

    def row(self, distance: float, height: float = 0.0) -> float:
        return self.horizon + (1 - height) * self.focal / distance


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """The land on the grid: arrays (steps, columns), near steps first."""

    lens: Lens
    distance: Floats  # (steps, 1)
    across: Floats
    height: Floats
    slope_x: Floats
    slope_z: Floats
    skyline: Floats  # row of the highest point so far, never rising: what lies below it hides what lies behind

    def column(self, x: float, distance: float) -> float:
        """Plane pixels of a point `x` eye heights to the right of the middle."""
        return self.lens.width / 2 + x * self.lens.focal / distance

    def step(self, distance: float) -> int:
        return int(np.clip(np.searchsorted(self.distance[:, 0], distance), 0, len(self.distance) - 1))

    def stand(self, x: float, distance: float) -> tuple[float, float, bool]:
        """Where something stands on the planes: column, row, and whether the land hides its foot."""
        step, column = self.step(distance), self.column(x, distance)
        index = int(np.clip(column / COLUMN_STEP, 0, self.height.shape[1] - 1))
        row = self.lens.row(distance, float(self.height[step, index]))
        return column, row, row > float(self.skyline[step, index]) + 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """One plane while the land is built: premultiplied RGBA to plant things on. `nearest` is its near end."""

    pixels: Pixels
    top: int
    nearest: float

    def put(self, sprite: Pixels, left: float, top: float) -> None:
        """Composite a premultiplied RGBA sprite with its corner at (left, top) of the plane's frame."""
        box = self._box(sprite, left, top)
        if box is not None:
            outer, inner = box
            view = self.pixels[outer]
            view[:] = over_rgba(np.ascontiguousarray(view), np.ascontiguousarray(sprite[inner]))

    def shade(self, shadow: Pixels, left: float, top: float) -> None:
        """Darken by a mask of shadow with its corner at (left, top)."""
        box = self._box(shadow, left, top)
        if box is not None:
            outer, inner = box
            kept = 255 - shadow[inner]
            opaque = np.full_like(kept, 255)
            view = self.pixels[outer]
            view[:] = multiply(np.ascontiguousarray(view), merge(kept, kept, kept, opaque))

    def _box(self, sprite: Pixels, left: float, top: float) -> tuple[Box, Box] | None:
        """Where a sprite lies on the pixels, and which part of it."""
        x, y = round(left), round(top) - self.top
        first_x, first_y = max(0, x), max(0, y)
        last_x = min(self.pixels.shape[1], x + sprite.shape[1])
        last_y = min(self.pixels.shape[0], y + sprite.shape[0])
        if last_x <= first_x or last_y <= first_y:
            return None
        return np.s_[first_y:last_y, first_x:last_x], np.s_[first_y - y : last_y - y, first_x - x : last_x - x]


@dataclass(frozen=True, slots=True, eq=False)
class Passing:
    """Light and shade that pass over the land: shadows of clouds, and gusts in the grass."""

    tile: Pixels  # repeated once each way
    map_x: Floats
    map_y: Floats
    fade: Pixels
    gusts: Pixels | None
    gust_x: Floats
    gust_y: Floats
    pace: float

    def paint(self, target: Pixels, top: int, seconds: float) -> None:
        drift = np.float32(seconds * 4.2 * self.pace % NOISE)
        shade = sample(self.tile, self.map_x + drift, self.map_y)
        if self.gusts is not None:
            shift = np.float32(seconds * 15.0 * self.pace % NOISE)
            shade = multiply(shade, sample(self.gusts, self.gust_x + shift, self.gust_y))
        kept = invert(multiply(invert(shade), self.fade))
        darken(target[top:], triple(resize(kept, target.shape[1], target.shape[0] - top)))


@dataclass(frozen=True, slots=True, eq=False)
class Land:
    """Planes far to near, the ground at our feet, and what passes over them."""

    planes: tuple[Layer, ...]
    ground: Ground
    passing: Passing | None
    passing_top: int

    def paint(self, target: Pixels, seconds: float, view: View) -> None:
        for plane in self.planes:
            plane.paint(target, view)
        self.ground.paint(target, view)
        if self.passing is not None:
            self.passing.paint(target, self.passing_top, seconds)


def haze_at(distance: float) -> float:
    """How far the colours of something at `distance` are lost in the haze, 0..1."""
    return MOST_HAZE * (1 - math.exp(-((distance / HAZE_DISTANCE) ** 1.15)))


def survey(lens: Lens, height_at: Callable[[Floats, Floats], Floats]) -> Survey:
    """Measure the land: `height_at(x, distance)` in eye heights. It must be flat nearer than the first cut."""
    near = 1 / np.linspace(1 / NEAREST, 1 / MIDDLE, NEAR_STEPS, endpoint=False)
    distance = np.concatenate([near, np.geomspace(MIDDLE, FARTHEST, FAR_STEPS)]).astype(np.float32)[:, None]
    columns = np.arange(0, lens.width, COLUMN_STEP, dtype=np.float32)
    across = (columns[None] - np.float32(lens.width / 2)) / np.float32(lens.focal) * distance
    height = blur(height_at(across, distance).astype(np.float32), 0.8, 1.6)  # nothing finer than the grid can show
    slope_x = np.gradient(height, axis=1) / (distance * np.float32(COLUMN_STEP / lens.focal))
    slope_z = np.gradient(height, axis=0) / np.gradient(distance, axis=0)
    row = lens.horizon + (1 - height) * np.float32(lens.focal) / distance
    skyline = np.minimum.accumulate(row, axis=0)
    return Survey(lens, distance, across, height, slope_x, slope_z, skyline)


def light(land: Survey, towards: tuple[float, float, float]) -> Floats:
    """How much of the sun each point faces, 0..1; `towards` points right, up and away from us."""
    x, up, away = (value / math.hypot(*towards) for value in towards)
    facing = up - x * land.slope_x - away * land.slope_z
    return np.clip(facing / np.sqrt(1 + land.slope_x**2 + land.slope_z**2), 0, 1).astype(np.float32)


def draw(land: Survey, colour: Floats) -> tuple[Pixels, int]:
    """The land in `colour` (steps, columns, 3) as an RGB picture, and its first row, at the horizon or above."""
    lens = land.lens
    top = max(0, min(int(land.skyline[-1].min()) - 2, lens.horizon))
    rows = lens.canvas.height - top
    steps = _owners(land.skyline - top, rows)
    map_y = resize(steps, lens.width, rows)
    columns = (np.arange(lens.width, dtype=np.float32) / np.float32(COLUMN_STEP))[None]
    return sample(to_pixels(np.clip(colour, 0, 1)), np.repeat(columns, rows, 0), map_y), top


def cut(land: Survey, picture: Pixels, top: int, headroom: float) -> list[Slice]:
    """The planes of a drawn land, far to near, each with `headroom` pixels above its skyline for what is planted."""
    lens = land.lens
    slices: list[Slice] = []
    limits = [*CUTS, FARTHEST * 2]
    for nearest, farthest in reversed(list(pairwise(limits))):
        edge = resize(land.skyline[land.step(farthest) : land.step(farthest) + 1], lens.width, 1)[0]
        lower = float(land.skyline[land.step(nearest)].max()) + OVERLAP * lens.canvas.base
        first = max(0, int(min(edge.min(), lens.horizon) - headroom))
        last = min(lens.canvas.height, max(int(lower), first + 2))
        rows = np.arange(first, last, dtype=np.float32)[:, None]
        cover = to_pixels(np.clip(rows + 1 - edge[None], 0, 1))
        body = np.zeros((last - first, lens.width, 3), np.uint8)
        body[max(0, top - first) :] = picture[max(0, first - top) : last - top]
        slices.append(Slice(np.dstack([multiply(body, triple(cover)), cover]), first, nearest))
    return slices


def assemble(land: Survey, picture: Pixels, top: int, slices: list[Slice], passing: Passing | None) -> Land:
    lens = land.lens
    ground_top = int(lens.row(CUTS[0]))
    left = -(lens.width - lens.canvas.width) // 2
    for plane in slices:
        _drop_hidden(land, plane)
    planes = tuple(
        Layer(np.ascontiguousarray(plane.pixels), 1 / plane.nearest, left, plane.top, lens.canvas, lens.horizon)
        for plane in slices
    )
    ground = build_ground(lens.canvas, lens.horizon, np.ascontiguousarray(picture[lens.horizon - top :]), ground_top)
    return Land(planes, ground, passing, max(0, lens.horizon - int(0.03 * lens.canvas.base)))


def build_passing(lens: Lens, cover: float, gusts: float, wind: float, rng: np.random.Generator) -> Passing:
    """Shadows under a sky with `cover` of cloud; `gusts` 0..1 is how much the grass shows the wind."""
    canvas = lens.canvas
    top = max(0, lens.horizon - int(0.03 * canvas.base))
    rows, columns = max(2, (canvas.height - top) // 4), max(2, canvas.width // 4)
    row = top + (np.arange(rows, dtype=np.float32)[:, None] + 0.5) * 4
    distance = lens.focal / np.maximum(row - lens.horizon, lens.focal / 40)
    across = (np.arange(columns, dtype=np.float32)[None] + 0.5 - columns / 2) * 4 / np.float32(lens.focal) * distance
    fade = np.clip((row - top) / (0.05 * canvas.base), 0, 1) * np.clip((40 - distance) / 20, 0.25, 1)
    level = spectral(rng, (NOISE, NOISE), 3.0, 1.5)
    amount = 0.34 * min(1.0, cover * 1.8) * float(cover < 0.9)
    shade = 1 - amount * np.clip((level - 0.5 + 0.1 * cover) * 5, 0, 1)
    gust = 1 - 0.30 * gusts * np.clip((spectral(rng, (NOISE, NOISE), 2.6, 3, 14, (1.0, 0.6)) - 0.40) * 3, 0, 1)
    return Passing(
        tile=np.pad(to_pixels(shade), ((0, NOISE + 2), (0, NOISE + 2)), mode="wrap"),
        map_x=np.mod(across * 9.0 + 64 * NOISE, NOISE).astype(np.float32),
        map_y=np.repeat(np.mod(distance * 9.0, NOISE), columns, 1).astype(np.float32),
        fade=np.repeat(to_pixels(fade), columns, 1),
        gusts=np.pad(to_pixels(gust), ((0, NOISE + 2), (0, NOISE + 2)), mode="wrap") if gusts > 0 else None,
        gust_x=np.mod(across * 9.0 + 64 * NOISE, NOISE).astype(np.float32),
        gust_y=np.repeat(np.mod(np.minimum(distance, 16.0) * 11.0, NOISE), columns, 1).astype(np.float32),
        pace=0.4 + 0.6 * wind,
    )


def _drop_hidden(land: Survey, plane: Slice) -> None:
    """Empty what lies behind the next plane however the two are moved, so that it is not painted."""
    lens = land.lens
    edge = land.skyline[land.step(plane.nearest) : land.step(plane.nearest) + 1]
    reach = np.ones((1, 2 * int(MOST_PARALLAX * lens.canvas.width / COLUMN_STEP) + 1), np.uint8)
    lowest = resize(cast(Floats, cv2.dilate(edge.astype(np.float32), reach)), lens.width, 1)
    rows = np.arange(plane.top, plane.top + plane.pixels.shape[0], dtype=np.float32)[:, None]
    plane.pixels[rows > lowest + OVERLAP * lens.canvas.base] = 0


def _owners(skyline: Floats, rows: int) -> Floats:
    """For every pixel the fractional step of the land that is seen there."""
    steps, columns = skyline.shape
    first = np.clip(np.ceil(skyline), 0, rows).astype(np.int32)
    flat = np.ravel(first * np.int32(columns) + np.arange(columns, dtype=np.int32)[None])
    arrivals = np.bincount(flat, minlength=(rows + 1) * columns)[: (rows + 1) * columns].astype(np.int32)
    index = np.minimum(np.cumsum(arrivals.reshape(rows + 1, columns)[::-1], 0)[::-1][1:], steps - 1)
    column = np.arange(columns, dtype=np.int64)[None]
    upper, lower = skyline[index, column], skyline[np.maximum(index - 1, 0), column]
    inside = (lower - np.arange(rows, dtype=np.float32)[:, None]) / np.maximum(lower - upper, 1e-3)
    return np.clip(index - 1 + np.clip(inside, 0, 1), 0, steps - 1).astype(np.float32)
