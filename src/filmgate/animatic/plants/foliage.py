"""Plants as outlines, for silhouettes: conifers, grass, and the shores made of them."""

from __future__ import annotations

import numpy as np

from filmgate.animatic.colour import mix
from filmgate.animatic.layers import Layer, build_layer, overhang_width
from filmgate.animatic.noise import curve
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import Canvas, Floats, Points, polygon_mask


def conifer(rng: np.random.Generator, x: float, y: float, height: float, width: float, whorls: int) -> Points:
    """A jagged spruce that stands on (x, y)."""
    left, right = [(x, y - height)], []
    for whorl in range(1, whorls + 1):
        share = whorl / whorls
        row = y - height + height * 0.94 * share
        for side, edge in ((-1, left), (1, right)):
            reach = width * share**0.85 * 0.5 * rng.uniform(0.78, 1.15)
            edge.append((x + side * reach, row + height * 0.03))
            edge.append((x + side * reach * 0.52, row - height * 0.012))
    trunk = [(x - width * 0.05, y - height * 0.05), (x - width * 0.05, y), (x + width * 0.05, y)]
    trunk.append((x + width * 0.05, y - height * 0.05))
    return np.array([*left, *trunk, *right[::-1]], np.float64)


def blades(rng: np.random.Generator, columns: Floats, feet: Floats, unit: float, tallest: float) -> list[Points]:
    """Grass: one thin triangle per column, `tallest` in 720p pixels."""
    outlines: list[Points] = []
    for x, y in zip(columns, feet, strict=True):
        height = rng.uniform(0.25, 1.0) * tallest * unit
        lean = rng.normal(0, 0.35) * height
        half = 1.3 * unit
        outlines.append(np.array([[x - half, y + 4 * unit], [x + lean, y - height], [x + half, y + 4 * unit]]))
    return outlines


def far_shore(canvas: Canvas, horizon: float, palette: Palette, depth: float, rng: np.random.Generator) -> Layer:
    """A wooded bank that ends on the horizon."""
    width, unit = overhang_width(canvas), canvas.unit
    bank = curve(rng, 2048, 7, 4)
    across = np.arange(width)
    line = np.interp(across / width * 2047, np.arange(2048), horizon - (3 + 15 * bank) * unit)
    outlines = [np.concatenate([np.stack([across, line], 1), [[width, horizon + 3], [0, horizon + 3]]])]
    density = np.clip((curve(rng, 2048, 4, 5) - 0.35) / 0.35, 0, 1)
    for x in np.sort(rng.uniform(0, width, int(330 * width / (1715 * unit)))):
        thick = float(density[int(x / width * 2047)])
        if rng.uniform() < thick:
            height = rng.uniform(12, 34) * unit * (0.6 + 0.7 * thick)
            outlines.append(conifer(rng, float(x), float(line[int(x)]) + 3 * unit, height, height * 0.42, 6))
    rows = int(horizon) + 1
    coverage = polygon_mask(width, rows, outlines)
    colour = mix(palette.far, palette.near * 0.6, 0.82) * np.ones((rows, width, 1), np.float32)
    return build_layer(canvas, horizon, depth, colour.astype(np.float32), coverage)


def framing_conifers(canvas: Canvas, horizon: float, palette: Palette, depth: float, rng: np.random.Generator) -> Layer:
    """Dark trees at both sides of the frame, and the bank that they stand on."""
    width, unit = overhang_width(canvas), canvas.unit
    height = canvas.height + int(40 * unit)
    share = np.linspace(0, 1, 512)
    line = canvas.height - (42 + 22 * curve(rng, 512, 5, 3)) * unit
    outlines = [np.concatenate([np.stack([share * width, line], 1), [[width, height + 20], [0, height + 20]]])]
    for x in rng.uniform(0, width, int(70 * width / (1715 * unit))):
        aside = abs(x / width - 0.5) * 2
        if aside > 0.46:
            rise = (90 + 330 * float(np.clip((aside - 0.42) / 0.58, 0, 1)) ** 1.5) * rng.uniform(0.6, 1.1) * unit
            outlines.append(conifer(rng, float(x), canvas.height + 6, rise, rise * 0.36, 13))
    coverage = polygon_mask(width, height, outlines)
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    colour = mix(palette.near * 0.75, palette.near * 0.45, rows) * np.ones((1, width, 1), np.float32)
    return build_layer(canvas, horizon, depth, colour.astype(np.float32), coverage)
