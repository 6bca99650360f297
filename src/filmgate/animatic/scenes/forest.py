"""A forest in depth: trunks and spruces from pale to dark, rays of light, drifting mist, grass at our feet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.figures.cast import build_cast, paint_cast
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.foliage import blades, conifer, trunk
from filmgate.animatic.layers import Layer, build_layer, overhang_width
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.motes import build_motes
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import (
    Floats,
    Pixels,
    Points,
    blur,
    multiply,
    place,
    polygon_mask,
    resize,
    sample,
    screen,
    tint,
    veil,
    warp,
)
from filmgate.animatic.scene import Brief, Effect, Moment

RANGES = 6
CAST_BEFORE = RANGES - 1  # the nearest trees stand in front of the figures
MIST_AFTER = 3
MIST_TILE = 1024
REDUCTION = 4
FOLIAGE: Mapping[str, str] = MappingProxyType(
    {
        "golden": "6a5a2a",
        "sunset": "4a2f3a",
        "dawn": "3f5a52",
        "day": "2f6238",
        "night": "10233a",
        "dusk": "1c2a4a",
        "overcast": "46584e",
        "pastel": "6a8a84",
        "neon": "3a1a5a",
        "storm": "1e2a2c",
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Rays:
    """Shafts of light from one point: two noises around it that turn against each other, at a quarter of the size."""

    ring: Pixels  # one turn of noise, three times over
    angle: Floats
    zero: Floats
    strength: Pixels
    colour: Floats

    def paint(self, canvas: Pixels, seconds: float) -> None:
        one = sample(self.ring, self.angle + np.float32(seconds * 6 % MIST_TILE), self.zero)
        other = sample(self.ring, self.angle + np.float32(MIST_TILE - seconds * 9 % MIST_TILE), self.zero)
        light = blur(multiply(multiply(one, other), self.strength, 1.6), 2.0)
        screen(canvas, tint(resize(light, canvas.shape[1], canvas.shape[0]), self.colour))


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    finish: Finish
    backdrop: Pixels
    trees: tuple[Layer, ...]
    rays: Rays
    mist: tuple[Pixels, Pixels]
    mist_profile: Pixels
    mist_colour: Floats
    motes: Effect
    cast: tuple[Actor, ...]

    def paint(self, moment: Moment) -> Pixels:
        frame = self.backdrop.copy()
        for index, layer in enumerate(self.trees):
            if index == CAST_BEFORE:
                paint_cast(self.cast, "air", frame, moment)
                paint_cast(self.cast, "ground", frame, moment)
            layer.paint(frame, moment.view)
            if index == MIST_AFTER:
                self.rays.paint(frame, moment.seconds)
                self._paint_mist(frame, moment.seconds)
        self.motes.paint(frame, moment, 1.0)
        return frame

    def _paint_mist(self, frame: Pixels, seconds: float) -> None:
        rows, columns = self.mist_profile.shape
        top = frame.shape[0] // 3
        for index, (tile, speed) in enumerate(zip(self.mist, (9.0, -5.0), strict=True)):
            offset = (seconds * speed + 300 * index) % MIST_TILE
            sheet = resize(warp(tile, place(-offset, 0), MIST_TILE, tile.shape[0]), columns, rows)
            mask = resize(multiply(sheet, self.mist_profile), frame.shape[1], frame.shape[0])
            veil(frame[top:], mask[top:], self.mist_colour)


def build_forest(brief: Brief) -> Forest:
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    leaf = from_hex(FOLIAGE.get(palette.name, "2f5a3c"))
    haze = mix(mix(palette.sky[3], palette.sky[2], 0.25), leaf, 0.12)
    sun = (float(rng.uniform(0.35, 0.65)) * canvas.width, canvas.height * 0.26)
    base, feet = canvas.base, canvas.height - 0.085 * canvas.base
    spots = {
        "ground": Spot(0.48, feet, 0.27 * base, 0.72),
        "air": Spot(0.45, canvas.height * 0.36, 0.14 * base, 0.5),
    }
    towards_x, towards_y = sun[0] - canvas.width / 2, sun[1] - canvas.height * 0.8
    length = float(np.hypot(towards_x, towards_y)) + 1e-6
    stage = Stage(canvas, canvas.height * 0.62, spots, (towards_x / length, towards_y / length), shadow=0.4)
    sheets: list[Pixels] = []
    for _ in range(2):
        sheet = np.clip((spectral(rng, (256, MIST_TILE), 2.8, 2, stretch=(1, 0.3)) - 0.36) * 1.6, 0, 1)
        sheets.append(np.tile(to_pixels(sheet), (1, 2)))
    share = np.linspace(0, 1, max(2, canvas.height // REDUCTION), dtype=np.float32)
    profile = (
        smoothstep(0.42, 0.80, share)
        * (1 - smoothstep(0.86, 1.06, share) * 0.6)
        * (0.85 if brief.reading.weather == "fog" else 0.62)
    )
    wants_fireflies = palette.moon or palette.name == "dusk"
    return Forest(
        finish=Finish(
            bloom=0.30 if palette.name == "day" else 0.55, bloom_threshold=200 if palette.name == "day" else 165
        ),
        backdrop=_backdrop(brief, haze, sun),
        trees=tuple(_trees(brief, index / (RANGES - 1), leaf, haze, sun) for index in range(RANGES)),
        rays=_rays(brief, sun),
        mist=(sheets[0], sheets[1]),
        mist_profile=np.repeat(to_pixels(profile)[:, None], max(2, canvas.width // REDUCTION), 1),
        mist_colour=haze,
        motes=build_motes("fireflies" if wants_fireflies else "dust", canvas, rng),
        cast=build_cast(brief, stage),
    )


def _backdrop(brief: Brief, haze: Floats, sun: tuple[float, float]) -> Pixels:
    canvas, palette = brief.canvas, brief.palette
    rows, columns = np.mgrid[0 : canvas.height, 0 : canvas.width].astype(np.float32)
    distance = np.hypot(columns - np.float32(sun[0]), (rows - np.float32(sun[1])) * 0.9) / canvas.base
    air = mix(palette.sky[1], haze, smoothstep(0, 0.55, rows[..., None] / canvas.height))
    light = np.clip(mix(palette.glow, palette.sun, 0.45), 0, 1)
    glow = np.exp(-distance * 2.2)[..., None] * (0.55 if palette.dark else 0.80)
    return to_pixels(np.clip(mix(air, light, glow), 0, 1), brief.rng)


def _rays(brief: Brief, sun: tuple[float, float]) -> Rays:
    canvas, palette = brief.canvas, brief.palette
    width, height = max(2, canvas.width // REDUCTION), max(2, canvas.height // REDUCTION)
    source_y = sun[1] - 0.22 * canvas.height
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = columns * REDUCTION - np.float32(sun[0]), rows * REDUCTION - np.float32(source_y)
    distance = np.hypot(x, y) / canvas.base
    noise = to_pixels(np.clip((curve(brief.rng, MIST_TILE, 6, 9) - 0.25) * 1.5, 0, 1))
    strength = np.exp(-distance / 1.1 * 1.6) * (0.62 if palette.dark else 0.85) * smoothstep(-0.02, 0.22, distance)
    angle = (np.arctan2(y, x) / (2 * np.pi)) % 1
    return Rays(
        ring=np.repeat(np.tile(noise, 3)[None], 2, 0),
        angle=(angle * (MIST_TILE - 1)).astype(np.float32),
        zero=np.zeros((height, width), np.float32),
        strength=to_pixels(np.clip(strength, 0, 1)),
        colour=np.clip(mix(palette.glow, palette.sun, 0.4), 0, 1),
    )


def _trees(brief: Brief, share: float, leaf: Floats, haze: Floats, sun: tuple[float, float]) -> Layer:
    """One range of trees; `share` is 0 for the farthest and 1 for the nearest."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    width, unit = overhang_width(canvas), canvas.unit
    left = (width - canvas.width) / 2
    across = np.linspace(0, width, 512)
    foot = canvas.height - (0.30 - 0.26 * share) * canvas.base
    ground = foot - (6 + 26 * curve(rng, 512, 5, 4)) * unit * (0.5 + share)
    soil = np.concatenate([np.stack([across, ground], 1), [[width, canvas.height + 4], [0, canvas.height + 4]]])
    outlines: list[Points] = [soil, *_stand(brief, share, across, ground)]
    if share > 0.15:
        columns = rng.uniform(0, width, int(520 * (0.4 + share) * width / (1740 * unit)))
        outlines += blades(rng, columns, np.interp(columns, across, ground) + 3 * unit, unit, 26 * (0.35 + share))
    coverage = polygon_mask(width, canvas.height, outlines)
    rows = np.linspace(0, 1, canvas.height, dtype=np.float32)[:, None, None]
    colour = mix(haze * 0.93, mix(leaf * 0.5, palette.near, 0.55), share**0.85 * 0.96 + 0.02)
    colour = mix(colour, haze, smoothstep(0.35, 0.95, rows) * 0.62 * (1 - share) ** 0.8)
    columns_px = (np.arange(width, dtype=np.float32) - np.float32(left))[None, :, None]
    beside = np.exp(-((np.abs(columns_px - np.float32(sun[0])) / canvas.base * 1.8) ** 2))
    beside = beside * np.exp(-np.abs(rows * canvas.height - sun[1]) / canvas.base * 1.6)
    colour = mix(colour, np.clip(palette.glow, 0, 1), np.clip(beside * 0.55 * (1 - share * 0.75), 0, 1))
    return build_layer(canvas, canvas.height * 0.62, 0.10 + 0.80 * share**1.25, colour.astype(np.float32), coverage)


def _stand(brief: Brief, share: float, across: Floats, ground: Floats) -> list[Points]:
    canvas, rng = brief.canvas, brief.rng
    width, unit, base = float(across[-1]), canvas.unit, canvas.base
    count = int((46 * (1 - share) ** 1.2 + 7) * width / (1740 * unit)) + 2
    outlines: list[Points] = []
    for x in map(float, np.sort(rng.uniform(0, width, count))):
        if share > 0.75 and abs(x / width - 0.5) < 0.20:
            continue  # the nearest trees frame the view and leave its middle open
        foot = float(np.interp(x, across, ground)) + 8 * unit
        if share < 0.9 and rng.uniform() < 0.55:
            height = base * rng.uniform(0.26, 0.60) * (0.62 + 0.75 * share)
            outlines.append(conifer(rng, x, foot, height, height * rng.uniform(0.26, 0.36), 14))
        else:
            girth = (7 + 40 * share) * unit * rng.uniform(0.6, 1.2)
            outlines += trunk(rng, x, foot, -20.0, girth, (60 + 150 * share) * unit)
    return outlines
