"""What grows on the sea floor: rocks, corals, sponges, and kelp that sways."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.camera import View, plane_matrix
from filmgate.animatic.colour import from_hex, mix, to_pixels
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.raster import Canvas, Floats, Pixels, Points, blur, halve, over, polygon_mask, resize, sample
from filmgate.animatic.water.seawater import WaterLight

CORAL_COLOURS = ("f0607a", "ff8f5a", "f2b84b", "a866c8", "e85aa8", "5ab8c8", "e8d8b8", "7a78d8")
SWAY_SECONDS = 5.2
GRAIN = 128
HALVED_FROM = 3.0  # blurs wider than this are done at half size


@dataclass(frozen=True, slots=True, eq=False)
class Kelp:
    """One strand, drawn once upright; every row is pushed aside by a wave that climbs it."""

    pixels: Pixels  # premultiplied RGBA
    x: float
    foot: float
    depth: float
    phase: float
    canvas: Canvas

    def paint(self, target: Pixels, seconds: float, view: View) -> None:
        height, width = self.pixels.shape[:2]
        matrix = plane_matrix(self.canvas, self.canvas.height * 0.5, self.depth, view)
        grow = float(matrix[0, 0])
        x, foot = matrix @ np.array([self.x, self.foot, 1.0])
        left, right = max(0, math.floor(x - width * grow / 2)), min(target.shape[1], math.ceil(x + width * grow / 2))
        top, bottom = max(0, math.floor(foot - height * grow)), min(target.shape[0], math.ceil(foot))
        if right <= left or bottom <= top:
            return
        lines = (np.arange(top, bottom, dtype=np.float32) - np.float32(foot)) / np.float32(grow) + height
        columns = (np.arange(left, right, dtype=np.float32) - np.float32(x)) / np.float32(grow) + width / 2
        up = np.clip(1 - lines / height, 0, 1)
        turn = 2 * math.pi * seconds / SWAY_SECONDS + self.phase
        sway = up**1.4 * (np.sin(turn - up * 2.6) + 0.35 * np.sin(turn * 1.83 - up * 5.0)) * width * 0.16
        map_x = (columns[None, :] - sway[:, None]).astype(np.float32)
        map_y = np.repeat(lines[:, None], right - left, 1).astype(np.float32)
        over(target[top:bottom, left:right], sample(self.pixels, map_x, map_y))


def build_kelp(
    canvas: Canvas, x: float, foot: float, height_px: float, depth: float, water: WaterLight, rng: np.random.Generator
) -> Kelp:
    """A strand `height_px` tall, rooted at (`x`, `foot`)."""
    height, width = max(12, int(height_px)), max(8, int(height_px * 0.21))
    steps = max(8, int(height_px / (0.014 * canvas.base * (0.6 + depth))))
    wander = (curve(rng, 64, 3, 2) - 0.5) * width * 0.22
    girth = max(0.5, height_px * 0.0028)
    along = np.linspace(0, 1, 40)
    middle = width / 2 + np.interp(along, np.linspace(0, 1, 64), wander)
    rows = height - along * (height * 0.95)
    stalk = np.concatenate([np.stack([middle - girth, rows], 1), np.stack([middle + girth, rows], 1)[::-1]])
    outlines: list[Points] = [stalk]
    for step in range(steps):
        level = (step + rng.uniform(0.1, 0.9)) / steps * 0.97 + 0.02
        start = (float(np.interp(level, along, middle)), height - level * height * 0.95)
        length = width * rng.uniform(0.26, 0.42) * (1.05 - 0.5 * level)
        outlines.append(_blade(start, length, (-1) ** step, rng.uniform(0.35, 1.15)))
    mask = polygon_mask(width, height, outlines)
    leaf = mix(from_hex("8c9434"), from_hex("3f6a30"), float(rng.uniform()))
    colour = _shaded(mask, leaf, water, max(1.0, girth * 2))
    pixels = np.dstack([to_pixels(colour * mask[..., None]), to_pixels(mask)])
    return Kelp(np.ascontiguousarray(pixels), x, foot, depth, float(rng.uniform(0, 6.28)), canvas)


@dataclass(frozen=True, slots=True, eq=False)
class Bed:
    """A layer that is being planted: its colours and coverage 0..1, and a grain for whatever is round and rough."""

    colour: Floats
    coverage: Floats
    grain: Floats


def empty_bed(width: int, rows: int, rng: np.random.Generator) -> Bed:
    grain = np.tile(spectral(rng, (GRAIN, GRAIN), 1.0, 6), (2, 2))
    return Bed(np.zeros((rows, width, 3), np.float32), np.zeros((rows, width), np.float32), grain)


@dataclass(frozen=True, slots=True, eq=False)
class Growth:
    """One of GROWTHS, `size` pixels large, its foot at (`x`, `foot`)."""

    kind: str
    x: float
    foot: float
    size: float
    hue: Floats


def plant(bed: Bed, growth: Growth, water: WaterLight, rng: np.random.Generator) -> None:
    """Draw one growth over what grows there already."""
    kind, size = growth.kind, growth.size
    softness = max(1.0, size * (0.10 if kind in ROUNDED else 0.03))
    margin = int(softness * 2) + 2
    outlines = [line + np.array([growth.x, growth.foot]) for line in GROWTHS[kind](rng, size)]
    corners = np.concatenate(outlines)
    left, top = (int(value) - margin for value in corners.min(0))
    width, height = (int(value) + margin for value in corners.max(0) - (left, top))
    first_x, first_y = max(0, left), max(0, top)
    last_x, last_y = min(bed.colour.shape[1], left + width), min(bed.colour.shape[0], top + height)
    if last_x <= first_x or last_y <= first_y:
        return
    mask = polygon_mask(width, height, [line - np.array([left, top]) for line in outlines])
    shaded = _shaded(mask, growth.hue, water, softness)
    if kind in ROUNDED:
        first = int(rng.integers(GRAIN))
        rough = resize(bed.grain[first : first + GRAIN // 2, first : first + GRAIN // 2], width, height)
        shaded *= (np.float32(0.70) + np.float32(0.60) * rough)[..., None]
    window = np.s_[first_y:last_y, first_x:last_x]
    inner = np.s_[first_y - top : last_y - top, first_x - left : last_x - left]
    share = mask[inner]
    bed.colour[window] = mix(bed.colour[window], shaded[inner], share[..., None])
    bed.coverage[window] = np.maximum(bed.coverage[window], share)


def cast_shade(bed: Bed, x: float, foot: float, reach: float, colour: Floats, strength: float) -> None:
    """A soft shade on the ground below something `reach` wide to each side."""
    height, width = bed.coverage.shape
    first_x, last_x = max(0, int(x - reach * 1.4)), min(width, int(x + reach * 1.4) + 1)
    first_y, last_y = max(0, int(foot - reach * 0.3)), min(height, int(foot + reach * 0.4) + 1)
    if last_x <= first_x or last_y <= first_y:
        return
    across = (np.arange(first_x, last_x, dtype=np.float32) - np.float32(x)) / np.float32(reach)
    down = (np.arange(first_y, last_y, dtype=np.float32) - np.float32(foot)) / np.float32(reach * 0.22)
    shade = np.exp(-1.6 * (across[None] ** 2 + down[:, None] ** 2)) * np.float32(strength)
    window = np.s_[first_y:last_y, first_x:last_x]
    before = bed.coverage[window]
    after = np.maximum(before, shade - np.float32(0.01))
    bare = before < 0.01
    bed.colour[window] = np.where(bare[..., None], colour, bed.colour[window])
    bed.coverage[window] = np.clip(after, 0, 1)


def _shaded(mask: Floats, hue: Floats, water: WaterLight, softness: float) -> Floats:
    """Lit from above: what bulges towards the light is bright, feet lie in the shade, water veils all of it."""
    if softness < HALVED_FROM:
        soft = blur(mask, softness)
    else:
        soft = resize(blur(halve(mask), softness / 2), mask.shape[1], mask.shape[0])
    shift = max(1, round(softness))
    facing = np.clip(np.float32(0.40) + (soft - np.roll(soft, shift, 0)) * np.float32(1.3), 0, 1)[..., None]
    down = np.linspace(0, 1, mask.shape[0], dtype=np.float32)[:, None, None]
    exposure = water.ambient * np.float32(0.55) + water.light * (0.22 + 1.05 * facing) * (1.15 - 0.5 * down)
    lit = np.clip(hue * exposure * (1.08 - 0.45 * down), 0, 1)
    return mix(lit, water.haze, water.thickness).astype(np.float32)


def _blade(start: tuple[float, float], length: float, side: int, rise: float) -> Points:
    """A leaf that grows aside and upwards, pointed, with a wave in its edge."""
    along = np.linspace(0, 1, 9)
    width = np.sin(along * math.pi) ** 0.7 * length * 0.075 + 0.35
    x = start[0] + side * length * (along - 0.25 * along**2)
    y = start[1] - length * (rise * along + 0.12 * np.sin(along * 5))
    return np.concatenate([np.stack([x, y - width], 1), np.stack([x, y + width], 1)[::-1]])


def _limb(start: Points, end: Points, first: float, last: float) -> Points:
    return _limbs(start[None], end[None], first, last)[0]


def _limbs(start: Points, end: Points, first: float, last: float) -> Points:
    """Tapering limbs with round tips, from `first` to `last` half as wide as that: (limbs, corners, 2)."""
    direction = end - start
    turn = np.arctan2(direction[:, 0], -direction[:, 1])
    angles = turn[:, None] - np.linspace(0, math.pi, 5)[None]
    tips = end[:, None] + np.stack([np.cos(angles), np.sin(angles)], 2) * last
    normal = np.stack([np.cos(turn), np.sin(turn)], 1) * first
    return np.concatenate([(start + normal)[:, None], tips, (start - normal)[:, None]], 1)


def _branching(rng: np.random.Generator, size: float, spread: float, levels: int, girth: float) -> list[Points]:
    """Three stems that fork at every level, all twigs of a level at once."""
    start, lean = np.zeros((3, 2)), np.array([-0.9, 0.0, 0.9]) + rng.normal(0, 0.12, 3)
    limbs: list[Points] = []
    for level in range(levels):
        thick = girth * size * 0.72**level
        length = size * 0.36 * 0.76**level * rng.uniform(0.75, 1.15, len(start))
        end = start + length[:, None] * np.stack([np.sin(lean), -np.cos(lean)], 1)
        limbs += list(_limbs(start, end, thick, thick * 0.72))
        start = np.repeat(end, 2, 0)
        aside = np.tile([-spread, spread], len(end)) * rng.uniform(0.6, 1.2, len(start))
        lean = np.clip(np.repeat(lean, 2) * 0.75 + aside, -1.45, 1.45)
        grown = rng.uniform(0, 1, len(start)) < (1.0 if level < 2 else 0.82)
        start, lean = start[grown], lean[grown]
    return limbs


def _staghorn(rng: np.random.Generator, size: float) -> list[Points]:
    return _branching(rng, size, 0.42, 4, 0.052)


def _fan(rng: np.random.Generator, size: float) -> list[Points]:
    return _branching(rng, size * 1.05, 0.30, 6, 0.026)


def _tubes(rng: np.random.Generator, size: float) -> list[Points]:
    tubes: list[Points] = []
    for index in range(int(rng.integers(4, 8))):
        lean = (index - 2.5) * 0.13 + rng.normal(0, 0.05)
        length = size * rng.uniform(0.45, 0.95)
        start = np.array([(index - 2.5) * size * 0.09, 0.0])
        end = start + length * np.array([math.sin(lean), -math.cos(lean)])
        tubes.append(_limb(start, end, size * 0.045, size * 0.07))
    return tubes


def _dome(rng: np.random.Generator, size: float) -> list[Points]:
    turn = np.linspace(math.pi, 2 * math.pi, 48)
    wave = 1 + 0.05 * np.interp(turn, np.linspace(math.pi, 2 * math.pi, 64), curve(rng, 64, 4, 3))
    return [np.stack([np.cos(turn) * size * 0.55 * wave, np.sin(turn) * size * 0.48 * wave + size * 0.03], 1)]


def _table(rng: np.random.Generator, size: float) -> list[Points]:
    plates: list[Points] = [_limb(np.zeros(2), np.array([0.0, -size * 0.5]), size * 0.10, size * 0.05)]
    for level in (0.30, 0.46, 0.58):
        turn = np.linspace(0, 2 * math.pi, 40)
        half = size * rng.uniform(0.36, 0.62)
        x = rng.normal(0, 0.08) * size + np.cos(turn) * half
        plates.append(np.stack([x, -level * size + np.sin(turn) * size * 0.055 - np.abs(x) * 0.12], 1))
    return plates


def _rock(rng: np.random.Generator, size: float) -> list[Points]:
    turn = np.linspace(0, 2 * math.pi, 96)
    rough = 0.74 + 0.36 * curve(rng, 96, 6, 5)
    flat = np.where(np.sin(turn) < 0, 0.62, 0.13)  # below the ground line only a shallow curve shows
    return [np.stack([np.cos(turn) * size * rough, np.sin(turn) * size * flat * rough], 1)]


ROUNDED = frozenset({"dome", "rock", "table", "tubes"})
GROWTHS: Mapping[str, Callable[[np.random.Generator, float], list[Points]]] = MappingProxyType(
    {"staghorn": _staghorn, "fan": _fan, "tubes": _tubes, "dome": _dome, "table": _table, "rock": _rock}
)
