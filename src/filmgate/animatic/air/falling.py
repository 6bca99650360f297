"""What falls: rain and snow on tiles that scroll for ever, leaves and petals that tumble one by one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.colour import from_hex, to_pixels
from filmgate.animatic.raster import (
    SUBPIXEL_BITS,
    Canvas,
    Floats,
    Pixels,
    add_light,
    add_weighted,
    blur_tile,
    merge,
    scale,
    stroke,
)
from filmgate.animatic.scene import Moment

SLANT_PER_WIND = 0.10
# Each plane: streak length, count, brightness, pixels per second; all for a frame of 720p. Nearer planes come last.
RAIN_PLANES = ((30, 240, 0.16, 1100.0), (50, 150, 0.23, 1700.0), (92, 52, 0.28, 2600.0))
# Each plane: flake radius, count, brightness, pixels per second.
SNOW_PLANES = ((1.0, 720, 0.55, 40.0), (1.9, 240, 0.72, 75.0), (3.4, 56, 0.75, 130.0), (8.0, 7, 0.40, 210.0))
STEPPED_FROM = 200.0  # pixels a second at 720p
FRAME_PIXELS = 1280 * 720
RAIN_COLOUR = np.array([0.82, 0.88, 1.0], np.float32)
SNOW_COLOUR = np.array([0.95, 0.97, 1.0], np.float32)
LEAF_COLOURS = {
    "leaves": ("d9822b", "b8442a", "e0b040"),
    "petals": ("f7c6d4", "fbe4ea", "f09ab5"),
    "green_leaves": ("6f9a4a", "4f7d3a", "9bb85a"),
}
LEAF_COUNT = 42
LEAF_LENGTH = {"leaves": 9.0, "petals": 6.0, "green_leaves": 8.0}  # pixels at 720p
LEAF_OUTLINE = np.array([[-1, 0], [-0.45, 0.42], [0.25, 0.40], [1, 0], [0.25, -0.40], [-0.45, -0.42]])


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """One depth of what falls: a tile larger than the canvas, repeated once, and how it moves."""

    tile: Pixels
    period: tuple[int, int]  # rows and columns after which it repeats
    down: float  # pixels a second
    across: float
    sway: float  # pixels to either side
    phase: float
    stepped: bool  # so fast that nobody sees that it moves by whole pixels

    def window(self, canvas: Pixels, seconds: float) -> Pixels:
        """What lies over the canvas now, placed to a fraction of a pixel, or slow flakes would step."""
        swing = self.sway * math.sin(seconds * 0.9 + self.phase)
        x, y = self.across * seconds + swing, -self.down * seconds
        rows, columns = self.period
        column, part_x = divmod(x % columns, 1.0)
        row, part_y = divmod(y % rows, 1.0)
        height, width = canvas.shape[:2]
        if self.stepped:
            return self.tile[int(row) : int(row) + height, int(column) : int(column) + width]
        part = self.tile[int(row) : int(row) + height + 1, int(column) : int(column) + width + 1]
        beside = add_weighted(part[:, :-1], 1 - part_x, part[:, 1:], part_x)
        return add_weighted(beside[:-1], 1 - part_y, beside[1:], part_y)


@dataclass(frozen=True, slots=True, eq=False)
class Falling:
    """Planes of drops or flakes, each at its own speed."""

    planes: tuple[Plane, ...]
    colour: Floats

    def paint(self, canvas: Pixels, moment: Moment, strength: float) -> None:
        windows = [plane.window(canvas, moment.seconds) for plane in self.planes]
        light = np.asarray(cv2.add(windows[0], windows[1]), np.uint8)
        for window in windows[2:]:
            add_light(light, window)
        light = light if strength >= 1 else scale(light, strength)
        red, green, _ = self.colour.tolist()  # there is no warm rain: its blue is one
        add_light(canvas, merge(scale(light, red), scale(light, green), light))


@dataclass(frozen=True, slots=True, eq=False)
class Tumbling:
    """Leaves or petals: each sinks, swings and turns over; one that leaves the frame comes in again above."""

    colours: tuple[Floats, ...]
    paths: Floats  # (n, 6): x, y in frames, phase, pace, size, spin
    wind: float
    length_px: float

    def paint(self, canvas: Pixels, moment: Moment, strength: float) -> None:
        if strength < 0.5:  # leaves cannot be half there: they come in from above once the weather has
            return
        height, width = canvas.shape[:2]
        x, y, phase, pace, size, spin = self.paths.T
        seconds = moment.seconds
        sinks = y + seconds * 0.10 * pace
        drifts = x + seconds * 0.045 * self.wind * pace + 0.020 * np.sin(seconds * 1.3 * pace + phase)
        centre_x = ((drifts % 1.2) - 0.1) * width
        centre_y = ((sinks % 1.2) - 0.1) * height
        turn = phase + seconds * spin
        over = np.cos(seconds * 1.7 * pace + phase * 2)  # seen from the edge, it is thin
        along, across = size * self.length_px, size * self.length_px * (0.25 + 0.75 * np.abs(over))
        local_x, local_y = LEAF_OUTLINE[:, 0], LEAF_OUTLINE[:, 1]
        cosine, sine = np.cos(turn)[:, None], np.sin(turn)[:, None]
        wide, thin = local_x[None] * along[:, None], local_y[None] * across[:, None]
        points = np.stack(
            [centre_x[:, None] + wide * cosine - thin * sine, centre_y[:, None] + wide * sine + thin * cosine], -1
        )
        fixed = np.round(points * (1 << SUBPIXEL_BITS)).astype(np.int32)
        for index, colour in enumerate(self.colours):
            shade = tuple(float(channel) * 255 for channel in colour)
            cv2.fillPoly(canvas, list(fixed[index :: len(self.colours)]), shade, cv2.LINE_AA, SUBPIXEL_BITS)


def build_rain(canvas: Canvas, wind: float, rng: np.random.Generator) -> Falling:
    slant = SLANT_PER_WIND * wind
    planes: list[Plane] = []
    for index, (length, count, brightness, speed) in enumerate(RAIN_PLANES):
        reach = length * canvas.unit
        tile = np.zeros((canvas.height, canvas.width), np.uint8)
        thickness = max(1, round(canvas.unit * (1.4 if length > 80 else 0.8)))
        for _ in range(_count(canvas, count)):
            x, y = rng.uniform(0, canvas.width), rng.uniform(0, canvas.height)
            shade = float(brightness * rng.uniform(0.5, 1))
            for wrap_y in (-canvas.height, 0):
                streak = np.array([[x, y + wrap_y], [x - reach * slant, y + wrap_y + reach]])
                stroke(tile, streak, shade, thickness)
        speed_px = speed * canvas.unit
        planes.append(_plane(canvas, tile, speed_px, speed_px * slant, 0.0, float(index)))
    return Falling(tuple(planes), RAIN_COLOUR)


def build_snow(canvas: Canvas, wind: float, rng: np.random.Generator) -> Falling:
    planes: list[Plane] = []
    for index, (radius, count, brightness, speed) in enumerate(SNOW_PLANES):
        tile = np.zeros((canvas.height, canvas.width), np.float32)
        spread = max(0.55, radius * canvas.unit * 0.55)
        number = _count(canvas, count)
        columns, rows = rng.integers(0, canvas.width, number), rng.integers(0, canvas.height, number)
        np.maximum.at(tile, (rows, columns), rng.uniform(0.5, 1, number).astype(np.float32))
        flakes = np.clip(blur_tile(tile, spread) * (2 * math.pi * spread**2 * 1.6), 0, 1) * brightness
        speed_px = speed * canvas.unit
        planes.append(
            _plane(canvas, to_pixels(flakes), speed_px, -0.35 * wind * speed_px, 8 * radius * canvas.unit, float(index))
        )
    return Falling(tuple(planes), SNOW_COLOUR)


def build_tumbling(
    kind: str, canvas: Canvas, wind: float, ambient: Floats, light: Floats, rng: np.random.Generator
) -> Tumbling:
    """`kind` is leaves, petals or green_leaves; `ambient` and `light` are the palette's, which fall on them."""
    paths = np.stack(
        [
            rng.uniform(0, 1.2, LEAF_COUNT),
            rng.uniform(0, 1.2, LEAF_COUNT),
            rng.uniform(0, 2 * math.pi, LEAF_COUNT),
            rng.uniform(0.6, 1.5, LEAF_COUNT),
            rng.uniform(0.5, 1.0, LEAF_COUNT) ** 2 * 1.4,
            rng.uniform(-2.2, 2.2, LEAF_COUNT),
        ],
        1,
    )
    shine = np.clip(ambient * 0.5 + light * 0.6, 0, 1)
    colours = tuple(np.clip(from_hex(value) * shine, 0, 1).astype(np.float32) for value in LEAF_COLOURS[kind])
    return Tumbling(colours, paths, max(0.3, wind), LEAF_LENGTH[kind] * canvas.unit)


def _plane(canvas: Canvas, tile: Pixels, down: float, across: float, sway: float, phase: float) -> Plane:
    """The tile repeated both ways by a canvas and a pixel, so that every window is one slice of it."""
    height, width = tile.shape
    repeated = np.pad(tile, ((0, height + 1), (0, width + 1)), mode="wrap")
    return Plane(repeated, (height, width), down, across, sway, phase, down > STEPPED_FROM * canvas.unit)


def _count(canvas: Canvas, per_frame: int) -> int:
    """As dense as on a 720p frame, whatever the shape."""
    return max(3, int(per_frame * canvas.width * canvas.height / (FRAME_PIXELS * canvas.unit**2)))


def tumbling_kinds() -> Sequence[str]:
    return tuple(LEAF_COLOURS)
