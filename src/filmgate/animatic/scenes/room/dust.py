"""Dust that floats in a beam of light, seen only where the light is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.camera import View
from filmgate.animatic.colour import to_pixels
from filmgate.animatic.raster import Canvas, Floats, Pixels, add_light, blur_tile, multiply, place, resize, tint, warp

TILE = 256
# Each sheet: motes on its tile, their radius at half size, rows and columns a second at 720p.
SHEETS = ((46, 0.60, -5.0, 4.0), (16, 0.90, 3.4, -6.5))


@dataclass(frozen=True, slots=True, eq=False)
class Dust:
    """Sheets of motes at half size that drift different ways, under the mask of the beam."""

    sheets: tuple[Pixels, ...]  # as large as the box and one tile more
    mask: Pixels
    colour: Floats
    left: int
    top: int
    unit: float

    def paint(self, frame: Pixels, seconds: float, view: View) -> None:
        rows, columns = self.mask.shape
        light = np.zeros((rows, columns), np.uint8)
        for index, (sheet, (_, _, down, across)) in enumerate(zip(self.sheets, SHEETS, strict=True)):
            bob = 3.0 * math.sin(seconds * 0.6 + index * 2.1)
            shift_x = (seconds * across / 2 - view.travel_x * 260 * (index + 1)) * self.unit % TILE
            shift_y = (seconds * down / 2 + bob) * self.unit % TILE
            moved = warp(sheet, place(-shift_x, -shift_y), columns, rows)
            add_light(light, moved)
        lit = multiply(light, self.mask)
        target = frame[self.top : self.top + rows * 2, self.left : self.left + columns * 2]
        enlarged = resize(lit, columns * 2, rows * 2)[: target.shape[0], : target.shape[1]]
        add_light(target, tint(np.ascontiguousarray(enlarged), self.colour))


def build_dust(canvas: Canvas, beam: Floats, colour: Floats, rng: np.random.Generator) -> Dust | None:
    """`beam` is 0..1 over the whole canvas at any size; None where there is no light at all."""
    strength = resize(np.clip(beam * 1.6, 0, 1).astype(np.float32), canvas.width // 2, canvas.height // 2)
    rows, columns = (np.flatnonzero(strength.max(axis) > 0.03) for axis in (1, 0))
    if not len(rows) or not len(columns):
        return None
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    mask = to_pixels(strength[box])
    return Dust(
        sheets=tuple(_sheet(rng, mask.shape, count, radius * max(0.5, canvas.unit)) for count, radius, _, _ in SHEETS),
        mask=mask,
        colour=np.clip(colour, 0, 1) * np.float32(0.9),
        left=int(columns[0]) * 2,
        top=int(rows[0]) * 2,
        unit=canvas.unit,
    )


def _sheet(rng: np.random.Generator, shape: tuple[int, ...], count: int, radius: float) -> Pixels:
    tile = np.zeros((TILE, TILE), np.float32)
    np.maximum.at(
        tile,
        (rng.integers(0, TILE, count), rng.integers(0, TILE, count)),
        rng.uniform(0.3, 1.0, count).astype(np.float32),
    )
    soft = np.clip(blur_tile(tile, radius) * 2 * math.pi * radius**2 * 1.2, 0, 1)
    repeat = (math.ceil(shape[0] / TILE) + 1, math.ceil(shape[1] / TILE) + 1)
    return np.tile(to_pixels(soft * 0.6), repeat)[: shape[0] + TILE, : shape[1] + TILE].copy()
