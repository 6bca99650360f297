"""Skies: air lit by its sun or moon, the lights of heaven, and clouds in front of them.

Everything soft is drawn at half size and enlarged; stars, moon and meteors are drawn at full size afterwards.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.colour import from_linear, gradient, mix, smoothstep, to_linear, to_pixels
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import Canvas, Pixels, screen
from filmgate.animatic.scene import Brief
from filmgate.animatic.sky.clouds import Air, Clouds, build_clouds
from filmgate.animatic.sky.heavens import (
    Aurora,
    Meteors,
    Moon,
    Stars,
    build_aurora,
    build_meteors,
    build_moon,
    build_stars,
    halo,
    milky_way,
    rainbow,
)

CLEAR = 0.2  # up to this cover a night shows the milky way by itself
SUN_RADIUS = 0.042  # bases


@dataclass(frozen=True, slots=True)
class SkySpec:
    """What a scene asks of its sky. `sun_x` is a share of the width, `cover` 0..1.

    `features` are those of a reading: "aurora", "milkyway", "meteor" and "rainbow" are drawn.
    """

    horizon: int
    sun_x: float
    cover: float = 0.5
    wind: float = 1.0
    aurora: bool = False
    disc: bool = True
    features: frozenset[str] = frozenset()
    stormy: bool = False


def spec_for(brief: Brief, horizon: int, sun_x: float, cover: float = 0.5, wind: float = 1.0) -> SkySpec:
    """The sky that a prompt asks for, over a scene whose usual cover and wind are given."""
    reading = brief.reading
    stormy = reading.weather == "storm" or brief.palette.name == "storm"
    wet = reading.weather in ("rain", "snow") and "rainbow" not in reading.features
    usual = 1.0 if stormy else 0.9 if brief.palette.name == "overcast" or wet else cover
    if "milkyway" in reading.features or "meteor" in reading.features:
        usual = 0.12
    elif "aurora" in reading.features:
        usual = 0.25
    gale = wind * (0.5 + 0.5 * min(2.5, reading.wind))
    return SkySpec(horizon, sun_x, brief.cloud_cover(usual), gale, features=reading.features, stormy=stormy)


@dataclass(frozen=True, slots=True, eq=False)
class Sky:
    """Draws rows 0 to `rows` of a canvas."""

    rows: int
    sun_x: float
    sun_y: float
    air: Pixels  # half size
    clouds: Clouds | None
    aurora: Aurora | None
    rainbow: Pixels | None
    stars: Stars | None
    moon: Moon | None
    meteors: Meteors | None

    def paint(self, canvas: Pixels, seconds: float) -> None:
        small = self.air.copy()
        if self.aurora is not None:
            self.aurora.add_to(small, seconds)
        cover = None if self.clouds is None else self.clouds.paint(small, seconds)
        if self.rainbow is not None:
            screen(small, self.rainbow)
        target = canvas[: self.rows]
        cv2.resize(small, (canvas.shape[1], self.rows), dst=target, interpolation=cv2.INTER_LINEAR)
        if self.stars is not None:
            self.stars.paint(target, cover, seconds)
        if self.moon is not None:
            self.moon.paint(target, cover)
        if self.meteors is not None:
            self.meteors.paint(target, seconds)


def build_sky(canvas: Canvas, palette: Palette, spec: SkySpec, rng: np.random.Generator) -> Sky:
    rows = min(canvas.height, (spec.horizon + 3) // 2 * 2)
    sun_x, sun_y = spec.sun_x * canvas.width, palette.sun_height * spec.horizon
    air = _small_air(canvas, rows, spec, (sun_x, sun_y))
    has_disc = spec.disc and not palette.sun_hidden and sun_y < spec.horizon * 1.2
    has_disc = has_disc and not (palette.moon and "milkyway" in spec.features)  # no moon outshines it
    starry = palette.stars > 0.05
    milky = starry and palette.dark and spec.disc and ("milkyway" in spec.features or _is_clear_night(palette, spec))
    gathered = 2.2 if milky else 1.0
    return Sky(
        rows=rows,
        sun_x=sun_x,
        sun_y=sun_y,
        air=_painted_air(palette, spec, air, has_disc and not palette.moon, milky, rng),
        clouds=build_clouds(air, palette, spec.cover, spec.wind, spec.stormy, rng),
        aurora=build_aurora(rng) if spec.aurora or "aurora" in spec.features else None,
        rainbow=rainbow(air.width, air.rows, air.per_base, spec.sun_x, rng) if "rainbow" in spec.features else None,
        stars=build_stars(canvas, palette, rows, gathered, rng) if starry else None,
        moon=build_moon(canvas, palette, sun_x, sun_y, rng) if has_disc and palette.moon else None,
        meteors=build_meteors(canvas, spec.horizon, rng) if "meteor" in spec.features else None,
    )


def _is_clear_night(palette: Palette, spec: SkySpec) -> bool:
    return palette.name == "night" and spec.cover <= CLEAR


def _small_air(canvas: Canvas, rows: int, spec: SkySpec, sun: tuple[float, float]) -> Air:
    width, lines = (canvas.width + 1) // 2, (rows + 1) // 2
    per_base = canvas.base / 2
    columns = np.arange(width, dtype=np.float32) + 0.5
    down = np.arange(lines, dtype=np.float32) + 0.5
    middle = (sun[0] / 2, sun[1] / 2)
    distance = np.hypot((columns - middle[0])[None], (down - middle[1])[:, None] * 1.15) / per_base
    return Air(
        width=width,
        rows=lines,
        per_base=per_base,
        across=((columns - width / 2) / per_base).astype(np.float32),
        elevation=(1 - np.clip(down * 2 / max(1, spec.horizon), 0, 1)).astype(np.float32),
        distance=distance.astype(np.float32),
        sun=middle,
    )


def _painted_air(
    palette: Palette, spec: SkySpec, air: Air, has_sun: bool, milky: bool, rng: np.random.Generator
) -> Pixels:
    top, upper, lower, bottom = palette.sky
    column = gradient([(0, top), (0.42, upper), (0.80, lower), (1.0, bottom)], 1 - air.elevation)
    linear = np.repeat(to_linear(column)[:, None], air.width, 1)
    if milky:
        lean = -1.0 if spec.sun_x < 0.5 else 1.0
        fade = smoothstep(0.0, 0.35, air.elevation)[:, None, None]
        linear = linear + to_linear(milky_way(air.width, air.rows, air.per_base, lean, rng)) * fade
    if spec.disc and not milky:
        heat = np.exp(-air.distance * 16)[..., None] * 0.8
        colour = mix(to_linear(palette.glow), to_linear(palette.sun), heat)
        strength = palette.glow_gain * (0.26 * 0.55 if palette.moon else 0.62)
        linear = linear + colour * (halo(air.distance, palette) * strength)[..., None]
    # A shoulder per channel lets hot colours roll off to white instead of clipping into rings.
    rolled = np.where(linear > 0.55, 0.55 + 0.45 * (1 - np.exp(-(linear - 0.55) / 0.45)), linear)
    shown = from_linear(rolled)
    if has_sun:
        distance = air.distance / SUN_RADIUS
        disc = smoothstep(1.06, 0.90, distance)
        corona = np.exp(-(distance**2) * 0.55) * 0.35
        shown = mix(np.clip(shown + palette.glow * corona[..., None], 0, 1), palette.sun, disc[..., None])
    return to_pixels(shown.astype(np.float32), rng)


def sun_direction(sky: Sky, canvas: Canvas) -> tuple[float, float]:
    """A unit vector on screen from the middle of the frame to the light, for rims and shadows."""
    x, y = sky.sun_x - canvas.width / 2, sky.sun_y - canvas.height * 0.8
    length = math.hypot(x, y) + 1e-6
    return x / length, y / length
