"""What stands in the near ground: tufts of grass or wheat, or bushes in their rows, painted far ones first."""

from __future__ import annotations

import math

import numpy as np

from filmgate.animatic.colour import smoothstep, to_pixels
from filmgate.animatic.land.crops import Crop
from filmgate.animatic.land.land import Survey
from filmgate.animatic.noise import curve
from filmgate.animatic.palettes import Palette
from filmgate.animatic.plants.growths import leaf_ramps
from filmgate.animatic.plants.leaves import Crown, LeafShape, leaf_tile, leafy, new_canopy, round_crown, tuft_crown
from filmgate.animatic.plants.stems import SIZE, flower_heads
from filmgate.animatic.raster import Pixels, multiply, over_rgba

FARTHEST = 7.5  # beyond this the land's own colour tells of them,
LEAST_PX = 15.0  # and where tufts would be smaller than this at 720p
UPRIGHT = LeafShape(width=0.10, angle=math.pi / 2, spread=0.42)
STEP = 0.38  # of a tuft's height, between one row of tufts and the next, in depth on screen


def plant_tufts(
    land: Survey, crop: Crop, palette: Palette, shape: tuple[int, ...], top: int, rng: np.random.Generator
) -> Pixels:
    """Premultiplied RGBA over a picture of `shape` whose first row is `top`."""
    height, width = shape[0], shape[1]
    lens, unit = land.lens, land.lens.canvas.unit
    farthest = float(np.clip(crop.tufts * lens.focal / (LEAST_PX * unit), 2.0, FARTHEST))
    patches = curve(rng, 64, 3, 4)
    first = max(0, int(lens.row(farthest)) - top - int(0.08 * lens.canvas.base))
    upright = crop.head not in ("sunflower", "tulip")
    canopy = new_canopy(width, height - first, 2)
    crowns = tuple((tuft_crown if upright else round_crown)(rng) for _ in range(3))
    heads: list[tuple[float, float, float]] = []
    distance = farthest
    while distance > 0.98:
        size = crop.tufts * lens.focal / distance
        row = lens.row(distance) - top - first
        for x in _columns(crop, distance, width, lens.focal, rng):
            if crop.patchy and rng.uniform() > crop.patchy * patches[int(x / width * 63 + distance * 29) % 64] * 2:
                continue
            jitter = float(rng.normal(0, 0.05)) * size
            box = (x - size * 0.62, row - size + jitter, size * 1.24, size * 1.15)
            canopy.plant(_pick(crowns, rng), box, float(rng.uniform()), flipped=bool(rng.uniform() < 0.5))
            heads.append((x, row - size * 0.85 + jitter, size))
        distance = 1 / (1 / distance + max(STEP * size, 2.0 * unit) / lens.focal)
    ramps = leaf_ramps((crop.stems, crop.stems), palette, palette.haze, 0.06)
    tile = leaf_tile(rng, UPRIGHT if upright else LeafShape()).scaled(15.0 * unit)
    plane = leafy(canopy, (width, height - first), tile, ramps)
    if crop.head in ("sunflower", "tulip", "poppy", "daisy"):
        plane = _bloom(plane, crop, palette, heads, rng)
    rows = np.arange(plane.shape[0], dtype=np.float32)[:, None]
    edge = lens.row(farthest) - top - first - 0.6 * crop.tufts * lens.focal / farthest
    shown = smoothstep(edge, lens.row(farthest * 0.5) - top - first, rows)
    plane = multiply(plane, np.repeat(np.repeat(to_pixels(shown), width, 1)[..., None], 4, 2))
    return np.concatenate([np.zeros((first, width, 4), np.uint8), plane])


def _columns(crop: Crop, distance: float, width: int, focal: float, rng: np.random.Generator) -> list[float]:
    """Where tufts stand at one distance: on the crop's rows, or side by side."""
    step = (crop.rows or crop.tufts * 0.85) * focal / distance
    count = int(width / 2 / step) + 1
    wobble = 0.05 if crop.rows else 0.5
    places = (np.arange(-count, count + 1) + (0.0 if crop.rows else rng.uniform())) * step + width / 2
    return [float(x) for x in places + rng.uniform(-wobble, wobble, len(places)) * step]


def _pick(crowns: tuple[Crown, ...], rng: np.random.Generator) -> Crown:
    return crowns[int(rng.integers(len(crowns)))]


def _bloom(
    plane: Pixels, crop: Crop, palette: Palette, heads: list[tuple[float, float, float]], rng: np.random.Generator
) -> Pixels:
    """Flowers on top of their tufts; a band of rows has one colour."""
    height, width = plane.shape[:2]
    places = np.array(heads)
    usual = SIZE[crop.head] / 110.0
    sizes = np.maximum(places[:, 2] * usual * rng.uniform(0.8, 1.2, len(places)), 1.2)
    if crop.bands:
        depth = places[:, 2] / crop.tufts
        colours = np.floor((places[:, 0] - width / 2) / depth / crop.rows / 2 + 0.5).astype(int) % len(crop.heads)
    else:
        colours = rng.integers(0, len(crop.heads), len(places))
    for index, colour in enumerate(crop.heads):
        chosen = colours == index
        if not chosen.any():
            continue
        plane = over_rgba(
            plane, flower_heads(crop.head, places[chosen, :2], sizes[chosen], colour, palette, (width, height), rng)
        )
    return plane
