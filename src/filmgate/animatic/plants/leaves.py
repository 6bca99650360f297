"""Foliage the way painters do it: soft crowns say where leaves are and how lit, a tile of leaves cuts their edge.

Crowns are drawn once at a low size; every tree is one of them, enlarged. Each leaf of the tile has a threshold of its
own, so that where a crown thins out it ends in whole leaves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.colour import gradient, mix, to_pixels
from filmgate.animatic.raster import (
    Floats,
    Pixels,
    add_light,
    add_weighted,
    halve,
    invert,
    lookup,
    multiply,
    resize,
    triple,
    with_spare_channel,
)

LEAF_TILE = 256
DRAWN_LARGER = 2  # leaves are drawn at twice the size and averaged
TONES = 48  # leaves of one tone are filled together
OVERLAP = 3.4  # how often the leaves of a tile would cover it
MOST_LEAVES = 5200
LEAF_LENGTH = 13.0  # pixels of a tile
RAGGEDNESS = 0.85  # how far a leaf's own threshold outweighs the crown's density
CROWN = 96  # pixels of a crown's sides
LENS = np.array([[0, 0], [0.3, 0.5], [0.66, 0.4], [1, 0], [0.66, -0.4], [0.3, -0.5]], np.float32) - [0.5, 0]


@dataclass(frozen=True, slots=True)
class LeafShape:
    """`width` is a share of the length; leaves point along `angle` (radians, clockwise from the right) +- `spread`."""

    width: float = 0.48
    angle: float = 0.0
    spread: float = math.pi


BROAD = LeafShape()
NEEDLES = LeafShape(width=0.17, angle=math.pi / 2, spread=1.1)
LANCES = LeafShape(width=0.18, angle=math.pi / 2, spread=0.75)  # bamboo


@dataclass(frozen=True, slots=True, eq=False)
class LeafTile:
    """One square of leaves that repeats: where each gives way, and how bright it is."""

    threshold: Pixels
    tone: Pixels

    def scaled(self, leaf_px: float) -> LeafTile:
        """The same tile, with leaves about `leaf_px` long."""
        side = max(8, round(LEAF_TILE * leaf_px / LEAF_LENGTH))
        threshold, tone = (resize(plane, side, side, cv2.INTER_AREA) for plane in (self.threshold, self.tone))
        return LeafTile(threshold, tone)

    def sheet(self, width: int, height: int) -> tuple[Pixels, Pixels]:
        """Both planes over an area."""
        times = (math.ceil(height / self.tone.shape[0]), math.ceil(width / self.tone.shape[1]))
        threshold, tone = (
            np.ascontiguousarray(np.tile(plane, times)[:height, :width]) for plane in (self.threshold, self.tone)
        )
        return threshold, tone


@dataclass(frozen=True, slots=True, eq=False)
class Crown:
    """How thick a tree's leaves are at each point, and how much light they catch."""

    density: Pixels
    shade: Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Canopy:
    """Where leaves grow on a plane: density, light, share of the second colour. Filled while a scene is built."""

    density: Pixels
    shade: Pixels
    blend: Pixels
    reduction: int

    def plant(self, crown: Crown, box: tuple[float, float, float, float], blend: float, *, flipped: bool) -> None:
        """Put a crown into (left, top, width, height), which are pixels of the whole plane; it hides what is behind."""
        left, top, width, height = (round(value / self.reduction) for value in box)
        width, height = max(2, width), max(2, height)
        rows, columns = self.density.shape
        first_x, first_y = max(0, left), max(0, top)
        last_x, last_y = min(columns, left + width), min(rows, top + height)
        if last_x <= first_x or last_y <= first_y:
            return
        inner = np.s_[first_y - top : last_y - top, first_x - left : last_x - left]
        outer = np.s_[first_y:last_y, first_x:last_x]
        density, shade = (
            resize(plane[:, ::-1] if flipped else plane, width, height)[inner] for plane in (crown.density, crown.shade)
        )
        hides = np.minimum(density.astype(np.uint16) * 5, 255)  # thin edges take the colour of their own crown
        self.shade[outer] = (self.shade[outer] * (255 - hides) + shade * hides) // 255
        self.blend[outer] = (self.blend[outer] * (255 - hides) + round(blend * 255) * hides) // 255
        self.density[outer] = np.maximum(self.density[outer], density)


def new_canopy(width: int, height: int, reduction: int) -> Canopy:
    shape = (max(2, height // reduction), max(2, width // reduction))
    return Canopy(np.zeros(shape, np.uint8), np.zeros(shape, np.uint8), np.zeros(shape, np.uint8), reduction)


def leaf_tile(rng: np.random.Generator, shape: LeafShape) -> LeafTile:
    side, length = LEAF_TILE * DRAWN_LARGER, LEAF_LENGTH * DRAWN_LARGER
    count = min(int(OVERLAP * side * side / (length * length * shape.width * 0.65)), MOST_LEAVES)
    centres = rng.uniform(0, side, (count, 2))
    angles = shape.angle + rng.uniform(-shape.spread, shape.spread, count)
    lengths = length * rng.uniform(0.7, 1.25, count)
    tones = rng.permutation(np.linspace(0.2, 1.0, TONES)) * 0.6 + np.linspace(0.0, 0.4, TONES)
    thresholds = rng.permutation(TONES) / (TONES - 1)
    picture = np.zeros((side, side, 3), np.uint8)
    for index in range(TONES):
        chosen = np.s_[index::TONES]
        outlines = _leaf_outlines(centres[chosen], angles[chosen], lengths[chosen], shape.width, side)
        cv2.fillPoly(picture, outlines, (float(thresholds[index] * 255), float(tones[index] * 255), 0.0))
    small = halve(picture)
    return LeafTile(np.ascontiguousarray(small[..., 0]), np.ascontiguousarray(small[..., 1]))


def leafy(canopy: Canopy, size: tuple[int, int], tile: LeafTile, ramps: tuple[Pixels, Pixels]) -> Pixels:
    """The canopy as premultiplied RGBA of `size` (width, height). `ramps` colour it from deep shade to full sun."""
    density, shade, blend = (resize(plane, *size) for plane in (canopy.density, canopy.shade, canopy.blend))
    threshold, tone = tile.sheet(*size)
    level = np.arange(256)
    thick = add_weighted(density, 1 / (1 + RAGGEDNESS), invert(threshold), RAGGEDNESS / (1 + RAGGEDNESS))
    edge = 255 * (0.32 + 0.5 * RAGGEDNESS) / (1 + RAGGEDNESS)
    cover = lookup(thick, np.clip((level - edge) * 9, 0, 255).astype(np.uint8))
    cover = multiply(cover, lookup(density, np.clip(level * 6, 0, 255).astype(np.uint8)))
    lit = triple(multiply(shade, lookup(tone, np.clip(70 + level * 1.0, 0, 255).astype(np.uint8)), 1.15))
    share = triple(multiply(blend, cover))
    colour = multiply(lookup(lit, ramps[0]), triple(cover) - share)
    add_light(colour, multiply(lookup(lit, ramps[1]), share))
    return with_alpha(colour, cover)


def with_alpha(colour: Pixels, cover: Pixels) -> Pixels:
    """Three channels and their coverage as RGBA."""
    four = with_spare_channel(colour)
    cv2.insertChannel(cover, four, 3)
    return four


def ramp(dark: Floats, middle: Floats, lit: Floats, brightest: Floats) -> Pixels:
    """A table of colours from deep shade to full sun, for `leafy`."""
    stops = [(0.0, dark * 0.55), (0.25, dark), (0.55, middle), (0.85, lit), (1.0, brightest)]
    return np.ascontiguousarray(to_pixels(gradient(stops, np.linspace(0, 1, 256, dtype=np.float32)))[None])


def round_crown(rng: np.random.Generator, *, flatness: float = 0.0) -> Crown:
    """A broad-leaved crown of tufts, lit from above; `flatness` makes the umbrella of an acacia."""
    count = 64
    angle, reach = rng.uniform(0, 2 * math.pi, count), np.sqrt(rng.uniform(0, 1, count)) * 0.34
    reach *= 1 + 0.14 * np.cos(3 * angle + rng.uniform(0, 6)) + 0.08 * np.cos(5 * angle + rng.uniform(0, 6))
    x, y = 0.5 + np.cos(angle) * reach, 0.5 + np.sin(angle) * reach * (1 - 0.4 * flatness)
    radius = rng.uniform(0.05, 0.12, count)
    order = np.argsort(-y + rng.uniform(-0.16, 0.16, count))  # upper tufts stand in front of the shade below them
    return _tufts(np.stack([x, y, radius, radius * (0.8 - 0.2 * flatness)], 1)[order[::-1]], floor=0.20)


def tuft_crown(rng: np.random.Generator) -> Crown:
    """A sheaf of upright stems, nearly as bright below as above."""
    count = 22
    x, y = rng.uniform(0.2, 0.8, count), rng.uniform(0.22, 0.86, count)
    tufts = np.stack([x, y, rng.uniform(0.07, 0.12, count), rng.uniform(0.12, 0.20, count)], 1)
    return _tufts(tufts[np.argsort(y)], floor=0.40)


def conifer_crown(rng: np.random.Generator) -> Crown:
    """Whorls of drooping boughs, dark beneath each."""
    tufts: list[tuple[float, float, float, float]] = []
    whorls = 15
    for whorl in range(whorls, -1, -1):
        share = whorl / whorls
        row, half = 0.05 + 0.86 * share, 0.02 + 0.42 * share * rng.uniform(0.72, 1.12)
        for along in np.linspace(-1, 1, 3 + int(11 * share)):
            droop = abs(along) ** 1.4 * 0.05 * rng.uniform(0.3, 1.5)
            size = rng.uniform(0.026, 0.046) * (0.55 + 0.5 * share)
            tufts.append((0.5 + along * half, row + droop, size * 1.7, size * 1.05))
    return _tufts(np.array(tufts), floor=0.16)


def spray_crown(rng: np.random.Generator) -> Crown:
    """A loose spray of hanging leaves, as at the tips of bamboo."""
    count = 20
    x, y = 0.5 + rng.normal(0, 0.17, count), 0.40 + rng.normal(0, 0.17, count)
    radius = rng.uniform(0.06, 0.12, count)
    tufts = np.stack([x, y + (x - 0.5) ** 2, radius * 1.3, radius], 1)
    return _tufts(tufts[np.argsort(tufts[:, 1])], floor=0.35)


def _tufts(tufts: Floats, floor: float) -> Crown:
    """Round tufts (x, y, half width, half height as shares of the crown's box), later ones in front."""
    density = np.zeros((CROWN, CROWN), np.float32)
    shade = np.full((CROWN, CROWN), floor, np.float32)
    scale = np.arange(CROWN, dtype=np.float32) / np.float32(CROWN)
    for x, y, half_width, half_height in tufts:
        first_x, last_x = np.searchsorted(scale, (x - half_width * 1.38, x + half_width * 1.38))
        first_y, last_y = np.searchsorted(scale, (y - half_height * 1.38, y + half_height * 1.38))
        if last_x <= first_x or last_y <= first_y:
            continue
        across = (scale[None, first_x:last_x] - np.float32(x)) / np.float32(half_width)
        down = (scale[first_y:last_y, None] - np.float32(y)) / np.float32(half_height)
        distance = across * across + down * down
        inside = np.clip((1.9 - distance) * 0.55, 0, 1)
        box = np.s_[first_y:last_y, first_x:last_x]
        light = np.clip(0.42 - 0.42 * down - 0.10 * across + 0.34 * (0.62 - np.float32(y)), floor, 1)
        shade[box] = mix(shade[box], light, np.clip(inside * 2.2, 0, 1))
        density[box] = np.maximum(density[box], inside)
    return Crown(to_pixels(density), to_pixels(shade))


def _leaf_outlines(
    centres: Floats, angles: Floats, lengths: Floats, width: float, side: int
) -> list[np.ndarray[tuple[int, int], np.dtype[np.int32]]]:
    """Lens-shaped leaves as polygons; those that cross an edge of the tile are repeated at the opposite one."""
    shape = LENS * [1, width]
    cosine, sine = np.cos(angles)[:, None] * lengths[:, None], np.sin(angles)[:, None] * lengths[:, None]
    x, y = shape[None, :, 0] * cosine - shape[None, :, 1] * sine, shape[None, :, 0] * sine + shape[None, :, 1] * cosine
    leaves = np.stack([x, y], -1) + centres[:, None]
    margin = float(lengths.max())
    shifted = [leaves]
    for shift in ((-side, 0), (side, 0), (0, -side), (0, side)):
        centre = centres + shift
        near = np.all((centre > -margin) & (centre < side + margin), axis=1)
        shifted.append(leaves[near] + shift)
    return list(np.round(np.concatenate(shifted)).astype(np.int32))
