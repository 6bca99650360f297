"""A city across the water: three rows of towers, windows lit after dark, traffic, and lamps where people walk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.figures.cast import build_cast, paint_cast, stands_on_ground
from filmgate.animatic.figures.craft import lamp_glow
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.layers import Layer, build_layer, overhang_width
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Canvas, Floats, Pixels, paste_light, place, resize
from filmgate.animatic.scene import Brief, Moment
from filmgate.animatic.sky import Sky, SkySpec, build_sky, sun_direction
from filmgate.animatic.water import Water, WaterSpec, build_water

HORIZON = 0.70
QUAY_DEPTH = 0.92
CARS = 26
LAMP_POSTS = (0.06, 0.35, 0.64, 0.93)  # across the quay's width
# Share of windows that are lit.
LIT_WINDOWS: Mapping[str, float] = MappingProxyType(
    {
        "night": 0.55,
        "neon": 0.55,
        "dusk": 0.50,
        "storm": 0.42,
        "sunset": 0.34,
        "golden": 0.14,
        "dawn": 0.14,
        "overcast": 0.10,
    }
)
WARM_WINDOWS, COOL_WINDOWS = ("ffd9a0", "ffc27a", "ffe9c8", "fff4e0"), ("bfe3ff", "9fd0ff")
CONCRETE = "56616d"
SIGNS = ("ff4fb4", "41e0ff", "b26bff", "ffd24a", "ff6a3d")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of towers: depth, heights in bases, widths in frame bases."""

    depth: float
    lowest: float
    highest: float
    narrowest: float
    widest: float


ROWS = (
    Row(0.10, 0.14, 0.52, 0.032, 0.075),
    Row(0.24, 0.10, 0.60, 0.053, 0.110),
    Row(0.46, 0.05, 0.36, 0.090, 0.178),
)


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """The picture of one row while it is being built."""

    colour: Floats
    coverage: Floats

    def box(self, left: float, right: float, top: float, bottom: float, colour: Floats) -> None:
        height, width = self.coverage.shape
        first, last = int(np.clip(left, 0, width)), int(np.clip(right, 0, width))
        upper, lower = int(np.clip(top, 0, height)), int(np.clip(bottom, 0, height))
        self.colour[upper:lower, first:last] = colour
        self.coverage[upper:lower, first:last] = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Traffic:
    """Lights that pass along the far quay: red one way, white the other."""

    lights: tuple[Pixels, Pixels]
    cars: Floats  # (n, 4): start, frame widths a second, lane, brightness
    row: float
    canvas: Canvas

    def paint(self, frame: Pixels, moment: Moment) -> None:
        radius = self.lights[0].shape[0] / 2
        for start, speed, lane, brightness in self.cars:
            x = ((start + moment.seconds * speed) % 1.3 - 0.15 - moment.view.travel_x * 0.5) * self.canvas.width
            y = self.row - (7 + 3 * lane) * self.canvas.unit
            paste_light(
                frame, self.lights[int(lane)], place(float(x), float(y), pivot=(radius, radius)), float(brightness)
            )


@dataclass(frozen=True, slots=True, eq=False)
class City:
    finish: Finish
    horizon: int
    sky: Sky
    rows: tuple[Layer, ...]
    traffic: Traffic | None
    water: Water
    quay: Layer | None
    lamp: Pixels | None
    lamps: tuple[tuple[float, float], ...]
    cast: tuple[Actor, ...]
    canvas: Canvas

    def paint(self, moment: Moment) -> Pixels:
        frame = np.zeros((self.canvas.height, self.canvas.width, 3), np.uint8)
        self.sky.paint(frame, moment.seconds)
        above = frame[: self.horizon]
        for row in self.rows:
            row.paint(above, moment.view)
        if self.traffic is not None:
            self.traffic.paint(above, moment)
        paint_cast(self.cast, "air", above, moment)
        self.water.paint(frame, moment.seconds)
        paint_cast(self.cast, "water", frame, moment)
        if self.quay is not None:
            self.quay.paint(frame, moment.view)
            self._paint_lamps(frame, moment)
        paint_cast(self.cast, "ground", frame, moment)
        return frame

    def _paint_lamps(self, frame: Pixels, moment: Moment) -> None:
        if self.lamp is None:
            return
        radius = self.lamp.shape[0] / 2
        grow = 1 + moment.view.forward * QUAY_DEPTH
        middle = self.canvas.width / 2
        for x, y in self.lamps:
            shown_x = middle + (x - middle) * grow - moment.view.travel_x * QUAY_DEPTH * self.canvas.width
            lift = moment.view.travel_y * QUAY_DEPTH * self.canvas.base
            shown_y = self.horizon + (y - self.horizon) * grow + lift
            paste_light(frame, self.lamp, place(shown_x, shown_y, grow, pivot=(radius, radius)))


def build_city(brief: Brief) -> City:
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    horizon, base = int(canvas.height * HORIZON), canvas.base
    sun_x = float(rng.uniform(0.25, 0.75))
    sky = build_sky(canvas, palette, SkySpec(horizon, sun_x, brief.cloud_cover(0.45)), rng)
    glitters = palette.is_sunlit and not palette.dark
    walks = stands_on_ground(brief)
    spots = {
        "water": Spot(0.5, horizon + 0.11 * base, 0.17 * base, 0.6),
        "air": Spot(0.40, canvas.height * 0.22, 0.15 * base, 0.35),
    }
    if walks:
        spots["ground"] = Spot(0.46, canvas.height - 0.045 * base, 0.30 * base, QUAY_DEPTH)
    quay_edge = canvas.height - 0.085 * base
    posts = tuple(
        (share * overhang_width(canvas) - (overhang_width(canvas) - canvas.width) / 2) for share in LAMP_POSTS
    )
    lamp_colour = np.clip(mix(palette.glow, np.array([1.0, 0.86, 0.6], np.float32), 0.6), 0, 1)
    after_dark = palette.name in LIT_WINDOWS and LIT_WINDOWS[palette.name] > 0.3
    return City(
        finish=Finish(bloom=0.62, bloom_threshold=150) if after_dark else Finish(bloom=0.3, bloom_threshold=200),
        horizon=horizon,
        sky=sky,
        rows=tuple(_row(brief, horizon, sun_x, index) for index in range(len(ROWS))),
        traffic=_traffic(brief, horizon) if after_dark else None,
        water=build_water(canvas, palette, WaterSpec(horizon, 0.20, sky.sun_x if glitters else None, 0.5, 0.9), rng),
        quay=_quay(brief, horizon, quay_edge, posts) if walks else None,
        lamp=to_pixels(lamp_glow(int(110 * canvas.unit) + 2, lamp_colour)) if walks and after_dark else None,
        lamps=tuple((x, quay_edge - 0.335 * base) for x in posts),
        cast=build_cast(brief, Stage(canvas, horizon, spots, sun_direction(sky, canvas), shadow=0.4)),
        canvas=canvas,
    )


def _row(brief: Brief, horizon: int, sun_x: float, index: int) -> Layer:
    canvas, palette, rng, row = brief.canvas, brief.palette, brief.rng, ROWS[index]
    width = overhang_width(canvas)
    block = _Block(np.zeros((horizon + 1, width, 3), np.float32), np.zeros((horizon + 1, width), np.float32))
    haze = mix(palette.sky[3], palette.sky[2], 0.5)
    near = _stone(palette)
    base_colour = mix(mix(palette.far, near, 0.25 + 0.75 * min(1.0, row.depth * 2)), haze, 0.34 * (1 - row.depth * 1.8))
    skyline = curve(rng, 256, 3, 3)
    lit_share = LIT_WINDOWS.get(palette.name, 0.03) * (0.75 + 0.25 * index)
    x = -0.02 * canvas.base
    while x < width:
        tower_width = float(rng.uniform(row.narrowest, row.widest)) * canvas.base
        trend = float(skyline[int(np.clip(x / width, 0, 0.999) * 256)]) ** 1.3
        height = (row.lowest + (row.highest - row.lowest) * trend * float(rng.uniform(0.55, 1.1))) * canvas.base
        height *= 1.28 if rng.uniform() < 0.07 else 1.0
        top = max(4.0, horizon - height)
        tone = np.clip(base_colour * float(rng.uniform(0.86, 1.14)), 0, 1)
        _tower(block, (x, x + tower_width, top), tone, haze, row.depth, sun_x * canvas.width < x)
        _roof(block, rng, (x, x + tower_width, top), tone, canvas.unit)
        _windows(block, rng, (x, x + tower_width, top), haze, (row.depth, lit_share, canvas.unit))
        if palette.dark and tower_width > 24 * canvas.unit and height > 60 * canvas.unit:
            _signs(block, rng, (x, x + tower_width, top), palette, row.depth, canvas.unit)
        x += tower_width * float(rng.uniform(0.82, 1.18))
    if row is ROWS[-1]:
        block.box(0, width, horizon - 5 * canvas.unit, horizon + 1, near * 0.8)  # the far quay
    return build_layer(canvas, horizon, row.depth, block.colour, block.coverage)


def _stone(palette: Palette) -> Floats:
    """What is built is dark against a low sun, and has a colour of its own by daylight."""
    backlit = palette.dark or palette.name in ("sunset", "golden", "dawn")
    return palette.near if backlit else from_hex(CONCRETE)


def _tower(
    block: _Block, box: tuple[float, float, float], tone: Floats, haze: Floats, depth: float, sun_on_left: bool
) -> None:
    rows, width = block.coverage.shape
    first, last, top = max(0, int(box[0])), min(width, int(box[1])), int(box[2])
    if last <= first or top >= rows:
        return
    down = np.linspace(0, 1, rows - top, dtype=np.float32)[:, None, None]
    face = mix(tone, mix(tone, haze, 0.55 * (1 - depth)), smoothstep(0.25, 1, down))
    across = (np.arange(first, last, dtype=np.float32)[None, :, None] - box[0]) / (box[1] - box[0])
    shaded = (across > 0.68) if sun_on_left else (across < 0.32)
    block.colour[top:, first:last] = face * np.where(shaded, 0.84, 1.0)
    block.coverage[top:, first:last] = 1.0


def _roof(block: _Block, rng: np.random.Generator, box: tuple[float, float, float], tone: Floats, unit: float) -> None:
    left, right, top = box
    width, kind = right - left, int(rng.integers(0, 6))
    colour = tone * 0.98
    if kind in (1, 2):
        block.box(left + width * 0.2, right - width * 0.2, top - width * 0.28, top, colour)
    if kind == 2:
        block.box(left + width * 0.36, right - width * 0.36, top - width * 0.6, top - width * 0.27, colour)
    if kind == 3 and width > 14 * unit:
        middle = (left + right) / 2
        block.box(middle - 1.2 * unit, middle + 1.2 * unit, top - width * 0.9, top, colour)
    if kind == 4 and width > 20 * unit:
        block.box(left + width * 0.1, left + width * 0.3, top - 6 * unit, top, colour)
        block.box(left + width * 0.55, left + width * 0.8, top - 9 * unit, top, colour)


def _windows(
    block: _Block,
    rng: np.random.Generator,
    box: tuple[float, float, float],
    haze: Floats,
    style: tuple[float, float, float],
) -> None:
    """A grid of panes. By day they are a shade darker than the wall; after dark some are lit, in one tint per tower."""
    depth, lit_share, unit = style
    left, right, top = box
    pitch_x = max(3.0, (3.2 + 3.8 * depth * 2) * unit)
    pitch_y = max(4.0, (4.6 + 5.4 * depth * 2) * unit)
    columns = int((right - left - pitch_x) / pitch_x)
    rows = int((block.coverage.shape[0] - 1 - top - pitch_y) / pitch_y)
    if columns < 2 or rows < 2:
        return
    lit = rng.uniform(0, 1, (rows, columns)) < lit_share * rng.uniform(0.35, 1.5)
    if rng.uniform() < 0.25:  # an office tower: whole floors
        lit = (rng.uniform(0, 1, (rows, 1)) < lit_share * 1.1) & (rng.uniform(0, 1, (rows, columns)) < 0.9)
    options = WARM_WINDOWS if rng.uniform() < 0.74 else COOL_WINDOWS
    tint = from_hex(options[int(rng.integers(len(options)))])
    brightness = rng.uniform(0.6, 1.05) * (0.85 + 0.4 * depth) * rng.uniform(0.7, 1.15, (rows, columns))
    pane_width, pane_height = max(1, int(pitch_x * 0.55)), max(1, int(pitch_y * 0.55))
    height, width = block.coverage.shape
    for row in range(rows):
        y = int(top + pitch_y * (0.6 + row))
        for column in range(columns):
            x = int(left + pitch_x * (0.5 + column))
            if x < 0 or x + pane_width >= width or y + pane_height >= height:
                continue
            pane = block.colour[y : y + pane_height, x : x + pane_width]
            if lit[row, column]:
                pane[:] = np.clip(mix(haze * 0.4, tint * float(brightness[row, column]), 0.9), 0, 1)
            elif lit_share < 0.2:
                pane *= 0.82


def _signs(
    block: _Block,
    rng: np.random.Generator,
    box: tuple[float, float, float],
    palette: Palette,
    depth: float,
    unit: float,
) -> None:
    """A neon sign down the wall now and then, and a red lamp on tall roofs."""
    left, right, top = box
    height = block.coverage.shape[0] - top
    if rng.uniform() < (0.34 if palette.name == "neon" else 0.10) * (1 + depth):
        colour = from_hex(SIGNS[int(rng.integers(len(SIGNS)))])
        x, width = left + (right - left) * rng.uniform(0.15, 0.7), max(3.0, rng.uniform(4, 9) * unit * (1 + depth))
        y, length = top + rng.uniform(0.08, 0.4) * height, rng.uniform(0.18, 0.42) * height
        block.box(x, x + width, y, y + length, colour)
        block.box(
            x + width / 3, x + width * 2 / 3, y + width / 3, y + length - width / 3, np.clip(colour * 0.6 + 0.45, 0, 1)
        )
    if height > 0.3 * 720 * unit:
        middle = (left + right) / 2
        block.box(middle, middle + max(1.0, 3 * unit), top - max(1.0, 3 * unit), top, from_hex("ff3b30"))


def _traffic(brief: Brief, horizon: int) -> Traffic:
    canvas, rng = brief.canvas, brief.rng
    lanes = np.arange(CARS) % 2
    cars = np.stack(
        [
            rng.uniform(0, 1.3, CARS),
            rng.uniform(0.05, 0.11, CARS) * np.where(lanes == 1, 1, -1),
            lanes.astype(np.float64),
            rng.uniform(0.45, 0.9, CARS),
        ],
        1,
    )
    radius = max(2, int(13 * canvas.unit))
    red, white = (to_pixels(lamp_glow(radius, from_hex(value))) for value in ("ff4729", "ffedc7"))
    return Traffic((red, white), cars, float(horizon), canvas)


def _quay(brief: Brief, horizon: int, edge: float, posts: tuple[float, ...]) -> Layer:
    """Wet paving at our feet, a bright kerb, and lamp posts."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    width, height = overhang_width(canvas), canvas.height + int(0.12 * canvas.base)
    left = (width - canvas.width) / 2
    rows = np.arange(height, dtype=np.float32)[:, None, None]
    texture = resize(spectral(rng, (128, 1024), 1.2, 4, stretch=(1, 0.3)), width, height)[..., None]
    stone = _stone(palette)
    paving = mix(stone * 1.3, palette.ambient * 0.55, 0.25 if palette.dark else 0.7) * (0.8 + 0.4 * texture)
    kerb = np.exp(-np.clip(rows - edge, 0, None) / (2.2 * canvas.unit))
    colour = mix(paving, np.clip(mix(palette.glow, palette.ambient, 0.4), 0, 1), kerb * 0.6).astype(np.float32)
    block = _Block(colour, (rows[..., 0] >= edge).astype(np.float32) * np.ones((1, width), np.float32))
    iron = stone * (0.6 if palette.dark else 0.35)
    for post in posts:
        x, top = post + left, edge - 0.335 * canvas.base
        block.box(x - 2 * canvas.unit, x + 2 * canvas.unit, top, edge + 1, iron)
        block.box(x - 9 * canvas.unit, x + 9 * canvas.unit, top - 3 * canvas.unit, top + 1, iron)
    return build_layer(canvas, horizon, QUAY_DEPTH, block.colour, block.coverage)
