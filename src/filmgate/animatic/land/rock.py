"""Rock seen from the side: cliffs over the sea, and skerries for lighthouses to stand on."""

from __future__ import annotations

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.layers import Layer, overhang_width
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.raster import Floats, Points, polygon_mask, resize
from filmgate.animatic.scene import Brief

TILE = (256, 512)
CLIFF_DEPTH, CLIFF_HEIGHT = 0.34, 0.34  # the height in bases
STACKS = ((0.60, 0.15, 0.046), (0.46, 0.075, 0.030))  # share of the way to the tip, height and half width in bases
SKERRY_DEPTH = 0.22


def rock_light(rng: np.random.Generator, shape: tuple[int, int], enlarge: float, sun_side: float) -> Floats:
    """Light on a cliff of upright slabs and ledges, 0..1. `enlarge` is picture pixels per texel, `sun_side` -1 or 1."""
    buttress = 1 - np.abs(spectral(rng, TILE, 2.8, 1.5, 14, (0.6, 1.0)) * 2 - 1) * 1.5
    cracks = 1 - np.abs(spectral(rng, TILE, 1.9, 5, stretch=(0.45, 1.0)) * 2 - 1) * 2.2
    strata = spectral(rng, TILE, 1.9, 3, stretch=(1.0, 0.16)) - 0.5  # beds of rock, lighter and darker
    relief = 2.2 * buttress + 0.55 * cracks + 0.9 * strata
    slope = relief - np.roll(relief, (2, round(2 * sun_side)), (0, 1))
    light = 0.50 + slope / (slope.std() + 1e-9) * 0.12 + 0.38 * strata + 0.16 * (cracks - cracks.mean())
    light = light + 0.38 * (buttress - buttress.mean())
    wide = resize(
        np.clip(light, 0, 1).astype(np.float32), max(2, int(TILE[1] * enlarge)), max(2, int(TILE[0] * enlarge))
    )
    repeats = (-(-shape[0] // wide.shape[0]), -(-shape[1] // wide.shape[1]))
    return np.tile(wide, repeats)[: shape[0], : shape[1]]


def build_headland(brief: Brief, horizon: int, side: float, sun_x: float) -> Layer:
    """A cliff that runs out to sea from one side of the frame (-1 left, 1 right), with stacks off its tip."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    width, base = overhang_width(canvas), canvas.base
    columns = np.arange(width, dtype=np.float32)
    edge = columns if side < 0 else width - columns
    reach = 0.46 * width
    inland = np.clip(1 - edge / reach, 0, 1)  # 1 at the frame's edge, 0 at the tip
    rough = curve(rng, 2048, 8, 12)[(columns / width * 2047).astype(int)] - 0.5
    top_px = horizon - inland**0.42 * CLIFF_HEIGHT * base * (0.82 + 0.22 * rough) * smoothstep(0.0, 0.05, inland)
    jagged = curve(rng, 2048, 6, 40, 0.7)[(columns / width * 2047).astype(int)]
    foot_px = (
        horizon + 2 * canvas.unit + inland**1.7 * 0.125 * base + (rough * 0.03 + jagged * 0.014) * base * inland**0.7
    )
    first, last = int(top_px.min() - 0.02 * base), int(foot_px.max() + 0.09 * base)
    first, last = max(0, first), min(canvas.height + int(0.1 * base), last)
    body: list[Points] = [
        np.concatenate([np.stack([columns, top_px - first], 1), np.stack([columns, foot_px - first], 1)[::-1]])
    ]
    body += [_stack(rng, brief, horizon - first, side, reach, width, values) for values in STACKS]
    rows = max(4, last - first)
    coverage = polygon_mask(width, rows, body)
    sun_side = 1.0 if sun_x > 0.5 else -1.0
    tone = rock_light(rng, (rows, width), base / 360, sun_side)
    tone = np.clip(tone * (0.75 if sun_side == side else 1.15), 0, 1)
    down = np.arange(first, first + rows, dtype=np.float32)[:, None]
    colour = mix(from_hex("3d3a3c"), from_hex("c2b49c"), tone[..., None])
    turf = smoothstep(0.035 * base, 0.0, down - top_px[None] - (tone - 0.5) * 0.05 * base) * (inland > 0.02)
    green = from_hex("8fa2a8" if brief.reading.season == "winter" else "6f8a48") * (0.6 + 0.6 * tone[..., None])
    colour = mix(colour, green, turf[..., None])
    wet = smoothstep(0.030 * base, 0.004 * base, foot_px[None] - down)
    colour = colour * (1 - 0.55 * wet[..., None])
    colour = colour * (palette.ambient * 0.55 + palette.light * (0.45 if palette.dark else 0.75))
    colour = mix(colour, palette.haze, (0.10 + 0.55 * (1 - inland) ** 2)[None, :, None])
    # Under the cliff the water mirrors it, darkly.
    image = np.clip(1 - (down - foot_px[None]) / (0.085 * base), 0, 1) * (down >= foot_px[None]) * (inland > 0.01)
    mirrored = 0.55 * image**1.4 * smoothstep(0.0, 0.10, inland)
    shade = mix(palette.water * 0.5, colour.mean((0, 1)), 0.25)
    alpha = np.maximum(coverage, mirrored)
    light = colour * coverage[..., None] + shade * (mirrored * (1 - coverage))[..., None]
    pixels = np.dstack([to_pixels(np.clip(light, 0, 1)), to_pixels(alpha)])
    used = np.flatnonzero(alpha.max(0) > 0.01)
    left, right = int(used[0]), int(used[-1]) + 1
    corner = -(width - canvas.width) // 2
    return Layer(np.ascontiguousarray(pixels[:, left:right]), CLIFF_DEPTH, corner + left, first, canvas, horizon)


def _stack(
    rng: np.random.Generator,
    brief: Brief,
    horizon: float,
    side: float,
    reach: float,
    width: int,
    values: tuple[float, float, float],
) -> Points:
    """A pillar of rock that stands in the sea off the tip."""
    share, height, half = values
    base = brief.canvas.base
    distance = reach * (1.62 - share)
    x = distance if side < 0 else width - distance
    foot = horizon + 0.012 * base
    shape = np.array(
        [(-1.2, 0.0), (-0.95, 0.3), (-0.8, 0.82), (-0.5, 1.0), (0.35, 0.95), (0.66, 0.7), (0.8, 0.3), (1.15, 0.0)]
    )
    shape = shape + rng.normal(0, 0.05, shape.shape)
    return np.stack([x + shape[:, 0] * half * base, foot - np.maximum(shape[:, 1], -0.02) * height * base], 1)


def build_skerry(brief: Brief, horizon: int, x: float, sun_x: float) -> Layer:
    """A low rock on the horizon around column `x`, for whoever lives where rock meets water."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    width, rows = max(8, int(0.52 * canvas.base)), max(4, int(0.075 * canvas.base))
    across = np.linspace(-1, 1, width, dtype=np.float32)
    rough = curve(rng, 512, 6, 5)[np.linspace(0, 511, width).astype(int)]
    rise = np.clip(1 - np.abs(across) ** 1.8, 0, None) * (0.50 + 0.5 * rough)
    line = rows - np.maximum(rise * 0.056, 0.032 * (np.abs(across) < 0.20)) * canvas.base
    columns = np.arange(width, dtype=np.float32)
    coverage = polygon_mask(
        width, rows, [np.concatenate([np.stack([columns, line], 1), [[width, rows + 3], [0, rows + 3]]])]
    )
    tone = rock_light(rng, (rows, width), canvas.base / 700, 1.0 if sun_x * canvas.width > x else -1.0)
    colour = mix(
        palette.near * 0.8, from_hex("9a8f82") * (palette.ambient * 0.5 + palette.light * 0.5), tone[..., None]
    )
    colour = mix(colour, palette.haze, 0.12)
    pixels = np.dstack([to_pixels(np.clip(colour * coverage[..., None], 0, 1)), to_pixels(coverage)])
    return Layer(np.ascontiguousarray(pixels), SKERRY_DEPTH, int(x - width / 2), horizon + 1 - rows, canvas, horizon)
