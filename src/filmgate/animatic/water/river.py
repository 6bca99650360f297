"""A valley floor with a river that winds towards us; the water itself is painted first and shows through."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.layers import Layer, overhang_width
from filmgate.animatic.noise import spectral
from filmgate.animatic.plants.foliage import conifer
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Points,
    add_light,
    invert,
    multiply,
    polygon_mask,
    resize,
    sample,
    triple,
)
from filmgate.animatic.scene import Brief

DEPTH = 0.80
EYE = 0.055  # how finite the horizon is: 1 / (nearness + EYE) is the distance
HALF_WIDTH = 0.30  # of the river at our feet, in bases
TURNS = ((0.78, 0.30), (1.9, 0.09))  # of its course: radians per distance, sideways reach
GREENS = {
    "spring": ("86a552", "4a6b34"),
    "autumn": ("b58a42", "6d4a28"),
    "winter": ("e6ecf2", "8e9cac"),
}
GREEN = ("74904a", "3a5530")


@dataclass(frozen=True, slots=True)
class Course:
    """The way of a river from the horizon to one side of our feet."""

    canvas: Canvas
    horizon: int
    foot: float  # where people stand at the bottom edge, in bases from the middle
    phase: float
    depth: float = DEPTH

    def at(self, away: Floats) -> tuple[Floats, Floats]:
        """Its middle and half width at distances of 1 (our feet) and more, in bases on screen."""
        side = 1.0 if self.foot < 0 else -1.0
        bend = sum(reach * np.sin(turns * (away - 1) + self.phase * i) for i, (turns, reach) in enumerate(TURNS))
        passing = (self.foot + side * (HALF_WIDTH + 0.20)) / away
        middle = passing + side * bend * (0.6 + 0.4 / away) * (1 - np.exp(1 - away) * 0.6)
        half = HALF_WIDTH / away * (1 + 0.12 * np.sin(away * 2.3))
        return np.asarray(middle, np.float32), np.asarray(half, np.float32)

    def middle_at(self, near: float) -> tuple[float, float]:
        """Column and row of its middle, `near` 0 (horizon) to 1 (bottom edge)."""
        middle, _ = self.at(np.array([(1 + EYE) / (near + EYE)], np.float32))
        row = self.horizon + near * (self.canvas.height - self.horizon)
        return self.canvas.width / 2 + float(middle[0]) * self.canvas.base, row


def chart_course(brief: Brief, horizon: int, foot_x: float) -> Course:
    """A course that leaves ground around column `foot_x` of the bottom edge."""
    canvas = brief.canvas
    foot = (foot_x - canvas.width / 2) / canvas.base
    return Course(canvas, horizon, foot, float(brief.rng.uniform(-0.3, 0.3)))


def build_valley(brief: Brief, course: Course) -> Layer:
    """The land on both sides of the river."""
    canvas, palette, rng, horizon = brief.canvas, brief.palette, brief.rng, course.horizon
    width, base = overhang_width(canvas), canvas.base
    top = max(0, horizon - int(0.05 * base))
    rows = canvas.height + int(0.10 * base) - top
    lines = np.arange(top, top + rows, dtype=np.float32)
    near = np.clip((lines - horizon) / (canvas.height - horizon), 0, 1.4)
    away = (1 + EYE) / (near + EYE)
    half_width = width // 2  # soft art: half the columns are enough
    columns = (np.arange(half_width, dtype=np.float32) * 2 + 0.5 - width / 2) / np.float32(base)
    centre, half = course.at(away)
    aside = np.abs(columns[None] - centre[:, None]) - half[:, None]
    tile = spectral(rng, (256, 512), 1.6, 5)
    light = tile - np.roll(tile, 2, 0) * 0.8
    light = np.clip((light - light.mean()) / (light.std() * 5) + 0.5, 0, 1).astype(np.float32)
    map_x = np.mod(columns[None] * away[:, None] * 200, 511).astype(np.float32)
    map_y = np.repeat(np.mod(away * 150, 255)[:, None], half_width, 1).astype(np.float32)
    grain, patches = sample(light, map_x, map_y), sample(tile, map_x * 0.4, map_y * 0.5)
    ragged = aside + (grain - 0.5) * 0.03 / away[:, None]
    land = smoothstep(0.0, 0.006, ragged * np.minimum(away, 6)[:, None]) * (lines > horizon)[:, None]
    colour = _turf(brief, grain, patches)
    gravel = from_hex("b9ac94") * (palette.ambient * 0.5 + palette.light * (0.3 if palette.dark else 0.6))
    bank = np.exp(-np.maximum(ragged, 0) * away[:, None] * 11)[..., None]
    colour = mix(colour, gravel * (0.7 + 0.5 * grain[..., None]), bank * 0.8)
    colour = colour * (1 - 0.45 * np.exp(-np.maximum(ragged, 0) * away[:, None] * 60))[..., None]
    fade = np.exp(-near * 6.0)[:, None, None]
    colour = mix(colour, palette.haze, 0.58 * fade)
    trees = to_pixels(polygon_mask(width, rows, _trees(brief, (centre, half), near, horizon - top)))
    shadow = mix(
        palette.near * 0.55, from_hex(GREENS.get(brief.reading.season or "", GREEN)[1]) * palette.ambient, 0.55
    )
    wood = np.repeat(to_pixels(np.clip(mix(shadow, palette.haze, 0.40 * fade), 0, 1)), width, 1)
    alpha = resize(to_pixels(land), width, rows)
    painted = multiply(resize(to_pixels(np.clip(colour, 0, 1)), width, rows), triple(alpha))
    painted = multiply(painted, triple(invert(trees)))
    add_light(painted, multiply(wood, triple(trees)))
    pixels = np.dstack([painted, np.maximum(alpha, trees)])
    return Layer(np.ascontiguousarray(pixels), DEPTH, -(width - canvas.width) // 2, top, canvas, horizon)


def _turf(brief: Brief, grain: Floats, patches: Floats) -> Floats:
    palette, season = brief.palette, brief.reading.season
    lit, shaded = (from_hex(value) for value in GREENS.get(season or "", GREEN))
    sun = palette.ambient * 0.40 + palette.light * (0.34 if palette.dark else 0.66)
    colour = mix(shaded * (palette.ambient * 0.7 + 0.1), lit * sun, grain[..., None])
    dry = np.array([1.20, 1.04, 0.62], np.float32) if season != "winter" else np.ones(3, np.float32)
    return mix(colour, colour * dry, smoothstep(0.45, 0.70, patches)[..., None])


def _trees(brief: Brief, course: tuple[Floats, Floats], near: Floats, horizon: int) -> list[Points]:
    """Conifers in groups on both banks, the far ones first."""
    rng, canvas = brief.rng, brief.canvas
    centre, half = course
    base, width = canvas.base, overhang_width(canvas)
    outlines: list[Points] = []
    shares: list[float] = (np.sort(rng.uniform(0.0, 1.0, int(120 * canvas.width / (1.78 * base)))) ** 2.6).tolist()
    for share in (0.62 * value for value in shares):
        row = int(np.searchsorted(near, share))
        if row >= len(near) or row <= horizon:
            continue
        side = 1.0 if rng.uniform() < 0.5 else -1.0
        reach = float(half[row]) + (0.05 + rng.gamma(1.6, 0.30)) * (share + EYE)
        x = width / 2 + (float(centre[row]) + side * reach) * base
        if 0 <= x < width:
            tall = base * (0.012 + 0.30 * share) * rng.uniform(0.6, 1.15)
            outlines.append(conifer(rng, x, float(row), tall, tall * 0.36, 5 + int(6 * math.sqrt(share))))
    return outlines
