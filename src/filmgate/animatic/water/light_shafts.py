"""Shafts of light that fan out from a source above the picture, sway, and fade with depth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import smoothstep, to_pixels
from filmgate.animatic.noise import spectral
from filmgate.animatic.raster import Canvas, Floats, Pixels, lookup, multiply, resize, sample

REDUCTION = 4
ANGLES, STEPS = 512, 256  # a tileable field: shafts across, their life down
STEPS_PER_SECOND = 5.0
SWAY_PER_SECOND = 3.0  # in angles of the field
SPREAD = 210.0  # angles of the field per unit of slope


@dataclass(frozen=True, slots=True, eq=False)
class LightShafts:
    field: Pixels  # (steps of life, angles)
    angle: Floats  # of every pixel, in columns of the field
    fade: Pixels
    contrast: Pixels  # table

    def light(self, seconds: float, width: int, rows: int) -> Pixels:
        """Brightness, at any size."""
        whole, part = divmod(seconds * STEPS_PER_SECOND, 1.0)
        step = int(whole) % STEPS
        line = self.field[step : step + 2]
        now = np.full(self.angle.shape, np.float32(part))
        drifted, aside = divmod(seconds * SWAY_PER_SECOND, 1.0)
        shown = sample(line[:, int(drifted) % ANGLES :], self.angle + np.float32(aside), now)
        return resize(multiply(lookup(shown, self.contrast), self.fade), width, rows)


def build_light_shafts(
    canvas: Canvas, source: tuple[float, float], reach: float, rng: np.random.Generator
) -> LightShafts:
    """`source` is in pixels and lies above the picture; shafts end at `reach`, a share of the height."""
    width, rows = max(2, canvas.width // REDUCTION), max(2, canvas.height // REDUCTION)
    x = (np.arange(width, dtype=np.float32) + 0.5) * (canvas.width / width) - source[0]
    y = (np.arange(rows, dtype=np.float32) + 0.5) * (canvas.height / rows) - source[1]
    slope = x[None, :] / np.maximum(1.0, y)[:, None]
    field = spectral(rng, (STEPS, ANGLES), 1.5, 5, 70, stretch=(1, 2.2))
    down = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    fade = (
        np.exp(-((slope / 0.95) ** 2))
        * smoothstep(reach, reach * 0.10, down)
        * (0.45 + 0.55 * smoothstep(0, 0.1, down))
    )
    wide = np.pad(field, ((0, 2), (0, 2 * ANGLES)), mode="wrap")
    return LightShafts(
        field=to_pixels(wide),
        angle=np.clip(slope * SPREAD + ANGLES, 0, 2 * ANGLES - 2).astype(np.float32),
        fade=to_pixels(np.clip(fade, 0, 1)),
        contrast=to_pixels(smoothstep(0.42, 0.98, np.linspace(0, 1, 256))),
    )
