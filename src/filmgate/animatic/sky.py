"""Skies: a gradient with its sun or moon, stars, an aurora, and two decks of cloud seen in perspective.

Soft things are drawn at half size and enlarged; the disc and the stars are drawn at full size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import from_linear, gradient, mix, smoothstep, to_linear, to_pixels
from filmgate.animatic.noise import curve, distort, spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    add_light,
    add_weighted,
    blur,
    blur_tile,
    invert,
    lookup,
    merge,
    multiply,
    over,
    resize,
    sample,
    scale,
    tint,
    triple,
)

TILE = 512
HIGH_CLOUD_SPEED = 5.0  # tile pixels a second
LOW_CLOUD_SPEED = 8.5
STAR_GROUPS = 3


@dataclass(frozen=True, slots=True)
class SkySpec:
    """What a scene asks of its sky. `sun_x` is a share of the width, `cover` 0..1."""

    horizon: int
    sun_x: float
    cover: float = 0.5
    wind: float = 1.0
    aurora: bool = False
    disc: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class _Clouds:
    high: Pixels  # density and light of the high deck, tiled twice
    low: Pixels
    map_x: Floats
    map_y: Floats
    fade: Pixels  # clouds dissolve into the haze at the horizon
    opacity: Pixels  # table: density to coverage
    lit: Pixels
    shade: Pixels


@dataclass(frozen=True, slots=True, eq=False)
class _Disc:
    face: Pixels  # premultiplied RGBA
    halo: Pixels
    left: int
    top: int


@dataclass(frozen=True, slots=True, eq=False)
class _Aurora:
    path: Floats
    strength: Floats
    rays: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Sky:
    """Draws rows 0 to `rows` of a canvas."""

    width: int
    rows: int
    wind: float
    sun_x: float
    sun_y: float
    base: Pixels
    clouds: _Clouds
    disc: _Disc | None
    stars: tuple[Pixels, ...]  # groups that twinkle in turn; empty by day
    aurora: _Aurora | None

    def paint(self, canvas: Pixels, seconds: float) -> None:
        small, cover = self._clouded(seconds)
        if self.aurora is not None:
            add_light(small, _aurora_light(self.aurora, small.shape[1], small.shape[0], seconds))
        target = canvas[: self.rows]
        target[:] = resize(small, self.base.shape[1] * 2, self.base.shape[0] * 2)[: self.rows, : self.width]
        if not self.stars and self.disc is None:
            return
        clear = invert(resize(cover, self.base.shape[1] * 2, self.base.shape[0] * 2)[: self.rows, : self.width])
        if self.stars:
            add_light(target, triple(multiply(_starlight(self.stars, seconds), clear)))
        if self.disc is not None:
            _paint_disc(target, self.disc, clear)

    def _clouded(self, seconds: float) -> tuple[Pixels, Pixels]:
        clouds = self.clouds
        high = _scrolled(clouds.high, clouds, seconds * HIGH_CLOUD_SPEED * self.wind)
        low = _scrolled(clouds.low, clouds, seconds * LOW_CLOUD_SPEED * self.wind)
        density = add_weighted(np.ascontiguousarray(high[..., 0]), 0.74, low, 0.26)
        cover = multiply(lookup(density, clouds.opacity), clouds.fade)
        light, mask = triple(np.ascontiguousarray(high[..., 1])), triple(cover)
        colour = multiply(clouds.lit, light)
        add_light(colour, multiply(clouds.shade, invert(light)))
        small = multiply(self.base, invert(mask))
        add_light(small, multiply(colour, mask))
        return small, cover


def build_sky(canvas: Canvas, palette: Palette, spec: SkySpec, rng: np.random.Generator) -> Sky:
    rows = min(canvas.height, spec.horizon + 2)
    half_width, half_rows = (canvas.width + 1) // 2, (rows + 1) // 2
    sun_x, sun_y = spec.sun_x * canvas.width, palette.sun_height * spec.horizon
    columns, lines = np.meshgrid(
        (np.arange(half_width, dtype=np.float32) + 0.5) * 2, (np.arange(half_rows, dtype=np.float32) + 0.5) * 2
    )
    distance = np.sqrt((columns - sun_x) ** 2 + ((lines - sun_y) * 1.15) ** 2) / canvas.base
    elevation = 1 - np.clip(lines[:, 0] / max(1, spec.horizon), 0, 1)
    visible = spec.disc and not palette.sun_hidden and sun_y < spec.horizon * 1.2
    return Sky(
        width=canvas.width,
        rows=rows,
        wind=spec.wind,
        sun_x=sun_x,
        sun_y=sun_y,
        base=_air(palette, distance, elevation, spec.disc, rng),
        clouds=_build_clouds(canvas, palette, spec, (columns, elevation, distance), rng),
        disc=_build_disc(canvas, palette, sun_x, sun_y, rng) if visible else None,
        stars=_build_stars(canvas, palette, rows, rng) if palette.stars > 0.05 else (),
        aurora=_Aurora(curve(rng, 2048, 5, 6), curve(rng, 2048, 6, 14), curve(rng, 2048, 7, 60))
        if spec.aurora
        else None,
    )


def _air(palette: Palette, distance: Floats, elevation: Floats, has_sun: bool, rng: np.random.Generator) -> Pixels:
    top, upper, lower, bottom = palette.sky
    column = gradient([(0, top), (0.42, upper), (0.80, lower), (1.0, bottom)], 1 - elevation)
    linear = to_linear(np.repeat(column[:, None], distance.shape[1], 1))
    if has_sun:
        glow = 0.55 * np.exp(-distance * 2.6) + 0.55 * np.exp(-distance * 9) + 0.30 * np.exp(-distance * 26)
        heat = np.exp(-distance * 16)[..., None] * 0.8
        colour = mix(to_linear(palette.glow), to_linear(palette.sun), heat)
        strength = palette.glow_gain * (0.26 * 0.55 if palette.moon else 0.62)
        linear = linear + colour * (glow * strength)[..., None]
    # A shoulder per channel lets hot colours roll off to white instead of clipping into rings.
    rolled = np.where(linear > 0.55, 0.55 + 0.45 * (1 - np.exp(-(linear - 0.55) / 0.45)), linear)
    return to_pixels(from_linear(rolled), rng)


def _build_clouds(
    canvas: Canvas,
    palette: Palette,
    spec: SkySpec,
    geometry: tuple[Floats, Floats, Floats],
    rng: np.random.Generator,
) -> _Clouds:
    columns, elevation, distance = geometry
    shape = (TILE, TILE)
    broad = spectral(rng, shape, 3.1, 2)
    swirl_x, swirl_y = (spectral(rng, shape, 3, 1, 8) - 0.5 for _ in range(2))
    broad = distort(broad, swirl_x * 120, swirl_y * 120)
    towards_sun = (10, -6 if spec.sun_x > 0.5 else 6)
    light = broad - np.roll(blur_tile(broad, 3), towards_sun, (0, 1))
    high = np.dstack([to_pixels(broad), to_pixels(np.clip(0.5 + light * 3.2, 0, 1))])
    low = to_pixels(spectral(rng, shape, 2.3, 4))

    # A flat deck in perspective: 1/elevation, kept finite at the horizon.
    depth = 1 / (elevation * 0.92 + 0.085)
    map_x = (columns - canvas.width / 2) / canvas.base * depth[:, None] * 150
    map_y = np.repeat((depth * 150)[:, None], columns.shape[1], 1)
    start = 0.70 - 0.40 * spec.cover
    level = np.arange(256) / 255.0
    opacity = (
        smoothstep(start, start + 0.26, level) * min(1.0, spec.cover * 8) * (0.25 + 0.75 * min(1.0, spec.cover * 1.6))
    )
    warmth = np.clip(0.9 * np.exp(-distance * 3.2), 0, 1)[..., None]
    lit = mix(palette.cloud_lit, np.clip(palette.glow * 1.08, 0, 1), warmth * 0.6) + warmth * 0.12
    return _Clouds(
        high=np.ascontiguousarray(np.pad(high, ((0, TILE + 2), (0, TILE + 2), (0, 0)), mode="wrap")),
        low=np.pad(low, ((0, TILE + 2), (0, TILE + 2)), mode="wrap"),
        map_x=np.mod(map_x - map_x.min(), TILE).astype(np.float32),
        map_y=np.mod(map_y - map_y.min(), TILE).astype(np.float32),
        fade=np.repeat(to_pixels(smoothstep(0, 0.12, elevation))[:, None], columns.shape[1], 1),
        opacity=to_pixels(opacity),
        lit=to_pixels(np.clip(lit, 0, 1)),
        shade=to_pixels(mix(palette.cloud_shade, mix(palette.cloud_shade, palette.glow, 0.45), warmth * 0.8)),
    )


def _scrolled(tile: Pixels, clouds: _Clouds, offset: float) -> Pixels:
    whole, part = divmod(offset, 1.0)
    column = int(whole) % TILE
    return sample(tile[:, column : column + TILE + 2], clouds.map_x + np.float32(part), clouds.map_y)


def _build_disc(canvas: Canvas, palette: Palette, sun_x: float, sun_y: float, rng: np.random.Generator) -> _Disc:
    radius = (0.036 if palette.moon else 0.045) * canvas.base
    size = max(4, int(radius * 2.6) * 2)
    offset = np.arange(size, dtype=np.float32) - size / 2 + 0.5
    distance = np.hypot(offset[None, :], offset[:, None])
    if palette.moon:
        inside = np.clip(radius - distance + 0.5, 0, 1)
        face = inside * np.clip(0.74 + (spectral(rng, (size, size), 2.0, 2) - 0.5) * 0.9, 0, 1)
        halo = np.exp(-np.clip(distance - radius, 0, None) / (radius * 0.55)) * 0.28 * (1 - inside)
    else:
        face = smoothstep(radius * 1.05, radius * 0.9, distance)
        halo = np.exp(-((distance / radius) ** 2) * 0.55) * 0.35
    edge = np.clip((size / 2 - distance) / (size * 0.16), 0, 1)
    sprite = np.dstack([to_pixels(face[..., None] * palette.sun), to_pixels(face)])
    return _Disc(
        face=sprite,
        halo=tint(to_pixels(np.clip(halo * edge, 0, 1)), palette.glow),
        left=int(sun_x - size / 2),
        top=int(sun_y - size / 2),
    )


def _paint_disc(target: Pixels, disc: _Disc, clear: Pixels) -> None:
    height, width = disc.face.shape[:2]
    top, left = max(disc.top, 0), max(disc.left, 0)
    bottom, right = min(disc.top + height, target.shape[0]), min(disc.left + width, target.shape[1])
    if bottom <= top or right <= left:
        return
    inner = np.s_[top - disc.top : bottom - disc.top, left - disc.left : right - disc.left]
    view = target[top:bottom, left:right]
    add_light(view, disc.halo[inner])
    shown = scale(clear[top:bottom, left:right], 1.35)
    over(view, multiply(np.ascontiguousarray(disc.face[inner]), merge(shown, shown, shown, shown)))


def _build_stars(canvas: Canvas, palette: Palette, rows: int, rng: np.random.Generator) -> tuple[Pixels, ...]:
    fade = (
        np.linspace(1, palette.star_floor, rows, dtype=np.float32)[:, None]
        * min(1.0, palette.stars + 0.15)
        * palette.star_gain
    )
    density = palette.stars * canvas.width * rows / (1280 * 430) / (canvas.unit**2)
    return tuple(
        to_pixels(np.clip(star_field(rng, (rows, canvas.width), int(300 * density), canvas.unit) * fade, 0, 1))
        for _ in range(STAR_GROUPS)
    )


def star_field(rng: np.random.Generator, shape: tuple[int, int], count: int, unit: float) -> Floats:
    """Points of light 0..1, most of them faint, the brightest with a small glow; denser towards the top."""
    rows, width = shape
    light = np.zeros(shape, np.float32)
    columns = rng.integers(0, width, count)
    lines = (rng.uniform(0, 1, count) ** 1.25 * (rows - 1)).astype(int)
    brightness = np.clip(rng.pareto(2.2, count) * 0.22 + 0.12, 0, 1)
    np.maximum.at(light, (lines, columns), brightness.astype(np.float32))
    large = np.where(light > 0.55, light, 0).astype(np.float32)
    if unit > 1.2:  # one pixel would vanish on a large canvas
        light = np.clip(blur(light, 0.45 * unit) * (1.6 * unit**1.5), 0, 1)
    return np.clip(light + blur(large, 1.3 * max(0.5, unit)) * 4, 0, 1)


def _starlight(stars: tuple[Pixels, ...], seconds: float) -> Pixels:
    light = np.zeros_like(stars[0])
    for index, group in enumerate(stars):
        add_light(light, scale(group, 0.72 + 0.28 * math.sin(seconds * (1.7 + 0.6 * index) + 2.1 * index)))
    return light


def _aurora_light(aurora: _Aurora, width: int, rows: int, seconds: float) -> Pixels:
    half_width, half_rows = max(2, width // 2), max(2, rows // 2)
    columns = np.arange(half_width) * (2048 / half_width) * 0.8
    lines = np.arange(half_rows, dtype=np.float32)[:, None]
    green, violet = np.array([0.10, 0.95, 0.55], np.float32), np.array([0.55, 0.20, 0.85], np.float32)
    light = np.zeros((half_rows, half_width, 3), np.float32)
    knots = np.arange(2049)
    for curtain in range(3):
        along = columns * (1 + 0.2 * curtain) + seconds * (14 + 6 * curtain) + curtain * 511

        def at(values: Floats, position: Floats) -> Floats:
            return np.interp(np.mod(position, 2048), knots, np.append(values, values[0])).astype(np.float32)

        foot = half_rows * (0.78 - 0.17 * curtain) + (at(aurora.path, along) - 0.5) * half_rows * 0.42
        ray = 0.55 + 0.45 * at(aurora.rays, along * 2 + seconds * 31)
        strength = (0.35 + 0.65 * at(aurora.strength, along * 2 + seconds * 20)) * ray
        height = foot[None] - lines
        above = np.exp(-np.maximum(height, 0) / (half_rows * (0.30 + 0.25 * ray[None])) * 1.7)
        below = np.exp(np.minimum(height, 0) / (half_rows * 0.02))
        share = np.clip(height / (half_rows * 0.45), 0, 1)[..., None]
        light += (above * below * strength[None])[..., None] * mix(green, violet, share) * (0.62 - 0.14 * curtain)
    return resize(to_pixels(np.clip(light * 0.59, 0, 1)), width, rows)


def sun_direction(sky: Sky, canvas: Canvas) -> tuple[float, float]:
    """A unit vector on screen from the middle of the frame to the light, for rims and shadows."""
    x, y = sky.sun_x - canvas.width / 2, sky.sun_y - canvas.height * 0.8
    length = math.hypot(x, y) + 1e-6
    return x / length, y / length
