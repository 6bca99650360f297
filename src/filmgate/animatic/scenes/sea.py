"""Open sea under a wide sky; an island on the horizon, and a strip of beach when someone must stand somewhere."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.colour import mix, smoothstep
from filmgate.animatic.figures.cast import build_cast, paint_cast, stands_on_ground
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.layers import Layer, build_layer, overhang_width
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Pixels, polygon_mask, resize
from filmgate.animatic.scene import Brief, Moment
from filmgate.animatic.sky import Sky, build_sky, spec_for, sun_direction
from filmgate.animatic.water import Water, WaterSpec, build_water

HORIZON = 0.56
CHOPPINESS = {"storm": 1.25, "rain": 0.75, "fog": 0.35, "snow": 0.5}
BEACH_DEPTH = 0.92


@dataclass(frozen=True, slots=True, eq=False)
class Sea:
    finish: Finish
    horizon: int
    sky: Sky
    island: Layer
    water: Water
    beach: Layer | None
    cast: tuple[Actor, ...]
    canvas_shape: tuple[int, int, int]

    def paint(self, moment: Moment) -> Pixels:
        frame = np.zeros(self.canvas_shape, np.uint8)
        self.sky.paint(frame, moment.seconds)
        self.island.paint(frame[: self.horizon], moment.view)
        above = frame[: self.horizon + 1]
        paint_cast(self.cast, "shore", above, moment)
        paint_cast(self.cast, "air", above, moment)
        self.water.paint(frame, moment.seconds * 1.15)
        seam = frame[max(0, self.horizon - 3) : self.horizon + 5]
        seam[:] = cv2.GaussianBlur(seam, (1, 7), sigmaX=0.1, sigmaY=1.6)  # haze where sea and sky meet
        paint_cast(self.cast, "water", frame, moment)
        if self.beach is not None:
            self.beach.paint(frame, moment.view)
        paint_cast(self.cast, "ground", frame, moment)
        return frame


def build_sea(brief: Brief) -> Sea:
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    horizon = int(canvas.height * HORIZON)
    sun_x = float(rng.uniform(0.3, 0.7))
    sky = build_sky(canvas, palette, spec_for(brief, horizon, sun_x, wind=1.4), rng)
    choppiness = CHOPPINESS.get(brief.reading.weather or "", 0.6)
    calm_light = brief.reading.weather not in ("storm", "rain") and palette.is_sunlit
    spec = WaterSpec(horizon, choppiness, sky.sun_x if calm_light else None)
    base = canvas.base
    spots = {
        "water": Spot(0.5 + 0.12 * (0.5 - sun_x), horizon + 0.10 * base, 0.26 * base, 0.45),
        "shore": Spot(0.78 if sun_x < 0.5 else 0.22, horizon + 0.004 * base, 0.21 * base, 0.22),
        "air": Spot(0.40, canvas.height * 0.26, 0.16 * base, 0.30),
    }
    walks = stands_on_ground(brief)
    if walks:
        spots["ground"] = Spot(0.47, canvas.height - 0.075 * base, 0.30 * base, BEACH_DEPTH)
    return Sea(
        finish=Finish(
            bloom=0.5 if palette.name != "day" else 0.25, bloom_threshold=170 if palette.name != "day" else 205
        ),
        horizon=horizon,
        sky=sky,
        island=_island(brief, horizon),
        water=build_water(canvas, palette, spec, rng),
        beach=_beach(brief, horizon) if walks else None,
        cast=build_cast(brief, Stage(canvas, horizon, spots, sun_direction(sky, canvas))),
        canvas_shape=(canvas.height, canvas.width, 3),
    )


def _island(brief: Brief, horizon: int) -> Layer:
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    width = overhang_width(canvas)
    across = np.arange(width) / width
    grand = "island" in brief.reading.features
    centre, spread = rng.uniform(0.25, 0.75), rng.uniform(0.16, 0.26) if grand else rng.uniform(0.08, 0.18)
    envelope = np.exp(-(((across - centre) / spread) ** 2))
    hills = np.interp(across, np.linspace(0, 1, 2048), curve(rng, 2048, 8, 4))
    height = (0.24 if grand else 0.12) * canvas.base
    line = horizon - envelope * hills * height + 2 * (envelope < 0.03)
    shore = np.concatenate([np.stack([np.arange(width), line], 1), [[width, horizon + 4], [0, horizon + 4]]])
    coverage = polygon_mask(width, horizon + 1, [shore])
    rows = np.linspace(0, 1, horizon + 1, dtype=np.float32)[:, None, None]
    land = mix(palette.far, palette.near, 0.55 if grand else 0.35)
    colour = mix(land, palette.far, smoothstep(0.86, 1, rows)) * np.ones((1, width, 1), np.float32)
    return build_layer(canvas, horizon, 0.10, colour, coverage)


def _beach(brief: Brief, horizon: int) -> Layer:
    """Sand at our feet, wet and dark where the water ends."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    width, height = overhang_width(canvas), canvas.height + int(0.12 * canvas.base)
    across = np.linspace(0, 1, 512)
    edge = canvas.height - (0.165 + 0.035 * curve(rng, 512, 4, 2) - 0.03 * np.sin(across * 3)) * canvas.base
    sand = np.concatenate([np.stack([across * width, edge], 1), [[width, height + 9], [0, height + 9]]])
    coverage = polygon_mask(width, height, [sand])
    line = np.interp(np.arange(width) / width, across, edge)[None, :]
    depth = (np.arange(height, dtype=np.float32)[:, None] - line) / (0.16 * canvas.base)
    grain = resize(spectral(rng, (256, 1024), 1.2, 3, stretch=(1, 0.35)), width, height)
    light = palette.ambient * 0.45 + palette.light * 0.5
    dry, wet = np.array([0.80, 0.68, 0.50], np.float32) * light, palette.water * 0.5 + palette.haze * 0.28
    colour = mix(wet, dry, smoothstep(0.05, 0.75, depth)[..., None]) * (0.86 + 0.28 * grain[..., None])
    foam = np.exp(-((depth / 0.035) ** 2))[..., None]
    colour = mix(colour, np.clip(palette.haze * 1.1, 0, 1), foam * 0.75)
    return build_layer(canvas, horizon, BEACH_DEPTH, colour.astype(np.float32), coverage)
