"""Willow branches that hang into the picture from above and stir in the air."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.architecture.hour import Hour
from filmgate.animatic.camera import plane_matrix
from filmgate.animatic.colour import from_hex
from filmgate.animatic.layers import Layer
from filmgate.animatic.raster import Pixels, fill, paste, place, stroke, then
from filmgate.animatic.scene import Brief, Moment

DEPTH = 0.70
STRANDS = 44
LEAF_STEP = 7.0  # 720p pixels along a strand
SWAY = 0.035  # sideways per pixel of length, at wind 1


@dataclass(frozen=True, slots=True, eq=False)
class Willow:
    branches: Layer
    wind: float

    def paint(self, frame: Pixels, moment: Moment) -> None:
        seconds = moment.seconds
        swing = SWAY * self.wind * (math.sin(seconds * 0.9) + 0.4 * math.sin(seconds * 2.1 + 1))
        layer = self.branches
        bent = np.array([[1.0, swing, 0.0], [0.0, 1.0, 0.0]])
        plane = plane_matrix(layer.canvas, layer.horizon, layer.depth, moment.view)
        paste(frame, layer.pixels, then(then(bent, place(layer.left, layer.top)), plane))


def build_willow(brief: Brief, hour: Hour, horizon: int) -> Willow:
    """At the left or the right upper corner."""
    canvas, rng = brief.canvas, brief.rng
    unit = canvas.unit
    width, height = int(0.46 * canvas.base), int(0.52 * canvas.base)
    pixels = np.zeros((height, width, 4), np.uint8)
    side = 1 if rng.uniform() < 0.5 else -1
    season = brief.reading.season
    leaf = from_hex({"autumn": "b08a2e", "winter": "6a6458"}.get(season or "", "5f8a3a"))
    shade = hour.facing(0.2)
    tones = [np.append(np.clip(leaf * shade * gain, 0, 1), 1.0) for gain in (0.55, 0.8, 1.05)]
    wood = np.append(np.clip(from_hex("4a4034") * shade * 0.8, 0, 1), 1.0)
    bough = np.array([[width, 0.02 * height], [width * 0.62, 0.05 * height], [width * 0.2, -0.02 * height]])
    stroke(pixels, bough, wood, max(2, round(5 * unit)))
    for x in np.sort(rng.uniform(0.05, 1.0, STRANDS) ** 0.8):
        length = height * (0.30 + 0.62 * float(x) ** 1.4) * float(rng.uniform(0.6, 1.0))
        steps = max(4, int(length / (LEAF_STEP * unit)))
        down = np.linspace(0, 1, steps)
        drift = rng.normal(0, 12) * unit
        line = np.stack([x * width + drift * down**2, down * length], 1)
        stroke(pixels, line, tones[0], 1)
        tone = tones[int(rng.integers(3))]
        for point in line[1:]:
            lean = float(rng.choice([-1.0, 1.0])) * float(rng.uniform(0.25, 0.7))
            tip = point + np.array([math.sin(lean), math.cos(lean)]) * float(rng.uniform(8, 15)) * unit
            across = np.array([1.3, 0.0]) * unit
            middle = (point + tip) / 2
            fill(pixels, np.array([point, middle - across, tip, middle + across]), tone)
    if side < 0:
        pixels = np.ascontiguousarray(pixels[:, ::-1])
    overhang = int(0.10 * canvas.base)
    left = canvas.width - width + overhang if side > 0 else -overhang
    return Willow(Layer(pixels, DEPTH, left, -int(0.02 * canvas.base), canvas, horizon), min(2.0, brief.reading.wind))
