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
    resize,
    sample,
    tint,
    veil,
)

RING = 1024  # samples of noise in one turn around the sun
MIST_TILE = 512
MIST_TOP = 0.4  # of the height; there is none above
REDUCTION = 2  # on a canvas that is itself of half the size


@dataclass(frozen=True, slots=True, eq=False)
class Shafts:
    """Light from one point: two noises around it that turn against each other."""

    ring: Pixels  # one turn of noise
    angle: Floats  # of every pixel, in samples of the ring
    zero: Floats
    strength: Pixels
    colour: Floats

    def paint(self, canvas: Pixels, seconds: float) -> None:
        both = multiply(_turned(self.ring, seconds * 8), _turned(self.ring, -seconds * 13))
        light = multiply(sample(both, self.angle, self.zero), self.strength, 1.6)
        add_light(canvas, resize(tint(blur(light, 1.6), self.colour), canvas.shape[1], canvas.shape[0]))


@dataclass(frozen=True, slots=True, eq=False)
class Mist:
    """Two sheets of mist that drift past each other, over the rows from `top` to the end of the canvas."""

    sheets: tuple[Pixels, Pixels]  # two turns of each
    profile: Pixels  # how thick each row and column of the reduced band is
    top: int
    colour: Floats
    pace: float  # columns a second

    def paint(self, canvas: Pixels, seconds: float) -> None:
        moved = [
            _slid(sheet, seconds * speed * self.pace) for sheet, speed in zip(self.sheets, (5.0, -3.0), strict=True)
        ]
        both = multiply(add_weighted(moved[0], 0.75, moved[1], 0.75), self.profile)
        band = canvas[self.top :]
        veil(band, resize(both, band.shape[1], band.shape[0]), self.colour)


def _turned(ring: Pixels, offset: float) -> Pixels:
    """Two rows, for interpolation, of the ring from sample `offset` on."""
    return np.repeat(_slid(np.tile(ring, 2)[None], offset), 2, 0)


def _slid(twice: Pixels, offset: float) -> Pixels:
    """One turn, from column `offset` on, of a picture that holds two turns of the same."""
    period = twice.shape[1] // 2
    whole, part = divmod(offset % period, 1.0)
    first = int(whole) % period
    return add_weighted(twice[:, first : first + period], 1 - part, twice[:, first + 1 : first + 1 + period], part)


def build_shafts(
    canvas: Canvas, rows: int, palette: Palette, sun: tuple[float, float], rng: np.random.Generator
) -> Shafts:
    """Shafts over the first `rows` of `canvas`."""
    width, height = max(2, canvas.width // REDUCTION), max(2, rows // REDUCTION)
    source_y = sun[1] - 0.22 * canvas.height
    lines, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = columns * REDUCTION - np.float32(sun[0]), lines * REDUCTION - np.float32(source_y)
    distance = np.hypot(x, y) / canvas.base
    noise = to_pixels(np.clip((curve(rng, RING, 6, 9) - 0.30) * 1.6, 0, 1))
    strength = np.exp(-distance * 1.45) * smoothstep(-0.02, 0.22, distance)
    gain = 0.16 if palette.sun_hidden else 0.55 if palette.dark else 0.62
    angle = (np.arctan2(y, x) / (2 * np.pi)) % 1
    return Shafts(
        ring=noise,
        angle=(angle * (RING - 1)).astype(np.float32),
        zero=np.zeros((height, width), np.float32),
        strength=to_pixels(np.clip(strength * gain, 0, 1)),
        colour=np.clip(mix(palette.glow, palette.sun, 0.4), 0, 1),
    )


def build_mist(
    canvas: Canvas, rows: int, colour: Floats, thickness: float, wind: float, rng: np.random.Generator
) -> Mist:
    """Mist over the lower part of the first `rows` of `canvas`; `thickness` is 0..1, where it is thickest."""
    width, height = max(2, canvas.width // REDUCTION), max(2, canvas.height // REDUCTION)
    top = int(canvas.height * MIST_TOP)
    band = slice(
        top * height // canvas.height, max(top * height // canvas.height + 2, -(-rows * height // canvas.height))
    )
    sheets: list[Pixels] = []
    for _ in range(2):
        sheet = np.clip((spectral(rng, (128, MIST_TILE), 2.8, 2, stretch=(1, 0.3)) - 0.34) * 1.6, 0, 1)
        sheets.append(np.tile(resize(to_pixels(sheet), width, height)[band], (1, 2)))
    share = np.linspace(0, 1, height, dtype=np.float32)
    profile = smoothstep(0.42, 0.70, share) * (1 - smoothstep(0.74, 0.98, share) * 0.7) * thickness
    thick = np.repeat(to_pixels(profile)[band, None], width, 1)
    pace = (0.5 + 0.5 * wind) * width / MIST_TILE
    return Mist((sheets[0], sheets[1]), thick[: len(sheets[0])], top, colour, pace)
