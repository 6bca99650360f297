"""Trunks and branches as two planes: where wood is, and how lit; the colours come last, from a ramp."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.colour import smoothstep, to_pixels
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.plants.leaves import CROWN, with_alpha
from filmgate.animatic.raster import (
    SUBPIXEL_BITS,
    Floats,
    Pixels,
    Points,
    fill,
    lookup,
    multiply,
    resize,
    triple,
)

STRIPS = 7  # of even tone, across a trunk
BARE_GENERATIONS = 7
BARE_SIDE = CROWN * 3  # twigs need more pixels than leaves


@dataclass(frozen=True, slots=True, eq=False)
class Timber:
    """Coverage and tone of everything wooden on one plane. Filled while a scene is built."""

    cover: Pixels
    tone: Pixels

    def coloured(self, ramp: Pixels, bark: Pixels) -> Pixels:
        """Premultiplied RGBA; `bark` (see `bark_tile`) roughens the tone."""
        height, width = self.cover.shape
        times = (math.ceil(height / bark.shape[0]), math.ceil(width / bark.shape[1]))
        rough = np.ascontiguousarray(np.tile(bark, times)[:height, :width])
        colour = multiply(lookup(triple(multiply(self.tone, rough, 1.5)), ramp), triple(self.cover))
        return with_alpha(colour, self.cover)

    def stamp(self, shape: Pixels, box: tuple[float, float, float, float], tone: float) -> None:
        """Put a mask (a bare tree) into (left, top, width, height)."""
        left, top, width, height = (round(value) for value in box)
        width, height = max(2, width), max(2, height)
        rows, columns = self.cover.shape
        first_x, first_y = max(0, left), max(0, top)
        last_x, last_y = min(columns, left + width), min(rows, top + height)
        if last_x <= first_x or last_y <= first_y:
            return
        inner = np.s_[first_y - top : last_y - top, first_x - left : last_x - left]
        outer = np.s_[first_y:last_y, first_x:last_x]
        mask = resize(shape, width, height, cv2.INTER_AREA)[inner]
        np.maximum(self.cover[outer], mask, out=self.cover[outer])
        np.maximum(self.tone[outer], np.where(mask > 0, round(tone * 255), 0), out=self.tone[outer], casting="unsafe")


def new_timber(width: int, height: int) -> Timber:
    return Timber(np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8))


def bark_tile(rng: np.random.Generator, unit: float, *, rings: bool = False) -> Pixels:
    """Rough streaks that run up the trunk, or around it when `rings`."""
    stretch = (0.18, 1.0) if rings else (1.0, 0.10)
    rough = spectral(rng, (128, 128), 1.1, 6, stretch=stretch)
    side = max(16, round(256 * unit))
    return resize(to_pixels(np.clip(0.66 + (rough - 0.5) * 1.5, 0, 1)), side, side)


def trunk_path(
    rng: np.random.Generator, x: float, foot: float, top: float, girth: float, gnarl: float = 0.8
) -> tuple[Points, Floats]:
    """The middle of a leaning trunk from its foot up, and its half width there; `gnarl` 0 makes it straight."""
    share = np.linspace(0, 1, 16)
    wobble = curve(rng, 64, 4, 3)[np.linspace(0, 63, 16).astype(int)] - 0.5
    middle = x + rng.normal(0, 0.022) * (foot - top) * share + wobble * girth * gnarl * np.minimum(1, share * 4)
    half = girth / 2 * (1 - 0.42 * share) * (1 + 0.9 * np.exp(-share * 22))
    return np.stack([middle, foot + (top - foot) * share], 1), half


def draw_trunk(timber: Timber, path: Points, half: Floats, light: float, tone: float = 1.0) -> None:
    """A round trunk, brightest towards `light` (-1 left to 1 right), where it catches a rim."""
    across = np.linspace(-1, 1, STRIPS + 1)
    shades: list[float] = []
    for inner in ((across[1:] + across[:-1]) / 2).tolist():
        rim = float(smoothstep(0.25, 1.0, inner * math.copysign(1, light))) * min(1.0, abs(light) + 0.25)
        shades.append((0.20 + 0.16 * (1 - inner * inner) + 0.62 * rim) * tone)
    for index, shade in enumerate(shades):
        first = -1.3 if index == 0 else across[index]
        last = 1.3 if index == STRIPS - 1 else across[index + 1] + 0.06
        fill(timber.tone, _between(path, half, first, last), float(np.clip(shade, 0, 1)))
    fill(timber.cover, _between(path, half, -1, 1), 1.0)


def draw_limb(timber: Timber, start: Points, end: Points, girth: float, tone: float) -> None:
    """A tapering limb that sags a little."""
    share = np.linspace(0, 1, 6)[:, None]
    path = start + (end - start) * share
    path[:, 1] += np.sin(share[:, 0] * math.pi) * abs(end[0] - start[0]) * 0.10
    outline = _between(path, girth / 2 * (1 - 0.8 * share[:, 0]), -1, 1)
    fill(timber.tone, outline, tone)
    fill(timber.cover, outline, 1.0)


def draw_culm(timber: Timber, path: Points, half: Floats, light: float, tone: float, joint_px: float) -> None:
    """A bamboo culm: a smooth trunk with a bright ring over a dark one at every joint."""
    draw_trunk(timber, path, half, light, tone)
    rows = np.arange(path[0, 1] - joint_px * 0.6, path[-1, 1], -joint_px)
    middle, width = _along(path, half, rows)
    for offset, thickness, shade in ((0.0, 0.42, 0.10), (-0.42, 0.5, 0.95 * tone)):
        box = np.array([[-1.08, 0], [1.08, 0], [1.08, thickness], [-1.08, thickness]])
        rings = box[None] * width[:, None, None] + np.stack([middle, rows + offset * width], 1)[:, None]
        fill_by_tone(timber, rings, np.full(len(rows), shade))


def draw_birch_marks(rng: np.random.Generator, timber: Timber, path: Points, half: Floats) -> None:
    """The dark eyes and dashes of white bark."""
    length = float(path[0, 1] - path[-1, 1])
    count = int(length / (float(half.mean()) * 2.2)) + 3
    rows = path[0, 1] - rng.uniform(0, 1, count) * length
    middle, width = _along(path, half, rows)
    side, thick = rng.choice([-1.0, 1.0], count), rng.uniform(0.06, 0.22, count) * width
    edge = middle + side * width
    tips = edge - side * rng.uniform(0.35, 1.3, count) * width
    marks = np.stack(
        [np.stack([edge, rows - thick], 1), np.stack([tips, rows], 1), np.stack([edge, rows + thick], 1)], 1
    )
    fill_by_tone(timber, marks, rng.uniform(0.02, 0.14, count), covers=False)


def fill_by_tone(timber: Timber, outlines: Points, tones: Floats, *, covers: bool = True) -> None:
    """Fill many convex polygons (n, corners, 2); unless `covers`, they show only where wood is already."""
    fixed = np.round(np.clip(outlines, -30000, 30000) * (1 << SUBPIXEL_BITS)).astype(np.int32)
    for outline, level in zip(fixed, np.clip(tones * 255.0, 0, 255).tolist(), strict=True):
        cv2.fillConvexPoly(timber.tone, outline, (level,), cv2.LINE_8, SUBPIXEL_BITS)
        if covers:
            cv2.fillConvexPoly(timber.cover, outline, (255.0,), cv2.LINE_AA, SUBPIXEL_BITS)


def _along(path: Points, half: Floats, rows: Floats) -> tuple[Floats, Floats]:
    """The middle and the half width of a trunk at each row."""
    return np.interp(-rows, -path[:, 1], path[:, 0]), np.interp(-rows, -path[:, 1], half)


def bare_tree(rng: np.random.Generator, *, spread: float = 0.55) -> Pixels:
    """The mask of a leafless tree that stands on the middle of its lower edge."""
    mask = np.zeros((BARE_SIDE, BARE_SIDE), np.uint8)
    start, angle = np.array([[BARE_SIDE / 2, BARE_SIDE - 1.0]]), np.array([-math.pi / 2])
    length = np.array([BARE_SIDE * 0.30])
    for generation in range(BARE_GENERATIONS):
        end = start + np.stack([np.cos(angle), np.sin(angle)], 1) * length[:, None]
        thickness = max(1, round(BARE_SIDE * 0.030 * 0.60**generation))
        segments = list(np.round(np.stack([start, end], 1) * (1 << SUBPIXEL_BITS)).astype(np.int32))
        cv2.polylines(mask, segments, False, (255.0,), thickness, cv2.LINE_AA, SUBPIXEL_BITS)
        children = 3 if generation < 4 else 2
        turns = rng.uniform(-spread, spread, (len(angle), children)) + np.linspace(-0.4, 0.4, children)
        start = np.repeat(end - (end - start) * rng.uniform(0, 0.35, (len(angle), 1)), children, 0)
        angle = (angle[:, None] * 0.92 - math.pi / 2 * 0.08 + turns).ravel()
        length = np.repeat(length, children) * rng.uniform(0.55, 0.85, len(angle))
    return mask


def _between(path: Points, half: Floats, first: float, last: float) -> Points:
    """The outline between two shares (-1 the left edge, 1 the right) of a trunk's width."""
    sides: Sequence[Points] = [np.stack([path[:, 0] + half * share, path[:, 1]], 1) for share in (first, last)]
    return np.concatenate([sides[0], sides[1][::-1]])
