"""The weather over a picture: what the prompt lets fall, drift, burn and flash."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.air.falling import RAIN_COLOUR, build_rain, build_snow, build_tumbling, tumbling_kinds
from filmgate.animatic.air.motes import SWARMS, build_motes
from filmgate.animatic.colour import smoothstep, to_pixels
from filmgate.animatic.noise import spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    add_weighted,
    blur,
    multiply,
    paste_light,
    place,
    resize,
    scale,
    screen,
    stroke,
    tint,
    veil,
)
from filmgate.animatic.scene import START_SECONDS, Brief, Effect, Moment

FOG_REDUCTION = 4
FOG_TILE = 1024
SECONDS_BETWEEN_FLASHES = 2.2
BOLT_REDUCTION = 2
BOLT_GENERATIONS = 6
# Scenes with mist of their own, between the trees or in the valleys.
MISTY_SCENES = frozenset({"forest"})


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
class _Fog:
    """Two drifting sheets of mist, thickest around the horizon."""

    tiles: tuple[Pixels, Pixels]
    profile: Pixels
    colour: Floats
    wind: float

    def paint(self, canvas: Pixels, moment: Moment, strength: float) -> None:
        height, width = canvas.shape[:2]
        rows, columns = self.profile.shape
        sheets: list[Pixels] = []
        for index, (tile, speed) in enumerate(zip(self.tiles, (11.0, -6.0), strict=True)):
            offset = (moment.seconds * speed * self.wind + 300 * index) % FOG_TILE
            column, part = divmod(offset, 1.0)
            window = tile[:, int(column) : int(column) + FOG_TILE + 1]
            shifted = add_weighted(window[:, :-1], 1 - part, window[:, 1:], part)
            sheets.append(multiply(resize(shifted, columns, rows), self.profile))
        screen(sheets[0], sheets[1])  # both sheets, one behind the other
        veil(canvas, resize(scale(sheets[0], strength), width, height), self.colour)


@dataclass(frozen=True, slots=True, eq=False)
class _Lightning:
    """The sky lights up at seeded times: a bolt, a sharp rise, a flutter, a slow fall."""

    times: tuple[float, ...]
    bolts: tuple[Pixels, ...]  # light at half size, as wide as the canvas
    colour: Floats

    def paint(self, canvas: Pixels, moment: Moment, strength: float) -> None:
        for time, bolt in zip(self.times, self.bolts, strict=True):
            glow = _flash(moment.seconds - time) * strength
            if glow > 0.01:
                _lighten_sky(canvas, min(0.34, 0.34 * glow), self.colour)
                paste_light(canvas, bolt, place(0, 0, BOLT_REDUCTION), min(1.0, glow * 1.6))


def build_weather(brief: Brief, *, fade_in_seconds: float = 0.0, sheltered: bool = False) -> Weather:
    """The effects that the prompt asks for; nothing falls and nothing drifts in a sheltered place."""
    effects: list[Effect] = []
    reading, rng, canvas, palette = brief.reading, brief.rng, brief.canvas, brief.palette
    if sheltered:
        return Weather(())
    if reading.weather == "fog" and reading.scene not in MISTY_SCENES:
        effects.append(_build_fog(canvas, palette, reading.wind, rng))
    if reading.weather == "storm" or "lightning" in reading.features:
        effects.append(_build_lightning(brief))
    if reading.weather in ("rain", "storm"):
        effects.append(build_rain(canvas, reading.wind, rng))
    if reading.weather == "snow":
        effects.append(build_snow(canvas, reading.wind, rng))
    effects.extend(
        build_tumbling(kind, canvas, reading.wind, palette.ambient, palette.light, rng)
        for kind in tumbling_kinds()
        if kind in reading.features
    )
    effects.extend(build_motes(kind, canvas, rng) for kind in SWARMS if kind in reading.features)
    return Weather(tuple(effects), fade_in_seconds)


def _build_fog(canvas: Canvas, palette: Palette, wind: float, rng: np.random.Generator) -> _Fog:
    rows, columns = max(2, canvas.height // FOG_REDUCTION), max(2, canvas.width // FOG_REDUCTION)
    tiles: list[Pixels] = []
    for _ in range(2):
        sheet = np.clip((spectral(rng, (256, FOG_TILE), 2.8, 2, stretch=(1, 0.3)) - 0.28) * 1.5, 0, 1)
        tiles.append(np.pad(to_pixels(sheet), ((0, 0), (0, FOG_TILE + 1)), mode="wrap"))
    height = np.linspace(0, 1, rows, dtype=np.float32)
    profile = smoothstep(0.15, 0.62, height) * (1 - smoothstep(0.75, 1.1, height) * 0.55) * 0.72
    mask = np.repeat(to_pixels(profile)[:, None], columns, 1)
    return _Fog((tiles[0], tiles[1]), mask, palette.haze, 0.5 + 0.5 * wind)


def _build_lightning(brief: Brief) -> _Lightning:
    rng, canvas, seconds = brief.rng, brief.canvas, brief.duration_seconds
    count = max(1, int(seconds / SECONDS_BETWEEN_FLASHES))
    times = START_SECONDS + (np.arange(count) + rng.uniform(0.15, 0.75, count)) * seconds / count
    bolts = tuple(_bolt(canvas, rng) for _ in range(count))
    return _Lightning(tuple(float(time) for time in times), bolts, RAIN_COLOUR)


def _bolt(canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """A crooked path from the clouds to the horizon with a few branches, glowing; black where there is none."""
    width, height = canvas.width // BOLT_REDUCTION, max(2, int(canvas.height * 0.62) // BOLT_REDUCTION)
    light = np.zeros((height, width), np.uint8)
    start = np.array([rng.uniform(0.15, 0.85) * width, 0.0])
    end = np.array([start[0] + rng.uniform(-0.18, 0.18) * width, height * rng.uniform(0.8, 1.0)])
    trunk = _crooked(start, end, rng)
    thickness = max(1, round(1.6 * canvas.unit / BOLT_REDUCTION))
    stroke(light, trunk, 1.0, thickness)
    for _ in range(4):
        root = trunk[int(rng.integers(len(trunk) // 5, len(trunk) * 3 // 4))]
        reach = np.array([rng.uniform(-0.16, 0.16) * width, rng.uniform(0.10, 0.28) * height])
        stroke(light, _crooked(root, root + reach, rng), 0.55, max(1, thickness // 2))
    halo = blur(light, max(1.0, 5 * canvas.unit / BOLT_REDUCTION))
    glow = np.clip(light.astype(np.float32) / 255 + halo.astype(np.float32) / 90, 0, 1)
    return tint(to_pixels(glow), np.array([0.86, 0.90, 1.0], np.float32))


def _crooked(start: Floats, end: Floats, rng: np.random.Generator) -> Floats:
    """A line broken again and again at its middle, each time by less."""
    points = np.stack([start, end])
    swing = float(np.linalg.norm(end - start)) * 0.14
    for _ in range(BOLT_GENERATIONS):
        middles = (points[1:] + points[:-1]) / 2 + rng.normal(0, swing, (len(points) - 1, 2)) * np.array([1.0, 0.35])
        woven = np.empty((len(points) + len(middles), 2))
        woven[0::2], woven[1::2] = points, middles
        points, swing = woven, swing * 0.52
    return points


def _lighten_sky(canvas: Pixels, level: float, colour: Floats) -> None:
    rows = canvas.shape[0] * 2 // 3
    ramp = np.linspace(level, 0, rows, dtype=np.float32)[:, None]
    screen(canvas[:rows], tint(np.repeat(to_pixels(ramp), canvas.shape[1], 1), colour))


def _flash(age: float) -> float:
    if age < 0 or age > 1.2:
        return 0.0
    return min(1.0, age / 0.05) * math.exp(-age * 4.5) * (0.75 + 0.25 * math.cos(age * 38))
