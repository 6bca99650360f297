"""Folded silk: iterated domain warping, lit like cloth. Drawn for prompts that name nothing that can be drawn."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.colour import from_hex, from_oklab, gradient, to_oklab, to_pixels
from filmgate.animatic.noise import spectral
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Floats, Pixels, lookup, resize, sample, triple
from filmgate.animatic.scene import Brief, Moment

TILE = 512
SPAN = 300  # tile pixels across the frame's base
REDUCTION = 2  # folds are soft, so half the size is enough
SCHEMES = (
    ("0b1026", "24408e", "e0567a", "ffd9a0"),
    ("03131a", "0a5a6a", "43c8a8", "f4f4d0"),
    ("1a0a1e", "7a1f5a", "ff7a4a", "ffe6b0"),
    ("0e0e1a", "3a2a7a", "8a7af0", "f0d8ff"),
    ("10140e", "2f5a3a", "b8c86a", "fdf6d8"),
    ("0a0d14", "1d4f91", "58a4e8", "eaf6ff"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Abstract:
    finish: Finish
    width: int
    height: int
    columns: Floats
    rows: Floats
    fields: tuple[Floats, Floats, Floats]
    colours: Pixels
    folds: float
    relief: float

    def paint(self, moment: Moment) -> Pixels:
        seconds, view = moment.seconds, moment.view
        grow = 1 / (1 + view.forward)
        x = (self.columns - SPAN / 2) * grow + (SPAN / 2 + view.travel_x * 200)
        y = (self.rows - SPAN / 2) * grow + (SPAN / 2 - view.travel_y * 200)
        first = self._read(0, x * 0.9 + seconds * 9, y * 0.9 + seconds * 4)
        second = self._read(1, x * 0.9 - seconds * 6, y * 0.9 + seconds * 7)
        third = self._read(2, x * 0.6 + (first - 0.5) * 420 + seconds * 5, y * 0.6 + (second - 0.5) * 420)
        fourth = self._read(0, x * 0.5 + (third - 0.5) * 420 + 80, y * 0.5 + (second - 0.5) * 420 + seconds * 4)
        height = np.sin((third + fourth) * np.float32(self.folds)) * np.float32(0.5)
        slope_x = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3) * -self.relief
        slope_y = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3) * -self.relief
        steepness = 1 / np.sqrt(slope_x * slope_x + slope_y * slope_y + 1)
        diffuse = np.clip((slope_x * -0.5 + slope_y * -0.6 + 0.62) * steepness, 0, 1)
        gloss = np.clip((slope_x * -0.36 + slope_y * -0.44 + 0.82) * steepness, 0, 1) ** 22
        colour = lookup(triple(to_pixels(np.clip((fourth - 0.18) * 1.5, 0, 1))), self.colours)
        lit = colour * (0.30 + 1.05 * diffuse)[..., None] + (gloss * 110)[..., None]
        return resize(np.clip(lit, 0, 255).astype(np.uint8), self.width, self.height, cv2.INTER_CUBIC)

    def _read(self, field: int, x: Floats, y: Floats) -> Floats:
        return sample(self.fields[field], _wrapped(x), _wrapped(y))


def build_abstract(brief: Brief) -> Abstract:
    canvas, rng = brief.canvas, brief.rng
    width, height = max(2, canvas.width // REDUCTION), max(2, canvas.height // REDUCTION)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    to_tile = SPAN * REDUCTION / canvas.base
    fields = [np.pad(spectral(rng, (TILE, TILE), 4.0, 1, 6), ((0, 1), (0, 1)), mode="wrap") for _ in range(3)]
    return Abstract(
        finish=Finish(bloom=0.45, bloom_threshold=175, vignette=0.5),
        width=canvas.width,
        height=canvas.height,
        columns=(columns - width / 2) * to_tile + SPAN / 2,
        rows=(rows - height / 2) * to_tile + SPAN / 2,
        fields=(fields[0], fields[1], fields[2]),
        colours=_scheme(brief),
        folds=float(rng.uniform(11, 16)),
        relief=float(5.0 * height / 360),
    )


def _scheme(brief: Brief) -> Pixels:
    named = SCHEMES[int(brief.rng.integers(len(SCHEMES)))]
    stops = [from_hex(value) for value in named]
    if brief.reading.accent is not None:
        accent = to_oklab(from_hex(brief.reading.accent))
        lightness_and_strength = ((0.16, 0.5), (0.38, 0.9), (0.66, 1.0), (0.92, 0.35))
        stops = [
            from_oklab(np.array([lightness, accent[1] * strength, accent[2] * strength], np.float32))
            for lightness, strength in lightness_and_strength
        ]
    positions = (0.0, 0.36, 0.70, 1.0)
    ramp = gradient(list(zip(positions, stops, strict=True)), np.linspace(0, 1, 256, dtype=np.float32))
    return np.ascontiguousarray(to_pixels(ramp)[None])


def _wrapped(coordinate: Floats) -> Floats:
    return np.mod(coordinate, TILE).astype(np.float32)
