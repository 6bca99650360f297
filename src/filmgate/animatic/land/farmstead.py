"""A red barn with its silo, as seen across the fields."""

from __future__ import annotations

import cv2
import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.palettes import Palette
from filmgate.animatic.plants.growths import lit
from filmgate.animatic.raster import Floats, Pixels, Points, fill, resize

SUPERSAMPLING = 3
# Outlines in heights of the barn, feet at (0, 0), and the colour of each with the share of sun on it, back to front.
SILO = [[0.86, 0], [0.86, -1.02], [0.93, -1.14], [1.02, -1.18], [1.11, -1.14], [1.18, -1.02], [1.18, 0]]
SILO_SHADE = [[1.05, 0], [1.05, -1.17], [1.11, -1.14], [1.18, -1.02], [1.18, 0]]
SIDE = [[-0.1, 0], [-0.1, -0.52], [0.9, -0.52], [0.9, 0]]
FRONT = [[-0.9, 0], [-0.9, -0.52], [-0.74, -0.82], [-0.5, -0.98], [-0.26, -0.82], [-0.1, -0.52], [-0.1, 0]]
ROOF_UPPER = [[-0.5, -1.0], [-0.24, -0.83], [0.78, -0.83], [0.52, -1.0]]
ROOF_LOWER = [[-0.26, -0.84], [-0.06, -0.5], [0.95, -0.5], [0.78, -0.84]]
DOOR = [[-0.66, 0], [-0.66, -0.36], [-0.34, -0.36], [-0.34, 0]]
LOFT = [[-0.58, -0.58], [-0.58, -0.74], [-0.42, -0.74], [-0.42, -0.58]]
PARTS: tuple[tuple[list[list[float]], str, float], ...] = (
    (SILO, "d4d4cc", 0.9),
    (SILO_SHADE, "a4a6a4", 0.3),
    (SIDE, "9c2f26", 0.35),
    (FRONT, "b83a2c", 0.95),
    (ROOF_LOWER, "6c6a70", 0.4),
    (ROOF_UPPER, "9c9aa0", 0.9),
    (DOOR, "f0e8dc", 0.8),
    (LOFT, "f0e8dc", 0.8),
)
TRIMMED = (([[-0.61, 0], [-0.61, -0.31], [-0.39, -0.31], [-0.39, 0]], "7c241e", 0.6),)
LAMP = "ffc870"


def barn(tall: float, palette: Palette, haze: float) -> Pixels:
    """Premultiplied RGBA, `tall` pixels from its foot, which is the lower edge, to the ridge."""
    width, height = max(6, int(tall * 2.5)), max(4, int(tall * 1.25))
    canvas = np.zeros((height * SUPERSAMPLING, width * SUPERSAMPLING, 3), np.uint8)
    cover = np.zeros(canvas.shape[:2], np.uint8)

    def placed(outline: list[list[float]]) -> Points:
        return (np.array(outline) * tall + [width * 0.46, height - 1]) * SUPERSAMPLING

    def shaded(colour: str, sun: float) -> Floats:
        return mix(lit(colour, palette, sun), palette.haze, haze)

    for outline, colour, sun in (*PARTS, *TRIMMED):
        fill(canvas, placed(outline), shaded(colour, sun))
        fill(cover, placed(outline), 1.0)
    if palette.dark:
        fill(canvas, placed(LOFT), mix(from_hex(LAMP), palette.haze, haze * 0.4))
    small = np.dstack([canvas, cover])
    return resize(small, width, height, cv2.INTER_AREA)
