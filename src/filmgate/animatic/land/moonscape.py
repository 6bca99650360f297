"""The moon: a floor of craters in hard light, hills of dust, and the Earth over it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filmgate.animatic.camera import View
from filmgate.animatic.colour import from_hex, mix, to_pixels
from filmgate.animatic.land.ground import craters, in_perspective, relief_light
from filmgate.animatic.layers import Ground, Layer, build_ground, build_layer, overhang_width
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import Floats, Pixels, blur, lookup, multiply, polygon_mask, resize, triple
from filmgate.animatic.scene import Brief
from filmgate.animatic.sky.planet import Planet, PlanetSpec, build_planet

LIGHT_FROM = (-0.82, -0.57)  # the sun, which is out of the frame
SUNNY, SHADED = "b9b7b3", "35363b"
HILLS = ((0.06, 0.085, 0.22), (0.14, 0.050, 0.3))  # depth, height in bases and roughness of each range, far first
CRATERS = 900
SPACING = 420.0
CONTRAST = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class Moonscape:
    hills: tuple[Layer, ...]
    ground: Ground

    def paint(self, target: Pixels, seconds: float, view: View) -> None:
        """Nothing moves here but the camera."""
        for layer in self.hills:
            layer.paint(target, view)
        self.ground.paint(target, view)


def build_moonscape(brief: Brief, horizon: int) -> Moonscape:
    hills = tuple(_hills(brief, horizon, index) for index in range(len(HILLS)))
    return Moonscape(hills, build_ground(brief.canvas, horizon, _ground_picture(brief, horizon)))


def earth_over_the_moon(brief: Brief) -> Planet:
    canvas = brief.canvas
    x = canvas.width * (0.76 if brief.rng.uniform() < 0.5 else 0.70)
    spec = PlanetSpec("earth", x, canvas.height * 0.24, 0.085 * canvas.base, 0.02, (-0.8, -0.35, 0.45), turn_speed=4.0)
    return build_planet(canvas, spec, brief.rng)


def _matter(palette: Palette) -> tuple[Floats, Floats]:
    """Dust in the sun and in the shade: without air, little light reaches the shade."""
    sunlight = palette.ambient * 0.42 + palette.light * 0.95
    return np.clip(from_hex(SUNNY) * sunlight, 0, 1), np.clip(from_hex(SHADED) * palette.ambient * 0.10, 0, 1)


def _ground_picture(brief: Brief, horizon: int) -> Pixels:
    canvas, rng = brief.canvas, brief.rng
    relief = relief_light(craters(rng, CRATERS), (-0.85, -0.5), CONTRAST)
    light = in_perspective(relief, canvas, horizon, overhang_width(canvas), SPACING)
    sunny, shaded = _matter(brief.palette)
    level = np.linspace(0, 1, 256, dtype=np.float32)[None, :, None]
    colour = lookup(triple(to_pixels(light)), to_pixels(np.clip(mix(shaded, sunny, level) * 1.07, 0, 1)))
    rows = np.linspace(0.67, 1, colour.shape[0], dtype=np.float32)[:, None]  # the near ground is lit more steeply
    return multiply(colour, triple(np.repeat(to_pixels(rows), colour.shape[1], 1)))


def _hills(brief: Brief, horizon: int, index: int) -> Layer:
    """One range, lit on the side of the sun and shaded on the other."""
    canvas, rng = brief.canvas, brief.rng
    depth, height, roughness = HILLS[index]
    width = overhang_width(canvas)
    broad, fine = curve(rng, 2048, 3, 3 + 2 * index), curve(rng, 2048, 8, 9)
    profile = (broad * (1 - 0.35 * roughness) + fine * 0.35 * roughness) * height * 0.9 * canvas.base
    across = np.arange(width, dtype=np.float64)
    rise = np.interp(across / width * 2047, np.arange(2048), profile)
    line = horizon - rise - 2 * canvas.unit
    smooth = blur(rise[None].astype(np.float32), 14 * canvas.unit, 0.1)[0]  # every column on its own would look combed
    slope = np.gradient(smooth)
    first = max(0, int(line.min()) - 4)
    rows_px = horizon + 3 - first
    facing = np.clip(0.5 + slope / (np.abs(slope).max() + 1e-6) * 0.9, 0, 1)[None]
    outline = np.concatenate([np.stack([across, line - first], 1), [[width, rows_px + 4], [0, rows_px + 4]]])
    coverage = polygon_mask(width, rows_px, [outline])
    below = (np.arange(rows_px, dtype=np.float32)[:, None] + first - line[None]) / max(1.0, height * canvas.base)
    texture = resize(spectral(rng, (128, 512), 1.8, 3, stretch=(1, 0.5)), width, rows_px)
    blend = np.clip(facing * (1 - 0.6 * np.clip(below, 0, 1)) + (texture - 0.5) * 0.5, 0, 1).astype(np.float32)
    sunny, shaded = _matter(brief.palette)
    layer = build_layer(canvas, horizon, depth, mix(shaded, sunny, blend[..., None]) * np.float32(0.8), coverage)
    return Layer(layer.pixels, depth, layer.left, layer.top + first, canvas, horizon)
