"""Things in the air: rain, snow, fog, lightning, fireflies, embers, dust. Every path is a closed formula of time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import mix, smoothstep, to_pixels
from filmgate.animatic.noise import spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    add_light,
    blur_tile,
    multiply,
    place,
    resize,
    scale,
    screen,
    stroke,
    tint,
    veil,
    warp,
)
from filmgate.animatic.scene import Brief, Effect, Moment

FOG_REDUCTION = 4
FOG_TILE = 1024
RAIN_SLANT = 0.10
# Each plane: streak length, count per tile, brightness, pixels per second; all at 720p. Nearer planes come last.
RAIN_PLANES = ((26, 620, 0.16, 1100.0), (46, 300, 0.23, 1700.0), (90, 80, 0.28, 2600.0))
# Each plane: flake radius, count per tile, brightness, pixels per second.
SNOW_PLANES = ((1.0, 950, 0.55, 40.0), (1.9, 320, 0.72, 75.0), (3.4, 75, 0.75, 130.0), (8.0, 9, 0.40, 210.0))
RAIN_COLOUR = np.array([0.82, 0.88, 1.0], np.float32)
SNOW_COLOUR = np.array([0.95, 0.97, 1.0], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Weather:
    """All effects of a clip. `fade_in_seconds` keeps the first frame of an image move untouched."""

    effects: tuple[Effect, ...]
    fade_in_seconds: float = 0.0

    def paint(self, canvas: Pixels, moment: Moment, clip_seconds: float) -> None:
        strength = 1.0 if self.fade_in_seconds <= 0 else min(1.0, clip_seconds / self.fade_in_seconds)
        for effect in self.effects:
            if strength > 0:
                effect.paint(canvas, moment, strength)


@dataclass(frozen=True, slots=True, eq=False)
class _Falling:
    """Planes of drops or flakes on tiles, each scrolling at its own speed."""

    planes: tuple[tuple[Pixels, float, float, float], ...]  # tile (repeated), pixels a second down and across, sway
    colour: Floats

    def paint(self, canvas: Pixels, moment: Moment, strength: float) -> None:
        height, width = canvas.shape[:2]
        for index, (tile, down, across, sway) in enumerate(self.planes):
            rows, columns = tile.shape[0] // 2, tile.shape[1] // 2
            swing = sway * math.sin(moment.seconds * 0.9 + index)
            offset_x = int(across * moment.seconds + swing + 313 * index) % columns
            offset_y = int(-down * moment.seconds + 97 * index) % rows
            window = _window(tile, offset_x, offset_y, width, height)
            add_light(canvas, tint(window, self.colour * strength))


@dataclass(frozen=True, slots=True, eq=False)
class _Fog:
    """Two drifting sheets of mist, thickest around the horizon."""

    tiles: tuple[Pixels, Pixels]
    profile: Pixels
    colour: Floats

    def paint(self, canvas: Pixels, moment: Moment, strength: float) -> None:
        height, width = canvas.shape[:2]
        for index, (tile, speed) in enumerate(zip(self.tiles, (11.0, -6.0), strict=True)):
            offset = (moment.seconds * speed + 300 * index) % FOG_TILE
            rows, columns = self.profile.shape
            shifted = warp(tile, place(-offset, 0), FOG_TILE, tile.shape[0])
            sheet = multiply(resize(shifted, columns, rows), self.profile)
            veil(canvas, resize(scale(sheet, strength), width, height), self.colour)


@dataclass(frozen=True, slots=True, eq=False)
class _Lightning:
    """The sky lights up at seeded times: a sharp rise, a flutter, a slow fall."""

    times: tuple[float, ...]
    colour: Floats

    def paint(self, canvas: Pixels, moment: Moment, strength: float) -> None:
        glow = sum(_flash(moment.seconds - time) for time in self.times)
        if glow > 0.01:
            rows = canvas.shape[0] * 2 // 3
            level = np.linspace(1, 0, rows, dtype=np.float32)[:, None] * min(0.34, 0.34 * glow * strength)
            light = to_pixels(np.repeat(level, canvas.shape[1], 1))
            screen(canvas[:rows], tint(light, self.colour))


@dataclass(frozen=True, slots=True, eq=False)
class _Motes:
    """Small lights: "fireflies" wander and blink, "embers" rise, "dust" hangs."""

    kind: str
    sprites: tuple[Pixels, ...]
    paths: Floats  # (n, 5): x, y, phase, pace, size

    def paint(self, canvas: Pixels, moment: Moment, strength: float) -> None:
        height, width = canvas.shape[:2]
        unit = Canvas(width, height).unit
        for x, y, phase, pace, size in self.paths:
            left, top, glow = _mote(self.kind, moment.seconds, (float(x), float(y), float(phase), float(pace)), unit)
            sprite = self.sprites[min(len(self.sprites) - 1, int(size * len(self.sprites) / 1.7))]
            _stamp(canvas, sprite, left % width if self.kind != "fireflies" else left, top % height, glow * strength)


def build_weather(brief: Brief, *, fade_in_seconds: float = 0.0, airless: bool = False) -> Weather:
    """The effects that the prompt asks for; nothing falls and nothing burns where there is no air."""
    effects: list[Effect] = []
    reading, rng, canvas, palette = brief.reading, brief.rng, brief.canvas, brief.palette
    if airless:
        return Weather(())
    if reading.weather == "fog" and reading.scene != "forest":  # a forest has mist of its own, between the trees
        effects.append(_build_fog(canvas, palette, rng))
    if reading.weather in ("rain", "storm"):
        effects.append(_build_rain(canvas, rng))
    if reading.weather == "storm":
        flashes = rng.uniform(0.5, brief.duration_seconds + 0.5, max(1, int(brief.duration_seconds / 2.2)))
        effects.append(_Lightning(tuple(float(time) + 2.0 for time in flashes), RAIN_COLOUR))
    if reading.weather == "snow":
        effects.append(_build_snow(canvas, rng))
    effects.extend(
        build_motes(kind, canvas, rng) for kind in ("fireflies", "embers", "dust") if kind in reading.features
    )
    return Weather(tuple(effects), fade_in_seconds)


def build_motes(kind: str, canvas: Canvas, rng: np.random.Generator) -> Effect:
    count, colour = {
        "fireflies": (70, (1.0, 0.86, 0.42)),
        "embers": (90, (1.0, 0.50, 0.16)),
        "dust": (60, (1.0, 0.93, 0.80)),
    }[kind]
    radii = (4, 6) if kind == "dust" else (5, 8, 12, 18)
    highest = 0.35 if kind == "fireflies" else 0.0
    paths = np.stack(
        [
            rng.uniform(0, canvas.width, count),
            rng.uniform(highest, 1, count) * canvas.height,
            rng.uniform(0, 2 * math.pi, count),
            rng.uniform(0.5, 1.5, count),
            rng.uniform(0.2, 1.6, count),
        ],
        1,
    )
    sprites = tuple(_glow_sprite(max(2, int(radius * canvas.unit)), np.array(colour, np.float32)) for radius in radii)
    return _Motes(kind, sprites, paths)


def _build_rain(canvas: Canvas, rng: np.random.Generator) -> _Falling:
    planes: list[tuple[Pixels, float, float, float]] = []
    for length, count, brightness, speed in RAIN_PLANES:
        tile = np.zeros((768, 1024), np.uint8)
        reach = length * canvas.unit
        thickness = 2 if length > 80 and canvas.unit > 1.1 else 1
        for _ in range(int(count / max(0.4, canvas.unit))):
            x, y = rng.uniform(0, 1024), rng.uniform(0, 768)
            shade = float(brightness * rng.uniform(0.5, 1))
            for wrap_y in (-768, 0):
                streak = np.array([[x, y + wrap_y], [x - reach * RAIN_SLANT, y + wrap_y + reach]])
                stroke(tile, streak, shade, thickness)
        speed_px = speed * canvas.unit
        planes.append((np.tile(tile, (2, 2)), speed_px, speed_px * RAIN_SLANT, 0.0))
    return _Falling(tuple(planes), RAIN_COLOUR)


def _build_snow(canvas: Canvas, rng: np.random.Generator) -> _Falling:
    planes: list[tuple[Pixels, float, float, float]] = []
    for radius, count, brightness, speed in SNOW_PLANES:
        tile = np.zeros((1024, 1536), np.float32)
        spread = max(0.55, radius * canvas.unit * 0.55)
        columns, rows = rng.integers(0, 1536, count), rng.integers(0, 1024, count)
        np.maximum.at(tile, (rows, columns), rng.uniform(0.5, 1, count).astype(np.float32))
        peak = 2 * math.pi * spread**2
        flakes = np.clip(blur_tile(tile, spread) * peak * 1.6, 0, 1) * brightness
        speed_px = speed * canvas.unit
        planes.append((np.tile(to_pixels(flakes), (2, 2)), speed_px, -speed_px * 0.35, 8 * radius * canvas.unit))
    return _Falling(tuple(planes), SNOW_COLOUR)


def _build_fog(canvas: Canvas, palette: Palette, rng: np.random.Generator) -> _Fog:
    rows, columns = max(2, canvas.height // FOG_REDUCTION), max(2, canvas.width // FOG_REDUCTION)
    tiles: list[Pixels] = []
    for _ in range(2):
        sheet = np.clip((spectral(rng, (256, FOG_TILE), 2.8, 2, stretch=(1, 0.3)) - 0.28) * 1.5, 0, 1)
        tiles.append(np.tile(to_pixels(sheet), (1, 2)))
    height = np.linspace(0, 1, rows, dtype=np.float32)
    profile = smoothstep(0.15, 0.62, height) * (1 - smoothstep(0.75, 1.1, height) * 0.55) * 0.72
    return _Fog((tiles[0], tiles[1]), np.repeat(to_pixels(profile)[:, None], columns, 1), palette.haze)


def _flash(age: float) -> float:
    if age < 0 or age > 1.2:
        return 0.0
    return min(1.0, age / 0.05) * math.exp(-age * 4.5) * (0.75 + 0.25 * math.cos(age * 38))


def _mote(
    kind: str, seconds: float, path: tuple[float, float, float, float], unit: float
) -> tuple[float, float, float]:
    x, y, phase, pace = path
    if kind == "fireflies":
        left = x + unit * (
            60 * math.sin(seconds * 0.45 * pace + phase) + 14 * math.sin(seconds * 1.7 * pace + phase * 3)
        )
        top = y + unit * 34 * math.sin(seconds * 0.6 * pace + phase * 2)
        return left, top, max(0.0, math.sin(seconds * 1.6 * pace + phase * 5)) ** 1.5
    if kind == "embers":
        left = x + unit * (30 * math.sin(seconds * 1.3 * pace + phase) + 20 * seconds)
        return left, y - seconds * unit * 90 * pace, 0.5 + 0.5 * math.sin(seconds * 5 * pace + phase)
    top = y + unit * (10 * math.sin(seconds * 0.5 * pace + phase) - 4 * seconds)
    return x + unit * 14 * seconds * pace, top, 0.35 + 0.3 * math.sin(seconds * 0.9 * pace + phase)


def _glow_sprite(radius: int, colour: Floats) -> Pixels:
    offset = np.arange(-radius, radius + 1, dtype=np.float32)
    square = (offset[None, :] ** 2 + offset[:, None] ** 2) / np.float32(radius * radius)
    glow = np.exp(-square * 10) * 0.9 + np.exp(-square * 3.3) * 0.35
    glow *= np.clip(1 - square, 0, 1)
    white = np.exp(-square * 26)[..., None] * 0.5
    return to_pixels(np.clip(mix(glow[..., None] * colour, np.ones(3, np.float32), white), 0, 1))


def _stamp(canvas: Pixels, sprite: Pixels, x: float, y: float, glow: float) -> None:
    """Add a small light centred on (x, y), placed to a fraction of a pixel."""
    if glow < 0.03:
        return
    radius = sprite.shape[0] // 2
    left, top = math.floor(x) - radius, math.floor(y) - radius
    size = sprite.shape[0] + 1
    first_x, first_y = max(0, left), max(0, top)
    last_x, last_y = min(canvas.shape[1], left + size), min(canvas.shape[0], top + size)
    if last_x <= first_x or last_y <= first_y:
        return
    moved = warp(sprite, place(x - math.floor(x), y - math.floor(y)), size, size)
    part = moved[first_y - top : last_y - top, first_x - left : last_x - left]
    add_light(canvas[first_y:last_y, first_x:last_x], scale(np.ascontiguousarray(part), glow))


def _window(tile: Pixels, offset_x: int, offset_y: int, width: int, height: int) -> Pixels:
    """`width` x `height` pixels of a tile that was repeated twice each way, however large they are."""
    rows, columns = tile.shape[0] // 2, tile.shape[1] // 2
    if height <= rows and width <= columns:
        return tile[offset_y : offset_y + height, offset_x : offset_x + width]
    lines = np.arange(offset_y, offset_y + height) % rows
    across = np.arange(offset_x, offset_x + width) % columns
    return np.ascontiguousarray(tile[lines][:, across])
