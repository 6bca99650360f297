"""Light and air between trees: shafts of sun that breathe, mist that drifts. Both are computed small and enlarged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import mix, smoothstep, to_pixels
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    add_light,
    add_weighted,
    blur,
    multiply,
    place,
    resize,
    sample,
    tint,
    veil,
    warp,
)

RING = 1024  # samples of noise in one turn around the sun
MIST_TILE = 512
REDUCTION = 2  # on a canvas that is itself of half the size


@dataclass(frozen=True, slots=True, eq=False)
class Shafts:
    """Light from one point: two noises around it that turn against each other."""

    ring: Pixels  # one turn of noise, three times over
    angle: Floats
    zero: Floats
    strength: Pixels
    colour: Floats

    def paint(self, canvas: Pixels, seconds: float) -> None:
        one = sample(self.ring, self.angle + np.float32(seconds * 8 % RING), self.zero)
        other = sample(self.ring, self.angle + np.float32(RING - seconds * 13 % RING), self.zero)
        light = blur(multiply(multiply(one, other), self.strength, 1.6), 1.6)
        add_light(canvas, resize(tint(light, self.colour), canvas.shape[1], canvas.shape[0]))


@dataclass(frozen=True, slots=True, eq=False)
class Mist:
    """Two sheets of mist that drift past each other."""

    sheets: tuple[Pixels, Pixels]
    profile: Pixels  # how thick each row and column of the reduced canvas is
    colour: Floats
    pace: float

    def paint(self, canvas: Pixels, seconds: float) -> None:
        rows, columns = self.profile.shape
        moved = [
            warp(sheet, place(-((seconds * speed * self.pace) % MIST_TILE), 0), MIST_TILE, sheet.shape[0])
            for sheet, speed in zip(self.sheets, (5.0, -3.0), strict=True)
        ]
        both = multiply(resize(add_weighted(moved[0], 0.75, moved[1], 0.75), columns, rows), self.profile)
        mask = resize(both, canvas.shape[1], canvas.shape[0])
        top = canvas.shape[0] * 2 // 5  # there is none above
        veil(canvas[top:], mask[top:], self.colour)


def build_shafts(canvas: Canvas, palette: Palette, sun: tuple[float, float], rng: np.random.Generator) -> Shafts:
    width, height = max(2, canvas.width // REDUCTION), max(2, canvas.height // REDUCTION)
    source_y = sun[1] - 0.22 * canvas.height
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = columns * REDUCTION - np.float32(sun[0]), rows * REDUCTION - np.float32(source_y)
    distance = np.hypot(x, y) / canvas.base
    noise = to_pixels(np.clip((curve(rng, RING, 6, 9) - 0.30) * 1.6, 0, 1))
    strength = np.exp(-distance * 1.45) * smoothstep(-0.02, 0.22, distance)
    gain = 0.16 if palette.sun_hidden else 0.55 if palette.dark else 0.62
    angle = (np.arctan2(y, x) / (2 * np.pi)) % 1
    return Shafts(
        ring=np.repeat(np.tile(noise, 3)[None], 2, 0),
        angle=(angle * (RING - 1)).astype(np.float32),
        zero=np.zeros((height, width), np.float32),
        strength=to_pixels(np.clip(strength * gain, 0, 1)),
        colour=np.clip(mix(palette.glow, palette.sun, 0.4), 0, 1),
    )


def build_mist(canvas: Canvas, colour: Floats, thickness: float, wind: float, rng: np.random.Generator) -> Mist:
    """`thickness` is 0..1, where the mist is thickest."""
    sheets: list[Pixels] = []
    for _ in range(2):
        sheet = np.clip((spectral(rng, (128, MIST_TILE), 2.8, 2, stretch=(1, 0.3)) - 0.34) * 1.6, 0, 1)
        sheets.append(np.tile(to_pixels(sheet), (1, 2)))
    share = np.linspace(0, 1, max(2, canvas.height // REDUCTION), dtype=np.float32)
    profile = smoothstep(0.42, 0.70, share) * (1 - smoothstep(0.74, 0.98, share) * 0.7) * thickness
    columns = max(2, canvas.width // REDUCTION)
    return Mist((sheets[0], sheets[1]), np.repeat(to_pixels(profile)[:, None], columns, 1), colour, 0.5 + 0.5 * wind)
