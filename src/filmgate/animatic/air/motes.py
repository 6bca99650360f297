"""Small lights in the air: fireflies wander and blink, embers rise, dust hangs in the light."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np

from filmgate.animatic.raster import Canvas, Floats, Pixels, add_light, add_weighted, blur, merge, resize, scale
from filmgate.animatic.scene import Moment

CORE_REDUCTION, HALO_REDUCTION = 2, 4
CIRCLE_BITS = 4  # fractions of a pixel that OpenCV places circles to
FAINTEST = 0.03


@dataclass(frozen=True, slots=True)
class Swarm:
    """A kind of mote: how many, their colour, their radii at 720p, and the highest row they start in (share)."""

    count: int
    colour: tuple[float, float, float]
    smallest: float
    largest: float
    highest: float = 0.0
    halo: float = 1.0


SWARMS: Mapping[str, Swarm] = MappingProxyType(
    {
        "fireflies": Swarm(70, (1.0, 0.86, 0.42), 1.0, 2.8, highest=0.35, halo=1.3),
        "embers": Swarm(90, (1.0, 0.50, 0.16), 0.8, 2.2),
        "dust": Swarm(60, (1.0, 0.93, 0.80), 0.6, 1.3, halo=0.5),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Motes:
    """All motes of one kind, drawn as cores at half size and one shared halo at a quarter."""

    kind: str
    colour: Floats
    halo: float
    paths: Floats  # (n, 5): x, y in pixels, phase, pace, radius in pixels

    def paint(self, canvas: Pixels, moment: Moment, strength: float) -> None:
        height, width = canvas.shape[:2]
        unit = Canvas(width, height).unit
        left, top, glow = _placed(self.kind, moment.seconds, self.paths, unit)
        if self.kind != "fireflies":
            left, top = left % width, top % height
        cores = np.zeros((height // CORE_REDUCTION, width // CORE_REDUCTION), np.uint8)
        grain = 1 << CIRCLE_BITS
        for x, y, light, radius in zip(left, top, glow, self.paths[:, 4], strict=True):
            if light > FAINTEST:
                centre = (round(x / CORE_REDUCTION * grain), round(y / CORE_REDUCTION * grain))
                reach = max(grain // 2, round(radius / CORE_REDUCTION * grain))
                cv2.circle(cores, centre, reach, min(255.0, 255.0 * light * strength), -1, cv2.LINE_AA, CIRCLE_BITS)
        soft = resize(cores, width // HALO_REDUCTION, height // HALO_REDUCTION, cv2.INTER_LINEAR)
        window = (2 * max(1, round(3 * unit)) + 1,) * 2
        wide = np.asarray(cv2.blur(cv2.blur(soft, window), window), np.uint8)  # twice is round enough for a halo
        halo = resize(wide, cores.shape[1], cores.shape[0])
        both = add_weighted(blur(cores, max(0.5, 0.7 * unit)), 1.0, halo, 2.2 * self.halo)
        light = resize(both, width, height)
        _, green, blue = self.colour.tolist()  # all of them are warm: their red is one
        add_light(canvas, merge(light, scale(light, green), scale(light, blue)))


def build_motes(kind: str, canvas: Canvas, rng: np.random.Generator) -> Motes:
    swarm = SWARMS[kind]
    count = swarm.count
    paths = np.stack(
        [
            rng.uniform(0, canvas.width, count),
            rng.uniform(swarm.highest, 1, count) * canvas.height,
            rng.uniform(0, 2 * math.pi, count),
            rng.uniform(0.5, 1.5, count),
            rng.uniform(swarm.smallest, swarm.largest, count) * canvas.unit,
        ],
        1,
    )
    return Motes(kind, np.array(swarm.colour, np.float32), swarm.halo, paths)


def _placed(kind: str, seconds: float, paths: Floats, unit: float) -> tuple[Floats, Floats, Floats]:
    """Where each mote is, in pixels, and how brightly it glows (0..1)."""
    x, y, phase, pace, _ = paths.T
    if kind == "fireflies":
        left = x + unit * (60 * np.sin(seconds * 0.45 * pace + phase) + 14 * np.sin(seconds * 1.7 * pace + phase * 3))
        top = y + unit * 34 * np.sin(seconds * 0.6 * pace + phase * 2)
        return left, top, np.maximum(0.0, np.sin(seconds * 1.6 * pace + phase * 5)) ** 1.5
    if kind == "embers":
        left = x + unit * (30 * np.sin(seconds * 1.3 * pace + phase) + 20 * seconds)
        return left, y - seconds * unit * 90 * pace, 0.5 + 0.5 * np.sin(seconds * 5 * pace + phase)
    top = y + unit * (10 * np.sin(seconds * 0.5 * pace + phase) - 4 * seconds)
    return x + unit * 14 * seconds * pace, top, 0.30 + 0.25 * np.sin(seconds * 0.9 * pace + phase)
