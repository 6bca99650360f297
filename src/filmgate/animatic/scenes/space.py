"""Deep space: a nebula, stars at two depths, and usually a planet. What floats here turns slowly and never falls."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.camera import View
from filmgate.animatic.colour import from_hex, from_oklab, gradient, smoothstep, to_oklab, to_pixels
from filmgate.animatic.figures.cast import build_cast, paint_cast
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.noise import distort, ridged, spectral
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Matrix,
    Pixels,
    place,
    resize,
    then,
    warp,
    with_spare_channel,
)
from filmgate.animatic.scene import Brief, Moment
from filmgate.animatic.sky.cumulus import enlarged
from filmgate.animatic.sky.planet import Planet, PlanetSpec, build_planet
from filmgate.animatic.sky.starfield import Starfield, build_starfield

TILE = 640
RAMP_STEPS = 1024
OVERSIZE = 1.32  # of the star fields over the canvas: they turn and grow a little all the time
STARS = ((2600, 0.5), (480, 0.8))  # far and near: how many on a field of 720p, and their sigma in units
FIELD_PIXELS = 1690 * 950  # of a field of 720p
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
    nebula: Pixels  # half size, for gas is soft; with a fourth channel, which OpenCV moves faster
    stars: tuple[Starfield, Starfield]  # far and near
    planet: Planet
    cast: tuple[Actor, ...]

    def paint(self, moment: Moment) -> Pixels:
        seconds, view = moment.seconds, moment.view
        far = self._turned(0.12, 0.006 * seconds, seconds, view)
        near = self._turned(0.34, 0.010 * seconds, seconds, view)
        frame = self._gas(far)
        for stars, matrix in zip(self.stars, (far, near), strict=True):
            stars.paint(frame, matrix)
        self.planet.paint(frame, seconds, view)
        paint_cast(self.cast, "air", frame, moment)
        return frame

    def _gas(self, matrix: Matrix) -> Pixels:
        width, height = (self.canvas.width + 1) // 2, (self.canvas.height + 1) // 2
        rows, columns = self.nebula.shape[:2]
        small = matrix * np.array([[1, 1, 0.5], [1, 1, 0.5]])
        moved = warp(self.nebula, then(place(-columns / 2, -rows / 2), small), width, height, cv2.BORDER_REFLECT_101)
        gas = np.asarray(cv2.cvtColor(moved, cv2.COLOR_BGRA2BGR), np.uint8)
        return resize(gas, self.canvas.width, self.canvas.height)

    def _turned(self, depth: float, growth: float, seconds: float, view: View) -> Matrix:
        """Canvas from a field around its middle: slowly turning, drifting with the camera."""
        grow = 1 + view.forward * depth * 2 + min(growth, 0.35)
        x = self.canvas.width / 2 - view.travel_x * depth * self.canvas.width
        y = self.canvas.height / 2 + view.travel_y * depth * self.canvas.base
        angle = 0.12 * np.tanh(SPIN * seconds / 0.12)
        return place(x, y, grow, float(angle))


def build_space(brief: Brief) -> Space:
    canvas, rng = brief.canvas, brief.rng
    field = (canvas.width * OVERSIZE, canvas.height * OVERSIZE)
    density = field[0] * field[1] / (FIELD_PIXELS * canvas.unit**2)
    far, near = (
        build_starfield(rng, field, max(3, int(count * density)), sigma * canvas.unit, crossed=sigma > 0.6)
        for count, sigma in STARS
    )
    planet = _planet(brief)
    left = planet.spec.x > canvas.width / 2
    spots = {"air": Spot(0.34 if left else 0.64, canvas.height * 0.50, 0.40 * canvas.base, 0.75)}
    stage = Stage(canvas, canvas.height / 2, spots, (-0.75 if left else 0.75, -0.5), low_gravity=True, weightless=True)
    return Space(
        finish=Finish(bloom=0.42, bloom_threshold=185, vignette=0.5),
        canvas=canvas,
        nebula=with_spare_channel(_nebula(brief, (int(field[1] / 2), int(field[0] / 2)))),
        stars=(far, near),
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
    swirl_x, swirl_y = ((_broad(rng, 3, 10) - 0.5) * (0.25 * TILE) for _ in range(2))
    broad = distort(spectral(rng, shape, 2.9, 2), swirl_x, swirl_y)
    filaments = distort(ridged(rng, shape, 7, 3), swirl_y * 0.8, swirl_x * 0.8) ** 1.3
    patches = _broad(rng, 3.2, 8)
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


def _broad(rng: np.random.Generator, falloff: float, highest: float) -> Floats:
    """Noise without anything fine, which can be made small and enlarged."""
    return enlarged(spectral(rng, (TILE // 8, TILE // 8), falloff, 1, highest), TILE)


def _nebula_colours(brief: Brief) -> tuple[Floats, Floats, Floats, Floats]:
    first, second, third, fourth = (from_hex(value) for value in NEBULAE[int(brief.rng.integers(len(NEBULAE)))])
    if brief.reading.accent is None:
        return first, second, third, fourth
    accent = to_oklab(from_hex(brief.reading.accent))

    def tone(lightness: float, strength: float) -> Floats:
        return from_oklab(np.array([lightness, accent[1] * strength, accent[2] * strength], np.float32))

    return tone(0.16, 0.5), tone(0.38, 0.9), tone(0.66, 1.0), tone(0.92, 0.35)
