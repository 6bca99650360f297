"""What floats in water: columns of rising bubbles, and specks that drift."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from filmgate.animatic.camera import View, plane_matrix
from filmgate.animatic.colour import smoothstep, to_pixels
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    add_light,
    add_weighted,
    blur_tile,
    multiply,
    sample,
    scale,
    tint,
)

SPECK_TILE = 512


@dataclass(frozen=True, slots=True)
class SpeckPlane:
    """One distance of specks. Lengths are pixels at 720p."""

    blur: float
    count: int  # on a tile
    brightness: float
    depth: float
    drift: tuple[float, float]  # a second, to the left and down


PLANKTON = (SpeckPlane(0.8, 190, 0.60, 0.40, (6.0, 3.5)), SpeckPlane(2.2, 22, 0.70, 0.95, (12.0, 7.0)))
GLOWING_PLANKTON = (SpeckPlane(1.7, 34, 0.95, 0.60, (8.0, 4.5)),)


@dataclass(frozen=True, slots=True, eq=False)
class BubbleColumn:
    """A strip of bubbles, repeated once downwards, that rises and meanders."""

    strip: Pixels
    x: float
    foot: float
    depth: float
    speed_px: float
    phase: float
    fade: Pixels
    colour: Floats
    canvas: Canvas

    def paint(self, target: Pixels, moment_seconds: float, view: View) -> None:
        height, width = self.fade.shape
        matrix = plane_matrix(self.canvas, self.canvas.height * 0.5, self.depth, view)
        x, foot = matrix @ np.array([self.x, self.foot, 1.0])
        left, top = math.floor(x) - width // 2, math.floor(foot) - height
        first_x, last_x = max(0, left), min(target.shape[1], left + width)
        first_y, last_y = max(0, top), min(target.shape[0], top + height)
        if last_x <= first_x or last_y <= first_y:
            return
        lines = np.arange(height, dtype=np.float32)
        unit = self.canvas.unit
        meander = np.sin(lines / (58 * unit) + moment_seconds * 1.9 + self.phase)
        meander = (meander * 4 + np.sin(lines / (23 * unit) + moment_seconds * 3.1) * 1.5) * unit
        period = self.strip.shape[0] // 2
        risen = (moment_seconds * self.speed_px + self.phase * 90) % period
        map_x = np.arange(width, dtype=np.float32)[None] + meander[:, None] - np.float32(x - math.floor(x))
        map_y = np.repeat(lines[:, None] + np.float32(risen - (foot - math.floor(foot))), width, 1)
        shown = multiply(sample(self.strip, map_x, map_y), self.fade)
        shown = shown[first_y - top : last_y - top, first_x - left : last_x - left]
        add_light(target[first_y:last_y, first_x:last_x], tint(np.ascontiguousarray(shown), self.colour))


@dataclass(frozen=True, slots=True, eq=False)
class Specks:
    """Plankton on tiles, at half the size of the canvas; nearer planes are larger, blurred, and faster."""

    tiles: tuple[Pixels, ...]  # repeated as far as any window reaches
    planes: tuple[SpeckPlane, ...]
    unit: float

    def add_to(self, light: Pixels, seconds: float, view: View) -> None:
        """Add to a picture of brightness at half size."""
        rows, width = light.shape
        for index, (tile, plane) in enumerate(zip(self.tiles, self.planes, strict=True)):
            sway = 5 * math.sin(seconds * 0.5 + 2 * index)
            x = (plane.drift[0] * seconds + sway) * self.unit / 2 + view.travel_x * plane.depth * width + 97 * index
            y = (-plane.drift[1] * seconds + sway * 0.6) * self.unit / 2 - view.travel_y * plane.depth * rows
            column, part_x = divmod(x % SPECK_TILE, 1.0)
            row, part_y = divmod(y % SPECK_TILE, 1.0)
            part = tile[int(row) : int(row) + rows + 1, int(column) : int(column) + width + 1]
            beside = add_weighted(part[:, :-1], 1 - part_x, part[:, 1:], part_x)
            add_light(light, add_weighted(beside[:-1], 1 - part_y, beside[1:], part_y))


def build_bubbles(
    canvas: Canvas, spots: list[tuple[float, float, float]], colour: Floats, rng: np.random.Generator
) -> tuple[BubbleColumn, ...]:
    """One column for each x and foot (pixels) and depth."""
    columns: list[BubbleColumn] = []
    for x, foot, depth in spots:
        size = canvas.unit * (0.45 + 0.9 * depth)
        width, height = max(8, int(64 * size)), max(16, int(min(foot + 8, canvas.height * 0.9)))
        strip = np.zeros((height, width), np.float32)
        for _ in range(max(3, int(height / (15 * size)))):
            radius = float(np.clip(rng.lognormal(0.75, 0.5), 1.0, 7.0)) * size
            _bubble(strip, width * float(rng.normal(0.5, 0.11)), float(rng.uniform(0, height)), radius)
        rise = np.linspace(0, 1, height, dtype=np.float32)
        fade = smoothstep(0.0, 0.22, rise) * smoothstep(1.0, 0.93, rise) * (0.30 + 0.45 * depth)
        columns.append(
            BubbleColumn(
                strip=np.pad(np.tile(to_pixels(np.clip(strip, 0, 1)), (2, 1)), ((0, 2), (0, 0)), mode="wrap"),
                x=x,
                foot=foot,
                depth=depth,
                speed_px=86 * canvas.unit * (0.5 + depth),
                phase=float(rng.uniform(0, 6.28)),
                fade=np.repeat(to_pixels(fade)[:, None], width, 1),
                colour=colour,
                canvas=canvas,
            )
        )
    return tuple(columns)


def build_specks(
    canvas: Canvas, rng: np.random.Generator, planes: tuple[SpeckPlane, ...] = PLANKTON, share: float = 1.0
) -> Specks:
    """`share` of the usual number of specks."""
    tiles: list[Pixels] = []
    for plane in planes:
        tile = np.zeros((SPECK_TILE, SPECK_TILE), np.float32)
        number = max(1, int(plane.count * share / max(0.5, canvas.unit) ** 2))
        rows, columns = rng.integers(0, SPECK_TILE, (2, number))
        tile[rows, columns] = rng.uniform(0.25, 1, number)
        spread = max(0.5, plane.blur * canvas.unit)
        specks = to_pixels(np.clip(blur_tile(tile, spread) * (2 * math.pi * spread**2) * plane.brightness, 0, 1))
        tiles.append(np.pad(specks, ((0, canvas.height // 2 + 2), (0, canvas.width // 2 + 2)), mode="wrap"))
    return Specks(tuple(tiles), planes, canvas.unit)


def pulse(light: Pixels, seconds: float) -> Pixels:
    """Light that glows up and down, slowly."""
    return scale(light, 0.75 + 0.25 * math.sin(seconds * 1.3))


def _wrapped(first: int, count: int, period: int) -> npt.NDArray[np.int64]:
    return np.mod(np.arange(first, first + count, dtype=np.int64), period)


def _bubble(strip: Floats, x: float, y: float, radius: float) -> None:
    """A thin bright skin, brighter below, and the highlight of the surface on top; wraps around downwards."""
    height, width = strip.shape
    reach = int(radius) + 2
    left, right = max(0, int(x) - reach), min(width, int(x) + reach + 1)
    if right <= left:
        return
    rows = _wrapped(int(y) - reach, 2 * reach + 1, height)
    down = (np.arange(2 * reach + 1, dtype=np.float32) + np.float32(int(y) - reach - y))[:, None] / np.float32(radius)
    across = (np.arange(left, right, dtype=np.float32) - np.float32(x))[None] / np.float32(radius)
    distance = np.hypot(down, across)
    edge = np.clip((1 - distance) * radius + 0.5, 0, 1)
    skin = edge * np.clip(distance, 0, 1) ** 5 * (0.55 + 0.35 * down)
    gleam = np.exp(-(((across + 0.34) ** 2 + (down + 0.38) ** 2) * 16)) * edge
    strip[rows, left:right] += (skin + gleam * 0.9 + edge * 0.08).astype(np.float32)
