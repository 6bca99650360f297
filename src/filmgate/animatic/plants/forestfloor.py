"""The floor of a forest: moss, a path that winds to the light, dapples of sun, grass and litter, in perspective."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filmgate.animatic.camera import View
from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.land.ground import in_perspective
from filmgate.animatic.layers import Ground, build_ground, overhang_width
from filmgate.animatic.noise import spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.plants.growths import Growth, lit
from filmgate.animatic.plants.leaves import with_alpha
from filmgate.animatic.plants.undergrowth import draw_grass
from filmgate.animatic.plants.wood import Timber, fill_by_tone, new_timber
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    add_light,
    darken,
    invert,
    lookup,
    multiply,
    over,
    resize,
    triple,
    veil,
)

SPACING = 420.0
TILE = 512
BLADES = 2600  # at 720p
LITTER = 1500
FADE_ROWS = 0.04  # of the base, over which the floor appears


@dataclass(frozen=True, slots=True, eq=False)
class Floor:
    """Flat ground whose far edge fades in over what was painted before."""

    ground: Ground
    shown: Pixels  # (rows, width, 3), of the fading rows only

    def paint(self, target: Pixels, view: View) -> None:
        fading = target[self.ground.top :][: self.shown.shape[0]]
        before = multiply(fading, invert(self.shown))
        self.ground.paint(target, view)
        darken(fading, self.shown)
        add_light(fading, before)


@dataclass(frozen=True, slots=True, eq=False)
class FloorSpec:
    """Where a floor lies and what light falls on it. `path` is whether one leads through."""

    canvas: Canvas
    palette: Palette
    top: int
    sun_x: float
    haze: Floats
    path: bool = True

    @property
    def fading_rows(self) -> int:
        return min(max(2, int(FADE_ROWS * self.canvas.base)), self.canvas.height - self.top - 1)


def build_floor(spec: FloorSpec, growth: Growth, rng: np.random.Generator) -> Floor:
    canvas = spec.canvas
    width, rows = overhang_width(canvas), canvas.height - spec.top
    relief = spectral(rng, (TILE, TILE), 1.5, 5)
    broad = resize(spectral(rng, (128, 128), 2.4, 2), TILE, TILE)
    detail = in_perspective(relief, canvas, spec.top, width, SPACING)
    patches = in_perspective(broad, canvas, spec.top, width, SPACING)
    near = ((np.arange(rows, dtype=np.float32) + 0.5) / rows)[:, None]
    across = (np.arange(width, dtype=np.float32) - np.float32(width / 2))[None] / np.float32(canvas.base)

    sun_offset = (spec.sun_x - canvas.width / 2) / canvas.base
    sunny = smoothstep(0.44, 0.68, patches + (detail - 0.5) * 0.35)
    sunny = sunny * (0.25 if spec.palette.sun_hidden else 0.85) + 0.12
    beam = np.exp(-(((across - sun_offset * (1 - near)) / (0.30 + 0.5 * near)) ** 2))
    tone = triple(to_pixels(np.clip(sunny * (0.55 + 0.7 * beam), 0, 1) * (0.55 + 0.9 * detail)))
    trodden = _path(near, across, sun_offset, detail) if spec.path else np.zeros_like(detail)
    bare = triple(to_pixels(trodden))
    grass, earth = (_ground_table(colour, spec.palette) for colour in growth.floor)
    picture = multiply(lookup(tone, grass), invert(bare))
    add_light(picture, multiply(lookup(tone, earth), bare))
    _grow_blades(picture, growth, spec, trodden, rng)
    _scatter_litter(picture, growth, spec, rng)
    thickness = to_pixels(np.repeat(np.exp(-near * 4.2) * (0.80 - 0.35 * _brightness(spec)), width, 1))
    veil(picture, thickness, spec.haze)
    fade = smoothstep(0, 1, np.linspace(0, 1, spec.fading_rows, dtype=np.float32))
    shown = np.repeat(to_pixels(fade)[:, None], canvas.width, 1)
    return Floor(build_ground(canvas, spec.top, picture), triple(shown))


def _brightness(spec: FloorSpec) -> float:
    """1 where the air is clear, by day; less where light hangs in it."""
    return 1.0 if spec.palette.name in ("day", "overcast", "pastel") else 0.0


def _path(near: Floats, across: Floats, sun_offset: float, detail: Floats) -> Floats:
    """Share of bare earth: a track that starts at our feet and bends towards the sun."""
    away = 1 - near
    middle = sun_offset * away**1.3 + 0.10 * np.sin(away * 7.0) * near
    half = 0.035 + 0.20 * near
    edge = np.abs(across - middle) / half + (detail - 0.5) * 1.4
    return smoothstep(1.15, 0.65, edge) * 0.72


def _grow_blades(picture: Pixels, growth: Growth, spec: FloorSpec, trodden: Floats, rng: np.random.Generator) -> None:
    """Grass in rows from far to near, thin on the path."""
    rows, width = picture.shape[:2]
    unit = spec.canvas.unit
    count = int(BLADES * width / (1715 * unit) * (0.12 if growth.bare else 1.0))
    near = np.sort(rng.uniform(0.06, 1.0, count) ** 0.8)
    columns = rng.uniform(0, width, count)
    lines = np.minimum((near * rows).astype(int), rows - 1)
    bare = trodden[lines, np.minimum(columns.astype(int), width - 1)]
    kept = rng.uniform(0, 0.9, count) > bare
    near, columns, lines = near[kept], columns[kept], lines[kept]
    timber = new_timber(width, rows)
    heights = (4 + 22 * near) * unit * rng.uniform(0.5, 1.2, len(near))
    draw_grass(rng, timber, columns, lines + 2.0 * unit, heights, 1.3 * unit)
    dark, bright = (lit(growth.floor[0], spec.palette, sun) for sun in (0.15, 1.0))
    table = _tone_table(dark * 0.8, np.clip(bright * 1.12, 0, 1))
    over(picture, _coloured(timber, table))


def _scatter_litter(picture: Pixels, growth: Growth, spec: FloorSpec, rng: np.random.Generator) -> None:
    """Fallen leaves or petals, or flowers in the grass."""
    rows, width = picture.shape[:2]
    unit = spec.canvas.unit
    for colour in growth.litter:
        count = int(LITTER * width / (1715 * unit) / len(growth.litter))
        near = rng.uniform(0.03, 1.0, count) ** 0.75
        size = (1.0 + 5.0 * near) * unit * rng.uniform(0.6, 1.2, count)
        angle = rng.uniform(0, 6.28, count)
        corners = np.array([[-1, 0], [-0.1, -0.34], [1, 0], [0.1, 0.34]])
        cosine, sine = np.cos(angle)[:, None] * size[:, None], np.sin(angle)[:, None] * size[:, None]
        x = corners[:, 0] * cosine - corners[:, 1] * sine + rng.uniform(0, width, count)[:, None]
        y = (corners[:, 0] * sine + corners[:, 1] * cosine) * 0.45 + (near * rows)[:, None]
        timber = new_timber(width, rows)
        fill_by_tone(timber, np.stack([x, y], -1), rng.uniform(0.35, 1, count))
        bright = lit(from_hex(colour), spec.palette, 1.0)
        over(picture, _coloured(timber, _tone_table(bright * 0.45, bright)))


def _ground_table(colour: str, palette: Palette) -> Pixels:
    """From shade to a patch of sun, which the sun also colours."""
    shade, sunny = lit(colour, palette, 0.05) * 0.85, lit(colour, palette, 1.0)
    return _tone_table(shade, np.clip(sunny * 1.35 + palette.rim * (0.02 if palette.dark else 0.10), 0, 1))


def _tone_table(dark: Floats, bright: Floats) -> Pixels:
    level = np.linspace(0, 1, 256, dtype=np.float32)[:, None]
    return np.ascontiguousarray(to_pixels(mix(dark, bright, level))[None])


def _coloured(timber: Timber, table: Pixels) -> Pixels:
    colour = multiply(lookup(triple(timber.tone), table), triple(timber.cover))
    return with_alpha(colour, timber.cover)
