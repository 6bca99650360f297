"""Jellyfish: bells that pulse, arms that trail, and a light of their own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import mix
from filmgate.animatic.figures.actors import halo_light
from filmgate.animatic.figures.cutout import (
    Cutout,
    Patch,
    Piece,
    draw_cutout,
    glowing,
    hazed,
    smooth,
    sway_onto,
    trace,
    turned,
)
from filmgate.animatic.figures.puppet import ellipse, point
from filmgate.animatic.figures.role import Role
from filmgate.animatic.figures.stage import Actor, Setting
from filmgate.animatic.figures.wildlife.troupe import at_liberty, deep_water, showing_colours, submerged
from filmgate.animatic.raster import Floats, Pixels, then
from filmgate.animatic.scene import START_SECONDS, Moment

GLOWS = ("7ad8ff", "c89aff", "ff9ad0", "8affd8")
WHITE = np.ones(3, np.float32)


def jellyfish(role: Role) -> Sequence[Actor]:
    """A casting: a drift of jellyfish at different depths, glowing in the dark."""
    free = at_liberty(role)
    rng, canvas = free.rng, free.canvas
    count = 5 if role.subject.count == 1 else min(12, role.subject.count)
    depth = np.sort(rng.uniform(0.2, 1.0, count))
    depth[-1] = 1.0
    first = int(rng.integers(len(GLOWS)))
    actors: list[Actor] = []
    for index, near in enumerate(depth.tolist()):
        size = min(free.size, 0.34 * canvas.base) * (0.28 + 0.72 * near)
        spread = (index - (count - 1) / 2) / max(1, count - 1) * (2.0 if index % 2 else -2.0)
        x = (
            free.setting.spot.x + 0.36 * spread * (1.05 - near) + (0.0 if near == 1 else rng.normal(0, 0.05))
        ) * canvas.width
        y = free.y + (rng.normal(0, 0.16) * (1.1 - near) - 0.08) * canvas.height
        actors.append(_jelly(free, GLOWS[(first + index) % len(GLOWS)], size, x, y, near, float(rng.uniform(0, 6.28))))
    return actors


@dataclass(frozen=True, slots=True, eq=False)
class Jelly:
    """A bell that pulses, and arms and threads that trail after it."""

    where: str
    setting: Setting
    bell: Cutout
    arms: Cutout
    size: float
    x: float
    y: float
    phase: float

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        turn = 2 * math.pi * 0.42 * seconds + self.phase
        # A quick squeeze and a slow opening; it rises with every squeeze and sinks in between.
        pulse = math.sin(turn + 0.5 * math.sin(turn))
        x = self.x + self.size * (0.16 * math.sin(0.31 * seconds + self.phase) + 0.03 * seconds * math.cos(self.phase))
        y = self.y - self.size * (0.035 * seconds + 0.075 * math.sin(turn - 1.3))
        screen = self.setting.screen(moment.view)
        body = then(np.array([[self.size, 0.0, x], [0.0, -self.size, y]]), screen)
        below = np.clip(-self.arms.rows, 0, 2)
        drag = 0.12 * below**2 * math.sin(0.37 * seconds + self.phase - 0.9)  # the whole of it drifts and lags behind
        waves = 0.055 * below * np.sin(5.0 * below - 2.1 * seconds - self.phase) + drag
        squeezed = turned(0.0, -0.02 + 0.02 * pulse, 0.0, 1.0 - 0.12 * pulse, 1.0 + 0.05 * pulse)
        sway_onto(target, self.arms, then(squeezed, body), waves)
        lean = 0.10 * math.sin(0.37 * seconds + self.phase)
        self.bell.paint(target, then(turned(0.0, 0.0, lean, 1.0 - 0.13 * pulse, 1.0 + 0.10 * pulse), body))


def _jelly(role: Role, glow: str, size: float, x: float, y: float, near: float, phase: float) -> Jelly:
    hue, dark = role.colour(glow), role.brief.palette.dark
    light, water = showing_colours(submerged(role), 0.10), deep_water(role)
    bell, arms = (
        hazed(draw_cutout(pieces, light, size * 1.05), water, 0.45 * (1 - near))
        for pieces in (_bell(hue), _tentacles(hue, role.rng))
    )
    if dark:
        bell = glowing(bell, halo_light(hue * (0.55 + 0.45 * near)), 0.75)
    return Jelly(role.where, role.setting, bell, arms, size, x, y, phase)


def _bell(hue: Floats) -> list[Piece]:
    pale = mix(hue, WHITE, 0.55)
    dome = trace(
        "0,.36 .18,.31 .31,.17 .345,.02 .29,-.045 .15,-.015 0,-.035 -.15,-.015 -.29,-.045 -.345,.02 -.31,.17 -.18,.31"
    )
    ribs = tuple(
        Patch(smooth((x * 0.25, 0.34), (x * 0.85, 0.20), (x, 0.0), closed=False), WHITE, 0.006, 0.35, 0.010)
        for x in np.linspace(-0.30, 0.30, 9).tolist()
    )
    heart = [
        Patch(ellipse(point(x, 0.12 + 0.02 * abs(x)), 0.06, 0.075), mix(hue, WHITE, 0.25), 0.03, 0.9)
        for x in (-0.12, 0.0, 0.12)
    ]
    edge = Patch(
        trace(".345,.02 .29,-.045 .15,-.015 0,-.035 -.15,-.015 -.29,-.045 -.345,.02", closed=False),
        WHITE,
        0.008,
        0.8,
        0.022,
    )
    shine = Patch(trace("-.2,.22 -.1,.3 .02,.32 -.1,.26"), WHITE, 0.02, 0.8)
    return [
        Piece(
            dome,
            mix(hue, pale, 0.35),
            (Patch(dome * np.array([0.75, 0.7]) + point(0, 0.02), hue * 0.75, 0.08, 0.6), *heart, *ribs, edge, shine),
            0.06,
            0.66,
        )
    ]


def _tentacles(hue: Floats, rng: np.random.Generator) -> list[Piece]:
    pieces: list[Piece] = []
    for x in np.linspace(-0.28, 0.28, 11).tolist():
        length = 0.75 + float(rng.uniform(0, 0.45))
        wave = float(rng.uniform(-0.03, 0.03))
        line = np.array([(x, 0.02), (x * 0.9 + wave, -0.35), (x * 0.95 - wave, -0.7 * length), (x * 1.05, -length)])
        centre = smooth(*((float(a), float(b)) for a, b in line), closed=False)
        half = np.stack([np.linspace(0.0065, 0.0012, len(centre)), np.zeros(len(centre))], 1)
        pieces.append(
            Piece(np.concatenate([centre - half, (centre + half)[::-1]]), mix(hue, WHITE, 0.3), (), 0.0, 0.55)
        )
    for x in (-0.10, 0.06, -0.02, 0.12):
        frill = [(x + 0.035, 0.04)]
        frill += [(x + (0.055 if step % 2 else 0.018) * (1 - step / 11), -0.07 * step) for step in range(1, 10)]
        frill += [(x - (0.055 if step % 2 == 0 else 0.018) * (1 - step / 11), -0.07 * step) for step in range(9, 0, -1)]
        pieces.append(Piece(smooth(*frill, (x - 0.035, 0.04), steps=5), mix(hue, WHITE, 0.6), (), 0.012, 0.5))
    return pieces
