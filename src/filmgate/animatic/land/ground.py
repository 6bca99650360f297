"""Open ground in perspective: tileable relief, lit, and read from blurrier tiles the further away it lies."""

from __future__ import annotations

import math

import cv2
import numpy as np

from filmgate.animatic.noise import spectral
from filmgate.animatic.raster import Canvas, Floats, halve, resize, sample

TILE = 1024
LEVELS = 6
PERSPECTIVE_SHARE = 0.93  # how steeply rows recede; the rest keeps the horizon finite


def relief_light(height: Floats, towards: tuple[float, float], contrast: float) -> Floats:
    """How brightly a tileable relief catches light that comes from `towards` (tile x, tile y): 0..1, 0.5 is level."""
    step_x, step_y = round(towards[0] * 2), round(towards[1] * 2)
    slope = height - np.roll(height, (step_y, step_x), (0, 1))
    return np.clip(0.5 + slope / (slope.std() * 6 + 1e-9) * contrast, 0, 1).astype(np.float32)


def in_perspective(tile: Floats, canvas: Canvas, top: int, width: int, spacing: float) -> Floats:
    """A square tile as a floor from row `top` down: (rows, width). `spacing`: tile pixels per base at our feet."""
    rows, side = canvas.height - top, tile.shape[0]
    near = (np.arange(rows, dtype=np.float32) + 0.5) / rows
    depth = 1 / (near * PERSPECTIVE_SHARE + 1 - PERSPECTIVE_SHARE)
    across = (np.arange(width, dtype=np.float32) - width / 2) / canvas.base
    map_x = np.mod(across[None] * depth[:, None] * spacing + 64 * side, side).astype(np.float32)
    map_y = np.repeat(np.mod(depth * spacing * 0.9, side)[:, None], width, 1).astype(np.float32)
    # Squeezed more in depth than across, a row's footprint lies between the two.
    footprint = np.maximum(depth * spacing / canvas.base, np.abs(np.gradient(depth)) * spacing * 0.30)
    level = np.clip(np.log2(np.maximum(footprint, 1e-3)) + 0.5, 0, LEVELS - 1)
    floor, smaller = np.zeros((rows, width), np.float32), tile
    for index in range(LEVELS):
        weight = np.clip(1 - np.abs(level - index), 0, 1).astype(np.float32)
        wanted = np.flatnonzero(weight > 0)
        if index:
            smaller = halve(smaller)
        if len(wanted):
            padded = np.pad(smaller, 1, mode="wrap")
            half, step = np.float32(0.5), np.float32(1 / 2**index)
            x, y = ((axis[wanted] + half) * step + half for axis in (map_x, map_y))
            floor[wanted] += sample(padded, x, y) * weight[wanted, None]
    return floor


def craters(rng: np.random.Generator, count: int) -> Floats:
    """A tileable relief of impact craters of all sizes: bowls with raised rims, small ones on top of large ones."""
    broad = enlarged(spectral(rng, (TILE // 4, TILE // 4), 2.6, 2), 4)
    fine = np.tile(spectral(rng, (TILE // 2, TILE // 2), 1.5, 10), (2, 2))
    height = broad * 14 + fine * np.float32(3.2)
    radii = np.round(np.clip(5 * rng.pareto(1.5, count) + 4, 4, 92)).astype(int)
    shapes = {int(radius): _crater(int(radius * 1.9), float(radius)) for radius in np.unique(radii)}
    for radius in map(int, np.sort(radii)[::-1]):
        reach = int(radius * 1.9)
        x, y = int(rng.integers(TILE)), int(rng.integers(TILE))
        bowl = shapes[radius] * np.float32(radius * rng.uniform(0.5, 1.0))
        rows = np.mod(np.arange(y - reach, y + reach + 1), TILE)
        columns = np.mod(np.arange(x - reach, x + reach + 1), TILE)
        height[np.ix_(rows, columns)] += bowl
    return height


def _crater(reach: int, radius: float) -> Floats:
    """A bowl with its rim and the apron of what was thrown out, for a radius of one."""
    offset = np.arange(-reach, reach + 1, dtype=np.float32) / np.float32(radius)
    distance = np.hypot(offset[None, :], offset[:, None])
    bowl = np.where(distance < 1, (distance**2 - 1) * np.float32(0.30) + np.float32(0.10), np.float32(0))
    apron = np.float32(0.10) * np.exp(-np.maximum(distance - 1, 0) * 5) * (distance >= 1)
    return bowl + (np.float32(0.10) * np.exp(-(((distance - 1) / np.float32(0.28)) ** 2)) + apron) * np.float32(0.6)


def ripples(rng: np.random.Generator) -> Floats:
    """Wind ripples on sand or snow over a slow swell, tileable."""
    side = TILE // 2
    rows, columns = np.mgrid[0:side, 0:side].astype(np.float32) / np.float32(side)
    bend, swell, strength = (
        enlarged(spectral(rng, (side // 4, side // 4), fall, 1, 10), 4) for fall in (3.0, 2.8, 2.6)
    )
    waves = np.sin(2 * math.pi * (34 * rows + 3 * columns + (bend - 0.5) * 3))
    return (waves * (0.25 + 0.9 * strength) + swell * 14).astype(np.float32)


def enlarged(tile: Floats, times: int) -> Floats:
    """A tileable field, larger and still tileable."""
    height, width = tile.shape
    padded = np.pad(tile, 2, mode="wrap")
    margin = 2 * times
    whole = resize(padded, (width + 4) * times, (height + 4) * times, cv2.INTER_CUBIC)
    return np.ascontiguousarray(whole[margin:-margin, margin:-margin])
