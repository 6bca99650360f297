"""Plants in pots, and the leaves that they are made of."""

from __future__ import annotations

import math

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.raster import Floats, Points
from filmgate.animatic.scenes.room.panel import Panel, rounded

LEAF, CLAY, CORD, GLAZE = from_hex("4f7a45"), from_hex("b5663f"), from_hex("cdbb98"), from_hex("ece4d2")


def pot_plant(panel: Panel, rng: np.random.Generator, x: float, y: float, size: float, pot: Floats) -> None:
    """Long leaves that arch out of a pot."""
    panel.shadow(x - 0.12 * size, y - 0.01, x + 0.12 * size, y + 0.02, 0.6, 0.025)
    body = np.array([[x - 0.07, y], [x + 0.07, y], [x + 0.092, y + 0.15], [x - 0.092, y + 0.15]])
    scaled = (body - np.array([x, y])) * size + np.array([x, y])
    panel.solid([scaled], pot, 0.03 * size)
    count = int(15 + 6 * size)
    for index in range(count):
        angle = (index / (count - 1) - 0.5) * 2.5 + float(rng.uniform(-0.15, 0.15))
        length = float(rng.uniform(0.20, 0.36)) * size
        colour = np.clip(LEAF * float(rng.uniform(0.62, 1.25)), 0, 1)
        panel.solid(
            [leaf(x + 0.03 * size * math.sin(angle), y + 0.14 * size, angle, length, 0.13)], colour, 0.008 * size, 0.5
        )


def hanging_plant(panel: Panel, rng: np.random.Generator, x: float, y: float) -> None:
    """A trailing plant in a pot on cords."""
    for side in (-0.05, 0.05):
        panel.line(np.array([[x + side, y + 0.02], [x, y + 0.20], [x, panel.top + 0.1]]), CORD, 0.003)
    for index in range(9):
        start = x + (index / 8 - 0.5) * 0.10
        length, swing = float(rng.uniform(0.10, 0.30)), float(rng.uniform(-0.06, 0.06))
        share = np.linspace(0, 1, 9)
        vine = np.stack(
            [start + (index / 8 - 0.5) * 0.10 * share**0.5 + swing * share**2, y + 0.03 - length * share], 1
        )
        panel.line(vine, LEAF * 0.6, 0.003)
        for step in range(1, 9):
            turn = math.pi / 2 + (1 if step % 2 else -1) * 1.0 + float(rng.uniform(-0.3, 0.3))
            colour = np.clip(LEAF * float(rng.uniform(0.7, 1.3)), 0, 1)
            panel.shape(leaf(float(vine[step, 0]), float(vine[step, 1]), turn + math.pi / 2, 0.032, 0.34), colour)
    panel.solid([rounded(x - 0.06, y - 0.035, x + 0.06, y + 0.03, 0.025)], GLAZE, 0.02)


def leaf(x: float, y: float, angle: float, length: float, slender: float) -> Points:
    """An arching leaf from (x, y); `angle` from straight up, to the right."""
    share = np.linspace(0, 1, 10)
    bend = angle + share * math.copysign(0.75, angle) * min(1.0, abs(angle) + 0.25)
    steps = np.stack([np.sin(bend), np.cos(bend)], 1) * (length / 9)
    middle = np.array([x, y]) + np.concatenate([[[0.0, 0.0]], np.cumsum(steps, 0)[:-1]])
    half = np.sin(share * math.pi * 0.96 + 0.06)[:, None] * length * slender * 0.5
    across = np.stack([np.cos(bend), -np.sin(bend)], 1) * half
    return np.concatenate([middle - across, (middle + across)[::-1]])
