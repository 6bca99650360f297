"""Karst: towers of limestone with rounded heads, green where plants hold and pale where it is too steep for them."""

from __future__ import annotations

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.land.mist import Mist, build_mist
from filmgate.animatic.layers import Layer, overhang_width
from filmgate.animatic.noise import spectral
from filmgate.animatic.raster import Floats
from filmgate.animatic.scene import Brief

# Each row of towers, far first: depth, heights and half widths in bases, towers in a 16:9 frame, share of haze.
ROWS = (
    (0.08, (0.10, 0.22), (0.045, 0.085), 13, 0.80),
    (0.18, (0.14, 0.34), (0.055, 0.100), 9, 0.56),
    (0.34, (0.12, 0.42), (0.060, 0.120), 6, 0.28),
)
GREENS = {"spring": ("5c7f4e", "30513c"), "autumn": ("9a7a44", "5b4a34"), "winter": ("8b968f", "4c5a58")}
GREEN = ("4f7048", "284636")
LIMESTONE = "b9b3a2"


def build_karst(brief: Brief, horizon: int, sun_x: float, mistiness: float) -> tuple[Layer | Mist, ...]:
    """Rows of towers that stand on the horizon, and the mist between them."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    parts: list[Layer | Mist] = []
    texture = np.stack([spectral(rng, (256, 512), 1.9, 5), spectral(rng, (256, 512), 1.6, 4, stretch=(0.22, 1.0))])
    for depth, heights, widths, count, haze in ROWS:
        parts.append(_row(brief, horizon, sun_x, (depth, haze), (heights, widths, count), texture))
        band = (horizon - (0.22 - 0.30 * depth) * canvas.base, horizon + 0.012 * canvas.base)
        strength = float(np.clip((1.15 - 1.3 * depth) * max(0.6, mistiness), 0, 1))
        parts.append(build_mist(canvas, band, strength, depth + 0.04, palette.haze, rng, speed=3.0 + 6.0 * depth))
    return tuple(parts)


def _row(
    brief: Brief,
    horizon: int,
    sun_x: float,
    distance: tuple[float, float],
    sizes: tuple[tuple[float, float], tuple[float, float], int],
    texture: Floats,
) -> Layer:
    canvas, rng = brief.canvas, brief.rng
    depth, haze = distance
    heights, widths, count = sizes
    width, rows = overhang_width(canvas), horizon + 1
    tallest = min(horizon, int(heights[1] * 1.1 * canvas.base) + 8)
    colour = np.zeros((tallest, width, 3), np.float32)
    coverage = np.zeros((tallest, width), np.float32)
    frame = width / (1715 / 720 * canvas.base)
    number = max(3, round(count * frame))
    order = rng.permutation(number)
    for slot in order:
        middle = (slot + rng.uniform(0.15, 0.85)) / number * width
        height, half = (float(rng.uniform(*span)) * canvas.base for span in (heights, widths))
        _tower(brief, colour, coverage, (float(middle), height, half), sun_x, texture)
        for _ in range(int(rng.integers(0, 3))):  # lower ones lean on it
            aside = float(rng.uniform(-1.5, 1.5)) * half
            lower = (float(middle) + aside, height * rng.uniform(0.35, 0.75), half * rng.uniform(0.6, 1.1))
            _tower(brief, colour, coverage, lower, sun_x, texture)
    rise = np.linspace(0, 1, tallest, dtype=np.float32)[:, None, None]
    air = haze + (1 - haze) * 0.5 * rise**2.5
    colour = mix(colour, brief.palette.haze * coverage[..., None], air)
    pixels = np.dstack([to_pixels(np.clip(colour, 0, 1)), to_pixels(coverage)])
    left = -(width - canvas.width) // 2
    return Layer(np.ascontiguousarray(pixels), depth, left, rows - tallest, canvas, horizon)


def _tower(
    brief: Brief,
    colour: Floats,
    coverage: Floats,
    shape: tuple[float, float, float],
    sun_x: float,
    texture: Floats,
) -> None:
    """Paint one tower (middle, height, half width; pixels) over premultiplied `colour` and `coverage`."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    middle, height, half = shape
    rows, width = coverage.shape
    first, last = max(0, int(middle - half * 1.3)), min(width, int(middle + half * 1.3) + 1)
    top = max(0, rows - int(height * 1.08) - 2)
    if last <= first:
        return
    across = (np.arange(first, last, dtype=np.float32) - np.float32(middle)) / np.float32(half)
    down = np.arange(top, rows, dtype=np.float32)[:, None]
    share = (rows - down) / np.float32(height)  # 0 at the foot, 1 at the head
    shift_x, shift_y = int(rng.integers(512)), int(rng.integers(256))
    lines = np.arange(rows - top, dtype=np.intp) * 360 // int(canvas.base) + shift_y
    columns = np.arange(last - first, dtype=np.intp) * 360 // int(canvas.base) + shift_x
    leaves, streaks = (tile[np.ix_(lines % 256, columns % 512)] for tile in texture)
    lean = across[None] + (leaves - 0.5) * 0.30 + float(rng.uniform(-0.10, 0.10)) * share
    wide = 1.0 + 0.10 * np.clip(0.25 - share, 0, 1)  # towers flare a little at the foot
    inside = np.clip(1 - np.abs(lean / wide) ** rng.uniform(1.7, 3.0), 0, None) ** rng.uniform(0.5, 0.75)
    mask = np.clip((inside - share + (leaves - 0.5) * 0.11) * np.float32(height) * 0.7 + 0.5, 0, 1)
    side = 1.0 if sun_x * canvas.width > middle - (width - canvas.width) / 2 else -1.0
    facing = np.clip(0.5 + 0.42 * side * lean + 0.30 * (share - 0.45) + (leaves - 0.5) * 1.1, 0, 1)
    lit, shaded = (from_hex(value) for value in GREENS.get(brief.reading.season or "", GREEN))
    steep = smoothstep(0.48, 0.72, np.abs(lean) * 0.55 + streaks * 0.75 - 0.28 * share)
    matter = mix(
        mix(shaded, lit, facing[..., None]),
        from_hex(LIMESTONE) * (0.6 + 0.7 * streaks[..., None]),
        steep[..., None] * 0.8,
    )
    light = palette.ambient * 0.55 + palette.light * (0.9 * facing[..., None] * (0.6 if palette.dark else 1.0))
    painted = np.clip(matter * light * 1.15, 0, 1)
    view = np.s_[top:rows, first:last]
    colour[view] = colour[view] * (1 - mask[..., None]) + painted * mask[..., None]
    coverage[view] = np.maximum(coverage[view], mask)
