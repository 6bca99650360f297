"""Mist that lies between planes of land and drifts along the valleys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import smoothstep, to_pixels
from filmgate.animatic.noise import spectral
from filmgate.animatic.raster import Canvas, Floats, Pixels, add_weighted, resize, veil
from filmgate.animatic.scene import Moment

REDUCTION = 6  # mist is soft: a sixth of the size is enough
TILE = (64, 512)


@dataclass(frozen=True, slots=True, eq=False)
class Mist:
    """A band of rows `top` to `bottom` that fills with slowly flowing wisps. Two sheets slide over each other."""

    sheets: tuple[Pixels, Pixels]  # one width longer than they repeat
    period: int
    top: int
    bottom: int
    speed: float  # pixels of the sheet a second
    depth: float
    colour: Floats

    def paint(self, target: Pixels, moment: Moment) -> None:
        """Over `target`, which may be a canvas cut off at the bottom."""
        width = target.shape[1]
        lift = int(moment.view.travel_y * self.depth * min(target.shape[:2]))
        top, bottom = max(0, self.top + lift), min(target.shape[0], self.bottom + lift)
        if bottom <= top:
            return
        seen = -(-width // REDUCTION)
        shift = moment.view.travel_x * self.depth * seen
        wisps = [
            self._slid(sheet, shift + moment.seconds * speed, seen)
            for sheet, speed in zip(self.sheets, (self.speed, -0.45 * self.speed), strict=True)
        ]
        mask = resize(add_weighted(wisps[0], 0.6, wisps[1], 0.6), width, self.bottom - self.top)
        first = top - self.top - lift
        veil(target[top:bottom], mask[first : first + bottom - top], self.colour)

    def _slid(self, sheet: Pixels, offset: float, width: int) -> Pixels:
        whole, part = divmod(offset % self.period, 1.0)
        column = int(whole)
        return add_weighted(
            sheet[:, column : column + width], 1 - part, sheet[:, column + 1 : column + 1 + width], part
        )


def build_mist(
    canvas: Canvas,
    rows: tuple[float, float],
    strength: float,
    depth: float,
    colour: Floats,
    rng: np.random.Generator,
    speed: float = 5.0,
) -> Mist:
    """Mist that is thickest a little above the lower one of two `rows`, and thins to nothing at the upper one."""
    top, bottom = round(rows[0]), max(round(rows[0]) + 2, round(rows[1]))
    height = max(2, (bottom - top) // REDUCTION)
    seen = -(-canvas.width // REDUCTION)
    period = max(seen, round(1.9 * canvas.base / REDUCTION))
    rise = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    profile = smoothstep(0.0, 0.75, rise) * smoothstep(1.0, 0.90, rise)
    sheets: list[Pixels] = []
    for _ in range(2):
        wisps = resize(spectral(rng, TILE, 2.9, 2, stretch=(1.0, 0.7)), period, height)
        sheet = to_pixels(np.clip((wisps - 0.5 + 0.42 * rise) * 1.9, 0, 1) * profile * strength)
        sheets.append(np.ascontiguousarray(np.concatenate([sheet, sheet[:, : seen + 2]], 1)))
    return Mist((sheets[0], sheets[1]), period, top, bottom, speed, depth, np.clip(colour, 0, 1))
