"""The net of light that waves throw: on a floor below them, and on the surface itself when it is seen from below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from filmgate.animatic.colour import smoothstep, to_pixels
from filmgate.animatic.noise import spectral
from filmgate.animatic.raster import Canvas, Floats, Pixels, blur_tile, multiply, sample

TILE = 256
PHOTONS_PER_PIXEL = 2  # along each side
FOCUS = 8.5  # how far waves bend light, in tile pixels per standard deviation of their slope
STEEPNESS = 0.93  # how steeply rows recede; the rest keeps the far end finite
DRIFTS = ((9.0, 5.0), (-7.0, 8.0))  # of the two nets whose crossings dance, in tile pixels a second


@dataclass(frozen=True, slots=True, eq=False)
class Caustics:
    """A lit plane in perspective, at half the size of the canvas; row 0 is its far end."""

    tiles: tuple[Pixels, Pixels]
    map_x: Floats
    map_y: Floats
    fade: Pixels
    shift_per_width: float  # tile pixels that the plane moves when the camera travels by one frame width

    def light(self, seconds: float, travel_x: float = 0.0) -> Pixels:
        """Brightness, at half size."""
        nets: list[Pixels] = []
        for tile, (across, along) in zip(self.tiles, DRIFTS, strict=True):
            offset_x = across * seconds + travel_x * self.shift_per_width
            whole_x, part_x = divmod(offset_x, 1.0)
            whole_y, part_y = divmod(along * seconds, 1.0)
            left, top = int(whole_x) % TILE, int(whole_y) % TILE
            window = tile[top : top + TILE + 2, left : left + TILE + 2]
            nets.append(sample(window, self.map_x + np.float32(part_x), self.map_y + np.float32(part_y)))
        # Where two nets that drift apart are both bright, light gathers and is lost again.
        return multiply(cast(Pixels, cv2.min(nets[0], nets[1])), self.fade, 2.0)


def build_caustics(
    canvas: Canvas, rows_px: int, spacing: float, fade: Floats, tiles: tuple[Pixels, Pixels]
) -> Caustics:
    """`tiles` come from caustic_tile, `spacing` is tile pixels per frame base at the near end.

    `fade` is how bright the rows are, far end first; any number of them.
    """
    rows, width = max(2, rows_px // 2), (canvas.width + 1) // 2
    near = (np.arange(rows, dtype=np.float32) + 0.5) / rows
    depth = 1 / (near * STEEPNESS + 1 - STEEPNESS)
    across = (np.arange(width, dtype=np.float32) - width / 2) * 2 / canvas.base
    visible = np.interp(np.linspace(0, 1, rows), np.linspace(0, 1, len(fade)), fade)
    # Where rows lie further apart than the net is wide there would only be sparkle.
    visible = visible * smoothstep(TILE / 7, TILE / 22, np.abs(np.gradient(depth)) * spacing)
    return Caustics(
        tiles=tiles,
        map_x=np.mod(across[None] * depth[:, None] * spacing, TILE).astype(np.float32),
        map_y=np.repeat(np.mod(depth * spacing * 0.9, TILE)[:, None], width, 1).astype(np.float32),
        fade=np.repeat(to_pixels(np.clip(visible, 0, 1))[:, None], width, 1),
        shift_per_width=canvas.width / canvas.base * spacing,
    )


def caustic_tile(rng: np.random.Generator) -> Pixels:
    """Light through waves: every photon is bent by the slope above it, and where many arrive it is bright.

    Tileable, repeated once each way and two pixels more.
    """
    waves = spectral(rng, (TILE, TILE), 4.2, 3, 26)
    slope_x, slope_y = (np.roll(waves, -1, axis) - np.roll(waves, 1, axis) for axis in (1, 0))
    bend = FOCUS / float(slope_x.std() + 1e-9)
    side = TILE * PHOTONS_PER_PIXEL
    start = (np.arange(side, dtype=np.float32) + 0.5) / PHOTONS_PER_PIXEL
    source = np.pad(np.dstack([slope_x, slope_y]) * np.float32(bend), ((0, 2), (0, 2), (0, 0)), mode="wrap")
    moved = sample(source.astype(np.float32), np.repeat(start[None], side, 0), np.repeat(start[:, None], side, 1))
    column = np.mod((start[None, :] + moved[..., 0]).astype(np.int32), TILE)
    row = np.mod((start[:, None] + moved[..., 1]).astype(np.int32), TILE)
    arrived = np.bincount((row * TILE + column).ravel(), minlength=TILE * TILE).reshape(TILE, TILE)
    light = blur_tile(arrived.astype(np.float32), 0.8) / PHOTONS_PER_PIXEL**2
    return np.pad(to_pixels(np.clip(light * 0.34, 0, 1) ** 0.8), ((0, TILE + 2), (0, TILE + 2)), mode="wrap")
