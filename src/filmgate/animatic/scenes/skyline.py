"""A city across the water: three rows of towers, windows lit after dark, traffic, and lamps where people walk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from filmgate.animatic.architecture.lights import LightBook, Lights, Sign, Traffic, build_traffic, placed_by
from filmgate.animatic.architecture.towers import (
    LANDMARKS,
    LIT_WINDOWS,
    MATERIALS,
    OUTLINES,
    Hour,
    RowArt,
    Tower,
    hour_of,
)
from filmgate.animatic.camera import plane_matrix
from filmgate.animatic.colour import from_hex, mix, to_pixels
from filmgate.animatic.figures.cast import build_cast, paint_cast, stands_on_ground
from filmgate.animatic.figures.craft import lamp_glow
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.layers import Layer, build_layer, overhang_width
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Canvas, Floats, Pixels, paste_light, place, resize
from filmgate.animatic.scene import Brief, Moment
from filmgate.animatic.sky import Sky, build_sky, spec_for, sun_direction
from filmgate.animatic.water import Water, WaterSpec, build_water

HORIZON = 0.70
QUAY_DEPTH = 0.92
QUAY_HEIGHT = 0.085  # bases
POST_HEIGHT = 0.335
CARS = 34
LAMP_POSTS = (0.06, 0.35, 0.64, 0.93)  # across the quay's width
EMBANKMENT_DEPTH = 0.5


@dataclass(frozen=True, slots=True)
class Row:
    """One row of towers: depth, heights and widths in bases, pitch of the panes in 720p pixels, share of landmarks."""

    depth: float
    lowest: float
    highest: float
    narrowest: float
    widest: float
    pitch: tuple[float, float]
    landmarks: float


ROWS = (
    Row(0.10, 0.14, 0.50, 0.030, 0.070, (3.6, 4.6), 0.16),
    Row(0.24, 0.10, 0.56, 0.050, 0.105, (4.8, 6.2), 0.10),
    Row(0.46, 0.05, 0.33, 0.085, 0.170, (6.4, 7.8), 0.0),
)


@dataclass(frozen=True, slots=True, eq=False)
class LitRow:
    """A row of towers and those of its lights that change."""

    towers: Layer
    lights: Lights
    signs: tuple[Sign, ...]

    def paint(self, target: Pixels, moment: Moment) -> None:
        self.towers.paint(target, moment.view)
        layer = self.towers
        matrix = plane_matrix(layer.canvas, layer.horizon, layer.depth, moment.view)
        for sign in self.signs:
            sign.paint(target, matrix, moment.seconds)
        self.lights.paint(target, placed_by(matrix), moment.seconds)


@dataclass(frozen=True, slots=True, eq=False)
class Quay:
    """The paved bank on our side, with lamps along it."""

    bank: Layer
    glow: Pixels | None
    lamps: tuple[tuple[float, float], ...]

    def paint(self, frame: Pixels, moment: Moment) -> None:
        self.bank.paint(frame, moment.view)
        if self.glow is None:
            return
        radius = self.glow.shape[0] / 2
        matrix = plane_matrix(self.bank.canvas, self.bank.horizon, QUAY_DEPTH, moment.view)
        for x, y in placed_by(matrix)(np.array(self.lamps)):
            paste_light(frame, self.glow, place(float(x), float(y), float(matrix[0, 0]), pivot=(radius, radius)))


@dataclass(frozen=True, slots=True, eq=False)
class Skyline:
    finish: Finish
    horizon: int
    sky: Sky
    rows: tuple[LitRow, ...]
    traffic: Traffic | None
    water: Water
    quay: Quay | None
    cast: tuple[Actor, ...]
    canvas: Canvas

    def paint(self, moment: Moment) -> Pixels:
        frame = np.zeros((self.canvas.height, self.canvas.width, 3), np.uint8)
        self.sky.paint(frame, moment.seconds)
        above = frame[: self.horizon]
        for row in self.rows:
            row.paint(above, moment)
        if self.traffic is not None:
            self.traffic.paint(above, moment)
        paint_cast(self.cast, "air", above, moment)
        self.water.paint(frame, moment.seconds)
        paint_cast(self.cast, "water", frame, moment)
        if self.quay is not None:
            self.quay.paint(frame, moment)
        paint_cast(self.cast, "ground", frame, moment)
        return frame


def build_skyline(brief: Brief) -> Skyline:
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    horizon, base = int(canvas.height * HORIZON), canvas.base
    sun_x = float(rng.uniform(0.25, 0.75))
    sky = build_sky(canvas, palette, spec_for(brief, horizon, sun_x, 0.45), rng)
    glitters = palette.is_sunlit and not palette.dark
    walks = stands_on_ground(brief)
    spots = {
        "water": Spot(0.5, horizon + 0.11 * base, 0.17 * base, 0.6),
        "air": Spot(0.40, canvas.height * 0.22, 0.15 * base, 0.35),
    }
    if walks:
        spots["ground"] = Spot(0.46, canvas.height - 0.045 * base, 0.30 * base, QUAY_DEPTH)
    after_dark = LIT_WINDOWS.get(palette.name, 0.0) > 0.3
    hour = hour_of(palette, rng, spectral(rng, (256, 256), 2.6, 2))
    return Skyline(
        finish=Finish(bloom=0.62, bloom_threshold=150) if after_dark else Finish(bloom=0.3, bloom_threshold=200),
        horizon=horizon,
        sky=sky,
        rows=tuple(_row(brief, hour, horizon, sun_x, row) for row in ROWS),
        traffic=build_traffic(canvas, horizon - 5 * canvas.unit, EMBANKMENT_DEPTH, CARS, rng) if after_dark else None,
        water=build_water(canvas, palette, WaterSpec(horizon, 0.20, sky.sun_x if glitters else None, 0.5, 0.9), rng),
        quay=_quay(brief, hour, horizon, after_dark) if walks else None,
        cast=build_cast(brief, Stage(canvas, horizon, spots, sun_direction(sky, canvas), shadow=0.4)),
        canvas=canvas,
    )


def _row(brief: Brief, hour: Hour, horizon: int, sun_x: float, row: Row) -> LitRow:
    canvas, rng = brief.canvas, brief.rng
    width, unit = overhang_width(canvas), canvas.unit
    art = RowArt(
        colour=np.zeros((horizon + 1, width, 3), np.float32),
        coverage=np.zeros((horizon + 1, width), np.float32),
        book=LightBook(),
        hour=hour,
        rng=rng,
        depth=row.depth,
        pitch=(max(3.0, row.pitch[0] * unit), max(3.5, row.pitch[1] * unit)),
        sun_x=sun_x * canvas.width + (width - canvas.width) / 2,
        unit=unit,
    )
    for tower in _plan(brief, row, horizon, width):
        art.draw(tower)
    if row is ROWS[-1]:
        _embankment(art, horizon)
    layer = build_layer(canvas, horizon, row.depth, art.colour, art.coverage)
    signs = (replace(sign, left=sign.left + layer.left) for sign in art.book.signs)
    return LitRow(layer, art.book.close(left=layer.left), tuple(signs))


def _plan(brief: Brief, row: Row, horizon: int, width: int) -> Sequence[Tower]:
    """Where the towers of a row stand, the tallest ones last: nothing hides a landmark."""
    base, rng = brief.canvas.base, brief.rng
    trend = curve(rng, 256, 3, 3) ** 1.3
    towers: list[Tower] = []
    x = -0.02 * base
    while x < width:
        across = float(rng.uniform(row.narrowest, row.widest)) * base
        share = float(trend[int(np.clip(x / width, 0, 0.999) * 256)]) * float(rng.uniform(0.55, 1.1))
        height = (row.lowest + (row.highest - row.lowest) * share) * base
        famous = rng.uniform() < row.landmarks and share > 0.35
        options = LANDMARKS if famous else OUTLINES
        outline = options[int(rng.integers(len(options)))]
        height *= 1.22 if famous else 1.0
        top = max(0.08 * horizon, horizon - height)
        slanted = not famous and outline is OUTLINES[0] and rng.uniform() < 0.2
        towers.append(
            Tower(
                left=x,
                right=x + across,
                top=top,
                outline=outline,
                material=MATERIALS[int(rng.integers(len(MATERIALS)))],
                slope=float(rng.choice([-0.3, 0.3])) if slanted else 0.0,
                mast_px=height * float(rng.uniform(0.08, 0.2)) if famous or rng.uniform() < 0.16 else 0.0,
            )
        )
        x += across * float(rng.uniform(0.84, 1.16))
    return sorted(towers, key=lambda tower: -tower.top)


def _embankment(art: RowArt, horizon: int) -> None:
    """The far quay: a wall, and trees that hide the feet of the towers."""
    width, unit, palette = art.coverage.shape[1], art.unit, art.hour.palette
    leaves = curve(art.rng, 1024, 6, 40)
    line = np.interp(np.linspace(0, 1024, width), np.arange(1024), horizon - (5 + 13 * leaves) * unit)
    rows = np.arange(horizon + 1, dtype=np.float32)[:, None] + np.float32(0.5)
    first = max(0, int(line.min()) - 2)
    cover = np.clip(rows[first:] - line[None] + 0.5, 0, 1).astype(np.float32)
    green = from_hex("43603f") * art.hour.facing(np.float32(0.0)) if not art.hour.backlit else palette.near * 0.9
    tone = mix(green, art.hour.haze, 0.12 if palette.dark else 0.22)
    wall = mix(art.hour.facing(np.float32(-0.2)) * 0.62, art.hour.haze, 0.10)
    colour = np.where((rows[first:] > horizon - 4.5 * unit)[..., None], wall, tone)
    art.colour[first:] += (colour - art.colour[first:]) * cover[..., None]
    art.coverage[first:] = np.maximum(art.coverage[first:], cover)


def _quay(brief: Brief, hour: Hour, horizon: int, after_dark: bool) -> Quay:
    """Paving at our feet, a bright kerb, a railing, and lamp posts."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    base, unit = canvas.base, canvas.unit
    width, height = overhang_width(canvas), canvas.height + int(0.12 * base)
    left, edge = (width - canvas.width) / 2, canvas.height - QUAY_HEIGHT * base
    top = max(0, int(edge - (POST_HEIGHT + 0.03) * base))
    rows = np.arange(top, height, dtype=np.float32)[:, None, None]
    grain = resize(spectral(rng, (64, 512), 1.2, 4, stretch=(1, 0.3)), width, height - top)[..., None]
    stone = palette.near if hour.backlit else from_hex("8b8f94") * hour.facing(np.float32(0.4))
    paving = mix(stone * 1.3, palette.ambient * 0.55, 0.25 if palette.dark else 0.15) * (0.8 + 0.4 * grain)
    kerb = np.exp(-np.clip(rows - edge, 0, None) / (2.2 * unit))
    colour = mix(paving, np.clip(mix(palette.glow, palette.ambient, 0.4), 0, 1), kerb * 0.6).astype(np.float32)
    coverage = (rows[..., 0] >= edge).astype(np.float32) * np.ones((1, width), np.float32)
    iron = stone * (0.6 if palette.dark else 0.30)
    posts = np.array([share * width for share in LAMP_POSTS])
    head = edge - POST_HEIGHT * base
    for x in posts:
        _bar(colour, coverage, (x - 2 * unit, x + 2 * unit, head - top, edge + 1 - top), iron)
        _bar(colour, coverage, (x - 9 * unit, x + 9 * unit, head - 3 * unit - top, head + 1 - top), iron)
    glow = None
    if after_dark:
        warm = np.clip(mix(palette.glow, from_hex("ffdb99"), 0.6), 0, 1)
        glow = to_pixels(lamp_glow(int(80 * unit) + 2, warm))
    bank = build_layer(canvas, horizon, QUAY_DEPTH, colour, coverage)
    placed = Layer(bank.pixels, bank.depth, bank.left, bank.top + top, canvas, horizon)
    return Quay(placed, glow, tuple((float(x - left), head) for x in posts))


def _bar(colour: Floats, coverage: Floats, box: tuple[float, float, float, float], tone: Floats) -> None:
    left, right, top, bottom = (max(0, round(value)) for value in box)
    colour[top:bottom, left : max(right, left + 1)] = tone
    coverage[top:bottom, left : max(right, left + 1)] = 1.0
