"""Open land under a sky: desert, snowfield, meadow, moon. The same hills and ground, made of other matter."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.figures.cast import build_cast, paint_cast
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.foliage import blades, conifer
from filmgate.animatic.ground import TILE, craters, in_perspective, relief_light, ripples
from filmgate.animatic.layers import Ground, Layer, build_ground, build_layer, nearness_at, overhang_width
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.planet import Planet, PlanetSpec, build_planet
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Canvas, Floats, Pixels, Points, blur, polygon_mask, resize
from filmgate.animatic.scene import Brief, Moment
from filmgate.animatic.sky import Sky, SkySpec, build_sky, sun_direction

HORIZON = 0.60
FEET = 0.115  # of the base, above the bottom edge


@dataclass(frozen=True, slots=True)
class Land:
    """What a kind of land is made of. Hills: depth, height over the horizon and roughness of each range, far first."""

    matter: tuple[str, str]  # lit and shaded, before the palette's light falls on it
    hills: tuple[tuple[float, float, float], ...]
    spacing: float  # how finely the ground is textured
    contrast: float  # of its relief
    low_gravity: bool = False
    airless: bool = False


LANDS: Mapping[str, Land] = MappingProxyType(
    {
        "desert": Land(("e3b074", "9a6238"), ((0.08, 0.075, 0.25), (0.16, 0.10, 0.05), (0.28, 0.085, 0.02)), 330, 0.75),
        "snowfield": Land(("f4f7fb", "9db2d2"), ((0.08, 0.12, 0.9), (0.17, 0.055, 0.25)), 300, 0.55),
        "meadow": Land(("7fa04c", "3c5f2c"), ((0.07, 0.11, 0.5), (0.14, 0.075, 0.3), (0.24, 0.045, 0.2)), 520, 0.85),
        "moon": Land(
            ("b9b7b3", "35363b"), ((0.06, 0.085, 0.22), (0.14, 0.050, 0.3)), 420, 1.5, low_gravity=True, airless=True
        ),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Plain:
    finish: Finish
    sky: Sky
    planet: Planet | None
    hills: tuple[Layer, ...]
    ground: Ground
    foreground: Layer | None
    cast: tuple[Actor, ...]
    canvas_shape: tuple[int, int, int]

    def paint(self, moment: Moment) -> Pixels:
        frame = np.zeros(self.canvas_shape, np.uint8)
        self.sky.paint(frame, moment.seconds)
        if self.planet is not None:
            self.planet.paint(frame, moment.seconds, moment.view)
        for layer in self.hills:
            layer.paint(frame, moment.view)
        paint_cast(self.cast, "air", frame, moment)
        self.ground.paint(frame, moment.view)
        paint_cast(self.cast, "ground", frame, moment)
        if self.foreground is not None:
            self.foreground.paint(frame, moment.view)
        return frame


def build_desert(brief: Brief) -> Plain:
    return _build(brief, "desert")


def build_snowfield(brief: Brief) -> Plain:
    return _build(brief, "snowfield")


def build_meadow(brief: Brief):
    from filmgate.animatic.scenes.meadow import build_meadow as b
    return b(brief)


def build_moon(brief: Brief) -> Plain:
    return _build(brief, "moon")


def _build(brief: Brief, kind: str) -> Plain:
    canvas, palette, rng, land = brief.canvas, brief.palette, brief.rng, LANDS[kind]
    horizon = int(canvas.height * HORIZON)
    sun_x = float(rng.uniform(0.27, 0.73))
    aurora = "aurora" in brief.reading.features and not land.airless
    cover = 0.0 if land.airless else brief.cloud_cover(0.35 if kind == "desert" else 0.5)
    sky = build_sky(canvas, palette, SkySpec(horizon, sun_x, cover, aurora=aurora, disc=not land.airless), rng)
    base, feet = canvas.base, canvas.height - FEET * canvas.base
    light_from = sun_direction(sky, canvas) if not land.airless else (-0.82, -0.57)
    spots = {
        "ground": Spot(0.47, feet, (0.40 if land.airless else 0.30) * base, nearness_at(canvas, horizon, feet)),
        "air": Spot(0.38, canvas.height * 0.26, 0.18 * base, 0.30),
    }
    stage = Stage(
        canvas, horizon, spots, light_from, low_gravity=land.low_gravity, shadow=0.75 if land.airless else 0.5
    )
    hazy = palette.name in ("day", "snowfield", "pastel")
    return Plain(
        finish=Finish(bloom=0.22 if hazy else 0.42, bloom_threshold=210 if hazy or land.airless else 175),
        sky=sky,
        planet=_earth_over_the_moon(brief) if land.airless else None,
        hills=tuple(_hills(brief, land, horizon, sun_x, index) for index in range(len(land.hills))),
        ground=build_ground(canvas, horizon, _ground_picture(brief, kind, horizon, sun_x)),
        foreground=_grass(brief, horizon) if kind == "meadow" else None,
        cast=build_cast(brief, stage),
        canvas_shape=(canvas.height, canvas.width, 3),
    )


def _matter(brief: Brief, land: Land) -> tuple[Floats, Floats]:
    """The ground's colour in the sun and in the shade, under this palette's light."""
    palette = brief.palette
    lit, shaded = (from_hex(value) for value in land.matter)
    if palette.name == "mars":
        lit, shaded = from_hex("d98a56"), from_hex("7a3d24")
    sunlight = palette.ambient * 0.42 + palette.light * (0.95 if land.airless else 0.62)
    skylight = palette.ambient * (0.10 if land.airless else 0.80)
    return np.clip(lit * sunlight, 0, 1), np.clip(shaded * skylight, 0, 1)


def _ground_picture(brief: Brief, kind: str, horizon: int, sun_x: float) -> Pixels:
    canvas, palette, rng, land = brief.canvas, brief.palette, brief.rng, LANDS[kind]
    width = overhang_width(canvas)
    if kind == "moon":
        relief = craters(rng, 900)
    elif kind == "meadow":
        relief = spectral(rng, (TILE, TILE), 1.4, 6) * 3 + spectral(rng, (TILE, TILE), 2.8, 2) * 9
    else:
        relief = ripples(rng)
    towards = (-0.85, -0.5) if land.airless else (math.copysign(0.8, sun_x - 0.5), -0.6)
    light = in_perspective(relief_light(relief, towards, land.contrast), canvas, horizon, width, land.spacing)
    lit, shaded = _matter(brief, land)
    colour = mix(shaded, lit, light[..., None])
    if kind == "meadow":
        patches = in_perspective(spectral(rng, (TILE, TILE), 2.6, 3), canvas, horizon, width, land.spacing)
        colour = mix(
            colour, colour * np.array([1.18, 1.02, 0.55], np.float32), smoothstep(0.45, 0.75, patches)[..., None]
        )
        colour = _flowers(brief, colour, horizon)
    rows = np.linspace(0, 1, colour.shape[0], dtype=np.float32)[:, None, None]
    if land.airless:
        return to_pixels(np.clip(colour * (0.72 + 0.35 * rows), 0, 1), rng)
    colour = mix(colour, palette.haze, np.exp(-rows * 7.0) * 0.72)
    left = (width - canvas.width) / 2
    across = (np.arange(width) - left - sun_x * canvas.width) / canvas.base
    warmth = np.exp(-((across / 0.55) ** 2))[None, :, None] * np.exp(-rows * 2.2) * (0.10 if palette.dark else 0.30)
    return to_pixels(np.clip(mix(colour, np.clip(palette.glow, 0, 1), warmth), 0, 1), rng)


def _hills(brief: Brief, land: Land, horizon: int, sun_x: float, index: int) -> Layer:
    """One range: lit on the side of the sun, shaded on the other, the further the paler."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    depth, height, roughness = land.hills[index]
    width = overhang_width(canvas)
    broad, fine = curve(rng, 2048, 3, 3 + 2 * index), curve(rng, 2048, 8, 9)
    profile = (broad * (1 - 0.35 * roughness) + fine * 0.35 * roughness) * height * canvas.base
    if land.airless:
        profile = profile * 0.9
    across = np.arange(width, dtype=np.float64)
    rise = np.interp(across / width * 2047, np.arange(2048), profile)
    line = horizon - rise - 2 * canvas.unit
    smooth = blur(rise[None].astype(np.float32), 14 * canvas.unit, 0.1)[0]  # every column on its own would look combed
    slope = np.gradient(smooth) * math.copysign(1, 0.5 - sun_x if not land.airless else 1.0)
    facing = np.clip(0.5 + slope / (np.abs(slope).max() + 1e-6) * 0.9, 0, 1)[None, :, None]
    rows_px = horizon + 3
    outline: list[Points] = [np.concatenate([np.stack([across, line], 1), [[width, rows_px + 4], [0, rows_px + 4]]])]
    if land is LANDS["meadow"] and index == len(land.hills) - 1:
        outline += _tree_line(rng, canvas, across, line)
    coverage = polygon_mask(width, rows_px, outline)
    below = (np.arange(rows_px, dtype=np.float32)[:, None] - line[None]) / max(1.0, height * canvas.base)
    texture = resize(spectral(rng, (128, 512), 1.8, 3, stretch=(1, 0.5)), width, rows_px)[..., None]
    lit, shaded = _matter(brief, land)
    blend = np.clip(facing * (1 - 0.6 * np.clip(below, 0, 1)[..., None]) + (texture - 0.5) * 0.5, 0, 1)
    colour = mix(shaded, lit, blend)
    if land.airless:
        return build_layer(canvas, horizon, depth, (colour * 0.8).astype(np.float32), coverage)
    thickness = max(0.12, 0.78 - depth * 2.2)
    base_mist = np.clip(below, 0, 1)[..., None] * 0.35
    return build_layer(
        canvas,
        horizon,
        depth,
        mix(colour, palette.haze, np.clip(thickness + base_mist, 0, 0.95)).astype(np.float32),
        coverage,
    )


def _tree_line(rng: np.random.Generator, canvas: Canvas, across: Floats, line: Floats) -> list[Points]:
    density = np.clip((curve(rng, 512, 4, 5) - 0.45) / 0.4, 0, 1)
    trees: list[Points] = []
    for x in rng.uniform(0, len(across) - 1, int(150 * len(across) / (1715 * canvas.unit))):
        thick = float(density[int(x / len(across) * 511)])
        if rng.uniform() < thick:
            height = rng.uniform(9, 22) * canvas.unit
            trees.append(conifer(rng, float(x), float(line[int(x)]) + 2 * canvas.unit, height, height * 0.55, 5))
    return trees


def _flowers(brief: Brief, colour: Floats, horizon: int) -> Floats:
    rng, canvas = brief.rng, brief.canvas
    rows, width = colour.shape[:2]
    count = int(1400 * width * rows / (1715 * 288 * canvas.unit**2))
    near = rng.uniform(0.12, 1, count) ** 0.8
    lines, columns = (near * (rows - 1)).astype(int), rng.integers(0, width, count)
    tints = np.stack([from_hex(value) for value in ("f4e9a0", "f0f0f4", "e88aa0", "f2c14a")])
    light = np.clip(brief.palette.ambient * 0.5 + brief.palette.light * 0.6, 0, 1)
    painted = colour.astype(np.float32)
    radius = np.maximum(1, np.round(near * 1.8 * canvas.unit)).astype(int)
    for line, column, size, pick in zip(lines, columns, radius, rng.integers(0, 4, count), strict=True):
        painted[max(0, line - size) : line + 1, column : column + size + 1] = tints[pick] * light
    return painted


def _grass(brief: Brief, horizon: int) -> Layer:
    """Blades at our very feet."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    width, height = overhang_width(canvas), canvas.height + int(0.10 * canvas.base)
    count = int(1500 * width / (1715 * canvas.unit))
    columns = rng.uniform(0, width, count)
    feet = canvas.height + rng.uniform(-0.01, 0.08, count) * canvas.base
    coverage = polygon_mask(width, height, blades(rng, columns, feet, canvas.unit, 46))
    lit, shaded = _matter(brief, LANDS["meadow"])
    rows = smoothstep(canvas.height - 0.07 * canvas.base, height, np.arange(height, dtype=np.float32))[:, None, None]
    tone = resize(spectral(rng, (16, 512), 1.2, 4), width, height)[..., None]
    colour = mix(mix(lit, shaded, 0.25), shaded * 0.6, np.clip(rows + (tone - 0.5), 0, 1)) * np.ones(
        (1, width, 1), np.float32
    )
    return build_layer(canvas, horizon, 1.0, mix(colour, palette.near, 0.15).astype(np.float32), coverage)


def _earth_over_the_moon(brief: Brief) -> Planet:
    canvas = brief.canvas
    x = canvas.width * (0.76 if brief.rng.uniform() < 0.5 else 0.70)
    spec = PlanetSpec("earth", x, canvas.height * 0.24, 0.085 * canvas.base, 0.02, (-0.8, -0.35, 0.45), turn_speed=4.0)
    return build_planet(canvas, spec, brief.rng)
