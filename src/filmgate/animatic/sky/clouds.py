"""Clouds: heaped cumulus with lit tops and flat bases, streaks of cirrus, and a churning deck for grey days and storms.

All of it is painted once at the size of a small sky (half the canvas). A frame only slides the art and erodes its
edges with noise that moves at another speed, so that heaps boil instead of gliding by like cardboard.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.colour import mix, smoothstep, to_pixels
from filmgate.animatic.noise import distort, spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import (
    Floats,
    Pixels,
    add_light,
    add_weighted,
    blur,
    blur_tile,
    invert,
    lookup,
    multiply,
    resize,
    sample,
    triple,
)

ART_PER_BASE = 360  # pixels of art per frame base: its building costs the same for every size of frame
DECK_TILE = 512
DECK_COVER = 0.72  # from this cover on the sky is one deck, not single clouds
AXES = ((1, 0), (0, 1))  # along x, along y
EROSION = 0.30  # how much of a heap's edge the moving noise eats
CIRRUS_SPEED, DECK_SPEEDS = 1.6, (7.0, 11.5)  # art pixels a second in a usual wind


@dataclass(frozen=True, slots=True, eq=False)
class Air:
    """The small sky that clouds hang in: for each pixel where it is and how near the sun. Lengths in bases."""

    width: int
    rows: int
    per_base: float  # pixels of the small sky in one frame base
    across: Floats  # (width,), from the middle
    elevation: Floats  # (rows,), 0 at the horizon to 1 at the zenith
    distance: Floats  # (rows, width), to the sun
    sun: tuple[float, float]  # pixels of the small sky


@dataclass(frozen=True, slots=True, eq=False)
class _Strip:
    """Art that repeats sideways and slides past; stored one width longer than its period."""

    art: Pixels
    period: int

    def at(self, offset: float, width: int) -> Pixels:
        """`width` columns from a fractional offset: two neighbouring windows, mixed. Far cheaper than a warp."""
        whole, part = divmod(offset % self.period, 1.0)
        column = int(whole)
        return add_weighted(self.art[:, column : column + width], 1 - part, self.art[:, column + 1 :][:, :width], part)


@dataclass(frozen=True, slots=True, eq=False)
class _Bank:
    """One row of heaped clouds."""

    density: _Strip
    light: _Strip
    speed: float


@dataclass(frozen=True, slots=True, eq=False)
class _Fair:
    """Single clouds, far ones first, under high streaks."""

    shape: tuple[int, int]
    cirrus: _Strip | None
    banks: tuple[_Bank, ...]
    erosion: _Strip
    edge: Pixels  # table: density to coverage

    def at(self, seconds: float) -> tuple[Pixels, Pixels]:
        """Coverage and light of every pixel."""
        rows, width = self.shape
        if self.cirrus is None:
            cover = np.zeros((rows, width), np.uint8)
        else:
            cover = self.cirrus.at(seconds * CIRRUS_SPEED, width)
        light = np.full((rows, width), 235, np.uint8)
        for index, bank in enumerate(self.banks):
            noise = self.erosion.at(200.0 * index + seconds * (bank.speed + 2.6), width)
            density = add_weighted(bank.density.at(seconds * bank.speed, width), 1 - EROSION, noise, EROSION)
            heap = lookup(density, self.edge)
            bare = invert(heap)
            light, cover = multiply(light, bare), multiply(cover, bare)
            add_light(light, multiply(bank.light.at(seconds * bank.speed, width), heap))
            add_light(cover, heap)
        return cover, light


@dataclass(frozen=True, slots=True, eq=False)
class _Deck:
    """A closed ceiling in perspective: two fields slide over each other, and their sum is lit by its own slope."""

    broad: Pixels  # tiled twice
    fine: Pixels
    map_x: Floats
    map_y: Floats
    edge: Pixels
    body: Pixels  # table: density to light, thick is dark
    relief: float
    speeds: tuple[float, float]

    def at(self, seconds: float) -> tuple[Pixels, Pixels]:
        """Coverage and light of every pixel."""
        broad = self._slide(self.broad, seconds * self.speeds[0])
        density = add_weighted(broad, 0.75, self._slide(self.fine, seconds * self.speeds[1]), 0.25)
        step = max(1, self.map_x.shape[1] // 210)
        behind = np.roll(density, (-step, step), (0, 1))
        slope = cv2.addWeighted(density, -self.relief, behind, self.relief, 128.0)
        light = add_weighted(lookup(density, self.body), 0.62, np.asarray(slope, np.uint8), 0.38)
        return lookup(density, self.edge), light

    def _slide(self, tile: Pixels, offset: float) -> Pixels:
        whole, part = divmod(offset, 1.0)
        column = int(whole) % DECK_TILE
        return sample(tile[:, column : column + DECK_TILE + 2], self.map_x + np.float32(part), self.map_y)


@dataclass(frozen=True, slots=True, eq=False)
class Clouds:
    """`wind` scales every speed; `fade` lets clouds dissolve into the haze over the horizon."""

    sky: _Fair | _Deck
    wind: float
    fade: Pixels
    lit: Pixels
    shade: Pixels

    def paint(self, small: Pixels, seconds: float) -> Pixels:
        """Paint over the small sky in place; returns how much of each pixel is covered."""
        cover, light = self.sky.at(seconds * self.wind)
        cover = multiply(cover, self.fade)
        bright, mask = triple(light), triple(cover)
        colour = multiply(self.lit, bright)
        add_light(colour, multiply(self.shade, invert(bright)))
        cv2.multiply(small, invert(mask), dst=small, scale=1 / 255.0)
        add_light(small, multiply(colour, mask))
        return cover


def build_clouds(
    air: Air, palette: Palette, cover: float, wind: float, stormy: bool, rng: np.random.Generator
) -> Clouds | None:
    """Clouds for a `cover` of 0 (none) to 1 (a closed ceiling)."""
    if cover <= 0.01:
        return None
    warmth = np.clip(0.9 * np.exp(-air.distance * 3.2), 0, 1)[..., None]
    lit = mix(palette.cloud_lit, np.clip(palette.glow * 1.08, 0, 1), warmth * 0.6) + warmth * 0.12
    shade = mix(palette.cloud_shade, mix(palette.cloud_shade, palette.glow, 0.45), warmth * 0.8)
    closed = stormy or cover > DECK_COVER
    if closed:  # overhead we look into the dark undersides, far off through rifts at the light behind
        lit = mix(lit, shade, (0.30 if stormy else 0.20) * smoothstep(0.1, 0.8, air.elevation)[:, None, None])
        lit = mix(lit, palette.sky[3], 0.5 * smoothstep(0.35, 0.05, air.elevation)[:, None, None])
    fade = smoothstep(0.0, 0.10 if closed else 0.05, air.elevation) * (1.0 if closed else 0.97)
    return Clouds(
        sky=_build_deck(air, cover, stormy, rng) if closed else _build_fair(air, palette, cover, rng),
        wind=wind,
        fade=np.repeat(to_pixels(fade)[:, None], air.width, 1),
        lit=to_pixels(np.clip(lit, 0, 1)),
        shade=to_pixels(np.clip(shade, 0, 1)),
    )


def _build_fair(air: Air, palette: Palette, cover: float, rng: np.random.Generator) -> _Fair:
    low_sun = float(smoothstep(0.5, 0.8, palette.sun_height))
    amount = cover / DECK_COVER
    noise = spectral(rng, (256, 512), 1.7, 5)
    heaps = amount * (1 - 0.45 * low_sun)
    banks = (
        _build_bank(air, noise, (0.03, 0.26), 0.075, 15 * heaps, 2.2, rng),
        _build_bank(air, noise, (0.24, 0.72), 0.215, 4.6 * heaps, 4.6, rng),
    )
    erosion = np.tile(to_pixels(noise), (1, 2))
    cirrus = _build_cirrus(air, min(1.0, amount * (0.55 + 0.75 * low_sun)), rng)
    return _Fair(
        shape=(air.rows, air.width),
        cirrus=cirrus,
        banks=tuple(bank for bank in banks if bank is not None),
        erosion=_strip(_fit(erosion, air, 256), air),
        edge=to_pixels(smoothstep(0.33, 0.60, np.arange(256) / 255.0)),
    )


def _strip(art: Pixels, air: Air) -> _Strip:
    period = art.shape[1]
    repeats = -(-(period + air.width + 2) // period)
    return _Strip(np.ascontiguousarray(np.tile(art, (1, repeats))[:, : period + air.width + 2]), period)


def _fit(art: Pixels, air: Air, art_rows: int) -> Pixels:
    """Art of `art_rows` rows that cover the whole sky, at the size of the small sky."""
    enlarge = air.per_base / ART_PER_BASE
    return resize(art, max(8, round(art.shape[1] * enlarge)), air.rows) if art_rows else art


def _build_bank(
    air: Air,
    noise: Floats,
    span: tuple[float, float],
    size: float,
    per_frame: float,
    speed: float,
    rng: np.random.Generator,
) -> _Bank | None:
    """Heaps with their bases between two elevations. `size` is their height in bases, `per_frame` how many are seen."""
    rows = max(32, round(air.rows / air.per_base * ART_PER_BASE))
    frame = air.width / air.per_base * ART_PER_BASE
    period = max(256, round(frame * 1.45 / 64) * 64)
    count = int(per_frame * period / frame + rng.uniform())
    if count == 0:
        return None
    surface = _heaps(rng, (rows, period), span, size * ART_PER_BASE, count)
    wobble = resize(noise, period, rows) - 0.5
    reach = size * ART_PER_BASE * 0.22
    surface = distort(surface, wobble * reach * 2, np.roll(wobble, 77, 1) * reach * 1.6)
    detail = np.tile(noise, (-(-rows // 256), -(-period // 512)))[:rows, :period]
    density = np.clip(1 - np.exp(-surface / (size * ART_PER_BASE * 0.16)), 0, 1)
    density = density * (0.90 + 0.5 * (detail - 0.5)) * (surface > 0)
    light = _relief(surface + (detail - 0.5) * size * ART_PER_BASE * 0.22 * density, air, size * ART_PER_BASE)
    return _Bank(
        density=_strip(_fit(to_pixels(density), air, rows), air),
        light=_strip(_fit(to_pixels(light), air, rows), air),
        speed=speed * air.per_base / ART_PER_BASE,
    )


def _heaps(
    rng: np.random.Generator, shape: tuple[int, int], span: tuple[float, float], size: float, count: int
) -> Floats:
    """How far a heap's front bulges towards us, in pixels: spheres piled on a flat base, smaller ones on top."""
    rows, period = shape
    margin = int(size * 4)
    field = np.zeros((rows + 2 * margin, period + 2 * margin), np.float32)
    for slot in range(count):
        column = (slot + rng.uniform(0.1, 0.9)) * period / count
        elevation = float(rng.uniform(*span))
        height = size * rng.uniform(0.55, 1.25) * (0.7 + 0.6 * (elevation - span[0]) / (span[1] - span[0]))
        base = (1 - elevation) * rows
        width = height * rng.uniform(1.0, 1.9)
        for x, y, radius in _puffs(rng, width, height, 9 if size > 40 else 6):
            _bulge(field, column + x + margin, base - y + margin, radius, base + margin)
    middle = field[margin : margin + rows]
    middle[:, margin : 2 * margin] = np.maximum(middle[:, margin : 2 * margin], middle[:, margin + period :])
    middle[:, period : period + margin] = np.maximum(middle[:, period : period + margin], middle[:, :margin])
    return np.ascontiguousarray(middle[:, margin : margin + period])


def _puffs(rng: np.random.Generator, width: float, height: float, count: int) -> list[tuple[float, float, float]]:
    """Offsets (x, up) and radii: `count` large spheres, each with small ones on its upper rim."""
    puffs: list[tuple[float, float, float]] = []
    for _ in range(count):
        aside = float(np.clip(rng.normal(0, 0.42), -1, 1))
        radius = height * rng.uniform(0.26, 0.42) * (1 - 0.55 * abs(aside))
        up = radius * 0.55 + rng.uniform(0, 1) * max(0.0, height * (1 - aside * aside) - 1.6 * radius)
        puffs.append((aside * width, up, radius))
        for _ in range(5):
            angle = rng.uniform(0.05, 0.95) * math.pi
            small = radius * rng.uniform(0.28, 0.50)
            puffs.append((aside * width + math.cos(angle) * radius * 0.85, up + math.sin(angle) * radius * 0.85, small))
    return puffs


def _bulge(field: Floats, x: float, y: float, radius: float, base: float) -> None:
    top, left = int(y - radius), int(x - radius)
    bottom, right = min(int(y + radius) + 2, int(base + radius * 0.3)), int(x + radius) + 2
    if top < 0 or left < 0 or bottom > field.shape[0] or right > field.shape[1] or bottom <= top:
        return
    down = np.arange(top, bottom, dtype=np.float32)[:, None] - np.float32(y)
    across = np.arange(left, right, dtype=np.float32)[None] - np.float32(x)
    bulge = np.sqrt(np.maximum(np.float32(radius * radius) - down * down - across * across, 0))
    below = np.clip((base + radius * 0.3 - np.arange(top, bottom)) / (radius * 0.5), 0, 1).astype(np.float32)
    view = field[top:bottom, left:right]
    np.maximum(view, bulge * below[:, None], out=view)


def _relief(surface: Floats, air: Air, size: float) -> Floats:
    """Light on the heaps, 0..1: tops and the sunny side are bright, hollows and bases dark."""
    soft = blur(surface, size * 0.035)
    slope_x, slope_y = (np.asarray(cv2.Sobel(soft, cv2.CV_32F, *axis, scale=1 / 8), np.float32) for axis in AXES)
    enlarge = ART_PER_BASE / air.per_base
    aside = air.sun[0] * enlarge - np.arange(surface.shape[1], dtype=np.float32)[None]
    towards_x = np.clip(aside / (0.6 * ART_PER_BASE), -0.75, 0.75)
    facing = (-slope_x * towards_x + slope_y * 0.85 + 0.45) / np.sqrt(slope_x**2 + slope_y**2 + 1)
    hollow = np.clip((blur(soft, size * 0.16) - soft) / (size * 0.30), -0.25, 0.5)
    return np.clip(0.42 + 0.52 * facing - 0.55 * hollow, 0, 1).astype(np.float32)


def _build_cirrus(air: Air, strength: float, rng: np.random.Generator) -> _Strip | None:
    """Combed ice: streaks of one slant, in patches, squeezed towards the horizon."""
    if strength < 0.03:
        return None
    tile = (256, 1024)
    streaks = spectral(rng, tile, 2.3, 3, 200, (1.0, 0.30))
    patches = resize(spectral(rng, (64, 128), 2.6, 2), tile[1], tile[0])
    bend = resize(spectral(rng, (32, 64), 3.0, 2), tile[1], tile[0]) - 0.5
    columns = np.repeat(np.arange(tile[1], dtype=np.float32)[None], tile[0], 0)
    slant = tile[0] / tile[1] * (1 if rng.uniform() < 0.5 else -1)  # one tile down for one across: it still repeats
    combed = distort(streaks, bend * 30, slant * columns + bend * 34)
    gate = smoothstep(0.62 - 0.34 * strength, 0.94 - 0.28 * strength, patches)
    cover = smoothstep(0.34, 0.90, combed) * gate * (0.30 + 0.65 * strength)
    depth = 1 / (air.elevation * 0.80 + 0.14)
    map_y = np.mod(depth * 120 + 7, tile[0] - 1)[:, None]
    period = max(8, round(tile[1] * air.per_base / ART_PER_BASE))
    map_x = np.linspace(0, tile[1] - 1, period, dtype=np.float32)[None]
    flat = np.zeros((air.rows, period), np.float32)
    art = sample(cover.astype(np.float32), map_x + flat, (map_y + flat).astype(np.float32))
    return _strip(to_pixels(np.clip(art, 0, 1)), air)


def _build_deck(air: Air, cover: float, stormy: bool, rng: np.random.Generator) -> _Deck:
    tile = (DECK_TILE, DECK_TILE)
    broad = spectral(rng, tile, 2.5, 2)
    swirl = resize(spectral(rng, (128, 128), 3, 1, 8), *tile) - 0.5
    reach = 80.0 if stormy else 60.0
    broad = distort(broad, swirl * reach, np.roll(swirl, 50, 0) * reach)
    bellies = np.abs(spectral(rng, tile, 1.8, 4) - 0.5) * 2.8  # rounded from below, with creases between
    fine = np.clip(0.25 + blur_tile(bellies, 0.8), 0, 1)
    depth = 1 / (air.elevation * 0.90 + 0.095)
    depth_rows = depth[:, None].astype(np.float32)
    map_x, map_y = air.across[None] * depth_rows * 88, np.repeat(depth_rows * 88, air.width, 1)
    level = np.arange(256) / 255.0
    start = 0.62 - 0.50 * min(1.0, max(cover, 0.9 if stormy else 0.0))
    return _Deck(
        broad=np.pad(to_pixels(broad), ((0, DECK_TILE + 2), (0, DECK_TILE + 2)), mode="wrap"),
        fine=np.pad(to_pixels(fine), ((0, DECK_TILE + 2), (0, DECK_TILE + 2)), mode="wrap"),
        map_x=np.mod(map_x - map_x.min(), DECK_TILE).astype(np.float32),
        map_y=np.mod(map_y - map_y.min(), DECK_TILE).astype(np.float32),
        edge=to_pixels(smoothstep(start, start + 0.22, level)),
        body=to_pixels(np.clip(1.15 - 1.3 * smoothstep(0.28, 0.72, level), 0, 1)),
        relief=3.2 if stormy else 2.4,
        speeds=(DECK_SPEEDS[0], DECK_SPEEDS[1] * (1.3 if stormy else 1.0)),
    )
