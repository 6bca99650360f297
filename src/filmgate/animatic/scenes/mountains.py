"""Mountains: across a lake that mirrors them, or from a ridge on which people can walk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import mix, smoothstep
from filmgate.animatic.figures.cast import build_cast, paint_cast
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.foliage import far_shore, framing_conifers
from filmgate.animatic.layers import Layer, build_layer, overhang_width
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Floats, Pixels, polygon_mask, resize
from filmgate.animatic.scene import Brief, Moment
from filmgate.animatic.sky import Sky, build_sky, spec_for, sun_direction
from filmgate.animatic.terrain import Lens, bake, look, scout
from filmgate.animatic.water import Water, WaterSpec, build_water

LAKE_HORIZON, RIDGE_HORIZON = 0.60, 0.66
RIDGE_DEPTH = 0.85
# Distances from and to, and the depth of the plane that is cut there.
LAKE_SLICES = ((420.0, 1400.0, 0.14), (140.0, 420.0, 0.34), (50.0, 140.0, 0.50))
RIDGE_SLICES = ((420.0, 1400.0, 0.12), (170.0, 420.0, 0.26), (40.0, 170.0, 0.50))


@dataclass(frozen=True, slots=True, eq=False)
class Lake:
    finish: Finish
    horizon: int
    sky: Sky
    land: tuple[Layer, ...]
    water: Water
    foreground: Layer
    cast: tuple[Actor, ...]
    canvas_shape: tuple[int, int, int]

    def paint(self, moment: Moment) -> Pixels:
        frame = np.zeros(self.canvas_shape, np.uint8)
        self.sky.paint(frame, moment.seconds)
        above = frame[: self.horizon]
        for layer in self.land:
            layer.paint(above, moment.view)
        paint_cast(self.cast, "shore", above, moment)
        paint_cast(self.cast, "air", above, moment)
        self.water.paint(frame, moment.seconds)
        paint_cast(self.cast, "water", frame, moment)
        self.foreground.paint(frame, moment.view)
        paint_cast(self.cast, "ground", frame, moment)
        return frame


@dataclass(frozen=True, slots=True, eq=False)
class Ridge:
    finish: Finish
    sky: Sky
    haze: Floats
    land: tuple[Layer, ...]
    ridge: Layer
    cast: tuple[Actor, ...]
    canvas_shape: tuple[int, int, int]

    def paint(self, moment: Moment) -> Pixels:
        frame = np.empty(self.canvas_shape, np.uint8)
        frame[:] = np.clip(self.haze * 255, 0, 255).astype(np.uint8)
        self.sky.paint(frame, moment.seconds)
        for layer in self.land:
            layer.paint(frame, moment.view)
        paint_cast(self.cast, "air", frame, moment)
        self.ridge.paint(frame, moment.view)
        paint_cast(self.cast, "ground", frame, moment)
        return frame


def build_lake(brief: Brief) -> Lake:
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    horizon = int(canvas.height * LAKE_HORIZON)
    sky, sun_x = _sky(brief, horizon)
    land = _ranges(brief, horizon, sun_x, cut_at_horizon=True)
    water = WaterSpec(horizon, 0.10, sky.sun_x if palette.is_sunlit else None, 0.35)
    base = canvas.base
    spots = {
        "water": Spot(0.5, horizon + 0.13 * base, 0.17 * base, 0.5),
        "shore": Spot(0.70, horizon + 0.002 * base, 0.13 * base, 0.40),
        "ground": Spot(0.46, canvas.height - 0.048 * base, 0.25 * base, 0.95),
        "air": Spot(0.36, canvas.height * 0.25, 0.17 * base, 0.30),
    }
    return Lake(
        finish=Finish(
            bloom=0.42 if palette.name != "day" else 0.2, bloom_threshold=170 if palette.name != "day" else 205
        ),
        horizon=horizon,
        sky=sky,
        land=(*land, far_shore(canvas, horizon, palette, 0.60, rng)),
        water=build_water(canvas, palette, water, rng),
        foreground=framing_conifers(canvas, horizon, palette, 0.95, rng),
        cast=build_cast(brief, Stage(canvas, horizon, spots, sun_direction(sky, canvas))),
        canvas_shape=(canvas.height, canvas.width, 3),
    )


def build_ridge(brief: Brief) -> Ridge:
    canvas, palette = brief.canvas, brief.palette
    horizon = int(canvas.height * RIDGE_HORIZON)
    sky, sun_x = _sky(brief, horizon)
    land = _ranges(brief, horizon, sun_x, cut_at_horizon=False)
    crest = _crest(brief)
    base, width = canvas.base, overhang_width(canvas)
    left = (width - canvas.width) / 2

    def floor(x: float) -> float:
        return float(np.interp((x + left) / width, np.linspace(0, 1, len(crest)), crest)) + 0.004 * base

    spots = {
        "ground": Spot(0.46, floor(0.46 * canvas.width), 0.26 * base, RIDGE_DEPTH),
        "air": Spot(0.38, canvas.height * 0.30, 0.20 * base, 0.32),
    }
    stage = Stage(canvas, horizon, spots, sun_direction(sky, canvas), floor, shadow=0.35)
    return Ridge(
        finish=Finish(
            bloom=0.45 if palette.name != "day" else 0.2, bloom_threshold=170 if palette.name != "day" else 205
        ),
        sky=sky,
        haze=palette.haze,
        land=land,
        ridge=_ridge(brief, horizon, crest, sun_x),
        cast=build_cast(brief, stage),
        canvas_shape=(canvas.height, canvas.width, 3),
    )


def _sky(brief: Brief, horizon: int) -> tuple[Sky, float]:
    sun_x = float(brief.rng.uniform(0.27, 0.73))
    return build_sky(brief.canvas, brief.palette, spec_for(brief, int(horizon * 1.02), sun_x), brief.rng), sun_x


def _ranges(brief: Brief, horizon: int, sun_x: float, *, cut_at_horizon: bool) -> tuple[Layer, ...]:
    """Two ranges, far and near. Where nothing of a range is seen, mist fills the valley in front of it."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    wintry = brief.reading.weather == "snow" or "snowcaps" in brief.reading.features
    terrain = bake(rng, palette, ((sun_x - 0.5) * 2.4 or 0.4, 0.36), 116.0, 0.24 if wintry else 0.44)
    lens = Lens(overhang_width(canvas), canvas.height, horizon, canvas.base * 1.7)
    focal_share = lens.focal / (canvas.base * 16 / 9)
    viewpoint = scout(terrain, rng, 15.0 if cut_at_horizon else 9.0, focal_share, above_ground=not cut_at_horizon)
    layers: list[Layer] = []
    rows = np.arange(canvas.height, dtype=np.float32)[:, None]
    for near, far, depth in LAKE_SLICES if cut_at_horizon else RIDGE_SLICES:
        plane = look(terrain, viewpoint, lens, palette.haze, 1050.0, near, far)
        colour = mix(plane.colour, palette.haze, smoothstep(0.0, 0.10 * canvas.base, plane.below)[..., None])
        coverage = plane.coverage
        if cut_at_horizon:
            coverage = np.where(rows > horizon, 0, coverage)
            damp = smoothstep(horizon - 0.16 * canvas.base, horizon, rows)[..., None]
            colour = mix(colour, palette.sky[3] * 0.92, damp * 0.55 * (1 - depth))
        else:
            mist = smoothstep(horizon - 0.10 * canvas.base, horizon + 0.12 * canvas.base, rows) * (0.62 - depth * 0.7)
            colour = mix(colour, palette.haze, mist[..., None])
        layers.append(build_layer(canvas, horizon, depth, colour, coverage.astype(np.float32)))
    return tuple(layers)


def _crest(brief: Brief) -> Floats:
    """Rows of the foreground ridge's edge across the overhanging width."""
    canvas, rng = brief.canvas, brief.rng
    across = np.linspace(0, 1, 2048)
    swell = 0.05 * (across - 0.5) - np.sin(across * np.pi) ** 2 * 0.03
    rough = (curve(rng, 2048, 3, 2) - 0.5) * 0.03 + (curve(rng, 2048, 8, 30) - 0.5) * 0.010
    return (canvas.height - (0.145 - swell + rough) * canvas.base).astype(np.float32)


def _ridge(brief: Brief, horizon: int, crest: Floats, sun_x: float) -> Layer:
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    width, height = overhang_width(canvas), canvas.height + int(0.12 * canvas.base)
    across = np.linspace(0, 1, len(crest))
    edge = np.stack([across * width, crest], 1)
    coverage = polygon_mask(width, height, [np.concatenate([edge, [[width, height + 9], [0, height + 9]]])])
    line = np.interp(np.arange(width) / width, across, crest)[None, :]
    below = np.arange(height, dtype=np.float32)[:, None] - line
    depth = np.clip(below / (0.16 * canvas.base), 0, 1)[..., None]
    texture = resize(spectral(rng, (256, 1024), 1.6, 4, stretch=(1, 0.4)), width, height)[..., None]
    snowy = brief.reading.weather == "snow" or "snowcaps" in brief.reading.features
    ground = np.array([0.92, 0.93, 0.96] if snowy else [0.62, 0.68, 0.42], np.float32)
    lit = np.clip(palette.light * 0.55 + palette.ambient * 0.25, 0, 1) * ground
    top = mix(palette.near * 1.6, lit, 0.20 if palette.dark else 0.62)
    colour = mix(top, palette.near * (0.9 if snowy else 0.8), smoothstep(0, 1, depth) ** 0.6 * (0.55 if snowy else 0.9))
    colour = colour * (0.80 + 0.40 * texture)
    rim = np.exp(-np.clip(below, 0, None) / (1.6 * canvas.unit))[..., None]
    left = (width - canvas.width) / 2
    near_sun = np.exp(-(((np.arange(width) - left - sun_x * canvas.width) / (0.33 * canvas.width)) ** 2))[None, :, None]
    colour = mix(colour, np.clip(palette.glow, 0, 1), np.clip(rim * near_sun * 0.75, 0, 1))
    return build_layer(canvas, horizon, RIDGE_DEPTH, colour.astype(np.float32), coverage)
