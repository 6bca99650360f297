"""Deep space: a nebula, stars at two depths, and usually a planet. What floats here turns slowly and never falls."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from filmgate.animatic.camera import View
from filmgate.animatic.colour import from_hex, from_oklab, gradient, smoothstep, to_oklab, to_pixels
from filmgate.animatic.figures.cast import build_cast, paint_cast
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.noise import distort, ridged, spectral
from filmgate.animatic.planet import Planet, PlanetSpec, build_planet
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    add_light,
    blur,
    place,
    resize,
    stroke,
    then,
    warp,
    with_spare_channel,
)
from filmgate.animatic.scene import Brief, Moment

Positions = npt.NDArray[np.int64]

TILE = 640
RAMP_STEPS = 1024
OVERSIZE = 1.32  # of the star fields over the canvas: they turn and grow a little all the time
SPIN = 0.006  # radians a second
NEBULAE = (
    ("1b0f3b", "5a2a8a", "d04a8a", "ffb27a"),
    ("06122e", "0f4a7a", "2fb0b8", "c8f0d0"),
    ("140a24", "6a1f3a", "e0603a", "ffd08a"),
    ("0a0f2e", "2f3f9a", "8a6ad0", "f0c8ff"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    finish: Finish
    canvas: Canvas
    nebula: Pixels  # with the faint stars; both have four channels, which OpenCV moves faster
    bright_stars: Pixels
    planet: Planet
    cast: tuple[Actor, ...]

    def paint(self, moment: Moment) -> Pixels:
        canvas, seconds, view = self.canvas, moment.seconds, moment.view
        far = self._turned(self.nebula, 0.12, 0.006 * seconds, seconds, view)
        sky = warp(self.nebula, far, canvas.width, canvas.height, cv2.BORDER_REFLECT_101)
        near = self._turned(self.bright_stars, 0.34, 0.010 * seconds, seconds, view)
        add_light(sky, warp(self.bright_stars, near, canvas.width, canvas.height))
        frame = np.asarray(cv2.cvtColor(sky, cv2.COLOR_BGRA2BGR), np.uint8)
        self.planet.paint(frame, seconds, view)
        paint_cast(self.cast, "air", frame, moment)
        return frame

    def _turned(self, field: Pixels, depth: float, growth: float, seconds: float, view: View) -> Floats:
        """Canvas from field: centred, slowly turning, drifting with the camera."""
        height, width = field.shape[:2]
        grow = 1 + view.forward * depth * 2 + min(growth, 0.35)
        x = self.canvas.width / 2 - view.travel_x * depth * self.canvas.width
        y = self.canvas.height / 2 + view.travel_y * depth * self.canvas.base
        angle = 0.12 * np.tanh(SPIN * seconds / 0.12)
        return then(place(0, 0, pivot=(width / 2, height / 2)), place(x, y, grow, float(angle)))


def build_space(brief: Brief) -> Space:
    canvas, rng = brief.canvas, brief.rng
    size = (int(canvas.height * OVERSIZE), int(canvas.width * OVERSIZE))
    faint = _stars(
        rng, size, int(2600 * size[0] * size[1] / (1690 * 950 * canvas.unit**2)), 0.5 * canvas.unit, spikes=False
    )
    bright = _stars(
        rng, size, int(480 * size[0] * size[1] / (1690 * 950 * canvas.unit**2)), 0.8 * canvas.unit, spikes=True
    )
    nebula = _nebula(brief, size)
    add_light(nebula, faint)
    planet = _planet(brief)
    left = planet.spec.x > canvas.width / 2
    spots = {"air": Spot(0.34 if left else 0.64, canvas.height * 0.50, 0.40 * canvas.base, 0.75)}
    stage = Stage(canvas, canvas.height / 2, spots, (-0.75 if left else 0.75, -0.5), low_gravity=True, weightless=True)
    return Space(
        finish=Finish(bloom=0.42, bloom_threshold=185, vignette=0.5),
        canvas=canvas,
        nebula=with_spare_channel(nebula),
        bright_stars=with_spare_channel(bright),
        planet=planet,
        cast=build_cast(brief, stage),
    )


def _planet(brief: Brief) -> Planet:
    canvas, rng, features = brief.canvas, brief.rng, brief.reading.features
    kind = (
        "gas" if "rings" in features else "earth" if "earth" in features else str(rng.choice(["gas", "earth", "rock"]))
    )
    right = bool(rng.uniform() < 0.6)
    spec = PlanetSpec(
        kind=kind,
        x=canvas.width * (0.67 if right else 0.31),
        y=canvas.height * float(rng.uniform(0.48, 0.58)),
        radius=canvas.base * float(rng.uniform(0.27, 0.35)) * (0.8 if canvas.height > canvas.width else 1.0),
        depth=0.5,
        light=(-0.72 if right else 0.72, -0.42, 0.55),
        rings="rings" in features or (kind == "gas" and bool(rng.uniform() < 0.6)),
    )
    return build_planet(canvas, spec, rng)


def _nebula(brief: Brief, size: tuple[int, int]) -> Pixels:
    rng, shape = brief.rng, (TILE, TILE)
    swirl_x, swirl_y = ((spectral(rng, shape, 3, 1, 10) - 0.5) * (0.25 * TILE) for _ in range(2))
    broad = distort(spectral(rng, shape, 2.9, 2), swirl_x, swirl_y)
    filaments = distort(ridged(rng, shape, 7, 3), swirl_y * 0.8, swirl_x * 0.8) ** 1.3
    patches = spectral(rng, shape, 3.2, 1, 8)
    gas = np.clip((broad - 0.22) * 1.25, 0, 1) * (0.30 + 0.9 * np.clip((patches - 0.25) * 1.7, 0, 1))
    density = np.clip(gas * 1.25 + 0.18 * filaments * gas, 0, 1)
    dark, deep, bright, hot = _nebula_colours(brief)
    stops = [(0.0, dark * 0.16), (0.22, dark * 0.75), (0.46, deep * 0.95), (0.74, bright), (1.0, hot)]
    ramp = gradient(stops, np.linspace(0, 1, RAMP_STEPS, dtype=np.float32))
    level = np.clip(density * 0.92 + 0.22 * (patches - 0.5), 0, 1)
    colour = ramp[(level * (RAMP_STEPS - 1)).astype(np.intp)]
    dust = np.clip((filaments - 0.35) * 1.3, 0, 1) * smoothstep(0.25, 0.6, density)
    colour = (colour * (1 - 0.55 * dust[..., None]) * 0.92).astype(np.float32)
    # Crop to the frame's shape first: stretching a square would smear the gas in wide frames.
    rows, columns = size
    height, width = (TILE, max(2, TILE * columns // rows)) if columns < rows else (max(2, TILE * rows // columns), TILE)
    return to_pixels(
        np.clip(resize(np.ascontiguousarray(colour[:height, :width]), columns, rows, cv2.INTER_CUBIC), 0, 1), rng
    )


def _nebula_colours(brief: Brief) -> tuple[Floats, Floats, Floats, Floats]:
    first, second, third, fourth = (from_hex(value) for value in NEBULAE[int(brief.rng.integers(len(NEBULAE)))])
    if brief.reading.accent is None:
        return first, second, third, fourth
    accent = to_oklab(from_hex(brief.reading.accent))

    def tone(lightness: float, strength: float) -> Floats:
        return from_oklab(np.array([lightness, accent[1] * strength, accent[2] * strength], np.float32))

    return tone(0.16, 0.5), tone(0.38, 0.9), tone(0.66, 1.0), tone(0.92, 0.35)


def _stars(rng: np.random.Generator, size: tuple[int, int], count: int, sigma: float, *, spikes: bool) -> Pixels:
    rows, columns = rng.integers(0, size[0], count), rng.integers(0, size[1], count)
    brightness = np.clip(rng.pareto(1.9, count) * 0.20 + 0.16, 0, 1.6)
    warm = rng.uniform(0, 1, (count, 1)) < 0.5
    tints = np.where(warm, from_hex("ffe6cf"), from_hex("cfe0ff"))
    light = np.zeros((*size, 3), np.float32)
    spread = max(0.5, sigma)
    light[rows, columns] = brightness[:, None] * tints * (2 * np.pi * spread**2) * 0.62
    picture = to_pixels(np.clip(blur(light, spread), 0, 1))
    if spikes:
        add_light(picture, _spikes(size, rows, columns, brightness, sigma))
    return picture


def _spikes(size: tuple[int, int], rows: Positions, columns: Positions, brightness: Floats, sigma: float) -> Pixels:
    """The thin cross that a lens draws around its brightest stars."""
    picture = np.zeros((*size, 3), np.uint8)
    colour = np.array([0.16, 0.18, 0.20], np.float32)
    for row, column, bright in zip(rows, columns, brightness, strict=True):
        if bright > 0.75:
            reach = 16 * sigma * bright
            stroke(picture, np.array([[column - reach, row], [column + reach, row]]), colour, 1)
            stroke(picture, np.array([[column, row - reach], [column, row + reach]]), colour, 1)
    return picture
