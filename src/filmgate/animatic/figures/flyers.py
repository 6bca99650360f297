"""What flies by its own wings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.figures.puppet import outline
from filmgate.animatic.figures.role import Castings, Role
from filmgate.animatic.figures.stage import Actor, Setting
from filmgate.animatic.raster import Floats, Pixels, Points, apply, fill, then
from filmgate.animatic.scene import START_SECONDS, Moment

MIN_FLOCK = 7


@dataclass(frozen=True, slots=True, eq=False)
class Flock:
    """Birds: each flaps, glides and keeps its place loosely."""

    where: str
    setting: Setting
    birds: Floats  # (n, 5): x, y in pixels, phase, beats a second, half wing span in pixels
    speed_px: float
    colour: Floats

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds, view = moment.seconds - START_SECONDS, self.setting.screen(moment.view)
        for x, y, phase, beats, span in self.birds:
            rest = 0.5 + 0.5 * math.sin(seconds * 0.7 + phase * 2)
            flap = math.sin(2 * math.pi * beats * seconds + phase) * (0.35 + 0.65 * rest) + 0.15
            left = x + self.speed_px * seconds + span * 0.8 * math.sin(seconds * 0.6 + phase)
            top = (
                y
                - self.speed_px * 0.08 * seconds
                + span * 0.5 * math.sin(seconds * 0.9 + phase * 1.7)
                - flap * span * 0.08
            )
            matrix = then(np.array([[span, 0, left], [0, -span, top]]), view)
            fill(target, apply(matrix, bird_outline(flap)), self.colour)


def _flock(role: Role) -> Sequence[Actor]:
    rng, canvas, spot = role.rng, role.canvas, role.setting.spot
    count = max(role.subject.count, MIN_FLOCK)
    columns = rng.normal(0.30, 0.10, count) * canvas.width
    rows = spot.y + rng.normal(0, 0.045, count) * canvas.base
    span = rng.uniform(8, 15, count) * canvas.unit
    birds = np.stack([columns, rows, rng.uniform(0, 6.28, count), rng.uniform(1.0, 1.6, count), span], 1)
    return [Flock(role.where, role.setting, birds, 46 * canvas.unit, role.setting.light.silhouette)]


def bird_outline(flap: float) -> Points:
    """A gliding bird seen from the side and below, wings at `flap` (-1 down to 1 up), wing span 2."""
    wing, elbow = flap * 0.55, flap * 0.42 + 0.10
    return outline(
        (-1.0, wing), (-0.52, elbow), (-0.12, 0.05), (0.0, 0.10), (0.12, 0.05), (0.52, elbow), (1.0, wing),
        (0.50, elbow - 0.13), (0.10, -0.07), (0.0, -0.16), (-0.10, -0.07), (-0.50, elbow - 0.13),
    )  # fmt: skip


CASTINGS: Castings = MappingProxyType({"birds": _flock})
