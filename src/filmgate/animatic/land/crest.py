"""The ridge at our feet: turf or snow with stones, and a cliff where the prompt has one."""

from __future__ import annotations

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.land.ranges import cover_for
from filmgate.animatic.layers import Layer, overhang_width
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.plants.foliage import blades
from filmgate.animatic.raster import (
    Floats,
    Pixels,
    Points,
    add_light,
    invert,
    lookup,
    multiply,
    polygon_mask,
    sample,
    triple,
    veil,
)
from filmgate.animatic.scene import Brief

DEPTH = 0.85
CLIFF_AT = 0.60  # of the overhanging width, where a cliff breaks the ridge off


def crest_line(brief: Brief, side: float) -> Floats:
    """Rows of the ridge's edge across the overhanging width. A cliff breaks it off on one `side` (-1 left, 1 right)."""
    canvas, rng = brief.canvas, brief.rng
    across = np.linspace(0, 1, 2048)
    swell = 0.05 * (across - 0.5) - np.sin(across * np.pi) ** 2 * 0.03
    rough = (curve(rng, 2048, 3, 2) - 0.5) * 0.03 + (curve(rng, 2048, 8, 30) - 0.5) * 0.010
    rise = 0.145 - swell + rough
    if "cliff" in brief.reading.features:
        beyond = (across if side > 0 else 1 - across) - CLIFF_AT
        rise = rise + 0.05 * smoothstep(-0.30, 0.0, beyond) - 0.60 * smoothstep(0.0, 0.045, beyond + rough * 0.5)
    return (canvas.height - rise * canvas.base).astype(np.float32)


def build_crest(brief: Brief, horizon: int, crest: Floats, sun_x: float) -> Layer:
    """The ground at our feet: turf or snow with stones, lit along its edge by a low sun."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    top = max(0, int(crest.min() - 0.05 * canvas.base))
    width, height = overhang_width(canvas), canvas.height + int(0.12 * canvas.base) - top
    line = np.interp(np.arange(width) / width, np.linspace(0, 1, len(crest)), crest).astype(np.float32) - top
    columns = np.arange(width, dtype=np.float64)
    outlines = [np.concatenate([np.stack([columns, line], 1), [[width, height + 9], [0, height + 9]]])]
    snowy = cover_for(brief).snowline < 0.3
    stones = _stones(brief, line)
    blades_at = rng.uniform(0, width, 0 if snowy else int(1100 * width / (1715 * canvas.unit)))
    feet = line[blades_at.astype(int)] + rng.uniform(0, 5, len(blades_at)) * canvas.unit
    grass = blades(rng, blades_at, feet, canvas.unit, 13)
    coverage = polygon_mask(width, height, [*outlines, *stones, *grass])
    below = np.arange(height, dtype=np.float32)[:, None] - line[None]
    light = _turf(rng, below, canvas.base)
    depth = smoothstep(0.0, 0.20 * canvas.base, np.maximum(below, 0))
    colour = _ramp(light - 0.35 * depth + 0.10, *_turf_colours(brief, snowy))
    if stones:
        stony = triple(to_pixels(polygon_mask(width, height, stones)))
        bright = palette.light * (0.18 if palette.dark else 0.36) + palette.ambient * 0.16
        rock = _ramp(light * 1.4, palette.near * 0.9, bright)
        colour = multiply(colour, invert(stony))
        add_light(colour, multiply(rock, stony))
    left = (width - canvas.width) / 2
    near_sun = np.exp(-(((columns - left - sun_x * canvas.width) / (0.33 * canvas.width)) ** 2)).astype(np.float32)
    rim = np.exp(np.clip(below, 0, None) * np.float32(-0.45 / canvas.unit)) * near_sun[None]
    veil(colour, to_pixels(rim * (0.25 + 0.5 * palette.glow_gain)), np.clip(palette.glow, 0, 1))
    alpha = to_pixels(coverage)
    pixels = np.dstack([multiply(colour, triple(alpha)), alpha])
    return Layer(np.ascontiguousarray(pixels), DEPTH, -(width - canvas.width) // 2, top, canvas, horizon)


def _ramp(light: Floats, dark: Floats, bright: Floats) -> Pixels:
    """Colours from `dark` to `bright` by `light` 0..1."""
    level = np.linspace(0, 1, 256, dtype=np.float32)[:, None]
    table = to_pixels(np.clip(mix(dark, bright, level), 0, 1))
    return lookup(triple(to_pixels(light)), np.ascontiguousarray(table[None]))


def _turf(rng: np.random.Generator, below: Floats, base: float) -> Floats:
    """Light on rough ground, 0..1: fine and flat at the edge, coarse towards our feet."""
    width = below.shape[1]
    tile = spectral(rng, (256, 512), 1.5, 6)
    tile = tile - np.roll(tile, 2, 0) * 0.7 + (spectral(rng, (256, 512), 2.4, 2) - 0.5) * 0.5
    tile = np.clip((tile - tile.mean()) / (tile.std() * 4.5) + 0.5, 0, 1)
    depth = 0.18 * base / (np.maximum(below, 0) + 0.06 * base)  # the eye is this far over the ground
    columns = (np.arange(width, dtype=np.float32) - width / 2)[None]
    map_x = np.mod(columns / base * (0.5 + depth) * 420, 511).astype(np.float32)
    map_y = np.mod(depth * 330, 255).astype(np.float32)
    return sample(tile.astype(np.float32), map_x, map_y)


def _turf_colours(brief: Brief, snowy: bool) -> tuple[Floats, Floats]:
    palette = brief.palette
    ground = {"spring": "8fae5a", "autumn": "b08a4a"}.get(brief.reading.season or "", "86985a")
    matter = from_hex("eef2f8" if snowy else ground)
    sunlight = np.clip(palette.light * (0.40 if palette.dark else 0.72) + palette.ambient * 0.25, 0, 1)
    lit = matter * sunlight
    shaded = mix(palette.near, matter * palette.ambient, 0.55 if snowy else 0.28)
    return shaded.astype(np.float32), lit.astype(np.float32)


def _stones(brief: Brief, line: Floats) -> list[Points]:
    """Boulders half sunk into the ridge, most of them aside."""
    rng, base = brief.rng, brief.canvas.base
    outlines: list[Points] = []
    for _ in range(int(rng.integers(4, 8))):
        x = float(rng.uniform(0, len(line) - 1))
        aside = abs(x / len(line) - 0.5) * 2
        size = base * rng.uniform(0.008, 0.034) * (0.5 + aside)
        y = float(line[int(x)]) + rng.uniform(0.2, 2.2) * size * (0.3 + aside)
        angles = np.sort(rng.uniform(0, 2 * np.pi, 9))
        reach = size * rng.uniform(0.75, 1.1, 9)
        outlines.append(np.stack([x + np.cos(angles) * reach * 1.45, y + np.sin(angles) * reach * 0.8], 1))
    return outlines
