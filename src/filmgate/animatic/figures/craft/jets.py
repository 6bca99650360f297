"""Fire out of nozzles, as light."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from filmgate.animatic.colour import from_hex, to_pixels
from filmgate.animatic.figures.craft.machine import Shine
from filmgate.animatic.figures.cutout import turned
from filmgate.animatic.raster import Pixels


def flame_light(inner: str = "fff2c8", outer: str = "ff7a2a") -> Pixels:
    """A jet of fire downwards, from the middle of the top edge of its picture (96, 48)."""
    down = np.linspace(0, 1, 96, dtype=np.float32)[:, None]
    across = np.linspace(-1, 1, 48, dtype=np.float32)[None]
    width = (0.20 + 0.30 * np.sqrt(down)) * np.clip(1.15 - down, 0, 1) ** 0.5
    core = np.exp(-((across / (width * 0.45 + 0.02)) ** 2)) * np.clip(1 - down * 1.5, 0, 1)
    fire = np.exp(-((across / (width + 0.02)) ** 2) * 1.6) * np.clip(1 - down, 0, 1) ** 0.8
    edge = np.clip(down * 40, 0, 1) * np.clip((1 - np.abs(across)) * 5, 0, 1)
    light = core[..., None] * from_hex(inner) + fire[..., None] * from_hex(outer)
    return to_pixels(np.clip(light * edge[..., None], 0, 1))


def jet(
    picture: Pixels, x: float, y: float, wide: float, long: float, angle: float, strength: Callable[[float], float]
) -> Shine:
    """Fire from (x, y) that burns downwards, turned by `angle` (anticlockwise) in the plane of the craft."""
    rows, columns = picture.shape[:2]
    upright_fire = np.array([[wide / columns, 0.0, -wide / 2], [0.0, -long / rows, 0.0], [0.0, 0.0, 1.0]])
    return Shine(picture, turned(x, y, angle) @ upright_fire, strength)


def roar(seconds: float) -> float:
    return 0.90 + 0.06 * math.sin(seconds * 31) + 0.04 * math.sin(seconds * 47)


def hum(seconds: float) -> float:
    return 0.88 + 0.08 * math.sin(seconds * 5.1) + 0.04 * math.sin(seconds * 13)
